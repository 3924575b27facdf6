//! Reminders: one line a person in the nudge channel, the same by direct message, and the personal list behind
//! "Show mine". Nobody in a message goes without a line: when there are many, lines get shorter.

use std::collections::BTreeMap;

use super::control::CustomId;
use super::deal::{self, card, list};
use super::embed::{Embed, Lines, Tone};
use super::handover;
use super::item::{self, Mine};
use super::message::{CONTENT_LIMIT, Draft, Message};
use super::offer::{Offer, Offers, buttons};
use super::pay::{self, Own};
use super::review;
use super::text::{brief, units};
use super::voice::{self, Voice, count};
use crate::domain::card::DealCard;
use crate::domain::id::UserId;
use crate::domain::ladder::Level;
use crate::domain::reminder::{
    ActionTold, Collection, GapTold, LeadReminder, LeadRole, Part, PayTold, QuestionTold, Reminder, Told,
};

/// How much a line says, from all to the least.
const FORMS: [Form; 4] = [
    Form { name: 60, reason: Reason::Said },
    Form { name: 30, reason: Reason::Said },
    Form { name: 16, reason: Reason::LeftOut },
    Form { name: 0, reason: Reason::LeftOut },
];

/// How much of a question stands in a line.
const ASKED: usize = 160;

#[derive(Debug, Clone, Copy)]
struct Form {
    /// Units of an account's name.
    name: usize,
    reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Said,
    LeftOut,
}

/// The message in the nudge channel, a line each, for at most 25 people. Pings those who have a line, and the lead role
/// where it can be.
pub fn reminders(
    voice: &Voice,
    people: &[Reminder],
    leads: Option<&LeadReminder>,
    reference: &str,
    show_mine: CustomId,
) -> Message {
    let room = CONTENT_LIMIT - units(reference) - 8;
    let lines = |form: &Form| -> Vec<String> {
        let people = people.iter().map(|reminder| line(voice, reminder, *form));
        people.chain(leads.map(|leads| leads_line(voice, leads, *form))).collect()
    };
    let fitting = FORMS.iter().map(lines).find(|lines| units(&lines.join("\n")) <= room);
    let lines = fitting.unwrap_or_else(|| lines(&FORMS[FORMS.len() - 1]));
    let mut draft = Message::pinging(people.iter().map(|reminder| reminder.person.user))
        .lines(Lines::of(lines, |n| format!("… and {}: press Show mine", count(n, "more line"))))
        .reference(reference)
        .buttons([Offer::ShowMine.button(show_mine)]);
    if let Some(LeadRole::Pinged(role)) = leads.and_then(|leads| leads.role) {
        draft = draft.also_pinging(role);
    }
    draft.build()
}

/// The same for one person by direct message, with a line for each deal.
pub fn direct(voice: &Voice, reminder: &Reminder, reference: &str, show_mine: CustomId) -> Message {
    let pay = reminder.pay.iter().map(|told| pay_alone(voice, told));
    let lines: Vec<String> =
        things(voice, reminder, FORMS[0]).into_iter().flatten().chain(pay).map(|thing| format!("- {thing}")).collect();
    Message::silent()
        .text(format!("{} today:", count(lines.len(), "thing")))
        .lines(Lines::of(lines, |n| format!("… and {n} more: press Show mine")))
        .reference(reference)
        .buttons([Offer::ShowMine.button(show_mine)])
        .build()
}

/// All that somebody is told, by kind: reviews to come, handovers, stalls, actions, classes to settle, registrations that run out, questions
/// to answer, claims to confirm.
fn things(voice: &Voice, reminder: &Reminder, form: Form) -> [Vec<String>; 8] {
    let claims = (reminder.claims > 0).then(|| {
        let claims = count(reminder.claims, "claim");
        format!("{claims} to confirm with {}", voice.command("my work"))
    });
    [
        reminder.collections.iter().map(|collection| asked(collection, form)).collect(),
        reminder.handovers.iter().map(|overdue| handover::overdue(voice, overdue)).collect(),
        reminder.told.iter().map(|told| said(told, form)).collect(),
        reminder.actions.iter().map(|told| to_do(voice, told, form)).collect(),
        reminder.gaps.iter().map(|gap| unsettled(voice, gap, form)).collect(),
        reminder.registrations.iter().map(|told| ending(voice, told, form)).collect(),
        reminder.questions.iter().map(|told| question(told, form)).collect(),
        claims.into_iter().collect(),
    ]
}

/// `@ana: D-12 Globex, next step 4 days overdue, and 2 more`, with the first thing of each kind.
fn line(voice: &Voice, reminder: &Reminder, form: Form) -> String {
    let things = things(voice, reminder, form);
    let all: usize = things.iter().map(Vec::len).sum();
    let room = if form.name > 0 { things.len() } else { 1 };
    let parts: Vec<String> = things.into_iter().filter_map(|kind| kind.into_iter().next()).take(room).collect();
    let more = if all > parts.len() { format!(", and {} more", all - parts.len()) } else { String::new() };
    let told = Some(format!("{}{more}", parts.join("; "))).filter(|_| !parts.is_empty());
    let told: Vec<String> = told.into_iter().chain(pay_in_public(voice, reminder)).collect();
    format!("{}: {}", voice::mention(reminder.person.user), told.join("; "))
}

