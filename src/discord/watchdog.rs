//! The watchdog: ends the process when the connection to Discord is dead and serenity would not notice, or would spend
//! the day's sessions on trying. The restart is the supervisor's.
//!
//! The sign of life is a shard's latency, which changes with each heartbeat that Discord acknowledges; a shard whose
//! resume hangs still calls itself connected. A session that is given up before READY shows itself only by its
//! successor: a new runner in serenity's table, which stands there for no longer than Discord takes to refuse it. So
//! while a shard is down the watchdog holds the table's lock but for a moment in between, and is first in the queue when
//! serenity has changed something.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serenity::all::ShardId;
use serenity::gateway::{ConnectionStage, ShardRunnerInfo};
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep};

use super::end::End;

/// serenity opens one session after the other, this far apart.
const BETWEEN_STARTS: Duration = Duration::from_secs(6);
/// While all is well the table is looked at this much more seldom.
const CALM: u32 = 20;
/// Put where serenity keeps a latency, as no latency can be: marks a runner that was seen before. serenity writes its
/// own value there whenever the runner gets on.
const SEEN: Duration = Duration::MAX;

/// serenity's table of shards, `ShardManager::runners`.
pub type Runners = Arc<Mutex<HashMap<ShardId, ShardRunnerInfo>>>;

/// When to give up.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A connected shard without a sign of life.
    pub silence: Duration,
    /// A shard that is not connected.
    pub unconnected: Duration,
    /// Beginning so many sessions in a row without READY ends the process.
    pub attempts: u32,
    /// How often to look while a shard is not connected; serenity waits for so long each time.
    pub look: Duration,
}

impl Limits {
    /// For Discord, whose heartbeats are 41.25 s apart. One that is not acknowledged for over 8 s ends the process: an
    /// answer that late is taken for no command either. With the restart, commands are answered again within a minute.
    pub const DISCORD: Limits = Limits {
        silence: Duration::from_secs(50),
        unconnected: Duration::from_secs(45),
        attempts: 2,
        look: Duration::from_millis(10),
    };
}

/// Whether every shard of this process is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// All are.
    Up,
    /// One is not.
    Down,
}

/// What a look at a shard shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// No runner.
    Gone,
    /// A runner that was not there before: it opens a session anew.
    Booted,
    /// Where its runner is, and how long the last heartbeat took.
    At(ConnectionStage, Option<Duration>),
}

/// What is known of the shards of this process. Pure: it is told the time.
#[derive(Debug)]
pub struct Watchdog {
    limits: Limits,
    shards: BTreeMap<u32, Shard>,
}

#[derive(Debug)]
struct Shard {
    stage: ConnectionStage,
    latency: Option<Duration>,
    /// The last sign of life when connected; since when it is not, otherwise.
    since: Instant,
    /// Sessions begun since the last READY.
    attempts: u32,
    /// Whether its present runner was counted among them.
    runner: Runner,
}

#[derive(Debug, PartialEq)]
enum Runner {
    None,
    Counted,
}

impl Watchdog {
    /// For these shards, none of which is connected yet.
    pub fn new(limits: Limits, shards: impl IntoIterator<Item = u32>, now: Instant) -> Watchdog {
        let shard = |place: u32| Shard {
            stage: ConnectionStage::Disconnected,
            latency: None,
            since: now + BETWEEN_STARTS * place,
            attempts: 0,
            runner: Runner::None,
        };
        Watchdog { limits, shards: (0..).zip(shards).map(|(place, id)| (id, shard(place))).collect() }
    }

    /// Takes in what a shard shows.
    pub fn see(&mut self, id: u32, sight: Sight, now: Instant) -> Option<End> {
        let shard = self.shards.get_mut(&id)?;
        match sight {
            Sight::Gone => shard.go(now),
            Sight::Booted => shard.boot(now),
            Sight::At(stage, latency) => shard.show(stage, latency, now),
        }
        (shard.attempts >= self.limits.attempts).then_some(End::RefusedBeforeReady)
    }

