//! How Discord repeats a scheduled event. It knows no zones: its days are those of UTC, and a clock change moves its
//! events by an hour. So it is told anew from each meeting on.

use chrono::{Datelike, NaiveDate, Weekday};

use super::Planned;
use crate::domain::review::{Every, Rhythm, WeekOfMonth};

/// The rhythms that Discord takes, of those that reviews have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Every week.
    Weekly(Weekday),
    /// Every two weeks.
    TwoWeekly(Weekday),
    /// Every month.
    Monthly {
        /// On which such day, 1 to 4, or 5 for the last.
        nth: u8,
        /// On which day.
        weekday: Weekday,
    },
}

/// How an event goes on from a meeting. One that was moved goes on from the day on which it is held, which is put right
/// with the next. `None` for every four weeks, and for months in which the day is another one by UTC: the first Tuesday
/// morning in Auckland is no first Monday.
pub fn repeat(rhythm: &Rhythm, planned: &Planned) -> Option<Repeat> {
    let day = planned.starts_at.date_naive();
    let weekday = day.weekday();
    match rhythm.every {
        Every::Week => Some(Repeat::Weekly(weekday)),
        Every::TwoWeeks => Some(Repeat::TwoWeekly(weekday)),
        Every::FourWeeks => None,
        Every::Month if day != planned.held_on => None,
        Every::Month => {
            let nth = if planned.moved_from().is_some() { nth_of(day) } else { nth(rhythm.week) };
            Some(Repeat::Monthly { nth, weekday })
        }
    }
}

fn nth(week: Option<WeekOfMonth>) -> u8 {
    match week.unwrap_or(WeekOfMonth::First) {
        WeekOfMonth::First => 1,
        WeekOfMonth::Second => 2,
        WeekOfMonth::Third => 3,
        WeekOfMonth::Fourth => 4,
        WeekOfMonth::Last => 5,
    }
}

/// A fifth one is the last.
fn nth_of(day: NaiveDate) -> u8 {
    (day.day0() / 7 + 1) as u8
}
