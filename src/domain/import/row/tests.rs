//! How cells are read.

use rstest::rstest;

use super::*;
use crate::domain::testing::{calendar, day};

fn read_row(cells: &[(Column, &str)], dates: Option<DateOrder>) -> Result<Row, Vec<RowProblem>> {
    let always = [(Column::Crm, "501"), (Column::Account, "Globex ")];
    let cells = always.iter().chain(cells).map(|(column, text)| (*column, text.trim().to_owned())).collect();
    let stages = BTreeMap::from([("parked".to_owned(), Stage::Prospect)]);
    let terms = Terms {
        currency: Currency::of("USD").expect("a currency"),
        calendar: &calendar(),
        today: day("2026-11-02"),
        dates,
        stages: &stages,
        partner: Some("Initech"),
    };
    let Read { row, problems } = read(&Raw { line: 2, cells }, &terms);
    if problems.is_empty() { Ok(row) } else { Err(problems) }
}

#[test]
fn a_row_of_salesforce_is_read_as_it_is_exported() {
    let cells = [
        (Column::Stage, "Proposal/Price Quote"),
        (Column::Amount, "USD 120,000.50"),
        (Column::Close, "12/15/2026"),
        (Column::Created, "9/1/2026"),
        (Column::Source, "Partner Sourced"),
        (Column::Evidence, "Their AE made the intro"),
    ];
    let row = read_row(&cells, Some(DateOrder::MonthFirst)).expect("it reads");
    assert_eq!((row.stage, row.amount), (Some(Stage::BusinessValidation), Some(12_000_050)));
    assert_eq!((row.close, row.created), (Some(day("2026-12-15")), Some(day("2026-09-01"))));
    assert_eq!((row.role, row.partner.as_deref()), (Role::Sourced, Some("Initech")));
}

#[rstest]
#[case::hubspot("2026-12-15 14:05", None, Some("2026-12-15"))]
#[case::a_moment("2026-12-15T14:05:00Z", None, Some("2026-12-15"))]
#[case::in_words("15 Dec 2026", None, Some("2026-12-15"))]
#[case::dots("15.12.2026", None, Some("2026-12-15"))]
#[case::two_days("12/15/2026", None, None)]
#[case::day_first("15/12/2026", Some(DateOrder::DayFirst), Some("2026-12-15"))]
#[case::short("12/31/26", Some(DateOrder::MonthFirst), Some("2026-12-31"))]
#[case::short_and_unsaid("12/31/26", None, None)]
#[case::with_a_time("12/15/2026, 2:05 PM", Some(DateOrder::MonthFirst), Some("2026-12-15"))]
#[case::no_such_day("31/12/2026", Some(DateOrder::MonthFirst), None)]
#[case::a_word("friday", None, None)]
fn days_are_read_where_they_can_be_one_day_only(
    #[case] typed: &str,
    #[case] dates: Option<DateOrder>,
    #[case] expected: Option<&str>,
) {
    let read = read_row(&[(Column::Close, typed)], dates);
    match expected {
        Some(expected) => assert_eq!(read.expect("it reads").close, Some(day(expected))),
        None => assert_eq!(read, Err(vec![RowProblem::Day(Column::Close, typed.to_owned())])),
    }
}

#[rstest]
#[case::no_amount(&[(Column::Amount, "a lot")], RowProblem::Amount("a lot".to_owned()))]
#[case::other_currency(&[(Column::Amount, "€100")], RowProblem::OtherCurrency("€100".to_owned()))]
#[case::other_column(&[(Column::Amount, "100"), (Column::Currency, "EUR")], RowProblem::OtherCurrency("100 EUR".to_owned()))]
#[case::stage(&[(Column::Stage, "Limbo")], RowProblem::Stage("Limbo".to_owned()))]
#[case::class(&[(Column::Source, "Web")], RowProblem::Class("Web".to_owned()))]
#[case::no_evidence(&[(Column::Source, "sourced")], RowProblem::NoEvidence)]
#[case::made_tomorrow(&[(Column::Created, "2026-11-09")], RowProblem::Ahead(Column::Created, day("2026-11-09")))]
#[case::won_tomorrow(
    &[(Column::Stage, "Closed Won"), (Column::Amount, "1"), (Column::Close, "2026-12-01")],
    RowProblem::Ahead(Column::Close, day("2026-12-01"))
)]
#[case::beyond_prospect(
    &[(Column::Stage, "Qualified"), (Column::Amount, "1")],
    RowProblem::NeededIn(Column::Close, Stage::Qualified)
)]
fn what_cannot_be_read_is_told(#[case] cells: &[(Column, &str)], #[case] problem: RowProblem) {
    assert_eq!(read_row(cells, None), Err(vec![problem]));
}

#[test]
fn all_problems_of_a_row_are_told_at_once() {
    let cells = [(Column::Stage, "Limbo"), (Column::Amount, "a lot"), (Column::Close, "someday")];
    assert_eq!(read_row(&cells, None).map_err(|problems| problems.len()), Err(3));
    assert_eq!(read_row(&[(Column::Stage, "Parked")], None).map(|row| row.stage), Ok(Some(Stage::Prospect)));
}
