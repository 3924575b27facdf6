//! Health and metrics over HTTP: `/healthz` says that the process runs, `/readyz` whether it can do its work and what
//! it could not say, `/metrics` the same for Prometheus. Holds no names and nothing that people typed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::app::App;
use crate::app::probe::Undelivered;
use crate::store::beside;

/// Up to how many seconds things take, for counting how many took no longer. Discord wants an answer within three.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0];
/// Measured times wait in memory until they are counted, which must not depend on somebody's looking at the page.
const COUNTED_EACH: Duration = Duration::from_secs(10);

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
    database: PathBuf,
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
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS).context("no buckets")?;
    let handle = builder.install_recorder().context("metrics are kept already")?;
    describe();
    Ok(handle)
}

/// Labels hold words of the program's own: no names, no ids, nothing that people typed.
fn describe() {
    metrics::describe_counter!(
        "cosell_commands_total",
        "Uses of commands, buttons, forms and choices, by name and result: ok, refused, failed or repeated"
    );
    metrics::describe_histogram!(
        "cosell_answer_seconds",
        metrics::Unit::Seconds,
        "From a use to Discord's having its answer"
    );
    metrics::describe_counter!(
        "cosell_deliveries_total",
        "Tries to deliver what is no answer, by kind and outcome: sent, done, retry, rerouted, parked or dropped"
    );
    metrics::describe_histogram!(
        "cosell_sweep_seconds",
        metrics::Unit::Seconds,
        "How long the look at what is due takes, once a minute"
    );
    metrics::describe_gauge!("cosell_stalls_open", "Stalls of deals that run");
    metrics::describe_gauge!("cosell_database_bytes", metrics::Unit::Bytes, "Size of the database's file");
    metrics::describe_gauge!("cosell_wal_bytes", metrics::Unit::Bytes, "Size of the write-ahead log beside it");
    metrics::describe_counter!("cosell_discord_calls_total", "Calls of Discord's REST interface, by outcome");
    metrics::describe_gauge!("cosell_gateway_connected", "1 while every shard is connected");
    metrics::describe_gauge!("cosell_outbox_waiting", "Messages that are due and not delivered");
    metrics::describe_gauge!("cosell_outbox_oldest_seconds", "Age of the oldest of them");
    metrics::describe_gauge!("cosell_outbox_parked", "Messages given up in the last 30 days");
}

impl Health {
    /// Of a bot, its connection and its database's file.
    pub fn new(app: App, gateway: LookAtGateway, database: PathBuf, metrics: PrometheusHandle) -> Health {
        Health { app, gateway, database, metrics }
    }

    /// Takes an address; fails at once if it can't be had. What is given back is where that is, as port 0 means any,
    /// and the serving, which ends when it is dropped.
    pub async fn serve(self, at: SocketAddr) -> anyhow::Result<(SocketAddr, impl Future<Output = ()> + Send)> {
        let taken = TcpListener::bind(at).await;
        let listener = taken
            .with_context(|| format!("COSELL_HTTP names {at}, which can't be used; name a free port, e.g. 8080"))?;
        let address = listener.local_addr()?;
        let metrics = self.metrics.clone();
        let serving = async move {
            tokio::select! {
                Err(error) = axum::serve(listener, self.router()).into_future() => {
                    tracing::error!(%error, "health and metrics are not served any more");
                }
                () = count_now_and_then(metrics) => {}
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

async fn count_now_and_then(metrics: PrometheusHandle) {
    let mut beats = tokio::time::interval(COUNTED_EACH);
    loop {
        beats.tick().await;
        metrics.run_upkeep();
    }
}

/// A file's size; nothing is there when there is no such file.
fn bytes(file: &Path) -> f64 {
    std::fs::metadata(file).map_or(0.0, |file| file.len() as f64)
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
    if let Ok(stalls) = health.app.open_stalls().await {
        metrics::gauge!("cosell_stalls_open").set(stalls as f64);
    }
    metrics::gauge!("cosell_database_bytes").set(bytes(&health.database));
    metrics::gauge!("cosell_wal_bytes").set(bytes(&beside(&health.database, "-wal")));
    health.metrics.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], health.metrics.render())
}
