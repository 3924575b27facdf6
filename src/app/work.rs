//! One's own work, read for one person: what they answer for today, the most urgent first.

use std::collections::{BTreeMap, HashMap};

use super::check_stalls::policy;
use super::look::Look;
use crate::domain::access::Needed;
use crate::domain::attribution::class_gap;
use crate::domain::calendar::Calendar;
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::ladder::Level;
use crate::domain::member::{Member, Presence};
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
            let gap = class_gap(&task.task.deal, &calendar, today).is_some();
            (task.mine && (stalled || gap)) || (stalled && level >= Some(Level::Second))
        };
        Ok(tasks.into_iter().filter(reminded).map(|task| task.task.deal).collect())
    }

    /// The open deals that the asker owns, backs up or covers, in order.
    async fn tasks(&mut self) -> Result<Vec<Mine>, Failure> {
        self.allow(Needed::Any)?;
        let Some(asker) = self.asker.as_ref().map(|member| member.id) else { return Ok(Vec::new()) };
        let calendar = Calendar::of(&self.settings);
        let today = calendar.day(self.now);
        let members: HashMap<MemberId, Member> =
            self.workspace.find_all_members().await?.into_iter().map(|member| (member.id, member)).collect();
        let deals = self.deals_around(asker, members.values().filter(|m| m.cover_on(today) == Some(asker))).await?;
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
        let presence = |member| members.get(&member).map_or(Presence::Gone, |m: &Member| m.presence_on(today));
        let mine = |task: Task| Mine { mine: answers_for(asker, &task.deal, presence), task };
        Ok(tasks.into_iter().map(mine).collect())
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

/// A task, and whether the asker answers for it today.
struct Mine {
    task: Task,
    mine: bool,
}
