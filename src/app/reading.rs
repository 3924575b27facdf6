//! Reading what people typed, by the workspace's currency, zone and fiscal year; what can't be read is a problem.

use chrono::NaiveDate;

use chrono_tz::Tz;

use super::change::Change;
use crate::domain::calendar::Calendar;
use crate::domain::claim::fresh_since;
use crate::domain::date::{Lean, NoDay, parse_day_leaning};
use crate::domain::deal::Role;
use crate::domain::money::{self, Currency};
use crate::domain::period::Period;
use crate::domain::refusal::{AmountRule, DateRule, Problem, Problems, Takes, Thing, Why};
use crate::domain::workspace::Settings;
use crate::domain::zone;
use crate::error::Failure;
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

/// A fiscal quarter, counted from today.
pub fn read_period(settings: &Settings, today: NaiveDate, typed: &str) -> Result<Period, Problem> {
    let unreadable = || Problem::Unreadable { option: "period", typed: typed.to_owned(), takes: Takes::Period };
    Period::parse(typed, today, settings.fiscal_month).ok_or_else(unreadable)
}

/// The longest name, in Discord's units.
pub const NAME_LIMIT: usize = 100;

/// A name: one line that shows something.
pub fn read_name(option: &'static str, typed: &str) -> Result<String, Problem> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match text::units(&name) {
        _ if text::shows_nothing(&name) => Err(Problem::Missing { option, why: Why::Always }),
        units if units > NAME_LIMIT => Err(Problem::TooLong { option, limit: NAME_LIMIT }),
        _ => Ok(name),
    }
}

impl Change<'_> {
    /// The calendar that the workspace counts by.
    pub fn calendar(&self) -> Calendar {
        Calendar::of(&self.settings)
    }

    /// A text without the blanks around it, `None` when nobody would see anything of it; at most `limit` characters.
    pub fn read_text(
        &self,
        option: &'static str,
        typed: Option<&str>,
        limit: usize,
    ) -> Result<Option<String>, Problem> {
        match typed.map(str::trim).filter(|text| !text::shows_nothing(text)) {
            Some(text) if text.chars().count() > limit => Err(Problem::TooLong { option, limit }),
            text => Ok(text.map(str::to_owned)),
        }
    }

    /// An amount in minor units of the workspace's currency.
    pub fn read_money(&self, option: &'static str, typed: &str) -> Result<i64, Problem> {
        let unreadable = || Problem::Unreadable { option, typed: typed.to_owned(), takes: Takes::Money };
        let currency = Currency::of(self.settings.currency()).ok_or_else(unreadable)?;
        let bad = |rule| Problem::BadAmount { option, typed: typed.to_owned(), rule };
        money::parse(typed, currency).map_err(|reason| match reason {
            money::Unreadable::OtherCurrency => Problem::OtherCurrency { option, typed: typed.to_owned() },
            money::Unreadable::NotMoney => unreadable(),
            money::Unreadable::Negative => bad(AmountRule::NotNegative),
            money::Unreadable::TooMuch => bad(AmountRule::AtMost(money::MOST)),
            money::Unreadable::TooFine { decimals } => bad(AmountRule::Decimals(decimals)),
        })
    }

    /// What a deal is worth: something.
    pub fn read_worth(&self, option: &'static str, typed: &str) -> Result<i64, Problem> {
        match self.read_money(option, typed)? {
            0 => Err(Problem::BadAmount { option, typed: typed.to_owned(), rule: AmountRule::NotNothing }),
            minor => Ok(minor),
        }
    }

    /// A day, counted from today in the workspace's zone.
    pub fn read_day(&self, option: &'static str, typed: &str) -> Result<NaiveDate, Problem> {
        self.read_day_leaning(option, typed, Lean::Ahead)
    }

    /// A day that is still to come, or today.
    pub fn read_coming_day(&self, option: &'static str, typed: &str) -> Result<NaiveDate, Problem> {
        let date = self.read_day(option, typed)?;
        let rule = DateRule::NotPast;
        if date < self.today() { Err(Problem::BadDate { option, date, rule }) } else { Ok(date) }
    }

    /// A day that has been, or today.
    pub fn read_past_day(&self, option: &'static str, typed: &str) -> Result<NaiveDate, Problem> {
        let date = self.read_day_leaning(option, typed, Lean::Back)?;
        let rule = DateRule::NotFuture;
        if date > self.today() { Err(Problem::BadDate { option, date, rule }) } else { Ok(date) }
    }

    /// The day of a partner's evidence on a deal that was recorded on some day; today when none was typed. What shows that
    /// a deal was sourced can't be much older than the deal.
    pub fn read_evidence_day(
        &self,
        typed: Option<&str>,
        role: Role,
        recorded: NaiveDate,
    ) -> Result<NaiveDate, Problem> {
        let on = typed.map_or(Ok(self.today()), |typed| self.read_past_day("on", typed))?;
        let earliest = fresh_since(recorded);
        match role {
            Role::Sourced if on < earliest => Err(Problem::EvidenceTooOld { on, earliest }),
            _ => Ok(on),
        }
    }

    fn read_day_leaning(&self, option: &'static str, typed: &str, lean: Lean) -> Result<NaiveDate, Problem> {
        let unreadable = |reason| match reason {
            NoDay::TooFar => Problem::TooFar { option, typed: typed.to_owned() },
            _ => Problem::Unreadable { option, typed: typed.to_owned(), takes: Takes::Date },
        };
        parse_day_leaning(typed, self.today(), &self.calendar(), lean).map_err(unreadable)
    }
}

/// What was read, once nothing stands in the way: whatever does is told at once.
pub(super) fn all_read<T>(problems: Problems, read: Option<T>) -> Result<T, Failure> {
    problems.finish()?;
    read.ok_or_else(|| anyhow::anyhow!("what could not be read left no problem").into())
}

/// What was typed, if there is anything to see of it.
pub(super) fn given(typed: &Option<String>) -> Option<&str> {
    typed.as_deref().map(str::trim).filter(|text| !text::shows_nothing(text))
}
