//! The event log of a workspace, for reading. Only a commit writes it.

use super::workspace::Workspace;
use super::{document, instant, millis};
use crate::domain::Instant;
use crate::domain::event::{Event, Subject};
use crate::domain::id::{InteractionId, MemberId};
use crate::error::Failure;

struct Row {
    subject_kind: String,
    subject_id: i64,
    version: i64,
    kind: String,
    actor: i64,
    interaction_id: i64,
    at: i64,
    before: String,
    after: String,
    text: Option<String>,
}

impl Row {
    fn event(self) -> Result<Event, Failure> {
        let word = |text: &str| serde_json::Value::String(text.to_owned());
        Ok(Event {
            subject: Subject { kind: serde_json::from_value(word(&self.subject_kind))?, id: self.subject_id },
            version: self.version,
            kind: serde_json::from_value(word(&self.kind))?,
            actor: MemberId(self.actor),
            interaction: InteractionId(self.interaction_id),
            at: instant(self.at)?,
            before: document(&self.before)?,
            after: document(&self.after)?,
            text: self.text,
        })
    }
}

fn events(rows: Vec<Row>) -> Result<Vec<Event>, Failure> {
    rows.into_iter().map(Row::event).collect()
}

impl Workspace<'_> {
    /// All events of a subject, oldest first.
    pub async fn find_events(&mut self, subject: Subject) -> Result<Vec<Event>, Failure> {
        self.find_events_from(subject, 1).await
    }

    /// The events of a subject from a version on, oldest first.
    pub async fn find_events_from(&mut self, subject: Subject, version: i64) -> Result<Vec<Event>, Failure> {
        let guild = self.guild.0;
        let kind = word(&subject)?;
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT subject_kind AS "subject_kind!", subject_id AS "subject_id!", version AS "version!", kind AS "kind!",
                      actor AS "actor!", interaction_id AS "interaction_id!", at AS "at!", before AS "before!", after AS "after!", text
               FROM event WHERE guild_id = ? AND subject_kind = ? AND subject_id = ? AND version >= ? ORDER BY version"#,
            guild,
            kind,
            subject.id,
            version
        )
        .fetch_all(self.connection())
        .await?;
        events(rows)
    }

    /// The events that one interaction recorded, in order.
    pub async fn find_events_of(&mut self, interaction: InteractionId) -> Result<Vec<Event>, Failure> {
        let guild = self.guild.0;
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT subject_kind AS "subject_kind!", subject_id AS "subject_id!", version AS "version!", kind AS "kind!",
                      actor AS "actor!", interaction_id AS "interaction_id!", at AS "at!", before AS "before!", after AS "after!", text
               FROM event WHERE guild_id = ? AND interaction_id = ? ORDER BY sequence"#,
            guild,
            interaction.0
        )
        .fetch_all(self.connection())
        .await?;
        events(rows)
    }

    /// The place that the next event of an interaction takes among its events.
    pub async fn next_sequence(&mut self, interaction: InteractionId) -> Result<i64, Failure> {
        let guild = self.guild.0;
        let last = sqlx::query_scalar!(
            r#"SELECT MAX(sequence) AS "last: i64" FROM event WHERE guild_id = ? AND interaction_id = ?"#,
            guild,
            interaction.0
        )
        .fetch_one(self.connection())
        .await?;
        Ok(last.map_or(0, |last| last + 1))
    }

    /// The events of deals after an instant, up to another one, oldest first.
    pub async fn find_deal_events_between(&mut self, after: Instant, until: Instant) -> Result<Vec<Event>, Failure> {
        let guild = self.guild.0;
        let (after, until) = (millis(after), millis(until));
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT subject_kind AS "subject_kind!", subject_id AS "subject_id!", version AS "version!", kind AS "kind!",
                      actor AS "actor!", interaction_id AS "interaction_id!", at AS "at!", before AS "before!", after AS "after!", text
               FROM event WHERE guild_id = ? AND subject_kind = 'deal' AND at > ? AND at <= ? ORDER BY at, subject_id, version"#,
            guild,
            after,
            until
        )
        .fetch_all(self.connection())
        .await?;
        events(rows)
    }
}

pub(super) fn word(subject: &Subject) -> Result<String, Failure> {
    match serde_json::to_value(subject.kind)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(Failure::Internal(anyhow::anyhow!("a subject's kind is a word, not {other}"))),
    }
}
