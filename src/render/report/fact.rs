//! The figures of a report in words, the same in the message, on the picture and in the files.

use super::super::number::{signed_short, won};
use super::super::picture::proof::{Bar, Proof, Share, Side, Stat};
use super::super::voice::{Voice, count, day, percent};
use super::as_of_day;
use crate::domain::card::Names;
use crate::domain::deal::Role;
use crate::domain::figure::Figure;
use crate::domain::overview::Tally;
use crate::domain::report::{AccountShare, Report, Section};

/// Customers on the picture, for each class.
const ON_PICTURE: usize = 4;

/// `1 Oct 2026 to 31 Dec 2026.`
pub fn days(report: &Report) -> String {
    format!("{} to {}.", day(report.period.start), day(report.period.end))
}

/// The figures one by one, each in a few lines.
pub fn facts(voice: &Voice, report: &Report) -> Vec<(&'static str, Vec<String>)> {
    let mut facts = vec![
        ("Sourced revenue", revenue(voice, report, Role::Sourced)),
        ("Influenced revenue", revenue(voice, report, Role::Influenced)),
        ("Sourced pipeline", pipeline(voice, report, Role::Sourced)),
        ("Influenced pipeline", pipeline(voice, report, Role::Influenced)),
    ];
    facts.extend(undecided(voice, report).map(|line| ("Undecided, in neither", vec![line])));
    facts.push(("Win rate", vec![win_rate(voice, report)]));
    facts.push(("Cycle", vec![cycle(voice, report)]));
    facts.push(("Cost and ROI", vec![cost(voice, report)]));
    facts.extend(attainment(voice, report).map(|line| ("The number", vec![line])));
    facts
}

/// What was won, with how much of it is confirmed.
fn revenue(voice: &Voice, report: &Report, role: Role) -> Vec<String> {
    let of = report.won.of(role);
    let mut lines = vec![won(voice, &of.booked)];
    lines.extend(claims(voice, of.confirmed, of.claimed));
    lines.extend(late(voice, of.late));
    lines
}

fn pipeline(voice: &Voice, report: &Report, role: Role) -> Vec<String> {
    let Some(open) = &report.open else {
        return vec!["not enough data yet: nothing was recorded here then".to_owned()];
    };
    let of = open.of(role);
    let (counted, past, closing) = (&of.weighted.counted, &of.weighted.past_close, &of.closing);
    let mut lines = vec![match counted.deals {
        0 => "none".to_owned(),
        deals => {
            let (amount, weighted) = (voice.money(counted.amount), voice.money(counted.weighted()));
            format!("{amount} in {}, {weighted} weighted", count(deals, "deal"))
        }
    }];
    lines.extend(claims(voice, of.confirmed, of.claimed));
    lines.extend((closing.deals > 0).then(|| {
        format!(
            "closing in the quarter: {} weighted in {}",
            voice.money(closing.weighted()),
            count(closing.deals, "deal")
        )
    }));
    lines.extend(
        (past.deals > 0).then(|| {
            format!("{} in {} not counted: close is past", voice.money(past.amount), count(past.deals, "deal"))
        }),
    );
    lines.extend(late(voice, of.late));
    lines
}

/// `confirmed $300,000 in 1 deal, claimed $120,000 in 1 deal`.
fn claims(voice: &Voice, confirmed: Tally, claimed: Tally) -> Option<String> {
    let part = |name: &str, tally: Tally| match tally.deals {
        0 => format!("{name} none"),
        deals => format!("{name} {} in {}", voice.money(tally.amount), count(deals, "deal")),
    };
    (confirmed.deals + claimed.deals > 0)
        .then(|| format!("{}, {}", part("confirmed", confirmed), part("claimed", claimed)))
}

fn late(voice: &Voice, late: Tally) -> Option<String> {
    (late.deals > 0).then(|| format!("recorded late: {} in {}", voice.money(late.amount), count(late.deals, "deal")))
}

