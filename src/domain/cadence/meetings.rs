//! What became of the meetings of reviews. This is the one place that says which were held: `/program cadence` and
//! `/program health`, the history of a review and its agendas all count by it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::Instant;
use crate::domain::calendar::instant;
use crate::domain::card::Named;
use crate::domain::id::{MeetingId, MemberId, ReviewId};
use crate::domain::item::{Item, What};
use crate::domain::meeting::{Held, Meeting, RUNS_FOR};
use crate::domain::outgoing::Posted;
use crate::domain::overview::ReviewCard;
use crate::domain::review::{Occurrence, Outcome, Review, Rhythm};

/// What became of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It was held ([`Meeting::outcome`]).
    Held,
    /// Its agenda was posted, and nobody started it within a day; or somebody did and it ended without being held.
    NotHeld,
    /// Its agenda is posted and it can still be started, or it runs.
    Untold,
    /// Its agenda was never posted.
    Missed,
    /// It was left out.
    Skipped,
}

/// What became of an occurrence, with the meeting if it was started.
pub fn became(occurrence: &Occurrence, meeting: Option<&Meeting>, now: Instant) -> Became {
    match (meeting.map(Meeting::outcome), occurrence.outcome) {
        // 1. Who met has met, though the day was left out afterwards.
        (Some(Held::Yes), _) => Became::Held,
        (_, Outcome::Skipped) => Became::Skipped,
        (_, Outcome::Missed) => Became::Missed,
        (Some(Held::No), Outcome::Posted) => Became::NotHeld,
        (Some(Held::Runs), Outcome::Posted) => Became::Untold,
        // 2. As long as it can be started, nothing is said of it.
        (None, Outcome::Posted) if now < occurrence.starts_at + RUNS_FOR => Became::Untold,
        (None, Outcome::Posted) => Became::NotHeld,
    }
}

/// The days of a review that were left out before their agenda was posted, as occurrences of a stretch of time: all but
/// those that are settled.
pub fn left_out(review: &Review, settled: &[Occurrence], from: Instant, until: Instant) -> Vec<Occurrence> {
    let Rhythm { zone, time, .. } = review.rhythm;
    let day = |at: Instant| at.with_timezone(&zone).date_naive();
    let settled = settled.iter().filter(|occurrence| occurrence.review == review.id);
    let settled: BTreeSet<NaiveDate> = settled.map(|occurrence| day(occurrence.starts_at)).collect();
    let starts = review.skipped.difference(&settled).map(|day| instant(zone, *day, time));
    let within = starts.filter(|starts_at| from <= *starts_at && *starts_at < until);
    within
        .map(|starts_at| Occurrence { review: review.id, starts_at, outcome: Outcome::Skipped, message: None })
        .collect()
}

/// What happened in reviews over a stretch of time.
#[derive(Debug, Clone)]
pub struct Happened {
    /// From when on.
    pub from: Instant,
    /// Until before when.
    pub until: Instant,
    /// The settled occurrences that begin in it.
    pub occurrences: Vec<Occurrence>,
    /// Those of them that were started.
    pub meetings: Vec<Meeting>,
    /// What came of those, and the actions that ended in the stretch.
    pub items: Vec<Item>,
    /// When that is told.
    pub now: Instant,
}

/// What became of a review's meetings that began in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meetings {
    /// The review.
    pub id: ReviewId,
    /// Its name.
    pub review: String,
    /// Meetings that were held.
    pub held: usize,
    /// Meetings that were not, though the agenda was posted, the earliest first.
    pub not_held: Vec<Instant>,
    /// Meetings that run, or can still be started.
    pub untold: usize,
    /// Meetings whose agenda never was posted, the earliest first.
    pub missed: Vec<Instant>,
    /// Meetings that were left out.
    pub skipped: usize,
    /// Decisions made in them.
    pub decisions: usize,
    /// Actions given in them.
    pub given: usize,
    /// Actions of the review that were done or dropped in the stretch, whenever they were given.
    pub ended: usize,
}

