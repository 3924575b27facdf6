//! Worked examples of the figures, their thresholds and the verdict.

use std::collections::BTreeSet;

use rstest::rstest;

use super::*;
use crate::domain::cadence::{Meetings, Stalls};
use crate::domain::calendar::Calendar;
use crate::domain::deal::criteria::{Exit, Met, Waiver};
use crate::domain::deal::{Deal, Role};
use crate::domain::id::{MemberId, PartnerId, ReviewId};
use crate::domain::incentive::{Comp, Rate, Terms};
use crate::domain::motion::{Motions, Stage};
use crate::domain::number::Share;
use crate::domain::testing::{at, calendar, confirmed, day, deal};

const NOW: &str = "2026-12-17T15:00:00Z";

/// Shares, by amount: the first, the first two, and by how many it would be brought if each brought the same.
#[rstest]
#[case::one(&[500], 100, 100, 10)]
#[case::two_alike(&[50, 50], 50, 100, 20)]
#[case::three_alike(&[33, 33, 33], 33, 67, 30)]
#[case::one_over_many(&[620, 200, 100, 50, 30], 62, 82, 23)]
#[case::who_brings_nothing_is_nobody(&[100, 0, 100], 50, 100, 20)]
#[case::halves_round_up(&[5, 195], 98, 100, 11)]
#[case::the_largest_amounts(&[i64::MAX / 2, i64::MAX / 2], 50, 100, 20)]
fn a_spread_is_told_by_its_first_two(
    #[case] amounts: &[i64],
    #[case] first: i64,
    #[case] two: i64,
    #[case] effective: u32,
) {
    let spread = Spread::of(amounts.iter().copied()).expect("an amount");
    assert_eq!((spread.first().percent(), spread.first_two().percent(), spread.effective), (first, two, effective));
}

#[test]
fn nothing_is_not_spread() {
    assert_eq!(Spread::of([]), None);
    assert_eq!(Spread::of([0, 0]), None);
}

/// 79.6 % reads as 80 %, and is less.
#[rstest]
#[case(796, 1_000, 80, false, true)]
#[case(800, 1_000, 80, true, true)]
#[case(804, 1_000, 80, true, false)]
#[case(0, 0, 80, true, true)]
fn a_threshold_is_held_by_the_exact_figures(
    #[case] part: usize,
    #[case] of: usize,
    #[case] percent: u32,
    #[case] at_least: bool,
    #[case] at_most: bool,
) {
    let part = Part::of(part, of);
    assert_eq!((part.is_at_least(percent), part.is_at_most(percent)), (at_least, at_most));
}

fn spread(amounts: &[i64]) -> Measure {
    Measure::Spread(Spread::of(amounts.iter().copied()).expect("an amount"))
}

fn part(part: usize, of: usize) -> Measure {
    Measure::Part(Part::of(part, of))
}

/// Each threshold: what is just within it, and what is just beyond.
#[rstest]
#[case::one_rep(ReasonKind::Reps, spread(&[40, 30, 30]), spread(&[41, 30, 29]))]
#[case::two_reps(ReasonKind::Reps, spread(&[35, 35, 30]), spread(&[36, 35, 29]))]
#[case::one_partner(ReasonKind::Partners, spread(&[60, 40]), spread(&[61, 39]))]
#[case::motion(ReasonKind::Motion, part(8, 10), part(7, 10))]
#[case::unowned(ReasonKind::Unowned, part(0, 40), part(1, 40))]
#[case::confirmed(ReasonKind::Confirmed, part(4, 5), part(3, 5))]
#[case::on_time(ReasonKind::OnTime, part(4, 5), part(3, 5))]
#[case::reviews(ReasonKind::Reviews, meetings([8, 1, 1, 0]), meetings([7, 1, 1, 1]))]
#[case::stalled(ReasonKind::Stalled, part(2, 10), part(3, 10))]
#[case::to_clear(ReasonKind::ToClear, Measure::Days(5), Measure::Days(6))]
#[case::pay(ReasonKind::Pay, part(0, 14), part(1, 14))]
fn each_reason_has_a_threshold(#[case] kind: ReasonKind, #[case] within: Measure, #[case] beyond: Measure) {
    let standing = |measure| reason(kind, Figure::Known(measure)).standing();
    assert_eq!((standing(within), standing(beyond)), (Standing::Holds, Standing::Fails));
    assert_eq!(reason(kind, Figure::NotEnough { have: 1, need: 5 }).standing(), Standing::NotEnough);
}

fn meetings([held, not_held, missed, skipped]: [usize; 4]) -> Measure {
    Measure::Meetings { held, not_held, missed, skipped }
}

fn reason(kind: ReasonKind, measure: Figure<Measure>) -> Reason {
    Reason { kind, measure, holding: Vec::new(), failing: Vec::new() }
}

