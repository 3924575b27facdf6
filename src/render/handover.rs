//! What is said of a handover to those who run it: the plan, how far it is, what stands in its way. What its recipients
//! read is in [`asking`].

mod asking;

use super::control::{CustomId, Entry, Select};
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::message::{Draft, Message};
use super::offer::{Offers, Page, buttons};
use super::text::{brief, plain};
use super::voice::{self, Voice, count, list, moment};
use crate::domain::card::DealCard;
use crate::domain::departure::Departure;
use crate::domain::handover::view::{Line, Overdue, Owned, PlanCard, Shown, StatusCard};
use crate::domain::handover::{Answer, Obstacle, What, Why};

pub use asking::{BRIEFS, Pings, Place, Presses, answered, asking, turn};

/// How many things stand on a page; a select offers them all.
pub const PAGE: usize = 15;

/// What goes at risk, and who would get what; the select asks for another recipient.
pub fn plan(voice: &Voice, card: &PlanCard, page: Page, pick: CustomId, offers: Offers) -> Message {
    let risk = risk(voice, card);
    if card.total == 0 {
        return Message::silent().text(risk).text("There is nothing to hand over.").build();
    }
    let lines = card.lines.iter().map(|line| format!("- {} → {}", what(voice, line), proposed(line)));
    let lines = Lines::of(lines.collect::<Vec<_>>(), |n| format!("… and {n} more on this page: choose below"));
    let held = if card.number.is_some() { "The number and the deals" } else { "Deals" };
    let footer =
        std::iter::once(format!("Nothing moves before you start it. {held} are yours until they are accepted."))
            .chain(page.words())
            .collect::<Vec<_>>()
            .join(" · ");
    Message::silent()
        .text(risk)
        .embed(Embed::titled(format!("Who gets what of {}", brief(&card.leaver.name, 60))).lines(lines).footer(footer))
        .select(things(pick, "Choose another recipient for…", &card.lines))
        .buttons(buttons(offers))
        .buttons(page.buttons())
        .build()
}

/// `If @rita leaves: 5 open deals, $320,000 (38 % of the open pipeline), 1 partner without a second contact: Hooli.`
fn risk(voice: &Voice, card: &PlanCard) -> String {
    let who = deal::person(&card.leaver);
    let leaves = if card.leaver.gone { format!("**{who}: at risk**") } else { format!("**If {who} leaves**") };
    let number = match card.number {
        Some(_) if card.leaver.gone => "; nobody owns the number",
        Some(_) => "; nobody owns the number then",
        None => "",
    };
    let names: Vec<&str> = card.sole_contacts.iter().map(String::as_str).collect();
    format!("{leaves}: {}{number}.", at_risk(voice, &card.departure, &names))
}

/// `5 open deals, $320,000 (38 % of the open pipeline), 1 partner without a second contact: Hooli`.
pub(super) fn at_risk(voice: &Voice, departure: &Departure, sole_contacts: &[&str]) -> String {
    let Departure { deals, amount, unpriced, .. } = departure;
    if departure.is_harmless() {
        return "no open deal, and no partner without a second contact".to_owned();
    }
    let share = departure.percent().map(|percent| format!(" ({percent} % of the open pipeline)"));
    let mut said =
        format!("{}, {}{}", count(deals.len(), "open deal"), voice.money(*amount), share.unwrap_or_default());
    if *unpriced > 0 {
        said.push_str(&format!(", {unpriced} without an amount"));
    }
    if !sole_contacts.is_empty() {
        let names: Vec<String> = sole_contacts.iter().take(SOLE).map(|name| brief(name, 60)).collect();
        let more = sole_contacts.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        said.push_str(&format!(", {}: {}{more}", without_second(sole_contacts.len()), names.join(", ")));
    }
    said
}

/// `2 partners without a second contact`.
pub(super) fn without_second(partners: usize) -> String {
    format!("{} without a second contact", count(partners, "partner"))
}

/// Partners that are named; the rest is counted.
const SOLE: usize = 8;

