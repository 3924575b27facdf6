//! The servers that a sandbox starts with: a small builder and the seeded company.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use super::permission::{ADMINISTRATOR, EVERYONE};
use super::snowflake::{Mint, Snowflake};
use super::state::{Channel, ChannelKind, Guild, Member, Role, Standing, State, User};

/// The bot's name wherever it appears.
pub(super) const BOT_NAME: &str = "cosell";

/// Everything that exists before the bot connects.
#[derive(Clone, Debug)]
pub struct World {
    servers: Vec<Server>,
    pub(super) heartbeat: Duration,
    pub(super) privileged_intents: u64,
    pub(super) session_starts_left: u64,
}

/// One server of a [`World`], as its builder was told.
#[derive(Clone, Debug)]
pub struct Server {
    name: String,
    channels: Vec<String>,
    roles: Vec<(String, bool)>,
    people: Vec<Seat>,
    bot_permissions: u64,
}

#[derive(Clone, Debug)]
struct Seat {
    name: String,
    roles: Vec<String>,
    admin: bool,
}

impl Server {
    /// A server without channels, roles or people.
    pub fn new(name: &str) -> Self {
        Server {
            name: name.to_owned(),
            channels: Vec::new(),
            roles: Vec::new(),
            people: Vec::new(),
            bot_permissions: EVERYONE,
        }
    }

    /// Adds text channels, named with or without `#`.
    pub fn channels(mut self, names: &[&str]) -> Self {
        let bare = names.iter().map(|n| n.trim_start_matches('#').to_owned());
        self.channels.extend(bare);
        self
    }

    /// Adds a role that anybody may mention.
    pub fn mentionable_role(mut self, name: &str) -> Self {
        self.roles.push((name.to_owned(), true));
        self
    }

    /// Adds a role that only holders of "Mention Everyone" may mention.
    pub fn role(mut self, name: &str) -> Self {
        self.roles.push((name.to_owned(), false));
        self
    }

    /// Adds a person with roles. The same name in two servers is the same user.
    pub fn person(mut self, name: &str, roles: &[&str]) -> Self {
        self.people.push(Seat {
            name: name.to_owned(),
            roles: roles.iter().map(|&r| r.to_owned()).collect(),
            admin: false,
        });
        self
    }

    /// Adds a person with roles who may also do everything in the server.
    pub fn admin(self, name: &str, roles: &[&str]) -> Self {
        let mut server = self.person(name, roles);
        if let Some(seat) = server.people.last_mut() {
            seat.admin = true;
        }
        server
    }

    /// Replaces what the bot's own role grants it (permission bits); `@everyone` still adds its own.
    pub fn bot_permissions(mut self, bits: u64) -> Self {
        self.bot_permissions = bits;
        self
    }

    /// The company of the demo: its five channels, three roles and seven people, under a name.
    pub fn company(name: &str) -> Self {
        Server::new(name)
            .channels(&["pipeline", "nudges", "ops", "reviews", "general"])
            .role("Reps")
            .mentionable_role("Leads")
            .role("Finance")
            .admin("ada", &["Leads"])
            .person("lena", &["Leads"])
            .person("rita", &["Reps"])
            .person("ben", &["Reps"])
            .person("ana", &["Reps"])
            .person("finn", &["Finance"])
            .person("newt", &[])
    }
}

impl World {
    /// A world of these servers, with Discord's usual heartbeat of 41.25 s.
    pub fn new(servers: Vec<Server>) -> Self {
        World { servers, heartbeat: Duration::from_millis(41_250), privileged_intents: 0, session_starts_left: 1_000 }
    }

    /// The server "Northwind": ada (admin, Leads), lena (Leads), rita, ben, ana (Reps),
    /// finn (Finance) and newt (no role).
    pub fn seeded() -> Self {
        World::new(vec![Server::company("Northwind")])
    }

    /// As many companies as asked for: "Northwind", then "Northwind 2" and so on, all of the
    /// same seven people.
    pub fn with_guilds(count: usize) -> Self {
        let name = |n: usize| match n {
            0 => "Northwind".to_owned(),
            n => format!("Northwind {}", n + 1),
        };
        World::new((0..count).map(|n| Server::company(&name(n))).collect())
    }

    /// Adds a server.
    pub fn server(mut self, server: Server) -> Self {
        self.servers.push(server);
        self
    }

    /// Asks bots for a heartbeat this often.
    pub fn heartbeat(mut self, interval: Duration) -> Self {
        self.heartbeat = interval;
        self
    }

    /// Switches privileged intents on for the application (bits); others close with 4014.
    pub fn privileged_intents(mut self, bits: u64) -> Self {
        self.privileged_intents = bits;
        self
    }

