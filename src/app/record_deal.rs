//! Records a deal: `/deal new`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::on_deal::Changed;
use super::partner::find_any;
use super::reading::{all_read, given};
use super::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::account::Account;
use crate::domain::deal::limit::{CRM, EVIDENCE, NAME, NEXT_STEP};
use crate::domain::deal::{Claim, Deal, NextStep, Role};
use crate::domain::id::{AccountId, DealNumber, InteractionId, MemberId};
use crate::domain::likeness::closest;
use crate::domain::motion::Stage;
use crate::domain::partner::Partner;
use crate::domain::refusal::{Problem, Problems, Thing, Why};
use crate::error::Failure;
use crate::store::commit::{LookupKind, LookupRow};

/// How many close names are offered.
const CLOSE_NAMES: usize = 3;

/// A deal as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDeal {
    /// The customer's name.
    pub account: String,
    /// The partner's name.
    pub partner: String,
    /// What the partner did.
    pub source: Role,
    /// What shows it.
    pub evidence: Option<String>,
    /// The day of it as typed; today when not given.
    #[serde(default)]
    pub on: Option<String>,
    /// As typed.
    pub amount: Option<String>,
    /// As typed.
    pub close: Option<String>,
    /// Whose it is; the actor's when not given.
    pub owner: Option<Person>,
    /// The standing deputy.
    pub backup: Option<Person>,
    /// What happens next.
    pub next_step: Option<String>,
    /// By when.
    pub due: Option<String>,
    /// The CRM's id or link.
    pub crm: Option<String>,
    /// Why it is another deal although open ones with the account exist; `None` asks first.
    pub although: Option<String>,
    /// What happens when there is no account of the name.
    pub unknown_account: UnknownAccount,
    /// Whether the leads were asked for the partner.
    #[serde(default)]
    pub partner_asked: bool,
    /// The draft that it was typed into; it is gone once the deal is recorded, so that nothing is recorded twice.
    #[serde(skip)]
    pub draft: Option<InteractionId>,
}

/// What happens when there is no account of the typed name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownAccount {
    /// It is created, unless names that are close to it exist.
    #[default]
    Ask,
    /// It is created.
    Create,
}

impl UseCase for RecordDeal {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        change.allow(Needed::Rep)?;
        change.take_draft(self.draft).await?;
        let base = change.workspace.get_recording_base(&self.account, &self.partner).await?;
        let mut problems = Problems::default();
        let read = self.read(change, &mut problems);
        let partner = match base.partner {
            Some(partner) => Some(partner),
            None => problems.take(find_partner(change, &self.partner).await?),
        };
        if base.account.is_none() && self.unknown_account == UnknownAccount::Ask {
            problems.take(self.like_no_other(change).await?);
        }
        let owner = self.person(change, &mut problems, "owner", &self.owner).await?;
        let backup = self.person(change, &mut problems, "backup", &self.backup).await?;
        if backup.is_some() && backup == Some(owner.unwrap_or(change.actor.id)) {
            problems.add(Problem::StandsInForSelf { option: "backup" });
        }
        let partner = all_read(problems, partner)?;
        if let (Some(account), false, None) = (&base.account, base.open.is_empty(), &self.although) {
            let deals = base.open.iter().map(|d| d.number).collect();
            return Err(Problem::SimilarDeals { account: account.id, deals }.into());
        }
        let account = match base.account {
            Some(account) => account,
            None => self.create_account(change, base.next_account)?,
        };
        let owner = owner.unwrap_or(change.actor.id);
        let deal = self.deal(change, base.next_deal, &account, &partner, read, (owner, backup));
        let deal = change.create(deal, self.although)?;
        change.look_up(lookup_row(&deal, &account, std::slice::from_ref(&partner)));
        change.tell_new_owner(&deal).await?;
        Ok(change.changed(deal))
    }
}

