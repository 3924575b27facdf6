//! The file read back: by another parser, expanded by another implementation, and held against the bot's own arithmetic.

use std::str::FromStr;

use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Weekday};
use icalendar::{Calendar as File, CalendarComponent, Event};
use rrule::RRuleSet;
use rstest::rstest;

use super::*;
use crate::domain::cadence::between;
use crate::domain::id::ReviewId;
use crate::domain::review::{Every, OnHoliday, WeekOfMonth};
use crate::domain::testing::{at, calendar, day, review_at, rhythm};

const GUILD: GuildId = GuildId(900_000_000_000_000_001);

fn review(every: Every, weekday: Weekday, time: &str, zone: Tz) -> Review {
    let rhythm = rhythm(every, (weekday, WeekOfMonth::Last), time, zone);
    Review { id: ReviewId(3), version: 2, ..review_at(rhythm) }
}

fn text(review: &Review, now: &str) -> String {
    String::from_utf8(file(GUILD, review, &calendar(), at(now)).expect("a date in sight").bytes).unwrap()
}

fn parsed(text: &str) -> File {
    File::from_str(text).unwrap()
}

fn event_of(file: &File) -> &Event {
    file.components.iter().find_map(CalendarComponent::as_event).expect("an event")
}

/// The starts of the file's event as the `rrule` crate has them, up to an instant.
fn expanded(text: &str, until: Instant) -> Vec<Instant> {
    let unfolded = text.replace("\r\n ", "");
    let event = unfolded.split("BEGIN:VEVENT").nth(1).expect("an event");
    let of_set = |line: &&str| ["DTSTART", "RRULE", "EXDATE", "RDATE"].iter().any(|key| line.starts_with(key));
    let set: RRuleSet = event.lines().filter(of_set).collect::<Vec<_>>().join("\n").parse().unwrap();
    let starts = (&set.limit()).into_iter().map(|start| start.with_timezone(&chrono::Utc));
    starts.take_while(|start| *start <= until).collect()
}

#[rstest]
#[case::over_new_york_s_changes(review(Every::Week, Weekday::Tue, "09:30", Tz::America__New_York))]
#[case::in_the_gap_and_the_fold(review(Every::Week, Weekday::Sun, "01:30", Tz::Europe__London))]
#[case::half_an_hour(review(Every::TwoWeeks, Weekday::Sun, "02:15", Tz::Australia__Lord_Howe))]
#[case::every_four_weeks(review(Every::FourWeeks, Weekday::Fri, "12:00", Tz::Europe__London))]
#[case::last_fridays(review(Every::Month, Weekday::Fri, "16:00", Tz::America__New_York))]
#[case::on_holidays(review(Every::Week, Weekday::Fri, "12:00", Tz::UTC))]
fn a_calendar_holds_the_same_meetings_for_two_years(#[case] mut review: Review) {
    let [now, middle, until] = ["2026-11-03T00:00:00Z", "2027-11-03T00:00:00Z", "2028-11-03T00:00:00Z"].map(at);
    for holiday in [OnHoliday::Move, OnHoliday::Skip] {
        review.rhythm.holiday = holiday;
        review.skipped = Default::default();
        for _ in 0..3 {
            let years = [(now, middle), (middle, until)];
            let ours = years.map(|(after, until)| between(&review, &calendar(), after, until)).concat();
            let starts: Vec<Instant> = ours.iter().map(|planned| planned.starts_at).collect();
            assert_eq!(expanded(&text(&review, "2026-11-03T00:00:00Z"), until), starts, "{review:?}");
            review.skipped.extend([ours[0].day, ours[ours.len() / 2].day]);
        }
    }
}

#[test]
fn it_begins_with_the_next_meeting_and_keeps_the_rhythm() {
    let two_weeks = review(Every::TwoWeeks, Weekday::Tue, "09:30", Tz::Europe__London);
    let text = text(&two_weeks, "2026-11-18T00:00:00Z");
    assert!(text.contains("DTSTART;TZID=Europe/London:20261201T093000\r\n"), "{text}");
    // The meeting of Christmas Day was moved to the 29th, and is still to come on the 27th.
    let moved = review(Every::Week, Weekday::Fri, "09:30", Tz::Europe__London);
    let starts = expanded(&self::text(&moved, "2026-12-27T00:00:00Z"), at("2027-01-09T00:00:00Z"));
    assert_eq!(starts, ["2026-12-29T09:30:00Z", "2027-01-04T09:30:00Z", "2027-01-08T09:30:00Z"].map(at));
    let ended = Review { cancelled: true, ..moved };
    assert_eq!(file(GUILD, &ended, &calendar(), at("2026-12-27T00:00:00Z")), None);
}

