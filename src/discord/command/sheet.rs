//! Forms on deals: opened by a button, sent, and opened again with what was typed and not saved.

use crate::app::draft::{Draft, KeepDraft};
use crate::app::on_deal::Changed;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::discord::custom_id::CustomId;
use crate::discord::sheet::{Fields, Sheet};
use crate::domain::event::{Subject, SubjectKind, rewound};
use crate::domain::id::{DealNumber, InteractionId};
use crate::domain::refusal::{Problem, Refused};
use crate::error::Failure;
use crate::render::control::CustomId as ControlId;
use crate::render::deal::form::{self, Typed};
use crate::render::message::Message;
use crate::render::press;

/// A button that opens a form.
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let sheet = Sheet::of(call.id()?).ok_or(Problem::Stale)?;
    open(&call, sheet, call.deal_in_id(2)?, None).await
}

/// Opens a form on a deal, with what was typed before.
pub async fn open(call: &Call, sheet: Sheet, deal: DealNumber, typed: Option<&Typed>) -> Result<Answer, Failure> {
    let seen = call.see(deal).await?;
    seen.allow(sheet)?;
    Ok(Answer::Ask(sheet.modal(call, &seen, typed)))
}

/// Does a change that a command asked for by its options. What is missing is asked for in a form, and what was given is
/// given back if it was refused, so that nobody types it twice.
pub async fn change(
    call: &Call,
    (sheet, deal): (Sheet, DealNumber),
    given: Typed,
    change: impl Future<Output = Result<Changed, Failure>>,
) -> Result<Answer, Failure> {
    let refused = match change.await {
        Ok(changed) => return Ok(call.say(call.saved(changed).await?)),
        Err(Failure::Refused(refused)) => refused,
        Err(other) => return Err(other),
    };
    if refused.only_misses_something() {
        return open(call, sheet, deal, Some(&given)).await;
    }
    if given.values.is_empty() {
        return Err(refused.into());
    }
    let (look, found) = call.find(deal).await?;
    let version = found.version;
    let seen = call.see_as(look, found, &[]).await?;
    let retry = keep(call, &sheet.id(call.caller.guild, deal, version), &given).await?;
    Ok(Answer::Say(form::refused(&seen.voice(call), &refused, &given, retry).private()))
}

/// A form that was sent.
pub async fn send(call: Call) -> Result<Answer, Failure> {
    let Input::Form { id, fields } = &call.input else { return Err(Problem::Stale.into()) };
    let sheet = Sheet::of(id).ok_or(Problem::Stale)?;
    let (deal, version) = (call.deal_in_id(2)?, id.number(3).ok_or(Problem::Stale)?);
    match sheet.send(&call, deal, version, fields).await {
        Ok(changed) => Ok(call.say(call.saved(changed).await?)),
        Err(Failure::Refused(refused)) => {
            Ok(call.say(give_back(&call, (sheet, deal, version), fields, refused).await?))
        }
        Err(other) => Err(other),
    }
}

/// A form that was refused: its text is kept, and stands in the answer.
async fn give_back(
    call: &Call,
    (sheet, deal, version): (Sheet, DealNumber, i64),
    fields: &Fields,
    refused: Refused,
) -> Result<Message, Failure> {
    let (mut look, found) = call.find(deal).await?;
    let subject = Subject { kind: SubjectKind::Deal, id: deal.0 };
    let newer = look.workspace.find_events_from(subject, version + 1).await?;
    let seen = call.see_as(look, found, &newer).await?;
    let voice = seen.voice(call);
    let typed = match sheet {
        Sheet::Update => differing(form::standing(&voice, &rewound(&seen.card.deal, &newer)?), fields),
        _ => Typed { values: fields.clone().into_iter().collect() },
    };
    if typed.values.is_empty() {
        return Err(refused.into());
    }
    let retry = keep(call, &sheet.id(call.caller.guild, deal, version), &typed).await?;
    Ok(match refused.problems.as_slice() {
        [Problem::ChangedMeanwhile] => form::changed_meanwhile(&voice, &seen.card, &seen.names, &newer, &typed, retry),
        _ => form::refused(&voice, &refused, &typed, retry),
    })
}

/// What a person changed in a form, emptied inputs included: only that is theirs to keep.
fn differing(standing: Vec<(&'static str, String)>, fields: &Fields) -> Typed {
    let typed = |(id, stood): (&'static str, String)| {
        let text = fields.get(id).cloned().unwrap_or_default();
        (text != stood).then(|| (id.to_owned(), text))
    };
    Typed { values: standing.into_iter().filter_map(typed).collect() }
}

/// Keeps what was typed, and says what opens it again.
async fn keep(call: &Call, id: &CustomId, typed: &Typed) -> Result<ControlId, Failure> {
    let draft = Draft::Form { id: id.to_control().as_str().to_owned(), typed: typed.values.clone() };
    let kept = call.app.change(&call.caller, KeepDraft { id: call.caller.interaction, draft }).await?;
    Ok(press::retry(call.caller.guild, kept))
}

/// Opens a form again with what was typed.
pub async fn retry(call: Call) -> Result<Answer, Failure> {
    let draft = call.id()?.number(0).map(InteractionId).ok_or(Problem::Stale)?;
    let Draft::Form { id, typed } = call.app.find_draft(&call.caller, draft).await? else {
        return Err(Problem::Stale.into());
    };
    let id = CustomId::parse(&id).ok_or(Problem::Stale)?;
    let (sheet, deal) = (Sheet::of(&id).ok_or(Problem::Stale)?, id.number(2).ok_or(Problem::Stale)?);
    open(&call, sheet, DealNumber(deal), Some(&Typed { values: typed })).await
}