fn good(kind: ReasonKind) -> Measure {
    match kind {
        ReasonKind::Reps | ReasonKind::Partners => spread(&[30, 30, 40]),
        ReasonKind::Motion | ReasonKind::Confirmed | ReasonKind::OnTime => part(9, 10),
        ReasonKind::Unowned | ReasonKind::Stalled | ReasonKind::Pay => part(0, 10),
        ReasonKind::Reviews => meetings([10, 0, 0, 0]),
        ReasonKind::ToClear => Measure::Days(2),
    }
}

fn bad(kind: ReasonKind) -> Measure {
    match kind {
        ReasonKind::Reps | ReasonKind::Partners => spread(&[82, 18]),
        ReasonKind::Motion | ReasonKind::Confirmed | ReasonKind::OnTime => part(1, 10),
        ReasonKind::Unowned | ReasonKind::Stalled | ReasonKind::Pay => part(9, 10),
        ReasonKind::Reviews => meetings([1, 8, 1, 0]),
        ReasonKind::ToClear => Measure::Days(30),
    }
}

/// All reasons hold but those that fail and those of which too little is known.
#[rstest]
#[case::all_hold(&[], &[], Verdict::Program)]
#[case::two_weak_spots(&[ReasonKind::Partners, ReasonKind::Motion], &[], Verdict::Program)]
#[case::three_weak_spots(&[ReasonKind::Partners, ReasonKind::Motion, ReasonKind::Stalled], &[], Verdict::Streak)]
#[case::two_reps_carry_it(&[ReasonKind::Reps], &[], Verdict::Streak)]
#[case::two_reps_carry_it_and_no_more_is_known(&[ReasonKind::Reps], &ReasonKind::ALL[1..], Verdict::Streak)]
#[case::who_brings_it_is_not_known(&[], &[ReasonKind::Reps], Verdict::NotEnough)]
#[case::five_are_known(&[], &ReasonKind::ALL[5..], Verdict::Program)]
#[case::four_are_known(&[], &ReasonKind::ALL[4..], Verdict::NotEnough)]
#[case::four_are_known_and_three_fail(&ReasonKind::ALL[1..4], &ReasonKind::ALL[4..], Verdict::NotEnough)]
#[case::pay_does_not_decide(&[ReasonKind::Partners, ReasonKind::Motion, ReasonKind::Pay], &[], Verdict::Program)]
#[case::pay_does_not_count_as_known(&[], &ReasonKind::ALL[4..9], Verdict::NotEnough)]
fn the_verdict_follows_from_the_reasons(
    #[case] failing: &[ReasonKind],
    #[case] unknown: &[ReasonKind],
    #[case] expected: Verdict,
) {
    let measure = |kind: ReasonKind| match () {
        _ if failing.contains(&kind) => Figure::Known(bad(kind)),
        _ if unknown.contains(&kind) => Figure::NotEnough { have: 0, need: 5 },
        _ => Figure::Known(good(kind)),
    };
    let reasons: Vec<Reason> = ReasonKind::ALL.into_iter().map(|kind| reason(kind, measure(kind))).collect();
    assert_eq!(verdict(&reasons), expected);
}

#[test]
fn rule_14_the_verdict_is_the_same_without_pay() {
    for failing in 0..8 {
        let measure = |index, kind| Figure::Known(if index < failing { bad(kind) } else { good(kind) });
        let all: Vec<Reason> =
            ReasonKind::ALL.into_iter().rev().enumerate().map(|(n, kind)| reason(kind, measure(n, kind))).collect();
        let public: Vec<Reason> = all.iter().filter(|reason| reason.kind != ReasonKind::Pay).cloned().collect();
        assert_eq!(verdict(&all), verdict(&public));
    }
}

#[test]
fn a_key_reads_back() {
    for figure in HealthFigure::all() {
        assert_eq!(HealthFigure::parse(&figure.key()), Some(figure));
    }
    assert_eq!(HealthFigure::parse("reps"), None);
}

fn open(number: i64, owner: i64, amount: i64) -> Deal {
    Deal { number: DealNumber(number), owner: MemberId(owner), amount: Some(amount), claim: confirmed(), ..deal() }
}

fn won(number: i64, owner: i64, amount: i64, on: &str) -> Deal {
    Deal { stage: Stage::Launched, closed_on: Some(day(on)), ..open(number, owner, amount) }
}

fn no_stalls() -> Stalls {
    let none = || Vec::new();
    Stalls { entered: none(), left: none(), running: none(), to_clear: Figure::NotEnough { have: 0, need: 5 } }
}

/// Told on 17 December 2026, of the running quarter unless another one is given.
struct Told {
    facts: HealthFacts<'static>,
}

