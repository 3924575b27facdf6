//! Dates and times as people type them. Forms that could be two days, such as `12/15`, are refused rather than guessed;
//! what is understood is echoed to the person, so the reading may be generous where it can't be mistaken.

use chrono::{Datelike, Days, Month, Months, NaiveDate, NaiveTime, Weekday};

use super::calendar::Calendar;
use super::period::last_of_month;

/// The years that a date may lie in. Beyond them it is a slip of the finger.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDay {
    /// Not a form that we know.
    Unreadable,
    /// Could be two days: `12/15`, `01/02/2027`.
    Ambiguous,
    /// A day that does not exist: `31 Feb`.
    NoSuchDay,
    /// Before 2000 or after 2199.
    TooFar,
}

/// Which day a text means that fits one in every week or year, such as `friday` or `15 Dec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// The coming one: what a due date or an expected close takes.
    Ahead,
    /// The latest one: what the day of a win or a loss takes.
    Back,
}

/// Reads a day ahead: what due dates, closes and the ends of waits take. See [`parse_day_leaning`].
pub fn parse_day(text: &str, today: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, NoDay> {
    parse_day_leaning(text, today, calendar, Lean::Ahead)
}

/// Reads a day in any of these forms, in any case (DESIGN §4):
///
/// - `2026-12-15`, `2026/12/15`, `15.12.2026` (where people write dots, the day comes first);
/// - `15 Dec 2027`, `Dec 15, 2027`, `15th December 2027`; without the year, the next such day, today included
///   (leaning back: the last such day);
/// - `today`, `tomorrow`, `yesterday`;
/// - `friday`: the first Friday after today, so on a Friday the one in a week (leaning back: the last before today);
/// - `next friday`: the Friday of the week that follows this one, weeks beginning on Monday; on a Wednesday that is
///   nine days away, not two;
/// - `in 3 days`, `in 2 weeks`, `in a month`, `+10d`, `+2w`, `+1m`: calendar days; a month later keeps the day of the
///   month, or takes the month's last;
/// - `end of month`, `end of quarter` (the fiscal one), `end of year` (the calendar's), `end of fiscal year`, and
///   `end of next month` or `quarter`.
pub fn parse_day_leaning(text: &str, today: NaiveDate, calendar: &Calendar, lean: Lean) -> Result<NaiveDate, NoDay> {
    let text = text.trim().to_lowercase();
    let day = match numeric(&text) {
        Some(reading) => reading?,
        None => in_words(&text, today, calendar, lean)?,
    };
    YEARS.contains(&day.year()).then_some(day).ok_or(NoDay::TooFar)
}

/// Reads a day written in digits and separators only; `None` where it is written otherwise.
fn numeric(text: &str) -> Option<Result<NaiveDate, NoDay>> {
    let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = text.trim_end_matches('.').split(separator).collect();
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Some(match (separator, &numbers[..]) {
        ('-' | '/', [year, month, day]) if parts[0].len() == 4 => date(*year, *month, *day),
        ('.', [day, month, year]) if parts[2].len() == 4 => date(*year, *month, *day),
        _ => Err(NoDay::Ambiguous),
    })
}

fn in_words(text: &str, today: NaiveDate, calendar: &Calendar, lean: Lean) -> Result<NaiveDate, NoDay> {
    let spaced = text.replace([',', '-', '.'], " ").replace('+', "+ ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    match &words[..] {
        ["today"] => Ok(today),
        ["tomorrow"] => later(today, 1, Unit::Day),
        ["yesterday"] => today.pred_opt().ok_or(NoDay::TooFar),
        ["next", weekday] => next_week_day(today, read_weekday(weekday)?),
        ["in", "a" | "an", unit] => later(today, 1, read_unit(unit)?),
        ["in", count, unit] => later(today, read_number(count)?, read_unit(unit)?),
        ["+" | "in", glued] => ahead_by(today, glued),
        ["+", count, unit] => later(today, read_number(count)?, read_unit(unit)?),
        ["end", "of", rest @ ..] => end_of(rest, today, calendar),
        ["on", rest @ ..] | rest => named(rest, today, lean),
    }
}

/// `friday`, `15 dec`, `dec 15 2027`.
fn named(words: &[&str], today: NaiveDate, lean: Lean) -> Result<NaiveDate, NoDay> {
    match *words {
        [weekday] => Ok(nearest_weekday(today, read_weekday(weekday)?, lean)),
        [a, b] => {
            let (day, month) = day_and_month(a, b)?;
            nearest_year(today, month, day, lean)
        }
        [day, "of", month] => named(&[day, month], today, lean),
        [a, b, year] if year.len() == 4 => {
            let (day, month) = day_and_month(a, b)?;
            date(read_number(year)?, month, day)
        }
        _ => Err(NoDay::Unreadable),
    }
}

/// `10d` after its plus sign.
fn ahead_by(today: NaiveDate, glued: &str) -> Result<NaiveDate, NoDay> {
    let digits = glued.find(|c: char| !c.is_ascii_digit()).ok_or(NoDay::Unreadable)?;
    let (count, unit) = glued.split_at(digits);
    later(today, read_number(count)?, read_unit(unit)?)
}

fn end_of(words: &[&str], today: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, NoDay> {
    let period = calendar.period(today);
    match words {
        ["month"] | ["this", "month"] => Ok(last_of_month(today)),
        ["next", "month"] => Ok(last_of_month(later(today, 1, Unit::Month)?)),
        ["quarter"] | ["this", "quarter"] => Ok(period.end),
        ["next", "quarter"] => Ok(period.ahead(1).end),
        ["year"] | ["this", "year"] => date(today.year() as u32, 12, 31),
        ["fiscal", "year"] => Ok(period.year_end()),
        _ => Err(NoDay::Unreadable),
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Day,
    Week,
    Month,
}

fn later(today: NaiveDate, count: u32, unit: Unit) -> Result<NaiveDate, NoDay> {
    match unit {
        Unit::Day => today.checked_add_days(Days::new(count.into())),
        Unit::Week => today.checked_add_days(Days::new(7 * u64::from(count))),
        Unit::Month => today.checked_add_months(Months::new(count)),
    }
    .ok_or(NoDay::TooFar)
}

fn nearest_weekday(today: NaiveDate, weekday: Weekday, lean: Lean) -> NaiveDate {
    let from_monday = |day: Weekday| u64::from(day.num_days_from_monday());
    let ahead = (from_monday(weekday) + 6 - from_monday(today.weekday())) % 7 + 1;
    match lean {
        Lean::Ahead => today + Days::new(ahead),
        Lean::Back if ahead == 7 => today - Days::new(7),
        Lean::Back => today - Days::new(7 - ahead),
    }
}

fn next_week_day(today: NaiveDate, weekday: Weekday) -> Result<NaiveDate, NoDay> {
    let monday_of_next_week = 7 - today.weekday().num_days_from_monday();
    later(today, monday_of_next_week + weekday.num_days_from_monday(), Unit::Day)
}

/// The nearest year in which a day exists: 29 February may be seven years off.
fn nearest_year(today: NaiveDate, month: u32, day: u32, lean: Lean) -> Result<NaiveDate, NoDay> {
    let years = (0..=8).map(|n| match lean {
        Lean::Ahead => today.year() + n,
        Lean::Back => today.year() - n,
    });
    years
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|found| match lean {
            Lean::Ahead => *found >= today,
            Lean::Back => *found <= today,
        })
        .ok_or(NoDay::NoSuchDay)
}

fn date(year: u32, month: u32, day: u32) -> Result<NaiveDate, NoDay> {
    let year = i32::try_from(year).map_err(|_| NoDay::TooFar)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or(NoDay::NoSuchDay)
}

/// `15 dec` or `dec 15`, also `15th`.
fn day_and_month(a: &str, b: &str) -> Result<(u32, u32), NoDay> {
    let (day, month) = if a.starts_with(|c: char| c.is_ascii_digit()) { (a, b) } else { (b, a) };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|suffix| day.strip_suffix(suffix)).unwrap_or(day);
    Ok((read_number(day)?, read_month(month)?))
}

fn read_number(text: &str) -> Result<u32, NoDay> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NoDay::Unreadable);
    }
    text.parse().map_err(|_| NoDay::TooFar)
}

