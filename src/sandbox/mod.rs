//! A stand-in for Discord on loopback: its REST interface and gateway, with people to drive.
//!
//! serenity connects to it as it does to Discord (`HttpBuilder::proxy(url)`, rate limiter off).
//! It refuses what Discord refuses, so that a test cannot pass on what Discord would refuse, and
//! it knows nothing of the bot's insides: the clock comes in as two closures, everything else
//! over HTTP. Time on Discord's side is virtual (ids, stamps, token life), except for what
//! Discord measures against the wire: the 3 s for a first answer, and rate limits.
//!
//! | Module | Owns |
//! |---|---|
//! | [`world`] | the servers it starts with |
//! | `state`, `message`, `interaction`, `event` | what it remembers |
//! | `rest`, `gateway` | how the bot speaks with it |
//! | `check`, `fault`, `permission` | what it refuses |
//! | [`person`], [`forge`], [`reply`], [`shown`], `slash`, `deed`, `mention` | what people type and see |
//! | [`look`], [`control`] | what tests see and let happen |
//! | [`transcript`], [`prompt`] | the same for people at a terminal |
//! | [`page`] | the same for people with a browser |

mod check;
pub mod control;
mod deed;
mod event;
pub mod fault;
pub mod forge;
mod gateway;
mod interaction;
pub mod log;
pub mod look;
mod mention;
mod message;
pub mod page;
mod payload;
pub mod permission;
pub mod person;
pub mod prompt;
pub mod reply;
mod rest;
pub mod shown;
mod slash;
pub mod snowflake;
mod state;
pub mod story;
pub mod transcript;
pub mod world;

pub use control::{Disconnect, Mentionable};
pub use fault::{Mode, Refusal, Scope};
pub use forge::Forged;
pub use log::Request;
pub use look::Connections;
pub use person::Person;
pub use reply::{Choice, Field, Form, Reply};
pub use rest::Pace;
pub use shown::{Attachment, Button, Select, Shown};
pub use snowflake::Snowflake;
pub use transcript::Transcript;
pub use world::{Server, World};

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::routing::{any, get};
use axum::serve::IncomingStream;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use state::State;

/// The bot's id on this Discord; its token begins with it in base 64, as on the real one.
pub const BOT_ID: Snowflake = Snowflake(1_193_841_524_736_000_000);
const TOKEN: &str = "MTE5Mzg0MTUyNDczNjAwMDAwMA.Gsandb.a-token-that-only-the-stand-in-takes";

/// The clock that the stand-in lives by, as its owner hands it in.
#[derive(Clone)]
pub struct Time {
    /// The present instant.
    pub now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Lets time pass up to an instant, and everything happen that falls due.
    pub advance: Arc<dyn Fn(DateTime<Utc>) -> BoxFuture<'static, ()> + Send + Sync>,
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Time").field(&(self.now)()).finish()
    }
}

/// What the server's tasks and the handles share.
pub(crate) struct Core {
    state: Mutex<State>,
    time: Time,
    token: &'static str,
    address: SocketAddr,
    /// Counts what happened, for those who wait.
    changes: watch::Sender<u64>,
}

impl Core {
    /// Looks at or changes the state. The lock is never held over an await.
    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        // A panic in a test's closure must not hide behind a poisoned lock.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state)
    }

    /// Wakes those who wait for something to happen.
    fn moved(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn gateway_url(&self) -> String {
        format!("ws://{}/gateway-socket", self.address)
    }
}

/// A running stand-in; clones are handles to the same one. It stops with its last handle.
#[derive(Clone)]
pub struct Sandbox {
    core: Arc<Core>,
    _serving: Arc<Serving>,
}

/// Stops the server when the last handle goes.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sandbox").field(&self.url()).finish()
    }
}

/// A bot did not get ready in time.
#[derive(Debug, thiserror::Error)]
#[error("no bot was connected with its commands registered within {0:?}")]
pub struct NotReady(Duration);

