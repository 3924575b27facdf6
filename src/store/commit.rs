//! What a change writes, in one trip: events, the states they lead to, look-ups, and what is to be said.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::workspace::Workspace;
use super::{claim, lookup, millis};
use crate::domain::Instant;
use crate::domain::deal::Deal;
use crate::domain::event::{Event, EventKind, SubjectKind};
use crate::domain::id::{DealNumber, InteractionId, PartnerId};
use crate::domain::outgoing::{Destination, Outgoing};
use crate::error::Failure;

/// Everything that one change writes.
#[derive(Debug, Default)]
pub struct Commit {
    /// The place of the first event among those of its interaction: 0, but in what goes on with a bigger change.
    pub first_sequence: i64,
    /// In order.
    pub events: Vec<Event>,
    /// The state of each subject that has an event, after its last one.
    pub states: Vec<(SubjectKind, i64, Value)>,
    /// Look-ups whose text changed.
    pub lookups: Vec<LookupRow>,
    /// What is to be said.
    pub messages: Vec<Outgoing>,
    /// The use of a command by which it is said; `None` when the bot does so of its own accord.
    pub interaction: Option<InteractionId>,
}

/// A look-up and the text that it is found by.
#[derive(Debug, Clone, Serialize)]
pub struct LookupRow {
    /// What it leads to.
    pub kind: LookupKind,
    /// Its id.
    pub subject: i64,
    /// Number, account and partner names.
    pub text: String,
}

impl LookupRow {
    /// A look-up that leads nowhere any more: nothing finds it.
    pub fn gone(kind: LookupKind, subject: i64) -> LookupRow {
        LookupRow { kind, subject, text: String::new() }
    }
}

/// What can be looked up by grams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LookupKind {
    /// A deal.
    Deal,
    /// An account.
    Account,
}

