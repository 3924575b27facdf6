//! How the cadence was kept in a quarter: its meetings, and how stalls came and went (`/program cadence`).

use chrono::NaiveDate;

use super::meetings::Meetings;
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::figure::{Figure, median};
use crate::domain::id::{DealNumber, PartnerId};
use crate::domain::period::Period;

/// Stalls that a time to clear needs.
const CLEARED: u32 = 5;

/// The quarter as `/program cadence` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CadenceCard {
    /// Which quarter.
    pub period: Period,
    /// The partner that it is narrowed to.
    pub partner: Option<(PartnerId, String)>,
    /// What became of the meetings, by review.
    pub reviews: Vec<Meetings>,
    /// How stalls came and went.
    pub stalls: Stalls,
}

/// A stall of a deal, from its first reason until none held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// Whose.
    pub deal: DealNumber,
    /// When it began.
    pub opened_at: Instant,
    /// When it ended; `None` while it runs.
    pub ended_at: Option<Instant>,
}

/// How stalls came and went in a quarter: the deals, a deal for each stall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stalls {
    /// Those that began.
    pub entered: Vec<DealNumber>,
    /// Those that ended.
    pub left: Vec<DealNumber>,
    /// Those that run, or ran at its end.
    pub running: Vec<DealNumber>,
    /// The median of the business days from beginning to end, of those that ended; from five on.
    pub to_clear: Figure<u32>,
}

/// How many stalls of some that ran since an instant began since then, and how many ended.
pub fn came_and_went<'s>(spells: impl Iterator<Item = &'s Spell> + Clone, since: Instant) -> (usize, usize) {
    let entered = spells.clone().filter(|spell| spell.opened_at >= since).count();
    (entered, spells.filter(|spell| spell.ended_at.is_some_and(|at| at >= since)).count())
}

/// How stalls came and went in a quarter, as far as it has run.
pub fn stalls(spells: &[Spell], calendar: &Calendar, period: &Period, today: NaiveDate) -> Stalls {
    let end = period.end.min(today);
    let began = |spell: &Spell| calendar.day(spell.opened_at);
    let ended = |spell: &Spell| spell.ended_at.map(|at| calendar.day(at));
    let deals = |keep: &dyn Fn(&Spell) -> bool| -> Vec<DealNumber> {
        spells.iter().filter(|spell| keep(spell)).map(|spell| spell.deal).collect()
    };
    let cleared = |spell: &Spell| {
        let day = ended(spell).filter(|day| period.contains(*day))?;
        Some(calendar.business_days_between(began(spell), day))
    };
    Stalls {
        entered: deals(&|spell| period.contains(began(spell))),
        left: deals(&|spell| cleared(spell).is_some()),
        running: deals(&|spell| began(spell) <= end && ended(spell).is_none_or(|day| day > end)),
        to_clear: median(spells.iter().filter_map(cleared).collect(), CLEARED),
    }
}

/// A figure of the cadence that opens to its deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StallFigure {
    /// Stalls that began.
    Entered,
    /// Stalls that ended, which the time to clear is made from.
    Left,
    /// Stalls that run.
    Running,
}

impl StallFigure {
    /// All of them, in the order in which they are told.
    pub const ALL: [StallFigure; 3] = [StallFigure::Entered, StallFigure::Left, StallFigure::Running];

    /// What a select sends back.
    pub fn key(self) -> &'static str {
        match self {
            StallFigure::Entered => "entered",
            StallFigure::Left => "left",
            StallFigure::Running => "running",
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<StallFigure> {
        StallFigure::ALL.into_iter().find(|figure| figure.key() == key)
    }
}

impl Stalls {
    /// The deals behind a figure, each once.
    pub fn deals(&self, figure: StallFigure) -> Vec<DealNumber> {
        let mut deals = match figure {
            StallFigure::Entered => self.entered.clone(),
            StallFigure::Left => self.left.clone(),
            StallFigure::Running => self.running.clone(),
        };
        deals.sort_unstable();
        deals.dedup();
        deals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{at, calendar, day};

    fn spell(deal: i64, opened: &str, ended: Option<&str>) -> Spell {
        let noon = |day: &str| at(&format!("{day}T12:00:00Z"));
        Spell { deal: DealNumber(deal), opened_at: noon(opened), ended_at: ended.map(noon) }
    }

    /// Q4 2026, told on 25 November.
    fn told(spells: &[Spell]) -> Stalls {
        let period = calendar().period(day("2026-11-25"));
        stalls(spells, &calendar(), &period, day("2026-11-25"))
    }

    #[test]
    fn a_stall_counts_where_it_begins_and_where_it_ends() {
        let spells = [
            spell(1, "2026-09-30", Some("2026-10-05")),
            spell(2, "2026-10-01", Some("2026-10-06")),
            spell(3, "2026-11-20", None),
            spell(4, "2026-08-01", None),
            spell(5, "2026-08-01", Some("2026-09-30")),
        ];
        let told = told(&spells);
        let numbers = |deals: &[DealNumber]| deals.iter().map(|deal| deal.0).collect::<Vec<_>>();
        assert_eq!(numbers(&told.entered), [2, 3]);
        assert_eq!(numbers(&told.left), [1, 2]);
        assert_eq!(numbers(&told.running), [3, 4]);
        assert_eq!(told.to_clear, Figure::NotEnough { have: 2, need: 5 });
    }

    #[test]
    fn time_to_clear_is_the_median_of_business_days() {
        let ended = ["2026-11-03", "2026-11-04", "2026-11-06", "2026-11-09", "2026-11-13"];
        let spells = ended.map(|day| spell(1, "2026-11-02", Some(day)));
        let told = told(&spells);
        assert_eq!(told.to_clear, Figure::Known(4), "1, 2, 4, 5 and 9 business days");
        assert_eq!(told.deals(StallFigure::Left), [DealNumber(1)], "one deal five times");
    }

    #[test]
    fn a_quarter_that_is_over_shows_what_ran_at_its_end() {
        let period = calendar().period(day("2026-09-01"));
        let spells = [spell(1, "2026-09-01", Some("2026-10-05")), spell(2, "2026-10-05", None)];
        let told = stalls(&spells, &calendar(), &period, day("2026-11-25"));
        assert_eq!(told.deals(StallFigure::Running), [DealNumber(1)]);
        assert!(told.deals(StallFigure::Left).is_empty());
    }

    #[test]
    fn stalls_since_an_instant_count_where_they_begin_and_where_they_end() {
        let spells = [
            spell(1, "2026-11-01", Some("2026-11-03")),
            spell(2, "2026-11-02", None),
            spell(3, "2026-11-04", Some("2026-11-05")),
            spell(4, "2026-10-01", Some("2026-11-01")),
        ];
        assert_eq!(came_and_went(spells.iter(), at("2026-11-02T12:00:00Z")), (2, 2));
    }
}
