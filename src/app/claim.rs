//! The queue of claims, read for one person: those that wait for them, or all that wait with a partner.

use super::look::Look;
use crate::domain::access::Needed;
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::partner::Partner;
use crate::error::Failure;
use crate::store::claim::{ClaimsOf, Waiting};

/// Claims read at once; the rest follows as these are settled.
const MOST: i64 = 100;

/// Which claims are gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those that wait for the asker: with the partners that they manage, and, for a lead, those that have nobody else.
    Mine,
    /// Those with a partner that the asker may confirm.
    With(PartnerId),
}

impl Look {
    /// The claims of a scope, without the asker's own.
    pub async fn waiting_claims(&mut self, scope: Scope) -> Result<Waiting, Failure> {
        self.allow(Needed::Any)?;
        let asker = self.asker.as_ref().map_or(MemberId::BOT, |member| member.id);
        let partners = self.workspace.find_partners().await?;
        let of = match scope {
            Scope::Mine => self.mine(asker, &partners).await?,
            Scope::With(partner) if self.may_confirm_with(&partners, partner, asker) => {
                vec![ClaimsOf { partner, by: None }]
            }
            Scope::With(_) => Vec::new(),
        };
        self.workspace.find_waiting_claims(&of, asker, MOST).await
    }

    /// How many claims wait with a partner, whoever may confirm them.
    pub async fn count_claims_with(&mut self, partner: PartnerId) -> Result<usize, Failure> {
        let of = [ClaimsOf { partner, by: None }];
        Ok(self.workspace.find_waiting_claims(&of, MemberId::BOT, 1).await?.total)
    }

    fn may_confirm_with(&self, partners: &[Partner], partner: PartnerId, asker: MemberId) -> bool {
        let manages = |p: &Partner| p.id == partner && p.manager == Some(asker);
        self.access.lead || partners.iter().any(manages)
    }

    /// A lead also answers for partners whom nobody manages, and for what a manager claimed.
    async fn mine(&mut self, asker: MemberId, partners: &[Partner]) -> Result<Vec<ClaimsOf>, Failure> {
        let managers: Vec<MemberId> = partners.iter().filter_map(|p| p.manager).collect();
        let members = self.workspace.find_members(&managers).await?;
        let gone = |manager: MemberId| members.iter().any(|member| member.id == manager && member.gone);
        let lead = self.access.lead;
        let of = partners.iter().filter_map(|p| match p.manager {
            Some(manager) if manager == asker => Some(ClaimsOf { partner: p.id, by: None }),
            Some(manager) if lead && !gone(manager) => Some(ClaimsOf { partner: p.id, by: Some(manager) }),
            _ if lead => Some(ClaimsOf { partner: p.id, by: None }),
            _ => None,
        });
        Ok(of.collect())
    }
}
