//! Program or streak (DESIGN §1): whether joint deals would go on coming if one of those who bring them left. Each reason
//! is a figure held against a threshold, and the verdict is one function of the reasons.
//!
//! Amounts and shares are reckoned over the deals that are open and those won in the four quarters to the end of the one
//! that is asked about, so that a single good or bad quarter neither makes a program nor ends one. What is only known as
//! of now, unowned deals, stalls and pay, is left out of a quarter that is over.

use super::figure::Figure;
use super::id::DealNumber;

mod card;
mod part;
mod reason;
mod spread;

pub use card::{AtRisk, HealthCard, HealthFigure, Side};
pub use part::Part;
pub use reason::{HealthFacts, reasons, top_partner, window};
pub use spread::Spread;

/// Percent that one rep may carry at most: more, and a single departure takes close to half of it along.
pub const ONE_REP_AT_MOST: u32 = 40;
/// Percent that two reps may carry at most. Three equal ones have 67 %: that is the smallest team of which one can leave
/// while most of it stays.
pub const TWO_REPS_AT_MOST: u32 = 70;
/// Percent that one partner may bring at most. Most programs have a first among their partners, so that this is wider
/// than what one rep may carry; beyond it the program is that partner's.
pub const ONE_PARTNER_AT_MOST: u32 = 60;
/// Percent of deals that run on the motion at least. One in five may be a deal of its own kind; more say that the motion
/// is written down and not run.
pub const ON_MOTION_AT_LEAST: u32 = 80;
/// Percent of open deals that may be unowned: none, as each is an alarm (rule 3).
pub const UNOWNED_AT_MOST: u32 = 0;
/// Percent of claims confirmed at least. What only its claimer vouches for proves nothing at budget time, and one in five
/// leaves room for what is on its way.
pub const CONFIRMED_AT_LEAST: u32 = 80;
/// Percent of classes settled on time at least: later they are settled by how the deal went.
pub const ON_TIME_AT_LEAST: u32 = 80;
/// Percent of meetings that were held at least: a weekly review keeps its rhythm over one left out in five.
pub const HELD_AT_LEAST: u32 = 80;
/// Percent of open deals that may be stalled: what a review of an hour can go through and still talk of the others.
pub const STALLED_AT_MOST: u32 = 20;
/// Business days in which half of the stalls are cleared: a week, so that few outlive the next weekly review, and most
/// end before the third reminder takes them to the lead.
pub const CLEARED_WITHIN: u32 = 5;
/// Percent of deals that may pay their owner less than solo: none (DESIGN §2, parity).
pub const SHORT_PAID_AT_MOST: u32 = 0;

/// Deals that a share needs: with fewer, one of them is a fifth of it or more.
pub const DEALS_NEEDED: u32 = 5;
/// Meetings that the rhythm needs: a month of weekly ones.
pub const MEETINGS_NEEDED: u32 = 4;
/// Reasons that have to be known for a verdict: the five parts of a program have one each at least.
pub const KNOWN_AT_LEAST: usize = 5;
/// Reasons beside the spread over reps that may fail. A program has weak spots; with three it goes on by luck.
pub const MAY_FAIL: usize = 2;

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonKind {
    /// How the deals are spread over reps.
    Reps,
    /// How they are spread over partners.
    Partners,
    /// Whether the motion is run.
    Motion,
    /// Whether every open deal has an owner.
    Unowned,
    /// Whether claims are confirmed.
    Confirmed,
    /// Whether classes are settled on time.
    OnTime,
    /// Whether the reviews keep their rhythm.
    Reviews,
    /// How many deals are stalled.
    Stalled,
    /// How long stalls last.
    ToClear,
    /// Whether deals pay at least what they pay solo. For leads and finance only (rule 14), so it doesn't decide: the
    /// verdict is the same for everybody, and nobody can tell pay from it.
    Pay,
}

/// What a figure comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// How something is spread.
    Spread(Spread),
    /// So many of so many.
    Part(Part),
    /// What became of meetings ([`super::cadence::became`]); one that can still be started doesn't count yet.
    Meetings {
        /// Held.
        held: usize,
        /// Not held, though the agenda was posted.
        not_held: usize,
        /// Never posted.
        missed: usize,
        /// Left out.
        skipped: usize,
    },
    /// Business days.
    Days(u32),
}