#[test]
fn what_people_typed_is_escaped_and_folded() {
    let mut review = review(Every::Week, Weekday::Tue, "09:30", Tz::Europe__London);
    review.name = format!("Q4, west; \\o/ \"{}\"\r\nEND:VEVENT\nBEGIN:VEVENT 🚀 größer", "très long ".repeat(12));
    let text = text(&review, "2026-11-03T00:00:00Z");
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{text}");
    let file = parsed(&text);
    assert_eq!(event_of(&file).get_summary(), Some(plain(&review.name).as_str()));
    assert_eq!(file.components.iter().filter(|component| component.as_event().is_some()).count(), 1);
}

#[test]
fn a_weekly_and_a_monthly_review_as_files() {
    let mut weekly = review(Every::Week, Weekday::Fri, "09:30", Tz::Europe__London);
    weekly.name = "Pipeline, west".to_owned();
    weekly.skipped = [day("2026-11-20")].into();
    let monthly = review(Every::Month, Weekday::Mon, "08:00", Tz::Asia__Kolkata);
    let files = [weekly, monthly].map(|review| text(&review, "2026-11-03T00:00:00Z").replace("\r\n", "\n"));
    insta::assert_snapshot!(files.join("\n"));
}

/// What a `VTIMEZONE` says: when which offset begins, in seconds ahead of UTC, up to an instant.
fn told(zone: &str, until: NaiveDateTime) -> Vec<(NaiveDateTime, i32)> {
    let value = |part: &str, key: &str| {
        part.lines().filter_map(|line| line.strip_prefix(key)).map(str::to_owned).collect::<Vec<_>>()
    };
    let seconds = |text: &str| {
        let (hours, minutes): (i32, i32) = (text[1..3].parse().unwrap(), text[3..5].parse().unwrap());
        (hours * 3600 + minutes * 60) * if text.starts_with('-') { -1 } else { 1 }
    };
    let wall = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap();
    let mut told = Vec::new();
    for part in zone.split("END:") {
        let (Some(start), Some(from)) = (value(part, "DTSTART:").pop(), value(part, "TZOFFSETFROM:").pop()) else {
            continue;
        };
        let (from, to) = (seconds(&from), seconds(&value(part, "TZOFFSETTO:")[0]));
        let walls: Vec<NaiveDateTime> = match value(part, "RRULE:").pop() {
            Some(rule) => {
                let set: RRuleSet = format!("DTSTART:{start}Z\nRRULE:{rule}").parse().unwrap();
                (&set.limit()).into_iter().map(|at| at.naive_utc()).take_while(|at| *at < until).collect()
            }
            None => std::iter::once(start).chain(value(part, "RDATE:")).map(|text| wall(&text)).collect(),
        };
        told.extend(walls.into_iter().map(|wall| (wall - Duration::seconds(from.into()), to)));
    }
    told.sort_unstable();
    told
}

#[rstest]
fn a_zone_is_explained_as_it_is(
    #[values(
        Tz::America__New_York,
        Tz::Europe__London,
        Tz::Europe__Dublin,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Apia,
        Tz::Antarctica__Troll,
        Tz::Asia__Kolkata,
        Tz::Asia__Jerusalem,
        Tz::Africa__Casablanca,
        Tz::Africa__Cairo,
        Tz::America__Sao_Paulo,
        Tz::Asia__Almaty,
        Tz::America__St_Johns,
        Tz::UTC
    )]
    zone: Tz,
    #[values("2024-02-10", "2026-11-03")] first: &str,
) {
    let first: NaiveDate = day(first);
    let end = first + Days::new(9 * 365);
    let told = told(&zone::explained(zone, first), end.and_time(NaiveTime::MIN) + Days::new(1));
    let mut hour = first.and_time(NaiveTime::MIN);
    while hour.date() < end {
        let (_, ahead) = told.iter().rev().find(|(at, _)| *at <= hour).expect("an offset for each time");
        assert_eq!(*ahead, zone.offset_from_utc_datetime(&hour).fix().local_minus_utc(), "{zone} at {hour}");
        hour += Duration::hours(1);
    }
}
