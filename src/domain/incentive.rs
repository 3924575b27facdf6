//! Incentives: what a deal pays its owner when it is sold with a partner, and what the same deal pays without one.
//!
//! Solo payout = amount × solo rate. Co-sell payout = amount × co-sell rate + SPIFF. Parity = co-sell ÷ solo payout of
//! the same amount, and a deal passes from 1 on (DESIGN §2): below it the rep is better off leaving the partner out.
//! Quota credit is how much of the amount counts towards the rep's quota. It pays nothing by itself, so it stands beside
//! parity and never in it.
//!
//! A deal is judged by the terms in force on the day it pays: the day it was won, or for an open one the day on which it
//! is expected to close. So terms that are mended mend every deal that is still to pay, and what was paid stays as paid.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::deal::Deal;
use super::event::{Event, rewound};
use super::id::{DealNumber, MemberId};

/// A share of an amount, in basis points: hundredths of a percent. At most the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(u32);

impl Rate {
    /// All of an amount.
    pub const WHOLE: Rate = Rate(10_000);

    /// A rate of so many basis points; `None` above the whole.
    pub fn of_basis_points(points: u32) -> Option<Rate> {
        Some(Rate(points)).filter(|rate| *rate <= Rate::WHOLE)
    }

    /// Reads a percentage as people type it, with up to two decimals: `10`, `12.5 %`, `0,25%`.
    pub fn parse(text: &str) -> Option<Rate> {
        let text = text.trim().trim_end_matches('%').trim_end();
        let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(decimals) || whole.len() > 3 || decimals.len() > 2 {
            return None;
        }
        let hundredths: u32 = format!("{decimals:0<2}").parse().ok()?;
        Rate::of_basis_points(whole.parse::<u32>().ok()? * 100 + hundredths)
    }

    /// In basis points.
    pub fn basis_points(self) -> u32 {
        self.0
    }

    /// This share of an amount of at least 0 in minor units, rounded to the minor unit, halves up.
    pub fn share_of(self, amount: i64) -> i64 {
        let share = (i128::from(amount) * i128::from(self.0) + 5_000) / 10_000;
        i64::try_from(share).expect("a share of at most the whole is no larger than the amount")
    }
}

/// What reps are paid by, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Of a deal sold alone.
    pub solo_rate: Rate,
    /// Of a deal sold with a partner.
    pub cosell_rate: Rate,
    /// How much of a co-sell deal counts towards the rep's quota, in percent; `None` when nobody said.
    pub quota_credit: Option<u32>,
    /// Paid once for each co-sell deal that is won, in minor units.
    pub spiff: i64,
}

/// All terms, each from its day until the next ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Comp {
    terms: BTreeMap<NaiveDate, Terms>,
}

impl Comp {
    /// Whether nobody set any.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Sets the terms from a day on, in the place of those that were set for the same day.
    pub fn set(&mut self, from: NaiveDate, terms: Terms) {
        self.terms.insert(from, terms);
    }

    /// The terms in force on a day, with the day since when; before the first ones there are none.
    pub fn in_force(&self, day: NaiveDate) -> Option<(NaiveDate, Terms)> {
        self.terms.range(..=day).next_back().map(|(from, terms)| (*from, *terms))
    }

    /// All of them, the latest first.
    pub fn history(&self) -> impl Iterator<Item = (NaiveDate, Terms)> + '_ {
        self.terms.iter().rev().map(|(from, terms)| (*from, *terms))
    }
}

/// What a deal pays its owner with a partner and without, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parity {
    /// Without.
    pub solo: i64,
    /// With.
    pub cosell: i64,
    /// How much of it counts towards quota, in percent.
    pub quota_credit: Option<u32>,
}

impl Parity {
    /// What an amount pays by some terms.
    pub fn of(amount: i64, terms: Terms) -> Parity {
        let cosell = terms.cosell_rate.share_of(amount).saturating_add(terms.spiff);
        Parity { solo: terms.solo_rate.share_of(amount), cosell, quota_credit: terms.quota_credit }
    }

    /// Whether the rep is paid at least what the same deal pays solo.
    pub fn passes(self) -> bool {
        self.cosell >= self.solo
    }

    /// What it takes to level it; nothing where it passes.
    pub fn short(self) -> i64 {
        (self.solo - self.cosell).max(0)
    }

