//! How time is moved on the page, and what happened meanwhile.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Desk, Place, nobody};
use crate::sandbox::shown::Shown;
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::{Person, Sandbox};

/// How far time goes at most for a digest that does not come.
const AHEAD: TimeDelta = TimeDelta::days(7);
/// How often it is looked meanwhile. Zones differ by quarters of an hour.
const STEP: TimeDelta = TimeDelta::minutes(15);
/// Letters of a message that are told.
const LINE: usize = 160;

/// Who moves time, and up to when.
#[derive(Debug, Deserialize)]
pub(super) struct Move {
    #[serde(flatten)]
    place: Place,
    to: To,
    /// Whose digest it goes on to; anybody's when it is left out.
    of: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    Hour,
    Day,
    Week,
    /// The next start of one of the server's events.
    Review,
    /// The next message in which the bot pings somebody, or who is named, by itself.
    Digest,
}

pub(super) async fn pass(State(desk): State<Arc<Desk>>, Json(asked): Json<Move>) -> Response {
    let Some(person) = asked.place.person(&desk.sandbox) else {
        return nobody();
    };
    let _turn = desk.passing.lock().await;
    let sandbox = &desk.sandbox;
    sandbox.quiet().await;
    sandbox.advance_to(sandbox.now()).await;
    let before = told(sandbox);
    let why = go(sandbox, &person, &asked, &before).await.err();
    sandbox.quiet().await;
    // The clock shows the new time even where nothing was said.
    sandbox.core.moved();
    Json(json!({"now": sandbox.now(), "happened": happened(sandbox, &before), "why": why})).into_response()
}

async fn go(sandbox: &Sandbox, person: &Person, asked: &Move, before: &Told) -> Result<(), &'static str> {
    let now = sandbox.now();
    match asked.to {
        To::Hour => sandbox.advance_to(now + TimeDelta::hours(1)).await,
        To::Day => sandbox.advance_to(now + TimeDelta::days(1)).await,
        To::Week => sandbox.advance_to(now + TimeDelta::weeks(1)).await,
        To::Review => {
            let none = "No review stands among this server's events. A lead schedules one with /review schedule.";
            let next = next_review(sandbox, person).await.ok_or(none)?;
            sandbox.advance_to(next).await;
        }
        To::Digest => return to_digest(sandbox, asked.of.as_deref(), before).await,
    }
    Ok(())
}

/// The next start of an event. A review that was just scheduled stands there once it can't be undone any more, which is
/// waited for.
async fn next_review(sandbox: &Sandbox, person: &Person) -> Option<DateTime<Utc>> {
    let next = || sandbox.core.with(|state| state.next_event(person.guild(), sandbox.now()));
    if let Some(next) = next() {
        return Some(next);
    }
    sandbox.advance_to(sandbox.now() + STEP).await;
    next()
}

async fn to_digest(sandbox: &Sandbox, of: Option<&str>, before: &Told) -> Result<(), &'static str> {
    let from = sandbox.now();
    let first = from.duration_trunc(STEP).unwrap_or(from) + STEP;
    let steps = std::iter::successors(Some(first), |at| Some(*at + STEP));
    for at in steps.take_while(|at| *at <= from + AHEAD) {
        sandbox.advance_to(at).await;
        let is_it = |shown: &Shown| shown.answers.is_none() && is_for(shown, of);
        if news(sandbox, before).iter().any(is_it) {
            return Ok(());
        }
    }
    Err("A week went by, and nobody was due a reminder. Record a deal with a next step, or press again.")
}

/// Whether a message pings somebody, or whom it should; in direct messages each does.
fn is_for(shown: &Shown, of: Option<&str>) -> bool {
    let directly = shown.channel.strip_prefix('@');
    match of {
        Some(name) => directly == Some(name) || shown.pinged.iter().any(|pinged| pinged == name),
        None => directly.is_some() || !shown.pinged.is_empty(),
    }
}

/// When each message that the bot had sent was last edited.
type Told = HashMap<Snowflake, Option<DateTime<Utc>>>;

fn told(sandbox: &Sandbox) -> Told {
    sandbox.said().into_iter().map(|shown| (shown.id, shown.edited)).collect()
}

/// What the bot posted or edited since, for more than one person's eyes.
fn news(sandbox: &Sandbox, before: &Told) -> Vec<Shown> {
    let mut said = sandbox.said();
    said.retain(|shown| !shown.ephemeral && before.get(&shown.id) != Some(&shown.edited));
    said
}

fn happened(sandbox: &Sandbox, before: &Told) -> Vec<Value> {
    let news = news(sandbox, before);
    let one = |shown: &Shown| {
        let text = shown.text();
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        json!({
            "message": shown.id,
            "channel": shown.channel_id,
            "place": shown.channel,
            "at": shown.edited.unwrap_or(shown.at),
            "edited": before.contains_key(&shown.id),
            "pinged": shown.pinged,
            "line": line.chars().take(LINE).collect::<String>(),
        })
    };
    news.iter().map(one).collect()
}
