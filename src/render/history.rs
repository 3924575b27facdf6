//! The history of a review: a year in figures, and what became of each meeting.

use super::control::{CustomId, Entry, Select};
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::offer::{Offers, Page, buttons};
use super::text::brief;
use super::voice::{Voice, count, link, long_moment};
use crate::domain::cadence::{Became, HistoryCard, Meetings, Past};
use crate::domain::meeting::{Closed, Meeting};

/// How many meetings stand on a page.
pub const PAGE: usize = 10;

/// A page of the history; `minutes` sends back the id of the meeting that is picked.
pub fn history(voice: &Voice, card: &HistoryCard, minutes: CustomId, page: Page, offers: Offers) -> Message {
    let name = brief(&card.of.review.name, 100);
    let next = card.of.next.first().map(|at| format!(" It meets next {}.", long_moment(*at))).unwrap_or_default();
    if card.past.is_empty() {
        return Message::silent().text(format!("{name} has not met yet.{next}")).build();
    }
    let lines: Vec<String> = card.past.iter().map(|past| line(card, past)).collect();
    let lines = Lines::of(lines, |n| format!("… and {} on this page: pick one below", count(n, "more meeting")));
    let footer: Vec<String> = std::iter::once(count(card.total, "meeting")).chain(page.words()).collect();
    let embed = Embed::titled(format!("History of {name}")).tone(Tone::Plain).lines(lines);
    let draft = Message::silent().text(format!("{}{next}", year(card))).embed(embed.footer(footer.join(" · ")));
    let entries = card.past.iter().filter_map(|past| entry(voice, past));
    let draft = draft.select(Select::of(minutes, "Minutes of…", entries, |_| String::new()));
    draft.buttons(page.buttons()).buttons(buttons(offers)).build()
}

/// The last year in one sentence or two.
fn year(card: &HistoryCard) -> String {
    let year = &card.year;
    let told = match (year.told(), year.held) {
        (0, _) => " has had no meeting in the last 12 months that is over.".to_owned(),
        (told, 0) if told + year.untold == card.total => {
            format!(" was never held so far: {}.", beside(year).join(", "))
        }
        (_, 0) => format!(" was not held once in the last 12 months: {}.", beside(year).join(", ")),
        (told, held) => {
            let beside = beside(year);
            let beside = if beside.is_empty() { String::new() } else { format!(" ({})", beside.join(", ")) };
            let stalls = format!("{} began, {} ended", count(card.stalls.0, "stall"), card.stalls.1);
            format!(
                ": {held} of {} held in the last 12 months{beside}. {}. {stalls}.",
                count(told, "meeting"),
                came_of(year).join(", ")
            )
        }
    };
    format!("**{}**{told}", brief(&card.of.review.name, 100))
}

/// What became of the meetings that were not held.
pub(super) fn beside(meetings: &Meetings) -> Vec<String> {
    let counts =
        [(meetings.not_held.len(), "not held"), (meetings.missed.len(), "missed"), (meetings.skipped, "skipped")];
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect()
}

/// Decisions made, actions given and closed.
pub(super) fn came_of(meetings: &Meetings) -> [String; 3] {
    [
        count(meetings.decisions, "decision"),
        format!("{} given", count(meetings.given, "action")),
        format!("{} closed", meetings.ended),
    ]
}

/// `**Tuesday, 3 November 2026 09:30** · held · run by @lena in 34 minutes · 3 decisions, 4 actions, 2 deals moved · …`.
fn line(card: &HistoryCard, past: &Past) -> String {
    let mut parts = vec![format!("**{}**", long_moment(past.starts_at)), became(past).to_owned()];
    if let Some(meeting) = &past.meeting {
        let by = card.people.get(&meeting.started_by).map(deal::person).unwrap_or_else(|| "somebody".to_owned());
        match &meeting.closed {
            Some(closed) => parts.extend(closed_parts(past, meeting, closed, &by)),
            None => parts.push(format!("run by {by}")),
        }
    }
    parts.extend(past.minutes.map(|at| format!("[minutes]({})", link(at))));
    parts.join(" · ")
}

fn closed_parts(past: &Past, meeting: &Meeting, closed: &Closed, by: &str) -> Vec<String> {
    let lasted = super::meeting::lasted(meeting, closed);
    let ran = match (past.became, closed.by) {
        (_, None) => format!("started by {by}, closed by itself"),
        (Became::NotHeld, Some(_)) => format!("run by {by} alone in {lasted}, over 2 hours late"),
        (_, Some(_)) => format!("run by {by} in {lasted}"),
    };
    let came = [
        count(past.decisions, "decision"),
        count(past.actions, "action"),
        format!("{} moved", count(closed.moved.len(), "deal")),
    ];
    let stalls = format!("{} began, {} ended", count(closed.entered, "stall"), closed.left);
    vec![ran, came.join(", "), stalls]
}

fn became(past: &Past) -> &'static str {
    match (past.became, &past.meeting) {
        (Became::Held, _) => "held",
        (Became::NotHeld, None) => "not held: nobody started it",
        (Became::NotHeld, Some(_)) => "not held",
        (Became::Untold, None) => "not started yet",
        (Became::Untold, Some(_)) => "runs",
        (Became::Missed, _) => "missed: its agenda was never posted",
        (Became::Skipped, _) => "skipped",
    }
}

/// A meeting whose minutes can be had.
fn entry(voice: &Voice, past: &Past) -> Option<Entry> {
    let meeting = past.meeting.as_ref().filter(|meeting| !meeting.runs())?;
    let day = voice.day(voice.day_of(past.starts_at));
    let came = format!("{}, {}", count(past.decisions, "decision"), count(past.actions, "action"));
    Some(Entry::new(meeting.id.to_string(), day).described(came))
}

#[cfg(test)]
mod tests;
