//! The gateway: one websocket a shard, with hello, identify, ready, heartbeats and resume.

mod session;

pub(super) use session::{Out, Sessions};

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures::{SinkExt, StreamExt, stream::SplitSink};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::Core;
use super::payload;
use super::permission;
use super::snowflake::Snowflake;
use super::state::{Guild, Standing, State};

/// Intents that need a switch on the application: members, presences, message content.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

/// The intent without which members' leaving is not told.
pub(super) const GUILD_MEMBERS: u64 = 1 << 1;

/// Takes a bot's connection.
pub(super) async fn connect(Shared(core): Shared<Arc<Core>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| serve(core, socket))
}

async fn serve(core: Arc<Core>, socket: WebSocket) {
    let (sink, mut frames) = socket.split();
    let (out, queue) = mpsc::unbounded_channel();
    let mut link = Link { core, out, session: None };
    link.greet();
    let read = async {
        while let Some(Ok(frame)) = frames.next().await {
            match frame {
                Frame::Text(text) => link.take(&text),
                Frame::Close(frame) => {
                    link.part(frame.map(|frame| frame.code));
                    break;
                }
                Frame::Binary(_) | Frame::Ping(_) | Frame::Pong(_) => {}
            }
        }
    };
    tokio::select! {
        () = read => {}
        () = write(sink, queue) => {}
    }
    link.leave();
}

/// Sends what is queued, until the connection breaks or is cut.
async fn write(mut sink: SplitSink<WebSocket, Frame>, mut queue: mpsc::UnboundedReceiver<Out>) {
    while let Some(out) = queue.recv().await {
        let frame = match out {
            Out::Event(text) => Frame::Text(text),
            Out::Close(code) => Frame::Close(Some(CloseFrame { code, reason: "".into() })),
            Out::Cut => return,
        };
        if sink.send(frame).await.is_err() {
            // The reading side notices too, and ends the link.
            return;
        }
    }
}

/// One connection of a bot.
struct Link {
    core: Arc<Core>,
    out: mpsc::UnboundedSender<Out>,
    session: Option<String>,
}

impl Link {
    fn send(&self, message: Value) {
        // A closed queue means that the writer is gone, and the link ends by itself.
        let _ = self.out.send(Out::Event(message.to_string().into()));
    }

    /// Says hello; a silent gateway takes the connection and says nothing.
    fn greet(&self) {
        let hello = self.core.with(|state| (!state.sessions.silent).then(|| state.sessions.hello()));
        if let Some(hello) = hello {
            self.send(hello);
        }
    }

    fn close(&self, code: u16) {
        let _ = self.out.send(Out::Close(code));
    }

    fn take(&mut self, text: &str) {
        let Ok(message) = serde_json::from_str::<Value>(text) else {
            return self.close(4002);
        };
        let data = &message["d"];
        match message["op"].as_u64() {
            Some(1) => self.heartbeat(),
            Some(2) if self.session.is_some() => self.close(4005),
            Some(2) => self.identify(data),
            Some(6) => self.resume(data),
            Some(3 | 4 | 8) if self.session.is_some() => {}
            Some(3 | 4 | 8) => self.close(4003),
            _ => self.close(4001),
        }
        self.core.moved();
    }

    fn heartbeat(&self) {
        if !self.core.with(|state| state.sessions.silent) {
            self.send(json!({"op": 11}));
        }
    }

    fn identify(&mut self, data: &Value) {
        let intents = data["intents"].as_u64().unwrap_or(0);
        let shard = shard_of(&data["shard"]);
        let right_token = self.is_ours(&data["token"]);
        let refused = self.core.with(|state| {
            state.session_starts_left = state.session_starts_left.saturating_sub(1);
            state.sessions.identified += 1;
            let switched_on = state.sessions.privileged;
            match shard {
                _ if !right_token => Some(4004),
                None => Some(4010),
                Some(_) if intents & PRIVILEGED & !switched_on != 0 => Some(4014),
                Some(_) => state.sessions.refuse_next.pop_front(),
            }
        });
        match (refused, shard) {
            (None, Some(shard)) => self.open(shard, intents),
            (code, _) => self.close(code.unwrap_or(4010)),
        }
    }

