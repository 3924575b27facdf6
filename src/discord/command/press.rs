//! Buttons and selects on deals: the card, questions that a select answers, undo, history, lists, a new owner's no.

use crate::app::assign_deal::{AssignDeal, DeclineDeal};
use crate::app::list_deals::Filter;
use crate::app::move_deal::MoveDeal;
use crate::app::on_version::OnVersion;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::sheet::{Sheet, from_key};
use crate::domain::deal::Place;
use crate::domain::event::{Subject, SubjectKind};
use crate::domain::id::{DealNumber, InteractionId, MemberId};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::deal::form::Typed;
use crate::render::deal::{choose, history as words, outcome};
use crate::render::message::Message;
use crate::render::offer::{Offer, Page};
use crate::render::press;

use super::sheet;
use super::undone::taken_back;

/// Shows a deal's card.
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let deal = call.deal_in_id(0)?;
    Ok(Answer::Say(call.card(deal).await?.private()))
}

/// Shows the card of a deal that was picked from a list.
pub async fn open(call: Call) -> Result<Answer, Failure> {
    let deal = call.picked().and_then(DealNumber::parse).ok_or(Problem::Stale)?;
    Ok(Answer::Say(call.card(deal).await?.private()))
}

/// Asks what a select answers.
pub async fn choose(call: Call) -> Result<Answer, Failure> {
    let what = call.id()?.word(0).unwrap_or_default();
    Ok(Answer::Say(question(&call, what, call.deal_in_id(1)?).await?.private()))
}

/// A question about a deal that a select answers.
pub async fn question(call: &Call, what: &str, deal: DealNumber) -> Result<Message, Failure> {
    let seen = call.see(deal).await?;
    if what != "class" {
        seen.allow(Sheet::Step)?;
    }
    let card = seen.card;
    let id = CustomId::new(press::CHOSE, call.caller.guild).with(what).with(deal).with(card.deal.version).to_control();
    match what {
        "stage" => Ok(choose::stage(&card, id)),
        "lost" => Ok(choose::loss_reason(&card, id)),
        "wait" => Ok(choose::waiting_on(&card, id)),
        "owner" => Ok(choose::owner(&card, id)),
        "class" => Ok(choose::class(&card, id)),
        _ => Err(Problem::Stale.into()),
    }
}

/// What a select answered: a change of the deal that was shown above it, or the form for the rest of it.
pub async fn chose(call: Call) -> Result<Answer, Failure> {
    let deal = call.deal_in_id(1)?;
    match answered(&call, deal).await {
        Err(failure) => Ok(Answer::Update(call.fresh(deal, failure).await?)),
        done => done,
    }
}

async fn answered(call: &Call, deal: DealNumber) -> Result<Answer, Failure> {
    let picked = call.picked().ok_or(Problem::Stale)?;
    let seen = (deal, call.id()?.number(2).ok_or(Problem::Stale)?);
    match call.id()?.word(0) {
        Some("stage") => move_to(call, seen, picked).await,
        Some("lost") => {
            let reason = from_key(picked).ok_or(Problem::Stale)?;
            sheet::open(call, Sheet::Lost(reason), deal, None).await
        }
        Some("wait") => sheet::open(call, Sheet::Wait(from_key(picked).ok_or(Problem::Stale)?), deal, None).await,
        Some("class") => claim(call, deal, picked).await,
        Some("owner") => hand_over(call, seen, picked).await,
        _ => Err(Problem::Stale.into()),
    }
}

/// Asks for what shows the primary partner's role.
async fn claim(call: &Call, deal: DealNumber, picked: &str) -> Result<Answer, Failure> {
    let role = from_key(picked).ok_or(Problem::Stale)?;
    let (_, found) = call.find(deal).await?;
    sheet::open(call, Sheet::Attribute(role, found.partner, Some(Place::Primary)), deal, None).await
}

