//! Episodes: a stall from its first reason until none holds, how it climbs the ladder, and how snooze and wait bear on
//! it (DESIGN §5).
//!
//! An episode that ended can go on: when a reason comes back within ten business days and the deal neither changed its
//! stage nor met a criterion in between, it was not cured but silenced. It goes on at the level it had reached, and the days in between
//! count for the ladder: each level is told once (DESIGN §3, rule 6), so climbing is the only way in which a deal that
//! comes back can be heard.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Instant;
use super::access::Access;
use super::calendar::Calendar;
use super::deal::Deal;
use super::ladder::Level;
use super::refusal::{DateRule, Problem};
use super::stall::{Cause, Stall, quiet_until};

/// Business days after which a level counts as told, though its people could not be.
const UNTOLD_DAYS: u32 = 5;
/// Business days after its end within which an episode goes on.
const GOES_ON_WITHIN: u32 = 10;
/// The most business days that a snooze may last.
pub const SNOOZE_DAYS: u32 = 10;
/// Snoozes that an owner has in an episode.
pub const OWNER_SNOOZES: u32 = 2;
/// Business days that a wait lasts when no date is given.
pub const WAIT_DAYS: u32 = 10;

/// One stall of a deal. Stored whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Counts the deal's episodes from 1.
    pub number: u32,
    /// When its first reason was seen.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub opened_at: Instant,
    /// What it opened with.
    pub started_by: Vec<Cause>,
    /// The level reached. It never goes down.
    pub level: Level,
    /// When it was reached.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub level_at: Instant,
    /// When its people were told of it, which may be days later: nobody is pinged twice a day. The level above counts
    /// from there.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub told_at: Option<Instant>,
    /// Its end, as long as none of its reasons came back.
    pub ended: Option<Ended>,
    /// [`Deal::stage_since`] when the deal was last seen stalled. Another value afterwards means that the stage changed.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub stage_since: Instant,
    /// [`Deal::last_met_at`] then. A later one afterwards means that a criterion was met.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub met_at: Option<Instant>,
    /// [`Deal::snoozes`] when the episode before it ended; 0 for the first. So a snooze ahead of an episode counts for
    /// the one that it puts off.
    pub snoozes_before: u32,
}

/// The end of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When no reason was seen to hold any more.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// From where the ten business days count: the day of the end, or the end of a wait or snooze that runs beyond it.
    pub count_from: NaiveDate,
    /// [`Deal::snoozes`] at the end.
    pub snoozes: u32,
}

/// A level whose people are to be told. The same one may come again when an episode goes on, for the case that it
/// ended before they were: who keeps the record tells each (deal, episode, level) once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelDue {
    /// The episode's number.
    pub episode: u32,
    /// The level.
    pub level: Level,
}

/// What has become of a deal's latest episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// The latest episode, running or ended; `None` if there never was one.
    pub episode: Option<Episode>,
    /// Who is to be told now.
    pub due: Option<LevelDue>,
    /// The first instant at which stall or ladder can change if nothing happens to the deal.
    pub next_check: Option<Instant>,
}

/// Carries a deal's latest episode on to `now`: opens one, lets it climb, ends it, or takes it up again. It climbs one
/// level at a time, and doing this twice at an instant does nothing the second time. To be called after each change of
/// the deal, once people were told, and at each `next_check`.
pub fn advance(latest: Option<Episode>, deal: &Deal, stall: &Stall, calendar: &Calendar, now: Instant) -> Advance {
    if !stall.holds() {
        let episode = latest.map(|episode| episode.rested(deal, calendar, now));
        return Advance { episode, due: None, next_check: stall.next_check };
    }
    let (mut episode, due) = match latest {
        Some(episode) if episode.goes_on(deal, calendar, calendar.day(now)) => episode.carried_on(calendar, now),
        over => {
            let opened = Episode::open(over.as_ref(), deal, stall, now);
            let due = opened.level_due();
            (opened, Some(due))
        }
    };
    (episode.stage_since, episode.met_at) = (deal.stage_since, deal.last_met_at());
    let next_level = episode.next_level(calendar).map(|(_, day)| calendar.midnight(day));
    let next_check = stall.next_check.into_iter().chain(next_level).min();
    Advance { episode: Some(episode), due, next_check }
}

impl Episode {
    fn open(previous: Option<&Episode>, deal: &Deal, stall: &Stall, now: Instant) -> Episode {
        Episode {
            number: previous.map_or(0, |episode| episode.number) + 1,
            opened_at: now,
            started_by: stall.causes(),
            level: Level::First,
            level_at: now,
            told_at: None,
            ended: None,
            stage_since: deal.stage_since,
            met_at: deal.last_met_at(),
            snoozes_before: previous.and_then(|episode| episode.ended).map_or(0, |ended| ended.snoozes),
        }
    }

