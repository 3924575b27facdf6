//! Worked examples of rule 8: closed credit never moves.

use chrono_tz::Tz;
use rstest::rstest;

use super::*;
use crate::domain::testing::{at, calendar, day};
use crate::domain::workspace::FormerZone;

/// The workspace began on 1 October 2026, and its fiscal year is the calendar's.
fn books() -> Books {
    Books { calendar: calendar(), opened: day("2026-10-01") }
}

fn step(at_: &str) -> Step {
    Step {
        deal: DealNumber(1),
        at: at(&format!("{at_}T12:00:00Z")),
        stage: None,
        amount: None,
        role: None,
        partner: None,
        owner: None,
        closed_on: None,
    }
}

/// Recorded on 5 October with Initech, worth 100.00, owned by Ana.
fn recorded() -> Step {
    Step {
        stage: Some(Stage::Prospect),
        amount: Some(10_000),
        role: Some(Role::Sourced),
        partner: Some(PartnerId(1)),
        owner: Some(MemberId(1)),
        ..step("2026-10-05")
    }
}

fn won(on: &str, told: &str) -> Step {
    Step { stage: Some(Stage::Launched), closed_on: Some(day(on)), ..step(told) }
}

fn reopened(on: &str) -> Step {
    Step { stage: Some(Stage::Committed), ..step(on) }
}

fn amount(on: &str, amount: i64) -> Step {
    Step { amount: Some(amount), ..step(on) }
}

fn class(on: &str, role: Role) -> Step {
    Step { role: Some(role), ..step(on) }
}

/// Sourced won and adjusted of a quarter: (deals, amount) each.
type Quarter = ((usize, i64), (usize, i64));

fn sourced(steps: &[Step], quarter: u32) -> Quarter {
    let first = calendar().period(day("2026-10-01"));
    let booked = booked(&entries(steps, &books()), &first.ahead(quarter)).sourced;
    ((booked.won.deals, booked.won.amount), (booked.adjusted.deals, booked.adjusted.amount))
}

const NONE: (usize, i64) = (0, 0);

/// What happens after the record; then what Q4 FY2026 and Q1 FY2027 hold.
#[rstest]
#[case::won(&[won("2026-12-01", "2026-12-01")], ((1, 10_000), NONE), (NONE, NONE))]
#[case::won_on_its_last_day(&[won("2026-12-31", "2026-12-31")], ((1, 10_000), NONE), (NONE, NONE))]
#[case::told_of_late(&[won("2026-12-30", "2027-01-04")], (NONE, NONE), (NONE, (1, 10_000)))]
#[case::corrected_in_time(&[won("2026-12-01", "2026-12-01"), amount("2026-12-20", 8_000)], ((1, 8_000), NONE), (NONE, NONE))]
#[case::corrected_later(&[won("2026-12-01", "2026-12-01"), amount("2027-01-20", 8_000)], ((1, 10_000), NONE), (NONE, (1, -2_000)))]
#[case::corrected_twice(
    &[won("2026-12-01", "2026-12-01"), amount("2027-01-20", 8_000), amount("2027-02-20", 9_000)],
    ((1, 10_000), NONE), (NONE, (1, -1_000))
)]
#[case::reopened_in_time(&[won("2026-12-01", "2026-12-01"), reopened("2026-12-02")], (NONE, NONE), (NONE, NONE))]
#[case::reopened_later(&[won("2026-12-01", "2026-12-01"), reopened("2027-01-20")], ((1, 10_000), NONE), (NONE, (1, -10_000)))]
#[case::won_again(
    &[won("2026-12-01", "2026-12-01"), reopened("2027-01-20"), amount("2027-01-21", 12_000), won("2027-02-01", "2027-02-01")],
    ((1, 10_000), NONE), ((1, 12_000), (1, -10_000))
)]
#[case::class_changed_later(
    &[won("2026-12-01", "2026-12-01"), class("2027-01-20", Role::Influenced)],
    ((1, 10_000), NONE), (NONE, (1, -10_000))
)]
#[case::amount_changed_while_open(&[amount("2026-11-01", 5_000), won("2026-12-01", "2026-12-01")], ((1, 5_000), NONE), (NONE, NONE))]
fn closed_credit_never_moves(#[case] steps: &[Step], #[case] q4: Quarter, #[case] q1: Quarter) {
    let mut steps = steps.to_vec();
    steps.insert(0, recorded());
    assert_eq!((sourced(&steps, 0), sourced(&steps, 1)), (q4, q1));
}

