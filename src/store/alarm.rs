//! What admins are told once: raised when something goes wrong, cleared when it is well again.

use super::millis;
use super::workspace::Workspace;
use crate::domain::Instant;
use crate::domain::id::{ChannelId, MemberId, UserId};
use crate::error::Failure;

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