/// A thing of a handover, for where markdown is read.
pub(super) fn what(voice: &Voice, line: &Line) -> String {
    match &line.shown {
        Shown::Number(owned) => format!("**the number** · {}", so_far(voice, owned)),
        Shown::Deal(card) => {
            let amount = card.deal.amount.map(|minor| format!(" · {}", voice.short_money(minor)));
            format!("**{}**{} · {}", deal::heading(card), amount.unwrap_or_default(), card.deal.stage.name())
        }
        Shown::Backup(card) => format!("backup of **{}**", deal::heading(card)),
        Shown::Manager(partner) => format!("partner manager of **{}**", brief(partner, 60)),
        Shown::Cover(covered) => format!("cover for {}", deal::person(covered)),
        Shown::Gone => "something that is not there any more".to_owned(),
    }
}

/// `$800k in Q4 FY2026, $120k of it won`.
fn so_far(voice: &Voice, owned: &Owned) -> String {
    let (won, period) = (voice.short_money(owned.won), owned.period);
    match owned.target {
        Some(target) => format!("{} in {period}, {won} of it won", voice.short_money(target)),
        None => format!("no target for {period} yet, {won} won"),
    }
}

/// The same in a few words, for labels, where no markdown is read.
pub(super) fn label(line: &Line) -> String {
    let deal = |card: &DealCard| card.deal.number.label();
    match &line.shown {
        Shown::Number(_) => "the number".to_owned(),
        Shown::Deal(card) => deal(card),
        Shown::Backup(card) => format!("backup of {}", deal(card)),
        Shown::Manager(partner) => format!("manager of {}", plain(partner)),
        Shown::Cover(covered) => format!("cover for {}", plain(&covered.name)),
        Shown::Gone => "gone".to_owned(),
    }
}

fn proposed(line: &Line) -> String {
    match &line.to {
        Some(to) => format!("{} ({})", deal::person(to), why(line.why)),
        None => "nobody yet: choose below".to_owned(),
    }
}

fn why(why: Why) -> String {
    match why {
        Why::Backup => "its backup".to_owned(),
        Why::Knows(deals) => format!("{} with the same partner or account", count(deals as usize, "open deal")),
        Why::GetsItsDeals => "gets its deals".to_owned(),
        Why::Spread => "spreads them evenly".to_owned(),
        Why::Leads => "whoever owns it counts as lead".to_owned(),
        Why::OnlyLead => "nobody else is there".to_owned(),
        Why::Chosen => "chosen".to_owned(),
    }
}

fn things(id: CustomId, placeholder: &str, lines: &[Line]) -> Select {
    let entry = |line: &Line| {
        let account = match &line.shown {
            Shown::Deal(card) | Shown::Backup(card) => format!(" {}", plain(&card.account)),
            _ => String::new(),
        };
        let to = line.to.as_ref().map_or_else(|| "nobody yet".to_owned(), |to| plain(&to.name));
        Entry::new(line.what.key(), format!("{}{account}", label(line))).described(format!("now {to}"))
    };
    Select::of(id, placeholder, lines.iter().map(entry), |n| format!("({n} more)"))
}

/// Asks who gets one thing.
pub fn pick(voice: &Voice, line: &Line, choose: CustomId, back: Offers) -> Message {
    let chosen = line.to.as_ref().map(|to| to.user);
    Message::silent()
        .text(format!("Who gets {}?", what(voice, line)))
        .select(Select::user(choose, "Choose a recipient", chosen))
        .buttons(buttons(back))
        .build()
}

/// What just happened to a handover, above how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nothing: it is looked at.
    Shown,
    /// It was started.
    Started,
    /// What waited was given to its recipients.
    Assigned,
    /// It was taken back.
    Undone,
}

