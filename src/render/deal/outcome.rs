//! What a person reads after a change: that it is saved, what was understood, and the next useful thing to do.

use super::super::embed::Lines;
use super::super::handover::Pings;
use super::super::message::{Draft, Message};
use super::super::offer::{Offer, Offers, buttons};
use super::super::pay::Own;
use super::super::text::{brief, escape_lines};
use super::super::voice::{Voice, list};
use super::{about, card, change, credit as chain, criteria};
use crate::domain::attribution::Timeliness;
use crate::domain::card::{DealCard, Named, Names};
use crate::domain::deal::Role;
use crate::domain::event::{Event, EventKind, SubjectKind};
use crate::domain::id::{DealNumber, UserId};
use crate::domain::motion::Stage;

/// A deal was recorded. `events` are those of the command; an account made along the way is said. `pay` is for its owner.
pub fn recorded(voice: &Voice, card: &DealCard, events: &[Event], pay: Own, offers: Offers) -> Message {
    let mut parts = vec![about::class(card)];
    let dated = card.deal.claim.on.filter(|on| *on != voice.day_of(card.deal.created_at));
    parts.extend(dated.map(|on| format!("evidence of {}", voice.day(on))));
    parts.push(about::amount(voice, &card.deal));
    parts.extend(card.deal.close.map(|close| format!("closes {} ({})", voice.day(close), voice.away(close))));
    parts.push(format!("owner {}", about::person(&card.owner)));
    parts.extend(card.backup.as_ref().map(|backup| format!("backup {}", about::person(backup))));
    parts.extend(card.deal.next_step.as_ref().map(|step| format!("next step {}", about::next_step(voice, step))));
    let mut lines = vec![format!("Saved as **{}**: {}.", about::heading(card), parts.join(", "))];
    if events.iter().any(|e| e.subject.kind == SubjectKind::Account && e.kind == EventKind::Created) {
        lines.push(format!("{} is a new account.", brief(&card.account, 60)));
    }
    if card.timeliness == Timeliness::Late {
        lines.push("Its class counts as late: what the partner did was more than 14 days ago.".to_owned());
    }
    lines.extend(what_next(voice, card, &offers));
    answer(voice, card, lines, pay, offers)
}

/// A deal was changed. Says what the events did, as it was understood. `pay` is for its owner, where it changed.
pub fn saved(voice: &Voice, card: &DealCard, names: &Names, events: &[Event], pay: Own, offers: Offers) -> Message {
    let said: Vec<String> = events.iter().flat_map(|e| change::phrases(voice, names, e)).collect();
    let mut lines = match said.as_slice() {
        [] => vec![format!("Saved. **{}**", about::heading(card))],
        [only] => vec![format!("Saved. **{}**: {only}", about::heading(card))],
        many => std::iter::once(format!("Saved. **{}**", about::heading(card)))
            .chain(many.iter().map(|phrase| format!("- {phrase}")))
            .collect(),
    };
    lines.extend(credit(card));
    lines.extend(chain::claimed(voice, card, events));
    lines.extend(chain::settled(card, events));
    let handed = |e: &Event| e.kind == EventKind::OwnerChanged && e.actor != card.owner.member;
    if events.iter().any(handed) {
        lines.push(format!("{} is told, and can decline.", about::person(&card.owner)));
    }
    lines.extend(criteria::after(card, events));
    lines.extend(what_next(voice, card, &offers));
    answer(voice, card, lines, pay, offers)
}

/// A change was taken back: `taken` are its events, `events` those that make up for them.
pub fn undone(
    voice: &Voice,
    card: &DealCard,
    names: &Names,
    (taken, events): (&[Event], &[Event]),
    offers: Offers,
) -> Message {
    if !card.deal.counts() {
        let line = format!("Taken back. {} counts nowhere; its history stays.", card.deal.number.label());
        return answer(voice, card, vec![line], Own::default(), offers);
    }
    let said: Vec<String> = events.iter().flat_map(|e| change::phrases(voice, names, e)).collect();
    let first = format!("Taken back. **{}** is as before.", about::heading(card));
    let lines = std::iter::once(first).chain(said.into_iter().skip(1).map(|phrase| format!("- {phrase}")));
    let noted = taken.iter().any(|event| event.kind == EventKind::Noted);
    let note = noted.then(|| "The note went too: the history says that there was one, not what it said.".to_owned());
    answer(voice, card, lines.chain(note).collect(), Own::default(), offers)
}

