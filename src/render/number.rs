//! The number in words: `/program view`, what an agenda says of it, and the answers to what sets it.

mod saved;

use super::control::{CustomId, Entry as Choice, Select};
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::text::brief;
use super::voice::{Voice, count, day, percent};
use crate::domain::card::Named;
use crate::domain::deal::Role;
use crate::domain::number::{
    Booked, Cause, Entry, Needed, Number, NumberCard, NumberFacts, NumberFigure, Split, Who, roi,
};
use crate::domain::period::Period;

pub use saved::{baseline_saved, cost_saved, owner_saved, target_saved};

/// The number of a quarter; `show` sends back the key of a [`NumberFigure`].
pub fn number(voice: &Voice, card: &NumberCard, show: CustomId) -> Message {
    let number = &card.number;
    let over = number.period.end < voice.today();
    let mut embed = Embed::titled(title(card)).tone(Tone::Plain).lines(Lines::of(opening(voice, card, over), more));
    for (name, value) in figures(voice, card, over) {
        embed = embed.value(name, value);
    }
    for (name, lines) in parts(voice, card) {
        embed = embed.field(name, Lines::of(lines, more));
    }
    let today = voice.today();
    let entry = |figure: NumberFigure| {
        let deals = card.deals(figure, today).len();
        (deals > 0).then(|| Choice::new(figure.key(), figure_name(figure)).described(count(deals, "deal")))
    };
    let entries = NumberFigure::ALL.into_iter().filter_map(entry);
    Message::silent().embed(embed).select(Select::of(show, "Show deals", entries, |_| String::new())).build()
}

fn more(left: usize) -> String {
    format!("… and {left} more")
}

/// What a figure is called above its deals.
pub fn figure_name(figure: NumberFigure) -> &'static str {
    match figure {
        NumberFigure::Won(Role::Sourced) => "Won: sourced",
        NumberFigure::Won(Role::Influenced) => "Won beside: influenced",
        NumberFigure::Won(Role::Undecided) => "Won beside: undecided",
        NumberFigure::Adjusted => "Adjustments to earlier quarters",
        NumberFigure::Closing(Role::Sourced) => "Closing in the quarter: sourced",
        NumberFigure::Closing(Role::Influenced) => "Closing beside: influenced",
        NumberFigure::Closing(Role::Undecided) => "Closing beside: undecided",
        NumberFigure::PastClose => "Not counted: close is past",
        NumberFigure::NoClose => "In no quarter: no close yet",
        NumberFigure::WinRate => "Closed in four quarters: the win rate",
    }
}

/// `The number · Q4 FY2026 · with Initech`.
fn title(card: &NumberCard) -> String {
    let partner = card.partner.as_ref().map(|(_, name)| format!(" · with {}", brief(name, 60))).unwrap_or_default();
    format!("The number · {}{partner}", card.number.period)
}

fn opening(voice: &Voice, card: &NumberCard, over: bool) -> Vec<String> {
    let period = &card.number.period;
    let mut lines = vec![format!("{} to {}.", day(period.start), day(period.end)), owner(voice, &card.facts)];
    lines.extend(card.number.target.is_none().then(|| no_target(voice, card.partner.is_some(), period)));
    lines.extend(
        over.then(|| format!("{period} is over: its credit stays as it is, later changes count when they are made.")),
    );
    lines
}

/// Who owns the number, or that somebody has to be named.
fn owner(voice: &Voice, facts: &NumberFacts) -> String {
    match &facts.owner {
        Some(owner) if !owner.gone => format!("Owned by {}.", deal::person(owner)),
        _ => unowned(voice, facts),
    }
}

/// `**Nobody owns the number.** A lead names who does: /program owner`.
pub(super) fn unowned(voice: &Voice, facts: &NumberFacts) -> String {
    let how = voice.command("program owner");
    match &facts.owner {
        Some(gone) => {
            format!("**{} owned the number and has left.** A lead names who does now: {how}.", brief(&gone.name, 60))
        }
        None => format!("**Nobody owns the number.** A lead names who does: {how}."),
    }
}

