//! What a recipient reads: what is on its way to them with a brief a deal, and what their answer did.

use super::super::control::Button;
use super::super::deal::{self, history};
use super::super::embed::{Embed, Lines};
use super::super::item;
use super::super::message::Message;
use super::super::offer::{Offer, Offers, buttons};
use super::super::partner::contact_line;
use super::super::press;
use super::super::text::{brief, capital, clip, escape};
use super::super::voice::{Voice, count};
use super::{counted, label, so_far, what};
use crate::domain::handover::view::{Asking, Brief, Line, Shown};
use crate::domain::handover::{Answer, Item, Reply};
use crate::domain::id::{GuildId, HandoverId};

/// How many briefs stand in the message itself, each with its buttons; the rest is gone through one by one.
pub const BRIEFS: usize = 4;
/// Lines of history in a brief.
const HISTORY: usize = 5;
/// Units of one of them.
const HISTORY_LINE: usize = 180;
/// Contacts in a brief.
const CONTACTS: usize = 4;

/// Whether the recipient is pinged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pings {
    /// They are.
    Recipient,
    /// The bot pinged them today already.
    Nobody,
}

impl Pings {
    /// By whether the day's ping was granted.
    pub fn when(granted: bool) -> Pings {
        if granted { Pings::Recipient } else { Pings::Nobody }
    }
}

/// What the buttons under it are for.
#[derive(Debug, Clone, Copy)]
pub struct Presses {
    /// The workspace.
    pub guild: GuildId,
    /// The handover.
    pub handover: HandoverId,
}

/// The one message that a recipient gets: what they are asked to take over, or were given without an answer.
pub fn asking(voice: &Voice, asking: &Asking, presses: Presses, pings: Pings, reference: &str) -> Message {
    let draft = match pings {
        Pings::Recipient => Message::pinging([asking.to.user]),
        Pings::Nobody => Message::silent(),
    };
    let draft = openings(voice, asking).into_iter().fold(draft, |draft, said| draft.text(said));
    let lines = asking.asked.iter().chain(&asking.assigned).map(|line| format!("- {}", what(voice, line)));
    let draft = draft.lines(Lines::of(lines.collect::<Vec<_>>(), |n| format!("… and {n} more: press One by one")));
    let draft = asking.briefs.iter().fold(draft, |draft, brief| draft.embed(embed(voice, brief)));
    let draft = asking.asked.iter().take(BRIEFS).fold(draft, |draft, line| draft.buttons(answers(presses, line)));
    draft.buttons(all(presses, asking.asked.len())).reference(reference).build()
}

fn openings(voice: &Voice, asking: &Asking) -> Vec<String> {
    let [to, lead, leaver] = [&asking.to, &asking.lead, &asking.leaver].map(deal::person);
    let mut said = Vec::new();
    if !asking.asked.is_empty() {
        let from = if asking.lead == asking.leaver { "them".to_owned() } else { leaver.clone() };
        said.push(format!("{to}, {lead} asks you to take over from {from}: {}.", counted(&asking.asked)));
        let held = held(asking).map(|held| format!("Until you accept, {held} {lead}'s."));
        let due = asking.due.map(|due| format!("Unanswered, it can be assigned to you from {} on.", voice.day(due)));
        said.push([held, due].into_iter().flatten().collect::<Vec<_>>().join(" "));
    }
    if !asking.assigned.is_empty() {
        let given = counted(&asking.assigned);
        said.push(format!("{to}, yours now, taken over from {leaver} and assigned by {lead}: {given}."));
    }
    said.extend(asking.note.as_deref().map(|note| format!("“{}”", brief(note, 500))));
    said
}

/// What is the lead's until it is accepted.
fn held(asking: &Asking) -> Option<String> {
    super::held(asking.asked.iter().map(|line| line.what))
}

/// Yes and no to one thing.
fn answers(presses: Presses, line: &Line) -> [Button; 2] {
    let id = |reply| press::answer_handover(presses.guild, presses.handover, reply, Some(line.what));
    [
        Button::success(id(Reply::Accept), format!("Accept {}", label(line))),
        Button::danger(id(Reply::Decline), format!("Decline {}", label(line))),
    ]
}

