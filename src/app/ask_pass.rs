//! Asks a lead to pass what is unmet on a deal's way to a stage, or takes the question back. It stands on the deal, and
//! so on every agenda, until the deal moves or all is met.

use super::UseCase;
use super::change::Change;
use super::on_deal::Changed;
use crate::domain::deal::criteria::PassAsked;
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// Asks, in the place of an older question.
#[derive(Debug, Clone)]
pub struct AskPass {
    /// Which deal.
    pub deal: DealNumber,
    /// On the way to which stage; [`Stage::Launched`] for a win.
    pub to: Stage,
}

/// Takes the question back.
#[derive(Debug, Clone)]
pub struct WithdrawPass {
    /// Which deal.
    pub deal: DealNumber,
}

impl UseCase for AskPass {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = change.find_own_open_deal(&Ok(self.deal)).await??;
        let is_asked = deal.pass_asked.as_ref().is_some_and(|asked| asked.to == self.to);
        if is_asked || deal.unmet(change.settings.motions.of(&deal), self.to).is_empty() {
            return Err(Problem::Stale.into());
        }
        let asked = PassAsked { to: self.to, by: change.actor.id, at: change.now };
        change.edit(&mut deal, EventKind::PassAsked, None, |d| d.pass_asked = Some(asked))?;
        Ok(change.changed(deal))
    }
}

impl UseCase for WithdrawPass {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = change.find_own_open_deal(&Ok(self.deal)).await??;
        deal.pass_asked.as_ref().ok_or(Problem::Stale)?;
        change.edit(&mut deal, EventKind::PassAsked, None, |d| d.pass_asked = None)?;
        Ok(change.changed(deal))
    }
}
