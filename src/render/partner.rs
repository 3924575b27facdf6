//! What is said of partners.

use super::control::CustomId;
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::offer::{Offer, Offers, Page, buttons};
use super::refusal;
use super::text::{brief, escape};
use super::voice::{self, Voice, count, long_moment};
use crate::domain::Instant;
use crate::domain::card::Named;
use crate::domain::event::EventKind;
use crate::domain::overview::{PartnerCard, Tally};
use crate::domain::partner::{Contact, Partner, PartnerKind, Tier};
use crate::domain::refusal::Refused;

/// How many partners stand on a page.
pub const PAGE: usize = 20;
/// How many are named who asked for a partner.
const ASKERS: usize = 10;

/// A partner was changed, archived or brought back: says so, as it was understood.
pub fn saved(card: &PartnerCard, kind: EventKind, offers: Offers) -> Message {
    let name = brief(&card.partner.name, 100);
    let open = count(card.open.deals, "open deal");
    let said = match kind {
        EventKind::Archived if card.open.deals > 0 => {
            format!("Saved. {name} is archived: it takes no new deals. Its {open} and its history stay.")
        }
        EventKind::Archived => format!("Saved. {name} is archived: it takes no new deals. Its history stays."),
        EventKind::Undone if card.partner.archived => {
            format!("Taken back. {name} is archived: it takes no new deals.")
        }
        EventKind::Undone => format!("Taken back. {name} is as before{}.", traits(card)),
        _ => format!("Saved. {name}{}.", traits(card)),
    };
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// A partner that was to be added is archived: offers to bring it back.
pub fn archived(voice: &Voice, refused: &Refused, offers: Offers) -> Message {
    Message::silent().lines(refusal::lines(voice, refused)).buttons(buttons(offers)).build()
}

/// A partner was added: says so, and who asked for it and is told in the pipeline channel.
pub fn added(voice: &Voice, card: &PartnerCard, askers: &[Named], offers: Offers) -> Message {
    let names: Vec<String> = askers.iter().take(ASKERS).map(deal::person).collect();
    let more = askers.len().saturating_sub(ASKERS);
    let waiting = match (names.as_slice(), more) {
        ([], _) => None,
        (names, 0) => Some(format!("{} asked for it; the pipeline channel tells how to go on.", voice::list(names))),
        (names, more) => {
            Some(format!("{} and {more} more asked for it; the pipeline channel tells how to go on.", names.join(", ")))
        }
    };
    let (name, new) = (brief(&card.partner.name, 100), voice.command("deal new"));
    let created = format!("Saved. {name} is a partner now{}. Record deals with {new}.", traits(card));
    let said = std::iter::once(created).chain(waiting);
    Message::silent().text(said.collect::<Vec<_>>().join(" ")).buttons(buttons(offers)).build()
}

/// An archived partner is in use again: says so, with whatever else was changed along with it.
pub fn active_again(voice: &Voice, card: &PartnerCard, offers: Offers) -> Message {
    let name = brief(&card.partner.name, 100);
    let new = voice.command("deal new");
    let said = format!("Saved. {name} is active again{}. Record deals with {new}.", traits(card));
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// Asks before a partner with open deals is archived.
pub fn confirm_archive(partner: &Partner, deals: usize, offers: Offers) -> Message {
    let said = format!(
        "{} has {}. Archived, it takes no new deals; those stay open with their owners. Archive it?",
        brief(&partner.name, 100),
        count(deals, "open deal")
    );
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// The answer to a question was no.
pub fn left_as_it_is() -> Message {
    Message::silent().text("Nothing was changed.").build()
}

/// A contact was added or changed.
pub fn contact_saved(card: &PartnerCard, contact: &Contact, offers: Offers) -> Message {
    let said = format!("Saved at {}: {}", brief(&card.partner.name, 100), contact_line(contact));
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// A partner that somebody asked for is there: for them, in the pipeline channel. Pings nobody.
pub fn arrived(
    partner: &Partner,
    asker: &Named,
    account: &str,
    until: Instant,
    go_on: CustomId,
    reference: &str,
) -> Message {
    let said = format!(
        "{} is a partner now. {}: your deal with {} is kept until {}. Press “Try again” to record it.",
        brief(&partner.name, 100),
        deal::person(asker),
        brief(account, 100),
        long_moment(until),
    );
    Message::silent().text(said).reference(reference).buttons([Offer::Retry.button(go_on)]).build()
}

/// `: technology partner, strategic, managed by @ana`.
fn traits(card: &PartnerCard) -> String {
    let partner = &card.partner;
    let mut said: Vec<String> = Vec::new();
    said.extend(partner.kind.map(|kind| kind_name(kind).to_owned()));
    said.extend(partner.tier.map(|tier| tier_name(tier).to_owned()));
    said.extend(card.manager.as_ref().map(|manager| format!("managed by {}", deal::person(manager))));
    if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
}

/// The card of a partner, with whose deals so many claims wait to be confirmed.
pub fn card(voice: &Voice, card: &PartnerCard, claims: usize, offers: Offers) -> Message {
    let partner = &card.partner;
    let mut embed = Embed::titled(brief(&partner.name, 100)).tone(Tone::Plain);
    if partner.archived {
        embed = embed.text("Archived: it takes no new deals.");
    }
    embed = embed
        .value("Kind", partner.kind.map_or("not said", kind_name))
        .value("Tier", partner.tier.map_or("not said", tier_name))
        .value("Manager", card.manager.as_ref().map_or_else(|| "nobody yet".to_owned(), deal::person))
        .value("Open", open(voice, card))
        .value("Won", tally(voice, card.won))
        .value("Lost", tally(voice, card.lost))
        .field("Contacts", contacts(voice, partner));
    if claims > 0 {
        let wait = if claims == 1 { "waits" } else { "wait" };
        embed = embed.field("Claims", Lines::text(format!("{} {wait} to be confirmed", count(claims, "claim"))));
    }
    Message::silent().embed(embed).buttons(buttons(offers)).build()
}

fn contacts(voice: &Voice, partner: &Partner) -> Lines {
    if partner.contacts.is_empty() {
        return Lines::text(format!("None yet. Add one with {}.", voice.command("partner contact")));
    }
    let lines: Vec<String> = partner.contacts.iter().map(contact_line).collect();
    Lines::of(lines, |n| format!("… and {}: press Contacts", count(n, "more contact")))
}

/// How many contacts stand on a page.
pub const CONTACTS: usize = 8;

/// One page of a partner's contacts.
pub fn contacts_of(partner: &Partner, contacts: &[Contact], page: Page) -> Message {
    let lines =
        Lines::of(contacts.iter().map(contact_line).collect::<Vec<_>>(), |n| format!("… and {n} more on this page"));
    let total = count(partner.contacts.len(), "contact");
    let footer: Vec<String> = std::iter::once(total).chain(page.words()).collect();
    let title = format!("Contacts at {}", brief(&partner.name, 100));
    let embed = Embed::titled(title).lines(lines).footer(footer.join(" · "));
    Message::silent().embed(embed).buttons(page.buttons()).build()
}

pub(super) fn contact_line(contact: &Contact) -> String {
    let mut parts = vec![format!("**{}**", brief(&contact.name, 100))];
    parts.extend(contact.role.as_deref().map(|role| brief(role, 100)));
    parts.extend(contact.email.as_deref().map(escape));
    parts.join(", ")
}

/// `4 deals, $340k; participant in 2 more`.
fn open(voice: &Voice, card: &PartnerCard) -> String {
    let own = tally(voice, card.open);
    match (card.parts, card.open.deals) {
        (0, _) => own,
        (parts, 0) => format!("{own} of its own; participant in {parts}"),
        (parts, _) => format!("{own}; participant in {parts} more"),
    }
}

fn tally(voice: &Voice, tally: Tally) -> String {
    match tally.deals {
        0 => "none".to_owned(),
        n => format!("{}, {}", count(n, "deal"), voice.short_money(tally.amount)),
    }
}

/// Which partners a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In use.
    Active,
    /// Out of use.
    Archived,
    /// Both.
    All,
}

impl Status {
    /// The word of the command's choice.
    pub fn word(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Archived => "archived",
            Status::All => "all",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Status> {
        [Status::Active, Status::Archived, Status::All].into_iter().find(|status| status.word() == word)
    }

    /// Whether a partner is in the list.
    pub fn shows(self, archived: bool) -> bool {
        match self {
            Status::Active => !archived,
            Status::Archived => archived,
            Status::All => true,
        }
    }
}

/// One page of the partners.
pub fn list(voice: &Voice, status: Status, cards: &[PartnerCard], total: usize, page: Page) -> Message {
    let what = match status {
        Status::Active => "Partners",
        Status::Archived => "Archived partners",
        Status::All => "All partners",
    };
    if total == 0 {
        let said = match status {
            Status::Archived => "No partner is archived.".to_owned(),
            _ => format!("No partners yet. A lead adds one with {}.", voice.command("partner add")),
        };
        return Message::silent().text(said).build();
    }
    let lines: Vec<String> = cards.iter().map(|card| line(voice, card)).collect();
    let view = voice.command("partner view");
    let lines = Lines::of(lines, move |n| format!("… and {n} more on this page: {view}"));
    let footer: Vec<String> = std::iter::once(count(total, "partner")).chain(page.words()).collect();
    let embed = Embed::titled(what).lines(lines).footer(footer.join(" · "));
    Message::silent().embed(embed).buttons(page.buttons()).build()
}

fn line(voice: &Voice, card: &PartnerCard) -> String {
    let partner = &card.partner;
    let mut parts = vec![format!("**{}**", brief(&partner.name, 60))];
    parts.extend(partner.archived.then(|| "archived".to_owned()));
    parts.extend(partner.kind.map(|kind| kind_name(kind).to_owned()));
    parts.extend(partner.tier.map(|tier| tier_name(tier).to_owned()));
    parts.push(match card.open.deals {
        0 if card.parts > 0 => "nothing of its own open".to_owned(),
        0 => "nothing open".to_owned(),
        n => format!("{n} open, {}", voice.short_money(card.open.amount)),
    });
    parts.extend((card.parts > 0).then(|| format!("participant in {}", card.parts)));
    parts.extend(
        (card.won.deals > 0).then(|| format!("{} won, {}", card.won.deals, voice.short_money(card.won.amount))),
    );
    parts.extend(card.manager.as_ref().map(deal::person));
    parts.join(" · ")
}

fn kind_name(kind: PartnerKind) -> &'static str {
    match kind {
        PartnerKind::Technology => "technology",
        PartnerKind::Services => "services",
        PartnerKind::ManagedServices => "managed services",
        PartnerKind::Reseller => "reseller",
        PartnerKind::Distributor => "distributor",
        PartnerKind::Marketplace => "marketplace",
        PartnerKind::Referral => "referral",
        PartnerKind::Other => "other",
    }
}

fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Strategic => "strategic",
        Tier::Growth => "growth",
        Tier::Standard => "standard",
    }
}