/// `dec`, `december`; `sept` for those who write so.
fn read_month(text: &str) -> Result<u32, NoDay> {
    let month: Month = if text == "sept" { "sep" } else { text }.parse().map_err(|_| NoDay::Unreadable)?;
    Ok(month.number_from_month())
}

/// `fri`, `friday`.
fn read_weekday(text: &str) -> Result<Weekday, NoDay> {
    match text {
        "tues" => Ok(Weekday::Tue),
        "thur" | "thurs" => Ok(Weekday::Thu),
        _ => text.parse().map_err(|_| NoDay::Unreadable),
    }
}

fn read_unit(text: &str) -> Result<Unit, NoDay> {
    match text {
        "d" | "day" | "days" => Ok(Unit::Day),
        "w" | "week" | "weeks" => Ok(Unit::Week),
        "m" | "month" | "months" => Ok(Unit::Month),
        _ => Err(NoDay::Unreadable),
    }
}

/// Reads a time of day: `09:30`, `9:30`, `9am`, `9:30 pm`, `12am` (midnight). A bare `9` is refused: morning or evening?
pub fn parse_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase();
    let (clock, half) = match text.strip_suffix("am").or_else(|| text.strip_suffix("pm")) {
        Some(clock) => (clock.trim_end(), Some(text.ends_with("pm"))),
        None => (text.as_str(), None),
    };
    let (hour, minute) = clock.split_once(':').or(half.map(|_| (clock, "00")))?;
    if minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (read_number(hour).ok()?, read_number(minute).ok()?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

#[cfg(test)]
mod tests;