    /// Whether it is running.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// When it ended; `None` while it runs.
    pub fn ended_at(&self) -> Option<Instant> {
        self.ended.map(|ended| ended.at)
    }

    /// How often it was put off.
    pub fn snoozes(&self, deal: &Deal) -> u32 {
        deal.snoozes.saturating_sub(self.snoozes_before)
    }

    /// Whether a reason that comes today is this episode's: because it runs, or because it ended lately and since it was
    /// last seen stalled the stage did not change and no criterion was met.
    fn goes_on(&self, deal: &Deal, calendar: &Calendar, today: NaiveDate) -> bool {
        self.ended.is_none_or(|ended| {
            calendar.business_days_between(ended.count_from, today) <= GOES_ON_WITHIN
                && self.stage_since == deal.stage_since
                && deal.last_met_at() <= self.met_at
        })
    }

    /// The episode while a reason holds: running again if it had ended, and a level up if its time has come.
    fn carried_on(mut self, calendar: &Calendar, now: Instant) -> (Episode, Option<LevelDue>) {
        let came_back = self.ended.take().is_some();
        let next = self.next_level(calendar).filter(|(_, day)| *day <= calendar.day(now));
        if let Some((level, _)) = next {
            (self.level, self.level_at, self.told_at) = (level, now, None);
        }
        let due = (came_back || next.is_some()).then(|| self.level_due());
        (self, due)
    }

    /// The episode while no reason holds: ended. A wait or snooze moves the days in which it can go on behind itself.
    fn rested(mut self, deal: &Deal, calendar: &Calendar, now: Instant) -> Episode {
        let today = calendar.day(now);
        if self.goes_on(deal, calendar, today) {
            let ended = self.ended.unwrap_or(Ended { at: now, count_from: today, snoozes: deal.snoozes });
            let count_from = quiet_until(deal).map_or(ended.count_from, |until| ended.count_from.max(until));
            self.ended = Some(Ended { count_from, ..ended });
        }
        self
    }

    fn level_due(&self) -> LevelDue {
        LevelDue { episode: self.number, level: self.level }
    }

    /// The level above and the business day on which it is reached: so many after the one on which its people were told
    /// of this one. As long as they were not it goes no higher, but for [`UNTOLD_DAYS`] at most: who can't be told for
    /// days should not keep the leads from hearing of it.
    fn next_level(&self, calendar: &Calendar) -> Option<(Level, NaiveDate)> {
        let (level, days) = self.level.next()?;
        let from = |at| calendar.business_day_from(calendar.day(at));
        let told = match self.told_at {
            Some(at) => from(at),
            None => calendar.add_business_days(from(self.level_at), UNTOLD_DAYS),
        };
        Some((level, calendar.add_business_days(told, days)))
    }
}

/// How many snoozes count against the owner today: those of the running episode or of the one that would go on, and
/// otherwise those since the latest ended.
fn snoozes_used(latest: Option<&Episode>, deal: &Deal, calendar: &Calendar, today: NaiveDate) -> u32 {
    match latest {
        Some(episode) if episode.goes_on(deal, calendar, today) => episode.snoozes(deal),
        Some(Episode { ended: Some(ended), .. }) => deal.snoozes.saturating_sub(ended.snoozes),
        _ => deal.snoozes,
    }
}

/// What stands in the way of a snooze until a day: it ends after today and within [`SNOOZE_DAYS`], and after
/// [`OWNER_SNOOZES`] in an episode only a lead may go on.
pub fn snooze_problem(
    latest: Option<&Episode>,
    deal: &Deal,
    access: Access,
    calendar: &Calendar,
    today: NaiveDate,
) -> Option<Problem> {
    let used_up = !access.lead && snoozes_used(latest, deal, calendar, today) >= OWNER_SNOOZES;
    used_up.then_some(Problem::SnoozedTwice { deal: deal.number })
}

/// What stands in the way of a snooze until a day, whichever deal it is of.
pub fn snooze_day_problem(until: NaiveDate, calendar: &Calendar, today: NaiveDate) -> Option<Problem> {
    let rule = match () {
        _ if until <= today => DateRule::AfterToday,
        _ if until > calendar.add_business_days(today, SNOOZE_DAYS) => DateRule::Within(SNOOZE_DAYS),
        _ => return None,
    };
    Some(Problem::BadDate { option: "until", date: until, rule })
}

/// The day on which a wait is over when no date is given.
pub fn wait_until(calendar: &Calendar, today: NaiveDate) -> NaiveDate {
    calendar.add_business_days(today, WAIT_DAYS)
}

#[cfg(test)]
mod tests;
