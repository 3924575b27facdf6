//! How many deals, and what they are worth together, counted by SQLite.

use std::collections::HashMap;

use super::workspace::Workspace;
use crate::domain::id::PartnerId;
use crate::domain::overview::Tally;
use crate::error::Failure;

/// Whether deals have ended, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// They run.
    No,
    /// Won.
    Won,
    /// Lost, but for those entered by mistake.
    Lost,
}

/// The deals of a partner that ended alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerTally {
    /// Whose.
    pub partner: PartnerId,
    /// Which.
    pub ended: Ended,
    /// How many and how much.
    pub tally: Tally,
}

impl Workspace<'_> {
    /// In how many open deals some partners take part beside the primary one. None of these is in their tallies.
    pub async fn count_open_parts(&mut self, partners: &[PartnerId]) -> Result<HashMap<PartnerId, usize>, Failure> {
        let guild = self.guild.0;
        let partners = serde_json::to_string(partners)?;
        let rows = sqlx::query!(
            r#"SELECT p.partner_id AS "partner!: i64", COUNT(*) AS "deals!: i64"
               FROM json_each(?) j CROSS JOIN participant p ON p.guild_id = ? AND p.partner_id = j.value
               CROSS JOIN deal d ON d.guild_id = p.guild_id AND d.number = p.deal
               WHERE d.open = 1 GROUP BY p.partner_id"#,
            partners,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (PartnerId(row.partner), usize::try_from(row.deals).unwrap_or(0))).collect())
    }

    /// The deals of some partners, counted by how they ended. A deal is its primary partner's; nothing of it is counted
    /// for a participant.
    pub async fn find_partner_tallies(&mut self, partners: &[PartnerId]) -> Result<Vec<PartnerTally>, Failure> {
        let guild = self.guild.0;
        let partners = serde_json::to_string(partners)?;
        let rows = sqlx::query!(
            r#"SELECT partner_id AS "partner!: i64", open AS "open!: bool", stage = 'launched' AS "won!: bool",
                      COUNT(*) AS "deals!: i64", COALESCE(SUM(amount), 0) AS "amount!: i64"
               FROM json_each(?) p CROSS JOIN deal d ON d.guild_id = ? AND d.partner_id = p.value
               WHERE COALESCE(state ->> '$.lost.reason', '') <> 'entered_by_mistake'
               GROUP BY partner_id, open, stage = 'launched'"#,
            partners,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        let tally = |deals: i64, amount| Tally { deals: usize::try_from(deals).unwrap_or(0), amount };
        let ended = |open, won| match (open, won) {
            (true, _) => Ended::No,
            (false, true) => Ended::Won,
            (false, false) => Ended::Lost,
        };
        Ok(rows
            .into_iter()
            .map(|row| PartnerTally {
                partner: PartnerId(row.partner),
                ended: ended(row.open, row.won),
                tally: tally(row.deals, row.amount),
            })
            .collect())
    }
}
