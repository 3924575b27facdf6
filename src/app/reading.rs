//! Reading what people typed, by the workspace's currency, zone and fiscal year; what can't be read is a problem.

use chrono::NaiveDate;

use chrono_tz::Tz;

use super::change::Change;
use crate::domain::money::{self, Currency};
use crate::domain::refusal::{Problem, Takes, Thing, Why};
use crate::domain::zone;
use crate::render::text;

/// How many zones are offered instead of one that can't be read.
const CLOSE_ZONES: usize = 3;

/// A time zone, by its name or its city.
pub fn read_zone(typed: &str) -> Result<Tz, Problem> {
    zone::parse(typed).ok_or_else(|| {
        let close = zone::closest(typed, CLOSE_ZONES).into_iter().map(|zone| zone.name().to_owned()).collect();
        Problem::NotFound { what: Thing::Zone, typed: typed.to_owned(), close }
    })
}

/// The longest name, in Discord's units.
pub const NAME_LIMIT: usize = 100;

/// A name: one line that shows something.
pub fn read_name(option: &'static str, typed: &str) -> Result<String, Problem> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match text::units(&name) {
        _ if text::plain(&name).is_empty() => Err(Problem::Missing { option, why: Why::Always }),
        units if units > NAME_LIMIT => Err(Problem::TooLong { option, limit: NAME_LIMIT }),
        _ => Ok(name),
    }
}

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
