//! All that the stand-in remembers, behind one lock: servers, channels, messages, commands,
//! interactions, sessions, and the log of what the bot asked for.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::event::ScheduledEvent;
use super::fault::Refusal;
use super::gateway::Sessions;
use super::interaction::Interaction;
use super::message::Message;
use super::permission;
use super::rest::{Buckets, Request};
use super::snowflake::{Mint, Snowflake};
use super::world::World;

/// The id of the first attached file; they count on from there.
const FIRST_UPLOAD: u64 = 1_300_000_000_000_000_000;

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub id: Snowflake,
    pub name: String,
    pub bot: bool,
    pub takes_direct_messages: bool,
}

/// Where the bot stands with a guild.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    Here,
    Outage,
    Removed,
}

#[derive(Clone, Debug)]
pub(super) struct Role {
    pub id: Snowflake,
    pub name: String,
    pub permissions: u64,
    pub mentionable: bool,
    pub managed: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub roles: Vec<Snowflake>,
    pub joined: DateTime<Utc>,
}

/// A Discord server.
#[derive(Clone, Debug)]
pub(super) struct Guild {
    pub id: Snowflake,
    pub name: String,
    pub owner: Snowflake,
    pub roles: Vec<Role>,
    pub members: BTreeMap<Snowflake, Member>,
    pub channels: Vec<Snowflake>,
    pub standing: Standing,
    pub founded: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ChannelKind {
    Text,
    Dm,
    Thread,
}

impl ChannelKind {
    /// Discord's number for it.
    pub fn number(self) -> u8 {
        match self {
            ChannelKind::Text => 0,
            ChannelKind::Dm => 1,
            ChannelKind::Thread => 11,
        }
    }
}

/// What a channel allows and denies a role or a member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overwrite {
    pub target: Snowflake,
    pub of_member: bool,
    pub allow: u64,
    pub deny: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub id: Snowflake,
    pub kind: ChannelKind,
    pub name: String,
    pub guild: Option<Snowflake>,
    /// The channel that a thread hangs from.
    pub parent: Option<Snowflake>,
    /// The person at the other end of a direct-message channel.
    pub recipient: Option<Snowflake>,
    pub overwrites: Vec<Overwrite>,
    /// Its messages, oldest first; ephemeral ones are not in it.
    pub log: Vec<Snowflake>,
    /// The messages that were posted with `enforce_nonce`, by nonce.
    pub nonces: HashMap<String, (Snowflake, DateTime<Utc>)>,
}

impl Channel {
    pub fn new(id: Snowflake, kind: ChannelKind, name: &str) -> Self {
        Channel {
            id,
            kind,
            name: name.to_owned(),
            guild: None,
            parent: None,
            recipient: None,
            overwrites: Vec::new(),
            log: Vec::new(),
            nonces: HashMap::new(),
        }
    }

    pub fn of_guild(mut self, guild: Snowflake) -> Self {
        self.guild = Some(guild);
        self
    }
}

/// The whole state. Its lock is held for a lookup or a change, never over an await.
pub(super) struct State {
    pub mint: Mint,
    /// The bot's user id, which is its application id too.
    pub bot: Snowflake,
    pub users: HashMap<Snowflake, User>,
    pub guilds: BTreeMap<Snowflake, Guild>,
    pub channels: HashMap<Snowflake, Channel>,
    pub messages: HashMap<Snowflake, Message>,
    /// Ephemeral messages by the person who sees them, oldest first.
    pub private: HashMap<Snowflake, Vec<Snowflake>>,
    pub events: BTreeMap<Snowflake, ScheduledEvent>,
    /// Registered commands as Discord lists them; the key is the guild, `None` the global scope.
    pub commands: HashMap<Option<Snowflake>, Vec<Value>>,
    pub interactions: HashMap<Snowflake, Interaction>,
    pub tokens: HashMap<String, Snowflake>,
    /// The last interactions as they were sent, oldest first.
    pub recent: VecDeque<Sent>,
    pub sessions: Sessions,
    pub requests: Vec<Request>,
    pub refusals: VecDeque<Refusal>,
    pub buckets: Buckets,
    pub unexpected: Vec<String>,
    pub session_starts_left: u64,
    /// Files that people attached to commands.
    pub uploads: RefCell<Vec<Upload>>,
    /// Files that people have at hand, by name.
    pub at_hand: HashMap<String, Vec<u8>>,
}

