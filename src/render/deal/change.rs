//! What an event did, in words: `stage Prospect → Qualified`, `next step “Send the proposal”, due Fri 18 Dec`. History,
//! confirmations and "what changed meanwhile" all tell it in these.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::text::{brief, escape};
use super::super::voice::Voice;
use super::{about, credit, criteria};
use crate::domain::card::Names;
use crate::domain::deal::criteria::{Met, PassAsked, Waiver};
use crate::domain::deal::{Claim, Loss, NextStep, Participant, Role, Snooze, Wait};
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{AccountId, MemberId, PartnerId};
use crate::domain::motion::Stage;
use crate::domain::registration::Registration;

/// The fields that people are told of, in the order in which they read best.
const TOLD: [&str; 19] = [
    "account",
    "partner",
    "role",
    "evidence",
    "claim",
    "participants",
    "stage",
    "waivers",
    "met",
    "motion_version",
    "amount",
    "close",
    "owner",
    "backup",
    "next_step",
    "wait",
    "snooze",
    "pass_asked",
    "registration",
];

/// What one event did, in short phrases; empty when nothing that people see changed.
pub fn phrases(voice: &Voice, names: &Names, event: &Event) -> Vec<String> {
    let mut said: Vec<String> = opening(voice, names, event).into_iter().collect();
    let first = event.kind == EventKind::Created;
    for field in TOLD.iter().chain(&["crm"]) {
        said.extend(field_phrase(voice, names, field, event, first));
    }
    said.extend(
        event.text.as_deref().map(|text| format!("“{}”", escape(text))).filter(|_| event.kind != EventKind::Noted),
    );
    said
}

/// What the event is, where its fields alone don't say it.
fn opening(voice: &Voice, names: &Names, event: &Event) -> Option<String> {
    let text = event.text.as_deref().map(escape);
    match event.kind {
        EventKind::Created => Some("recorded".to_owned()),
        EventKind::Noted => text.map(|text| format!("“{text}”")),
        EventKind::NextStepDone => {
            let step: NextStep = value(&event.before, "next_step")?;
            Some(format!("done: “{}”", brief(&step.text, 220)))
        }
        EventKind::Won => Some(format!("**won**{}", on_day(voice, event))),
        EventKind::Lost => {
            let loss: Option<Loss> = value(&event.after, "lost");
            let why = loss.map(|l| {
                let detail = l.detail.map(|d| format!(", “{}”", escape(&d))).unwrap_or_default();
                format!(": {}{detail}", about::loss(l.reason))
            });
            Some(format!("**lost**{}{}", on_day(voice, event), why.unwrap_or_default()))
        }
        EventKind::Reopened => Some("**reopened**".to_owned()),
        EventKind::ClaimConfirmed => Some(format!("**confirmed** {}", claim_of(names, event))),
        EventKind::ClaimQuestioned => Some(format!("asked about {}", claim_of(names, event))),
        EventKind::Declined => Some("declined it".to_owned()),
        EventKind::AccountMerged => Some("its account was merged".to_owned()),
        EventKind::Undone => Some("took a change back".to_owned()),
        _ => None,
    }
}

fn on_day(voice: &Voice, event: &Event) -> String {
    let on = value(&event.after, "closed_on");
    on.map(|day| format!(" on {}", voice.day(day))).unwrap_or_default()
}

/// A field of an event, as its type; `None` when absent or null.
fn value<T: DeserializeOwned>(fields: &Map<String, Value>, field: &str) -> Option<T> {
    let value = fields.get(field)?.clone();
    serde_json::from_value::<Option<T>>(value).ok().flatten()
}

/// Before and after of a field, if the event changed it.
fn pair<T: DeserializeOwned>(event: &Event, field: &str) -> Option<(Option<T>, Option<T>)> {
    event.after.contains_key(field).then(|| (value(&event.before, field), value(&event.after, field)))
}

/// `first` leaves out what a new deal doesn't have, and what it was before.
fn field_phrase(voice: &Voice, names: &Names, field: &str, event: &Event, first: bool) -> Option<String> {
    let phrase = match field {
        "account" => plain_pair("account", pair::<AccountId>(event, field)?, |id| account(names, id)),
        "partner" => plain_pair("partner", pair::<PartnerId>(event, field)?, |id| partner(names, id)),
        "role" => plain_pair("class", pair::<Role>(event, field)?, |r| about::role(r).to_owned()),
        "evidence" => plain_pair("evidence", (None, pair::<String>(event, field)?.1), |e| format!("“{}”", escape(&e))),
        "claim" => dated(voice, pair::<Claim>(event, field)?)?,
        "participants" if settles_claim(event) => return None,
        "participants" => joined(names, pair::<Vec<Participant>>(event, field)?)?,
        "stage" => stage(pair::<Stage>(event, field)?, event.kind)?,
        "amount" => plain_pair("amount", pair::<i64>(event, field)?, |minor| voice.money(minor)),
        "close" => plain_pair("close", pair::<chrono::NaiveDate>(event, field)?, |day| voice.day(day)),
        "owner" => plain_pair("owner", pair::<MemberId>(event, field)?, |id| member(names, id)),
        "backup" => plain_pair("backup", pair::<MemberId>(event, field)?, |id| member(names, id)),
        "next_step" => next_step(voice, pair::<NextStep>(event, field)?, event.kind)?,
        "wait" => wait(voice, pair::<Wait>(event, field)?.1),
        "snooze" => snooze(voice, pair::<Snooze>(event, field)?.1),
        "waivers" => criteria::waived(pair::<Vec<Waiver>>(event, field)?)?,
        "met" => criteria::ticked(pair::<Vec<Met>>(event, field)?, event.kind)?,
        "motion_version" if !first => plain_pair("motion version", pair::<u32>(event, field)?, |v| v.to_string()),
        "pass_asked" => criteria::asked(pair::<PassAsked>(event, field)?.1, event.kind)?,
        "registration" => match pair::<Registration>(event, field)?.1 {
            Some(registration) => format!("registration {}", credit::registration(voice, &registration)),
            None => "registration taken out".to_owned(),
        },
        "crm" => plain_pair("CRM", (None, pair::<String>(event, field)?.1), |c| escape(&c)),
        _ => return None,
    };
    let is_absent = matches!(event.after.get(field), None | Some(Value::Null));
    (!first || !is_absent).then_some(phrase).filter(|p| !p.is_empty())
}

