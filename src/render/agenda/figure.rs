//! The figures of an agenda, and the deals that stand behind each.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::super::control::{CustomId, Entry, Select};
use super::super::voice::count;
use crate::domain::agenda::{Agenda, AgendaFacts};
use crate::domain::deal::{Deal, Role};
use crate::domain::forecast::{ByRole, Weighted};
use crate::domain::id::DealNumber;

/// A figure of the agenda that opens to its deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// What needs a decision.
    Decisions,
    /// What is stalled.
    Stalled,
    /// What closes in the period.
    Closing,
    /// What moved, was recorded, won or lost.
    Moved,
    /// What has a gap in class or ownership.
    Gaps,
    /// Won in the quarter, for the number.
    Won,
    /// Adjustments to the number of earlier quarters.
    Adjusted,
    /// Sourced deals in the forecast.
    Sourced,
    /// Influenced deals beside it.
    Influenced,
    /// Undecided deals beside it.
    Undecided,
    /// Deals left out because their close is past.
    NotCounted,
}

impl Figure {
    /// All of them, in the order of the agenda.
    pub const ALL: [Figure; 11] = [
        Figure::Decisions,
        Figure::Stalled,
        Figure::Closing,
        Figure::Moved,
        Figure::Gaps,
        Figure::Won,
        Figure::Adjusted,
        Figure::Sourced,
        Figure::Influenced,
        Figure::Undecided,
        Figure::NotCounted,
    ];

    /// What a select sends back.
    pub fn key(self) -> &'static str {
        match self {
            Figure::Decisions => "decisions",
            Figure::Stalled => "stalled",
            Figure::Closing => "closing",
            Figure::Moved => "moved",
            Figure::Gaps => "gaps",
            Figure::Won => "won",
            Figure::Adjusted => "adjusted",
            Figure::Sourced => "sourced",
            Figure::Influenced => "influenced",
            Figure::Undecided => "undecided",
            Figure::NotCounted => "not_counted",
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<Figure> {
        Figure::ALL.into_iter().find(|figure| figure.key() == key)
    }

    /// As people read it, above its deals.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Decisions => "Needs a decision",
            Figure::Stalled => "Stalled",
            Figure::Closing => "Closing this quarter",
            Figure::Moved => "Moved, new, won and lost",
            Figure::Gaps => "Gaps in class and ownership",
            Figure::Won => "Won this quarter: sourced",
            Figure::Adjusted => "Adjustments to earlier quarters",
            Figure::Sourced => "In the forecast: sourced",
            Figure::Influenced => "Beside the forecast: influenced",
            Figure::Undecided => "Beside the forecast: undecided",
            Figure::NotCounted => "Not counted: close is past",
        }
    }

    /// The deals behind it, in the order of the agenda.
    pub fn deals(self, agenda: &Agenda, facts: &AgendaFacts, today: NaiveDate) -> Vec<DealNumber> {
        match self {
            Figure::Decisions => agenda.decisions.iter().map(|d| d.deal).collect(),
            Figure::Stalled => agenda.stalled.iter().map(|s| s.deal).collect(),
            Figure::Closing => agenda.closing.clone(),
            Figure::Moved => agenda.moved.iter().map(|m| m.deal).collect(),
            Figure::Gaps => agenda.gaps.iter().map(|g| g.deal).collect(),
            Figure::Won => facts.number.as_ref().map(|number| number.won(Role::Sourced)).unwrap_or_default(),
            Figure::Adjusted => facts.number.as_ref().map(|number| number.adjusted()).unwrap_or_default(),
            Figure::Sourced => expected(facts, today, Some(Role::Sourced), Close::Ahead),
            Figure::Influenced => expected(facts, today, Some(Role::Influenced), Close::Ahead),
            Figure::Undecided => expected(facts, today, Some(Role::Undecided), Close::Ahead),
            Figure::NotCounted => expected(facts, today, None, Close::Past),
        }
    }

    /// Its entry in the select, with how many deals it opens to; none for an empty one.
    fn entry(self, agenda: &Agenda, facts: &AgendaFacts, today: NaiveDate) -> Option<Entry> {
        let deals = self.deals(agenda, facts, today).len();
        (deals > 0).then(|| Entry::new(self.key(), self.name()).described(count(deals, "deal")))
    }

    /// "Show deals": all that open to any.
    pub(in crate::render) fn select(show: CustomId, agenda: &Agenda, facts: &AgendaFacts, today: NaiveDate) -> Select {
        let entries = Figure::ALL.into_iter().filter_map(|figure| figure.entry(agenda, facts, today));
        Select::of(show, "Show deals", entries, |_| String::new())
    }

    pub(super) fn classes(forecast: &ByRole<Weighted>) -> [&Weighted; 3] {
        [&forecast.sourced, &forecast.influenced, &forecast.undecided]
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Close {
    Past,
    Ahead,
}

/// Open deals of a class, as the forecast splits them, the largest first.
fn expected(facts: &AgendaFacts, today: NaiveDate, role: Option<Role>, close: Close) -> Vec<DealNumber> {
    let is_past = |deal: &Deal| deal.close.is_some_and(|day| day < today);
    let mut deals: Vec<&Deal> = facts
        .open
        .values()
        .map(|card| &card.deal)
        .filter(|deal| role.is_none_or(|role| deal.role == role) && is_past(deal) == (close == Close::Past))
        .collect();
    deals.sort_by_key(|deal| (Reverse(deal.amount), deal.number));
    deals.into_iter().map(|deal| deal.number).collect()
}
