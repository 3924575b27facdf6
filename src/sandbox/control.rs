//! What tests and the demo let happen to the servers, the connections and the people.

use super::Sandbox;
use super::fault::Refusal;
use super::gateway::Out;
use super::payload;
use super::permission;
use super::rest::Pace;
use super::snowflake::Snowflake;
use super::state::{Guild, Overwrite, Standing, State};

use serde_json::json;

/// How the gateway ends a bot's connections.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Disconnect {
    /// Closes with a code; the session can be resumed.
    Close(u16),
    /// The TCP connection ends without a word; the session can be resumed.
    Cut,
    /// Asks to reconnect and resume (op 7).
    Reconnect,
    /// Says that the session is gone (op 9): identify anew.
    InvalidSession,
}

impl Sandbox {
    /// Scripts a failure of coming REST calls. Earlier ones go first.
    pub fn refuse(&self, refusal: Refusal) {
        self.core.with(|state| state.refusals.push_back(refusal));
    }

    /// How many scripted failures no call has met to the end yet.
    pub fn failures_left(&self) -> usize {
        self.core.with(|state| state.refusals.len())
    }

    /// Takes back all scripted failures.
    pub fn forgive(&self) {
        self.core.with(|state| state.refusals.clear());
    }

    /// Keeps Discord's rate limits, or lets everything through.
    pub fn pace(&self, pace: Pace) {
        self.core.with(|state| state.buckets.pace = pace);
    }

    /// Forgets requests, mistakes and settled interactions, so that a long run stays small.
    pub fn forget_history(&self) {
        self.core.with(|state| {
            state.requests.clear();
            state.unexpected.clear();
            state.interactions.retain(|_, interaction| interaction.is_open());
            let State { tokens, interactions, .. } = state;
            tokens.retain(|_, id| interactions.contains_key(id));
        });
    }

    /// Gives people a file that they can attach by its name.
    pub fn put_at_hand(&self, name: &str, bytes: &[u8]) {
        self.core.with(|state| drop(state.at_hand.insert(name.to_owned(), bytes.to_vec())));
    }

    /// A person leaves the first server.
    pub fn remove_person(&self, name: &str) {
        self.change_guild(None, |state, guild| {
            let Some(user) = state.user_named(name).map(|user| user.id) else {
                return;
            };
            if let Some(guild) = state.guilds.get_mut(&guild) {
                guild.members.remove(&user);
            }
            state.announce_leaver(guild, user);
        });
    }

    /// Gives a person of the first server a role, by name.
    pub fn give_role(&self, person: &str, role: &str) {
        self.change_member(person, role, |roles, role| roles.push(role));
    }

    /// Takes a role from a person of the first server.
    pub fn take_role(&self, person: &str, role: &str) {
        self.change_member(person, role, |roles, role| roles.retain(|id| *id != role));
    }

    /// Denies the bot these permission bits in a channel of the first server; 0 lifts it.
    pub fn set_permissions(&self, channel: &str, deny: u64) {
        self.change_channel(channel, |state, channel| {
            let target = state.bot;
            if let Some(channel) = state.channels.get_mut(&channel) {
                channel.overwrites.retain(|o| o.target != target);
                let of_member = true;
                channel.overwrites.push(Overwrite { target, of_member, allow: 0, deny });
            }
        });
    }

    /// Denies everybody but the bot to mention everyone and closed roles in a server, the bot too:
    /// takes "Mention Everyone" out of `@everyone`.
    pub fn deny_mentions(&self) {
        self.change_guild(None, |state, guild| {
            let roles = state.guilds.get_mut(&guild).map(|g| &mut g.roles);
            for role in roles.into_iter().flatten() {
                role.permissions &= !permission::MENTION_EVERYONE;
            }
        });
    }

    /// Takes the permission to create events from everybody in the first server, the bot too.
    pub fn deny_events(&self) {
        self.change_guild(None, |state, guild| {
            let roles = state.guilds.get_mut(&guild).map(|g| &mut g.roles);
            for role in roles.into_iter().flatten() {
                role.permissions &= !(permission::CREATE_EVENTS | permission::MANAGE_EVENTS);
            }
        });
    }

    /// Somebody deletes all scheduled events of the first server.
    pub fn delete_events(&self) {
        self.change_guild(None, |state, guild| state.events.retain(|_, event| event.guild != guild));
    }

    /// Lets anybody mention a role of the first server, or only those with the permission.
    pub fn set_mentionable(&self, role: &str, by: Mentionable) {
        self.change_guild(None, |state, guild| {
            let roles = state.guilds.get_mut(&guild).map(|g| &mut g.roles);
            let named = roles.into_iter().flatten().filter(|r| r.name == role);
            named.for_each(|role| role.mentionable = by == Mentionable::ByAnybody);
        });
    }

