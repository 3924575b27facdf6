//! When reviews meet (DESIGN §6): RFC 5545 gives the days of a rhythm, the calendar moves or drops those that fall on a
//! holiday, and a wall time in the review's zone makes each an instant.
//!
//! The rule runs over plain days, which no clock change touches; only the day that it gives becomes an instant, by
//! [`super::calendar::instant`]. So a meeting at 09:30 stays at 09:30, one at a time that the clock leaps over is held
//! as much later as it leaps, and of a time that comes twice the first is meant. One that was moved is treated alike.

use chrono::{Days, Duration, NaiveDate, NaiveTime};
use rrule::{Frequency, NWeekday, RRule, Unvalidated};

mod meetings;
mod record;
mod repeat;

pub use meetings::{Became, Happened, HistoryCard, Meetings, Past, became, left_out};
pub use record::{CadenceCard, Spell, StallFigure, Stalls, came_and_went, stalls};
pub use repeat::{Repeat, repeat};

use super::Instant;
use super::calendar::{Calendar, instant};
use super::review::{Every, OnHoliday, Review, Rhythm, WeekOfMonth};

/// The most days of a rhythm that are looked at for one answer: two years of weeks.
const DAYS_LOOKED_AT: usize = 104;
/// No occurrence is moved by as much as this, since it would fall together with the next one before.
const MOVED_AT_MOST: Days = Days::new(36);
/// How late an agenda may be posted at most.
const LATEST: Duration = Duration::hours(4);
/// How long a meeting is taken to last where a calendar asks for its end: nobody is asked how long one takes.
pub const LENGTH: Duration = Duration::hours(1);

/// An occurrence that is to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The day as the rhythm gives it; what [`Review::skipped`] names.
    pub day: NaiveDate,
    /// The day on which it is held: another one where it was moved from a holiday.
    pub held_on: NaiveDate,
    /// When it starts. Names the occurrence: no two of a review have the same.
    pub starts_at: Instant,
}

impl Planned {
    /// The holiday that it was moved from.
    pub fn moved_from(&self) -> Option<NaiveDate> {
        (self.day != self.held_on).then_some(self.day)
    }

    /// When its agenda is posted.
    pub fn post_at(&self, review: &Review) -> Instant {
        self.starts_at - post_before(review)
    }

    /// The day on which people are asked to update their deals: the business day before, where the review meets.
    pub fn collect_on(&self, calendar: &Calendar) -> NaiveDate {
        calendar.previous_business_day(self.held_on)
    }
}

/// The first occurrence that starts after an instant. `None` for a review that was cancelled, or when two years of
/// its days are all left out.
pub fn next_after(review: &Review, calendar: &Calendar, after: Instant) -> Option<Planned> {
    planned(review, calendar, review.rhythm.day(after)).find(|planned| planned.starts_at > after)
}

/// The occurrences that start after one instant and not after another, in order; at most two years of weeks.
pub fn between(review: &Review, calendar: &Calendar, after: Instant, until: Instant) -> Vec<Planned> {
    planned(review, calendar, review.rhythm.day(after))
        .skip_while(|planned| planned.starts_at <= after)
        .take_while(|planned| planned.starts_at <= until)
        .collect()
}

/// The occurrence of a day that a person names: the day as the rhythm gives it or, where it was moved, the day on
/// which it is held. Finds no occurrence that was left out already.
pub fn find_on(review: &Review, calendar: &Calendar, day: NaiveDate) -> Option<Planned> {
    planned(review, calendar, day)
        .take_while(|planned| planned.day <= day)
        .find(|planned| planned.day == day || planned.held_on == day)
}

/// A day of a rhythm on which no meeting is held, though the rhythm alone would have one there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    /// The day as the rhythm gives it.
    pub day: NaiveDate,
    /// The day on which it is held instead, where a holiday moved it; `None` where it is left out.
    pub held_on: Option<NaiveDate>,
}

/// The exceptions from a day on, in order: what was skipped, and what falls on holidays that are known. Two years of
/// weeks at most.
pub fn exceptions(review: &Review, calendar: &Calendar, from: NaiveDate) -> Vec<Exception> {
    let last = review.skipped.last().max(calendar.holidays.last()).copied();
    let mut days = review.rhythm.days_from(from).peekable();
    let next = || {
        let day = days.next()?;
        let held_on = plan(review, calendar, day, days.peek().copied()).map(|planned| planned.held_on);
        Some(Exception { day, held_on })
    };
    let within = std::iter::from_fn(next).take_while(|exception| last.is_some_and(|last| exception.day <= last));
    within.filter(|exception| exception.held_on != Some(exception.day)).collect()
}

/// From when on an agenda tells what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The posting of the agenda before.
    LastPosting(Instant),
    /// For the first agenda: the beginning of the period, an interval before the meeting, or when the review was set up,
    /// whichever is earliest. Not all that ever was: a program may be years old when its review is set up.
    Beginning(Instant),
}

impl Since {
    /// The instant.
    pub fn at(self) -> Instant {
        match self {
            Since::LastPosting(at) | Since::Beginning(at) => at,
        }
    }
}