impl Told {
    fn of(deals: Vec<Deal>) -> Told {
        let calendar: &'static Calendar = Box::leak(Box::new(calendar()));
        let motions: &'static Motions = Box::leak(Box::default());
        let facts = HealthFacts {
            period: calendar.period(day("2026-12-17")),
            of: Share::Whole,
            deals,
            gone: BTreeSet::new(),
            meetings: Vec::new(),
            stalls: no_stalls(),
            comp: None,
            motions,
            calendar,
            now: at(NOW),
        };
        Told { facts }
    }

    fn reason(&self, kind: ReasonKind) -> Reason {
        reasons(&self.facts).into_iter().find(|reason| reason.kind == kind).expect("told")
    }
}

fn numbers(deals: &[DealNumber]) -> Vec<i64> {
    deals.iter().map(|deal| deal.0).collect()
}

#[test]
fn deals_count_that_are_open_or_were_won_in_four_quarters() {
    let deals = vec![
        open(1, 1, 100),
        won(2, 2, 300, "2026-01-01"),
        won(3, 3, 900, "2025-12-31"),
        won(4, 3, 200, "2026-12-17"),
        Deal { amount: None, ..open(5, 4, 0) },
        open(6, 1, 250),
        open(7, 4, 50),
    ];
    let mut told = Told::of(deals);
    let reps = told.reason(ReasonKind::Reps);
    assert_eq!(numbers(&reps.failing), [2, 6, 1], "those of the two who carry most, the largest first");
    assert_eq!(numbers(&reps.holding), [4, 7], "what has no amount is not spread, what was won earlier is history");
    let Figure::Known(Measure::Spread(spread)) = reps.measure else { panic!("{:?}", reps.measure) };
    assert_eq!((spread.over, spread.first().percent(), spread.first_two().percent()), (4, 39, 72));
    told.facts.period = told.facts.period.back(1);
    let earlier = told.reason(ReasonKind::Reps);
    assert_eq!(earlier.measure, Figure::NotEnough { have: 2, need: 5 }, "D-2 and D-3: what is open is of now");
    let kinds: Vec<ReasonKind> = reasons(&told.facts).iter().map(|reason| reason.kind).collect();
    assert!(![ReasonKind::Unowned, ReasonKind::Stalled].iter().any(|kind| kinds.contains(kind)));
}

#[test]
fn one_partners_part_is_not_spread_over_partners() {
    let with = |number, partner| Deal { partner: PartnerId(partner), ..open(number, number, 100 * number) };
    let mut told = Told::of(vec![with(1, 1), with(2, 1), with(3, 2), with(4, 2), with(5, 3), with(6, 2)]);
    let partners = told.reason(ReasonKind::Partners);
    assert_eq!((numbers(&partners.failing), numbers(&partners.holding)), (vec![6, 4, 3], vec![5, 2, 1]));
    assert_eq!(top_partner(&told.facts), Some(PartnerId(2)));
    told.facts.of = Share::Partner(PartnerId(2));
    assert_eq!(told.reason(ReasonKind::Reps).measure, Figure::NotEnough { have: 3, need: 5 });
    assert!(reasons(&told.facts).iter().all(|reason| reason.kind != ReasonKind::Partners));
}

#[test]
fn the_motion_was_run_where_all_criteria_were_met_and_none_passed_over() {
    let motions = Motions::default();
    let of_prospect: Vec<String> =
        motions.current().criteria(Stage::Prospect).iter().map(|criterion| criterion.text.clone()).collect();
    let met = |texts: &[String]| -> Vec<Met> {
        let met = |text: &String| Met { stage: Stage::Prospect, text: text.clone(), by: MemberId(1), at: at(NOW) };
        texts.iter().map(met).collect()
    };
    let passed: Vec<Exit> = motions.current().criteria(Stage::Prospect)[1..]
        .iter()
        .map(|criterion| Exit { stage: Stage::Prospect, criterion: criterion.clone() })
        .collect();
    let waiver = Waiver {
        to: Stage::Qualified,
        passed,
        reason: "They are in a hurry".to_owned(),
        by: MemberId(9),
        at: at(NOW),
        spent: false,
    };
    let qualified = |number, met: Vec<Met>| Deal { stage: Stage::Qualified, met, ..open(number, 1, 100) };
    let told = Told::of(vec![
        qualified(1, met(&of_prospect)),
        qualified(2, met(&of_prospect[..1])),
        Deal { waivers: vec![waiver], ..qualified(3, met(&of_prospect[..1])) },
        open(4, 1, 100),
        won(5, 1, 100, "2026-12-01"),
        Deal { stage: Stage::ClosedLost, ..qualified(6, Vec::new()) },
        Deal { imported_in: Some(Stage::Qualified), ..qualified(7, Vec::new()) },
        Deal { imported_in: Some(Stage::Launched), ..won(8, 1, 100, "2026-12-01") },
        Deal { imported_in: Some(Stage::Prospect), ..qualified(9, met(&of_prospect)) },
    ]);
    let motion = told.reason(ReasonKind::Motion);
    assert_eq!((numbers(&motion.holding), numbers(&motion.failing)), (vec![1, 9], vec![2, 3, 5]));
    assert_eq!(motion.measure, Figure::Known(part(2, 5)), "D-4, D-7 and D-8 have left no stage here");
}

