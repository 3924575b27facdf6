//! The forecast and the cadence for nothing, some and too much.

use super::super::testing::*;
use super::*;
use crate::domain::cadence::Stalls;
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, MemberId, PartnerId, ReviewId};
use crate::domain::motion::{Motions, Stage};
use crate::domain::number::{Cause, Entry};
use crate::domain::testing::{at, day};

fn card(open: Vec<Deal>, entries: Vec<Entry>) -> ForecastCard {
    let periods = vec![q4(), q4().ahead(1)];
    ForecastCard::new(periods, (open, entries), None, &Motions::default(), day("2026-12-17"))
}

fn shown(card: &ForecastCard) -> String {
    speaking(|voice| {
        seen(&forecast(voice, card, by_month(voice, card).map(|months| picture::draw(&months)), id("number")))
    })
}

#[test]
fn without_deals_each_month_says_so() {
    insta::assert_snapshot!(shown(&card(Vec::new(), Vec::new())));
}

#[test]
fn months_are_told_by_category_with_what_stands_beside() {
    let deal = |number, stage, close: Option<&str>, role| Deal {
        number: DealNumber(number),
        close: close.map(day),
        stage,
        role,
        ..deal()
    };
    let open = vec![
        deal(1, Stage::Committed, Some("2026-12-30"), Role::Sourced),
        deal(2, Stage::Prospect, Some("2026-12-17"), Role::Sourced),
        deal(3, Stage::TechnicalValidation, Some("2027-02-01"), Role::Sourced),
        deal(4, Stage::Committed, Some("2027-02-01"), Role::Influenced),
        deal(5, Stage::Committed, Some("2026-12-16"), Role::Sourced),
        deal(6, Stage::Committed, None, Role::Undecided),
        deal(7, Stage::Committed, Some("2027-06-01"), Role::Sourced),
    ];
    let won = Entry {
        deal: DealNumber(8),
        day: day("2026-10-14"),
        booked: q4(),
        of: q4(),
        role: Role::Sourced,
        partner: PartnerId(1),
        owner: MemberId(1),
        amount: 30_000_000,
        deals: 1,
        cause: Cause::Won,
    };
    insta::assert_snapshot!(shown(&card(open, vec![won])));
}

#[test]
fn every_figure_of_the_fullest_forecast_can_be_opened() {
    let months = ["2026-12-20", "2027-01-20", "2027-02-20", "2027-03-20"];
    let stages = [Stage::Committed, Stage::TechnicalValidation, Stage::Prospect];
    let mut open: Vec<Deal> = months
        .iter()
        .flat_map(|close| stages.map(|stage| Deal { close: Some(day(close)), stage, ..deal() }))
        .chain([Role::Influenced, Role::Undecided].map(|role| Deal { close: Some(day("2026-12-20")), role, ..deal() }))
        .chain([Some(day("2026-12-01")), None].map(|close| Deal { close, ..deal() }))
        .collect();
    for (number, deal) in (1..).zip(&mut open) {
        deal.number = DealNumber(number);
    }
    let said = shown(&card(open, Vec::new()));
    assert!(!said.contains("more: give `period`"), "{said}");
    for figure in ["March 2027: Pipeline", "Beside it: undecided", "In no month: no close yet"] {
        assert!(said.contains(figure), "{figure} in {said}");
    }
}

fn kept(reviews: Vec<Meetings>, stalls: Stalls) -> String {
    let card = CadenceCard { period: q4(), partner: Some((PartnerId(1), "Initech".to_owned())), reviews, stalls };
    speaking(|voice| seen(&cadence(voice, &card, id("number"), id("history"))))
}

#[test]
fn a_cadence_without_meetings_says_how_to_begin() {
    let to_clear = Figure::NotEnough { have: 0, need: 5 };
    let none = Stalls { entered: Vec::new(), left: Vec::new(), running: Vec::new(), to_clear };
    insta::assert_snapshot!(kept(Vec::new(), none));
}

#[test]
fn a_cadence_tells_of_meetings_and_stalls() {
    let weekly = Meetings {
        held: 5,
        not_held: vec![at("2026-11-10T09:30:00Z")],
        untold: 1,
        missed: vec![at("2026-11-03T09:30:00Z"); 12],
        skipped: 1,
        decisions: 9,
        given: 7,
        ended: 1,
        ..Meetings::none(ReviewId(1), "Pipeline *review*")
    };
    let monthly = Meetings { untold: 1, ..Meetings::none(ReviewId(2), "Monthly") };
    let deals = |numbers: &[i64]| numbers.iter().copied().map(DealNumber).collect();
    let stalls = Stalls {
        entered: deals(&[1, 1, 2]),
        left: deals(&[1, 3, 4, 5, 6]),
        running: deals(&[2]),
        to_clear: Figure::Known(4),
    };
    insta::assert_snapshot!(kept(vec![weekly, monthly], stalls));
}

#[test]
fn a_cadence_of_more_reviews_than_fit_counts_the_rest() {
    let to_clear = Figure::NotEnough { have: 0, need: 5 };
    let none = Stalls { entered: Vec::new(), left: Vec::new(), running: Vec::new(), to_clear };
    let review = |n| Meetings {
        not_held: vec![at("2026-11-10T09:30:00Z"); 12],
        missed: vec![at("2026-11-03T09:30:00Z"); 12],
        ..Meetings::none(ReviewId(n), &format!("Review {n} {}", nasty(80)))
    };
    let said = kept((1..=40).map(review).collect(), none);
    assert!(said.contains("15 more: /review history"), "{said}");
}