/// What was typed, as it was understood.
struct Read {
    evidence: Option<String>,
    on: Option<NaiveDate>,
    amount: Option<i64>,
    close: Option<NaiveDate>,
    next_step: Option<NextStep>,
    crm: Option<String>,
}

impl RecordDeal {
    /// What was typed, as pairs of option and text, in the order of the command.
    pub fn typed(&self) -> Vec<(&'static str, String)> {
        let person = |person: &Option<Person>| person.as_ref().map(|p| p.name.clone());
        let all = [
            ("account", Some(self.account.clone())),
            ("partner", Some(self.partner.clone())),
            ("source", Some(self.source.key().to_owned())),
            ("amount", self.amount.clone()),
            ("close", self.close.clone()),
            ("owner", person(&self.owner)),
            ("backup", person(&self.backup)),
            ("next_step", self.next_step.clone()),
            ("due", self.due.clone()),
            ("evidence", self.evidence.clone()),
            ("evidence_on", self.on.clone()),
            ("crm", self.crm.clone()),
        ];
        all.into_iter().filter_map(|(option, text)| Some((option, text?))).collect()
    }

    /// Whether there is more to it than a partner's part in a deal with the account.
    pub fn says_more_than_a_part(&self) -> bool {
        let part = ["account", "partner", "source", "evidence"];
        self.typed().iter().any(|(option, text)| !part.contains(option) && !text.trim().is_empty())
    }

    /// Puts another text in the place of what was typed for an option; `None` leaves it out.
    pub fn retype(&mut self, option: &str, text: Option<String>) {
        match option {
            "account" => self.account = text.unwrap_or_default(),
            "partner" => self.partner = text.unwrap_or_default(),
            "amount" => self.amount = text,
            "close" => self.close = text,
            "next_step" => self.next_step = text,
            "due" => self.due = text,
            "evidence" => self.evidence = text,
            "evidence_on" => self.on = text,
            "crm" => self.crm = text,
            "owner" => self.owner = None,
            "backup" => self.backup = None,
            _ => {}
        }
    }

    fn read(&self, change: &Change<'_>, problems: &mut Problems) -> Read {
        let mut text = |option, typed: &Option<String>, limit| {
            problems.take(change.read_text(option, typed.as_deref(), limit)).flatten()
        };
        let evidence = text("evidence", &self.evidence, EVIDENCE);
        let step = text("next_step", &self.next_step, NEXT_STEP);
        let crm = text("crm", &self.crm, CRM);
        text("account", &Some(self.account.clone()), NAME);
        if self.source != Role::Undecided && given(&self.evidence).is_none() {
            problems.add(Problem::Missing { option: "evidence", why: Why::Evidence });
        }
        if given(&Some(self.account.clone())).is_none() {
            problems.add(Problem::Missing { option: "account", why: Why::Always });
        }
        let on = self.on(change, problems);
        let amount = given(&self.amount).and_then(|typed| problems.take(change.read_worth("amount", typed)));
        let close = given(&self.close).and_then(|typed| problems.take(change.read_coming_day("close", typed)));
        let due = given(&self.due).and_then(|typed| problems.take(change.read_coming_day("due", typed)));
        if given(&self.due).is_some() && given(&self.next_step).is_none() {
            problems.add(Problem::Missing { option: "next_step", why: Why::DueNeedsStep });
        }
        let next_step = step.map(|text| NextStep { text, due });
        Read { evidence, on, amount, close, next_step, crm }
    }

    /// The day of the evidence, where there is any.
    fn on(&self, change: &Change<'_>, problems: &mut Problems) -> Option<NaiveDate> {
        let typed = given(&self.on);
        if typed.is_some() && given(&self.evidence).is_none() {
            problems.add(Problem::Missing { option: "evidence", why: Why::DayNeedsEvidence });
        }
        given(&self.evidence)?;
        problems.take(change.read_evidence_day(typed, self.source, change.today()))
    }

