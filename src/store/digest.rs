//! Digests: what is handed to the outbox for the people who are due, and the daily look at a workspace.

use chrono::NaiveDate;
use serde::Serialize;

use super::stall::Nudge;
use super::workspace::Workspace;
use super::{Store, day_of, document, instant, millis};
use crate::domain::Instant;
use crate::domain::event::Event;
use crate::domain::id::{DealNumber, GuildId, MemberId};
use crate::domain::motion::Stage;
use crate::domain::notice::Noticed;
use crate::domain::outgoing::{About, Destination};
use crate::domain::ping::Ping;
use crate::domain::stall::StageMedian;
use crate::error::Failure;

/// One message with the reminders of one or more people.
#[derive(Debug, Clone)]
pub struct NewDigest {
    /// Who is told, and the local day that their ping counts for, `None` where they are named without one;
    /// [`MemberId::BOT`] stands for the lead role.
    pub people: Vec<(MemberId, Option<NaiveDate>)>,
    /// Their reminders, each with its member.
    pub nudges: Vec<Nudge>,
    /// What else it tells them of.
    pub notices: Vec<Noticed>,
    /// Where it is said.
    pub to: Destination,
}

#[derive(Serialize)]
struct NewPing {
    member: MemberId,
    day: NaiveDate,
}

impl Store {
    /// Claims the pings of some members on a day of theirs for a message, and says who is granted: those who were not
    /// pinged on it by another one.
    pub async fn claim_pings(
        &self,
        guild: GuildId,
        outbox: i64,
        wanted: Vec<(MemberId, NaiveDate)>,
    ) -> Result<Vec<MemberId>, Failure> {
        let wanted = serde_json::to_string(&wanted)?;
        self.write(move |connection| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let granted = sqlx::query_scalar!(
                    r#"INSERT INTO ping (guild_id, member_id, day, outbox_id) 
                       SELECT ?, value ->> '$[0]', value ->> '$[1]', ? FROM json_each(?) WHERE true
                       ON CONFLICT DO UPDATE SET outbox_id = excluded.outbox_id WHERE ping.outbox_id = excluded.outbox_id
                       RETURNING member_id"#,
                    guild.0,
                    outbox,
                    wanted
                )
                .fetch_all(connection)
                .await?;
                Ok(granted.into_iter().map(MemberId).collect())
            })
        })
        .await
    }
}

