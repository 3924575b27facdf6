//! Forms about a deal, prefilled with what stands, and what is said when a form could not be saved: the typed text is
//! always given back.

use super::super::control::CustomId;
use super::super::embed::{Embed, Lines, Tone};
use super::super::message::Message;
use super::super::modal::{Modal, TextInput};
use super::super::money::typed_money;
use super::super::offer::{Offer, Offers, buttons};
use super::super::refusal;
use super::super::text::{escape_lines, shows_nothing};
use super::super::voice::Voice;
use super::{about, criteria, history};
use crate::domain::card::{DealCard, Names};
use crate::domain::deal::{Deal, LossReason, limit};
use crate::domain::event::Event;
use crate::domain::refusal::Refused;

/// The ids of the inputs, as they come back.
pub mod input {
    /// What happened.
    pub const NOTE: &str = "note";
    /// What happens next.
    pub const NEXT_STEP: &str = "next_step";
    /// By when.
    pub const DUE: &str = "due";
    /// The amount.
    pub const AMOUNT: &str = "amount";
    /// The expected close.
    pub const CLOSE: &str = "close";
    /// The first day on which a wait or snooze is over.
    pub const UNTIL: &str = "until";
    /// Why.
    pub const WHY: &str = "why";
    /// The day on which a deal was won.
    pub const ON: &str = "on";
    /// What shows a partner's role.
    pub const EVIDENCE: &str = "evidence";
    /// The day of the evidence.
    pub const EVIDENCE_ON: &str = "evidence_on";
    /// What the claimer of a role is asked.
    pub const QUESTION: &str = "question";
    /// What a deal is registered under.
    pub const REFERENCE: &str = "reference";
    /// In the owner's words.
    pub const DETAIL: &str = "detail";
    /// What both sides of a plan want to have reached.
    pub const GOAL: &str = "goal";
    /// How often both meet.
    pub const CADENCE: &str = "cadence";
    /// What we do for the partner.
    pub const WE_OWE: &str = "we_owe";
    /// What the partner does for us.
    pub const THEY_OWE: &str = "they_owe";
    /// The CRM's id or link. No form on a deal has room for it; it is kept beside.
    pub const CRM: &str = "crm";
}

/// What somebody typed into a form that was not saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Pairs of input id and text.
    pub values: Vec<(String, String)>,
}

impl Typed {
    /// What was typed for an input.
    pub fn get(&self, id: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == id).map(|(_, text)| text.as_str())
    }

    /// Whether nothing was typed that could be lost.
    pub fn is_blank(&self) -> bool {
        self.values.iter().all(|(_, text)| shows_nothing(text))
    }

    /// What was typed under its labels, to be copied from the answer if need be.
    pub(in crate::render) fn lines(&self) -> Vec<String> {
        let filled = self.values.iter().filter(|(_, text)| !shows_nothing(text));
        filled.map(|(id, text)| format!("**{}**: {}", label(id), escape_lines(text))).collect()
    }
}

pub(in crate::render) fn label(id: &str) -> &'static str {
    match id {
        input::NOTE => "Note: what happened",
        input::NEXT_STEP => "Next step",
        input::DUE => "Due",
        input::AMOUNT => "Amount",
        input::CLOSE => "Expected close",
        input::UNTIL => "Until",
        input::WHY => "Why",
        input::ON => "Won on",
        "text" => "Text",
        "account" => "Account",
        "partner" => "Partner",
        "source" => "Source",
        "owner" => "Owner",
        "backup" => "Backup",
        input::EVIDENCE => "Evidence: who did what",
        input::EVIDENCE_ON => "Its day",
        input::QUESTION => "Question",
        input::REFERENCE => "Reference",
        input::CRM => "CRM id or link",
        input::GOAL => "Goal",
        input::CADENCE => "Cadence",
        input::WE_OWE => "What we owe",
        input::THEY_OWE => "What they owe",
        _ => "Details",
    }
}

/// What stands in the form of `/deal update` before anything is typed: pairs of input id and text, empty ones included.
pub fn standing(voice: &Voice, deal: &Deal) -> Vec<(&'static str, String)> {
    let step = deal.next_step.as_ref();
    let amount = deal.amount.map(|minor| typed_money(minor, voice.currency()));
    vec![
        (input::NOTE, String::new()),
        (input::NEXT_STEP, step.map(|s| s.text.clone()).unwrap_or_default()),
        (input::DUE, step.and_then(|s| s.due).map(|d| d.to_string()).unwrap_or_default()),
        (input::AMOUNT, amount.unwrap_or_default()),
        (input::CLOSE, deal.close.map(|d| d.to_string()).unwrap_or_default()),
    ]
}