impl Meetings {
    /// Nothing so far.
    pub fn none(id: ReviewId, review: &str) -> Meetings {
        Meetings {
            id,
            review: review.to_owned(),
            held: 0,
            not_held: Vec::new(),
            untold: 0,
            missed: Vec::new(),
            skipped: 0,
            decisions: 0,
            given: 0,
            ended: 0,
        }
    }

    /// How many there were of which it is known what became of them.
    pub fn told(&self) -> usize {
        self.held + self.not_held.len() + self.missed.len() + self.skipped
    }

    fn count(&mut self, starts_at: Instant, became: Became) {
        match became {
            Became::Held => self.held += 1,
            Became::NotHeld => self.not_held.push(starts_at),
            Became::Untold => self.untold += 1,
            Became::Missed => self.missed.push(starts_at),
            Became::Skipped => self.skipped += 1,
        }
    }
}

impl Happened {
    /// What became of the meetings of some reviews, those with any in the order of the reviews.
    pub fn by_review(&self, reviews: &[Review]) -> Vec<Meetings> {
        let any = |review: &&Review| self.occurrences.iter().any(|occurrence| occurrence.review == review.id);
        reviews.iter().filter(any).map(|review| self.of(review)).collect()
    }

    /// What became of the meetings of one.
    pub fn of(&self, review: &Review) -> Meetings {
        let mut meetings = Meetings::none(review.id, &review.name);
        for occurrence in self.occurrences.iter().filter(|occurrence| occurrence.review == review.id) {
            let meeting = self.meeting_of(occurrence);
            meetings.count(occurrence.starts_at, became(occurrence, meeting, self.now));
            if let Some(meeting) = meeting {
                let (decisions, given) = self.came_of(meeting.id);
                meetings.decisions += decisions;
                meetings.given += given;
            }
        }
        meetings.not_held.sort_unstable();
        meetings.missed.sort_unstable();
        let ended = self.items.iter().filter(|item| item.review == review.id && !item.withdrawn);
        let ended = ended.filter_map(Item::ended).filter(|ended| self.from <= ended.at && ended.at < self.until);
        meetings.ended = ended.count();
        meetings
    }

    /// The decisions and the actions that came of a meeting; what was taken back did not.
    fn came_of(&self, meeting: MeetingId) -> (usize, usize) {
        let items = || self.items.iter().filter(|item| item.meeting == Some(meeting) && !item.withdrawn);
        let decisions = items().filter(|item| item.what == What::Decision).count();
        (decisions, items().filter(|item| item.assignee().is_some()).count())
    }

    fn meeting_of(&self, occurrence: &Occurrence) -> Option<&Meeting> {
        let of = |meeting: &&Meeting| (meeting.review, meeting.starts_at) == (occurrence.review, occurrence.starts_at);
        self.meetings.iter().find(of)
    }

    /// One occurrence as a line of its review's history.
    pub fn past(&self, occurrence: &Occurrence, minutes: &[(MeetingId, Posted)]) -> Past {
        let meeting = self.meeting_of(occurrence).cloned();
        let (decisions, actions) = meeting.as_ref().map(|meeting| self.came_of(meeting.id)).unwrap_or_default();
        let at = |meeting: &Meeting| minutes.iter().find(|(of, _)| *of == meeting.id).map(|(_, at)| *at);
        Past {
            starts_at: occurrence.starts_at,
            became: became(occurrence, meeting.as_ref(), self.now),
            minutes: meeting.as_ref().and_then(at),
            meeting,
            decisions,
            actions,
        }
    }
}

/// One occurrence of a review as its history tells it.
#[derive(Debug, Clone)]
pub struct Past {
    /// When it was to start.
    pub starts_at: Instant,
    /// What became of it.
    pub became: Became,
    /// The meeting, if somebody started it.
    pub meeting: Option<Meeting>,
    /// Decisions made in it.
    pub decisions: usize,
    /// Actions given in it.
    pub actions: usize,
    /// Where its minutes stand.
    pub minutes: Option<Posted>,
}

