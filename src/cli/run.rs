//! `run`: the bot against Discord, until it is asked to stop or the connection is lost for good.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::clock::Clock;
use crate::config::{Config, Endpoint, RunOptions};
use crate::discord::close::LastClose;
use crate::discord::end::{End, MISCONFIGURED};
use crate::discord::watchdog::Link;
use crate::ops::health::{self, Gateway, Health};
use crate::ops::{self, log};
use crate::startup::{Bot, StartError};

/// Runs to the end. The supervisor restarts it.
pub(super) async fn run(options: RunOptions) -> anyhow::Result<ExitCode> {
    let last_close = LastClose::default();
    log::start_with(&options.log, last_close.listener())?;
    let config = match options.config() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("cosell: {error}");
            return Ok(ExitCode::from(MISCONFIGURED));
        }
    };
    tokio::select! {
        code = serve(config) => code,
        // serenity's reader may hold up whatever else ran on its thread, so nothing is waited for. What was said to be
        // saved is saved.
        end = last_close.is_final() => Ok(ended(&end)),
    }
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let mut requests = Requests::listen().context("signals can't be listened to")?;
    let health = match config.http {
        Endpoint::At(address) => Some((address, config.database.clone(), health::keep_metrics()?)),
        Endpoint::Off => None,
    };
    let started = tokio::select! {
        started = Bot::start(&config, Clock::System) => started,
        () = requests.next() => return Ok(ended(&End::Asked)),
    };
    let mut bot = match started {
        Ok(bot) => bot,
        Err(StartError::Ended(end)) => return Ok(ended(&end)),
        Err(StartError::Failed(error)) => return Err(error),
        Err(error @ StartError::OtherShards { .. }) => {
            eprintln!("cosell: {error}");
            return Ok(ExitCode::from(MISCONFIGURED));
        }
    };
    let backing_up = config
        .backups
        .map(|backups| tokio::spawn(ops::backup::keep_daily(bot.app().clone(), config.database.clone(), backups)));
    let end = until_the_end(&mut bot, &mut requests, health).await;
    if let Some(backing_up) = backing_up {
        backing_up.abort();
    }
    tokio::select! {
        () = bot.stop() => {}
        () = requests.next() => tracing::warn!("asked again: ended at once, whatever was in hand"),
    }
    end.map(|end| ended(&end))
}

async fn until_the_end(
    bot: &mut Bot,
    requests: &mut Requests,
    health: Option<(SocketAddr, PathBuf, PrometheusHandle)>,
) -> anyhow::Result<End> {
    if let Some((address, database, metrics)) = health {
        serve_health(bot, address, database, metrics).await?;
    }
    Ok(tokio::select! {
        end = bot.ended() => end,
        () = requests.next() => End::Asked,
    })
}

async fn serve_health(
    bot: &Bot,
    address: SocketAddr,
    database: PathBuf,
    metrics: PrometheusHandle,
) -> anyhow::Result<()> {
    let link = bot.link();
    let gateway = move || match *link.borrow() {
        Link::Up => Gateway::Connected,
        Link::Down => Gateway::Down,
    };
    let health = Health::new(bot.app().clone(), Arc::new(gateway), database, metrics);
    let (address, serving) = health.serve(address).await?;
    tracing::info!(%address, "health and metrics are served");
    tokio::spawn(serving);
    Ok(())
}

fn ended(end: &End) -> ExitCode {
    match end {
        End::Asked => tracing::info!("{end}"),
        end => tracing::error!(exit_code = end.exit_code(), "{end}"),
    }
    ExitCode::from(end.exit_code())
}

/// Requests to end: Ctrl-C and SIGTERM, each time one comes.
struct Requests {
    interrupts: Signal,
    terminations: Signal,
}

impl Requests {
    fn listen() -> io::Result<Requests> {
        Ok(Requests { interrupts: signal(SignalKind::interrupt())?, terminations: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupts.recv() => {}
            _ = self.terminations.recv() => {}
        }
    }
}
