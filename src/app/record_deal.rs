//! Records a deal: `/deal new`.

use super::change::Change;
use super::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::account::Account;
use crate::domain::deal::{Deal, NextStep, Role};
use crate::domain::id::AccountId;
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;
use crate::domain::partner::Partner;
use crate::domain::refusal::{Problem, Problems, Thing, Why};
use crate::error::Failure;
use crate::store::commit::{LookupKind, LookupRow};

/// A deal as typed.
#[derive(Debug, Clone)]
pub struct RecordDeal {
    /// The customer's name.
    pub account: String,
    /// The partner's name.
    pub partner: String,
    /// What the partner did.
    pub source: Role,
    /// What shows it.
    pub evidence: Option<String>,
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
}

/// What was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its number.
    pub deal: DealNumber,
}

impl UseCase for RecordDeal {
    type Outcome = Recorded;

    async fn run(self, change: &mut Change<'_>) -> Result<Recorded, Failure> {
        change.allow(Needed::Rep)?;
        let mut problems = Problems::default();
        let partner = find_partner(change, &self.partner).await?;
        let partner = problems.take(partner);
        if self.source != Role::Undecided && self.evidence.is_none() {
            problems.add(Problem::Missing { option: "evidence", why: Why::Evidence });
        }
        let amount = self.amount.as_deref().and_then(|typed| problems.take(change.read_money("amount", typed)));
        let close = self.close.as_deref().and_then(|typed| problems.take(change.read_day("close", typed)));
        let due = self.due.as_deref().and_then(|typed| problems.take(change.read_day("due", typed)));
        problems.finish()?;
        let Some(partner) = partner else {
            return Err(anyhow::anyhow!("a partner without a problem was found").into());
        };

        let account = self.find_or_create_account(change).await?;
        let owner = match &self.owner {
            Some(person) => change.admit(person).await?.id,
            None => change.actor.id,
        };
        let backup = match &self.backup {
            Some(person) => Some(change.admit(person).await?.id),
            None => None,
        };
        let deal = Deal {
            number: change.workspace.next_deal_number().await?,
            version: 0,
            account: account.id,
            partner: partner.id,
            role: self.source,
            evidence: self.evidence,
            attributed_at: change.now,
            attributed_by: change.actor.id,
            participants: Vec::new(),
            amount,
            close,
            stage: Stage::Prospect,
            stage_since: change.now,
            owner,
            backup,
            next_step: self.next_step.map(|text| NextStep { text, due }),
            next_step_moves: 0,
            close_slips: 0,
            declined_at: None,
            crm: self.crm,
            motion_version: change.settings.motion.version,
            created_at: change.now,
            created_by: change.actor.id,
            last_activity_at: change.now,
            wait: None,
            snooze: None,
            snoozes: 0,
            closed_on: None,
            lost: None,
        };
        let deal = change.create(deal, self.although)?;
        change.look_up(lookup_row(&deal, &account, std::slice::from_ref(&partner)));
        change.tell_team(&deal);
        Ok(Recorded { deal: deal.number })
    }
}

impl RecordDeal {
    /// The account of the typed name; a new one when there is none, or when none is close enough to ask about.
    async fn find_or_create_account(&self, change: &mut Change<'_>) -> Result<Account, Failure> {
        if let Some(account) = change.workspace.find_account_named(&self.account).await? {
            let open = change.workspace.find_open_deals_of_account(account.id).await?;
            if !open.is_empty() && self.although.is_none() {
                let deals = open.iter().map(|d| d.number).collect();
                return Err(Problem::SimilarDeals { account: account.id, deals }.into());
            }
            return Ok(account);
        }
        let id: AccountId = change.workspace.next_account_id().await?;
        let name = self.account.split_whitespace().collect::<Vec<_>>().join(" ");
        let account = change.create(Account { id, version: 0, name, merged_into: None }, None)?;
        change.look_up(LookupRow { kind: LookupKind::Account, subject: id.0, text: account.name.clone() });
        Ok(account)
    }
}

/// The partner of a typed name, or what is close to it.
pub(super) async fn find_partner(change: &mut Change<'_>, typed: &str) -> Result<Result<Partner, Problem>, Failure> {
    if let Some(partner) = change.workspace.find_partner_named(typed).await? {
        return Ok(Ok(partner));
    }
    let all = change.workspace.find_partners().await?;
    let names = all.iter().filter(|p| !p.archived).map(|p| p.name.as_str());
    let close = crate::domain::likeness::closest(typed, names, 3);
    Ok(Err(Problem::NotFound { what: Thing::Partner, typed: typed.to_owned(), close }))
}

/// What a deal is found by: its number, its account, its partners, its CRM id.
pub(super) fn lookup_row(deal: &Deal, account: &Account, partners: &[Partner]) -> LookupRow {
    let partners: Vec<&str> = partners.iter().map(|p| p.name.as_str()).collect();
    let crm = deal.crm.as_deref().unwrap_or_default();
    let text = format!("{} {} · {} {crm}", deal.number.label(), account.name, partners.join(" · "));
    LookupRow { kind: LookupKind::Deal, subject: deal.number.0, text: text.trim().to_owned() }
}
