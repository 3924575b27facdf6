//! How far a handover is, for the leads: what waits for whom, what was declined, and what taking it back would do.

use super::super::control::{CustomId, Entry, Select};
use super::super::deal;
use super::super::embed::{Embed, Lines, Tone};
use super::super::message::{Draft, Message};
use super::super::offer::{Offers, Page, buttons};
use super::super::text::{brief, capital, plain};
use super::super::voice::{Voice, count, moment};
use super::{things, what};
use crate::domain::card::Named;
use crate::domain::handover::view::{Line, StatusCard};
use crate::domain::handover::{Answer, What};

/// What just happened to a handover, above how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nothing: it is looked at.
    Shown,
    /// It was started.
    Started {
        /// How many things nobody is there for.
        left_out: usize,
    },
    /// What waited was given to its recipients.
    Assigned,
    /// Somebody else was found for something.
    Offered,
    /// The lead took it themselves.
    Taken,
    /// The last change was taken back.
    Reverted,
    /// It was taken back.
    Undone,
}

/// How far a handover is, a line a thing; the selects find somebody else for what waits, and show another one, where
/// there are several.
pub fn status(
    voice: &Voice,
    told: Told,
    card: &StatusCard,
    page: Page,
    selects: impl IntoIterator<Item = Select>,
    offers: Offers,
) -> Message {
    let lines = card.lines.iter().map(|line| format!("- {}: {}", what(voice, line), stands(card, line)));
    let lines = Lines::of(lines.collect::<Vec<_>>(), |n| format!("… and {n} more on this page"));
    let tone = if card.handover.waiting > 0 { Tone::Attention } else { Tone::Good };
    let title = format!("Handover of {}'s work", brief(&card.leaver.name, 60));
    let mut embed = Embed::titled(title).tone(tone).lines(lines);
    if let Some(words) = page.words() {
        embed = embed.footer(words);
    }
    let draft = opening(voice, told, card).embed(embed).buttons(buttons(offers)).buttons(page.buttons());
    selects.into_iter().fold(draft, Draft::select).build()
}

fn opening(voice: &Voice, told: Told, card: &StatusCard) -> Draft {
    let lead = deal::person(&card.lead);
    let counted = |answer: Answer| card.handover.items.values().filter(|item| item.answer == answer).count();
    let draft = match told {
        Told::Shown => Message::silent(),
        Told::Started { left_out } => {
            let said = started(card, &lead);
            left_behind(voice, card, left_out).into_iter().fold(Message::silent().text(said), Draft::text)
        }
        Told::Assigned => Message::silent().text("Saved. What nobody answered is assigned, and they are told."),
        Told::Offered => Message::silent().text("Saved. Whoever is asked is told in a minute."),
        Told::Taken => Message::silent().text("Saved. It is yours now."),
        Told::Reverted => Message::silent().text("Taken back."),
        Told::Undone => Message::silent().text(format!(
            "Taken back: {} went back to {}, {} changed since and stayed.",
            count(counted(Answer::Back), "thing"),
            deal::person(&card.leaver),
            counted(Answer::Stayed),
        )),
    };
    let started = card.handover.started_at.map(|at| format!("Started by {lead}, {}.", moment(at)));
    let note = card.handover.note.as_deref().map(|note| format!("“{}”", brief(note, 500)));
    [started, note, waits(voice, card)].into_iter().flatten().fold(draft, Draft::text)
}

/// What is whose now, and who is told.
fn started(card: &StatusCard, lead: &str) -> String {
    let told = "each recipient is told in a minute what is on its way to them.";
    match held(card) {
        Some(held) => format!("Started. {} {lead}'s from now on; {told}", capital(&held)),
        None => format!("Started: {told}"),
    }
}

/// What was left out, since nobody is there for it.
fn left_behind(voice: &Voice, card: &StatusCard, things: usize) -> Option<String> {
    let (leaver, plan) = (deal::person(&card.leaver), voice.command("handover plan"));
    let stay = if things == 1 { "stays" } else { "stay" };
    let said =
        || format!("Nobody is there for {}, which {stay} with {leaver}: choose with {plan}.", count(things, "thing"));
    (things > 0).then(said)
}

/// `The number and the deals are`: what is the lead's from the start on.
fn held(card: &StatusCard) -> Option<String> {
    super::held(card.handover.items.values().map(|item| item.what))
}

