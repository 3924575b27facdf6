//! A review that runs: started, turned from card to card and closed from its post, or by command.

use serde::Deserialize;

use super::sheet::{give_back, keep};
use crate::app::close_review::CloseReview;
use crate::app::meeting::{Which, card};
use crate::app::note_item::{Act, Decide, Noted};
use crate::app::start_review::StartReview;
use crate::app::turn_card::{To, TurnCard};
use crate::app::{item, on_deal::Meant};
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input, Picked};
use crate::discord::custom_id::CustomId;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::id::MeetingId;
use crate::domain::meeting::Card;
use crate::domain::refusal::{Problem, Refused};
use crate::domain::work::Turn;
use crate::error::Failure;
use crate::render::deal::form::{self, Typed};
use crate::render::item::{self as item_words, input};
use crate::render::meeting::{self as words, parse_key};
use crate::render::modal::Modal;
use crate::render::offer::Offer;
use crate::render::press::{self, card_in, occurrence_in};

/// The option of `/review start`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartOptions {
    review: Option<String>,
}

/// `/review start`
pub async fn start(call: Call, given: StartOptions) -> Result<Answer, Failure> {
    let which = given.review.map_or(Which::Here(call.caller.channel), Which::Named);
    let occasion = call.app.occasion(&call.caller, &which).await?;
    let started = call.app.change(&call.caller, StartReview { occasion }).await?;
    let now = call.app.now();
    Ok(call.say(words::started(&started.meeting, started.posted, now)))
}

/// "Start the review" under an agenda.
pub async fn start_pressed(call: Call) -> Result<Answer, Failure> {
    let occasion = call.app.occasion(&call.caller, &in_id(call.id()?)?).await?;
    call.app.change(&call.caller, StartReview { occasion }).await?;
    Ok(Answer::Taken)
}

/// ◀ and ▶ on the post.
pub async fn turn(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let turn = match id.word(1) {
        Some("next") => Turn::Next,
        _ => Turn::Previous,
    };
    let to = To::Beside(shown_in(id, 2)?, turn);
    call.app.change(&call.caller, TurnCard { meeting: meeting_in(id)?, to }).await?;
    Ok(Answer::Taken)
}

/// A card that was picked on the post.
pub async fn go_to(call: Call) -> Result<Answer, Failure> {
    let card = call.picked().and_then(parse_key).ok_or(Problem::Stale)?;
    call.app.change(&call.caller, TurnCard { meeting: meeting_in(call.id()?)?, to: To::Card(card) }).await?;
    Ok(Answer::Taken)
}

/// The options of `/review decide`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideOptions {
    text: String,
    deal: Option<String>,
}

/// `/review decide`
pub async fn decide(call: Call, given: DecideOptions) -> Result<Answer, Failure> {
    let typed = Typed { values: vec![(input::TEXT.to_owned(), given.text.clone())] };
    let deal = call.deal_if_named(given.deal.as_deref()).await?;
    let noted = match call.app.occasion(&call.caller, &Which::Here(call.caller.channel)).await {
        Ok(occasion) => call.app.change(&call.caller, Decide { occasion, text: given.text, deal }).await,
        Err(failure) => Err(failure),
    };
    told(&call, noted, &typed).await
}

/// "Decide" on the post: opens its form.
pub async fn ask_decide(call: Call) -> Result<Answer, Failure> {
    Ok(Answer::Ask(decide_form(&call, call.id()?, None).await?))
}

/// That form, sent.
pub async fn decided(call: Call) -> Result<Answer, Failure> {
    let (id, typed) = sent(&call)?;
    let occasion = call.app.occasion(&call.caller, &in_id(&id)?).await?;
    let (text, deal) = (typed.get(input::TEXT).unwrap_or_default().to_owned(), about(&id)?);
    let noted = call.app.change(&call.caller, Decide { occasion, text, deal }).await;
    told_or_asked(&call, noted, &id, &typed).await
}

/// The options of `/review action`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActOptions {
    text: String,
    assignee: Picked,
    due: String,
    deal: Option<String>,
}

/// `/review action`
pub async fn act(call: Call, given: ActOptions) -> Result<Answer, Failure> {
    let ActOptions { text, assignee, due, deal } = given;
    let values = [(input::TEXT, &text), (input::DUE, &due)].map(|(id, typed)| (id.to_owned(), typed.clone()));
    let (typed, deal) = (Typed { values: values.into() }, call.deal_if_named(deal.as_deref()).await?);
    let noted = match call.app.occasion(&call.caller, &Which::Here(call.caller.channel)).await {
        Ok(occasion) => {
            call.app.change(&call.caller, Act { occasion, text, assignee: assignee.into(), due, deal }).await
        }
        Err(failure) => Err(failure),
    };
    told(&call, noted, &typed).await
}

/// "Action" on the post: asks who gets it.
pub async fn ask_who(call: Call) -> Result<Answer, Failure> {
    call.look().await?.allow(Needed::Any)?;
    let id = CustomId { action: press::REVIEW_WHO.to_owned(), ..call.id()?.clone() };
    Ok(Answer::Say(item_words::who(id.to_control()).private()))
}

/// The person who was picked: opens the form for the rest.
pub async fn who(call: Call) -> Result<Answer, Failure> {
    let picked = call.picked().ok_or(Problem::Stale)?;
    let id = CustomId { action: press::REVIEW_ACTED.to_owned(), ..call.id()?.clone() }.with(picked);
    Ok(Answer::Ask(act_form(&call, &id, None).await?))
}