    /// Co-sell ÷ solo in whole percent, rounded down, so that what fails never reads 100; `None` where solo pays nothing.
    pub fn percent(self) -> Option<i64> {
        let percent = (i128::from(self.cosell) * 100).checked_div(i128::from(self.solo))?;
        Some(i64::try_from(percent).unwrap_or(i64::MAX))
    }
}

/// The day by whose terms a deal is judged: when it was won, or is expected to close. One without a close, or whose close
/// is past, would pay today at the earliest.
pub fn pays_on(deal: &Deal, today: NaiveDate) -> NaiveDate {
    match (deal.closed_on, deal.close) {
        (Some(won), _) => won,
        (None, Some(close)) => close.max(today),
        (None, None) => today,
    }
}

/// What a deal pays its owner; `None` where it has no amount or no terms yet, and where it pays nothing since it was lost.
pub fn parity(deal: &Deal, comp: &Comp, today: NaiveDate) -> Option<Parity> {
    let pays = deal.is_open() || deal.is_won();
    let (_, terms) = comp.in_force(pays_on(deal, today)).filter(|_| pays)?;
    Some(Parity::of(deal.amount?, terms))
}

/// A deal that pays less than solo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// Which.
    pub deal: DealNumber,
    /// Whom it pays.
    pub owner: MemberId,
    /// What it pays.
    pub parity: Parity,
}

/// What one rep is short of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepShort {
    /// Who.
    pub owner: MemberId,
    /// On how many deals.
    pub deals: usize,
    /// What it takes to level them.
    pub short: i64,
}

/// What it would take to pay every deal at least what it pays solo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levelling {
    /// How many deals could be judged: those with an amount, under some terms.
    pub judged: usize,
    /// Those that pay less than solo, the shortest first.
    pub short: Vec<Short>,
    /// The same by rep, the shortest first.
    pub reps: Vec<RepShort>,
}

impl Levelling {
    /// What all of it takes.
    pub fn total(&self) -> i64 {
        self.reps.iter().fold(0, |sum, rep| sum.saturating_add(rep.short))
    }
}

/// Which deals pay less than solo, and what it would take to level them.
pub fn levelling<'d>(deals: impl IntoIterator<Item = &'d Deal>, comp: &Comp, today: NaiveDate) -> Levelling {
    let mut levelling = Levelling::default();
    let mut reps: BTreeMap<MemberId, RepShort> = BTreeMap::new();
    for deal in deals {
        let Some(parity) = parity(deal, comp, today) else { continue };
        levelling.judged += 1;
        if !parity.passes() {
            levelling.short.push(Short { deal: deal.number, owner: deal.owner, parity });
            let rep = reps.entry(deal.owner).or_insert(RepShort { owner: deal.owner, deals: 0, short: 0 });
            rep.deals += 1;
            rep.short = rep.short.saturating_add(parity.short());
        }
    }
    levelling.short.sort_by_key(|short| (Reverse(short.parity.short()), short.deal));
    levelling.reps = reps.into_values().collect();
    levelling.reps.sort_by_key(|rep| (Reverse(rep.short), rep.owner));
    levelling
}

/// Whether what a deal pays its owner is news to them: other figures than before, or another owner. A deal that had none
/// before is news too.
pub fn is_pay_news(before: Option<(&Deal, &Comp)>, after: (&Deal, &Comp), today: NaiveDate) -> bool {
    let (deal, comp) = after;
    let now = parity(deal, comp, today);
    let then = before.and_then(|(deal, comp)| Some((deal.owner, parity(deal, comp, today)?)));
    now.is_some_and(|now| then != Some((deal.owner, now)))
}

/// The fields of a deal that what it pays depends on.
const FIELDS: [&str; 5] = ["amount", "close", "closed_on", "owner", "stage"];

/// What a deal pays, where its latest events, oldest first, made that news to its owner.
pub fn news_in(deal: &Deal, events: &[Event], comp: &Comp, today: NaiveDate) -> serde_json::Result<Option<Parity>> {
    let touched = |event: &Event| FIELDS.iter().any(|field| event.after.contains_key(*field));
    if comp.is_empty() || !events.iter().any(touched) {
        return Ok(None);
    }
    let is_new = events.first().is_some_and(|event| event.version == 1);
    let before = if is_new { None } else { Some(rewound(deal, events)?) };
    let before = before.as_ref().map(|before| (before, comp));
    Ok(parity(deal, comp, today).filter(|_| is_pay_news(before, (deal, comp), today)))
}

#[cfg(test)]
mod tests;