/// `amount $90,000 → $120,000`, `amount $120,000`, `amount taken out`.
fn plain_pair<T>(name: &str, (before, after): (Option<T>, Option<T>), say: impl Fn(T) -> String) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("{name} {} → {}", say(before), say(after)),
        (None, Some(after)) => format!("{name} {}", say(after)),
        (_, None) => format!("{name} taken out"),
    }
}

fn stage((before, after): (Option<Stage>, Option<Stage>), kind: EventKind) -> Option<String> {
    let after = after?;
    match (before, kind) {
        (_, EventKind::Won | EventKind::Lost) => None,
        (Some(before), _) => Some(format!("stage {} → {}", before.name(), after.name())),
        (None, _) => Some(format!("stage {}", after.name())),
    }
}

fn next_step(voice: &Voice, (before, after): (Option<NextStep>, Option<NextStep>), kind: EventKind) -> Option<String> {
    match (before, after) {
        (_, None) if kind == EventKind::NextStepDone => None,
        (Some(before), Some(after)) if before.text == after.text => {
            let day = |due: Option<chrono::NaiveDate>| due.map_or_else(|| "no date".to_owned(), |d| voice.day(d));
            Some(format!("next step due {} → {}", day(before.due), day(after.due)))
        }
        (_, Some(after)) => Some(format!("next step {}", about::next_step(voice, &after))),
        (_, None) => Some("next step taken out".to_owned()),
    }
}

fn wait(voice: &Voice, wait: Option<Wait>) -> String {
    match wait {
        Some(wait) => {
            let note = wait.note.map(|n| format!(": “{}”", escape(&n))).unwrap_or_default();
            format!("waiting on {} until {}{note}", about::waiting_on(wait.on), voice.day(wait.until))
        }
        None => "waits no more".to_owned(),
    }
}

fn snooze(voice: &Voice, snooze: Option<Snooze>) -> String {
    match snooze {
        Some(snooze) => format!("snoozed until {}: “{}”", voice.day(snooze.until), escape(&snooze.why)),
        None => "snoozed no more".to_owned(),
    }
}

fn joined(names: &Names, (before, after): (Option<Vec<Participant>>, Option<Vec<Participant>>)) -> Option<String> {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let said = |p: &Participant| format!("{} ({})", partner(names, p.partner), about::role(p.role));
    let known =
        |p: &Participant| before.iter().any(|b| (b.partner, b.role, &b.evidence) == (p.partner, p.role, &p.evidence));
    let new: Vec<String> = after.iter().filter(|p| !known(p)).map(said).collect();
    let gone: Vec<String> = before.iter().filter(|p| !after.iter().any(|a| a.partner == p.partner)).map(said).collect();
    match (new.is_empty(), gone.is_empty()) {
        (true, true) => None,
        (false, _) => Some(format!("also with {}", new.join(", "))),
        (true, false) => Some(format!("no longer with {}", gone.join(", "))),
    }
}

fn settles_claim(event: &Event) -> bool {
    matches!(event.kind, EventKind::ClaimConfirmed | EventKind::ClaimQuestioned)
}

/// Whose claim was settled: the class, or another partner's part.
fn claim_of(names: &Names, event: &Event) -> String {
    let part = pair::<Vec<Participant>>(event, "participants").and_then(|(before, after)| {
        let before = before.unwrap_or_default();
        after.unwrap_or_default().into_iter().find(|p| !before.contains(p))
    });
    part.map_or_else(|| "the class".to_owned(), |p| format!("the part of {}", partner(names, p.partner)))
}

/// The day of the evidence, where it was given; a confirmation and a question are told otherwise.
fn dated(voice: &Voice, (before, after): (Option<Claim>, Option<Claim>)) -> Option<String> {
    let on = after?.on?;
    (before.and_then(|claim| claim.on) != Some(on)).then(|| format!("evidence of {}", voice.day(on)))
}

/// Who did something: a name to click, or what they were called.
pub(in crate::render) fn member(names: &Names, id: MemberId) -> String {
    match names.members.get(&id) {
        _ if id == MemberId::BOT => "cosell".to_owned(),
        Some(named) => about::person(named),
        None => format!("Former member {id}"),
    }
}

/// An account by its name.
pub(in crate::render) fn account(names: &Names, id: AccountId) -> String {
    names.accounts.get(&id).map_or_else(|| "another account".to_owned(), |name| brief(name, 60))
}

pub(in crate::render) fn partner(names: &Names, id: PartnerId) -> String {
    names.partners.get(&id).map_or_else(|| "another partner".to_owned(), |name| brief(name, 60))
}
