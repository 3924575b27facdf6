//! How amounts are spread over those who bring them: the share of the first and of the first two, and by how many they
//! would be brought if each brought the same (1 ÷ Σ share², DESIGN §2).

use super::Part;

/// How an amount is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// Over how many.
    pub over: usize,
    /// What all bring, in minor units; above 0.
    pub total: i64,
    /// What the first brings.
    pub most: i64,
    /// What the first two bring.
    pub most_two: i64,
    /// In tenths, halves up: as many would bring it if each brought the same.
    pub effective: u32,
}

impl Spread {
    /// How amounts are spread, one for each who brings any; `None` where nobody does.
    pub fn of(amounts: impl IntoIterator<Item = i64>) -> Option<Spread> {
        let mut amounts: Vec<i64> = amounts.into_iter().filter(|amount| *amount > 0).collect();
        amounts.sort_unstable_by_key(|amount| std::cmp::Reverse(*amount));
        let sum = |amounts: &[i64]| amounts.iter().fold(0, |sum: i64, amount| sum.saturating_add(*amount));
        let total = sum(&amounts);
        let most = *amounts.first()?;
        let squares: f64 = amounts.iter().map(|amount| (*amount as f64 / total as f64).powi(2)).sum();
        let effective = (10.0 / squares).round() as u32;
        Some(Spread { over: amounts.len(), total, most, most_two: sum(&amounts[..amounts.len().min(2)]), effective })
    }

    /// The share of the first.
    pub fn first(self) -> Part {
        Part { part: self.most, of: self.total }
    }

    /// The share of the first two.
    pub fn first_two(self) -> Part {
        Part { part: self.most_two, of: self.total }
    }
}