/// How far a handover is, a line a thing; the select shows another one, where there are several.
pub fn status(
    voice: &Voice,
    told: Told,
    card: &StatusCard,
    page: Page,
    others: Option<Select>,
    offers: Offers,
) -> Message {
    let lines = card.lines.iter().map(|line| format!("- {}: {}", what(voice, line), stands(card, line)));
    let lines = Lines::of(lines.collect::<Vec<_>>(), |n| format!("… and {n} more on this page"));
    let tone = if card.handover.waiting > 0 { Tone::Attention } else { Tone::Good };
    let title = format!("Handover of {}'s work", brief(&card.leaver.name, 60));
    let mut embed = Embed::titled(title).tone(tone).lines(lines);
    if let Some(words) = page.words() {
        embed = embed.footer(words);
    }
    let mut draft = opening(voice, told, card).embed(embed).buttons(buttons(offers)).buttons(page.buttons());
    if let Some(others) = others {
        draft = draft.select(others);
    }
    draft.build()
}

fn opening(voice: &Voice, told: Told, card: &StatusCard) -> Draft {
    let lead = deal::person(&card.lead);
    let counted = |answer: Answer| card.handover.items.values().filter(|item| item.answer == answer).count();
    let draft = match told {
        Told::Shown => Message::silent(),
        Told::Started => Message::silent().text(format!(
            "Started. {} {lead}'s from now on; each recipient is told in a minute what is on its way to them.",
            held(card)
        )),
        Told::Assigned => Message::silent().text("Saved. What nobody answered is assigned, and they are told."),
        Told::Undone => Message::silent().text(format!(
            "Taken back: {} went back to {}, {} changed since and stayed.",
            count(counted(Answer::Back), "thing"),
            deal::person(&card.leaver),
            counted(Answer::Stayed),
        )),
    };
    let started = card.handover.started_at.map(|at| format!("Started by {lead}, {}.", moment(at)));
    let note = card.handover.note.as_deref().map(|note| format!("“{}”", brief(note, 500)));
    [started, note, waits(voice, card)].into_iter().flatten().fold(draft, Draft::text)
}

/// `The number and the deals are`: what is the lead's from the start on.
fn held(card: &StatusCard) -> &'static str {
    let deals = card.handover.items.values().any(|item| matches!(item.what, What::Deal(_)));
    match (card.handover.item(What::Number), deals) {
        (None, _) => "The deals are",
        (Some(_), false) => "The number is",
        (Some(_), true) => "The number and the deals are",
    }
}

fn waits(voice: &Voice, card: &StatusCard) -> Option<String> {
    let waiting = card.handover.waiting;
    if card.handover.undone_at.is_some() {
        return Some("It was taken back.".to_owned());
    }
    let due = card.due.filter(|_| waiting > 0)?;
    let when = if due > voice.today() { format!("from {} on", voice.day(due)) } else { "now".to_owned() };
    Some(format!(
        "{} of {} missing; what is unanswered can be assigned without acceptance {when}.",
        count(waiting, "answer"),
        card.total
    ))
}

fn stands(card: &StatusCard, line: &Line) -> String {
    let to = line.to.as_ref().map_or_else(|| "nobody".to_owned(), deal::person);
    match line.answer {
        Answer::Planned => to,
        Answer::Asked => format!("{to} was asked"),
        Answer::Accepted => format!("{to} has it"),
        Answer::Declined if matches!(line.shown, Shown::Deal(_) | Shown::Number(_)) => {
            format!("**{to} declined**, it stays with {}", deal::person(&card.lead))
        }
        Answer::Declined => format!("**{to} declined**, it stays with {}", deal::person(&card.leaver)),
        Answer::Assigned => format!("{to} has it, assigned without acceptance"),
        Answer::Overtaken => "settled otherwise meanwhile".to_owned(),
        Answer::Back => format!("back with {}", deal::person(&card.leaver)),
        Answer::Stayed => "not moved back: changed since".to_owned(),
    }
}

