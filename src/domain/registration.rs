//! Deal registration: the partner's word that a deal is ours to sell, under a reference and until a day. Its owner is
//! warned twice before it runs out; once it has, the deal is stalled (see [`super::stall`]).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Instant;
use super::calendar::Calendar;
use super::deal::Deal;
use super::id::MemberId;

/// For how many days a deal is protected when nothing else is said.
pub const USUAL_DAYS: u64 = 90;
/// The most days that a registration may be said to hold.
pub const MOST_DAYS: u64 = 730;
/// Days before its end from which a registration counts as running out: the first warning.
const SOON: u64 = 14;
/// Days before its end of the last warning.
const LAST: u64 = 3;

/// That a deal is registered with the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// What it is registered under.
    pub reference: String,
    /// The last day on which it is protected.
    pub until: NaiveDate,
    /// Who said so.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
}

/// What a deal's owner is told before its registration runs out, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// 14 days are left.
    Soon,
    /// 3 days are left.
    Last,
}

/// Whether a registration has 14 days left or fewer, or has run out.
pub fn is_running_out(registration: &Registration, today: NaiveDate) -> bool {
    today + Days::new(SOON) >= registration.until
}

/// What there is to warn of today.
pub fn warning(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Option<Warning> {
    let registration = deal.registration.as_ref().filter(|r| deal.is_open() && today <= r.until)?;
    let due = days(registration, calendar).filter(|(_, from)| *from <= today);
    due.map(|(warning, _)| warning).last()
}

/// The first day after today on which there will be something else to warn of, if nothing happens to the deal.
pub fn next_warning(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Option<NaiveDate> {
    let registration = deal.registration.as_ref().filter(|_| deal.is_open())?;
    days(registration, calendar).map(|(_, from)| from).find(|from| *from > today)
}

/// The warnings and the days from which they are due: business days, so that nobody learns on a Monday of what had
/// three days left on the Friday. A day on which it was not registered yet warns of nothing.
fn days(registration: &Registration, calendar: &Calendar) -> impl Iterator<Item = (Warning, NaiveDate)> {
    let registered = calendar.day(registration.at);
    let of = |before: u64| {
        let day = registration.until - Days::new(before);
        if calendar.is_business_day(day) { day } else { calendar.previous_business_day(day) }
    };
    let all = [(Warning::Soon, of(SOON)), (Warning::Last, of(LAST))];
    all.into_iter().filter(move |(_, from)| *from > registered)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::motion::Stage;
    use super::super::testing::{calendar, day, deal, registration};
    use super::*;

    // Registered on Monday, 2 November 2026; 14 days before Friday, 4 December is Friday, 20 November, and 3 days
    // before it is Tuesday, 1 December. 3 days before Tuesday, 1 December is a Saturday, so that Friday warns.
    #[rstest]
    #[case::not_yet("2026-12-04", "2026-11-19", None, Some("2026-11-20"))]
    #[case::fourteen_days("2026-12-04", "2026-11-20", Some(Warning::Soon), Some("2026-12-01"))]
    #[case::between("2026-12-04", "2026-11-30", Some(Warning::Soon), Some("2026-12-01"))]
    #[case::three_days("2026-12-04", "2026-12-01", Some(Warning::Last), None)]
    #[case::last_day("2026-12-04", "2026-12-04", Some(Warning::Last), None)]
    #[case::run_out("2026-12-04", "2026-12-05", None, None)]
    #[case::on_the_friday_before("2026-12-01", "2026-11-27", Some(Warning::Last), None)]
    #[case::registered_for_ten_days("2026-11-12", "2026-11-03", None, Some("2026-11-09"))]
    #[case::registered_for_two_days("2026-11-04", "2026-11-03", None, None)]
    fn a_registration_warns_14_and_3_days_before_it_runs_out(
        #[case] until: &str,
        #[case] today: &str,
        #[case] expected: Option<Warning>,
        #[case] next: Option<&str>,
    ) {
        let registered = Deal { registration: registration(until), ..deal() };
        assert_eq!(warning(&registered, &calendar(), day(today)), expected);
        assert_eq!(next_warning(&registered, &calendar(), day(today)), next.map(day));
        for quiet in [Deal { stage: Stage::Launched, ..registered }, deal()] {
            assert_eq!(warning(&quiet, &calendar(), day(today)), None);
            assert_eq!(next_warning(&quiet, &calendar(), day(today)), None);
        }
    }
}