/// What is missing still, and what can be done about it.
fn waits(voice: &Voice, card: &StatusCard) -> Option<String> {
    if card.handover.undone_at.is_some() {
        return Some("It was taken back.".to_owned());
    }
    let (asked, declined) = (card.handover.asked(None).len(), card.handover.declined().len());
    let missing = card.due.filter(|_| asked > 0).map(|due| {
        let when = if due > voice.today() { format!("from {} on", voice.day(due)) } else { "now".to_owned() };
        let answers = count(asked, "answer");
        format!("{answers} of {} missing; what is unanswered can be assigned without acceptance {when}.", card.total)
    });
    let were = if declined == 1 { "was" } else { "were" };
    let declined =
        (declined > 0).then(|| format!("{} {were} declined: find somebody else below.", count(declined, "thing")));
    let said: Vec<String> = missing.into_iter().chain(declined).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn stands(card: &StatusCard, line: &Line) -> String {
    let to = line.to.as_ref().map_or_else(|| "nobody".to_owned(), deal::person);
    match line.answer {
        Answer::Planned => to,
        Answer::Asked => format!("{to} was asked"),
        Answer::Accepted => format!("{to} has it"),
        Answer::Declined if matches!(line.what, What::Deal(_) | What::Number | What::Action(_)) => {
            format!("**{to} declined**, it stays with {}", deal::person(&card.lead))
        }
        Answer::Declined => format!("**{to} declined**, it stays with {}", deal::person(&card.leaver)),
        Answer::Assigned => format!("{to} has it, assigned without acceptance"),
        Answer::Overtaken => "settled otherwise meanwhile".to_owned(),
        Answer::Back => format!("back with {}", deal::person(&card.leaver)),
        Answer::Stayed => "not moved back: changed since".to_owned(),
    }
}

/// A select of what waits on a page of a status; none where nothing does.
pub fn elsewhere(id: CustomId, card: &StatusCard) -> Option<Select> {
    let waits = |line: &&Line| matches!(line.answer, Answer::Asked | Answer::Declined);
    let waiting: Vec<Line> = card.lines.iter().filter(waits).cloned().collect();
    (!waiting.is_empty()).then(|| things(id, "Find somebody else for…", &waiting))
}

/// A select of handovers, newest first: whose, and when it was started.
pub fn others(voice: &Voice, id: CustomId, cards: &[StatusCard]) -> Select {
    let entry = |card: &StatusCard| {
        let started = card.handover.started_at.map(|at| voice.day(voice.day_of(at))).unwrap_or_default();
        Entry::new(card.handover.id.to_string(), format!("{}, {started}", plain(&card.leaver.name)))
            .described(format!("{} waiting", card.handover.waiting))
    };
    Select::of(id, "Show another handover", cards.iter().map(entry), |n| format!("({n} more)"))
}

/// A start was taken back before anybody was asked.
pub fn withdrawn(leaver: &Named, plan: Offers) -> Message {
    let said =
        format!("Taken back. Everything is with {} as before, and nobody is asked to take over.", deal::person(leaver));
    Message::silent().text(said).buttons(buttons(plan)).build()
}

/// There is no handover to show.
pub fn none(voice: &Voice) -> Message {
    let plan = voice.command("handover plan");
    Message::silent()
        .text(format!("No handover is running, and none was started in the last 7 days. {plan} plans one."))
        .build()
}

/// Asks before a handover is taken back: how much goes back, and what can't.
pub fn confirm_undo(voice: &Voice, card: &StatusCard, back: usize, stay: &[Line], offers: Offers) -> Message {
    let mut said = format!(
        "Take back {}'s handover of {}? {} back to {}.",
        brief(&card.leaver.name, 60),
        card.handover.started_at.map(|at| voice.day(voice.day_of(at))).unwrap_or_default(),
        if back == 1 { "1 thing goes".to_owned() } else { format!("{back} things go") },
        deal::person(&card.leaver),
    );
    if !stay.is_empty() {
        let stays = if stay.len() == 1 { "1 changed since, and stays" } else { "These changed since, and stay" };
        said.push_str(&format!(" {stays}:"));
    }
    let lines = Lines::of(stay.iter().map(|line| format!("- {}", what(voice, line))).collect::<Vec<_>>(), |n| {
        format!("… and {n} more")
    });
    Message::silent().text(said).lines(lines).buttons(buttons(offers)).build()
}
