//! Writing what a plan says: accounts and partners first, then each row's deal.

use std::collections::BTreeMap;

use crate::app::Person;
use crate::app::change::Change;
use crate::domain::account::{Account, name_key};
use crate::domain::deal::{Claim, Deal, Loss, NextStep};
use crate::domain::event::EventKind;
use crate::domain::id::{AccountId, DealNumber, MemberId, PartnerId, UserId};
use crate::domain::import::row::loss_reason;
use crate::domain::import::{Fate, Known, Plan, Row};
use crate::domain::motion::Stage;
use crate::domain::partner::{Partner, Plan as PartnerPlan};
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// What the rows name, as ids.
struct Ids {
    accounts: BTreeMap<String, AccountId>,
    partners: BTreeMap<String, PartnerId>,
    owners: BTreeMap<UserId, MemberId>,
}

/// Records all that a plan says, and gives the new deals' numbers.
pub(super) async fn record(
    change: &mut Change<'_>,
    plan: &Plan,
    known: &Known,
    rows: impl Iterator<Item = &Row>,
    people: &[Person],
) -> Result<Vec<DealNumber>, Failure> {
    let rows: BTreeMap<u64, &Row> = rows.map(|row| (row.line, row)).collect();
    let ids = Ids {
        owners: owners(change, plan, people).await?,
        accounts: accounts(change, plan, known).await?,
        partners: partners(change, plan, known).await?,
    };
    let mut next = change.workspace.next_deal_number().await?;
    let mut new = Vec::new();
    for (line, fate) in &plan.rows {
        match (fate, rows.get(line)) {
            (Fate::New { owner }, Some(row)) => {
                let deal = deal(change, row, next, &ids, *owner)?;
                change.create(deal, None)?;
                new.push(next);
                next = DealNumber(next.0 + 1);
            }
            (Fate::Changed { deal, amount, close, .. }, _) => {
                let mut deal = known.deals.get(deal).cloned().ok_or(Problem::Stale)?;
                change.edit(&mut deal, EventKind::Imported, None, |deal| {
                    deal.amount = amount.map_or(deal.amount, |(_, amount)| Some(amount));
                    if let Some((_, close)) = close {
                        deal.put_close(Some(*close));
                    }
                })?;
            }
            _ => {}
        }
    }
    if let (Some(first), Some(last)) = (new.first(), new.last()) {
        change.workspace.index_later(*first, *last).await?;
    }
    Ok(new)
}

/// The members that the owners are; whoever was mapped holds a role of the program.
async fn owners(
    change: &mut Change<'_>,
    plan: &Plan,
    people: &[Person],
) -> Result<BTreeMap<UserId, MemberId>, Failure> {
    let mut problems = Problems::default();
    let mut owners = BTreeMap::new();
    for (_, fate) in &plan.rows {
        let Fate::New { owner } = fate else { continue };
        if owners.contains_key(owner) {
            continue;
        }
        let member = match people.iter().find(|person| person.user == *owner) {
            Some(person) => problems.take(change.admit_holder("owners", person).await?),
            None => change.workspace.find_member_of_user(*owner).await?,
        };
        match member {
            Some(member) => drop(owners.insert(*owner, member.id)),
            None => problems.add(Problem::NotAMember { option: "owners", user: *owner }),
        }
    }
    problems.finish()?;
    Ok(owners)
}

async fn accounts(change: &mut Change<'_>, plan: &Plan, known: &Known) -> Result<BTreeMap<String, AccountId>, Failure> {
    let mut accounts = known.accounts.clone();
    let mut next = change.workspace.next_account_id().await?;
    for name in &plan.accounts {
        change.create(Account { id: next, version: 0, name: name.clone(), merged_into: None }, None)?;
        accounts.insert(name_key(name), next);
        next = AccountId(next.0 + 1);
    }
    Ok(accounts)
}

async fn partners(change: &mut Change<'_>, plan: &Plan, known: &Known) -> Result<BTreeMap<String, PartnerId>, Failure> {
    let known = known.partners.iter().map(|(key, (id, _))| (key.clone(), *id));
    let mut partners: BTreeMap<String, PartnerId> = known.collect();
    let mut next = change.workspace.next_partner_id().await?;
    for name in &plan.partners {
        let partner = Partner {
            id: next,
            version: 0,
            name: name.split_whitespace().collect::<Vec<_>>().join(" "),
            kind: None,
            tier: None,
            manager: None,
            contacts: Vec::new(),
            plan: PartnerPlan::default(),
            archived: false,
        };
        change.create(partner, None)?;
        partners.insert(name_key(name), next);
        next = PartnerId(next.0 + 1);
    }
    Ok(partners)
}

fn deal(change: &Change<'_>, row: &Row, number: DealNumber, ids: &Ids, owner: UserId) -> Result<Deal, Failure> {
    let partner = row.partner.as_deref().map(name_key).and_then(|key| ids.partners.get(&key)).ok_or(Problem::Stale)?;
    let account = ids.accounts.get(&name_key(&row.account)).ok_or(Problem::Stale)?;
    let owner = ids.owners.get(&owner).ok_or(Problem::Stale)?;
    let calendar = change.calendar();
    // Of a day in the CRM no hour is known; its beginning is never ahead of now.
    let began = row.created.map_or(change.now, |day| calendar.midnight(day).min(change.now));
    let active = row.active.map_or(began, |day| calendar.midnight(day).min(change.now).max(began));
    let stage = row.stage.unwrap_or(Stage::Prospect);
    let ended = !stage.is_open();
    let lost = (stage == Stage::ClosedLost).then(|| Loss {
        reason: row.loss.as_deref().map_or(crate::domain::deal::LossReason::Other, loss_reason),
        detail: row.loss.clone(),
    });
    Ok(Deal {
        number,
        version: 0,
        account: *account,
        partner: *partner,
        role: row.role,
        evidence: row.evidence.clone(),
        attributed_at: change.now,
        attributed_by: change.actor.id,
        claim: Claim::default(),
        participants: Vec::new(),
        amount: row.amount,
        close: row.close,
        stage,
        stage_since: change.now,
        owner: *owner,
        backup: None,
        next_step: row.next_step.clone().filter(|_| !ended).map(|text| NextStep { text, due: None }),
        next_step_moves: 0,
        close_slips: 0,
        declined_at: None,
        crm: Some(row.crm.clone()),
        registration: None,
        motion_version: change.settings.motions.current().version,
        met: Vec::new(),
        waivers: Vec::new(),
        pass_asked: None,
        created_at: began,
        created_by: change.actor.id,
        imported_at: Some(change.now),
        imported_in: Some(stage),
        last_activity_at: active,
        wait: None,
        snooze: None,
        snoozes: 0,
        closed_on: row.close.filter(|_| ended),
        lost,
    })
}
