//! Meetings, and the topics, decisions and actions of a workspace's reviews.

use super::workspace::Workspace;
use super::{document, documents, instant, millis};
use crate::domain::Instant;
use crate::domain::id::{ChannelId, ItemId, MeetingId, MemberId, MessageId, ReviewId};
use crate::domain::item::Item;
use crate::domain::meeting::Meeting;
use crate::domain::outgoing::Posted;
use crate::error::Failure;

/// An occurrence whose agenda stands in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnPost {
    /// Of which review.
    pub review: ReviewId,
    /// When it starts.
    pub starts_at: Instant,
    /// The agenda.
    pub posted: Posted,
}

impl Workspace<'_> {
    /// A meeting by its id.
    pub async fn find_meeting(&mut self, id: MeetingId) -> Result<Option<Meeting>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM meeting WHERE guild_id = ? AND meeting_id = ?", guild, id.0)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// The meeting of an occurrence, if that was started.
    pub async fn find_meeting_of(&mut self, review: ReviewId, starts_at: Instant) -> Result<Option<Meeting>, Failure> {
        let (guild, starts_at) = (self.guild.0, millis(starts_at));
        let state = sqlx::query_scalar!(
            "SELECT state FROM meeting WHERE guild_id = ? AND review_id = ? AND starts_at = ?",
            guild,
            review.0,
            starts_at
        )
        .fetch_optional(self.connection())
        .await?;
        state.as_deref().map(document).transpose()
    }

    /// The last meeting of a review.
    pub async fn find_last_meeting(&mut self, review: ReviewId) -> Result<Option<Meeting>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!(
            "SELECT state FROM meeting WHERE guild_id = ? AND review_id = ? ORDER BY starts_at DESC LIMIT 1",
            guild,
            review.0
        )
        .fetch_optional(self.connection())
        .await?;
        state.as_deref().map(document).transpose()
    }

    /// The meetings of all reviews whose occurrences begin in a stretch of time.
    pub async fn find_meetings_between(&mut self, from: Instant, until: Instant) -> Result<Vec<Meeting>, Failure> {
        let guild = self.guild.0;
        let (from, until) = (millis(from), millis(until));
        let states = sqlx::query_scalar!(
            "SELECT state FROM meeting WHERE guild_id = ? AND starts_at >= ? AND starts_at < ? ORDER BY starts_at",
            guild,
            from,
            until
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The id that the next meeting gets.
    pub async fn next_meeting_id(&mut self) -> Result<MeetingId, Failure> {
        let guild = self.guild.0;
        let last =
            sqlx::query_scalar!(r#"SELECT MAX(meeting_id) AS "last: i64" FROM meeting WHERE guild_id = ?"#, guild)
                .fetch_one(self.connection())
                .await?;
        Ok(MeetingId(last.unwrap_or(0) + 1))
    }

    /// The agenda of an occurrence, where Discord has it.
    pub async fn find_post(&mut self, review: ReviewId, starts_at: Instant) -> Result<Option<Posted>, Failure> {
        let (guild, starts_at) = (self.guild.0, millis(starts_at));
        let row = sqlx::query!(
            r#"SELECT x.channel_id AS "channel!", x.message_id AS "message!" FROM occurrence o
               CROSS JOIN outbox x ON x.id = o.outbox_id AND x.guild_id = o.guild_id
               WHERE o.guild_id = ? AND o.review_id = ? AND o.starts_at = ? AND o.outcome = 'posted'
                 AND x.channel_id IS NOT NULL AND x.message_id IS NOT NULL"#,
            guild,
            review.0,
            starts_at
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| self.posted(row.channel, row.message)))
    }

    /// The occurrences that start after an instant and whose agenda stands in a channel, or in the one that a thread
    /// hangs from: the latest first.
    pub async fn find_posts_in(&mut self, channel: ChannelId, after: Instant) -> Result<Vec<OnPost>, Failure> {
        let (guild, after) = (self.guild.0, millis(after));
        let rows = sqlx::query!(
            r#"SELECT o.review_id, o.starts_at, x.channel_id AS "channel!", x.message_id AS "message!" FROM review r
               CROSS JOIN occurrence o ON o.guild_id = r.guild_id AND o.review_id = r.review_id
               CROSS JOIN outbox x ON x.id = o.outbox_id AND x.guild_id = o.guild_id
               WHERE r.guild_id = ? AND o.starts_at > ? AND o.outcome = 'posted' AND x.message_id IS NOT NULL
                 AND (x.channel_id = ? OR x.message_id = ?)
               ORDER BY o.starts_at DESC, o.review_id"#,
            guild,
            after,
            channel.0,
            channel.0
        )
        .fetch_all(self.connection())
        .await?;
        let post =
            |row: (i64, i64, Posted)| Ok(OnPost { review: ReviewId(row.0), starts_at: instant(row.1)?, posted: row.2 });
        rows.into_iter().map(|r| post((r.review_id, r.starts_at, self.posted(r.channel, r.message)))).collect()
    }

    /// Where the minutes of a meeting stand, once they are posted.
    pub async fn find_minutes(&mut self, meeting: MeetingId) -> Result<Option<Posted>, Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!(
            r#"SELECT minutes_channel AS "channel!", minutes_message AS "message!" FROM meeting
               WHERE guild_id = ? AND meeting_id = ? AND minutes_message IS NOT NULL"#,
            guild,
            meeting.0
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| self.posted(row.channel, row.message)))
    }

    /// Where the minutes of a review's meetings stand whose occurrences begin in a stretch of time.
    pub async fn find_minutes_between(
        &mut self,
        review: ReviewId,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<(MeetingId, Posted)>, Failure> {
        let guild = self.guild.0;
        let (from, until) = (millis(from), millis(until));
        let rows = sqlx::query!(
            r#"SELECT meeting_id AS "meeting!", minutes_channel AS "channel!", minutes_message AS "message!" FROM meeting
               WHERE guild_id = ? AND review_id = ? AND starts_at >= ? AND starts_at < ? AND minutes_message IS NOT NULL"#,
            guild,
            review.0,
            from,
            until
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (MeetingId(row.meeting), self.posted(row.channel, row.message))).collect())
    }

    /// Notes where the minutes of a meeting stand. Inside a job of the writer only.
    pub async fn put_minutes(&mut self, meeting: MeetingId, at: Posted) -> Result<(), Failure> {
        let guild = self.guild.0;
        let (channel, message) = (at.channel.0, at.message.0);
        sqlx::query!(
            "UPDATE meeting SET minutes_channel = ?, minutes_message = ? WHERE guild_id = ? AND meeting_id = ?",
            channel,
            message,
            guild,
            meeting.0
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    fn posted(&self, channel: i64, message: i64) -> Posted {
        Posted { guild: self.guild, channel: ChannelId(channel), message: MessageId(message) }
    }

    /// A topic, decision or action by its id.
    pub async fn find_item(&mut self, id: ItemId) -> Result<Option<Item>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM item WHERE guild_id = ? AND item_id = ?", guild, id.0)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// What asks for something still, of all reviews: topics, then actions by the day on which they are due.
    pub async fn find_open_items(&mut self) -> Result<Vec<Item>, Failure> {
        let guild = self.guild.0;
        let states =
            sqlx::query_scalar!("SELECT state FROM item WHERE guild_id = ? AND open = 1 ORDER BY due, item_id", guild)
                .fetch_all(self.connection())
                .await?;
        documents(states)
    }

    /// Items by their ids.
    pub async fn find_items_by_id(&mut self, ids: &[ItemId]) -> Result<Vec<Item>, Failure> {
        let guild = self.guild.0;
        let ids = serde_json::to_string(ids)?;
        let states = sqlx::query_scalar!(
            "SELECT state FROM item WHERE guild_id = ? AND item_id IN (SELECT value FROM json_each(?)) ORDER BY item_id",
            guild,
            ids
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The open actions that a person has to do, by the day on which they are due.
    pub async fn find_open_actions_of(&mut self, assignee: MemberId) -> Result<Vec<Item>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM item WHERE guild_id = ? AND open = 1 AND assignee = ? ORDER BY due, item_id",
            guild,
            assignee.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// What came of a meeting, in the order in which it was noted, and the topics that it went through.
    pub async fn find_items_of(&mut self, meeting: MeetingId) -> Result<Vec<Item>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM item WHERE guild_id = ? AND meeting_id = ? ORDER BY item_id",
            guild,
            meeting.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// What came of the meetings whose occurrences begin in a stretch of time, and the actions that ended in it or later.
    pub async fn find_items_between(&mut self, from: Instant, until: Instant) -> Result<Vec<Item>, Failure> {
        let guild = self.guild.0;
        let (from, until) = (millis(from), millis(until));
        let states = sqlx::query_scalar!(
            r#"SELECT state FROM item WHERE guild_id = ? AND (state ->> '$.what.ended.at' >= ? OR meeting_id IN
                   (SELECT meeting_id FROM meeting WHERE guild_id = ? AND starts_at >= ? AND starts_at < ?))"#,
            guild,
            from,
            guild,
            from,
            until
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The id that the next item gets.
    pub async fn next_item_id(&mut self) -> Result<ItemId, Failure> {
        let guild = self.guild.0;
        let last = sqlx::query_scalar!(r#"SELECT MAX(item_id) AS "last: i64" FROM item WHERE guild_id = ?"#, guild)
            .fetch_one(self.connection())
            .await?;
        Ok(ItemId(last.unwrap_or(0) + 1))
    }
}
