//! Worked examples of what deals pay.

use rstest::rstest;

use super::*;
use crate::domain::deal::{Loss, LossReason};
use crate::domain::motion::Stage;
use crate::domain::testing::{at, day, deal};

const TODAY: &str = "2026-11-02";

fn terms(solo: &str, cosell: &str, spiff: i64) -> Terms {
    let rate = |text| Rate::parse(text).expect("a rate");
    Terms { solo_rate: rate(solo), cosell_rate: rate(cosell), quota_credit: None, spiff }
}

fn comp(of: &[(&str, Terms)]) -> Comp {
    let mut comp = Comp::default();
    of.iter().for_each(|(from, terms)| comp.set(day(from), *terms));
    comp
}

#[rstest]
#[case::whole("10", Some(1_000))]
#[case::with_sign("12.5 %", Some(1_250))]
#[case::comma("0,25%", Some(25))]
#[case::nothing("0", Some(0))]
#[case::all_of_it("100.00", Some(10_000))]
#[case::above("100.01", None)]
#[case::three_decimals("1.125", None)]
#[case::negative("-5", None)]
#[case::words("ten", None)]
#[case::empty("", None)]
#[case::only_a_sign("%", None)]
#[case::dot_alone("5.", None)]
#[case::grouped("1,000", None)]
fn a_rate_is_read_as_people_write_it(#[case] typed: &str, #[case] points: Option<u32>) {
    assert_eq!(Rate::parse(typed).map(Rate::basis_points), points);
}

/// Amounts in cents: 12_000_000 is $120,000.
#[rstest]
#[case::same(12_000_000, terms("10", "10", 0), 1_200_000, 1_200_000, 0, Some(100))]
#[case::less(12_000_000, terms("10", "9", 0), 1_200_000, 1_080_000, 120_000, Some(90))]
#[case::less_levelled_by_a_spiff(12_000_000, terms("10", "9", 120_000), 1_200_000, 1_200_000, 0, Some(100))]
#[case::more_by_a_spiff(12_000_000, terms("10", "9", 250_000), 1_200_000, 1_330_000, 0, Some(110))]
#[case::a_cent_short(12_000_000, terms("10", "9", 119_999), 1_200_000, 1_199_999, 1, Some(99))]
#[case::half_a_cent_rounds_up(150, terms("1", "0.99", 0), 2, 1, 1, Some(50))]
#[case::both_round_to_the_same(10, terms("6", "5", 0), 1, 1, 0, Some(100))]
#[case::two_decimals(33_333, terms("12.25", "12.26", 0), 4_083, 4_087, 0, Some(100))]
#[case::solo_pays_nothing(12_000_000, terms("0", "5", 0), 0, 600_000, 0, None)]
#[case::worth_nothing(0, terms("10", "8", 0), 0, 0, 0, None)]
#[case::the_most_there_is(
    crate::domain::money::MOST,
    terms("100", "0", 0),
    crate::domain::money::MOST,
    0,
    crate::domain::money::MOST,
    Some(0)
)]
fn parity_is_what_it_pays_with_a_partner_over_what_it_pays_without(
    #[case] amount: i64,
    #[case] terms: Terms,
    #[case] solo: i64,
    #[case] cosell: i64,
    #[case] short: i64,
    #[case] percent: Option<i64>,
) {
    let parity = Parity::of(amount, terms);
    assert_eq!((parity.solo, parity.cosell, parity.short(), parity.percent()), (solo, cosell, short, percent));
    assert_eq!(parity.passes(), short == 0);
}

#[test]
fn quota_credit_stands_beside_parity_and_not_in_it() {
    let half = Terms { quota_credit: Some(50), ..terms("10", "10", 0) };
    let parity = Parity::of(12_000_000, half);
    assert!(parity.passes());
    assert_eq!(parity.quota_credit, Some(50));
}

fn open(close: Option<&str>) -> Deal {
    Deal { amount: Some(12_000_000), close: close.map(day), ..deal() }
}

fn won(on: &str) -> Deal {
    let mut deal = open(Some("2026-12-01"));
    deal.win(day(on), at("2026-11-02T10:00:00Z"));
    deal
}

