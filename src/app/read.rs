//! Read models for looking things up: states with the names behind their ids, in one trip.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::domain::Instant;
use crate::domain::attribution;
use crate::domain::calendar::Calendar;
use crate::domain::card::{Chain, DealCard, FormerRole, Named, Names, Running};
use crate::domain::deal::{Credit, Deal, Former};
use crate::domain::event::Event;
use crate::domain::id::{AccountId, DealNumber, MemberId, PartnerId, UserId};
use crate::domain::member::Member;
use crate::domain::stall::{StallPolicy, stall};
use crate::error::Failure;
use crate::store::Workspace;

/// What turns deals and events of one workspace into what is shown, at one moment.
pub struct Reading {
    /// The names behind the ids.
    pub names: Names,
    covers: HashMap<MemberId, MemberId>,
    managers: HashMap<PartnerId, MemberId>,
    calendar: Calendar,
    policy: StallPolicy,
    now: Instant,
    today: NaiveDate,
}

/// The cards of deals, in their order.
pub async fn cards(workspace: &mut Workspace<'_>, deals: Vec<Deal>, now: Instant) -> Result<Vec<DealCard>, Failure> {
    let reading = reading(workspace, &deals, &[], now).await?;
    Ok(deals.into_iter().map(|deal| reading.card(deal)).collect())
}

/// The cards of deals by their numbers, in their order.
pub async fn cards_of(
    workspace: &mut Workspace<'_>,
    numbers: Vec<DealNumber>,
    now: Instant,
) -> Result<Vec<DealCard>, Failure> {
    let mut deals = workspace.find_deals(&numbers).await?;
    deals.sort_by_key(|deal| numbers.iter().position(|number| *number == deal.number));
    cards(workspace, deals, now).await
}

/// The card of one deal.
pub async fn card(workspace: &mut Workspace<'_>, deal: Deal, now: Instant) -> Result<DealCard, Failure> {
    let reading = reading(workspace, std::slice::from_ref(&deal), &[], now).await?;
    Ok(reading.card(deal))
}

/// Reads the names behind some deals and events, and what deals are judged by.
pub async fn reading(
    workspace: &mut Workspace<'_>,
    deals: &[Deal],
    events: &[Event],
    now: Instant,
) -> Result<Reading, Failure> {
    let accounts: BTreeSet<AccountId> =
        deals.iter().map(|d| d.account).chain(ids_in(events, &["account"]).map(AccountId)).collect();
    let people: BTreeSet<MemberId> = people_of(deals).chain(people_in(events)).collect();
    let (accounts, people): (Vec<_>, Vec<_>) = (accounts.into_iter().collect(), people.into_iter().collect());
    let background = workspace.get_background(&accounts, &people).await?;
    let calendar = Calendar::of(&background.settings);
    let today = calendar.day(now);
    let members = &background.members;
    let managers = background.partners.iter().filter_map(|p| Some((p.id, p.manager?))).collect();
    let names = Names {
        members: members.iter().map(|m: &Member| (m.id, Named::from(m))).collect(),
        accounts: background.accounts.into_iter().map(|a| (a.id, a.name)).collect(),
        partners: background.partners.into_iter().map(|p| (p.id, p.name)).collect(),
    };
    let covers = members.iter().filter_map(|m| Some((m.id, m.cover_on(today)?))).collect();
    let policy = StallPolicy { motions: background.settings.motions, medians: background.medians };
    Ok(Reading { names, covers, managers, policy, calendar, now, today })
}

fn people_of(deals: &[Deal]) -> impl Iterator<Item = MemberId> + '_ {
    let stand = deals.iter().flat_map(|d| [Some(d.owner), d.backup]).flatten();
    let behind = deals.iter().flat_map(Deal::credits).flat_map(|credit| {
        let confirmed = credit.claim.confirmed.map(|signature| signature.by);
        let asked = credit.claim.question.as_ref().map(|question| question.asked.by);
        let former = credit.claim.former.iter().map(|former| Some(former.claimed.by));
        former.chain([Some(credit.claimed.by), Some(credit.answerer()), confirmed, asked])
    });
    let passing = deals.iter().flat_map(|d| d.waivers.iter().map(|w| w.by).chain(d.pass_asked.as_ref().map(|p| p.by)));
    stand.chain(behind.flatten()).chain(passing)
}

