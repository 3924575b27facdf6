//! What somebody sees, as JSON: the servers and channels that are theirs, who is there, and the messages of the channel
//! that they stand in. Texts are as they were sent; the page puts names to the ids in them.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::sandbox::message::{LOADING, Message, png_size};
use crate::sandbox::person::Person;
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::{Channel, ChannelKind, Guild, Standing, State, User};
use crate::sandbox::{permission, slash};

/// Messages of a channel that are shown at most.
const SHOWN: usize = 100;

impl State {
    /// The server that a channel belongs to.
    pub(super) fn guild_of(&self, channel: Snowflake) -> Option<Snowflake> {
        self.channels.get(&channel)?.guild
    }

    /// The first person of the first server.
    pub(super) fn first_person(&self) -> Option<&User> {
        let mut members = self.guild_named(None)?.members.keys();
        members.find_map(|id| self.users.get(id).filter(|user| !user.bot))
    }

    /// The channel that was asked for, where the person may see it, or the first one that they do see: of the same
    /// server, if they are in it.
    pub(super) fn channel_for(&self, user: Snowflake, asked: Option<Snowflake>) -> Option<Snowflake> {
        let asked = asked.and_then(|id| self.channels.get(&id));
        if let Some(channel) = asked.filter(|channel| self.sees(user, channel)) {
            return Some(channel.id);
        }
        let same = asked.and_then(|channel| self.guilds.get(&channel.guild?));
        let first = |guild| self.visible(guild, user).next();
        same.into_iter().chain(self.guilds.values()).find_map(first).map(|channel| channel.id)
    }

    /// Everything that a person sees from where they stand.
    pub(super) fn view(&self, person: &Person, now: DateTime<Utc>) -> Value {
        let user = person.id();
        let servers: Vec<Value> = self
            .guilds
            .values()
            .filter(|guild| guild.members.contains_key(&user))
            .map(|guild| self.server(guild, user))
            .collect();
        let direct = self.channels.values().find(|channel| channel.recipient == Some(user));
        json!({
            "now": now,
            "me": {"id": user, "name": person.name()},
            "here": person.here(),
            "servers": servers,
            "direct": direct.map(|channel| self.channel_seen(channel, user)),
            "people": self.people_seen(person.guild()),
            "names": self.names(),
            "events": self.events_of(person.guild(), now),
            "messages": self.messages_seen(person.here(), user),
        })
    }

    /// The commands that a person can use where they stand, as they are registered.
    pub(super) fn commands_of(&self, person: &Person) -> Value {
        let Some(channel) = self.channels.get(&person.here()) else {
            return json!([]);
        };
        let usable = self.commands_in(channel.guild).filter(|command| {
            let (name, kind) = (command["name"].as_str().unwrap_or_default(), command["type"].as_u64().unwrap_or(1));
            slash::find(self, channel, person.id(), name, kind).is_ok()
        });
        usable.cloned().collect()
    }

    /// When an event of a server starts next.
    pub(super) fn next_event(&self, guild: Snowflake, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let of_guild = self.events.values().filter(|event| event.guild == guild);
        of_guild.filter_map(|event| event.next_start(now)).min()
    }

    fn sees(&self, user: Snowflake, channel: &Channel) -> bool {
        match channel.recipient {
            Some(recipient) => recipient == user,
            None => self.permissions(channel, user) & permission::VIEW_CHANNEL != 0,
        }
    }

    fn visible<'a>(&'a self, guild: &'a Guild, user: Snowflake) -> impl Iterator<Item = &'a Channel> {
        let channels = guild.channels.iter().filter_map(|id| self.channels.get(id));
        channels.filter(move |channel| self.sees(user, channel))
    }

    fn server(&self, guild: &Guild, user: Snowflake) -> Value {
        let channels: Vec<Value> = self.visible(guild, user).map(|channel| self.channel_seen(channel, user)).collect();
        json!({
            "id": guild.id,
            "name": guild.name,
            "has_bot": guild.standing == Standing::Here,
            "channels": channels,
            "roles": guild.roles.iter().filter(|r| r.id != guild.id).map(|r| &r.name).collect::<Vec<_>>(),
        })
    }

    /// A channel, with what a person needs to know what is unread in it.
    fn channel_seen(&self, channel: &Channel, user: Snowflake) -> Value {
        let own = self.private_in(channel.id, user).map(|message| message.id).max();
        let pings: Vec<Snowflake> = self.log(channel.id).filter(|m| self.pings(m, user)).map(|m| m.id).collect();
        json!({
            "id": channel.id,
            "name": channel.name,
            "is_thread": channel.kind == ChannelKind::Thread,
            "parent": channel.parent,
            "last": channel.log.last().copied().max(own),
            "pings": pings,
        })
    }

