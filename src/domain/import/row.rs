//! Reading one row of a CRM's file: amounts, days, stages and classes as they are written there.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::column::{Column, folded};
use super::stage::stage_of;
use crate::domain::calendar::Calendar;
use crate::domain::date::{Lean, parse_day_leaning};
use crate::domain::deal::{LossReason, Role, limit};
use crate::domain::money::{self, Currency, Unreadable};
use crate::domain::motion::Stage;

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// Its line, from 1; the header is the first.
    pub line: u64,
    /// What stands in it; empty cells are left out.
    pub cells: BTreeMap<Column, String>,
}

/// A row, understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Row {
    /// Its line.
    pub line: u64,
    /// The CRM's id.
    pub crm: String,
    /// The customer's name.
    pub account: String,
    /// The partner's name.
    pub partner: Option<String>,
    /// In minor units.
    pub amount: Option<i64>,
    /// Expected close, or the day of the end.
    pub close: Option<NaiveDate>,
    /// Where it is.
    pub stage: Option<Stage>,
    /// Whose it is, as the CRM names them.
    pub owner: Option<String>,
    /// What happens next.
    pub next_step: Option<String>,
    /// What the partner did.
    pub role: Role,
    /// What shows it.
    pub evidence: Option<String>,
    /// When it was made in the CRM.
    pub created: Option<NaiveDate>,
    /// Of the last activity there.
    pub active: Option<NaiveDate>,
    /// Why it was lost, in the CRM's words.
    pub loss: Option<String>,
}

/// A row as far as it could be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// What was; a cell that could not be read is taken for an empty one.
    pub row: Row,
    /// What could not be, and what is missing.
    pub problems: Vec<RowProblem>,
}

/// How days such as `12/31/2026` are written in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `12/31/2026`
    MonthFirst,
    /// `31/12/2026`
    DayFirst,
}

/// What a row is read by.
#[derive(Debug)]
pub struct Terms<'t> {
    /// The workspace's currency.
    pub currency: Currency,
    /// The workspace's calendar.
    pub calendar: &'t Calendar,
    /// The local day.
    pub today: NaiveDate,
    /// How days are written where it can't be told.
    pub dates: Option<DateOrder>,
    /// Stages of the CRM that the admin named, by their folded names.
    pub stages: &'t BTreeMap<String, Stage>,
    /// The partner of rows that name none.
    pub partner: Option<&'t str>,
}

/// Why a row is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowProblem {
    /// A cell that is needed is empty.
    Missing(Column),
    /// A deal beyond Prospect, or a won one, needs it.
    NeededIn(Column, Stage),
    /// A cell is longer than what it becomes may be.
    TooLong(Column, usize),
    /// No amount.
    Amount(String),
    /// An amount in another currency than the workspace's.
    OtherCurrency(String),
    /// No day, or one of two.
    Day(Column, String),
    /// A day that lies ahead where it can't.
    Ahead(Column, NaiveDate),
    /// No stage that is known.
    Stage(String),
    /// Neither sourced nor influenced nor undecided.
    Class(String),
    /// Sourced and influenced need evidence.
    NoEvidence,
    /// Nobody is known by this name.
    Owner(String),
    /// Two people are.
    OwnerTwice(String),
    /// There is no such partner; close ones.
    Partner(String, Vec<String>),
    /// Another row has the same id.
    SameId(u64),
    /// These open deals have its id.
    SeveralDeals(Vec<crate::domain::id::DealNumber>),
    /// An open deal with the account and the partner has no CRM id: likely the same one.
    LooksLike(crate::domain::id::DealNumber),
}

/// Reads a row, and tells all that stands in its way.
pub fn read(raw: &Raw, terms: &Terms<'_>) -> Read {
    let mut reader = Reader { raw, terms, problems: Vec::new() };
    let row = reader.row();
    Read { row, problems: reader.problems }
}

struct Reader<'r> {
    raw: &'r Raw,
    terms: &'r Terms<'r>,
    problems: Vec<RowProblem>,
}

