//! Accounts, partners and reviews of a workspace: few enough to be read by name or whole.

use super::workspace::Workspace;
use super::{document, documents};
use crate::domain::account::{Account, name_key};
use crate::domain::id::{AccountId, PartnerId, ReviewId};
use crate::domain::partner::Partner;
use crate::domain::review::Review;
use crate::error::Failure;

impl Workspace<'_> {
    /// An account by its id.
    pub async fn find_account(&mut self, id: AccountId) -> Result<Option<Account>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM account WHERE guild_id = ? AND account_id = ?", guild, id.0)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// Several accounts by their ids.
    pub async fn find_accounts(&mut self, ids: &[AccountId]) -> Result<Vec<Account>, Failure> {
        let guild = self.guild.0;
        let ids = serde_json::to_string(ids)?;
        let states = sqlx::query_scalar!(
            "SELECT state FROM account WHERE guild_id = ? AND account_id IN (SELECT value FROM json_each(?))",
            guild,
            ids
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The account of a name, in any case.
    pub async fn find_account_named(&mut self, name: &str) -> Result<Option<Account>, Failure> {
        let guild = self.guild.0;
        let key = name_key(name);
        let state = sqlx::query_scalar!("SELECT state FROM account WHERE guild_id = ? AND name_key = ?", guild, key)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// The id that the next account gets.
    pub async fn next_account_id(&mut self) -> Result<AccountId, Failure> {
        let guild = self.guild.0;
        let last =
            sqlx::query_scalar!(r#"SELECT MAX(account_id) AS "last: i64" FROM account WHERE guild_id = ?"#, guild)
                .fetch_one(self.connection())
                .await?;
        Ok(AccountId(last.unwrap_or(0) + 1))
    }

    /// The partner of a name, in any case; archived ones are not found.
    pub async fn find_partner_named(&mut self, name: &str) -> Result<Option<Partner>, Failure> {
        let guild = self.guild.0;
        let key = name_key(name);
        let state = sqlx::query_scalar!("SELECT state FROM partner WHERE guild_id = ? AND name_key = ?", guild, key)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// A partner by its id, archived or not.
    pub async fn find_partner(&mut self, id: PartnerId) -> Result<Option<Partner>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM partner WHERE guild_id = ? AND partner_id = ?", guild, id.0)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// All partners, archived ones included, by id.
    pub async fn find_partners(&mut self) -> Result<Vec<Partner>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!("SELECT state FROM partner WHERE guild_id = ? ORDER BY partner_id", guild)
            .fetch_all(self.connection())
            .await?;
        documents(states)
    }

    /// The id that the next partner gets.
    pub async fn next_partner_id(&mut self) -> Result<PartnerId, Failure> {
        let guild = self.guild.0;
        let last =
            sqlx::query_scalar!(r#"SELECT MAX(partner_id) AS "last: i64" FROM partner WHERE guild_id = ?"#, guild)
                .fetch_one(self.connection())
                .await?;
        Ok(PartnerId(last.unwrap_or(0) + 1))
    }

    /// The id that the next review gets.
    pub async fn next_review_id(&mut self) -> Result<ReviewId, Failure> {
        let guild = self.guild.0;
        let last = sqlx::query_scalar!(r#"SELECT MAX(review_id) AS "last: i64" FROM review WHERE guild_id = ?"#, guild)
            .fetch_one(self.connection())
            .await?;
        Ok(ReviewId(last.unwrap_or(0) + 1))
    }

    /// The review of a name, in any case; cancelled ones are not found.
    pub async fn find_review_named(&mut self, name: &str) -> Result<Option<Review>, Failure> {
        let guild = self.guild.0;
        let key = name_key(name);
        let state = sqlx::query_scalar!("SELECT state FROM review WHERE guild_id = ? AND name_key = ?", guild, key)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// All reviews, cancelled ones included, by id.
    pub async fn find_reviews(&mut self) -> Result<Vec<Review>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!("SELECT state FROM review WHERE guild_id = ? ORDER BY review_id", guild)
            .fetch_all(self.connection())
            .await?;
        documents(states)
    }

    /// A review by its id.
    pub async fn find_review(&mut self, id: ReviewId) -> Result<Option<Review>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM review WHERE guild_id = ? AND review_id = ?", guild, id.0)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }
}
