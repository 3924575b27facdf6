//! Business days and local midnights, in tables and against a slow count.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// December 2026: the 25th is a Friday, the 26th a Saturday. 1 January 2027 is a Friday.
fn calendar() -> Calendar {
    Calendar {
        zone: Tz::Europe__London,
        former_zones: Vec::new(),
        holidays: ["2026-12-25", "2026-12-26", "2027-01-01"].map(day).into(),
        fiscal_month: 1,
    }
}

#[rstest]
#[case::monday_to_tuesday("2026-12-14", "2026-12-15", 1)]
#[case::itself("2026-12-14", "2026-12-14", 0)]
#[case::friday_to_sunday("2026-12-11", "2026-12-13", 0)]
#[case::friday_to_monday("2026-12-11", "2026-12-14", 1)]
#[case::saturday_to_monday("2026-12-12", "2026-12-14", 1)]
#[case::a_week("2026-12-07", "2026-12-14", 5)]
#[case::over_christmas("2026-12-24", "2026-12-28", 1)]
#[case::a_holiday_on_saturday_takes_nothing("2026-12-21", "2026-12-28", 4)]
#[case::over_new_year("2026-12-24", "2027-01-04", 5)]
#[case::backwards("2026-12-15", "2026-12-14", 0)]
fn business_days_are_counted_after_the_first_day(#[case] from: &str, #[case] to: &str, #[case] count: u32) {
    assert_eq!(calendar().business_days_between(day(from), day(to)), count);
}

#[rstest]
#[case::none("2026-12-12", 0, "2026-12-12")]
#[case::from_saturday("2026-12-12", 1, "2026-12-14")]
#[case::over_a_weekend("2026-12-10", 2, "2026-12-14")]
#[case::over_christmas("2026-12-24", 1, "2026-12-28")]
#[case::over_both_holidays("2026-12-24", 5, "2027-01-04")]
fn business_days_are_added(#[case] from: &str, #[case] count: u32, #[case] to: &str) {
    assert_eq!(calendar().add_business_days(day(from), count), day(to));
}

#[test]
fn business_days_next_to_a_day() {
    let calendar = calendar();
    let christmas = day("2026-12-25");
    assert_eq!(calendar.business_day_from(day("2026-12-24")), day("2026-12-24"));
    assert_eq!(calendar.business_day_from(christmas), day("2026-12-28"));
    assert_eq!(calendar.next_business_day(day("2026-12-24")), day("2026-12-28"));
    assert_eq!(calendar.previous_business_day(day("2026-12-28")), day("2026-12-24"));
}

#[rstest]
#[case::plain(Tz::America__New_York, "2026-11-10", "09:30", "2026-11-10T14:30:00Z")]
#[case::gap_in_new_york(Tz::America__New_York, "2026-03-08", "02:30", "2026-03-08T07:30:00Z")]
#[case::fold_in_new_york(Tz::America__New_York, "2026-11-01", "01:30", "2026-11-01T05:30:00Z")]
#[case::gap_in_london(Tz::Europe__London, "2027-03-28", "01:30", "2027-03-28T01:30:00Z")]
#[case::fold_in_london(Tz::Europe__London, "2026-10-25", "01:30", "2026-10-25T00:30:00Z")]
#[case::half_hour_gap(Tz::Australia__Lord_Howe, "2026-10-04", "02:15", "2026-10-03T15:45:00Z")]
#[case::half_hour_zone(Tz::Asia__Kolkata, "2026-11-10", "09:30", "2026-11-10T04:00:00Z")]
#[case::no_midnight(Tz::Africa__Cairo, "2026-04-24", "00:00", "2026-04-23T22:00:00Z")]
#[case::no_such_day(Tz::Pacific__Apia, "2011-12-30", "12:00", "2011-12-30T22:00:00Z")]
fn a_wall_time_always_has_its_instant(#[case] zone: Tz, #[case] on: &str, #[case] time: &str, #[case] utc: &str) {
    let time = NaiveTime::parse_from_str(time, "%H:%M").expect("a time");
    let expected: Instant = utc.parse().expect("an instant");
    assert_eq!(instant(zone, day(on), time), expected);
}

