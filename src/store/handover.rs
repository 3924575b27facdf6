//! Handovers of a workspace, and what open deals hang on.

use super::workspace::Workspace;
use super::{document, documents, millis};
use crate::domain::Instant;
use crate::domain::departure::Stake;
use crate::domain::handover::Handover;
use crate::domain::id::{AccountId, DealNumber, HandoverId, MemberId, PartnerId};
use crate::error::Failure;

type StakeRow = (DealNumber, MemberId, Option<MemberId>, PartnerId, AccountId, Option<i64>);

impl Workspace<'_> {
    /// A handover by its id.
    pub async fn find_handover(&mut self, id: HandoverId) -> Result<Option<Handover>, Failure> {
        let guild = self.guild.0;
        let state =
            sqlx::query_scalar!("SELECT state FROM handover WHERE guild_id = ? AND handover_id = ?", guild, id.0)
                .fetch_optional(self.connection())
                .await?;
        state.as_deref().map(document).transpose()
    }

    /// What a lead planned for somebody and did not start.
    pub async fn find_handover_plan(&mut self, leaver: MemberId) -> Result<Option<Handover>, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!(
            "SELECT state FROM handover WHERE guild_id = ? AND leaver = ? AND started_at IS NULL ORDER BY handover_id DESC LIMIT 1",
            guild,
            leaver.0
        )
        .fetch_optional(self.connection())
        .await?;
        state.as_deref().map(document).transpose()
    }

    /// Handovers that were started since an instant or wait for answers, newest first.
    pub async fn find_handovers_since(&mut self, since: Instant) -> Result<Vec<Handover>, Failure> {
        let (guild, since) = (self.guild.0, millis(since));
        let states = sqlx::query_scalar!(
            r#"SELECT state FROM handover WHERE guild_id = ? AND started_at IS NOT NULL AND (started_at >= ? OR waiting > 0)
               ORDER BY handover_id DESC"#,
            guild,
            since
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// Handovers that wait for answers.
    pub async fn find_waiting_handovers(&mut self) -> Result<Vec<Handover>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM handover WHERE guild_id = ? AND waiting > 0 ORDER BY handover_id",
            guild
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// The id that the next handover gets.
    pub async fn next_handover_id(&mut self) -> Result<HandoverId, Failure> {
        let guild = self.guild.0;
        let last =
            sqlx::query_scalar!(r#"SELECT MAX(handover_id) AS "last: i64" FROM handover WHERE guild_id = ?"#, guild)
                .fetch_one(self.connection())
                .await?;
        Ok(HandoverId(last.unwrap_or(0) + 1))
    }

    /// What each open deal hangs on, by number. Reads stored columns only, so that it is quick over many deals.
    pub async fn find_stakes(&mut self) -> Result<Vec<Stake>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_array(number, owner, backup, partner_id, account_id, amount)) AS "rows!: String"
               FROM deal INDEXED BY deal_by_touch WHERE guild_id = ? AND open = 1"#,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        let rows: Vec<StakeRow> = document(&rows)?;
        let stake = |(deal, owner, backup, partner, account, amount): StakeRow| Stake {
            deal,
            owner,
            backup,
            partner,
            account,
            amount,
        };
        let mut stakes: Vec<Stake> = rows.into_iter().map(stake).collect();
        stakes.sort_by_key(|stake| stake.deal);
        Ok(stakes)
    }
}
