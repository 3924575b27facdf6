//! Imports deals from a CRM's file: `/cosell import`. A dry run reads the file and shows what each row becomes; what was
//! read is kept as a draft, and a press writes it.
//!
//! All rows are written in one commit, so that a file is in or not. That job holds the writer for longer than the 50 ms
//! that others keep to; everything that can be is therefore done outside of it: the file is fetched, read and judged
//! before, and by which words the deals are found is written after, in parts (`app/reindex.rs`). What is left is a write
//! of two rows and their indexes a deal. Whoever writes meanwhile waits for that long, within what an answer may take.

mod file;
mod mapping;
mod record;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::change::Change;
use super::draft::{Draft, KeepDraft};
use super::{App, Caller, Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::account::name_key;
use crate::domain::calendar::Calendar;
use crate::domain::id::{DealNumber, InteractionId, UserId};
use crate::domain::import::{
    self, DateOrder, FileProblem, Known, Owners, Plan, Read, Row, Terms, UnknownPartner, crm_id, crm_key,
};
use crate::domain::member::Member;
use crate::domain::money::Currency;
use crate::domain::refusal::{Problem, Problems};
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;

/// The biggest file that is read. Discord takes no bigger one from most people.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// A file to import, and what the admin said of it.
#[derive(Debug, Clone)]
pub struct ImportFile {
    /// Where Discord keeps it.
    pub url: String,
    /// Its bytes, as Discord says.
    pub size: usize,
    /// What happens to unknown partners.
    pub partners: UnknownPartner,
    /// The partner of rows that name none.
    pub partner: Option<String>,
    /// Who the CRM's owners are.
    pub owners: Option<String>,
    /// Which stage the CRM's stages are.
    pub stages: Option<String>,
    /// How days are written where it can't be told.
    pub dates: Option<DateOrder>,
}

/// What was read, until the admin says yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// All rows: those that could not be read count in what was shown.
    rows: Vec<Read>,
    owners: Owners,
    people: Vec<Person>,
    partners: UnknownPartner,
    /// Of the plan that was shown.
    digest: String,
}

/// What an import would do.
#[derive(Debug, Clone)]
pub struct DryRun {
    /// Under which it is kept.
    pub draft: InteractionId,
    /// What each row becomes.
    pub plan: Plan,
    /// The rows as far as they could be read, by line.
    pub rows: BTreeMap<u64, Row>,
    /// Columns that are not read.
    pub unread: Vec<String>,
}

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The plan that was carried out.
    pub plan: Plan,
    /// The new deals.
    pub new: Vec<DealNumber>,
}

impl App {
    /// Reads a file and says what an import of it would do. Nothing is written but the draft.
    pub async fn stage_import(&self, caller: &Caller, file: ImportFile) -> Result<DryRun, Failure> {
        let mut look = self.look(caller).await?;
        look.allow(Needed::Admin)?;
        let table = file::read(&self.fetch(&file).await?).map_err(Problem::Import)?;
        let members = look.workspace.find_all_members().await?;
        let mut problems = Problems::default();
        let (owners, people) = self.owners(caller, file.owners.as_deref(), &members, &mut problems).await?;
        let stages = mapping::stages(file.stages.as_deref(), &mut problems);
        problems.finish()?;
        let calendar = Calendar::of(&look.settings);
        let currency = Currency::of(look.settings.currency()).ok_or(Problem::NotSetUp)?;
        let (today, partner) = (look.settings.day(look.now), file.partner.as_deref());
        let terms = Terms { currency, calendar: &calendar, today, dates: file.dates, stages: &stages, partner };
        let rows: Vec<Read> = table.rows.iter().map(|raw| import::row::read(raw, &terms)).collect();
        let judged = (&owners, &people[..], file.partners);
        let (plan, _) = planned(&mut look.workspace, &look.settings, look.now, &rows, judged).await?;
        let shown: BTreeMap<u64, Row> = rows.iter().map(|read| (read.row.line, read.row.clone())).collect();
        let staged = Staged { rows, owners, people, partners: file.partners, digest: digest(&plan) };
        drop(look);
        let id = caller.interaction;
        self.change(caller, KeepDraft { id, draft: Draft::Import(Box::new(staged)) }).await?;
        Ok(DryRun { draft: id, plan, rows: shown, unread: table.unread })
    }

