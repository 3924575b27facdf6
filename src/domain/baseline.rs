//! The solo baseline: how deals without a partner go, as a lead entered it. The bot sees joint deals only, so nothing else
//! tells what a partner adds to win rate and cycle.

use serde::{Deserialize, Serialize};

/// What the company reaches without partners; `None` where nobody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Baseline {
    /// Won of all closed, in percent.
    pub win_rate: Option<u32>,
    /// Median days from recording to winning a deal.
    pub cycle_days: Option<u32>,
}

impl Baseline {
    /// The same, with what is missing taken from another one.
    pub fn or(self, other: Baseline) -> Baseline {
        Baseline { win_rate: self.win_rate.or(other.win_rate), cycle_days: self.cycle_days.or(other.cycle_days) }
    }

    /// Whether nobody said anything.
    pub fn is_empty(self) -> bool {
        self == Baseline::default()
    }
}

/// A baseline as it is now, and as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaselineSet {
    /// What it was.
    pub before: Baseline,
    /// What it is.
    pub after: Baseline,
}
