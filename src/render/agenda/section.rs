//! The sections of the agenda in words. An empty section says so in its title.

use super::super::deal;
use super::super::embed::{Embed, Lines, Tone};
use super::super::item;
use super::super::text::brief;
use super::super::voice::{Voice, count, long_moment};
use super::figure::Figure;
use crate::domain::Instant;
use crate::domain::agenda::{Agenda, AgendaFacts, Decision, Gap, Gaps, Matter, Move, Moved, NotHeld, Stalled};
use crate::domain::cadence::Since;
use crate::domain::card::DealCard;
use crate::domain::forecast::Sum;
use crate::domain::id::{DealNumber, ItemId};

/// Lines of a section that asks for something to be done, so that the whole agenda is about one screen.
const FIRST_PRESSING: usize = 5;
/// Lines of another one.
const FIRST: usize = 3;

/// Why an open deal is on the agenda, in the order of its sections.
pub(in crate::render) fn reasons(voice: &Voice, agenda: &Agenda, facts: &AgendaFacts, card: &DealCard) -> Vec<String> {
    let number = card.deal.number;
    let decision = agenda.decisions.iter().filter(|decision| decision.deal == number);
    let matters: Vec<&Matter> = decision.flat_map(|decision| &decision.matters).collect();
    let overdue = matters.iter().filter(|m| matches!(m, Matter::OverdueAction { .. })).count();
    // A stall of the third level is told once, with all its reasons.
    let once = |m: &&&Matter| !matches!(m, Matter::ThirdLevel { .. } | Matter::OverdueAction { .. });
    let said = matters.iter().filter(once).map(|m| matter(voice, card, facts, m));
    let matters = said.chain((overdue > 0).then(|| count(overdue, "overdue action")));
    let stalls = agenda.stalled.iter().filter(|stalled| stalled.deal == number);
    let stalls = stalls.map(|stalled| format!("stalled {}: {}", since(stalled), why(stalled)));
    let closes = agenda.closing.contains(&number).then(|| "closes this quarter".to_owned());
    let gaps = agenda.gaps.iter().filter(|gaps| gaps.deal == number);
    let gaps = gaps.flat_map(|gaps| gap_words(voice, card, gaps));
    let ended = agenda.moved.iter().filter(|moved| moved.deal == number && !card.deal.is_open());
    let ended = ended.map(|moved| happened(card, moved.what));
    ended.chain(stalls).chain(matters).chain(closes).chain(gaps).collect()
}

/// All sections in their order.
pub(super) fn all(voice: &Voice, agenda: &Agenda, facts: &AgendaFacts) -> Vec<Embed> {
    let card = |deal: DealNumber| facts.card(deal);
    let item = |id: &ItemId| facts.items.get(id);
    let topics = lines(agenda.topics.iter(), |id| Some(item::line(voice, item(id)?)));
    let actions = lines(agenda.actions.iter(), |id| Some(item::line(voice, item(id)?)));
    let mut decisions = lines(agenda.decisions.iter(), |d| Some(decision(voice, card(d.deal)?, facts, d)));
    decisions
        .extend(lines(agenda.overdue.iter(), |id| Some(format!("Overdue action: {}", item::line(voice, item(id)?)))));
    let stalled = lines(agenda.stalled.iter(), |s| Some(stalled(voice, card(s.deal)?, s)));
    let closing = lines(agenda.closing.iter(), |deal| Some(closing(voice, card(*deal)?)));
    let moved = lines(agenda.moved.iter(), |m| Some(moved(voice, card(m.deal)?, m)));
    let gaps = lines(agenda.gaps.iter(), |g| Some(gap(voice, card(g.deal)?, g)));
    let end = voice.day(agenda.period.end);
    let told_since = match facts.since {
        Since::LastPosting(_) => "the last meeting".to_owned(),
        Since::Beginning(at) => voice.day(voice.day_of(at)),
    };
    let closes = format!("Closing by {end}");
    let asked = (!topics.is_empty())
        .then(|| items("Asked for", topics, |n| format!("… and {n} more, to go through in the review")));
    let mut sections: Vec<Embed> = asked.into_iter().collect();
    sections.extend([
        section("Needs a decision", "Nothing needs a decision", Tone::Grave, Figure::Decisions, decisions),
        section("Stalled", "Nothing is stalled", Tone::Attention, Figure::Stalled, stalled),
        section(
            &with_sums(voice, &closes, agenda),
            &format!("{closes}: nothing"),
            Tone::Plain,
            Figure::Closing,
            closing,
        ),
        section(
            &format!("Since {told_since}"),
            &format!("Nothing moved since {told_since}"),
            Tone::Good,
            Figure::Moved,
            moved,
        ),
        section(
            "Gaps in class and ownership",
            "No gaps: every deal has its owner, its class and its evidence",
            Tone::Attention,
            Figure::Gaps,
            gaps,
        ),
    ]);
    sections.push(match actions.is_empty() {
        true => Embed::titled("No open actions"),
        false => items("Open actions", actions, |n| format!("… and {n} more: Open actions")),
    });
    sections.extend(missed(voice, agenda));
    sections
}

