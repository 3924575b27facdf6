//! The calendar that a workspace counts by: its zone, its business days, and where a local day begins.
//!
//! Rules think in local days; instants appear only at the edge, through [`instant`].

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Duration, LocalResult, NaiveDate, NaiveTime, Offset, TimeZone, Weekday};
use chrono_tz::{GapInfo, Tz};

use super::Instant;
use super::period::Period;
use super::workspace::{FormerZone, Settings};

/// What decides which days count. A business day is Monday to Friday and no holiday of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The zone of the workspace's days.
    pub zone: Tz,
    /// The zones before it, oldest first.
    pub former_zones: Vec<FormerZone>,
    /// Days off, on whichever weekday.
    pub holidays: BTreeSet<NaiveDate>,
    /// First month of the fiscal year, 1 to 12.
    pub fiscal_month: u32,
}

impl Calendar {
    /// A workspace's calendar.
    pub fn of(settings: &Settings) -> Calendar {
        Calendar {
            zone: settings.zone(),
            former_zones: settings.former_zones.clone(),
            holidays: settings.holidays.keys().copied().collect(),
            fiscal_month: settings.fiscal_month,
        }
    }

    /// The local day of an instant, in the zone that the workspace had then: a day is known when something happens, and
    /// another zone later doesn't move it, so that a quarter that is over reprints the same (rule 8). No day comes twice:
    /// where another zone is behind, its days begin once they are later than those that were.
    pub fn day(&self, at: Instant) -> NaiveDate {
        day_of(&self.former_zones, self.zone, at)
    }

    /// The first instant of a local day.
    pub fn midnight(&self, day: NaiveDate) -> Instant {
        let mut from = Instant::MIN_UTC;
        for former in &self.former_zones {
            let midnight = instant(former.zone, day, NaiveTime::MIN).max(from);
            if midnight < former.until {
                return midnight;
            }
            from = former.until;
        }
        instant(self.zone, day, NaiveTime::MIN).max(from)
    }

    /// The fiscal quarter that a day lies in.
    pub fn period(&self, day: NaiveDate) -> Period {
        Period::of(day, self.fiscal_month)
    }

    /// Whether people work on a day.
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        is_weekday(day) && !self.holidays.contains(&day)
    }

    /// The first business day that is not before `day`.
    pub fn business_day_from(&self, mut day: NaiveDate) -> NaiveDate {
        while !self.is_business_day(day) {
            day = following(day);
        }
        day
    }

    /// The first business day after `day`.
    pub fn next_business_day(&self, day: NaiveDate) -> NaiveDate {
        self.business_day_from(following(day))
    }

    /// The last business day before `day`.
    pub fn previous_business_day(&self, day: NaiveDate) -> NaiveDate {
        let mut day = preceding(day);
        while !self.is_business_day(day) {
            day = preceding(day);
        }
        day
    }

    /// The `count`-th business day after `day`; `day` itself for 0, even when nobody works on it.
    pub fn add_business_days(&self, day: NaiveDate, count: u32) -> NaiveDate {
        (0..count).fold(day, |day, _| self.next_business_day(day))
    }

    /// How many business days lie after `from`, up to and including `to`: Monday to Tuesday is 1, Friday to Monday 1,
    /// Friday to Sunday 0, a day to itself 0. It is 0 where `to` is before `from`.
    ///
    /// So something last touched on Monday has rested for one business day on Tuesday, and
    /// `add_business_days(day, n)` is the first day of which the count is `n`.
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        if to <= from {
            return 0;
        }
        let weekdays = weekdays_until(to) - weekdays_until(from);
        let off = self.holidays.range(following(from)..=to);
        let off = off.filter(|day| is_weekday(**day)).count();
        weekdays - off as u32
    }
}

/// The local day of an instant, in the zone of that time: see [`Calendar::day`].
pub(super) fn day_of(former_zones: &[FormerZone], zone: Tz, at: Instant) -> NaiveDate {
    let mut latest = NaiveDate::MIN;
    for former in former_zones {
        let reached = at.min(former.until - Duration::milliseconds(1));
        latest = latest.max(reached.with_timezone(&former.zone).date_naive());
        if at < former.until {
            return latest;
        }
    }
    latest.max(at.with_timezone(&zone).date_naive())
}

/// The instant of a wall time in a zone. Always there is one: where the clock goes forward over the time, the offset
/// from before the change counts, so 02:30 becomes 03:30; where it goes back and the time comes twice, the first is
/// meant (RFC 5545, section 3.3.5).
pub fn instant(zone: Tz, day: NaiveDate, time: NaiveTime) -> Instant {
    let wall = day.and_time(time);
    let utc = match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.naive_utc(),
        LocalResult::None => {
            let before = GapInfo::new(&wall, &zone).and_then(|gap| gap.begin);
            before.map_or(wall, |(_, offset)| wall - offset.fix())
        }
    };
    utc.and_utc()
}

fn is_weekday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// How many weekdays there are from the first day of year 1, a Monday, to `day` with it.
fn weekdays_until(day: NaiveDate) -> u32 {
    let days = day.num_days_from_ce().max(0) as u32;
    days / 7 * 5 + (days % 7).min(5)
}

fn following(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1))
        .expect("dates are read up to 2199 and holidays are finite, far from chrono's year 262142")
}

fn preceding(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1))
        .expect("dates are read from 2000 on and holidays are finite, far from chrono's year -262143")
}

#[cfg(test)]
mod tests;
