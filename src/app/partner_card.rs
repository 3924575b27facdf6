//! Partners as people read them: with their manager and their figures.

use std::collections::HashMap;

use super::look::Look;
use crate::domain::card::Named;
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::overview::{PartnerCard, Tally};
use crate::domain::partner::Partner;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::tally::{Ended, PartnerTally};

impl Look {
    /// The card of a partner.
    pub async fn partner_card(&mut self, partner: Partner) -> Result<PartnerCard, Failure> {
        Ok(self.partner_cards(vec![partner]).await?.remove(0))
    }

    /// The cards of partners, in their order.
    pub async fn partner_cards(&mut self, partners: Vec<Partner>) -> Result<Vec<PartnerCard>, Failure> {
        let people = managers(&mut self.workspace, &partners).await?;
        let ids: Vec<PartnerId> = partners.iter().map(|partner| partner.id).collect();
        let tallies = self.workspace.find_partner_tallies(&ids).await?;
        let parts = self.workspace.count_open_parts(&ids).await?;
        let card = |partner: Partner| PartnerCard {
            parts: parts.get(&partner.id).copied().unwrap_or(0),
            manager: partner.manager.and_then(|id| people.get(&id).cloned()),
            open: tally(&tallies, partner.id, Ended::No),
            won: tally(&tallies, partner.id, Ended::Won),
            lost: tally(&tallies, partner.id, Ended::Lost),
            partner,
        };
        Ok(partners.into_iter().map(card).collect())
    }
}

async fn managers(workspace: &mut Workspace<'_>, partners: &[Partner]) -> Result<HashMap<MemberId, Named>, Failure> {
    let ids: Vec<MemberId> = partners.iter().filter_map(|partner| partner.manager).collect();
    let people = workspace.find_members(&ids).await?;
    Ok(people.iter().map(|member| (member.id, Named::from(member))).collect())
}

fn tally(tallies: &[PartnerTally], partner: PartnerId, ended: Ended) -> Tally {
    let own = tallies.iter().find(|tally| tally.partner == partner && tally.ended == ended);
    own.map(|tally| tally.tally).unwrap_or_default()
}
