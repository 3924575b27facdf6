//! Exit criteria on a deal in words: what is left to leave its stage, what was passed over, the checklist, and the
//! motion that it could be moved to.

use super::super::control::{Button, CustomId, Entry, Select};
use super::super::embed::{Embed, Lines};
use super::super::message::Message;
use super::super::offer::{Offers, buttons};
use super::super::refusal;
use super::super::text::{brief, clip, plain, units};
use super::super::voice::{Voice, count};
use super::about;
use super::form::Typed;
use crate::domain::card::DealCard;
use crate::domain::deal::criteria::{CarryOver, Exit, Met, PassAsked, State, Waiver};
use crate::domain::event::{Event, EventKind};
use crate::domain::motion::{Criterion, Motion, Side, Stage};
use crate::domain::refusal::{Asker, Refused};

/// How much of a criterion stands in a line.
const TEXT: usize = 120;
/// How many unmet criteria a line names.
const NAMED: usize = 4;
/// A button's label, in Discord's units.
const LABEL: usize = 80;

/// `partner`, as it stands behind a criterion.
pub(in crate::render) fn side(side: Side) -> &'static str {
    match side {
        Side::Ours => "ours",
        Side::Partner => "partner",
    }
}

/// `Partner sponsor named (partner)`.
pub(in crate::render) fn said(criterion: &Criterion) -> String {
    format!("{} ({})", brief(&criterion.text, TEXT), side(criterion.side))
}

/// The first of some criteria in a row, the others counted.
fn row(said: Vec<String>, more: &str) -> String {
    let over = said.len().saturating_sub(NAMED);
    let named = said.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
    if over == 0 { named } else { format!("{named}; and {over} more{more}") }
}

/// The card's lines: what is left to leave the stage, whether a lead is asked, what was passed over, which motion.
pub(super) fn state(voice: &Voice, card: &DealCard) -> Vec<String> {
    let (deal, running) = (&card.deal, &card.running);
    let mut lines: Vec<String> = left(card).into_iter().collect();
    if let (Some(asked), Some(by)) = (&deal.pass_asked, &running.asked_by) {
        let day = voice.day(voice.day_of(asked.at));
        let to = asked.to.name();
        lines.push(format!(
            "**A lead is asked** by {}, {day}: pass what is unmet on the way to {to}?",
            about::person(by)
        ));
    }
    for (waiver, by) in deal.waivers.iter().zip(&running.passed_by).filter(|(waiver, _)| !waiver.spent) {
        let unmet = waiver.passed.iter().filter(|exit| !is_met(&deal.met, exit)).map(|exit| said(&exit.criterion));
        let unmet: Vec<String> = unmet.collect();
        if !unmet.is_empty() {
            let (by, reason) = (about::person(by), brief(&waiver.reason, 200));
            lines.push(format!("**Passed over** by {by}: {}: “{reason}”", row(unmet, " in History")));
        }
    }
    lines.extend(
        running
            .newer
            .map(|newer| format!("It runs version {} of the motion; {newer} is current.", deal.motion_version)),
    );
    lines
}

fn is_met(met: &[Met], exit: &Exit) -> bool {
    met.iter().any(|met| met.stage == exit.stage && met.text == exit.criterion.text)
}

/// `**To leave Qualified**: Partner sponsor named (partner)`; `None` where nothing is asked for.
fn left(card: &DealCard) -> Option<String> {
    let standing = &card.running.standing;
    let stage = card.deal.stage.name();
    let unmet = standing.iter().filter(|standing| standing.state == State::Unmet).map(|s| said(&s.criterion));
    let unmet: Vec<String> = unmet.collect();
    match (standing.len(), unmet.len()) {
        (0, _) => None,
        (_, 0) => Some(format!("**To leave {stage}**: nothing is left")),
        _ => Some(format!("**To leave {stage}**: {}", row(unmet, " under Criteria"))),
    }
}

