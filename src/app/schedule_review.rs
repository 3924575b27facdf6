//! Sets when a review meets, or changes the one of that name: `/review schedule`.

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::UseCase;
use super::change::{Change, Edited};
use super::reading::{given, read_name, read_zone};
use super::record_deal::find_partner;
use crate::domain::access::Needed;
use crate::domain::date::parse_time;
use crate::domain::event::EventKind;
use crate::domain::id::{ChannelId, PartnerId};
use crate::domain::refusal::{Problem, Problems, Takes};
use crate::domain::review::{Every, OnHoliday, Review, Rhythm, WeekOfMonth};
use crate::error::Failure;

/// How long before the meeting the agenda is posted when nobody said, in minutes.
const POST_BEFORE: u32 = 60;
/// The most, in minutes: a day.
const POST_BEFORE_MOST: u32 = 1_440;

/// A review as typed. What is `None` stays, or is as usual for a new one.
#[derive(Debug, Clone)]
pub struct ScheduleReview {
    /// Its name; that of an existing one changes it.
    pub name: String,
    /// Where the agenda is posted.
    pub channel: ChannelId,
    /// How often.
    pub every: Every,
    /// On which day.
    pub weekday: Weekday,
    /// The meeting's start, as typed.
    pub time: String,
    /// Which such day of the month, for a monthly one.
    pub week: Option<WeekOfMonth>,
    /// As typed.
    pub timezone: Option<String>,
    /// No meeting before this day, as typed.
    pub starts: Option<String>,
    /// The one partner that it is about, as typed.
    pub partner: Option<String>,
    /// Minutes.
    pub post_before: Option<u32>,
    /// Whether owners are asked to bring stalled deals up to date before it.
    pub collect: Option<bool>,
    /// What a holiday does to it.
    pub holiday: Option<OnHoliday>,
}

impl ScheduleReview {
    /// A weekly one in the workspace's zone, with everything else as usual.
    pub fn weekly(name: &str, channel: ChannelId, weekday: Weekday, time: String) -> ScheduleReview {
        ScheduleReview {
            name: name.to_owned(),
            channel,
            every: Every::Week,
            weekday,
            time,
            week: None,
            timezone: None,
            starts: None,
            partner: None,
            post_before: None,
            collect: None,
            holiday: None,
        }
    }
}

/// A review that was scheduled or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// As it is.
    pub review: Review,
    /// [`EventKind::Created`] or [`EventKind::Edited`].
    pub kind: EventKind,
}

/// What could be read of it.
struct Read {
    name: String,
    time: NaiveTime,
    zone: Option<Tz>,
    starts: Option<NaiveDate>,
    partner: Option<PartnerId>,
}

impl UseCase for ScheduleReview {
    type Outcome = Scheduled;

    async fn run(self, change: &mut Change<'_>) -> Result<Scheduled, Failure> {
        change.allow(Needed::Lead)?;
        let read = self.read(change).await?;
        let known = change.workspace.find_review_named(&read.name).await?;
        let Some(mut review) = known else {
            let id = change.workspace.next_review_id().await?;
            let review = self.fresh(change, id, read);
            return Ok(Scheduled { review: change.create(review, None)?, kind: EventKind::Created });
        };
        let wanted = self.changed(review.clone(), read);
        match change.edit(&mut review, EventKind::Edited, None, |review| *review = wanted)? {
            Edited::Yes => Ok(Scheduled { review, kind: EventKind::Edited }),
            Edited::No => Err(Problem::NothingToDo.into()),
        }
    }
}

impl ScheduleReview {
    async fn read(&self, change: &mut Change<'_>) -> Result<Read, Failure> {
        let mut problems = Problems::default();
        let name = problems.take(read_name("name", &self.name));
        let time = problems.take(read_time("time", &self.time));
        if self.week.is_some() && self.every != Every::Month {
            problems.add(Problem::OnlyWith { option: "week", with: "every: Every month" });
        }
        let zone = given(&self.timezone).and_then(|typed| problems.take(read_zone(typed)));
        let starts = given(&self.starts).and_then(|typed| problems.take(change.read_day("starts", typed)));
        let partner = match given(&self.partner) {
            Some(typed) => problems.take(find_partner(change, typed).await?).map(|partner| partner.id),
            None => None,
        };
        problems.finish()?;
        let (name, time) = (name.unwrap_or_default(), time.unwrap_or_default());
        Ok(Read { name, time, zone, starts, partner })
    }

    fn fresh(&self, change: &Change<'_>, id: crate::domain::id::ReviewId, read: Read) -> Review {
        let rhythm = Rhythm {
            every: self.every,
            weekday: self.weekday,
            week: None,
            time: read.time,
            zone: change.settings.zone(),
            starts: change.today(),
            holiday: OnHoliday::Move,
        };
        let usual = Review {
            id,
            version: 0,
            name: read.name.clone(),
            channel: self.channel,
            rhythm,
            partner: None,
            post_before: POST_BEFORE,
            collect: true,
            skipped: Default::default(),
            cancelled: false,
        };
        self.changed(usual, read)
    }

