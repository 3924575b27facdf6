//! Whether a deal's class was recorded in time (DESIGN §2). The day on which it was recorded is stored and doesn't
//! move, so the answer for a settled class never changes.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Instant;
use super::calendar::Calendar;
use super::deal::{Credit, Deal, Former, Role};

/// Days after its creation within which a deal's class counts as recorded on time.
pub const DAYS_ON_TIME: u64 = 14;
/// Business days before the last day on time from which an owner is told that a deal's class is undecided.
const TOLD_AHEAD: u32 = 3;

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

/// The last day on which an undecided class can be settled on time.
pub fn settle_by(deal: &Deal, calendar: &Calendar) -> NaiveDate {
    calendar.day(deal.created_at) + Days::new(DAYS_ON_TIME)
}

/// Whether a deal's class was recorded in time, as of today.
pub fn timeliness(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Timeliness {
    timeliness_of(&deal.class(), deal, calendar, today)
}

/// Whether a partner's role on a deal was recorded in time, as of today. Influenced has to be recorded before the deal
/// is closed too: afterwards it is easily claimed.
pub fn timeliness_of(credit: &Credit, deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Timeliness {
    let until = settle_by(deal, calendar);
    match credit.role {
        Role::Undecided if today <= until => Timeliness::Open { until },
        Role::Undecided => Timeliness::Overdue,
        role => settled(role, credit.recorded_at(), credit.claim.due, deal, calendar),
    }
}

/// The same of a role that another one took the place of; `None` of an undecided one, which says how long it was so.
pub fn former_timeliness(former: &Former, deal: &Deal, calendar: &Calendar) -> Option<Timeliness> {
    let is_settled = former.role != Role::Undecided;
    is_settled.then(|| settled(former.role, former.recorded_at, former.due, deal, calendar))
}

fn settled(role: Role, at: Instant, due: Option<NaiveDate>, deal: &Deal, calendar: &Calendar) -> Timeliness {
    let recorded = calendar.day(at);
    let after_close = role == Role::Influenced && deal.closed_on.is_some_and(|closed| recorded > closed);
    match recorded <= due.unwrap_or(settle_by(deal, calendar)) && !after_close {
        true => Timeliness::OnTime,
        false => Timeliness::Late,
    }
}

/// What an owner is told of an open deal whose class is undecided, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassGap {
    /// It turns late soon.
    Soon,
    /// It is late.
    Late,
}

/// What there is to tell of a deal's class today.
pub fn class_gap(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Option<ClassGap> {
    let [soon, late] = gap_days(deal, calendar)?;
    if today >= late {
        return Some(ClassGap::Late);
    }
    (today >= soon).then_some(ClassGap::Soon)
}

/// The first day after today on which there will be something else to tell, if nothing happens to the deal.
pub fn next_class_gap(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Option<NaiveDate> {
    gap_days(deal, calendar)?.into_iter().find(|day| *day > today)
}

/// The days from which an undecided class is to be settled soon, and is late.
fn gap_days(deal: &Deal, calendar: &Calendar) -> Option<[NaiveDate; 2]> {
    if !deal.is_open() || deal.role != Role::Undecided {
        return None;
    }
    let until = settle_by(deal, calendar);
    let soon = (0..TOLD_AHEAD).fold(until, |day, _| calendar.previous_business_day(day));
    Some([soon, until + Days::new(1)])
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

    /// The 16th is a Monday, so that three business days before it is the 11th.
    #[rstest]
    #[case::not_yet("2026-11-10", None, Some("2026-11-11"))]
    #[case::three_business_days_before("2026-11-11", Some(ClassGap::Soon), Some("2026-11-17"))]
    #[case::on_the_last_day("2026-11-16", Some(ClassGap::Soon), Some("2026-11-17"))]
    #[case::late("2026-11-17", Some(ClassGap::Late), None)]
    fn an_undecided_class_is_told_of_before_it_turns_late_and_when_it_did(
        #[case] today: &str,
        #[case] expected: Option<ClassGap>,
        #[case] next: Option<&str>,
    ) {
        let undecided = Deal { role: Role::Undecided, ..deal() };
        assert_eq!(class_gap(&undecided, &calendar(), day(today)), expected);
        assert_eq!(next_class_gap(&undecided, &calendar(), day(today)), next.map(day));
        for settled in [deal(), Deal { stage: crate::domain::motion::Stage::ClosedLost, ..undecided }] {
            assert_eq!(class_gap(&settled, &calendar(), day(today)), None);
            assert_eq!(next_class_gap(&settled, &calendar(), day(today)), None);
        }
    }
}