/// The history of a review, a page of it.
#[derive(Debug, Clone)]
pub struct HistoryCard {
    /// The review.
    pub of: ReviewCard,
    /// What became of its meetings over a year.
    pub year: Meetings,
    /// How many stalls of its deals began in that year, and how many ended.
    pub stalls: (usize, usize),
    /// The occurrences of the page, the last first.
    pub past: Vec<Past>,
    /// How many there are in all.
    pub total: usize,
    /// Who ran them.
    pub people: BTreeMap<MemberId, Named>,
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use rstest::rstest;

    use super::super::tests::review;
    use super::*;
    use crate::domain::id::MemberId;
    use crate::domain::item::Ended;
    use crate::domain::meeting::Closed;
    use crate::domain::testing::{action, at, topic};

    const START: &str = "2026-11-03T14:30:00Z";

    fn occurrence(start: &str, outcome: Outcome) -> Occurrence {
        Occurrence { review: ReviewId(1), starts_at: at(start), outcome, message: None }
    }

    /// The meeting of an occurrence, started so many minutes after its time by member 1.
    fn started(start: &str, late: i64) -> Meeting {
        let started_at = at(start) + Duration::minutes(late);
        Meeting::start(MeetingId(1), (ReviewId(1), at(start)), (MemberId(1), started_at), Vec::new())
    }

    fn closed(meeting: Meeting, by: Option<i64>) -> Meeting {
        let at = meeting.started_at + Duration::minutes(34);
        let closed = Closed { at, by: by.map(MemberId), moved: Vec::new(), entered: 0, left: 0, actions_closed: 0 };
        Meeting { closed: Some(closed), ..meeting }
    }

    #[rstest]
    #[case::on_time_and_closed(Outcome::Posted, Some(closed(started(START, 120), Some(1))), Became::Held)]
    #[case::late_by_one_person(Outcome::Posted, Some(closed(started(START, 121), Some(1))), Became::NotHeld)]
    #[case::closed_by_itself(Outcome::Posted, Some(closed(started(START, 0), None)), Became::NotHeld)]
    #[case::runs(Outcome::Posted, Some(started(START, 0)), Became::Untold)]
    #[case::nobody_started_it(Outcome::Posted, None, Became::NotHeld)]
    #[case::never_posted(Outcome::Missed, None, Became::Missed)]
    #[case::left_out(Outcome::Skipped, None, Became::Skipped)]
    #[case::left_out_after_it_was_held(Outcome::Skipped, Some(closed(started(START, 0), Some(1))), Became::Held)]
    #[case::left_out_while_it_runs(Outcome::Skipped, Some(started(START, 0)), Became::Skipped)]
    fn a_meeting_is_held_missed_skipped_or_not_held(
        #[case] outcome: Outcome,
        #[case] meeting: Option<Meeting>,
        #[case] told: Became,
    ) {
        let a_day_later = at("2026-11-04T14:30:00Z");
        assert_eq!(became(&occurrence(START, outcome), meeting.as_ref(), a_day_later), told);
    }

    #[rstest]
    #[case::ahead("2026-11-03T13:30:00Z", Became::Untold)]
    #[case::the_last_moment("2026-11-04T14:29:59Z", Became::Untold)]
    #[case::a_day_later("2026-11-04T14:30:00Z", Became::NotHeld)]
    fn nothing_is_said_of_a_meeting_that_can_still_be_started(#[case] now: &str, #[case] told: Became) {
        assert_eq!(became(&occurrence(START, Outcome::Posted), None, at(now)), told);
    }

