//! Deals of a workspace.

use chrono::NaiveDate;

use super::workspace::{DealOfOwner, Workspace};
use super::{document, documents, millis};
use crate::domain::account::{Account, name_key};
use crate::domain::calendar::Calendar;
use crate::domain::deal::Deal;
use crate::domain::id::{AccountId, DealNumber, MemberId, PartnerId};
use crate::domain::partner::Partner;
use crate::error::Failure;

/// What recording a deal begins from.
#[derive(Debug, Clone)]
pub struct RecordingBase {
    /// The account of the name, if there is one.
    pub account: Option<Account>,
    /// The active partner of the name, if there is one.
    pub partner: Option<Partner>,
    /// The open deals of the account.
    pub open: Vec<Deal>,
    /// The number that the next deal gets.
    pub next_deal: DealNumber,
    /// The id that the next account gets.
    pub next_account: AccountId,
}

impl Workspace<'_> {
    /// A deal by its number.
    pub async fn find_deal(&mut self, number: DealNumber) -> Result<Option<Deal>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM deal WHERE guild_id = ? AND number = ?", guild, number.0)
            .fetch_optional(self.connection())
            .await?;
        state.as_deref().map(document).transpose()
    }

    /// A deal and its owner, read together: what every change of a deal begins from.
    pub async fn find_deal_and_owner(&mut self, number: DealNumber) -> Result<Option<DealOfOwner>, Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!(
            r#"SELECT d.state AS "deal!", m.state AS "owner?: String"
               FROM deal d LEFT JOIN member m ON m.guild_id = d.guild_id AND m.member_id = d.owner
               WHERE d.guild_id = ? AND d.number = ?"#,
            guild,
            number.0
        )
        .fetch_optional(self.connection())
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((document(&row.deal)?, row.owner.as_deref().map(document).transpose()?)))
    }

    /// What recording a deal begins from, by the names that were typed, in any case.
    pub async fn get_recording_base(&mut self, account: &str, partner: &str) -> Result<RecordingBase, Failure> {
        let guild = self.guild.0;
        let (account, partner) = (name_key(account), name_key(partner));
        let row = sqlx::query!(
            r#"SELECT (SELECT state FROM account WHERE guild_id = ? AND name_key = ?) AS "account?: String",
                      (SELECT state FROM partner WHERE guild_id = ? AND name_key = ?) AS "partner?: String",
                      (SELECT json_group_array(json(state)) FROM deal WHERE guild_id = ? AND open = 1 AND account_id =
                         (SELECT account_id FROM account WHERE guild_id = ? AND name_key = ?)) AS "open!: String",
                      (SELECT COALESCE(MAX(number), 0) FROM deal WHERE guild_id = ?) AS "number!: i64",
                      (SELECT COALESCE(MAX(account_id), 0) FROM account WHERE guild_id = ?) AS "account_id!: i64""#,
            guild,
            account,
            guild,
            partner,
            guild,
            guild,
            account,
            guild,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        Ok(RecordingBase {
            account: row.account.as_deref().map(document).transpose()?,
            partner: row.partner.as_deref().map(document).transpose()?,
            open: document(&row.open)?,
            next_deal: DealNumber(row.number + 1),
            next_account: AccountId(row.account_id + 1),
        })
    }

    /// Several deals by their numbers, in the order of the numbers.
    pub async fn find_deals(&mut self, numbers: &[DealNumber]) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let numbers = serde_json::to_string(numbers)?;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND number IN (SELECT value FROM json_each(?)) ORDER BY number",
            guild,
            numbers
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The number that the next deal gets. Inside a job of the writer, so that no other gets it too.
    pub async fn next_deal_number(&mut self) -> Result<DealNumber, Failure> {
        let guild = self.guild.0;
        let last = sqlx::query_scalar!(r#"SELECT MAX(number) AS "last: i64" FROM deal WHERE guild_id = ?"#, guild)
            .fetch_one(self.connection())
            .await?;
        Ok(DealNumber(last.unwrap_or(0) + 1))
    }

    /// All open deals, by number.
    pub async fn find_open_deals(&mut self) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        // Named, as the planner would rather read every deal in the order of its number than sort the open ones.
        let states = sqlx::query_scalar!(
            r#"SELECT json_group_array(state) AS "states!: String" FROM (
                 SELECT state FROM deal INDEXED BY deal_by_touch WHERE guild_id = ? AND open = 1 ORDER BY number)"#,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        documents(document(&states)?)
    }

    /// Open deals with an account, newest first.
    pub async fn find_open_deals_of_account(&mut self, account: AccountId) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND account_id = ? AND open = 1 ORDER BY number DESC",
            guild,
            account.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// All deals with an account, open or not.
    pub async fn find_deals_of_account(&mut self, account: AccountId) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND account_id = ? ORDER BY number",
            guild,
            account.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// Open deals whose primary partner this is.
    pub async fn find_open_deals_of_partner(&mut self, partner: PartnerId) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND partner_id = ? AND open = 1 ORDER BY touched_at DESC",
            guild,
            partner.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// Open deals that a member owns, the last touched first.
    pub async fn find_open_deals_of_owner(&mut self, owner: MemberId) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND open = 1 AND owner = ? ORDER BY touched_at DESC",
            guild,
            owner.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// Open deals that a member backs up, by number.
    pub async fn find_open_deals_of_backup(&mut self, backup: MemberId) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND backup = ? AND open = 1 ORDER BY number",
            guild,
            backup.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The last touched open deals of the workspace: the asker's own first, then others', at most `limit` of each.
    pub async fn find_recent_deals(&mut self, asker: MemberId, limit: i64) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            r#"SELECT state AS "state!: String" FROM (
                 SELECT state, 0 AS place, touched_at FROM (SELECT state, touched_at FROM deal WHERE guild_id = ? AND open = 1 AND owner = ? ORDER BY touched_at DESC LIMIT ?)
                 UNION ALL
                 SELECT state, 1, touched_at FROM (SELECT state, touched_at FROM deal WHERE guild_id = ? AND open = 1 AND owner <> ? ORDER BY touched_at DESC LIMIT ?))
               ORDER BY place, touched_at DESC"#,
            guild,
            asker.0,
            limit,
            guild,
            asker.0,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// Deals won on a day or later, by number. A win is recorded on its day or after it, so what was not touched since the
    /// midnight before is none.
    pub async fn find_won_since(&mut self, day: NaiveDate, calendar: &Calendar) -> Result<Vec<Deal>, Failure> {
        let (guild, touched) = (self.guild.0, millis(calendar.midnight(day)));
        let day = day.to_string();
        let states = sqlx::query_scalar!(
            r#"SELECT json_group_array(state) AS "states!: String" FROM (
                 SELECT state FROM deal WHERE guild_id = ? AND open = 0 AND touched_at >= ? AND stage = 'launched'
                   AND state ->> '$.closed_on' >= ? ORDER BY number)"#,
            guild,
            touched,
            day
        )
        .fetch_one(self.connection())
        .await?;
        documents(document(&states)?)
    }

    /// Whether any deal, open or not, has an amount.
    pub async fn has_amounts(&mut self) -> Result<bool, Failure> {
        let guild = self.guild.0;
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM deal WHERE guild_id = ? AND amount IS NOT NULL) AS "any!: bool""#,
            guild
        )
        .fetch_one(self.connection())
        .await?)
    }

    /// Open deals in which a partner takes part beside the primary one, the last touched first.
    pub async fn find_open_deals_with_participant(&mut self, partner: PartnerId) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT d.state FROM participant p CROSS JOIN deal d ON d.guild_id = p.guild_id AND d.number = p.deal
             WHERE p.guild_id = ? AND p.partner_id = ? AND d.open = 1 ORDER BY d.touched_at DESC",
            guild,
            partner.0
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The numbers of all deals with an account, open or not.
    pub async fn find_numbers_of_account(&mut self, account: AccountId) -> Result<Vec<DealNumber>, Failure> {
        let guild = self.guild.0;
        let numbers = sqlx::query_scalar!(
            r#"SELECT number AS "number!" FROM deal WHERE guild_id = ? AND account_id = ? ORDER BY number"#,
            guild,
            account.0
        )
        .fetch_all(self.connection())
        .await?;
        Ok(numbers.into_iter().map(DealNumber).collect())
    }
}
