//! What the program cost in a quarter, and the solo baseline, as they stood: a quarter that is over reprints the same
//! (rule 8), so what was noted later is an adjustment in the quarter in which it was noted.
//!
//! What was missing when a quarter ended may be filled in afterwards: its costs count as noted at the end of the first
//! day on which there were any, and a baseline as it was first entered.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;

use super::{Books, Cost, cost};
use crate::domain::Instant;
use crate::domain::baseline::Baseline;
use crate::domain::event::Event;
use crate::domain::period::Period;

/// How costs and baseline changed, the earliest change first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsLog {
    costs: Vec<(Instant, Vec<Cost>)>,
    baselines: Vec<(Instant, Baseline)>,
}

/// What a quarter cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostBooked {
    /// Its own costs, each with its note.
    pub own: Vec<Cost>,
    /// What was changed in it of the costs of earlier quarters, the earliest first; below 0 when something was taken out.
    pub adjusted: Vec<(Period, i64)>,
}

impl CostBooked {
    /// All together; `None` where nobody noted anything.
    pub fn total(&self) -> Option<i64> {
        let amounts = self.own.iter().map(|cost| cost.amount).chain(self.adjusted.iter().map(|(_, amount)| *amount));
        amounts.reduce(i64::saturating_add)
    }
}

impl SettingsLog {
    /// From the events of the workspace's settings, oldest first.
    pub fn read(events: &[Event]) -> serde_json::Result<SettingsLog> {
        let mut log = SettingsLog::default();
        for event in events {
            let after = |field: &str| event.after.get(field).filter(|value| !value.is_null()).cloned();
            if event.after.contains_key("costs") {
                let costs = after("costs").map_or(Ok(Vec::new()), serde_json::from_value)?;
                log.costs.push((event.at, costs));
            }
            if event.after.contains_key("baseline") {
                let baseline: Value = after("baseline").unwrap_or_else(|| Value::Object(serde_json::Map::new()));
                log.baselines.push((event.at, serde_json::from_value(baseline)?));
            }
        }
        Ok(log)
    }

    /// What a quarter cost, as it stands or stood.
    pub fn cost(&self, period: &Period, books: &Books) -> CostBooked {
        let own = self.costs_at(self.fixed(period, books));
        CostBooked {
            own: own.iter().filter(|cost| cost.start == period.start).cloned().collect(),
            adjusted: self.adjusted(period, books),
        }
    }

    /// Whether the costs of a quarter are as they were printed, so that one noted now counts in the running quarter.
    pub fn is_fixed(&self, period: &Period, books: &Books, now: Instant) -> bool {
        self.fixed(period, books) <= now
    }

    /// The baseline that a quarter is shown beside.
    pub fn baseline(&self, period: &Period, books: &Books) -> Baseline {
        let end = end(period, books);
        let (then, later): (Vec<_>, Vec<_>) = self.baselines.iter().partition(|(at, _)| *at < end);
        let stood = then.last().map(|(_, baseline)| *baseline).unwrap_or_default();
        later.iter().fold(stood, |known, (_, baseline)| known.or(*baseline))
    }

    fn adjusted(&self, period: &Period, books: &Books) -> Vec<(Period, i64)> {
        let (from, until) = (books.calendar.midnight(period.start), end(period, books));
        let starts = self.costs.iter().flat_map(|(_, costs)| costs).map(|cost| cost.start);
        let earlier: BTreeSet<NaiveDate> = starts.filter(|start| *start < period.start).collect();
        let change = |start: NaiveDate| {
            let of = books.calendar.period(start);
            let fixed = self.fixed(&of, books);
            let total = |until| cost(self.costs_at(until), &of).unwrap_or(0);
            let change = if fixed < until { total(until) - total(fixed.max(from)) } else { 0 };
            (change != 0).then_some((of, change))
        };
        earlier.into_iter().filter_map(change).collect()
    }

    /// From when on the costs of a quarter don't move any more. Those of a quarter that was over when the workspace began
    /// always do: nothing was printed of it.
    fn fixed(&self, period: &Period, books: &Books) -> Instant {
        if period.end < books.opened {
            return DateTime::<Utc>::MAX_UTC;
        }
        let has_any = |costs: &[Cost]| costs.iter().any(|cost| cost.start == period.start);
        let end = end(period, books);
        if has_any(self.costs_at(end)) {
            return end;
        }
        let first = self.costs.iter().find(|(at, costs)| *at >= end && has_any(costs));
        let day_after = |at: Instant| books.calendar.midnight(books.calendar.day(at) + Days::new(1));
        first.map_or(DateTime::<Utc>::MAX_UTC, |(at, _)| day_after(*at))
    }

