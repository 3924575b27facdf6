//! Worked examples of each figure.

use rstest::rstest;

use super::super::testing::{at, calendar, day, deal};
use super::*;
use crate::domain::deal::{Loss, LossReason};

const TODAY: &str = "2026-11-25";

fn open(role: Role, stage: Stage, amount: i64, close: Option<&str>) -> Deal {
    Deal { role, stage, amount: Some(amount), close: close.map(day), ..deal() }
}

/// Recorded on 2 November 2025.
fn closed(stage: Stage, on: &str) -> Deal {
    let lost = (stage == Stage::ClosedLost).then_some(Loss { reason: LossReason::Price, detail: None });
    Deal { stage, lost, closed_on: Some(day(on)), amount: Some(100), created_at: at("2025-11-02T10:00:00Z"), ..deal() }
}

/// Sourced: 1,000.00 in Qualified at 25 %, 400.00 in Committed at 85 %, and 340.00 past its close. 250.00 + 340.00 is
/// 590.00 weighted. The others stand beside it.
fn pipeline() -> Vec<Deal> {
    vec![
        open(Role::Sourced, Stage::Qualified, 100_000, Some("2026-12-15")),
        open(Role::Sourced, Stage::Committed, 40_000, Some(TODAY)),
        open(Role::Sourced, Stage::Committed, 34_000, Some("2026-11-24")),
        Deal { amount: None, ..open(Role::Sourced, Stage::Prospect, 0, None) },
        open(Role::Influenced, Stage::BusinessValidation, 20_000, Some("2027-01-10")),
        open(Role::Undecided, Stage::Prospect, 5_000, None),
        closed(Stage::Launched, "2026-11-20"),
        closed(Stage::ClosedLost, "2026-11-20"),
    ]
}

#[test]
fn weighted_is_amount_by_probability_of_sourced_deals_whose_close_is_not_past() {
    let expected = weighted(&pipeline(), &Motions::default(), day(TODAY));
    let sourced = expected.sourced.counted;
    assert_eq!((sourced.deals, sourced.unpriced, sourced.amount, sourced.weighted()), (3, 1, 140_000, 59_000));
    let past = expected.sourced.past_close;
    assert_eq!((past.deals, past.amount, past.weighted()), (1, 34_000, 28_900));
    assert_eq!(expected.of(Role::Influenced).counted.weighted(), 13_000);
    assert_eq!(expected.of(Role::Undecided).counted.weighted(), 500);
}

#[test]
fn stages_add_up_to_the_whole() {
    let (deals, motions) = (pipeline(), Motions::default());
    let stages = weighted_by_stage(&deals, &motions, day(TODAY));
    let weights = stages.map(|by_role| by_role.sourced.counted.weighted());
    assert_eq!(weights, [0, 25_000, 0, 0, 34_000]);
    assert_eq!(weights.iter().sum::<i64>(), weighted(&deals, &motions, day(TODAY)).sourced.counted.weighted());
}

#[test]
fn a_sum_is_rounded_once() {
    // Three deals of 5 minor units at 10 %: 1.5 together and so 2, not three times 1.
    let deals = [5, 5, 5].map(|amount| open(Role::Sourced, Stage::Prospect, amount, None));
    assert_eq!(weighted(&deals, &Motions::default(), day(TODAY)).sourced.counted.weighted(), 2);
}

#[rstest]
#[case::today("2026-11-25", true)]
#[case::last_day("2026-12-31", true)]
#[case::next_period("2027-01-01", false)]
#[case::past("2026-11-24", false)]
fn closing_is_from_today_to_the_end_of_the_period(#[case] close: &str, #[case] counts: bool) {
    let period = calendar().period(day(TODAY));
    let deals = [open(Role::Sourced, Stage::Qualified, 1_000, Some(close))];
    let sum = closing(&deals, &Motions::default(), &period, day(TODAY)).sourced;
    assert_eq!((sum.deals, sum.amount, sum.weighted()), if counts { (1, 1_000, 250) } else { (0, 0, 0) });
}

#[test]
fn won_counts_in_the_period_of_its_day() {
    let deals = [closed(Stage::Launched, "2026-12-31"), closed(Stage::Launched, "2027-01-01")];
    let period = calendar().period(day(TODAY));
    assert_eq!(won(&deals, &Motions::default(), &period).sourced.amount, 100);
    assert_eq!(won(&deals, &Motions::default(), &period.ahead(1)).sourced.amount, 100);
    assert_eq!(won(&deals, &Motions::default(), &period.ahead(2)).sourced.amount, 0);
}

/// On 25 November 2026 the last four quarters begin on 1 January 2026.
#[test]
fn a_win_rate_takes_five_closed_deals_of_the_last_four_quarters() {
    let rate = |deals: &[Deal]| win_rate(deals, &calendar(), day(TODAY));
    let mut deals = vec![
        closed(Stage::Launched, "2026-01-01"),
        closed(Stage::Launched, "2026-11-25"),
        closed(Stage::ClosedLost, "2026-05-05"),
        closed(Stage::ClosedLost, "2026-07-05"),
        closed(Stage::ClosedLost, "2025-12-31"),
        open(Role::Sourced, Stage::Committed, 100, None),
    ];
    assert_eq!(rate(&deals), Figure::NotEnough { have: 4, need: 5 });
    let mistake = Some(Loss { reason: LossReason::EnteredByMistake, detail: None });
    deals.push(Deal { lost: mistake, ..closed(Stage::ClosedLost, "2026-06-01") });
    assert_eq!(rate(&deals), Figure::NotEnough { have: 4, need: 5 }, "entered by mistake counts nowhere");
    deals.push(closed(Stage::ClosedLost, "2026-06-01"));
    assert_eq!(rate(&deals), Figure::Known(WinRate { won: 2, closed: 5 }));
    assert_eq!(rate(&deals).known().map(WinRate::percent), Some(40));
}

#[rstest]
#[case(1, 3, 33)]
#[case(2, 3, 67)]
#[case(1, 8, 13)]
#[case(0, 5, 0)]
#[case(5, 5, 100)]
fn percents_are_rounded(#[case] won: u32, #[case] closed: u32, #[case] percent: u32) {
    assert_eq!(WinRate { won, closed }.percent(), percent);
}

#[test]
fn a_cycle_is_the_median_of_days_to_a_win() {
    let days = |deals: &[Deal]| cycle(deals, &calendar(), day(TODAY));
    let mut deals = vec![
        closed(Stage::Launched, "2026-01-01"),
        closed(Stage::Launched, "2026-02-10"),
        closed(Stage::Launched, "2026-03-02"),
        closed(Stage::Launched, "2026-09-08"),
        closed(Stage::ClosedLost, "2026-03-01"),
    ];
    assert_eq!(days(&deals), Figure::NotEnough { have: 4, need: 5 });
    deals.push(closed(Stage::Launched, "2026-11-02"));
    assert_eq!(days(&deals), Figure::Known(120), "60, 100, 120, 310 and 365 days");
}