/// That form, sent.
pub async fn acted(call: Call) -> Result<Answer, Failure> {
    let (id, typed) = sent(&call)?;
    let occasion = call.app.occasion(&call.caller, &in_id(&id)?).await?;
    let text = |input| typed.get(input).unwrap_or_default().to_owned();
    let assignee = call.person("assignee", id.word(3).unwrap_or_default()).await?;
    let act = Act { occasion, text: text(input::TEXT), assignee, due: text(input::DUE), deal: about(&id)? };
    let noted = call.app.change(&call.caller, act).await;
    told_or_asked(&call, noted, &id, &typed).await
}

/// Opens a form of a review again, with what was typed.
pub async fn ask_again(call: &Call, id: &CustomId, typed: &Typed) -> Result<Answer, Failure> {
    Ok(Answer::Ask(match id.action.as_str() {
        press::REVIEW_DECIDED => decide_form(call, id, Some(typed)).await?,
        _ => act_form(call, id, Some(typed)).await?,
    }))
}

/// `/review close`
pub async fn close(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    let occasion = call.app.occasion(&call.caller, &Which::Here(call.caller.channel)).await?;
    let posted = call.app.change(&call.caller, CloseReview { occasion }).await?;
    Ok(call.say(words::over(posted)))
}

/// "Close the review" on the post.
pub async fn close_pressed(call: Call) -> Result<Answer, Failure> {
    let occasion = call.app.occasion(&call.caller, &in_id(call.id()?)?).await?;
    call.app.change(&call.caller, CloseReview { occasion }).await?;
    Ok(Answer::Taken)
}

/// The minutes of a meeting as a file.
pub async fn minutes(call: Call) -> Result<Answer, Failure> {
    let picked = call.picked().and_then(|id| id.parse().ok());
    let id = call.id()?.number(0).or(picked).map(MeetingId).ok_or(Problem::Stale)?;
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let meeting = look.workspace.find_meeting(id).await?.ok_or(Problem::Stale)?;
    let card = card(&mut look.workspace, meeting, look.now).await?;
    let closed = card.meeting.closed.as_ref().ok_or(Problem::Stale)?;
    Ok(Answer::Say(words::markdown(&look.voice(&call.commands), &card, closed).private()))
}

fn in_id(id: &CustomId) -> Result<Which, Problem> {
    let (review, starts_at) = occurrence_in(id).ok_or(Problem::Stale)?;
    Ok(Which::Of(review, starts_at))
}

fn meeting_in(id: &CustomId) -> Result<MeetingId, Problem> {
    id.number(0).map(MeetingId).ok_or(Problem::Stale)
}

fn shown_in(id: &CustomId, place: usize) -> Result<Option<Card>, Problem> {
    card_in(id, place).ok_or(Problem::Stale)
}

/// The deal that stood on the card, which what is noted is about.
fn about(id: &CustomId) -> Result<Option<Meant>, Problem> {
    Ok(match shown_in(id, 2)? {
        Some(Card::Deal(deal)) => Some(Ok(deal)),
        Some(Card::Item(_)) | None => None,
    })
}

async fn decide_form(call: &Call, id: &CustomId, typed: Option<&Typed>) -> Result<Modal, Failure> {
    call.look().await?.allow(Needed::Any)?;
    let to = CustomId { action: press::REVIEW_DECIDED.to_owned(), ..id.clone() };
    Ok(item_words::decide(to.to_control(), label(id)?.as_deref(), typed))
}

async fn act_form(call: &Call, id: &CustomId, typed: Option<&Typed>) -> Result<Modal, Failure> {
    call.look().await?.allow(Needed::Any)?;
    Ok(item_words::act(id.to_control(), label(id)?.as_deref(), typed))
}

fn label(id: &CustomId) -> Result<Option<String>, Problem> {
    let about = about(id)?;
    Ok(about.and_then(Result::ok).map(|deal| deal.label()))
}

fn sent(call: &Call) -> Result<(CustomId, Typed), Failure> {
    let Input::Form { id, fields } = &call.input else { return Err(Problem::Stale.into()) };
    Ok((id.clone(), Typed { values: fields.clone().into_iter().collect() }))
}

/// Says what was noted; what was typed into a command and refused is given back.
async fn told(call: &Call, noted: Result<Noted, Failure>, typed: &Typed) -> Result<Answer, Failure> {
    let noted = match noted {
        Ok(noted) => noted,
        Err(failure) => return give_back(call, typed, failure).await,
    };
    let mut look = call.look().await?;
    let card = item::card(&mut look.workspace, noted.item).await?;
    Ok(call.say(item_words::noted(&look.voice(&call.commands), &card, noted.posted, vec![call.undo()])))
}

/// The same for a form, which is opened again.
async fn told_or_asked(
    call: &Call,
    noted: Result<Noted, Failure>,
    id: &CustomId,
    typed: &Typed,
) -> Result<Answer, Failure> {
    match noted {
        Err(Failure::Refused(refused)) => refused_form(call, id, typed, &refused).await,
        other => told(call, other, typed).await,
    }
}

/// A form that was refused: its text is kept behind a button that opens it again.
pub async fn refused_form(call: &Call, id: &CustomId, typed: &Typed, refused: &Refused) -> Result<Answer, Failure> {
    let kept = keep(call, id, typed).await?;
    let look = call.look().await?;
    let offers = vec![(Offer::Retry, press::retry(call.caller.guild, kept))];
    Ok(Answer::Say(form::refused(&look.voice(&call.commands), refused, typed, offers).private()))
}
