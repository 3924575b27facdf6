//! What stands behind a partner's role: who claimed it and on what, whether that was in time, who confirmed it or what
//! they asked, and what stood there before. Also the deal's registration.

use super::super::embed::Lines;
use super::super::text::{brief, escape};
use super::super::voice::{Voice, count, moment};
use super::about;
use crate::domain::Instant;
use crate::domain::attribution::Timeliness;
use crate::domain::card::{Chain, DealCard, FormerRole, Named};
use crate::domain::deal::{Credit, Deal, Former, Role};
use crate::domain::event::{Event, EventKind};
use crate::domain::registration::{Registration, is_running_out};

/// How much of evidence stands beside other partners'.
const EVIDENCE: usize = 300;

/// All that is known of the class's claim, a line each.
pub(in crate::render) fn chain(voice: &Voice, credit: &Credit, chain: &Chain) -> Lines {
    let evidence = credit.evidence.map(escape);
    Lines::of(lines(voice, credit, chain, evidence), |n| format!("… and {n} more in the history"))
}

/// The same of another partner's part, with its role and as much of its evidence as stays readable.
pub(super) fn part(voice: &Voice, credit: &Credit, chain: &Chain) -> Lines {
    let role = about::role(credit.role).to_owned();
    let evidence = credit.evidence.map(|evidence| brief(evidence, EVIDENCE));
    let all = std::iter::once(role).chain(lines(voice, credit, chain, evidence));
    Lines::of(all.collect::<Vec<_>>(), |n| format!("… and {n} more in the history"))
}

fn lines(voice: &Voice, credit: &Credit, chain: &Chain, evidence: Option<String>) -> Vec<String> {
    let when = moment(credit.claimed.at);
    let timely = match credit.role {
        Role::Undecided => String::new(),
        _ => format!(" · {}", about::timeliness(voice, chain.timeliness)),
    };
    let mut lines = vec![format!("Claimed by {}, {when}{timely}", about::person(&chain.claimed_by))];
    let dated = credit.claim.on.map(|on| format!(" ({})", voice.day(on))).unwrap_or_default();
    lines.extend(evidence.map(|evidence| format!("“{evidence}”{dated}")));
    lines.extend(standing(credit, chain));
    lines.extend(former(voice, credit, chain));
    lines
}

/// Who confirmed it, what they asked, or who is to.
fn standing(credit: &Credit, chain: &Chain) -> Option<String> {
    if let (Some(confirmed), Some(by)) = (&credit.claim.confirmed, &chain.confirmed_by) {
        return Some(format!("Confirmed by {}, {}", about::person(by), moment(confirmed.at)));
    }
    if let (Some(question), Some(by)) = (&credit.claim.question, &chain.asked_by) {
        let (who, when) = (about::person(by), moment(question.asked.at));
        let taken_over = chain.answerer.member != chain.claimed_by.member;
        let to = if taken_over { format!(" {}", about::person(&chain.answerer)) } else { String::new() };
        return Some(format!("{who} asks{to}, {when}: “{}”", escape(&question.text)));
    }
    credit.is_unconfirmed().then(|| format!("Waits for {} to confirm it", confirmer(credit, chain)))
}

/// Who is to confirm a claim: the partner's manager, or a lead where there is none or it is their own.
fn confirmer(credit: &Credit, chain: &Chain) -> String {
    let others = |manager: &&Named| !manager.gone && manager.member != credit.claimed.by;
    chain.manager.as_ref().filter(others).map_or_else(|| "a lead".to_owned(), about::person)
}

/// Who has the next move on a claim that nobody confirmed, as in a line.
pub(in crate::render) fn open_claim(credit: &Credit, chain: &Chain) -> String {
    match credit.claim.question {
        Some(_) => format!("{} is to answer a question", about::person(&chain.answerer)),
        None => format!("{} is to confirm it", confirmer(credit, chain)),
    }
}

