//! The only queries over all workspaces: what is due, and when the next thing will be.

use super::{Store, instant, millis};
use crate::domain::Instant;
use crate::domain::id::{DealNumber, GuildId, MeetingId, ReviewId};
use crate::error::Failure;

/// How long a parked message counts as news.
const PARKED_FOR: i64 = 30 * 24 * 3_600_000;

/// What the outbox could not say so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undelivered {
    /// Messages that are due or were tried in vain.
    pub waiting: i64,
    /// When the oldest of them was first due.
    pub oldest: Option<Instant>,
    /// Messages that were given up in the last 30 days.
    pub parked: i64,
}

impl Store {
    /// The workspaces that were set up or begun, by id.
    pub async fn find_guilds(&self) -> Result<Vec<GuildId>, Failure> {
        let ids = sqlx::query_scalar!("SELECT guild_id FROM workspace ORDER BY guild_id")
            .fetch_all(&mut *self.reader().await?)
            .await?;
        Ok(ids.into_iter().map(GuildId).collect())
    }

    /// What should have been said by now and was not.
    pub async fn find_undelivered(&self, now: Instant) -> Result<Undelivered, Failure> {
        let now = millis(now);
        let parked_since = now - PARKED_FOR;
        let row = sqlx::query!(
            r#"SELECT COUNT(*) AS "waiting!: i64", MIN(CASE WHEN attempts = 0 THEN due_at ELSE created_at END) AS "oldest: i64",
                      (SELECT COUNT(*) FROM outbox WHERE state = 'parked' AND finished_at >= ?) AS "parked!: i64"
               FROM outbox WHERE state IN ('waiting', 'claimed') AND (due_at <= ? OR attempts > 0)"#,
            parked_since,
            now
        )
        .fetch_one(&mut *self.reader().await?)
        .await?;
        let oldest = row.oldest.map(instant).transpose()?;
        Ok(Undelivered { waiting: row.waiting, oldest, parked: row.parked })
    }

    /// How many stalls run, over all workspaces.
    pub async fn count_open_stalls(&self) -> Result<i64, Failure> {
        let counted = sqlx::query_scalar!(r#"SELECT COUNT(*) AS "stalls!: i64" FROM episode WHERE ended_at IS NULL"#);
        Ok(counted.fetch_one(&mut *self.reader().await?).await?)
    }

    /// Deals whose stall or ladder may have changed, the longest due first.
    pub async fn find_due_deals(&self, now: Instant, limit: i64) -> Result<Vec<(GuildId, DealNumber)>, Failure> {
        let now = millis(now);
        let rows = sqlx::query!(
            r#"SELECT guild_id AS "guild_id!", number AS "number!" FROM deal WHERE next_check_at <= ? ORDER BY next_check_at LIMIT ?"#,
            now,
            limit
        )
        .fetch_all(&mut *self.reader().await?)
        .await?;
        Ok(rows.into_iter().map(|r| (GuildId(r.guild_id), DealNumber(r.number))).collect())
    }

    /// Reviews with an agenda to post or an occurrence to settle.
    pub async fn find_due_reviews(&self, now: Instant, limit: i64) -> Result<Vec<(GuildId, ReviewId)>, Failure> {
        let now = millis(now);
        let rows = sqlx::query!(
            r#"SELECT guild_id AS "guild_id!", review_id AS "review_id!" FROM review WHERE next_post_at <= ? ORDER BY next_post_at LIMIT ?"#,
            now,
            limit
        )
        .fetch_all(&mut *self.reader().await?)
        .await?;
        Ok(rows.into_iter().map(|r| (GuildId(r.guild_id), ReviewId(r.review_id))).collect())
    }

    /// Meetings whose time is over and that nobody closed.
    pub async fn find_meetings_over(&self, now: Instant, limit: i64) -> Result<Vec<(GuildId, MeetingId)>, Failure> {
        let now = millis(now);
        let rows = sqlx::query!(
            r#"SELECT guild_id AS "guild_id!", meeting_id AS "meeting_id!" FROM meeting WHERE ends_at <= ? ORDER BY ends_at LIMIT ?"#,
            now,
            limit
        )
        .fetch_all(&mut *self.reader().await?)
        .await?;
        Ok(rows.into_iter().map(|r| (GuildId(r.guild_id), MeetingId(r.meeting_id))).collect())
    }

    /// Workspaces in which somebody's digest hour may have come.
    pub async fn find_due_digests(&self, now: Instant, limit: i64) -> Result<Vec<GuildId>, Failure> {
        let now = millis(now);
        let rows = sqlx::query_scalar!(
            "SELECT guild_id FROM workspace WHERE next_digest_at <= ? AND removed_at IS NULL ORDER BY next_digest_at LIMIT ?",
            now,
            limit
        )
        .fetch_all(&mut *self.reader().await?)
        .await?;
        Ok(rows.into_iter().map(GuildId).collect())
    }

    /// Workspaces in which work that is done in parts is not finished: deals to check again or to find by a new
    /// name, owners to tell of their pay.
    pub async fn find_unfinished(&self) -> Result<Vec<GuildId>, Failure> {
        let guilds = sqlx::query_scalar!(
            r#"SELECT guild_id AS "guild_id!" FROM workspace WHERE recheck_from IS NOT NULL AND removed_at IS NULL
               UNION SELECT guild_id FROM reindex UNION SELECT guild_id FROM comp_change"#
        )
        .fetch_all(&mut *self.reader().await?)
        .await?;
        Ok(guilds.into_iter().map(GuildId).collect())
    }

    /// The next instant at which anything is due: a deal's check, an agenda, a meeting's end, a digest, a message.
    pub async fn next_due(&self) -> Result<Option<Instant>, Failure> {
        let next = sqlx::query_scalar!(
            r#"SELECT MIN(at) AS "at: i64" FROM (
                 SELECT MIN(next_check_at) AS at FROM deal WHERE next_check_at IS NOT NULL
                 UNION ALL SELECT MIN(next_post_at) FROM review WHERE next_post_at IS NOT NULL
                 UNION ALL SELECT MIN(ends_at) FROM meeting WHERE ends_at IS NOT NULL
                 UNION ALL SELECT MIN(next_digest_at) FROM workspace WHERE next_digest_at IS NOT NULL AND removed_at IS NULL
                 UNION ALL SELECT MIN(IIF(state = 'claimed', leased_until, due_at)) FROM outbox WHERE state IN ('waiting', 'claimed'))"#
        )
        .fetch_one(&mut *self.reader().await?)
        .await?;
        next.map(instant).transpose()
    }

    /// When the next message is due.
    pub async fn next_message_due(&self) -> Result<Option<Instant>, Failure> {
        let next =
            sqlx::query_scalar!(r#"SELECT MIN(IIF(state = 'claimed', leased_until, due_at)) AS "at: i64" FROM outbox WHERE state IN ('waiting', 'claimed')"#)
                .fetch_one(&mut *self.reader().await?)
                .await?;
        next.map(instant).transpose()
    }

    /// Keeps a fact of this installation.
    pub async fn put_meta(&self, key: &'static str, value: String) -> Result<(), Failure> {
        self.write(move |connection| {
            let value = value.clone();
            Box::pin(async move {
                sqlx::query!(
                    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                    key,
                    value
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }
}
