//! Who changed what, when, before → after: settings, the motion, comp, targets, partners, reviews. For admins alone, who
//! count as leads, so that comp may stand in it.

use serde_json::{Map, Value};

mod settings;

use super::config::month;
use super::deal::change::{account, member, partner};
use super::embed::{DESCRIPTION_LIMIT, Embed, Lines};
use super::message::Message;
use super::offer::Page;
use super::text::{brief, units};
use super::voice::{Voice, channel, count, moment, role};
use crate::domain::card::Names;
use crate::domain::event::{Event, EventKind, SubjectKind};
use crate::domain::forget::former_name;
use crate::domain::id::{AccountId, ChannelId, MemberId, PartnerId, RoleId};
use crate::domain::incentive::Rate;
use crate::domain::motion::Motions;

/// How many changes stand on a page.
pub const PAGE: usize = 10;
/// Units that one change may take, so that a whole page always fits: what is left of it is counted.
const CHANGE: usize = DESCRIPTION_LIMIT / PAGE - 1;
/// How much of a value is told.
const VALUE: usize = 80;
/// Fields that say nothing by themselves. Former zones follow from the change of the zone.
const UNTOLD: [&str; 6] = ["version", "id", "ready", "name_key", "number", "former_zones"];

/// The names behind what changes speak of.
#[derive(Debug, Clone, Copy)]
pub struct Behind<'n> {
    /// Members, partners and accounts.
    pub names: &'n Names,
    /// Reviews, by their id.
    pub reviews: &'n [(i64, String)],
    /// The motion, which a draft is compared with.
    pub motions: &'n Motions,
}

/// One page of changes, newest first.
pub fn audit(voice: &Voice, behind: &Behind, total: usize, events: &[Event], page: Page) -> Message {
    if total == 0 {
        return Message::silent().text("Nothing was changed yet.").build();
    }
    let lines: Vec<String> = events.iter().map(|event| line(voice, behind, event)).collect();
    let words = std::iter::once(format!("{}, newest first", count(total, "change"))).chain(page.words());
    let footer = words.collect::<Vec<_>>().join(" · ");
    let embed = Embed::titled("Who changed what")
        .lines(Lines::of(lines, |n| format!("… and {} on this page", count(n, "more change"))))
        .footer(footer);
    Message::silent().embed(embed).buttons(page.buttons()).build()
}

/// `<t:…:f> @ada: settings · lead role none → @Leads`, as much of it as fits.
fn line(voice: &Voice, behind: &Behind, event: &Event) -> String {
    let opening = format!("{} {}: **{}**", moment(event.at), member(behind.names, event.actor), what(behind, event));
    let told = told(voice, behind, event);
    let all = told.len();
    let mut line = opening;
    for (at, part) in told.into_iter().enumerate() {
        let left = all - at;
        let rest = format!(" · and {left} more: {}", elsewhere(voice, event));
        let room = if left == 1 { CHANGE } else { CHANGE.saturating_sub(units(&rest)) };
        if units(&line) + 3 + units(&part) > room {
            return line + &rest;
        }
        line = format!("{line} · {part}");
    }
    line
}

/// What was changed.
fn what(behind: &Behind, event: &Event) -> String {
    let id = event.subject.id;
    match event.subject.kind {
        SubjectKind::Workspace => "settings".to_owned(),
        SubjectKind::Partner => format!("partner {}", partner(behind.names, PartnerId(id))),
        SubjectKind::Account => format!("account {}", account(behind.names, AccountId(id))),
        SubjectKind::Review => {
            let name = behind.reviews.iter().find(|(review, _)| *review == id).map(|(_, name)| brief(name, VALUE));
            format!("review {}", name.unwrap_or_default()).trim().to_owned()
        }
        _ => former_name(MemberId(id)),
    }
}

/// Where all of it is to be seen.
fn elsewhere(voice: &Voice, event: &Event) -> String {
    let of = |field: &str| event.after.contains_key(field);
    voice.command(match event.subject.kind {
        SubjectKind::Workspace if of("motions") || of("motion_draft") => "motion history",
        SubjectKind::Workspace if of("targets") || of("costs") => "program view",
        SubjectKind::Partner => "partner view",
        SubjectKind::Review => "review list",
        _ => "cosell config",
    })
}

/// What was done and from what to what, one by one.
fn told(voice: &Voice, behind: &Behind, event: &Event) -> Vec<String> {
    let opening = match event.kind {
        EventKind::Created => Some("made"),
        EventKind::Archived if event.subject.kind == SubjectKind::Account => None,
        EventKind::Archived => Some("taken out of use"),
        EventKind::Undone => Some("a change taken back"),
        EventKind::Forgotten => Some("forgotten"),
        _ => None,
    };
    let mut said: Vec<String> = opening.into_iter().map(str::to_owned).collect();
    if event.kind != EventKind::Forgotten {
        said.extend(settings::told(voice, behind, event));
        said.extend(changes(voice, behind.names, event));
    }
    said.extend(event.text.as_deref().map(|text| format!("“{}”", brief(text, VALUE))));
    said
}

