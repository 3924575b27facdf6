//! Reading what people typed, by the workspace's currency, zone and fiscal year; what can't be read is a problem.

use chrono::NaiveDate;

use super::change::Change;
use crate::domain::money::{self, Currency};
use crate::domain::refusal::{Problem, Takes};

impl Change<'_> {
    /// An amount in minor units of the workspace's currency.
    pub fn read_money(&self, option: &'static str, typed: &str) -> Result<i64, Problem> {
        let unreadable = || Problem::Unreadable { option, typed: typed.to_owned(), takes: Takes::Money };
        let currency = Currency::of(self.settings.currency()).ok_or_else(unreadable)?;
        money::parse(typed, currency).map_err(|_| unreadable())
    }

    /// A day, counted from today in the workspace's zone.
    pub fn read_day(&self, option: &'static str, typed: &str) -> Result<NaiveDate, Problem> {
        typed.trim().parse().map_err(|_| Problem::Unreadable { option, typed: typed.to_owned(), takes: Takes::Date })
    }
}
