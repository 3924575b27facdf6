//! Who changed what, when, before → after: settings, the motion, comp, targets, partners, reviews. For admins alone, who
//! count as leads, so that comp may stand in it.

use serde_json::{Map, Value};

use super::config::month;
use super::deal::change::{member, partner};
use super::embed::{Embed, Lines};
use super::message::Message;
use super::offer::Page;
use super::text::brief;
use super::voice::{Voice, channel, count, moment, role};
use crate::domain::card::Names;
use crate::domain::event::{Event, EventKind, SubjectKind};
use crate::domain::forget::former_name;
use crate::domain::id::{ChannelId, MemberId, PartnerId, RoleId};
use crate::domain::incentive::Rate;

/// How many changes stand on a page.
pub const PAGE: usize = 10;
/// How many fields of one change are told.
const FIELDS: usize = 8;
/// How much of a value is told.
const VALUE: usize = 80;
/// Fields that say nothing by themselves.
const UNTOLD: [&str; 5] = ["version", "id", "ready", "name_key", "number"];

/// One page of changes, newest first; `reviews` names the reviews of the page by their id.
pub fn audit(
    voice: &Voice,
    names: &Names,
    reviews: &[(i64, String)],
    total: usize,
    events: &[Event],
    page: Page,
) -> Message {
    if total == 0 {
        return Message::silent().text("Nothing was changed yet.").build();
    }
    let lines: Vec<String> = events.iter().map(|event| line(voice, names, reviews, event)).collect();
    let words = std::iter::once(format!("{}, newest first", count(total, "change"))).chain(page.words());
    let footer = words.collect::<Vec<_>>().join(" · ");
    let embed = Embed::titled("Who changed what")
        .lines(Lines::of(lines, |n| format!("… and {} on this page", count(n, "more change"))))
        .footer(footer);
    Message::silent().embed(embed).buttons(page.buttons()).build()
}

/// `<t:…:f> @ada: settings · lead role none → @Leads`.
fn line(voice: &Voice, names: &Names, reviews: &[(i64, String)], event: &Event) -> String {
    let what = match event.subject.kind {
        SubjectKind::Workspace => "settings".to_owned(),
        SubjectKind::Partner => format!("partner {}", partner(names, PartnerId(event.subject.id))),
        SubjectKind::Review => {
            let name = reviews.iter().find(|(id, _)| *id == event.subject.id).map(|(_, name)| brief(name, VALUE));
            format!("review {}", name.unwrap_or_default())
        }
        _ => former_name(MemberId(event.subject.id)),
    };
    let opening = match event.kind {
        EventKind::Created => Some("made"),
        EventKind::Archived => Some("taken out of use"),
        EventKind::Undone => Some("a change taken back"),
        EventKind::Forgotten => Some("forgotten"),
        _ => None,
    };
    let mut said: Vec<String> = opening.into_iter().map(str::to_owned).collect();
    if event.kind != EventKind::Forgotten {
        said.extend(changes(voice, names, event));
    }
    said.extend(event.text.as_deref().map(|text| format!("“{}”", brief(text, VALUE))));
    format!("{} {}: **{}** · {}", moment(event.at), member(names, event.actor), what.trim(), said.join(" · "))
}

fn changes(voice: &Voice, names: &Names, event: &Event) -> Vec<String> {
    let mut found = Vec::new();
    differences(&[], &event.before, &event.after, &mut found);
    let more = found.len().saturating_sub(FIELDS);
    let told = found.into_iter().take(FIELDS).map(|(path, before, after)| {
        let field = path.last().map_or("", String::as_str);
        let value = |value: &Value| said(voice, names, field, value);
        let name = path.iter().map(|step| step.replace('_', " ")).collect::<Vec<_>>().join(" ");
        match event.kind {
            EventKind::Created => format!("{name} {}", value(&after)),
            _ => format!("{name} {} → {}", value(&before), value(&after)),
        }
    });
    told.chain((more > 0).then(|| format!("and {}", count(more, "more field")))).collect()
}

/// A changed value with the path to it.
type Difference = (Vec<String>, Value, Value);

/// Goes down to the values that differ; what is absent is null. Lists are told as a whole.
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
