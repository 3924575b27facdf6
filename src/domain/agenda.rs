//! The agenda of a review (DESIGN §6): its sections, what belongs to each and in which order. It names deals by number;
//! the facts that it was built from have their cards.
//!
//! Sections stand on their own: a deal that needs a decision and is stalled is in both, so that each section's count is
//! true by itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Instant;
use super::cadence::Since;
use super::calendar::Calendar;
use super::card::DealCard;
use super::deal::Deal;
use super::episode::Episode;
use super::forecast::{ByRole, Sum, Weighted, closes_in, closing, weighted, weighted_by_stage};
use super::id::{DealNumber, ItemId, MemberId};
use super::incentive::{Comp, levelling};
use super::item::ItemCard;
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
    pub before: BTreeMap<DealNumber, Standing>,
    /// Occurrences of this review that were never posted and that no agenda has told of, by their start.
    pub missed: Vec<Instant>,
    /// The occurrence of the agenda before, if it was not held.
    pub not_held: Option<NotHeld>,
    /// The review's open topics and actions.
    pub items: BTreeMap<ItemId, ItemCard>,
    /// What reps are paid by. The agenda tells only how many deals fall short by it (rule 14).
    pub comp: Comp,
    /// What the number is reckoned from; `None` in plan mode, which hides it.
    pub number: Option<NumberFacts>,
}

/// An occurrence whose agenda was posted and that was not held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotHeld {
    /// When it was to start.
    pub starts_at: Instant,
    /// Whether anybody started it.
    pub started: bool,
}

/// What of a deal a review looks at: how it stood at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its stage.
    pub stage: Stage,
    /// Its amount, in minor units.
    pub amount: Option<i64>,
    /// Its expected close.
    pub close: Option<NaiveDate>,
    /// Its owner.
    pub owner: MemberId,
}

impl From<&Deal> for Standing {
    fn from(deal: &Deal) -> Standing {
        Standing { stage: deal.stage, amount: deal.amount, close: deal.close, owner: deal.owner }
    }
}

impl AgendaFacts {
    /// The card of a deal that the agenda names.
    pub fn card(&self, deal: DealNumber) -> Option<&DealCard> {
        self.open.get(&deal).or_else(|| self.closed.get(&deal))
    }

    /// The open deal that a topic or action is about, if the review goes through it.
    pub fn deal_of(&self, item: ItemId) -> Option<DealNumber> {
        self.items.get(&item)?.item.deal.filter(|deal| self.open.contains_key(deal))
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
    /// What somebody asked to talk about, the earliest first.
    pub topics: Vec<ItemId>,
    /// Actions that are overdue and are about no open deal of the review, and so need a decision by themselves: the
    /// longest overdue first.
    pub overdue: Vec<ItemId>,
    /// All open actions, the soonest due first.
    pub actions: Vec<ItemId>,
    /// Occurrences that were never posted, the earliest first.
    pub missed: Vec<Instant>,
    /// The occurrence of the agenda before, if it was not held.
    pub not_held: Option<NotHeld>,
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
    /// An action on it should have been done.
    OverdueAction {
        /// Which.
        action: ItemId,
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

/// Who is mentioned: those who answer for a deal with a decision or a stall, and who has an overdue action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Owners, covers, backups and assignees.
    pub people: BTreeSet<MemberId>,
    /// Whether the lead is: when nobody else is left to answer for one of those deals.
    pub lead: bool,
}

impl Agenda {
    /// What it holds that is about no open deal and asks for something: topics, then overdue actions.
    pub fn beside_deals(&self, facts: &AgendaFacts) -> Vec<ItemId> {
        let topics = self.topics.iter().filter(|topic| facts.deal_of(**topic).is_none());
        topics.chain(&self.overdue).copied().collect()
    }

    /// The open deals that somebody asked to talk about, or that have an overdue action.
    pub fn asked_about(&self, facts: &AgendaFacts) -> BTreeSet<DealNumber> {
        let is_overdue = |matter: &Matter| matches!(matter, Matter::OverdueAction { .. });
        let overdue = self.decisions.iter().filter(|decision| decision.matters.iter().any(is_overdue));
        let topics = self.topics.iter().filter_map(|topic| facts.deal_of(*topic));
        topics.chain(overdue.map(|decision| decision.deal)).collect()
    }
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
        topics: section::topics(facts),
        overdue: section::overdue(facts, today),
        actions: section::actions(facts),
        missed,
        not_held: facts.not_held,
        comp_to_check: levelling(deals(), &facts.comp, today).short.len(),
        mention: section::mentions(facts, &decisions, &stalled, today),
        decisions,
        stalled,
    }
}

#[cfg(test)]
mod tests;
