//! Finds somebody else for what waits for an answer, or was declined: a lead's choice while a handover runs.

use super::answer_handover::{Answered, put, running, settle};
use super::change::Change;
use super::handover::as_it_stands;
use super::start_handover::tell;
use super::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::handover::{Answer, Item, Obstacle, What, Why};
use crate::domain::id::{HandoverId, MemberId};
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// Another recipient for one thing that is on its way.
#[derive(Debug, Clone)]
pub struct OfferHandover {
    /// Of which handover.
    pub handover: HandoverId,
    /// What.
    pub what: What,
    /// To whom.
    pub to: Person,
}

impl UseCase for OfferHandover {
    type Outcome = Answered;

    async fn run(self, change: &mut Change<'_>) -> Result<Answered, Failure> {
        change.allow(Needed::Lead)?;
        let running = running(change, self.handover).await?;
        let handover = as_it_stands(&mut change.workspace, running).await?;
        let item = handover.item(self.what).filter(|item| item.is_unsettled());
        let item = item.cloned().ok_or(Problem::Handover(Obstacle::Answered))?;
        let to = change.admit_holder("to", &self.to).await??.id;
        if to == handover.leaver || Some(to) == except(change, self.what).await? {
            return Err(Problem::StandsInForSelf { option: "to" }.into());
        }
        if to == item.to && item.answer == Answer::Asked {
            return Err(Problem::NothingToDo.into());
        }
        let asked_at = Some(change.now);
        let item = Item { to, why: Why::Chosen, answer: Answer::Asked, asked_at, declined_at: None, ..item };
        if to == change.actor.id {
            return settle(change, handover, vec![item], Answer::Accepted).await;
        }
        tell(change, handover.id, to).await?;
        put(change, handover, vec![item])
    }
}

/// Who can't get a role: a deal's owner is not their own backup, and nobody covers for themselves.
async fn except(change: &mut Change<'_>, what: What) -> Result<Option<MemberId>, Failure> {
    Ok(match what {
        What::Backup(number) => change.workspace.find_deal(number).await?.map(|deal| deal.owner),
        What::Cover(member) => Some(member),
        What::Number | What::Deal(_) | What::Manager(_) | What::Action(_) => None,
    })
}
