//! Settles a claim: the partner's manager or a lead confirms it, or sends it back to its claimer with a question.

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, no_deal};
use super::partner::manager_of;
use crate::domain::access::Needed;
use crate::domain::claim::may_confirm;
use crate::domain::deal::limit::WHY;
use crate::domain::deal::{Deal, Question, Signature};
use crate::domain::event::EventKind;
use crate::domain::id::{DealNumber, PartnerId};
use crate::domain::refusal::{Problem, Why};
use crate::error::Failure;

/// One claim as it was when a button was made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimRef {
    /// On which deal.
    pub deal: DealNumber,
    /// Of which partner's role.
    pub partner: PartnerId,
    /// When it was claimed, in Unix milliseconds: a later claim is another one.
    pub at: i64,
}

/// Confirms a claim.
#[derive(Debug, Clone)]
pub struct ConfirmClaim {
    /// Which.
    pub claim: ClaimRef,
}

/// Sends a claim back to its claimer, who reads the question in their next digest.
#[derive(Debug, Clone)]
pub struct QuestionClaim {
    /// Which.
    pub claim: ClaimRef,
    /// What is asked.
    pub question: String,
}

impl UseCase for ConfirmClaim {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = settled_by_actor(change, self.claim).await?;
        let signature = Signature { by: change.actor.id, at: change.now };
        change.edit(&mut deal, EventKind::ClaimConfirmed, None, |d| d.confirm(self.claim.partner, signature))?;
        Ok(change.changed(deal))
    }
}

impl UseCase for QuestionClaim {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = settled_by_actor(change, self.claim).await?;
        let text = change.read_text("question", Some(&self.question), WHY)?;
        let text = text.ok_or(Problem::Missing { option: "question", why: Why::Always })?;
        let asked = Signature { by: change.actor.id, at: change.now };
        let question = Question { text: text.clone(), asked };
        let partner = self.claim.partner;
        change.edit(&mut deal, EventKind::ClaimQuestioned, Some(text), |d| d.question(partner, question))?;
        Ok(change.changed(deal))
    }
}

/// The deal of a claim that still stands unconfirmed and that the actor may settle.
async fn settled_by_actor(change: &mut Change<'_>, claim: ClaimRef) -> Result<Deal, Failure> {
    change.allow(Needed::Any)?;
    let deal = change.workspace.find_deal(claim.deal).await?.ok_or_else(|| no_deal(claim.deal))?;
    let credit = deal.credit(claim.partner).ok_or(Problem::Stale)?;
    let partner = change.workspace.find_partner(claim.partner).await?.ok_or(Problem::Stale)?;
    let (actor, claimer) = (change.actor.id, credit.claimed.by);
    if !may_confirm(change.access, actor, partner.manager, claimer) {
        let ask = manager_of(&mut change.workspace, &partner).await?;
        let own = actor == claimer && (change.access.lead || partner.manager == Some(actor));
        return Err(match own {
            true => Problem::OwnClaim { ask: ask.filter(|user| *user != change.actor.user) },
            false => Problem::NotAllowed { needed: Needed::ManagerOrLead, ask },
        }
        .into());
    }
    match credit.is_unconfirmed() && credit.claimed.at.timestamp_millis() == claim.at {
        true => Ok(deal),
        false => Err(Problem::Stale.into()),
    }
}