fn lines<T>(items: impl Iterator<Item = T>, line: impl Fn(T) -> Option<String>) -> Vec<String> {
    items.filter_map(line).collect()
}

fn section(title: &str, empty: &str, tone: Tone, figure: Figure, lines: Vec<String>) -> Embed {
    if lines.is_empty() {
        return Embed::titled(empty);
    }
    let title = format!("{title} · {}", lines.len());
    let more = move |n| format!("… and {n} more: Show deals → {}", figure.name());
    let most = if matches!(figure, Figure::Decisions | Figure::Stalled) { FIRST_PRESSING } else { FIRST };
    Embed::titled(title).tone(tone).lines(Lines::of(lines, more).at_most(most))
}

/// Topics or actions.
fn items(title: &str, lines: Vec<String>, more: fn(usize) -> String) -> Embed {
    let title = format!("{title} · {}", lines.len());
    Embed::titled(title).tone(Tone::Plain).lines(Lines::of(lines, more).at_most(FIRST))
}

/// `Closing by Thu 31 Dec: sourced $1.2m, influenced $300k`.
fn with_sums(voice: &Voice, title: &str, agenda: &Agenda) -> String {
    let sums = &agenda.closing_sums;
    let said = |name: &str, sum: &Sum| (sum.deals > 0).then(|| format!("{name} {}", voice.short_money(sum.amount)));
    let classes = [("sourced", &sums.sourced), ("influenced", &sums.influenced), ("undecided", &sums.undecided)];
    let classes: Vec<String> = classes.into_iter().filter_map(|(name, sum)| said(name, sum)).collect();
    if classes.is_empty() { title.to_owned() } else { format!("{title}: {}", classes.join(", ")) }
}

/// `**D-12** Globex · $120k · @ana`.
fn named(voice: &Voice, card: &DealCard) -> String {
    let amount = card.deal.amount.map(|minor| format!(" · {}", voice.short_money(minor))).unwrap_or_default();
    let (label, account) = (card.deal.number.label(), brief(&card.account, 40));
    format!("**{label}** {account}{amount} · {}", deal::person(&card.owner))
}

fn decision(voice: &Voice, card: &DealCard, facts: &AgendaFacts, decision: &Decision) -> String {
    let (overdue, others): (Vec<&Matter>, Vec<&Matter>) =
        decision.matters.iter().partition(|m| matches!(m, Matter::OverdueAction { .. }));
    let told = others.into_iter().chain(overdue.iter().copied().take(1)).map(|m| matter(voice, card, facts, m));
    let more = overdue.len().saturating_sub(1);
    let more = (more > 0).then(|| format!("and {} on it", count(more, "more overdue action")));
    format!("{}: {}", named(voice, card), told.chain(more).collect::<Vec<_>>().join("; "))
}

fn matter(voice: &Voice, card: &DealCard, facts: &AgendaFacts, matter: &Matter) -> String {
    match matter {
        Matter::OverdueAction { action } => match facts.items.get(action) {
            Some(action) => format!("overdue action: {}", item::line(voice, action)),
            None => "an action is overdue".to_owned(),
        },
        Matter::ThirdLevel { days } => {
            let why = card.reasons.first().map(|r| format!(" ({})", deal::reason(r))).unwrap_or_default();
            format!("stalled for {}{why}", count(*days as usize, "business day"))
        }
        Matter::Unowned => "unowned: name an owner".to_owned(),
        Matter::PassAsked { to } => {
            let by = card.running.asked_by.as_ref().map(|by| format!(" by {}", deal::person(by))).unwrap_or_default();
            format!("pass what is unmet on the way to {}? Asked{by}", to.name())
        }
        Matter::AmountDown { from, to } => {
            format!("amount fell {} → {}", voice.short_money(*from), voice.short_money(*to))
        }
        Matter::CloseLeft { from, to } => {
            format!("close left its quarter: {} → {}", voice.day(*from), voice.day(*to))
        }
        Matter::Undecided { days_left: 0 } => "sourced or influenced? Today is the last day on time".to_owned(),
        Matter::Undecided { days_left } if *days_left > 0 => {
            format!("sourced or influenced? {} left to settle it on time", count(*days_left as usize, "day"))
        }
        Matter::Undecided { days_left } => {
            format!("sourced or influenced? Late by {}", count(days_left.unsigned_abs() as usize, "day"))
        }
    }
}

