//! What is said of a CRM's file: what each row would become, what stands in its way, what was done.

use std::collections::BTreeMap;

use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::offer::{Offers, buttons};
use super::sheet::Sheet;
use super::text::brief;
use super::voice::{Voice, count, list};
use crate::domain::id::DealNumber;
use crate::domain::import::{Column, Fate, FileProblem, Left, MOST_ROWS, Plan, Row, RowProblem};
use crate::domain::motion::Stage;

/// How much of what stands in a cell is told.
const ECHO: usize = 60;
/// New names that are told; the rest is in the file.
const NAMES: usize = 10;

/// What an import would do. Nothing is done yet; all rows are in the file that goes along.
pub fn dry_run(voice: &Voice, plan: &Plan, rows: &BTreeMap<u64, Row>, unread: &[String], offers: Offers) -> Message {
    let counts = plan.count();
    let said = format!("Dry run of {}: nothing is imported yet.", count(plan.rows.len(), "row"));
    let tone = if counts.wrong > 0 { Tone::Attention } else { Tone::Plain };
    let mut embed = Embed::titled("What the import would do").tone(tone).text(totals(plan).join("\n"));
    let wrong: Vec<String> =
        plan.rows.iter().filter_map(|(line, fate)| wrong(voice, *line, rows.get(line), fate)).collect();
    if !wrong.is_empty() {
        let title = format!("Left out · {}", count(wrong.len(), "row"));
        embed = embed.field(title, Lines::of(wrong, |n| format!("… and {} more in the file", count(n, "row"))));
    }
    let changes: Vec<String> = plan.rows.iter().filter_map(|(_, fate)| changed(voice, fate)).collect();
    if !changes.is_empty() {
        embed = embed.field("Changes", Lines::of(changes, |n| format!("… and {} more in the file", count(n, "deal"))));
    }
    let lefts: Vec<String> = plan.rows.iter().filter_map(|(_, fate)| left(voice, fate)).collect();
    if !lefts.is_empty() {
        let more = |n| format!("… and {} more in the file", count(n, "deal"));
        embed = embed.field("Differs, and stays as it is here", Lines::of(lefts, more));
    }
    if !unread.is_empty() {
        let names: Vec<String> = unread.iter().map(|name| brief(name, ECHO)).collect();
        embed = embed.field("Columns that are not read", Lines::text(list(&names)));
    }
    let next = match counts.new + counts.changed {
        0 => "There is nothing to import.".to_owned(),
        _ => "Yes imports it in one go; rows that are left out can be put right in the file and imported later. An imported deal stalls at the earliest after 5 business days. Owners get no message of it; what is undecided or pays less than solo rides in their reminders.".to_owned(),
    };
    Message::silent()
        .text(said)
        .embed(embed)
        .text(next)
        .attach("import.csv", table(voice, plan, rows), "Each row and what the import would make of it")
        .buttons(buttons(offers))
        .build()
}

fn totals(plan: &Plan) -> Vec<String> {
    let counts = plan.count();
    let mut lines = vec![
        format!("{} new", count(counts.new, "deal")),
        format!("{} changed, {} as they are", count(counts.changed, "deal"), counts.same),
    ];
    lines.extend(names(&plan.accounts, "new account"));
    lines.extend(names(&plan.partners, "new partner"));
    lines
}

fn names(names: &[String], noun: &str) -> Option<String> {
    let mut shown: Vec<String> = names.iter().take(NAMES).map(|name| brief(name, ECHO)).collect();
    if names.len() > NAMES {
        shown.push(format!("{} more in the file", names.len() - NAMES));
    }
    (!names.is_empty()).then(|| format!("{}: {}", count(names.len(), noun), list(&shown)))
}

/// `Line 4, Acme: “lots” isn't an amount`.
fn wrong(voice: &Voice, line: u64, row: Option<&Row>, fate: &Fate) -> Option<String> {
    let Fate::Wrong(problems) = fate else { return None };
    let account = row.filter(|row| !row.account.is_empty()).map(|row| format!(", {}", brief(&row.account, ECHO)));
    let problems: Vec<String> = problems.iter().map(|problem| row_problem(voice, problem)).collect();
    Some(format!("Line {line}{}: {}", account.unwrap_or_default(), problems.join("; ")))
}

fn changed(voice: &Voice, fate: &Fate) -> Option<String> {
    let Fate::Changed { deal, amount, close, .. } = fate else { return None };
    let none = || "none".to_owned();
    let amount = amount.map(|(from, to)| {
        format!("amount {} → {}", from.map_or_else(none, |from| voice.short_money(from)), voice.short_money(to))
    });
    let close =
        close.map(|(from, to)| format!("close {} → {}", from.map_or_else(none, |from| voice.day(from)), voice.day(to)));
    let parts: Vec<String> = amount.into_iter().chain(close).collect();
    Some(format!("{}: {}", deal.label(), parts.join(", ")))
}