    fn changed(&self, mut review: Review, read: Read) -> Review {
        let was = &review.rhythm;
        let week = self.week.or(was.week).unwrap_or(WeekOfMonth::First);
        review.rhythm = Rhythm {
            every: self.every,
            weekday: self.weekday,
            week: (self.every == Every::Month).then_some(week),
            time: read.time,
            zone: read.zone.unwrap_or(was.zone),
            starts: read.starts.unwrap_or(was.starts),
            holiday: self.holiday.unwrap_or(was.holiday),
        };
        review.channel = self.channel;
        review.partner = read.partner.or(review.partner);
        review.post_before = self.post_before.unwrap_or(review.post_before).min(POST_BEFORE_MOST);
        review.collect = self.collect.unwrap_or(review.collect);
        review
    }
}

fn read_time(option: &'static str, typed: &str) -> Result<NaiveTime, Problem> {
    parse_time(typed).ok_or_else(|| Problem::Unreadable { option, typed: typed.to_owned(), takes: Takes::Time })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::skip_review::SkipReview;
    use crate::app::testing::{Bench, GUILD, admin_of, lead, rep, weekly};
    use crate::domain::id::GuildId;
    use crate::domain::refusal::{DateRule, Thing};

    fn schedule(name: &str) -> ScheduleReview {
        ScheduleReview { every: Every::TwoWeeks, ..weekly(name, ChannelId(11)) }
    }

    fn problems<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Vec<Problem> {
        match outcome {
            Err(Failure::Refused(refused)) => refused.problems,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_known_name_changes_that_review_and_keeps_what_was_not_given() {
        let bench = Bench::ready().await;
        let tokyo = ScheduleReview { timezone: Some("Tokyo".to_owned()), ..schedule("Pipeline") };
        let first = bench.app.change(&lead(), tokyo).await.unwrap();
        assert_eq!((first.kind, first.review.post_before), (EventKind::Created, 60));
        assert!(first.review.collect, "unless somebody says otherwise");
        let later = ScheduleReview { time: "10am".to_owned(), collect: Some(false), ..schedule(" pipeline ") };
        let second = bench.app.change(&lead(), later.clone()).await.unwrap();
        assert_eq!((second.kind, second.review.id), (EventKind::Edited, first.review.id));
        assert_eq!(second.review.rhythm.zone, Tz::Asia__Tokyo);
        assert_eq!(second.review.rhythm.starts, first.review.rhythm.starts, "every two weeks counts on as before");
        assert!(!second.review.collect);
        bench.assert_replays(GUILD, &second.review).await;
        assert_eq!(problems(bench.app.change(&lead(), later).await), [Problem::NothingToDo]);
        assert!(bench.app.change(&rep(), schedule("Other")).await.is_err(), "a rep schedules nothing");
    }

    #[tokio::test]
    async fn all_that_is_wrong_is_told_at_once() {
        let bench = Bench::ready().await;
        let wrong = ScheduleReview {
            time: "noonish".to_owned(),
            week: Some(WeekOfMonth::Last),
            timezone: Some("Berlni".to_owned()),
            starts: Some("someday".to_owned()),
            partner: Some("Initech".to_owned()),
            ..schedule("\u{200B}")
        };
        assert_eq!(problems(bench.app.change(&lead(), wrong).await).len(), 6);
    }

    #[tokio::test]
    async fn only_a_meeting_that_is_still_to_come_is_skipped() {
        let bench = Bench::ready().await;
        let starts = Some("2026-12-01".to_owned());
        bench.app.change(&lead(), ScheduleReview { starts, ..schedule("Pipeline") }).await.unwrap();
        let skip = |date: &str| SkipReview { review: "Pipeline".to_owned(), date: date.to_owned() };
        let skipped = bench.app.change(&lead(), skip("2026-12-29")).await.unwrap();
        assert_eq!(skipped.review.skipped.len(), 1);
        bench.assert_replays(GUILD, &skipped.review).await;
        let again = problems(bench.app.change(&lead(), skip("2026-12-29")).await);
        let [Problem::NotFound { what: Thing::Occurrence, close, .. }] = &again[..] else { panic!("{again:?}") };
        assert_eq!(close[0], "2027-01-12", "the meetings that are still to come are offered");
        let over = problems(bench.app.change(&lead(), skip("2026-12-15")).await);
        assert!(matches!(over[..], [Problem::BadDate { rule: DateRule::NotPast, .. }]), "{over:?}");
    }

    #[tokio::test]
    async fn a_review_of_another_workspace_reads_as_one_that_does_not_exist() {
        let bench = Bench::ready().await;
        bench.app.change(&lead(), schedule("Pipeline")).await.unwrap();
        bench.set_up(GuildId(2)).await;
        let elsewhere = admin_of(GuildId(2));
        let skip = SkipReview { review: "Pipeline".to_owned(), date: "2026-12-29".to_owned() };
        let found = problems(bench.app.change(&elsewhere(), skip).await);
        assert!(matches!(&found[..], [Problem::NotFound { close, .. }] if close.is_empty()), "{found:?}");
        let own = bench.app.change(&elsewhere(), schedule("Pipeline")).await.unwrap();
        assert_eq!(own.kind, EventKind::Created);
    }
}