    /// Whether a message pinged somebody: by name, by a role of theirs, as one of everyone, or by coming to them alone.
    fn pings(&self, message: &Message, user: Snowflake) -> bool {
        let named = |name: &str| message.pinged.iter().any(|pinged| pinged == name);
        let Some(guild) = message.guild.and_then(|id| self.guilds.get(&id)) else {
            return message.author != user;
        };
        let held = guild.members.get(&user).map(|member| member.roles.as_slice()).unwrap_or_default();
        let mut roles = guild.roles.iter().filter(|role| held.contains(&role.id));
        named("everyone") || self.users.get(&user).is_some_and(|u| named(&u.name)) || roles.any(|r| named(&r.name))
    }

    fn people_seen(&self, guild: Snowflake) -> Vec<Value> {
        let Some(guild) = self.guilds.get(&guild) else {
            return Vec::new();
        };
        let members = guild.members.iter();
        let people = members.filter_map(|(id, member)| {
            let user = self.users.get(id).filter(|user| !user.bot)?;
            let roles = guild.roles.iter().filter(|role| member.roles.contains(&role.id));
            Some(json!({
                "id": id,
                "name": user.name,
                "roles": roles.map(|role| &role.name).collect::<Vec<_>>(),
                "pings": self.pings_of(user.id),
            }))
        });
        people.collect()
    }

    /// Every message that pinged somebody, with its channel.
    fn pings_of(&self, user: Snowflake) -> Vec<Value> {
        let channels = self.channels.values().filter(|channel| self.sees(user, channel));
        let pings = channels.flat_map(|channel| self.log(channel.id).filter(|message| self.pings(message, user)));
        pings.map(|message| json!([message.channel, message.id])).collect()
    }

    /// What ids in texts stand for.
    fn names(&self) -> Value {
        let users: Map<String, Value> = self.users.values().map(|u| (u.id.to_string(), json!(u.name))).collect();
        let roles = self.guilds.values().flat_map(|guild| &guild.roles);
        let roles: Map<String, Value> = roles.map(|role| (role.id.to_string(), json!(role.name))).collect();
        let channels: Map<String, Value> = self.channels.values().map(|c| (c.id.to_string(), json!(c.name))).collect();
        json!({"users": users, "roles": roles, "channels": channels})
    }

    fn events_of(&self, guild: Snowflake, now: DateTime<Utc>) -> Vec<Value> {
        let of_guild = self.events.values().filter(|event| event.guild == guild);
        let told = of_guild.map(|event| {
            json!({
                "id": event.id,
                "name": event.fields["name"],
                "description": event.fields["description"],
                "place": event.fields["entity_metadata"]["location"],
                "next": event.next_start(now),
            })
        });
        told.collect()
    }

    fn private_in(&self, channel: Snowflake, user: Snowflake) -> impl Iterator<Item = &Message> {
        let ids = self.private.get(&user).into_iter().flatten();
        ids.filter_map(|id| self.messages.get(id)).filter(move |message| message.channel == channel)
    }

    fn messages_seen(&self, channel: Snowflake, user: Snowflake) -> Vec<Value> {
        let mut seen: Vec<&Message> = self.log(channel).chain(self.private_in(channel, user)).collect();
        seen.sort_by_key(|message| message.id);
        let earlier = seen.len().saturating_sub(SHOWN);
        seen[earlier..].iter().map(|message| self.message_seen(message, user)).collect()
    }

    fn message_seen(&self, message: &Message, user: Snowflake) -> Value {
        let author = self.users.get(&message.author);
        let origin = message.interaction.and_then(|id| self.interactions.get(&id));
        let thread = message.thread.and_then(|id| self.channels.get(&id));
        let files = message.files.iter().enumerate().map(|(number, file)| {
            json!({
                "name": file.name,
                "description": file.description,
                "bytes": file.bytes.len(),
                "size": png_size(&file.bytes),
                "url": format!("/files/{}/{number}", message.id),
            })
        });
        json!({
            "id": message.id,
            "author": author.map(|author| &author.name),
            "is_bot": author.is_some_and(|author| author.bot),
            "at": message.at,
            "edited": message.edited,
            "content": message.content,
            "embeds": message.embeds,
            "rows": message.components,
            "files": files.collect::<Vec<_>>(),
            "is_private": message.only_for.is_some(),
            "is_thinking": message.flags & LOADING != 0,
            "pings_me": self.pings(message, user),
            "answers": origin.and_then(|origin| {
                Some(json!({"who": self.users.get(&origin.user)?.name, "command": origin.command}))
            }),
            "thread": thread.map(|thread| json!({
                "id": thread.id, "name": thread.name, "count": thread.log.len(),
            })),
        })
    }
}
