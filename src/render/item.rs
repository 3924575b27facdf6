//! Topics, decisions and actions in words: a line of each, the card of an action, and what is said when one is noted or
//! ends.

use super::control::{CustomId, Entry, Select};
use super::deal;
use super::deal::form::Typed;
use super::embed::{Embed, Lines, Tone};
use super::message::{Draft, Message};
use super::modal::{Modal, TextInput};
use super::offer::{Offers, Page, buttons};
use super::text::{brief, capital, escape_lines};
use super::voice::{Voice, count, link};
use crate::domain::id::MemberId;
use crate::domain::item::{ItemCard, TEXT, What};
use crate::domain::outgoing::Posted;

/// How many actions stand on a page.
pub const PAGE: usize = 10;

/// The ids of the inputs of its forms.
pub mod input {
    /// What was decided, or is to be done.
    pub const TEXT: &str = "text";
    /// By when.
    pub const DUE: &str = "due";
    /// Why it is dropped.
    pub const WHY: &str = "why";
}

/// `Send the price list · @rita, due Fri 27 Nov, 2 days overdue · D-12 Globex`.
pub fn line(voice: &Voice, card: &ItemCard) -> String {
    format!("{}{}", line_on_deal(voice, card), about(card))
}

/// The same, where it is clear which deal it is about.
pub(super) fn line_on_deal(voice: &Voice, card: &ItemCard) -> String {
    told(voice, card, SHORT)
}

/// The line with all that was typed, for a file.
pub(super) fn whole_line(voice: &Voice, card: &ItemCard) -> String {
    format!("{}{}", told(voice, card, WHOLE), about(card))
}

/// The most of what was typed that stands in a line.
#[derive(Clone, Copy)]
struct Room {
    text: usize,
    why: usize,
}

const SHORT: Room = Room { text: 160, why: 120 };
/// Each character may be escaped.
const WHOLE: Room = Room { text: 4 * TEXT, why: 4 * TEXT };

fn told(voice: &Voice, card: &ItemCard, room: Room) -> String {
    let text = brief(&card.item.text, room.text);
    let who = match &card.item.what {
        What::Topic => format!("asked by {}", deal::person(&card.by)),
        What::Decision => deal::person(&card.by),
        What::Action { .. } => standing(voice, card, room),
    };
    format!("{text} · {who}")
}

/// Who has an action to do until when, or how it ended.
fn standing(voice: &Voice, card: &ItemCard, room: Room) -> String {
    let who = card.assignee.as_ref().map(deal::person).unwrap_or_default();
    match (card.item.ended(), card.item.due()) {
        (Some(ended), _) => {
            let by = card.ended_by.as_ref().filter(|by| Some(*by) != card.assignee.as_ref());
            let by = by.map(|by| format!(" by {}", deal::person(by))).unwrap_or_default();
            match &ended.why {
                Some(why) => format!("{who}, dropped{by}: “{}”", brief(why, room.why)),
                None => format!("{who}, done{by}"),
            }
        }
        (None, Some(due)) => format!("{who}, due {}{}", voice.day(due), overdue(voice, card)),
        (None, None) => who,
    }
}

/// `due today · D-12 Globex`.
pub(super) fn due(voice: &Voice, card: &ItemCard) -> String {
    when(voice, card) + &about(card)
}

/// `due Fri 27 Nov, 2 days overdue`.
pub(super) fn when(voice: &Voice, card: &ItemCard) -> String {
    match card.item.due() {
        Some(due) if due == voice.today() => "due today".to_owned(),
        Some(due) => format!("due {}{}", voice.day(due), overdue(voice, card)),
        None => String::new(),
    }
}

fn overdue(voice: &Voice, card: &ItemCard) -> String {
    let late = card.item.due().map_or(0, |due| (voice.today() - due).num_days());
    match card.item.is_overdue(voice.today()) {
        true => format!(", {} overdue", count(late.unsigned_abs() as usize, "day")),
        false => String::new(),
    }
}

