//! The scheduled event that Discord shows for a review, kept in step with it: made, edited or deleted by what is true
//! when its row of the outbox is claimed. It is a courtesy: where the bot may not make events, nobody is troubled.
//!
//! An event can't be posted with a nonce. So before one is made, ours is looked for by the reference in its description:
//! one of whose making no answer came is found and kept.

use chrono::Duration;

use super::App;
use super::courier::Trouble;
use super::deliver::{back_off, is_given_up};
use crate::domain::Instant;
use crate::domain::cadence::{next_after, repeat};
use crate::domain::calendar::Calendar;
use crate::domain::id::{GuildId, ReviewId, ScheduledEventId};
use crate::domain::overview::EventProspect;
use crate::domain::review::Review;
use crate::error::Failure;
use crate::render::scheduled_event::body;
use crate::store::Workspace;
use crate::store::outbox::{Claimed, Delivery};
use crate::store::scheduled_event::Kept;

const UNKNOWN_EVENT: u32 = 10_070;
const FINISHED_EVENT: u32 = 180_000;
const MISSING_PERMISSIONS: u32 = 50_013;

impl App {
    /// Brings the event of a review to what it is to be now, and says how the row ends.
    pub(super) async fn keep_event(&self, row: &Claimed, id: ReviewId, now: Instant) -> Result<Delivery, Failure> {
        let mut workspace = self.store.read(row.guild).await?;
        let calendar = Calendar::of(&workspace.get_settings().await?);
        let review = workspace.find_review(id).await?;
        let kept = workspace.find_scheduled_event(id).await?;
        drop(workspace);
        let reference = format!("r{}-{id}", self.store.tag());
        let wanted = review.and_then(|review| body(row.guild, &review, &calendar, &reference, now));
        match self.bring_about(row.guild, wanted.as_deref(), kept.as_ref(), &reference).await {
            Ok(found) if found != kept => self.note_event(row.guild, id, found).await.map(|()| Delivery::Done),
            Ok(_) => Ok(Delivery::Done),
            Err(trouble) => Ok(after(row, &trouble, now)),
        }
    }

    /// Makes, edits or deletes; gives what Discord has then.
    async fn bring_about(
        &self,
        guild: GuildId,
        wanted: Option<&str>,
        kept: Option<&Kept>,
        reference: &str,
    ) -> Result<Option<Kept>, Trouble> {
        if let Some(kept) = kept {
            if wanted == Some(&kept.told) {
                return Ok(Some(kept.clone()));
            }
            match self.apply(guild, kept.id, wanted).await {
                Err(Trouble::Refused { code: UNKNOWN_EVENT | FINISHED_EVENT, .. }) => {}
                other => return other,
            }
        }
        match (self.courier.find_event(guild, reference).await?, wanted) {
            (Some(id), _) => self.apply(guild, id, wanted).await,
            (None, Some(told)) => {
                let id = self.courier.create_event(guild, told).await?;
                Ok(Some(Kept { id, told: told.to_owned() }))
            }
            (None, None) => Ok(None),
        }
    }

    async fn apply(&self, guild: GuildId, id: ScheduledEventId, wanted: Option<&str>) -> Result<Option<Kept>, Trouble> {
        match wanted {
            Some(told) => {
                self.courier.edit_event(guild, id, told).await?;
                Ok(Some(Kept { id, told: told.to_owned() }))
            }
            None => {
                self.courier.delete_event(guild, id).await?;
                Ok(None)
            }
        }
    }

    async fn note_event(&self, guild: GuildId, review: ReviewId, kept: Option<Kept>) -> Result<(), Failure> {
        self.store
            .write(move |connection| {
                let kept = kept.clone();
                Box::pin(async move {
                    Workspace::writing(guild, connection).set_scheduled_event(review, kept.as_ref()).await
                })
            })
            .await
    }

    /// Whether Discord will show an event for a review.
    pub async fn event_prospect(
        &self,
        guild: GuildId,
        review: &Review,
        calendar: &Calendar,
        now: Instant,
    ) -> EventProspect {
        let Some(next) = next_after(review, calendar, now) else { return EventProspect::Untold };
        if repeat(&review.rhythm, &next).is_none() {
            return EventProspect::NotRepeatable;
        }
        match self.courier.may_create_events(guild).await {
            Ok(true) => EventProspect::Kept,
            Ok(false) => EventProspect::NotAllowed,
            Err(trouble) => {
                tracing::warn!(guild.id = guild.0, %trouble, "whether the bot may make events could not be checked");
                EventProspect::Untold
            }
        }
    }
}

/// What a failed call means for the row. The next agenda brings another one, so no admin is troubled with this one.
fn after(row: &Claimed, trouble: &Trouble, now: Instant) -> Delivery {
    let retry = |wait: Duration| Delivery::Retry { at: now + wait, reason: trouble.to_string() };
    match trouble {
        _ if is_given_up(row, now) => Delivery::Dropped(format!("given up after a day: {trouble}")),
        Trouble::Unknown(_) => retry(back_off(row.attempts)),
        Trouble::Limited { after, .. } => retry(Duration::from_std(*after).unwrap_or(Duration::seconds(5))),
        Trouble::Refused { code: MISSING_PERMISSIONS, .. } => {
            Delivery::Dropped("the bot may not create events here".to_owned())
        }
        Trouble::Refused { .. } => {
            tracing::warn!(outbox.id = row.id, guild.id = row.guild.0, %trouble, "a review's event is not kept");
            Delivery::Dropped(trouble.to_string())
        }
    }
}
