//! Scheduled events of a guild.

use serde_json::json;

use super::guild::present;
use super::{Call, Outcome, done, id, ok, unknown};
use crate::sandbox::check::Kind::{Any, Integer, List, Object, Text};
use crate::sandbox::check::Need::{Optional, Required};
use crate::sandbox::check::{Field, Mistakes, Path, object};
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
            let event = find(state, guild, id(event)?)?.id;
            may_change(state, guild)?;
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

/// Its own events take CREATE_EVENTS; all events here are the bot's own.
fn may_change(state: &State, guild: Snowflake) -> Result<(), Rejection> {
    if state.bot_in_guild(guild) & (CREATE_EVENTS | MANAGE_EVENTS) == 0 {
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

/// An interval other than 1 goes with a weekly rhythm on one weekday only.
fn recurrence(found: &mut Mistakes, at: &Path, call: &Call) {
    let rule = &call.body["recurrence_rule"];
    if rule.is_null() {
        return;
    }
    let fields = [
        Field("start", Text(1, 64), Required),
        Field("end", Any, Optional),
        Field("frequency", Integer(0, 3), Required),
        Field("interval", Integer(1, 99), Required),
        Field("by_weekday", List(0, 7), Optional),
        Field("by_n_weekday", List(0, 1), Optional),
        Field("by_month", List(0, 1), Optional),
        Field("by_month_day", List(0, 1), Optional),
    ];
    object(found, at, rule, &fields);
    let weekly_on_one = rule["frequency"] == 2 && rule["by_weekday"].as_array().is_some_and(|days| days.len() == 1);
    let interval = rule["interval"].as_u64().unwrap_or(1);
    if interval != 1 && !(weekly_on_one && interval == 2) {
        let text = "Only every second week on one weekday can have an interval of 2";
        found.note(&at.to("interval"), "RECURRENCE_RULE_INVALID_INTERVAL", text);
    }
}

fn create(state: &mut State, call: &Call, guild: Snowflake) -> Outcome {
    check(call, Required)?;
    may_change(state, guild)?;
    let event = ScheduledEvent { id: state.mint.next(call.now), guild, creator: state.bot, fields: call.body.clone() };
    let body = event.json();
    state.events.insert(event.id, event);
    ok(body)
}

fn change(state: &mut State, call: &Call, guild: Snowflake, id: Snowflake) -> Outcome {
    find(state, guild, id)?;
    check(call, Optional)?;
    may_change(state, guild)?;
    let Some(event) = state.events.get_mut(&id) else {
        return Err(Rejection::unknown_event());
    };
    for (name, value) in call.body.as_object().into_iter().flatten() {
        event.fields[name] = json!(value);
    }
    ok(event.json())
}