impl Workspace<'_> {
    /// Who was pinged on which day lately: a digest is not for them again.
    pub async fn find_pings_since(&mut self, day: NaiveDate) -> Result<Vec<Ping>, Failure> {
        let (guild, day) = (self.guild.0, day.to_string());
        let rows = sqlx::query!(
            r#"SELECT p.member_id, p.day, p.outbox_id, o.created_at FROM ping p CROSS JOIN outbox o ON o.id = p.outbox_id
               WHERE p.guild_id = ? AND o.guild_id = ? AND p.day >= ?"#,
            guild,
            guild,
            day
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|r| {
                let (member, day, at) = (MemberId(r.member_id), day_of(&r.day)?, instant(r.created_at)?);
                Ok(Ping { member, day, at, outbox: r.outbox_id })
            })
            .collect()
    }

    /// Hands a digest to the outbox and marks its reminders, notices and pings, all in the job's commit. The ladder goes
    /// on from there, so what is told of is checked again.
    pub async fn put_digest(&mut self, digest: &NewDigest, now: Instant) -> Result<(), Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        let members = digest.people.iter().map(|(member, _)| *member).collect();
        let about = serde_json::to_string(&About::Digest { members })?;
        let (channel, user) = match digest.to {
            Destination::Channel(channel) => (Some(channel.0), None),
            Destination::Direct(user) => (None, Some(user.0)),
        };
        let pinged = digest.people.iter().filter_map(|(member, day)| Some(NewPing { member: *member, day: (*day)? }));
        let pings: Vec<NewPing> = pinged.collect();
        let (pings, nudges) = (serde_json::to_string(&pings)?, serde_json::to_string(&digest.nudges)?);
        let notices = serde_json::to_string(&digest.notices)?;
        // The tables below have no rowid, so the outbox row stays the last inserted one.
        sqlx::query!(
            r#"
            INSERT INTO outbox (guild_id, kind, about, channel_id, user_id, created_at, due_at) VALUES (?, 'digest', ?, ?, ?, ?, ?);
            INSERT INTO ping (guild_id, member_id, day, outbox_id)
            SELECT ?, value ->> '$.member', value ->> '$.day', last_insert_rowid() FROM json_each(?);
            UPDATE nudge SET done_at = ?, outbox_id = last_insert_rowid(), member_id = n.member
            FROM (SELECT value ->> '$.deal' AS deal, value ->> '$.episode' AS episode, value ->> '$.level' AS level,
                         value ->> '$.slot' AS slot, value ->> '$.member' AS member FROM json_each(?)) n
            WHERE nudge.guild_id = ? AND nudge.deal = n.deal AND nudge.episode = n.episode AND nudge.level = n.level
              AND nudge.slot = n.slot AND nudge.done_at IS NULL;
            UPDATE episode SET state = json_set(state, '$.told_at', ?)
            WHERE guild_id = ? AND (deal, number) IN (SELECT value ->> '$.deal', value ->> '$.episode' FROM json_each(?))
              AND (deal, state ->> '$.level') IN (SELECT value ->> '$.deal', value ->> '$.level' FROM json_each(?));
            UPDATE deal SET next_check_at = ? WHERE guild_id = ? AND open = 1
              AND number IN (SELECT value ->> '$.deal' FROM json_each(?));
            INSERT INTO notice (guild_id, about, owed_at, done_at, outbox_id, member_id)
            SELECT ?, value -> '$.notice', ?, ?, last_insert_rowid(), value ->> '$.member' FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET done_at = excluded.done_at, outbox_id = excluded.outbox_id, member_id = excluded.member_id
            WHERE notice.done_at IS NULL;
            "#,
            guild, about, channel, user, now, now,
            guild, pings,
            now, nudges, guild,
            now, guild, nudges, nudges,
            now, guild, nudges,
            guild, now, now, notices
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Takes back what a digest carries that was never told: it is owed as before, but for reminders of a level that its
    /// deal has left behind, and whoever it would have pinged was not. The digests are looked at anew. Inside a job of the
    /// writer only.
    pub async fn owe_again(&mut self, outbox: i64, now: Instant) -> Result<(), Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        // What is of no deal is worked out each time, and not kept while it is owed.
        sqlx::query!(
            r#"
            UPDATE nudge SET done_at = NULL, outbox_id = NULL, member_id = NULL
            WHERE guild_id = ? AND outbox_id = ? AND level >= (SELECT e.state ->> '$.level' FROM episode e
                WHERE e.guild_id = nudge.guild_id AND e.deal = nudge.deal AND e.number = nudge.episode);
            DELETE FROM notice WHERE guild_id = ? AND outbox_id = ? AND about ->> '$.deal' IS NULL;
            UPDATE notice SET done_at = NULL, outbox_id = NULL, member_id = NULL WHERE guild_id = ? AND outbox_id = ?;
            DELETE FROM ping WHERE guild_id = ? AND outbox_id = ?;
            UPDATE workspace SET next_digest_at = ? WHERE guild_id = ?;
            "#,
            guild,
            outbox,
            guild,
            outbox,
            guild,
            outbox,
            guild,
            outbox,
            now,
            guild
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Reminders that are not needed any more: their stall has ended.
    pub async fn drop_nudges(&mut self, nudges: &[Nudge], now: Instant) -> Result<(), Failure> {
        let (guild, now) = (self.guild.0, millis(now));
        let nudges = serde_json::to_string(nudges)?;
        sqlx::query!(
            r#"UPDATE nudge SET done_at = ?
               FROM (SELECT value ->> '$.deal' AS deal, value ->> '$.episode' AS episode, value ->> '$.level' AS level,
                            value ->> '$.slot' AS slot FROM json_each(?)) n
               WHERE nudge.guild_id = ? AND nudge.deal = n.deal AND nudge.episode = n.episode AND nudge.level = n.level
                 AND nudge.slot = n.slot AND nudge.done_at IS NULL"#,
            now,
            nudges,
            guild
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Sets when the next digest may be due.
    pub async fn set_next_digest(&mut self, next: Instant) -> Result<(), Failure> {
        let (guild, next) = (self.guild.0, millis(next));
        sqlx::query!("UPDATE workspace SET next_digest_at = ? WHERE guild_id = ?", next, guild)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The local day of the last daily look.
    pub async fn find_seen_on(&mut self) -> Result<Option<NaiveDate>, Failure> {
        let guild = self.guild.0;
        let day = sqlx::query_scalar!("SELECT seen_on FROM workspace WHERE guild_id = ?", guild)
            .fetch_optional(self.connection())
            .await?;
        day.flatten().as_deref().map(day_of).transpose()
    }

    /// Notes the daily look, with the medians that it froze. All open deals are checked again if a median changed.
    pub async fn put_seen(&mut self, day: NaiveDate, medians: &[Option<StageMedian>; 5]) -> Result<(), Failure> {
        let changed = self.find_medians().await? != *medians;
        let (guild, day) = (self.guild.0, day.to_string());
        let rows = Stage::OPEN.iter().zip(medians).filter_map(|(stage, median)| {
            median.map(|m| serde_json::json!({"stage": stage.key(), "days": m.days, "deals": m.deals}))
        });
        let rows = serde_json::to_string(&rows.collect::<Vec<_>>())?;
        sqlx::query!(
            r#"
            UPDATE workspace SET seen_on = ? WHERE guild_id = ?;
            DELETE FROM stage_median WHERE guild_id = ?;
            INSERT INTO stage_median (guild_id, stage, day, days, deals)
            SELECT ?, value ->> '$.stage', ?, value ->> '$.days', value ->> '$.deals' FROM json_each(?);
            UPDATE workspace SET recheck_from = 0 WHERE guild_id = ? AND ?;
            "#,
            day,
            guild,
            guild,
            guild,
            day,
            rows,
            guild,
            changed
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Everybody who answers for an open deal, a partner or an open action: owners, backups, partner managers, assignees.
    pub async fn find_answerable(&mut self) -> Result<Vec<MemberId>, Failure> {
        let guild = self.guild.0;
        let ids = sqlx::query_scalar!(
            r#"SELECT owner AS "id!: i64" FROM deal WHERE guild_id = ? AND open = 1
               UNION SELECT backup FROM deal WHERE guild_id = ? AND open = 1 AND backup IS NOT NULL
               UNION SELECT state ->> '$.manager' FROM partner WHERE guild_id = ? AND name_key IS NOT NULL
                 AND state ->> '$.manager' IS NOT NULL
               UNION SELECT assignee FROM item WHERE guild_id = ? AND open = 1 AND assignee IS NOT NULL"#,
            guild,
            guild,
            guild,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        Ok(ids.into_iter().map(MemberId).collect())
    }

    /// The events by which some deals left a stage.
    pub async fn find_stage_changes(&mut self, deals: &[DealNumber]) -> Result<Vec<Event>, Failure> {
        let guild = self.guild.0;
        let deals = serde_json::to_string(deals)?;
        let rows = sqlx::query!(
            r#"SELECT json_object('subject', json_object('kind', subject_kind, 'id', subject_id), 'version', version, 'kind', kind,
                        'actor', actor, 'interaction', interaction_id, 'at', at, 'before', json(before), 'after', json(after), 'text', NULL)
                        AS "event!: String"
               FROM json_each(?) d CROSS JOIN event e ON e.guild_id = ? AND e.subject_kind = 'deal' AND e.subject_id = d.value
               WHERE e.kind IN ('stage_moved', 'won')"#,
            deals,
            guild
        )
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|r| document(&r.event)).collect()
    }
}