    /// The member who is a person that was picked.
    async fn person(
        &self,
        change: &mut Change<'_>,
        problems: &mut Problems,
        option: &'static str,
        picked: &Option<Person>,
    ) -> Result<Option<MemberId>, Failure> {
        let Some(person) = picked else { return Ok(None) };
        let member = change.admit_holder(option, person).await?;
        Ok(problems.take(member).map(|m| m.id))
    }

    /// A problem when the account's name is close to known ones.
    async fn like_no_other(&self, change: &mut Change<'_>) -> Result<Result<(), Problem>, Failure> {
        let found = change.workspace.find_lookups(LookupKind::Account, &self.account).await?;
        let close = closest(&self.account, found.iter().map(|f| f.text.as_str()), CLOSE_NAMES);
        let typed = self.account.clone();
        Ok(if close.is_empty() { Ok(()) } else { Err(Problem::NewAccount { typed, close }) })
    }

    fn create_account(&self, change: &mut Change<'_>, id: AccountId) -> Result<Account, Failure> {
        let name = self.account.split_whitespace().collect::<Vec<_>>().join(" ");
        let account = change.create(Account { id, version: 0, name, merged_into: None }, None)?;
        change.look_up(LookupRow { kind: LookupKind::Account, subject: id.0, text: account.name.clone() });
        Ok(account)
    }

    fn deal(
        &self,
        change: &Change<'_>,
        number: DealNumber,
        account: &Account,
        partner: &Partner,
        read: Read,
        (owner, backup): (MemberId, Option<MemberId>),
    ) -> Deal {
        Deal {
            number,
            version: 0,
            account: account.id,
            partner: partner.id,
            role: self.source,
            evidence: read.evidence,
            attributed_at: change.now,
            attributed_by: change.actor.id,
            claim: Claim::first(self.source, read.on),
            participants: Vec::new(),
            amount: read.amount,
            close: read.close,
            stage: Stage::Prospect,
            stage_since: change.now,
            owner,
            backup,
            next_step: read.next_step,
            next_step_moves: 0,
            close_slips: 0,
            declined_at: None,
            crm: read.crm,
            registration: None,
            motion_version: change.settings.motions.current().version,
            met: Vec::new(),
            waivers: Vec::new(),
            pass_asked: None,
            created_at: change.now,
            created_by: change.actor.id,
            imported_at: None,
            imported_in: None,
            last_activity_at: change.now,
            wait: None,
            snooze: None,
            snoozes: 0,
            closed_on: None,
            lost: None,
        }
    }
}

/// The partner of a typed name, or what is close to it.
pub(super) async fn find_partner(change: &mut Change<'_>, typed: &str) -> Result<Result<Partner, Problem>, Failure> {
    if let Some(partner) = change.workspace.find_partner_named(typed).await? {
        return Ok(Ok(partner));
    }
    if let Ok(archived) = find_any(&mut change.workspace, typed).await? {
        return Ok(Err(Problem::TakesNoDeals { partner: archived.name }));
    }
    let all = change.workspace.find_partners().await?;
    let names = all.iter().filter(|p| !p.archived).map(|p| p.name.as_str());
    let close = closest(typed, names, CLOSE_NAMES);
    Ok(Err(Problem::NotFound { what: Thing::Partner, typed: typed.to_owned(), close }))
}

/// What a deal is found by: its number, its account, its partners, its CRM id.
pub(super) fn lookup_row(deal: &Deal, account: &Account, partners: &[Partner]) -> LookupRow {
    let partners: Vec<&str> = partners.iter().map(|p| p.name.as_str()).collect();
    let crm = deal.crm.as_deref().unwrap_or_default();
    let text = format!("{} {} · {} {crm}", deal.number.label(), account.name, partners.join(" · "));
    LookupRow { kind: LookupKind::Deal, subject: deal.number.0, text: text.trim().to_owned() }
}

#[cfg(test)]
mod tests;
