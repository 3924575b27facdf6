//! The report with nothing to tell, under way, over, and with too much; and its files.

use super::super::testing::*;
use super::*;
use crate::domain::baseline::Baseline;
use crate::domain::calendar::Calendar;
use crate::domain::deal::{Claim, Deal, Signature};
use crate::domain::id::{AccountId, DealNumber, MemberId};
use crate::domain::motion::{Motions, Stage};
use crate::domain::number::{Books, Cause, Cost, CostBooked, Entry};
use crate::domain::report::{AsOf, ReportFacts};
use crate::domain::testing::{at, day};

fn calendar() -> Calendar {
    Calendar::of(&settings())
}

fn won_deal(number: i64, account: i64, role: Role, amount: i64) -> Deal {
    Deal {
        number: DealNumber(number),
        account: AccountId(account),
        role,
        amount: Some(amount),
        stage: Stage::Launched,
        closed_on: Some(day("2026-12-14")),
        ..deal()
    }
}

fn open_deal(number: i64, role: Role, amount: i64, close: Option<&str>) -> Deal {
    let stage = Stage::Committed;
    Deal { number: DealNumber(number), role, amount: Some(amount), stage, close: close.map(day), ..deal() }
}

fn facts(deals: Vec<Deal>, entries: Vec<Entry>, now: &str) -> ReportFacts {
    let books = Books { calendar: calendar(), opened: day("2026-07-01") };
    ReportFacts {
        period: q4(),
        as_of: AsOf::of(&q4(), &books, at(now)),
        calendar: calendar(),
        motions: Motions::default(),
        entries,
        deals,
        target: None,
        cost: CostBooked::default(),
        baseline: Baseline::default(),
    }
}

/// $420,000 sourced won of which $300,000 is confirmed, $40,000 taken back of Q3, $90,000 influenced; 5 open; 2 lost.
fn under_way() -> ReportFacts {
    let confirmed =
        Claim { confirmed: Some(Signature { by: MemberId(2), at: at("2026-12-15T10:00:00Z") }), ..Claim::default() };
    let lost = |number| Deal {
        stage: Stage::ClosedLost,
        lost: Some(crate::domain::deal::Loss { reason: crate::domain::deal::LossReason::Price, detail: None }),
        ..won_deal(number, 1, Role::Sourced, 100)
    };
    let deals = vec![
        Deal { number: DealNumber(1), ..open_deal(1, Role::Sourced, 60_000_000, Some("2026-12-30")) },
        open_deal(2, Role::Sourced, 34_000_000, Some("2026-12-10")),
        open_deal(3, Role::Influenced, 7_000_001, None),
        open_deal(4, Role::Undecided, 2_000_000, Some("2026-12-29")),
        Deal { claim: confirmed, crm: Some("OPP-8".to_owned()), ..won_deal(8, 1, Role::Sourced, 30_000_000) },
        Deal { attributed_at: at("2026-12-10T10:00:00Z"), ..won_deal(9, 2, Role::Sourced, 12_000_000) },
        won_deal(10, 3, Role::Influenced, 9_000_000),
        lost(11),
        lost(12),
    ];
    let taken = Entry { of: q4().back(1), deals: -1, cause: Cause::Reopened, ..entry(5, Role::Sourced, -4_000_000) };
    let entries = vec![
        entry(8, Role::Sourced, 30_000_000),
        entry(9, Role::Sourced, 12_000_000),
        entry(10, Role::Influenced, 9_000_000),
        taken,
    ];
    let own = vec![Cost { start: q4().start, amount: 4_000_000, note: Some("=1+1".to_owned()) }];
    ReportFacts {
        target: Some(120_000_000),
        cost: CostBooked { own, adjusted: vec![(q4().back(1), 250_000)] },
        baseline: Baseline { win_rate: Some(24), cycle_days: None },
        ..facts(deals, entries, "2026-12-17T15:00:00Z")
    }
}

fn all_names() -> Names {
    let accounts = [(1, "Globex"), (2, "=cmd|' /C calc'!A0"), (3, "Hooli @everyone | Labs")];
    Names { accounts: accounts.map(|(id, name)| (AccountId(id), name.to_owned())).into(), ..names() }
}

