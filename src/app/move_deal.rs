//! Moves a deal to another open stage: `/deal stage`.

use super::UseCase;
use super::change::Change;
use super::on_deal::Changed;
use super::reading::given;
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
    pub deal: DealNumber,
    /// Where to.
    pub stage: Stage,
    /// Why, in the mover's words.
    pub reason: Option<String>,
    /// The amount, as typed, when it is missing.
    pub amount: Option<String>,
    /// The expected close, as typed, when it is missing.
    pub close: Option<String>,
}

impl UseCase for MoveDeal {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = change.get_own_open_deal(self.deal).await?;
        let mut problems = Problems::default();
        if !self.stage.is_open() {
            problems.add(Problem::EndsOtherwise { deal: deal.number, stage: self.stage });
        }
        if self.stage == deal.stage {
            problems.add(Problem::NothingToDo);
        }
        let reason = problems.take(change.read_text("reason", self.reason.as_deref(), WHY)).flatten();
        let amount = given(&self.amount).and_then(|typed| problems.take(change.read_money("amount", typed)));
        let close = given(&self.close).and_then(|typed| problems.take(change.read_coming_day("close", typed)));
        if self.stage != Stage::Prospect {
            missing(&deal, &self, &mut problems);
        }
        problems.finish()?;
        if let Some(amount) = amount {
            change.edit(&mut deal, EventKind::AmountChanged, None, |d| d.amount = Some(amount))?;
        }
        if let Some(close) = close {
            change.edit(&mut deal, EventKind::CloseChanged, None, |d| d.put_close(Some(close)))?;
        }
        let now = change.now;
        change.edit(&mut deal, EventKind::StageMoved, reason, |d| d.move_to(self.stage, now))?;
        Ok(change.changed(deal))
    }
}

/// Amount and close are needed to leave Prospect.
fn missing(deal: &Deal, given_now: &MoveDeal, problems: &mut Problems) {
    let why = Why::ToLeaveProspect;
    if deal.amount.is_none() && given(&given_now.amount).is_none() {
        problems.add(Problem::Missing { option: "amount", why });
    }
    if deal.close.is_none() && given(&given_now.close).is_none() {
        problems.add(Problem::Missing { option: "close", why });
    }
}