#[test]
fn a_day_begins_at_its_first_instant() {
    let cairo = Calendar { zone: Tz::Africa__Cairo, ..calendar() };
    let begin = cairo.midnight(day("2026-04-24"));
    assert_eq!(cairo.day(begin), day("2026-04-24"));
    assert_eq!(cairo.day(begin - chrono::Duration::milliseconds(1)), day("2026-04-23"));
}

/// London until 10:00 on Monday, 2 November 2026, then the zone that is given.
fn moved_to(zone: Tz) -> Calendar {
    let until = "2026-11-02T10:00:00Z".parse().expect("an instant");
    Calendar { zone, former_zones: vec![FormerZone { zone: Tz::Europe__London, until }], ..calendar() }
}

// In Auckland it is 13 hours later than in London then, in Los Angeles 8 hours earlier.
#[rstest]
#[case::what_was_keeps_its_day(Tz::Pacific__Auckland, "2026-11-01T20:00:00Z", "2026-11-01")]
#[case::from_then_on(Tz::Pacific__Auckland, "2026-11-02T11:00:00Z", "2026-11-03")]
#[case::just_before(Tz::Pacific__Auckland, "2026-11-02T09:59:59Z", "2026-11-02")]
#[case::behind(Tz::America__Los_Angeles, "2026-11-03T07:00:00Z", "2026-11-02")]
#[case::midnight_there(Tz::America__Los_Angeles, "2026-11-03T08:00:00Z", "2026-11-03")]
#[case::what_was_there(Tz::America__Los_Angeles, "2026-11-01T23:00:00Z", "2026-11-01")]
fn a_day_is_of_the_zone_in_which_it_was(#[case] zone: Tz, #[case] when: &str, #[case] expected: &str) {
    let when: Instant = when.parse().expect("an instant");
    assert_eq!(moved_to(zone).day(when), day(expected));
}

#[test]
fn no_day_comes_twice_where_a_zone_is_moved_back_over_midnight() {
    let until: Instant = "2026-11-02T12:00:00Z".parse().expect("an instant");
    let former_zones = vec![FormerZone { zone: Tz::Pacific__Auckland, until }];
    let moved = Calendar { zone: Tz::America__Los_Angeles, former_zones, ..calendar() };
    assert_eq!(moved.day(until), day("2026-11-03"), "it was the 3rd already, and is the 2nd in Los Angeles");
    assert_eq!(moved.midnight(day("2026-11-03")), "2026-11-02T11:00:00Z".parse::<Instant>().expect("an instant"));
    assert_eq!(moved.midnight(day("2026-11-04")), "2026-11-04T08:00:00Z".parse::<Instant>().expect("an instant"));
}

proptest! {
    #[test]
    fn a_day_begins_at_its_midnight_in_whichever_zone_it_was(hours in -200i64..200, days in 0u64..12) {
        for zone in [Tz::Pacific__Auckland, Tz::America__Los_Angeles, Tz::Europe__London] {
            let mut calendar = moved_to(zone);
            let until = calendar.former_zones[0].until + chrono::Duration::hours(hours);
            calendar.former_zones[0].until = until;
            let day = day("2026-10-28") + Days::new(days);
            let begin = calendar.midnight(day);
            prop_assert!(calendar.day(begin) >= day);
            prop_assert!(calendar.day(begin - chrono::Duration::milliseconds(1)) < day);
        }
    }

    #[test]
    fn counting_agrees_with_walking(start in 0u64..4000, span in 0u64..60, off in proptest::collection::btree_set(0u64..4100, 0..40)) {
        let epoch = day("2020-01-01");
        let calendar = Calendar {
            holidays: off.into_iter().map(|n| epoch + Days::new(n)).collect(),
            ..calendar()
        };
        let (from, to) = (epoch + Days::new(start), epoch + Days::new(start + span));
        let walked = from.iter_days().skip(1).take(span as usize).filter(|d| calendar.is_business_day(*d)).count();
        prop_assert_eq!(calendar.business_days_between(from, to), walked as u32);
    }

    #[test]
    fn adding_is_the_first_day_of_its_count(start in 0u64..4000, count in 1u32..40) {
        let from = day("2020-01-01") + Days::new(start);
        let to = calendar().add_business_days(from, count);
        prop_assert_eq!(calendar().business_days_between(from, to), count);
        prop_assert_eq!(calendar().business_days_between(from, preceding(to)), count - 1);
    }
}
