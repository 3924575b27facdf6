//! The outbox: what waits to be said, claimed with a lease, sent as first rendered, and marked.

use sqlx::SqliteConnection;

use super::{Store, document, instant, millis};
use crate::domain::Instant;
use crate::domain::id::{ChannelId, GuildId, InteractionId, MessageId, UserId};
use crate::domain::outgoing::{About, Destination};
use crate::error::Failure;

/// A row that this process has claimed.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The row's id; the nonce is derived from it.
    pub id: i64,
    /// Whose message it is.
    pub guild: GuildId,
    /// What it says.
    pub about: About,
    /// Where it goes.
    pub to: Destination,
    /// The use of a command that caused it; `None` for what the bot says of its own accord.
    pub interaction: Option<InteractionId>,
    /// When it was first due.
    pub created_at: Instant,
    /// How often it was tried before.
    pub attempts: i64,
    /// When its bytes were first handed to Discord.
    pub first_sent_at: Option<Instant>,
    /// What was rendered, once it was.
    pub rendered: Option<Rendered>,
}

/// A message as it is sent, each time the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Discord's JSON.
    pub body: String,
    /// The picture that goes with it.
    pub picture: Option<Vec<u8>>,
}

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Discord has it.
    Sent(MessageId),
    /// To be tried again.
    Retry {
        /// Not before.
        at: Instant,
        /// Why.
        reason: String,
    },
    /// It can't work; doctor shows it.
    Parked(String),
    /// Discord has it, and it is no message.
    Done,
    /// There was nothing to say any more.
    Dropped(String),
    /// A person's direct messages are closed: to be said in a channel instead, in words for a channel.
    Reroute(ChannelId),
}

impl Delivery {
    /// In one word, for the log and for counting.
    pub fn word(&self) -> &'static str {
        match self {
            Delivery::Sent(_) => "sent",
            Delivery::Retry { .. } => "retry",
            Delivery::Parked(_) => "parked",
            Delivery::Done => "done",
            Delivery::Dropped(_) => "dropped",
            Delivery::Reroute(_) => "rerouted",
        }
    }
}

/// A parked message, as doctor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The row's id.
    pub id: i64,
    /// What kind it was.
    pub kind: String,
    /// Where it should have gone.
    pub channel: Option<i64>,
    /// To whom, for a direct message.
    pub user: Option<i64>,
    /// Why it could not.
    pub reason: String,
    /// When it was given up, Unix milliseconds.
    pub at: i64,
}

struct Row {
    id: i64,
    guild_id: i64,
    about: String,
    channel_id: Option<i64>,
    user_id: Option<i64>,
    interaction_id: Option<i64>,
    created_at: i64,
    attempts: i64,
    first_sent_at: Option<i64>,
    body: Option<String>,
    picture: Option<Vec<u8>>,
}

impl Row {
    fn claimed(self) -> Result<Claimed, Failure> {
        let to = match (self.channel_id, self.user_id) {
            (Some(channel), _) => Destination::Channel(ChannelId(channel)),
            (None, Some(user)) => Destination::Direct(UserId(user)),
            (None, None) => {
                return Err(Failure::Internal(anyhow::anyhow!("outbox row {} goes nowhere", self.id)));
            }
        };
        Ok(Claimed {
            id: self.id,
            guild: GuildId(self.guild_id),
            about: document(&self.about)?,
            to,
            interaction: self.interaction_id.map(InteractionId),
            created_at: instant(self.created_at)?,
            attempts: self.attempts,
            first_sent_at: self.first_sent_at.map(instant).transpose()?,
            rendered: self.body.map(|body| Rendered { body, picture: self.picture }),
        })
    }
}

impl Store {
    /// Claims due rows, oldest first, at most one for each destination, until `lease`. A claim that ran out counts as
    /// none: its process may have died.
    pub async fn claim_outbox(&self, now: Instant, lease: Instant, limit: i64) -> Result<Vec<Claimed>, Failure> {
        let (now, lease) = (millis(now), millis(lease));
        self.write(move |connection| Box::pin(claim(connection, now, lease, limit))).await
    }

