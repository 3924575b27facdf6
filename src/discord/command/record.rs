//! What is asked on the way to a recorded deal: another account or partner, an open deal that may be the same one, a
//! value that could not be read. What was typed is in a draft all the while, and each answer tries again.

use crate::app::ask_partner::AskPartner;
use crate::app::draft::{Draft, KeepDraft};
use crate::app::join_deal::JoinDeal;
use crate::app::note_deal::NoteDeal;
use crate::app::on_deal::Changed;
use crate::app::record_deal::{RecordDeal, UnknownAccount};
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::domain::id::{AccountId, DealNumber, InteractionId, PartnerId};
use crate::domain::refusal::{Problem, Refused, Thing};
use crate::error::Failure;
use crate::render::control::CustomId as ControlId;
use crate::render::custom_id::CustomId;
use crate::render::deal::choose::{Similar, similar};
use crate::render::deal::form::{self, Typed, input};
use crate::render::deal::outcome;
use crate::render::deal::record::{Meant, Presses, partner_asked, questions};
use crate::render::message::Message;
use crate::render::pay::Own;
use crate::render::press;

/// Records a deal, or asks what stands in the way. What was typed is kept before anything is asked.
pub async fn attempt(call: &Call, record: RecordDeal) -> Result<Message, Failure> {
    match call.app.change(&call.caller, record.clone()).await {
        Ok(changed) => recorded(call, changed).await,
        Err(Failure::Refused(refused)) if is_question(&refused) => question(call, record, &refused).await,
        Err(other) => Err(other),
    }
}

async fn recorded(call: &Call, changed: Changed) -> Result<Message, Failure> {
    let look = call.app.look_as(&call.caller, changed.seen_by).await?;
    let seen = call.see_as(look, changed.deal, &changed.events).await?;
    let mut offers = press::after_change(call.caller.guild, &seen.card, call.caller.interaction);
    offers.extend(press::propose(call.caller.guild, &seen.card).filter(|_| seen.card.deal.next_step.is_none()));
    let pay = Own { this: seen.look.pay(&seen.card.deal), news: &[] };
    Ok(outcome::recorded(&seen.voice(call), &seen.card, &changed.events, pay, offers))
}

/// Whether what stands in the way is about what was typed.
fn is_question(refused: &Refused) -> bool {
    !refused.problems.iter().any(|p| matches!(p, Problem::NotSetUp | Problem::NotAllowed { .. } | Problem::Stale))
}

async fn question(call: &Call, record: RecordDeal, refused: &Refused) -> Result<Message, Failure> {
    let id = record.draft.unwrap_or(call.caller.interaction);
    call.app.change(&call.caller, KeepDraft { id, draft: Draft::Deal(Box::new(record.clone())) }).await?;
    if let [Problem::SimilarDeals { deals, .. }] = refused.problems.as_slice() {
        return same_account(call, &record, id, deals).await;
    }
    let presses = presses(call, &record, id, refused).await?;
    let look = call.look().await?;
    Ok(questions(&look.voice(&call.commands), refused, &typed(&record), presses))
}

/// Open deals with the account come first: note it there, join, or say why it is another one.
async fn same_account(
    call: &Call,
    record: &RecordDeal,
    draft: InteractionId,
    deals: &[DealNumber],
) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let deals = look.workspace.find_deals(deals).await?;
    let cards = crate::app::read::cards(&mut look.workspace, deals, look.now).await?;
    let of = |deal: DealNumber| Similar {
        deal,
        note: press_of(call, "note", draft).with(deal).to_control(),
        join: press_of(call, "join", draft).with(deal).to_control(),
    };
    let presses: Vec<Similar> = cards.iter().map(|card| of(card.deal.number)).collect();
    let anyway = press_of(call, "anyway", draft).to_control();
    Ok(similar(&look.voice(&call.commands), &record.account, &cards, &presses, anyway))
}