    /// Whether a shard has shown nothing for too long.
    pub fn check(&self, now: Instant) -> Option<End> {
        let overdue = |shard: &Shard| {
            let limit = if shard.is_connected() { self.limits.silence } else { self.limits.unconnected };
            now.saturating_duration_since(shard.since) >= limit
        };
        self.shards.values().any(overdue).then_some(End::Silent)
    }

    /// Whether all are connected.
    pub fn link(&self) -> Link {
        if self.shards.values().all(Shard::is_connected) { Link::Up } else { Link::Down }
    }
}

impl Shard {
    fn is_connected(&self) -> bool {
        self.stage == ConnectionStage::Connected
    }

    fn go(&mut self, now: Instant) {
        if self.is_connected() {
            (self.stage, self.since) = (ConnectionStage::Disconnected, now);
        }
        self.runner = Runner::None;
    }

    fn boot(&mut self, now: Instant) {
        self.go(now);
        self.count();
        (self.stage, self.latency) = (ConnectionStage::Disconnected, None);
    }

    /// A runner that got no further than the handshake has sent no IDENTIFY, so its successor is no second one.
    fn count(&mut self) {
        if self.stage != ConnectionStage::Handshake {
            self.attempts += 1;
        }
        self.runner = Runner::Counted;
    }

    fn show(&mut self, stage: ConnectionStage, latency: Option<Duration>, now: Instant) {
        let was_connected = self.is_connected();
        let is_connected = stage == ConnectionStage::Connected;
        if was_connected != is_connected || (is_connected && latency != self.latency) {
            self.since = now;
        }
        match stage {
            ConnectionStage::Connected => self.attempts = 0,
            ConnectionStage::Identifying if self.runner == Runner::None => self.count(),
            _ => {}
        }
        self.runner = Runner::Counted;
        (self.stage, self.latency) = (stage, latency);
    }
}

/// Watches serenity's table until the process should end, and tells whether the link is up.
pub async fn keep_watch(limits: Limits, shards: Vec<u32>, runners: Runners, link: watch::Sender<Link>) -> End {
    let dog = Watchdog::new(limits, shards.iter().copied(), Instant::now());
    let look = |link: Link| {
        let (runners, shards) = (Arc::clone(&runners), &shards);
        async move {
            let mut table = runners.lock().await;
            let sights = shards.iter().filter_map(|id| Some((*id, sight_of(table.get_mut(&ShardId(*id)))?))).collect();
            match link {
                Link::Down => sleep(limits.look).await,
                Link::Up => {
                    drop(table);
                    sleep(limits.look * CALM).await;
                }
            }
            sights
        }
    };
    watch_over(dog, look, link).await
}

async fn watch_over<F, S>(mut dog: Watchdog, mut look: F, link: watch::Sender<Link>) -> End
where
    F: FnMut(Link) -> S,
    S: Future<Output = Vec<(u32, Sight)>>,
{
    loop {
        let sights = look(dog.link()).await;
        let now = Instant::now();
        let refused = sights.into_iter().fold(None, |end, (id, sight)| end.or(dog.see(id, sight, now)));
        link.send_if_modified(|known| std::mem::replace(known, dog.link()) != dog.link());
        if let Some(end) = refused.or_else(|| dog.check(now)) {
            return end;
        }
    }
}

/// What the table shows of a shard; `None` when that is nothing new. A new runner is marked.
fn sight_of(runner: Option<&mut ShardRunnerInfo>) -> Option<Sight> {
    match runner {
        None => Some(Sight::Gone),
        Some(info) => sight_at(info.stage, &mut info.latency),
    }
}

fn sight_at(stage: ConnectionStage, latency: &mut Option<Duration>) -> Option<Sight> {
    match (stage, *latency) {
        (_, Some(SEEN)) => None,
        (ConnectionStage::Disconnected, None) => {
            *latency = Some(SEEN);
            Some(Sight::Booted)
        }
        (stage, latency) => Some(Sight::At(stage, latency)),
    }
}

#[cfg(test)]
mod tests;
