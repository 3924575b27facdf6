//! What admins are told once: raised when something goes wrong, cleared when it is well again.

use super::millis;
use super::workspace::Workspace;
use crate::domain::Instant;
use crate::domain::id::{ChannelId, GuildId, MemberId, UserId};
use crate::error::Failure;
use crate::store::Store;

/// The key of an alarm in its workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKey {
    /// A channel can't be written to.
    Channel(ChannelId),
    /// A person's direct messages are closed.
    Direct(UserId),
    /// A member with open deals has left.
    Unowned(MemberId),
}

impl std::fmt::Display for AlarmKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AlarmKey::Channel(id) => write!(f, "channel:{id}"),
            AlarmKey::Direct(id) => write!(f, "direct:{id}"),
            AlarmKey::Unowned(id) => write!(f, "unowned:{id}"),
        }
    }
}

/// Whether raising an alarm was news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    /// Nobody was told before.
    New,
    /// It stands already.
    Again,
}

impl Workspace<'_> {
    /// Raises an alarm. Inside a job of the writer only.
    pub async fn raise(&mut self, key: AlarmKey, now: Instant) -> Result<Raised, Failure> {
        let (guild, key, now) = (self.guild.0, key.to_string(), millis(now));
        let done =
            sqlx::query!("INSERT OR IGNORE INTO alarm (guild_id, about, raised_at) VALUES (?, ?, ?)", guild, key, now)
                .execute(self.connection())
                .await?;
        Ok(if done.rows_affected() == 1 { Raised::New } else { Raised::Again })
    }

    /// Clears an alarm, so that the next one is news again.
    pub async fn clear(&mut self, key: AlarmKey) -> Result<(), Failure> {
        let (guild, key) = (self.guild.0, key.to_string());
        sqlx::query!("DELETE FROM alarm WHERE guild_id = ? AND about = ?", guild, key)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

impl Store {
    /// The bot was removed from a server: nothing more is sent there, and nothing is deleted.
    pub async fn mark_removed(&self, guild: GuildId, now: Instant) -> Result<(), Failure> {
        let now = millis(now);
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query!(
                    r#"UPDATE workspace SET removed_at = ? WHERE guild_id = ?;
                       UPDATE outbox SET state = 'parked', reason = 'the bot was removed from the server', finished_at = ?
                       WHERE guild_id = ? AND state IN ('waiting', 'claimed')"#,
                    now,
                    guild.0,
                    now,
                    guild.0
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// The bot is in these servers: what was stopped by a removal goes on.
    pub async fn mark_present(&self, guild: GuildId) -> Result<(), Failure> {
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query!(
                    "UPDATE workspace SET removed_at = NULL WHERE guild_id = ? AND removed_at IS NOT NULL",
                    guild.0
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }
}
