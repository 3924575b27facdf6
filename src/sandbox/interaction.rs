//! The life of an interaction: sent by a person, answered once within 3 s, followed up for 15 min.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use super::payload;
use super::reply::{Choice, Form};
use super::slash;
use super::snowflake::Snowflake;
use super::state::{Channel, Sent, State};

/// Real time until the first answer must have come.
pub(super) const DEADLINE: Duration = Duration::from_secs(3);

/// Real time for which somebody waits for a message to change that the bot said it would edit.
pub(super) const PATIENCE_FOR_EDIT: Duration = Duration::from_secs(5);

/// Virtual time for which an interaction's token works.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(15);

/// What a person did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    Form = 5,
}

/// What the bot answered first.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// A message of its own, by its id.
    Message(Snowflake),
    /// "Thinking…", by the id of the message to come.
    Thinking(Snowflake),
    /// The message that it came from will be edited, or not.
    Later,
    /// It was, as a message of the channel.
    Edited(Snowflake),
    /// The message that it came from was edited at once.
    Updated(Snowflake),
    Choices(Vec<Choice>),
    Form(Form),
}

/// How far an interaction is, for those who wait for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stage {
    Waiting,
    /// Answered with a promise.
    Promised,
    Settled,
}

/// One thing that a person did.
#[derive(Debug)]
pub(super) struct Interaction {
    pub id: Snowflake,
    pub kind: Kind,
    pub token: String,
    pub user: Snowflake,
    pub guild: Option<Snowflake>,
    pub channel: Snowflake,
    /// The command's name, of what was typed or chosen from a menu.
    pub command: Option<String>,
    /// The message whose component was used, or that a form was opened from.
    pub source: Option<Snowflake>,
    pub sent: Instant,
    pub made: DateTime<Utc>,
    pub answer: Option<Answer>,
    pub stage: watch::Sender<Stage>,
}

/// What [`State::begin`] needs to make an interaction.
pub(super) struct Deed {
    pub kind: Kind,
    pub user: Snowflake,
    pub channel: Snowflake,
    pub source: Option<Snowflake>,
    pub data: Value,
}

impl State {
    /// A message was edited: those who pressed something on it, and were told that it will be, see so.
    pub(super) fn settle_presses_on(&mut self, message: Snowflake) {
        let waiting = self.interactions.values_mut().filter(|i| i.source == Some(message));
        for interaction in waiting.filter(|i| matches!(i.answer, Some(Answer::Later))) {
            interaction.answer = Some(Answer::Edited(message));
            interaction.reach(Stage::Settled);
        }
    }
}

impl Interaction {
    /// Whether the first answer comes too late.
    pub fn is_overdue(&self) -> bool {
        self.answer.is_none() && self.sent.elapsed() > DEADLINE
    }

    /// Whether its token still opens follow-ups and edits.
    pub fn token_works(&self, now: DateTime<Utc>) -> bool {
        now - self.made <= TOKEN_LIFE
    }

    /// The message that `@original` stands for.
    pub fn original(&self) -> Option<Snowflake> {
        match self.answer.as_ref()? {
            Answer::Message(id) | Answer::Thinking(id) | Answer::Updated(id) | Answer::Edited(id) => Some(*id),
            Answer::Later => self.source,
            Answer::Choices(_) | Answer::Form(_) => None,
        }
    }

    pub fn reach(&self, stage: Stage) {
        self.stage.send_replace(stage);
    }

    /// Whether somebody is still owed an answer.
    pub fn is_open(&self) -> bool {
        match *self.stage.borrow() {
            Stage::Waiting => !self.is_overdue(),
            // Who was told that a message will change sees it, or sees that it stays.
            Stage::Promised => !matches!(self.answer, Some(Answer::Later)) || self.sent.elapsed() < PATIENCE_FOR_EDIT,
            Stage::Settled => false,
        }
    }

