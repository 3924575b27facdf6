//! What people typed and was not saved, kept for a day for them alone.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::workspace::Workspace;
use super::{document, millis};
use crate::domain::Instant;
use crate::domain::id::{InteractionId, UserId};
use crate::error::Failure;

impl Workspace<'_> {
    /// A draft of a person, unless its day is over. Another person's reads the same as none.
    pub async fn find_draft<D: DeserializeOwned>(
        &mut self,
        user: UserId,
        draft: InteractionId,
        now: Instant,
    ) -> Result<Option<D>, Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        let form = sqlx::query_scalar!(
            "SELECT form FROM draft WHERE guild_id = ? AND user_id = ? AND draft_id = ? AND expires_at > ?",
            guild,
            user.0,
            draft.0,
            now
        )
        .fetch_optional(self.connection())
        .await?;
        form.as_deref().map(document).transpose()
    }

    /// Keeps a draft until an instant, in the place of an older state of it, and forgets those whose day is over.
    pub(crate) async fn put_draft<D: Serialize + Sync>(
        &mut self,
        user: UserId,
        draft: InteractionId,
        form: &D,
        (now, until): (Instant, Instant),
    ) -> Result<(), Failure> {
        let (guild, now, until) = (self.guild.0, millis(now), millis(until));
        let form = serde_json::to_string(form)?;
        sqlx::query!(
            r#"INSERT INTO draft (guild_id, user_id, draft_id, form, expires_at) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET form = excluded.form, expires_at = excluded.expires_at;
               DELETE FROM draft WHERE guild_id = ? AND expires_at <= ?"#,
            guild,
            user.0,
            draft.0,
            form,
            until,
            guild,
            now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Takes a draft away, because it was saved.
    pub(crate) async fn remove_draft(&mut self, user: UserId, draft: InteractionId) -> Result<(), Failure> {
        let guild = self.guild.0;
        sqlx::query!("DELETE FROM draft WHERE guild_id = ? AND user_id = ? AND draft_id = ?", guild, user.0, draft.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
