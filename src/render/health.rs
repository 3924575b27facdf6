//! Program or streak in words: the verdict, and each reason with its figure and its threshold. Rep by rep it names
//! nobody: who carries how much is for leads and finance (see [`super::champions`]).

use super::control::{CustomId, Entry, Select};
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::handover::without_second;
use super::message::Message;
use super::offer::{Offers, buttons};
use super::text::brief;
use super::voice::{Voice, count, day};
use crate::domain::figure::Figure;
use crate::domain::health::{
    AtRisk, CLEARED_WITHIN, CONFIRMED_AT_LEAST, HELD_AT_LEAST, HealthCard, HealthFigure, KNOWN_AT_LEAST, MAY_FAIL,
    Measure, ON_MOTION_AT_LEAST, ON_TIME_AT_LEAST, ONE_PARTNER_AT_MOST, ONE_REP_AT_MOST, Part, Reason, ReasonKind,
    STALLED_AT_MOST, Side, Spread, Standing, TWO_REPS_AT_MOST, Verdict,
};

/// The parts of a program, with the reasons that tell of each.
const PARTS: [(&str, &[ReasonKind]); 6] = [
    ("Spread", &[ReasonKind::Reps, ReasonKind::Partners]),
    ("Motion", &[ReasonKind::Motion]),
    ("Ownership", &[ReasonKind::Unowned]),
    ("Attribution", &[ReasonKind::Confirmed, ReasonKind::OnTime]),
    ("Cadence", &[ReasonKind::Reviews, ReasonKind::Stalled, ReasonKind::ToClear]),
    ("Pay: for leads and finance alone, not in the verdict", &[ReasonKind::Pay]),
];

/// The health of the program; `show` sends back the key of a [`HealthFigure`].
pub fn health(voice: &Voice, card: &HealthCard, show: CustomId, offers: Offers) -> Message {
    let partner = card.partner.as_ref().map(|(_, name)| format!(" · with {}", brief(name, 60))).unwrap_or_default();
    let mut embed = Embed::titled(format!("Program or streak · {}{partner}", card.period))
        .tone(tone(card.verdict))
        .text(verdict(card))
        .footer(basis(voice, card));
    for (name, kinds) in PARTS {
        let reasons = card.reasons.iter().filter(|reason| kinds.contains(&reason.kind));
        let lines: Vec<String> = reasons.map(|reason| line(voice, card, reason)).collect();
        if !lines.is_empty() {
            embed = embed.field(name, Lines::text(lines.join("\n")));
        }
    }
    if let Some(at_risk) = &card.at_risk {
        embed = embed.field("If somebody left: for leads alone", Lines::text(risk(at_risk)));
    }
    let entry = |figure: HealthFigure| {
        let deals = card.deals(figure).len();
        (deals > 0).then(|| Entry::new(figure.key(), figure_name(figure)).described(count(deals, "deal")))
    };
    let select = Select::of(show, "Show deals", HealthFigure::all().filter_map(entry), |_| String::new());
    Message::silent().embed(embed).select(select).buttons(buttons(offers)).build()
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Program => Tone::Good,
        Verdict::Streak => Tone::Attention,
        Verdict::NotEnough => Tone::Plain,
    }
}

fn verdict(card: &HealthCard) -> String {
    let deciding = || card.reasons.iter().filter(|reason| reason.kind.decides());
    let counted = |standing| deciding().filter(|reason| reason.standing() == standing).count();
    let (holding, failing) = (counted(Standing::Holds), counted(Standing::Fails));
    let known = holding + failing;
    let held = format!(
        "{} {} known: {holding} {}, {failing} {}",
        count(known, "reason"),
        are(known),
        if holding == 1 { "holds" } else { "hold" },
        if failing == 1 { "fails" } else { "fail" }
    );
    let reps = deciding().find(|reason| reason.kind == ReasonKind::Reps).map(Reason::standing);
    match (card.verdict, reps) {
        (Verdict::Program, _) => format!("**A program**: it would go on if somebody left. {held}."),
        (Verdict::Streak, Some(Standing::Fails)) => {
            format!("**A streak**: it rests on too few people to outlast one of them. {held}.")
        }
        (Verdict::Streak, _) => format!(
            "**A streak**: it is spread well, and {failing} other reasons fail; a program has {MAY_FAIL} weak spots at most. {held}."
        ),
        (Verdict::NotEnough, Some(Standing::Holds)) => {
            format!("**Not enough data yet** for a verdict: it takes {KNOWN_AT_LEAST} reasons. {held}.")
        }
        (Verdict::NotEnough, _) => {
            "**Not enough data yet** for a verdict: it begins with how the deals are spread over reps.".to_owned()
        }
    }
}