/// A figure with what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What it is about.
    pub kind: ReasonKind,
    /// The figure.
    pub measure: Figure<Measure>,
    /// The deals behind it that are as they should be, the largest first.
    pub holding: Vec<DealNumber>,
    /// Those that are not.
    pub failing: Vec<DealNumber>,
}

/// How a reason stands against its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Within it.
    Holds,
    /// Beyond it.
    Fails,
    /// There is too little to go by.
    NotEnough,
}

/// What the reasons come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It would go on if somebody left.
    Program,
    /// It rests on a few people, or on luck.
    Streak,
    /// There is too little history to tell.
    NotEnough,
}

impl ReasonKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [ReasonKind; 10] = [
        ReasonKind::Reps,
        ReasonKind::Partners,
        ReasonKind::Motion,
        ReasonKind::Unowned,
        ReasonKind::Confirmed,
        ReasonKind::OnTime,
        ReasonKind::Reviews,
        ReasonKind::Stalled,
        ReasonKind::ToClear,
        ReasonKind::Pay,
    ];

    fn key(self) -> &'static str {
        match self {
            ReasonKind::Reps => "reps",
            ReasonKind::Partners => "partners",
            ReasonKind::Motion => "motion",
            ReasonKind::Unowned => "unowned",
            ReasonKind::Confirmed => "confirmed",
            ReasonKind::OnTime => "on_time",
            ReasonKind::Reviews => "reviews",
            ReasonKind::Stalled => "stalled",
            ReasonKind::ToClear => "to_clear",
            ReasonKind::Pay => "pay",
        }
    }

    /// Whether the verdict rests on it.
    pub fn decides(self) -> bool {
        self != ReasonKind::Pay
    }

    fn holds(self, measure: Measure) -> bool {
        match (self, measure) {
            (ReasonKind::Partners, Measure::Spread(spread)) => spread.first().is_at_most(ONE_PARTNER_AT_MOST),
            (_, Measure::Spread(spread)) => {
                spread.first().is_at_most(ONE_REP_AT_MOST) && spread.first_two().is_at_most(TWO_REPS_AT_MOST)
            }
            (ReasonKind::Unowned, Measure::Part(part)) => part.is_at_most(UNOWNED_AT_MOST),
            (ReasonKind::Stalled, Measure::Part(part)) => part.is_at_most(STALLED_AT_MOST),
            (ReasonKind::Pay, Measure::Part(part)) => part.is_at_most(SHORT_PAID_AT_MOST),
            (ReasonKind::Confirmed, Measure::Part(part)) => part.is_at_least(CONFIRMED_AT_LEAST),
            (ReasonKind::OnTime, Measure::Part(part)) => part.is_at_least(ON_TIME_AT_LEAST),
            (_, Measure::Part(part)) => part.is_at_least(ON_MOTION_AT_LEAST),
            (_, Measure::Meetings { held, not_held, missed, skipped }) => {
                Part::of(held, held + not_held + missed + skipped).is_at_least(HELD_AT_LEAST)
            }
            (_, Measure::Days(days)) => days <= CLEARED_WITHIN,
        }
    }
}

impl Reason {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        match self.measure {
            Figure::NotEnough { .. } => Standing::NotEnough,
            Figure::Known(measure) if self.kind.holds(measure) => Standing::Holds,
            Figure::Known(_) => Standing::Fails,
        }
    }
}

/// What the reasons come to.
pub fn verdict(reasons: &[Reason]) -> Verdict {
    let standing = |kind| reasons.iter().find(|reason| reason.kind == kind).map(Reason::standing);
    let deciding = || reasons.iter().filter(|reason| reason.kind.decides()).map(Reason::standing);
    let known = deciding().filter(|standing| *standing != Standing::NotEnough).count();
    let failing = deciding().filter(|standing| *standing == Standing::Fails).count();
    match standing(ReasonKind::Reps) {
        // 1. Without knowing who brings the deals nothing can be said.
        None | Some(Standing::NotEnough) => Verdict::NotEnough,
        // 2. What traces to one or two reps is a streak, however well the rest is kept.
        Some(Standing::Fails) => Verdict::Streak,
        // 3. What is spread well may still be too young to tell.
        Some(Standing::Holds) if known < KNOWN_AT_LEAST => Verdict::NotEnough,
        // 4. Some weak spots are allowed.
        Some(Standing::Holds) if failing > MAY_FAIL => Verdict::Streak,
        Some(Standing::Holds) => Verdict::Program,
    }
}

#[cfg(test)]
mod tests;