fn people_in(events: &[Event]) -> impl Iterator<Item = MemberId> + '_ {
    let named = ids_in(events, &["owner", "backup", "attributed_by", "manager"]).map(MemberId);
    events.iter().map(|e| e.actor).chain(named)
}

/// The ids that some fields of events had or have.
fn ids_in<'e>(events: &'e [Event], fields: &'static [&'static str]) -> impl Iterator<Item = i64> + 'e {
    let sides = events.iter().flat_map(|e| [&e.before, &e.after]);
    sides.flat_map(move |side| fields.iter().filter_map(move |field| side.get(*field)?.as_i64()))
}

/// People by their ids.
pub struct People(HashMap<MemberId, Named>);

/// Reads the names of some people.
pub async fn people(
    workspace: &mut Workspace<'_>,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<People, Failure> {
    let members: BTreeSet<MemberId> = members.into_iter().collect();
    let found = workspace.find_members(&members.into_iter().collect::<Vec<_>>()).await?;
    Ok(People::of(&found))
}

impl People {
    /// Some members.
    pub fn of(members: &[Member]) -> People {
        People(members.iter().map(|member| (member.id, Named::from(member))).collect())
    }

    /// A person by the id in the workspace; the bot where nobody did it.
    pub fn person(&self, member: MemberId) -> Named {
        person(&self.0, member)
    }
}

fn person(members: &HashMap<MemberId, Named>, member: MemberId) -> Named {
    let nobody = || Named { member, user: UserId(0), name: "the bot".to_owned(), gone: false };
    members.get(&member).cloned().unwrap_or_else(nobody)
}

impl Reading {
    /// A deal with its names, and whether it is stalled.
    pub fn card(&self, deal: Deal) -> DealCard {
        DealCard {
            account: self.names.accounts.get(&deal.account).cloned().unwrap_or_default(),
            partner: self.partner(deal.partner),
            participants: deal.participants.iter().map(|p| self.partner(p.partner)).collect(),
            owner: self.person(deal.owner),
            backup: deal.backup.map(|b| self.person(b)),
            cover: self.covers.get(&deal.owner).map(|c| self.person(*c)),
            timeliness: attribution::timeliness(&deal, &self.calendar, self.today),
            chains: deal.credits().map(|credit| self.chain(&deal, &credit)).collect(),
            reasons: stall(&deal, &self.policy, &self.calendar, self.now).reasons,
            running: self.running(&deal),
            deal,
        }
    }

    fn running(&self, deal: &Deal) -> Running {
        let motions = &self.policy.motions;
        let motion = motions.of(deal);
        Running {
            standing: deal.standing(motion),
            newer: motions.newer_than(deal).map(|newer| newer.version),
            proposed: deal.proposed_step(motion, &self.calendar, self.now),
            passed_by: deal.waivers.iter().map(|waiver| self.person(waiver.by)).collect(),
            asked_by: deal.pass_asked.as_ref().map(|asked| self.person(asked.by)),
        }
    }

    fn chain(&self, deal: &Deal, credit: &Credit) -> Chain {
        let claim = credit.claim;
        Chain {
            claimed_by: self.person(credit.claimed.by),
            timeliness: attribution::timeliness_of(credit, deal, &self.calendar, self.today),
            confirmed_by: claim.confirmed.map(|signature| self.person(signature.by)),
            asked_by: claim.question.as_ref().map(|question| self.person(question.asked.by)),
            answerer: self.person(credit.answerer()),
            manager: self.managers.get(&credit.partner).map(|manager| self.person(*manager)),
            former: claim.former.iter().map(|former| self.former(deal, former)).collect(),
        }
    }

    fn former(&self, deal: &Deal, former: &Former) -> FormerRole {
        FormerRole {
            partner: self.partner(former.partner),
            claimed_by: self.person(former.claimed.by),
            timeliness: attribution::former_timeliness(former, deal, &self.calendar),
        }
    }

    fn partner(&self, id: PartnerId) -> String {
        self.names.partners.get(&id).cloned().unwrap_or_default()
    }

    /// A person by the id in the workspace; the bot where nobody did it.
    pub fn person(&self, member: MemberId) -> Named {
        person(&self.names.members, member)
    }
}
