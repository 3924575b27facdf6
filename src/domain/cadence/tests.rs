//! Rhythms over clock changes, months and holidays, and what is caught up after downtime.

use chrono::Weekday;
use chrono_tz::Tz;
use proptest::prelude::*;
use rstest::rstest;

use super::super::testing::{at, calendar, day};
use super::*;
use crate::domain::id::{ChannelId, ReviewId};

/// Every second Tuesday, 09:30 in New York, from 3 November 2026; holidays are London's of `testing::calendar`.
pub(super) fn review() -> Review {
    Review {
        id: ReviewId(1),
        version: 1,
        name: "Pipeline".to_owned(),
        channel: ChannelId(1),
        rhythm: Rhythm {
            every: Every::TwoWeeks,
            weekday: Weekday::Tue,
            week: None,
            time: NaiveTime::from_hms_opt(9, 30, 0).expect("a time"),
            zone: Tz::America__New_York,
            starts: day("2026-11-03"),
            holiday: OnHoliday::Skip,
        },
        partner: None,
        post_before: 60,
        collect: true,
        skipped: Default::default(),
        cancelled: false,
    }
}

fn with(change: impl FnOnce(&mut Rhythm)) -> Review {
    let mut review = review();
    change(&mut review.rhythm);
    review
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").expect("a time")
}

/// The starts of the next occurrences, each found from the one before.
fn starts(review: &Review, after: &str, count: usize) -> Vec<String> {
    let first = next_after(review, &calendar(), at(after));
    let found = std::iter::successors(first, |planned| next_after(review, &calendar(), planned.starts_at));
    found.take(count).map(|planned| planned.starts_at.format("%Y-%m-%dT%H:%M").to_string()).collect()
}

fn zoned(every: Every, weekday: Weekday, week: Option<WeekOfMonth>, wall: &str, zone: Tz, starts: &str) -> Review {
    with(|r| {
        *r = Rhythm { every, weekday, week, time: time(wall), zone, starts: day(starts), holiday: OnHoliday::Skip };
    })
}

use Every::{FourWeeks, Month, TwoWeeks, Week};
use Tz::{America__New_York as NewYork, Asia__Kolkata as Kolkata, Australia__Lord_Howe as LordHowe};
use WeekOfMonth::{First, Last, Second};
use Weekday::{Fri, Sun, Tue};

#[rstest]
#[case::new_york_falls_back(zoned(Week, Sun, None, "09:30", NewYork, "2026-10-25"), ["2026-10-25T13:30", "2026-11-01T14:30", "2026-11-08T14:30"])]
#[case::every_two_weeks_over_the_change(zoned(TwoWeeks, Tue, None, "09:30", NewYork, "2027-03-02"), ["2027-03-02T14:30", "2027-03-16T13:30", "2027-03-30T13:30"])]
#[case::in_the_gap(zoned(Week, Sun, None, "02:30", NewYork, "2027-03-07"), ["2027-03-07T07:30", "2027-03-14T07:30", "2027-03-21T06:30"])]
#[case::in_the_fold(zoned(Week, Sun, None, "01:30", NewYork, "2026-10-25"), ["2026-10-25T05:30", "2026-11-01T05:30", "2026-11-08T06:30"])]
#[case::london_springs_forward(zoned(Week, Sun, None, "01:30", Tz::Europe__London, "2027-03-21"), ["2027-03-21T01:30", "2027-03-28T01:30", "2027-04-04T00:30"])]
#[case::half_an_hour_on_lord_howe(zoned(Week, Sun, None, "02:15", LordHowe, "2026-09-27"), ["2026-09-26T15:45", "2026-10-03T15:45", "2026-10-10T15:15"])]
#[case::no_change_in_kolkata(zoned(FourWeeks, Tue, None, "09:30", Kolkata, "2026-10-06"), ["2026-10-06T04:00", "2026-11-03T04:00", "2026-12-01T04:00"])]
#[case::second_tuesdays(zoned(Month, Tue, Some(Second), "09:30", NewYork, "2026-10-14"), ["2026-11-10T14:30", "2026-12-08T14:30", "2027-01-12T14:30"])]
#[case::last_fridays(zoned(Month, Fri, Some(Last), "16:00", NewYork, "2026-10-01"), ["2026-10-30T20:00", "2026-11-27T21:00", "2027-01-29T21:00"])]
#[case::first_by_default(zoned(Month, Tue, None, "09:30", NewYork, "2026-11-01"), ["2026-11-03T14:30", "2026-12-01T14:30", "2027-01-05T14:30"])]
#[case::first_tuesdays(zoned(Month, Tue, Some(First), "09:30", NewYork, "2026-11-04"), ["2026-12-01T14:30", "2027-01-05T14:30", "2027-02-02T14:30"])]
#[case::counted_from_the_first_tuesday(zoned(TwoWeeks, Tue, None, "09:30", NewYork, "2026-11-04"), ["2026-11-10T14:30", "2026-11-24T14:30", "2026-12-08T14:30"])]
fn a_rhythm_keeps_its_wall_time(#[case] review: Review, #[case] expected: [&str; 3]) {
    assert_eq!(starts(&review, "2026-09-25T00:00:00Z", 3), expected);
}

