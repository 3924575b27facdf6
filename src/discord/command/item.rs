//! Topics and actions: put on the next agenda, listed, done or dropped.

use serde::Deserialize;

use super::meeting::refused_form;
use super::sheet::give_back;
use crate::app::draft::{Draft, KeepDraft};
use crate::app::end_action::{EndAction, How};
use crate::app::log_message::{as_read, note_of};
use crate::app::note_item::{AddTopic, TopicOfMessage};
use crate::app::{item, review};
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::discord::custom_id::CustomId;
use crate::discord::page::Pages;
use crate::domain::access::Needed;
use crate::domain::id::{InteractionId, ItemId, ReviewId};
use crate::domain::item::{Item, TEXT};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::deal::form::Typed;
use crate::render::item::{self as words, PAGE, input};
use crate::render::message::Message;
use crate::render::modal::Modal;
use crate::render::{meeting, press};

/// The options of `/review add`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddOptions {
    text: String,
    deal: Option<String>,
    review: Option<String>,
}

/// `/review add`: to the review that is named, to one of this channel, or to the one that meets next.
pub async fn add(call: Call, given: AddOptions) -> Result<Answer, Failure> {
    let typed = Typed { values: vec![(input::TEXT.to_owned(), given.text.clone())] };
    match added(&call, given).await {
        Ok(item) => Ok(call.say(topic_added(&call, item).await?)),
        Err(failure) => give_back(&call, &typed, failure).await,
    }
}

async fn added(call: &Call, given: AddOptions) -> Result<Item, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let (channel, now) = (call.caller.channel, look.now);
    let review = review::meant(&mut look.workspace, given.review.as_deref(), channel, now).await?.id;
    let deal = call.deal_if_named(given.deal.as_deref()).await?;
    call.app.change(&call.caller, AddTopic { review, text: given.text, deal }).await
}

async fn topic_added(call: &Call, item: Item) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let of = look.workspace.find_review(item.review).await?.ok_or(Problem::Stale)?;
    let next = review::card(&mut look.workspace, of, look.now).await?.next.first().copied();
    let card = item::card(&mut look.workspace, item).await?;
    Ok(words::topic_added(&look.voice(&call.commands), &card, next, vec![call.undo()]))
}

/// "Add to a review", on a message: asks which review, where there are several.
pub async fn add_to_a_review(call: Call) -> Result<Answer, Failure> {
    let Input::OnMessage { message, text, .. } = &call.input else { return Err(Problem::Stale.into()) };
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let running = review::running(&mut look.workspace, look.now).await?;
    let members = look.workspace.find_all_members().await?;
    let text = note_of(&as_read(text, &members), call.caller.guild, call.caller.channel, *message, TEXT);
    if let [only] = running.as_slice() {
        let add = AddTopic { review: only.review.id, text, deal: None };
        return Ok(call.say(topic_added(&call, call.app.change(&call.caller, add).await?).await?));
    }
    let draft = KeepDraft { id: call.caller.interaction, draft: Draft::Note { text } };
    let kept = call.app.change(&call.caller, draft).await?;
    let names = running.into_iter().map(|card| (card.review.id.to_string(), card.review.name));
    let id = CustomId::new(press::TOPIC, call.caller.guild).with(kept).to_control();
    Ok(call.say(meeting::which_review(names, id)))
}

/// The review that was picked for it.
pub async fn topic(call: Call) -> Result<Answer, Failure> {
    let draft = call.id()?.number(0).map(InteractionId).ok_or(Problem::Stale)?;
    let review = call.picked().and_then(|id| id.parse().ok()).map(ReviewId).ok_or(Problem::Stale)?;
    let item = call.app.change(&call.caller, TopicOfMessage { draft, review }).await?;
    Ok(Answer::Update(topic_added(&call, item).await?))
}

/// A page of a review's open actions.
pub async fn actions(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let (review, page) = (id.number(0).map(ReviewId).ok_or(Problem::Stale)?, id.index(1).unwrap_or(0));
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let of = look.workspace.find_review(review).await?.ok_or(Problem::Stale)?;
    let open = item::open_of(&mut look.workspace, &of).await?;
    let mut cards: Vec<_> = open.into_values().filter(|card| card.item.due().is_some()).collect();
    cards.sort_by_key(|card| (card.item.due(), card.item.id));
    let pages = Pages::new(cards.len(), PAGE, page);
    let turn = pages.page(&CustomId::new(press::ACTIONS, call.caller.guild).with(review));
    let open = press::action(call.caller.guild);
    let message = words::actions(&look.voice(&call.commands), &of.name, &pages.cut(cards), pages.total, open, turn);
    Ok(if id.word(1).is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// Shows the action that was picked.
pub async fn action(call: Call) -> Result<Answer, Failure> {
    let id = call.picked().and_then(|id| id.parse().ok()).map(ItemId).ok_or(Problem::Stale)?;
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let item = look.workspace.find_item(id).await?.filter(|item| !item.withdrawn).ok_or(Problem::Stale)?;
    let card = item::card(&mut look.workspace, item).await?;
    let offers = press::on_action(call.caller.guild, &card.item);
    Ok(Answer::Say(words::card(&look.voice(&call.commands), &card, offers).private()))
}

/// "Done" under an action.
pub async fn done(call: Call) -> Result<Answer, Failure> {
    let action = item_in(call.id()?)?;
    let item = call.app.change(&call.caller, EndAction { action, how: How::Done }).await?;
    ended(&call, item).await
}

/// "Drop…" under an action: asks why.
pub async fn ask_drop(call: Call) -> Result<Answer, Failure> {
    Ok(Answer::Ask(drop_form(&call, call.id()?, None).await?))
}

/// That form, sent.
pub async fn dropped(call: Call) -> Result<Answer, Failure> {
    let Input::Form { id, fields } = &call.input else { return Err(Problem::Stale.into()) };
    let typed = Typed { values: fields.clone().into_iter().collect() };
    let how = How::Dropped(typed.get(input::WHY).unwrap_or_default().to_owned());
    match call.app.change(&call.caller, EndAction { action: item_in(id)?, how }).await {
        Ok(item) => ended(&call, item).await,
        Err(Failure::Refused(refused)) => refused_form(&call, id, &typed, &refused).await,
        Err(other) => Err(other),
    }
}

/// Opens the form that drops an action again, with what was typed.
pub async fn ask_again(call: &Call, id: &CustomId, typed: &Typed) -> Result<Answer, Failure> {
    Ok(Answer::Ask(drop_form(call, id, Some(typed)).await?))
}

async fn drop_form(call: &Call, id: &CustomId, typed: Option<&Typed>) -> Result<Modal, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let item = look.workspace.find_item(item_in(id)?).await?.filter(|item| item.open).ok_or(Problem::Stale)?;
    let card = item::card(&mut look.workspace, item).await?;
    Ok(words::drop(press::action_dropped(call.caller.guild, card.item.id), &card, typed))
}

fn item_in(id: &CustomId) -> Result<ItemId, Problem> {
    id.number(0).map(ItemId).ok_or(Problem::Stale)
}

async fn ended(call: &Call, item: Item) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    let card = item::card(&mut look.workspace, item).await?;
    Ok(Answer::Say(words::ended(&look.voice(&call.commands), &card, vec![call.undo()]).private()))
}