fn lost() -> Deal {
    let mut deal = open(None);
    deal.lose(Loss { reason: LossReason::Price, detail: None }, day(TODAY), at("2026-11-02T10:00:00Z"));
    deal
}

/// 10 % and 8 % from September on, 10 % and 10 % from December on.
#[rstest]
#[case::closes_under_the_first(open(Some("2026-11-30")), Some(240_000))]
#[case::closes_under_the_second(open(Some("2026-12-01")), Some(0))]
#[case::no_close_pays_today_at_the_earliest(open(None), Some(240_000))]
#[case::past_close_pays_today_at_the_earliest(open(Some("2026-08-31")), Some(240_000))]
#[case::won_under_the_first(won("2026-10-15"), Some(240_000))]
#[case::won_before_there_were_any(won("2026-08-31"), None)]
#[case::lost_pays_nothing(lost(), None)]
#[case::no_amount(Deal { amount: None, ..open(None) }, None)]
fn a_deal_is_judged_by_the_terms_of_the_day_it_pays(#[case] deal: Deal, #[case] short: Option<i64>) {
    let comp = comp(&[("2026-09-01", terms("10", "8", 0)), ("2026-12-01", terms("10", "10", 0))]);
    assert_eq!(parity(&deal, &comp, day(TODAY)).map(Parity::short), short);
}

#[test]
fn without_terms_nothing_is_judged() {
    assert_eq!(parity(&open(None), &Comp::default(), day(TODAY)), None);
    assert_eq!(levelling([&open(None)], &Comp::default(), day(TODAY)), Levelling::default());
}

#[test]
fn terms_for_the_same_day_replace_those_that_were_set() {
    let mut comp = comp(&[("2026-09-01", terms("10", "8", 0)), ("2026-12-01", terms("10", "9", 0))]);
    comp.set(day("2026-12-01"), terms("10", "12", 0));
    let days: Vec<NaiveDate> = comp.history().map(|(from, _)| from).collect();
    assert_eq!(days, [day("2026-12-01"), day("2026-09-01")]);
    assert_eq!(comp.in_force(day("2027-01-01")), Some((day("2026-12-01"), terms("10", "12", 0))));
    assert_eq!(comp.in_force(day("2026-08-31")), None);
}

#[test]
fn levelling_adds_up_by_deal_and_by_rep() {
    let of = |number, owner, amount| Deal {
        number: DealNumber(number),
        owner: MemberId(owner),
        amount,
        stage: Stage::Qualified,
        ..deal()
    };
    let deals = [of(1, 7, Some(1_000_000)), of(2, 8, Some(5_000_000)), of(3, 7, Some(3_000_000)), of(4, 8, None)];
    let comp = comp(&[("2026-09-01", terms("10", "9", 0))]);
    let levelling = levelling(&deals, &comp, day(TODAY));
    assert_eq!(levelling.judged, 3);
    let short: Vec<(i64, i64)> = levelling.short.iter().map(|s| (s.deal.0, s.parity.short())).collect();
    assert_eq!(short, [(2, 50_000), (3, 30_000), (1, 10_000)]);
    let reps: Vec<(i64, usize, i64)> = levelling.reps.iter().map(|r| (r.owner.0, r.deals, r.short)).collect();
    assert_eq!(reps, [(8, 1, 50_000), (7, 2, 40_000)]);
    assert_eq!(levelling.total(), 90_000);
}

#[test]
fn other_figures_or_another_owner_are_news() {
    let today = day(TODAY);
    let old = comp(&[("2026-09-01", terms("10", "9", 0))]);
    let new = comp(&[("2026-09-01", terms("10", "10", 0))]);
    let deal = open(None);
    let handed = Deal { owner: MemberId(9), ..open(None) };
    let moved = Deal { next_step: None, crm: Some("x".to_owned()), ..open(None) };
    assert!(is_pay_news(None, (&deal, &old), today));
    assert!(is_pay_news(Some((&deal, &old)), (&deal, &new), today));
    assert!(is_pay_news(Some((&deal, &old)), (&handed, &old), today));
    assert!(!is_pay_news(Some((&deal, &old)), (&moved, &old), today));
    assert!(!is_pay_news(Some((&deal, &old)), (&deal, &Comp::default()), today), "there is nothing to tell");
}
