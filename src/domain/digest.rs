//! When a person's digest is due (DESIGN §5, delivery): at their hour, on business days, and never much later.

use chrono::{Duration, NaiveDate, NaiveTime};

use super::Instant;
use super::calendar::{Calendar, instant};
use super::member::Member;
use super::workspace::Settings;

/// How late a digest may go out; later it waits for the next business day.
const LATEST: Duration = Duration::hours(4);

/// One person's digest on one day. People whose digests are due at the same instant share a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// The person's local day. Nobody gets two digests on one.
    pub day: NaiveDate,
    /// The instant at which it is due.
    pub at: Instant,
}

/// The digest that may go out to a person now: due, and late by no more than four hours. It is due at the person's own
/// hour in their own zone, else at the workspace's, on the business days of the workspace.
pub fn digest_due(member: &Member, settings: &Settings, calendar: &Calendar, now: Instant) -> Option<Digest> {
    let today = local_day(member, settings, now);
    // Late on the evening before is still the evening before.
    let days = [Some(today), today.pred_opt()].into_iter().flatten();
    days.filter(|day| calendar.is_business_day(*day))
        .map(|day| digest_on(member, settings, day))
        .find(|digest| digest.at <= now && now - digest.at <= LATEST)
}

/// The first digest of a person that is due after an instant.
pub fn next_digest(member: &Member, settings: &Settings, calendar: &Calendar, after: Instant) -> Digest {
    let from = calendar.business_day_from(local_day(member, settings, after));
    let first = digest_on(member, settings, from);
    if first.at > after { first } else { digest_on(member, settings, calendar.next_business_day(from)) }
}

fn digest_on(member: &Member, settings: &Settings, day: NaiveDate) -> Digest {
    let hour = member.digest_hour.unwrap_or(settings.digest_hour).min(23);
    let time = NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour up to 23 is a time");
    Digest { day, at: instant(member.zone.unwrap_or(settings.zone()), day, time) }
}

/// The local day of a person at an instant.
pub fn local_day(member: &Member, settings: &Settings, at: Instant) -> NaiveDate {
    at.with_timezone(&member.zone.unwrap_or(settings.zone())).date_naive()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use rstest::rstest;

    use super::super::testing::{at, calendar, day};
    use super::*;
    use crate::domain::id::{MemberId, UserId};

    fn settings() -> Settings {
        Settings { zone: Some(Tz::Europe__London), digest_hour: 9, ..Settings::default() }
    }

    fn person(zone: Option<Tz>, digest_hour: Option<u32>) -> Member {
        Member { zone, digest_hour, ..Member::new(MemberId(1), UserId(1), "Ana".to_owned()) }
    }

    /// Thursday, 24 December 2026 is a business day; the 25th and Monday, the 28th are not.
    #[rstest]
    #[case::workspace_hour(None, None, "2026-12-24T09:00:00Z", Some("2026-12-24"))]
    #[case::too_early(None, None, "2026-12-24T08:59:59Z", None)]
    #[case::four_hours_late(None, None, "2026-12-24T13:00:00Z", Some("2026-12-24"))]
    #[case::too_late(None, None, "2026-12-24T13:00:01Z", None)]
    #[case::holiday(None, None, "2026-12-25T09:00:00Z", None)]
    #[case::weekend(None, None, "2026-12-26T09:00:00Z", None)]
    #[case::own_zone(Some(Tz::America__New_York), None, "2026-12-24T14:00:00Z", Some("2026-12-24"))]
    #[case::own_hour(None, Some(7), "2026-12-24T07:30:00Z", Some("2026-12-24"))]
    #[case::both(Some(Tz::Asia__Kolkata), Some(18), "2026-12-24T12:30:00Z", Some("2026-12-24"))]
    #[case::evening_that_runs_into_a_holiday(None, Some(23), "2026-12-25T02:00:00Z", Some("2026-12-24"))]
    #[case::after_a_clock_change(Some(Tz::America__New_York), None, "2027-03-15T13:00:00Z", Some("2027-03-15"))]
    fn a_digest_is_due_at_the_hour_on_business_days(
        #[case] zone: Option<Tz>,
        #[case] hour: Option<u32>,
        #[case] now: &str,
        #[case] expected: Option<&str>,
    ) {
        let due = digest_due(&person(zone, hour), &settings(), &calendar(), at(now));
        assert_eq!(due.map(|digest| digest.day), expected.map(day));
    }

    #[rstest]
    #[case::later_today(None, "2026-12-24T08:00:00Z", "2026-12-24T09:00:00Z")]
    #[case::strictly_after(None, "2026-12-24T09:00:00Z", "2026-12-29T09:00:00Z")]
    #[case::from_a_holiday(None, "2026-12-25T08:00:00Z", "2026-12-29T09:00:00Z")]
    #[case::own_zone(Some(Tz::America__New_York), "2026-12-24T14:30:00Z", "2026-12-29T14:00:00Z")]
    #[case::a_day_ahead(Some(Tz::Pacific__Auckland), "2026-12-22T20:30:00Z", "2026-12-23T20:00:00Z")]
    fn the_next_digest_is_on_the_next_business_day(
        #[case] zone: Option<Tz>,
        #[case] after: &str,
        #[case] expected: &str,
    ) {
        let next = next_digest(&person(zone, None), &settings(), &calendar(), at(after));
        assert_eq!(next.at, at(expected));
        assert_eq!(digest_due(&person(zone, None), &settings(), &calendar(), next.at), Some(next));
    }
}