fn stalled(voice: &Voice, card: &DealCard, stalled: &Stalled) -> String {
    format!("{}: {}; {}", named(voice, card), since(stalled), why(stalled))
}

fn since(stalled: &Stalled) -> String {
    match stalled.days {
        0 => "since today".to_owned(),
        days => format!("for {}", count(days as usize, "business day")),
    }
}

fn why(stalled: &Stalled) -> String {
    let reasons: Vec<String> = stalled.reasons.iter().map(deal::reason).collect();
    reasons.join("; ")
}

fn closing(voice: &Voice, card: &DealCard) -> String {
    let close = card.deal.close.map(|day| voice.day(day)).unwrap_or_default();
    format!("{}: {close}, {}", named(voice, card), card.deal.stage.name())
}

fn moved(voice: &Voice, card: &DealCard, moved: &Moved) -> String {
    format!("{}: {}", named(voice, card), happened(card, moved.what))
}

/// What happened to a deal.
fn happened(card: &DealCard, what: Move) -> String {
    match what {
        Move::Won => format!("**won** with {}", brief(&card.partner, 40)),
        Move::Lost => {
            let why = card.deal.lost.as_ref().map(|loss| format!(": {}", deal::loss(loss.reason)));
            format!("**lost**{}", why.unwrap_or_default())
        }
        Move::Reopened => format!("**reopened** in {}", card.deal.stage.name()),
        Move::Stage { from, to } => format!("{} → {}", from.name(), to.name()),
        Move::New => format!("new, {}", deal::class(card)),
    }
}

fn gap(voice: &Voice, card: &DealCard, gaps: &Gaps) -> String {
    format!("{}: {}", named(voice, card), gap_words(voice, card, gaps).join("; "))
}

fn gap_words(voice: &Voice, card: &DealCard, gaps: &Gaps) -> Vec<String> {
    let said = |gap: &Gap| match gap {
        Gap::Unowned => "unowned".to_owned(),
        Gap::Uncovered => "its owner is away and the cover has left".to_owned(),
        Gap::Undecided { until } if *until < voice.today() => "undecided, late".to_owned(),
        Gap::Undecided { until } => format!("undecided, settle it by {}", voice.day(*until)),
        Gap::NoEvidence => format!("{}, nothing shows it yet", deal::class(card)),
        Gap::Unconfirmed { since } => unconfirmed(voice, card, *since),
        Gap::RegistrationEnds { until } if *until < voice.today() => "registration has run out".to_owned(),
        Gap::RegistrationEnds { until } => format!("registration runs out {}", voice.day(*until)),
    };
    gaps.gaps.iter().map(said).collect()
}

/// A class that nobody confirmed, with who is to, or who is to answer.
fn unconfirmed(voice: &Voice, card: &DealCard, since: chrono::NaiveDate) -> String {
    let said = format!("{}, claimed {}", deal::class(card), voice.day(since));
    match card.credits().next() {
        Some((credit, _, chain)) => format!("{said}, {}", deal::open_claim(&credit, chain)),
        None => said,
    }
}

/// Meetings of which the team was never told, and the one before this if it was not held; nothing where there are none.
fn missed(voice: &Voice, agenda: &Agenda) -> Option<Embed> {
    let missed = agenda.missed.iter().map(|at| (*at, "its agenda was never posted"));
    let why = |not_held: NotHeld| if not_held.started { "started, but not held" } else { "posted, nobody started it" };
    let mut told: Vec<(Instant, &str)> = missed.chain(agenda.not_held.map(|of| (of.starts_at, why(of)))).collect();
    told.sort_unstable();
    let lines = told.iter().map(|(at, why)| format!("{}: {why}", long_moment(*at)));
    let title = match (agenda.missed.len(), agenda.not_held) {
        (n, None) => format!("Missed meetings · {n}"),
        (n, Some(_)) => format!("Meetings that were not held · {}", n + 1),
    };
    let history = voice.command("review history");
    let lines = Lines::of(lines, move |n| format!("… and {n} more: {history}"));
    (!told.is_empty()).then(|| Embed::titled(title).tone(Tone::Attention).lines(lines))
}
