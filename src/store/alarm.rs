//! What admins are told once: raised when something goes wrong, cleared when it is well again.

use super::workspace::Workspace;
use super::{instant, millis};
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
    /// The workspace is too large for plan mode. Nobody is told of it before it has stood for a month.
    AbovePlan,
    /// That was told. Never cleared: once is enough.
    ProgramSuggested,
}

impl std::fmt::Display for AlarmKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AlarmKey::Channel(id) => write!(f, "channel:{id}"),
            AlarmKey::Direct(id) => write!(f, "direct:{id}"),
            AlarmKey::Unowned(id) => write!(f, "unowned:{id}"),
            AlarmKey::AbovePlan => write!(f, "above_plan"),
            AlarmKey::ProgramSuggested => write!(f, "program_suggested"),
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

    /// Since when an alarm stands; `None` where it doesn't.
    pub async fn find_alarm(&mut self, key: AlarmKey) -> Result<Option<Instant>, Failure> {
        let (guild, key) = (self.guild.0, key.to_string());
        let raised = sqlx::query_scalar!("SELECT raised_at FROM alarm WHERE guild_id = ? AND about = ?", guild, key)
            .fetch_optional(self.connection())
            .await?;
        raised.map(instant).transpose()
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
