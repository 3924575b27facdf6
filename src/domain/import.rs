//! Deals from a CRM's file: what each row becomes, judged against what is known, before anything is written. The same
//! function judges for the dry run and again within the commit, so that what is done is what was shown.
//!
//! The CRM's id is what a row is known by. A deal that is here already keeps its stage, owner and class, which people and
//! the motion answer for; only amount and close follow the file while it is open. So a file read twice changes nothing.

pub mod column;
pub mod row;
pub mod stage;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use column::Column;
pub use row::{DateOrder, Raw, Read, Row, RowProblem, Terms};

use super::account::name_key;
use super::deal::Deal;
use super::id::{AccountId, DealNumber, PartnerId, UserId};
use super::likeness::closest;
use super::motion::Stage;

/// The most rows of a file.
pub const MOST_ROWS: usize = 5_000;
/// How many close names are offered.
const CLOSE_NAMES: usize = 2;

/// What stands in the way of a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// It could not be fetched.
    NotFetched,
    /// It is bigger than what is read, in bytes.
    TooBig(usize),
    /// Its text can't be read as CSV.
    NotCsv,
    /// These columns are not in it.
    NoColumns(Vec<Column>),
    /// It has no rows.
    NoRows,
    /// It has more than [`MOST_ROWS`].
    TooManyRows(usize),
    /// A mapping that can't be read.
    Mapping {
        /// Which option.
        option: &'static str,
        /// The part that can't be.
        typed: String,
    },
    /// What was shown is not what would happen any more.
    Changed,
}

/// What happens to partners that are not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownPartner {
    /// Their rows are not imported.
    #[default]
    Refuse,
    /// They are added.
    Create,
}

/// Who a CRM's owners are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    /// As the admin said, by folded name.
    pub named: BTreeMap<String, UserId>,
    /// Everybody else's, and of rows that name nobody.
    pub others: Option<UserId>,
}

/// What the workspace knows of what a file names.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Deals with a CRM id or link, by number.
    pub linked: Vec<(DealNumber, String)>,
    /// The deals that rows are of.
    pub deals: BTreeMap<DealNumber, Deal>,
    /// Open deals without a CRM id, by account and partner.
    pub unlinked: BTreeMap<(AccountId, PartnerId), DealNumber>,
    /// Accounts by key.
    pub accounts: BTreeMap<String, AccountId>,
    /// Partners by key, with their names.
    pub partners: BTreeMap<String, (PartnerId, String)>,
    /// Members who are there, by folded name; several of one name.
    pub members: BTreeMap<String, Vec<UserId>>,
}

/// What a row becomes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Fate {
    /// A new deal.
    New {
        /// Whose.
        owner: UserId,
    },
    /// A deal that is here, changed; with what is left as it is.
    Changed {
        /// Which.
        deal: DealNumber,
        /// The amount before and after.
        amount: Option<(Option<i64>, i64)>,
        /// The close before and after.
        close: Option<(Option<NaiveDate>, NaiveDate)>,
        /// What differs and is left.
        left: Vec<Left>,
    },
    /// A deal that is here and stays as it is.
    Same {
        /// Which.
        deal: DealNumber,
        /// What differs and is left.
        left: Vec<Left>,
    },
    /// Nothing, because of these.
    Wrong(Vec<RowProblem>),
}

/// What differs between the file and a deal, and is not taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Left {
    /// The deal has ended here: nothing of it changes.
    Ended(Stage),
    /// Another stage.
    Stage {
        /// Of the deal.
        here: Stage,
        /// In the file.
        there: Stage,
    },
    /// A close that is past.
    PastClose(NaiveDate),
}

/// What a file does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Plan {
    /// Each row's line and fate, in the order of the file.
    pub rows: Vec<(u64, Fate)>,
    /// Accounts that are made, as named first.
    pub accounts: Vec<String>,
    /// Partners that are added, as named first.
    pub partners: Vec<String>,
}

/// How many rows come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// New deals.
    pub new: usize,
    /// Changed ones.
    pub changed: usize,
    /// Those that stay as they are.
    pub same: usize,
    /// Rows with problems.
    pub wrong: usize,
}

