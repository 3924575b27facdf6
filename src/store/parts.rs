//! Work on a whole workspace that is done in parts: how far it has come.

use super::workspace::Workspace;
use super::{document, documents, millis};
use crate::domain::Instant;
use crate::domain::deal::Deal;
use crate::domain::id::{AccountId, DealNumber, PartnerId};
use crate::domain::incentive::Comp;
use crate::error::Failure;

/// Which deals are still to be found by the names that their accounts and partners have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unindexed {
    /// Those of an account with a new name.
    OfAccount(AccountId),
    /// Those of a partner with a new name, primary or participant.
    OfPartner(PartnerId),
    /// Those of an import, up to its last; and their accounts, which nothing finds either.
    UpTo(DealNumber),
}

impl Unindexed {
    fn key(self) -> (&'static str, i64) {
        match self {
            Unindexed::OfAccount(account) => (ACCOUNT, account.0),
            Unindexed::OfPartner(partner) => (PARTNER, partner.0),
            Unindexed::UpTo(deal) => (DEAL, deal.0),
        }
    }
}

/// As [`crate::domain::event::SubjectKind`] serializes.
const ACCOUNT: &str = "account";
const PARTNER: &str = "partner";
const DEAL: &str = "deal";

/// Whether there is another part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// There is.
    Some,
    /// That was the last one.
    Nothing,
}