/// Which deals the figures are over.
fn basis(voice: &Voice, card: &HealthCard) -> String {
    let (from, to) = (day(card.window.start), day(card.window.end));
    match card.period.end < voice.today() {
        true => format!("Over deals won from {from} to {to}; what is open is of now, and not in it"),
        false => format!("Over open deals, and those won from {from} on"),
    }
}

/// `If @rita left: 38 % of the open pipeline, 2 partners without a second contact`.
fn risk(at_risk: &AtRisk) -> String {
    let departure = &at_risk.departure;
    let open = match departure.percent() {
        Some(percent) => format!("{percent} % of the open pipeline"),
        None if departure.deals.is_empty() => "no open deal".to_owned(),
        None => count(departure.deals.len(), "open deal"),
    };
    let sole = departure.sole_contacts.len();
    let sole = if sole == 0 { String::new() } else { format!(", {}", without_second(sole)) };
    format!("If {} left: {open}{sole}", deal::person(&at_risk.who))
}

fn line(voice: &Voice, card: &HealthCard, reason: &Reason) -> String {
    let mark = match reason.standing() {
        Standing::Holds => "✓",
        Standing::Fails => "✗",
        Standing::NotEnough => "–",
    };
    let said = match reason.measure {
        Figure::NotEnough { have, need } => missing(voice, reason.kind, have, need),
        Figure::Known(Measure::Spread(spread)) if reason.kind == ReasonKind::Partners => partners(card, spread),
        Figure::Known(Measure::Spread(spread)) => reps(spread),
        Figure::Known(Measure::Part(part)) => share(reason.kind, part),
        Figure::Known(Measure::Meetings { held, not_held, missed, skipped }) => {
            meetings(held, not_held, missed, skipped)
        }
        Figure::Known(Measure::Days(days)) => {
            format!(
                "Half of the stalls were cleared within {} (at most {CLEARED_WITHIN})",
                count(days as usize, "business day")
            )
        }
    };
    format!("{mark} {said}")
}

/// `Two reps carry 82 % (at most 70 %), one of them 51 % (at most 40 %); as if 2.3 brought the same each`.
fn reps(spread: Spread) -> String {
    match spread.over {
        1 => format!("One rep carries all of it (at most {ONE_REP_AT_MOST} %)"),
        _ => format!(
            "Two reps carry {} % (at most {TWO_REPS_AT_MOST} %), one of them {} % (at most {ONE_REP_AT_MOST} %); {}",
            spread.first_two().percent(),
            spread.first().percent(),
            as_if(spread)
        ),
    }
}

fn partners(card: &HealthCard, spread: Spread) -> String {
    let first = card.top_partner.as_deref().map_or_else(|| "One partner".to_owned(), |name| brief(name, 60));
    match spread.over {
        1 => format!("{first} brings all of it (at most {ONE_PARTNER_AT_MOST} %)"),
        _ => format!(
            "{first} brings {} % (at most {ONE_PARTNER_AT_MOST} %), the first two {} %; {}",
            spread.first().percent(),
            spread.first_two().percent(),
            as_if(spread)
        ),
    }
}

/// `as if 2.3 of 5 brought the same each`.
fn as_if(spread: Spread) -> String {
    format!("as if {}.{} of {} brought the same each", spread.effective / 10, spread.effective % 10, spread.over)
}

fn share(kind: ReasonKind, part: Part) -> String {
    let counted = |n: i64| usize::try_from(n).unwrap_or(0);
    let (n, of, percent) = (counted(part.part), counted(part.of), part.percent());
    let deals = count(of, "deal");
    match kind {
        ReasonKind::Unowned if n == 0 => format!("None of {} is unowned (none may be)", open(of)),
        ReasonKind::Unowned => format!("{n} of {} {} unowned (none may be)", open(of), are(n)),
        ReasonKind::Confirmed => {
            format!("{n} of {of} claims {} confirmed, {percent} % (at least {CONFIRMED_AT_LEAST} %)", are(n))
        }
        ReasonKind::OnTime => {
            format!("{n} of {of} classes {} settled on time, {percent} % (at least {ON_TIME_AT_LEAST} %)", were(n))
        }
        ReasonKind::Stalled => {
            format!("{n} of {} {} stalled, {percent} % (at most {STALLED_AT_MOST} %)", open(of), are(n))
        }
        ReasonKind::Pay if n == 0 => format!("None of {deals} pays its owner less than solo (none may)"),
        ReasonKind::Pay => format!(
            "{n} of {deals} {} less than solo (none may)",
            if n == 1 { "pays its owner" } else { "pay their owners" }
        ),
        _ => format!("{n} of {deals} that left a stage ran the motion, {percent} % (at least {ON_MOTION_AT_LEAST} %)"),
    }
}