/// 25 December 2026, 28 December and 1 January are off. The 25th is a Friday, the 28th a Monday.
#[rstest]
#[case::skipped(zoned(Week, Fri, None, "12:00", Tz::UTC, "2026-12-18"), OnHoliday::Skip, &["2026-12-18T12:00", "2027-01-08T12:00"])]
#[case::moved(zoned(Week, Fri, None, "12:00", Tz::UTC, "2026-12-18"), OnHoliday::Move, &["2026-12-18T12:00", "2026-12-29T12:00", "2027-01-04T12:00", "2027-01-08T12:00"])]
#[case::on_a_weekend_by_choice(zoned(Week, Sun, None, "12:00", Tz::UTC, "2026-12-27"), OnHoliday::Move, &["2026-12-27T12:00", "2027-01-03T12:00"])]
fn a_holiday_skips_or_moves_an_occurrence(
    #[case] review: Review,
    #[case] holiday: OnHoliday,
    #[case] expected: &[&str],
) {
    let review = Review { rhythm: Rhythm { holiday, ..review.rhythm }, ..review };
    assert_eq!(starts(&review, "2026-12-15T00:00:00Z", expected.len()), expected);
}

#[test]
fn one_that_was_moved_knows_its_days() {
    let mut review = zoned(Week, Fri, None, "12:00", Tz::UTC, "2026-12-18");
    review.rhythm.holiday = OnHoliday::Move;
    let moved = next_after(&review, &calendar(), at("2026-12-20T00:00:00Z")).expect("an occurrence");
    assert_eq!((moved.day, moved.held_on), (day("2026-12-25"), day("2026-12-29")));
    assert_eq!(moved.moved_from(), Some(day("2026-12-25")));
    assert_eq!(moved.collect_on(&calendar()), day("2026-12-24"));
    for named in ["2026-12-25", "2026-12-29"] {
        assert_eq!(find_on(&review, &calendar(), day(named)), Some(moved), "{named}");
    }
    assert_eq!(find_on(&review, &calendar(), day("2026-12-28")), None);
}

#[test]
fn collection_is_on_the_business_day_before_where_the_review_meets() {
    // Tuesday morning in Lord Howe is Monday evening in London.
    let review = zoned(Week, Tue, None, "09:00", LordHowe, "2026-11-03");
    let planned = next_after(&review, &calendar(), at("2026-11-01T00:00:00Z")).expect("an occurrence");
    assert_eq!(planned.starts_at, at("2026-11-02T22:00:00Z"));
    assert_eq!(planned.collect_on(&calendar()), day("2026-11-02"));
}

