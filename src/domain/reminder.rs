//! Read models of a digest: who is told of which stalled deals, and of what else rides there. No words, no rules.

use super::Instant;
use super::card::{DealCard, Named};
use super::deal::Deal;
use super::handover::view::Overdue;
use super::id::{MemberId, PartnerId, RoleId};
use super::incentive::Parity;
use super::item::ItemCard;
use super::ladder::Level;
use super::review::Review;

/// What one person is told, in a message that others may share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Who.
    pub person: Named,
    /// Of which deals, the most pressing first.
    pub told: Vec<Told>,
    /// Actions that are due.
    pub actions: Vec<ActionTold>,
    /// Deals whose class is to be settled.
    pub gaps: Vec<GapTold>,
    /// Deals whose registration runs out.
    pub registrations: Vec<GapTold>,
    /// What was asked about claims of theirs.
    pub questions: Vec<QuestionTold>,
    /// How many claims wait for them, where one of these is new.
    pub claims: usize,
    /// Reviews that are coming, for which the person's deals are to be brought up to date.
    pub collections: Vec<Collection>,
    /// Handovers of theirs with overdue answers.
    pub handovers: Vec<Overdue>,
    /// Deals of theirs that pay them another sum now. Said in full only where nobody else reads it.
    pub pay: Vec<PayTold>,
}

impl Reminder {
    /// Whether there is nothing to tell any more.
    pub fn is_empty(&self) -> bool {
        let deals = self.told.len() + self.gaps.len() + self.registrations.len() + self.questions.len();
        let beside = self.actions.len() + self.claims + self.collections.len() + self.handovers.len() + self.pay.len();
        deals + beside == 0
    }
}

/// One stalled deal that somebody is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The deal with its reasons.
    pub card: DealCard,
    /// The level that this reminder is of; `None` where it is named for a review that is coming.
    pub level: Option<Level>,
    /// Why this person.
    pub part: Part,
}

/// A claim that was sent back to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionTold {
    /// The deal.
    pub card: DealCard,
    /// Of which partner's role.
    pub partner: PartnerId,
}

/// One deal with an undecided class, or with a registration that runs out, that somebody is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapTold {
    /// The deal; its timeliness says until when settling its class is on time.
    pub card: DealCard,
    /// Why this person.
    pub part: Part,
}

/// One action that somebody is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionTold {
    /// The action.
    pub card: ItemCard,
    /// Why this person: they have it to do, or stand in for whoever has.
    pub part: Part,
}

/// One deal that pays its owner another sum than they were told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayTold {
    /// The deal.
    pub card: DealCard,
    /// What it pays.
    pub parity: Parity,
}

/// Why somebody is told of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// They own it.
    Owner,
    /// They stand in for its owner, who is away or has left.
    StandIn,
    /// They back it up, and its owner is told too.
    Backup,
}

impl Part {
    /// Of whoever answers for a deal today.
    pub fn of(member: MemberId, deal: &Deal) -> Part {
        if deal.owner == member { Part::Owner } else { Part::StandIn }
    }
}

/// A review for which owners are asked to bring their deals up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Which.
    pub review: Review,
    /// When it meets.
    pub starts_at: Instant,
    /// How many stalled deals of the person's are on its agenda.
    pub deals: usize,
}

/// How the leads' line names the lead role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadRole {
    /// With a ping.
    Pinged(RoleId),
    /// Without one: somebody who holds it was pinged by name today.
    Named(RoleId),
}

impl LeadRole {
    /// Which role.
    pub fn id(self) -> RoleId {
        match self {
            LeadRole::Pinged(role) | LeadRole::Named(role) => role,
        }
    }
}

/// What the leads are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadReminder {
    /// The lead role, where it can be pinged.
    pub role: Option<LeadRole>,
    /// Who owns the number; named, and pinged by nothing but their own line.
    pub number_owner: Option<Named>,
    /// Deals that have been stalled for long, or that nobody is left to answer for; the most pressing first.
    pub told: Vec<DealCard>,
}