    /// October to December 2026, told on 25 November: held on 3 November, not on the 17th, missed on the 10th.
    fn happened() -> Happened {
        let decided = |id| Item { what: What::Decision, meeting: Some(MeetingId(1)), open: false, ..topic(id, None) };
        let done = |mut item: Item, day: &str| {
            item.end(Ended { by: MemberId(1), at: at(day), why: None });
            item
        };
        Happened {
            from: at("2026-10-01T00:00:00Z"),
            until: at("2027-01-01T00:00:00Z"),
            occurrences: vec![
                occurrence("2026-11-24T14:30:00Z", Outcome::Posted),
                occurrence("2026-11-17T14:30:00Z", Outcome::Posted),
                occurrence("2026-11-10T14:30:00Z", Outcome::Missed),
                occurrence(START, Outcome::Posted),
                occurrence("2026-10-27T14:30:00Z", Outcome::Skipped),
            ],
            meetings: vec![closed(started(START, 5), Some(1))],
            items: vec![
                decided(1),
                decided(2),
                Item { withdrawn: true, ..decided(3) },
                action(4, MemberId(2), "2026-11-20"),
                done(action(5, MemberId(2), "2026-11-20"), "2026-11-19T10:00:00Z"),
                // Of a meeting before: done in this stretch, and before it.
                done(
                    Item { meeting: Some(MeetingId(9)), ..action(6, MemberId(1), "2026-10-01") },
                    "2026-10-01T00:00:00Z",
                ),
                done(
                    Item { meeting: Some(MeetingId(9)), ..action(7, MemberId(1), "2026-10-01") },
                    "2026-09-30T23:59:59Z",
                ),
                // Of another review.
                done(
                    Item { review: ReviewId(2), meeting: None, ..action(8, MemberId(1), "2026-11-20") },
                    "2026-11-19T10:00:00Z",
                ),
            ],
            now: at("2026-11-25T10:00:00Z"),
        }
    }

    #[test]
    fn a_quarter_counts_its_meetings_with_what_came_of_them() {
        let other = Review { id: ReviewId(2), ..review() };
        let told = happened().by_review(&[review(), other]);
        let expected = Meetings {
            held: 1,
            not_held: vec![at("2026-11-17T14:30:00Z")],
            untold: 1,
            missed: vec![at("2026-11-10T14:30:00Z")],
            skipped: 1,
            decisions: 2,
            given: 2,
            ended: 2,
            ..Meetings::none(ReviewId(1), "Pipeline")
        };
        assert_eq!(told, [expected], "a review without meetings is not told of");
        assert_eq!(told[0].told(), 4, "the one that can still be started doesn't count");
    }

    #[test]
    fn days_that_were_left_out_ahead_are_occurrences_once_their_time_has_come() {
        let skipped = ["2026-10-27", "2026-11-10", "2026-11-24"].map(crate::domain::testing::day).into();
        let settled = [occurrence("2026-11-10T14:00:00Z", Outcome::Posted)];
        let review = Review { skipped, ..review() };
        let until = |until| left_out(&review, &settled, at("2026-10-01T00:00:00Z"), at(until));
        let told: Vec<Instant> = until("2026-11-24T14:30:00Z").into_iter().map(|told| told.starts_at).collect();
        assert_eq!(told, [at("2026-10-27T13:30:00Z")], "09:30 in New York; the one of the 10th is settled");
        assert_eq!(until("2026-11-24T14:30:01Z").len(), 2);
    }

    #[test]
    fn an_occurrence_is_told_with_its_meeting_and_where_the_minutes_stand() {
        let happened = happened();
        let place = |message| Posted {
            guild: crate::domain::id::GuildId(7),
            channel: crate::domain::id::ChannelId(81),
            message: crate::domain::id::MessageId(message),
        };
        let minutes = [(MeetingId(9), place(1)), (MeetingId(1), place(2))];
        let told = happened.past(&occurrence(START, Outcome::Posted), &minutes);
        assert_eq!((told.became, told.decisions, told.actions), (Became::Held, 2, 2));
        assert_eq!(told.minutes, Some(place(2)));
        let missed = happened.past(&happened.occurrences[2], &minutes);
        assert_eq!((missed.became, missed.decisions, missed.minutes), (Became::Missed, 0, None));
    }
}
