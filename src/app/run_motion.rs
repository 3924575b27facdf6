//! Moves a deal to the current version of the motion.

use super::UseCase;
use super::change::Change;
use super::on_deal::Changed;
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// The deal runs the current version from now on. Criteria that are met carry over where it says them in the same words.
#[derive(Debug, Clone)]
pub struct RunMotion {
    /// Which deal.
    pub deal: DealNumber,
    /// The version that was shown as the current one.
    pub version: u32,
}

impl UseCase for RunMotion {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = change.find_own_open_deal(&Ok(self.deal)).await??;
        let newer = change.settings.motions.newer_than(&deal).filter(|motion| motion.version == self.version);
        let newer = newer.ok_or(Problem::Stale)?.clone();
        change.edit(&mut deal, EventKind::MotionChanged, None, |d| d.run_on(&newer))?;
        Ok(change.changed(deal))
    }
}
