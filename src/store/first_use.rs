//! Which commands a person has used.

use super::workspace::Workspace;
use crate::domain::id::UserId;
use crate::error::Failure;

impl Workspace<'_> {
    /// Whether a person has used a command.
    pub async fn has_used(&mut self, user: UserId, command: &str) -> Result<bool, Failure> {
        let guild = self.guild.0;
        let used = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM first_use WHERE guild_id = ? AND user_id = ? AND command = ?) AS "used!: bool""#,
            guild,
            user.0,
            command
        )
        .fetch_one(self.connection())
        .await?;
        Ok(used)
    }

    /// Notes that a person used a command. Says whether it was for the first time. Inside a job of the writer only.
    pub async fn put_use(&mut self, user: UserId, command: &str) -> Result<bool, Failure> {
        let guild = self.guild.0;
        let put = sqlx::query!(
            "INSERT INTO first_use (guild_id, user_id, command) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            guild,
            user.0,
            command
        )
        .execute(self.connection())
        .await?;
        Ok(put.rows_affected() > 0)
    }

    /// Forgets which commands a person used. Inside a job of the writer only.
    pub async fn forget_uses(&mut self, user: UserId) -> Result<(), Failure> {
        let guild = self.guild.0;
        sqlx::query!("DELETE FROM first_use WHERE guild_id = ? AND user_id = ?", guild, user.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
