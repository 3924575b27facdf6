//! The deals of a report as a table: what the files hold, and what the totals of a workbook are reckoned from.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::number;
use super::super::text::{clip, plain};
use super::super::voice::{Voice, count};
use crate::domain::card::Names;
use crate::domain::deal::{Deal, Role};
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::number::Entry;
use crate::domain::report::{Report, Row, Section, Standing};

/// Deals of a section and class that a file lists at most; the others are one line for all that count alike, so that
/// every total stays as it is.
pub const CAP: usize = 2_000;
/// As much of a typed text as is listed, in UTF-16 code units.
const TEXT: usize = 300;

/// The columns, in their order.
pub const COLUMNS: [&str; 20] = [
    "Section",
    "Class",
    "Standing",
    "Recorded",
    "Closes in the quarter",
    "Deals",
    "Deal",
    "CRM",
    "Customer",
    "Partner",
    "Owner",
    "Amount",
    "Probability",
    "Weighted",
    "Won on or closes",
    "Evidence",
    "Evidence of",
    "Recorded on",
    "Confirmed by",
    "Confirmed on",
];

/// What stands in a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, typed ones on one line and without what can't be seen.
    Text(String),
    /// Minor units of the workspace's currency.
    Money(i64),
    /// The same times a probability in percent: hundredths of minor units.
    Weighted(i128),
    /// In percent.
    Percent(u32),
    /// How many.
    Count(i64),
    /// A day.
    Day(NaiveDate),
}

/// A line of the table.
pub type Line = Vec<Cell>;

/// The rows that a table names, at most so many of a section and class, and those that are counted together.
pub fn kept(report: &Report, cap: usize) -> (Vec<&Row>, Vec<&Row>) {
    let mut seen: BTreeMap<(Section, Role), usize> = BTreeMap::new();
    report.rows.iter().partition(|row| {
        let place = seen.entry((row.section, row.role)).or_default();
        *place += 1;
        *place <= cap
    })
}

/// The table: the deals behind the figures, then adjustments.
pub fn lines(voice: &Voice, report: &Report, names: &Names, cap: usize) -> Vec<Line> {
    let (named, beyond) = kept(report, cap);
    let rows = named.into_iter().map(|row| row_line(voice, report, names, row));
    let counted = beyond_lines(report, beyond);
    let adjusted = report.adjustments.iter().take(cap).map(|entry| entry_line(report, names, entry));
    let more = more_adjustments(report.adjustments.get(cap..).unwrap_or_default());
    rows.chain(counted).chain(adjusted).chain(more).collect()
}

/// As it stands in the column of sections.
pub fn section(section: Section) -> &'static str {
    match section {
        Section::Won => "Won",
        Section::Open => "Open",
        Section::PastClose => "Past close",
    }
}

/// As it stands in the column of classes.
pub fn class(role: Role) -> &'static str {
    match role {
        Role::Sourced => "Sourced",
        Role::Influenced => "Influenced",
        Role::Undecided => "Undecided",
    }
}

/// As it stands in the column of standings.
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Confirmed => "Confirmed",
        Standing::Claimed => "Claimed",
        Standing::Undecided => "Undecided",
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn typed(typed: &str) -> Cell {
    Cell::Text(clip(&plain(typed), TEXT))
}

fn named(name: Option<&String>) -> Cell {
    name.map_or(Cell::Empty, |name| typed(name))
}

fn member(names: &Names, member: MemberId) -> Cell {
    names.members.get(&member).map_or(Cell::Empty, |named| typed(&named.name))
}

fn partner(names: &Names, partner: PartnerId) -> Cell {
    named(names.partners.get(&partner))
}

fn closes(report: &Report, row: &Row) -> bool {
    let closes = |day| day >= report.as_of.day && report.period.contains(day);
    row.section == Section::Open && row.day.is_some_and(closes)
}

fn yes(yes: bool) -> Cell {
    text(if yes { "Yes" } else { "No" })
}

/// What a group of rows is counted by.
type Group = (Section, Role, Standing, bool, bool);

fn group(report: &Report, row: &Row) -> Group {
    (row.section, row.role, row.standing, row.late, closes(report, row))
}

fn opening((of, role, stands, late, closes): Group, deals: i64) -> Vec<Cell> {
    let recorded = text(if late { "Late" } else { "On time" });
    vec![text(section(of)), text(class(role)), text(standing(stands)), recorded, yes(closes), Cell::Count(deals)]
}

