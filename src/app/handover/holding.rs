//! Who has the things of a handover now, whatever the handover did with them.

use std::collections::HashMap;

use super::{action_of, deal_of};
use crate::domain::deal::Deal;
use crate::domain::handover::What;
use crate::domain::id::{DealNumber, ItemId, MemberId, PartnerId};
use crate::error::Failure;
use crate::store::Workspace;

/// Some things, and who has them.
pub struct Holding {
    number: Option<MemberId>,
    deals: HashMap<DealNumber, Deal>,
    managers: HashMap<PartnerId, MemberId>,
    covers: HashMap<MemberId, MemberId>,
    actions: HashMap<ItemId, MemberId>,
}

impl Holding {
    /// Reads who has some things.
    pub async fn load(
        workspace: &mut Workspace<'_>,
        things: impl Iterator<Item = What> + Clone,
    ) -> Result<Holding, Failure> {
        let numbers: Vec<DealNumber> = things.clone().filter_map(deal_of).collect();
        let actions: Vec<ItemId> = things.clone().filter_map(action_of).collect();
        let covered = things.filter_map(|what| if let What::Cover(member) = what { Some(member) } else { None });
        let covered: Vec<MemberId> = covered.collect();
        let deals = workspace.find_deals(&numbers).await?;
        let partners = workspace.find_partners().await?;
        let members = workspace.find_members(&covered).await?;
        let actions = workspace.find_items_by_id(&actions).await?.into_iter().filter(|item| item.open);
        Ok(Holding {
            number: workspace.get_settings().await?.number_owner,
            deals: deals.into_iter().map(|deal| (deal.number, deal)).collect(),
            managers: partners.into_iter().filter_map(|partner| Some((partner.id, partner.manager?))).collect(),
            actions: actions.filter_map(|item| Some((item.id, item.assignee()?))).collect(),
            covers: members.into_iter().filter_map(|member| Some((member.id, member.away?.cover))).collect(),
        })
    }

    /// One of the deals, by what is to be done with it.
    pub fn deal(&self, number: DealNumber) -> Option<&Deal> {
        self.deals.get(&number)
    }

    /// Who has a thing; nobody has a deal, its backup's role or an action any more once it has ended.
    pub fn holder(&self, what: What) -> Option<MemberId> {
        let open = |number| self.deal(number).filter(|deal| deal.is_open());
        match what {
            What::Number => self.number,
            What::Deal(number) => open(number).map(|deal| deal.owner),
            What::Backup(number) => open(number).and_then(|deal| deal.backup),
            What::Manager(partner) => self.managers.get(&partner).copied(),
            What::Cover(member) => self.covers.get(&member).copied(),
            What::Action(item) => self.actions.get(&item).copied(),
        }
    }
}