/// From when on the first agenda of a review, set up at an instant, tells what happened.
pub fn beginning(review: &Review, calendar: &Calendar, set_up: Instant, starts_at: Instant) -> Since {
    let period = calendar.period(calendar.day(starts_at));
    let interval = starts_at - review.rhythm.every.span();
    Since::Beginning(calendar.midnight(period.start).min(interval).min(set_up))
}

/// What to do about an agenda at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// Its time has not come.
    NotYet,
    /// It is due, or late by little enough to be of use.
    PostNow,
    /// It is too late: the occurrence counts as missed, and the next agenda says so.
    Missed,
}

/// Decides about an occurrence that was not posted yet: posted if late by no more than four hours or half the interval,
/// whichever is less. Late is counted from when it was to be posted, but from no earlier than `known_at`: what was
/// scheduled after its agenda's time is posted at once.
pub fn catch_up(review: &Review, planned: &Planned, known_at: Instant, now: Instant) -> CatchUp {
    let post_at = planned.post_at(review);
    let late = now - post_at.max(known_at);
    if now < post_at {
        CatchUp::NotYet
    } else if is_too_late(review, late) {
        CatchUp::Missed
    } else {
        CatchUp::PostNow
    }
}

/// Whether an agenda that is late by so much is not posted any more.
pub fn is_too_late(review: &Review, late: Duration) -> bool {
    late > LATEST.min(review.rhythm.every.span() / 2)
}

/// The rhythm as the value of an RFC 5545 `RRULE`, e.g. `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU`.
pub fn rrule_text(rhythm: &Rhythm) -> String {
    rhythm.rule().to_string()
}

impl Every {
    /// The least time from one occurrence to the next, were none moved.
    pub fn span(self) -> Duration {
        Duration::weeks(match self {
            Every::Week => 1,
            Every::TwoWeeks => 2,
            Every::FourWeeks | Every::Month => 4,
        })
    }
}

impl Rhythm {
    /// The local day of an instant, where the review meets.
    pub fn day(&self, at: Instant) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    fn rule(&self) -> RRule<Unvalidated> {
        let weekly = |interval| {
            RRule::new(Frequency::Weekly).interval(interval).by_weekday(vec![NWeekday::new(None, self.weekday)])
        };
        match self.every {
            Every::Week => weekly(1),
            Every::TwoWeeks => weekly(2),
            Every::FourWeeks => weekly(4),
            Every::Month => {
                let week = self.week.unwrap_or(WeekOfMonth::First).ordinal();
                RRule::new(Frequency::Monthly).by_weekday(vec![NWeekday::new(Some(week), self.weekday)])
            }
        }
    }

    /// The day that "every two weeks" counts from: the first of the weekday that is not before `starts`. RFC 5545
    /// would count from the week of `starts`, so that a start on a Wednesday would lose the Tuesday after it.
    fn anchor(&self) -> NaiveDate {
        let ahead = self.weekday.days_since(chrono::Datelike::weekday(&self.starts));
        self.starts + Days::new(ahead.into())
    }

    /// The days of the rule from a day on, in order.
    fn days_from(&self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        let anchor = self.anchor().and_time(NaiveTime::MIN).and_utc().with_timezone(&rrule::Tz::UTC);
        let rule = self.rule().build(anchor).expect("a weekday with a small interval is always a valid rule");
        let days = (&rule.limit()).into_iter().map(|midnight| midnight.date_naive());
        days.skip_while(move |day| *day < from).take(DAYS_LOOKED_AT)
    }
}

/// The occurrences around and after a day, in order. It begins a little earlier, for one that was moved into the day.
fn planned<'r>(review: &'r Review, calendar: &'r Calendar, day: NaiveDate) -> impl Iterator<Item = Planned> + use<'r> {
    let mut days = review.rhythm.days_from(day - MOVED_AT_MOST).peekable();
    let mut held = move || {
        let day = days.next()?;
        Some(plan(review, calendar, day, days.peek().copied()))
    };
    std::iter::from_fn(move || if review.cancelled { None } else { held() }).flatten()
}

/// What becomes of a day of the rhythm. One that is moved onto the day of the next occurrence, or beyond it, falls
/// together with that one: a team that was off for a week holds one review when it is back, not two.
fn plan(review: &Review, calendar: &Calendar, day: NaiveDate, next: Option<NaiveDate>) -> Option<Planned> {
    if review.skipped.contains(&day) {
        return None;
    }
    let held_on = match review.rhythm.holiday {
        _ if !calendar.holidays.contains(&day) => day,
        OnHoliday::Skip => return None,
        OnHoliday::Move => calendar.next_business_day(day),
    };
    let starts_at = instant(review.rhythm.zone, held_on, review.rhythm.time);
    next.is_none_or(|next| held_on < next).then_some(Planned { day, held_on, starts_at })
}

fn post_before(review: &Review) -> Duration {
    Duration::minutes(review.post_before.into())
}

impl WeekOfMonth {
    /// As RFC 5545 counts: 1 to 4, or -1 for the last.
    fn ordinal(self) -> i16 {
        match self {
            WeekOfMonth::First => 1,
            WeekOfMonth::Second => 2,
            WeekOfMonth::Third => 3,
            WeekOfMonth::Fourth => 4,
            WeekOfMonth::Last => -1,
        }
    }
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