    /// What `/gateway/bot` says is left of the day's 1,000 session starts.
    pub fn session_starts_left(mut self, left: u64) -> Self {
        self.session_starts_left = left;
        self
    }

    /// Brings the world into being.
    pub(super) fn found(self) -> State {
        let mut founding = Founding::new(&self);
        let servers = self.servers.clone();
        for server in &servers {
            founding.settle(server);
        }
        founding.state
    }
}

/// The day before which everything in the world was made, so that later ids are greater.
fn long_ago() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 1, 8, 9, 0, 0).single().expect("a UTC instant is never ambiguous")
}

struct Founding {
    state: State,
    mint: Mint,
    at: DateTime<Utc>,
    names: HashMap<String, Snowflake>,
}

impl Founding {
    fn new(world: &World) -> Self {
        let mut mint = Mint::default();
        let at = long_ago();
        let bot = User { id: mint.next(at), name: BOT_NAME.to_owned(), bot: true, takes_direct_messages: false };
        Founding { state: State::new(bot, world), mint, at, names: HashMap::new() }
    }

    /// A new id, a millisecond after the one before, so that guilds spread over shards.
    fn id(&mut self) -> Snowflake {
        self.at += TimeDelta::milliseconds(1);
        self.mint.next(self.at)
    }

    fn user(&mut self, name: &str) -> Snowflake {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = self.id();
        self.names.insert(name.to_owned(), id);
        let user = User { id, name: name.to_owned(), bot: false, takes_direct_messages: true };
        self.state.users.insert(id, user);
        id
    }

    fn settle(&mut self, server: &Server) {
        // A company takes twelve; one more keeps its guilds from all falling on one shard of 2, 3 or 4.
        self.at += TimeDelta::milliseconds(1);
        let id = self.id();
        let roles = self.roles(id, server);
        let mut owner = self.id();
        let mut members = BTreeMap::new();
        for seat in &server.people {
            let user = self.user(&seat.name);
            if seat.admin && !members.contains_key(&owner) {
                owner = user;
            }
            members.insert(user, self.member(&roles, &seat.role_names()));
        }
        let bot_role = [BOT_NAME.to_owned()];
        members.insert(self.state.bot, self.member(&roles, &bot_role));
        let channels = self.channels(id, server);
        let guild = Guild {
            id,
            name: server.name.clone(),
            owner,
            roles,
            members,
            channels,
            standing: Standing::Here,
            founded: self.at,
        };
        self.state.guilds.insert(id, guild);
    }

    fn roles(&mut self, guild: Snowflake, server: &Server) -> Vec<Role> {
        let role = |id, name: &str, permissions, mentionable, managed| Role {
            id,
            name: name.to_owned(),
            permissions,
            mentionable,
            managed,
        };
        let mut roles = vec![role(guild, "@everyone", EVERYONE, false, false)];
        for (name, mentionable) in &server.roles {
            roles.push(role(self.id(), name, 0, *mentionable, false));
        }
        if server.people.iter().any(|seat| seat.admin) {
            roles.push(role(self.id(), "Admins", ADMINISTRATOR, false, false));
        }
        roles.push(role(self.id(), BOT_NAME, server.bot_permissions, false, true));
        roles
    }

    fn member(&self, roles: &[Role], names: &[String]) -> Member {
        let held = roles.iter().filter(|role| names.contains(&role.name));
        Member { roles: held.map(|role| role.id).collect(), joined: self.at }
    }

    fn channels(&mut self, guild: Snowflake, server: &Server) -> Vec<Snowflake> {
        let mut ids = Vec::new();
        for name in &server.channels {
            let id = self.id();
            let channel = Channel::new(id, ChannelKind::Text, name).of_guild(guild);
            self.state.channels.insert(id, channel);
            ids.push(id);
        }
        ids
    }
}

impl Seat {
    fn role_names(&self) -> Vec<String> {
        let mut names = self.roles.clone();
        if self.admin {
            names.push("Admins".to_owned());
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD_NO_PAD;

    use super::super::{BOT_ID, TOKEN};
    use super::*;

    #[test]
    fn the_token_begins_with_the_id_of_the_bot() {
        let state = World::seeded().found();
        assert_eq!(state.bot, BOT_ID);
        assert!(TOKEN.starts_with(&BASE64_STANDARD_NO_PAD.encode(BOT_ID.to_string())));
    }

    #[test]
    fn a_thousand_guilds_spread_over_shards() {
        let state = World::with_guilds(1_000).found();
        let of_first = state.guilds.keys().filter(|id| id.shard(4) == 0).count();
        assert_eq!(state.guilds.len(), 1_000);
        assert!((200..300).contains(&of_first), "{of_first}");
    }
}