fn about(card: &ItemCard) -> String {
    let Some(deal) = card.item.deal else { return String::new() };
    let account = card.account.as_deref().map(|account| format!(" {}", brief(account, 40))).unwrap_or_default();
    format!(" · **{}**{account}", deal.label())
}

/// The name of what it is.
fn name(card: &ItemCard) -> &'static str {
    match card.item.what {
        What::Topic => "topic",
        What::Decision => "decision",
        What::Action { .. } => "action",
    }
}

/// The card as a part of a message.
pub fn embed(voice: &Voice, card: &ItemCard) -> Embed {
    let tone = if card.item.is_overdue(voice.today()) { Tone::Attention } else { Tone::Plain };
    let title = capital(name(card));
    let mut embed = Embed::titled(title).tone(tone).lines(Lines::text(escape_lines(&card.item.text)));
    if let What::Action { .. } = card.item.what {
        embed = embed.field("Who and when", Lines::text(standing(voice, card, SHORT)));
    }
    if let Some(deal) = card.item.deal {
        let account = card.account.as_deref().map(|account| format!(" {}", brief(account, 100))).unwrap_or_default();
        embed = embed.field("Deal", Lines::text(format!("**{}**{account}", deal.label())));
    }
    let asked = if card.item.is_topic() { "Asked by" } else { "Noted by" };
    let on = voice.day(voice.day_of(card.item.at));
    let from = format!("{}, {on}, {}", deal::person(&card.by), brief(&card.review, 100));
    embed.field(asked, Lines::text(from))
}

/// The card of an action alone.
pub fn card(voice: &Voice, card: &ItemCard, offers: Offers) -> Message {
    Message::silent().embed(embed(voice, card)).buttons(buttons(offers)).build()
}

/// One page of open actions, so many in all; the select opens one.
pub fn actions(voice: &Voice, review: &str, cards: &[ItemCard], total: usize, open: CustomId, page: Page) -> Message {
    let title = format!("Open actions of {}", brief(review, 100));
    if cards.is_empty() {
        return Message::silent().text(format!("{title}: none is open.")).build();
    }
    let lines = Lines::of(cards.iter().map(|card| line(voice, card)).collect::<Vec<_>>(), |n| {
        format!("… and {} on this page: pick it below", count(n, "more action"))
    });
    let footer: Vec<String> = std::iter::once(count(total, "open action")).chain(page.words()).collect();
    let embed = Embed::titled(title).lines(lines).footer(footer.join(" · "));
    Message::silent().embed(embed).select(picks(voice, cards, open)).buttons(page.buttons()).build()
}

/// The open actions of one person, to stand beside their deals.
#[derive(Debug, Clone)]
pub struct Mine {
    /// The first to be done first.
    pub cards: Vec<ItemCard>,
    /// Whose they are; others in it are covered.
    pub reader: Option<MemberId>,
    /// Opens the one that is picked.
    pub open: CustomId,
}

impl Mine {
    /// Puts them into a message: a line each, and a select that opens one. Nothing where there are none.
    pub(super) fn shown(&self, voice: &Voice, draft: Draft) -> Draft {
        if self.cards.is_empty() {
            return draft;
        }
        let late = self.cards.iter().any(|card| card.item.is_overdue(voice.today()));
        let lines = Lines::of(self.cards.iter().map(|card| self.line(voice, card)).collect::<Vec<_>>(), |n| {
            format!("… and {}: pick it below", count(n, "more action"))
        });
        let title = format!("{} of yours", count(self.cards.len(), "open action"));
        let embed = Embed::titled(title).tone(if late { Tone::Attention } else { Tone::Plain }).lines(lines);
        draft.embed(embed).select(picks(voice, &self.cards, self.open.clone()))
    }

