//! Collection before a review: which of their deals each person is asked to bring up to date.

use std::collections::HashMap;

use super::super::read;
use super::Saying;
use crate::domain::cadence::next_after;
use crate::domain::calendar::Calendar;
use crate::domain::deal::Deal;
use crate::domain::id::{MemberId, ReviewId};
use crate::domain::ladder::answering;
use crate::domain::member::{Member, Presence};
use crate::domain::notice::{Notice, Noticed};
use crate::domain::reminder::{Collection, Part, Told};
use crate::error::Failure;

/// A review that somebody is asked about, with their stalled deals of it.
pub(super) struct Asked {
    pub member: MemberId,
    pub collection: Collection,
    pub told: Vec<Told>,
}

impl Saying<'_> {
    /// The collections among some notices, without those for which nothing is stalled any more and those of meetings
    /// that were called off.
    pub(super) async fn collections(&mut self, noticed: &[Noticed]) -> Result<Vec<Asked>, Failure> {
        let wanted: Vec<(ReviewId, i64, MemberId)> = noticed
            .iter()
            .filter_map(|noticed| match noticed.notice {
                Notice::Collection { review, starts_at, member } => Some((review, starts_at, member)),
                _ => None,
            })
            .collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let people: Vec<MemberId> = wanted.iter().map(|(_, _, member)| *member).collect();
        let stalled = self.stalled_of(&people).await?;
        let mut asked = Vec::new();
        for (review, starts_at, member) in wanted {
            let theirs = stalled.iter().filter(|(person, _)| *person == member).map(|(_, told)| told);
            asked.extend(self.collection(review, starts_at, member, theirs).await?);
        }
        Ok(asked)
    }

    async fn collection(
        &mut self,
        review: ReviewId,
        starts_at: i64,
        member: MemberId,
        theirs: impl Iterator<Item = &Told>,
    ) -> Result<Option<Asked>, Failure> {
        let Some(review) = self.workspace.find_review(review).await?.filter(|review| review.collect) else {
            return Ok(None);
        };
        let next = next_after(&review, &Calendar::of(self.settings), self.now).map(|planned| planned.starts_at);
        let told: Vec<Told> = theirs.filter(|told| review.is_about(&told.card.deal)).cloned().collect();
        let Some(starts_at) = next.filter(|at| at.timestamp_millis() == starts_at && !told.is_empty()) else {
            return Ok(None);
        };
        Ok(Some(Asked { member, collection: Collection { review, starts_at, deals: told.len() }, told }))
    }

    /// The stalled deals that some people answer for today.
    async fn stalled_of(&mut self, people: &[MemberId]) -> Result<Vec<(MemberId, Told)>, Failure> {
        let members: HashMap<MemberId, Member> =
            self.workspace.find_all_members().await?.into_iter().map(|member| (member.id, member)).collect();
        let today = self.settings.day(self.now);
        let presence = |member| members.get(&member).map_or(Presence::Gone, |m: &Member| m.presence_on(today));
        let running: Vec<_> = self.workspace.find_running_episodes().await?.into_keys().collect();
        let person = |deal: &Deal| answering(deal.owner, deal.backup, presence).filter(|who| people.contains(who));
        let mut deals = self.workspace.find_deals(&running).await?;
        deals.retain(|deal| deal.is_open() && person(deal).is_some());
        let cards = read::cards(&mut self.workspace, deals, self.now).await?;
        let stalled = cards.into_iter().filter(|card| !card.reasons.is_empty());
        Ok(stalled
            .filter_map(|card| {
                let member = person(&card.deal)?;
                let part = Part::of(member, &card.deal);
                Some((member, Told { card, level: None, part }))
            })
            .collect())
    }
}