/// An interaction as it was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub user: Snowflake,
    pub guild: Option<Snowflake>,
    pub event: Value,
}

impl State {
    /// How many interactions can be delivered once more.
    const RECENT: usize = 512;

    /// Keeps an interaction, to be delivered once more.
    pub fn keep(&mut self, sent: Sent) {
        if self.recent.len() == Self::RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(sent);
    }
}

/// A file that somebody attached to a command.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub id: Snowflake,
    pub bytes: Bytes,
}

impl State {
    pub fn new(bot: User, world: &World) -> Self {
        State {
            mint: Mint::default(),
            bot: bot.id,
            users: HashMap::from([(bot.id, bot)]),
            guilds: BTreeMap::new(),
            channels: HashMap::new(),
            messages: HashMap::new(),
            private: HashMap::new(),
            events: BTreeMap::new(),
            commands: HashMap::new(),
            interactions: HashMap::new(),
            tokens: HashMap::new(),
            recent: VecDeque::new(),
            sessions: Sessions::new(world),
            requests: Vec::new(),
            refusals: VecDeque::new(),
            buckets: Buckets::default(),
            unexpected: Vec::new(),
            session_starts_left: world.session_starts_left,
            uploads: RefCell::default(),
            at_hand: HashMap::new(),
        }
    }

    /// Keeps a file that somebody attached, and gives its id.
    pub fn upload(&self, bytes: Vec<u8>) -> Snowflake {
        let mut uploads = self.uploads.borrow_mut();
        let id = Snowflake(FIRST_UPLOAD + uploads.len() as u64);
        uploads.push(Upload { id, bytes: bytes.into() });
        id
    }

    /// The guild by name, or the first one.
    pub fn guild_named(&self, name: Option<&str>) -> Option<&Guild> {
        match name {
            Some(name) => self.guilds.values().find(|guild| guild.name == name),
            None => self.guilds.values().next(),
        }
    }

    /// A guild's channel or thread by name, with or without `#`.
    pub fn channel_named(&self, guild: Snowflake, name: &str) -> Option<&Channel> {
        let bare = name.trim().trim_start_matches('#');
        let of_guild = self.guilds.get(&guild)?.channels.iter();
        let mut listed = of_guild.filter_map(|id| self.channels.get(id));
        listed.find(|channel| channel.name == bare)
    }

    /// A person by name, with or without `@`.
    pub fn user_named(&self, name: &str) -> Option<&User> {
        let bare = name.trim().trim_start_matches('@');
        self.users.values().find(|user| user.name == bare)
    }

    /// The channel whose overwrites count for this one: a thread's parent, else itself.
    pub fn ruling<'a>(&'a self, channel: &'a Channel) -> &'a Channel {
        let parent = channel.parent.and_then(|id| self.channels.get(&id));
        parent.unwrap_or(channel)
    }

    /// What a user may do in a channel; everything in a direct message.
    pub fn permissions(&self, channel: &Channel, user: Snowflake) -> u64 {
        let guild = channel.guild.and_then(|id| self.guilds.get(&id));
        match guild {
            Some(guild) => permission::in_channel(guild, self.ruling(channel), user),
            None => permission::EVERYONE,
        }
    }

    /// The direct-message channel with a person, opened when there is none.
    pub fn direct_channel(&mut self, person: Snowflake, now: DateTime<Utc>) -> Snowflake {
        let with_person = |c: &&Channel| c.recipient == Some(person);
        if let Some(channel) = self.channels.values().find(with_person) {
            return channel.id;
        }
        let id = self.mint.next(now);
        let mut channel = Channel::new(id, ChannelKind::Dm, "");
        channel.recipient = Some(person);
        self.channels.insert(id, channel);
        id
    }

    /// The messages of a channel as a reader sees them, oldest first.
    pub fn log(&self, channel: Snowflake) -> impl DoubleEndedIterator<Item = &Message> {
        let ids = self.channels.get(&channel).map(|c| c.log.as_slice());
        let ids = ids.unwrap_or_default().iter();
        ids.filter_map(|id| self.messages.get(id))
    }

    /// Commands that work in a guild: its own and the global ones.
    pub fn commands_in(&self, guild: Option<Snowflake>) -> impl Iterator<Item = &Value> {
        let own = guild.and_then(|_| self.commands.get(&guild));
        let global = self.commands.get(&None);
        own.into_iter().chain(global).flatten()
    }
}
