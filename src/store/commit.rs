//! What a change writes, in one trip: events, the states they lead to, look-ups, and what is to be said.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::claim::ClaimRow;
use super::workspace::Workspace;
use super::{claim, lookup, millis};
use crate::domain::Instant;
use crate::domain::deal::Deal;
use crate::domain::event::{Event, SubjectKind};
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
        let guild = self.guild.0;
        let now = millis(now);
        let events = serde_json::to_string(&change.events)?;
        let states = serde_json::to_string(&change.states)?;
        let claims = serde_json::to_string(&claim_rows(&change.states)?)?;
        let lookups = serde_json::to_string(&lookup_rows(&change.lookups, guild))?;
        let messages =
            serde_json::to_string(&change.messages.iter().map(outgoing_row).collect::<Result<Vec<_>, _>>()?)?;
        // A changed deal, review or setting is due for a check at once, and a changed review, or hour, zone or absence of
        // a person, makes the digests so: what is due is decided in one place, the sweep.
        sqlx::query!(
            r#"
            INSERT INTO event (guild_id, interaction_id, sequence, subject_kind, subject_id, version, kind, actor, at, before, after, text)
            SELECT ?, value ->> '$.interaction', ? + key, value ->> '$.subject.kind', value ->> '$.subject.id', value ->> '$.version',
                   value ->> '$.kind', value ->> '$.actor', value ->> '$.at', value -> '$.before', value -> '$.after', value ->> '$.text'
            FROM json_each(?) WHERE true;

            INSERT INTO workspace (guild_id, state, next_digest_at)
            SELECT ?, value -> '$[2]', ? FROM json_each(?) WHERE value ->> '$[0]' = 'workspace'
            ON CONFLICT DO UPDATE SET state = excluded.state, next_digest_at = excluded.next_digest_at;

            INSERT INTO member (guild_id, member_id, user_id, state)
            SELECT ?, value ->> '$[1]', value ->> '$[2].user', value -> '$[2]' FROM json_each(?) WHERE value ->> '$[0]' = 'member'
            ON CONFLICT DO UPDATE SET state = excluded.state;

            UPDATE workspace SET next_digest_at = ?
            WHERE guild_id = ? AND EXISTS (
                SELECT 1 FROM json_each(?)
                WHERE value ->> '$.subject.kind' = 'member' AND value ->> '$.kind' <> 'created'
                  AND COALESCE(json_type(value, '$.after.zone'), json_type(value, '$.after.digest_hour'),
                               json_type(value, '$.after.direct_messages'), json_type(value, '$.after.away')) IS NOT NULL
                   OR value ->> '$.subject.kind' = 'review');

            INSERT INTO account (guild_id, account_id, name_key, state)
            SELECT ?, value ->> '$[1]', value ->> '$[2].name_key', json_remove(value -> '$[2]', '$.name_key')
            FROM json_each(?) WHERE value ->> '$[0]' = 'account'
            ON CONFLICT (guild_id, account_id) DO UPDATE SET state = excluded.state, name_key = excluded.name_key;

            INSERT INTO partner (guild_id, partner_id, name_key, state)
            SELECT ?, value ->> '$[1]', value ->> '$[2].name_key', json_remove(value -> '$[2]', '$.name_key')
            FROM json_each(?) WHERE value ->> '$[0]' = 'partner'
            ON CONFLICT (guild_id, partner_id) DO UPDATE SET state = excluded.state, name_key = excluded.name_key;

            INSERT INTO review (guild_id, review_id, name_key, state, next_post_at)
            SELECT ?, value ->> '$[1]', value ->> '$[2].name_key', json_remove(value -> '$[2]', '$.name_key'),
                   CASE WHEN value ->> '$[2].cancelled' THEN NULL ELSE ? END
            FROM json_each(?) WHERE value ->> '$[0]' = 'review'
            ON CONFLICT (guild_id, review_id) DO UPDATE
                SET state = excluded.state, name_key = excluded.name_key, next_post_at = excluded.next_post_at;

            INSERT INTO handover (guild_id, handover_id, state)
            SELECT ?, value ->> '$[1]', value -> '$[2]' FROM json_each(?) WHERE value ->> '$[0]' = 'handover'
            ON CONFLICT DO UPDATE SET state = excluded.state;

            INSERT INTO deal (guild_id, number, state, touched_at, next_check_at)
            SELECT ?, value ->> '$[1]', value -> '$[2]', ?, ? FROM json_each(?) WHERE value ->> '$[0]' = 'deal'
            ON CONFLICT DO UPDATE
                SET state = excluded.state, touched_at = excluded.touched_at, next_check_at = excluded.next_check_at;

            DELETE FROM claim INDEXED BY claim_by_deal WHERE guild_id = ? AND deal IN
                (SELECT value ->> '$[1]' FROM json_each(?) WHERE value ->> '$[0]' = 'deal');
            INSERT INTO claim (guild_id, partner_id, deal, by, at)
            SELECT ?, value ->> '$.partner', value ->> '$.deal', value ->> '$.by', value ->> '$.at' FROM json_each(?);

            INSERT INTO lookup (guild_id, kind, subject_id, text)
            SELECT ?, value ->> '$.kind', value ->> '$.subject', value ->> '$.text' FROM json_each(?) WHERE true
            ON CONFLICT (guild_id, kind, subject_id) DO UPDATE SET text = excluded.text;

            INSERT OR REPLACE INTO gram (rowid, words)
            SELECT l.id, j.value ->> '$.grams'
            FROM json_each(?) j CROSS JOIN lookup l ON l.guild_id = ? AND l.kind = j.value ->> '$.kind' AND l.subject_id = j.value ->> '$.subject';

            INSERT INTO outbox (guild_id, kind, about, channel_id, user_id, created_at, due_at)
            SELECT ?, value ->> '$.kind', value -> '$.about', value ->> '$.channel', value ->> '$.user', ?, value ->> '$.due_at'
            FROM json_each(?) j
            WHERE NOT (value ->> '$.kind' = 'team_line' AND EXISTS (
                SELECT 1 FROM outbox o
                WHERE o.guild_id = ? AND o.kind = 'team_line' AND o.state = 'waiting' AND o.body IS NULL
                  AND o.about ->> '$.deal' = j.value ->> '$.about.deal'));
            "#,
            guild, change.first_sequence, events,
            guild, now, states,
            guild, states,
            now, guild, events,
            guild, states,
            guild, states,
            guild, now, states,
            guild, states,
            guild, now, now, states,
            guild, states,
            guild, claims,
            guild, lookups,
            lookups, guild,
            guild, now, messages, guild
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

/// The claims that wait on the deals among some states.
fn claim_rows(states: &[(SubjectKind, i64, Value)]) -> Result<Vec<ClaimRow>, serde_json::Error> {
    let deals = states.iter().filter(|(kind, ..)| *kind == SubjectKind::Deal);
    let rows = deals.map(|(_, _, state)| Ok(claim::rows(&Deal::deserialize(state)?)));
    Ok(rows.collect::<Result<Vec<_>, serde_json::Error>>()?.into_iter().flatten().collect())
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
