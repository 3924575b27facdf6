//! Notes what the program costs in a quarter: `/program cost`.

use super::UseCase;
use super::change::Change;
use super::reading::read_period;
use crate::domain::access::Needed;
use crate::domain::deal::limit::NOTE;
use crate::domain::number::{Cost, CostSet, OfPeriod, cost, put};
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// A cost of the program. Costs of one quarter add up, each with its note; the same note again replaces it, and an amount
/// of 0 takes it out. Those of a quarter that is over can be noted as long as none was: its ROI reprints the same from
/// then on (rule 8).
#[derive(Debug, Clone)]
pub struct SetCost {
    /// Which quarter, as typed.
    pub period: String,
    /// How much, as typed.
    pub amount: String,
    /// What for.
    pub note: Option<String>,
}

impl UseCase for SetCost {
    type Outcome = CostSet;

    async fn run(self, change: &mut Change<'_>) -> Result<CostSet, Failure> {
        change.allow(Needed::Lead)?;
        let mut problems = Problems::default();
        let period = problems.take(read_period(&change.settings, change.today(), &self.period));
        let amount = problems.take(change.read_money("amount", &self.amount));
        let note = problems.take(change.read_text("note", self.note.as_deref(), NOTE)).flatten();
        problems.finish()?;
        let (Some(period), Some(amount)) = (period, amount) else { return Err(Problem::NothingToDo.into()) };
        let new = Cost { start: period.start, amount, note: note.clone() };
        let before = change.settings.costs.iter().find(|old| old.is_same(&new)).map(|old| old.amount);
        if before.unwrap_or(0) == amount {
            return Err(Problem::NothingToDo.into());
        }
        let stands = cost(&change.settings.costs, &period).is_some();
        if stands && period.end < change.today() {
            return Err(Problem::CostFixed { period }.into());
        }
        change.edit_settings(|settings| _ = put(&mut settings.costs, new))?;
        let total = cost(&change.settings.costs, &period);
        Ok(CostSet { period, note, before, after: amount, total })
    }
}
