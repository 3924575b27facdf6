//! A figure that may lack the history to mean anything: it is never shown as 0 in place of "not known yet".

use serde::{Deserialize, Serialize};

/// A figure, or how much is missing for one. DESIGN §2: with too little history it reads "not enough data yet".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure<T> {
    /// What it is.
    Known(T),
    /// There is too little to go by.
    NotEnough {
        /// How many cases there are.
        have: u32,
        /// How many it takes.
        need: u32,
    },
}

impl<T> Figure<T> {
    /// What it is, if known.
    pub fn known(self) -> Option<T> {
        match self {
            Figure::Known(value) => Some(value),
            Figure::NotEnough { .. } => None,
        }
    }
}

/// The median of at least `need` values: the middle one, or the mean of the two in the middle, halves rounded up.
pub fn median(mut values: Vec<u32>, need: u32) -> Figure<u32> {
    let have = values.len();
    if have == 0 || have < need as usize {
        return Figure::NotEnough { have: have as u32, need: need.max(1) };
    }
    values.sort_unstable();
    let (low, high) = (values[(have - 1) / 2], values[have / 2]);
    Figure::Known(low + (high - low).div_ceil(2))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::odd(vec![30, 10, 20], 1, Figure::Known(20))]
    #[case::even(vec![10, 40, 20, 30], 4, Figure::Known(25))]
    #[case::half_rounds_up(vec![10, 13], 2, Figure::Known(12))]
    #[case::too_few(vec![1, 2, 3, 4], 5, Figure::NotEnough { have: 4, need: 5 })]
    #[case::none(vec![], 0, Figure::NotEnough { have: 0, need: 1 })]
    fn a_median_is_the_middle_or_not_known(#[case] values: Vec<u32>, #[case] need: u32, #[case] expected: Figure<u32>) {
        assert_eq!(median(values, need), expected);
    }
}