fn row_line(voice: &Voice, report: &Report, names: &Names, row: &Row) -> Line {
    let deal = report.deal(row.deal);
    let mut line = opening(group(report, row), row.deals.into());
    line.extend([
        Cell::Text(row.deal.label()),
        deal.and_then(|deal| deal.crm.as_deref()).map_or(Cell::Empty, typed),
        named(row.account.and_then(|id| names.accounts.get(&id))),
        partner(names, row.partner),
        member(names, row.owner),
        row.amount.map_or(Cell::Empty, Cell::Money),
        Cell::Percent(row.probability),
        Cell::Weighted(weighted(row)),
        row.day.map_or(Cell::Empty, Cell::Day),
    ]);
    line.extend(evidence(voice, names, deal.filter(|deal| deal.role == row.role && deal.partner == row.partner)));
    line
}

fn weighted(row: &Row) -> i128 {
    i128::from(row.amount.unwrap_or(0)) * i128::from(row.probability)
}

fn evidence(voice: &Voice, names: &Names, deal: Option<&Deal>) -> [Cell; 5] {
    let Some(deal) = deal else { return std::array::from_fn(|_| Cell::Empty) };
    let claim = &deal.claim;
    [
        deal.evidence.as_deref().map_or(Cell::Empty, typed),
        claim.on.map_or(Cell::Empty, Cell::Day),
        Cell::Day(voice.day_of(deal.class().recorded_at())),
        claim.confirmed.map_or(Cell::Empty, |confirmed| member(names, confirmed.by)),
        claim.confirmed.map_or(Cell::Empty, |confirmed| Cell::Day(voice.day_of(confirmed.at))),
    ]
}

/// One line for all rows that count alike and are not named.
fn beyond_lines(report: &Report, beyond: Vec<&Row>) -> Vec<Line> {
    let mut groups: BTreeMap<Group, (i64, i64, i128)> = BTreeMap::new();
    for row in beyond {
        let sum = groups.entry(group(report, row)).or_default();
        *sum = (sum.0 + i64::from(row.deals), sum.1.saturating_add(row.amount.unwrap_or(0)), sum.2 + weighted(row));
    }
    let line = |(of, (deals, amount, weighted)): (Group, (i64, i64, i128))| {
        let mut line = opening(of, deals);
        line.push(Cell::Text(format!("{} more", count(deals.unsigned_abs() as usize, "deal"))));
        line.extend(std::array::from_fn::<_, 4, _>(|_| Cell::Empty));
        line.extend([Cell::Money(amount), Cell::Empty, Cell::Weighted(weighted)]);
        filled(line)
    };
    groups.into_iter().map(line).collect()
}

fn entry_line(report: &Report, names: &Names, entry: &Entry) -> Line {
    let deal = report.deal(entry.deal);
    let of = Cell::Text(format!("won in {}, {}", entry.of, number::cause(entry.cause)));
    let mut line = adjustment(entry.role, entry.deals.into());
    line.extend([
        Cell::Text(entry.deal.label()),
        deal.and_then(|deal| deal.crm.as_deref()).map_or(Cell::Empty, typed),
        named(deal.and_then(|deal| names.accounts.get(&deal.account))),
        partner(names, entry.partner),
        member(names, entry.owner),
        Cell::Money(entry.amount),
        Cell::Empty,
        Cell::Empty,
        Cell::Day(entry.day),
        of,
    ]);
    filled(line)
}

fn adjustment(role: Role, deals: i64) -> Vec<Cell> {
    vec![text("Adjustment"), text(class(role)), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Count(deals)]
}

fn more_adjustments(beyond: &[Entry]) -> Vec<Line> {
    let of = |role: Role| {
        let own: Vec<&Entry> = beyond.iter().filter(|entry| entry.role == role).collect();
        let amount = own.iter().fold(0_i64, |sum, entry| sum.saturating_add(entry.amount));
        let mut line = adjustment(role, own.iter().map(|entry| i64::from(entry.deals)).sum());
        line.push(Cell::Text(format!("{} more", count(own.len(), "change"))));
        line.extend(std::array::from_fn::<_, 4, _>(|_| Cell::Empty));
        line.push(Cell::Money(amount));
        (!own.is_empty()).then(|| filled(line))
    };
    [Role::Sourced, Role::Influenced, Role::Undecided].into_iter().filter_map(of).collect()
}

fn filled(mut line: Line) -> Line {
    line.resize(COLUMNS.len(), Cell::Empty);
    line
}
