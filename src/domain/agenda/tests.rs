//! What comes into each section of the agenda, and in which order.

use rstest::rstest;

use super::super::testing::{agenda_facts, at, calendar, card, confirmed, day, deal, named, registration};
use super::*;
use crate::domain::card::Named;
use crate::domain::deal::criteria::PassAsked;
use crate::domain::deal::{Claim, Loss, LossReason, Role};
use crate::domain::episode::Ended;
use crate::domain::id::MemberId;
use crate::domain::stall::Cause;

/// Wednesday, 25 November 2026; the last occurrence was two weeks before.
const NOW: &str = "2026-11-25T09:00:00Z";
const SINCE: &str = "2026-11-11T09:00:00Z";

fn numbered(number: i64) -> Deal {
    Deal { number: DealNumber(number), amount: Some(1_000), stage: Stage::Qualified, claim: confirmed(), ..deal() }
}

fn facts(open: impl IntoIterator<Item = DealCard>) -> AgendaFacts {
    agenda_facts(at(NOW), at(SINCE), open)
}

fn build(facts: &AgendaFacts) -> Agenda {
    agenda(facts, &Motions::default(), &calendar())
}

fn episode(level: Level, opened_at: &str) -> Episode {
    Episode {
        number: 1,
        opened_at: at(opened_at),
        started_by: vec![Cause::NoActivity],
        level,
        level_at: at(opened_at),
        told_at: None,
        ended: None,
        stage_since: at("2026-11-02T10:00:00Z"),
        met_at: None,
        snoozes_before: 0,
    }
}

fn stalled_card(deal: Deal) -> DealCard {
    let reasons = vec![Reason { cause: Cause::NoActivity, days: 12, usual: Some(10) }];
    DealCard { reasons, ..card(deal) }
}

fn before(amount: Option<i64>, close: Option<&str>) -> Standing {
    Standing { stage: Stage::Qualified, amount, close: close.map(day), owner: MemberId(1) }
}

#[test]
fn without_deals_every_section_is_empty() {
    let agenda = build(&facts([]));
    assert_eq!(agenda.period.to_string(), "Q4 FY2026");
    assert_eq!(agenda.forecast, ByRole::default());
    assert!(agenda.decisions.is_empty() && agenda.stalled.is_empty() && agenda.closing.is_empty());
    assert!(agenda.moved.is_empty() && agenda.gaps.is_empty() && agenda.missed.is_empty());
    assert_eq!(agenda.mention, Mentions::default());
}

#[rstest]
#[case::a_quarter_less(Some(1_000), Some(750), true)]
#[case::a_little_less(Some(1_000), Some(751), false)]
#[case::more(Some(1_000), Some(2_000), false)]
#[case::nothing_left(Some(1_000), Some(0), true)]
#[case::was_nothing(Some(0), Some(0), false)]
#[case::first_amount(None, Some(10), false)]
fn an_amount_down_by_a_quarter_needs_a_decision(
    #[case] then: Option<i64>,
    #[case] now: Option<i64>,
    #[case] needed: bool,
) {
    let mut facts = facts([card(Deal { amount: now, ..numbered(1) })]);
    facts.before.insert(DealNumber(1), before(then, None));
    let matter = then.zip(now).map(|(from, to)| Matter::AmountDown { from, to });
    let expected: Vec<Matter> = matter.filter(|_| needed).into_iter().collect();
    let found: Vec<Matter> = build(&facts).decisions.into_iter().flat_map(|decision| decision.matters).collect();
    assert_eq!(found, expected);
}

#[rstest]
#[case::into_the_next_period("2026-12-15", "2027-01-02", true)]
#[case::within_the_period("2026-12-01", "2026-12-31", false)]
#[case::earlier("2027-02-01", "2026-12-31", false)]
#[case::from_the_next_one_on("2027-02-01", "2027-05-01", true)]
#[case::mended_from_a_period_long_over("2026-09-15", "2026-12-15", false)]
fn a_close_that_leaves_its_period_needs_a_decision(#[case] from: &str, #[case] to: &str, #[case] needed: bool) {
    let mut facts = facts([card(Deal { close: Some(day(to)), ..numbered(1) })]);
    facts.before.insert(DealNumber(1), before(Some(1_000), Some(from)));
    let found: Vec<Matter> = build(&facts).decisions.into_iter().flat_map(|decision| decision.matters).collect();
    let expected = Matter::CloseLeft { from: day(from), to: day(to) };
    assert_eq!(found, if needed { vec![expected] } else { vec![] });
}

