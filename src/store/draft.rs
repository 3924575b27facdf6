//! What people typed and was not saved, kept for a day for them alone.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::workspace::Workspace;
use super::{document, instant, millis};
use crate::domain::Instant;
use crate::domain::id::{InteractionId, UserId};
use crate::error::Failure;

/// A draft as it is kept.
#[derive(Debug, Clone)]
pub struct Kept<D> {
    /// Whose.
    pub user: UserId,
    /// The interaction that brought it.
    pub id: InteractionId,
    /// What was typed.
    pub form: D,
    /// Until when it is kept.
    pub until: Instant,
}

impl Workspace<'_> {
    /// Deals that were typed with a partner that the leads are asked to add.
    pub async fn find_asking_drafts<D: DeserializeOwned>(&mut self, now: Instant) -> Result<Vec<Kept<D>>, Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        let rows = sqlx::query!(
            r#"SELECT user_id, draft_id, form, expires_at FROM draft
               WHERE guild_id = ? AND expires_at > ? AND form ->> '$.partner_asked' = 1 ORDER BY draft_id"#,
            guild,
            now
        )
        .fetch_all(self.connection())
        .await?;
        let kept = rows.into_iter().map(|row| {
            let (user, id) = (UserId(row.user_id), InteractionId(row.draft_id));
            Ok(Kept { user, id, form: document(&row.form)?, until: instant(row.expires_at)? })
        });
        kept.collect()
    }

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
