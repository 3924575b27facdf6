//! Channels: their messages, threads, and direct messages.

use serde_json::{Value, json};

use super::callback::shown;
use super::post::{self, Edit};
use super::{Answer, Call, Outcome, done, id, ok, unknown};
use crate::sandbox::check::message::{self as check, Route};
use crate::sandbox::check::{length, list};
use crate::sandbox::fault::Rejection;
use crate::sandbox::mention::Source;
use crate::sandbox::message::{HAS_THREAD, Message};
use crate::sandbox::payload;
use crate::sandbox::permission::{self, in_guild};
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::{Channel, ChannelKind, Standing, State};

/// For how long a repeated nonce gives the first message, in virtual minutes.
const NONCE_MINUTES: i64 = 5;

pub(super) fn route(state: &mut State, call: &Call, channel: Snowflake, rest: &[&str]) -> Outcome {
    visible(state, channel)?;
    match (call.method.as_str(), rest) {
        ("GET", []) => ok(payload::channel(state, &state.channels[&channel])),
        ("GET", ["messages"]) => read(state, call, channel),
        ("POST", ["messages"]) => create(state, call, channel),
        ("GET", ["messages", message]) => {
            needs(state, channel, permission::READ_MESSAGE_HISTORY)?;
            shown(state, of_channel(state, channel, id(message)?)?)
        }
        ("PATCH", ["messages", message]) => edit(state, call, channel, id(message)?),
        ("DELETE", ["messages", message]) => delete(state, channel, id(message)?),
        ("POST", ["messages", message, "threads"]) => thread(state, call, channel, id(message)?),
        _ => unknown(state, call),
    }
}

/// Refuses a channel that is gone, or that the bot cannot see.
fn visible(state: &State, id: Snowflake) -> Result<(), Rejection> {
    let channel = state.channels.get(&id);
    let channel = channel.ok_or_else(Rejection::unknown_channel)?;
    let guild = channel.guild.and_then(|id| state.guilds.get(&id));
    match guild.map(|guild| guild.standing) {
        Some(Standing::Outage) => return Err(Rejection::unavailable()),
        Some(Standing::Removed) => return Err(Rejection::missing_access()),
        Some(Standing::Here) | None => {}
    }
    if state.bot_sees(id) { Ok(()) } else { Err(Rejection::missing_access()) }
}

/// Refuses what the bot has no permission for.
fn needs(state: &State, channel: Snowflake, bits: u64) -> Result<(), Rejection> {
    let held = state.permissions(&state.channels[&channel], state.bot);
    if held & bits == bits { Ok(()) } else { Err(Rejection::missing_permissions()) }
}

/// The message, if it stands in the channel's log.
fn of_channel(state: &State, channel: Snowflake, id: Snowflake) -> Result<Snowflake, Rejection> {
    let listed = state.channels[&channel].log.contains(&id);
    listed.then_some(id).ok_or_else(Rejection::unknown_message)
}

fn read(state: &State, call: &Call, channel: Snowflake) -> Outcome {
    let limit = call.query.get("limit").and_then(|n| n.parse().ok());
    let limit: usize = limit.unwrap_or(50);
    if needs(state, channel, permission::READ_MESSAGE_HISTORY).is_err() {
        return ok(json!([]));
    }
    let bound = |name: &str| call.query.get(name).and_then(|id| id.parse::<Snowflake>().ok());
    let (before, after) = (bound("before"), bound("after"));
    let fits = |m: &&Message| before.is_none_or(|id| m.id < id) && after.is_none_or(|id| m.id > id);
    let mut fitting: Vec<&Message> = state.log(channel).filter(fits).collect();
    // `after` gives the oldest that fit, everything else the newest; both list newest first.
    let surplus = fitting.len().saturating_sub(limit);
    if after.is_some() {
        fitting.truncate(limit);
    } else {
        fitting.drain(..surplus);
    }
    ok(fitting.iter().rev().map(|m| m.json(state)).collect())
}

fn create(state: &mut State, call: &Call, channel: Snowflake) -> Outcome {
    post::check(call, &call.body, &[], Route::Channel)?;
    may_post(state, call, channel)?;
    let nonce = nonce(&call.body);
    if let Some(first) = repeated(state, call, channel, nonce.as_deref()) {
        return shown(state, first);
    }
    let mut blank = Message::new(state.mint.next(call.now), channel, state.bot, call.now);
    blank.guild = state.channels[&channel].guild;
    blank.nonce.clone_from(&nonce);
    let message = post::fill(state, call, &call.body, blank, Source::Channel)?;
    let id = message.id;
    state.store(message);
    if let Some(nonce) = nonce.filter(|_| call.body["enforce_nonce"] == true)
        && let Some(channel) = state.channels.get_mut(&channel)
    {
        channel.nonces.insert(nonce, (id, call.now));
    }
    shown(state, id)
}

