//! The agenda of a review (DESIGN §6): its sections, what belongs to each and in which order. It names deals by number;
//! the facts that it was built from have their cards.
//!
//! Sections stand on their own: a deal that needs a decision and is stalled is in both, so that each section's count is
//! true by itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Instant;
use super::cadence::Since;
use super::calendar::Calendar;
use super::card::DealCard;
use super::deal::Deal;
use super::episode::Episode;
use super::forecast::{ByRole, Sum, Weighted, closes_in, closing, weighted, weighted_by_stage};
use super::id::{DealNumber, MemberId};
use super::incentive::{Comp, levelling};
use super::ladder::{Level, answering};
use super::member::Presence;
use super::motion::{Motions, Stage};
use super::number::{Number, NumberFacts};
use super::period::Period;
use super::stall::Reason;

mod section;

/// What an agenda is built from: all deals that the review is about, as they are at `now`.
#[derive(Debug, Clone)]
pub struct AgendaFacts {
    /// The moment that it is built for.
    pub now: Instant,
    /// From when on it tells what happened.
    pub since: Since,
    /// The open deals.
    pub open: BTreeMap<DealNumber, DealCard>,
    /// The deals that were won or lost since.
    pub closed: BTreeMap<DealNumber, DealCard>,
    /// The latest episode of each deal that has one.
    pub episodes: BTreeMap<DealNumber, Episode>,
    /// How deals stood at `since`, for those that existed then and changed in any of these fields.
    pub before: BTreeMap<DealNumber, Before>,
    /// Occurrences of this review that were never posted and that no agenda has told of, by their start.
    pub missed: Vec<Instant>,
    /// What reps are paid by. The agenda tells only how many deals fall short by it (rule 14).
    pub comp: Comp,
    /// What the number is reckoned from; `None` in plan mode, which hides it.
    pub number: Option<NumberFacts>,
}

/// How a deal stood at the last occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// Its stage then.
    pub stage: Stage,
    /// Its amount then.
    pub amount: Option<i64>,
    /// Its expected close then.
    pub close: Option<NaiveDate>,
}

impl AgendaFacts {
    /// The card of a deal that the agenda names.
    pub fn card(&self, deal: DealNumber) -> Option<&DealCard> {
        self.open.get(&deal).or_else(|| self.closed.get(&deal))
    }
}

/// What a review goes through, section by section. An empty section is empty, not left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// The running period.
    pub period: Period,
    /// The number in it; `None` in plan mode.
    pub number: Option<Number>,
    /// What is expected of all open deals.
    pub forecast: ByRole<Weighted>,
    /// The same for each open stage, in the order of [`Stage::OPEN`].
    pub stages: [ByRole<Weighted>; 5],
    /// What needs a decision: those of the first matter in the order of [`Matter`] first, then the largest.
    pub decisions: Vec<Decision>,
    /// What is stalled: the highest level first, then the longest stalled, then the largest.
    pub stalled: Vec<Stalled>,
    /// What is expected to close in the period, from today on: the soonest first, then the largest.
    pub closing: Vec<DealNumber>,
    /// The sums of those.
    pub closing_sums: ByRole<Sum>,
    /// What happened since the last occurrence, in the order of [`Move`], then the largest first.
    pub moved: Vec<Moved>,
    /// Where class or ownership is open, in the order of [`Gap`], an undecided class that is late first or soonest
    /// before others, then the largest.
    pub gaps: Vec<Gaps>,
    /// Occurrences that were never posted, the earliest first.
    pub missed: Vec<Instant>,
    /// How many deals pay their owner less than solo. Which, and how much, is for leads and finance.
    pub comp_to_check: usize,
    /// Who is mentioned.
    pub mention: Mentions,
}

/// A deal about which the team should settle something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub deal: DealNumber,
    /// What for; at least one, in the order of [`Matter`].
    pub matters: Vec<Matter>,
}

/// Why a deal needs a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Its stall has climbed to the third level.
    ThirdLevel {
        /// Business days since the stall began.
        days: u32,
    },
    /// Its owner has left the server or was deactivated.
    Unowned,
    /// A lead is asked to pass unmet criteria.
    PassAsked {
        /// On the way to which stage.
        to: Stage,
    },
    /// Its amount fell by a quarter or more since the last occurrence.
    AmountDown {
        /// Then, in minor units.
        from: i64,
        /// Now.
        to: i64,
    },
    /// Its expected close has left the period that it lay in at the last occurrence. A period that was over by then
    /// does not count: whoever moves such a close mends it.
    CloseLeft {
        /// Then.
        from: NaiveDate,
        /// Now.
        to: NaiveDate,
    },
    /// Its class is undecided, and turns late within three days or is late already.
    Undecided {
        /// Days until the last one on time: 3 to 0, or below zero when it is late.
        days_left: i64,
    },
}

/// A stalled deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stalled {
    /// Which.
    pub deal: DealNumber,
    /// The level reached; `None` for a stall that began this minute.
    pub level: Option<Level>,
    /// Business days since the stall began.
    pub days: u32,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A deal to which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub deal: DealNumber,
    /// What.
    pub what: Move,
}

/// What happened to a deal since the last occurrence; of several, what it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Won.
    Won,
    /// Lost.
    Lost,
    /// Open again.
    Reopened,
    /// Moved between open stages.
    Stage {
        /// Then.
        from: Stage,
        /// Now.
        to: Stage,
    },
    /// Recorded, and still open.
    New,
}

/// A deal with something open about its class or ownership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    /// Which.
    pub deal: DealNumber,
    /// At least one, in the order of [`Gap`].
    pub gaps: Vec<Gap>,
}

/// What is open about a deal's class or ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Its owner has left, and it needs another.
    Unowned,
    /// Its owner is away, and the cover has left.
    Uncovered,
    /// Its class is undecided.
    Undecided {
        /// The last day on which settling it is on time.
        until: NaiveDate,
    },
    /// Its class is settled, but nothing shows it.
    NoEvidence,
    /// Its class was claimed on this day, and nobody has confirmed it for too long.
    Unconfirmed {
        /// The day of the claim.
        since: NaiveDate,
    },
    /// Its registration runs out soon, or has run out.
    RegistrationEnds {
        /// The last day on which it is protected.
        until: NaiveDate,
    },
}

/// Who is mentioned: those who answer for a deal with a decision or a stall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Owners, covers or backups.
    pub people: BTreeSet<MemberId>,
    /// Whether the lead is: when nobody else is left to answer for one of those deals.
    pub lead: bool,
}

/// Builds the agenda.
pub fn agenda(facts: &AgendaFacts, motions: &Motions, calendar: &Calendar) -> Agenda {
    let today = calendar.day(facts.now);
    let period = calendar.period(today);
    let deals = || facts.open.values().map(|card| &card.deal);
    let decisions = section::decisions(facts, calendar, today);
    let stalled = section::stalled(facts, calendar, today);
    let mut missed = facts.missed.clone();
    missed.sort_unstable();
    Agenda {
        period,
        number: facts.number.as_ref().map(|number| number.number(deals(), motions, &period, today)),
        forecast: weighted(deals(), motions, today),
        stages: weighted_by_stage(facts.open.values().map(|card| &card.deal), motions, today),
        closing: section::closing(facts, &period, today),
        closing_sums: closing(deals(), motions, &period, today),
        moved: section::moved(facts),
        gaps: section::gaps(facts, calendar),
        missed,
        comp_to_check: levelling(deals(), &facts.comp, today).short.len(),
        mention: section::mentions(facts, &decisions, &stalled),
        decisions,
        stalled,
    }
}

#[cfg(test)]
mod tests;