#[test]
fn moved_onto_the_next_occurrence_they_are_one() {
    let mut calendar = calendar();
    calendar.holidays.extend(["2026-12-29", "2026-12-30", "2026-12-31"].map(day));
    let mut review = zoned(Week, Tue, None, "12:00", Tz::UTC, "2026-12-22");
    review.rhythm.holiday = OnHoliday::Move;
    // Off from Friday, the 25th, to 1 January: the 29th is held on Monday, the 4th. If the 4th and 5th are off too, it
    // falls together with that of the 5th, which is held on the 6th.
    let next = |calendar: &Calendar| next_after(&review, calendar, at("2026-12-23T00:00:00Z")).expect("an occurrence");
    assert_eq!((next(&calendar).day, next(&calendar).held_on), (day("2026-12-29"), day("2027-01-04")));
    calendar.holidays.extend(["2027-01-04", "2027-01-05"].map(day));
    assert_eq!((next(&calendar).day, next(&calendar).held_on), (day("2027-01-05"), day("2027-01-06")));
}

#[test]
fn a_skipped_or_cancelled_occurrence_is_not_held() {
    let mut review = review();
    review.skipped = [day("2026-11-17")].into();
    assert_eq!(starts(&review, "2026-11-03T14:30:00Z", 2), ["2026-12-01T14:30", "2026-12-15T14:30"]);
    assert_eq!(find_on(&review, &calendar(), day("2026-11-17")), None);
    review.cancelled = true;
    assert_eq!(next_after(&review, &calendar(), at("2026-11-03T00:00:00Z")), None);
}

#[test]
fn a_review_that_is_always_off_ends_the_search() {
    let mut calendar = calendar();
    calendar.holidays.extend(day("2026-11-03").iter_days().take(2000));
    assert_eq!(next_after(&review(), &calendar, at("2026-11-01T00:00:00Z")), None);
}

#[test]
fn after_is_strict_and_until_is_not() {
    let (first, third) = (at("2026-11-03T14:30:00Z"), at("2026-12-01T14:30:00Z"));
    let starts: Vec<_> = between(&review(), &calendar(), first, third).iter().map(|p| p.starts_at).collect();
    assert_eq!(starts, [at("2026-11-17T14:30:00Z"), third]);
}

#[test]
fn a_first_agenda_tells_of_the_period_and_of_all_since_its_review_was_set_up() {
    let first = |starts_at, set_up| beginning(&review(), &calendar(), at(set_up), at(starts_at)).at();
    let period = calendar().midnight(calendar().period(day("2026-11-17")).start);
    assert_eq!(first("2026-11-17T14:30:00Z", "2026-11-10T09:00:00Z"), period, "the whole period so far");
    let early = at("2026-12-22T14:30:00Z");
    assert_eq!(first("2027-01-05T14:30:00Z", "2026-12-28T09:00:00Z"), early, "at least an interval");
    let set_up = "2026-12-14T09:00:00Z";
    assert_eq!(first("2027-01-05T14:30:00Z", set_up), at(set_up), "from before the turn of the period too");
}

/// The meeting is at 14:30 UTC, its agenda due at 13:30.
#[rstest]
#[case::early("2026-11-17T13:29:59Z", CatchUp::NotYet)]
#[case::due("2026-11-17T13:30:00Z", CatchUp::PostNow)]
#[case::during_the_meeting("2026-11-17T15:00:00Z", CatchUp::PostNow)]
#[case::four_hours_late("2026-11-17T17:30:00Z", CatchUp::PostNow)]
#[case::later("2026-11-17T17:30:01Z", CatchUp::Missed)]
#[case::after_a_week("2026-11-24T13:30:00Z", CatchUp::Missed)]
fn a_late_agenda_is_posted_within_four_hours(#[case] now: &str, #[case] expected: CatchUp) {
    let planned = next_after(&review(), &calendar(), at("2026-11-16T00:00:00Z")).expect("an occurrence");
    assert_eq!(planned.post_at(&review()), at("2026-11-17T13:30:00Z"));
    let post_at = planned.post_at(&review());
    assert_eq!(catch_up(&review(), &planned, post_at, at(now)), expected);
}