fn answer(voice: &Voice, card: &DealCard, lines: Vec<String>, pay: Own, offers: Offers) -> Message {
    let lines = Lines::of(lines, |n| format!("… and {n} lines more; History has all of it"));
    let draft = card::with_offers(Message::silent().lines(lines), voice, card, offers);
    pay.embeds(voice).into_iter().fold(draft, Draft::embed).build()
}

/// Whom a won deal is credited to.
fn credit(card: &DealCard) -> Option<String> {
    let partners = std::iter::once(&card.partner).chain(&card.participants);
    let partners: Vec<String> = partners.map(|p| brief(p, 60)).collect();
    card.deal
        .is_won()
        .then(|| format!("Credit: {} with {}, {}.", about::person(&card.owner), list(&partners), about::class(card)))
}

/// What the motion proposes where a button takes it, else what would help the deal.
fn what_next(voice: &Voice, card: &DealCard, offers: &Offers) -> Option<String> {
    let is_offered = offers.iter().any(|(offer, _)| *offer == Offer::Propose);
    let proposed = card.running.proposed.as_ref().filter(|_| is_offered);
    match proposed {
        Some(step) => Some(format!("The motion proposes: {}.", about::next_step(voice, step))),
        None => next(voice, card),
    }
}

/// The one thing that would help the deal most now.
pub(in crate::render) fn next(voice: &Voice, card: &DealCard) -> Option<String> {
    let deal = &card.deal;
    if !deal.is_open() {
        return None;
    }
    let update = voice.command("deal update");
    if deal.close.is_some_and(|close| close < voice.today()) {
        return Some(format!("Its close is past: give it a new one with {update}, or close the deal."));
    }
    match &deal.next_step {
        None => return Some(format!("Next: say what happens next, and by when, with {update}.")),
        Some(step) if step.due.is_none() => return Some(format!("Next: give the next step a date with {update}.")),
        Some(_) => {}
    }
    if deal.stage == Stage::Prospect && (deal.amount.is_none() || deal.close.is_none()) {
        return Some(format!("Amount and close are needed to leave Prospect: {update}."));
    }
    match card.timeliness {
        Timeliness::Open { until } if deal.role == Role::Undecided => {
            Some(format!("Sourced or influenced is still open: settle it by {}.", voice.day(until)))
        }
        _ => None,
    }
}

/// Tells a new owner, once, in the nudge channel or by direct message.
pub fn ownership(voice: &Voice, card: &DealCard, by: &Named, pings: Pings, reference: &str, offers: Offers) -> Message {
    let mut lines = vec![format!(
        "{}, **{}** is yours now, handed over by {}. {} · {}",
        about::person(&card.owner),
        about::heading(card),
        about::person(by),
        card.deal.stage.name(),
        about::amount(voice, &card.deal),
    )];
    lines.extend(card.deal.next_step.as_ref().map(|step| format!("Next step {}", about::next_step(voice, step))));
    lines.extend(about::stalled(&card.reasons).map(|reasons| format!("Stalled: {reasons}")));
    lines.push("Decline sends it to the lead.".to_owned());
    let lines = Lines::of(lines, |n| format!("… and {n} lines more on the card"));
    let draft = match pings {
        Pings::Recipient => Message::pinging([card.owner.user]),
        Pings::Nobody => Message::silent(),
    };
    draft.lines(lines).reference(reference).buttons(buttons(offers)).build()
}

/// An answer that could not be given where it was asked, so that nobody types a deal twice. `text` is an answer of ours,
/// already safe; without one it only says that what was sent is saved.
pub fn late_answer(user: UserId, text: Option<&str>, reference: &str) -> Message {
    let Some(text) = text else {
        let saved = format!("<@{user}>, Discord did not take the answer to your command. What you sent is saved.");
        return Message::pinging([user]).text(saved).reference(reference).build();
    };
    let opening = format!("<@{user}>, Discord did not take the answer to your command, so here it is:");
    let text = text.lines().map(str::to_owned);
    let lines = Lines::of(text.collect::<Vec<_>>(), |n| format!("… and {n} lines more"));
    Message::pinging([user]).text(opening).lines(lines).reference(reference).build()
}

/// A new owner said no: who is told, and whose it is until then.
pub fn declined(deal: DealNumber) -> Message {
    let said = format!("The leads are told. {} stays with you until they name another owner.", deal.label());
    Message::silent().text(said).build()
}

/// The deal that a message was noted on, by the context menu.
pub fn noted(voice: &Voice, card: &DealCard, note: &str, offers: Offers) -> Message {
    let mut lines = vec![format!("Saved as a note on **{}**:", about::heading(card))];
    lines.extend(escape_lines(note).lines().map(|l| format!("> {l}")));
    lines.extend(next(voice, card));
    answer(voice, card, lines, Own::default(), offers)
}