/// That there is something for this person alone, and where; neither which deal nor any figure.
fn pay_in_public(voice: &Voice, reminder: &Reminder) -> Option<String> {
    (!reminder.pay.is_empty()).then(|| format!("something for you alone in {}", voice.command("my work")))
}

/// `D-12 Globex: pays you $1,200 less than solo`, where nobody else reads it.
fn pay_alone(voice: &Voice, told: &PayTold) -> String {
    format!("{}: {}", named(&told.card, Part::Owner, FORMS[0]), pay::said(voice, told.parity))
}

/// The review that somebody is asked to bring their deals up to date for.
fn asked(collection: &Collection, form: Form) -> String {
    match form.reason {
        Reason::Said => review::collection(&collection.review.name, collection.starts_at, collection.deals),
        Reason::LeftOut => format!("bring {} up to date", count(collection.deals, "deal")),
    }
}

/// `D-12 Globex, next step 4 days overdue`, with why this person is told of it.
fn said(told: &Told, form: Form) -> String {
    let card = &told.card;
    let mut said = named(card, told.part, form);
    if form.reason == Reason::Said {
        said.extend(card.reasons.first().map(|reason| format!(", {}", deal::reason(reason))));
    }
    let climbed = match (told.level, told.part) {
        _ if form.reason == Reason::LeftOut => "",
        (None | Some(Level::First), _) | (_, Part::Backup) => "",
        (Some(Level::Second), _) => ", second reminder",
        (Some(Level::Third), _) => ", with the leads now",
    };
    said + climbed
}

/// `“Send the price list” due today · D-12 Globex, done or dropped with /my work`.
fn to_do(voice: &Voice, told: &ActionTold, form: Form) -> String {
    let text = if form.name > 0 {
        format!("“{}”", brief(&told.card.item.text, form.name * 2))
    } else {
        "an action".to_owned()
    };
    if form.reason == Reason::LeftOut {
        return text;
    }
    let whose = told.card.assignee.as_ref().filter(|_| told.part == Part::StandIn);
    let whose = whose.map(|who| format!(" (for {}, away)", deal::person(who))).unwrap_or_default();
    format!("{text}{whose}, {}, done or dropped with {}", item::due(voice, &told.card), voice.command("my work"))
}

/// `D-12 Globex, class undecided, settle it by Mon 16 Nov`.
fn unsettled(voice: &Voice, gap: &GapTold, form: Form) -> String {
    let named = named(&gap.card, gap.part, form);
    match deal::class_gap(voice, gap.card.timeliness).filter(|_| form.reason == Reason::Said) {
        Some(why) => format!("{named}, {why}"),
        None => format!("{named}'s class"),
    }
}

/// `D-12 Globex, registration runs out Fri 4 Dec`.
fn ending(voice: &Voice, told: &GapTold, form: Form) -> String {
    let named = named(&told.card, told.part, form);
    match told.card.deal.registration.as_ref().filter(|_| form.reason == Reason::Said) {
        Some(registration) => format!("{named}, registration runs out {}", voice.day(registration.until)),
        None => format!("{named}'s registration"),
    }
}

/// `D-12 Globex, @lea asks about the claim: “Which meeting?”`.
fn question(told: &QuestionTold, form: Form) -> String {
    let named = named(&told.card, Part::Owner, form);
    let asked = told.card.credits().find(|(credit, ..)| credit.partner == told.partner);
    let asked = asked.and_then(|(credit, _, chain)| credit.claim.question.as_ref().zip(chain.asked_by.as_ref()));
    match asked.filter(|_| form.reason == Reason::Said) {
        Some((question, by)) => {
            format!("{named}, {} asks about the claim: “{}”", deal::person(by), brief(&question.text, ASKED))
        }
        None => format!("{named}'s claim"),
    }
}

/// A deal as a line names it, with why this person is told of it.
fn named(card: &DealCard, part: Part, form: Form) -> String {
    let mut named = card.deal.number.label();
    if form.name > 0 {
        named.push(' ');
        named.push_str(&brief(&card.account, form.name));
    }
    let owner = deal::person(&card.owner);
    match part {
        _ if form.reason == Reason::LeftOut => {}
        Part::Owner => {}
        Part::StandIn if card.owner.gone => {
            named.push_str(&format!(" (unowned, was {}'s)", brief(&card.owner.name, 30)));
        }
        Part::StandIn => named.push_str(&format!(" (for {owner}, away)")),
        Part::Backup => named.push_str(&format!(" (you back up {owner})")),
    }
    named
}

/// Owners that the leads' line counts; the rest is counted together.
const OWNERS: usize = 6;