/// What a tick came to, for the answer to it.
pub(super) fn after(card: &DealCard, events: &[Event]) -> Option<String> {
    let ticked =
        |e: &Event| matches!(e.kind, EventKind::CriterionMet | EventKind::CriterionUnmet | EventKind::MotionChanged);
    let moved = |e: &Event| e.kind == EventKind::StageMoved;
    events.iter().any(|e| ticked(e) || moved(e)).then(|| left(card)).flatten().map(|left| format!("{left}."))
}

/// The button that takes the proposed next step, with as much of it as fits.
pub(super) fn propose(voice: &Voice, card: &DealCard, id: CustomId) -> Option<Button> {
    let step = card.running.proposed.as_ref()?;
    let due = step.due.map(|due| format!(", due {}", voice.day(due))).unwrap_or_default();
    let begun = "Set next step: ";
    let room = LABEL.saturating_sub(units(begun) + units(&due));
    Some(Button::primary(id, format!("{begun}{}{due}", clip(&plain(&step.text), room))))
}

/// The checklist of a deal's stage; entries send back their places.
pub fn checklist(card: &DealCard, tick: CustomId) -> Message {
    let standing = &card.running.standing;
    let line = |standing: &crate::domain::deal::criteria::Standing| {
        let mark = match standing.state {
            State::Met => "☑",
            State::Passed => "⤼",
            State::Unmet => "☐",
        };
        let passed = if standing.state == State::Passed { ", passed over by a lead" } else { "" };
        format!("{mark} {}{passed}", said(&standing.criterion))
    };
    let entry = |(at, standing): (usize, &crate::domain::deal::criteria::Standing)| {
        let entry = Entry::new(at.to_string(), &standing.criterion.text).described(whose(standing.criterion.side));
        if standing.state == State::Met { entry.chosen() } else { entry }
    };
    let opening = format!("**{}**\nTo leave {}:", about::heading(card), card.deal.stage.name());
    Message::silent()
        .text(opening)
        .lines(Lines::of(standing.iter().map(line), |n| format!("… and {n} more below")))
        .text("Choose all that are true now. What isn't chosen counts as not met.")
        .select(Select::any_of(tick, "What is true", standing.iter().enumerate().map(entry)))
        .build()
}

fn whose(side: Side) -> &'static str {
    match side {
        Side::Ours => "our side",
        Side::Partner => "the partner's side",
    }
}

/// What is unmet, by stage and side, and who can do what about it.
pub(in crate::render) fn unmet_criteria(voice: &Voice, to: Stage, unmet: &[Exit], asker: Asker) -> String {
    let not_done = match to {
        Stage::Launched => "Not won yet".to_owned(),
        to => format!("Not moved to {} yet", to.name()),
    };
    let pass = match asker {
        Asker::Lead => "as a lead you can pass the rest over with a reason".to_owned(),
        Asker::Owner => format!(
            "the rest is a lead's to pass over: ask somebody with {}, or put it on the agenda with **Ask a lead to pass**",
            voice.lead_role()
        ),
    };
    // What to do stands first: where the list is too long for a message, its end is counted.
    let first = format!("{not_done}: {} unmet. **Criteria** ticks what is true; {pass}.", are(unmet.len()));
    let of_stage = |stage: Stage| {
        let texts: Vec<String> = unmet.iter().filter(|e| e.stage == stage).map(|e| said(&e.criterion)).collect();
        (!texts.is_empty()).then(|| format!("**To leave {}**: {}", stage.name(), texts.join("; ")))
    };
    std::iter::once(first).chain(Stage::OPEN.into_iter().filter_map(of_stage)).collect::<Vec<_>>().join("\n")
}

fn are(criteria: usize) -> String {
    if criteria == 1 { "1 exit criterion is".to_owned() } else { format!("{criteria} exit criteria are") }
}

