//! What the buttons of a review carry.

use super::super::control::CustomId as ControlId;
use super::super::custom_id::CustomId;
use super::super::meeting::{key, parse_key};
use super::super::offer::{Offer, Offers};
use super::{ask, choose, criteria, step};
use crate::domain::Instant;
use crate::domain::card::DealCard;
use crate::domain::id::{GuildId, ItemId, ReviewId};
use crate::domain::item::Item;
use crate::domain::meeting::{Card, Meeting};
use crate::domain::work::Turn;

/// Starts the review of an agenda: `review_start:{guild}:{review}:{start}`.
pub const REVIEW_START: &str = "review_start";
/// Turns its card: `review_turn:{guild}:{meeting}:{next|previous}:{shown}`, from the card that is shown.
pub const REVIEW_TURN: &str = "review_turn";
/// A select; goes on at the card that is picked: `review_go:{guild}:{meeting}`.
pub const REVIEW_GO: &str = "review_go";
/// Opens the form for a decision, and the form: `review_decide:{guild}:{review}:{start}:{shown}`.
pub const REVIEW_DECIDE: &str = "review_decide";
/// That form, sent; the same arguments.
pub const REVIEW_DECIDED: &str = "review_decided";
/// Asks who gets an action, and a select that answers; the same arguments.
pub const REVIEW_ACT: &str = "review_act";
/// The person who was picked; the same arguments.
pub const REVIEW_WHO: &str = "review_who";
/// The form for an action, sent; the same arguments, and the user after them.
pub const REVIEW_ACTED: &str = "review_acted";
/// Ends a review: `review_close:{guild}:{review}:{start}`.
pub const REVIEW_CLOSE: &str = "review_close";
/// The minutes as a file: `review_minutes:{guild}:{meeting}`, or of the meeting that is picked: `review_minutes:{guild}`.
pub const REVIEW_MINUTES: &str = "review_minutes";
/// A page of a review's history: `review_history:{guild}:{review}:{page}`, or the first one of the review that is picked:
/// `review_history:{guild}`.
pub const REVIEW_HISTORY: &str = "review_history";
/// The open actions of a review: `actions:{guild}:{review}`, and `:{page}` where they are turned.
pub const ACTIONS: &str = "actions";
/// A select; shows the action that is picked: `action:{guild}`.
pub const ACTION: &str = "action";
/// An action is done: `action_done:{guild}:{action}`.
pub const ACTION_DONE: &str = "action_done";
/// Asks why an action is dropped: `action_drop:{guild}:{action}`.
pub const ACTION_DROP: &str = "action_drop";
/// That form, sent: `action_dropped:{guild}:{action}`.
pub const ACTION_DROPPED: &str = "action_dropped";
/// A select; the message that is kept as a draft becomes a topic of the review that is picked: `topic:{guild}:{draft}`.
pub const TOPIC: &str = "topic";

/// What stands for no card in an id.
const NO_CARD: &str = "-";

/// A button of an occurrence.
fn of_occurrence(action: &str, guild: GuildId, review: ReviewId, starts_at: Instant) -> CustomId {
    CustomId::new(action, guild).with(review).with(starts_at.timestamp_millis())
}

/// Under a posted agenda.
pub fn start_review(guild: GuildId, review: ReviewId, starts_at: Instant) -> (Offer, ControlId) {
    (Offer::StartReview, of_occurrence(REVIEW_START, guild, review, starts_at).to_control())
}

/// The occurrence in an id.
pub fn occurrence_in(id: &CustomId) -> Option<(ReviewId, Instant)> {
    Some((ReviewId(id.number(0)?), Instant::from_timestamp_millis(id.number(1)?)?))
}

/// The card in an id, at a place, or that there was none; `None` for what is neither.
pub fn card_in(id: &CustomId, place: usize) -> Option<Option<Card>> {
    match id.word(place)? {
        NO_CARD => Some(None),
        word => parse_key(word).map(Some),
    }
}

