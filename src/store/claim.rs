//! Claims that somebody is to confirm, by partner: the queue of a partner's manager. Written along with the deals.

use serde::Serialize;

use super::workspace::Workspace;
use super::{document, millis};
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::error::Failure;

/// Whose claims are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClaimsOf {
    /// With this partner.
    pub partner: PartnerId,
    /// By this claimer; `None` for anybody.
    pub by: Option<MemberId>,
}

/// Claims that wait, the longest waiting first.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// The first of them: each deal with the partner whose part was claimed.
    pub first: Vec<(Deal, PartnerId)>,
    /// How many there are.
    pub total: usize,
}

/// One row, as a commit writes it.
#[derive(Debug, Serialize)]
pub(super) struct ClaimRow {
    deal: DealNumber,
    partner: PartnerId,
    by: MemberId,
    at: i64,
}

/// The rows of a deal.
pub(super) fn rows(deal: &Deal) -> Vec<ClaimRow> {
    let row = |credit: crate::domain::deal::Credit| ClaimRow {
        deal: deal.number,
        partner: credit.partner,
        by: credit.claimed.by,
        at: millis(credit.claimed.at),
    };
    deal.waiting_claims().map(row).collect()
}

impl Workspace<'_> {
    /// Claims that wait and that a person may confirm as far as they are not their own; at most `limit`, and how many
    /// there are.
    pub async fn find_waiting_claims(
        &mut self,
        of: &[ClaimsOf],
        not_by: MemberId,
        limit: i64,
    ) -> Result<Waiting, Failure> {
        let (guild, of) = (self.guild.0, serde_json::to_string(of)?);
        let rows = sqlx::query!(
            r#"SELECT w.partner_id AS "partner!: i64", w.total AS "total!: i64", d.state AS "state!: String"
               FROM (SELECT c.deal, c.partner_id, c.at, COUNT(*) OVER () AS total
                     FROM json_each(?) o CROSS JOIN claim c ON c.guild_id = ? AND c.partner_id = o.value ->> '$.partner'
                     WHERE c.by <> ? AND c.by = COALESCE(o.value ->> '$.by', c.by)
                     ORDER BY c.at, c.deal LIMIT ?) w
               CROSS JOIN deal d ON d.guild_id = ? AND d.number = w.deal
               ORDER BY w.at, w.deal"#,
            of,
            guild,
            not_by.0,
            limit,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        let total = rows.first().map_or(0, |row| usize::try_from(row.total).unwrap_or(0));
        let first = rows.iter().map(|row| Ok((document(&row.state)?, PartnerId(row.partner))));
        Ok(Waiting { first: first.collect::<Result<_, Failure>>()?, total })
    }
}
