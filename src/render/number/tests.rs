//! The number with nothing to tell, under way, and over; and what sets it.

use super::super::testing::*;
use super::*;
use crate::domain::baseline::{Baseline, BaselineSet};
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::motion::{Motions, Stage};
use crate::domain::number::{Closed, CostSet, NumberOwner, Share, TargetSet};
use crate::domain::overview::Tally;
use crate::domain::testing::day;

fn card(facts: NumberFacts, open: Vec<Deal>, period: Period) -> NumberCard {
    let number = facts.number(&open, &Motions::default(), &period, day("2026-12-17"));
    NumberCard { number, facts, open, partner: None, parts: 0, splits: Vec::new(), cost: None }
}

fn nothing() -> NumberFacts {
    NumberFacts { owner: None, of: Share::Whole, target: None, entries: Vec::new(), closed: Vec::new() }
}

/// $420,000 won and $40,000 taken back of a target of $1.2m, with 2 of 5 deals won lately.
fn under_way() -> NumberCard {
    let corrected =
        Entry { of: q4().back(1), deals: -1, cause: Cause::Reopened, ..entry(5, Role::Sourced, -4_000_000) };
    let entries = vec![
        entry(8, Role::Sourced, 30_000_000),
        entry(9, Role::Sourced, 12_000_000),
        corrected,
        entry(10, Role::Influenced, 9_000_000),
    ];
    let closed = (8..13).map(|deal| Closed { deal: DealNumber(deal), won: deal < 10 }).collect();
    let facts = NumberFacts { owner: Some(ana()), target: Some(120_000_000), entries, closed, ..nothing() };
    let deal = |number, close: Option<&str>, role, amount| Deal {
        number: DealNumber(number),
        close: close.map(day),
        stage: Stage::Committed,
        role,
        amount: Some(amount),
        ..deal()
    };
    let open = vec![
        deal(1, Some("2026-12-30"), Role::Sourced, 60_000_000),
        deal(2, Some("2026-12-10"), Role::Sourced, 34_000_000),
        deal(3, None, Role::Sourced, 7_000_000),
        deal(4, Some("2026-12-29"), Role::Undecided, 2_000_000),
    ];
    let split = |of, target, amount| Split { of, target, won: Tally { deals: 1, amount } };
    NumberCard {
        splits: vec![
            (Who::Owner(ana()), split(Share::Owner(MemberId(1)), 50_000_000, 30_000_000)),
            (Who::Partner("Initech".to_owned()), split(Share::Partner(PartnerId(1)), 80_000_000, 42_000_000)),
        ],
        cost: Some(4_000_000),
        parts: 2,
        ..card(facts, open, q4())
    }
}

fn shown(card: &NumberCard) -> String {
    speaking(|voice| seen(&number(voice, card, id("number"))))
}

#[test]
fn with_nothing_to_tell_it_says_what_to_do() {
    insta::assert_snapshot!(shown(&card(nothing(), Vec::new(), q4())));
}

#[test]
fn the_number_under_way_tells_all_its_figures_apart() {
    insta::assert_snapshot!(shown(&under_way()));
}

#[test]
fn a_quarter_that_is_over_tells_what_was_won() {
    let period = q4().back(1);
    let won = Entry { booked: period, of: period, ..entry(8, Role::Sourced, 30_000_000) };
    let gone = Named { gone: true, ..ana() };
    let facts = NumberFacts { owner: Some(gone), target: Some(24_000_000), entries: vec![won], ..nothing() };
    insta::assert_snapshot!(shown(&card(facts, Vec::new(), period)));
}

#[test]
fn with_too_little_history_what_is_needed_is_not_known() {
    let facts = NumberFacts { target: Some(100), closed: vec![Closed { deal: DealNumber(1), won: true }], ..nothing() };
    let said = shown(&card(facts.clone(), Vec::new(), q4()));
    assert!(said.contains("│ Needed open: not enough data yet: 1 of 5 closed deals for a win rate"), "{said}");
    let lost = (1..7).map(|deal| Closed { deal: DealNumber(deal), won: false }).collect();
    let said = shown(&card(NumberFacts { closed: lost, ..facts }, Vec::new(), q4()));
    assert!(said.contains("not enough data yet: none of the deals closed in four quarters was won"), "{said}");
}

#[test]
fn a_thousand_adjustments_are_counted() {
    let corrected = |deal| Entry { of: q4().back(1), cause: Cause::Amount, ..entry(deal, Role::Sourced, 100) };
    let facts = NumberFacts { entries: (1..1_000).map(corrected).collect(), ..nothing() };
    let said = shown(&card(facts, Vec::new(), q4()));
    assert!(said.contains("… and 9") && said.contains("999 deals"), "{said}");
}

#[test]
fn what_sets_the_number_is_echoed() {
    let target = TargetSet {
        period: q4(),
        who: None,
        before: Some(100_000_000),
        after: Some(120_000_000),
        whole: Some(120_000_000),
        given_out: 120_000_000,
    };
    let part = TargetSet {
        who: Some(Who::Owner(ben())),
        before: None,
        after: Some(30_000_000),
        given_out: 90_000_000,
        ..target.clone()
    };
    let loose = TargetSet { who: Some(Who::Partner("Initech".to_owned())), whole: None, ..part.clone() };
    let taken = TargetSet { after: None, whole: None, ..target.clone() };
    let cost = CostSet {
        period: q4(),
        note: Some("Fair".to_owned()),
        before: None,
        after: 500_000,
        total: Some(4_000_000),
        counts_in: None,
    };
    let told_late = CostSet { counts_in: Some(q4().ahead(1)), ..cost.clone() };
    let solo = |win_rate, cycle_days| Baseline { win_rate, cycle_days };
    let baselines = [
        BaselineSet { before: Baseline::default(), after: solo(Some(24), Some(90)) },
        BaselineSet { before: solo(Some(24), Some(1)), after: solo(Some(30), None) },
    ];
    let free = CostSet { before: Some(500_000), after: 0, total: None, ..cost.clone() };
    let owner = NumberOwner { owner: ana(), before: Some(ben()) };
    let said = speaking(|voice| {
        let targets = [&target, &part, &loose, &taken].map(|set| seen(&target_saved(voice, set, Vec::new())));
        let costs = [&cost, &free, &told_late].map(|set| seen(&cost_saved(voice, set, Vec::new())));
        let owner = seen(&owner_saved(&owner, Vec::new()));
        let solo = baselines.map(|set| seen(&baseline_saved(voice, &set, Vec::new())));
        [targets.concat(), costs.concat(), owner, solo.concat()].concat()
    });
    insta::assert_snapshot!(said);
}
