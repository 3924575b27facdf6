//! The proof: what the program produced in a quarter, sourced and influenced apart, claimed and confirmed apart, beside
//! what the company reaches alone and what the program cost (`/program report`).
//!
//! Each figure is the sum of its rows, so that it opens to its deals. A quarter that is over is told as it stood when it
//! ended, from deals as they were then: it reprints the same (rule 8).

use chrono::NaiveDate;

use super::Instant;
use super::attribution::{Timeliness, timeliness};
use super::baseline::Baseline;
use super::calendar::Calendar;
use super::deal::{Deal, Role};
use super::figure::Figure;
use super::forecast::{ByRole, Sum, Weighted, WinRate, closing, cycle, last_quarters, weighted, win_rate};
use super::id::DealNumber;
use super::motion::Motions;
use super::number::{Booked, Books, CostBooked, Entry, booked, roi};
use super::overview::Tally;
use super::period::Period;

mod figure;
mod row;

pub use figure::Figure as ReportFigure;
pub use row::{AccountShare, Past, Row, Section, Standing};

/// The moment of which a report tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// What happened before this instant counts.
    pub at: Instant,
    /// The last day that is told of.
    pub day: NaiveDate,
    /// How the quarter lies to it.
    pub phase: Phase,
}

/// How a quarter lies to the moment of which a report tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It runs, or is ahead.
    Running,
    /// It is over, and told as it stood when it ended.
    Over,
    /// It was over when the workspace began: what was brought along of it is told, and what was open then isn't known.
    Before,
}

impl AsOf {
    /// The moment for a quarter: now, or its end.
    pub fn of(period: &Period, books: &Books, now: Instant) -> AsOf {
        let today = books.calendar.day(now);
        if period.end >= today {
            AsOf { at: now, day: today, phase: Phase::Running }
        } else if period.end < books.opened {
            AsOf { at: now, day: period.end, phase: Phase::Before }
        } else {
            AsOf { at: books.calendar.midnight(period.ahead(1).start), day: period.end, phase: Phase::Over }
        }
    }
}

/// What a report is made from.
#[derive(Debug, Clone)]
pub struct ReportFacts {
    /// Of which quarter.
    pub period: Period,
    /// As of when.
    pub as_of: AsOf,
    /// By whose days.
    pub calendar: Calendar,
    /// By whose probabilities.
    pub motions: Motions,
    /// What was booked in the quarter.
    pub entries: Vec<Entry>,
    /// Deals as they stood: those that were open, and those that were closed over the quarters that win rate and cycle
    /// look at. By number.
    pub deals: Vec<Deal>,
    /// What should be won; `None` where nobody said, and in plan mode.
    pub target: Option<i64>,
    /// What the program cost.
    pub cost: CostBooked,
    /// What the company reaches without partners.
    pub baseline: Baseline,
}

/// What was won for a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Won {
    /// In the quarter, and what was changed in it of earlier ones.
    pub booked: Booked,
    /// Of what was won in the quarter: confirmed by the partner's manager or a lead.
    pub confirmed: Tally,
    /// Of what was won in the quarter: claimed, and not confirmed yet.
    pub claimed: Tally,
    /// Of what was won in the quarter: recorded late.
    pub late: Tally,
}

/// What is open for a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Open {
    /// All of it, and what is past its close.
    pub weighted: Weighted,
    /// Of what counts: confirmed.
    pub confirmed: Tally,
    /// Of what counts: claimed, and not confirmed yet.
    pub claimed: Tally,
    /// Of what counts: recorded late, or overdue.
    pub late: Tally,
    /// What is expected to close in the quarter.
    pub closing: Sum,
}

/// The report of a quarter.
#[derive(Debug, Clone)]
pub struct Report {
    /// Which quarter.
    pub period: Period,
    /// As of when.
    pub as_of: AsOf,
    /// What was won, by class.
    pub won: ByRole<Won>,
    /// What is open, by class; `None` where it isn't known.
    pub open: Option<ByRole<Open>>,
    /// The deals behind both, by section and class, the largest first.
    pub rows: Vec<Row>,
    /// What was changed in the quarter of the credit of earlier ones, the earliest change first.
    pub adjustments: Vec<Entry>,
    /// Deals won in earlier quarters whose claim was confirmed in this one.
    pub confirmed_later: Vec<DealNumber>,
    /// Deals that were closed over the four quarters up to this one.
    pub history: Vec<Past>,
    /// Won of closed, over those quarters.
    pub win_rate: Figure<WinRate>,
    /// Median days from recording to winning, over those quarters.
    pub cycle: Figure<u32>,
    /// What the company reaches without partners.
    pub baseline: Baseline,
    /// What should be won.
    pub target: Option<i64>,
    /// What the program cost.
    pub cost: CostBooked,
    deals: Vec<Deal>,
}

