//! Starts a review: its agenda's post becomes the meeting.

use super::UseCase;
use super::change::Change;
use super::meeting::Occasion;
use crate::domain::access::Needed;
use crate::domain::meeting::Meeting;
use crate::domain::outgoing::Posted;
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// Starts the meeting of an occasion. One that runs goes on.
#[derive(Debug, Clone)]
pub struct StartReview {
    /// Which.
    pub occasion: Occasion,
}

/// A review that runs.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its meeting.
    pub meeting: Meeting,
    /// Where it is run.
    pub posted: Posted,
}

impl UseCase for StartReview {
    type Outcome = Started;

    async fn run(self, change: &mut Change<'_>) -> Result<Started, Failure> {
        change.allow(Needed::Any)?;
        let Occasion { review, starts_at, posted, .. } = &self.occasion;
        let known = change.workspace.find_meeting_of(review.id, *starts_at).await?;
        if let Some(over) = known.filter(|meeting| !meeting.runs()) {
            return Err(Problem::MeetingOver { minutes: change.workspace.find_minutes(over.id).await? }.into());
        }
        let meeting = change.take_part(&self.occasion).await?;
        change.show_on_post(meeting.id, *posted);
        Ok(Started { meeting, posted: *posted })
    }
}
