//! What an import looks up: deals by the CRM's id, accounts by name, open deals without an id.

use super::documents;
use super::workspace::Workspace;
use crate::domain::account::Account;
use crate::domain::id::{AccountId, DealNumber, PartnerId};
use crate::error::Failure;

impl Workspace<'_> {
    /// Every deal with a CRM id or link, but those that were entered by mistake.
    pub async fn find_linked(&mut self) -> Result<Vec<(DealNumber, String)>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query!(
            r#"SELECT number AS "number!", state ->> '$.crm' AS "crm!: String" FROM deal
               WHERE guild_id = ? AND state ->> '$.crm' IS NOT NULL
                 AND (open = 1 OR state ->> '$.lost.reason' IS NOT 'entered_by_mistake')
               ORDER BY number"#,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (DealNumber(row.number), row.crm)).collect())
    }

    /// The accounts of some name keys.
    pub async fn find_accounts_of_keys(&mut self, keys: &[String]) -> Result<Vec<(String, AccountId)>, Failure> {
        let guild = self.guild.0;
        let keys = serde_json::to_string(keys)?;
        let rows = sqlx::query!(
            r#"SELECT name_key AS "key!", account_id AS "account_id!" FROM account
               WHERE guild_id = ? AND name_key IN (SELECT value FROM json_each(?))"#,
            guild,
            keys
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (row.key, AccountId(row.account_id))).collect())
    }

    /// The open deals of some accounts that have no CRM id.
    pub async fn find_unlinked(
        &mut self,
        accounts: &[AccountId],
    ) -> Result<Vec<(AccountId, PartnerId, DealNumber)>, Failure> {
        let guild = self.guild.0;
        let accounts = serde_json::to_string(accounts)?;
        let rows = sqlx::query!(
            r#"SELECT d.account_id AS "account_id!", d.partner_id AS "partner_id!", d.number AS "number!"
               FROM json_each(?) j CROSS JOIN deal d ON d.guild_id = ? AND d.account_id = j.value AND d.open = 1
               WHERE d.state ->> '$.crm' IS NULL ORDER BY d.number"#,
            accounts,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        let row = |row: (i64, i64, i64)| (AccountId(row.0), PartnerId(row.1), DealNumber(row.2));
        Ok(rows.into_iter().map(|r| row((r.account_id, r.partner_id, r.number))).collect())
    }

    /// How many deals have no CRM id, but for those that were entered by mistake.
    pub async fn count_unlinked(&mut self) -> Result<i64, Failure> {
        let guild = self.guild.0;
        let count = sqlx::query_scalar!(
            r#"SELECT COUNT(*) AS "count!: i64" FROM deal
               WHERE guild_id = ? AND state ->> '$.crm' IS NULL AND state ->> '$.lost.reason' IS NOT 'entered_by_mistake'"#,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        Ok(count)
    }

    /// Every account, merged ones too.
    pub async fn find_all_accounts(&mut self) -> Result<Vec<Account>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!("SELECT state FROM account WHERE guild_id = ? ORDER BY account_id", guild)
            .fetch_all(self.connection())
            .await?;
        documents(states)
    }

    /// The number of every deal.
    pub async fn find_all_numbers(&mut self) -> Result<Vec<DealNumber>, Failure> {
        let guild = self.guild.0;
        let numbers =
            sqlx::query_scalar!(r#"SELECT number AS "number!" FROM deal WHERE guild_id = ? ORDER BY number"#, guild)
                .fetch_all(self.connection())
                .await?;
        Ok(numbers.into_iter().map(DealNumber).collect())
    }
}
