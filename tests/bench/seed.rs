//! The databases: workspaces that are set up, with members, partners, accounts, deals and their events, written in bulk
//! through the crate's own store. One deal in ten is open; of those one in seven has been left alone for too long.

mod deal;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use cosell::clock::Clock;
use cosell::domain::Instant;
use cosell::domain::account::Account;
use cosell::domain::event::{Event, EventKind, Subject, Tracked, difference};
use cosell::domain::id::{AccountId, DealNumber, InteractionId, MemberId, PartnerId};
use cosell::domain::member::Member;
use cosell::domain::partner::Partner;
use cosell::domain::workspace::Settings;
use cosell::sandbox::Sandbox;
use cosell::store::commit::{Commit, LookupKind, LookupRow};
use cosell::store::{Store, Workspace};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};

use crate::name::{self, PARTNERS};
use crate::place::{self, Company};
use crate::plan::Size;
use crate::sweep;

/// Deals that share a commit.
const BATCH: usize = 500;
/// So many deals come to one account.
const DEALS_AN_ACCOUNT: usize = 5;

/// What is known of the measured workspace.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// Open deals.
    pub open: Vec<OpenDeal>,
    /// All deals are numbered from 1 to this.
    pub deals: usize,
    /// The number of the first account that has no deal yet; as many follow as were asked for.
    pub prospects: usize,
}

/// A deal that commands are about.
#[derive(Debug, Clone, Copy)]
pub struct OpenDeal {
    pub number: DealNumber,
    /// The index of its owner among the company's.
    pub owner: usize,
    /// The number of its account; see [`name::account`].
    pub account: usize,
}

/// Fills a new database for the world of a stand-in. In the measured workspace some accounts have no deal yet.
pub async fn fill(path: &Path, size: &Size, sandbox: &Sandbox, prospects: usize) -> anyhow::Result<Seeded> {
    let now = Clock::System.now();
    let store = Store::open(path).await?;
    let mut measured = None;
    for workspace in 0..size.workspaces {
        let company = place::company(sandbox, workspace).await?;
        let (deals, prospects) = match workspace {
            0 => (size.measured, prospects),
            _ => (size.elsewhere(workspace), 0),
        };
        let seeded = Seeding { store: &store, company: &company, deals, prospects, now }.fill().await?;
        measured.get_or_insert(seeded);
    }
    settle(path, &store, now).await?;
    store.close().await;
    measured.context("a database has a workspace at least")
}

/// Leaves the file as it is on an evening on which nothing is due: stalls judged, digests sent.
async fn settle(path: &Path, store: &Store, now: Instant) -> anyhow::Result<()> {
    let mut connection = connect(path).await?;
    sqlx::query("UPDATE deal SET next_check_at = NULL WHERE open = 0").execute(&mut connection).await?;
    sweep::app(store).check_stalls(now).await?;
    let in_two_days = now.timestamp_millis() + 2 * 24 * 3_600_000;
    sqlx::query("UPDATE workspace SET next_digest_at = ?").bind(in_two_days).execute(&mut connection).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// A connection of our own, for what no bot does.
pub async fn connect(path: &Path) -> anyhow::Result<SqliteConnection> {
    Ok(SqliteConnection::connect(&format!("sqlite://{}", path.display())).await?)
}

struct Seeding<'s> {
    store: &'s Store,
    company: &'s Company,
    deals: usize,
    prospects: usize,
    now: Instant,
}