/// Refuses a post for which the bot lacks a permission, or that nobody would take.
fn may_post(state: &State, call: &Call, channel: Snowflake) -> Result<(), Rejection> {
    let of = &state.channels[&channel];
    if of.kind == ChannelKind::Dm {
        return takes_direct_messages(state, of);
    }
    let mut bits = permission::to_post_in(of.kind);
    if !list(&call.body, "embeds").is_empty() {
        bits |= permission::EMBED_LINKS;
    }
    if !call.files.is_empty() {
        bits |= permission::ATTACH_FILES;
    }
    needs(state, channel, bits)
}

fn takes_direct_messages(state: &State, channel: &Channel) -> Result<(), Rejection> {
    let person = channel.recipient.and_then(|id| state.users.get(&id));
    let person = person.ok_or_else(Rejection::unknown_user)?;
    let mut guilds = state.guilds.values();
    let shared = guilds.any(|g| g.standing != Standing::Removed && g.members.contains_key(&person.id));
    match (shared, person.takes_direct_messages) {
        (false, _) => Err(Rejection::no_mutual_guild()),
        (true, false) => Err(Rejection::closed_direct_messages()),
        (true, true) => Ok(()),
    }
}

fn nonce(body: &Value) -> Option<String> {
    match &body["nonce"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The message that was posted with the same nonce a short while ago.
fn repeated(state: &State, call: &Call, channel: Snowflake, nonce: Option<&str>) -> Option<Snowflake> {
    let enforced = call.body["enforce_nonce"] == true;
    let nonce = nonce.filter(|_| enforced)?;
    let (id, at) = state.channels[&channel].nonces.get(nonce)?;
    let fresh = (call.now - *at).num_minutes() < NONCE_MINUTES;
    (fresh && state.messages.contains_key(id)).then_some(*id)
}

fn edit(state: &mut State, call: &Call, channel: Snowflake, message: Snowflake) -> Outcome {
    let message = of_channel(state, channel, message)?;
    post::check(call, &call.body, &[], Route::ChannelEdit)?;
    if state.messages[&message].author != state.bot {
        return Err(Rejection::not_the_author());
    }
    post::edit(state, call, &call.body, message, (Edit::Later, Source::Channel))?;
    state.settle_presses_on(message);
    shown(state, message)
}

fn delete(state: &mut State, channel: Snowflake, message: Snowflake) -> Outcome {
    let message = of_channel(state, channel, message)?;
    if state.messages[&message].author != state.bot {
        needs(state, channel, permission::MANAGE_MESSAGES)?;
    }
    state.erase(message);
    done()
}

fn thread(state: &mut State, call: &Call, channel: Snowflake, message: Snowflake) -> Outcome {
    let message = of_channel(state, channel, message)?;
    check::thread(&call.body)?;
    needs(state, channel, permission::CREATE_PUBLIC_THREADS)?;
    let of = &state.messages[&message];
    let (Some(guild), None) = (of.guild, of.thread) else {
        return Err(Rejection::thread_exists());
    };
    let name = call.body["name"].as_str().unwrap_or_default();
    debug_assert!(length(name) <= 100, "checked above");
    let mut thread = Channel::new(message, ChannelKind::Thread, name).of_guild(guild);
    thread.parent = Some(channel);
    let body = payload::channel(state, &thread);
    state.channels.insert(message, thread);
    if let Some(guild) = state.guilds.get_mut(&guild) {
        guild.channels.push(message);
    }
    if let Some(message) = state.messages.get_mut(&message) {
        message.thread = Some(message.id);
        message.flags |= HAS_THREAD;
    }
    Ok(Answer { status: 201, body: Some(body) })
}

pub(super) fn open_direct(state: &mut State, call: &Call) -> Outcome {
    check::direct_channel(&call.body)?;
    let person = crate::sandbox::check::id_of(&call.body["recipient_id"]);
    let person = person.filter(|id| state.users.get(id).is_some_and(|u| !u.bot));
    let person = person.ok_or_else(Rejection::unknown_user)?;
    let channel = state.direct_channel(person, call.now);
    ok(payload::channel(state, &state.channels[&channel]))
}

impl State {
    /// What the bot may do in the guild as a whole.
    pub fn bot_in_guild(&self, guild: Snowflake) -> u64 {
        let guild = self.guilds.get(&guild);
        guild.map_or(0, |guild| in_guild(guild, self.bot))
    }
}