fn undecided(voice: &Voice, report: &Report) -> Option<String> {
    let booked = &report.won.undecided.booked;
    let won = (booked.won.deals + booked.adjusted.deals > 0).then(|| format!("won {}", won(voice, booked)));
    let open = report.open.as_ref().map(|open| open.undecided.weighted.counted).filter(|sum| sum.deals > 0);
    let open = open.map(|sum| format!("open {} in {}", voice.money(sum.amount), count(sum.deals, "deal")));
    let said: Vec<String> = [won, open].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// `38 % with partners (8 of 21 closed), 24 % solo`.
fn win_rate(voice: &Voice, report: &Report) -> String {
    let with = match report.win_rate {
        Figure::Known(rate) => format!("{} % with partners ({} of {} closed)", rate.percent(), rate.won, rate.closed),
        Figure::NotEnough { have, need } => format!("with partners not enough data yet: {have} of {need} closed deals"),
    };
    beside(voice, with, report.baseline.win_rate.map(|solo| format!("{solo} % solo")))
}

/// `64 days with partners, 90 days solo`.
fn cycle(voice: &Voice, report: &Report) -> String {
    let with = match report.cycle {
        Figure::Known(days) => format!("{} with partners", count(days as usize, "day")),
        Figure::NotEnough { have, need } => format!("with partners not enough data yet: {have} of {need} won deals"),
    };
    beside(voice, with, report.baseline.cycle_days.map(|solo| format!("{} solo", count(solo as usize, "day"))))
}

fn beside(voice: &Voice, with: String, solo: Option<String>) -> String {
    match solo {
        Some(solo) => format!("{with}, {solo}"),
        None => format!("{with}; no solo baseline: a lead enters it with {}", voice.command("program baseline")),
    }
}

/// `$40,000, sourced ROI 850 %`.
fn cost(voice: &Voice, report: &Report) -> String {
    let Some(cost) = report.cost.total() else {
        return format!("not enough data yet: no cost noted. A lead notes it with {}", voice.command("program cost"));
    };
    let roi = report.roi().map(|roi| format!(", sourced ROI {}", percent(roi))).unwrap_or_default();
    format!("{}{roi}", voice.money(cost))
}

fn attainment(voice: &Voice, report: &Report) -> Option<String> {
    let (target, percent) = (report.target?, report.attainment()?);
    Some(format!("{percent} % of the target of {}", voice.money(target)))
}

/// What the picture shows.
pub fn picture(voice: &Voice, report: &Report, names: &Names) -> Proof {
    let voice = &voice.in_plain_text();
    let side = |role| Side {
        won: won_bar(voice, report, role),
        adjusted: adjusted(voice, report, role),
        open: report.open.as_ref().map(|open| {
            let of = open.of(role);
            let all = Tally { deals: of.weighted.counted.deals, amount: of.weighted.counted.amount };
            let weighted = of.weighted.counted.weighted();
            bar(voice, all, weighted, format!("{} weighted", voice.short_money(weighted)))
        }),
        shares: shares(voice, report, names, role),
        more: report.accounts(Section::Won, role).len().saturating_sub(ON_PICTURE),
    };
    Proof {
        title: format!("Co-sell report · {}", report.period),
        // A line beside the legend, with no room for more.
        as_of: format!("As of {} · amounts in {}", as_of_day(voice, report), voice.currency()),
        sourced: side(Role::Sourced),
        influenced: side(Role::Influenced),
        stats: stats(voice, report),
        notes: notes(voice, report),
    }
}

/// What was won, and how much of it is confirmed.
fn won_bar(voice: &Voice, report: &Report, role: Role) -> Bar {
    let won = report.won.of(role);
    let said = [("confirmed", won.confirmed), ("claimed", won.claimed)];
    let said = said.into_iter().filter(|(_, tally)| tally.deals > 0);
    let said: Vec<String> = said.map(|(name, tally)| format!("{} {name}", voice.short_money(tally.amount))).collect();
    bar(voice, won.booked.won, won.confirmed.amount, said.join(", "))
}

fn bar(voice: &Voice, all: Tally, part: i64, told: String) -> Bar {
    Bar { deals: all.deals, amount: all.amount, amount_label: voice.short_money(all.amount), part, told }
}

fn adjusted(voice: &Voice, report: &Report, role: Role) -> Option<String> {
    let adjusted = report.won.of(role).booked.adjusted;
    let said = || {
        let (amount, deals) = (signed_short(voice, adjusted.amount), count(adjusted.deals, "deal"));
        match report.won.of(role).booked.won.deals {
            0 => format!("{amount} of adjustments in {deals}"),
            _ => format!("and {amount} of adjustments in {deals}"),
        }
    };
    (adjusted.deals > 0).then(said)
}

fn shares(voice: &Voice, report: &Report, names: &Names, role: Role) -> Vec<Share> {
    let share = |share: AccountShare| Share {
        name: share.account.and_then(|id| names.accounts.get(&id)).cloned().unwrap_or_else(|| "Unknown".to_owned()),
        amount_label: voice.short_money(share.amount),
        confirmed: share.confirmed == share.amount,
    };
    report.accounts(Section::Won, role).into_iter().take(ON_PICTURE).map(share).collect()
}

/// The figures that are a number each: with partners, and what they are held against.
fn stats(voice: &Voice, report: &Report) -> Vec<Stat> {
    let missing = |have: u32, need: u32, what: &str| Some(format!("{have} of {need} {what}"));
    let solo = |solo: Option<String>| solo.unwrap_or_else(|| "no solo baseline".to_owned());
    let (rate, missing_rate) = match report.win_rate {
        Figure::Known(rate) => (format!("{} %", rate.percent()), None),
        Figure::NotEnough { have, need } => (NOT_ENOUGH.to_owned(), missing(have, need, "closed deals")),
    };
    let (days, missing_days) = match report.cycle {
        Figure::Known(days) => (count(days as usize, "day"), None),
        Figure::NotEnough { have, need } => (NOT_ENOUGH.to_owned(), missing(have, need, "won deals")),
    };
    let (roi, cost) = match (report.roi(), report.cost.total()) {
        (Some(roi), Some(cost)) => (percent(roi), format!("at a cost of {}", voice.short_money(cost))),
        _ => (NOT_ENOUGH.to_owned(), "no cost noted".to_owned()),
    };
    let solo_rate = solo(report.baseline.win_rate.map(|percent| format!("{percent} % solo")));
    let solo_days = solo(report.baseline.cycle_days.map(|days| format!("{} solo", count(days as usize, "day"))));
    let stat = |name: &str, value: String, beside: Vec<String>| Stat { name: name.to_owned(), value, beside };
    vec![
        stat("Win rate with partners", rate, missing_rate.into_iter().chain([solo_rate]).collect()),
        stat("Cycle with partners", days, missing_days.into_iter().chain([solo_days]).collect()),
        stat("Sourced ROI", roi, vec![cost]),
    ]
}

/// What stands for a figure that can't be told.
const NOT_ENOUGH: &str = "not enough data yet";

/// What has to be known beside the figures.
fn notes(voice: &Voice, report: &Report) -> Vec<String> {
    let late = crate::domain::report::tally(report.late());
    let late = (late.deals > 0)
        .then(|| format!("Recorded late: {} in {}", voice.short_money(late.amount), count(late.deals, "deal")));
    let undecided = undecided_short(voice, report);
    let past: (usize, i64) = report.open.as_ref().map_or((0, 0), |open| {
        let past = [&open.sourced, &open.influenced, &open.undecided].map(|of| of.weighted.past_close);
        past.iter().fold((0, 0), |(deals, amount), sum| (deals + sum.deals, amount + sum.amount))
    });
    let past = (past.0 > 0).then(|| format!("{} not counted: close is past", voice.short_money(past.1)));
    late.into_iter().chain(undecided).chain(past).collect()
}

fn undecided_short(voice: &Voice, report: &Report) -> Option<String> {
    let won = report.won.undecided.booked.total();
    let open = report.open.as_ref().map_or(0, |open| open.undecided.weighted.counted.amount);
    let parts = [("won", won), ("open", open)].into_iter().filter(|(_, amount)| *amount != 0);
    let parts: Vec<String> = parts.map(|(name, amount)| format!("{} {name}", voice.short_money(amount))).collect();
    (!parts.is_empty()).then(|| format!("Undecided, in neither: {}", parts.join(", ")))
}
