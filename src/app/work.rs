//! One's own work, read for one person: what they answer for today, the most urgent first.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::check_stalls::policy;
use super::look::Look;
use crate::domain::access::Needed;
use crate::domain::attribution::class_gap;
use crate::domain::calendar::Calendar;
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::ladder::{Level, answering};
use crate::domain::member::{Member, Presence};
use crate::domain::registration::warning;
use crate::domain::stall::stall;
use crate::domain::work::{Task, answers_for, order};
use crate::error::Failure;

impl Look {
    /// The open deals that the asker answers for: their own, and those that they back up or cover while the owner is
    /// not there.
    pub async fn work(&mut self) -> Result<Vec<Deal>, Failure> {
        let tasks = self.tasks().await?;
        Ok(tasks.into_iter().filter(|task| task.mine).map(|task| task.task.deal).collect())
    }

    /// What the asker is reminded of: deals that they answer for and that are stalled or have a class to settle, and
    /// stalled ones that they back up once the owner alone was told for long enough.
    pub async fn stalled_work(&mut self) -> Result<Vec<Deal>, Failure> {
        let tasks = self.tasks().await?;
        let calendar = Calendar::of(&self.settings);
        let today = calendar.day(self.now);
        let reminded = |task: &Mine| {
            let level = task.task.episode.as_ref().filter(|e| e.is_open()).map(|e| e.level);
            let stalled = !task.task.reasons.is_empty();
            let deal = &task.task.deal;
            let gap = class_gap(deal, &calendar, today).is_some() || warning(deal, &calendar, today).is_some();
            (task.mine && (stalled || gap)) || (stalled && level >= Some(Level::Second))
        };
        Ok(tasks.into_iter().filter(reminded).map(|task| task.task.deal).collect())
    }

    /// The same for a lead, with what the leads are told of: deals whose stall has reached the third level, and stalled
    /// ones that nobody is left to answer for. Whoever is no lead gets only their own.
    pub async fn stalled_work_of_lead(&mut self) -> Result<Vec<Deal>, Failure> {
        let own = self.stalled_work().await?;
        if !self.access.lead {
            return Ok(own);
        }
        let members = self.members().await?;
        let today = self.settings.day(self.now);
        let presence = |member| presence(&members, member, today);
        let episodes = self.workspace.find_running_episodes().await?;
        let deals = self.workspace.find_deals(&episodes.keys().copied().collect::<Vec<_>>()).await?;
        let for_leads = deals.into_iter().filter(|deal| {
            let third = episodes.get(&deal.number).is_some_and(|episode| episode.level == Level::Third);
            third || answering(deal.owner, deal.backup, presence).is_none()
        });
        let tasks = self.judged(own.into_iter().chain(for_leads).map(|deal| (deal.number, deal)).collect()).await?;
        Ok(tasks.into_iter().map(|task| task.deal).collect())
    }

    /// The open deals that the asker owns, backs up or covers, in order.
    async fn tasks(&mut self) -> Result<Vec<Mine>, Failure> {
        self.allow(Needed::Any)?;
        let Some(asker) = self.asker.as_ref().map(|member| member.id) else { return Ok(Vec::new()) };
        let today = self.settings.day(self.now);
        let members = self.members().await?;
        let deals = self.deals_around(asker, members.values().filter(|m| m.cover_on(today) == Some(asker))).await?;
        let presence = |member| presence(&members, member, today);
        let mine = |task: Task| Mine { mine: answers_for(asker, &task.deal, presence), task };
        Ok(self.judged(deals).await?.into_iter().map(mine).collect())
    }

    async fn members(&mut self) -> Result<HashMap<MemberId, Member>, Failure> {
        Ok(self.workspace.find_all_members().await?.into_iter().map(|member| (member.id, member)).collect())
    }

    /// Deals with what decides their place, in order.
    async fn judged(&mut self, deals: BTreeMap<DealNumber, Deal>) -> Result<Vec<Task>, Failure> {
        let calendar = Calendar::of(&self.settings);
        let numbers: Vec<DealNumber> = deals.keys().copied().collect();
        let mut episodes = self.workspace.find_latest_episodes(&numbers).await?;
        let policy = policy(&mut self.workspace, &self.settings).await?;
        let mut tasks: Vec<Task> = deals
            .into_values()
            .map(|deal| Task {
                reasons: stall(&deal, &policy, &calendar, self.now).reasons,
                episode: episodes.remove(&deal.number),
                deal,
            })
            .collect();
        order(&mut tasks, &calendar, self.now);
        Ok(tasks)
    }

    async fn deals_around(
        &mut self,
        asker: MemberId,
        covered: impl Iterator<Item = &Member>,
    ) -> Result<BTreeMap<DealNumber, Deal>, Failure> {
        let mut deals = self.workspace.find_open_deals_of_owner(asker).await?;
        deals.extend(self.workspace.find_open_deals_of_backup(asker).await?);
        for owner in covered {
            deals.extend(self.workspace.find_open_deals_of_owner(owner.id).await?);
        }
        Ok(deals.into_iter().map(|deal| (deal.number, deal)).collect())
    }

    /// The open deals that a person owns or backs up, by number; none of somebody who was never seen here.
    pub async fn deals_of(&mut self, user: crate::domain::id::UserId) -> Result<Vec<Deal>, Failure> {
        self.allow(Needed::Any)?;
        let Some(member) = self.workspace.find_member_of_user(user).await? else { return Ok(Vec::new()) };
        let deals = self.deals_around(member.id, std::iter::empty()).await?;
        Ok(deals.into_values().collect())
    }
}

fn presence(members: &HashMap<MemberId, Member>, member: MemberId, today: NaiveDate) -> Presence {
    members.get(&member).map_or(Presence::Gone, |m| m.presence_on(today))
}

/// A task, and whether the asker answers for it today.
struct Mine {
    task: Task,
    mine: bool,
}
