//! Says what happens next on a deal: "Next step" and "Done → next step".

use super::UseCase;
use super::change::Change;
use super::on_deal::Changed;
use super::reading::{all_read, given};
use crate::domain::deal::limit::NEXT_STEP;
use crate::domain::deal::{Deal, NextStep};
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// The next step of a deal, in the place of the one that stands.
#[derive(Debug, Clone)]
pub struct SetStep {
    /// Which deal.
    pub deal: DealNumber,
    /// What became of the one that stands.
    pub last: Last,
    /// What happens next. Not needed once the last one is done.
    pub next_step: Option<String>,
    /// By when.
    pub due: Option<String>,
}

/// What became of the next step that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// It was done.
    Done,
    /// It is replaced.
    Replaced,
}

impl UseCase for SetStep {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&Ok(self.deal)).await?);
        let text = problems.take(change.read_text("next_step", self.next_step.as_deref(), NEXT_STEP)).flatten();
        let due = given(&self.due).and_then(|typed| problems.take(change.read_coming_day("due", typed)));
        if given(&self.next_step).is_none() && (self.last == Last::Replaced || given(&self.due).is_some()) {
            problems.add(Problem::Missing { option: "next_step", why: Why::DueNeedsStep });
        }
        let mut deal = all_read(problems, deal)?;
        let today = change.today();
        if self.last == Last::Done && deal.next_step.is_some() {
            change.edit(&mut deal, EventKind::NextStepDone, None, Deal::finish_step)?;
        }
        if let Some(text) = text {
            let step = Some(NextStep { text, due });
            change.edit(&mut deal, EventKind::NextStepSet, None, |d| d.put_next_step(step, today))?;
        }
        if change.events().is_empty() {
            return Err(Problem::NothingToDo.into());
        }
        Ok(change.changed(deal))
    }
}