#[test]
fn a_closed_period_reprints_the_same_whatever_comes_later() {
    let later = [
        amount("2027-01-02", 1),
        class("2027-01-03", Role::Influenced),
        reopened("2027-02-01"),
        amount("2027-02-01", 70_000),
        won("2027-02-02", "2027-02-02"),
        class("2027-04-01", Role::Sourced),
        Step { partner: Some(PartnerId(2)), owner: Some(MemberId(9)), ..step("2027-05-01") },
    ];
    let mut steps = vec![recorded(), won("2026-12-01", "2026-12-01")];
    let printed = |steps: &[Step]| booked(&entries(steps, &books()), &calendar().period(day("2026-12-01")));
    let first = printed(&steps);
    for step in later {
        steps.push(step);
        assert_eq!(printed(&steps), first);
    }
    let all: i64 = entries(&steps, &books()).iter().map(|entry| entry.amount).sum();
    assert_eq!(all, 70_000, "all periods together are what stands today");
}

#[test]
fn a_win_that_was_brought_along_and_taken_back_at_once_counts_nowhere() {
    let brought = Step { stage: Some(Stage::Launched), closed_on: Some(day("2026-07-20")), ..recorded() };
    let back = Step { stage: Some(Stage::ClosedLost), ..step("2026-10-05") };
    let calendar = calendar();
    let (q3, q4) = (calendar.period(day("2026-07-20")), calendar.period(day("2026-10-05")));
    let steps = [brought, back];
    let entries = entries(&steps, &books());
    for period in [q3, q4] {
        assert_eq!(booked(&entries, &period).sourced, Booked::default(), "{period}");
    }
}

#[test]
fn a_closed_period_reprints_the_same_in_another_zone() {
    let evening = |deal: i64, step: Step| Step { deal: DealNumber(deal), at: at("2026-12-31T20:00:00Z"), ..step };
    let steps = [recorded(), evening(1, won("2026-12-31", "2026-12-31"))];
    let q4 = calendar().period(day("2026-12-31"));
    let first = booked(&entries(&steps, &books()), &q4);
    assert_eq!((first.sourced.won.deals, first.sourced.adjusted.deals), (1, 0));
    let former_zones = vec![FormerZone { zone: Tz::Europe__London, until: at("2027-01-11T10:00:00Z") }];
    let calendar = Calendar { zone: Tz::Pacific__Auckland, former_zones, ..calendar() };
    assert_eq!(booked(&entries(&steps, &Books { calendar, ..books() }), &q4), first);
}

#[test]
fn credit_stays_with_who_owned_the_deal_when_it_was_won() {
    let handed_on = Step { owner: Some(MemberId(2)), ..step("2027-01-10") };
    let steps = [recorded(), won("2026-12-01", "2026-12-01"), handed_on, amount("2027-01-20", 8_000)];
    let owners: Vec<MemberId> = entries(&steps, &books()).iter().map(|entry| entry.owner).collect();
    assert_eq!(owners, [MemberId(1), MemberId(1)]);
}

#[test]
fn a_change_of_the_primary_partner_moves_the_credit_from_one_to_the_other_when_it_is_made() {
    let other = Step { partner: Some(PartnerId(2)), ..step("2027-01-20") };
    let entries = entries(&[recorded(), won("2026-12-01", "2026-12-01"), other], &books());
    let q1 = calendar().period(day("2027-01-20"));
    let of =
        |partner| booked(entries.iter().filter(|e| e.is_of(Share::Partner(PartnerId(partner)))), &q1).sourced.total();
    assert_eq!((of(1), of(2)), (-10_000, 10_000));
    assert!(entries[1..].iter().all(|entry| entry.cause == Cause::Class && entry.is_adjustment()));
}

#[test]
fn a_win_from_before_the_workspace_began_counts_where_it_belongs() {
    let history = Step { stage: Some(Stage::Launched), closed_on: Some(day("2026-06-10")), ..recorded() };
    let entries = entries(&[history], &books());
    assert_eq!(entries[0].booked, calendar().period(day("2026-06-10")));
    assert!(!entries[0].is_adjustment());
}

#[test]
fn deals_are_told_apart() {
    let second = |step: Step| Step { deal: DealNumber(2), ..step };
    let steps =
        [recorded(), won("2026-12-01", "2026-12-01"), second(recorded()), second(won("2026-12-02", "2026-12-02"))];
    assert_eq!(sourced(&steps, 0), ((2, 20_000), NONE));
}
