//! Lists of deals, page by page.

use std::collections::BTreeSet;

use super::super::control::{CustomId, Entry, Select};
use super::super::embed::{Embed, Lines};
use super::super::message::Message;
use super::super::offer::Page;
use super::super::text::brief;
use super::super::voice::{Voice, count};
use super::about;
use crate::domain::card::{DealCard, Named};
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;

/// How many deals stand on a page.
pub const PAGE: usize = 15;

/// Which deals a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// All that are open.
    Open,
    /// Open ones with a reason to look at them.
    Stalled,
    /// Open ones that close in this period.
    Closing,
    /// Won ones.
    Won,
    /// Lost ones.
    Lost,
}

/// What a list is of, and all that it holds over its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which state.
    pub show: Show,
    /// Only this owner's.
    pub owner: Option<Named>,
    /// Only with this partner.
    pub partner: Option<String>,
    /// Only in this stage.
    pub stage: Option<Stage>,
    /// How many there are.
    pub total: usize,
    /// The amounts together, in minor units, but for deals in which the partner only takes part; `None` where none has one.
    pub amount: Option<i64>,
    /// Those deals: their money is counted with the primary partner.
    pub takes_part: BTreeSet<DealNumber>,
}

impl Show {
    /// The stable word in commands and ids.
    pub fn key(self) -> &'static str {
        match self {
            Show::Open => "open",
            Show::Stalled => "stalled",
            Show::Closing => "closing",
            Show::Won => "won",
            Show::Lost => "lost",
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<Show> {
        [Show::Open, Show::Stalled, Show::Closing, Show::Won, Show::Lost].into_iter().find(|show| show.key() == key)
    }

    fn title(self) -> &'static str {
        match self {
            Show::Open => "Open deals",
            Show::Stalled => "Stalled deals",
            Show::Closing => "Deals closing this quarter",
            Show::Won => "Won deals",
            Show::Lost => "Lost deals",
        }
    }
}

/// One page of a list; the select below opens a deal of the page.
pub fn list(voice: &Voice, listing: &Listing, cards: &[DealCard], page: Page, open: CustomId) -> Message {
    if listing.total == 0 {
        return Message::silent().text(nothing(voice, listing)).build();
    }
    let line = |card: &DealCard| match listing.takes_part.contains(&card.deal.number) {
        true => format!("{} · participant", about::line(voice, card)),
        false => about::line(voice, card),
    };
    let lines =
        Lines::of(cards.iter().map(line).collect::<Vec<_>>(), |n| format!("… and {n} more on this page: choose below"));
    let sum = sum(voice, listing);
    let footer = std::iter::once(sum).chain(page.words()).collect::<Vec<_>>().join(" · ");
    Message::silent()
        .embed(Embed::titled(title(listing)).lines(lines).footer(footer))
        .buttons(page.buttons())
        .select(deals(open, "Open a deal", cards))
        .build()
}

/// `3 deals, $340k · participant in 2 more, not counted`.
fn sum(voice: &Voice, listing: &Listing) -> String {
    let parts = listing.takes_part.len();
    let all = count(listing.total.saturating_sub(parts), "deal");
    let own = listing.amount.map_or(all.clone(), |minor| format!("{all}, {}", voice.short_money(minor)));
    match parts {
        0 => own,
        parts => format!("{own} · participant in {parts} more, counted with their primary partners"),
    }
}

fn title(listing: &Listing) -> String {
    let mut parts = vec![listing.show.title().to_owned()];
    parts.extend(listing.owner.as_ref().map(|o| brief(&o.name, 60)));
    parts.extend(listing.partner.as_ref().map(|p| format!("with {}", brief(p, 60))));
    parts.extend(listing.stage.map(|s| s.name().to_owned()));
    parts.join(" · ")
}

fn nothing(voice: &Voice, listing: &Listing) -> String {
    let narrowed = listing.owner.is_some() || listing.partner.is_some() || listing.stage.is_some();
    let none = format!("{}: none.", title(listing));
    match listing.show {
        _ if narrowed => format!("{none} Leave an option out to see more."),
        Show::Open => format!("{none} Record one with {}.", voice.command("deal new")),
        Show::Stalled => "Nothing is stalled.".to_owned(),
        Show::Closing => format!("{none} {} shows what is open.", voice.command("deal list")),
        Show::Won | Show::Lost => none,
    }
}

/// A select of deals.
pub(in crate::render) fn deals<'c>(
    id: CustomId,
    placeholder: &str,
    cards: impl IntoIterator<Item = &'c DealCard>,
) -> Select {
    let entry = |card: &DealCard| {
        let described = about::stalled(&card.reasons).unwrap_or_else(|| card.deal.stage.name().to_owned());
        Entry::new(card.deal.number.label(), about::label(card)).described(described)
    };
    Select::of(id, placeholder, cards.into_iter().map(entry), |n| format!("({n} more: type the number)"))
}

/// The deals behind a figure, or with a person: all of them named, under what they are.
pub fn behind(voice: &Voice, what: &str, cards: &[DealCard], page: Page, open: CustomId) -> Message {
    if cards.is_empty() {
        return Message::silent().text(format!("{what}: none.")).build();
    }
    let lines = Lines::of(cards.iter().map(|c| evidence_line(voice, c)).collect::<Vec<_>>(), |n| {
        format!("… and {n} more on this page: choose below")
    });
    let mut embed = Embed::titled(what).lines(lines);
    if let Some(words) = page.words() {
        embed = embed.footer(words);
    }
    Message::silent().embed(embed).buttons(page.buttons()).select(deals(open, "Open a deal", cards)).build()
}

/// A line with what shows the partner's part, which is what a figure of attribution rests on.
fn evidence_line(voice: &Voice, card: &DealCard) -> String {
    let evidence = card.deal.evidence.as_deref().map(|e| format!(": “{}”", brief(e, 80))).unwrap_or_default();
    format!("{} · {}{evidence}", about::line(voice, card), about::role(card.deal.role))
}