    async fn fetch(&self, file: &ImportFile) -> Result<Vec<u8>, Failure> {
        if file.size > LARGEST {
            return Err(Problem::Import(FileProblem::TooBig(LARGEST)).into());
        }
        match self.courier.download(&file.url, LARGEST).await {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(Problem::Import(FileProblem::TooBig(LARGEST)).into()),
            Err(trouble) => {
                tracing::warn!(%trouble, "a file to import could not be fetched");
                Err(Problem::Import(FileProblem::NotFetched).into())
            }
        }
    }

    /// Does what a dry run showed, then has the deals found.
    pub async fn import_deals(&self, caller: &Caller, draft: InteractionId) -> Result<Imported, Failure> {
        let imported = self.change(caller, ImportDeals { draft }).await?;
        self.reindex(caller.guild).await?;
        Ok(imported)
    }
}

/// What is kept, carried out.
#[derive(Debug, Clone)]
struct ImportDeals {
    draft: InteractionId,
}

impl UseCase for ImportDeals {
    type Outcome = Imported;

    async fn run(self, change: &mut Change<'_>) -> Result<Imported, Failure> {
        change.allow(Needed::Admin)?;
        let kept: Option<Draft> = change.workspace.find_draft(change.actor.user, self.draft, change.now).await?;
        let Some(Draft::Import(staged)) = kept else { return Err(Problem::Stale.into()) };
        let Staged { rows, owners, people, partners, digest: shown } = *staged;
        let judged = (&owners, &people[..], partners);
        let (plan, known) = planned(&mut change.workspace, &change.settings, change.now, &rows, judged).await?;
        if digest(&plan) != shown {
            return Err(Problem::Import(FileProblem::Changed).into());
        }
        change.drop_draft(self.draft);
        let new = record::record(change, &plan, &known, rows.iter().map(|read| &read.row), &people).await?;
        Ok(Imported { plan, new })
    }
}

fn digest(plan: &Plan) -> String {
    let hash = Sha256::digest(format!("{plan:?}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

type Judged<'j> = (&'j Owners, &'j [Person], UnknownPartner);

/// Judges rows against what the workspace knows at this moment.
async fn planned(
    workspace: &mut Workspace<'_>,
    settings: &Settings,
    now: crate::domain::Instant,
    read: &[Read],
    (owners, people, partners): Judged<'_>,
) -> Result<(Plan, Known), Failure> {
    let rows: Vec<&Row> = read.iter().map(|read| &read.row).collect();
    let mut known = Known { linked: workspace.find_linked().await?, ..Known::default() };
    let wanted: std::collections::BTreeSet<String> = rows.iter().map(|row| crm_key(&row.crm)).collect();
    let met =
        known.linked.iter().filter(|(_, crm)| wanted.contains(&crm_key(crm)) || wanted.contains(&crm_key(crm_id(crm))));
    let met: Vec<DealNumber> = met.map(|(deal, _)| *deal).collect();
    known.deals = workspace.find_deals(&met).await?.into_iter().map(|deal| (deal.number, deal)).collect();
    let keys: std::collections::BTreeSet<String> = rows.iter().map(|row| name_key(&row.account)).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    known.accounts = workspace.find_accounts_of_keys(&keys).await?.into_iter().collect();
    let accounts: Vec<_> = known.accounts.values().copied().collect();
    let unlinked = workspace.find_unlinked(&accounts).await?;
    known.unlinked = unlinked.into_iter().map(|(account, partner, deal)| ((account, partner), deal)).collect();
    let all = workspace.find_partners().await?.into_iter().filter(|partner| !partner.archived);
    known.partners = all.map(|partner| (name_key(&partner.name), (partner.id, partner.name))).collect();
    known.members = by_name(workspace.find_all_members().await?, people);
    let plan = import::plan(read, &known, owners, partners, settings.day(now));
    Ok((plan, known))
}

/// The people who are there, by what they are called.
fn by_name(members: Vec<Member>, people: &[Person]) -> BTreeMap<String, Vec<UserId>> {
    let mut named: BTreeMap<String, Vec<UserId>> = BTreeMap::new();
    let there = members.into_iter().filter(|member| !member.gone && member.id != crate::domain::id::MemberId::BOT);
    let there = there.map(|member| (member.name, member.user));
    for (name, user) in there.chain(people.iter().map(|person| (person.name.clone(), person.user))) {
        let users = named.entry(name_key(&name)).or_default();
        if !users.contains(&user) {
            users.push(user);
        }
    }
    named
}

#[cfg(test)]
mod tests;
