//! What became of meetings and stalls over a stretch of time.

use super::workspace::Workspace;
use super::{document, instant, millis};
use crate::domain::Instant;
use crate::domain::cadence::Spell;
use crate::domain::id::{DealNumber, PartnerId, ReviewId};
use crate::domain::review::Occurrence;
use crate::error::Failure;

impl Workspace<'_> {
    /// The settled occurrences of all reviews that begin in a stretch.
    pub async fn find_occurrences_between(
        &mut self,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<Occurrence>, Failure> {
        let guild = self.guild.0;
        let (from, until) = (millis(from), millis(until));
        let rows = sqlx::query!(
            "SELECT review_id, starts_at, outcome FROM occurrence WHERE guild_id = ? AND starts_at >= ? AND starts_at < ?",
            guild,
            from,
            until
        )
        .fetch_all(self.connection())
        .await?;
        let occurrence = |review, starts_at, outcome| {
            let outcome = serde_json::from_value(serde_json::Value::String(outcome))?;
            Ok(Occurrence { review: ReviewId(review), starts_at: instant(starts_at)?, outcome, message: None })
        };
        rows.into_iter().map(|row| occurrence(row.review_id, row.starts_at, row.outcome)).collect()
    }

    /// The stalls that ran at any time of a stretch, each with the primary partner of its deal, by their beginning.
    pub async fn find_spells(&mut self, from: Instant, until: Instant) -> Result<Vec<(Spell, PartnerId)>, Failure> {
        let guild = self.guild.0;
        let (from, until) = (millis(from), millis(until));
        let spells = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_array(deal, partner_id, opened_at, ended_at)) AS "spells!: String" FROM (
                 SELECT e.deal, d.partner_id, e.opened_at, e.ended_at
                 FROM (SELECT deal, opened_at, ended_at FROM episode WHERE guild_id = ? AND ended_at IS NULL
                       UNION ALL
                       SELECT deal, opened_at, ended_at FROM episode WHERE guild_id = ? AND ended_at >= ?) e
                 CROSS JOIN deal d ON d.guild_id = ? AND d.number = e.deal
                 WHERE e.opened_at < ? ORDER BY e.opened_at, e.deal)"#,
            guild,
            guild,
            from,
            guild,
            until
        )
        .fetch_one(self.connection())
        .await?;
        let spells: Vec<(DealNumber, PartnerId, i64, Option<i64>)> = document(&spells)?;
        let spell = |(deal, partner, opened_at, ended_at): (_, _, _, Option<i64>)| {
            let ended_at = ended_at.map(instant).transpose()?;
            Ok((Spell { deal, opened_at: instant(opened_at)?, ended_at }, partner))
        };
        spells.into_iter().map(spell).collect()
    }
}
