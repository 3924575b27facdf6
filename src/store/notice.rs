//! Notices: what digests tell of beside stalls, and which digest told whom.

use super::workspace::Workspace;
use super::{document, documents, millis};
use crate::domain::Instant;
use crate::domain::id::MemberId;
use crate::domain::notice::{Notice, Noticed};
use crate::error::Failure;

impl Workspace<'_> {
    /// Notices that are owed.
    pub async fn find_owed_notices(&mut self) -> Result<Vec<Notice>, Failure> {
        let guild = self.guild.0;
        let owed = sqlx::query_scalar!(
            "SELECT about FROM notice WHERE guild_id = ? AND done_at IS NULL ORDER BY owed_at, about",
            guild
        )
        .fetch_all(self.connection())
        .await?;
        documents(owed)
    }

    /// Notices that a digest carries.
    pub async fn find_notices_in(&mut self, outbox: i64) -> Result<Vec<Noticed>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query!(
            r#"SELECT about, member_id AS "member_id!" FROM notice
               WHERE guild_id = ? AND outbox_id = ? AND member_id IS NOT NULL ORDER BY owed_at, about"#,
            guild,
            outbox
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| Ok(Noticed { notice: document(&row.about)?, member: MemberId(row.member_id) }))
            .collect()
    }

    /// Notices that are not needed any more. Inside a job of the writer only.
    pub async fn drop_notices(&mut self, notices: &[Notice], now: Instant) -> Result<(), Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        let notices = serde_json::to_string(notices)?;
        sqlx::query!(
            r#"UPDATE notice SET done_at = ?
               WHERE guild_id = ? AND done_at IS NULL AND about IN (SELECT value FROM json_each(?))"#,
            now,
            guild,
            notices
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
