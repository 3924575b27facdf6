//! What a dry run shows: nothing, one row, many, too many.

use super::super::offer::Offer;
use super::super::testing::*;
use super::*;
use crate::domain::id::UserId;
use crate::domain::import::stage::aliases;
use crate::domain::testing::{day, import_row};

fn row(line: u64) -> Row {
    Row { account: "=Globex *Labs*".to_owned(), ..import_row(line, &format!("50{line}")) }
}

fn shown(fates: Vec<Fate>, accounts: usize, unread: &[&str]) -> String {
    let rows: Vec<(u64, Fate)> = fates.into_iter().enumerate().map(|(n, fate)| (n as u64 + 2, fate)).collect();
    let read = rows.iter().map(|(line, _)| (*line, row(*line))).collect();
    let accounts = (1..=accounts).map(|n| format!("Account {n}")).collect();
    let plan = Plan { rows, accounts, partners: Vec::new() };
    let unread: Vec<String> = unread.iter().map(|name| (*name).to_owned()).collect();
    speaking(|voice| seen(&dry_run(voice, &plan, &read, &unread, offers(&[Offer::Confirm, Offer::Cancel]))))
}

fn of_every_kind() -> Vec<Fate> {
    let deal = DealNumber(3);
    vec![
        Fate::New { owner: UserId(7) },
        Fate::Changed {
            deal,
            amount: Some((None, 12_000_000)),
            close: Some((Some(day("2026-12-15")), day("2027-01-31"))),
            left: vec![Left::Stage { here: Stage::Qualified, there: Stage::Launched }],
        },
        Fate::Same { deal: DealNumber(4), left: Vec::new() },
        Fate::Same {
            deal: DealNumber(5),
            left: vec![Left::Ended(Stage::Launched), Left::PastClose(day("2026-10-01"))],
        },
        Fate::Wrong(vec![
            RowProblem::Missing(Column::Account),
            RowProblem::Missing(Column::Partner),
            RowProblem::Missing(Column::Owner),
            RowProblem::NeededIn(Column::Amount, Stage::Qualified),
            RowProblem::TooLong(Column::NextStep, 200),
        ]),
        Fate::Wrong(vec![
            RowProblem::Amount("a lot @everyone".to_owned()),
            RowProblem::OtherCurrency("€100".to_owned()),
            RowProblem::Day(Column::Close, "12/15/2026".to_owned()),
            RowProblem::Ahead(Column::Created, day("2027-01-01")),
            RowProblem::Stage("Limbo".to_owned()),
            RowProblem::Class("Web".to_owned()),
            RowProblem::NoEvidence,
        ]),
        Fate::Wrong(vec![
            RowProblem::Owner("Rita Moreno".to_owned()),
            RowProblem::OwnerTwice("Ben".to_owned()),
            RowProblem::Partner("Initec".to_owned(), vec!["Initech".to_owned()]),
            RowProblem::Partner("Hooli".to_owned(), Vec::new()),
            RowProblem::SameId(2),
            RowProblem::LooksLike(DealNumber(9)),
            RowProblem::SeveralDeals(vec![DealNumber(3), DealNumber(9)]),
        ]),
    ]
}

#[test]
fn a_dry_run_says_what_each_row_becomes() {
    let one = shown(vec![Fate::New { owner: UserId(7) }], 1, &[]);
    let none = shown(vec![Fate::Same { deal: DealNumber(1), left: Vec::new() }], 0, &["Deal Name", "Forecast *x*"]);
    insta::assert_snapshot!([none, one, shown(of_every_kind(), 2, &[])].join("---\n"));
}

#[test]
fn what_does_not_fit_is_counted_and_in_the_file() {
    let many = (0..5_000).map(|n| match n % 3 {
        0 => Fate::Wrong(vec![RowProblem::Owner("x".repeat(90)), RowProblem::Stage("y".repeat(90))]),
        1 => Fate::Changed {
            deal: DealNumber(n),
            amount: Some((None, 1)),
            close: None,
            left: vec![Left::Ended(Stage::Launched)],
        },
        _ => Fate::New { owner: UserId(7) },
    });
    insta::assert_snapshot!(shown(many.collect(), 4_000, &["Deal Name"; 40]));
}

#[test]
fn the_file_that_goes_along_has_every_row_and_no_formula() {
    let rows: Vec<(u64, Fate)> =
        of_every_kind().into_iter().enumerate().map(|(n, fate)| (n as u64 + 2, fate)).collect();
    let read = rows.iter().map(|(line, _)| (*line, row(*line))).collect();
    let plan = Plan { rows, ..Plan::default() };
    let bytes = speaking(|voice| table(voice, &plan, &read));
    insta::assert_snapshot!(String::from_utf8(bytes).expect("UTF-8"));
}

#[test]
fn what_was_done_and_what_stands_in_the_way() {
    let plan = Plan {
        rows: of_every_kind().into_iter().map(|fate| (2, fate)).collect(),
        accounts: vec!["Globex".to_owned()],
        partners: vec!["Hooli".to_owned()],
    };
    let many = Plan { rows: (12..=80).map(|line| (line, Fate::New { owner: UserId(7) })).collect(), ..Plan::default() };
    let problems = [
        FileProblem::NotFetched,
        FileProblem::TooBig(10 * 1024 * 1024),
        FileProblem::NotCsv,
        FileProblem::NoColumns(Column::NEEDED.to_vec()),
        FileProblem::NoRows,
        FileProblem::TooManyRows(7_001),
        FileProblem::Mapping { option: "owners", typed: "Rita".to_owned() },
        FileProblem::Mapping { option: "stages", typed: "Demo = Limbo".to_owned() },
        FileProblem::Changed,
    ];
    let said = speaking(|voice| {
        let mut said = vec![
            seen(&imported(voice, &plan, &[DealNumber(12)], offers(&[Offer::Undo]))),
            seen(&imported(voice, &many, &[DealNumber(12), DealNumber(80)], Offers::new())),
            seen(&taken_back(2, 1)),
            seen(&dropped()),
        ];
        said.extend(problems.iter().map(|file| problem(voice, file) + "\n"));
        said.join("---\n")
    });
    insta::assert_snapshot!(said);
}

/// The names that columns and stages go by, as docs/import.md has them.
fn alias_tables() -> String {
    let row = |first: &str, aliases: &[&str]| {
        let aliases: Vec<String> = aliases.iter().map(|alias| format!("`{alias}`")).collect();
        format!("| {first} | {} |\n", aliases.join(", "))
    };
    let columns: String = Column::ALL.iter().map(|column| row(name(*column), column.aliases())).collect();
    let stages: String = Stage::ALL.iter().map(|stage| row(stage.name(), aliases(*stage))).collect();
    format!(
        "| Column | Headers that are read as it |\n|---|---|\n{columns}\n| Stage | Stages of a CRM that stand for it |\n|---|---|\n{stages}"
    )
}

#[test]
fn the_readme_has_every_header_and_stage_that_is_read() {
    let page = include_str!("../../../docs/import.md");
    assert!(page.contains(&alias_tables()), "put this into docs/import.md:\n{}", alias_tables());
}
