//! Leaves one meeting of a review out: `/review skip`.

use chrono::NaiveDate;

use super::UseCase;
use super::change::Change;
use super::reading::all_read;
use super::review::{coming, find};
use crate::domain::access::Needed;
use crate::domain::cadence::{Planned, find_on};
use crate::domain::event::EventKind;
use crate::domain::outgoing::Posted;
use crate::domain::refusal::{DateRule, Problem, Problems, Thing};
use crate::domain::review::Review;
use crate::error::Failure;

/// Which meeting of which review, as typed.
#[derive(Debug, Clone)]
pub struct SkipReview {
    /// The review's name.
    pub review: String,
    /// The day of the meeting.
    pub date: String,
}

/// A meeting that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The review after it.
    pub review: Review,
    /// The day on which it would have been held.
    pub day: NaiveDate,
    /// Its agenda, where that was posted already.
    pub posted: Option<Posted>,
}

impl UseCase for SkipReview {
    type Outcome = Skipped;

    async fn run(self, change: &mut Change<'_>) -> Result<Skipped, Failure> {
        change.allow(Needed::Lead)?;
        let mut problems = Problems::default();
        let review = problems.take(find(&mut change.workspace, &self.review).await?);
        let day = problems.take(change.read_day("date", &self.date));
        let (mut review, day) = all_read(problems, review.zip(day))?;
        let planned = self.meeting(change, &review, day)?;
        if change.workspace.find_meeting_of(review.id, planned.starts_at).await?.is_some() {
            return Err(Problem::MeetingStarted { review: review.name }.into());
        }
        change.edit(&mut review, EventKind::Edited, None, |review| {
            review.skipped.insert(planned.day);
        })?;
        let posted = change.call_off(&review, |starts_at| starts_at == planned.starts_at).await?;
        Ok(Skipped { review, day: planned.held_on, posted })
    }
}

impl SkipReview {
    /// The meeting of the day, if it is still to come.
    fn meeting(&self, change: &Change<'_>, review: &Review, day: NaiveDate) -> Result<Planned, Problem> {
        let calendar = change.calendar();
        let planned = find_on(review, &calendar, day).ok_or_else(|| {
            let next = coming(review, &calendar, change.now);
            let close = next.iter().map(|at| review.rhythm.day(*at).to_string()).collect();
            Problem::NotFound { what: Thing::Occurrence, typed: self.date.clone(), close }
        })?;
        match planned.starts_at > change.now {
            true => Ok(planned),
            false => Err(Problem::BadDate { option: "date", date: day, rule: DateRule::NotPast }),
        }
    }
}