    fn costs_at(&self, until: Instant) -> &[Cost] {
        self.costs.iter().rev().find(|(at, _)| *at < until).map_or(&[], |(_, costs)| costs)
    }
}

/// The first instant after a quarter.
fn end(period: &Period, books: &Books) -> Instant {
    books.calendar.midnight(period.ahead(1).start)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::testing::{at, calendar, day};

    fn books() -> Books {
        Books { calendar: calendar(), opened: day("2026-07-20") }
    }

    fn quarter(on: &str) -> Period {
        calendar().period(day(on))
    }

    fn costs(of: &[(&str, i64)]) -> Vec<Cost> {
        let cost = |(on, amount): &(&str, i64)| Cost { start: quarter(on).start, amount: *amount, note: None };
        of.iter().map(cost).collect()
    }

    /// Q3 cost 100 as it ended, and 30 more were told of in Q4; Q4 has 50; Q2 was over when the workspace began.
    fn log() -> SettingsLog {
        let stood = [
            ("2026-09-01T10:00:00Z", vec![("2026-08-01", 100)]),
            ("2026-10-05T10:00:00Z", vec![("2026-08-01", 130)]),
            ("2026-11-05T10:00:00Z", vec![("2026-08-01", 130), ("2026-11-01", 50)]),
            ("2026-11-06T10:00:00Z", vec![("2026-05-01", 7), ("2026-08-01", 130), ("2026-11-01", 50)]),
        ];
        let costs = stood.iter().map(|(when, of)| (at(when), costs(of))).collect();
        SettingsLog { costs, baselines: Vec::new() }
    }

    #[rstest]
    #[case::as_it_ended("2026-08-01", Some(100), Vec::new())]
    #[case::with_what_was_told_late("2026-11-01", Some(80), vec![30])]
    #[case::history_is_filled_in("2026-05-01", Some(7), Vec::new())]
    #[case::nothing("2027-01-01", None, Vec::new())]
    fn a_quarter_keeps_what_it_cost_when_it_ended(
        #[case] on: &str,
        #[case] total: Option<i64>,
        #[case] adjusted: Vec<i64>,
    ) {
        let booked = log().cost(&quarter(on), &books());
        assert_eq!(booked.total(), total);
        assert_eq!(booked.adjusted.iter().map(|(_, amount)| *amount).collect::<Vec<_>>(), adjusted);
    }

    #[test]
    fn costs_that_were_missing_count_as_they_were_at_the_end_of_the_day_on_which_they_were_noted() {
        let noted = [
            ("2027-01-04T10:00:00Z", vec![("2026-11-01", 40)]),
            ("2027-01-04T11:00:00Z", vec![("2026-11-01", 45)]),
            ("2027-01-05T10:00:00Z", vec![("2026-11-01", 48)]),
        ];
        let costs = noted.iter().map(|(when, of)| (at(when), costs(of))).collect();
        let log = SettingsLog { costs, baselines: Vec::new() };
        assert_eq!(log.cost(&quarter("2026-11-01"), &books()).total(), Some(45));
        let next = log.cost(&quarter("2027-01-01"), &books());
        assert_eq!((next.total(), next.adjusted.len()), (Some(3), 1));
        assert!(!log.is_fixed(&quarter("2026-11-01"), &books(), at("2027-01-04T12:00:00Z")));
        assert!(log.is_fixed(&quarter("2026-11-01"), &books(), at("2027-01-05T12:00:00Z")));
    }

    #[test]
    fn a_quarter_keeps_its_baseline_and_takes_a_first_one_that_comes_later() {
        let rate = |percent| Baseline { win_rate: Some(percent), cycle_days: None };
        let both = Baseline { win_rate: Some(30), cycle_days: Some(90) };
        let baselines = vec![(at("2026-09-01T10:00:00Z"), rate(24)), (at("2026-11-01T10:00:00Z"), both)];
        let log = SettingsLog { costs: Vec::new(), baselines };
        let of = |on| log.baseline(&quarter(on), &books());
        assert_eq!(of("2026-08-01"), Baseline { win_rate: Some(24), cycle_days: Some(90) });
        assert_eq!(of("2026-11-01"), both);
        assert!(SettingsLog::default().baseline(&quarter("2026-08-01"), &books()).is_empty());
    }
}
