//! What use cases and look-ups on handovers share: what a leaver leaves behind, and the read models of what is on its
//! way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{item, number, read};
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::card::Named;
use crate::domain::deal::Deal;
use crate::domain::departure::{Departure, departure};
use crate::domain::event::{Subject, Tracked};
use crate::domain::forget::former_name;
use crate::domain::handover::propose::{Proposal, candidates, going_along, left_behind, propose};
use crate::domain::handover::view::{Brief, Line, Overdue, Owned, Ownerless, Shown, StatusCard};
use crate::domain::handover::{Answer, Handover, Item, What, Why};
use crate::domain::id::{DealNumber, ItemId, MemberId, UserId};
use crate::domain::item::ItemCard;
use crate::domain::member::Member;
use crate::domain::number::{Share, booked};
use crate::domain::partner::Partner;
use crate::domain::period::Period;
use crate::error::Failure;
use crate::store::Workspace;

mod along;
mod holding;

pub(super) use along::give;
pub(super) use holding::Holding;

/// Deals moved in one write, so that no job holds the writer for long.
pub(super) const BATCH: usize = 250;

/// What a leaver leaves behind, and who would get it.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What goes at risk.
    pub departure: Departure,
    /// All partners.
    pub partners: Vec<Partner>,
    /// Who would get what.
    pub proposals: Vec<Proposal>,
    /// The open actions that go along with each deal.
    pub along: BTreeMap<DealNumber, Vec<ItemId>>,
    /// What a lead chose before.
    pub plan: Option<Handover>,
    /// How many things are on their way already, by a handover that runs.
    pub underway: usize,
}

