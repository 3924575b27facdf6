//! Scheduled events of a guild.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::guild::present;
use super::{Call, Outcome, done, id, ok, unknown};
use crate::sandbox::check::Kind::{Any, Integer, List, Object, Text};
use crate::sandbox::check::Need::{Optional, Required};
use crate::sandbox::check::{Field, Mistakes, Path, list, object};
use crate::sandbox::event::ScheduledEvent;
use crate::sandbox::fault::Rejection;
use crate::sandbox::permission::{CREATE_EVENTS, MANAGE_EVENTS};
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::State;

pub(super) fn route(state: &mut State, call: &Call, guild: Snowflake, rest: &[&str]) -> Outcome {
    present(state, guild)?;
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let of_guild = state.events.values().filter(|event| event.guild == guild);
            ok(of_guild.map(ScheduledEvent::json).collect())
        }
        ("POST", []) => create(state, call, guild),
        ("GET", [event]) => ok(find(state, guild, id(event)?)?.json()),
        ("PATCH", [event]) => change(state, call, guild, id(event)?),
        ("DELETE", [event]) => {
            let event = may_change(state, guild, id(event)?)?;
            state.events.remove(&event);
            done()
        }
        _ => unknown(state, call),
    }
}

fn find(state: &State, guild: Snowflake, id: Snowflake) -> Result<&ScheduledEvent, Rejection> {
    let event = state.events.get(&id).filter(|event| event.guild == guild);
    event.ok_or_else(Rejection::unknown_event)
}

/// An event that the bot may change: its own take CREATE_EVENTS, those of others MANAGE_EVENTS.
fn may_change(state: &State, guild: Snowflake, id: Snowflake) -> Result<Snowflake, Rejection> {
    let event = find(state, guild, id)?;
    let enough = if event.creator == state.bot { CREATE_EVENTS | MANAGE_EVENTS } else { MANAGE_EVENTS };
    allow(state, guild, enough)?;
    Ok(event.id)
}

/// Refuses unless the bot holds one of the bits.
fn allow(state: &State, guild: Snowflake, enough: u64) -> Result<(), Rejection> {
    if state.bot_in_guild(guild) & enough == 0 {
        return Err(Rejection::missing_permissions());
    }
    Ok(())
}

fn check(call: &Call, need: crate::sandbox::check::Need) -> Result<(), Rejection> {
    let mut found = Mistakes::default();
    let fields = [
        Field("name", Text(1, 100), need),
        Field("description", Text(0, 1_000), Optional),
        Field("privacy_level", Integer(2, 2), need),
        Field("entity_type", Integer(1, 3), need),
        Field("entity_metadata", Object, Optional),
        Field("channel_id", Any, Optional),
        Field("scheduled_start_time", Text(1, 64), need),
        Field("scheduled_end_time", Text(1, 64), Optional),
        Field("status", Integer(1, 4), Optional),
        Field("image", Any, Optional),
        Field("recurrence_rule", Object, Optional),
    ];
    let at = Path::default();
    object(&mut found, &at, &call.body, &fields);
    recurrence(&mut found, &at.to("recurrence_rule"), call);
    times(&mut found, &at, call);
    if call.body["entity_type"] == 3 {
        let fields = [Field("location", Text(1, 100), Required)];
        object(&mut found, &at.to("entity_metadata"), &call.body["entity_metadata"], &fields);
        if call.body["scheduled_end_time"].is_null() {
            let place = at.to("scheduled_end_time");
            found.note(&place, "BASE_TYPE_REQUIRED", "This field is required");
        }
    }
    found.into_result()
}

/// An event begins in the future and ends after that.
fn times(found: &mut Mistakes, at: &Path, call: &Call) {
    let time = |field: &str| call.body[field].as_str().map(|text| text.parse::<DateTime<Utc>>());
    let (start, end) = (time("scheduled_start_time"), time("scheduled_end_time"));
    let place = at.to("scheduled_start_time");
    match (start, end) {
        (Some(Err(_)), _) | (_, Some(Err(_))) => {
            found.note(&place, "DATETIME_TYPE_INVALID", "Please enter a valid datetime");
        }
        (Some(Ok(start)), _) if start <= call.now => {
            found.note(&place, "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule event in the past.");
        }
        (Some(Ok(start)), Some(Ok(end))) if end <= start => {
            found.note(&at.to("scheduled_end_time"), "GUILD_SCHEDULED_EVENT_END", "Must end after it starts.");
        }
        _ => {}
    }
}

/// What Discord's documentation takes of rules: weekly on one weekday, every week or every second; monthly on one
/// weekday of a week, every month. (Daily and yearly ones, which no bot here makes, are looked at no further.)
fn recurrence(found: &mut Mistakes, at: &Path, call: &Call) {
    let rule = &call.body["recurrence_rule"];
    if rule.is_null() {
        return;
    }
    let fields = [
        Field("start", Text(1, 64), Required),
        Field("end", Any, Optional),
        Field("frequency", Integer(0, 3), Required),
        Field("interval", Integer(1, 99), Optional),
        Field("by_weekday", List(1, 7), Optional),
        Field("by_n_weekday", List(1, 1), Optional),
        Field("by_month", List(0, 1), Optional),
        Field("by_month_day", List(0, 1), Optional),
    ];
    object(found, at, rule, &fields);
    let (weekdays, nth) = (list(rule, "by_weekday"), list(rule, "by_n_weekday"));
    let interval = rule["interval"].as_u64().unwrap_or(1);
    let fits = match rule["frequency"].as_u64() {
        Some(WEEKLY) => interval <= 2 && weekdays.len() == 1 && nth.is_empty(),
        Some(MONTHLY) => interval == 1 && weekdays.is_empty() && nth.iter().all(is_nth_weekday),
        _ => interval == 1,
    };
    if !fits || weekdays.iter().any(|day| !is_weekday(day)) {
        found.note(at, "GUILD_SCHEDULED_EVENT_RECURRENCE_RULE_INVALID", "Recurrence rule is not valid.");
    }
}

const MONTHLY: u64 = 1;
const WEEKLY: u64 = 2;

fn is_weekday(day: &Value) -> bool {
    day.as_u64().is_some_and(|day| day <= 6)
}

fn is_nth_weekday(nth: &Value) -> bool {
    is_weekday(&nth["day"]) && nth["n"].as_u64().is_some_and(|n| (1..=5).contains(&n))
}

fn create(state: &mut State, call: &Call, guild: Snowflake) -> Outcome {
    check(call, Required)?;
    allow(state, guild, CREATE_EVENTS)?;
    let event = ScheduledEvent { id: state.mint.next(call.now), guild, creator: state.bot, fields: call.body.clone() };
    let body = event.json();
    state.events.insert(event.id, event);
    ok(body)
}

fn change(state: &mut State, call: &Call, guild: Snowflake, id: Snowflake) -> Outcome {
    find(state, guild, id)?;
    check(call, Optional)?;
    let id = may_change(state, guild, id)?;
    let Some(event) = state.events.get_mut(&id) else {
        return Err(Rejection::unknown_event());
    };
    for (name, value) in call.body.as_object().into_iter().flatten() {
        event.fields[name] = json!(value);
    }
    ok(event.json())
}
