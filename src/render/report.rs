//! The report of a quarter in words: `/program report`, and what its picture and files are made from.

mod fact;
pub mod file;
mod sheet;

use super::control::{CustomId, Entry as Choice, Select};
use super::embed::{Embed, Lines, Tone};
use super::message::{Draft, Message, Picture as File};
use super::number;
use super::picture::Picture;
use super::text::brief;
use super::voice::{Voice, count};
use crate::domain::card::Names;
use crate::domain::deal::Role;
use crate::domain::report::{AccountShare, Phase, Report, ReportFigure, Row, Section, Standing};

pub use fact::picture;
pub use sheet::{CAP, kept};

/// Customers and deals that the message names of each kind; the files name all.
const NAMED: usize = 10;

/// What goes along with the words.
pub enum Enclosed {
    /// The picture, which stands in the embed.
    Picture(Picture),
    /// A file to keep.
    File(File),
}

/// The rows whose names the message and the picture tell.
pub fn named(report: &Report) -> Vec<&Row> {
    let listed = SECTIONS.into_iter().flat_map(|(_, section, role)| {
        let shares: Vec<AccountShare> = report.accounts(section, role).into_iter().take(NAMED).collect();
        report.rows_of(section, role).filter(move |row| shares.iter().any(|share| share.account == row.account))
    });
    listed.chain(report.late().take(NAMED)).collect()
}

/// The report; `show` sends back the key of a [`ReportFigure`].
pub fn report(voice: &Voice, report: &Report, names: &Names, enclosed: Enclosed, show: CustomId) -> Message {
    let mut embed = Embed::titled(title(report)).tone(Tone::Plain).text(opening(report));
    for (name, lines) in fact::facts(voice, report) {
        embed = embed.field(name, Lines::of(lines, more));
    }
    for (name, lines) in lists(voice, report, names) {
        embed = embed.field(name, Lines::of(lines, more));
    }
    embed = embed
        .footer(format!("As of {} · to keep or to reckon with: format markdown, csv or xlsx", as_of(voice, report)));
    let entry = |figure: ReportFigure| {
        let deals = report.deals(figure).len();
        (deals > 0).then(|| Choice::new(figure.key(), figure_name(figure)).described(count(deals, "deal")))
    };
    let entries = ReportFigure::all().into_iter().filter_map(entry);
    let draft = enclose(Message::silent().embed(embed), report, enclosed);
    draft.select(Select::of(show, "Show deals", entries, |_| String::new())).build()
}

fn enclose(draft: Draft, report: &Report, enclosed: Enclosed) -> Draft {
    match enclosed {
        Enclosed::Picture(Picture { png, alt }) => {
            draft.picture(File { filename: file::name(report, "png"), bytes: png, alt })
        }
        Enclosed::File(file) => draft.keep(file),
    }
}

fn more(left: usize) -> String {
    format!("… and {left} more")
}

/// `Report · Q4 FY2026`.
pub(super) fn title(report: &Report) -> String {
    format!("Report · {}", report.period)
}

fn opening(report: &Report) -> String {
    let days = fact::days(report);
    match report.as_of.phase {
        Phase::Running => days,
        Phase::Over => format!(
            "{days} It is over, and told as it stood when it ended: a later change counts in the quarter in which it is made."
        ),
        Phase::Before => {
            format!("{days} It was over before this workspace began: what was brought along of it is told.")
        }
    }
}

/// `Thu 31 Dec 2026, the end of the quarter`.
pub(super) fn as_of(voice: &Voice, report: &Report) -> String {
    let end = if report.as_of.phase == Phase::Over { ", the end of the quarter" } else { "" };
    format!("{}{end}", as_of_day(voice, report))
}

/// `Thu 17 Dec 2026`, of the last day that is told of.
pub(super) fn as_of_day(voice: &Voice, report: &Report) -> String {
    let day = match report.as_of.phase {
        Phase::Over => report.as_of.day,
        Phase::Running | Phase::Before => voice.today(),
    };
    day.format("%a %-d %b %Y").to_string()
}

/// What is listed by customer: its name, and where it comes from.
const SECTIONS: [(&str, Section, Role); 4] = [
    ("Won with, sourced", Section::Won, Role::Sourced),
    ("Won with, influenced", Section::Won, Role::Influenced),
    ("Open with, sourced", Section::Open, Role::Sourced),
    ("Open with, influenced", Section::Open, Role::Influenced),
];

