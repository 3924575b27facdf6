//! The rhythm's arithmetic against an independent one: ten years of each rule as python-dateutil has them, made by
//! `tests/oracle/recurrence.py` and kept in `oracle.csv`. Every start of every rule is compared.
//!
//! The table's head names its edition of the time zone database, which need not be chrono-tz's. The editions from 2024a to
//! 2026f give the same table; where a zone of it is changed one day, the table is made anew.

use chrono::{Months, NaiveDateTime, Weekday};
use chrono_tz::Tz;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::super::testing::{calendar, day};
use super::tests::review;
use super::*;

const TABLE: &str = include_str!("oracle.csv");

/// A rule and what dateutil makes of it.
struct Row {
    rhythm: Rhythm,
    starts: Vec<Instant>,
}

/// An enum by the word that it is stored as.
fn word<'w, T: DeserializeOwned>(word: &'w str) -> T {
    let deserializer: StrDeserializer<'w, Error> = word.into_deserializer();
    T::deserialize(deserializer).unwrap_or_else(|e| panic!("{word}: {e}"))
}

/// `10080*18 10020` as minutes, one for each step.
fn steps(runs: &str) -> impl Iterator<Item = i64> {
    runs.split(' ').flat_map(|run| {
        let (minutes, times) = run.split_once('*').unwrap_or((run, "1"));
        let number = |text: &str| text.parse::<i64>().expect("a number");
        std::iter::repeat_n(number(minutes), number(times) as usize)
    })
}

fn read(row: &csv::StringRecord) -> Row {
    let week = Some(&row[2]).filter(|week| !week.is_empty());
    let rhythm = Rhythm {
        every: word(&row[1]),
        weekday: row[3].parse::<Weekday>().expect("a weekday"),
        week: week.map(word),
        time: NaiveTime::parse_from_str(&row[4], "%H:%M").expect("a time"),
        zone: row[0].parse::<Tz>().expect("a zone"),
        starts: day(&row[5]),
        holiday: OnHoliday::Skip,
    };
    let first = NaiveDateTime::parse_from_str(&row[6], "%Y-%m-%dT%H:%MZ").expect("an instant").and_utc();
    let mut starts = vec![first];
    starts.extend(steps(&row[8]).scan(first, |at, minutes| {
        *at += Duration::minutes(minutes);
        Some(*at)
    }));
    assert_eq!(starts.len().to_string(), row[7], "the table's own count");
    Row { rhythm, starts }
}

fn table() -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(TABLE.as_bytes());
    reader.records().map(|row| read(&row.expect("the table reads"))).collect()
}

/// All starts up to an instant; [`between`] gives two years at most.
fn ours(review: &Review, after: Instant, until: Instant) -> Vec<Instant> {
    let (mut calendar, mut starts) = (calendar(), Vec::new());
    calendar.holidays.clear();
    loop {
        let after = starts.last().copied().unwrap_or(after);
        let more = between(review, &calendar, after, until);
        if more.is_empty() {
            return starts;
        }
        starts.extend(more.iter().map(|planned| planned.starts_at));
    }
}

#[test]
fn ten_years_of_every_rhythm_are_as_dateutil_has_them() {
    let table = table();
    for Row { rhythm, starts } in &table {
        let before = instant(rhythm.zone, rhythm.starts, NaiveTime::MIN) - Duration::days(2);
        let end = rhythm.starts + Months::new(120);
        let until = instant(rhythm.zone, end, NaiveTime::MIN) + Duration::days(1) - Duration::milliseconds(1);
        let found = ours(&Review { rhythm: rhythm.clone(), ..review() }, before, until);
        let apart = found.iter().zip(starts).find(|(ours, theirs)| ours != theirs);
        assert_eq!(apart, None, "ours and dateutil's of {rhythm:?}");
        assert_eq!(found.len(), starts.len(), "{rhythm:?}");
    }
    let starts: usize = table.iter().map(|row| row.starts.len()).sum();
    assert!(table.len() == 136 && starts > 24_000, "{} rules with {starts} starts", table.len());
}