impl Workspace<'_> {
    /// Writes all of a change. Inside a job of the writer only.
    pub async fn commit(&mut self, change: &Commit, now: Instant) -> Result<(), Failure> {
        if change.states.iter().any(|(kind, ..)| *kind != SubjectKind::Deal) {
            self.commit_beside_deals(change, now).await?;
        }
        self.commit_deals(change, now).await
    }

    /// What most changes write: events, deals, what these are found by, and messages. States go to SQLite as texts in an
    /// array, so that it reads each once and puts none together again.
    async fn commit_deals(&mut self, change: &Commit, now: Instant) -> Result<(), Failure> {
        let guild = self.guild.0;
        let now = millis(now);
        let events = serde_json::to_string(&change.events.iter().map(event_row).collect::<Result<Vec<_>, _>>()?)?;
        let deals = serde_json::to_string(&texts_of(&change.states, SubjectKind::Deal)?)?;
        let own = deals_of(&change.states)?;
        let interaction = change.interaction.map(|interaction| interaction.0);
        let claims = serde_json::to_string(&own.iter().flat_map(claim::rows).collect::<Vec<_>>())?;
        let numbers = serde_json::to_string(&own.iter().map(|deal| deal.number).collect::<Vec<_>>())?;
        let participants = serde_json::to_string(&own.iter().flat_map(participant_rows).collect::<Vec<_>>())?;
        let lookups = serde_json::to_string(&lookup_rows(&change.lookups, guild))?;
        let messages =
            serde_json::to_string(&change.messages.iter().map(outgoing_row).collect::<Result<Vec<_>, _>>()?)?;
        // A changed deal is due for a check at once: what is due is decided in one place, the sweep.
        sqlx::query!(
            r#"
            INSERT INTO event (guild_id, interaction_id, sequence, subject_kind, subject_id, version, kind, actor, at, before, after, text)
            SELECT ?, value ->> '$[0]', ? + key, value ->> '$[1]', value ->> '$[2]', value ->> '$[3]',
                   value ->> '$[4]', value ->> '$[5]', value ->> '$[6]', value ->> '$[7]', value ->> '$[8]', value ->> '$[9]'
            FROM json_each(?) WHERE true;

            INSERT INTO deal (guild_id, number, state, touched_at, next_check_at)
            SELECT ?, value ->> '$.number', value, ?, ? FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE
                SET state = excluded.state, touched_at = excluded.touched_at, next_check_at = excluded.next_check_at;

            DELETE FROM claim INDEXED BY claim_by_deal WHERE guild_id = ? AND deal IN (SELECT value FROM json_each(?));
            INSERT INTO claim (guild_id, partner_id, deal, by, at)
            SELECT ?, value ->> '$.partner', value ->> '$.deal', value ->> '$.by', value ->> '$.at' FROM json_each(?);

            DELETE FROM participant INDEXED BY participant_by_deal WHERE guild_id = ? AND deal IN (SELECT value FROM json_each(?));
            INSERT INTO participant (guild_id, partner_id, deal)
            SELECT ?, value ->> '$[0]', value ->> '$[1]' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING;

            INSERT INTO lookup (guild_id, kind, subject_id, text)
            SELECT ?, value ->> '$.kind', value ->> '$.subject', value ->> '$.text' FROM json_each(?) WHERE true
            ON CONFLICT (guild_id, kind, subject_id) DO UPDATE SET text = excluded.text;

            INSERT OR REPLACE INTO gram (rowid, words)
            SELECT l.id, j.value ->> '$.grams'
            FROM json_each(?) j CROSS JOIN lookup l ON l.guild_id = ? AND l.kind = j.value ->> '$.kind' AND l.subject_id = j.value ->> '$.subject';

            INSERT INTO outbox (guild_id, kind, about, channel_id, user_id, created_at, interaction_id, due_at)
            SELECT ?, value ->> '$.kind', value -> '$.about', value ->> '$.channel', value ->> '$.user', ?, ?, value ->> '$.due_at'
            FROM json_each(?) j
            WHERE NOT (value ->> '$.kind' IN ('team_line', 'meeting', 'minutes') AND EXISTS (
                SELECT 1 FROM outbox o
                WHERE o.guild_id = ? AND o.kind = j.value ->> '$.kind' AND o.state = 'waiting'
                  AND (o.body IS NULL OR o.kind <> 'team_line')
                  AND o.about ->> '$.deal' IS j.value ->> '$.about.deal'
                  AND o.about ->> '$.meeting' IS j.value ->> '$.about.meeting'));
            "#,
            guild, change.first_sequence, events,
            guild, now, now, deals,
            guild, numbers,
            guild, claims,
            guild, numbers,
            guild, participants,
            guild, lookups,
            lookups, guild,
            guild, now, interaction, messages, guild
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The states of everything but deals, which changes touch seldom.
    async fn commit_beside_deals(&mut self, change: &Commit, now: Instant) -> Result<(), Failure> {
        let guild = self.guild.0;
        let now = millis(now);
        let texts = |kind| Ok::<_, Failure>(serde_json::to_string(&texts_of(&change.states, kind)?)?);
        let (workspace, members) = (texts(SubjectKind::Workspace)?, texts(SubjectKind::Member)?);
        let (accounts, partners) = (texts(SubjectKind::Account)?, texts(SubjectKind::Partner)?);
        let (reviews, handovers) = (texts(SubjectKind::Review)?, texts(SubjectKind::Handover)?);
        let (meetings, items) = (texts(SubjectKind::Meeting)?, texts(SubjectKind::Item)?);
        let digest_at = changes_digests(&change.events).then_some(now);
        let events = serde_json::to_string(&change.events)?;
        // A changed review or setting is due for a check at once, and a changed review or action, or hour, zone or absence
        // of a person, makes the digests so. What every deal is counted by makes all of them due, a new name of an account or
        // partner has its deals found by it, and other terms of comp have owners told: in parts, from here on.
        sqlx::query!(
            r#"
            INSERT INTO workspace (guild_id, state, next_digest_at)
            SELECT ?, value, ? FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET state = excluded.state, next_digest_at = excluded.next_digest_at,
                recheck_from = CASE
                    WHEN (excluded.state ->> '$.zone', excluded.state ->> '$.fiscal_month', excluded.state ->> '$.holidays', excluded.state ->> '$.motions')
                         IS NOT (workspace.state ->> '$.zone', workspace.state ->> '$.fiscal_month', workspace.state ->> '$.holidays', workspace.state ->> '$.motions')
                    THEN 0 ELSE workspace.recheck_from END;

            UPDATE workspace SET next_digest_at = ? WHERE guild_id = ? AND ? IS NOT NULL;

            INSERT INTO member (guild_id, member_id, user_id, state)
            SELECT ?, value ->> '$.id', value ->> '$.user', value FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET state = excluded.state;

            INSERT INTO account (guild_id, account_id, name_key, state)
            SELECT ?, value ->> '$.id', value ->> '$.name_key', json_remove(value, '$.name_key') FROM json_each(?) WHERE true
            ON CONFLICT (guild_id, account_id) DO UPDATE SET state = excluded.state, name_key = excluded.name_key;

            INSERT INTO partner (guild_id, partner_id, name_key, state)
            SELECT ?, value ->> '$.id', value ->> '$.name_key', json_remove(value, '$.name_key') FROM json_each(?) WHERE true
            ON CONFLICT (guild_id, partner_id) DO UPDATE SET state = excluded.state, name_key = excluded.name_key;

            INSERT INTO review (guild_id, review_id, name_key, state, next_post_at)
            SELECT ?, value ->> '$.id', value ->> '$.name_key', json_remove(value, '$.name_key'),
                   CASE WHEN value ->> '$.cancelled' THEN NULL ELSE ? END
            FROM json_each(?) WHERE true
            ON CONFLICT (guild_id, review_id) DO UPDATE
                SET state = excluded.state, name_key = excluded.name_key, next_post_at = excluded.next_post_at;

            INSERT INTO handover (guild_id, handover_id, state)
            SELECT ?, value ->> '$.id', value FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET state = excluded.state;

            INSERT INTO meeting (guild_id, meeting_id, state)
            SELECT ?, value ->> '$.id', value FROM json_each(?) WHERE true
            ON CONFLICT (guild_id, meeting_id) DO UPDATE SET state = excluded.state;

            INSERT INTO item (guild_id, item_id, state)
            SELECT ?, value ->> '$.id', value FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET state = excluded.state;

            INSERT INTO reindex (guild_id, kind, subject_id, from_deal)
            SELECT ?, value ->> '$.subject.kind', value ->> '$.subject.id', 0 FROM json_each(?)
            WHERE value ->> '$.subject.kind' IN ('account', 'partner') AND value ->> '$.kind' <> 'created'
              AND json_type(value, '$.after.name') IS NOT NULL
            ON CONFLICT DO UPDATE SET from_deal = 0;

            INSERT INTO comp_change (guild_id, before, from_deal)
            SELECT ?, value -> '$.before.comp', 0 FROM json_each(?)
            WHERE value ->> '$.subject.kind' = 'workspace' AND value ->> '$.kind' <> 'created'
              AND json_type(value, '$.after.comp') IS NOT NULL
            ON CONFLICT DO UPDATE SET from_deal = 0;
            "#,
            guild, now, workspace,
            digest_at, guild, digest_at,
            guild, members,
            guild, accounts,
            guild, partners,
            guild, now, reviews,
            guild, handovers,
            guild, meetings,
            guild, items,
            guild, events,
            guild, events
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

/// Whether what was changed may change when digests are due.
fn changes_digests(events: &[Event]) -> bool {
    const REACH: [&str; 4] = ["zone", "digest_hour", "direct_messages", "away"];
    events.iter().any(|event| match event.subject.kind {
        SubjectKind::Review => true,
        SubjectKind::Item => event.after.get("what").is_some_and(|what| what.get("assignee").is_some()),
        SubjectKind::Member => {
            event.kind != EventKind::Created && REACH.iter().any(|field| event.after.get(*field).is_some())
        }
        _ => false,
    })
}

/// The states of a kind as texts.
fn texts_of(states: &[(SubjectKind, i64, Value)], kind: SubjectKind) -> Result<Vec<String>, serde_json::Error> {
    states.iter().filter(|(of, ..)| *of == kind).map(|(_, _, state)| serde_json::to_string(state)).collect()
}

/// An event in the order of the columns after its place; what it changed as texts.
fn event_row(event: &Event) -> Result<Value, serde_json::Error> {
    let (before, after) = (serde_json::to_string(&event.before)?, serde_json::to_string(&event.after)?);
    Ok(serde_json::json!([
        event.interaction,
        event.subject.kind,
        event.subject.id,
        event.version,
        event.kind,
        event.actor,
        millis(event.at),
        before,
        after,
        event.text
    ]))
}

/// The deals among some states.
fn deals_of(states: &[(SubjectKind, i64, Value)]) -> Result<Vec<Deal>, serde_json::Error> {
    states
        .iter()
        .filter(|(kind, ..)| *kind == SubjectKind::Deal)
        .map(|(_, _, state)| Deal::deserialize(state))
        .collect()
}

/// The partners that take part in a deal beside the primary one, each with the deal.
fn participant_rows(deal: &Deal) -> impl Iterator<Item = (PartnerId, DealNumber)> + '_ {
    deal.participants.iter().map(|participant| (participant.partner, deal.number))
}

#[derive(Serialize)]
struct GramRow<'r> {
    #[serde(flatten)]
    row: &'r LookupRow,
    grams: String,
}

fn lookup_rows(rows: &[LookupRow], guild: i64) -> Vec<GramRow<'_>> {
    rows.iter().map(|row| GramRow { grams: lookup::grams(guild, row.kind, &row.text), row }).collect()
}

fn outgoing_row(message: &Outgoing) -> Result<Value, serde_json::Error> {
    let (channel, user) = match message.to {
        Destination::Channel(channel) => (Some(channel), None),
        Destination::Direct(user) => (None, Some(user)),
    };
    Ok(serde_json::json!({
        "kind": message.about.kind(),
        "about": serde_json::to_value(&message.about)?,
        "channel": channel,
        "user": user,
        "due_at": millis(message.due_at),
    }))
}