/// What can be pressed for what stands in the way.
async fn presses(
    call: &Call,
    record: &RecordDeal,
    draft: InteractionId,
    refused: &Refused,
) -> Result<Presses, Failure> {
    let mut workspace = call.app.store.read(call.caller.guild).await?;
    let mut presses = Presses { retry: Some(press_of(call, "retry", draft).to_control()), ..Presses::default() };
    for problem in &refused.problems {
        match problem {
            Problem::NewAccount { close, .. } => {
                presses.create = Some(press_of(call, "create", draft).to_control());
                for name in close {
                    let id = workspace.find_account_named(name).await?.map(|account| account.id);
                    presses.accounts.extend(id.map(|id| meant(name, press_of(call, "account", draft).with(id))));
                }
            }
            Problem::NotFound { what: Thing::Partner, close, .. } => {
                let ask = press_of(call, "lead", draft).to_control();
                presses.ask_lead = (!record.partner_asked).then_some(ask);
                for name in close {
                    let id = workspace.find_partner_named(name).await?.map(|partner| partner.id);
                    presses.partners.extend(id.map(|id| meant(name, press_of(call, "partner", draft).with(id))));
                }
            }
            _ => {}
        }
    }
    Ok(presses)
}

fn meant(name: &str, take: CustomId) -> Meant {
    Meant { name: name.to_owned(), take: take.to_control() }
}

fn press_of(call: &Call, what: &str, draft: InteractionId) -> CustomId {
    CustomId::new(press::RECORD, call.caller.guild).with(what).with(draft)
}

fn typed(record: &RecordDeal) -> Typed {
    Typed { values: record.typed().into_iter().map(|(option, text)| (option.to_owned(), text)).collect() }
}

/// An answer to one of the questions.
pub async fn record(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?.clone();
    let draft = id.number(1).map(InteractionId).ok_or(Problem::Stale)?;
    let Draft::Deal(kept) = call.app.find_draft(&call.caller, draft).await? else { return Err(Problem::Stale.into()) };
    let record = RecordDeal { draft: Some(draft), ..*kept };
    match id.word(0).unwrap_or_default() {
        // From a line that the whole channel reads: what follows is for the presser.
        "go_on" => Ok(Answer::Say(attempt(&call, record).await?.private())),
        "retry" => retry(&call, record).await,
        "anyway" => Ok(Answer::Ask(form::why(form::ANOTHER_DEAL, why_id(&call, draft), None))),
        "lead" => ask_the_lead(&call, draft, &record).await,
        "note" => note(&call, &id, record).await,
        "join" => join(&call, &id, record).await,
        answer => Ok(Answer::Update(attempt(&call, answered(&call, &id, answer, record).await?).await?)),
    }
}

/// What was typed, with an answer in the place of what stood in the way.
async fn answered(call: &Call, id: &CustomId, answer: &str, mut record: RecordDeal) -> Result<RecordDeal, Failure> {
    match answer {
        "account" => record.account = account(call, id).await?,
        "create" => record.unknown_account = UnknownAccount::Create,
        "partner" => record.partner = partner(call, id).await?,
        "fix" => retype(call, id, &mut record),
        "why" => record.although = field(call, input::WHY),
        _ => return Err(Problem::Stale.into()),
    }
    Ok(record)
}

async fn account(call: &Call, id: &CustomId) -> Result<String, Failure> {
    let mut workspace = call.app.store.read(call.caller.guild).await?;
    let account = id.number(2).map(AccountId).ok_or(Problem::Stale)?;
    Ok(workspace.find_account(account).await?.map(|a| a.name).ok_or(Problem::Stale)?)
}

async fn partner(call: &Call, id: &CustomId) -> Result<String, Failure> {
    let mut workspace = call.app.store.read(call.caller.guild).await?;
    let partner = id.number(2).map(PartnerId).ok_or(Problem::Stale)?;
    Ok(workspace.find_partner(partner).await?.map(|p| p.name).ok_or(Problem::Stale)?)
}