async fn move_to(call: &Call, (deal, version): (DealNumber, i64), picked: &str) -> Result<Answer, Failure> {
    let stage = from_key(picked).ok_or(Problem::Stale)?;
    let to = |meant| {
        let change = MoveDeal { deal: meant, stage: Ok(stage), reason: None, amount: None, close: None };
        OnVersion { deal, version, change }
    };
    match sheet::change(call, (Sheet::Stage(stage), &deal.label()), Typed::default(), to).await? {
        Answer::Say(message) => Ok(Answer::Update(message)),
        other => Ok(other),
    }
}

async fn hand_over(call: &Call, (deal, version): (DealNumber, i64), picked: &str) -> Result<Answer, Failure> {
    let owner = call.person("owner", picked).await?;
    let change = AssignDeal { deal: Ok(deal), owner: Some(owner), backup: None };
    let assign = OnVersion { deal, version, change };
    Ok(Answer::Update(call.saved(call.app.change(&call.caller, assign).await?).await?))
}

/// Takes a change back.
pub async fn undo(call: Call) -> Result<Answer, Failure> {
    let of = call.id()?.number(0).map(InteractionId).ok_or(Problem::Stale)?;
    let undone = call.app.undo(&call.caller, of).await?;
    let Some(deal) = undone.deal else { return Ok(Answer::Update(taken_back(&call, &undone).await?)) };
    let seen = call.see_as(call.look().await?, deal, &undone.events).await?;
    let offers = vec![(Offer::Show, press::show(call.caller.guild, seen.card.deal.number))];
    let events = (undone.taken.as_slice(), undone.events.as_slice());
    let said = outcome::undone(&seen.voice(&call), &seen.card, &seen.names, events, offers);
    Ok(Answer::Update(said))
}

/// Another page of a deal's history.
pub async fn history(call: Call) -> Result<Answer, Failure> {
    let page = call.id()?.number(1).and_then(|page| usize::try_from(page).ok());
    let message = history_page(&call, call.deal_in_id(0)?, page.unwrap_or(0)).await?;
    // The first page is asked for from a card, which stays; the others take the place of their neighbours.
    Ok(if call.id()?.word(2).is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// A page of what happened to a deal.
pub async fn history_page(call: &Call, deal: DealNumber, index: usize) -> Result<Message, Failure> {
    let (mut look, found) = call.find(deal).await?;
    let subject = Subject { kind: SubjectKind::Deal, id: deal.0 };
    let events = look.workspace.find_events(subject).await?;
    let seen = call.see_as(look, found, &events).await?;
    let voice = seen.voice(call);
    let pages = words::pages(&voice, &seen.names, &events);
    let index = index.min(pages.len() - 1);
    let turn = |to: usize| CustomId::new(press::HISTORY, call.caller.guild).with(deal).with(to).with("turn");
    let page = paged(index, pages.len(), turn);
    Ok(words::history(&seen.card, &pages, page))
}

/// A page with the ids that turn it.
pub fn paged(index: usize, of: usize, turn: impl Fn(usize) -> CustomId) -> Page {
    Page {
        index,
        of,
        previous: index.checked_sub(1).map(|to| turn(to).to_control()),
        next: (index + 1 < of).then(|| turn(index + 1).to_control()),
    }
}

/// Another page of a list.
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?.clone();
    let page = id.number(0).and_then(|page| usize::try_from(page).ok()).ok_or(Problem::Stale)?;
    let filter = Filter::parse(&id.arguments[1..]).ok_or(Problem::Stale)?;
    Ok(Answer::Update(super::deal::list_page(&call, filter, page).await?))
}

/// A new owner says no.
pub async fn decline(call: Call) -> Result<Answer, Failure> {
    let (deal, owner) = (call.deal_in_id(0)?, call.id()?.number(1).ok_or(Problem::Stale)?);
    match call.app.change(&call.caller, DeclineDeal { deal, owner: MemberId(owner) }).await {
        Ok(_) => Ok(Answer::Say(outcome::declined(deal).private())),
        Err(Failure::Refused(refused)) => Ok(Answer::Say(call.refused_on(deal, &refused).await?.private())),
        Err(other) => Err(other),
    }
}
