//! What belongs to each section of the agenda, and in which order.

use std::cmp::Reverse;

use super::*;
use crate::domain::attribution::settle_by;
use crate::domain::claim::unconfirmed_since;
use crate::domain::deal::Role;
use crate::domain::item::Item;
use crate::domain::registration::is_running_out;

/// Days before it turns late from which an undecided class needs a decision.
const SETTLE_AHEAD: i64 = 3;

pub(super) fn decisions(facts: &AgendaFacts, calendar: &Calendar, today: NaiveDate) -> Vec<Decision> {
    let decision = |card: &DealCard| {
        let matters = matters(facts, card, calendar, today);
        (!matters.is_empty()).then_some(Decision { deal: card.deal.number, matters })
    };
    let mut decisions: Vec<Decision> = facts.open.values().filter_map(decision).collect();
    decisions.sort_by_key(|decision| (rank(decision.matters[0]), size(facts, decision.deal)));
    decisions
}

fn matters(facts: &AgendaFacts, card: &DealCard, calendar: &Calendar, today: NaiveDate) -> Vec<Matter> {
    let deal = &card.deal;
    let before = facts.before.get(&deal.number);
    let overdue = overdue_on(facts, deal.number, today);
    let matters = [
        third_level(running_episode(facts, deal), calendar, today),
        card.owner.gone.then_some(Matter::Unowned),
        deal.pass_asked.as_ref().map(|asked| Matter::PassAsked { to: asked.to }),
        before.and_then(|before| amount_down(before, deal)),
        before.and_then(|before| close_left(before, deal, calendar, facts.since.at())),
        undecided(deal, calendar, today),
    ];
    matters.into_iter().flatten().chain(overdue.map(|action| Matter::OverdueAction { action })).collect()
}

fn third_level(episode: Option<&Episode>, calendar: &Calendar, today: NaiveDate) -> Option<Matter> {
    let episode = episode.filter(|episode| episode.level == Level::Third)?;
    Some(Matter::ThirdLevel { days: days_stalled(episode, calendar, today) })
}

fn amount_down(before: &Standing, deal: &Deal) -> Option<Matter> {
    let (from, to) = (before.amount?, deal.amount?);
    let by_a_quarter = i128::from(to) * 4 <= i128::from(from) * 3;
    (to < from && by_a_quarter).then_some(Matter::AmountDown { from, to })
}

fn close_left(before: &Standing, deal: &Deal, calendar: &Calendar, since: Instant) -> Option<Matter> {
    let (from, to) = (before.close?, deal.close?);
    let end = calendar.period(from).end;
    (end < to && end >= calendar.day(since)).then_some(Matter::CloseLeft { from, to })
}

fn undecided(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Option<Matter> {
    let days_left = (settle_by(deal, calendar) - today).num_days();
    let pressing = deal.role == Role::Undecided && days_left <= SETTLE_AHEAD;
    pressing.then_some(Matter::Undecided { days_left })
}

/// The place of a matter, whatever its figures.
fn rank(matter: Matter) -> u8 {
    match matter {
        Matter::ThirdLevel { .. } => 0,
        Matter::Unowned => 1,
        Matter::PassAsked { .. } => 2,
        Matter::AmountDown { .. } => 3,
        Matter::CloseLeft { .. } => 4,
        Matter::Undecided { .. } => 5,
        Matter::OverdueAction { .. } => 6,
    }
}

/// The overdue actions on a deal.
fn overdue_on(facts: &AgendaFacts, deal: DealNumber, today: NaiveDate) -> impl Iterator<Item = ItemId> + '_ {
    let items = facts.items.values().map(|card| &card.item);
    items.filter(move |item| item.deal == Some(deal) && item.is_overdue(today)).map(|item| item.id)
}

pub(super) fn topics(facts: &AgendaFacts) -> Vec<ItemId> {
    facts.items.values().filter(|card| card.item.is_topic()).map(|card| card.item.id).collect()
}

pub(super) fn overdue(facts: &AgendaFacts, today: NaiveDate) -> Vec<ItemId> {
    let alone = |item: &ItemId| facts.deal_of(*item).is_none();
    actions(facts).into_iter().filter(alone).filter(|item| facts.items[item].item.is_overdue(today)).collect()
}

pub(super) fn actions(facts: &AgendaFacts) -> Vec<ItemId> {
    let mut actions: Vec<&ItemCard> = facts.items.values().filter(|card| card.item.due().is_some()).collect();
    actions.sort_by_key(|card| (card.item.due(), card.item.id));
    actions.into_iter().map(|card| card.item.id).collect()
}

pub(super) fn stalled(facts: &AgendaFacts, calendar: &Calendar, today: NaiveDate) -> Vec<Stalled> {
    let stalled = facts.open.values().filter(|card| !card.reasons.is_empty()).map(|card| {
        let episode = running_episode(facts, &card.deal);
        Stalled {
            deal: card.deal.number,
            level: episode.map(|episode| episode.level),
            days: episode.map_or(0, |episode| days_stalled(episode, calendar, today)),
            reasons: card.reasons.clone(),
        }
    });
    let mut stalled: Vec<Stalled> = stalled.collect();
    stalled.sort_by_key(|stalled| (Reverse(stalled.level), Reverse(stalled.days), size(facts, stalled.deal)));
    stalled
}

