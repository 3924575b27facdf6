//! What the gateway knows of a bot's sessions: which shard, which intents, what was sent, so
//! that a resumed session gets what it missed.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::world::World;

/// Events kept for a session that resumes.
const KEPT: usize = 2_000;

/// What goes out on a connection.
#[derive(Clone, Debug)]
pub(in crate::sandbox) enum Out {
    Event(Utf8Bytes),
    Close(u16),
    /// The TCP connection ends without a word.
    Cut,
}

/// All sessions, connected or resumable.
pub(in crate::sandbox) struct Sessions {
    open: HashMap<String, Session>,
    heartbeat: Duration,
    opened: u64,
    pub privileged: u64,
    /// How often a bot identified and resumed so far.
    pub identified: u64,
    pub resumed: u64,
    /// Heartbeats are not acknowledged, nor events sent.
    pub silent: bool,
    /// Close codes that the next IDENTIFYs meet.
    pub refuse_next: VecDeque<u16>,
}

/// One session of a shard.
pub(in crate::sandbox) struct Session {
    shard: (u64, u64),
    intents: u64,
    seq: u64,
    sent: VecDeque<(u64, Utf8Bytes)>,
    out: Option<UnboundedSender<Out>>,
}

impl Sessions {
    pub fn new(world: &World) -> Self {
        Sessions {
            open: HashMap::new(),
            heartbeat: world.heartbeat,
            opened: 0,
            privileged: world.privileged_intents,
            identified: 0,
            resumed: 0,
            silent: false,
            refuse_next: VecDeque::new(),
        }
    }

    pub fn hello(&self) -> Value {
        let interval = u64::try_from(self.heartbeat.as_millis()).unwrap_or(u64::MAX);
        json!({"op": 10, "d": {"heartbeat_interval": interval}})
    }

    pub fn get(&mut self, id: &str) -> Option<&mut Session> {
        self.open.get_mut(id)
    }

    /// Opens a session; an older one of the same shard ends.
    pub fn open(&mut self, shard: (u64, u64), intents: u64, out: UnboundedSender<Out>) -> String {
        self.open.retain(|_, session| session.shard != shard);
        self.opened += 1;
        let id = format!("session-{}", self.opened);
        let session = Session { shard, intents, seq: 0, sent: VecDeque::new(), out: Some(out) };
        self.open.insert(id.clone(), session);
        id
    }

    /// Whether a bot is connected on every shard that it told of.
    pub fn is_connected(&self) -> bool {
        !self.open.is_empty() && self.open.values().all(|session| session.out.is_some())
    }

    /// Sends an event to the shard of the guild, or to shard 0 for direct messages.
    pub fn dispatch(&mut self, guild: Option<Snowflake>, name: &str, data: Value) {
        self.dispatch_with(0, guild, name, data);
    }

    /// The same, for sessions that asked for the intents.
    pub fn dispatch_with(&mut self, intents: u64, guild: Option<Snowflake>, name: &str, data: Value) {
        if self.silent {
            return;
        }
        let shard_of = |total| guild.map_or(0, |id| id.shard(total));
        let told = self
            .open
            .values_mut()
            .find(|session| session.shard.0 == shard_of(session.shard.1) && session.intents & intents == intents);
        if let Some(session) = told {
            session.dispatch(name, data);
        }
    }

    /// Says something to every connected session, outside the numbered events.
    pub fn tell_all(&mut self, out: &Out) {
        for session in self.open.values() {
            session.tell(out);
        }
    }

    /// Ends one session for good.
    pub fn end(&mut self, id: &str) {
        self.open.remove(id);
    }

    /// Ends sessions for good, so that a RESUME meets op 9.
    pub fn forget(&mut self) {
        self.open.clear();
    }
}

impl Session {
    pub fn dispatch(&mut self, name: &str, data: Value) {
        self.seq += 1;
        let event = json!({"op": 0, "t": name, "s": self.seq, "d": data});
        let text = Utf8Bytes::from(event.to_string());
        self.tell(&Out::Event(text.clone()));
        self.sent.push_back((self.seq, text));
        if self.sent.len() > KEPT {
            self.sent.pop_front();
        }
    }

    fn tell(&self, out: &Out) {
        if let Some(queue) = &self.out {
            // A dead connection keeps its session, which may be resumed.
            let _ = queue.send(out.clone());
        }
    }

    /// Sends what came after `seen`; `None` when that is no longer kept.
    pub fn resume(&mut self, seen: u64, out: UnboundedSender<Out>) -> Option<()> {
        let oldest = self.sent.front().map_or(self.seq + 1, |(seq, _)| *seq);
        if seen > self.seq || seen + 1 < oldest {
            return None;
        }
        self.out = Some(out);
        for (_, text) in self.sent.iter().filter(|(seq, _)| *seq > seen) {
            self.tell(&Out::Event(text.clone()));
        }
        self.dispatch("RESUMED", json!({}));
        Some(())
    }

    /// Marks the session as unconnected, unless it has a newer connection.
    pub fn leave(&mut self, old: &UnboundedSender<Out>) {
        if self.out.as_ref().is_some_and(|out| out.same_channel(old)) {
            self.out = None;
        }
    }
}
