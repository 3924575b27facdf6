//! What problems tell apart: what was looked for, what an option takes, why a value is needed, where a date should lie.

use chrono::NaiveDate;

/// What an amount should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountRule {
    /// A deal that is worth nothing has no amount: one that isn't known yet is left out.
    NotNothing,
    /// Not below zero.
    NotNegative,
    /// At most so many minor units.
    AtMost(i64),
    /// With at most so many decimals.
    Decimals(u32),
}

/// Whether somebody may pass unmet criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// They may, with a reason.
    Lead,
    /// They may ask a lead to.
    Owner,
}

/// What can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A deal.
    Deal,
    /// An account.
    Account,
    /// A partner.
    Partner,
    /// A review.
    Review,
    /// A stage.
    Stage,
    /// An exit criterion.
    Criterion,
    /// A time zone.
    Zone,
    /// A help topic.
    Topic,
    /// An occurrence of a review.
    Occurrence,
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// `120k`, `1.2m`, `$120,000`, `120000.50`.
    Money,
    /// `2026-12-15`, `15 Dec`, `friday`, `+10d`, …
    Date,
    /// `Q4 FY2026`, `2026-Q4`, `this quarter`, …
    Period,
    /// `09:30`.
    Time,
    /// An ISO 4217 code.
    Currency,
    /// `ana@initech.example`.
    Email,
    /// `12.5 %`: up to two decimals, at most the whole.
    Percent,
}

/// Why a value is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Sourced and influenced need evidence.
    Evidence,
    /// Amount and close are needed to leave Prospect.
    ToLeaveProspect,
    /// A won deal has an amount.
    ToWin,
    /// The reason Other needs words.
    OtherNeedsDetail,
    /// A monthly rhythm needs the week.
    Monthly,
    /// A due date says nothing without what is due then.
    DueNeedsStep,
    /// A day of evidence says nothing without the evidence.
    DayNeedsEvidence,
    /// The command can't work without it.
    Always,
}

/// Where a date should lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRule {
    /// Today or later.
    NotPast,
    /// Today or earlier.
    NotFuture,
    /// Tomorrow or later: what rests until today doesn't rest.
    AfterToday,
    /// After the other end of the span.
    AfterStart,
    /// At most so many business days ahead.
    Within(u32),
    /// On or after this day, the first that a win may be of (see [`crate::domain::deal::Deal::earliest_win`]).
    WonSince(NaiveDate),
}