/// The roles that this one took the place of, the latest first, so that what doesn't fit is the oldest. Each stood until
/// the next one was claimed.
fn former<'c>(voice: &'c Voice, credit: &'c Credit, chain: &'c Chain) -> impl Iterator<Item = String> + 'c {
    let all = &credit.claim.former;
    let until = all.iter().skip(1).map(|next| next.claimed.at).chain([credit.claimed.at]);
    let mut told: Vec<String> = all
        .iter()
        .zip(&chain.former)
        .zip(until)
        .map(|((former, names), until)| before(voice, former, names, until))
        .collect();
    told.reverse();
    let is_change = credit.claim.is_later_change();
    told.into_iter().enumerate().map(move |(at, told)| match at {
        0 if is_change => format!("A later change: before, {told}"),
        0 => format!("Before: {told}"),
        _ => format!("Before that: {told}"),
    })
}

/// `sourced by Initech, claimed by @rita, 24 Nov, late, not confirmed`; `undecided until Tue 24 Nov, for 22 days`.
fn before(voice: &Voice, former: &Former, names: &FormerRole, until: Instant) -> String {
    let Some(timeliness) = names.timeliness else {
        let days = (voice.day_of(until) - voice.day_of(former.claimed.at)).num_days();
        return match usize::try_from(days).unwrap_or(0) {
            0 => "undecided, settled the same day".to_owned(),
            days => format!("undecided until {}, for {}", voice.day(voice.day_of(until)), count(days, "day")),
        };
    };
    let confirmed = if former.confirmed.is_some() { "confirmed" } else { "not confirmed" };
    let (role, partner, when) = (about::role(former.role), brief(&names.partner, 60), moment(former.claimed.at));
    let (by, timely) = (about::person(&names.claimed_by), about::timeliness(voice, timeliness));
    format!("{role} by {partner}, claimed by {by}, {when}, {timely}, {confirmed}")
}

/// What is said of a claim right after it was made: whether it was in time, who confirms it, and what else follows.
pub(super) fn claimed(voice: &Voice, card: &DealCard, events: &[Event]) -> Option<String> {
    let is_claim = |e: &&Event| matches!(e.kind, EventKind::Attributed | EventKind::PartnerJoined);
    let event = events.iter().rev().find(is_claim)?;
    let mut credits = card.credits().filter(|(credit, ..)| credit.role != Role::Undecided);
    let (credit, _, chain) = credits.find(|(credit, ..)| credit.claimed.at == event.at)?;
    let late = chain.timeliness == Timeliness::Late;
    let mut said = vec![if late { "It counts as late.".to_owned() } else { "On time.".to_owned() }];
    said.push(format!("It waits for {} to confirm it.", confirmer(&credit, chain)));
    let role_changed = event.after.contains_key("role") || event.after.contains_key("partner");
    if card.deal.is_won() && role_changed {
        let won = card.deal.closed_on.map(|day| voice.period(day));
        said.push(match won != Some(voice.period(voice.day_of(event.at))) {
            true => "The deal was won in a quarter that is over, so this counts as an adjustment now.".to_owned(),
            false => "The deal was won this quarter, so its class is corrected there.".to_owned(),
        });
    }
    Some(said.join(" "))
}

/// What is said right after a claim was confirmed or sent back.
pub(super) fn settled(card: &DealCard, events: &[Event]) -> Option<String> {
    let event = events.iter().find(|e| e.kind == EventKind::ClaimQuestioned)?;
    let asked = card.credits().find(|(credit, ..)| {
        let question = credit.claim.question.as_ref();
        question.is_some_and(|question| question.asked.at == event.at)
    });
    let (_, _, chain) = asked?;
    Some(format!("{} reads the question in their next reminder.", about::person(&chain.answerer)))
}

/// `DR-4711, protected until Fri 4 Dec (in 12 days)`.
pub(in crate::render) fn registration(voice: &Voice, registration: &Registration) -> String {
    let (until, reference) = (registration.until, escape(&registration.reference));
    let (day, away) = (voice.day(until), voice.away(until));
    match until < voice.today() {
        true => format!("{reference}, ran out {day} ({away})"),
        false => format!("{reference}, protected until {day} ({away})"),
    }
}

/// `registration runs out Fri 4 Dec`, of a deal whose registration has few days left.
pub(in crate::render) fn ending(voice: &Voice, deal: &Deal) -> Option<String> {
    let registration = deal.registration.as_ref().filter(|r| is_running_out(r, voice.today()))?;
    Some(format!("registration runs out {}", voice.day(registration.until)))
}
