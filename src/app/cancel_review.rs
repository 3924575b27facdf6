//! Ends a review for good: `/review cancel`.

use super::UseCase;
use super::change::Change;
use super::review::find;
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::review::Review;
use crate::error::Failure;

/// Which one, as typed.
#[derive(Debug, Clone)]
pub struct CancelReview {
    /// The review's name, which is free again afterwards.
    pub review: String,
}

impl UseCase for CancelReview {
    type Outcome = Review;

    async fn run(self, change: &mut Change<'_>) -> Result<Review, Failure> {
        change.allow(Needed::Lead)?;
        let mut review = find(&mut change.workspace, &self.review).await?.map_err(Failure::from)?;
        change.edit(&mut review, EventKind::Archived, None, |review| review.cancelled = true)?;
        Ok(review)
    }
}
