//! A review: the recurring meeting, and one occurrence of it. The rhythm's arithmetic is in [`super::cadence`].

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Instant;
use super::deal::Deal;
use super::id::{ChannelId, MessageId, PartnerId, ReviewId};

/// The state of a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The id in the workspace.
    pub id: ReviewId,
    /// How many events made this state.
    #[serde(default)]
    pub version: i64,
    /// Unique in the workspace regardless of case.
    pub name: String,
    /// Where the agenda is posted.
    pub channel: ChannelId,
    /// When it meets.
    pub rhythm: Rhythm,
    /// Only this partner's deals.
    pub partner: Option<PartnerId>,
    /// Minutes before the meeting at which the agenda is posted.
    pub post_before: u32,
    /// Whether owners are asked to bring their stalled deals up to date, the business day before.
    pub collect: bool,
    /// Local days of occurrences that were skipped on purpose (the day as the rhythm gives it, before any move).
    #[serde(default)]
    pub skipped: BTreeSet<NaiveDate>,
    /// No more occurrences.
    #[serde(default)]
    pub cancelled: bool,
}

impl Review {
    /// Whether an occurrence whose agenda is posted isn't held after all.
    pub fn calls_off(&self, starts_at: Instant) -> bool {
        self.cancelled || self.skipped.contains(&self.rhythm.day(starts_at))
    }

    /// Whether a deal is one of those that it goes through.
    pub fn is_about(&self, deal: &Deal) -> bool {
        self.partner.is_none_or(|partner| deal.partners().any(|p| p == partner))
    }
}

/// When a review meets: wall time in a zone, so that it stays at 09:30 over clock changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// How often.
    pub every: Every,
    /// On which day.
    pub weekday: Weekday,
    /// Which such day of the month; for [`Every::Month`] only.
    pub week: Option<WeekOfMonth>,
    /// The meeting's start, wall time.
    pub time: NaiveTime,
    /// In which zone.
    pub zone: Tz,
    /// No occurrence before this day; also anchors "every two weeks".
    pub starts: NaiveDate,
    /// What a holiday does to an occurrence.
    pub holiday: OnHoliday,
}

/// The interval of a rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Every week.
    Week,
    /// Every two weeks.
    TwoWeeks,
    /// Every four weeks.
    FourWeeks,
    /// Once a month, on the first … last such weekday.
    Month,
}

/// Which such weekday of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeekOfMonth {
    /// The first.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last.
    Last,
}

/// What a holiday does to an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnHoliday {
    /// It is left out.
    Skip,
    /// It is held on the next business day, same time.
    Move,
}

/// One meeting of a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Of which review.
    pub review: ReviewId,
    /// When it begins.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub starts_at: Instant,
    /// What became of it.
    pub outcome: Outcome,
    /// The agenda's message, once known.
    pub message: Option<MessageId>,
}

/// What became of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its agenda was handed to the outbox.
    Posted,
    /// Its agenda was never posted: the bot was down for too long, or the channel refused it.
    Missed,
    /// Left out on purpose, or for a holiday.
    Skipped,
}

impl super::event::Tracked for Review {
    const KIND: super::event::SubjectKind = super::event::SubjectKind::Review;

    fn id(&self) -> i64 {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, _: super::event::EventKind, _: super::Instant) {
        self.version = version;
    }

    fn name_key(&self) -> Option<String> {
        (!self.cancelled).then(|| super::account::name_key(&self.name))
    }
}
