//! What closed credit is reckoned from: the steps of won deals, and how many closed deals were won.

use super::workspace::Workspace;
use super::{document, instant, millis};
use crate::domain::Instant;
use crate::domain::number::{Closed, Step};
use crate::domain::period::Period;
use crate::error::Failure;

impl Workspace<'_> {
    /// When the workspace began: its first settings. `None` before setup.
    pub async fn find_beginning(&mut self) -> Result<Option<Instant>, Failure> {
        let guild = self.guild.0;
        let first = sqlx::query_scalar!(
            r#"SELECT MIN(at) AS "first: i64" FROM event WHERE guild_id = ? AND subject_kind = 'workspace'"#,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        first.map(instant).transpose()
    }

    /// Whether a deal was ever won, so that something is booked by the workspace's quarters.
    pub async fn has_wins(&mut self) -> Result<bool, Failure> {
        let guild = self.guild.0;
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM event INDEXED BY event_won
                              WHERE guild_id = ? AND subject_kind = 'deal' AND after ->> '$.stage' = 'launched') AS "any!: bool""#,
            guild
        )
        .fetch_one(self.connection())
        .await?)
    }

    /// The steps, up to an instant, of all deals that were ever won by then and that anything happened to from another
    /// one on; each deal's together and in their order.
    pub async fn find_steps(&mut self, from: Instant, until: Instant) -> Result<Vec<Step>, Failure> {
        let guild = self.guild.0;
        let (from, until) = (millis(from), millis(until));
        let steps = sqlx::query_scalar!(
            r#"SELECT json_group_array(json(step)) AS "steps!: String" FROM (
                 SELECT json_object('deal', e.subject_id, 'at', e.at,
                          'stage', e.after ->> '$.stage', 'amount', e.after ->> '$.amount', 'role', e.after ->> '$.role',
                          'partner', e.after ->> '$.partner', 'owner', e.after ->> '$.owner',
                          'closed_on', e.after ->> '$.closed_on') AS step
                 FROM (SELECT DISTINCT w.subject_id AS deal
                       FROM event w INDEXED BY event_won CROSS JOIN deal d ON d.guild_id = w.guild_id AND d.number = w.subject_id
                       WHERE w.guild_id = ? AND w.at < ? AND w.subject_kind = 'deal' AND w.after ->> '$.stage' = 'launched'
                         AND d.touched_at >= ?) won
                 CROSS JOIN event e ON e.guild_id = ? AND e.subject_kind = 'deal' AND e.subject_id = won.deal
                 WHERE e.at < ?
                   AND COALESCE(e.after ->> '$.stage', e.after ->> '$.amount', e.after ->> '$.role', e.after ->> '$.partner',
                                e.after ->> '$.owner', e.after ->> '$.closed_on') IS NOT NULL
                 ORDER BY e.subject_id, e.version)"#,
            guild,
            until,
            from,
            guild,
            until
        )
        .fetch_one(self.connection())
        .await?;
        document(&steps)
    }

    /// The states of the open deals and of those that ended and were touched from an instant on, as one JSON list by
    /// number: as many as there are, read in one trip and parsed by whoever asks, on a thread that may take long.
    pub async fn find_states_since(&mut self, from: Instant) -> Result<String, Failure> {
        let guild = self.guild.0;
        let from = millis(from);
        let states = sqlx::query_scalar!(
            r#"SELECT '[' || COALESCE(GROUP_CONCAT(state, ','), '') || ']' AS "states!: String" FROM (
                 SELECT number, state FROM deal INDEXED BY deal_by_touch WHERE guild_id = ? AND open = 1
                 UNION ALL
                 SELECT number, state FROM deal INDEXED BY deal_by_touch WHERE guild_id = ? AND open = 0 AND touched_at >= ?)"#,
            guild,
            guild,
            from
        )
        .fetch_one(self.connection())
        .await?;
        Ok(states)
    }

    /// The deals that were closed on the days of a stretch, each with whether it was won; those entered by mistake count
    /// nowhere. `from` is the first instant of the stretch.
    pub async fn find_closed(&mut self, days: &Period, from: Instant) -> Result<Vec<Closed>, Failure> {
        let guild = self.guild.0;
        let (first, last, from) = (days.start.to_string(), days.end.to_string(), millis(from));
        let closed = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_object('deal', number, 'won', json(CASE stage WHEN 'launched' THEN 'true' ELSE 'false' END)))
                      AS "closed!: String"
               FROM deal WHERE guild_id = ? AND open = 0 AND touched_at >= ?
                 AND state ->> '$.closed_on' BETWEEN ? AND ?
                 AND state ->> '$.lost.reason' IS NOT 'entered_by_mistake'"#,
            guild,
            from,
            first,
            last
        )
        .fetch_one(self.connection())
        .await?;
        document(&closed)
    }
}