    /// Deletes a channel of the first server with all that is in it.
    pub fn delete_channel(&self, name: &str) {
        self.change_channel(name, |state, channel| {
            let Some(removed) = state.channels.remove(&channel) else {
                return;
            };
            let (guild, event) = (removed.guild, payload::channel(state, &removed));
            if let Some(guild) = guild.and_then(|id| state.guilds.get_mut(&id)) {
                guild.channels.retain(|id| *id != channel);
            }
            state.sessions.dispatch(guild, "CHANNEL_DELETE", event);
        });
    }

    /// A person takes no more direct messages.
    pub fn close_direct_messages(&self, person: &str) {
        self.set_direct_messages(person, Direct::Closed);
    }

    /// A person takes direct messages again.
    pub fn open_direct_messages(&self, person: &str) {
        self.set_direct_messages(person, Direct::Open);
    }

    /// Throws the bot out of a server.
    pub fn remove_bot(&self, guild: &str) {
        self.set_standing(guild, Standing::Removed);
    }

    /// A server becomes unavailable.
    pub fn outage(&self, guild: &str) {
        self.set_standing(guild, Standing::Outage);
    }

    /// A server is there again: after an outage, or because the bot was invited again.
    pub fn restore(&self, guild: &str) {
        self.set_standing(guild, Standing::Here);
    }

    /// Ends the bot's gateway connections in one of Discord's ways.
    pub fn disconnect_gateway(&self, how: Disconnect) {
        self.core.with(|state| {
            let out = match how {
                Disconnect::Close(code) => Out::Close(code),
                Disconnect::Cut => Out::Cut,
                Disconnect::Reconnect => Out::Event(json!({"op": 7, "d": null}).to_string().into()),
                Disconnect::InvalidSession => Out::Event(json!({"op": 9, "d": false}).to_string().into()),
            };
            state.sessions.tell_all(&out);
            if how == Disconnect::InvalidSession {
                state.sessions.forget();
            }
        });
        self.core.moved();
    }

    /// The gateway goes silent with its connections open: no events, no acknowledgements.
    pub fn silence_gateway(&self) {
        self.core.with(|state| state.sessions.silent = true);
    }

    /// The gateway speaks again.
    pub fn wake_gateway(&self) {
        self.core.with(|state| state.sessions.silent = false);
    }

    /// The next IDENTIFY meets this close code.
    pub fn refuse_identify(&self, close_code: u16) {
        self.core.with(|state| state.sessions.refuse_next.push_back(close_code));
    }

    fn set_direct_messages(&self, person: &str, direct: Direct) {
        self.core.with(|state| {
            let id = state.user_named(person).map(|user| user.id);
            if let Some(user) = id.and_then(|id| state.users.get_mut(&id)) {
                user.takes_direct_messages = direct == Direct::Open;
            }
        });
    }

    fn set_standing(&self, guild: &str, standing: Standing) {
        self.change_guild(Some(guild), |state, id| {
            if let Some(guild) = state.guilds.get_mut(&id) {
                guild.standing = standing;
            }
            match standing {
                Standing::Here => state.announce_guild(id),
                Standing::Outage | Standing::Removed => state.announce_loss(id, standing),
            }
        });
    }

    fn change_guild(&self, name: Option<&str>, change: impl FnOnce(&mut State, Snowflake)) {
        self.core.with(|state| {
            if let Some(id) = state.guild_named(name).map(|guild: &Guild| guild.id) {
                change(state, id);
            }
        });
        self.core.moved();
    }

    fn change_channel(&self, name: &str, change: impl FnOnce(&mut State, Snowflake)) {
        self.change_guild(None, |state, guild| {
            if let Some(id) = state.channel_named(guild, name).map(|c| c.id) {
                change(state, id);
            }
        });
    }

    fn change_member(&self, person: &str, role: &str, change: impl FnOnce(&mut Vec<Snowflake>, Snowflake)) {
        self.change_guild(None, |state, guild| {
            let user = state.user_named(person).map(|user| user.id);
            let Some(guild) = state.guilds.get_mut(&guild) else {
                return;
            };
            let role = guild.roles.iter().find(|r| r.name == role).map(|r| r.id);
            let member = user.and_then(|id| guild.members.get_mut(&id));
            if let (Some(member), Some(role)) = (member, role) {
                change(&mut member.roles, role);
            }
        });
    }
}

/// Who may mention a role.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mentionable {
    /// Anybody.
    ByAnybody,
    /// Those with "Mention Everyone".
    ByPermission,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Direct {
    Open,
    Closed,
}
