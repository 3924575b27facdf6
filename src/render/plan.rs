//! What is said of a partner's plan: goal, who knows whom, cadence, open deals, and what each side owes.

use super::control::CustomId;
use super::deal;
use super::deal::form::{self, Typed, input};
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::modal::{Modal, TextInput};
use super::offer::{Offer, Offers, buttons};
use super::text::{brief, escape_lines};
use super::voice::{Voice, count, day, long_moment};
use crate::domain::card::{DealCard, Named};
use crate::domain::partner::{Contact, Partner, Plan};
use crate::domain::plan::{PartnerPlan, limit};

mod page;

pub use page::page;

/// The plan of a partner.
pub fn plan(voice: &Voice, plan: &PartnerPlan, offers: Offers) -> Message {
    Message::silent().embed(embed(voice, plan)).buttons(buttons(offers)).build()
}

/// A plan was changed.
pub fn saved(voice: &Voice, plan: &PartnerPlan, offers: Offers) -> Message {
    Message::silent().text("Saved.").embed(embed(voice, plan)).buttons(buttons(offers)).build()
}

fn embed(voice: &Voice, plan: &PartnerPlan) -> Embed {
    let partner = &plan.partner;
    let lacks = plan.lacks_second_of_ours() || plan.lacks_second_of_theirs();
    let tone = if lacks { Tone::Attention } else { Tone::Plain };
    let said = |text: &Option<String>| text.as_deref().map_or_else(|| "Not said yet.".to_owned(), escape_lines);
    let mut embed = Embed::titled(format!("Plan with {}", brief(&partner.name, 100)))
        .tone(tone)
        .field("Goal", Lines::text(said(&partner.plan.goal)))
        .field("Who knows whom", contacts(voice, plan))
        .field("Cadence", cadence(voice, plan))
        .field(open(voice, plan), deals(voice, plan));
    if plan.all_parts > 0 {
        embed = embed.field("Participant · counted with the primary partner", parts(voice, plan));
    }
    embed
        .field("We owe", owed(&partner.plan.we_owe, plan.ours().map(|card| our_step(voice, card)).collect()))
        .field("They owe", owed(&partner.plan.they_owe, plan.theirs().map(|card| their_turn(voice, card)).collect()))
}

fn contacts(voice: &Voice, plan: &PartnerPlan) -> Lines {
    let mut lines = vec![ours(&plan.knows)];
    if plan.lacks_second_of_ours() {
        lines.push(format!("No second one on our side: name a backup with {}.", voice.command("deal assign")));
    }
    lines.push(theirs(&plan.partner.contacts));
    if plan.lacks_second_of_theirs() {
        lines.push(format!("No second one on theirs: add one with {}.", voice.command("partner contact")));
    }
    Lines::text(lines.join("\n"))
}

fn ours(people: &[Named]) -> String {
    let names: Vec<String> = people.iter().map(deal::person).collect();
    if names.is_empty() { "Ours: nobody yet".to_owned() } else { format!("Ours: {}", names.join(", ")) }
}

fn theirs(contacts: &[Contact]) -> String {
    let name = |contact: &Contact| match &contact.role {
        Some(role) => format!("{} ({})", brief(&contact.name, 60), brief(role, 60)),
        None => brief(&contact.name, 60),
    };
    let names: Vec<String> = contacts.iter().map(name).collect();
    if names.is_empty() { "Theirs: nobody yet".to_owned() } else { format!("Theirs: {}", names.join(", ")) }
}

fn cadence(voice: &Voice, plan: &PartnerPlan) -> Lines {
    let mut lines: Vec<String> = plan.partner.plan.cadence.iter().map(|text| escape_lines(text)).collect();
    for card in &plan.reviews {
        let next = card.next.first().map(|at| format!(", next {}", long_moment(*at))).unwrap_or_default();
        let rhythm = super::review::rhythm(&card.review.rhythm);
        lines.push(format!("{}: {rhythm}{next}", brief(&card.review.name, 60)));
    }
    if lines.is_empty() {
        let schedule = voice.command("review schedule");
        lines.push(format!("Not said yet. {schedule} with `partner:` sets a review up that is about it alone."));
    }
    Lines::text(lines.join("\n"))
}

/// `Open · 4 deals, $340k`.
fn open(voice: &Voice, plan: &PartnerPlan) -> String {
    match plan.open.deals {
        0 => "Open".to_owned(),
        n => format!("Open · {}, {}", count(n, "deal"), voice.short_money(plan.open.amount)),
    }
}

fn deals(voice: &Voice, plan: &PartnerPlan) -> Lines {
    if plan.deals.is_empty() {
        return Lines::text(format!("None. Record one with {}.", voice.command("deal new")));
    }
    let rest = plan.open.deals.saturating_sub(plan.deals.len());
    let lines: Vec<String> = plan.deals.iter().map(|card| deal::line(voice, card)).collect();
    Lines::of(lines, move |n| format!("… and {} more behind “Show deals”", n + rest))
}