/// Unmet criteria stand in a deal's way: which, whose, and what can be done about it. What was typed is given back.
pub fn unmet(voice: &Voice, refused: &Refused, typed: &Typed, offers: Offers) -> Message {
    let said = Message::silent().lines(refusal::lines(voice, refused)).buttons(buttons(offers));
    if typed.is_blank() {
        return said.build();
    }
    said.embed(Embed::titled("Your text").lines(Lines::of(typed.lines(), |n| format!("… and {n} more")))).build()
}

/// What changes for a deal on the current motion: what carries over, what doesn't, and what is left there.
pub fn newer(card: &DealCard, to: &Motion, carried: &CarryOver, offers: Offers) -> Message {
    let met = |met: &[Met]| -> Vec<String> { met.iter().map(|met| brief(&met.text, TEXT)).collect() };
    let (kept, lost) = (met(&carried.kept), met(&carried.lost));
    let left: Vec<String> = carried.left.iter().map(|exit| said(&exit.criterion)).collect();
    let some = |title: &str, texts: Vec<String>, none: &str| match texts.is_empty() {
        true => format!("**{title}** {none}"),
        false => format!("**{title}** {}", texts.join("; ")),
    };
    let lines = [
        format!(
            "**{}** runs version {} of the motion; version {} is current. Moved there, it counts with that one's probability and usual days.",
            about::heading(card),
            card.deal.motion_version,
            to.version
        ),
        some("Stays met:", kept, "nothing, because nothing that is met reads the same there."),
        some("Is not asked for there:", lost, "nothing of what is met."),
        some(&format!("To leave {} there:", card.deal.stage.name()), left, "nothing is left."),
    ];
    Message::silent().lines(Lines::of(lines, |n| format!("… and {n} more"))).buttons(buttons(offers)).build()
}

/// `passed over: Partner sponsor named (partner)`.
pub(super) fn waived((before, after): (Option<Vec<Waiver>>, Option<Vec<Waiver>>)) -> Option<String> {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let said_of = |waivers: &[Waiver]| -> String {
        waivers.iter().flat_map(|w| &w.passed).map(|exit| said(&exit.criterion)).collect::<Vec<_>>().join("; ")
    };
    match before.len() < after.len() {
        true => Some(format!("passed over: {}", said_of(&after[before.len()..]))),
        false if before.len() > after.len() => {
            Some(format!("no longer passed over: {}", said_of(&before[after.len()..])))
        }
        false => None,
    }
}

/// `met: Partner sponsor named`, `not met any more: …`.
pub(super) fn ticked((before, after): (Option<Vec<Met>>, Option<Vec<Met>>), kind: EventKind) -> Option<String> {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let beyond = |these: &[Met], those: &[Met]| -> Vec<String> {
        these.iter().filter(|m| !those.iter().any(|o| o.text == m.text)).map(|m| brief(&m.text, TEXT)).collect()
    };
    let (new, gone) = (beyond(&after, &before), beyond(&before, &after));
    let told = |title: &str, texts: Vec<String>| (!texts.is_empty()).then(|| format!("{title}: {}", texts.join("; ")));
    let lost = if kind == EventKind::MotionChanged { "not asked for any more" } else { "not met any more" };
    let told: Vec<String> = [told("met", new), told(lost, gone)].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// `asked a lead to pass what is unmet on the way to Committed`; nothing where a move answered it.
pub(super) fn asked(after: Option<PassAsked>, kind: EventKind) -> Option<String> {
    match after {
        Some(asked) => Some(format!("asked a lead to pass what is unmet on the way to {}", asked.to.name())),
        None if kind == EventKind::PassAsked => Some("asks no lead to pass any more".to_owned()),
        None => None,
    }
}

/// `3 unmet`, for a label.
pub(super) fn why_pass(unmet: usize) -> String {
    format!("Why pass over {}", count(unmet, "unmet criterion").replace("criterions", "criteria"))
}
