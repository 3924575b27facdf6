//! Moves a deal to another open stage: `/deal stage`.

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, Meant};
use super::pass_criteria::passed;
use super::reading::{all_read, given};
use crate::domain::deal::Deal;
use crate::domain::deal::limit::WHY;
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// A move to a stage, with what may still be missing for it.
#[derive(Debug, Clone)]
pub struct MoveDeal {
    /// Which deal.
    pub deal: Meant,
    /// Where to, or why that can't be told.
    pub stage: Result<Stage, Problem>,
    /// Why, in the mover's words; what a lead passes unmet criteria over with.
    pub reason: Option<String>,
    /// The amount, as typed, when it is missing.
    pub amount: Option<String>,
    /// The expected close, as typed, when it is missing.
    pub close: Option<String>,
}

impl UseCase for MoveDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&self.deal).await?);
        let stage = problems.take(self.stage.clone());
        let reason = problems.take(change.read_text("reason", self.reason.as_deref(), WHY)).flatten();
        let amount = given(&self.amount).and_then(|typed| problems.take(change.read_worth("amount", typed)));
        let close = given(&self.close).and_then(|typed| problems.take(change.read_coming_day("close", typed)));
        if let (Some(deal), Some(stage)) = (&deal, stage) {
            self.fit(deal, stage, &mut problems);
        }
        let passed = deal.as_ref().zip(stage).map(|(deal, stage)| passed(change, deal, stage, reason.as_deref()));
        let waiver = passed.and_then(|passed| problems.take(passed)).flatten();
        let (mut deal, stage) = all_read(problems, deal.zip(stage))?;
        if let Some(amount) = amount {
            change.edit(&mut deal, EventKind::AmountChanged, None, |d| d.amount = Some(amount))?;
        }
        if let Some(close) = close {
            change.edit(&mut deal, EventKind::CloseChanged, None, |d| d.put_close(Some(close)))?;
        }
        let now = change.now;
        change.edit(&mut deal, EventKind::StageMoved, reason, |d| {
            d.move_to(stage, now);
            d.waivers.extend(waiver);
        })?;
        Ok(change.changed(deal))
    }
}

impl MoveDeal {
    /// Finds what of it does not fit the deal. Amount and close are needed to leave Prospect.
    fn fit(&self, deal: &Deal, stage: Stage, problems: &mut Problems) {
        let why = Why::ToLeaveProspect;
        if !stage.is_open() {
            problems.add(Problem::EndsOtherwise { deal: deal.number, stage });
        }
        if stage == deal.stage {
            problems.add(Problem::NothingToDo);
        }
        if stage != Stage::Prospect && deal.amount.is_none() && given(&self.amount).is_none() {
            problems.add(Problem::Missing { option: "amount", why });
        }
        if stage != Stage::Prospect && deal.close.is_none() && given(&self.close).is_none() {
            problems.add(Problem::Missing { option: "close", why });
        }
    }
}