/// A class that is undecided is on time until day 14.
#[rstest]
#[case::day_10("2026-11-15T10:00:00Z", None)]
#[case::day_11("2026-11-14T10:00:00Z", Some(3))]
#[case::day_14("2026-11-11T10:00:00Z", Some(0))]
#[case::late("2026-11-09T10:00:00Z", Some(-2))]
fn an_undecided_class_needs_a_decision_before_it_is_late(#[case] created: &str, #[case] days_left: Option<i64>) {
    let deal = Deal { role: Role::Undecided, created_at: at(created), ..numbered(1) };
    let agenda = build(&facts([card(deal)]));
    let found: Vec<Matter> = agenda.decisions.into_iter().flat_map(|decision| decision.matters).collect();
    let expected: Vec<Matter> = days_left.map(|days_left| Matter::Undecided { days_left }).into_iter().collect();
    assert_eq!(found, expected);
    assert_eq!(agenda.gaps.len(), 1, "undecided is a gap on any day");
}

#[test]
fn decisions_begin_with_the_third_level_and_the_unowned() {
    let mut unowned = card(numbered(2));
    unowned.owner.gone = true;
    let mut facts = facts([card(numbered(1)), unowned, stalled_card(numbered(3)), card(numbered(4))]);
    facts.before.insert(DealNumber(1), before(Some(9_000), None));
    facts.before.insert(DealNumber(4), before(Some(9_000), None));
    facts.open.get_mut(&DealNumber(4)).expect("D-4").deal.amount = Some(2_000);
    facts.episodes.insert(DealNumber(3), episode(Level::Third, "2026-11-13T00:00:00Z"));
    let decisions = build(&facts).decisions;
    let order: Vec<i64> = decisions.iter().map(|decision| decision.deal.0).collect();
    assert_eq!(order, [3, 2, 4, 1]);
    assert_eq!(decisions[0].matters, [Matter::ThirdLevel { days: 8 }]);
    assert_eq!(decisions[1].matters, [Matter::Unowned]);
}

#[test]
fn an_episode_that_ended_needs_nothing() {
    let mut facts = facts([card(numbered(1))]);
    let ended = Some(Ended { at: at(NOW), count_from: day("2026-11-25"), snoozes: 0 });
    facts.episodes.insert(DealNumber(1), Episode { ended, ..episode(Level::Third, SINCE) });
    let agenda = build(&facts);
    assert!(agenda.decisions.is_empty() && agenda.stalled.is_empty());
}

#[test]
fn the_worst_stall_comes_first() {
    let larger = Deal { amount: Some(5_000), ..numbered(4) };
    let mut facts = facts([numbered(1), numbered(2), numbered(3), larger, numbered(5)].map(stalled_card));
    facts.episodes.insert(DealNumber(1), episode(Level::First, "2026-11-23T00:00:00Z"));
    facts.episodes.insert(DealNumber(2), episode(Level::Second, "2026-11-19T00:00:00Z"));
    facts.episodes.insert(DealNumber(3), episode(Level::First, "2026-11-20T00:00:00Z"));
    facts.episodes.insert(DealNumber(4), episode(Level::First, "2026-11-23T00:00:00Z"));
    let stalled = build(&facts).stalled;
    let order: Vec<_> = stalled.iter().map(|stalled| (stalled.deal.0, stalled.days)).collect();
    assert_eq!(order, [(2, 4), (3, 3), (4, 2), (1, 2), (5, 0)], "and last the one that has no episode yet");
    assert_eq!(stalled[0].reasons[0].cause, Cause::NoActivity);
}

#[test]
fn closing_is_sorted_by_day_and_size() {
    let closing =
        |number, close, amount| card(Deal { close: Some(day(close)), amount: Some(amount), ..numbered(number) });
    let agenda = build(&facts([
        closing(1, "2026-12-20", 100),
        closing(2, "2026-11-25", 100),
        closing(3, "2026-12-20", 900),
        closing(4, "2027-01-01", 100),
        closing(5, "2026-11-24", 100),
    ]));
    assert_eq!(agenda.closing, [2, 3, 1].map(DealNumber));
    assert_eq!(agenda.closing_sums.sourced.amount, 1_100);
    assert_eq!(agenda.forecast.sourced.past_close.amount, 100);
    assert_eq!(agenda.stages[1].sourced.counted.deals, 4);
}

