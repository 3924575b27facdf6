//! Whether a deal's class was recorded in time (DESIGN §2). The day on which it was recorded is stored and doesn't
//! move, so the answer for a settled class never changes.

use chrono::{Days, NaiveDate};

use super::calendar::Calendar;
use super::deal::{Deal, Role};

/// Days after its creation within which a deal's class counts as recorded on time.
const DAYS_ON_TIME: u64 = 14;

/// Whether a deal's class was recorded in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeliness {
    /// It was.
    OnTime,
    /// It was recorded later than that.
    Late,
    /// Undecided: it can be settled in time until the end of this day.
    Open {
        /// The last day.
        until: NaiveDate,
    },
    /// Undecided, and that day is over.
    Overdue,
}

/// The last day on which a deal's class can be recorded on time. An influenced deal's event is the one that its
/// evidence tells of; its date is not asked for, so it counts from the deal's creation too.
pub fn settle_by(deal: &Deal, calendar: &Calendar) -> NaiveDate {
    calendar.day(deal.created_at) + Days::new(DAYS_ON_TIME)
}

/// Whether a deal's class was recorded in time, as of today. Influenced has to be recorded before the deal is closed
/// too: afterwards it is easily claimed.
pub fn timeliness(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Timeliness {
    let until = settle_by(deal, calendar);
    let recorded = calendar.day(deal.attributed_at);
    let after_close = deal.closed_on.is_some_and(|closed| recorded > closed);
    match deal.role {
        Role::Undecided if today <= until => Timeliness::Open { until },
        Role::Undecided => Timeliness::Overdue,
        Role::Influenced if after_close => Timeliness::Late,
        _ if recorded <= until => Timeliness::OnTime,
        _ => Timeliness::Late,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::testing::{at, calendar, day, deal};
    use super::*;

    // The deal of `testing::deal` was recorded on 2 November 2026, so day 14 is the 16th.
    #[rstest]
    #[case::at_once(Role::Sourced, "2026-11-02T10:00:00Z", None, Timeliness::OnTime)]
    #[case::on_day_14(Role::Sourced, "2026-11-16T20:00:00Z", None, Timeliness::OnTime)]
    #[case::on_day_15(Role::Sourced, "2026-11-17T09:00:00Z", None, Timeliness::Late)]
    #[case::influenced(Role::Influenced, "2026-11-10T09:00:00Z", Some("2026-11-12"), Timeliness::OnTime)]
    #[case::influenced_after_close(Role::Influenced, "2026-11-13T09:00:00Z", Some("2026-11-12"), Timeliness::Late)]
    #[case::sourced_after_close(Role::Sourced, "2026-11-13T09:00:00Z", Some("2026-11-12"), Timeliness::OnTime)]
    fn a_settled_class_was_in_time_or_late(
        #[case] role: Role,
        #[case] recorded: &str,
        #[case] closed: Option<&str>,
        #[case] expected: Timeliness,
    ) {
        let deal = Deal { role, attributed_at: at(recorded), closed_on: closed.map(day), ..deal() };
        assert_eq!(timeliness(&deal, &calendar(), day("2027-03-01")), expected);
    }

    #[rstest]
    #[case("2026-11-16", Timeliness::Open { until: day("2026-11-16") })]
    #[case("2026-11-17", Timeliness::Overdue)]
    fn an_undecided_class_can_be_settled_in_time_until_day_14(#[case] today: &str, #[case] expected: Timeliness) {
        let deal = Deal { role: Role::Undecided, ..deal() };
        assert_eq!(timeliness(&deal, &calendar(), day(today)), expected);
    }
}
