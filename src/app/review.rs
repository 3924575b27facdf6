//! What the use cases of reviews share, and reviews as people read them: with the dates that come next.

use chrono::Duration;

use super::look::Look;
use crate::domain::Instant;
use crate::domain::cadence::next_after;
use crate::domain::calendar::Calendar;
use crate::domain::likeness::closest;
use crate::domain::overview::ReviewCard;
use crate::domain::refusal::{Problem, Thing};
use crate::domain::review::Review;
use crate::error::Failure;
use crate::store::Workspace;

/// How many names are offered instead of one that isn't there.
const CLOSE: usize = 3;
/// How many meetings are told ahead.
const AHEAD: usize = 3;

/// The review of a typed name, or a refusal with names that are close. Cancelled ones are not found.
pub async fn find(workspace: &mut Workspace<'_>, typed: &str) -> Result<Result<Review, Problem>, Failure> {
    if let Some(review) = workspace.find_review_named(typed).await? {
        return Ok(Ok(review));
    }
    let all = workspace.find_reviews().await?;
    let names = all.iter().filter(|review| !review.cancelled).map(|review| review.name.as_str());
    let close = closest(typed, names, CLOSE);
    Ok(Err(Problem::NotFound { what: Thing::Review, typed: typed.to_owned(), close }))
}

/// When a review meets next, soonest first.
pub fn coming(review: &Review, calendar: &Calendar, now: Instant) -> Vec<Instant> {
    let mut after = now;
    let next = || {
        let planned = next_after(review, calendar, after)?;
        after = planned.starts_at;
        Some(planned.starts_at)
    };
    std::iter::from_fn(next).take(AHEAD).collect()
}

impl Look {
    /// A review with its next meetings.
    pub async fn review_card(&mut self, review: Review) -> Result<ReviewCard, Failure> {
        Ok(self.review_cards(vec![review]).await?.remove(0))
    }

    /// Reviews with their next meetings, in their order.
    pub async fn review_cards(&mut self, reviews: Vec<Review>) -> Result<Vec<ReviewCard>, Failure> {
        let partners = self.workspace.find_partners().await?;
        let calendar = Calendar::of(&self.settings);
        let name_of = |review: &Review| {
            let id = review.partner?;
            partners.iter().find(|partner| partner.id == id).map(|partner| partner.name.clone())
        };
        let now = self.now;
        let card =
            |review: Review| ReviewCard { partner: name_of(&review), next: coming(&review, &calendar, now), review };
        Ok(reviews.into_iter().map(card).collect())
    }

    /// The reviews that still meet, the one that meets next first; those with no date in sight last.
    pub async fn running_reviews(&mut self) -> Result<Vec<ReviewCard>, Failure> {
        let mut reviews = self.workspace.find_reviews().await?;
        reviews.retain(|review| !review.cancelled);
        let mut cards = self.review_cards(reviews).await?;
        let never = self.now + Duration::days(36_500);
        cards.sort_by_key(|card| (card.next.first().copied().unwrap_or(never), card.review.id));
        Ok(cards)
    }
}
