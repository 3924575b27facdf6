//! What `/program view` and the agenda tell the number from, and the deals that stand behind each of its figures.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Closed, Entry, Number, Share, Split, booked, win_rate};
use crate::domain::card::Named;
use crate::domain::deal::{Deal, Role};
use crate::domain::forecast::{WinRate, closes_in, closing};
use crate::domain::id::{DealNumber, PartnerId};
use crate::domain::motion::Motions;
use crate::domain::period::Period;

/// What the number is reckoned from, as far as it is not in the open deals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFacts {
    /// Who owns it.
    pub owner: Option<Named>,
    /// All of it, or one partner's part.
    pub of: Share,
    /// What should be won.
    pub target: Option<i64>,
    /// What was booked in the period.
    pub entries: Vec<Entry>,
    /// What was closed over the quarters that the win rate looks at.
    pub closed: Vec<Closed>,
}

impl NumberFacts {
    /// The number of a period. Of the open deals only those of its part count.
    pub fn number<'d>(
        &self,
        open: impl IntoIterator<Item = &'d Deal>,
        motions: &Motions,
        period: &Period,
        today: NaiveDate,
    ) -> Number {
        let own = open.into_iter().filter(|deal| self.of.holds(deal));
        Number {
            period: *period,
            target: self.target,
            booked: booked(self.entries(), period),
            closing: closing(own, motions, period, today),
            win_rate: win_rate(&self.closed),
        }
    }

    /// Whether somebody has to be named: nobody owns the number, or who did has left.
    pub fn is_unowned(&self) -> bool {
        self.owner.as_ref().is_none_or(|owner| owner.gone)
    }

    /// The entries of its part.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_of(self.of))
    }

    /// The deals that are won in the period for a class, the largest first.
    pub fn won(&self, role: Role) -> Vec<DealNumber> {
        let mut by_deal: BTreeMap<DealNumber, (i32, i64)> = BTreeMap::new();
        for entry in self.entries().filter(|entry| entry.role == role && !entry.is_adjustment()) {
            let won = by_deal.entry(entry.deal).or_default();
            *won = (won.0 + entry.deals, won.1.saturating_add(entry.amount));
        }
        let mut won: Vec<_> = by_deal.into_iter().filter(|(_, (times, _))| *times > 0).collect();
        won.sort_by_key(|(deal, (_, amount))| (Reverse(*amount), *deal));
        won.into_iter().map(|(deal, _)| deal).collect()
    }

    /// What was changed in the period of the credit of earlier ones, the earliest change first.
    pub fn adjustments(&self) -> Vec<&Entry> {
        let mut adjustments: Vec<&Entry> = self.entries().filter(|entry| entry.is_adjustment()).collect();
        adjustments.sort_by_key(|entry| (entry.day, entry.deal));
        adjustments
    }

    /// The deals of those changes.
    pub fn adjusted(&self) -> Vec<DealNumber> {
        let deals: BTreeSet<DealNumber> = self.adjustments().iter().map(|entry| entry.deal).collect();
        deals.into_iter().collect()
    }
}

/// The number as `/program view` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberCard {
    /// The number.
    pub number: Number,
    /// What it is reckoned from.
    pub facts: NumberFacts,
    /// The open deals of its part.
    pub open: Vec<Deal>,
    /// The partner that it is narrowed to.
    pub partner: Option<(PartnerId, String)>,
    /// In how many other open deals that partner takes part. Their money is counted with the primary one.
    pub parts: usize,
    /// Its parts, with whose they are.
    pub splits: Vec<(Who, Split)>,
    /// What the program cost in the period; `None` where nobody said, and for a part.
    pub cost: Option<i64>,
}

/// Whose part of the number something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A member's.
    Owner(Named),
    /// A partner's, by its name.
    Partner(String),
}

/// Who owns the number now, and who did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberOwner {
    /// The new owner.
    pub owner: Named,
    /// The one before.
    pub before: Option<Named>,
}

