//! Forgetting a person or a whole workspace: the only writes that change the log.

use serde_json::Value;
use sqlx::Row;

use super::workspace::Workspace;
use super::{document, millis};
use crate::domain::Instant;
use crate::domain::event::{Event, Subject, SubjectKind};
use crate::domain::forget::{blank, blank_member, blank_said, nobody};
use crate::domain::id::{MemberId, UserId};
use crate::error::Failure;

/// What the workspace keeps, counted, before it is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Deals, open or not.
    pub deals: i64,
    /// Everything that was ever changed.
    pub events: i64,
    /// Partners.
    pub partners: i64,
    /// Reviews.
    pub reviews: i64,
    /// People.
    pub members: i64,
}

/// A table with what its rows are found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    name: String,
    /// The columns of its key.
    key: Vec<String>,
}

impl Workspace<'_> {
    /// How many changes a person made, and to how many deals.
    pub async fn count_changes_of(&mut self, member: MemberId) -> Result<(i64, i64), Failure> {
        let guild = self.guild.0;
        let row = sqlx::query!(
            r#"SELECT COUNT(*) AS "changes!: i64", COUNT(DISTINCT IIF(subject_kind = 'deal', subject_id, NULL)) AS "deals!: i64"
               FROM event WHERE guild_id = ? AND actor = ?"#,
            guild,
            member.0
        )
        .fetch_one(self.connection())
        .await?;
        Ok((row.changes, row.deals))
    }

    /// What a person's texts stand in: everything that they changed since an instant, but for themselves.
    pub async fn find_subjects_of(&mut self, member: MemberId, since: Instant) -> Result<Vec<Subject>, Failure> {
        let (guild, since) = (self.guild.0, millis(since));
        let subjects = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_object('kind', subject_kind, 'id', subject_id)) AS "subjects!: String" FROM (
                 SELECT DISTINCT subject_kind, subject_id FROM event
                 WHERE guild_id = ? AND actor = ? AND at >= ? AND subject_kind <> 'member')"#,
            guild,
            member.0,
            since
        )
        .fetch_one(self.connection())
        .await?;
        document(&subjects)
    }

    /// Blanks what a person typed about some subjects. Inside a job of the writer only.
    pub async fn blank_texts(&mut self, member: MemberId, subjects: &[Subject]) -> Result<(), Failure> {
        for subject in subjects {
            let mut events = self.find_events(*subject).await?;
            match subject.kind {
                SubjectKind::Deal => self.blank_deal(member, *subject, &mut events).await?,
                SubjectKind::Handover => self.blank_handover(member, *subject, &mut events).await?,
                SubjectKind::Review => self.blank_review(member, *subject, &mut events).await?,
                SubjectKind::Item => self.blank_item(member, *subject, &mut events).await?,
                _ => {
                    blank_said(member, &mut events);
                    self.put_blanked(member, *subject, &events).await?;
                }
            }
        }
        Ok(())
    }

    async fn blank_deal(&mut self, member: MemberId, deal: Subject, events: &mut [Event]) -> Result<(), Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM deal WHERE guild_id = ? AND number = ?", guild, deal.id)
            .fetch_one(self.connection())
            .await?;
        let state = blanked(member, events, &state)?;
        self.put_blanked(member, deal, events).await?;
        sqlx::query!("UPDATE deal SET state = ? WHERE guild_id = ? AND number = ?", state, guild, deal.id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn blank_review(&mut self, member: MemberId, review: Subject, events: &mut [Event]) -> Result<(), Failure> {
        let guild = self.guild.0;
        let state =
            sqlx::query_scalar!("SELECT state FROM review WHERE guild_id = ? AND review_id = ?", guild, review.id)
                .fetch_one(self.connection())
                .await?;
        let state = blanked(member, events, &state)?;
        self.put_blanked(member, review, events).await?;
        sqlx::query!("UPDATE review SET state = ? WHERE guild_id = ? AND review_id = ?", state, guild, review.id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn blank_item(&mut self, member: MemberId, item: Subject, events: &mut [Event]) -> Result<(), Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM item WHERE guild_id = ? AND item_id = ?", guild, item.id)
            .fetch_one(self.connection())
            .await?;
        let state = blanked(member, events, &state)?;
        self.put_blanked(member, item, events).await?;
        sqlx::query!("UPDATE item SET state = ? WHERE guild_id = ? AND item_id = ?", state, guild, item.id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn blank_handover(
        &mut self,
        member: MemberId,
        handover: Subject,
        events: &mut [Event],
    ) -> Result<(), Failure> {
        let (guild, id) = (self.guild.0, handover.id);
        let state = sqlx::query_scalar!("SELECT state FROM handover WHERE guild_id = ? AND handover_id = ?", guild, id)
            .fetch_one(self.connection())
            .await?;
        let state = blanked(member, events, &state)?;
        self.put_blanked(member, handover, events).await?;
        sqlx::query!("UPDATE handover SET state = ? WHERE guild_id = ? AND handover_id = ?", state, guild, id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Writes events whose texts were blanked. The row in `forgetting` lets it, and is gone before anything else is done.
    async fn put_blanked(&mut self, member: MemberId, subject: Subject, events: &[Event]) -> Result<(), Failure> {
        let guild = self.guild.0;
        let events = serde_json::to_string(events)?;
        let kind = super::log::word(&subject)?;
        sqlx::query!(
            r#"INSERT INTO forgetting (guild_id, member_id) VALUES (?, ?);
               UPDATE event SET before = json(j.value -> '$.before'), after = json(j.value -> '$.after'), text = j.value ->> '$.text'
               FROM json_each(?) j
               WHERE event.guild_id = ? AND event.subject_kind = ? AND event.subject_id = ? AND event.version = j.value ->> '$.version';
               DELETE FROM forgetting WHERE guild_id = ?"#,
            guild,
            member.0,
            events,
            guild,
            kind,
            subject.id,
            guild
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Takes a person's name and user id away from the log of themselves, their row, drafts, alarms and messages. Inside a
    /// job of the writer only.
    pub async fn forget_identity(&mut self, member: MemberId, user: UserId) -> Result<(), Failure> {
        let subject = Subject { kind: SubjectKind::Member, id: member.0 };
        let mut events = self.find_events(subject).await?;
        blank_member(member, &mut events);
        self.put_blanked(member, subject, &events).await?;
        let (guild, direct, nobody) = (self.guild.0, format!("direct:{user}"), nobody(member).0);
        sqlx::query!(
            r#"UPDATE member SET user_id = ? WHERE guild_id = ? AND member_id = ?;
               DELETE FROM draft WHERE guild_id = ? AND user_id = ?;
               DELETE FROM first_use WHERE guild_id = ? AND user_id = ?;
               DELETE FROM alarm WHERE guild_id = ? AND about = ?;
               DELETE FROM outbox WHERE guild_id = ? AND (user_id = ? OR about ->> '$.user' = ? OR about ->> '$.alarm.by' = ?)"#,
            nobody,
            guild,
            member.0,
            guild,
            user.0,
            guild,
            user.0,
            guild,
            direct,
            guild,
            user.0,
            user.0,
            member.0
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Drops the stored words of up to `limit` messages that were sent or given up: they may name anybody. Says how many
    /// there were.
    pub async fn drop_sent_words(&mut self, limit: i64) -> Result<u64, Failure> {
        let guild = self.guild.0;
        let done = sqlx::query!(
            r#"UPDATE outbox SET body = NULL, picture = NULL WHERE id IN (
                 SELECT id FROM outbox WHERE guild_id = ? AND state IN ('sent', 'parked', 'dropped') AND body IS NOT NULL LIMIT ?)"#,
            guild,
            limit
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected())
    }

    /// What there is, for the question whether all of it shall go.
    pub async fn count_kept(&mut self) -> Result<Kept, Failure> {
        let guild = self.guild.0;
        Ok(sqlx::query_as!(
            Kept,
            r#"SELECT (SELECT COUNT(*) FROM deal WHERE guild_id = ?) AS "deals!: i64",
                      (SELECT COUNT(*) FROM event WHERE guild_id = ?) AS "events!: i64",
                      (SELECT COUNT(*) FROM partner WHERE guild_id = ?) AS "partners!: i64",
                      (SELECT COUNT(*) FROM review WHERE guild_id = ?) AS "reviews!: i64",
                      (SELECT COUNT(*) FROM member WHERE guild_id = ?) AS "members!: i64""#,
            guild,
            guild,
            guild,
            guild,
            guild
        )
        .fetch_one(self.connection())
        .await?)
    }

    /// Every table that keeps something of a workspace, by its guild_id, the settings first: once they are gone, nobody records anything.
    pub async fn find_tables(&mut self) -> Result<Vec<Table>, Failure> {
        let rows = sqlx::query(
            "SELECT m.name AS name, (SELECT json_group_array(k.name) FROM pragma_table_info(m.name) k WHERE k.pk > 0) AS key
             FROM sqlite_schema m
             WHERE m.type = 'table' AND m.name <> 'forgetting' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'guild_id')
             ORDER BY m.name <> 'workspace', m.name",
        )
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok(Table { name: row.get("name"), key: document(row.get("key"))? })).collect()
    }

    /// Deletes up to `limit` rows of the workspace from a table, and says how many there were. Inside a job of the writer
    /// only.
    pub async fn forget_rows(&mut self, table: &Table, limit: i64) -> Result<u64, Failure> {
        let guild = self.guild.0;
        // Names from the schema itself, never from people.
        let Table { name, key } = table;
        let key = key.join(", ");
        if name == "lookup" {
            sqlx::query("DELETE FROM gram WHERE rowid IN (SELECT id FROM lookup WHERE guild_id = ? LIMIT ?)")
                .bind(guild)
                .bind(limit)
                .execute(self.connection())
                .await?;
        }
        sqlx::query!("INSERT INTO forgetting (guild_id, member_id) VALUES (?, 0)", guild)
            .execute(self.connection())
            .await?;
        let done = sqlx::query(sqlx::AssertSqlSafe(format!(
            "DELETE FROM {name} WHERE ({key}) IN (SELECT {key} FROM {name} WHERE guild_id = ? LIMIT ?)"
        )))
        .bind(guild)
        .bind(limit)
        .execute(self.connection())
        .await?;
        sqlx::query!("DELETE FROM forgetting WHERE guild_id = ?", guild).execute(self.connection()).await?;
        Ok(done.rows_affected())
    }
}

fn blanked(member: MemberId, events: &mut [Event], state: &str) -> Result<String, Failure> {
    let mut state: Value = document(state)?;
    blank(member, events, &mut state);
    Ok(state.to_string())
}
