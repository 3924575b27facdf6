//! What people type for days and times, and how it is read.

use chrono_tz::Tz;
use rstest::rstest;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A fiscal year that begins in February, so that its quarters differ from the calendar's.
fn calendar() -> Calendar {
    Calendar { zone: Tz::UTC, former_zones: Vec::new(), holidays: Default::default(), fiscal_month: 2 }
}

/// Today is Wednesday, 25 November 2026.
#[rstest]
#[case::iso("2026-12-15", "2026-12-15")]
#[case::year_first("2026/12/15", "2026-12-15")]
#[case::dotted("15.12.2026", "2026-12-15")]
#[case::day_month("15 Dec", "2026-12-15")]
#[case::month_day("Dec 15", "2026-12-15")]
#[case::ordinal("15th of December", "2026-12-15")]
#[case::with_ordinal("December 1st", "2026-12-01")]
#[case::with_year("15 December 2027", "2027-12-15")]
#[case::american("Dec 15, 2027", "2027-12-15")]
#[case::dashed("15-Dec-2027", "2027-12-15")]
#[case::past_this_year("15 Nov", "2027-11-15")]
#[case::today_counts("25 nov", "2026-11-25")]
#[case::leap_day("29 Feb", "2028-02-29")]
#[case::sept("3 of Sept", "2027-09-03")]
#[case::today("today", "2026-11-25")]
#[case::tomorrow(" Tomorrow ", "2026-11-26")]
#[case::yesterday("yesterday", "2026-11-24")]
#[case::friday("friday", "2026-11-27")]
#[case::short("on Fri", "2026-11-27")]
#[case::same_weekday("wednesday", "2026-12-02")]
#[case::next_friday("next friday", "2026-12-04")]
#[case::next_monday("next monday", "2026-11-30")]
#[case::in_weeks("in 2 weeks", "2026-12-09")]
#[case::in_days("in 3 days", "2026-11-28")]
#[case::in_a_month("in a month", "2026-12-25")]
#[case::in_glued("in 3d", "2026-11-28")]
#[case::plus_days("+10d", "2026-12-05")]
#[case::plus_weeks("+2w", "2026-12-09")]
#[case::plus_month("+1m", "2026-12-25")]
#[case::plus_spaced("+ 2 weeks", "2026-12-09")]
#[case::end_of_month("end of month", "2026-11-30")]
#[case::end_of_next_month("end of next month", "2026-12-31")]
#[case::end_of_quarter("end of quarter", "2027-01-31")]
#[case::end_of_next_quarter("End of next quarter", "2027-04-30")]
#[case::end_of_year("end of year", "2026-12-31")]
#[case::end_of_fiscal_year("end of fiscal year", "2027-01-31")]
fn a_day_is_read_as_people_type_it(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(parse_day(text, day("2026-11-25"), &calendar()), Ok(day(expected)));
}

#[rstest]
#[case::sunday_looks_to_monday("2026-11-22", "next monday", "2026-11-23")]
#[case::on_friday_friday_is_in_a_week("2026-11-27", "friday", "2026-12-04")]
#[case::on_friday_so_is_next_friday("2026-11-27", "next friday", "2026-12-04")]
#[case::a_month_may_be_shorter("2027-01-31", "+1m", "2027-02-28")]
#[case::new_year("2026-12-31", "tomorrow", "2027-01-01")]
#[case::new_fiscal_year("2027-02-01", "end of quarter", "2027-04-30")]
fn the_day_depends_on_today(#[case] today: &str, #[case] text: &str, #[case] expected: &str) {
    assert_eq!(parse_day(text, day(today), &calendar()), Ok(day(expected)));
}

#[rstest]
#[case("15 Nov", "2026-11-15")]
#[case("15 Dec", "2025-12-15")]
#[case("25 Nov", "2026-11-25")]
#[case("friday", "2026-11-20")]
#[case("wednesday", "2026-11-18")]
#[case("29 feb", "2024-02-29")]
#[case("2026-11-01", "2026-11-01")]
fn leaning_back_a_day_without_year_is_the_last(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(parse_day_leaning(text, day("2026-11-25"), &calendar(), Lean::Back), Ok(day(expected)));
}

