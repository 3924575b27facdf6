//! A meeting: an occurrence of a review that was started from its agenda's post (DESIGN §6). Which card stands on the
//! post is a state like any other, so that it goes on after a restart and for whoever presses next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::Instant;
use super::agenda::{Agenda, AgendaFacts, Standing};
use super::card::{DealCard, Named};
use super::event::{EventKind, SubjectKind, Tracked};
use super::id::{DealNumber, ItemId, MeetingId, MemberId, ReviewId};
use super::item::ItemCard;
use super::work::Turn;

/// The most cards that a meeting goes through; the rest is picked from a list.
pub const CARDS: usize = 12;
/// The most of them that are no deals: topics and overdue actions come first, and would else crowd the deals out.
const CARDS_BESIDE_DEALS: usize = 6;
/// How long after its time a review can be started, and a meeting goes on that nobody closes.
pub const RUNS_FOR: Duration = Duration::hours(24);
/// How late a review may start and still count as held on time.
const ON_TIME: Duration = Duration::hours(2);

/// The state of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// The id in the workspace.
    pub id: MeetingId,
    /// How many events made this state.
    #[serde(default)]
    pub version: i64,
    /// Of which review.
    pub review: ReviewId,
    /// The occurrence's start, as planned.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub starts_at: Instant,
    /// When somebody started it.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub started_at: Instant,
    /// Who.
    pub started_by: MemberId,
    /// When it ends by itself.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub ends_at: Instant,
    /// What it goes through, in order.
    pub cards: Vec<Card>,
    /// What stands on the post; `None` where there is nothing to go through, and once all is gone through.
    pub shown: Option<Card>,
    /// Who did anything in it.
    pub acted: BTreeSet<MemberId>,
    /// How it ended.
    pub closed: Option<Closed>,
}

/// One thing that a meeting goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Card {
    /// A deal.
    Deal(DealNumber),
    /// A topic or an action.
    Item(ItemId),
}

/// How a meeting ended, and what it came to: the part of the minutes that does not stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// Who closed it; `None` when nobody did and its time was over.
    pub by: Option<MemberId>,
    /// The deals that changed while it ran, the largest first; of one that nobody closed, until somebody last did
    /// something in it.
    pub moved: Vec<Changed>,
    /// Who changed them.
    pub changed_by: BTreeSet<MemberId>,
    /// How many stalls began since the meeting before.
    pub entered: usize,
    /// How many ended.
    pub left: usize,
    /// How many actions were done or dropped since then.
    pub actions_closed: usize,
}

/// How a deal changed while a meeting ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub deal: DealNumber,
    /// How it stood at the start; `None` for one that was recorded in between.
    pub from: Option<Standing>,
    /// How it stood at the end.
    pub to: Standing,
}

impl Changed {
    /// Whether anything of what a review looks at is another one.
    pub fn is_any(&self) -> bool {
        self.from != Some(self.to)
    }
}

impl Meeting {
    /// A meeting that begins now.
    pub fn start(
        id: MeetingId,
        (review, starts_at): (ReviewId, Instant),
        (by, now): (MemberId, Instant),
        cards: Vec<Card>,
    ) -> Meeting {
        Meeting {
            id,
            version: 0,
            review,
            starts_at,
            started_at: now,
            started_by: by,
            ends_at: starts_at.max(now) + RUNS_FOR,
            shown: cards.first().copied(),
            cards,
            acted: BTreeSet::from([by]),
            closed: None,
        }
    }

    /// Whether it goes on.
    pub fn runs(&self) -> bool {
        self.closed.is_none()
    }

    /// The place of the shown card among all; `None` for one that was picked from the rest.
    pub fn place(&self) -> Option<usize> {
        self.cards.iter().position(|card| Some(*card) == self.shown)
    }

    /// The card before or after the shown one: from one that was picked from the rest, and from the end, it goes back
    /// among the cards. `None` is the end.
    pub fn beside(&self, turn: Turn) -> Option<Card> {
        match (turn, self.place()) {
            (Turn::Next, Some(place)) => self.cards.get(place + 1).copied(),
            (Turn::Previous, Some(place)) => self.cards.get(place.saturating_sub(1)).copied(),
            (Turn::Next, None) => None,
            (Turn::Previous, None) => self.cards.last().copied(),
        }
    }

    /// What became of it, as far as that is known.
    pub fn outcome(&self) -> Held {
        let Some(closed) = &self.closed else { return Held::Runs };
        let on_time = self.started_at <= self.starts_at + ON_TIME && closed.by.is_some();
        if on_time || self.acted.len() >= 2 { Held::Yes } else { Held::No }
    }
}

/// Whether a meeting was held: started within two hours of its time and closed, or two people acted in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It was.
    Yes,
    /// It was not.
    No,
    /// It runs.
    Runs,
}

