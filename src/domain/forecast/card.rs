//! The forecast as `/program forecast` shows it, and the deals that stand behind each of its figures.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{ByRole, Category, Month, Sum, by_month};
use crate::domain::deal::{Deal, Role};
use crate::domain::id::{DealNumber, PartnerId};
use crate::domain::motion::Motions;
use crate::domain::number::Entry;
use crate::domain::period::Period;

/// The months of some quarters, with what they are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastCard {
    /// Which quarters, one after the other.
    pub periods: Vec<Period>,
    /// Their months.
    pub months: Vec<Month>,
    /// The open deals.
    pub open: Vec<Deal>,
    /// What was booked in the quarters.
    pub entries: Vec<Entry>,
    /// The partner that it is narrowed to.
    pub partner: Option<(PartnerId, String)>,
    /// In how many other open deals that partner takes part. Their money is counted with the primary one.
    pub parts: usize,
}

/// A figure of the forecast that opens to its deals. A month is told by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Sourced and booked in a month.
    Won(usize),
    /// Sourced, open and closing in a month, of one category.
    Open(usize, Category),
    /// Open and closing in one of the months, of another class.
    Beside(Role),
    /// Left out because their close is past.
    PastClose,
    /// Left out because they have no close.
    NoClose,
}

impl Figure {
    /// What a select sends back.
    pub fn key(self) -> String {
        match self {
            Figure::Won(month) => format!("{month}_won"),
            Figure::Open(month, Category::Commit) => format!("{month}_commit"),
            Figure::Open(month, Category::BestCase) => format!("{month}_best"),
            Figure::Open(month, Category::Pipeline) => format!("{month}_pipeline"),
            Figure::Beside(role) => role.key().to_owned(),
            Figure::PastClose => "past_close".to_owned(),
            Figure::NoClose => "no_close".to_owned(),
        }
    }
}

impl ForecastCard {
    /// The forecast of some quarters.
    pub fn new(
        periods: Vec<Period>,
        (open, entries): (Vec<Deal>, Vec<Entry>),
        partner: Option<(PartnerId, String)>,
        motions: &Motions,
        today: NaiveDate,
    ) -> ForecastCard {
        let months = by_month(&open, &entries, motions, &periods, today);
        ForecastCard { periods, months, open, entries, partner, parts: 0 }
    }

    /// All figures, in the order in which they are told.
    pub fn figures(&self) -> Vec<Figure> {
        let of_month = |month| std::iter::once(Figure::Won(month)).chain(Category::ALL.map(|c| Figure::Open(month, c)));
        let beside = [Role::Influenced, Role::Undecided].map(Figure::Beside);
        let rest = beside.into_iter().chain([Figure::PastClose, Figure::NoClose]);
        (0..self.months.len()).flat_map(of_month).chain(rest).collect()
    }

    /// Reads a key.
    pub fn figure(&self, key: &str) -> Option<Figure> {
        self.figures().into_iter().find(|figure| figure.key() == key)
    }

    /// The deals behind a figure, the largest first.
    pub fn deals(&self, figure: Figure, today: NaiveDate) -> Vec<DealNumber> {
        match figure {
            Figure::Won(month) => self.booked(month),
            Figure::Open(month, category) => self.largest(|deal| {
                let in_category = Category::of(deal.stage) == Some(category);
                deal.role == Role::Sourced && in_category && self.closes_in(deal, month..month + 1, today)
            }),
            Figure::Beside(role) => {
                self.largest(|deal| deal.role == role && self.closes_in(deal, 0..self.months.len(), today))
            }
            Figure::PastClose => self.largest(|deal| deal.close.is_some_and(|close| close < today)),
            Figure::NoClose => self.largest(|deal| deal.close.is_none()),
        }
    }

    /// What is open and closing in the months for a class, over all categories.
    pub fn beside(&self, role: Role) -> (usize, i64) {
        let sums: Vec<&Sum> =
            self.months.iter().flat_map(|m| m.open.iter().map(|by: &ByRole<Sum>| by.of(role))).collect();
        (sums.iter().map(|sum| sum.deals).sum(), sums.iter().fold(0, |all, sum| sum.amount.saturating_add(all)))
    }

    /// What some open deals are worth.
    pub fn worth(&self, deals: &[DealNumber]) -> i64 {
        let amounts = self.open.iter().filter(|deal| deals.contains(&deal.number)).filter_map(|deal| deal.amount);
        amounts.fold(0, i64::saturating_add)
    }

    fn booked(&self, month: usize) -> Vec<DealNumber> {
        let Some(Month { first, last, .. }) = self.months.get(month) else { return Vec::new() };
        let own = |entry: &&Entry| entry.role == Role::Sourced && *first <= entry.day && entry.day <= *last;
        let mut entries: Vec<&Entry> = self.entries.iter().filter(own).collect();
        entries.sort_by_key(|entry| (Reverse(entry.amount), entry.deal));
        let mut deals = Vec::new();
        for entry in entries {
            if !deals.contains(&entry.deal) {
                deals.push(entry.deal);
            }
        }
        deals
    }

    fn closes_in(&self, deal: &Deal, months: std::ops::Range<usize>, today: NaiveDate) -> bool {
        let closes = |month: &Month, close| month.first.max(today) <= close && close <= month.last;
        let months = self.months.get(months).unwrap_or_default();
        deal.close.is_some_and(|close| months.iter().any(|month| closes(month, close)))
    }

    fn largest(&self, keep: impl Fn(&Deal) -> bool) -> Vec<DealNumber> {
        let mut deals: Vec<&Deal> = self.open.iter().filter(|deal| keep(deal)).collect();
        deals.sort_by_key(|deal| (Reverse(deal.amount), deal.number));
        deals.into_iter().map(|deal| deal.number).collect()
    }
}
