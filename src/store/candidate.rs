//! Deals and accounts that may be meant by what a person types: what decides their place, and how they read. Every query
//! is bounded by its numbers or its limit, so that its cost does not grow with what is stored, and gives one row, because
//! a row costs more on its way from SQLite's thread than to find.

use super::workspace::Workspace;
use super::{document, instant};
use crate::domain::Instant;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::motion::Stage;
use crate::error::Failure;

/// A deal that may be meant, with what decides its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub deal: DealNumber,
    /// What it is found by.
    pub text: String,
    /// Whether it runs.
    pub open: bool,
    /// Whose it is.
    pub owner: MemberId,
    /// When its last event was recorded.
    pub touched_at: Instant,
}

/// A deal as it reads in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Which.
    pub deal: DealNumber,
    /// The customer's name.
    pub account: String,
    /// The primary partner's name.
    pub partner: String,
    /// Where it is.
    pub stage: Stage,
}

/// Which deals are meant in the first place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// Open ones.
    Open,
    /// Won and lost ones.
    Closed,
}

impl Workspace<'_> {
    /// The deals touched last: of the asker at most `limit`, and as many of anybody.
    pub async fn find_recent_numbers(
        &mut self,
        asker: MemberId,
        running: Running,
        limit: i64,
    ) -> Result<Vec<DealNumber>, Failure> {
        let (guild, open) = (self.guild.0, i64::from(running == Running::Open));
        let numbers = sqlx::query_scalar!(
            r#"SELECT json_group_array(number) AS "numbers!: String" FROM (
                 SELECT number FROM (SELECT number FROM deal WHERE guild_id = ? AND open = ? AND owner = ? ORDER BY touched_at DESC LIMIT ?)
                 UNION
                 SELECT number FROM (SELECT number FROM deal WHERE guild_id = ? AND open = ? ORDER BY touched_at DESC LIMIT ?))"#,
            guild,
            open,
            asker.0,
            limit,
            guild,
            open,
            limit
        )
        .fetch_one(self.connection())
        .await?;
        document(&numbers)
    }

    /// What decides the place of some deals among those offered; in no order.
    pub async fn find_candidates(&mut self, deals: &[DealNumber]) -> Result<Vec<Candidate>, Failure> {
        let guild = self.guild.0;
        let deals = serde_json::to_string(deals)?;
        let candidates = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_array(d.number, l.text, d.open, d.owner, d.touched_at)) AS "candidates!: String"
               FROM json_each(?) n CROSS JOIN deal d ON d.guild_id = ? AND d.number = n.value
               CROSS JOIN lookup l ON l.guild_id = ? AND l.kind = 'deal' AND l.subject_id = d.number"#,
            deals,
            guild,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        let rows: Vec<(DealNumber, String, i64, MemberId, i64)> = document(&candidates)?;
        rows.into_iter()
            .map(|(deal, text, open, owner, touched)| {
                Ok(Candidate { deal, text, open: open == 1, owner, touched_at: instant(touched)? })
            })
            .collect()
    }

    /// How some deals read, in the order asked for.
    pub async fn find_labels(&mut self, deals: &[DealNumber]) -> Result<Vec<Label>, Failure> {
        let guild = self.guild.0;
        let deals = serde_json::to_string(deals)?;
        let rows = sqlx::query!(
            r#"SELECT d.number AS "number!", d.stage AS "stage!", a.state ->> '$.name' AS "account!: String",
                      p.state ->> '$.name' AS "partner!: String"
               FROM json_each(?) n CROSS JOIN deal d ON d.guild_id = ? AND d.number = n.value
               CROSS JOIN account a ON a.guild_id = ? AND a.account_id = d.account_id
               CROSS JOIN partner p ON p.guild_id = ? AND p.partner_id = d.partner_id ORDER BY n.key"#,
            deals,
            guild,
            guild,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|r| {
                let stage = serde_json::from_value(serde_json::Value::String(r.stage))?;
                Ok(Label { deal: DealNumber(r.number), account: r.account, partner: r.partner, stage })
            })
            .collect()
    }

    /// The accounts that came last, at most `limit`; those that were merged away are not among them.
    pub async fn find_last_accounts(&mut self, limit: i64) -> Result<Vec<String>, Failure> {
        let guild = self.guild.0;
        Ok(sqlx::query_scalar!(
            "SELECT text FROM lookup WHERE guild_id = ? AND kind = 'account' AND text <> '' ORDER BY subject_id DESC LIMIT ?",
            guild,
            limit
        )
        .fetch_all(self.connection())
        .await?)
    }
}