impl Reader<'_> {
    fn row(&mut self) -> Row {
        let row = Row {
            line: self.raw.line,
            crm: self.needed(Column::Crm, limit::CRM),
            account: one_line(&self.needed(Column::Account, limit::NAME)),
            partner: self.text(Column::Partner, limit::NAME).or_else(|| self.terms.partner.map(str::to_owned)),
            amount: self.amount(),
            close: self.day(Column::Close),
            stage: self.stage(),
            owner: self.text(Column::Owner, limit::NAME),
            next_step: self.text(Column::NextStep, limit::NEXT_STEP),
            role: self.role(),
            evidence: self.text(Column::Evidence, limit::EVIDENCE),
            created: self.past(Column::Created),
            active: self.past(Column::Active),
            loss: self.text(Column::LossReason, limit::DETAIL),
        };
        self.check(&row);
        row
    }

    fn check(&mut self, row: &Row) {
        if row.role != Role::Undecided && row.evidence.is_none() {
            self.problems.push(RowProblem::NoEvidence);
        }
        let Some(stage) = row.stage else { return };
        let beyond = !matches!(stage, Stage::Prospect | Stage::ClosedLost);
        let unread = |column| self.raw.cells.contains_key(&column);
        if beyond && row.amount.is_none() && !unread(Column::Amount) {
            self.problems.push(RowProblem::NeededIn(Column::Amount, stage));
        }
        if stage != Stage::Prospect && row.close.is_none() && !unread(Column::Close) {
            self.problems.push(RowProblem::NeededIn(Column::Close, stage));
        }
        if let Some(close) = row.close.filter(|close| !stage.is_open() && *close > self.terms.today) {
            self.problems.push(RowProblem::Ahead(Column::Close, close));
        }
    }

    fn cell(&self, column: Column) -> Option<&str> {
        self.raw.cells.get(&column).map(String::as_str)
    }

    fn text(&mut self, column: Column, limit: usize) -> Option<String> {
        let text = self.cell(column)?.to_owned();
        if text.chars().count() > limit {
            self.problems.push(RowProblem::TooLong(column, limit));
        }
        Some(text)
    }

    fn needed(&mut self, column: Column, limit: usize) -> String {
        let text = self.text(column, limit);
        if text.is_none() {
            self.problems.push(RowProblem::Missing(column));
        }
        text.unwrap_or_default()
    }

    fn amount(&mut self) -> Option<i64> {
        let typed = self.cell(Column::Amount)?.to_owned();
        let other = self.cell(Column::Currency).filter(|code| !code.eq_ignore_ascii_case(self.terms.currency.code));
        let problem = match (other, money::parse(&typed, self.terms.currency)) {
            (Some(other), _) => RowProblem::OtherCurrency(format!("{typed} {other}")),
            (None, Ok(amount)) => return Some(amount),
            (None, Err(Unreadable::OtherCurrency)) => RowProblem::OtherCurrency(typed),
            (None, Err(_)) => RowProblem::Amount(typed),
        };
        self.problems.push(problem);
        None
    }

    fn day(&mut self, column: Column) -> Option<NaiveDate> {
        let typed = self.cell(column)?.to_owned();
        let bare = without_time(&typed);
        let ordered = in_order(bare, self.terms.dates).unwrap_or_else(|| bare.to_owned());
        match parse_day_leaning(&ordered, self.terms.today, self.terms.calendar, Lean::Ahead) {
            // A file is of no day, so a word that counts from today says nothing in it.
            Ok(day) if ordered.contains(|c: char| c.is_ascii_digit()) => Some(day),
            _ => {
                self.problems.push(RowProblem::Day(column, typed));
                None
            }
        }
    }

    /// A day that has been. The CRM's clock may be a zone ahead of ours.
    fn past(&mut self, column: Column) -> Option<NaiveDate> {
        let day = self.day(column)?;
        if day > self.terms.today + Days::new(1) {
            self.problems.push(RowProblem::Ahead(column, day));
        }
        Some(day.min(self.terms.today))
    }

    fn stage(&mut self) -> Option<Stage> {
        let typed = self.cell(Column::Stage)?.to_owned();
        let stage = self.terms.stages.get(&folded(&typed)).copied().or_else(|| stage_of(&typed));
        if stage.is_none() {
            self.problems.push(RowProblem::Stage(typed));
        }
        stage
    }

    fn role(&mut self) -> Role {
        let Some(typed) = self.cell(Column::Source) else { return Role::Undecided };
        let word = folded(typed);
        match word.strip_prefix("partner").unwrap_or(&word) {
            "sourced" | "source" => Role::Sourced,
            "influenced" | "influence" => Role::Influenced,
            "undecided" | "none" | "na" => Role::Undecided,
            _ => {
                let problem = RowProblem::Class(typed.to_owned());
                self.problems.push(problem);
                Role::Undecided
            }
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `2026-11-30 14:05` and `2026-11-30T14:05:00Z` without the time.
fn without_time(text: &str) -> &str {
    let text = text.trim();
    let is_time = |rest: &str| rest.contains(':');
    match text.split_once(['T', ' ']) {
        Some((day, time)) if is_time(time) && day.starts_with(|c: char| c.is_ascii_digit()) => {
            day.trim_end_matches(',')
        }
        _ => text,
    }
}

/// `12/31/2026` as `2026-12-31`, by the order that the admin named.
fn in_order(text: &str, order: Option<DateOrder>) -> Option<String> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [first, second, year] = parts[..] else { return None };
    if first.len() > 2 || !year.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let year = match year.len() {
        4 => year.to_owned(),
        2 => format!("20{year}"),
        _ => return None,
    };
    let (month, day) = match order? {
        DateOrder::MonthFirst => (first, second),
        DateOrder::DayFirst => (second, first),
    };
    Some(format!("{year}-{month}-{day}"))
}

/// Why a deal was lost, by the CRM's words where they are one of ours.
pub fn loss_reason(words: &str) -> LossReason {
    let word = folded(words);
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match () {
        () if has(&["competitor", "competition"]) => LossReason::Competitor,
        () if has(&["budget", "funding"]) => LossReason::NoBudget,
        () if has(&["nodecision", "nonresponsive", "unresponsive"]) => LossReason::NoDecision,
        () if has(&["price", "pricing"]) => LossReason::Price,
        () if has(&["fit", "feature", "product"]) => LossReason::ProductFit,
        () if has(&["partner"]) => LossReason::PartnerWithdrew,
        () if has(&["timing", "time"]) => LossReason::Timing,
        () => LossReason::Other,
    }
}

#[cfg(test)]
mod tests;
