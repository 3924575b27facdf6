//! Joins a deal: a further partner takes part in one that exists.

use super::UseCase;
use super::change::Change;
use super::on_deal::Changed;
use super::reading::all_read;
use super::record_deal::find_partner;
use crate::domain::access::Needed;
use crate::domain::claim::NewClaim;
use crate::domain::deal::limit::EVIDENCE;
use crate::domain::deal::{Place, Role, Signature};
use crate::domain::event::EventKind;
use crate::domain::id::{DealNumber, InteractionId};
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// A partner's part in a deal. Any rep may say it: it adds evidence, never money.
#[derive(Debug, Clone)]
pub struct JoinDeal {
    /// Which deal.
    pub deal: DealNumber,
    /// The partner's name.
    pub partner: String,
    /// Its part.
    pub role: Role,
    /// What shows it.
    pub evidence: Option<String>,
    /// The draft that it was typed into, if it was.
    pub draft: Option<InteractionId>,
}

impl UseCase for JoinDeal {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        change.allow(Needed::Rep)?;
        change.take_draft(self.draft).await?;
        let mut deal = change.get_deal(self.deal).await?;
        let mut problems = Problems::default();
        let partner = problems.take(find_partner(change, &self.partner).await?);
        let evidence = problems.take(change.read_text("evidence", self.evidence.as_deref(), EVIDENCE)).flatten();
        if self.role != Role::Undecided && evidence.is_none() {
            problems.add(Problem::Missing { option: "evidence", why: Why::Evidence });
        }
        if !deal.is_open() {
            problems.add(Problem::WrongStage { deal: deal.number, stage: deal.stage });
        }
        let partner = all_read(problems, partner)?;
        if deal.partners().any(|known| known == partner.id) {
            return Err(Problem::NothingToDo.into());
        }
        let claimed = Signature { by: change.actor.id, at: change.now };
        let place = Place::Participant;
        let claim = NewClaim { partner: partner.id, role: self.role, evidence, on: None, claimed, place };
        let calendar = change.calendar();
        change.edit(&mut deal, EventKind::PartnerJoined, None, |d| d.put_claim(claim, &calendar))?;
        change.index(&deal).await?;
        Ok(change.changed(deal))
    }
}