impl Workspace<'_> {
    /// Makes the reviews, and up to `limit` open deals after the stored position, due for a check, and moves the
    /// position on. Inside a job of the writer only.
    pub async fn mark_due(&mut self, limit: i64, now: Instant) -> Result<Left, Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        let from = sqlx::query_scalar!("SELECT recheck_from FROM workspace WHERE guild_id = ?", guild)
            .fetch_optional(self.connection())
            .await?
            .flatten();
        let Some(from) = from else { return Ok(Left::Nothing) };
        let marked = sqlx::query_scalar!(
            r#"UPDATE review SET next_post_at = MIN(next_post_at, ?) WHERE guild_id = ? AND next_post_at IS NOT NULL;
               UPDATE deal SET next_check_at = ? WHERE guild_id = ? AND number IN
                 (SELECT number FROM deal WHERE guild_id = ? AND number > ? AND open = 1 ORDER BY number LIMIT ?)
               RETURNING number"#,
            now,
            guild,
            now,
            guild,
            guild,
            from,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        let last = marked.into_iter().max();
        sqlx::query!("UPDATE workspace SET recheck_from = ? WHERE guild_id = ?", last, guild)
            .execute(self.connection())
            .await?;
        Ok(if last.is_some() { Left::Some } else { Left::Nothing })
    }

    /// The terms that people knew before they were changed, and after which deal telling them goes on.
    pub async fn find_comp_change(&mut self) -> Result<Option<(Comp, DealNumber)>, Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!("SELECT before, from_deal FROM comp_change WHERE guild_id = ?", guild)
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| Ok((document(&row.before)?, DealNumber(row.from_deal)))).transpose()
    }

    /// Up to `limit` open deals after one, by number.
    pub async fn find_open_deals_after(&mut self, after: DealNumber, limit: i64) -> Result<Vec<Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND number > ? AND open = 1 ORDER BY number LIMIT ?",
            guild,
            after.0,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }

    /// Moves the position of telling owners on; to `None` when all were. Inside a job of the writer only.
    pub async fn tell_pay_from(&mut self, deal: Option<DealNumber>) -> Result<(), Failure> {
        let (guild, deal) = (self.guild.0, deal.map(|deal| deal.0));
        sqlx::query!(
            r#"DELETE FROM comp_change WHERE guild_id = ? AND ? IS NULL;
               UPDATE comp_change SET from_deal = ? WHERE guild_id = ? AND ? IS NOT NULL"#,
            guild,
            deal,
            deal,
            guild,
            deal
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Which deals are to be indexed next, and after which that goes on.
    pub async fn find_unindexed(&mut self) -> Result<Option<(Unindexed, DealNumber)>, Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!("SELECT kind, subject_id, from_deal FROM reindex WHERE guild_id = ? LIMIT 1", guild)
            .fetch_optional(self.connection())
            .await?;
        Ok(row.map(|row| {
            let unindexed = match row.kind.as_str() {
                ACCOUNT => Unindexed::OfAccount(AccountId(row.subject_id)),
                PARTNER => Unindexed::OfPartner(PartnerId(row.subject_id)),
                _ => Unindexed::UpTo(DealNumber(row.subject_id)),
            };
            (unindexed, DealNumber(row.from_deal))
        }))
    }

    /// Has new deals indexed from one number to another, in parts. Inside a job of the writer only.
    pub async fn index_later(&mut self, first: DealNumber, last: DealNumber) -> Result<(), Failure> {
        let (guild, before) = (self.guild.0, first.0 - 1);
        sqlx::query!(
            "INSERT INTO reindex (guild_id, kind, subject_id, from_deal) VALUES (?, 'deal', ?, ?)",
            guild,
            last.0,
            before
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The numbers of up to `limit` deals after one, open or not, that are to be indexed. A partner's are looked for
    /// among all deals of the workspace, so it is for a reader, not for a job of the writer.
    pub async fn find_numbers_of(
        &mut self,
        unindexed: Unindexed,
        after: DealNumber,
        limit: i64,
    ) -> Result<Vec<DealNumber>, Failure> {
        let guild = self.guild.0;
        let numbers = match unindexed {
            Unindexed::OfAccount(account) => {
                sqlx::query_scalar!(
                    r#"SELECT number AS "number!" FROM deal WHERE guild_id = ? AND account_id = ? AND number > ?
                       ORDER BY number LIMIT ?"#,
                    guild,
                    account.0,
                    after.0,
                    limit
                )
                .fetch_all(self.connection())
                .await?
            }
            Unindexed::OfPartner(partner) => {
                sqlx::query_scalar!(
                    r#"SELECT number FROM deal WHERE guild_id = ? AND number > ? AND (partner_id = ? OR EXISTS
                         (SELECT 1 FROM json_each(state, '$.participants') p WHERE p.value ->> '$.partner' = ?))
                       ORDER BY number LIMIT ?"#,
                    guild,
                    after.0,
                    partner.0,
                    partner.0,
                    limit
                )
                .fetch_all(self.connection())
                .await?
            }
            Unindexed::UpTo(last) => {
                sqlx::query_scalar!(
                    r#"SELECT number AS "number!" FROM deal WHERE guild_id = ? AND number > ? AND number <= ?
                       ORDER BY number LIMIT ?"#,
                    guild,
                    after.0,
                    last.0,
                    limit
                )
                .fetch_all(self.connection())
                .await?
            }
        };
        Ok(numbers.into_iter().map(DealNumber).collect())
    }

    /// Moves the position on from where it was; to `None` when that were all. Renamed once more in between, it begins
    /// anew, and stays at its beginning. Inside a job of the writer only.
    pub async fn go_on_after(
        &mut self,
        unindexed: Unindexed,
        from: DealNumber,
        to: Option<DealNumber>,
    ) -> Result<(), Failure> {
        let (guild, (kind, subject)) = (self.guild.0, unindexed.key());
        let to = to.map(|to| to.0);
        sqlx::query!(
            r#"DELETE FROM reindex WHERE guild_id = ? AND kind = ? AND subject_id = ? AND from_deal = ? AND ? IS NULL;
               UPDATE reindex SET from_deal = ? WHERE guild_id = ? AND kind = ? AND subject_id = ? AND from_deal = ?
                 AND ? IS NOT NULL"#,
            guild,
            kind,
            subject,
            from.0,
            to,
            to,
            guild,
            kind,
            subject,
            from.0,
            to
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::store::open::{MIGRATIONS, older_than};

    #[tokio::test]
    async fn what_was_left_to_index_before_there_were_imports_is_still() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut connection = older_than(6, &folder.path().join("old.db")).await;
        sqlx::query("INSERT INTO reindex (guild_id, kind, subject_id, from_deal) VALUES (7, 'account', 3, 250)")
            .execute(&mut connection)
            .await
            .expect("an account whose deals are half done");
        MIGRATIONS.run(&mut connection).await.expect("the schema with it");
        let rows: Vec<(i64, String, i64, i64)> =
            sqlx::query_as("SELECT guild_id, kind, subject_id, from_deal FROM reindex")
                .fetch_all(&mut connection)
                .await
                .expect("its rows");
        assert_eq!(rows, [(7, "account".to_owned(), 3, 250)]);
    }
}
