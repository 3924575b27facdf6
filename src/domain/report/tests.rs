//! Worked examples of the report, for Q4 2026 in a workspace that began on 1 October.

use rstest::rstest;

use super::*;
use crate::domain::deal::{Claim, Signature};
use crate::domain::id::{AccountId, MemberId};
use crate::domain::motion::Stage;
use crate::domain::number::Cause;
use crate::domain::testing::{at, calendar, confirmed, day, deal, entry, q4};

fn books() -> Books {
    Books { calendar: calendar(), opened: day("2026-10-01") }
}

fn open(number: i64, role: Role, amount: i64, close: &str) -> Deal {
    let (number, amount) = (DealNumber(number), Some(amount));
    Deal { number, role, amount, stage: Stage::Committed, close: Some(day(close)), ..deal() }
}

fn won(number: i64, role: Role, amount: i64, claim: Claim) -> Deal {
    let (number, amount, closed_on) = (DealNumber(number), Some(amount), Some(day("2026-11-22")));
    Deal { number, role, amount, claim, closed_on, stage: Stage::Launched, ..deal() }
}

fn facts(deals: Vec<Deal>, entries: Vec<Entry>) -> ReportFacts {
    ReportFacts {
        period: q4(),
        as_of: AsOf::of(&q4(), &books(), at("2026-11-25T12:00:00Z")),
        calendar: calendar(),
        motions: Motions::default(),
        entries,
        deals,
        target: Some(1_000),
        cost: CostBooked { own: Vec::new(), adjusted: vec![(q4().back(1), 100)] },
        baseline: Baseline::default(),
    }
}

/// D-1 to D-3 won, D-4 to D-7 open; 50 taken from what was won in Q3.
fn worked() -> Report {
    let late = Deal { attributed_at: at("2026-11-20T10:00:00Z"), ..won(2, Role::Sourced, 120, Claim::default()) };
    let deals = vec![
        won(1, Role::Sourced, 300, confirmed()),
        late,
        won(3, Role::Influenced, 90, Claim::default()),
        Deal { claim: confirmed(), ..open(4, Role::Sourced, 1_000, "2026-12-20") },
        open(5, Role::Sourced, 400, "2027-02-01"),
        open(6, Role::Sourced, 70, "2026-11-01"),
        open(7, Role::Undecided, 30, "2026-12-01"),
    ];
    let taken = Entry { of: q4().back(1), cause: Cause::Amount, deals: 0, ..entry(9, Role::Sourced, -50) };
    let entries = vec![
        entry(1, Role::Sourced, 300),
        entry(2, Role::Sourced, 100),
        Entry { deals: 0, cause: Cause::Amount, ..entry(2, Role::Sourced, 20) },
        entry(3, Role::Influenced, 90),
        taken,
    ];
    Report::new(facts(deals, entries))
}

fn of(deals: usize, amount: i64) -> Tally {
    Tally { deals, amount }
}

#[test]
fn revenue_is_told_by_class_claimed_and_confirmed_apart() {
    let report = worked();
    let sourced = report.won.sourced;
    assert_eq!((sourced.booked.won, sourced.booked.adjusted), (of(2, 420), of(1, -50)));
    assert_eq!((sourced.confirmed, sourced.claimed, sourced.late), (of(1, 300), of(1, 120), of(1, 120)));
    assert_eq!(report.won.influenced.booked.won, of(1, 90));
    assert_eq!(report.won.influenced.claimed, of(1, 90));
    assert_eq!((report.attainment(), report.roi()), (Some(37), Some(270)), "370 of 1000, and at a cost of 100");
}

#[test]
fn pipeline_counts_what_is_not_past_its_close() {
    let open = worked().open.expect("the quarter runs");
    let sourced = open.sourced;
    assert_eq!((sourced.weighted.counted.deals, sourced.weighted.counted.amount), (2, 1_400));
    assert_eq!(sourced.weighted.counted.weighted(), 1_190, "85 % of 1400");
    assert_eq!((sourced.confirmed, sourced.claimed), (of(1, 1_000), of(1, 400)));
    assert_eq!((sourced.weighted.past_close.amount, sourced.closing.weighted()), (70, 850));
    assert_eq!(open.undecided.weighted.counted.amount, 30);
    assert_eq!((open.undecided.confirmed, open.undecided.claimed), (of(0, 0), of(0, 0)));
}