    fn line(&self, voice: &Voice, card: &ItemCard) -> String {
        let other = card.assignee.as_ref().filter(|who| Some(who.member) != self.reader);
        let covered = other.map(|who| format!(" · for {}", deal::person(who))).unwrap_or_default();
        format!("- {} · {}{covered}", brief(&card.item.text, 160), due(voice, card))
    }
}

/// Picks an action to end it.
pub(super) fn picks(voice: &Voice, cards: &[ItemCard], open: CustomId) -> Select {
    let entry = |card: &ItemCard| {
        let who = card.assignee.as_ref().map(|who| who.name.as_str()).unwrap_or_default();
        let due = card.item.due().map(|due| voice.day(due)).unwrap_or_default();
        Entry::new(card.item.id.to_string(), &card.item.text).described(format!("{who}, due {due}"))
    };
    Select::of(open, "Done, or dropped…", cards.iter().map(entry), |n| format!("({n} more)"))
}

/// Something was noted in a meeting.
pub fn noted(voice: &Voice, card: &ItemCard, posted: Posted, offers: Offers) -> Message {
    let said = format!("Saved. {} of {}: {}", capital(name(card)), brief(&card.review, 100), link(posted));
    Message::silent().text(said).embed(embed(voice, card)).buttons(buttons(offers)).build()
}

/// A topic will be on the next agenda.
pub fn topic_added(voice: &Voice, card: &ItemCard, next: Option<crate::domain::Instant>, offers: Offers) -> Message {
    let when = next.map(|at| format!(", {}", super::voice::long_moment(at))).unwrap_or_default();
    let said = format!("Saved. It is on the next agenda of {}{when}.", brief(&card.review, 100));
    Message::silent().text(said).embed(embed(voice, card)).buttons(buttons(offers)).build()
}

/// An action ended.
pub fn ended(voice: &Voice, card: &ItemCard, offers: Offers) -> Message {
    Message::silent().text(format!("Saved. {}", line(voice, card))).buttons(buttons(offers)).build()
}

/// What was noted is taken back.
pub fn taken_back(voice: &Voice, card: &ItemCard) -> Message {
    let said = match card.item.withdrawn {
        true => format!("Taken back: the {} stands nowhere any more.", name(card)),
        false => format!("Taken back. {}", line(voice, card)),
    };
    Message::silent().text(said).build()
}

/// The form for a decision.
pub fn decide(id: CustomId, about: Option<&str>, typed: Option<&Typed>) -> Modal {
    let typed = typed.and_then(|typed| typed.get(input::TEXT));
    let what = TextInput::paragraph(input::TEXT, "What was decided", TEXT).required().prefilled(typed);
    Modal::new(id, titled("Decide", about), what)
}

/// Asks who gets an action.
pub fn who(id: CustomId) -> Message {
    Message::silent().text("Who does it?").select(Select::user(id, "Pick a person", None)).build()
}

/// The form for an action of somebody.
pub fn act(id: CustomId, about: Option<&str>, typed: Option<&Typed>) -> Modal {
    let typed = |id: &str| typed.and_then(|typed| typed.get(id));
    let what = TextInput::paragraph(input::TEXT, "What is to be done", TEXT).required().prefilled(typed(input::TEXT));
    let due = TextInput::line(input::DUE, "By when", 40).required().hint("friday, 15 Dec, in 2 weeks");
    Modal::new(id, titled("Action", about), what).input(due.prefilled(typed(input::DUE)))
}

/// The form that asks why an action is dropped.
pub fn drop(id: CustomId, card: &ItemCard, typed: Option<&Typed>) -> Modal {
    let typed = typed.and_then(|typed| typed.get(input::WHY));
    let why = TextInput::paragraph(input::WHY, "Why it isn't done any more", TEXT).required().prefilled(typed);
    Modal::new(id, format!("Drop: {}", card.item.text), why)
}

fn titled(what: &str, about: Option<&str>) -> String {
    about.map_or_else(|| what.to_owned(), |about| format!("{what} · {about}"))
}

#[cfg(test)]
mod tests;
