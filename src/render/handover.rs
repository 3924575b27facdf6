//! What is said of a handover to those who run it: the plan, and what stands in its way. How far it is stands in
//! `status.rs`, what its recipients read in `asking.rs`.

mod asking;
mod status;

use super::control::{CustomId, Entry, Select};
use super::deal;
use super::embed::{Embed, Lines};
use super::item;
use super::message::{Draft, Message};
use super::offer::{Offers, Page, buttons};
use super::text::{brief, clip, plain};
use super::voice::{self, Voice, count, list};
use crate::domain::card::DealCard;
use crate::domain::departure::Departure;
use crate::domain::handover::view::{Line, Overdue, Owned, PlanCard, Shown};
use crate::domain::handover::{Obstacle, What, Why};

pub use asking::{BRIEFS, Pings, Place, Presses, answered, asking, turn};
pub use status::{Told, confirm_undo, elsewhere, none, others, status, withdrawn};

/// How many things stand on a page; a select offers them all.
pub const PAGE: usize = 15;

/// What goes at risk, and who would get what; the select asks for another recipient.
pub fn plan(voice: &Voice, card: &PlanCard, page: Page, pick: CustomId, offers: Offers) -> Message {
    let risk = risk(voice, card);
    let underway = underway(voice, card.underway);
    if card.total == 0 {
        let nothing = underway.unwrap_or_else(|| "There is nothing to hand over.".to_owned());
        return Message::silent().text(risk).text(nothing).build();
    }
    let lines = card.lines.iter().map(|line| format!("- {} → {}", what(voice, line), proposed(line)));
    let lines = Lines::of(lines.collect::<Vec<_>>(), |n| format!("… and {n} more on this page: choose below"));
    let held = match (card.number.is_some(), card.actions > 0) {
        (true, false) => "The number and the deals",
        (false, false) => "Deals",
        (true, true) => "The number, the deals and the actions",
        (false, true) => "Deals and actions",
    };
    let footer =
        std::iter::once(format!("Nothing moves before you start it. {held} are yours until they are accepted."))
            .chain(page.words())
            .collect::<Vec<_>>()
            .join(" · ");
    [Some(risk), underway]
        .into_iter()
        .flatten()
        .fold(Message::silent(), Draft::text)
        .embed(Embed::titled(format!("Who gets what of {}", brief(&card.leaver.name, 60))).lines(lines).footer(footer))
        .select(things(pick, "Choose another recipient for…", &card.lines))
        .buttons(buttons(offers))
        .buttons(page.buttons())
        .build()
}

/// `2 things are on the way already: /handover status.`
fn underway(voice: &Voice, things: usize) -> Option<String> {
    let are = if things == 1 { "is" } else { "are" };
    let status = voice.command("handover status");
    (things > 0).then(|| format!("{} {are} on the way already: {status}.", count(things, "thing")))
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
    let actions = match card.actions {
        0 => String::new(),
        n => format!("; {}", count(n, "open action")),
    };
    format!("{leaves}: {}{actions}{number}.", at_risk(voice, &card.departure, &names))
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
            let along = (!line.along.is_empty()).then(|| format!(" · with {}", count(line.along.len(), "action")));
            let [amount, along] = [amount, along].map(Option::unwrap_or_default);
            format!("**{}**{amount} · {}{along}", deal::heading(card), card.deal.stage.name())
        }
        Shown::Backup(card) => format!("backup of **{}**", deal::heading(card)),
        Shown::Manager(partner) => format!("partner manager of **{}**", brief(partner, 60)),
        Shown::Cover(covered) => format!("cover for {}", deal::person(covered)),
        Shown::Action(card) => format!("action “{}” · {}", brief(&card.item.text, 80), item::due(voice, card)),
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

/// Units of an action's text in a label.
const LABEL: usize = 40;

