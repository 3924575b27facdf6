//! Puts the parts together, and takes them apart in order: no new work, then what is held, then the file.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use futures::future::BoxFuture;
use serenity::client::{Client, ClientBuilder};
use serenity::gateway::ShardManager;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::discord::courier::HttpCourier;
use crate::discord::gateway::Gateway;
use crate::discord::register::{Duty, register};
use crate::discord::rest::{Rest, interaction_http};
use crate::domain::Instant;
use crate::error::Failure;
use crate::sandbox::{Sandbox, Time, World};
use crate::store::Store;

/// How often the outbox is looked at when nothing rings.
const LOOK: Duration = Duration::from_secs(5);

/// A running bot.
pub struct Bot {
    app: App,
    shards: Arc<ShardManager>,
    gateway: JoinHandle<serenity::Result<()>>,
    delivery: JoinHandle<()>,
    /// Held by whoever ticks or delivers, so that advancing a manual clock is done when it says so.
    working: Arc<Mutex<()>>,
}

impl Bot {
    /// Opens the database, registers the commands, and connects. Returns once the connection is being made.
    pub async fn start(config: &Config, clock: Clock) -> anyhow::Result<Bot> {
        let store = Store::open(&config.database).await?;
        let rest = Rest::new(&config.api, &config.token).context("the REST client could not be made")?;
        let app = App::new(store, clock, Arc::new(HttpCourier::new(rest.clone())));
        let http = interaction_http(&config.api, &config.token)?;
        let builder = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS);
        let client = builder.event_handler(Gateway::new(app.clone())).await.context("Discord could not be reached")?;
        let commands =
            register(&rest, Duty::of_first_shard(0)).await.context("the commands could not be registered")?;
        let _ = app.commands.set(Arc::new(commands));
        let working = Arc::new(Mutex::new(()));
        let delivery = tokio::spawn(deliver_when_rung(app.clone(), Arc::clone(&working)));
        let shards = Arc::clone(&client.shard_manager);
        Ok(Bot { app, shards, gateway: tokio::spawn(connect(client)), delivery, working })
    }

    /// The use cases, for whoever drives the bot from inside the process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// One pass over what is due now.
    pub async fn tick(&self) -> Result<(), Failure> {
        let _working = self.working.lock().await;
        self.app.tick(self.app.now()).await?;
        self.app.deliver().await.map(drop)
    }

    /// Lets a manual clock run to an instant, stopping wherever something is due.
    pub async fn advance(&self, to: Instant) -> Result<(), Failure> {
        let _working = self.working.lock().await;
        advance(&self.app, to).await
    }

    /// Stops taking work, finishes what is held, and closes the file.
    pub async fn stop(self) {
        self.shards.shutdown_all().await;
        self.delivery.abort();
        let _ = self.gateway.await;
        let _working = self.working.lock().await;
        self.app.store.close().await;
    }
}

async fn connect(mut client: Client) -> serenity::Result<()> {
    client.start_autosharded().await
}

async fn advance(app: &App, to: Instant) -> Result<(), Failure> {
    while let Some(due) = app.store.next_due().await?.filter(|due| *due <= to) {
        app.clock.set(due);
        app.tick(app.now()).await?;
        app.deliver().await?;
    }
    app.clock.set(to);
    Ok(())
}

async fn deliver_when_rung(app: App, working: Arc<Mutex<()>>) {
    loop {
        let _ = tokio::time::timeout(LOOK, app.wake.notified()).await;
        let _working = working.lock().await;
        if let Err(error) = app.deliver().await {
            tracing::error!(error = %format!("{error:#}"), "messages could not be delivered; tried again shortly");
        }
    }
}

/// The bot beside a stand-in for Discord, both in this process, under one clock that only moves when told to.
pub struct Rehearsal {
    /// The stand-in, through which people act.
    pub sandbox: Sandbox,
    /// The bot.
    pub bot: Arc<Bot>,
}

/// Starts a stand-in for Discord and the bot against it, at an instant, with a database of its own.
pub async fn rehearse(world: World, at: Instant, database: &Path) -> anyhow::Result<Rehearsal> {
    let clock = Clock::manual(at);
    let running: Arc<OnceLock<Arc<Bot>>> = Arc::default();
    let time = Time { now: now_of(&clock), advance: advance_of(&running) };
    let sandbox = Sandbox::start(world, time).await?;
    let bot = Arc::new(Bot::start(&Config::of_stand_in(&sandbox.url(), sandbox.token(), database)?, clock).await?);
    let _ = running.set(Arc::clone(&bot));
    sandbox.wait_ready(Duration::from_secs(10)).await?;
    Ok(Rehearsal { sandbox, bot })
}

fn now_of(clock: &Clock) -> Arc<dyn Fn() -> Instant + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

fn advance_of(running: &Arc<OnceLock<Arc<Bot>>>) -> Arc<dyn Fn(Instant) -> BoxFuture<'static, ()> + Send + Sync> {
    let running = Arc::clone(running);
    Arc::new(move |to| {
        let running = Arc::clone(&running);
        Box::pin(async move {
            if let Some(bot) = running.get()
                && let Err(error) = bot.advance(to).await
            {
                tracing::error!(error = %format!("{error:#}"), "time could not pass as it should");
            }
        })
    })
}