#[rstest]
#[case::month_or_day("12/15", NoDay::Ambiguous)]
#[case::slashes("01/02/2027", NoDay::Ambiguous)]
#[case::dashes("15-12-2026", NoDay::Ambiguous)]
#[case::two_digit_year("15.12.26", NoDay::Ambiguous)]
#[case::no_such_day("2026-02-30", NoDay::NoSuchDay)]
#[case::no_such_named_day("31 Feb", NoDay::NoSuchDay)]
#[case::day_nought("0 Dec", NoDay::NoSuchDay)]
#[case::empty("", NoDay::Unreadable)]
#[case::words("soon", NoDay::Unreadable)]
#[case::a_number("15", NoDay::Unreadable)]
#[case::two_months("May June", NoDay::Unreadable)]
#[case::short_year("15 Dec 27", NoDay::Unreadable)]
#[case::next_week_is_no_day("next week", NoDay::Unreadable)]
#[case::no_unit("+10", NoDay::Unreadable)]
#[case::far("+99999d", NoDay::TooFar)]
#[case::very_far("in 99999999999 weeks", NoDay::TooFar)]
#[case::far_year("2300-01-01", NoDay::TooFar)]
#[case::long_ago("1999-12-31", NoDay::TooFar)]
fn what_is_no_day_is_told_why(#[case] text: &str, #[case] why: NoDay) {
    assert_eq!(parse_day(text, day("2026-11-25"), &calendar()), Err(why));
}

#[rstest]
#[case("09:30", Some((9, 30)))]
#[case("9:30", Some((9, 30)))]
#[case("9am", Some((9, 0)))]
#[case("9:30 PM", Some((21, 30)))]
#[case("12am", Some((0, 0)))]
#[case("12pm", Some((12, 0)))]
#[case("00:00", Some((0, 0)))]
#[case("9", None)]
#[case("24:00", None)]
#[case("9:5", None)]
#[case("13pm", None)]
#[case("0am", None)]
#[case("9:60", None)]
#[case("noon", None)]
#[case("", None)]
fn a_time_is_read_or_refused(#[case] text: &str, #[case] expected: Option<(u32, u32)>) {
    let expected = expected.and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
    assert_eq!(parse_time(text), expected);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
        let _ = parse_day(&text, day("2026-11-25"), &calendar());
        let _ = parse_time(&text);
    }

    #[test]
    fn any_words_of_dates_are_read_without_panic(
        words in proptest::collection::vec("in|a|next|end|of|month|quarter|friday|dec|[+-]|[0-9]{1,10}|[dwm]|weeks", 0..6),
        back in proptest::bool::ANY,
    ) {
        let lean = if back { Lean::Back } else { Lean::Ahead };
        if let Ok(day) = parse_day_leaning(&words.join(" "), day("2026-11-25"), &calendar(), lean) {
            proptest::prop_assert!(YEARS.contains(&day.year()));
        }
    }

    #[test]
    fn any_text_is_read_on_any_day(text in "(?s).{0,40}", days in 0u64..73_048) {
        let today = day("2000-01-01") + Days::new(days);
        for lean in [Lean::Ahead, Lean::Back] {
            if let Ok(day) = parse_day_leaning(&text, today, &calendar(), lean) {
                proptest::prop_assert!(YEARS.contains(&day.year()));
            }
        }
    }

    #[test]
    fn a_day_written_out_reads_as_itself_whatever_day_it_is(days in 0u64..73_048, now in 0u64..73_048) {
        let (meant, today) = (day("2000-01-01") + Days::new(days), day("2000-01-01") + Days::new(now));
        for form in ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%-d %b %Y", "%B %-d, %Y", "%-d-%b-%Y"] {
            let text = meant.format(form).to_string();
            proptest::prop_assert_eq!(parse_day(&text, today, &calendar()), Ok(meant), "{}", text);
        }
    }

    #[test]
    fn a_coming_day_is_not_past_and_a_latest_one_not_ahead(
        words in proptest::sample::select(vec!["friday", "15 dec", "29 feb", "31 jan", "monday"]),
        days in 0u64..73_000,
    ) {
        let today = day("2000-01-01") + Days::new(days);
        if let Ok(day) = parse_day_leaning(words, today, &calendar(), Lean::Ahead) {
            proptest::prop_assert!(day >= today, "{} on {}: {}", words, today, day);
        }
        if let Ok(day) = parse_day_leaning(words, today, &calendar(), Lean::Back) {
            proptest::prop_assert!(day <= today, "{} on {}: {}", words, today, day);
        }
    }
}
