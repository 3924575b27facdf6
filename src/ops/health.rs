//! Health and metrics over HTTP: `/healthz` says that the process runs, `/readyz` whether it can do its work and what
//! it could not say, `/metrics` the same for Prometheus. Holds no names and nothing that people typed.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::app::App;
use crate::app::probe::Undelivered;

/// Whether Discord's gateway is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// Every shard is.
    Connected,
    /// A shard is not.
    Down,
}

/// Looks at the gateway.
pub type LookAtGateway = Arc<dyn Fn() -> Gateway + Send + Sync>;

/// What is looked at.
#[derive(Clone)]
pub struct Health {
    app: App,
    gateway: LookAtGateway,
    metrics: PrometheusHandle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Database {
    Writable,
    Failing,
}

/// The body of `/readyz`.
#[derive(Debug, Serialize)]
struct Readiness {
    gateway: Gateway,
    database: Database,
    /// Null when the database can't be read.
    messages: Option<Messages>,
}

#[derive(Debug, Serialize)]
struct Messages {
    waiting: i64,
    oldest_seconds: i64,
    parked: i64,
}

/// Makes the process keep its metrics. Once a process, before anything is counted.
pub fn keep_metrics() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new().install_recorder().context("metrics are kept already")?;
    metrics::describe_counter!("cosell_discord_calls_total", "Calls of Discord's REST interface, by outcome");
    metrics::describe_gauge!("cosell_gateway_connected", "1 while every shard is connected");
    metrics::describe_gauge!("cosell_outbox_waiting", "Messages that are due and not delivered");
    metrics::describe_gauge!("cosell_outbox_oldest_seconds", "Age of the oldest of them");
    metrics::describe_gauge!("cosell_outbox_parked", "Messages given up in the last 30 days");
    Ok(handle)
}

impl Health {
    /// Of a bot and its connection.
    pub fn new(app: App, gateway: LookAtGateway, metrics: PrometheusHandle) -> Health {
        Health { app, gateway, metrics }
    }

    /// Takes an address; fails at once if it can't be had. What is given back is where that is, as port 0 means any,
    /// and the serving, which ends when it is dropped.
    pub async fn serve(self, at: SocketAddr) -> anyhow::Result<(SocketAddr, impl Future<Output = ()> + Send)> {
        let taken = TcpListener::bind(at).await;
        let listener = taken.with_context(|| format!("COSELL_HTTP names {at}, which can't be used"))?;
        let address = listener.local_addr()?;
        let serving = async move {
            if let Err(error) = axum::serve(listener, self.router()).await {
                tracing::error!(%error, "health and metrics are not served any more");
            }
        };
        Ok((address, serving))
    }

    fn router(self) -> Router {
        Router::new()
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics_page))
            .with_state(self)
    }

    async fn readiness(&self) -> Readiness {
        let (database, messages) = tokio::join!(self.database(), self.messages());
        Readiness { gateway: (self.gateway)(), database, messages }
    }

    async fn database(&self) -> Database {
        match self.app.try_writing().await {
            Ok(()) => Database::Writable,
            Err(error) => {
                tracing::error!(error = %format!("{error:#}"), "the database can't be written to");
                Database::Failing
            }
        }
    }

    async fn messages(&self) -> Option<Messages> {
        let Undelivered { waiting, oldest_seconds, parked } = self.app.undelivered().await.ok()?;
        Some(Messages { waiting, oldest_seconds, parked })
    }
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let readiness = health.readiness().await;
    let is_ready = readiness.gateway == Gateway::Connected && readiness.database == Database::Writable;
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}

async fn metrics_page(State(health): State<Health>) -> impl IntoResponse {
    let connected = if (health.gateway)() == Gateway::Connected { 1.0 } else { 0.0 };
    metrics::gauge!("cosell_gateway_connected").set(connected);
    if let Some(messages) = health.messages().await {
        metrics::gauge!("cosell_outbox_waiting").set(messages.waiting as f64);
        metrics::gauge!("cosell_outbox_oldest_seconds").set(messages.oldest_seconds as f64);
        metrics::gauge!("cosell_outbox_parked").set(messages.parked as f64);
    }
    health.metrics.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], health.metrics.render())
}