    fn open(&mut self, shard: (u64, u64), intents: u64) {
        let url = self.core.gateway_url();
        let out = self.out.clone();
        let id = self.core.with(|state| {
            let id = state.sessions.open(shard, intents, out);
            let guilds = guilds_of(state, shard);
            let ready = ready(state, &guilds, &id, shard, &url);
            let arriving = guilds.iter().filter(|g| g.standing == Standing::Here);
            let events: Vec<Value> = arriving.map(|g| payload::guild_create(state, g)).collect();
            let session = state.sessions.get(&id).expect("opened two lines above");
            session.dispatch("READY", ready);
            for event in events {
                session.dispatch("GUILD_CREATE", event);
            }
            id
        });
        self.session = Some(id);
    }

    fn resume(&mut self, data: &Value) {
        let id = data["session_id"].as_str().unwrap_or_default().to_owned();
        let seen = data["seq"].as_u64().unwrap_or(0);
        if !self.is_ours(&data["token"]) {
            return self.close(4004);
        }
        let out = self.out.clone();
        let resumed = self.core.with(|state| {
            state.sessions.resumed += 1;
            let session = state.sessions.get(&id)?;
            session.resume(seen, out)
        });
        match resumed {
            Some(()) => self.session = Some(id),
            None => self.send(json!({"op": 9, "d": false})),
        }
    }

    /// Discord takes the token with and without the word of the REST header.
    fn is_ours(&self, token: &Value) -> bool {
        let token = token.as_str().unwrap_or_default();
        token.trim_start_matches("Bot ") == self.core.token
    }

    /// The codes by which a client says that it won't come back; its session can't be resumed after any of them.
    fn part(&self, code: Option<u16>) {
        if let (Some(1_000 | 1_001), Some(id)) = (code, &self.session) {
            self.core.with(|state| state.sessions.end(id));
        }
    }

    fn leave(&self) {
        self.core.with(|state| {
            let session = self.session.as_ref().and_then(|id| state.sessions.get(id));
            if let Some(session) = session {
                session.leave(&self.out);
            }
        });
        self.core.moved();
    }
}

/// `[this, of]`, or one of one; `None` when it cannot be.
fn shard_of(value: &Value) -> Option<(u64, u64)> {
    if value.is_null() {
        return Some((0, 1));
    }
    let shard = (value[0].as_u64()?, value[1].as_u64()?);
    (shard.0 < shard.1).then_some(shard)
}

fn guilds_of(state: &State, (shard, total): (u64, u64)) -> Vec<&Guild> {
    let all = state.guilds.values();
    all.filter(|g| g.standing != Standing::Removed && g.id.shard(total) == shard).collect()
}

fn ready(state: &State, guilds: &[&Guild], session: &str, shard: (u64, u64), url: &str) -> Value {
    json!({
        "v": 10,
        "user": state.users.get(&state.bot).map(payload::user),
        "guilds": payload::ready_guilds(guilds),
        "session_id": session,
        "resume_gateway_url": url,
        "shard": [shard.0, shard.1],
        "application": {"id": state.bot, "flags": 0},
    })
}

impl State {
    /// Tells the bot that a guild is there (again).
    pub fn announce_guild(&mut self, id: Snowflake) {
        if let Some(guild) = self.guilds.get(&id) {
            let event = payload::guild_create(self, guild);
            self.sessions.dispatch(Some(id), "GUILD_CREATE", event);
        }
    }

    /// Tells the bot that a guild is gone: for good, or by an outage.
    pub fn announce_loss(&mut self, id: Snowflake, standing: Standing) {
        let event = match standing {
            Standing::Outage => json!({"id": id, "unavailable": true}),
            Standing::Here | Standing::Removed => json!({"id": id}),
        };
        self.sessions.dispatch(Some(id), "GUILD_DELETE", event);
    }

    /// Tells the bot that somebody left, if it asked for members.
    pub fn announce_leaver(&mut self, guild: Snowflake, user: Snowflake) {
        let who = self.users.get(&user).map(payload::user);
        let event = json!({"guild_id": guild, "user": who});
        self.sessions.dispatch_with(GUILD_MEMBERS, Some(guild), "GUILD_MEMBER_REMOVE", event);
    }

    /// Whether the bot may see a channel.
    pub fn bot_sees(&self, channel: Snowflake) -> bool {
        let channel = self.channels.get(&channel);
        channel.is_some_and(|c| self.permissions(c, self.bot) & permission::VIEW_CHANNEL != 0)
    }
}