/// A select of handovers, newest first: whose, and when it was started.
pub fn others(voice: &Voice, id: CustomId, cards: &[StatusCard]) -> Select {
    let entry = |card: &StatusCard| {
        let started = card.handover.started_at.map(|at| voice.day(voice.day_of(at))).unwrap_or_default();
        Entry::new(card.handover.id.to_string(), format!("{}, {started}", plain(&card.leaver.name)))
            .described(format!("{} waiting", card.handover.waiting))
    };
    Select::of(id, "Show another handover", cards.iter().map(entry), |n| format!("({n} more)"))
}

/// There is no handover to show.
pub fn none(voice: &Voice) -> Message {
    let plan = voice.command("handover plan");
    Message::silent()
        .text(format!("No handover is running, and none was started in the last 7 days. {plan} plans one."))
        .build()
}

/// Asks before a handover is taken back: how much goes back, and what can't.
pub fn confirm_undo(voice: &Voice, card: &StatusCard, back: usize, stay: &[Line], offers: Offers) -> Message {
    let mut said = format!(
        "Take back {}'s handover of {}? {} back to {}.",
        brief(&card.leaver.name, 60),
        card.handover.started_at.map(|at| voice.day(voice.day_of(at))).unwrap_or_default(),
        if back == 1 { "1 thing goes".to_owned() } else { format!("{back} things go") },
        deal::person(&card.leaver),
    );
    if !stay.is_empty() {
        let stays = if stay.len() == 1 { "1 changed since, and stays" } else { "These changed since, and stay" };
        said.push_str(&format!(" {stays}:"));
    }
    let lines = Lines::of(stay.iter().map(|line| format!("- {}", what(voice, line))).collect::<Vec<_>>(), |n| {
        format!("… and {n} more")
    });
    Message::silent().text(said).lines(lines).buttons(buttons(offers)).build()
}

/// `2 answers to Rita's handover are overdue: /handover status`.
pub(super) fn overdue(voice: &Voice, overdue: &Overdue) -> String {
    let (are, status) = (if overdue.waiting == 1 { "is" } else { "are" }, voice.command("handover status"));
    let whose = brief(&overdue.leaver.name, 40);
    format!("{} to {whose}'s handover {are} overdue: {status}", count(overdue.waiting, "answer"))
}

/// What stands in the way of a handover.
pub(super) fn obstacle(voice: &Voice, obstacle: &Obstacle) -> String {
    let status = voice.command("handover status");
    match obstacle {
        Obstacle::Nothing { user } => {
            format!(
                "{} answers for nothing that could be handed over. {status} shows what is on its way.",
                voice::mention(*user)
            )
        }
        Obstacle::NotYours { recipient } => format!(
            "Only {} answers this: it is on its way to them. {} shows your own work.",
            voice::mention(*recipient),
            voice.command("my work")
        ),
        Obstacle::Answered => format!("This was answered before, or settled otherwise. A lead sees how with {status}."),
        Obstacle::NotOverdue { from } => {
            format!("They still have time to answer: assign it without acceptance from {} on.", voice.day(*from))
        }
        Obstacle::NothingWaits => "Nothing waits for an answer any more.".to_owned(),
        Obstacle::NothingToUndo => {
            "There is no handover to take back: that goes within 7 days of its start, once.".to_owned()
        }
        Obstacle::HasLeft { name } => format!(
            "{} has left the server: what went back to them would be unowned. Give it to others with {}.",
            brief(name, 60),
            voice.command("deal assign")
        ),
    }
}

/// `the number, 3 deals and 1 role`.
pub(super) fn counted(lines: &[Line]) -> String {
    let of = |what: fn(&Shown) -> bool| lines.iter().filter(|line| what(&line.shown)).count();
    let (number, deals) = (of(|shown| matches!(shown, Shown::Number(_))), of(|shown| matches!(shown, Shown::Deal(_))));
    let roles = lines.len() - number - deals;
    let said = [(deals, "deal"), (roles, "role")].into_iter().filter(|(n, _)| *n > 0);
    let said = said.map(|(n, noun)| count(n, noun));
    let number = (number > 0).then(|| "the number".to_owned());
    list(&number.into_iter().chain(said).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
