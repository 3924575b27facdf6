//! The report as a page to read.

use std::fmt::Write as _;

use super::super::super::text::escape;
use super::super::super::voice::{Voice, day};
use super::super::sheet::{Cell, lines};
use super::super::{adjustments, as_of, fact, opening, standing, title};
use crate::domain::card::Names;
use crate::domain::deal::Role;
use crate::domain::report::{AccountShare, Report, Section};

/// The columns of deals that a page has room for, by their place in the table.
const SHOWN: [(usize, &str); 10] = [
    (6, "Deal"),
    (8, "Customer"),
    (9, "Partner"),
    (1, "Class"),
    (2, "Standing"),
    (3, "Recorded"),
    (11, "Amount"),
    (14, "Won on or closes"),
    (15, "Evidence"),
    (18, "Confirmed by"),
];

/// The page.
pub fn page(voice: &Voice, report: &Report, names: &Names, cap: usize) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\nAs of {}. Amounts in {}.\n",
        title(report),
        opening(report),
        as_of(voice, report),
        voice.currency()
    );
    section(&mut page, "Figures", &facts(voice, report));
    for (name, of, role) in [
        ("Customers won with, sourced", Section::Won, Role::Sourced),
        ("Customers won with, influenced", Section::Won, Role::Influenced),
        ("Customers open with, sourced", Section::Open, Role::Sourced),
        ("Customers open with, influenced", Section::Open, Role::Influenced),
    ] {
        section(&mut page, name, &customers(voice, names, &report.accounts(of, role), cap));
    }
    let adjusted: Vec<String> =
        adjustments(voice, report).into_iter().take(cap).map(|line| format!("- {line}")).collect();
    section(&mut page, "Adjustments", &adjusted);
    deals(&mut page, voice, report, names, cap);
    page
}

fn section(page: &mut String, title: &str, lines: &[String]) {
    let body = if lines.is_empty() { "None.".to_owned() } else { lines.join("\n") };
    write!(page, "\n## {title}\n\n{body}\n").expect("a String takes all that is written");
}

fn facts(voice: &Voice, report: &Report) -> Vec<String> {
    let mut rows = vec!["| Figure | |".to_owned(), "|---|---|".to_owned()];
    let facts = fact::facts(voice, report).into_iter();
    rows.extend(facts.map(|(name, lines)| format!("| {name} | {} |", lines.join("<br>"))));
    rows
}

fn customers(voice: &Voice, names: &Names, shares: &[AccountShare], cap: usize) -> Vec<String> {
    let name = |share: &AccountShare| share.account.and_then(|id| names.accounts.get(&id)).map(|name| escape(name));
    let known: Vec<(&AccountShare, String)> =
        shares.iter().filter_map(|share| Some((share, name(share)?))).take(cap).collect();
    let mut rows = vec!["| Customer | Amount | Deals | |".to_owned(), "|---|---:|---:|---|".to_owned()];
    rows.extend(known.iter().map(|(share, name)| {
        format!("| {name} | {} | {} | {} |", voice.money(share.amount), share.deals, standing(voice, share))
    }));
    let beyond = shares.len() - known.len();
    rows.extend((beyond > 0).then(|| format!("| … and {beyond} more | | | |")));
    if shares.is_empty() { Vec::new() } else { rows }
}

fn deals(page: &mut String, voice: &Voice, report: &Report, names: &Names, cap: usize) {
    let all = lines(voice, report, names, cap);
    for (title, key) in [
        ("Deals won", "Won"),
        ("Deals open", "Open"),
        ("Deals not counted: close is past", "Past close"),
        ("Deals adjusted", "Adjustment"),
    ] {
        let own = all.iter().filter(|line| line.first() == Some(&Cell::Text(key.to_owned())));
        let rows: Vec<String> = own.map(|line| row(voice, line)).collect();
        let head = |of: fn(&str) -> String| SHOWN.map(|(_, name)| of(name)).join(" | ");
        let mut table = vec![format!("| {} |", head(str::to_owned)), format!("| {} |", head(|_| "---".to_owned()))];
        table.extend(rows.iter().cloned());
        section(page, title, if rows.is_empty() { &[] } else { &table });
    }
}

fn row(voice: &Voice, line: &[Cell]) -> String {
    let field = |(place, _): (usize, &str)| match &line[place] {
        Cell::Text(text) => escape(text),
        Cell::Money(minor) => voice.money(*minor),
        Cell::Day(date) => day(*date),
        Cell::Empty | Cell::Weighted(_) | Cell::Percent(_) | Cell::Count(_) => String::new(),
    };
    format!("| {} |", SHOWN.map(field).join(" | "))
}
