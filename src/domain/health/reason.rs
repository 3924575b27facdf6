//! The reasons, from the deals and what became of meetings and stalls.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{DEALS_NEEDED, MEETINGS_NEEDED, Measure, Part, Reason, ReasonKind, Spread};
use crate::domain::Instant;
use crate::domain::attribution::{Timeliness, timeliness};
use crate::domain::cadence::{Meetings, Stalls};
use crate::domain::calendar::Calendar;
use crate::domain::claim::unconfirmed_since;
use crate::domain::deal::{Deal, Role};
use crate::domain::figure::Figure;
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::incentive::{Comp, parity};
use crate::domain::motion::Motions;
use crate::domain::number::Share;
use crate::domain::period::Period;

/// Quarters that a verdict looks back over, as win rate and cycle do.
const QUARTERS: u32 = 4;

/// What the reasons are reckoned from.
#[derive(Debug, Clone)]
pub struct HealthFacts<'f> {
    /// Which quarter is asked about.
    pub period: Period,
    /// All of the program, or one partner's part.
    pub of: Share,
    /// Open deals, and those won since the beginning of [`window`].
    pub deals: Vec<Deal>,
    /// Who has left.
    pub gone: BTreeSet<MemberId>,
    /// What became of the reviews' meetings over the window.
    pub meetings: Vec<Meetings>,
    /// How stalls of deals of this part came and went over it.
    pub stalls: Stalls,
    /// What reps are paid by; `None` for whoever may not know what comes of it.
    pub comp: Option<&'f Comp>,
    /// The play.
    pub motions: &'f Motions,
    /// What days are counted by.
    pub calendar: &'f Calendar,
    /// When.
    pub now: Instant,
}

/// The stretch of days over which won deals count: the quarter and the three before it.
pub fn window(period: &Period) -> Period {
    Period { start: period.back(QUARTERS - 1).start, ..*period }
}

/// The reasons for a verdict, in the order of [`ReasonKind::ALL`]: without the spread over partners where it is about
/// one, and without what is only known as of now where the quarter is over.
pub fn reasons(facts: &HealthFacts) -> Vec<Reason> {
    let deals = facts.counted();
    let partners = (facts.of == Share::Whole).then(|| spread(ReasonKind::Partners, &deals, 1, |deal| deal.partner));
    let now = |reason: fn(&HealthFacts, &[&Deal]) -> Reason| (!facts.is_over()).then(|| reason(facts, &deals));
    let all = [
        Some(spread(ReasonKind::Reps, &deals, 2, |deal| deal.owner)),
        partners,
        Some(motion(facts, &deals)),
        now(unowned),
        Some(confirmed(facts, &deals)),
        Some(on_time(facts, &deals)),
        Some(reviews(&facts.meetings)),
        now(stalled),
        Some(cleared(&facts.stalls)),
        now(pay).filter(|_| facts.comp.is_some()),
    ];
    all.into_iter().flatten().collect()
}

/// The partner that brings most of what is spread over partners.
pub fn top_partner(facts: &HealthFacts) -> Option<PartnerId> {
    ranked(&facts.counted(), |deal| deal.partner).into_iter().next().map(|(partner, _)| partner)
}

impl HealthFacts<'_> {
    fn is_over(&self) -> bool {
        self.period.end < self.calendar.day(self.now)
    }

    /// The deals that count, the largest first: of the part, won within the window, or open while the quarter runs or lies
    /// ahead.
    fn counted(&self) -> Vec<&Deal> {
        let window = window(&self.period);
        let is_won = |deal: &Deal| deal.is_won() && deal.closed_on.is_some_and(|day| window.contains(day));
        let counts = |deal: &&Deal| self.of.holds(deal) && (is_won(deal) || (deal.is_open() && !self.is_over()));
        let mut deals: Vec<&Deal> = self.deals.iter().filter(counts).collect();
        deals.sort_by_key(|deal| (Reverse(deal.amount), deal.number));
        deals
    }
}

/// Who brings how much, the most first.
fn ranked<K: Ord + Copy>(deals: &[&Deal], by: impl Fn(&Deal) -> K) -> Vec<(K, i64)> {
    let mut amounts: BTreeMap<K, i64> = BTreeMap::new();
    for deal in deals {
        let amount = amounts.entry(by(deal)).or_default();
        *amount = amount.saturating_add(deal.amount.unwrap_or(0));
    }
    let mut ranked: Vec<(K, i64)> = amounts.into_iter().collect();
    ranked.sort_by_key(|(key, amount)| (Reverse(*amount), *key));
    ranked
}

/// How deals are spread; those of the first few are told apart from the others'.
fn spread<K: Ord + Copy>(kind: ReasonKind, deals: &[&Deal], first: usize, by: impl Fn(&Deal) -> K) -> Reason {
    let priced: Vec<&Deal> =
        deals.iter().copied().filter(|deal| deal.amount.is_some_and(|amount| amount > 0)).collect();
    let ranked = ranked(&priced, &by);
    let top: Vec<K> = ranked.iter().take(first).map(|(key, _)| *key).collect();
    let spread = Spread::of(ranked.iter().map(|(_, amount)| *amount)).map(Measure::Spread);
    split(kind, priced.into_iter().map(|deal| (deal, !top.contains(&by(deal)))), |_, of| spread_of(spread, of))
}

fn spread_of(spread: Option<Measure>, of: usize) -> Figure<Measure> {
    spread.map_or(Figure::NotEnough { have: 0, need: DEALS_NEEDED }, |spread| enough(of, DEALS_NEEDED, spread))
}