/// Yes to all, and one by one, where there are several.
fn all(presses: Presses, asked: usize) -> Vec<Button> {
    if asked < 2 {
        return Vec::new();
    }
    let accept = press::answer_handover(presses.guild, presses.handover, Reply::Accept, None);
    let (briefs, id) = press::briefs(presses.guild, presses.handover);
    vec![briefs.button(id), Offer::AcceptAll.button(accept)]
}

/// Where a thing stands, what is next, who the people are, and what happened lately.
fn embed(voice: &Voice, of: &Brief) -> Embed {
    let mut embed = match &of.line.shown {
        Shown::Deal(card) => {
            let state = deal::standing(voice, card);
            Embed::titled(deal::heading(card)).lines(Lines::of(state, |n| format!("… and {n} lines more")))
        }
        Shown::Number(owned) => {
            let counts = "Whoever owns the number answers for its target and counts as lead.".to_owned();
            let lines = [so_far(voice, owned), counts];
            Embed::titled("The number").lines(Lines::of(lines.to_vec(), |n| format!("… and {n} more")))
        }
        Shown::Action(card) => item::embed(voice, card),
        _ => Embed::titled(escape(&label(&of.line))),
    };
    if !of.line.along.is_empty() {
        let lines =
            of.line.along.iter().map(|card| format!("{} · {}", brief(&card.item.text, 120), item::when(voice, card)));
        embed = embed
            .field("With it", Lines::of(lines.collect::<Vec<_>>(), |n| format!("… and {}", count(n, "more action"))));
    }
    if !of.contacts.is_empty() {
        let lines = of.contacts.iter().map(contact_line).collect::<Vec<_>>();
        let more = lines.len().saturating_sub(CONTACTS);
        let more = (more > 0).then(|| format!("… and {}", count(more, "more contact")));
        let lines = lines.into_iter().take(CONTACTS).chain(more);
        embed = embed.field("Contacts", Lines::of(lines.collect::<Vec<_>>(), |n| format!("… and {n} more")));
    }
    if !of.events.is_empty() {
        let lately = history::pages(voice, &of.names, &of.events).into_iter().flatten().take(HISTORY);
        let lately: Vec<String> = lately.map(|line| cut(&line)).collect();
        embed = embed.field("Lately", Lines::of(lately, |n| format!("… and {n} more: History on the card")));
    }
    embed
}

/// As much of a line of history as stands in a brief, never half a mention.
fn cut(line: &str) -> String {
    let kept = clip(line, HISTORY_LINE);
    match kept.rfind('<') {
        Some(open) if !kept[open..].contains('>') => format!("{}…", kept[..open].trim_end()),
        _ => kept,
    }
}

/// Where a run-through is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which thing, from 0.
    pub index: usize,
    /// Of how many that wait.
    pub of: usize,
}

/// One brief of the run-through, or its end. `said` is what the last press did.
pub fn turn(voice: &Voice, said: Option<&str>, brief: Option<(&Brief, Place)>, offers: Offers) -> Message {
    let draft = said.into_iter().fold(Message::silent(), |draft, said| draft.text(said));
    match brief {
        Some((brief, place)) => draft
            .text(format!("**{} of {}** on the way to you", place.index + 1, place.of))
            .embed(embed(voice, brief))
            .buttons(buttons(offers))
            .build(),
        None => draft
            .text(format!("Nothing waits for your answer. {} goes through your deals.", voice.command("my work")))
            .buttons(buttons(offers))
            .build(),
    }
}

/// What an answer did.
pub fn answered(items: &[Item], lines: &[Line]) -> String {
    let of = |answer: Answer| {
        let of = items.iter().filter(move |item| item.answer == answer);
        let line = |item: &Item| lines.iter().find(|line| line.what == item.what).map(label);
        of.filter_map(line).collect::<Vec<_>>()
    };
    let said = |labels: Vec<String>, after: &str| match labels.as_slice() {
        [] => None,
        [only] => Some(format!("{} is {after}.", capital(&escape(only)))),
        many => Some(format!("{} things are {after}.", many.len())),
    };
    let parts = [
        said(of(Answer::Accepted), "yours now"),
        said(of(Answer::Declined), "declined; the leads are told, and find somebody else"),
        said(of(Answer::Overtaken), "settled otherwise by now"),
    ];
    format!("Saved. {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
