//! Notes what the program costs in a quarter: `/program cost`.

use super::change::Change;
use super::reading::read_period;
use super::{UseCase, number};
use crate::domain::access::Needed;
use crate::domain::deal::limit::NOTE;
use crate::domain::number::{Cost, CostSet, OfPeriod, cost, put};
use crate::domain::period::Period;
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// A cost of the program. Costs of one quarter add up, each with its note; the same note again replaces it, and an amount
/// of 0 takes it out. What is noted of a quarter that is over counts in the running one, so that the other reprints the same
/// (rule 8).
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
        let counts_in = counts_in(change, &period).await?;
        change.edit_settings(|settings| _ = put(&mut settings.costs, new))?;
        let total = cost(&change.settings.costs, &period);
        Ok(CostSet { period, note, before, after: amount, total, counts_in })
    }
}

/// The running quarter, where the costs of the given one stay as they were printed.
async fn counts_in(change: &mut Change<'_>, period: &Period) -> Result<Option<Period>, Failure> {
    let (calendar, today, now) = (change.calendar(), change.today(), change.now);
    if period.end >= today {
        return Ok(None);
    }
    let books = number::books(&mut change.workspace, &calendar, now).await?;
    let fixed = number::settings_log(&mut change.workspace).await?.is_fixed(period, &books, now);
    Ok(fixed.then(|| calendar.period(today)))
}
