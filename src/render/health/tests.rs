//! The health of a program: with nothing to tell, a streak, a program, one partner's part, and a quarter that is over.

use super::super::testing::*;
use super::*;
use crate::domain::departure::Departure;
use crate::domain::health::{SHORT_PAID_AT_MOST, UNOWNED_AT_MOST, verdict as judged, window};
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::period::Period;
use crate::domain::testing::day as on;
use crate::render::offer::Offer;

fn spread(amounts: &[i64]) -> Figure<Measure> {
    Spread::of(amounts.iter().copied())
        .map_or(Figure::NotEnough { have: 0, need: 5 }, |s| Figure::Known(Measure::Spread(s)))
}

fn part(part: usize, of: usize) -> Figure<Measure> {
    Figure::Known(Measure::Part(Part::of(part, of)))
}

fn reason(kind: ReasonKind, measure: Figure<Measure>) -> Reason {
    let deals = |numbers: std::ops::RangeInclusive<i64>| numbers.map(DealNumber).collect();
    Reason { kind, measure, holding: deals(1..=3), failing: deals(4..=5) }
}

fn card(reasons: Vec<Reason>) -> HealthCard {
    let period = Period::of(on("2026-12-17"), 1);
    HealthCard {
        period,
        window: window(&period),
        partner: None,
        verdict: judged(&reasons),
        reasons,
        top_partner: Some("Initech".to_owned()),
        at_risk: None,
    }
}

fn shown(card: &HealthCard) -> String {
    let offers = card.at_risk.as_ref().map(|_| offers(&[Offer::Champions])).unwrap_or_default();
    speaking(|voice| seen(&health(voice, card, id("number"), offers)))
}

/// Rita and Ben carry 82 %.
fn streak() -> HealthCard {
    let departure = Departure {
        deals: (1..=5).map(DealNumber).collect(),
        amount: 38,
        pipeline: 100,
        sole_contacts: vec![PartnerId(1), PartnerId(2)],
        ..Departure::none(MemberId(1), 0)
    };
    let reasons = vec![
        reason(ReasonKind::Reps, spread(&[51, 31, 10, 8])),
        reason(ReasonKind::Partners, spread(&[62, 20, 18])),
        reason(ReasonKind::Motion, part(12, 14)),
        reason(ReasonKind::Unowned, part(3, 40)),
        reason(ReasonKind::Confirmed, part(11, 14)),
        reason(ReasonKind::OnTime, part(18, 20)),
        reason(ReasonKind::Reviews, Figure::Known(Measure::Meetings { held: 12, not_held: 1, missed: 1, skipped: 1 })),
        reason(ReasonKind::Stalled, part(9, 40)),
        reason(ReasonKind::ToClear, Figure::Known(Measure::Days(4))),
        reason(ReasonKind::Pay, part(2, 14)),
    ];
    HealthCard { at_risk: Some(AtRisk { who: ana(), departure }), ..card(reasons) }
}

fn nothing() -> Vec<Reason> {
    let need = |kind| match kind {
        ReasonKind::Reviews => 4,
        ReasonKind::Unowned | ReasonKind::Pay => 1,
        _ => 5,
    };
    let none = |kind| Reason {
        kind,
        measure: Figure::NotEnough { have: 0, need: need(kind) },
        holding: Vec::new(),
        failing: Vec::new(),
    };
    ReasonKind::ALL.map(none).into()
}

#[test]
fn with_nothing_to_tell_each_reason_says_what_is_missing() {
    insta::assert_snapshot!(shown(&HealthCard { top_partner: None, ..card(nothing()) }));
}

#[test]
fn a_streak_is_told_with_every_figure_and_its_threshold() {
    insta::assert_snapshot!(shown(&streak()));
}

#[test]
fn a_program_with_one_partner_is_told_without_names_of_reps_and_without_pay() {
    let mut reasons = streak().reasons;
    reasons.retain(|reason| !matches!(reason.kind, ReasonKind::Partners | ReasonKind::Pay));
    reasons[0].measure = spread(&[30, 25, 25, 20]);
    reasons[2].measure = part(0, 40);
    reasons[6].measure = part(1, 40);
    let card = HealthCard { partner: Some((PartnerId(1), "Initech *GmbH*".to_owned())), ..card(reasons) };
    insta::assert_snapshot!(shown(&card));
}

#[test]
fn a_quarter_that_is_over_says_what_it_is_over() {
    let period = Period::of(on("2026-08-01"), 1);
    let mut reasons = streak().reasons;
    reasons.retain(|reason| !matches!(reason.kind, ReasonKind::Unowned | ReasonKind::Stalled | ReasonKind::Pay));
    reasons[0].measure = spread(&[100]);
    reasons[1].measure = spread(&[100]);
    let card = HealthCard { period, window: window(&period), ..card(reasons) };
    insta::assert_snapshot!(shown(&card));
}

#[test]
fn other_verdicts_say_why() {
    let mut reasons = streak().reasons;
    reasons[0].measure = spread(&[35, 33, 32]);
    let said = shown(&card(reasons.clone()));
    assert!(said.contains("**A streak**: it is spread well, and 4 other reasons fail"), "{said}");
    for reason in &mut reasons[1..] {
        reason.measure = Figure::NotEnough { have: 0, need: 5 };
    }
    let said = shown(&card(reasons));
    assert!(said.contains("it takes 5 reasons. 1 reason is known: 1 holds, 0 fail."), "{said}");
}

#[test]
fn thresholds_of_none_are_none() {
    assert_eq!((UNOWNED_AT_MOST, SHORT_PAID_AT_MOST), (0, 0), "their words say “none may be”");
}
