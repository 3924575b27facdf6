//! The number: the target of sourced won revenue for a period, what is won of it, and what is still needed (DESIGN §2).
//!
//! Weighted, coverage and attainment are sourced; influenced and undecided stand beside them and are never added in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::deal::Deal;
use super::figure::Figure;
use super::forecast::{ByRole, Sum, WinRate, win_rate_of};
use super::id::{DealNumber, MemberId, PartnerId};
use super::overview::Tally;
use super::period::Period;

mod card;
mod cost;
mod ledger;

pub use card::{CostSet, Figure as NumberFigure, NumberCard, NumberFacts, NumberOwner, TargetSet, Who};
pub use cost::{CostBooked, SettingsLog};
pub use ledger::{Booked, Books, Cause, Entry, Step, booked, entries};

/// What should be won in a period, in all or by one owner or partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The first day of the period.
    pub start: NaiveDate,
    /// Whose it is.
    pub of: Share,
    /// In minor units, above 0.
    pub amount: i64,
}

/// All of the number, or a part of it. Owners and partners are two ways of cutting the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// All of it.
    Whole,
    /// What one member wins.
    Owner(MemberId),
    /// What is won with one primary partner.
    Partner(PartnerId),
}

/// What the program cost in a period. Several stand beside each other, told apart by their note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The first day of the period.
    pub start: NaiveDate,
    /// In minor units, above 0.
    pub amount: i64,
    /// What for.
    pub note: Option<String>,
}

/// Something that is set for a period, and set again in its place.
pub trait OfPeriod {
    /// The first day of the period.
    fn start(&self) -> NaiveDate;

    /// Whether the other one stands for the same thing.
    fn is_same(&self, other: &Self) -> bool;

    /// In minor units; 0 takes it out.
    fn amount(&self) -> i64;
}

impl OfPeriod for Target {
    fn start(&self) -> NaiveDate {
        self.start
    }

    fn is_same(&self, other: &Target) -> bool {
        (self.start, self.of) == (other.start, other.of)
    }

    fn amount(&self) -> i64 {
        self.amount
    }
}

impl OfPeriod for Cost {
    fn start(&self) -> NaiveDate {
        self.start
    }

    fn is_same(&self, other: &Cost) -> bool {
        let note = |cost: &Cost| cost.note.as_deref().map(str::to_lowercase);
        self.start == other.start && note(self) == note(other)
    }

    fn amount(&self) -> i64 {
        self.amount
    }
}

/// Puts one in the place of the one that stood for the same thing, or takes it out where the amount is 0. Sorted by
/// period. Gives the one that stood there.
pub fn put<T: OfPeriod>(all: &mut Vec<T>, new: T) -> Option<T> {
    let place = all.iter().position(|old| old.is_same(&new));
    let old = place.map(|place| all.remove(place));
    if new.amount() > 0 {
        all.push(new);
        all.sort_by_key(T::start);
    }
    old
}

/// The target of a share of the number in a period.
pub fn target(targets: &[Target], period: &Period, of: Share) -> Option<i64> {
    targets.iter().find(|target| target.start == period.start && target.of == of).map(|target| target.amount)
}

/// What the program cost in a period; `None` where nobody said.
pub fn cost(costs: &[Cost], period: &Period) -> Option<i64> {
    let of_period = costs.iter().filter(|cost| cost.start == period.start).map(|cost| cost.amount);
    of_period.reduce(i64::saturating_add)
}

/// Sourced ROI in percent, halves up: (sourced won − cost) ÷ cost. `None` without a cost.
pub fn roi(won: i64, cost: i64) -> Option<i64> {
    percent(won.saturating_sub(cost), cost)
}

/// The number in a period, with what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// When.
    pub period: Period,
    /// What should be won; `None` when nobody has set it.
    pub target: Option<i64>,
    /// What was won, by class.
    pub booked: ByRole<Booked>,
    /// Open deals that are expected to close in the period, from today on, by class.
    pub closing: ByRole<Sum>,
    /// By which what is needed is reckoned.
    pub win_rate: Figure<WinRate>,
}

/// A deal that was won or lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Closed {
    /// Which.
    pub deal: DealNumber,
    /// Whether it was won.
    pub won: bool,
}

