//! Puts the parts together, and takes them apart in order.

mod stop;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use futures::future::BoxFuture;
use serenity::client::{Client, ClientBuilder};
use serenity::gateway::ShardManager;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinHandle;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Part};
use crate::discord::courier::HttpCourier;
use crate::discord::end::End;
use crate::discord::gateway::Gateway;
use crate::discord::register::{Duty, register};
use crate::discord::rest::{Rest, interaction_http};
use crate::discord::session::{Sessions, check_starts};
use crate::discord::watchdog::{Limits, Link, keep_watch};
use crate::domain::Instant;
use crate::domain::id::GuildId;
use crate::domain::shard::Shards;
use crate::error::Failure;
use crate::sandbox::{Sandbox, Time, World};
use crate::schedule::Metronome;
use crate::store::Store;

/// A delivery that is due within this time is waited for; a later one finds the next beat.
const SOON: chrono::Duration = chrono::Duration::seconds(60);

/// A running bot.
pub struct Bot {
    app: App,
    shards: Arc<ShardManager>,
    connection: JoinHandle<End>,
    metronome: Metronome,
    link: watch::Receiver<Link>,
}

/// Why a bot did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Discord would not have it.
    #[error(transparent)]
    Ended(#[from] End),
    /// The shards were divided anew, and the database was not.
    #[error(
        "{} keeps {} of other shards than {shards}, such as server {} of shard {}, and two processes that keep one would \
         do its work twice. Start with the shards that it was made for, or divide it: give this process a new file, and \
         move each workspace into the file of its shard with `cosell export --guild ID --out FILE.zip` and \
         `cosell import FILE.zip`",
        database.display(), workspaces(*.elsewhere), example.0, shards.shard_of(*example)
    )]
    OtherShards {
        /// The file.
        database: PathBuf,
        /// Those that the process was to run.
        shards: Shards,
        /// How many workspaces are of others.
        elsewhere: usize,
        /// One of them.
        example: GuildId,
    },
    /// The database, or anything else of ours.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl Bot {
    /// Opens the database, registers the commands, and connects. Returns once the connection is being made.
    pub async fn start(config: &Config, clock: Clock) -> Result<Bot, StartError> {
        let store = Store::open(&config.database).await.map_err(anyhow::Error::new)?;
        check_workspaces(config, &store).await?;
        let rest = Rest::new(&config.api, &config.token).context("the REST client could not be made")?;
        let sessions = check_starts(&rest, config.shards).await?;
        let courier = Arc::new(HttpCourier::new(rest.clone()));
        let app = App { shards: sessions.shards, ..App::new(store, clock.clone(), courier) };
        let commands = register(&rest, Duty::of_first_shard(sessions.shards.first())).await.map_err(End::of_trouble)?;
        let _ = app.commands.set(Arc::new(commands));
        let http = interaction_http(&config.api, &config.token).context("the answering client could not be made")?;
        let builder = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS);
        let client = builder
            .event_handler(Gateway::new(app.clone(), config.database.clone()))
            .await
            .context("the gateway client could not be made")?;
        let shards = Arc::clone(&client.shard_manager);
        let (link, seen) = watch::channel(Link::Down);
        let connection = tokio::spawn(connect(client, sessions, link));
        let metronome = metronome(&app, clock).await.context("the metronome could not be started")?;
        // What an earlier process left is not kept waiting for the first beat.
        app.wake.notify_one();
        Ok(Bot { app, shards, connection, metronome, link: seen })
    }

    /// The use cases, for whoever drives the bot from inside the process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Whether every shard is connected.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.link.clone()
    }

    /// Lets a manual clock run to an instant, stopping wherever something is due.
    pub async fn advance(&self, to: Instant) -> Result<(), Failure> {
        self.metronome.delivered().await;
        let mut course = self.app.course(to);
        while let Some(now) = course.next().await? {
            self.metronome.pass(now).await;
        }
        Ok(())
    }

    /// Waits until the connection is lost for good.
    pub async fn ended(&mut self) -> End {
        let ended = (&mut self.connection).await;
        ended.unwrap_or_else(|error| End::OtherFinal(error.to_string()))
    }
}

fn workspaces(count: usize) -> String {
    if count == 1 { "a workspace".to_owned() } else { format!("{count} workspaces") }
}

