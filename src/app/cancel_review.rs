//! Ends a review for good: `/review cancel`.

use super::UseCase;
use super::change::Change;
use super::review::find;
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::outgoing::Posted;
use crate::domain::review::Review;
use crate::error::Failure;

/// Which one, as typed.
#[derive(Debug, Clone)]
pub struct CancelReview {
    /// The review's name, which is free again afterwards.
    pub review: String,
}

/// A review that doesn't meet any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The review.
    pub review: Review,
    /// The agenda of a meeting that was still to come, where it was posted already.
    pub posted: Option<Posted>,
}

impl UseCase for CancelReview {
    type Outcome = Cancelled;

    async fn run(self, change: &mut Change<'_>) -> Result<Cancelled, Failure> {
        change.allow(Needed::Lead)?;
        let mut review = find(&mut change.workspace, &self.review).await?.map_err(Failure::from)?;
        change.edit(&mut review, EventKind::Archived, None, |review| review.cancelled = true)?;
        let now = change.now;
        let posted = change.call_off(&review, |starts_at| starts_at > now).await?;
        Ok(Cancelled { review, posted })
    }
}