/// What a figure shows is what its deals add up to.
#[test]
fn each_figure_opens_to_its_deals() {
    let report = worked();
    let keys = [
        ("won_sourced", vec![1, 2]),
        ("won_sourced_confirmed", vec![1]),
        ("won_sourced_claimed", vec![2]),
        ("won_influenced", vec![3]),
        ("open_sourced", vec![4, 5]),
        ("open_sourced_confirmed", vec![4]),
        ("open_undecided", vec![7]),
        ("closing_sourced", vec![4]),
        ("past_close", vec![6]),
        ("late", vec![2, 7]),
        ("adjusted", vec![9]),
        ("win_rate", vec![1, 2, 3]),
        ("cycle", vec![1, 2, 3]),
        ("confirmed_later", vec![]),
    ];
    for (key, deals) in keys {
        let figure = ReportFigure::parse(key).expect(key);
        assert_eq!(figure.key(), key);
        assert_eq!(report.deals(figure).iter().map(|deal| deal.0).collect::<Vec<_>>(), deals, "{key}");
    }
    assert!(ReportFigure::all().len() <= 25, "they are the entries of one select");
    let rows = tally(report.rows_of(Section::Won, Role::Sourced));
    assert_eq!(rows, report.won.sourced.booked.won);
}

#[test]
fn customers_are_told_with_all_their_deals() {
    let [only] = worked().accounts(Section::Won, Role::Sourced)[..] else { panic!("one customer") };
    assert_eq!((only.account, only.deals, only.amount, only.confirmed), (Some(AccountId(1)), 2, 420, 300));
}

#[test]
fn a_win_that_was_taken_back_in_its_quarter_leaves_no_row() {
    let back = Entry { deals: -1, cause: Cause::Reopened, ..entry(1, Role::Sourced, -300) };
    let report =
        Report::new(facts(vec![open(1, Role::Sourced, 300, "2026-12-20")], vec![entry(1, Role::Sourced, 300), back]));
    assert_eq!(report.won.sourced.booked.won, of(0, 0));
    assert_eq!(report.rows_of(Section::Won, Role::Sourced).count(), 0);
}

#[test]
fn with_too_little_history_nothing_is_made_up() {
    let report =
        Report::new(ReportFacts { cost: CostBooked::default(), target: None, ..facts(Vec::new(), Vec::new()) });
    assert_eq!(report.win_rate, Figure::NotEnough { have: 0, need: 5 });
    assert_eq!(report.cycle, Figure::NotEnough { have: 0, need: 5 });
    assert_eq!((report.roi(), report.attainment()), (None, None));
}

#[rstest]
#[case::runs("2026-11-25", Phase::Running, "2026-11-25")]
#[case::last_day("2026-12-31", Phase::Running, "2026-12-31")]
#[case::over("2027-01-01", Phase::Over, "2026-12-31")]
#[case::long_over("2028-05-05", Phase::Over, "2026-12-31")]
fn a_quarter_that_is_over_is_told_as_of_its_end(#[case] today: &str, #[case] phase: Phase, #[case] as_of: &str) {
    let told = AsOf::of(&q4(), &books(), at(&format!("{today}T12:00:00Z")));
    assert_eq!((told.phase, told.day), (phase, day(as_of)));
}

#[test]
fn of_a_quarter_before_the_workspace_nothing_open_is_told() {
    let q3 = q4().back(1);
    let as_of = AsOf::of(&q3, &books(), at("2026-11-25T12:00:00Z"));
    assert_eq!(as_of.phase, Phase::Before);
    let before = ReportFacts { period: q3, as_of, ..facts(vec![open(1, Role::Sourced, 5, "2026-12-01")], Vec::new()) };
    let report = Report::new(before);
    assert!(report.open.is_none() && report.rows.is_empty());
}

#[test]
fn a_confirmation_of_an_earlier_win_is_told_in_the_quarter_in_which_it_was_given() {
    let q1 = q4().ahead(1);
    let given =
        Claim { confirmed: Some(Signature { by: MemberId(2), at: at("2027-01-04T10:00:00Z") }), ..Claim::default() };
    let as_of = AsOf::of(&q1, &books(), at("2027-01-05T12:00:00Z"));
    let deals = vec![won(1, Role::Sourced, 300, given)];
    let report = Report::new(ReportFacts { period: q1, as_of, ..facts(deals, Vec::new()) });
    assert_eq!(report.confirmed_later, [DealNumber(1)]);
}