    /// How a message that answers it names it.
    pub fn metadata(&self, state: &State) -> Value {
        let user = state.users.get(&self.user).map(payload::user);
        // In direct messages with the bot the owner is "0".
        let owners = json!({"0": self.guild.unwrap_or_default()});
        let mut json = json!({
            "id": self.id,
            "type": self.kind as u8,
            "user": user,
            "authorizing_integration_owners": owners,
        });
        match self.kind {
            Kind::Component => json["interacted_message_id"] = json!(self.source),
            Kind::Form => {
                json["triggering_interaction_metadata"] = json!({
                    "id": self.id, "type": 2, "user": user,
                    "authorizing_integration_owners": owners,
                });
            }
            Kind::Command | Kind::Autocomplete => {}
        }
        json
    }
}

impl State {
    /// Makes an interaction and sends it over the gateway; gives its id and where to wait.
    pub fn begin(&mut self, deed: Deed, now: DateTime<Utc>) -> Option<(Snowflake, watch::Receiver<Stage>)> {
        let id = self.mint.next(now);
        let token = format!("aW50ZXJhY3Rpb246{id}.{:0>120}", id.0 ^ 0x5bd1_e995);
        let event = self.event(&deed, id, &token)?;
        let channel = self.channels.get(&deed.channel)?;
        let (stage, waiting) = watch::channel(Stage::Waiting);
        let interaction = Interaction {
            id,
            kind: deed.kind,
            token: token.clone(),
            user: deed.user,
            guild: channel.guild,
            channel: deed.channel,
            command: (deed.kind == Kind::Command).then(|| slash::name_of(&deed.data)),
            source: deed.source,
            sent: Instant::now(),
            made: now,
            answer: None,
            stage,
        };
        let guild = channel.guild;
        self.interactions.insert(id, interaction);
        self.tokens.insert(token, id);
        self.keep(Sent { user: deed.user, guild, event: event.clone() });
        self.sessions.dispatch(guild, "INTERACTION_CREATE", event);
        Some((id, waiting))
    }

    /// The INTERACTION_CREATE of a deed.
    fn event(&self, deed: &Deed, id: Snowflake, token: &str) -> Option<Value> {
        let channel = self.channels.get(&deed.channel)?;
        let user = self.users.get(&deed.user)?;
        let mut event = json!({
            "id": id,
            "application_id": self.bot,
            "type": deed.kind as u8,
            "token": token,
            "version": 1,
            "data": deed.data,
            "channel": payload::channel_of_interaction(self, channel, deed.user),
            "channel_id": channel.id,
            "app_permissions": self.permissions(channel, self.bot).to_string(),
            "locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": 10_485_760,
        });
        self.place(&mut event, channel, user.id);
        if let Some(source) = deed.source.and_then(|id| self.messages.get(&id)) {
            event["message"] = source.json(self);
        }
        Some(event)
    }

    /// Says where and by whom: a member of a guild, or a user in a direct message.
    fn place(&self, event: &mut Value, channel: &Channel, user: Snowflake) {
        let guild = channel.guild.and_then(|id| self.guilds.get(&id));
        if let Some(guild) = guild {
            event["guild_id"] = json!(guild.id);
            event["guild_locale"] = json!("en-US");
            event["guild"] = json!({"id": guild.id, "locale": "en-US", "features": []});
            event["member"] = payload::acting_member(self, guild, channel, user);
            event["context"] = json!(0);
            event["authorizing_integration_owners"] = json!({"0": guild.id});
        } else {
            event["user"] = self.users.get(&user).map_or(Value::Null, payload::user);
            event["context"] = json!(1);
            event["authorizing_integration_owners"] = json!({"0": "0"});
        }
    }

    /// Marks the interactions that were never answered, and forgets nothing else about them.
    pub fn unanswered(&self) -> Vec<&Interaction> {
        let all = self.interactions.values();
        all.filter(|i| i.is_overdue()).collect()
    }
}
