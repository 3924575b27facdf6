//! The words of a digest: what its row carries, without what is settled since.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::super::App;
use super::super::handover::overdue;
use super::super::item;
use super::super::read;
use super::Saying;
use crate::domain::action;
use crate::domain::attribution::settle_by;
use crate::domain::calendar::Calendar;
use crate::domain::card::{DealCard, Named};
use crate::domain::deal::Deal;
use crate::domain::handover::view::Overdue;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::incentive::parity;
use crate::domain::item::Item;
use crate::domain::ladder::Level;
use crate::domain::notice::{Notice, Noticed};
use crate::domain::outgoing::Destination;
use crate::domain::reminder::{ActionTold, GapTold, LeadReminder, LeadRole, Part, PayTold, Reminder, Told};
use crate::domain::work::{Task, order};
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::digest;
use crate::render::message::Message;
use crate::render::press;
use crate::store::stall::{Nudge, Slot};

impl Saying<'_> {
    /// A line for each of the people, and one for the leads; `None` when there is nothing to tell any more.
    pub(super) async fn digest(mut self, app: &App, people: &[MemberId]) -> Result<Option<Message>, Failure> {
        let mut told = self.told().await?;
        let noticed = self.workspace.find_notices_in(self.row.id).await?;
        let calendar = Calendar::of(self.settings);
        let mut gaps = self.on_deals(&noticed, |notice| matches!(notice, Notice::ClassGap { .. })).await?;
        soonest_first(&mut gaps, |deal| Some(settle_by(deal, &calendar)));
        let mut ending = self.on_deals(&noticed, |notice| matches!(notice, Notice::Registration { .. })).await?;
        soonest_first(&mut ending, |deal| deal.registration.as_ref().map(|registration| registration.until));
        let mut questions = self.questions(&noticed).await?;
        let mut actions = self.actions(&noticed).await?;
        let mut claims = self.claims(&noticed).await?;
        let asked = self.collections(&noticed).await?;
        let handovers = self.handovers(&noticed).await?;
        let mut pay = self.pay(&noticed).await?;
        let leads = told.remove(&MemberId::BOT);
        let leads = match leads {
            Some(told) => Some(self.leads(app, told).await?),
            None => None,
        };
        let members = self.workspace.find_members(people).await?;
        let reminders: Vec<Reminder> = members
            .iter()
            .filter_map(|member| {
                let mut told = told.remove(&member.id).unwrap_or_default();
                let gaps = gaps.remove(&member.id).unwrap_or_default();
                let pay = pay.remove(&member.id).unwrap_or_default();
                let mut collections = Vec::new();
                for asked in asked.iter().filter(|asked| asked.member == member.id) {
                    collections.push(asked.collection.clone());
                    let known: Vec<DealNumber> = told.iter().map(|told| told.card.deal.number).collect();
                    told.extend(asked.told.iter().filter(|new| !known.contains(&new.card.deal.number)).cloned());
                }
                let own = handovers.iter().filter(|(lead, _)| *lead == member.id);
                let handovers: Vec<Overdue> = own.map(|(_, overdue)| overdue.clone()).collect();
                // Whoever is asked before a review has a stalled deal of it.
                let reminder = Reminder {
                    person: member.into(),
                    told,
                    actions: actions.remove(&member.id).unwrap_or_default(),
                    gaps,
                    registrations: ending.remove(&member.id).unwrap_or_default(),
                    questions: questions.remove(&member.id).unwrap_or_default(),
                    claims: claims.remove(&member.id).unwrap_or_default(),
                    collections,
                    handovers,
                    pay,
                };
                (!reminder.is_empty()).then_some(reminder)
            })
            .collect();
        let mine = CustomId::new(press::MINE, self.row.guild);
        let mine = if leads.is_some() { mine.with(press::LEADS) } else { mine }.to_control();
        Ok(match (self.row.to, reminders.first()) {
            (_, None) if leads.is_none() => None,
            (Destination::Direct(_), Some(reminder)) => {
                Some(digest::direct(&self.voice, reminder, &self.reference, mine))
            }
            _ => Some(digest::reminders(&self.voice, &reminders, leads.as_ref(), &self.reference, mine)),
        })
    }

    /// What each person is told of: the highest level first, then as in their own work.
    async fn told(&mut self) -> Result<BTreeMap<MemberId, Vec<Told>>, Failure> {
        let nudges = self.workspace.find_nudges_in(self.row.id).await?;
        let numbers: Vec<_> = nudges.iter().map(|nudge| nudge.deal).collect();
        let episodes = self.workspace.find_latest_episodes(&numbers).await?;
        let deals = self.workspace.find_deals(&numbers).await?;
        let cards = read::cards(&mut self.workspace, deals, self.now).await?;
        let task = |card: &DealCard| Task {
            deal: card.deal.clone(),
            reasons: card.reasons.clone(),
            episode: episodes.get(&card.deal.number).cloned(),
        };
        let mut tasks: Vec<Task> = cards.iter().map(task).collect();
        order(&mut tasks, &Calendar::of(self.settings), self.now);
        let place = |deal: DealNumber| tasks.iter().position(|task| task.deal.number == deal);
        let mut told: BTreeMap<MemberId, Vec<Told>> = BTreeMap::new();
        for nudge in &nudges {
            let running = episodes.get(&nudge.deal).filter(|e| e.is_open() && i64::from(e.number) == nudge.episode);
            let card = cards.iter().find(|card| card.deal.number == nudge.deal && !card.reasons.is_empty());
            let (Some(_), Some(card), Some(member)) = (running, card, nudge.member) else { continue };
            let theirs = told.entry(member).or_default();
            if theirs.iter().all(|known| known.card.deal.number != nudge.deal) {
                theirs.push(Told {
                    card: card.clone(),
                    level: Some(level(nudge)),
                    part: part(nudge, card.deal.owner, member),
                });
            }
        }
        for theirs in told.values_mut() {
            theirs.sort_by_cached_key(|told| (Reverse(told.level), place(told.card.deal.number)));
        }
        Ok(told)
    }

    /// The deals that each person is told of by notices of a kind, as far as these still hold.
    async fn on_deals(
        &mut self,
        noticed: &[Noticed],
        kind: fn(&Notice) -> bool,
    ) -> Result<BTreeMap<MemberId, Vec<GapTold>>, Failure> {
        let owed: Vec<&Noticed> = noticed.iter().filter(|noticed| kind(&noticed.notice)).collect();
        let numbers: Vec<DealNumber> = owed.iter().filter_map(|noticed| noticed.notice.deal()).collect();
        let deals = self.workspace.find_deals(&numbers).await?;
        let calendar = Calendar::of(self.settings);
        let cards = read::cards(&mut self.workspace, deals, self.now).await?;
        let mut gaps: BTreeMap<MemberId, Vec<GapTold>> = BTreeMap::new();
        for Noticed { notice, member } in owed {
            let card = cards.iter().find(|card| Some(card.deal.number) == notice.deal());
            let holds = |card: &&DealCard| notice.holds(&card.deal, &calendar, calendar.day(self.now));
            if let Some(card) = card.filter(holds) {
                let part = Part::of(*member, &card.deal);
                gaps.entry(*member).or_default().push(GapTold { card: card.clone(), part });
            }
        }
        Ok(gaps)
    }

    /// The actions that each person is told of, as far as these are still open and theirs, the first to be done first.
    async fn actions(&mut self, noticed: &[Noticed]) -> Result<BTreeMap<MemberId, Vec<ActionTold>>, Failure> {
        let open = self.workspace.find_open_items().await?;
        let told = |item: &Item| {
            let of = noticed.iter().find(|noticed| action::holds(&noticed.notice, item))?;
            Some((of.member, item.clone()))
        };
        let (people, items): (Vec<MemberId>, Vec<Item>) = open.iter().filter_map(told).unzip();
        let cards = item::cards(&mut self.workspace, items).await?;
        let mut actions: BTreeMap<MemberId, Vec<ActionTold>> = BTreeMap::new();
        for (member, card) in people.into_iter().zip(cards) {
            let part = if card.item.assignee() == Some(member) { Part::Owner } else { Part::StandIn };
            actions.entry(member).or_default().push(ActionTold { card, part });
        }
        Ok(actions)
    }

    /// The handovers whose answers are overdue still, by the lead who is told.
    async fn handovers(&mut self, noticed: &[Noticed]) -> Result<Vec<(MemberId, Overdue)>, Failure> {
        let is_told = |overdue: &Overdue| {
            let of = |noticed: &Noticed| matches!(noticed.notice, Notice::Handover { handover, .. } if handover == overdue.handover);
            noticed.iter().any(of)
        };
        let calendar = Calendar::of(self.settings);
        let mut found = overdue(&mut self.workspace, &calendar, calendar.day(self.now)).await?;
        found.retain(|(_, overdue)| is_told(overdue));
        Ok(found)
    }

    /// The deals of which each person is told that they pay another sum now; what was shown to them since is left out.
    async fn pay(&mut self, noticed: &[Noticed]) -> Result<BTreeMap<MemberId, Vec<PayTold>>, Failure> {
        let owed = noticed.iter().filter_map(|noticed| match noticed.notice {
            Notice::Pay { deal, .. } => Some((deal, noticed.member)),
            _ => None,
        });
        let owed: Vec<(DealNumber, MemberId)> = owed.collect();
        let deals = self.workspace.find_deals(&owed.iter().map(|(deal, _)| *deal).collect::<Vec<_>>()).await?;
        let cards = read::cards(&mut self.workspace, deals, self.now).await?;
        let today = self.settings.day(self.now);
        let mut told: BTreeMap<MemberId, Vec<PayTold>> = BTreeMap::new();
        for (deal, member) in owed {
            let card = cards.iter().find(|card| card.deal.number == deal && card.deal.owner == member);
            let told_of = |card: &DealCard| {
                Some(PayTold { parity: parity(&card.deal, &self.settings.comp, today)?, card: card.clone() })
            };
            told.entry(member).or_default().extend(card.and_then(told_of));
        }
        Ok(told)
    }

    /// The lead role is pinged only where it can be, which doctor tells where it can't, and where this row has its ping.
    async fn leads(&mut self, app: &App, told: Vec<Told>) -> Result<LeadReminder, Failure> {
        let role = app.mentionable_lead(self.row.guild, self.settings).await;
        let given = self.workspace.find_pings_since(self.settings.day(self.row.created_at) - Days::new(1)).await?;
        let pinged = given.iter().any(|ping| ping.outbox == self.row.id && ping.member == MemberId::BOT);
        let role = role.map(|role| if pinged { LeadRole::Pinged(role) } else { LeadRole::Named(role) });
        let owner = match self.settings.number_owner() {
            Some(owner) => self.workspace.find_members(&[owner]).await?.into_iter().find(|owner| !owner.gone),
            None => None,
        };
        let told = told.into_iter().map(|told| told.card).collect();
        Ok(LeadReminder { role, number_owner: owner.as_ref().map(Named::from), told })
    }
}

/// Deals with the soonest day first, then the largest.
fn soonest_first(gaps: &mut BTreeMap<MemberId, Vec<GapTold>>, day: impl Fn(&Deal) -> Option<NaiveDate>) {
    for theirs in gaps.values_mut() {
        theirs.sort_by_cached_key(|gap| (day(&gap.card.deal), Reverse(gap.card.deal.amount), gap.card.deal.number));
    }
}

fn level(nudge: &Nudge) -> Level {
    match nudge.level {
        1 => Level::First,
        2 => Level::Second,
        _ => Level::Third,
    }
}

fn part(nudge: &Nudge, owner: MemberId, member: MemberId) -> Part {
    match nudge.slot {
        _ if member == owner => Part::Owner,
        Slot::Backup => Part::Backup,
        Slot::Owner | Slot::Lead => Part::StandIn,
    }
}
