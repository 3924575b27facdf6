//! What is asked about a deal that could not be recorded yet. What was typed is kept and given back, whatever is asked.

use chrono::NaiveDate;

use super::super::control::{Button, CustomId};
use super::super::embed::{Embed, Lines, Tone};
use super::super::message::Message;
use super::super::offer::Offer;
use super::super::refusal;
use super::super::text::clip;
use super::super::voice::{Voice, day};
use super::about;
use super::form::Typed;
use crate::domain::deal::{Role, limit};
use crate::domain::refusal::{Problem, Refused};

/// How much of a name stands on a button.
const NAME: usize = 50;

/// What to press for a name that is close to the one that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The name that exists.
    pub name: String,
    /// Takes it.
    pub take: CustomId,
}

/// What to press, as far as it applies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presses {
    /// Accounts that may be meant.
    pub accounts: Vec<Meant>,
    /// Creates the account as typed.
    pub create: Option<CustomId>,
    /// Partners that may be meant.
    pub partners: Vec<Meant>,
    /// Asks a lead to add the partner as typed.
    pub ask_lead: Option<CustomId>,
    /// Opens a form with what can be typed anew, or tries again as it is.
    pub retry: Option<CustomId>,
}

/// A deal could not be recorded yet: why, what to press, and what was typed.
pub fn questions(voice: &Voice, refused: &Refused, typed: &Typed, presses: Presses) -> Message {
    let mut draft = Message::silent().lines(refusal::lines(voice, refused));
    for option in left_out(refused) {
        draft = draft.text(format!(
            "“Try again” leaves **{option}** out; give it afterwards with {}.",
            voice.command("deal assign")
        ));
    }
    let name = |option: &str| clip(typed.get(option).unwrap_or_default(), NAME);
    let accounts =
        presses.accounts.iter().map(|m| Button::primary(m.take.clone(), format!("It's {}", clip(&m.name, NAME))));
    let create = presses.create.map(|id| Button::secondary(id, format!("Create {}", name("account"))));
    let partners =
        presses.partners.iter().map(|m| Button::primary(m.take.clone(), format!("With {}", clip(&m.name, NAME))));
    let ask = presses.ask_lead.map(|id| Button::secondary(id, format!("Ask a lead to add {}", name("partner"))));
    draft
        .embed(your_text(typed))
        .buttons(accounts.chain(create))
        .buttons(partners.chain(ask))
        .buttons(presses.retry.map(|id| Offer::Retry.button(id)))
        .build()
}

/// What would have become a deal, as it was understood.
#[derive(Debug, Clone, Copy)]
pub struct WouldBe<'r> {
    /// The partner's name.
    pub partner: &'r str,
    /// What the partner did.
    pub role: Role,
    /// Whose it would be, where another one than the typer was named.
    pub owner: Option<&'r str>,
    /// The standing deputy.
    pub backup: Option<&'r str>,
    /// In minor units.
    pub amount: Option<i64>,
    /// The expected close.
    pub close: Option<NaiveDate>,
    /// What happens next.
    pub next_step: Option<&'r str>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// The CRM's id or link.
    pub crm: Option<&'r str>,
    /// What shows the role.
    pub evidence: Option<&'r str>,
    /// The day of that, where it was given.
    pub on: Option<NaiveDate>,
}

/// The same as the text of a note on another deal, within a note's length. It is stored as it is, and escaped where it
/// is shown; days have their year, since a note is read later. The longest comes last, where it may be cut.
pub fn as_note(voice: &Voice, deal: &WouldBe) -> String {
    let mut first = vec![format!("With {} ({})", deal.partner.trim(), about::role(deal.role))];
    first.extend(deal.amount.map(|minor| voice.money(minor)));
    first.extend(deal.close.map(|close| format!("closes {}", day(close))));
    let due = deal.due.map(|due| format!(", due {}", day(due))).unwrap_or_default();
    let of = deal.on.map(|on| format!(" of {}", day(on))).unwrap_or_default();
    let sentences = [
        Some(first.join(", ")),
        deal.next_step.map(|step| format!("Next step: {}{due}", step.trim_end_matches('.'))),
        deal.owner.map(|owner| format!("Owner: {owner}")),
        deal.backup.map(|backup| format!("Backup: {backup}")),
        deal.crm.map(|crm| format!("CRM: {crm}")),
        deal.evidence.map(|evidence| format!("Evidence{of}: {}", evidence.trim_end_matches('.'))),
    ];
    let note: Vec<String> = sentences.into_iter().flatten().map(|sentence| format!("{sentence}.")).collect();
    clip(&note.join(" "), limit::NOTE)
}

/// The leads were asked to add a partner.
pub fn partner_asked(typed: &Typed, retry: CustomId) -> Message {
    Message::silent()
        .text("The leads are asked, in the ops channel. Once the partner is there, press “Try again”, here or in the pipeline channel, where you are told.")
        .embed(your_text(typed))
        .buttons([Offer::Retry.button(retry)])
        .build()
}

fn your_text(typed: &Typed) -> Embed {
    Embed::titled("Your text")
        .tone(Tone::Attention)
        .lines(Lines::of(typed.lines(), |n| format!("… and {n} more, kept as well")))
        .footer("Kept for 24 hours behind these buttons")
}

/// The people whom a form can't ask for again.
fn left_out(refused: &Refused) -> Vec<&'static str> {
    let option = |problem: &Problem| match problem {
        Problem::NotAMember { option, .. } | Problem::StandsInForSelf { option } => Some(*option),
        _ => None,
    };
    refused.problems.iter().filter_map(option).collect()
}
