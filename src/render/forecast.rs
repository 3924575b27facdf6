//! The forecast by month and category, and how the cadence was kept.

use chrono::NaiveDate;

use super::control::{CustomId, Entry as Choice, Select};
use super::embed::{Embed, Lines, Tone};
use super::history;
use super::message::{Message, Picture};
use super::number;
use super::picture::{self, Pipeline};
use super::text::brief;
use super::voice::{Voice, count, day, list, moment};
use crate::domain::Instant;
use crate::domain::cadence::{CadenceCard, Meetings, StallFigure};
use crate::domain::deal::Role;
use crate::domain::figure::Figure;
use crate::domain::forecast::{Category, ForecastCard, ForecastFigure, Month};

/// Meetings that were missed, or not held, that are named.
const NAMED: usize = 5;

/// The name of the picture's file.
const PICTURE: &str = "forecast.png";

/// What the forecast's picture shows: open sourced deals by the month of their close; `None` where there are none.
/// Drawing it is [`picture::draw`], work for a blocking thread.
pub fn by_month(voice: &Voice, card: &ForecastCard) -> Option<Pipeline> {
    let row = |name: String, months: &[&Month]| {
        let sums = || months.iter().flat_map(|month| &month.open).map(|by_role| by_role.sourced);
        let amount = sums().map(|sum| sum.amount).fold(0, i64::saturating_add);
        let weighted = sums().map(|sum| sum.weighted()).fold(0, i64::saturating_add);
        picture::Row {
            name,
            count: sums().map(|sum| sum.deals).sum(),
            amount,
            amount_label: voice.short_money(amount),
            weighted,
            weighted_label: voice.short_money(weighted),
        }
    };
    let ahead: Vec<&Month> = card.months.iter().filter(|month| month.last >= voice.today()).collect();
    let total = row("All months".to_owned(), &ahead);
    (total.count > 0).then(|| Pipeline {
        title: "Sourced, by month of close".to_owned(),
        total,
        rows: ahead.iter().map(|month| row(month_name(month.first), &[month])).collect(),
        not_counted: None,
        target: None,
    })
}

/// The forecast with its picture; `show` sends back the key of a [`ForecastFigure`].
pub fn forecast(voice: &Voice, card: &ForecastCard, picture: Option<picture::Picture>, show: CustomId) -> Message {
    let periods: Vec<String> = card.periods.iter().map(ToString::to_string).collect();
    let partner = card.partner.as_ref().map(|(_, name)| format!(" · with {}", brief(name, 60))).unwrap_or_default();
    let mut embed = Embed::titled(format!("Forecast · {}{partner}", list(&periods)))
        .tone(Tone::Plain)
        .text("Sourced, by the month of the expected close.")
        .footer("Commit: Committed · Best Case: the two validations · Pipeline: Prospect and Qualified");
    for month in &card.months {
        embed = embed.field(month_name(month.first), lines(month_lines(voice, month)));
    }
    for (name, said) in [("Beside it, never added", beside(voice, card)), ("In no month", left_out(voice, card))] {
        if !said.is_empty() {
            embed = embed.field(name, lines(said));
        }
    }
    let entry = |figure: ForecastFigure| {
        let deals = card.deals(figure, voice.today()).len();
        (deals > 0).then(|| Choice::new(figure.key(), forecast_name(card, figure)).described(count(deals, "deal")))
    };
    let entries = card.figures().into_iter().filter_map(entry);
    let more = |n| format!("({n} more: give `period`)");
    let mut draft = Message::silent().embed(embed);
    if let Some(picture) = picture {
        draft = draft.picture(Picture { filename: PICTURE.to_owned(), bytes: picture.png, alt: picture.alt });
    }
    draft.select(Select::of(show, "Show deals", entries, more)).build()
}

fn lines(lines: Vec<String>) -> Lines {
    Lines::of(lines, |n| format!("… and {n} more"))
}

fn month_name(first: NaiveDate) -> String {
    first.format("%B %Y").to_string()
}

/// What a figure of the forecast is called above its deals.
pub fn forecast_name(card: &ForecastCard, figure: ForecastFigure) -> String {
    let month = |index: usize| card.months.get(index).map(|month| month_name(month.first)).unwrap_or_default();
    match figure {
        ForecastFigure::Won(index) => format!("{}: won", month(index)),
        ForecastFigure::Open(index, category) => format!("{}: {}", month(index), category.name()),
        ForecastFigure::Beside(Role::Influenced) => "Beside it: influenced".to_owned(),
        ForecastFigure::Beside(Role::Undecided) => "Beside it: undecided".to_owned(),
        ForecastFigure::Beside(Role::Sourced) => "Sourced".to_owned(),
        ForecastFigure::PastClose => "In no month: close is past".to_owned(),
        ForecastFigure::NoClose => "In no month: no close yet".to_owned(),
    }
}

/// `Commit $400k in 2 deals · Best Case none · Pipeline $100k in 1 deal`, then won and weighted.
fn month_lines(voice: &Voice, month: &Month) -> Vec<String> {
    let sums = month.open.map(|by_role| by_role.sourced);
    let said = |(category, sum): (Category, &crate::domain::forecast::Sum)| match sum.deals {
        0 => format!("{} none", category.name()),
        deals => format!("{} {} in {}", category.name(), voice.short_money(sum.amount), count(deals, "deal")),
    };
    let won = month.won.sourced;
    let won = (won.deals > 0).then(|| format!("Won {}", voice.short_money(won.amount)));
    let weighted: i64 = sums.iter().map(|sum| sum.weighted()).fold(0, i64::saturating_add);
    let is_ahead = month.last >= voice.today();
    let open = Category::ALL.into_iter().zip(&sums).map(said).collect::<Vec<_>>().join(" · ");
    let mut lines: Vec<String> = won.into_iter().collect();
    if is_ahead {
        lines.push(open);
        lines.extend((weighted > 0).then(|| format!("Weighted {}", voice.short_money(weighted))));
    }
    if lines.is_empty() {
        lines.push("Nothing won".to_owned());
    }
    lines
}