#[test]
fn what_happened_is_told_as_what_it_came_to() {
    let recorded_since = |number| Deal { created_at: at("2026-11-20T09:00:00Z"), ..numbered(number) };
    let lost = |reason| Some(Loss { reason, detail: None });
    let mut facts = facts([1, 2, 3].map(numbered).into_iter().chain([recorded_since(4)]).map(card));
    let closed = [
        Deal { stage: Stage::Launched, ..recorded_since(5) },
        Deal { stage: Stage::ClosedLost, lost: lost(LossReason::Price), ..numbered(6) },
        Deal { stage: Stage::ClosedLost, lost: lost(LossReason::EnteredByMistake), ..numbered(7) },
    ];
    facts.closed = closed.map(|deal| (deal.number, card(deal))).into();
    let was = |stage| Standing { stage, ..before(Some(1_000), None) };
    facts.before = [(1, Stage::Qualified), (2, Stage::Prospect), (3, Stage::ClosedLost), (4, Stage::Prospect)]
        .map(|(number, stage)| (DealNumber(number), was(stage)))
        .into();
    let moved: Vec<_> = build(&facts).moved.iter().map(|moved| (moved.deal.0, moved.what)).collect();
    let stage = Move::Stage { from: Stage::Prospect, to: Stage::Qualified };
    assert_eq!(moved, [(5, Move::Won), (6, Move::Lost), (3, Move::Reopened), (2, stage), (4, Move::New)]);
}

#[test]
fn gaps_are_those_of_ownership_first() {
    let mut unowned = card(numbered(1));
    unowned.owner.gone = true;
    let cover_left = Some(Named { gone: true, ..named(MemberId(8)) });
    let agenda = build(&facts([
        unowned,
        DealCard { cover: cover_left, ..card(numbered(2)) },
        card(Deal { role: Role::Undecided, ..numbered(3) }),
        card(Deal { role: Role::Undecided, created_at: at("2026-11-01T10:00:00Z"), ..numbered(4) }),
        card(Deal { evidence: None, ..numbered(5) }),
        card(numbered(6)),
        card(Deal { claim: Claim::default(), ..numbered(7) }),
        card(Deal { registration: registration("2026-12-09"), ..numbered(8) }),
        card(Deal { registration: registration("2026-12-10"), ..numbered(9) }),
    ]));
    let gaps: Vec<_> = agenda.gaps.iter().map(|gaps| (gaps.deal.0, gaps.gaps[0])).collect();
    let until = |text| Gap::Undecided { until: day(text) };
    let expected = [
        Gap::Unowned,
        Gap::Uncovered,
        until("2026-11-15"),
        until("2026-11-16"),
        Gap::NoEvidence,
        Gap::Unconfirmed { since: day("2026-11-02") },
        Gap::RegistrationEnds { until: day("2026-12-09") },
    ];
    assert_eq!(gaps, [1, 2, 4, 3, 5, 7, 8].into_iter().zip(expected).collect::<Vec<_>>());
}

#[rstest]
#[case::owner(|_: &mut DealCard| {}, &[1], false)]
#[case::cover(|c: &mut DealCard| c.cover = Some(named(MemberId(3))), &[3], false)]
#[case::cover_left(|c: &mut DealCard| c.cover = Some(Named { gone: true, ..named(MemberId(3)) }), &[2], false)]
#[case::owner_left(|c: &mut DealCard| c.owner.gone = true, &[2], false)]
#[case::both_left(|c: &mut DealCard| (c.owner.gone, c.backup.as_mut().expect("a backup").gone) = (true, true), &[], true)]
#[case::no_backup(|c: &mut DealCard| (c.owner.gone, c.backup) = (true, None), &[], true)]
#[case::not_stalled(|c: &mut DealCard| c.reasons.clear(), &[], false)]
fn who_answers_for_a_stall_is_mentioned(
    #[case] change: impl FnOnce(&mut DealCard),
    #[case] people: &[i64],
    #[case] lead: bool,
) {
    let mut card = stalled_card(Deal { backup: Some(MemberId(2)), ..numbered(1) });
    change(&mut card);
    let people = people.iter().map(|id| MemberId(*id)).collect();
    assert_eq!(build(&facts([card])).mention, Mentions { people, lead });
}

#[test]
fn missed_occurrences_are_told_in_order() {
    let mut facts = facts([]);
    facts.missed = vec![at("2026-11-18T09:00:00Z"), at("2026-11-04T09:00:00Z")];
    assert_eq!(build(&facts).missed, [at("2026-11-04T09:00:00Z"), at("2026-11-18T09:00:00Z")]);
}

#[test]
fn a_lead_who_is_asked_to_pass_decides_in_the_review() {
    let asked = PassAsked { to: Stage::Committed, by: MemberId(1), at: at("2026-11-20T10:00:00Z") };
    let deal = Deal { pass_asked: Some(asked), ..numbered(3) };
    let agenda = build(&facts([card(deal), card(numbered(4))]));
    let matters = vec![Matter::PassAsked { to: Stage::Committed }];
    assert_eq!(agenda.decisions, [Decision { deal: DealNumber(3), matters }]);
}