impl Report {
    /// The report of some facts.
    pub fn new(facts: ReportFacts) -> Report {
        let ReportFacts { period, as_of, calendar, motions, entries, deals, target, cost, baseline } = facts;
        let window = last_quarters(&calendar, as_of.day);
        let mut adjustments: Vec<Entry> = entries.iter().filter(|e| e.is_adjustment()).copied().collect();
        adjustments.sort_by_key(|entry| (entry.day, entry.deal));
        let late =
            |deal: &Deal| matches!(timeliness(deal, &calendar, as_of.day), Timeliness::Late | Timeliness::Overdue);
        let mut rows = row::won(&entries, &deals, late);
        if as_of.phase != Phase::Before {
            rows.extend(row::open(&deals, &motions, as_of.day, late));
        }
        row::sort(&mut rows);
        let open = (as_of.phase != Phase::Before).then(|| open_of(&rows, &deals, &motions, &period, as_of.day));
        Report {
            won: won_of(&rows, booked(&entries, &period)),
            open,
            confirmed_later: confirmed_later(&deals, &calendar, &period, as_of),
            history: row::history(&deals, &calendar, &window),
            win_rate: win_rate(&deals, &calendar, as_of.day),
            cycle: cycle(&deals, &calendar, as_of.day),
            period,
            as_of,
            rows,
            adjustments,
            baseline,
            target,
            cost,
            deals,
        }
    }

    /// A deal as it stood; `None` when the report does not tell of it.
    pub fn deal(&self, number: DealNumber) -> Option<&Deal> {
        let place = self.deals.binary_search_by_key(&number, |deal| deal.number).ok()?;
        self.deals.get(place)
    }

    /// Attainment of the number in percent, halves up.
    pub fn attainment(&self) -> Option<i64> {
        super::number::percent(self.won.sourced.booked.total(), self.target?)
    }

    /// Sourced ROI in percent, halves up; `None` without a cost.
    pub fn roi(&self) -> Option<i64> {
        roi(self.won.sourced.booked.total(), self.cost.total()?)
    }

    /// The rows of a section and class.
    pub fn rows_of(&self, section: Section, role: Role) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.section == section && row.role == role)
    }

    /// What was recorded late, of what was won in the quarter and of what is open.
    pub fn late(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.late && row.section != Section::PastClose)
    }
}

/// The tally of some rows.
pub fn tally<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Tally {
    rows.into_iter().fold(Tally::default(), |sum, row| Tally {
        deals: sum.deals.saturating_add_signed(row.deals as isize),
        amount: sum.amount.saturating_add(row.amount.unwrap_or(0)),
    })
}

fn won_of(rows: &[Row], booked: ByRole<Booked>) -> ByRole<Won> {
    let of = |role: Role| {
        let own = || rows.iter().filter(move |row| row.section == Section::Won && row.role == role);
        Won {
            booked: *booked.of(role),
            confirmed: tally(own().filter(|row| row.standing == Standing::Confirmed)),
            claimed: tally(own().filter(|row| row.standing == Standing::Claimed)),
            late: tally(own().filter(|row| row.late)),
        }
    };
    by_role(of)
}

fn open_of(rows: &[Row], deals: &[Deal], motions: &Motions, period: &Period, day: NaiveDate) -> ByRole<Open> {
    let (weighted, closing) = (weighted(deals, motions, day), closing(deals, motions, period, day));
    let of = |role: Role| {
        let own = || rows.iter().filter(move |row| row.section == Section::Open && row.role == role);
        Open {
            weighted: *weighted.of(role),
            confirmed: tally(own().filter(|row| row.standing == Standing::Confirmed)),
            claimed: tally(own().filter(|row| row.standing == Standing::Claimed)),
            late: tally(own().filter(|row| row.late)),
            closing: *closing.of(role),
        }
    };
    by_role(of)
}

fn by_role<T>(of: impl Fn(Role) -> T) -> ByRole<T> {
    ByRole { sourced: of(Role::Sourced), influenced: of(Role::Influenced), undecided: of(Role::Undecided) }
}

/// A confirmation of an earlier win is told in the quarter in which it was given, as the win's own report stays.
fn confirmed_later(deals: &[Deal], calendar: &Calendar, period: &Period, as_of: AsOf) -> Vec<DealNumber> {
    let from = calendar.midnight(period.start);
    let given = |deal: &&Deal| {
        let confirmed = deal.claim.confirmed.is_some_and(|confirmed| from <= confirmed.at && confirmed.at < as_of.at);
        let earlier = deal.is_won() && deal.closed_on.is_some_and(|day| day < period.start);
        confirmed && earlier && as_of.phase != Phase::Before
    };
    deals.iter().filter(given).map(|deal| deal.number).collect()
}

#[cfg(test)]
mod tests;
