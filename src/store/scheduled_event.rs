//! Which scheduled event of Discord's stands for a review.

use super::workspace::Workspace;
use crate::domain::id::{ReviewId, ScheduledEventId};
use crate::error::Failure;

/// A scheduled event that Discord has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id there.
    pub id: ScheduledEventId,
    /// Its body as Discord was last told.
    pub told: String,
}

impl Workspace<'_> {
    /// The scheduled event of a review, if one was made.
    pub async fn find_scheduled_event(&mut self, review: ReviewId) -> Result<Option<Kept>, Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!(
            r#"SELECT scheduled_event_id AS "id!", scheduled_event_told AS "told!" FROM review
               WHERE guild_id = ? AND review_id = ? AND scheduled_event_id IS NOT NULL"#,
            guild,
            review.0
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| Kept { id: ScheduledEventId(row.id), told: row.told }))
    }

    /// Sets which event stands for a review; none after it was deleted. Inside a job of the writer only.
    pub async fn set_scheduled_event(&mut self, review: ReviewId, kept: Option<&Kept>) -> Result<(), Failure> {
        let guild = self.guild.0;
        let (id, told) = (kept.map(|kept| kept.id.0), kept.map(|kept| kept.told.as_str()));
        sqlx::query!(
            "UPDATE review SET scheduled_event_id = ?, scheduled_event_told = ? WHERE guild_id = ? AND review_id = ?",
            id,
            told,
            guild,
            review.0
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