fn left(voice: &Voice, fate: &Fate) -> Option<String> {
    let (Fate::Changed { deal, left, .. } | Fate::Same { deal, left }) = fate else { return None };
    let parts: Vec<String> = left.iter().map(|left| left_words(voice, *left)).collect();
    (!parts.is_empty()).then(|| format!("{}: {}", deal.label(), parts.join("; ")))
}

fn left_words(voice: &Voice, left: Left) -> String {
    match left {
        Left::Ended(stage) => format!("it is in {} here, and an import changes no deal that has ended", stage.name()),
        Left::Stage { here, there } => {
            let command = match there {
                Stage::Launched => "deal won",
                Stage::ClosedLost => "deal lost",
                _ => "deal stage",
            };
            format!("{} here, {} in the file; move it with {}", here.name(), there.name(), voice.command(command))
        }
        Left::PastClose(day) => format!("the close in the file, {}, is past", voice.day(day)),
    }
}

/// A problem of a row, and what helps.
fn row_problem(voice: &Voice, problem: &RowProblem) -> String {
    match problem {
        RowProblem::Missing(Column::Partner) => "no partner; name the one of all such rows with `partner:`".to_owned(),
        RowProblem::Missing(Column::Owner) => {
            "no owner; name the one of all such rows with `owners:* = @who`".to_owned()
        }
        RowProblem::Missing(column) => format!("{} is empty", name(*column)),
        RowProblem::NeededIn(column, stage) => format!("{} is needed in {}", name(*column), stage.name()),
        RowProblem::TooLong(column, limit) => format!("{}: at most {limit} characters fit", name(*column)),
        RowProblem::Amount(typed) => format!("“{}” isn't an amount", brief(typed, ECHO)),
        RowProblem::OtherCurrency(typed) => {
            format!(
                "“{}” is in another currency than {}, and nothing is converted",
                brief(typed, ECHO),
                voice.currency()
            )
        }
        RowProblem::Day(column, typed) => format!(
            "{}: “{}” isn't a day, or could be two; `dates:` says how days are written in the file",
            name(*column),
            brief(typed, ECHO)
        ),
        RowProblem::Ahead(column, day) => format!("{}: {} lies ahead", name(*column), voice.day(*day)),
        RowProblem::Stage(typed) => {
            let typed = brief(typed, ECHO);
            format!("“{typed}” is no stage of the motion; say which with `stages:{typed} = Qualified`")
        }
        RowProblem::Class(typed) => {
            format!("“{}” is neither sourced nor influenced nor undecided", brief(typed, ECHO))
        }
        RowProblem::NoEvidence => "sourced and influenced need evidence".to_owned(),
        RowProblem::Owner(typed) => {
            let typed = brief(typed, ECHO);
            format!("“{typed}” is nobody known here; say who with `owners:{typed} = @who`")
        }
        RowProblem::OwnerTwice(typed) => {
            let typed = brief(typed, ECHO);
            format!("two people are called “{typed}”; say which with `owners:{typed} = @who`")
        }
        RowProblem::Partner(typed, close) if close.is_empty() => {
            format!("“{}” is no partner here; `partners:` can add it", brief(typed, ECHO))
        }
        RowProblem::Partner(typed, close) => {
            let close: Vec<String> = close.iter().map(|name| brief(name, ECHO)).collect();
            format!("“{}” is no partner here, {} is; `partners:` can add it", brief(typed, ECHO), list(&close))
        }
        RowProblem::SameId(line) => format!("line {line} has the same id"),
        RowProblem::SeveralDeals(deals) => {
            let labels: Vec<String> = deals.iter().map(|deal| deal.label()).collect();
            format!("{} have this id; give one of them its own with {}", list(&labels), voice.command("deal update"))
        }
        RowProblem::LooksLike(deal) => format!(
            "{} is open with the same account and partner, and has no CRM id: give it this one with {}, or its own if it is another deal",
            deal.label(),
            voice.command("deal update")
        ),
    }
}

