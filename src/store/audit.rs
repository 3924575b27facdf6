//! Changes of settings, partners, accounts and reviews, as `/cosell audit` reads them from the log.

use super::document;
use super::workspace::Workspace;
use crate::domain::event::Event;
use crate::error::Failure;

/// A page of changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// How many there are in all.
    pub total: usize,
    /// Those of the page, newest first.
    pub events: Vec<Event>,
}

impl Workspace<'_> {
    /// Changes of settings, partners and reviews, of accounts once they were made, and of who was forgotten: up to `limit` of them after the newest `skip`.
    pub async fn find_changes(&mut self, skip: usize, limit: usize) -> Result<Changes, Failure> {
        let guild = self.guild.0;
        let (skip, limit) = (i64::try_from(skip).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        let row = sqlx::query!(
            r#"WITH change AS MATERIALIZED (
                 SELECT interaction_id, sequence, at FROM event
                 WHERE guild_id = ? AND subject_kind IN ('workspace', 'partner', 'review')
                 UNION ALL SELECT interaction_id, sequence, at FROM event
                 WHERE guild_id = ? AND subject_kind = 'account' AND kind <> 'created'
                 UNION ALL SELECT interaction_id, sequence, at FROM event
                 WHERE guild_id = ? AND subject_kind = 'member' AND kind = 'forgotten')
               SELECT (SELECT COUNT(*) FROM change) AS "total!: i64",
                      (SELECT json_group_array(json(event)) FROM (
                         SELECT json_object('subject', json_object('kind', e.subject_kind, 'id', e.subject_id), 'version', e.version,
                                  'kind', e.kind, 'actor', e.actor, 'interaction', e.interaction_id, 'at', e.at,
                                  'before', json(e.before), 'after', json(e.after), 'text', e.text) AS event
                         FROM (SELECT interaction_id, sequence, at FROM change ORDER BY at DESC, interaction_id DESC, sequence DESC LIMIT ? OFFSET ?) c
                         CROSS JOIN event e ON e.guild_id = ? AND e.interaction_id = c.interaction_id AND e.sequence = c.sequence
                         ORDER BY c.at DESC, c.interaction_id DESC, c.sequence DESC)) AS "events!: String""#,
            guild,
            guild,
            guild,
            limit,
            skip,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        Ok(Changes { total: usize::try_from(row.total).unwrap_or(0), events: document(&row.events)? })
    }
}
