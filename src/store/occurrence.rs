//! Occurrences of reviews: what became of each. The key keeps an agenda from being posted twice.

use std::collections::BTreeSet;

use super::workspace::Workspace;
use super::{document, instant, millis};
use crate::domain::Instant;
use crate::domain::id::{ChannelId, MessageId, ReviewId};
use crate::domain::outgoing::{About, Destination, Posted};
use crate::domain::review::{Occurrence, Outcome, Review};
use crate::error::Failure;

struct Row {
    review_id: i64,
    starts_at: i64,
    outcome: String,
    message_id: Option<i64>,
}

impl Row {
    fn occurrence(self) -> Result<Occurrence, Failure> {
        Ok(Occurrence {
            review: ReviewId(self.review_id),
            starts_at: instant(self.starts_at)?,
            outcome: serde_json::from_value(serde_json::Value::String(self.outcome))?,
            message: self.message_id.map(MessageId),
        })
    }
}

impl Workspace<'_> {
    /// The occurrences of a review, the last first.
    pub async fn find_occurrences(&mut self, review: ReviewId, limit: i64) -> Result<Vec<Occurrence>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT o.review_id, o.starts_at, o.outcome, x.message_id FROM occurrence o
               LEFT JOIN outbox x ON x.id = o.outbox_id AND x.guild_id = o.guild_id
               WHERE o.guild_id = ? AND o.review_id = ? ORDER BY o.starts_at DESC LIMIT ?"#,
            guild,
            review.0,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(Row::occurrence).collect()
    }

    /// The last posted occurrence before another one: when it starts, and when its agenda was handed to the outbox, up to
    /// when its team knows what happened.
    pub async fn find_last_posting(
        &mut self,
        review: ReviewId,
        before: Instant,
    ) -> Result<Option<(Instant, Instant)>, Failure> {
        let (guild, before) = (self.guild.0, millis(before));
        let last = sqlx::query!(
            r#"SELECT starts_at, decided_at FROM occurrence WHERE guild_id = ? AND review_id = ? AND starts_at < ? AND outcome = 'posted'
               ORDER BY starts_at DESC LIMIT 1"#,
            guild,
            review.0,
            before
        )
        .fetch_optional(self.connection())
        .await?;
        last.map(|last| Ok((instant(last.starts_at)?, instant(last.decided_at)?))).transpose()
    }

    /// The message of the last agenda of a review that was decided on since an instant and that Discord has.
    pub async fn find_agenda_posted_since(
        &mut self,
        review: ReviewId,
        since: Instant,
    ) -> Result<Option<Posted>, Failure> {
        let (guild, since) = (self.guild.0, millis(since));
        let row = sqlx::query!(
            r#"SELECT x.channel_id AS "channel!", x.message_id AS "message!" FROM occurrence o
               JOIN outbox x ON x.id = o.outbox_id AND x.guild_id = o.guild_id
               WHERE o.guild_id = ? AND o.review_id = ? AND o.decided_at >= ? AND o.outcome = 'posted'
                 AND x.channel_id IS NOT NULL AND x.message_id IS NOT NULL
               ORDER BY o.starts_at DESC LIMIT 1"#,
            guild,
            review.0,
            since
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| Posted {
            guild: self.guild,
            channel: ChannelId(row.channel),
            message: MessageId(row.message),
        }))
    }

    /// The last agenda of a review that was posted and that Discord has, with the start of its meeting.
    pub async fn find_last_agenda(&mut self, review: ReviewId) -> Result<Option<(Instant, Posted)>, Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!(
            r#"SELECT o.starts_at, x.channel_id AS "channel!", x.message_id AS "message!" FROM occurrence o
               JOIN outbox x ON x.id = o.outbox_id AND x.guild_id = o.guild_id
               WHERE o.guild_id = ? AND o.review_id = ? AND o.outcome = 'posted'
                 AND x.channel_id IS NOT NULL AND x.message_id IS NOT NULL
               ORDER BY o.starts_at DESC LIMIT 1"#,
            guild,
            review.0
        )
        .fetch_optional(self.connection())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let posted = Posted { guild: self.guild, channel: ChannelId(row.channel), message: MessageId(row.message) };
        Ok(Some((instant(row.starts_at)?, posted)))
    }

    /// An occurrence that was called off after its agenda was posted: it was left out. Inside a job of the writer only.
    pub async fn put_called_off(&mut self, review: ReviewId, starts_at: i64, now: Instant) -> Result<(), Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        sqlx::query!(
            r#"UPDATE occurrence SET outcome = 'skipped', decided_at = ?
               WHERE guild_id = ? AND review_id = ? AND starts_at = ? AND outcome = 'posted'"#,
            now,
            guild,
            review.0,
            starts_at
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Missed occurrences of a review that no agenda has told of, oldest first.
    pub async fn find_untold_misses(&mut self, review: ReviewId) -> Result<Vec<Instant>, Failure> {
        let guild = self.guild.0;
        let starts = sqlx::query_scalar!(
            "SELECT starts_at FROM occurrence WHERE guild_id = ? AND review_id = ? AND outcome = 'missed' AND told_in IS NULL ORDER BY starts_at",
            guild,
            review.0
        )
        .fetch_all(self.connection())
        .await?;
        starts.into_iter().map(instant).collect()
    }

    /// Missed occurrences of any review since an instant, for doctor.
    pub async fn find_misses_since(&mut self, since: Instant) -> Result<Vec<(ReviewId, Instant)>, Failure> {
        let (guild, since) = (self.guild.0, millis(since));
        let rows = sqlx::query!(
            "SELECT review_id, starts_at FROM occurrence WHERE guild_id = ? AND outcome = 'missed' AND starts_at >= ? ORDER BY starts_at",
            guild,
            since
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(|r| Ok((ReviewId(r.review_id), instant(r.starts_at)?))).collect()
    }

    /// Notes what became of an occurrence; the agenda of a posted one goes to the outbox in the same commit. One that is
    /// settled already stays as it is. Inside a job of the writer only.
    pub async fn put_occurrence(
        &mut self,
        review: ReviewId,
        starts_at: Instant,
        outcome: Outcome,
        to: Destination,
        now: Instant,
    ) -> Result<(), Failure> {
        let (guild, starts, now) = (self.guild.0, millis(starts_at), millis(now));
        let word = match outcome {
            Outcome::Posted => "posted",
            Outcome::Missed => "missed",
            Outcome::Skipped => "skipped",
        };
        let noted = sqlx::query!(
            "INSERT OR IGNORE INTO occurrence (guild_id, review_id, starts_at, outcome, decided_at) VALUES (?, ?, ?, ?, ?)",
            guild,
            review.0,
            starts,
            word,
            now
        )
        .execute(self.connection())
        .await?;
        let Destination::Channel(channel) = to else { return Ok(()) };
        if noted.rows_affected() == 0 || outcome != Outcome::Posted {
            return Ok(());
        }
        let about = serde_json::to_string(&About::Agenda { review, starts_at: starts })?;
        sqlx::query!(
            r#"INSERT INTO outbox (guild_id, kind, about, channel_id, created_at, due_at) VALUES (?, 'agenda', ?, ?, ?, ?);
               UPDATE occurrence SET outbox_id = last_insert_rowid() WHERE guild_id = ? AND review_id = ? AND starts_at = ?;
               UPDATE occurrence SET told_in = last_insert_rowid()
               WHERE guild_id = ? AND review_id = ? AND outcome = 'missed' AND told_in IS NULL AND starts_at < ?"#,
            guild, about, channel.0, now, now,
            guild, review.0, starts,
            guild, review.0, starts
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// An agenda that could not be posted: its occurrence was missed. Misses that it should have told of are untold again.
    pub async fn put_missed(&mut self, review: ReviewId, starts_at: i64, now: Instant) -> Result<(), Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        sqlx::query!(
            r#"UPDATE occurrence SET told_in = NULL WHERE guild_id = ? AND review_id = ? AND told_in =
                   (SELECT outbox_id FROM occurrence WHERE guild_id = ? AND review_id = ? AND starts_at = ?);
               UPDATE occurrence SET outcome = 'missed', decided_at = ?, outbox_id = NULL
               WHERE guild_id = ? AND review_id = ? AND starts_at = ?"#,
            guild,
            review.0,
            guild,
            review.0,
            starts_at,
            now,
            guild,
            review.0,
            starts_at
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The misses that an agenda tells of: those whose telling was given to its outbox row.
    pub async fn find_misses_told_in(&mut self, outbox: i64) -> Result<Vec<Instant>, Failure> {
        let guild = self.guild.0;
        let starts = sqlx::query_scalar!(
            "SELECT starts_at FROM occurrence WHERE guild_id = ? AND told_in = ? ORDER BY starts_at",
            guild,
            outbox
        )
        .fetch_all(self.connection())
        .await?;
        starts.into_iter().map(instant).collect()
    }

    /// A review that is due, with the instant since which it is.
    pub async fn find_due_review(&mut self, review: ReviewId) -> Result<Option<(Review, Instant)>, Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!(
            r#"SELECT state, next_post_at AS "due!" FROM review WHERE guild_id = ? AND review_id = ? AND next_post_at IS NOT NULL"#,
            guild,
            review.0
        )
        .fetch_optional(self.connection())
        .await?;
        row.map(|r| Ok((document(&r.state)?, instant(r.due)?))).transpose()
    }

    /// Sets when a review's next agenda is due. Inside a job of the writer only.
    pub async fn set_next_post(&mut self, review: ReviewId, next: Option<Instant>) -> Result<(), Failure> {
        let (guild, next) = (self.guild.0, next.map(millis));
        sqlx::query!("UPDATE review SET next_post_at = ? WHERE guild_id = ? AND review_id = ?", next, guild, review.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The days on which occurrences of a review are settled, as instants.
    pub async fn find_settled(&mut self, review: ReviewId, since: Instant) -> Result<BTreeSet<Instant>, Failure> {
        let (guild, since) = (self.guild.0, millis(since));
        let starts = sqlx::query_scalar!(
            "SELECT starts_at FROM occurrence WHERE guild_id = ? AND review_id = ? AND starts_at >= ?",
            guild,
            review.0,
            since
        )
        .fetch_all(self.connection())
        .await?;
        starts.into_iter().map(instant).collect()
    }
}
