//! The answers to what sets the number: its owner, its targets, what the program costs.

use super::super::deal;
use super::super::message::Message;
use super::super::offer::{Offers, buttons};
use super::super::text::brief;
use super::super::voice::{Voice, day};
use super::whose;
use crate::domain::baseline::BaselineSet;
use crate::domain::number::{CostSet, NumberOwner, TargetSet, Who};
use crate::domain::period::Period;

/// The number has an owner.
pub fn owner_saved(now: &NumberOwner, offers: Offers) -> Message {
    let before =
        now.before.as_ref().map(|before| format!(", in the place of {}", deal::person(before))).unwrap_or_default();
    let said = format!(
        "Saved. {} owns the number{before}: they count as lead, stand on every agenda, and are named when a stall reaches the leads.",
        deal::person(&now.owner)
    );
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// A target was set, changed or taken out.
pub fn target_saved(voice: &Voice, now: &TargetSet, offers: Offers) -> Message {
    let period = quarter(&now.period);
    let of = now.who.as_ref().map(|who| format!(" for {}", whose(who))).unwrap_or_default();
    let was = now.before.map(|before| format!(", was {}", voice.money(before))).unwrap_or_default();
    let mut lines = vec![match now.after {
        Some(amount) => format!("Saved. {period}: the target{of} is {}{was}.", voice.money(amount)),
        None => format!("Saved. {period}: there is no target{of} any more{was}."),
    }];
    lines.extend(given_out(voice, now));
    Message::silent().text(lines.join("\n")).buttons(buttons(offers)).build()
}

/// `Given out by owner: $900,000 of $1,200,000.`
fn given_out(voice: &Voice, now: &TargetSet) -> Option<String> {
    let kind = match now.who.as_ref()? {
        Who::Owner(_) => "owner",
        Who::Partner(_) => "partner",
    };
    let given = voice.money(now.given_out);
    Some(match now.whole {
        Some(whole) => format!("Given out by {kind}: {given} of {}.", voice.money(whole)),
        None => format!(
            "Given out by {kind}: {given}. The quarter has no target of its own yet: leave {kind} out to set it."
        ),
    })
}

/// A cost was noted, changed or taken out.
pub fn cost_saved(voice: &Voice, now: &CostSet, offers: Offers) -> Message {
    let period = quarter(&now.period);
    let note = now.note.as_deref().map(|note| format!(" for “{}”", brief(note, 100))).unwrap_or_default();
    let was = now.before.map(|before| format!(", was {}", voice.money(before))).unwrap_or_default();
    let mut said = match now.after {
        0 => format!("Saved. {period}: the cost{note} is taken out{was}."),
        amount => format!("Saved. {period} cost {}{note}{was}.", voice.money(amount)),
    };
    if let Some(total) = now.total.filter(|total| *total != now.after) {
        said.push_str(&format!(" Together: {}.", voice.money(total)));
    }
    if let Some(running) = now.counts_in {
        said.push_str(&format!(
            " {} is over and its report stays as it is: the change counts in {running}, as an adjustment.",
            now.period
        ));
    }
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// The solo baseline was entered, changed or taken out.
pub fn baseline_saved(voice: &Voice, now: &BaselineSet, offers: Offers) -> Message {
    let BaselineSet { before, after } = now;
    let line = |name: &str, unit: &str, before: Option<u32>, after: Option<u32>| {
        let was = before.filter(|_| before != after).map(|n| format!(", was {n}{unit}")).unwrap_or_default();
        match after {
            Some(n) => Some(format!("{name} without partners: {n}{unit}{was}.")),
            None => before.map(|_| format!("{name} without partners: taken out{was}.")),
        }
    };
    let lines = [
        line("Win rate", " %", before.win_rate, after.win_rate),
        line("Cycle", " days", before.cycle_days, after.cycle_days),
    ];
    let mut lines: Vec<String> = lines.into_iter().flatten().collect();
    lines[0] = format!("Saved. {}", lines[0]);
    lines.push(format!("{} shows them beside what is reached with partners.", voice.command("program report")));
    Message::silent().text(lines.join("\n")).buttons(buttons(offers)).build()
}

/// `Q4 FY2026 (1 Oct 2026 to 31 Dec 2026)`.
fn quarter(period: &Period) -> String {
    format!("{period} ({} to {})", day(period.start), day(period.end))
}