/// How much a deal on an agenda asks for the meeting's time: the more, the earlier it comes among deals of its size.
/// This is the one place that ranks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// It closes this quarter, moved, or has a gap in class or ownership.
    Usual,
    /// It is stalled.
    Stalled,
    /// It needs a decision.
    Decision,
    /// Somebody asked for it, or an action on it is overdue.
    Asked,
}

impl Urgency {
    /// All of them, the most urgent first.
    pub const ALL: [Urgency; 4] = [Urgency::Asked, Urgency::Decision, Urgency::Stalled, Urgency::Usual];

    /// What its amount is multiplied by.
    pub fn weight(self) -> i64 {
        match self {
            Urgency::Usual => 1,
            Urgency::Stalled => 2,
            Urgency::Decision => 3,
            Urgency::Asked => 4,
        }
    }
}

/// What an agenda gives a meeting to go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The cards, in order.
    pub cards: Vec<Card>,
    /// The rest, the most pressing first.
    pub rest: Vec<Card>,
}

/// Ranks what is on an agenda. Topics and overdue actions that are about no deal come first, up to half of the cards.
/// Deals follow by amount × [`Urgency::weight`], those of one owner together, in the place of the most pressing of them.
pub fn ranked(agenda: &Agenda, facts: &AgendaFacts) -> Ranked {
    let mut others: Vec<Card> = agenda.beside_deals(facts).into_iter().map(Card::Item).collect();
    let mut deals = deals_by_weight(agenda, facts);
    let rest_of_others = others.split_off(others.len().min(CARDS_BESIDE_DEALS));
    let rest_of_deals = deals.split_off(deals.len().min(CARDS - others.len()));
    let mut cards = others;
    cards.extend(by_owner(&deals, facts).into_iter().map(Card::Deal));
    let rest = rest_of_others.into_iter().chain(rest_of_deals.into_iter().map(Card::Deal)).collect();
    Ranked { cards, rest }
}

fn deals_by_weight(agenda: &Agenda, facts: &AgendaFacts) -> Vec<DealNumber> {
    let mut urgency: BTreeMap<DealNumber, Urgency> = BTreeMap::new();
    let mut note = |deal: DealNumber, with: Urgency| {
        let known = urgency.entry(deal).or_insert(with);
        *known = (*known).max(with);
    };
    agenda.closing.iter().for_each(|deal| note(*deal, Urgency::Usual));
    agenda.moved.iter().for_each(|moved| note(moved.deal, Urgency::Usual));
    agenda.gaps.iter().for_each(|gaps| note(gaps.deal, Urgency::Usual));
    agenda.stalled.iter().for_each(|stalled| note(stalled.deal, Urgency::Stalled));
    agenda.decisions.iter().for_each(|decision| note(decision.deal, Urgency::Decision));
    agenda.asked_about(facts).into_iter().for_each(|deal| note(deal, Urgency::Asked));
    let open = |deal: &DealNumber| facts.open.contains_key(deal);
    let mut deals: Vec<(DealNumber, Urgency)> = urgency.into_iter().filter(|(deal, _)| open(deal)).collect();
    let amount = |deal: &DealNumber| facts.card(*deal).and_then(|card| card.deal.amount).unwrap_or(0);
    deals.sort_by_key(|(deal, urgency)| {
        let weighed = i128::from(amount(deal)) * i128::from(urgency.weight());
        (Reverse(weighed), Reverse(*urgency), *deal)
    });
    deals.into_iter().map(|(deal, _)| deal).collect()
}

/// Deals with those of one owner together, owners in the order of their first deal.
fn by_owner(deals: &[DealNumber], facts: &AgendaFacts) -> Vec<DealNumber> {
    let owner = |deal: &DealNumber| facts.card(*deal).map(|card| card.deal.owner);
    let mut owners: Vec<Option<MemberId>> = Vec::new();
    for deal in deals {
        if !owners.contains(&owner(deal)) {
            owners.push(owner(deal));
        }
    }
    owners.iter().flat_map(|of| deals.iter().filter(move |deal| owner(deal) == *of)).copied().collect()
}

/// A meeting as people read it.
#[derive(Debug, Clone)]
pub struct MeetingCard {
    /// The meeting.
    pub meeting: Meeting,
    /// The review's name.
    pub review: String,
    /// The partner that the review is about.
    pub partner: Option<String>,
    /// Everybody whom it names.
    pub people: BTreeMap<MemberId, Named>,
    /// What was decided in it, in order.
    pub decisions: Vec<ItemCard>,
    /// Who does what by when, in order.
    pub actions: Vec<ItemCard>,
    /// The topics that it went through.
    pub topics: Vec<ItemCard>,
    /// The deals that it names, by number.
    pub deals: BTreeMap<DealNumber, DealCard>,
}

impl Tracked for Meeting {
    const KIND: SubjectKind = SubjectKind::Meeting;

    fn id(&self) -> i64 {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, _: EventKind, _: Instant) {
        self.version = version;
    }
}

#[cfg(test)]
mod tests;