fn changes(voice: &Voice, names: &Names, event: &Event) -> Vec<String> {
    let mut found = Vec::new();
    differences(&[], &event.before, &event.after, &mut found);
    // That it is out of use, or not, is told by what was done.
    let is_told = |field: &str| field == "archived" && matches!(event.kind, EventKind::Created | EventKind::Archived);
    found.retain(|(path, ..)| !settings::OWN_WORDS.contains(&path[0].as_str()) && !is_told(&path[0]));
    let told = |(path, before, after): Difference| {
        let field = path.last().map_or("", String::as_str);
        let value = |value: &Value| said(voice, names, field, value);
        let name = path.iter().map(|step| step.replace('_', " ")).collect::<Vec<_>>().join(" ");
        match (&before, &after) {
            (Value::Array(_), _) | (_, Value::Array(_)) => list(&name, &before, &after, value),
            _ if event.kind == EventKind::Created || field == "merged_into" => {
                vec![format!("{name} {}", value(&after))]
            }
            _ => vec![format!("{name} {} → {}", value(&before), value(&after))],
        }
    };
    found.into_iter().flat_map(told).collect()
}

/// What is new in a list, and what is gone.
fn list(name: &str, before: &Value, after: &Value, said: impl Fn(&Value) -> String) -> Vec<String> {
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let (before, after) = (items(before), items(after));
    let gone = before.iter().filter(|item| !after.contains(item)).map(|item| format!("{name} − {}", said(item)));
    gone.chain(after.iter().filter(|item| !before.contains(item)).map(|item| format!("{name} + {}", said(item))))
        .collect()
}

/// A changed value with the path to it.
type Difference = (Vec<String>, Value, Value);

/// Goes down to the values that differ; what is absent is null. Lists are told by what is new in them and what is gone.
fn differences(path: &[String], before: &Map<String, Value>, after: &Map<String, Value>, found: &mut Vec<Difference>) {
    let empty = Map::new();
    let inner = |value: &Value| match value {
        Value::Object(fields) => Some(fields.clone()),
        Value::Null => Some(empty.clone()),
        _ => None,
    };
    for key in after.keys().chain(before.keys().filter(|key| !after.contains_key(*key))) {
        let was = before.get(key).cloned().unwrap_or(Value::Null);
        let is = after.get(key).cloned().unwrap_or(Value::Null);
        if was == is || (path.is_empty() && UNTOLD.contains(&key.as_str())) || (is_blank(&was) && is_blank(&is)) {
            continue;
        }
        let path: Vec<String> = path.iter().chain([key]).cloned().collect();
        match (inner(&was), inner(&is)) {
            (Some(was), Some(is)) => differences(&path, &was, &is, found),
            _ => found.push((path, was, is)),
        }
    }
}

/// Whether a value says nothing: that a list has nothing in it is no news where there was none.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// A value as people know it, by the name of its field.
fn said(voice: &Voice, names: &Names, field: &str, value: &Value) -> String {
    let id = value.as_i64().unwrap_or_default();
    match (field, value) {
        (_, Value::Null) => "none".to_owned(),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (field, Value::Number(_)) if field == "channel" || field.ends_with("_channel") => channel(ChannelId(id)),
        (field, Value::Number(_)) if field.ends_with("_role") => role(RoleId(id)),
        ("owner" | "manager" | "number_owner" | "by", Value::Number(_)) => member(names, MemberId(id)),
        ("partner", Value::Number(_)) => partner(names, PartnerId(id)),
        ("merged_into", Value::Number(_)) => account(names, AccountId(id)),
        ("amount" | "spiff", Value::Number(_)) => voice.money(id),
        ("solo_rate" | "cosell_rate", Value::Number(_)) => percent(id),
        ("fiscal_month", Value::Number(_)) => month(u32::try_from(id).unwrap_or(1)).to_owned(),
        ("digest_hour", Value::Number(_)) => format!("{id:02}:00"),
        (_, Value::String(text)) => brief(text, VALUE),
        (_, Value::Array(items)) if items.is_empty() => "none".to_owned(),
        (_, Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(|item| said(voice, names, field, item)).collect();
            items.join("; ")
        }
        (_, Value::Object(fields)) => object(voice, names, fields),
        (_, other) => brief(&other.to_string(), VALUE),
    }
}

/// `period Q4 FY2026, amount $1,200,000`.
fn object(voice: &Voice, names: &Names, fields: &Map<String, Value>) -> String {
    if let (Some(quarter), Some(year)) = (fields.get("quarter"), fields.get("year")) {
        return format!("Q{quarter} FY{year}");
    }
    let told = fields.iter().filter(|(_, value)| !is_blank(value));
    let told = told.map(|(field, value)| format!("{} {}", field.replace('_', " "), said(voice, names, field, value)));
    told.collect::<Vec<_>>().join(", ")
}

fn percent(points: i64) -> String {
    let rate = u32::try_from(points).ok().and_then(Rate::of_basis_points);
    rate.map(super::pay::percent).unwrap_or_default()
}

#[cfg(test)]
mod tests;