fn nothing() -> Report {
    Report::new(facts(Vec::new(), Vec::new(), "2026-12-17T15:00:00Z"))
}

fn said(of: &Report) -> String {
    let drawn = Picture { png: vec![1], alt: "in words".to_owned() };
    speaking(|voice| seen(&report(voice, of, &all_names(), Enclosed::Picture(drawn), id("report"))))
}

fn made(of: &Report, format: file::Format) -> File {
    speaking(|voice| file::made(voice, of, &all_names(), format)).expect("a file")
}

fn text(file: &File) -> String {
    String::from_utf8(file.bytes.clone()).expect("a text")
}

#[test]
fn with_nothing_to_tell_it_says_what_is_missing() {
    insta::assert_snapshot!("report_none", said(&nothing()));
}

#[test]
fn a_quarter_under_way_tells_all_its_figures_apart() {
    insta::assert_snapshot!("report_under_way", said(&Report::new(under_way())));
}

#[test]
fn a_quarter_that_is_over_says_so() {
    let over = Report::new(facts(
        vec![won_deal(8, 1, Role::Sourced, 100)],
        vec![entry(8, Role::Sourced, 100)],
        "2027-02-01T15:00:00Z",
    ));
    insta::assert_snapshot!("report_over", said(&over));
    let drawn = super::super::picture::proof::draw(&speaking(|voice| picture(voice, &over, &all_names())));
    assert!(drawn.alt.contains("As of Thu 31 Dec 2026 · amounts in USD."), "uncut: {}", drawn.alt);
}

#[test]
fn thousands_of_deals_are_counted() {
    let role = |n: i64| if n % 2 == 0 { Role::Sourced } else { Role::Influenced };
    let deal = |n| Deal {
        evidence: Some("They brought us in. ".repeat(60)),
        account: AccountId(n),
        ..won_deal(n, 1, role(n), 100)
    };
    let deals: Vec<Deal> = (1..=9_000).map(deal).collect();
    let entries = (1..=9_000).map(|n| entry(n, role(n), 100)).collect();
    let many = Report::new(facts(deals, entries, "2026-12-17T15:00:00Z"));
    let message = said(&many);
    assert!(message.contains("$4,500 in 4500 deals") && message.contains("… and 44"), "{message}");
    let table = made(&many, file::Format::Csv);
    let deals = text(&table);
    assert!(deals.contains("2500 deals more"), "the rest is one line");
    let amounts: i64 = ::csv::Reader::from_reader(deals.as_bytes())
        .records()
        .map(|line| line.expect("a line")[11].parse::<i64>().unwrap_or(0))
        .sum();
    assert_eq!(amounts, 9_000, "and every total stays as it is");
    for file in [table, made(&many, file::Format::Markdown), made(&many, file::Format::Xlsx)] {
        assert!(file.bytes.len() < 10 * 1024 * 1024, "{} has {} bytes", file.filename, file.bytes.len());
    }
}

#[test]
fn the_table_holds_the_figures_and_the_deals() {
    let file = made(&Report::new(under_way()), file::Format::Csv);
    assert_eq!(file.filename, "report-q4-fy2026.csv");
    insta::assert_snapshot!("report_table", text(&file));
}

#[test]
fn the_page_reads_from_top_to_bottom() {
    let file = made(&Report::new(under_way()), file::Format::Markdown);
    assert_eq!(file.filename, "report-q4-fy2026.md");
    let page = text(&file);
    assert!(!page.contains("@everyone") && !page.contains("<@"), "{page}");
    insta::assert_snapshot!("report_page", page);
}

#[test]
fn the_same_report_gives_the_same_workbook() {
    let book = || made(&Report::new(under_way()), file::Format::Xlsx);
    let (one, other) = (book(), book());
    assert_eq!(one, other);
    assert!(one.bytes.starts_with(b"PK"), "an archive");
}

#[test]
fn the_picture_tells_the_same_in_short() {
    let drawn =
        speaking(|voice| super::super::picture::proof::draw(&picture(voice, &Report::new(under_way()), &all_names())));
    insta::assert_snapshot!("report_picture_words", drawn.alt);
}