fn open(of: usize) -> String {
    count(of, "open deal")
}

fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn were(n: usize) -> &'static str {
    if n == 1 { "was" } else { "were" }
}

/// `10 of 13 meetings were held, 77 % (at least 80 %): 1 not held, 1 missed, 1 left out`.
fn meetings(held: usize, not_held: usize, missed: usize, skipped: usize) -> String {
    let of = held + not_held + missed + skipped;
    let percent = Part::of(held, of).percent();
    let mut said = format!("{held} of {of} meetings {} held, {percent} % (at least {HELD_AT_LEAST} %)", were(held));
    let beside =
        [(not_held, "not held"), (missed, "missed"), (skipped, "left out")].into_iter().filter(|(n, _)| *n > 0);
    let beside: Vec<String> = beside.map(|(n, what)| format!("{n} {what}")).collect();
    if !beside.is_empty() {
        said.push_str(&format!(": {}", beside.join(", ")));
    }
    said
}

fn missing(voice: &Voice, kind: ReasonKind, have: u32, need: u32) -> String {
    let so_far = format!("not enough data yet, {have} of {need}");
    match kind {
        ReasonKind::Reps => format!("Over reps: {so_far} deals with an amount"),
        ReasonKind::Partners => format!("Over partners: {so_far} deals with an amount"),
        ReasonKind::Motion => format!("Deals that ran the motion: {so_far} that left a stage"),
        ReasonKind::Unowned => "Unowned: not enough data yet, no deal is open".to_owned(),
        ReasonKind::Confirmed => {
            format!("Claims confirmed: {so_far} that are confirmed or have waited for 10 business days")
        }
        ReasonKind::OnTime => format!("Classes settled on time: {so_far} that are settled or late"),
        ReasonKind::Reviews => {
            format!("Meetings: {so_far}. {} sets their rhythm", voice.command("review schedule"))
        }
        ReasonKind::Stalled => format!("Stalled: {so_far} open deals"),
        ReasonKind::ToClear => format!("Time to clear a stall: {so_far} cleared stalls"),
        ReasonKind::Pay => format!(
            "Less than solo: not enough data yet, no deal with an amount falls under any terms. {} sets them",
            voice.command("program comp")
        ),
    }
}

/// What a figure is called above its deals.
pub fn figure_name(figure: HealthFigure) -> &'static str {
    match (figure.kind, figure.side) {
        (ReasonKind::Reps, Side::Failing) => "Reps: deals of the two who carry most",
        (ReasonKind::Reps, Side::Holding) => "Reps: deals of the others",
        (ReasonKind::Partners, Side::Failing) => "Partners: deals with the first",
        (ReasonKind::Partners, Side::Holding) => "Partners: deals with the others",
        (ReasonKind::Motion, Side::Failing) => "Motion: not run",
        (ReasonKind::Motion, Side::Holding) => "Motion: run",
        (ReasonKind::Unowned, Side::Failing) => "Unowned",
        (ReasonKind::Unowned, Side::Holding) => "Owned",
        (ReasonKind::Confirmed, Side::Failing) => "Claim not confirmed",
        (ReasonKind::Confirmed, Side::Holding) => "Claim confirmed",
        (ReasonKind::OnTime, Side::Failing) => "Class late",
        (ReasonKind::OnTime, Side::Holding) => "Class on time",
        (ReasonKind::Reviews, _) => "Meetings",
        (ReasonKind::Stalled, Side::Failing) => "Stalled",
        (ReasonKind::Stalled, Side::Holding) => "Not stalled",
        (ReasonKind::ToClear, _) => "Stalls that were cleared",
        (ReasonKind::Pay, Side::Failing) => "Pays less than solo",
        (ReasonKind::Pay, Side::Holding) => "Pays as much as solo or more",
    }
}

#[cfg(test)]
mod tests;