fn beside(voice: &Voice, card: &ForecastCard) -> Vec<String> {
    let line = |(name, role): (&str, Role)| {
        let (deals, amount) = card.beside(role);
        (deals > 0).then(|| format!("{name}: {} open in {}", voice.short_money(amount), count(deals, "deal")))
    };
    let classes = [("Influenced", Role::Influenced), ("Undecided", Role::Undecided)];
    classes.into_iter().filter_map(line).chain(number::parts_line(voice, card.parts)).collect()
}

/// Open deals that are in no month, over all classes.
fn left_out(voice: &Voice, card: &ForecastCard) -> Vec<String> {
    let whys = [(ForecastFigure::PastClose, "not counted: close is past"), (ForecastFigure::NoClose, "no close yet")];
    let line = |(figure, why): (ForecastFigure, &str)| {
        let deals = card.deals(figure, voice.today());
        let amount = voice.short_money(card.worth(&deals));
        (!deals.is_empty()).then(|| format!("{amount} in {}: {why}", count(deals.len(), "deal")))
    };
    whys.into_iter().filter_map(line).collect()
}

/// How the cadence was kept; `show` sends back the key of a [`StallFigure`], and `open` the id of a review.
pub fn cadence(voice: &Voice, card: &CadenceCard, show: CustomId, open: CustomId) -> Message {
    let period = &card.period;
    let partner = card.partner.as_ref().map(|(_, name)| format!(" · with {}", brief(name, 60))).unwrap_or_default();
    let reviews = match card.reviews.is_empty() {
        true => vec![format!("No meeting in it so far. {} sets the rhythm.", voice.command("review schedule"))],
        false => card.reviews.iter().map(meetings).collect(),
    };
    let history = card.reviews.iter().map(|of| {
        let meetings = of.told() + of.untold;
        Choice::new(of.id.to_string(), &of.review).described(count(meetings, "meeting"))
    });
    let history = Select::of(open, "Show meetings", history, |n| format!("({n} more: /review history)"));
    let embed = Embed::titled(format!("Cadence · {period}{partner}"))
        .tone(Tone::Plain)
        .text(format!("{} to {}.", day(period.start), day(period.end)))
        .field("Reviews", Lines::of(reviews, |n| format!("… and {}: Show meetings", count(n, "more review"))))
        .field("Stalls", lines(stalls(card)));
    let entry = |figure: StallFigure| {
        let deals = card.stalls.deals(figure).len();
        (deals > 0).then(|| Choice::new(figure.key(), stall_name(figure)).described(count(deals, "deal")))
    };
    let entries = StallFigure::ALL.into_iter().filter_map(entry);
    let deals = Select::of(show, "Show deals", entries, |_| String::new());
    Message::silent().embed(embed).select(history).select(deals).build()
}

/// What a figure of the cadence is called above its deals.
pub fn stall_name(figure: StallFigure) -> &'static str {
    match figure {
        StallFigure::Entered => "Stalls that began",
        StallFigure::Left => "Stalls that were cleared",
        StallFigure::Running => "Stalled at the end of it, or now",
    }
}

/// `**Pipeline review**: 5 held, 1 not held (…), 1 missed (…), 1 skipped, 1 not over yet`, and what came of them.
fn meetings(meetings: &Meetings) -> String {
    let Meetings { held, untold, skipped, .. } = meetings;
    let mut said = vec![if *held == 0 { "none held".to_owned() } else { format!("{held} held") }];
    said.extend(dated(&meetings.not_held, "not held"));
    said.extend(dated(&meetings.missed, "missed"));
    said.extend((*skipped > 0).then(|| format!("{skipped} skipped")));
    said.extend((*untold > 0).then(|| format!("{untold} not over yet")));
    let any = meetings.decisions + meetings.given + meetings.ended > 0;
    let came = if any { format!("\n{}", history::came_of(meetings).join(", ")) } else { String::new() };
    format!("**{}**: {}{came}", brief(&meetings.review, 60), said.join(", "))
}

/// `2 missed (…, …)`.
fn dated(days: &[Instant], what: &str) -> Option<String> {
    let named: Vec<String> = days.iter().take(NAMED).map(|at| moment(*at)).collect();
    let beyond = days.len().saturating_sub(NAMED);
    let beyond = if beyond == 0 { String::new() } else { format!(" and {beyond} more") };
    (!days.is_empty()).then(|| format!("{} {what} ({}{beyond})", days.len(), named.join(", ")))
}

fn stalls(card: &CadenceCard) -> Vec<String> {
    let stalls = &card.stalls;
    let clear = match stalls.to_clear {
        Figure::Known(days) => format!("{} in the median", count(days as usize, "business day")),
        Figure::NotEnough { have, need } => format!("not enough data yet: {have} of {need} cleared stalls"),
    };
    vec![
        format!("{} began, {} cleared, {} running", stalls.entered.len(), stalls.left.len(), stalls.running.len()),
        format!("Time to clear: {clear}"),
    ]
}

#[cfg(test)]
mod tests;