/// The same in a few words, for labels, where no markdown is read.
pub(super) fn label(line: &Line) -> String {
    let deal = |card: &DealCard| card.deal.number.label();
    match &line.shown {
        Shown::Number(_) => "the number".to_owned(),
        Shown::Deal(card) => deal(card),
        Shown::Backup(card) => format!("backup of {}", deal(card)),
        Shown::Manager(partner) => format!("manager of {}", plain(partner)),
        Shown::Cover(covered) => format!("cover for {}", plain(&covered.name)),
        Shown::Action(card) => format!("action “{}”", clip(&plain(&card.item.text), LABEL)),
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
        Why::Manages => "manages its partner".to_owned(),
        Why::GetsItsDeals => "gets its deals".to_owned(),
        Why::Spread => "spreads them evenly".to_owned(),
        Why::Leads => "whoever owns it counts as lead".to_owned(),
        Why::Starts => "it is on no open deal".to_owned(),
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

/// `2 answers to Rita's handover are overdue, 1 thing of it was declined: /handover status`.
pub(super) fn overdue(voice: &Voice, overdue: &Overdue) -> String {
    let status = voice.command("handover status");
    let handover = format!("{}'s handover", brief(&overdue.leaver.name, 40));
    let are = if overdue.waiting == 1 { "is" } else { "are" };
    let were = if overdue.declined == 1 { "was" } else { "were" };
    let (answers, things) = (count(overdue.waiting, "answer"), count(overdue.declined, "thing"));
    match (overdue.waiting, overdue.declined) {
        (_, 0) => format!("{answers} to {handover} {are} overdue: {status}"),
        (0, _) => format!("{things} of {handover} {were} declined: {status}"),
        _ => format!("{answers} to {handover} {are} overdue, {things} of it {were} declined: {status}"),
    }
}

/// `the number and the deals are`: what is the lead's until it is accepted.
fn held(things: impl Iterator<Item = What>) -> Option<String> {
    let (mut number, mut deals, mut actions) = (None, None, None);
    for what in things {
        match what {
            What::Number => number = Some("the number"),
            What::Deal(_) => deals = Some("the deals"),
            What::Action(_) => actions = Some("the actions"),
            What::Manager(_) | What::Backup(_) | What::Cover(_) => {}
        }
    }
    let held: Vec<String> = [number, deals, actions].into_iter().flatten().map(str::to_owned).collect();
    let are = if number.is_some() && held.len() == 1 { "is" } else { "are" };
    (!held.is_empty()).then(|| format!("{} {are}", list(&held)))
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
        Obstacle::NobodyThere { user, things } => format!(
            "Nobody is there for {} of {}. Choose who gets what with {}.",
            count(*things, "thing"),
            voice::mention(*user),
            voice.command("handover plan")
        ),
        Obstacle::Underway { user, things } => format!(
            "A handover of {}'s work runs already: {} on the way, and nothing else to hand over. {status} shows how far it is and finds other recipients.",
            voice::mention(*user),
            count(*things, "thing")
        ),
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
        Obstacle::RecipientLeft { name } => format!(
            "{} has left the server: what is assigned to them would be unowned. {status} finds somebody else.",
            brief(name, 60)
        ),
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

/// `the number, 3 deals, 1 role and 2 actions`.
pub(super) fn counted(lines: &[Line]) -> String {
    let of = |what: fn(&Shown) -> bool| lines.iter().filter(|line| what(&line.shown)).count();
    let (number, deals) = (of(|shown| matches!(shown, Shown::Number(_))), of(|shown| matches!(shown, Shown::Deal(_))));
    let alone = of(|shown| matches!(shown, Shown::Action(_)));
    let roles = lines.len() - number - deals - alone;
    let actions = alone + lines.iter().map(|line| line.along.len()).sum::<usize>();
    let said = [(deals, "deal"), (roles, "role"), (actions, "action")].into_iter().filter(|(n, _)| *n > 0);
    let said = said.map(|(n, noun)| count(n, noun));
    let number = (number > 0).then(|| "the number".to_owned());
    list(&number.into_iter().chain(said).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
