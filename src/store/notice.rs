//! Notices: what digests tell of beside stalls, and which digest told whom.

use super::workspace::Workspace;
use super::{document, documents, instant, millis};
use crate::domain::Instant;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::notice::{Notice, Noticed, OwedNotice};
use crate::error::Failure;

impl Workspace<'_> {
    /// Notices that are owed.
    pub async fn find_owed_notices(&mut self) -> Result<Vec<OwedNotice>, Failure> {
        let guild = self.guild.0;
        let owed = sqlx::query!(
            "SELECT about, owed_at FROM notice WHERE guild_id = ? AND done_at IS NULL ORDER BY owed_at, about",
            guild
        )
        .fetch_all(self.connection())
        .await?;
        owed.iter().map(|row| Ok(OwedNotice { notice: document(&row.about)?, since: instant(row.owed_at)? })).collect()
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

    /// Owes notices, once more those that were told before. They ride in the next digest. Inside a job of the writer only.
    pub async fn owe_notices(&mut self, notices: &[Notice], now: Instant) -> Result<(), Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        let notices = serde_json::to_string(notices)?;
        sqlx::query!(
            r#"INSERT INTO notice (guild_id, about, owed_at) SELECT ?, value, ? FROM json_each(?) WHERE true
               ON CONFLICT DO UPDATE SET owed_at = excluded.owed_at, done_at = NULL, outbox_id = NULL, member_id = NULL"#,
            guild,
            now,
            notices
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Which of some notices a digest told already.
    pub async fn find_told_notices(&mut self, notices: &[Notice]) -> Result<Vec<Notice>, Failure> {
        let guild = self.guild.0;
        let notices = serde_json::to_string(notices)?;
        let told = sqlx::query_scalar!(
            "SELECT about FROM notice WHERE guild_id = ? AND done_at IS NOT NULL AND about IN (SELECT value FROM json_each(?))",
            guild,
            notices
        )
        .fetch_all(self.connection())
        .await?;
        documents(told)
    }

    /// Takes notices away: whoever they are for was shown what they are about. Inside a job of the writer only.
    pub async fn remove_notices(&mut self, notices: &[Notice]) -> Result<(), Failure> {
        let guild = self.guild.0;
        let notices = serde_json::to_string(notices)?;
        sqlx::query!(
            "DELETE FROM notice WHERE guild_id = ? AND about IN (SELECT value FROM json_each(?))",
            guild,
            notices
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The deals whose pay is news to their owner, whether a digest said so or not.
    pub async fn find_pay_news(&mut self, owner: MemberId) -> Result<Vec<DealNumber>, Failure> {
        let guild = self.guild.0;
        // The keys of one person's stand together: from the comma after their id to what would follow it.
        let keys = |end: char| format!(r#"{{"kind":"pay","owner":{owner}{end}"#);
        let (from, to) = (keys(','), keys('-'));
        let numbers = sqlx::query_scalar!(
            r#"SELECT about ->> '$.deal' AS "deal!: i64" FROM notice WHERE guild_id = ? AND about >= ? AND about < ? ORDER BY owed_at"#,
            guild,
            from,
            to
        )
        .fetch_all(self.connection())
        .await?;
        Ok(numbers.into_iter().map(DealNumber).collect())
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
