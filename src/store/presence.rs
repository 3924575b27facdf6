//! Whether the bot is in a workspace's server. A removal stops what is sent and deletes nothing.

use super::{Store, millis};
use crate::domain::Instant;
use crate::domain::id::GuildId;
use crate::error::Failure;

impl Store {
    /// The bot was removed from a server: nothing is due there any more, and what waited is parked.
    pub async fn mark_removed(&self, guild: GuildId, now: Instant) -> Result<(), Failure> {
        let (guild, now) = (guild.0, millis(now));
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query!(
                    r#"UPDATE workspace SET removed_at = ?, next_digest_at = NULL WHERE guild_id = ?;
                       UPDATE deal SET next_check_at = NULL WHERE guild_id = ?;
                       UPDATE review SET next_post_at = NULL WHERE guild_id = ?;
                       UPDATE outbox SET state = 'parked', reason = 'the bot was removed from the server', finished_at = ?
                       WHERE guild_id = ? AND state IN ('waiting', 'claimed')"#,
                    now,
                    guild,
                    guild,
                    guild,
                    now,
                    guild
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// The bot is in a server. After a removal everything is checked again; agendas of the time between count as missed.
    pub async fn mark_present(&self, guild: GuildId, now: Instant) -> Result<(), Failure> {
        let (guild, now) = (guild.0, millis(now));
        let removed = sqlx::query_scalar!("SELECT removed_at FROM workspace WHERE guild_id = ?", guild)
            .fetch_optional(&mut *self.reader().await?)
            .await?;
        let Some(Some(removed)) = removed else { return Ok(()) };
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query!(
                    r#"UPDATE workspace SET removed_at = NULL, next_digest_at = ? WHERE guild_id = ?;
                       UPDATE deal SET next_check_at = ? WHERE guild_id = ? AND open = 1;
                       UPDATE review SET next_post_at = ? WHERE guild_id = ? AND name_key IS NOT NULL"#,
                    now,
                    guild,
                    now,
                    guild,
                    removed,
                    guild
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }
}
