//! What the use cases of reviews share, such as calling a meeting off whose agenda is posted, and reviews as people read
//! them: with the dates that come next.

use super::change::Change;
use super::on_deal::UNDO_WINDOW;
use crate::domain::Instant;
use crate::domain::cadence::next_after;
use crate::domain::calendar::Calendar;
use crate::domain::id::ChannelId;
use crate::domain::likeness::closest;
use crate::domain::outgoing::{About, Destination, Posted};
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

/// The review that somebody means: the one that is named, else the one that meets next in their channel, else at all.
pub async fn meant(
    workspace: &mut Workspace<'_>,
    typed: Option<&str>,
    channel: ChannelId,
    now: Instant,
) -> Result<Review, Failure> {
    if let Some(typed) = typed {
        return Ok(find(workspace, typed).await??);
    }
    let mut running = running(workspace, now).await?;
    let here = running.iter().position(|card| card.review.channel == channel).unwrap_or(0);
    match running.is_empty() {
        true => Err(Problem::NoReview.into()),
        false => Ok(running.swap_remove(here).review),
    }
}

impl Change<'_> {
    /// Has the last agenda of a review say that its meeting isn't held, if it is of such a one and Discord has it. The
    /// time to undo passes first.
    pub async fn call_off(
        &mut self,
        review: &Review,
        is_off: impl FnOnce(Instant) -> bool,
    ) -> Result<Option<Posted>, Failure> {
        let last = self.workspace.find_last_agenda(review.id).await?;
        let Some((starts_at, posted)) = last.filter(|(starts_at, _)| is_off(*starts_at)) else { return Ok(None) };
        let (starts_at, agenda, by) = (starts_at.timestamp_millis(), posted.message, self.actor.id);
        let about = About::CalledOff { review: review.id, starts_at, agenda, by };
        self.say(about, Destination::Channel(posted.channel), self.now + UNDO_WINDOW);
        Ok(Some(posted))
    }
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

/// Reviews with the names of their partners and their next meetings, in their order.
pub async fn cards(
    workspace: &mut Workspace<'_>,
    reviews: Vec<Review>,
    now: Instant,
) -> Result<Vec<ReviewCard>, Failure> {
    let partners = workspace.find_partners().await?;
    let calendar = Calendar::of(&workspace.get_settings().await?);
    let name_of = |review: &Review| {
        let id = review.partner?;
        partners.iter().find(|partner| partner.id == id).map(|partner| partner.name.clone())
    };
    let card = |review: Review| ReviewCard { partner: name_of(&review), next: coming(&review, &calendar, now), review };
    Ok(reviews.into_iter().map(card).collect())
}

/// One review with the name of its partner and its next meetings.
pub async fn card(workspace: &mut Workspace<'_>, review: Review, now: Instant) -> Result<ReviewCard, Failure> {
    Ok(cards(workspace, vec![review], now).await?.remove(0))
}

/// The reviews that still meet, the one that meets next first; those with no date in sight last.
pub async fn running(workspace: &mut Workspace<'_>, now: Instant) -> Result<Vec<ReviewCard>, Failure> {
    let mut reviews = workspace.find_reviews().await?;
    reviews.retain(|review| !review.cancelled);
    let mut cards = cards(workspace, reviews, now).await?;
    cards.sort_by_key(|card| (card.next.is_empty(), card.next.first().copied(), card.review.id));
    Ok(cards)
}
