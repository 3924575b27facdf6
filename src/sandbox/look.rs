//! What tests, the prompt and the demo look at.

use serde_json::Value;

use super::event::ScheduledEvent;
use super::log::Request;
use super::shown::Shown;
use super::snowflake::Snowflake;
use super::{Person, Sandbox};

/// How often a bot connected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Connections {
    /// By IDENTIFY.
    pub identified: u64,
    /// By RESUME.
    pub resumed: u64,
}

impl Sandbox {
    /// Somebody of the first server.
    ///
    /// # Panics
    /// When there is no such person.
    #[track_caller]
    pub fn person(&self, name: &str) -> Person {
        self.find_person(None, name).unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// Somebody of a server, by the server's name.
    ///
    /// # Panics
    /// When there is no such server or person.
    #[track_caller]
    pub fn person_in(&self, guild: &str, name: &str) -> Person {
        self.find_person(Some(guild), name).unwrap_or_else(|| panic!("nobody is called {name} in {guild}"))
    }

    /// Somebody of a server (the first one if none is named), if there is such a person.
    pub fn find_person(&self, guild: Option<&str>, name: &str) -> Option<Person> {
        self.core.with(|state| {
            let guild = state.guild_named(guild)?;
            let user = state.user_named(name).filter(|user| !user.bot)?;
            let here = state.channel_named(guild.id, "general");
            let here = here.map(|c| c.id).or(guild.channels.first().copied())?;
            Some(Person::new(self.clone(), user, guild.id, here))
        })
    }

    /// The messages of a channel of the first server, oldest first, edits applied.
    pub fn channel(&self, name: &str) -> Vec<Shown> {
        self.messages(None, name)
    }

    /// The messages of a channel of a server, oldest first, edits applied.
    pub fn channel_in(&self, guild: &str, name: &str) -> Vec<Shown> {
        self.messages(Some(guild), name)
    }

    /// The scheduled events of the first server in Discord's JSON, oldest first.
    pub fn scheduled_events(&self) -> Vec<Value> {
        self.core.with(|state| {
            let guild = state.guild_named(None).map(|guild| guild.id);
            let here = state.events.values().filter(|event| Some(event.guild) == guild);
            here.map(ScheduledEvent::json).collect()
        })
    }

    fn messages(&self, guild: Option<&str>, name: &str) -> Vec<Shown> {
        let now = self.now();
        self.core.with(|state| {
            let guild = state.guild_named(guild).map(|guild| guild.id);
            let channel = guild.and_then(|id| state.channel_named(id, name));
            let log = channel.map(|channel| state.log(channel.id));
            log.into_iter().flatten().map(|m| state.show(m, now)).collect()
        })
    }

    /// The direct messages with a person, oldest first.
    pub fn dms(&self, person: &str) -> Vec<Shown> {
        let now = self.now();
        self.core.with(|state| {
            let user = state.user_named(person).map(|user| user.id);
            let mut channels = state.channels.values();
            let channel = channels.find(|c| c.recipient.is_some() && c.recipient == user);
            let log = channel.map(|channel| state.log(channel.id));
            log.into_iter().flatten().map(|m| state.show(m, now)).collect()
        })
    }

    /// All that the bot said so far, in channels, direct messages and to one person alone, oldest
    /// first.
    pub fn said(&self) -> Vec<Shown> {
        let now = self.now();
        self.core.with(|state| {
            let by_bot = state.messages.values().filter(|m| m.author == state.bot);
            let mut shown: Vec<Shown> = by_bot.map(|m| state.show(m, now)).collect();
            shown.sort_by_key(|shown| shown.id);
            shown
        })
    }

    /// Names of the people of the first server with their roles.
    pub fn people(&self) -> Vec<(String, Vec<String>)> {
        self.core.with(|state| {
            let Some(guild) = state.guild_named(None) else {
                return Vec::new();
            };
            let members = guild.members.iter();
            let people = members.filter_map(|(id, member)| {
                let user = state.users.get(id).filter(|user| !user.bot)?;
                let held = guild.roles.iter().filter(|r| member.roles.contains(&r.id));
                Some((user.name.clone(), held.map(|r| r.name.clone()).collect()))
            });
            people.collect()
        })
    }

    /// Names of the channels of the first server, with `#`.
    pub fn channels(&self) -> Vec<String> {
        self.core.with(|state| {
            let guild = state.guild_named(None);
            let ids = guild.into_iter().flat_map(|guild| &guild.channels);
            ids.map(|id| state.channel_label(*id)).collect()
        })
    }

    /// The id of a server by its name.
    ///
    /// # Panics
    /// When there is no such server.
    #[track_caller]
    pub fn guild_id(&self, name: &str) -> Snowflake {
        let found = self.core.with(|state| state.guild_named(Some(name)).map(|guild| guild.id));
        found.unwrap_or_else(|| panic!("no server is called {name}"))
    }

    /// The id of a server's channel, by the channel's name.
    pub fn channel_id(&self, guild: Snowflake, name: &str) -> Option<Snowflake> {
        self.core.with(|state| state.channel_named(guild, name).map(|channel| channel.id))
    }

    /// The id of a server's role, by the role's name.
    pub fn role_id(&self, guild: Snowflake, name: &str) -> Option<Snowflake> {
        self.core.with(|state| {
            let mut roles = state.guilds.get(&guild)?.roles.iter();
            roles.find(|role| role.name == name).map(|role| role.id)
        })
    }

    /// A channel's name with `#`, or `@name` for direct messages.
    pub fn label(&self, channel: Snowflake) -> String {
        self.core.with(|state| state.channel_label(channel))
    }

    /// Every REST request that the bot made so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.core.with(|state| state.requests.clone())
    }

    /// What a well-made bot never does: unknown routes, malformed bodies, second answers, late
    /// answers, interactions left without one. Scripted failures don't count.
    pub fn unexpected(&self) -> Vec<String> {
        self.core.with(|state| {
            let late = state.unanswered().into_iter();
            let late = late.map(|i| format!("interaction {} was never answered", i.id));
            state.unexpected.iter().cloned().chain(late).collect()
        })
    }

    /// How often bots connected so far.
    pub fn connections(&self) -> Connections {
        self.core.with(|state| Connections { identified: state.sessions.identified, resumed: state.sessions.resumed })
    }
}