impl Plan {
    /// How many rows come to what.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for (_, fate) in &self.rows {
            *match fate {
                Fate::New { .. } => &mut count.new,
                Fate::Changed { .. } => &mut count.changed,
                Fate::Same { .. } => &mut count.same,
                Fate::Wrong(_) => &mut count.wrong,
            } += 1;
        }
        count
    }
}

/// Judges the rows of a file. Of one that could not be read the rest is judged too, so that all its problems are told at
/// once.
pub fn plan(rows: &[Read], known: &Known, owners: &Owners, unknown: UnknownPartner, today: NaiveDate) -> Plan {
    let mut by_crm: BTreeMap<String, Vec<DealNumber>> = BTreeMap::new();
    for (deal, crm) in &known.linked {
        crm_keys(crm).into_iter().for_each(|key| by_crm.entry(key).or_default().push(*deal));
    }
    let mut judge = Judge { known, owners, unknown, today, by_crm, seen: BTreeMap::new(), made: BTreeSet::new() };
    let mut plan = Plan::default();
    for read in rows {
        let fate = judge.fate(read, &mut plan);
        plan.rows.push((read.row.line, fate));
    }
    plan
}

struct Judge<'j> {
    known: &'j Known,
    owners: &'j Owners,
    unknown: UnknownPartner,
    today: NaiveDate,
    by_crm: BTreeMap<String, Vec<DealNumber>>,
    seen: BTreeMap<String, u64>,
    made: BTreeSet<String>,
}

impl Judge<'_> {
    fn fate(&mut self, Read { row, problems }: &Read, plan: &mut Plan) -> Fate {
        let (key, mut problems) = (crm_key(&row.crm), problems.clone());
        if !key.is_empty() {
            let first = *self.seen.entry(key.clone()).or_insert(row.line);
            problems.extend((first != row.line).then_some(RowProblem::SameId(first)));
        }
        match self.of_id(&key) {
            Ok(Some(deal)) if problems.is_empty() => of_known(row, deal, self.today),
            Ok(Some(_)) => Fate::Wrong(problems),
            Ok(None) => self.of_new(row, problems, plan),
            Err(problem) => Fate::Wrong([problems, vec![problem]].concat()),
        }
    }

    /// The deal with an id of the CRM: the open one, else the newest.
    fn of_id(&self, key: &str) -> Result<Option<&Deal>, RowProblem> {
        let numbers = self.by_crm.get(key).into_iter().flatten();
        let deals: Vec<&Deal> = numbers.filter_map(|number| self.known.deals.get(number)).collect();
        let open: Vec<&Deal> = deals.iter().copied().filter(|deal| deal.is_open()).collect();
        match open[..] {
            [_, _, ..] => Err(RowProblem::SeveralDeals(open.iter().map(|deal| deal.number).collect())),
            [only] => Ok(Some(only)),
            [] => Ok(deals.last().copied()),
        }
    }

    fn of_new(&mut self, row: &Row, mut problems: Vec<RowProblem>, plan: &mut Plan) -> Fate {
        let owner = self.owner(row).map_err(|problem| problems.push(problem)).ok();
        let partner = row.partner.as_deref().map(|name| (name, self.known.partners.get(&name_key(name))));
        match partner {
            None => problems.push(RowProblem::Missing(Column::Partner)),
            Some((name, None)) if self.unknown == UnknownPartner::Refuse => {
                let names = self.known.partners.values().map(|(_, name)| name.as_str());
                problems.push(RowProblem::Partner(name.to_owned(), closest(name, names, CLOSE_NAMES)));
            }
            Some((_, found)) => {
                let account = self.known.accounts.get(&name_key(&row.account));
                let pair = account.zip(found).map(|(account, (partner, _))| (*account, *partner));
                let is_open = row.stage.is_none_or(Stage::is_open);
                let like = pair.and_then(|pair| self.known.unlinked.get(&pair)).filter(|_| is_open);
                problems.extend(like.map(|deal| RowProblem::LooksLike(*deal)));
            }
        }
        match owner {
            Some(owner) if problems.is_empty() => {
                self.make(row, plan);
                Fate::New { owner }
            }
            _ => Fate::Wrong(problems),
        }
    }

    fn owner(&self, row: &Row) -> Result<UserId, RowProblem> {
        let Some(typed) = row.owner.as_deref() else {
            return self.owners.others.ok_or(RowProblem::Missing(Column::Owner));
        };
        let names = owner_names(typed);
        if let Some(user) = names.iter().find_map(|name| self.owners.named.get(name)) {
            return Ok(*user);
        }
        match names.iter().find_map(|name| self.known.members.get(name)).map(Vec::as_slice) {
            Some([user]) => Ok(*user),
            Some([_, ..]) => Err(RowProblem::OwnerTwice(typed.to_owned())),
            _ => self.owners.others.ok_or_else(|| RowProblem::Owner(typed.to_owned())),
        }
    }

    /// Notes what a new deal needs that is not there yet.
    fn make(&mut self, row: &Row, plan: &mut Plan) {
        let account = name_key(&row.account);
        if !self.known.accounts.contains_key(&account) && self.made.insert(format!("account {account}")) {
            plan.accounts.push(row.account.clone());
        }
        let Some(name) = &row.partner else { return };
        let partner = name_key(name);
        if !self.known.partners.contains_key(&partner) && self.made.insert(format!("partner {partner}")) {
            plan.partners.push(name.clone());
        }
    }
}