/// The deals in which it takes part beside another one.
fn parts(voice: &Voice, plan: &PartnerPlan) -> Lines {
    let rest = plan.all_parts.saturating_sub(plan.parts.len());
    let lines: Vec<String> = plan.parts.iter().map(|card| deal::line(voice, card)).collect();
    Lines::of(lines, move |n| format!("… and {} more behind “Show deals”", n + rest))
}

/// What was agreed, and what follows from the deals.
fn owed(agreed: &Option<String>, lines: Vec<String>) -> Lines {
    let agreed = agreed.iter().flat_map(|text| escape_lines(text).lines().map(str::to_owned).collect::<Vec<_>>());
    let all: Vec<String> = agreed.chain(lines).collect();
    if all.is_empty() {
        return Lines::text("Nothing stands open.");
    }
    Lines::of(all, |n| format!("… and {n} more"))
}

fn our_step(voice: &Voice, card: &DealCard) -> String {
    let label = label(card);
    let who = deal::person(&card.owner);
    match (&card.deal.wait, &card.deal.next_step) {
        (Some(wait), _) => {
            format!("{label} · {who}: somebody of ours has the next move until {}", voice.day(wait.until))
        }
        (None, Some(step)) => format!("{label} · {who}: {}", deal::next_step(voice, step)),
        (None, None) => format!("{label} · {who}"),
    }
}

fn their_turn(voice: &Voice, card: &DealCard) -> String {
    let Some(wait) = &card.deal.wait else { return label(card) };
    let note = wait.note.as_deref().map(|note| format!(": “{}”", brief(note, 120))).unwrap_or_default();
    format!("{}, until {}{note}", label(card), voice.day(wait.until))
}

/// `D-12 Globex`: the partner is the heading's.
fn label(card: &DealCard) -> String {
    format!("{} {}", card.deal.number.label(), brief(&card.account, 60))
}

/// What stands in the form before anything is typed.
pub fn standing(plan: &Plan) -> [(&'static str, String); 4] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        (input::GOAL, text(&plan.goal)),
        (input::CADENCE, text(&plan.cadence)),
        (input::WE_OWE, text(&plan.we_owe)),
        (input::THEY_OWE, text(&plan.they_owe)),
    ]
}

/// The form over a plan. What was typed before and not saved stands in it instead of what is stored.
pub fn form(partner: &Partner, id: CustomId, typed: Option<&Typed>) -> Modal {
    let fill = |(input, stored): (&'static str, String)| {
        let text = typed.and_then(|typed| typed.get(input)).map_or(stored, str::to_owned);
        of_plan(input).prefilled(Some(text))
    };
    let mut inputs = standing(&partner.plan).into_iter().map(fill);
    let first = inputs.next().expect("the form begins with the goal");
    inputs.fold(Modal::new(id, format!("Plan with {}", partner.name), first), Modal::input)
}

fn of_plan(input: &'static str) -> TextInput {
    match input {
        input::GOAL => TextInput::paragraph(input, form::label(input), limit::GOAL).hint("Ten joint wins by June"),
        input::CADENCE => {
            TextInput::line(input, form::label(input), limit::CADENCE).hint("A call every second Tuesday")
        }
        other => {
            TextInput::paragraph(other, form::label(other), limit::OWES).hint("One line each; the partner may read it")
        }
    }
}

/// The plan changed while its form was open: what stands now, and the text given back.
pub fn changed_meanwhile(plan: &Plan, typed: &Typed, retry: CustomId) -> Message {
    let now = Typed { values: standing(plan).map(|(id, text)| (id.to_owned(), text)).to_vec() };
    let lines = |typed: &Typed| Lines::of(typed.lines(), |n| format!("… and {n} more"));
    Message::silent()
        .text("The plan changed while the form was open, so nothing was saved yet. Your text is below; “Try again” opens it over the plan as it is now.")
        .embed(Embed::titled("The plan as it is now").tone(Tone::Attention).lines(lines(&now)))
        .embed(Embed::titled("Your text").lines(lines(typed)).footer("Kept for 24 hours behind “Try again”"))
        .buttons([Offer::Retry.button(retry)])
        .build()
}

/// The page that can be sent to the partner, as a file.
pub fn with_page(voice: &Voice, plan: &PartnerPlan) -> Message {
    let name = brief(&plan.partner.name, 100);
    let said = format!(
        "One page for {name}: goal, people, cadence, your open deals with them, what each side owes. No amounts, notes, next steps, evidence or pay are in it. Read it before you send it."
    );
    let what = format!("The plan with {}, as of {}", plan.partner.name, day(voice.today()));
    Message::silent().text(said).file(page::filename(&plan.partner), page(voice, plan), what).build()
}

#[cfg(test)]
mod tests;
