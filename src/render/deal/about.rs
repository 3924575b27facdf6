//! The small phrases about a deal that cards, lists, reminders and the agenda share.

use super::super::text::{brief, plain};
use super::super::voice::{self, Voice, count};
use crate::domain::attribution::Timeliness;
use crate::domain::card::{DealCard, Named};
use crate::domain::deal::{Deal, LossReason, NextStep, Role, WaitingOn};
use crate::domain::id::DealNumber;
use crate::domain::stall::{Cause, Reason};

/// How much of a name stands in a line.
const NAME: usize = 60;
/// As much of a name as there can be, where a deal is named alone.
const WHOLE: usize = 100;
/// How much of a next step stands in a line.
const STEP: usize = 220;

/// `D-12 Globex · Initech`, for where markdown is read.
pub fn heading(card: &DealCard) -> String {
    format!("{} {} · {}", card.deal.number.label(), brief(&card.account, WHOLE), brief(&card.partner, WHOLE))
}

/// The same for labels, where no markdown is read.
pub(in crate::render) fn label(card: &DealCard) -> String {
    named(card.deal.number, &card.account, &card.partner)
}

/// The same from a deal's number and names.
pub fn named(deal: DealNumber, account: &str, partner: &str) -> String {
    format!("{} {} · {}", deal.label(), plain(account), plain(partner))
}

/// A member as a name to click; by name alone once they have left.
pub fn person(named: &Named) -> String {
    match named.gone {
        // Who was forgotten is nobody on Discord any more, and is called a former member already.
        true if named.user.0 < 0 => brief(&named.name, NAME),
        true => format!("{} (left)", brief(&named.name, NAME)),
        false => voice::mention(named.user),
    }
}

/// One reason, as in `next step 4 days overdue`.
pub fn reason(reason: &Reason) -> String {
    let days = reason.days as usize;
    let usual = |words: &str| reason.usual.map(|n| format!(", {words} {n}")).unwrap_or_default();
    match reason.cause {
        Cause::ClosePast => format!("close {} past", count(days, "day")),
        Cause::RegistrationOver => format!("registration ran out {} ago", count(days, "day")),
        Cause::StepOverdue => format!("next step {} overdue", count(days, "day")),
        Cause::WaitEnded if days == 0 => "its wait ended today".to_owned(),
        Cause::WaitEnded => format!("its wait ended {} ago, nothing new", count(days, "day")),
        Cause::NoNextStep => "no dated next step".to_owned(),
        Cause::NoActivity => format!("no activity for {}{}", count(days, "business day"), usual("usual is")),
        Cause::SlowStage => format!("{} in this stage{}", count(days, "business day"), usual("won deals took")),
    }
}

/// All reasons in a row; `None` when nothing stalls the deal.
pub fn stalled(reasons: &[Reason]) -> Option<String> {
    let said: Vec<String> = reasons.iter().map(reason).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// What is said of a class that is not settled: `class undecided, settle it by Mon 16 Nov`; nothing of one that is.
pub(in crate::render) fn class_gap(voice: &Voice, timeliness: Timeliness) -> Option<String> {
    match timeliness {
        Timeliness::Open { until } => Some(format!("class undecided, settle it by {}", voice.day(until))),
        Timeliness::Overdue => Some("class undecided, late".to_owned()),
        Timeliness::OnTime | Timeliness::Late => None,
    }
}

/// `sourced`, as in a sentence.
pub(in crate::render) fn role(role: Role) -> &'static str {
    match role {
        Role::Sourced => "sourced",
        Role::Influenced => "influenced",
        Role::Undecided => "undecided",
    }
}

/// `sourced by Initech`; `undecided` for a gap.
pub(in crate::render) fn class(card: &DealCard) -> String {
    match card.deal.role {
        Role::Undecided => "undecided".to_owned(),
        settled => format!("{} by {}", role(settled), brief(&card.partner, NAME)),
    }
}