/// The form of `/deal update`. What was typed before and not saved stands in it instead of what is stored.
pub fn update(voice: &Voice, card: &DealCard, id: CustomId, typed: Option<&Typed>) -> Modal {
    let fill = |(input, stored): (&'static str, String)| {
        let text = typed.and_then(|t| t.get(input)).map_or(stored, str::to_owned);
        update_input(input).prefilled(Some(text))
    };
    let mut inputs = standing(voice, &card.deal).into_iter().map(fill);
    let first = inputs.next().expect("the form begins with the note");
    inputs.fold(Modal::new(id, title(card), first), Modal::input)
}

fn update_input(id: &str) -> TextInput {
    match id {
        input::NOTE => TextInput::paragraph(input::NOTE, label(input::NOTE), 1_000),
        input::NEXT_STEP => next_step_input(),
        input::AMOUNT => amount_input(),
        other => day_input(other),
    }
}

/// The form of `/deal update` for somebody who may note what happened, and no more.
pub fn note(card: &DealCard, id: CustomId, typed: Option<&Typed>) -> Modal {
    let note = TextInput::paragraph(input::NOTE, label(input::NOTE), 1_000).required();
    Modal::new(id, title(card), note.prefilled(typed.and_then(|t| t.get(input::NOTE))))
}

/// The form for what a deal needs to leave Prospect, and for a lead's reason to pass so many unmet criteria.
pub fn stage(voice: &Voice, card: &DealCard, id: CustomId, typed: Option<&Typed>, unmet: usize) -> Modal {
    let of = |id: &'static str| {
        let stored = || standing(voice, &card.deal).into_iter().find(|(input, _)| *input == id).map(|(_, text)| text);
        typed.and_then(|t| t.get(id)).map(str::to_owned).or_else(stored)
    };
    Modal::new(id, title(card), amount_input().required().prefilled(of(input::AMOUNT)))
        .input(day_input(input::CLOSE).required().prefilled(of(input::CLOSE)))
        .input(why_input(unmet).prefilled(of(input::WHY)))
}

fn why_input(unmet: usize) -> TextInput {
    match unmet {
        0 => TextInput::line(input::WHY, label(input::WHY), limit::WHY),
        n => TextInput::line(input::WHY, criteria::why_pass(n), limit::WHY).required(),
    }
}

/// The form for what could not be read of a deal that is being recorded: at most five of its options.
pub fn record(options: &[&str], id: CustomId, typed: &Typed) -> Option<Modal> {
    let mut inputs = options.iter().take(5).map(|option| record_input(option).prefilled(typed.get(option)));
    let first = inputs.next()?;
    Some(inputs.fold(Modal::new(id, "A new deal", first), Modal::input))
}

fn record_input(option: &str) -> TextInput {
    match option {
        "account" | "partner" => TextInput::line(option, label(option), limit::NAME).required(),
        "evidence" => TextInput::paragraph(option, label(option), limit::EVIDENCE),
        input::CRM => TextInput::line(option, label(option), limit::CRM),
        input::EVIDENCE_ON => evidence_day_input(),
        other => update_input(other),
    }
}

fn amount_input() -> TextInput {
    TextInput::line(input::AMOUNT, label(input::AMOUNT), 40).hint("120k")
}

/// The form behind "Next step" and "Done → next step".
pub fn next_step(card: &DealCard, id: CustomId, typed: Option<&Typed>) -> Modal {
    let of = |id: &str| typed.and_then(|t| t.get(id));
    Modal::new(id, title(card), next_step_input().required().prefilled(of(input::NEXT_STEP)))
        .input(day_input(input::DUE).required().prefilled(of(input::DUE)))
}

/// The form behind "Snooze".
pub fn snooze(card: &DealCard, id: CustomId, typed: Option<&Typed>) -> Modal {
    let of = |id: &str| typed.and_then(|t| t.get(id));
    let until = day_input(input::UNTIL).required().hint("friday, +5d: at most 10 business days");
    let why = TextInput::line(input::WHY, label(input::WHY), 300).required();
    Modal::new(id, title(card), until.prefilled(of(input::UNTIL))).input(why.prefilled(of(input::WHY)))
}

/// The form behind "Waiting on…", once it is said who has the next move.
pub fn wait(card: &DealCard, id: CustomId, typed: Option<&Typed>) -> Modal {
    let of = |id: &str| typed.and_then(|t| t.get(id));
    let until = day_input(input::UNTIL).hint("friday, +5d; 10 business days when left empty");
    let note = TextInput::line(input::NOTE, "What for", 500);
    Modal::new(id, title(card), until.prefilled(of(input::UNTIL))).input(note.prefilled(of(input::NOTE)))
}