/// On the post of a running review: what turns and ends it, and what notes what comes of it.
pub fn on_meeting(guild: GuildId, meeting: &Meeting) -> Offers {
    let shown = meeting.shown.map_or_else(|| NO_CARD.to_owned(), key);
    let turn = |offer, word: &str| {
        (offer, CustomId::new(REVIEW_TURN, guild).with(meeting.id).with(word).with(&shown).to_control())
    };
    let note = |offer, action| {
        (offer, of_occurrence(action, guild, meeting.review, meeting.starts_at).with(&shown).to_control())
    };
    let back = meeting.place() != Some(0) && meeting.beside(Turn::Previous).is_some();
    let mut offers: Offers = back.then(|| turn(Offer::Previous, "previous")).into_iter().collect();
    offers.extend(meeting.shown.map(|_| turn(Offer::Next, "next")));
    offers.push(note(Offer::Decide, REVIEW_DECIDE));
    offers.push(note(Offer::Act, REVIEW_ACT));
    let close = of_occurrence(REVIEW_CLOSE, guild, meeting.review, meeting.starts_at);
    offers.push((Offer::CloseReview, close.to_control()));
    offers
}

/// On the post of a running review: what can be done with the deal that it shows. Who may, is checked when it is pressed.
pub fn on_shown_deal(guild: GuildId, card: &DealCard) -> Offers {
    let deal = card.deal.number;
    if !card.deal.is_open() {
        return vec![(Offer::Show, super::show(guild, deal))];
    }
    let mut offers = step(guild, card);
    offers.push((Offer::Stage, choose(guild, "stage", deal)));
    offers.push((Offer::Snooze, ask(guild, "snooze", deal)));
    offers.push((Offer::HandOver, choose(guild, "owner", deal)));
    match card.running.standing.is_empty() {
        true => offers.push((Offer::Update, ask(guild, "update", deal))),
        false => offers.push((Offer::Criteria, criteria(guild, deal))),
    }
    offers
}

/// Under the card of an action that is open.
pub fn on_action(guild: GuildId, item: &Item) -> Offers {
    let id = |action| CustomId::new(action, guild).with(item.id).to_control();
    match item.open && item.assignee().is_some() {
        true => vec![(Offer::ActionDone, id(ACTION_DONE)), (Offer::DropAction, id(ACTION_DROP))],
        false => Vec::new(),
    }
}

/// Under minutes.
pub fn minutes(guild: GuildId, meeting: &Meeting) -> (Offer, ControlId) {
    (Offer::Minutes, CustomId::new(REVIEW_MINUTES, guild).with(meeting.id).to_control())
}

/// The minutes of the meeting that is picked.
pub fn minutes_of(guild: GuildId) -> ControlId {
    CustomId::new(REVIEW_MINUTES, guild).to_control()
}

/// The history of the review that is picked.
pub fn review_history(guild: GuildId) -> ControlId {
    CustomId::new(REVIEW_HISTORY, guild).to_control()
}

/// Opens the open actions of a review.
pub fn actions(guild: GuildId, review: ReviewId) -> ControlId {
    CustomId::new(ACTIONS, guild).with(review).to_control()
}

/// Opens the action that is picked.
pub fn action(guild: GuildId) -> ControlId {
    CustomId::new(ACTION, guild).to_control()
}

/// Why an action is dropped, asked and sent.
pub fn action_dropped(guild: GuildId, item: ItemId) -> ControlId {
    CustomId::new(ACTION_DROPPED, guild).with(item).to_control()
}

/// "Show deals" under an agenda: `figure:{guild}:{review}:{start}`.
pub const FIGURE: &str = "figure";

/// The deals behind the figures of an agenda.
pub fn figure(guild: GuildId, review: ReviewId, starts_at: Instant) -> CustomId {
    of_occurrence(FIGURE, guild, review, starts_at)
}
