//! Read models of a handover: what is on its way to whom, with the names that people read. No words, no rules.

use chrono::NaiveDate;

use super::{Answer, Handover, What, Why};
use crate::domain::card::{DealCard, Named, Names};
use crate::domain::departure::Departure;
use crate::domain::event::Event;
use crate::domain::id::HandoverId;
use crate::domain::item::ItemCard;
use crate::domain::partner::Contact;
use crate::domain::period::Period;

/// What goes at risk, and one page of who would get what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanCard {
    /// Who leaves.
    pub leaver: Named,
    /// What goes at risk.
    pub departure: Departure,
    /// The number, where it is theirs.
    pub number: Option<Owned>,
    /// How many open actions they have, with those that go along with deals.
    pub actions: usize,
    /// The names of the partners that nobody else knows.
    pub sole_contacts: Vec<String>,
    /// One page of what is to go to whom.
    pub lines: Vec<Line>,
    /// How many there are on all pages.
    pub total: usize,
    /// How many more are on their way already, by a handover that runs.
    pub underway: usize,
}

/// One thing of a handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub what: What,
    /// As people read it.
    pub shown: Shown,
    /// The open actions that go along with a deal.
    pub along: Vec<ItemCard>,
    /// To whom; `None` when nobody is there for it.
    pub to: Option<Named>,
    /// Why to them.
    pub why: Why,
    /// Where it stands.
    pub answer: Answer,
}

/// A thing of a handover as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The number.
    Number(Owned),
    /// A deal.
    Deal(Box<DealCard>),
    /// The backup's role on a deal.
    Backup(Box<DealCard>),
    /// The manager's role of a partner.
    Manager(String),
    /// Covering for somebody.
    Cover(Named),
    /// An action.
    Action(Box<ItemCard>),
    /// It is not there any more.
    Gone,
}

/// The number of the running quarter, as whoever owns it answers for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Which quarter.
    pub period: Period,
    /// What should be won, in minor units; `None` when nobody has set it.
    pub target: Option<i64>,
    /// Sourced won so far.
    pub won: i64,
}

/// What nobody answers for since its owner has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownerless {
    /// Who has left.
    pub owner: Named,
    /// Their open deals.
    pub deals: Vec<DealCard>,
    /// The number, where it is theirs.
    pub number: Option<Owned>,
    /// The names of the partners that they manage.
    pub partners: Vec<String>,
    /// How many open actions they have.
    pub actions: usize,
}

impl Ownerless {
    /// Whether there is nothing that a lead has to hand over.
    pub fn is_empty(&self) -> bool {
        self.deals.is_empty() && self.number.is_none() && self.partners.is_empty() && self.actions == 0
    }
}

/// A handover that was started, and one page of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCard {
    /// Its state.
    pub handover: Handover,
    /// Who leaves.
    pub leaver: Named,
    /// Who started it.
    pub lead: Named,
    /// From when on answers are overdue.
    pub due: Option<NaiveDate>,
    /// One page of its items.
    pub lines: Vec<Line>,
    /// How many there are on all pages.
    pub total: usize,
}

/// What a recipient reads of one item before they say yes or no.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// The item.
    pub line: Line,
    /// The people on the partner's side.
    pub contacts: Vec<Contact>,
    /// What happened to the deal, oldest first.
    pub events: Vec<Event>,
    /// The names behind the events.
    pub names: Names,
}

/// What a recipient is asked, or told.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// Who leaves.
    pub leaver: Named,
    /// Who started it.
    pub lead: Named,
    /// Who is asked.
    pub to: Named,
    /// What the lead said along with it.
    pub note: Option<String>,
    /// From when on it can be assigned without an answer.
    pub due: Option<NaiveDate>,
    /// What waits for an answer.
    pub asked: Vec<Line>,
    /// What was assigned without one.
    pub assigned: Vec<Line>,
    /// The briefs of the first that wait.
    pub briefs: Vec<Brief>,
}

/// What a recipient declined, for the leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// What.
    pub line: Line,
    /// Who leaves.
    pub leaver: Named,
    /// Who has it until somebody else is found.
    pub holder: Named,
    /// Who said no.
    pub by: Named,
}

/// A handover that needs its lead, for their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// Which.
    pub handover: HandoverId,
    /// Who leaves.
    pub leaver: Named,
    /// How many answers are missing and overdue.
    pub waiting: usize,
    /// How many things were declined and wait for somebody else.
    pub declined: usize,
}