/// Whether the class was recorded in time, where that can be said.
pub(in crate::render) fn timeliness(voice: &Voice, timeliness: Timeliness) -> String {
    match timeliness {
        Timeliness::OnTime => "on time".to_owned(),
        Timeliness::Late => "late".to_owned(),
        Timeliness::Open { until } => format!("settle it by {} ({})", voice.day(until), voice.away(until)),
        Timeliness::Overdue => "settling it now counts as late".to_owned(),
    }
}

/// `“Send the proposal”, due Fri 18 Dec (tomorrow)`.
pub(in crate::render) fn next_step(voice: &Voice, step: &NextStep) -> String {
    let text = brief(&step.text, STEP);
    match step.due {
        Some(due) => format!("“{text}”, due {} ({})", voice.day(due), voice.away(due)),
        None => format!("“{text}”, no date yet"),
    }
}

/// `the partner`.
pub(in crate::render) fn waiting_on(on: WaitingOn) -> &'static str {
    match on {
        WaitingOn::Us => "us",
        WaitingOn::Partner => "the partner",
        WaitingOn::Customer => "the customer",
        WaitingOn::Legal => "legal",
    }
}

/// A reason for a loss as in a sentence.
pub(in crate::render) fn loss(reason: LossReason) -> &'static str {
    match reason {
        LossReason::Competitor => "a competitor won it",
        LossReason::NoBudget => "no budget",
        LossReason::NoDecision => "the customer decided to do nothing",
        LossReason::Price => "price or terms",
        LossReason::ProductFit => "the solution didn't fit",
        LossReason::PartnerWithdrew => "the partner withdrew",
        LossReason::Timing => "timing",
        LossReason::EnteredByMistake => "entered by mistake; counts nowhere",
        LossReason::Other => "another reason",
    }
}

/// `next step moved 3 times, close slipped twice`; `None` when neither happened.
pub(in crate::render) fn moves(deal: &Deal) -> Option<String> {
    let often = |n: u32| match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    let mut said = Vec::new();
    if deal.next_step_moves > 0 {
        said.push(format!("next step moved {}", often(deal.next_step_moves)));
    }
    if deal.close_slips > 0 {
        said.push(format!("close slipped {}", often(deal.close_slips)));
    }
    (!said.is_empty()).then(|| said.join(", "))
}

/// `$120,000`, or that there is none yet.
pub(in crate::render) fn amount(voice: &Voice, deal: &Deal) -> String {
    deal.amount.map_or_else(|| "no amount yet".to_owned(), |minor| voice.money(minor))
}

/// One line of a list: the deal, what it is worth, whose it is, and what is wrong with it.
pub(in crate::render) fn line(voice: &Voice, card: &DealCard) -> String {
    let deal = &card.deal;
    let mut parts =
        vec![format!("**{}** {} · {}", deal.number.label(), brief(&card.account, NAME), brief(&card.partner, NAME))];
    parts.extend(deal.amount.map(|minor| voice.short_money(minor)));
    parts.push(match (deal.closed_on, deal.close) {
        (Some(on), _) if deal.is_won() => format!("won {}", voice.day(on)),
        (Some(on), _) => format!("lost {}", voice.day(on)),
        (None, Some(close)) => format!("{}, closes {}", deal.stage.name(), voice.day(close)),
        (None, None) => deal.stage.name().to_owned(),
    });
    parts.push(person(&card.owner));
    parts.extend(card.reasons.first().map(|r| format!("**{}**", reason(r))));
    parts.join(" · ")
}

/// Where a deal stands, for whoever takes it over: stage, worth, close, what stalls it, what is next.
pub(in crate::render) fn standing(voice: &Voice, card: &DealCard) -> Vec<String> {
    let deal = &card.deal;
    let close = deal.close.map(|close| format!(" · closes {} ({})", voice.day(close), voice.away(close)));
    let mut lines = vec![format!("{} · {}{}", deal.stage.name(), amount(voice, deal), close.unwrap_or_default())];
    lines.extend(stalled(&card.reasons).map(|reasons| format!("**Stalled**: {reasons}")));
    lines.push(match &deal.next_step {
        Some(step) => format!("**Next step** {}", next_step(voice, step)),
        None => "**Next step** none yet".to_owned(),
    });
    lines.extend(card.backup.as_ref().map(|backup| format!("Backup {}", person(backup))));
    lines
}