#[test]
fn what_was_scheduled_after_its_agenda_s_time_is_posted_at_once() {
    let review = Review { post_before: 12 * 60, ..review() };
    let planned = next_after(&review, &calendar(), at("2026-11-03T00:00:00Z")).expect("there is always a next one");
    let an_hour_before = planned.starts_at - Duration::hours(1);
    assert_eq!(catch_up(&review, &planned, an_hour_before, an_hour_before), CatchUp::PostNow);
    assert_eq!(catch_up(&review, &planned, planned.post_at(&review), an_hour_before), CatchUp::Missed);
}

#[rstest]
#[case(Week, None, "FREQ=WEEKLY;BYDAY=TU")]
#[case(TwoWeeks, None, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")]
#[case(FourWeeks, None, "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU")]
#[case(Month, Some(Second), "FREQ=MONTHLY;BYDAY=2TU")]
#[case(Month, Some(Last), "FREQ=MONTHLY;BYDAY=-1TU")]
fn a_rhythm_is_written_as_rfc_5545(#[case] every: Every, #[case] week: Option<WeekOfMonth>, #[case] text: &str) {
    assert_eq!(rrule_text(&zoned(every, Tue, week, "09:30", NewYork, "2026-11-03").rhythm), text);
}

fn any_review() -> impl Strategy<Value = Review> {
    let every = proptest::sample::select(vec![Week, TwoWeeks, FourWeeks, Month]);
    let weekday = (0u8..7).prop_map(|n| Weekday::try_from(n).expect("one of seven"));
    let week = proptest::sample::select(vec![First, Second, WeekOfMonth::Third, WeekOfMonth::Fourth, Last]);
    let zone = proptest::sample::select(vec![NewYork, Kolkata, LordHowe, Tz::Africa__Cairo]);
    let holiday = proptest::sample::select(vec![OnHoliday::Skip, OnHoliday::Move]);
    let skipped = proptest::collection::btree_set((0u64..200).prop_map(|n| day("2026-09-01") + Days::new(n)), 0..40);
    (every, weekday, week, zone, 0u32..24 * 60, 0u64..100, holiday, skipped).prop_map(
        |(every, weekday, week, zone, minute, starts, holiday, skipped)| {
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).expect("a minute of the day");
            let starts = day("2026-08-01") + Days::new(starts);
            let rhythm = Rhythm { every, weekday, week: Some(week), time, zone, starts, holiday };
            Review { rhythm, skipped, ..review() }
        },
    )
}

proptest! {
    #[test]
    fn one_at_a_time_is_all_at_once(
        review in any_review(), calendar in super::super::testing::any_calendar(), hour in 0i64..100 * 24,
    ) {
        let (start, end) = (at("2026-10-01T00:00:00Z") + Duration::hours(hour), at("2027-03-01T00:00:00Z"));
        let all = between(&review, &calendar, start, end);
        let first = next_after(&review, &calendar, start);
        let singly = std::iter::successors(first, |planned| next_after(&review, &calendar, planned.starts_at));
        let singly: Vec<_> = singly.take_while(|planned| planned.starts_at <= end).collect();
        prop_assert_eq!(&all, &singly);
        for planned in &all {
            prop_assert!(planned.day == planned.held_on || calendar.is_business_day(planned.held_on));
            prop_assert!(!review.skipped.contains(&planned.day) && planned.day >= review.rhythm.starts);
            prop_assert_eq!(chrono::Datelike::weekday(&planned.day), review.rhythm.weekday);
        }
        prop_assert!(all.windows(2).all(|pair| pair[0].starts_at < pair[1].starts_at && pair[0].held_on < pair[1].held_on));
    }
}