/// The form behind "Won": what it was sold for, on which day, and why a lead passes so many unmet criteria.
pub fn won(voice: &Voice, card: &DealCard, id: CustomId, typed: Option<&Typed>, unmet: usize) -> Modal {
    let stored = card.deal.amount.map(|minor| typed_money(minor, voice.currency()));
    let amount = TextInput::line(input::AMOUNT, label(input::AMOUNT), 40).required().hint("120k");
    let amount = amount.prefilled(typed.and_then(|t| t.get(input::AMOUNT)).map(str::to_owned).or(stored));
    let on = day_input(input::ON).hint("today when left empty").prefilled(typed.and_then(|t| t.get(input::ON)));
    let form = Modal::new(id, title(card), amount).input(on);
    let why = typed.and_then(|t| t.get(input::WHY));
    if unmet > 0 { form.input(why_input(unmet).prefilled(why)) } else { form }
}

/// The form behind "Lost", once the reason is chosen; only [`LossReason::Other`] needs words.
pub fn lost(card: &DealCard, reason: LossReason, id: CustomId, typed: Option<&Typed>) -> Modal {
    let detail = TextInput::paragraph(input::DETAIL, label(input::DETAIL), 1_000);
    let detail = if reason == LossReason::Other { detail.required() } else { detail };
    Modal::new(id, title(card), detail.prefilled(typed.and_then(|t| t.get(input::DETAIL))))
}

/// The form behind a claim of a partner's role.
pub fn attribute(card: &DealCard, id: CustomId, typed: Option<&Typed>) -> Modal {
    let of = |id: &str| typed.and_then(|t| t.get(id));
    let evidence = TextInput::paragraph(input::EVIDENCE, label(input::EVIDENCE), limit::EVIDENCE).required();
    let evidence = evidence.hint("Maria at Initech introduced us to the CFO");
    let on = evidence_day_input().prefilled(of(input::EVIDENCE_ON));
    Modal::new(id, title(card), evidence.prefilled(of(input::EVIDENCE))).input(on)
}

fn evidence_day_input() -> TextInput {
    day_input(input::EVIDENCE_ON).hint("30 Oct, yesterday; today when left empty")
}

/// The title of the form that asks why a deal is recorded although others look alike.
pub const ANOTHER_DEAL: &str = "Why is it another deal?";

/// A form that asks why: to pass a stage with unmet needs, to reopen, to record a deal although others look alike.
pub fn why(title: &str, id: CustomId, typed: Option<&Typed>) -> Modal {
    let why = TextInput::paragraph(input::WHY, label(input::WHY), 500).required();
    Modal::new(id, title, why.prefilled(typed.and_then(|t| t.get(input::WHY))))
}

fn title(card: &DealCard) -> String {
    about::label(card)
}

fn next_step_input() -> TextInput {
    TextInput::line(input::NEXT_STEP, label(input::NEXT_STEP), 200).hint("Who does what")
}

fn day_input(id: &str) -> TextInput {
    TextInput::line(id, label(id), 60).hint("2026-12-15, friday, +10d, end of quarter")
}

/// A form was opened on a version that somebody has changed since. Nothing was saved and nothing is lost: it says what
/// changed and gives the text back, in the answer and behind "Try again".
pub fn changed_meanwhile(
    voice: &Voice,
    card: &DealCard,
    names: &Names,
    newer: &[Event],
    typed: &Typed,
    retry: CustomId,
) -> Message {
    let embed = Embed::titled(about::heading(card))
        .tone(Tone::Attention)
        .field("What changed meanwhile", history::since(voice, names, newer, 0))
        .lines(Lines::of(typed.lines(), |n| format!("… and {n} more behind “Try again”")));
    let again = match typed.is_blank() {
        true => "“Try again” opens the form over the deal as it is now.",
        false => "Your text is below; “Try again” opens it over the deal as it is now.",
    };
    Message::silent()
        .text(format!("The deal changed while the form was open, so nothing was saved yet. {again}"))
        .embed(embed)
        .buttons([Offer::Retry.button(retry)])
        .build()
}

/// A form was refused: why, and the text given back, with what can be pressed.
pub fn refused(voice: &Voice, refused: &Refused, typed: &Typed, offers: Offers) -> Message {
    let said = Message::silent().lines(refusal::lines(voice, refused)).buttons(buttons(offers));
    // Inputs that were only emptied hold nothing to give back.
    if typed.is_blank() {
        return said.build();
    }
    let lines = Lines::of(typed.lines(), |n| format!("… and {n} more behind “Try again”"));
    said.embed(Embed::titled("Your text").lines(lines).footer("Kept for 24 hours behind “Try again”")).build()
}

/// A command was refused that no form can be opened for again: why, and the text given back. All of it fits: a command
/// takes less than an embed holds.
pub fn given_back(voice: &Voice, refused: &Refused, typed: &Typed) -> Message {
    let lines = Lines::of(typed.lines(), |n| format!("… and {n} more"));
    let embed = Embed::titled("Your text").lines(lines).footer("Not saved: copy it from here if you need it again");
    Message::silent().lines(refusal::lines(voice, refused)).embed(embed).build()
}
