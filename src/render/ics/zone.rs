//! A time zone in a calendar file: when its clocks change, from the year before the first event on. A change that comes
//! every year by one rule is told as that rule and so goes on for ever; others are told one by one, for ten years.

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::{OffsetName, Tz};

/// How many years of changes are told.
const YEARS: i32 = 10;

/// A change of a zone's clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    /// What the clocks showed as they were changed.
    wall: NaiveDateTime,
    /// Before and after it.
    from: Clocks,
    to: Clocks,
}

/// What a zone's clocks follow.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clocks {
    /// Seconds ahead of UTC.
    ahead: i32,
    /// As people call it, e.g. `CET`.
    name: Option<String>,
}

impl Clocks {
    fn at(zone: Tz, utc: NaiveDateTime) -> Clocks {
        let offset = zone.offset_from_utc_datetime(&utc);
        Clocks { ahead: offset.fix().local_minus_utc(), name: offset.abbreviation().map(str::to_owned) }
    }

    /// `+0530`.
    fn text(&self) -> String {
        let (sign, ahead) = (if self.ahead < 0 { '-' } else { '+' }, self.ahead.abs());
        format!("{sign}{:02}{:02}", ahead / 3600, ahead / 60 % 60)
    }
}

/// The zone as a `VTIMEZONE` for events from a day on.
pub(super) fn explained(zone: Tz, first: NaiveDate) -> String {
    let year = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(first).and_time(NaiveTime::MIN);
    let (begin, end) = (year(first.year() - 1), year(first.year() + YEARS));
    let changes = changes(zone, begin, end);
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", zone.name());
    if changes.first().is_none_or(|change| change.wall.date() >= first) {
        let clocks = Clocks::at(zone, begin);
        text.push_str(&observance(&[&Change { wall: begin, from: clocks.clone(), to: clocks }], end));
    }
    let mut left: Vec<&Change> = changes.iter().collect();
    while let Some(change) = left.first().copied() {
        let alike = |other: &&Change| (&other.from.ahead, &other.to) == (&change.from.ahead, &change.to);
        let (same, others): (Vec<&Change>, Vec<&Change>) = left.into_iter().partition(alike);
        text.push_str(&observance(&same, end));
        left = others;
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}

/// The changes between two instants. No two are within a day.
fn changes(zone: Tz, begin: NaiveDateTime, end: NaiveDateTime) -> Vec<Change> {
    let ahead = |utc: &NaiveDateTime| zone.offset_from_utc_datetime(utc).fix();
    let days = std::iter::successors(Some(begin), |day| Some(*day + Days::new(1))).take_while(|day| *day < end);
    let changing = days.filter(|day| ahead(day) != ahead(&(*day + Days::new(1))));
    let change = |day: NaiveDateTime| {
        let (mut before, mut after) = (day, day + Days::new(1));
        while after - before > Duration::seconds(1) {
            let middle = before + (after - before) / 2;
            if ahead(&middle) == ahead(&day) { before = middle } else { after = middle }
        }
        let (from, to) = (Clocks::at(zone, before), Clocks::at(zone, after));
        Change { wall: after + Duration::seconds(from.ahead.into()), from, to }
    };
    changing.map(change).collect()
}

/// Changes that do the same, as one part of the zone.
fn observance(changes: &[&Change], end: NaiveDateTime) -> String {
    let Change { wall, from, to } = changes[0];
    let kind = if to.ahead > from.ahead { "DAYLIGHT" } else { "STANDARD" };
    let mut lines = vec![
        format!("BEGIN:{kind}"),
        format!("DTSTART:{}", wall.format(WALL)),
        format!("TZOFFSETFROM:{}", from.text()),
        format!("TZOFFSETTO:{}", to.text()),
    ];
    lines.extend(to.name.as_ref().map(|name| format!("TZNAME:{name}")));
    match yearly(changes, end) {
        Some(rule) => lines.push(rule),
        None => lines.extend(changes[1..].iter().map(|change| format!("RDATE:{}", change.wall.format(WALL)))),
    }
    lines.push(format!("END:{kind}\r\n"));
    lines.join("\r\n")
}

const WALL: &str = "%Y%m%dT%H%M%S";

/// The rule by which changes come once in each year up to the last, if there is one.
fn yearly(changes: &[&Change], end: NaiveDateTime) -> Option<String> {
    let first = changes[0].wall;
    let (month, weekday) = (first.month(), first.weekday());
    let years = (first.year()..end.year()).eq(changes.iter().map(|change| change.wall.year()));
    let alike = changes.iter().all(|change| {
        (change.wall.month(), change.wall.weekday(), change.wall.time()) == (month, weekday, first.time())
    });
    if !(years && alike) || changes.len() < 3 {
        return None;
    }
    let place = [1, 2, 3, 4, -1].into_iter().find(|place| changes.iter().all(|c| is_at(c.wall.date(), *place)))?;
    let day = &weekday.to_string().to_uppercase()[..2];
    Some(format!("RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={place}{day}"))
}

/// Whether a day is the first … fourth such weekday of its month, or the last for -1.
fn is_at(day: NaiveDate, place: i64) -> bool {
    match place {
        -1 => (day + Days::new(7)).month() != day.month(),
        _ => i64::from(day.day0() / 7 + 1) == place,
    }
}
