//! A part of a whole, held against a threshold in percent.

/// So many of so many: deals, or minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many.
    pub part: i64,
    /// Of how many.
    pub of: i64,
}

impl Part {
    /// So many of so many things.
    pub fn of(part: usize, of: usize) -> Part {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Part { part: count(part), of: count(of) }
    }

    /// In whole percent, halves up; 0 of nothing.
    pub fn percent(self) -> i64 {
        let (part, of) = (i128::from(self.part), i128::from(self.of));
        if of <= 0 { 0 } else { ((part * 200 + of) / (of * 2)) as i64 }
    }

    /// Whether it is at least so many percent, by the exact figures: 79.6 % reads as 80 % and is less.
    pub fn is_at_least(self, percent: u32) -> bool {
        i128::from(self.part) * 100 >= i128::from(self.of) * i128::from(percent)
    }

    /// Whether it is at most so many percent, by the exact figures.
    pub fn is_at_most(self, percent: u32) -> bool {
        i128::from(self.part) * 100 <= i128::from(self.of) * i128::from(percent)
    }
}
