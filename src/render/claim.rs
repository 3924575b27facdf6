//! The queue of claims: one at a time, with what stands behind it, to be confirmed or sent back with a question.

use super::control::CustomId;
use super::deal::{self, form::input};
use super::embed::{Embed, Tone};
use super::message::Message;
use super::modal::{Modal, TextInput};
use super::offer::{Offers, Page, buttons};
use super::text::brief;
use super::voice::Voice;
use crate::domain::card::DealCard;
use crate::domain::deal::Role;
use crate::domain::deal::limit::WHY;
use crate::domain::id::{DealNumber, PartnerId};

/// One claim of a queue of so many; `said` is what the last press did.
pub fn claim(
    voice: &Voice,
    card: &DealCard,
    partner: PartnerId,
    (page, total): (Page, usize),
    said: Option<&str>,
    offers: Offers,
) -> Message {
    let opening = match total {
        1 => "One claim waits to be confirmed.".to_owned(),
        of => format!("**{} of {of}** claims that wait to be confirmed.", page.index + 1),
    };
    let draft = said.into_iter().fold(Message::silent(), |draft, said| draft.text(said)).text(opening);
    draft.embed(embed(voice, card, partner)).buttons(buttons(offers).chain(page.buttons())).build()
}

fn embed(voice: &Voice, card: &DealCard, partner: PartnerId) -> Embed {
    let mut embed = Embed::titled(deal::heading(card))
        .tone(Tone::Attention)
        .value("Amount", card.deal.amount.map_or_else(|| "no amount yet".to_owned(), |minor| voice.money(minor)))
        .value("Stage", card.deal.stage.name())
        .value("Owner", deal::person(&card.owner))
        .footer(format!("Recorded {}", voice.day(voice.day_of(card.deal.created_at))));
    if let Some((credit, name, chain)) = card.credits().find(|(credit, ..)| credit.partner == partner) {
        let role = match credit.role {
            Role::Sourced => "Sourced",
            Role::Influenced => "Influenced",
            Role::Undecided => "Undecided",
        };
        embed = embed.field(format!("{role} by {}", brief(name, 60)), deal::chain(voice, &credit, chain));
    }
    embed
}

/// Nothing waits any more.
pub fn nothing_waits(said: Option<&str>, offers: Offers) -> Message {
    let draft = said.into_iter().fold(Message::silent(), |draft, said| draft.text(said));
    draft.text("No claim waits for you.").buttons(buttons(offers)).build()
}

/// What the last press did, above the next claim.
pub fn confirmed(deal: DealNumber) -> String {
    format!("Saved. The claim on {} is confirmed.", deal.label())
}

/// The same of a question.
pub fn questioned(deal: DealNumber) -> String {
    let deal = deal.label();
    format!("Saved. The claim on {deal} went back to its claimer, who reads the question in their next reminder.")
}

/// The form behind "Question".
pub fn question(card: &DealCard, id: CustomId) -> Modal {
    let input = TextInput::paragraph(input::QUESTION, "What should the claimer answer?", WHY).required();
    let title = format!("{} · {}", card.deal.number.label(), card.account);
    Modal::new(id, title, input.hint("Which meeting was it, and who was there?"))
}

#[cfg(test)]
mod tests {
    use super::super::offer::{Offer, Page};
    use super::super::testing::*;
    use super::*;
    use crate::domain::deal::Deal;

    fn say(message: impl FnOnce(&Voice) -> Message) -> String {
        speaking(|voice| seen(&message(voice)))
    }

    #[test]
    fn a_claim_stands_with_what_shows_it_and_what_can_be_pressed() {
        let partner = deal().partner;
        let press = || offers(&[Offer::ConfirmClaim, Offer::QuestionClaim, Offer::Show]);
        let second = || Page { index: 1, of: 3, previous: Some(id("before")), next: Some(id("next")) };
        let bare = card_of(Deal { amount: None, ..deal() });
        let said = [
            say(|voice| claim(voice, &card(), partner, (Page::only(), 1), None, press())),
            say(|voice| claim(voice, &bare, partner, (second(), 140), Some(&confirmed(bare.deal.number)), press())),
            say(|_| nothing_waits(Some(&questioned(bare.deal.number)), offers(&[Offer::OwnDeals]))),
        ];
        insta::assert_snapshot!(said.join("\n"));
    }
}
