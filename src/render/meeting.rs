//! A review that runs on its agenda's post: the card that it is at, what came of it so far, and its minutes.

use super::agenda::Figure;
use super::control::{CustomId, Entry, Select};
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::item;
use super::message::Message;
use super::offer::{Offers, buttons};
use super::text::brief;
use super::voice::{Voice, ago, count, link, long_moment};
use crate::domain::Instant;
use crate::domain::agenda::{Agenda, AgendaFacts, Standing};
use crate::domain::card::DealCard;
use crate::domain::id::{DealNumber, ItemId, MemberId};
use crate::domain::item::ItemCard;
use crate::domain::meeting::{Card, Closed, Meeting, MeetingCard, Ranked};
use crate::domain::outgoing::Posted;

mod minutes;

pub use minutes::{markdown, minutes, thread_name};

/// Topics and actions about a deal that stand on its card, of each; the rest is counted.
const ABOUT_IT: usize = 2;

/// What a meeting looks at.
#[derive(Debug)]
pub struct OnTable<'t> {
    /// The meeting.
    pub card: &'t MeetingCard,
    /// The agenda as of now.
    pub agenda: &'t Agenda,
    /// What it was built from.
    pub facts: &'t AgendaFacts,
    /// The same as cards.
    pub ranked: &'t Ranked,
}

/// What stands under the post.
#[derive(Debug)]
pub struct Controls {
    /// ◀ ▶, Decide, Action, Close.
    pub meeting: Offers,
    /// What can be done with what the card shows.
    pub shown: Offers,
    /// Goes on at a card that is picked.
    pub go_to: CustomId,
    /// Sends back the key of a [`Figure`].
    pub show: CustomId,
}

/// The post while the review runs: the card, what came of it so far, and what else there is.
pub fn post(voice: &Voice, on: &OnTable, controls: Controls) -> Message {
    let card = on.card;
    let mut draft = Message::silent().text(opening(card));
    draft = match card.meeting.shown {
        Some(Card::Deal(number)) => match on.facts.card(number).or_else(|| card.deals.get(&number)) {
            Some(deal) => {
                let draft = draft.text(why(voice, on, deal));
                draft.embed(deal::card::embed(voice, deal))
            }
            None => draft.text(format!("{} is not in this review any more.", number.label())),
        },
        Some(Card::Item(id)) => match on.facts.items.get(&id) {
            Some(shown) => draft.embed(item::embed(voice, shown)),
            None => draft.text("What stood here is settled."),
        },
        None if card.meeting.cards.is_empty() => draft.text("Nothing on the agenda asks for the meeting's time."),
        None => draft.text("That was the last card. Close the review, or pick another card below."),
    };
    draft = so_far(voice, card).into_iter().fold(draft, |draft, embed| draft.embed(embed));
    draft = draft.embed(rest(voice, on));
    let Controls { meeting, shown, go_to, show } = controls;
    draft = draft.buttons(buttons(meeting)).buttons(buttons(shown));
    draft = draft.select(others(voice, on, go_to));
    draft.select(Figure::select(show, on.agenda, on.facts, voice.today())).build()
}

/// `**Pipeline review** · started 5 minutes ago by @lena · card 3 of 9`.
fn opening(card: &MeetingCard) -> String {
    let meeting = &card.meeting;
    let only =
        card.partner.as_ref().map(|partner| format!(" · only deals with {}", brief(partner, 60))).unwrap_or_default();
    let place = match meeting.place() {
        Some(place) => format!(" · card {} of {}", place + 1, meeting.cards.len()),
        None if meeting.shown.is_some() => " · a card beside the first ones".to_owned(),
        None => String::new(),
    };
    let by = person(card, meeting.started_by);
    format!("**{}** · started {} by {by}{only}{place}", brief(&card.review, 100), ago(meeting.started_at))
}

pub(super) fn person(card: &MeetingCard, member: MemberId) -> String {
    card.people.get(&member).map(deal::person).unwrap_or_else(|| "somebody".to_owned())
}