impl Planned {
    /// The open actions that go along with a thing.
    pub fn along_with(&self, what: What) -> Vec<ItemId> {
        match what {
            What::Deal(deal) => self.along.get(&deal).cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// How many open actions are to go to others.
    pub fn actions(&self) -> usize {
        let alone = self.proposals.iter().filter(|proposal| matches!(proposal.left.what, What::Action(_)));
        alone.count() + self.along.values().map(Vec::len).sum::<usize>()
    }
}

/// Plans a handover: all to one person if one is named, else as a lead chose before, else by the rules.
pub async fn plan(
    workspace: &mut Workspace<'_>,
    (leaver, lead): (MemberId, MemberId),
    to: Option<MemberId>,
    today: NaiveDate,
) -> Result<Planned, Failure> {
    let stakes = workspace.find_stakes().await?;
    let partners = workspace.find_partners().await?;
    let members = workspace.find_all_members().await?;
    let actions = workspace.find_open_actions_of(leaver).await?;
    let plan = workspace.find_handover_plan(leaver).await?;
    let number_owner = workspace.get_settings().await?.number_owner();
    let is_there = |id: MemberId| members.iter().any(|member| member.id == id && !member.gone);
    let departure = departure(leaver, &stakes, &partners, is_there);
    let underway = underway(workspace, leaver).await?;
    let mut left = left_behind(leaver, number_owner, &stakes, &partners, &members, &actions, today);
    left.retain(|left| !underway.contains(&left.what));
    let along = going_along(leaver, &stakes, &actions);
    let candidates = candidates(leaver, &stakes, &partners, &members, today);
    let lead = Some(lead).filter(|lead| *lead != leaver);
    let proposals = propose(left, &stakes, &candidates, lead, |left| {
        let before = plan.as_ref().and_then(|plan| plan.item(left.what)).map(|item| item.to);
        let before = before.filter(|before| is_there(*before));
        to.or(before).filter(|to| Some(*to) != left.except)
    });
    Ok(Planned { departure, partners, proposals, along, plan, underway: underway.len() })
}

/// What of a leaver's is on its way already, so that nobody is asked twice for it.
async fn underway(workspace: &mut Workspace<'_>, leaver: MemberId) -> Result<BTreeSet<What>, Failure> {
    let mut found = BTreeSet::new();
    for handover in workspace.find_waiting_handovers().await?.into_iter().filter(|handover| handover.leaver == leaver) {
        let handover = as_it_stands(workspace, handover).await?;
        found.extend(handover.unsettled().map(|item| item.what));
    }
    Ok(found)
}

/// A handover in which what was settled otherwise meanwhile, by an assignment, an edit or a close, is seen as overtaken.
pub(crate) async fn as_it_stands(workspace: &mut Workspace<'_>, mut handover: Handover) -> Result<Handover, Failure> {
    let things: Vec<What> = handover.unsettled().map(|item| item.what).collect();
    if !things.is_empty() {
        let holding = Holding::load(workspace, things.into_iter()).await?;
        handover.overtake(|what| holding.holder(what));
    }
    Ok(handover)
}

/// A thing on its way, before it is read.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub what: What,
    /// To whom.
    pub to: Option<MemberId>,
    /// Why to them.
    pub why: Why,
    /// Where it stands.
    pub answer: Answer,
    /// The actions that go along with a deal.
    pub along: Vec<ItemId>,
}

/// The row of an item.
pub fn row(item: &Item) -> Row {
    Row { what: item.what, to: Some(item.to), why: item.why, answer: item.answer, along: item.actions.clone() }
}

/// Things on their way, with the names that people read.
pub async fn lines(workspace: &mut Workspace<'_>, rows: &[Row], now: Instant) -> Result<Vec<Line>, Failure> {
    let numbers: Vec<DealNumber> = rows.iter().filter_map(|row| deal_of(row.what)).collect();
    let deals = workspace.find_deals(&numbers).await?;
    let cards = read::cards(workspace, deals, now).await?;
    let partners: HashMap<_, _> = workspace.find_partners().await?.into_iter().map(|p| (p.id, p.name)).collect();
    let covered = rows.iter().filter_map(|row| if let What::Cover(member) = row.what { Some(member) } else { None });
    let people: Vec<MemberId> = rows.iter().filter_map(|row| row.to).chain(covered).collect();
    let people = named(workspace, &people).await?;
    let number = match rows.iter().any(|row| row.what == What::Number) {
        true => Some(owned_number(workspace, now).await?),
        false => None,
    };
    let actions = action_cards(workspace, rows).await?;
    let card = |deal: DealNumber| cards.iter().find(|card| card.deal.number == deal).cloned().map(Box::new);
    let shown = |what: What| match what {
        What::Number => number.map(Shown::Number),
        What::Deal(deal) => card(deal).map(Shown::Deal),
        What::Backup(deal) => card(deal).map(Shown::Backup),
        What::Manager(partner) => partners.get(&partner).cloned().map(Shown::Manager),
        What::Cover(member) => people.get(&member).cloned().map(Shown::Cover),
        What::Action(item) => actions.get(&item).cloned().map(|card| Shown::Action(Box::new(card))),
    };
    let along = |item: &ItemId| actions.get(item).filter(|card| card.item.open).cloned();
    let line = |row: &Row| Line {
        what: row.what,
        shown: shown(row.what).unwrap_or(Shown::Gone),
        along: row.along.iter().filter_map(along).collect(),
        to: row.to.and_then(|to| people.get(&to).cloned()),
        why: row.why,
        answer: row.answer,
    };
    Ok(rows.iter().map(line).collect())
}

/// The actions among some things, and those that go along with their deals.
async fn action_cards(workspace: &mut Workspace<'_>, rows: &[Row]) -> Result<HashMap<ItemId, ItemCard>, Failure> {
    let alone = rows.iter().filter_map(|row| action_of(row.what));
    let ids: Vec<ItemId> = alone.chain(rows.iter().flat_map(|row| row.along.iter().copied())).collect();
    let items = workspace.find_items_by_id(&ids).await?;
    Ok(item::cards(workspace, items).await?.into_iter().map(|card| (card.item.id, card)).collect())
}

fn deal_of(what: What) -> Option<DealNumber> {
    match what {
        What::Deal(deal) | What::Backup(deal) => Some(deal),
        What::Number | What::Manager(_) | What::Cover(_) | What::Action(_) => None,
    }
}

fn action_of(what: What) -> Option<ItemId> {
    if let What::Action(item) = what { Some(item) } else { None }
}

/// The number of the running quarter.
pub(super) async fn owned_number(workspace: &mut Workspace<'_>, now: Instant) -> Result<Owned, Failure> {
    let settings = workspace.get_settings().await?;
    let period = Period::of(settings.day(now), settings.fiscal_month);
    let facts = number::facts(workspace, &settings, &period, Share::Whole, now).await?;
    let won = booked(facts.entries(), &period).sourced.total();
    Ok(Owned { period, target: facts.target, won })
}

/// Whether somebody who leaves owns an open deal or the number, manages a partner, or has an action to do.
pub(super) async fn leaves_any(workspace: &mut Workspace<'_>, member: MemberId) -> Result<bool, Failure> {
    let owns_number = workspace.get_settings().await?.number_owner() == Some(member);
    let manages = workspace.find_partners().await?.iter().any(|partner| partner.is_managed_by(member));
    let acts = !workspace.find_open_actions_of(member).await?.is_empty();
    Ok(owns_number || manages || acts || !workspace.find_open_deals_of_owner(member).await?.is_empty())
}

/// What nobody answers for since somebody has left.
pub(super) async fn ownerless(
    workspace: &mut Workspace<'_>,
    owner: &Member,
    now: Instant,
) -> Result<Ownerless, Failure> {
    let deals = workspace.find_open_deals_of_owner(owner.id).await?;
    let owns_number = workspace.get_settings().await?.number_owner() == Some(owner.id);
    let partners = workspace.find_partners().await?.into_iter().filter(|partner| partner.is_managed_by(owner.id));
    Ok(Ownerless {
        owner: owner.into(),
        partners: partners.map(|partner| partner.name).collect(),
        actions: workspace.find_open_actions_of(owner.id).await?.len(),
        number: if owns_number { Some(owned_number(workspace, now).await?) } else { None },
        deals: read::cards(workspace, deals, now).await?,
    })
}

/// Some members by their ids.
pub(super) async fn named(
    workspace: &mut Workspace<'_>,
    ids: &[MemberId],
) -> Result<HashMap<MemberId, Named>, Failure> {
    let members = workspace.find_members(ids).await?;
    Ok(members.iter().map(|member| (member.id, Named::from(member))).collect())
}

/// A member as people read them, though nothing is known of them.
pub(super) fn person(people: &HashMap<MemberId, Named>, member: MemberId) -> Named {
    let unknown = || Named { member, user: UserId(0), name: former_name(member), gone: true };
    people.get(&member).cloned().unwrap_or_else(unknown)
}

/// A handover that was started, as it stands, with some of its items.
pub async fn status(
    workspace: &mut Workspace<'_>,
    handover: Handover,
    shown: Vec<Item>,
    now: Instant,
) -> Result<StatusCard, Failure> {
    let calendar = Calendar::of(&workspace.get_settings().await?);
    let rows: Vec<Row> = shown.iter().map(row).collect();
    let lines = lines(workspace, &rows, now).await?;
    let lead = handover.lead.unwrap_or(MemberId::BOT);
    let people = named(workspace, &[handover.leaver, lead]).await?;
    Ok(StatusCard {
        leaver: person(&people, handover.leaver),
        lead: person(&people, lead),
        due: handover.answers_due(&calendar, None),
        total: handover.items.len(),
        handover,
        lines,
    })
}

/// What a recipient reads of some things before they say yes or no.
pub async fn briefs(workspace: &mut Workspace<'_>, lines: Vec<Line>, now: Instant) -> Result<Vec<Brief>, Failure> {
    let partners = workspace.find_partners().await?;
    let mut briefs = Vec::new();
    for line in lines {
        let (mut events, mut deals) = (Vec::new(), Vec::new());
        if let Shown::Deal(card) = &line.shown {
            events = workspace.find_events(Subject { kind: Deal::KIND, id: card.deal.number.0 }).await?;
            deals.push(card.deal.clone());
        }
        let names = read::reading(workspace, &deals, &events, now).await?.names;
        let partner = match (&line.shown, line.what) {
            (Shown::Deal(card), _) => Some(card.deal.partner),
            (_, What::Manager(partner)) => Some(partner),
            _ => None,
        };
        let contacts = partners.iter().find(|p| Some(p.id) == partner).map(|p| p.contacts.clone()).unwrap_or_default();
        briefs.push(Brief { line, contacts, events, names });
    }
    Ok(briefs)
}

/// The handovers that need their lead, by the lead who is told: answers are overdue, or nobody was found yet for what was
/// declined.
pub(super) async fn overdue(
    workspace: &mut Workspace<'_>,
    calendar: &Calendar,
    today: NaiveDate,
) -> Result<Vec<(MemberId, Overdue)>, Failure> {
    let mut found = Vec::new();
    for handover in workspace.find_waiting_handovers().await? {
        let handover = as_it_stands(workspace, handover).await?;
        let (waiting, declined) = (handover.overdue(calendar, today).len(), handover.declined().len());
        if let Some(lead) = handover.lead.filter(|_| waiting + declined > 0) {
            let people = named(workspace, &[handover.leaver]).await?;
            let leaver = person(&people, handover.leaver);
            found.push((lead, Overdue { handover: handover.id, leaver, waiting, declined }));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