pub(super) fn closing(facts: &AgendaFacts, period: &Period, today: NaiveDate) -> Vec<DealNumber> {
    let closing = facts.open.values().map(|card| &card.deal).filter(|deal| closes_in(deal, period, today));
    let mut closing: Vec<&Deal> = closing.collect();
    closing.sort_by_key(|deal| (deal.close, size(facts, deal.number)));
    closing.into_iter().map(|deal| deal.number).collect()
}

pub(super) fn moved(facts: &AgendaFacts) -> Vec<Moved> {
    let cards = facts.closed.values().chain(facts.open.values());
    let moved =
        cards.filter_map(|card| Some(Moved { deal: card.deal.number, what: what_happened(facts, &card.deal)? }));
    let mut moved: Vec<Moved> = moved.collect();
    moved.sort_by_key(|moved| (place(moved.what), size(facts, moved.deal)));
    moved
}

fn what_happened(facts: &AgendaFacts, deal: &Deal) -> Option<Move> {
    let before = facts.before.get(&deal.number).map(|before| before.stage);
    match before {
        _ if !deal.counts() => None,
        _ if deal.is_won() => Some(Move::Won),
        _ if !deal.is_open() => Some(Move::Lost),
        _ if deal.created_at > facts.since.at() => Some(Move::New),
        Some(from) if !from.is_open() => Some(Move::Reopened),
        Some(from) if from != deal.stage => Some(Move::Stage { from, to: deal.stage }),
        _ => None,
    }
}

/// The place of a move, whatever its stages.
fn place(what: Move) -> u8 {
    match what {
        Move::Won => 0,
        Move::Lost => 1,
        Move::Reopened => 2,
        Move::Stage { .. } => 3,
        Move::New => 4,
    }
}

pub(super) fn gaps(facts: &AgendaFacts, calendar: &Calendar) -> Vec<Gaps> {
    let with_gaps = facts.open.values().filter_map(|card| {
        let gaps = gaps_of(card, calendar, facts.now);
        (!gaps.is_empty()).then_some(Gaps { deal: card.deal.number, gaps })
    });
    let mut with_gaps: Vec<Gaps> = with_gaps.collect();
    with_gaps.sort_by_key(|gaps| (gaps.gaps[0], size(facts, gaps.deal)));
    with_gaps
}

fn gaps_of(card: &DealCard, calendar: &Calendar, now: Instant) -> Vec<Gap> {
    let deal = &card.deal;
    let undecided = deal.role == Role::Undecided;
    let ends = deal.registration.as_ref().filter(|r| is_running_out(r, calendar.day(now)));
    let uncovered = !card.owner.gone && card.cover.as_ref().is_some_and(|cover| cover.gone);
    let gaps = [
        card.owner.gone.then_some(Gap::Unowned),
        uncovered.then_some(Gap::Uncovered),
        undecided.then(|| Gap::Undecided { until: settle_by(deal, calendar) }),
        (!undecided && deal.evidence.is_none()).then_some(Gap::NoEvidence),
        unconfirmed_since(deal, calendar, now).map(|since| Gap::Unconfirmed { since }),
        ends.map(|registration| Gap::RegistrationEnds { until: registration.until }),
    ];
    gaps.into_iter().flatten().collect()
}

pub(super) fn mentions(facts: &AgendaFacts, decisions: &[Decision], stalled: &[Stalled], today: NaiveDate) -> Mentions {
    let deals = decisions.iter().map(|decision| decision.deal).chain(stalled.iter().map(|stalled| stalled.deal));
    let mut mentions = Mentions::default();
    let overdue = facts.items.values().map(|card| &card.item).filter(|item| item.is_overdue(today));
    mentions.people.extend(overdue.filter_map(Item::assignee));
    for card in deals.filter_map(|deal| facts.open.get(&deal)) {
        match answering_for(card) {
            Some(member) => _ = mentions.people.insert(member),
            None => mentions.lead = true,
        }
    }
    mentions
}

/// Who answers for a deal today, as the card tells. Whether the backup is away too is not asked: two absences at once
/// are the lead's to see to.
fn answering_for(card: &DealCard) -> Option<MemberId> {
    let gone = |member| {
        let named = [Some(&card.owner), card.backup.as_ref(), card.cover.as_ref()];
        named.into_iter().flatten().any(|named| named.member == member && named.gone)
    };
    let backup = card.backup.as_ref().map(|backup| backup.member);
    answering(card.owner.member, backup, |member| match &card.cover {
        _ if gone(member) => Presence::Gone,
        Some(cover) if member == card.owner.member => Presence::Away { cover: cover.member },
        _ => Presence::Here,
    })
}

fn running_episode<'f>(facts: &'f AgendaFacts, deal: &Deal) -> Option<&'f Episode> {
    facts.episodes.get(&deal.number).filter(|episode| episode.is_open())
}

fn days_stalled(episode: &Episode, calendar: &Calendar, today: NaiveDate) -> u32 {
    calendar.business_days_between(calendar.day(episode.opened_at), today)
}

/// Sorts the largest amount first, deals without one last, and equal ones by their number.
fn size(facts: &AgendaFacts, deal: DealNumber) -> (Reverse<Option<i64>>, DealNumber) {
    (Reverse(facts.card(deal).and_then(|card| card.deal.amount)), deal)
}