/// The file that goes along: a row for each of the imported file.
fn table(voice: &Voice, plan: &Plan, rows: &BTreeMap<u64, Row>) -> Vec<u8> {
    let mut sheet = Sheet::new(["Line", "CRM ID", "Account", "What", "Deal", "Details"]);
    for (line, fate) in &plan.rows {
        let row = rows.get(line);
        let (crm, account) = row.map_or(("", ""), |row| (row.crm.as_str(), row.account.as_str()));
        let (what, deal, details) = match fate {
            Fate::New { .. } => ("new", None, String::new()),
            Fate::Changed { deal, .. } => {
                let parts = [changed(voice, fate), left(voice, fate)];
                ("changed", Some(*deal), parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
            }
            Fate::Same { deal, .. } => ("as it is", Some(*deal), left(voice, fate).unwrap_or_default()),
            Fate::Wrong(problems) => {
                let problems: Vec<String> = problems.iter().map(|problem| row_problem(voice, problem)).collect();
                ("left out", None, problems.join("; "))
            }
        };
        let deal = deal.map(DealNumber::label).unwrap_or_default();
        sheet.row([line.to_string().as_str(), crm, account, what, deal.as_str(), details.as_str()]);
    }
    sheet.into_bytes()
}

/// It was done.
pub fn imported(voice: &Voice, plan: &Plan, new: &[DealNumber], offers: Offers) -> Message {
    let counts = plan.count();
    let range = match (new.first(), new.last()) {
        (Some(first), Some(last)) if first != last => format!(" ({} to {})", first.label(), last.label()),
        (Some(only), _) => format!(" ({})", only.label()),
        _ => String::new(),
    };
    let new = (counts.new > 0).then(|| format!("imported {}{range}", count(counts.new, "new deal")));
    let changed = (counts.changed > 0).then(|| format!("changed {}", count(counts.changed, "deal")));
    let done: Vec<String> = new.into_iter().chain(changed).collect();
    let mut said = format!("Saved: {}.", done.join(", "));
    for line in [names(&plan.accounts, "new account"), names(&plan.partners, "new partner")].into_iter().flatten() {
        said.push_str(&format!("\n{line}."));
    }
    if counts.wrong > 0 {
        said.push_str(&format!("\n{} left out.", count(counts.wrong, "row")));
    }
    said.push_str(&format!(
        "\nOwners see theirs with {}; what is undecided is settled with {}.",
        voice.command("my work"),
        voice.command("deal attribute")
    ));
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// It was taken back: so many deals that it had made, and so many that it had changed.
pub fn taken_back(new: usize, changed: usize) -> Message {
    let gone =
        (new > 0).then(|| format!("What the import made, {}, counts nowhere; its history stays.", count(new, "deal")));
    let back = (changed > 0).then(|| format!("What it changed, {}, is as before.", count(changed, "deal")));
    let lines = std::iter::once("Taken back.".to_owned()).chain(gone).chain(back);
    Message::silent().text(lines.collect::<Vec<_>>().join(" ")).build()
}

/// Nothing was done.
pub fn dropped() -> Message {
    Message::silent().text("Nothing was imported.").build()
}

/// What stands in the way of a whole file.
pub fn problem(voice: &Voice, problem: &FileProblem) -> String {
    match problem {
        FileProblem::NotFetched => "The file could not be fetched from Discord. Nothing was imported; try again.".into(),
        FileProblem::TooBig(limit) => format!(
            "The file is bigger than {} MiB. Export fewer columns, or import it in parts.",
            limit / (1024 * 1024)
        ),
        FileProblem::NotCsv => "That file is not a CSV. Export the deals as CSV, in UTF-8 where it can be chosen.".into(),
        FileProblem::NoColumns(columns) => {
            let line = |column: &Column| {
                let names: Vec<String> = column.aliases().iter().map(|alias| format!("`{alias}`")).collect();
                format!("{}: {}", name(*column), names.join(" or "))
            };
            let lines: Vec<String> = columns.iter().map(line).collect();
            let what = "The file's first line lacks what every import needs. Add such a column, or name yours so, and import again.";
            format!("{what}\n{}", lines.join("\n"))
        }
        FileProblem::NoRows => "The file has a header and no rows. Export it again, with its deals.".into(),
        FileProblem::TooManyRows(rows) => {
            format!("The file has {rows} rows, and an import takes at most {MOST_ROWS}. Split it.")
        }
        FileProblem::Mapping { option: "stages", typed } => format!(
            "**stages**: “{}” can't be read. Write `Demo done = Technical Validation; Parked = Prospect`, with stages of {}.",
            brief(typed, ECHO),
            voice.command("motion show")
        ),
        FileProblem::Mapping { typed, .. } => format!(
            "**owners**: “{}” can't be read. Write `Rita Moreno = @rita; * = @lena`; `*` stands for everybody else.",
            brief(typed, ECHO)
        ),
        FileProblem::Changed => {
            "What the file meets here changed since the dry run, so nothing was imported. Look at it anew with the same command.".into()
        }
    }
}

/// What a column is called.
fn name(column: Column) -> &'static str {
    column.aliases()[0]
}

#[cfg(test)]
mod tests;
