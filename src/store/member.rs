//! People of a workspace.

use super::workspace::Workspace;
use super::{document, documents};
use crate::domain::id::{MemberId, UserId};
use crate::domain::member::Member;
use crate::error::Failure;

impl Workspace<'_> {
    /// The member who is a Discord user, if seen before.
    pub async fn find_member_of_user(&mut self, user: UserId) -> Result<Option<Member>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM member WHERE guild_id = ? AND user_id = ?", guild, user.0)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// Several members by their ids.
    pub async fn find_members(&mut self, ids: &[MemberId]) -> Result<Vec<Member>, Failure> {
        let guild = self.guild.0;
        let ids = serde_json::to_string(ids)?;
        let states = sqlx::query_scalar!(
            "SELECT state FROM member WHERE guild_id = ? AND member_id IN (SELECT value FROM json_each(?))",
            guild,
            ids
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// Everybody ever seen, by id.
    pub async fn find_all_members(&mut self) -> Result<Vec<Member>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!("SELECT state FROM member WHERE guild_id = ? ORDER BY member_id", guild)
            .fetch_all(self.connection())
            .await?;
        documents(states)
    }

    /// The id that the next new member gets.
    pub async fn next_member_id(&mut self) -> Result<MemberId, Failure> {
        let guild = self.guild.0;
        let last = sqlx::query_scalar!(r#"SELECT MAX(member_id) AS "last: i64" FROM member WHERE guild_id = ?"#, guild)
            .fetch_one(self.connection())
            .await?;
        Ok(MemberId(last.unwrap_or(0) + 1))
    }
}