/// A figure where there is enough to go by.
fn enough(have: usize, need: u32, measure: Measure) -> Figure<Measure> {
    match u32::try_from(have).unwrap_or(u32::MAX) {
        have if have < need => Figure::NotEnough { have, need },
        _ => Figure::Known(measure),
    }
}

/// A reason from its deals, each with whether it is as it should be; `measure` takes how many are, and of how many.
fn split<'d>(
    kind: ReasonKind,
    judged: impl Iterator<Item = (&'d Deal, bool)>,
    measure: impl Fn(usize, usize) -> Figure<Measure>,
) -> Reason {
    let (holding, failing): (Vec<_>, Vec<_>) = judged.map(|(deal, holds)| (deal.number, holds)).partition(|d| d.1);
    let numbers = |deals: Vec<(DealNumber, bool)>| deals.into_iter().map(|(number, _)| number).collect::<Vec<_>>();
    let measure = measure(holding.len(), holding.len() + failing.len());
    Reason { kind, measure, holding: numbers(holding), failing: numbers(failing) }
}

/// How many are as they should be.
fn share(part: usize, of: usize) -> Figure<Measure> {
    enough(of, DEALS_NEEDED, Measure::Part(Part::of(part, of)))
}

fn motion(facts: &HealthFacts, deals: &[&Deal]) -> Reason {
    let judged = deals.iter().filter_map(|deal| Some((*deal, deal.ran_motion(facts.motions.of(deal))?)));
    split(ReasonKind::Motion, judged, share)
}

/// How many are unowned, from one open deal on: the figure is those that are not as they should be.
fn unowned(facts: &HealthFacts, deals: &[&Deal]) -> Reason {
    let open = deals.iter().filter(|deal| deal.is_open());
    let judged = open.map(|deal| (*deal, !facts.gone.contains(&deal.owner)));
    split(ReasonKind::Unowned, judged, |owned, of| enough(of, 1, Measure::Part(Part::of(of - owned, of))))
}

/// A claim counts once it is confirmed, or has waited for so long that it is a gap.
fn confirmed(facts: &HealthFacts, deals: &[&Deal]) -> Reason {
    let judged = deals.iter().filter(|deal| deal.role != Role::Undecided).filter_map(|deal| {
        let confirmed = deal.claim.confirmed.is_some();
        let is_due = confirmed || unconfirmed_since(deal, facts.calendar, facts.now).is_some();
        is_due.then_some((*deal, confirmed))
    });
    split(ReasonKind::Confirmed, judged, share)
}

/// A class that can still be settled on time doesn't count yet.
fn on_time(facts: &HealthFacts, deals: &[&Deal]) -> Reason {
    let today = facts.calendar.day(facts.now);
    let judged = deals.iter().filter_map(|deal| match timeliness(deal, facts.calendar, today) {
        Timeliness::OnTime => Some((*deal, true)),
        Timeliness::Late | Timeliness::Overdue => Some((*deal, false)),
        Timeliness::Open { .. } => None,
    });
    split(ReasonKind::OnTime, judged, share)
}

fn reviews(meetings: &[Meetings]) -> Reason {
    let sum = |figure: fn(&Meetings) -> usize| meetings.iter().map(figure).sum::<usize>();
    let measure = Measure::Meetings {
        held: sum(|m| m.held),
        not_held: sum(|m| m.not_held.len()),
        missed: sum(|m| m.missed.len()),
        skipped: sum(|m| m.skipped),
    };
    let measure = enough(sum(Meetings::told), MEETINGS_NEEDED, measure);
    Reason { kind: ReasonKind::Reviews, measure, holding: Vec::new(), failing: Vec::new() }
}

fn stalled(facts: &HealthFacts, deals: &[&Deal]) -> Reason {
    let running: BTreeSet<DealNumber> = facts.stalls.running.iter().copied().collect();
    let open = deals.iter().filter(|deal| deal.is_open());
    let judged = open.map(|deal| (*deal, !running.contains(&deal.number)));
    let measure = |moving, of| enough(of, DEALS_NEEDED, Measure::Part(Part::of(of - moving, of)));
    split(ReasonKind::Stalled, judged, measure)
}

fn cleared(stalls: &Stalls) -> Reason {
    let mut holding = stalls.left.clone();
    holding.sort_unstable();
    holding.dedup();
    Reason { kind: ReasonKind::ToClear, measure: to_clear(stalls), holding, failing: Vec::new() }
}

/// Of the deals that the leads' list to level is about: the open ones, and those won in the running quarter.
fn pay(facts: &HealthFacts, deals: &[&Deal]) -> Reason {
    let today = facts.calendar.day(facts.now);
    let won_since = facts.calendar.period(today).start;
    let listed = deals.iter().filter(|deal| deal.closed_on.is_none_or(|won| won >= won_since));
    let judged = listed.filter_map(|deal| Some((*deal, parity(deal, facts.comp?, today)?.passes())));
    split(ReasonKind::Pay, judged, |passing, of| enough(of, 1, Measure::Part(Part::of(of - passing, of))))
}

/// The median time to clear as a measure.
fn to_clear(stalls: &Stalls) -> Figure<Measure> {
    match stalls.to_clear {
        Figure::Known(days) => Figure::Known(Measure::Days(days)),
        Figure::NotEnough { have, need } => Figure::NotEnough { have, need },
    }
}
