//! What a digest says of claims: how many wait for a partner's manager, and what claimers are asked.

use std::collections::BTreeMap;

use super::super::read;
use super::Saying;
use crate::domain::calendar::Calendar;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::notice::{Notice, Noticed};
use crate::domain::reminder::QuestionTold;
use crate::error::Failure;
use crate::store::claim::ClaimsOf;

impl Saying<'_> {
    /// How many claims wait for each manager among those who are told of a new one. Somebody who stands in for a manager
    /// is told of that manager's.
    pub(super) async fn claims(&mut self, noticed: &[Noticed]) -> Result<BTreeMap<MemberId, usize>, Failure> {
        let told: Vec<(&Noticed, DealNumber)> = noticed
            .iter()
            .filter_map(|noticed| match noticed.notice {
                Notice::Claim { deal, .. } => Some((noticed, deal)),
                _ => None,
            })
            .collect();
        let mut waiting = BTreeMap::new();
        if told.is_empty() {
            return Ok(waiting);
        }
        let calendar = Calendar::of(self.settings);
        let deals = self.workspace.find_deals(&told.iter().map(|(_, deal)| *deal).collect::<Vec<_>>()).await?;
        let partners = self.workspace.find_partners().await?;
        for (noticed, deal) in told {
            let deal = deals.iter().find(|known| known.number == deal);
            let holds = deal.is_some_and(|deal| noticed.notice.holds(deal, &calendar, calendar.day(self.now)));
            let Notice::Claim { partner, .. } = noticed.notice else { continue };
            let manager = partners.iter().find(|p| p.id == partner).and_then(|p| p.manager);
            let (true, Some(manager)) = (holds && !waiting.contains_key(&noticed.member), manager) else { continue };
            let theirs = partners.iter().filter(|p| p.manager == Some(manager));
            let of: Vec<ClaimsOf> = theirs.map(|p| ClaimsOf { partner: p.id, by: None }).collect();
            let found = self.workspace.find_waiting_claims(&of, manager, 1).await?;
            waiting.insert(noticed.member, found.total);
        }
        Ok(waiting)
    }

    /// What each claimer is asked.
    pub(super) async fn questions(
        &mut self,
        noticed: &[Noticed],
    ) -> Result<BTreeMap<MemberId, Vec<QuestionTold>>, Failure> {
        let asked: Vec<&Noticed> =
            noticed.iter().filter(|noticed| matches!(noticed.notice, Notice::Question { .. })).collect();
        let numbers: Vec<DealNumber> = asked.iter().filter_map(|noticed| noticed.notice.deal()).collect();
        let calendar = Calendar::of(self.settings);
        let deals = self.workspace.find_deals(&numbers).await?;
        let cards = read::cards(&mut self.workspace, deals, self.now).await?;
        let mut questions: BTreeMap<MemberId, Vec<QuestionTold>> = BTreeMap::new();
        for noticed in asked {
            let Notice::Question { deal, partner, .. } = noticed.notice else { continue };
            let card = cards.iter().find(|card| card.deal.number == deal);
            let open = card.filter(|card| noticed.notice.holds(&card.deal, &calendar, calendar.day(self.now)));
            let told = open.map(|card| QuestionTold { card: card.clone(), partner });
            questions.entry(noticed.member).or_default().extend(told);
        }
        Ok(questions)
    }
}
