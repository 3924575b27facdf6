//! Worked examples of each formula.

use rstest::rstest;

use super::super::testing::{at, calendar, day, deal};
use super::*;
use crate::domain::deal::Role;
use crate::domain::forecast::closing;
use crate::domain::motion::{Motions, Stage};

const TODAY: &str = "2026-11-25";

fn period() -> Period {
    calendar().period(day(TODAY))
}

fn won(amount: i64) -> ByRole<Booked> {
    let won = Booked { won: Tally { deals: 1, amount }, adjusted: Tally::default() };
    ByRole {
        sourced: won,
        influenced: Booked { won: Tally { deals: 1, amount: 99_900 }, ..Booked::default() },
        ..ByRole::default()
    }
}

/// One open deal in Committed (85 %), and an influenced one that must not count.
fn open(amount: i64) -> ByRole<Sum> {
    let open = Deal { stage: Stage::Committed, amount: Some(amount), close: Some(day("2026-12-15")), ..deal() };
    let beside = Deal { role: Role::Influenced, ..open.clone() };
    closing([&open, &beside], &Motions::default(), &period(), day(TODAY))
}

fn number(target: Option<i64>, booked: i64, closing: i64) -> Number {
    let win_rate = Figure::Known(WinRate { won: 2, closed: 5 });
    Number { period: period(), target, booked: won(booked), closing: open(closing), win_rate }
}

/// Of a target of 1,200.00: won, open in Committed, then attainment, left, coverage and needed open at 40 %.
#[rstest]
#[case::under_way(Some(120_000), 42_000, 60_000, Some(35), Some(78_000), Some(65), Some(Needed::Known(195_000)))]
#[case::nothing_yet(Some(120_000), 0, 0, Some(0), Some(120_000), Some(0), Some(Needed::Known(300_000)))]
#[case::reached(Some(120_000), 120_000, 60_000, Some(100), Some(0), None, None)]
#[case::exceeded(Some(120_000), 150_000, 60_000, Some(125), Some(0), None, None)]
#[case::more_taken_back_than_won(Some(120_000), -6_000, 0, Some(-5), Some(126_000), Some(0), Some(Needed::Known(315_000)))]
#[case::no_target(None, 42_000, 60_000, None, None, None, None)]
#[case::needed_is_rounded_up(Some(101), 0, 0, Some(0), Some(101), Some(0), Some(Needed::Known(253)))]
fn the_number_is_sourced_and_what_is_needed_follows_from_the_win_rate(
    #[case] target: Option<i64>,
    #[case] booked: i64,
    #[case] open: i64,
    #[case] attainment: Option<i64>,
    #[case] left: Option<i64>,
    #[case] coverage: Option<i64>,
    #[case] needed: Option<Needed>,
) {
    let number = number(target, booked, open);
    assert_eq!((number.attainment(), number.left()), (attainment, left));
    assert_eq!((number.coverage(), number.needed()), (coverage, needed));
}

#[rstest]
#[case::too_few(Figure::NotEnough { have: 3, need: 5 }, Needed::NotEnough { have: 3, need: 5 })]
#[case::none_won(Figure::Known(WinRate { won: 0, closed: 6 }), Needed::NothingWon)]
fn without_a_win_rate_what_is_needed_is_not_known(#[case] win_rate: Figure<WinRate>, #[case] needed: Needed) {
    assert_eq!(Number { win_rate, ..number(Some(100), 0, 0) }.needed(), Some(needed));
}

#[rstest]
#[case(30_000, 10_000, Some(200))]
#[case(10_000, 10_000, Some(0))]
#[case(0, 10_000, Some(-100))]
#[case(30_000, 0, None)]
fn roi_is_what_came_back_beyond_the_cost(#[case] won: i64, #[case] cost: i64, #[case] expected: Option<i64>) {
    assert_eq!(roi(won, cost), expected);
}

#[test]
fn a_target_is_put_in_the_place_of_the_one_that_stood_and_taken_out_by_nothing() {
    let target = |of, amount| Target { start: day("2026-10-01"), of, amount };
    let mut targets = vec![target(Share::Whole, 100)];
    assert_eq!(put(&mut targets, target(Share::Owner(MemberId(1)), 60)), None);
    assert_eq!(put(&mut targets, target(Share::Whole, 120)), Some(target(Share::Whole, 100)));
    assert_eq!(super::target(&targets, &period(), Share::Whole), Some(120));
    put(&mut targets, target(Share::Whole, 0));
    assert_eq!(targets, [target(Share::Owner(MemberId(1)), 60)]);
    assert_eq!(super::target(&targets, &period().ahead(1), Share::Owner(MemberId(1))), None);
}

#[test]
fn costs_of_another_note_stand_beside_each_other() {
    let cost = |note: &str, amount| Cost { start: day("2026-10-01"), amount, note: Some(note.to_owned()) };
    let mut costs = Vec::new();
    for new in [cost("Fair", 500), cost("Dinner", 80), cost("fair", 600)] {
        put(&mut costs, new);
    }
    assert_eq!(super::cost(&costs, &period()), Some(680));
    assert_eq!(super::cost(&costs, &period().ahead(1)), None);
}

#[test]
fn parts_of_the_number_have_their_own_attainment() {
    let entry = |owner, partner, amount| Entry {
        deal: DealNumber(amount),
        day: day(TODAY),
        booked: period(),
        of: period(),
        role: Role::Sourced,
        partner: PartnerId(partner),
        owner: MemberId(owner),
        amount,
        deals: 1,
        cause: Cause::Won,
    };
    let entries = [entry(1, 7, 300), entry(2, 7, 100), Entry { role: Role::Influenced, ..entry(1, 7, 5_000) }];
    let target = |of, amount| Target { start: period().start, of, amount };
    let targets = [
        target(Share::Whole, 1_000),
        target(Share::Partner(PartnerId(7)), 800),
        target(Share::Owner(MemberId(2)), 200),
        target(Share::Owner(MemberId(1)), 400),
    ];
    let splits = splits(&targets, &period(), &entries);
    let read: Vec<_> = splits.iter().map(|s| (s.of, s.won.amount, s.attainment())).collect();
    assert_eq!(
        read,
        [
            (Share::Owner(MemberId(1)), 300, Some(75)),
            (Share::Owner(MemberId(2)), 100, Some(50)),
            (Share::Partner(PartnerId(7)), 400, Some(50)),
        ]
    );
}

#[test]
fn a_share_holds_the_deals_of_its_owner_or_partner() {
    let deal = Deal { created_at: at("2026-11-02T10:00:00Z"), ..deal() };
    assert!(
        Share::Whole.holds(&deal)
            && Share::Owner(MemberId(1)).holds(&deal)
            && Share::Partner(PartnerId(1)).holds(&deal)
    );
    assert!(!Share::Owner(MemberId(2)).holds(&deal) && !Share::Partner(PartnerId(2)).holds(&deal));
}
