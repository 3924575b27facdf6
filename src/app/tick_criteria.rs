//! Ticks the exit criteria of a deal's stage.

use super::UseCase;
use super::change::Change;
use super::on_deal::Changed;
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// All criteria of the stage that are true: the others are not.
#[derive(Debug, Clone)]
pub struct TickCriteria {
    /// Which deal.
    pub deal: DealNumber,
    /// Their places among the stage's criteria. They say nothing once stage or motion changed, so it is done on the
    /// version that was shown, which takes nothing back unseen that somebody else ticked.
    pub ticked: Vec<usize>,
}

impl UseCase for TickCriteria {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = change.find_own_open_deal(&Ok(self.deal)).await??;
        let motion = change.settings.motions.of(&deal).clone();
        let of_stage = motion.criteria(deal.stage);
        let ticked: Vec<String> = self.ticked.iter().filter_map(|at| Some(of_stage.get(*at)?.text.clone())).collect();
        let is_new = |text: &String| !deal.met.iter().any(|met| met.stage == deal.stage && met.text == *text);
        let kind = if ticked.iter().any(is_new) { EventKind::CriterionMet } else { EventKind::CriterionUnmet };
        let (by, now) = (change.actor.id, change.now);
        change.edit(&mut deal, kind, None, |d| d.tick(&motion, &ticked, by, now))?;
        if change.events().is_empty() {
            return Err(Problem::NothingToDo.into());
        }
        Ok(change.changed(deal))
    }
}
