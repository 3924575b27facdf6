//! A partner's plan as people read it: who knows it, its reviews, its open deals.

use std::cmp::Reverse;

use super::look::Look;
use super::{read, review};
use crate::domain::card::Named;
use crate::domain::deal::Deal;
use crate::domain::id::MemberId;
use crate::domain::overview::Tally;
use crate::domain::partner::Partner;
use crate::domain::plan::PartnerPlan;
use crate::error::Failure;

/// Deals that a plan is about at most; the rest is counted.
const DEALS: usize = 50;

impl Look {
    /// The plan of a partner.
    pub async fn partner_plan(&mut self, partner: Partner) -> Result<PartnerPlan, Failure> {
        let mut deals = self.workspace.find_open_deals_of_partner(partner.id).await?;
        let open = Tally { deals: deals.len(), amount: deals.iter().filter_map(|deal| deal.amount).sum() };
        let knows = self.knows(&partner, &deals).await?;
        deals.sort_by_key(|deal| (Reverse(deal.amount), deal.number));
        deals.truncate(DEALS);
        let deals = read::cards(&mut self.workspace, deals, self.now).await?;
        let mut parts = self.workspace.find_open_deals_with_participant(partner.id).await?;
        let all_parts = parts.len();
        parts.truncate(DEALS);
        let parts = read::cards(&mut self.workspace, parts, self.now).await?;
        let mut reviews = review::running(&mut self.workspace, self.now).await?;
        reviews.retain(|card| card.review.partner == Some(partner.id));
        Ok(PartnerPlan { partner, knows, reviews, deals, open, parts, all_parts })
    }

    /// Who on our side knows a partner and is still there.
    async fn knows(&mut self, partner: &Partner, deals: &[Deal]) -> Result<Vec<Named>, Failure> {
        let people = deals.iter().flat_map(|deal| [Some(deal.owner), deal.backup]);
        let mut ids: Vec<MemberId> = std::iter::once(partner.manager).chain(people).flatten().collect();
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(*id));
        let mut members = self.workspace.find_members(&ids).await?;
        members.retain(|member| !member.gone);
        members.sort_by_key(|member| ids.iter().position(|id| *id == member.id));
        Ok(members.iter().map(Named::from).collect())
    }
}