/// Refuses a database with workspaces that another process is told of.
async fn check_workspaces(config: &Config, store: &Store) -> Result<(), StartError> {
    let Part::Of(shards) = config.shards else { return Ok(()) };
    let kept = store.find_guilds().await.map_err(anyhow::Error::new)?;
    let elsewhere: Vec<GuildId> = kept.into_iter().filter(|guild| !shards.hold(*guild)).collect();
    let Some(&example) = elsewhere.first() else { return Ok(()) };
    store.close().await;
    let database = config.database.clone();
    Err(StartError::OtherShards { database, shards, elsewhere: elsewhere.len(), example })
}

/// Holds the connection until it ends or the watchdog ends it.
async fn connect(mut client: Client, sessions: Sessions, link: watch::Sender<Link>) -> End {
    let runners = Arc::clone(&client.shard_manager.runners);
    let shards = sessions.shards;
    // serenity takes the end of the range for the last shard.
    let range = shards.first()..shards.last();
    tokio::select! {
        outcome = client.start_shard_range(range, shards.total()) => End::of_start(outcome),
        end = keep_watch(Limits::DISCORD, shards.numbers().collect(), runners, link) => end,
    }
}

async fn metronome(app: &App, clock: Clock) -> anyhow::Result<Metronome> {
    let (ticking, delivering) = (app.clone(), app.clone());
    let tick = Box::new(move |now| {
        let app = ticking.clone();
        Box::pin(async move { app.tick(now).await }) as BoxFuture<'static, _>
    });
    let deliver = Box::new(move |_| {
        let app = delivering.clone();
        Box::pin(async move {
            app.deliver().await?;
            wake_when_due(&app).await
        }) as BoxFuture<'static, _>
    });
    Ok(Metronome::start(clock, Arc::clone(&app.wake), tick, deliver).await?)
}

/// A retry that is due before the next beat gets a beat of its own. Under a manual clock whoever sets it sees to that.
async fn wake_when_due(app: &App) -> Result<(), Failure> {
    if app.clock.is_manual() {
        return Ok(());
    }
    if let Some(due) = app.store.next_message_due().await? {
        let wait = (due - app.now()).clamp(chrono::Duration::seconds(1), SOON);
        let wake: Arc<Notify> = Arc::clone(&app.wake);
        if wait < SOON {
            tokio::spawn(async move {
                tokio::time::sleep(wait.to_std().unwrap_or_default()).await;
                wake.notify_one();
            });
        }
    }
    Ok(())
}

/// The bot beside a stand-in for Discord, both in this process, under one clock that only moves when told to.
pub struct Rehearsal {
    /// The stand-in, through which people act.
    pub sandbox: Sandbox,
    /// The bot.
    pub bot: Arc<Bot>,
    config: Config,
    clock: Clock,
    running: Running,
}

/// The bot that time passes for.
type Running = Arc<Mutex<Option<Arc<Bot>>>>;

/// Starts a stand-in for Discord and the bot against it, at an instant, with a database of its own.
pub async fn rehearse(world: World, at: Instant, database: &Path) -> anyhow::Result<Rehearsal> {
    let clock = Clock::manual(at);
    let running = Running::default();
    let time = Time { now: now_of(&clock), advance: advance_of(&running) };
    let sandbox = Sandbox::start(world, time).await?;
    let config = Config::of_stand_in(&sandbox.url(), sandbox.token(), database)?;
    let bot = Arc::new(Bot::start(&config, clock.clone()).await?);
    *running.lock().await = Some(Arc::clone(&bot));
    sandbox.wait_ready(Duration::from_secs(10)).await?;
    Ok(Rehearsal { sandbox, bot, config, clock, running })
}

impl Rehearsal {
    /// Starts another bot on the same database, as a supervisor does once the one before has stopped.
    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        self.bot = Arc::new(Bot::start(&self.config, self.clock.clone()).await?);
        *self.running.lock().await = Some(Arc::clone(&self.bot));
        self.sandbox.wait_ready(Duration::from_secs(10)).await?;
        Ok(())
    }
}

fn now_of(clock: &Clock) -> Arc<dyn Fn() -> Instant + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

fn advance_of(running: &Running) -> Arc<dyn Fn(Instant) -> BoxFuture<'static, ()> + Send + Sync> {
    let running = Arc::clone(running);
    Arc::new(move |to| {
        let running = Arc::clone(&running);
        Box::pin(async move {
            let bot = running.lock().await.clone();
            if let Some(bot) = bot
                && let Err(error) = bot.advance(to).await
            {
                tracing::error!(error = %format!("{error:#}"), "time could not pass as it should");
            }
        })
    })
}