/// A target as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetSet {
    /// Of which quarter.
    pub period: Period,
    /// Whose part; `None` for all of the number.
    pub who: Option<Who>,
    /// What it was.
    pub before: Option<i64>,
    /// What it is; `None` when it was taken out.
    pub after: Option<i64>,
    /// The whole of the quarter.
    pub whole: Option<i64>,
    /// What is given out of it in parts of this kind.
    pub given_out: i64,
}

/// A cost as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostSet {
    /// Of which quarter.
    pub period: Period,
    /// What for.
    pub note: Option<String>,
    /// What it was.
    pub before: Option<i64>,
    /// What it is; 0 when it was taken out.
    pub after: i64,
    /// All costs of the quarter.
    pub total: Option<i64>,
    /// The running quarter, where the one noted for is over and its costs stay as they were printed: the change counts
    /// in this one.
    pub counts_in: Option<Period>,
}

/// A figure of the number that opens to its deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Won in the period, by class.
    Won(Role),
    /// Changed in the period, of the credit of earlier ones.
    Adjusted,
    /// Open and closing in the period, by class.
    Closing(Role),
    /// Left out because their close is past.
    PastClose,
    /// Left out because they have no close.
    NoClose,
    /// What the win rate is made from.
    WinRate,
}

impl Figure {
    /// All of them, in the order in which they are told.
    pub const ALL: [Figure; 10] = [
        Figure::Won(Role::Sourced),
        Figure::Adjusted,
        Figure::Closing(Role::Sourced),
        Figure::WinRate,
        Figure::Won(Role::Influenced),
        Figure::Closing(Role::Influenced),
        Figure::Won(Role::Undecided),
        Figure::Closing(Role::Undecided),
        Figure::PastClose,
        Figure::NoClose,
    ];

    /// What a select sends back.
    pub fn key(self) -> &'static str {
        match self {
            Figure::Won(Role::Sourced) => "won",
            Figure::Won(Role::Influenced) => "won_influenced",
            Figure::Won(Role::Undecided) => "won_undecided",
            Figure::Adjusted => "adjusted",
            Figure::Closing(Role::Sourced) => "closing",
            Figure::Closing(Role::Influenced) => "closing_influenced",
            Figure::Closing(Role::Undecided) => "closing_undecided",
            Figure::PastClose => "past_close",
            Figure::NoClose => "no_close",
            Figure::WinRate => "win_rate",
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<Figure> {
        Figure::ALL.into_iter().find(|figure| figure.key() == key)
    }
}

impl NumberCard {
    /// The deals behind a figure, the largest first. Of a quarter that is over nothing is told but what was booked in it.
    pub fn deals(&self, figure: Figure, today: NaiveDate) -> Vec<DealNumber> {
        let period = &self.number.period;
        let over = period.end < today;
        match figure {
            Figure::PastClose | Figure::NoClose | Figure::WinRate if over => Vec::new(),
            Figure::Won(role) => self.facts.won(role),
            Figure::Adjusted => self.facts.adjusted(),
            Figure::Closing(role) => self.largest(|deal| deal.role == role && closes_in(deal, period, today)),
            Figure::PastClose => self.largest(|deal| deal.close.is_some_and(|close| close < today)),
            Figure::NoClose => self.largest(|deal| deal.close.is_none()),
            Figure::WinRate => self.facts.closed.iter().map(|closed| closed.deal).collect(),
        }
    }

    /// Open deals that count in no quarter: how many there are, and what they are worth.
    pub fn left_out(&self, figure: Figure, today: NaiveDate) -> (usize, i64) {
        let deals = self.deals(figure, today);
        let amounts = self.open.iter().filter(|deal| deals.contains(&deal.number)).filter_map(|deal| deal.amount);
        (deals.len(), amounts.fold(0, i64::saturating_add))
    }

    /// The win rate, where there is enough to go by.
    pub fn win_rate(&self) -> Option<WinRate> {
        self.number.win_rate.known()
    }

    fn largest(&self, keep: impl Fn(&Deal) -> bool) -> Vec<DealNumber> {
        let mut deals: Vec<&Deal> = self.open.iter().filter(|deal| keep(deal)).collect();
        deals.sort_by_key(|deal| (Reverse(deal.amount), deal.number));
        deals.into_iter().map(|deal| deal.number).collect()
    }
}
