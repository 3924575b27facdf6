//! The program's figures (DESIGN §2): what is expected, what closes when, how often and how fast deals are won. Each is
//! one pure function of deals and the motion, each deal by the version that it runs; amounts are minor units. A deal lost as "entered by mistake" counts in none of them.
//!
//! The classes never mix: the number is sourced, and influenced and undecided stand beside it.

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::deal::{Deal, Role};
use super::figure::{Figure, median};
use super::motion::{Motions, Stage};
use super::period::Period;

mod card;
mod month;

pub use card::{Figure as ForecastFigure, ForecastCard};
pub use month::{Category, Month, by_month};

/// Closed deals that a win rate needs, and won ones that a cycle needs.
const HISTORY_NEEDS: u32 = 5;
/// Quarters that win rate and cycle look at: the running one and the three before it.
const QUARTERS: u32 = 4;

/// One value for each class, side by side; nothing adds them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByRole<T> {
    /// What counts for the number.
    pub sourced: T,
    /// Beside it.
    pub influenced: T,
    /// Beside it: a gap to be closed.
    pub undecided: T,
}

impl<T> ByRole<T> {
    /// The value of a class.
    pub fn of(&self, role: Role) -> &T {
        match role {
            Role::Sourced => &self.sourced,
            Role::Influenced => &self.influenced,
            Role::Undecided => &self.undecided,
        }
    }

    pub(in crate::domain) fn of_mut(&mut self, role: Role) -> &mut T {
        match role {
            Role::Sourced => &mut self.sourced,
            Role::Influenced => &mut self.influenced,
            Role::Undecided => &mut self.undecided,
        }
    }
}

/// Deals together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many.
    pub deals: usize,
    /// How many of them have no amount yet, and so add nothing.
    pub unpriced: usize,
    /// Σ amount.
    pub amount: i64,
    /// Σ amount × probability in percent. Kept in hundredths, so that many small deals are rounded once.
    hundredths: i128,
}

impl Sum {
    /// Σ amount × stage probability, rounded to the minor unit, halves up.
    pub fn weighted(&self) -> i64 {
        i64::try_from((self.hundredths + 50) / 100).unwrap_or(i64::MAX)
    }

    /// The rest without some of the deals.
    pub fn without(&self, some: &Sum) -> Sum {
        Sum {
            deals: self.deals.saturating_sub(some.deals),
            unpriced: self.unpriced.saturating_sub(some.unpriced),
            amount: self.amount.saturating_sub(some.amount),
            hundredths: self.hundredths - some.hundredths,
        }
    }

    fn add(&mut self, deal: &Deal, motions: &Motions) {
        let amount = deal.amount.unwrap_or(0);
        self.deals += 1;
        self.unpriced += usize::from(deal.amount.is_none());
        self.amount = self.amount.saturating_add(amount);
        self.hundredths += i128::from(amount) * i128::from(motions.terms(deal).probability);
    }
}

/// Open deals, weighted. Those past their close are left out and shown as "340k not counted: close is past".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighted {
    /// Those that count.
    pub counted: Sum,
    /// Those whose close is past.
    pub past_close: Sum,
}

/// What is expected of open deals, by class. A deal without a close counts: only a close that is past is known to be
/// wrong.
pub fn weighted<'d>(
    deals: impl IntoIterator<Item = &'d Deal>,
    motions: &Motions,
    today: NaiveDate,
) -> ByRole<Weighted> {
    let mut by_role = ByRole::<Weighted>::default();
    for deal in deals.into_iter().filter(|deal| deal.is_open()) {
        let weighted = by_role.of_mut(deal.role);
        let past = deal.close.is_some_and(|close| close < today);
        if past { &mut weighted.past_close } else { &mut weighted.counted }.add(deal, motions);
    }
    by_role
}

/// The same for each open stage, in the order of [`Stage::OPEN`].
pub fn weighted_by_stage<'d>(
    deals: impl IntoIterator<Item = &'d Deal> + Clone,
    motions: &Motions,
    today: NaiveDate,
) -> [ByRole<Weighted>; 5] {
    Stage::OPEN.map(|stage| weighted(deals.clone().into_iter().filter(|deal| deal.stage == stage), motions, today))
}