impl Sandbox {
    /// Starts serving a world on a free loopback port.
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub async fn start(world: World, time: Time) -> io::Result<Sandbox> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let core = Arc::new(Core {
            state: Mutex::new(world.found()),
            time,
            token: TOKEN,
            address: listener.local_addr()?,
            changes: watch::Sender::new(0),
        });
        let router = Router::new()
            .route("/gateway-socket", any(gateway::connect))
            .route("/attachments/{id}/{name}", get(rest::attachment))
            .fallback(rest::answer)
            .with_state(core.clone());
        let service = router.into_make_service_with_connect_info::<Line>();
        let server = tokio::spawn(async move {
            // It serves until it is aborted; axum retries failed accepts by itself.
            let _ = axum::serve(listener, service).await;
        });
        Ok(Sandbox { core, _serving: Arc::new(Serving(server)) })
    }

    /// The base address for the bot's client, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.core.address)
    }

    /// The only token that it takes.
    pub fn token(&self) -> &'static str {
        self.core.token
    }

    /// The present instant on the virtual clock.
    pub fn now(&self) -> DateTime<Utc> {
        (self.core.time.now)()
    }

    /// Lets virtual time pass up to an instant.
    pub async fn advance_to(&self, to: DateTime<Utc>) {
        (self.core.time.advance)(to).await;
    }

    /// Waits until a bot is connected and has commands registered.
    ///
    /// # Errors
    /// When that did not happen in time.
    pub async fn wait_ready(&self, timeout: Duration) -> Result<(), NotReady> {
        let ready = |state: &mut State| {
            let registered = state.commands.values().any(|list| !list.is_empty());
            (registered && state.sessions.is_connected()).then_some(())
        };
        self.until(timeout, ready).await.ok_or(NotReady(timeout))
    }

    /// Waits until no interaction is owed an answer.
    pub async fn quiet(&self) {
        // An unanswered interaction stops counting 3 s after it was sent, without an event.
        let pause = Duration::from_millis(100);
        let settled = |state: &mut State| {
            let mut all = state.interactions.values();
            all.all(|i| !i.is_open()).then_some(())
        };
        while self.until(pause, settled).await.is_none() {}
    }

    /// Waits for a message in a channel of the first server that fits.
    pub async fn wait_for(&self, channel: &str, timeout: Duration, fits: impl Fn(&Shown) -> bool) -> Option<Shown> {
        let found = |sandbox: &Sandbox| sandbox.channel(channel).into_iter().find(|m| fits(m));
        self.wait_until(timeout, |sandbox| found(sandbox).is_some()).await;
        found(self)
    }

    /// Waits until something is so, looking again after everything that happens; tells whether
    /// it came in time.
    pub async fn wait_until(&self, timeout: Duration, holds: impl Fn(&Sandbox) -> bool) -> bool {
        let mut changes = self.core.changes.subscribe();
        let search = async {
            while !holds(self) {
                if changes.changed().await.is_err() {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(timeout, search).await.unwrap_or(false)
    }

    /// Waits until a look at the state gives something.
    async fn until<T>(&self, timeout: Duration, mut look: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        let mut changes = self.core.changes.subscribe();
        let search = async {
            loop {
                if let Some(found) = self.core.with(&mut look) {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        tokio::time::timeout(timeout, search).await.ok().flatten()
    }
}

/// A bot's TCP connection, kept so that it can be cut in the middle of a call.
#[derive(Clone, Debug)]
pub(crate) struct Line(Option<Arc<std::net::TcpStream>>);

impl Connected<IncomingStream<'_, TcpListener>> for Line {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        // Without TCP_NODELAY each call on loopback takes 40 ms longer; with it refused, it is slow.
        let _ = stream.io().set_nodelay(true);
        let socket = stream.io().as_fd().try_clone_to_owned().ok();
        Line(socket.map(|fd| Arc::new(fd.into())))
    }
}

impl Line {
    /// Ends the connection at once, in both directions.
    fn cut(&self) {
        if let Some(socket) = &self.0 {
            // Already closed is as good.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}