fn no_target(voice: &Voice, part: bool, period: &Period) -> String {
    let (what, option) =
        if part { ("part of the target with this partner", " with `partner`") } else { ("target", "") };
    format!("No {what} for {period} yet: a lead sets it with {}{option}.", voice.command("program target"))
}

/// The figures one by one: what is won, what is left, what is coming.
fn figures(voice: &Voice, card: &NumberCard, over: bool) -> Vec<(&'static str, String)> {
    let number = &card.number;
    let mut figures = Vec::new();
    figures.extend(number.target.map(|target| ("Target", voice.money(target))));
    figures.push(("Sourced won", won(voice, &number.booked.sourced)));
    figures.extend(number.attainment().map(|percent| ("Attainment", format!("{percent} %"))));
    figures.extend(number.left().filter(|_| !over).map(|left| ("Left", left_in_words(voice, left))));
    if !over {
        figures.push(("Weighted", weighted(voice, number)));
        figures
            .extend(number.coverage().map(|hundredths| ("Coverage", format!("{} of what is left", times(hundredths)))));
        figures.extend(number.needed().map(|needed| ("Needed open", needed_in_words(voice, number, needed))));
    }
    figures.extend(card.cost.map(|cost| ("Cost", cost_in_words(voice, number.won(), cost))));
    figures
}

/// `$380,000: $420,000 in 3 deals, −$40,000 of adjustments in 1 deal`.
pub(super) fn won(voice: &Voice, booked: &Booked) -> String {
    let (own, adjusted) = (booked.won, booked.adjusted);
    let own_words = || format!("{} in {}", voice.money(own.amount), count(own.deals, "deal"));
    let adjusted_words =
        || format!("{} of adjustments in {}", signed(voice, adjusted.amount), count(adjusted.deals, "deal"));
    match (own.deals, adjusted.deals) {
        (0, 0) => "nothing yet".to_owned(),
        (_, 0) => own_words(),
        (0, _) => adjusted_words(),
        _ => format!("{}: {}, {}", voice.money(booked.total()), own_words(), adjusted_words()),
    }
}

fn left_in_words(voice: &Voice, left: i64) -> String {
    if left == 0 { "nothing: reached".to_owned() } else { voice.money(left) }
}

fn weighted(voice: &Voice, number: &Number) -> String {
    let closing = &number.closing.sourced;
    match closing.deals {
        0 => "nothing closes in the quarter".to_owned(),
        deals => {
            let unpriced = match closing.unpriced {
                0 => String::new(),
                unpriced => format!(", {unpriced} of them without an amount"),
            };
            let (weighted, amount) = (voice.money(closing.weighted()), voice.money(closing.amount));
            format!("{weighted} of {amount} in {}{unpriced}", count(deals, "deal"))
        }
    }
}

/// `0.84×`.
pub(super) fn times(hundredths: i64) -> String {
    format!("{}.{:02}×", hundredths / 100, hundredths % 100)
}

fn needed_in_words(voice: &Voice, number: &Number, needed: Needed) -> String {
    match needed {
        Needed::NotEnough { have, need } => {
            format!("not enough data yet: {have} of {need} closed deals for a win rate")
        }
        Needed::NothingWon => "not enough data yet: none of the deals closed in four quarters was won".to_owned(),
        Needed::Known(needed) => {
            let rate = number.win_rate.known().map(|rate| rate.percent()).unwrap_or_default();
            format!(
                "{} at a win rate of {rate} %, there is {}",
                voice.money(needed),
                voice.money(number.closing.sourced.amount)
            )
        }
    }
}

fn cost_in_words(voice: &Voice, won: i64, cost: i64) -> String {
    let roi = roi(won, cost).map(|roi| format!(", sourced ROI {}", percent(roi))).unwrap_or_default();
    format!("{}{roi}", voice.money(cost))
}