/// The win rate of deals that were closed over [`super::forecast::last_quarters`].
pub fn win_rate(closed: &[Closed]) -> Figure<WinRate> {
    let won = closed.iter().filter(|closed| closed.won).count() as u32;
    win_rate_of(WinRate { won, closed: closed.len() as u32 })
}

/// How much has to be open for what is left to be won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// Minor units.
    Known(i64),
    /// Too few deals were closed for a win rate.
    NotEnough {
        /// How many were.
        have: u32,
        /// How many it takes.
        need: u32,
    },
    /// Of the deals that were closed none was won, so no amount would do.
    NothingWon,
}

impl Number {
    /// Sourced won: the period's own wins, with what was adjusted in it.
    pub fn won(&self) -> i64 {
        self.booked.sourced.total()
    }

    /// What is left of the target, not below 0.
    pub fn left(&self) -> Option<i64> {
        self.target.map(|target| target.saturating_sub(self.won()).max(0))
    }

    /// Attainment in percent, halves up: sourced won ÷ the number.
    pub fn attainment(&self) -> Option<i64> {
        percent(self.won(), self.target?)
    }

    /// Coverage in hundredths, halves up: weighted closing in the period ÷ what is left. `None` when nothing is.
    pub fn coverage(&self) -> Option<i64> {
        percent(self.closing.sourced.weighted(), self.left()?)
    }

    /// What has to be open for what is left: left ÷ win rate, rounded up. `None` when nothing is left.
    pub fn needed(&self) -> Option<Needed> {
        let left = self.left().filter(|left| *left > 0)?;
        Some(match self.win_rate {
            Figure::NotEnough { have, need } => Needed::NotEnough { have, need },
            Figure::Known(WinRate { won: 0, .. }) => Needed::NothingWon,
            Figure::Known(WinRate { won, closed }) => {
                let needed = (i128::from(left) * i128::from(closed) + i128::from(won) - 1) / i128::from(won);
                Needed::Known(i64::try_from(needed).unwrap_or(i64::MAX))
            }
        })
    }
}

/// A part of the number, with what its owner or partner won of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// Whose part.
    pub of: Share,
    /// What should be won.
    pub target: i64,
    /// Sourced won.
    pub won: Tally,
}

impl Split {
    /// In percent, halves up.
    pub fn attainment(&self) -> Option<i64> {
        percent(self.won.amount, self.target)
    }
}

/// The parts of a period's number, owners before partners, the largest first.
pub fn splits(targets: &[Target], period: &Period, entries: &[Entry]) -> Vec<Split> {
    let parts = targets.iter().filter(|target| target.start == period.start && target.of != Share::Whole);
    let mut splits: Vec<Split> = parts
        .map(|target| {
            let own = entries.iter().filter(|entry| entry.is_of(target.of));
            let won = booked(own, period).sourced;
            let deals = won.won.deals + won.adjusted.deals;
            Split { of: target.of, target: target.amount, won: Tally { deals, amount: won.total() } }
        })
        .collect();
    let kind = |share: Share| matches!(share, Share::Partner(_));
    splits.sort_by_key(|split| (kind(split.of), std::cmp::Reverse(split.target), split.of));
    splits
}

impl Share {
    /// Whether an open deal is of this part.
    pub fn holds(self, deal: &Deal) -> bool {
        match self {
            Share::Whole => true,
            Share::Owner(owner) => deal.owner == owner,
            Share::Partner(partner) => deal.partner == partner,
        }
    }

    /// Whether a deal is another primary partner's, and this one takes part in it: it adds evidence, never money.
    pub fn only_takes_part_in(self, deal: &Deal) -> bool {
        match self {
            Share::Partner(partner) => {
                deal.participants.iter().any(|p| p.partner == partner) && deal.partner != partner
            }
            Share::Whole | Share::Owner(_) => false,
        }
    }
}

/// `part` ÷ `whole` in percent, halves up; `None` for nothing.
pub(in crate::domain) fn percent(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((part * 200 + whole).div_euclid(whole * 2)).ok()
}

#[cfg(test)]
mod tests;
