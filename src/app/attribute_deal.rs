//! Claims a partner's role on a deal: `/deal attribute`.

use chrono::NaiveDate;

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, Meant};
use super::reading::{all_read, given};
use crate::domain::claim::NewClaim;
use crate::domain::deal::limit::EVIDENCE;
use crate::domain::deal::{Deal, Place, Role, Signature};
use crate::domain::event::EventKind;
use crate::domain::id::{DealNumber, PartnerId};
use crate::domain::refusal::{Problem, Problems, Thing, Why};
use crate::error::Failure;

/// A claim as typed. It waits for the partner's manager or a lead, whatever stood there before.
#[derive(Debug, Clone)]
pub struct AttributeDeal {
    /// Which deal.
    pub deal: Meant,
    /// Whose role it is, or why that can't be told.
    pub partner: Result<PartnerId, Problem>,
    /// The role; sourced or influenced.
    pub role: Role,
    /// What shows it.
    pub evidence: Option<String>,
    /// The day of the evidence or event as typed; today when not given.
    pub on: Option<String>,
    /// Whether the role is to be the deal's class; as it is when not given.
    pub place: Option<Place>,
}

impl UseCase for AttributeDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(self.deal(change).await?);
        let partner = problems.take(self.partner(change, deal.as_ref()).await?);
        let evidence = problems.take(change.read_text("evidence", self.evidence.as_deref(), EVIDENCE)).flatten();
        if given(&self.evidence).is_none() {
            problems.add(Problem::Missing { option: "evidence", why: Why::Evidence });
        }
        let on = problems.take(self.on(change, deal.as_ref()));
        let on_deal = deal.zip(partner);
        let place = on_deal.as_ref().and_then(|(deal, partner)| problems.take(self.place(deal, *partner)));
        let ((mut deal, partner), place) = all_read(problems, on_deal.zip(place))?;
        let claimed = Signature { by: change.actor.id, at: change.now };
        let claim = NewClaim { partner, role: self.role, evidence, on, claimed, place };
        record(change, &mut deal, claim).await?;
        Ok(change.changed(deal))
    }
}

/// Records a claim, unless it says what stands there already or is a lead's to make.
async fn record(change: &mut Change<'_>, deal: &mut Deal, claim: NewClaim) -> Result<(), Failure> {
    if deal.moves_closed_credit(&claim) && !change.access.lead {
        return Err(Problem::Locked { deal: deal.number, stage: deal.stage }.into());
    }
    let before = deal.credit(claim.partner);
    let repeats = before.is_some_and(|old| {
        let same = (old.role, old.place, old.evidence, old.claim.on);
        same == (claim.role, claim.place, claim.evidence.as_deref(), claim.on) && old.claim.question.is_none()
    });
    if repeats {
        return Err(Problem::NothingToDo.into());
    }
    let joins = before.is_none();
    let kind = match claim.place {
        Place::Participant if joins => EventKind::PartnerJoined,
        _ => EventKind::Attributed,
    };
    let (primary, calendar) = (deal.partner, change.calendar());
    change.edit(deal, kind, None, |d| d.put_claim(claim, &calendar))?;
    if joins || primary != deal.partner {
        change.index(deal).await?;
    }
    Ok(())
}

impl AttributeDeal {
    /// The deal, for its owner, backup or cover, or a lead, whether it runs or not.
    async fn deal(&self, change: &mut Change<'_>) -> Result<Result<Deal, Problem>, Failure> {
        let (deal, owner) = match change.find_meant(&self.deal).await? {
            Ok(found) => found,
            Err(problem) => return Ok(Err(problem)),
        };
        change.allow_with_owner(&deal, owner.as_ref())?;
        Ok(Ok(deal))
    }

    /// The partner that was named: one in use, or one that is on the deal already.
    async fn partner(
        &self,
        change: &mut Change<'_>,
        deal: Option<&Deal>,
    ) -> Result<Result<PartnerId, Problem>, Failure> {
        let id = match &self.partner {
            Ok(id) => *id,
            Err(problem) => return Ok(Err(problem.clone())),
        };
        if deal.is_some_and(|deal| deal.credit(id).is_some()) {
            return Ok(Ok(id));
        }
        Ok(match change.workspace.find_partner(id).await? {
            Some(partner) if partner.archived => Err(Problem::TakesNoDeals { partner: partner.name }),
            Some(partner) => Ok(partner.id),
            None => Err(Problem::NotFound { what: Thing::Partner, typed: String::new(), close: Vec::new() }),
        })
    }

    /// The day of the evidence.
    fn on(&self, change: &Change<'_>, deal: Option<&Deal>) -> Result<NaiveDate, Problem> {
        let recorded = deal.map_or(change.today(), |deal| change.settings.day(deal.created_at));
        change.read_evidence_day(given(&self.on), self.role, recorded)
    }

    fn place(&self, deal: &Deal, partner: PartnerId) -> Result<Place, Problem> {
        match self.place {
            Some(Place::Participant) if partner == deal.partner => Err(Problem::StaysPrimary { deal: deal.number }),
            Some(place) => Ok(place),
            None if partner == deal.partner => Ok(Place::Primary),
            None => Ok(Place::Participant),
        }
    }
}

#[cfg(test)]
mod tests;