/// Why a deal is on the table, and what moved.
fn why(voice: &Voice, on: &OnTable, card: &DealCard) -> String {
    let number = card.deal.number;
    let about = |ids: &[ItemId]| -> Vec<&ItemCard> {
        let items = ids.iter().filter_map(|id| on.facts.items.get(id));
        items.filter(|card| card.item.deal == Some(number)).collect()
    };
    let (topics, actions) = (about(&on.agenda.topics), about(&on.agenda.actions));
    let asks = |topic: &&ItemCard| format!("{} asks: “{}”", deal::person(&topic.by), brief(&topic.item.text, 160));
    let more = topics.len().saturating_sub(ABOUT_IT);
    let asked = topics.iter().take(ABOUT_IT).map(asks);
    let asked = asked.chain((more > 0).then(|| format!("{} ({})", count(more, "more topic"), see(voice))));
    let reasons: Vec<String> = asked.chain(super::agenda::reasons(voice, on.agenda, on.facts, card)).collect();
    let mut lines = vec![match reasons.is_empty() {
        true => "**Why it is here**: it was picked".to_owned(),
        false => format!("**Why it is here**: {}", reasons.join(" · ")),
    }];
    lines.extend(moved(voice, on, card).map(|moved| format!("**Moved since the last meeting**: {moved}")));
    let more = actions.len().saturating_sub(ABOUT_IT);
    let actions = actions.iter().take(ABOUT_IT);
    lines.extend(actions.map(|action| format!("**Action**: {}", item::line_on_deal(voice, action))));
    lines.extend((more > 0).then(|| format!("… and {} on it: {}", count(more, "more action"), see(voice))));
    lines.join("\n")
}

/// Where all topics and actions stand.
fn see(voice: &Voice) -> String {
    voice.command("review agenda")
}

fn moved(voice: &Voice, on: &OnTable, card: &DealCard) -> Option<String> {
    let deal = &card.deal;
    if deal.created_at > on.facts.since.at() {
        return deal.is_open().then(|| "new".to_owned());
    }
    let from = on.facts.before.get(&deal.number)?;
    let changes = changes(voice, on.card, from, &deal.into());
    (!changes.is_empty()).then(|| changes.join(", "))
}

/// What differs between two moments: `Qualified → Committed`, `$100k → $120k`.
pub(super) fn changes(voice: &Voice, card: &MeetingCard, from: &Standing, to: &Standing) -> Vec<String> {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "no date".to_owned(), |day| voice.day(day));
    let stage = (from.stage != to.stage).then(|| format!("{} → {}", from.stage.name(), to.stage.name()));
    let (was, is) = (short(voice, from.amount), short(voice, to.amount));
    let amount = (from.amount != to.amount).then(|| format!("{was} → {is}"));
    let close = (from.close != to.close).then(|| format!("close {} → {}", day(from.close), day(to.close)));
    let owner = (from.owner != to.owner).then(|| format!("{} → {}", person(card, from.owner), person(card, to.owner)));
    stage.into_iter().chain(amount).chain(close).chain(owner).collect()
}

fn short(voice: &Voice, amount: Option<i64>) -> String {
    amount.map_or_else(|| "no amount".to_owned(), |minor| voice.short_money(minor))
}

/// What was decided and given so far.
fn so_far(voice: &Voice, card: &MeetingCard) -> Option<Embed> {
    let (decisions, actions) = (&card.decisions, &card.actions);
    let line = |what: &'static str| move |item: &ItemCard| format!("**{what}** {}", item::line(voice, item));
    let lines: Vec<String> = decisions.iter().map(line("Decided")).chain(actions.iter().map(line("Action"))).collect();
    let title = format!("So far: {}, {}", count(decisions.len(), "decision"), count(actions.len(), "action"));
    (!lines.is_empty()).then(|| {
        Embed::titled(title).tone(Tone::Good).lines(Lines::of(lines, |n| format!("… and {n} more, all in the minutes")))
    })
}

/// The agenda in one line.
fn rest(voice: &Voice, on: &OnTable) -> Embed {
    let agenda = on.agenda;
    let figures = [
        (agenda.decisions.len() + agenda.overdue.len(), ["needs a decision", "need a decision"]),
        (agenda.stalled.len(), ["stalled"; 2]),
        (agenda.closing.len(), ["closing this quarter"; 2]),
        (agenda.moved.len(), ["moved"; 2]),
        (agenda.gaps.len(), ["with gaps"; 2]),
        (agenda.topics.len(), ["topic", "topics"]),
        (agenda.actions.len(), ["open action", "open actions"]),
    ];
    let said = figures.into_iter().filter(|(n, _)| *n > 0);
    let said: Vec<String> =
        said.map(|(n, [one, more])| format!("**{n}** {}", if n == 1 { one } else { more })).collect();
    let said = if said.is_empty() { "Nothing else.".to_owned() } else { said.join(" · ") };
    Embed::titled(format!("On the agenda, {}", voice.day(voice.today()))).lines(Lines::text(said))
}

