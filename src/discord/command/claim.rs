//! Claims: the queue of those that wait to be confirmed, and what is pressed on one of them.

use super::{my, sheet};
use crate::app::claim::Scope;
use crate::app::confirm_claim::{ClaimRef, ConfirmClaim, QuestionClaim};
use crate::app::look::Look;
use crate::app::read;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::discord::custom_id::CustomId;
use crate::discord::page::Pages;
use crate::domain::id::PartnerId;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::claim as words;
use crate::render::deal::form::{Typed, input};
use crate::render::message::Message;
use crate::render::offer::{Offer, Offers};
use crate::render::press;
use crate::store::claim::Waiting;

/// Another page of the claims that wait; the first one is asked for from a partner's card, which stays.
pub async fn claims(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let partner = id.number(1).map(PartnerId).ok_or(Problem::Stale)?;
    let (scope, index) = (scope(id, partner)?, id.index(2).unwrap_or(0));
    let page = queue(&call, scope, index, None).await?;
    Ok(if id.word(3).is_some() { Answer::Update(page) } else { Answer::Say(page.private()) })
}

/// Confirms a claim, and goes on to the next one.
pub async fn confirm(call: Call) -> Result<Answer, Failure> {
    let claim = pressed(&call)?;
    let changed = call.app.change(&call.caller, ConfirmClaim { claim }).await?;
    if call.id()?.word(0) == Some("card") {
        return Ok(Answer::Say(call.saved(changed).await?.private()));
    }
    let said = words::confirmed(changed.deal.number);
    Ok(Answer::Update(queue(&call, scope(call.id()?, claim.partner)?, 0, Some(&said)).await?))
}

/// Asks what the claimer should answer.
pub async fn question(call: Call) -> Result<Answer, Failure> {
    let claim = pressed(&call)?;
    let seen = call.see(claim.deal).await?;
    let id = CustomId { action: press::QUESTIONED.to_owned(), ..call.id()?.clone() };
    Ok(Answer::Ask(words::question(&seen.card, id.to_control())))
}

/// That question, sent.
pub async fn questioned(call: Call) -> Result<Answer, Failure> {
    let Input::Form { fields, .. } = &call.input else { return Err(Problem::Stale.into()) };
    let claim = pressed(&call)?;
    let question = fields.get(input::QUESTION).cloned().unwrap_or_default();
    let typed = Typed { values: vec![(input::QUESTION.to_owned(), question.clone())] };
    let changed = match call.app.change(&call.caller, QuestionClaim { claim, question }).await {
        Ok(changed) => changed,
        Err(failure) => return sheet::give_back(&call, &typed, failure).await,
    };
    if call.id()?.word(0) == Some("card") {
        return Ok(Answer::Say(call.saved(changed).await?.private()));
    }
    let said = words::questioned(changed.deal.number);
    Ok(Answer::Update(queue(&call, scope(call.id()?, claim.partner)?, 0, Some(&said)).await?))
}

/// The claim that a button or form is about.
fn pressed(call: &Call) -> Result<ClaimRef, Failure> {
    let (deal, id) = (call.deal_in_id(1)?, call.id()?);
    let (Some(partner), Some(at)) = (id.number(2), id.number(3)) else { return Err(Problem::Stale.into()) };
    Ok(ClaimRef { deal, partner: PartnerId(partner), at })
}

fn scope(id: &CustomId, partner: PartnerId) -> Result<Scope, Problem> {
    match id.word(0) {
        Some("mine") => Ok(Scope::Mine),
        Some("with") => Ok(Scope::With(partner)),
        _ => Err(Problem::Stale),
    }
}

/// The claim at a place of a queue; past the claims that wait for somebody, their own deals. `said` is what the last
/// press did, which can be taken back.
async fn queue(call: &Call, scope: Scope, index: usize, said: Option<&str>) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let waiting = look.waiting_claims(scope).await?;
    let undo: Offers = said.map(|_| call.undo()).into_iter().collect();
    match (waiting.first.is_empty(), scope) {
        (false, _) => page(call, &mut look, scope, waiting, index, said).await,
        (true, Scope::Mine) if said.is_none() => my::first_deal(call, &mut look).await,
        (true, Scope::Mine) => {
            Ok(words::nothing_waits(said, [undo, vec![press::own_deals(call.caller.guild)]].concat()))
        }
        (true, Scope::With(_)) => Ok(words::nothing_waits(said, undo)),
    }
}

/// One page of the claims of a scope.
pub async fn page(
    call: &Call,
    look: &mut Look,
    scope: Scope,
    waiting: Waiting,
    index: usize,
    said: Option<&str>,
) -> Result<Message, Failure> {
    let guild = call.caller.guild;
    let (from, of) = match scope {
        Scope::Mine => ("mine", PartnerId(0)),
        Scope::With(partner) => ("with", partner),
    };
    let pages = Pages::new(waiting.first.len(), 1, index);
    let (deal, partner) = pages.cut(waiting.first).pop().ok_or(Problem::Stale)?;
    let card = read::card(&mut look.workspace, deal, look.now).await?;
    let credit = card.deal.credit(partner).ok_or(Problem::Stale)?;
    let mut offers = press::on_claim(guild, from, card.deal.number, &credit);
    offers.push((Offer::Show, press::show(guild, card.deal.number)));
    offers.extend(said.map(|_| call.undo()));
    offers.extend((scope == Scope::Mine).then(|| press::own_deals(guild)));
    let turn = pages.turned(|to| CustomId::new(press::CLAIMS, guild).with(from).with(of).with(to).with("turn"));
    Ok(words::claim(&look.voice(&call.commands), &card, partner, (turn, waiting.total), said, offers))
}