fn why_id(call: &Call, draft: InteractionId) -> ControlId {
    press_of(call, "why", draft).to_control()
}

fn field(call: &Call, input: &str) -> Option<String> {
    match &call.input {
        Input::Form { fields, .. } => fields.get(input).cloned(),
        _ => None,
    }
}

/// Tries again as it is; what still can't be read is asked for in a form.
async fn retry(call: &Call, mut record: RecordDeal) -> Result<Answer, Failure> {
    let refused = match call.app.change(&call.caller, record.clone()).await {
        Ok(changed) => return Ok(Answer::Update(recorded(call, changed).await?)),
        Err(Failure::Refused(refused)) if is_question(&refused) => refused,
        Err(other) => return Err(other),
    };
    let options = retypable(&refused, &mut record);
    let draft = record.draft.unwrap_or(call.caller.interaction);
    let id = press_of(call, "fix", draft).with(options.join("-")).to_control();
    match form::record(&options, id, &typed(&record)) {
        Some(form) => {
            call.app.change(&call.caller, KeepDraft { id: draft, draft: Draft::Deal(Box::new(record)) }).await?;
            Ok(Answer::Ask(form))
        }
        None => Ok(Answer::Update(attempt(call, record).await?)),
    }
}

/// The options that a form can ask for again. People can't be typed: they are left out, as the question said.
fn retypable(refused: &Refused, record: &mut RecordDeal) -> Vec<&'static str> {
    let mut options = Vec::new();
    for problem in &refused.problems {
        match problem {
            Problem::EvidenceTooOld { .. }
            | Problem::Unreadable { option: "on", .. }
            | Problem::TooFar { option: "on", .. }
            | Problem::BadDate { option: "on", .. } => options.push(input::EVIDENCE_ON),
            Problem::Unreadable { option, .. }
            | Problem::OtherCurrency { option, .. }
            | Problem::BadAmount { option, .. }
            | Problem::TooFar { option, .. }
            | Problem::Missing { option, .. }
            | Problem::TooLong { option, .. }
            | Problem::BadDate { option, .. } => options.push(*option),
            Problem::NewAccount { .. } => options.push("account"),
            Problem::NotFound { what: Thing::Partner, .. } | Problem::TakesNoDeals { .. } => options.push("partner"),
            Problem::NotAMember { option, .. } | Problem::StandsInForSelf { option } => record.retype(option, None),
            _ => {}
        }
    }
    options.dedup();
    options.truncate(5);
    options
}

fn retype(call: &Call, id: &CustomId, record: &mut RecordDeal) {
    for option in id.word(2).unwrap_or_default().split('-') {
        record.retype(option, field(call, option));
    }
}

async fn ask_the_lead(call: &Call, draft: InteractionId, record: &RecordDeal) -> Result<Answer, Failure> {
    call.app.change(&call.caller, AskPartner { draft }).await?;
    Ok(Answer::Update(partner_asked(&typed(record), press_of(call, "retry", draft).to_control())))
}

/// What was typed becomes a note on an open deal.
async fn note(call: &Call, id: &CustomId, record: RecordDeal) -> Result<Answer, Failure> {
    let deal = id.number(2).map(DealNumber).ok_or(Problem::Stale)?;
    Ok(Answer::Update(call.saved(call.app.change(&call.caller, NoteDeal { deal, record }).await?).await?))
}

/// The partner that was typed takes part in an open deal, and the rest becomes a note on it.
async fn join(call: &Call, id: &CustomId, record: RecordDeal) -> Result<Answer, Failure> {
    let deal = id.number(2).map(DealNumber).ok_or(Problem::Stale)?;
    Ok(Answer::Update(call.saved(call.app.change(&call.caller, JoinDeal { deal, record }).await?).await?))
}