/// The other cards, the meeting's own first.
fn others(voice: &Voice, on: &OnTable, id: CustomId) -> Select {
    let meeting = &on.card.meeting;
    let fresh = on.ranked.cards.iter().chain(&on.ranked.rest).filter(|card| !meeting.cards.contains(card));
    let cards = meeting.cards.iter().chain(fresh).filter(|card| Some(**card) != meeting.shown);
    let entries = cards.filter_map(|card| entry(voice, on, *card));
    Select::of(id, "Go to another card", entries, |n| format!("({n} more: /review agenda)"))
}

fn entry(voice: &Voice, on: &OnTable, card: Card) -> Option<Entry> {
    match card {
        Card::Deal(number) => {
            let deal = on.facts.card(number)?;
            let label = format!("{} {}", number.label(), deal.account);
            let amount = short(voice, deal.deal.amount);
            Some(Entry::new(key(card), label).described(format!("{amount} · {}", deal.owner.name)))
        }
        Card::Item(id) => {
            let item = on.facts.items.get(&id)?;
            let what = if item.item.is_topic() { "Topic" } else { "Action" };
            let who = item.assignee.as_ref().unwrap_or(&item.by);
            Some(Entry::new(key(card), &item.item.text).described(format!("{what} · {}", who.name)))
        }
    }
}

/// A card as a word of an id.
pub fn key(card: Card) -> String {
    match card {
        Card::Deal(deal) => format!("d{deal}"),
        Card::Item(item) => format!("i{item}"),
    }
}

/// Reads a card from a word of an id.
pub fn parse_key(word: &str) -> Option<Card> {
    let number = |digits: &str| digits.parse::<i64>().ok();
    match word.split_at_checked(1)? {
        ("d", digits) => number(digits).map(|deal| Card::Deal(DealNumber(deal))),
        ("i", digits) => number(digits).map(|item| Card::Item(ItemId(item))),
        _ => None,
    }
}

/// What an agenda's post opens with once its meeting is over: who ran it, how long, what came of it, and its minutes.
pub fn closed(card: &MeetingCard, minutes: Option<Posted>) -> String {
    let meeting = &card.meeting;
    let Some(closed) = &meeting.closed else { return opening(card) };
    let came = [
        count(card.decisions.len(), "decision"),
        count(card.actions.len(), "action"),
        format!("{} moved", count(closed.moved.len(), "deal")),
    ];
    let minutes = minutes.map(|at| format!(" Minutes: {}", link(at))).unwrap_or_default();
    let head = format!("**{}** met {}", brief(&card.review, 100), long_moment(meeting.started_at));
    format!("{head}: {}. {}.{minutes}\nThe agenda as of its end:", run_by(card, closed), came.join(", "))
}

/// `run by @lena in 34 minutes`.
fn run_by(card: &MeetingCard, closed: &Closed) -> String {
    let by = person(card, card.meeting.started_by);
    match closed.by {
        Some(_) => format!("run by {by} in {}", lasted(&card.meeting, closed)),
        None => format!("started by {by}, and closed by itself since nobody did"),
    }
}

pub(super) fn lasted(meeting: &Meeting, closed: &Closed) -> String {
    let minutes = (closed.at - meeting.started_at).num_minutes().max(1);
    count(usize::try_from(minutes).unwrap_or_default(), "minute")
}

/// A review was started, or runs already.
pub fn started(meeting: &Meeting, posted: Posted, now: Instant) -> Message {
    let said = match meeting.started_at == now {
        true => format!("Started. It is run from its post: {}", link(posted)),
        false => format!("It runs since {}: {}", ago(meeting.started_at), link(posted)),
    };
    Message::silent().text(said).build()
}

/// A review was closed.
pub fn over(posted: Posted) -> Message {
    let said = format!("Closed. The minutes are posted in a thread of its post: {}", link(posted));
    Message::silent().text(said).build()
}

/// Asks which review is meant by a topic.
pub fn which_review(names: impl IntoIterator<Item = (String, String)>, id: CustomId) -> Message {
    let entries = names.into_iter().map(|(value, name)| Entry::new(value, name));
    let select = Select::of(id, "Which review?", entries, |n| format!("({n} more: /review add)"));
    Message::silent().text("On whose next agenda shall it be?").select(select).build()
}

#[cfg(test)]
mod tests;