#[test]
fn unowned_and_stalled_are_counted_against_what_is_open() {
    let mut told = Told::of((1..=5).map(|n| open(n, n, 100)).chain([won(9, 5, 100, "2026-12-01")]).collect());
    told.facts.gone = [MemberId(5)].into();
    told.facts.stalls.running = vec![DealNumber(2), DealNumber(9)];
    let unowned = told.reason(ReasonKind::Unowned);
    assert_eq!((unowned.measure, numbers(&unowned.failing)), (Figure::Known(part(1, 5)), vec![5]));
    let stalled = told.reason(ReasonKind::Stalled);
    assert_eq!((stalled.measure, numbers(&stalled.failing)), (Figure::Known(part(1, 5)), vec![2]));
    assert_eq!(Told::of(Vec::new()).reason(ReasonKind::Unowned).measure, Figure::NotEnough { have: 0, need: 1 });
}

/// All were recorded on 2 November: day 14 is the 16th, and ten business days later a claim is a gap.
#[test]
fn a_claim_counts_once_it_is_confirmed_or_overdue_and_a_class_once_it_is_settled_or_late() {
    let unconfirmed = |number| Deal { claim: Default::default(), ..open(number, 1, 100) };
    let fresh =
        Deal { attributed_at: at("2026-12-15T10:00:00Z"), created_at: at("2026-12-15T10:00:00Z"), ..unconfirmed(3) };
    let undecided = |number, created| Deal { role: Role::Undecided, created_at: at(created), ..unconfirmed(number) };
    let told = Told::of(vec![
        open(1, 1, 100),
        unconfirmed(2),
        fresh,
        undecided(4, "2026-11-02T10:00:00Z"),
        undecided(5, "2026-12-15T10:00:00Z"),
        Deal { attributed_at: at("2026-11-17T10:00:00Z"), ..open(6, 1, 100) },
    ]);
    let confirmed = told.reason(ReasonKind::Confirmed);
    assert_eq!((numbers(&confirmed.holding), numbers(&confirmed.failing)), (vec![1, 6], vec![2]));
    let on_time = told.reason(ReasonKind::OnTime);
    assert_eq!((numbers(&on_time.holding), numbers(&on_time.failing)), (vec![1, 2, 3], vec![4, 6]));
    assert_eq!(on_time.measure, Figure::Known(part(3, 5)));
}

#[test]
fn meetings_of_all_reviews_keep_one_rhythm() {
    let review = |[held, not_held, missed, skipped]: [usize; 4]| Meetings {
        held,
        not_held: vec![at(NOW); not_held],
        untold: 1,
        missed: vec![at(NOW); missed],
        skipped,
        ..Meetings::none(ReviewId(1), "Weekly")
    };
    let mut told = Told::of(Vec::new());
    told.facts.meetings = vec![review([1, 1, 0, 1])];
    assert_eq!(told.reason(ReasonKind::Reviews).measure, Figure::NotEnough { have: 3, need: 4 });
    told.facts.meetings.push(review([3, 0, 1, 0]));
    assert_eq!(told.reason(ReasonKind::Reviews).measure, Figure::Known(meetings([4, 1, 1, 1])));
}

#[test]
fn pay_is_told_only_to_those_who_may_know_it() {
    let rate = |points| Rate::of_basis_points(points).expect("a rate");
    let terms = Terms { solo_rate: rate(1_000), cosell_rate: rate(800), quota_credit: None, spiff: 15 };
    let mut comp = Comp::default();
    comp.set(day("2026-01-01"), terms);
    let comp: &'static Comp = Box::leak(Box::new(comp));
    let mut told = Told::of(vec![open(1, 1, 500), open(2, 1, 1_000), won(3, 1, 9_000, "2026-09-30")]);
    assert!(reasons(&told.facts).iter().all(|reason| reason.kind != ReasonKind::Pay));
    told.facts.comp = Some(comp);
    let pay = told.reason(ReasonKind::Pay);
    assert_eq!((pay.measure, numbers(&pay.failing)), (Figure::Known(part(1, 2)), vec![2]), "50 + 5, and 100 − 5");
}