/// Open deals that are expected to close in a period, from today on.
pub fn closing<'d>(
    deals: impl IntoIterator<Item = &'d Deal>,
    motions: &Motions,
    period: &Period,
    today: NaiveDate,
) -> ByRole<Sum> {
    let closing = deals.into_iter().filter(|deal| closes_in(deal, period, today));
    let by_role = weighted(closing, motions, today);
    ByRole {
        sourced: by_role.sourced.counted,
        influenced: by_role.influenced.counted,
        undecided: by_role.undecided.counted,
    }
}

/// Whether a deal is open and expected to close in a period, from today on.
pub fn closes_in(deal: &Deal, period: &Period, today: NaiveDate) -> bool {
    deal.is_open() && deal.close.is_some_and(|close| close >= today && period.contains(close))
}

/// Deals won in a period, by the day on which they were won.
pub fn won<'d>(deals: impl IntoIterator<Item = &'d Deal>, motions: &Motions, period: &Period) -> ByRole<Sum> {
    let mut by_role = ByRole::<Sum>::default();
    for deal in deals.into_iter().filter(|deal| deal.is_won() && closed_in(deal, period)) {
        by_role.of_mut(deal.role).add(deal, motions);
    }
    by_role
}

/// Won deals among closed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WinRate {
    /// How many were won.
    pub won: u32,
    /// How many were won or lost.
    pub closed: u32,
}

impl WinRate {
    /// In whole percent, halves up.
    pub fn percent(self) -> u32 {
        let closed = self.closed.max(1);
        (self.won * 200 + closed) / (closed * 2)
    }
}

/// Won ÷ (won + lost) over the last four quarters, the running one among them; from five closed deals on.
pub fn win_rate<'d>(
    deals: impl IntoIterator<Item = &'d Deal>,
    calendar: &Calendar,
    today: NaiveDate,
) -> Figure<WinRate> {
    let window = last_quarters(calendar, today);
    let closed: Vec<&Deal> = deals.into_iter().filter(|deal| deal.counts() && closed_in(deal, &window)).collect();
    let won = closed.iter().filter(|deal| deal.is_won()).count() as u32;
    win_rate_of(WinRate { won, closed: closed.len() as u32 })
}

/// The same from deals that were counted already, over [`last_quarters`].
pub fn win_rate_of(counted: WinRate) -> Figure<WinRate> {
    match counted.closed {
        have if have < HISTORY_NEEDS => Figure::NotEnough { have, need: HISTORY_NEEDS },
        _ => Figure::Known(counted),
    }
}

/// The median of the days from recording to winning a deal, over the same quarters; from five won deals on.
pub fn cycle<'d>(deals: impl IntoIterator<Item = &'d Deal>, calendar: &Calendar, today: NaiveDate) -> Figure<u32> {
    let window = last_quarters(calendar, today);
    let won = deals.into_iter().filter(|deal| deal.is_won() && closed_in(deal, &window));
    median(won.filter_map(|deal| days_to_close(deal, calendar)).collect(), HISTORY_NEEDS)
}

/// Days from recording a deal to its end; `None` while it runs.
pub fn days_to_close(deal: &Deal, calendar: &Calendar) -> Option<u32> {
    let days = (deal.closed_on? - calendar.day(deal.created_at)).num_days();
    Some(u32::try_from(days).unwrap_or(0))
}

/// The running quarter and the three before it, as one stretch of days: what win rate and cycle look at.
pub fn last_quarters(calendar: &Calendar, today: NaiveDate) -> Period {
    let running = calendar.period(today);
    Period { start: running.back(QUARTERS - 1).start, ..running }
}

/// Whether a deal was won or lost in a stretch of days.
pub fn closed_in(deal: &Deal, period: &Period) -> bool {
    !deal.is_open() && deal.closed_on.is_some_and(|day| period.contains(day))
}

#[cfg(test)]
mod tests;