/// What stands beside the number, what is left out of it, and how it is cut.
fn parts(voice: &Voice, card: &NumberCard) -> Vec<(&'static str, Vec<String>)> {
    let splits = |wanted: fn(&Who) -> bool| {
        let own = card.splits.iter().filter(|(who, _)| wanted(who));
        own.map(|(who, split)| split_line(voice, who, split)).collect::<Vec<_>>()
    };
    let parts = [
        (
            "Beside it, never added",
            beside(voice, &card.number).into_iter().chain(parts_line(voice, card.parts)).collect(),
        ),
        ("Not counted", left_out(voice, card)),
        (
            "Adjustments to earlier quarters",
            card.facts.adjustments().into_iter().map(|e| adjustment(voice, e)).collect(),
        ),
        ("By owner", splits(|who| matches!(who, Who::Owner(_)))),
        ("By partner", splits(|who| matches!(who, Who::Partner(_)))),
    ];
    parts.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

/// `Participant in 2 more open deals, counted with their primary partners: /deal list`.
pub(super) fn parts_line(voice: &Voice, parts: usize) -> Option<String> {
    let deals = count(parts, "more open deal");
    let list = voice.command("deal list");
    (parts > 0).then(|| format!("Participant in {deals}, counted with the primary partner: {list} with `partner`"))
}

/// `Influenced: won $90,000 in 1 deal; $13,000 weighted, closing in 2 deals`.
fn beside(voice: &Voice, number: &Number) -> Vec<String> {
    let classes = [("Influenced", Role::Influenced), ("Undecided", Role::Undecided)];
    let line = |(name, role): (&str, Role)| {
        let (booked, closing) = (number.booked.of(role), number.closing.of(role));
        let said = [
            (booked.won.deals + booked.adjusted.deals > 0).then(|| format!("won {}", won(voice, booked))),
            (closing.deals > 0).then(|| {
                format!("{} weighted, closing in {}", voice.money(closing.weighted()), count(closing.deals, "deal"))
            }),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| format!("{name}: {}", said.join("; ")))
    };
    classes.into_iter().filter_map(line).collect()
}

/// Open deals that count in no quarter, over all classes.
fn left_out(voice: &Voice, card: &NumberCard) -> Vec<String> {
    let whys = [(NumberFigure::PastClose, "close is past"), (NumberFigure::NoClose, "no close yet")];
    let line = |(figure, why): (NumberFigure, &str)| {
        let (deals, amount) = card.left_out(figure, voice.today());
        (deals > 0).then(|| format!("{} in {}: {why}", voice.money(amount), count(deals, "deal")))
    };
    whys.into_iter().filter_map(line).collect()
}

/// `D-12: −$40,000 on Mon 4 Jan, opened again (Q4 FY2026)`.
pub(super) fn adjustment(voice: &Voice, entry: &Entry) -> String {
    let why = cause(entry.cause);
    let class = match entry.role {
        Role::Sourced => "",
        Role::Influenced => ", influenced",
        Role::Undecided => ", undecided",
    };
    let (label, amount) = (entry.deal.label(), signed(voice, entry.amount));
    format!("{label}: {amount} on {}, {why}{class} (won in {})", day(entry.day), entry.of)
}

/// What an adjustment was made by.
pub(super) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Won => "told of after its quarter",
        Cause::Reopened => "won no more",
        Cause::Amount => "amount corrected",
        Cause::Class => "class or partner changed",
    }
}

/// `+$40,000`.
pub(super) fn signed(voice: &Voice, minor: i64) -> String {
    let plus = if minor > 0 { "+" } else { "" };
    format!("{plus}{}", voice.money(minor))
}

