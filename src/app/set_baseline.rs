//! Enters what the company reaches without partners: `/program baseline`.

use super::UseCase;
use super::change::Change;
use crate::domain::access::Needed;
use crate::domain::baseline::{Baseline, BaselineSet};
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// The solo baseline. What is left out stays as it is, and 0 takes it out.
#[derive(Debug, Clone, Copy)]
pub struct SetBaseline {
    /// Won of all closed, in percent.
    pub win_rate: Option<u32>,
    /// Median days from recording to winning a deal.
    pub cycle_days: Option<u32>,
}

impl UseCase for SetBaseline {
    type Outcome = BaselineSet;

    async fn run(self, change: &mut Change<'_>) -> Result<BaselineSet, Failure> {
        change.allow(Needed::Lead)?;
        let before = change.settings.baseline;
        let put = |given: Option<u32>, old: Option<u32>| given.map_or(old, |given| Some(given).filter(|n| *n > 0));
        let after = Baseline {
            win_rate: put(self.win_rate, before.win_rate),
            cycle_days: put(self.cycle_days, before.cycle_days),
        };
        if after == before {
            return Err(Problem::NothingToDo.into());
        }
        change.edit_settings(|settings| settings.baseline = after)?;
        Ok(BaselineSet { before, after })
    }
}
