//! The picture of a report: what a quarter brought, sourced and influenced side by side, on one card.
//! It takes the colours and the type of the other pictures, so that bright and dull mean the same: what is sure of it.

mod layout;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub use layout::WIDTH;

use super::super::text::{clip, plain};
use super::super::voice::count;
use super::{Picture, paint};

/// What Discord takes as an attachment's description, in UTF-16 code units.
const LIMIT: usize = 1_024;
/// Longest typed text kept whole in the words.
const LONGEST: usize = 60;

/// What the picture shows. Labels come from the caller, who knows the currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Like "Co-sell report · Q4 FY2026".
    pub title: String,
    /// Like "As of Thu 17 Dec 2026 · amounts in USD".
    pub as_of: String,
    /// What partners brought.
    pub sourced: Side,
    /// What they took part in.
    pub influenced: Side,
    /// At most three figures that are a number each.
    pub stats: Vec<Stat>,
    /// What has to be known beside the figures.
    pub notes: Vec<String>,
}

/// One class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What was won, and what of it is confirmed.
    pub won: Bar,
    /// What was changed of earlier quarters, like "€800k with −€40k of adjustments in 1 deal".
    pub adjusted: Option<String>,
    /// What is open, and what that is weighted; `None` where it isn't known.
    pub open: Option<Bar>,
    /// Whom it was won with, the largest first.
    pub shares: Vec<Share>,
    /// How many customers more.
    pub more: usize,
}

/// An amount with a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// How many deals.
    pub deals: usize,
    /// All of it.
    pub amount: i64,
    /// The same for people.
    pub amount_label: String,
    /// The part that is sure.
    pub part: i64,
    /// What is said of it, like "€610k confirmed, €230k claimed".
    pub told: String,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its name.
    pub name: String,
    /// For how much, like "€340k".
    pub amount_label: String,
    /// Whether all of that is confirmed.
    pub confirmed: bool,
}

/// A figure that is one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// Its name.
    pub name: String,
    /// The number.
    pub value: String,
    /// What it is held against, a line each.
    pub beside: Vec<String>,
}

/// Draws the picture: the same bytes for the same figures. Takes tens of milliseconds of one core, so it is work for a
/// blocking thread.
pub fn draw(proof: &Proof) -> Picture {
    Picture { png: paint(&layout::svg(proof)), alt: words(proof) }
}

/// The picture in words.
fn words(proof: &Proof) -> String {
    let sides =
        [("Sourced", &proof.sourced), ("Influenced", &proof.influenced)].map(|(name, side)| side_words(name, side));
    let stats = proof.stats.iter().map(|stat| {
        let beside = stat.beside.iter().map(|beside| format!(", {}", short(beside))).collect::<String>();
        format!("{}: {}{beside}.", short(&stat.name), short(&stat.value))
    });
    let notes = proof.notes.iter().map(|note| format!("{}.", short(note)));
    let opening = format!("{}. {}.", short(&proof.title), short(&proof.as_of));
    let all: Vec<String> = std::iter::once(opening).chain(sides).chain(stats).chain(notes).collect();
    clip(&all.join(" "), LIMIT)
}

fn side_words(name: &str, side: &Side) -> String {
    let won = match side.won.deals {
        0 => format!("{name}: nothing won yet"),
        deals => {
            let (amount, told) = (short(&side.won.amount_label), short(&side.won.told));
            format!("{name}: {amount} won in {} ({told})", count(deals, "deal"))
        }
    };
    let adjusted = side.adjusted.as_ref().map(|adjusted| format!("; {}", short(adjusted))).unwrap_or_default();
    let open = side.open.as_ref().filter(|open| open.deals > 0).map(|open| {
        let (amount, told) = (short(&open.amount_label), short(&open.told));
        format!("; {amount} open in {} ({told})", count(open.deals, "deal"))
    });
    let with: Vec<String> =
        side.shares.iter().map(|share| format!("{} {}", short(&share.name), short(&share.amount_label))).collect();
    let with = if with.is_empty() { String::new() } else { format!(". Won with {}", with.join(", ")) };
    let more = if side.more == 0 { String::new() } else { format!(" and {} more", side.more) };
    format!("{won}{adjusted}{}{with}{more}.", open.unwrap_or_default())
}

fn short(text: &str) -> String {
    clip(&plain(text), LONGEST)
}
