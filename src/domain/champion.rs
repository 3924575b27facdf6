//! Champions: who carries how much of the open pipeline and of what was won, and what each departure would leave of the
//! number's coverage (`/program champions`).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::card::Named;
use super::deal::{Deal, Role};
use super::departure::{Departure, Stake, departures};
use super::forecast::{ByRole, Sum, closing};
use super::health::{Part, Spread};
use super::id::{MemberId, PartnerId};
use super::motion::Motions;
use super::number::{Entry, Number};
use super::overview::Tally;
use super::partner::Partner;
use super::period::Period;

/// What champions are reckoned from.
#[derive(Debug, Clone)]
pub struct ChampionFacts<'f> {
    /// All open deals.
    pub open: &'f [Deal],
    /// What was booked over the window that wins are told of.
    pub entries: &'f [Entry],
    /// All partners.
    pub partners: &'f [Partner],
    /// The number of the quarter that coverage is told of.
    pub number: Number,
    /// The play.
    pub motions: &'f Motions,
    /// Today.
    pub today: chrono::NaiveDate,
}

/// What one member carries, and what goes at risk with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Champion {
    /// What goes at risk: their open deals, and the partners that nobody else knows.
    pub departure: Departure,
    /// What they won, sourced; closed credit stays when they leave.
    pub won: Tally,
    /// Their open deals by partner, the largest amount first.
    pub partners: Vec<(PartnerId, i64)>,
    /// The number's coverage in hundredths without their deals; `None` where there is none with them either.
    pub coverage: Option<i64>,
}

/// All who carry anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Champions {
    /// Open deals.
    pub open: Tally,
    /// Won, sourced.
    pub won: Tally,
    /// How the open pipeline is spread; `None` while nothing open has an amount.
    pub spread: Option<Spread>,
    /// The number that coverage is told of.
    pub number: Number,
    /// The largest part of the open pipeline first, then of what was won.
    pub all: Vec<Champion>,
}

/// Who carries what. `is_there` tells who has not left.
pub fn champions(facts: &ChampionFacts, is_there: impl Fn(MemberId) -> bool) -> Champions {
    let stakes: Vec<Stake> = facts.open.iter().map(Stake::from).collect();
    let won = won_by(facts.entries);
    let mut departures = departures(&stakes, facts.partners, is_there);
    let pipeline = stakes.iter().filter_map(|stake| stake.amount).fold(0, i64::saturating_add);
    let others = won.keys().filter(|member| departures.iter().all(|known| known.member != **member));
    let others: Vec<Departure> = others.map(|member| Departure::none(*member, pipeline)).collect();
    departures.extend(others);
    let own = Own::of(facts.open);
    let champion = |departure: Departure| {
        let member = departure.member;
        Champion {
            won: won.get(&member).copied().unwrap_or_default(),
            partners: own.partners(member),
            coverage: without(&facts.number, own.closing(member, facts)),
            departure,
        }
    };
    let mut all: Vec<Champion> = departures.into_iter().map(champion).filter(|champion| !champion.is_idle()).collect();
    all.sort_by_key(|c| (Reverse((c.departure.amount, c.won.amount, c.departure.deals.len())), c.departure.member));
    Champions {
        open: Tally { deals: stakes.len(), amount: pipeline },
        won: won.values().fold(Tally::default(), |sum, won| add(sum, *won)),
        spread: Spread::of(all.iter().map(|champion| champion.departure.amount)),
        number: facts.number,
        all,
    }
}

impl Champion {
    /// Whether they carry nothing.
    fn is_idle(&self) -> bool {
        self.departure.is_harmless() && self.won == Tally::default()
    }

    /// Their part of the open pipeline.
    pub fn open(&self) -> Part {
        Part { part: self.departure.amount, of: self.departure.pipeline }
    }
}

fn add(sum: Tally, own: Tally) -> Tally {
    Tally { deals: sum.deals + own.deals, amount: sum.amount.saturating_add(own.amount) }
}

/// What each member won, sourced, with what was adjusted of it since.
fn won_by(entries: &[Entry]) -> BTreeMap<MemberId, Tally> {
    let mut deals: BTreeMap<MemberId, (i64, i64)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.role == Role::Sourced) {
        let own = deals.entry(entry.owner).or_default();
        *own = (own.0 + i64::from(entry.deals), own.1.saturating_add(entry.amount));
    }
    let tally = |(deals, amount): (i64, i64)| Tally { deals: usize::try_from(deals).unwrap_or(0), amount };
    deals.into_iter().map(|(member, won)| (member, tally(won))).collect()
}

/// The coverage that is left without some of the deals that close.
fn without(number: &Number, closing: Sum) -> Option<i64> {
    let sourced = number.closing.sourced.without(&closing);
    Number { closing: ByRole { sourced, ..number.closing }, ..*number }.coverage()
}

/// Open deals by who owns them.
struct Own<'d> {
    deals: BTreeMap<MemberId, Vec<&'d Deal>>,
}

impl<'d> Own<'d> {
    fn of(open: &'d [Deal]) -> Own<'d> {
        let mut deals: BTreeMap<MemberId, Vec<&Deal>> = BTreeMap::new();
        open.iter().for_each(|deal| deals.entry(deal.owner).or_default().push(deal));
        Own { deals }
    }

    fn by(&self, member: MemberId) -> &[&'d Deal] {
        self.deals.get(&member).map_or(&[], Vec::as_slice)
    }

    fn partners(&self, member: MemberId) -> Vec<(PartnerId, i64)> {
        let mut amounts: BTreeMap<PartnerId, i64> = BTreeMap::new();
        for deal in self.by(member) {
            let amount = amounts.entry(deal.partner).or_default();
            *amount = amount.saturating_add(deal.amount.unwrap_or(0));
        }
        let mut partners: Vec<(PartnerId, i64)> = amounts.into_iter().collect();
        partners.sort_by_key(|(partner, amount)| (Reverse(*amount), *partner));
        partners
    }

    fn closing(&self, member: MemberId, facts: &ChampionFacts) -> Sum {
        let own = self.by(member).iter().copied();
        closing(own, facts.motions, &facts.number.period, facts.today).sourced
    }
}

/// Champions as `/program champions` shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChampionsCard {
    /// Which quarter was asked about.
    pub period: Period,
    /// Since when wins are told of.
    pub window: Period,
    /// The figures, but for those who carry them.
    pub champions: Champions,
    /// Who they are, in the order of [`Champions::all`].
    pub people: Vec<Named>,
    /// The names of partners.
    pub partners: BTreeMap<PartnerId, String>,
}

impl ChampionsCard {
    /// Everybody with who they are.
    pub fn rows(&self) -> impl Iterator<Item = (&Named, &Champion)> {
        self.people.iter().zip(&self.champions.all)
    }

    /// The name of a partner.
    pub fn partner(&self, id: PartnerId) -> &str {
        self.partners.get(&id).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests;