fn of_known(row: &Row, deal: &Deal, today: NaiveDate) -> Fate {
    let mut left = Vec::new();
    if !deal.is_open() {
        let differs = row.stage.is_some_and(|stage| stage != deal.stage)
            || row.amount.is_some_and(|amount| Some(amount) != deal.amount);
        left.extend(differs.then_some(Left::Ended(deal.stage)));
        return Fate::Same { deal: deal.number, left };
    }
    if let Some(there) = row.stage.filter(|stage| *stage != deal.stage) {
        left.push(Left::Stage { here: deal.stage, there });
    }
    let amount = row.amount.filter(|amount| Some(*amount) != deal.amount).map(|amount| (deal.amount, amount));
    let mut close = row.close.filter(|close| Some(*close) != deal.close).map(|close| (deal.close, close));
    // A past close would stall the deal at once, and an import stalls nothing.
    if let Some((_, past)) = close.take_if(|(_, close)| *close < today) {
        left.push(Left::PastClose(past));
    }
    let deal = deal.number;
    if amount.is_none() && close.is_none() {
        Fate::Same { deal, left }
    } else {
        Fate::Changed { deal, amount, close, left }
    }
}

/// The names that a CRM's owner may be known by: as written, without an address in brackets, the address, and what
/// stands before its `@`.
pub fn owner_names(typed: &str) -> Vec<String> {
    let (name, address) = match typed.split_once(['(', '<']) {
        Some((name, rest)) => (name, rest.trim_end_matches([')', '>'])),
        None if typed.contains('@') => ("", typed),
        None => (typed, ""),
    };
    let local = address.split('@').next().unwrap_or_default();
    let names = [typed, name, address, local].map(name_key);
    names.into_iter().filter(|name| !name.is_empty()).collect()
}

/// The form of a CRM's id that decides whether two are the same. Salesforce writes an id in 15 characters in reports and
/// in 18 elsewhere; the last three repeat the case of the others.
pub fn crm_key(id: &str) -> String {
    let id = id.trim();
    let long = id.len() == 18 && id.starts_with("006") && id.chars().all(|c| c.is_ascii_alphanumeric());
    if long { id[..15].to_owned() } else { id.to_owned() }
}

/// The ids that a deal's CRM id or link may be meant by: itself, and what looks like an id in a link.
fn crm_keys(crm: &str) -> Vec<String> {
    let id = crm_id(crm);
    let mut keys = vec![crm_key(crm)];
    if id != crm {
        keys.push(crm_key(id));
    }
    keys
}

/// The id of the deal in the CRM: a link's last part that is one, or the whole text.
pub fn crm_id(crm: &str) -> &str {
    let crm = crm.trim();
    if !crm.starts_with("https://") && !crm.starts_with("http://") {
        return crm;
    }
    let path = crm.split(['?', '#']).next().unwrap_or(crm);
    let is_id = |part: &&str| {
        let alphanumeric = part.chars().all(|c| c.is_ascii_alphanumeric());
        alphanumeric && part.len() >= 5 && part.starts_with(|c: char| c.is_ascii_digit())
    };
    path.split('/').rev().find(is_id).unwrap_or(crm)
}

#[cfg(test)]
mod tests;