/// `@leads and @rosa, who owns the number: 5 deals need you: @ana 2, @ben 2, unowned 1`.
fn leads_line(voice: &Voice, leads: &LeadReminder, form: Form) -> String {
    let role = leads.role.map_or_else(|| "Leads".to_owned(), |role| voice::role(role.id()));
    let owner = leads.number_owner.as_ref().filter(|_| form.reason == Reason::Said);
    let owner = owner.map(|owner| format!(" and {}, who owns the number", deal::person(owner))).unwrap_or_default();
    let who = format!("{role}{owner}");
    let mut by_owner: BTreeMap<Option<UserId>, usize> = BTreeMap::new();
    for card in &leads.told {
        *by_owner.entry((!card.owner.gone).then_some(card.owner.user)).or_default() += 1;
    }
    let mut counts: Vec<(Option<UserId>, usize)> = by_owner.into_iter().collect();
    counts.sort_by_key(|(owner, deals)| (owner.is_some(), usize::MAX - deals, *owner));
    let shown = if form.reason == Reason::Said { OWNERS } else { 0 };
    let rest: usize = counts.iter().skip(shown).map(|(_, deals)| deals).sum();
    let mut parts: Vec<String> = counts
        .iter()
        .take(shown)
        .map(|(owner, deals)| match owner {
            Some(owner) => format!("{} {deals}", voice::mention(*owner)),
            None => format!("unowned {deals}"),
        })
        .collect();
    parts.extend((rest > 0 && shown > 0).then(|| format!("others {rest}")));
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    let need = if leads.told.len() == 1 { "needs" } else { "need" };
    let deals = count(leads.told.len(), "deal");
    let more = voice.command("deal list");
    format!("{who}: {deals} {need} you{parts}, heading the next agenda: {more} `show:stalled`")
}

/// Whose deals a personal list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The reader's own.
    Own,
    /// Also those that the leads are told of.
    Leads,
}

/// What a digest tells of beside deals to look after.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'p> {
    /// How many claims wait for the reader.
    pub claims: usize,
    /// What changed of what their deals pay.
    pub pay: Own<'p>,
    /// What they have to do.
    pub actions: Option<&'p Mine>,
}

/// The personal list: every deal that somebody is told of, the one that the controls are for below it, and what else they
/// were told of.
pub fn mine(
    voice: &Voice,
    whose: Whose,
    (cards, chosen): (&[DealCard], Option<&DealCard>),
    beside: Beside,
    choose: CustomId,
    offers: Offers,
) -> Message {
    let work = voice.command("my work");
    let claims = count(beside.claims, "claim");
    let draft = match beside.claims {
        0 => Message::silent(),
        1 => Message::silent().text(format!("{claims} waits for you to confirm it: {work} begins with it.")),
        _ => Message::silent().text(format!("{claims} wait for you to confirm them: {work} begins with them.")),
    };
    let draft = beside.pay.embeds(voice).into_iter().fold(draft, Draft::embed);
    let with_actions = |draft| beside.actions.into_iter().fold(draft, |draft, actions| actions.shown(voice, draft));
    let Some(chosen) = chosen.or(cards.first()) else {
        let draft = draft.text(match whose {
            Whose::Own => format!("Nothing of yours is stalled any more. {work} shows the rest."),
            Whose::Leads => "Nothing needs the leads any more.".to_owned(),
        });
        return with_actions(draft).build();
    };
    let lines: Vec<String> = cards.iter().map(|card| mine_line(voice, whose, card)).collect();
    let (all, title) = match whose {
        Whose::Own => (format!("{work} goes through all of them"), "of yours to look after"),
        Whose::Leads => {
            (format!("{} `show:stalled` has all of them", voice.command("deal list")), "to look after as a lead")
        }
    };
    let lines = Lines::of(lines, move |n| format!("… and {n} more: {all}"));
    let title = format!("{} {title}", count(cards.len(), "deal"));
    let draft = draft
        .embed(Embed::titled(title).tone(Tone::Attention).lines(lines))
        .embed(card::embed(voice, chosen))
        .select(list::deals(choose, "Choose another deal", cards))
        .buttons(buttons(offers));
    with_actions(draft).build()
}

fn mine_line(voice: &Voice, whose: Whose, card: &DealCard) -> String {
    let stalled = deal::stalled(&card.reasons)
        .or_else(|| deal::class_gap(voice, card.timeliness))
        .or_else(|| deal::ending(voice, &card.deal));
    let reasons = stalled.unwrap_or_else(|| card.deal.stage.name().to_owned());
    let amount = card.deal.amount.map(|minor| format!(" · {}", voice.short_money(minor))).unwrap_or_default();
    let owner = match whose {
        Whose::Own => String::new(),
        Whose::Leads => format!(" · {}", deal::person(&card.owner)),
    };
    format!("**{}** {}{amount}{owner} · {reasons}", card.deal.number.label(), brief(&card.account, 60))
}

#[cfg(test)]
mod tests;