fn lists(voice: &Voice, report: &Report, names: &Names) -> Vec<(&'static str, Vec<String>)> {
    let shares = |section, role| {
        let shares = report.accounts(section, role);
        let beyond = shares.len().saturating_sub(NAMED);
        let lines = shares.iter().take(NAMED).map(|share| share_line(voice, names, share));
        lines.chain((beyond > 0).then(|| more(beyond))).collect::<Vec<_>>()
    };
    let named = SECTIONS.map(|(name, section, role)| (name, shares(section, role)));
    let rest = [("Recorded late", late(voice, report, names)), ("Adjustments", adjustments(voice, report))];
    named.into_iter().chain(rest).filter(|(_, lines)| !lines.is_empty()).collect()
}

/// `Globex: $300,000 confirmed`.
fn share_line(voice: &Voice, names: &Names, share: &AccountShare) -> String {
    let deals = if share.deals > 1 {
        format!(" in {}", count(share.deals.unsigned_abs() as usize, "deal"))
    } else {
        String::new()
    };
    let amount = voice.money(share.amount);
    format!("{}: {amount}{deals}, {}", account(names, share), standing(voice, share))
}

/// How much of a customer's is confirmed.
pub(super) fn standing(voice: &Voice, share: &AccountShare) -> String {
    match share.confirmed {
        0 => "claimed".to_owned(),
        all if all == share.amount => "confirmed".to_owned(),
        part => format!("{} of it confirmed", voice.money(part)),
    }
}

fn account(names: &Names, share: &AccountShare) -> String {
    let name = share.account.and_then(|id| names.accounts.get(&id));
    name.map_or_else(|| "a customer whose deal isn't known any more".to_owned(), |name| brief(name, 60))
}

/// `D-3 Globex: $50,000, sourced, won`.
fn late(voice: &Voice, report: &Report, names: &Names) -> Vec<String> {
    let all: Vec<&Row> = report.late().collect();
    let line = |row: &&Row| {
        let account = row.account.and_then(|id| names.accounts.get(&id)).map(|name| format!(" {}", brief(name, 60)));
        let amount = row.amount.map_or_else(|| "no amount".to_owned(), |amount| voice.money(amount));
        let state = if row.section == Section::Won { "won" } else { "open" };
        format!("{}{}: {amount}, {}, {state}", row.deal.label(), account.unwrap_or_default(), row.role.key())
    };
    let beyond = all.len().saturating_sub(NAMED);
    all.iter().take(NAMED).map(line).chain((beyond > 0).then(|| more(beyond))).collect()
}

fn adjustments(voice: &Voice, report: &Report) -> Vec<String> {
    let credit = report.adjustments.iter().map(|entry| number::adjustment(voice, entry));
    let cost = report.cost.adjusted.iter();
    let cost = cost.map(|(period, amount)| format!("Cost of {period}: {} noted later", number::signed(voice, *amount)));
    let confirmed = report.confirmed_later.len();
    let confirmed =
        (confirmed > 0).then(|| format!("{} won earlier: confirmed in this quarter", count(confirmed, "deal")));
    confirmed.into_iter().chain(cost).chain(credit).collect()
}

/// What a figure is called above its deals.
pub fn figure_name(figure: ReportFigure) -> String {
    let section = |section| match section {
        Section::Won => "Won",
        Section::Open => "Open",
        Section::PastClose => "Not counted: close is past",
    };
    match figure {
        ReportFigure::All(of, role) => format!("{}: {}", section(of), role.key()),
        ReportFigure::As(of, role, Standing::Confirmed) => format!("{}: {}, confirmed", section(of), role.key()),
        ReportFigure::As(of, role, _) => format!("{}: {}, claimed", section(of), role.key()),
        ReportFigure::Adjusted => "Adjustments to earlier quarters".to_owned(),
        ReportFigure::ConfirmedLater => "Won earlier, confirmed in the quarter".to_owned(),
        ReportFigure::Closing(role) => format!("Closing in the quarter: {}", role.key()),
        ReportFigure::PastClose => "Not counted: close is past".to_owned(),
        ReportFigure::Late => "Recorded late".to_owned(),
        ReportFigure::WinRate => "Closed in four quarters: the win rate".to_owned(),
        ReportFigure::Cycle => "Won in four quarters: the cycle".to_owned(),
    }
}

#[cfg(test)]
mod tests;