impl Seeding<'_> {
    async fn fill(&self) -> anyhow::Result<Seeded> {
        let accounts = (self.deals / DEALS_AN_ACCOUNT).max(20);
        let mut batch = Batch::new(1, self.now);
        batch.add(&self.settings(), EventKind::Created)?;
        for (n, (name, user)) in self.company.owners.iter().enumerate() {
            batch.add(&Member { version: 1, ..Member::new(owner(n), *user, name.clone()) }, EventKind::Created)?;
        }
        for (n, name) in PARTNERS.iter().enumerate() {
            batch.add(&partner(n, name), EventKind::Created)?;
        }
        self.write(batch).await?;
        for (n, chunk) in (0..accounts + self.prospects).collect::<Vec<_>>().chunks(BATCH * 4).enumerate() {
            let mut batch = Batch::new(1_000 + n as i64, self.now);
            for account in chunk {
                batch.add_account(*account)?;
            }
            self.write(batch).await?;
        }
        let open = self.fill_deals(accounts).await?;
        Ok(Seeded { open, deals: self.deals, prospects: accounts })
    }

    async fn fill_deals(&self, accounts: usize) -> anyhow::Result<Vec<OpenDeal>> {
        let mut open = Vec::new();
        let maker = deal::Maker { deals: self.deals, accounts, owners: self.company.owners.len(), now: self.now };
        for (n, chunk) in (1..=self.deals).collect::<Vec<_>>().chunks(BATCH).enumerate() {
            let history: Vec<deal::History> = chunk.iter().map(|number| maker.make(*number)).collect();
            let touched = history.iter().map(|h| h.deal.last_activity_at).max().unwrap_or(self.now);
            let mut batch = Batch::new(1_000_000 + n as i64, touched);
            for made in &history {
                batch.add_deal(made)?;
                open.extend(made.open_deal());
            }
            self.write(batch).await?;
        }
        Ok(open)
    }

    fn settings(&self) -> Settings {
        let [pipeline, nudges, ops] = self.company.channels;
        let [reps, leads, finance] = self.company.roles;
        Settings {
            version: 1,
            zone: Some(chrono_tz::Europe::London),
            currency: Some("USD".to_owned()),
            pipeline_channel: Some(pipeline),
            nudge_channel: Some(nudges),
            ops_channel: Some(ops),
            rep_role: Some(reps),
            lead_role: Some(leads),
            finance_role: Some(finance),
            ready: true,
            ..Settings::default()
        }
    }

    async fn write(&self, batch: Batch) -> anyhow::Result<()> {
        let (guild, at, commit) = (self.company.guild, batch.at, Arc::new(batch.commit));
        let written = self.store.write(move |connection| {
            let commit = Arc::clone(&commit);
            Box::pin(async move { Workspace::writing(guild, connection).commit(&commit, at).await })
        });
        Ok(written.await?)
    }
}

/// What one commit writes.
struct Batch {
    interaction: InteractionId,
    at: Instant,
    commit: Commit,
}

impl Batch {
    fn new(interaction: i64, at: Instant) -> Batch {
        Batch { interaction: InteractionId(interaction), at, commit: Commit::default() }
    }

    /// A subject that came to be.
    fn add<S: Tracked>(&mut self, state: &S, kind: EventKind) -> anyhow::Result<()> {
        let value = serde_json::to_value(state)?;
        self.note::<S>(state.id(), kind, (1, self.at), (&Value::Null, &value));
        self.put::<S>(state, value);
        Ok(())
    }

    fn note<S: Tracked>(
        &mut self,
        id: i64,
        kind: EventKind,
        (version, at): (i64, Instant),
        (old, new): (&Value, &Value),
    ) {
        let (before, after) = difference(old, new);
        let subject = Subject { kind: S::KIND, id };
        let (actor, interaction) = (owner(0), self.interaction);
        self.commit.events.push(Event { subject, version, kind, actor, interaction, at, before, after, text: None });
    }

    fn put<S: Tracked>(&mut self, state: &S, mut value: Value) {
        if let (Some(fields), Some(key)) = (value.as_object_mut(), state.name_key()) {
            fields.insert("name_key".to_owned(), Value::String(key));
        }
        self.commit.states.push((S::KIND, state.id(), value));
    }

    fn add_account(&mut self, number: usize) -> anyhow::Result<()> {
        let (id, name) = (account(number), name::account(number));
        self.commit.lookups.push(LookupRow { kind: LookupKind::Account, subject: id.0, text: name.clone() });
        self.add(&Account { id, version: 1, name, merged_into: None }, EventKind::Created)
    }

    fn add_deal(&mut self, made: &deal::History) -> anyhow::Result<()> {
        let deal = &made.deal;
        let mut old = Value::Null;
        for (version, (kind, state)) in (1..).zip(&made.states) {
            let new = serde_json::to_value(state)?;
            self.note::<cosell::domain::deal::Deal>(
                deal.number.0,
                *kind,
                (version, state.last_activity_at),
                (&old, &new),
            );
            old = new;
        }
        self.put(deal, old);
        let text = format!("{} {} · {}", deal.number.label(), name::account(made.account), PARTNERS[made.partner]);
        self.commit.lookups.push(LookupRow { kind: LookupKind::Deal, subject: deal.number.0, text });
        Ok(())
    }
}

fn partner(n: usize, name: &str) -> Partner {
    Partner {
        id: partner_id(n),
        version: 1,
        name: name.to_owned(),
        kind: None,
        tier: None,
        manager: Some(owner(0)),
        contacts: Vec::new(),
        plan: Default::default(),
        archived: false,
    }
}

/// The member who is the n-th owner.
fn owner(n: usize) -> MemberId {
    MemberId(n as i64 + 1)
}

fn account(n: usize) -> AccountId {
    AccountId(n as i64 + 1)
}

fn partner_id(n: usize) -> PartnerId {
    PartnerId(n as i64 + 1)
}
