//! Questions that a select answers: which reason, who has the next move, which stage, which owner, which deal.

use serde::Serialize;

use super::super::control::{Button, CustomId, Entry, Select};
use super::super::embed::Lines;
use super::super::message::Message;
use super::super::offer::Offer;
use super::super::text::{brief, capital};
use super::super::voice::{Voice, count};
use super::{about, list};
use crate::domain::card::DealCard;
use crate::domain::deal::{LossReason, Role, WaitingOn};
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;

/// The reasons for a loss as they are offered, here and by the command: pairs of key and words.
pub fn loss_reasons() -> [(String, String); 9] {
    use LossReason::*;
    let reasons =
        [Competitor, Price, NoBudget, NoDecision, Timing, ProductFit, PartnerWithdrew, Other, EnteredByMistake];
    reasons.map(|reason| (key(reason), capital(about::loss(reason))))
}

/// Who may have the next move, as it is offered here and by the command: pairs of key and words.
pub fn next_movers() -> [(String, String); 4] {
    let all = [WaitingOn::Partner, WaitingOn::Customer, WaitingOn::Legal, WaitingOn::Us];
    all.map(|on| (key(on), capital(about::waiting_on(on))))
}

/// Why was it lost? Entries send back the reasons' keys.
pub fn loss_reason(card: &DealCard, id: CustomId) -> Message {
    let entries = loss_reasons().map(|(key, words)| Entry::new(key, words));
    ask(card, "Why was it lost?", Select::of(id, "Choose the reason", entries, |_| String::new()))
}

/// Who has the next move? Entries send back the keys of [`WaitingOn`].
pub fn waiting_on(card: &DealCard, id: CustomId) -> Message {
    let entries = next_movers().map(|(key, words)| Entry::new(key, words));
    ask(card, "Who has the next move?", Select::of(id, "Waiting on…", entries, |_| String::new()))
}

/// Which stage? Entries send back the stages' keys. Won and lost have commands of their own.
pub fn stage(card: &DealCard, id: CustomId) -> Message {
    let entries = Stage::OPEN.map(|stage| {
        let entry = Entry::new(stage.key(), stage.name());
        if stage == card.deal.stage { entry.described("where it is now") } else { entry }
    });
    let question = format!("It is in {}. Where to?", card.deal.stage.name());
    ask(card, &question, Select::of(id, "Choose a stage", entries, |_| String::new()))
}

/// Whose shall it be?
pub fn owner(card: &DealCard, id: CustomId) -> Message {
    let question =
        format!("{} owns it. Who takes it over? They get one ping, and can decline.", about::person(&card.owner));
    ask(card, &question, Select::user(id, "Choose the new owner", None))
}

/// What did the primary partner do? Entries send back the keys of [`Role`].
pub fn class(card: &DealCard, id: CustomId) -> Message {
    let entries = [
        Entry::new(Role::Sourced.key(), "Sourced").described("It brought the deal, which would not exist otherwise"),
        Entry::new(Role::Influenced.key(), "Influenced").described("It took part in an event that can be named"),
    ];
    let question = format!("What did {} do for it?", brief(&card.partner, 60));
    ask(card, &question, Select::of(id, "Sourced or influenced", entries, |_| String::new()))
}

/// Which deal is meant? Entries send back deal numbers as `D-12`.
pub fn deal(question: &str, cards: &[DealCard], id: CustomId) -> Message {
    Message::silent().text(question).select(list::deals(id, "Choose a deal", cards)).build()
}

fn ask(card: &DealCard, question: &str, select: Select) -> Message {
    Message::silent().text(format!("**{}**\n{question}", about::heading(card))).select(select).build()
}

fn key(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("a unit variant serializes as a word, not {other:?}"),
    }
}

/// What to press for one of several similar deals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// Which deal.
    pub deal: DealNumber,
    /// Makes what was typed a note on it.
    pub note: CustomId,
    /// Adds the partner that was typed to it.
    pub join: CustomId,
}

/// Rows of buttons for deals; the last row is for recording it anyway.
const SIMILAR_ROWS: usize = 4;

/// Open deals with the same account exist: note it there, join, or say why it is another one. What was typed is kept.
pub fn similar(voice: &Voice, account: &str, cards: &[DealCard], presses: &[Similar], anyway: CustomId) -> Message {
    let opening = format!(
        "Not saved yet. {} has {} already. Is it one of these?",
        brief(account, 60),
        count(cards.len(), "open deal")
    );
    let list = voice.command("deal list");
    let lines = Lines::of(cards.iter().map(|c| about::line(voice, c)).collect::<Vec<_>>(), move |n| {
        format!("… and {n} more: {list}")
    });
    let mut draft = Message::silent().lines(Lines::text(opening).refusing()).lines(lines);
    for press in presses.iter().take(SIMILAR_ROWS) {
        let label = press.deal.label();
        draft = draft.buttons([
            Button::secondary(press.note.clone(), format!("Note it on {label}")),
            Button::secondary(press.join.clone(), format!("Join {label}")),
        ]);
    }
    draft.text("What you typed is kept for 24 hours.").buttons([Offer::CreateAnyway.button(anyway)]).build()
}