/// `+$40k`.
pub(super) fn signed_short(voice: &Voice, minor: i64) -> String {
    let plus = if minor > 0 { "+" } else { "" };
    format!("{plus}{}", voice.short_money(minor))
}

/// `@ana: $300,000 of $500,000 (60 %)`.
fn split_line(voice: &Voice, who: &Who, split: &Split) -> String {
    let percent = split.attainment().map(|percent| format!(" ({percent} %)")).unwrap_or_default();
    format!("{}: {} of {}{percent}", whose(who), voice.money(split.won.amount), voice.money(split.target))
}

fn whose(who: &Who) -> String {
    match who {
        Who::Owner(owner) => deal::person(owner),
        Who::Partner(name) => brief(name, 60),
    }
}

/// What the top of an agenda says of the number, in a few lines.
pub(super) fn on_agenda(voice: &Voice, number: &Number, owner: Option<&Named>) -> Vec<String> {
    let owned = owner.filter(|owner| !owner.gone).map(|owner| format!(", owned by {}", deal::person(owner)));
    let owned = owned.unwrap_or_default();
    let booked = &number.booked.sourced;
    let won = format!("**{} won**, sourced, in {}", voice.short_money(number.won()), count(booked.won.deals, "deal"));
    let mut lines = vec![match (number.target, number.attainment(), number.left()) {
        (Some(target), Some(percent), Some(0)) => {
            format!("{won}: the target of {} is reached ({percent} %){owned}", voice.short_money(target))
        }
        (Some(target), Some(percent), Some(left)) => format!(
            "{won}, {percent} % of the target of {}: {} left{owned}",
            voice.short_money(target),
            voice.short_money(left)
        ),
        _ => format!("{won}{owned}. No target yet: a lead sets it with {}", voice.command("program target")),
    }];
    lines.extend(adjusted_on_agenda(voice, booked));
    lines.extend(covered_on_agenda(voice, number));
    lines.extend(beside_on_agenda(voice, number));
    lines
}

fn adjusted_on_agenda(voice: &Voice, booked: &Booked) -> Option<String> {
    let adjusted = booked.adjusted;
    let said = || {
        format!(
            "{} of it adjusts earlier quarters, in {}",
            signed(voice, adjusted.amount),
            count(adjusted.deals, "deal")
        )
    };
    (adjusted.deals > 0).then(said)
}

/// `Coverage 0.84×: $590k weighted closes this quarter. Needs $1.95m open at a win rate of 40 %, there is $1.4m`.
fn covered_on_agenda(voice: &Voice, number: &Number) -> Option<String> {
    let (coverage, closing) = (number.coverage()?, &number.closing.sourced);
    let weighted = voice.short_money(closing.weighted());
    let needed = match number.needed()? {
        Needed::NotEnough { have, need } => {
            format!("How much it needs open: not enough data yet, {have} of {need} closed deals")
        }
        Needed::NothingWon => {
            "How much it needs open: not enough data yet, nothing was won in four quarters".to_owned()
        }
        Needed::Known(needed) => {
            let rate = number.win_rate.known().map(|rate| rate.percent()).unwrap_or_default();
            let (needed, open) = (voice.short_money(needed), voice.short_money(closing.amount));
            format!("Needs {needed} open at a win rate of {rate} %, there is {open}")
        }
    };
    Some(format!("Coverage {}: {weighted} weighted closes this quarter. {needed}", times(coverage)))
}

fn beside_on_agenda(voice: &Voice, number: &Number) -> Option<String> {
    let classes = [("influenced", &number.booked.influenced), ("undecided", &number.booked.undecided)];
    let won = classes.into_iter().filter(|(_, booked)| booked.won.deals + booked.adjusted.deals > 0);
    let won: Vec<String> = won.map(|(name, booked)| format!("{name} {}", voice.short_money(booked.total()))).collect();
    (!won.is_empty()).then(|| format!("Won beside it, never added: {}", won.join(", ")))
}

#[cfg(test)]
mod tests;