    /// Stores what a row says, before it is sent.
    pub async fn store_rendered(&self, id: i64, rendered: Rendered, now: Instant) -> Result<(), Failure> {
        let now = millis(now);
        self.write(move |connection| {
            let rendered = rendered.clone();
            Box::pin(async move {
                sqlx::query!(
                    "UPDATE outbox SET body = ?, picture = ?, first_sent_at = COALESCE(first_sent_at, ?) WHERE id = ?",
                    rendered.body,
                    rendered.picture,
                    now,
                    id
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }
}

async fn claim(connection: &mut SqliteConnection, now: i64, lease: i64, limit: i64) -> Result<Vec<Claimed>, Failure> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        UPDATE outbox SET state = 'claimed', leased_until = ?
        WHERE id IN (
            SELECT MIN(id) FROM outbox o
            WHERE due_at <= ? AND state IN ('waiting', 'claimed') AND (state = 'waiting' OR leased_until <= ?)
              AND NOT EXISTS (SELECT 1 FROM outbox c WHERE c.state = 'claimed' AND c.leased_until > ?
                              AND c.channel_id IS o.channel_id AND c.user_id IS o.user_id)
            GROUP BY channel_id, user_id ORDER BY MIN(id) LIMIT ?)
        RETURNING id, guild_id, about, channel_id, user_id, interaction_id, created_at, attempts, first_sent_at, body, picture
        "#,
        lease,
        now,
        now,
        now,
        limit
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::claimed).collect()
}

impl super::Workspace<'_> {
    /// Marks how a delivery ended. Inside a job of the writer only.
    pub async fn finish_outbox(&mut self, id: i64, delivery: &Delivery, now: Instant) -> Result<(), Failure> {
        let now = millis(now);
        let (state, message, due, channel, reason) = match delivery {
            Delivery::Sent(message) => ("sent", Some(message.0), None, None, None),
            Delivery::Done => ("sent", None, None, None, None),
            Delivery::Retry { at, reason } => ("waiting", None, Some(millis(*at)), None, Some(reason)),
            Delivery::Parked(reason) => ("parked", None, None, None, Some(reason)),
            Delivery::Dropped(reason) => ("dropped", None, None, None, Some(reason)),
            Delivery::Reroute(channel) => ("waiting", None, Some(now), Some(channel.0), None),
        };
        let guild = self.guild.0;
        sqlx::query!(
            r#"UPDATE outbox SET state = ?, message_id = ?, due_at = COALESCE(?, due_at), reason = ?, leased_until = NULL,
                      attempts = attempts + 1, finished_at = CASE WHEN ? = 'waiting' THEN NULL ELSE ? END,
                      picture = CASE WHEN ? = 'sent' THEN NULL ELSE picture END
               WHERE id = ? AND guild_id = ?;
               UPDATE outbox SET channel_id = ?, user_id = NULL, body = NULL, picture = NULL, first_sent_at = NULL, attempts = 0
               WHERE id = ? AND guild_id = ? AND ? IS NOT NULL"#,
            state,
            message,
            due,
            reason,
            state,
            now,
            state,
            id,
            guild,
            channel,
            id,
            guild,
            channel
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Messages that could not be delivered in the last 30 days.
    pub async fn find_parked(&mut self, now: Instant) -> Result<Vec<Parked>, Failure> {
        let guild = self.guild.0;
        let since = millis(now) - 30 * 24 * 3_600_000;
        Ok(sqlx::query_as!(
            Parked,
            r#"SELECT id, kind, channel_id AS channel, user_id AS user, COALESCE(reason, '') AS "reason!: String",
                      finished_at AS "at!: i64" FROM outbox
               WHERE guild_id = ? AND state = 'parked' AND finished_at >= ? ORDER BY id DESC LIMIT 50"#,
            guild,
            since
        )
        .fetch_all(self.connection())
        .await?)
    }
}
/// The highest id that a message of any workspace ever had.
pub(super) async fn last_message(connection: &mut sqlx::SqliteConnection) -> Result<i64, Failure> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetch_optional(connection).await?;
    Ok(last.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::domain::id::MeetingId;
    use crate::domain::outgoing::Outgoing;
    use crate::store::Workspace;
    use crate::store::commit::Commit;

    /// The nonce of a post counts from its first try, however often it is put into words again.
    #[tokio::test]
    async fn what_is_put_into_words_again_keeps_when_it_was_first_sent() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("cosell.db")).await.expect("a new database");
        let at = |minutes| Instant::UNIX_EPOCH + Duration::minutes(minutes);
        let about = About::Minutes { meeting: MeetingId(1), agenda: MessageId(5) };
        let message = Outgoing { about, to: Destination::Channel(ChannelId(11)), due_at: at(0) };
        store
            .write(move |connection| {
                let commit = Commit { messages: vec![message.clone()], ..Commit::default() };
                Box::pin(async move { Workspace::writing(GuildId(7), connection).commit(&commit, at(0)).await })
            })
            .await
            .expect("a message");
        for minutes in 0..3 {
            let claimed = store.claim_outbox(at(minutes), at(minutes), 1).await.expect("claims");
            let first = (minutes > 0).then(|| at(0));
            assert_eq!(claimed[0].first_sent_at, first, "after {minutes} minutes");
            let rendered = Rendered { body: "{}".to_owned(), picture: None };
            store.store_rendered(claimed[0].id, rendered, at(minutes)).await.expect("stored");
        }
    }
}
