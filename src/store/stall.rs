//! Episodes, the reminders owed for them, and the medians that stalls are judged by.

use std::collections::HashMap;

use super::workspace::Workspace;
use super::{document, documents, millis};
use crate::domain::Instant;
use crate::domain::episode::Episode;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::motion::Stage;
use crate::domain::notice::Notice;
use crate::domain::stall::StageMedian;
use crate::error::Failure;

/// For whom a reminder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// Who answers for the deal.
    Owner,
    /// The standing deputy.
    Backup,
    /// The lead role.
    Lead,
}

/// A reminder that is owed, or that a digest carries.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Nudge {
    /// Of which deal.
    pub deal: DealNumber,
    /// Of which of its episodes.
    pub episode: i64,
    /// How far the stall has climbed, 1 to 3.
    pub level: i64,
    /// For whom.
    pub slot: Slot,
    /// To whom it was handed, once it was; [`MemberId::BOT`] stands for the lead role.
    pub member: Option<MemberId>,
}

struct Row {
    deal: i64,
    episode: i64,
    level: i64,
    slot: String,
    member_id: Option<i64>,
}

impl Row {
    fn nudge(self) -> Result<Nudge, Failure> {
        Ok(Nudge {
            deal: DealNumber(self.deal),
            episode: self.episode,
            level: self.level,
            slot: serde_json::from_value(serde_json::Value::String(self.slot))?,
            member: self.member_id.map(MemberId),
        })
    }
}

/// What a check of a deal found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Checked {
    /// Which.
    pub deal: DealNumber,
    /// Its latest episode, if it ever had one.
    pub episode: Option<Episode>,
    /// Reminders that are owed from now on; one that was told stays told, one that was dropped untold is owed again.
    pub nudges: Vec<Nudge>,
    /// The same of notices.
    pub notices: Vec<Notice>,
    /// Unix milliseconds of the next check.
    pub next_check: Option<i64>,
}

impl Workspace<'_> {
    /// The latest episode of each of some deals.
    pub async fn find_latest_episodes(
        &mut self,
        deals: &[DealNumber],
    ) -> Result<HashMap<DealNumber, Episode>, Failure> {
        let guild = self.guild.0;
        let deals = serde_json::to_string(deals)?;
        let rows = sqlx::query!(
            r#"SELECT e.deal AS "deal!", e.state AS "state!" FROM json_each(?) d CROSS JOIN episode e ON e.guild_id = ? AND e.deal = d.value
               WHERE e.number = (SELECT MAX(number) FROM episode l WHERE l.guild_id = ? AND l.deal = e.deal)"#,
            deals,
            guild,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(|r| Ok((DealNumber(r.deal), document(&r.state)?))).collect()
    }

    /// All running episodes, by deal.
    pub async fn find_running_episodes(&mut self) -> Result<HashMap<DealNumber, Episode>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query!(
            r#"SELECT deal AS "deal!", state FROM episode WHERE guild_id = ? AND ended_at IS NULL"#,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(|r| Ok((DealNumber(r.deal), document(&r.state)?))).collect()
    }

    /// Writes what checks of deals found: episodes, reminders and notices owed, next checks. Inside a job of the writer only.
    pub async fn put_checked(&mut self, checked: &[Checked], now: Instant) -> Result<(), Failure> {
        let guild = self.guild.0;
        let now = millis(now);
        let checked = serde_json::to_string(checked)?;
        sqlx::query!(
            r#"
            INSERT INTO episode (guild_id, deal, number, state, opened_at, ended_at)
            SELECT ?, value ->> '$.deal', value ->> '$.episode.number', value -> '$.episode', value ->> '$.episode.opened_at',
                   value ->> '$.episode.ended.at'
            FROM json_each(?) WHERE value ->> '$.episode' IS NOT NULL
            ON CONFLICT DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at;

            UPDATE workspace SET next_digest_at = MIN(COALESCE(next_digest_at, ?), ?)
            WHERE guild_id = ? AND EXISTS (
                SELECT 1 FROM json_each(?) WHERE json_array_length(value, '$.nudges') + json_array_length(value, '$.notices') > 0);

            INSERT INTO nudge (guild_id, deal, episode, level, slot, owed_at)
            SELECT ?, n.value ->> '$.deal', n.value ->> '$.episode', n.value ->> '$.level', n.value ->> '$.slot', ?
            FROM json_each(?) c, json_each(c.value, '$.nudges') n WHERE true
            ON CONFLICT DO UPDATE SET done_at = NULL WHERE nudge.outbox_id IS NULL;

            INSERT INTO notice (guild_id, about, owed_at)
            SELECT ?, n.value, ? FROM json_each(?) c, json_each(c.value, '$.notices') n WHERE true
            ON CONFLICT DO UPDATE SET done_at = NULL WHERE notice.outbox_id IS NULL;

            UPDATE deal SET next_check_at = (SELECT value ->> '$.next_check' FROM json_each(?) WHERE value ->> '$.deal' = deal.number)
            WHERE guild_id = ? AND number IN (SELECT value ->> '$.deal' FROM json_each(?));
            "#,
            guild, checked,
            now, now, guild, checked,
            guild, now, checked,
            guild, now, checked,
            checked, guild, checked
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Reminders that are owed.
    pub async fn find_owed_nudges(&mut self) -> Result<Vec<Nudge>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT deal AS "deal!", episode AS "episode!", level AS "level!", slot AS "slot!", member_id FROM nudge
               WHERE guild_id = ? AND done_at IS NULL ORDER BY owed_at, deal"#,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(Row::nudge).collect()
    }

    /// Reminders that a digest carries.
    pub async fn find_nudges_in(&mut self, outbox: i64) -> Result<Vec<Nudge>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT deal AS "deal!", episode AS "episode!", level AS "level!", slot AS "slot!", member_id FROM nudge
               WHERE guild_id = ? AND outbox_id = ? ORDER BY level DESC, deal"#,
            guild,
            outbox
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(Row::nudge).collect()
    }

    /// The frozen medians, in the order of [`Stage::OPEN`].
    pub async fn find_medians(&mut self) -> Result<[Option<StageMedian>; 5], Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query!("SELECT stage, days, deals FROM stage_median WHERE guild_id = ?", guild)
            .fetch_all(self.connection())
            .await?;
        Ok(medians_of(rows.into_iter().map(|r| (r.stage, r.days, r.deals)).collect()))
    }

    /// The states of deals that were won last, newest first; what medians are made from.
    pub async fn find_last_won(&mut self, limit: i64) -> Result<Vec<crate::domain::deal::Deal>, Failure> {
        let guild = self.guild.0;
        let states = sqlx::query_scalar!(
            "SELECT state FROM deal WHERE guild_id = ? AND open = 0 AND stage = 'launched' ORDER BY touched_at DESC LIMIT ?",
            guild,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        documents(states)
    }
}

/// Medians from their rows: stage, days, deals.
pub(super) fn medians_of(rows: Vec<(String, i64, i64)>) -> [Option<StageMedian>; 5] {
    Stage::OPEN.map(|stage| {
        let (_, days, deals) = rows.iter().find(|(key, ..)| key == stage.key())?;
        Some(StageMedian { days: u32::try_from(*days).ok()?, deals: u32::try_from(*deals).ok()? })
    })
}
