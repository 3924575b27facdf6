//! Forms on deals: opened by a button, sent, and opened again with what was typed and not saved.

use super::{item, meeting, plan};
use crate::app::UseCase;
use crate::app::draft::{Draft, KeepDraft};
use crate::app::on_deal::{Changed, Meant};
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::discord::custom_id::CustomId;
use crate::discord::seen::Seen;
use crate::discord::sheet::{Fields, Sheet};
use crate::domain::event::{Subject, SubjectKind, rewound};
use crate::domain::id::{DealNumber, InteractionId, PartnerId};
use crate::domain::refusal::{Problem, Refused};
use crate::error::Failure;
use crate::render::deal::criteria;
use crate::render::deal::form::{self, Typed, input};
use crate::render::message::Message;
use crate::render::offer::Offer;
use crate::render::press::{self, May};

/// A button that opens a form.
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let sheet = Sheet::of(call.id()?).ok_or(Problem::Stale)?;
    open(&call, sheet, call.deal_in_id(2)?, None).await
}

/// Opens a form on a deal, with what was typed before. What has no input in it is kept beside it.
pub async fn open(call: &Call, sheet: Sheet, deal: DealNumber, typed: Option<&Typed>) -> Result<Answer, Failure> {
    let seen = call.see(deal).await?;
    seen.allow(sheet)?;
    if let Some(problem) = seen.barred(sheet) {
        let typed = typed.cloned().unwrap_or_default();
        return Ok(Answer::Say(unmet(call, &seen, sheet, &typed, &problem.into()).await?.private()));
    }
    let beside = typed.filter(|typed| typed.get(input::CRM).is_some() && seen.may == May::Change);
    let kept = match beside {
        Some(typed) => Some(keep(call, &sheet.id(call.caller.guild, deal, seen.card.deal.version), typed).await?),
        None => None,
    };
    Ok(Answer::Ask(sheet.modal(call, &seen, typed, kept)))
}

/// Does a change that a command asked for by its options. What is missing is asked for in a form, where there is one for
/// it, and what was given is given back if it was refused, so that nobody types it twice.
pub async fn change<U: UseCase<Outcome = Changed>>(
    call: &Call,
    (sheet, deal): (impl Into<Option<Sheet>>, &str),
    given: Typed,
    change: impl FnOnce(Meant) -> U,
) -> Result<Answer, Failure> {
    let meant = match call.deal(deal).await {
        Ok(meant) => meant,
        Err(failure) => return give_back(call, &given, failure).await,
    };
    let refused = match call.app.change(&call.caller, change(meant.clone())).await {
        Ok(changed) => return Ok(call.say(call.saved(changed).await?)),
        Err(Failure::Refused(refused)) => refused,
        Err(other) => return Err(other),
    };
    let (Some(sheet), Ok(deal)) = (sheet.into(), meant) else {
        return give_back(call, &given, refused.into()).await;
    };
    if refused.only_misses_something() {
        return open(call, sheet, deal, Some(&given)).await;
    }
    if is_unmet(&refused) {
        let message = unmet(call, &call.see(deal).await?, sheet, &given, &refused).await?;
        return Ok(Answer::Say(message.private()));
    }
    if given.is_blank() {
        return Err(refused.into());
    }
    let Ok((look, found)) = call.find(deal).await else { return give_back(call, &given, refused.into()).await };
    let version = found.version;
    let seen = call.see_as(look, found, &[]).await?;
    if seen.allow(sheet).is_err() {
        return give_back(call, &given, refused.into()).await;
    }
    let kept = keep(call, &sheet.id(call.caller.guild, deal, version), &given).await?;
    let offers = press::on_refused(call.caller.guild, kept, &refused);
    Ok(Answer::Say(form::refused(&seen.voice(call), &refused, &given, offers).private()))
}

/// A command failed that no form can be opened for again, as when there is no such deal: what was typed stands in the
/// answer, to be copied.
pub async fn give_back(call: &Call, given: &Typed, failure: Failure) -> Result<Answer, Failure> {
    match failure {
        Failure::Refused(refused) if !given.is_blank() => {
            let look = call.look().await?;
            Ok(Answer::Say(form::given_back(&look.voice(&call.commands), &refused, given).private()))
        }
        other => Err(other),
    }
}

/// A form that was sent.
pub async fn send(call: Call) -> Result<Answer, Failure> {
    let Input::Form { id, fields } = &call.input else { return Err(Problem::Stale.into()) };
    let sheet = Sheet::of(id).ok_or(Problem::Stale)?;
    let (deal, version) = (call.deal_in_id(2)?, id.number(3).ok_or(Problem::Stale)?);
    let fields = &with_kept(&call, id, fields).await?;
    match sheet.send(&call, (deal, version), fields).await {
        Ok(changed) => Ok(call.say(call.saved(changed).await?)),
        Err(Failure::Refused(refused)) => ask_again(&call, (sheet, deal, version), fields, refused).await,
        Err(other) => Err(other),
    }
}

/// The texts of a form, with what was typed before and has no input in it, for as long as that is kept.
async fn with_kept(call: &Call, id: &CustomId, fields: &Fields) -> Result<Fields, Failure> {
    let mut fields = fields.clone();
    let Some(draft) = id.number(4).map(InteractionId) else { return Ok(fields) };
    match call.app.find_draft(&call.caller, draft).await {
        Ok(Draft::Form { typed, .. }) => fields.extend(typed.into_iter().filter(|(input, _)| input == input::CRM)),
        Ok(_) | Err(Failure::Refused(_)) => {}
        Err(other) => return Err(other),
    }
    Ok(fields)
}

/// A form that was refused: its text stands in the answer, and is kept where it can be sent again.
async fn ask_again(
    call: &Call,
    (sheet, deal, version): (Sheet, DealNumber, i64),
    fields: &Fields,
    refused: Refused,
) -> Result<Answer, Failure> {
    let (mut look, found) = call.find(deal).await?;
    let subject = Subject { kind: SubjectKind::Deal, id: deal.0 };
    let newer = look.workspace.find_events_from(subject, version + 1).await?;
    let seen = call.see_as(look, found, &newer).await?;
    let voice = seen.voice(call);
    let typed = differing(sheet.standing(&voice, &rewound(&seen.card.deal, &newer)?), fields);
    if let Err(problem) = seen.allow(sheet) {
        return give_back(call, &typed, problem.into()).await;
    }
    if is_unmet(&refused) {
        return Ok(call.say(unmet(call, &seen, sheet, &typed, &refused).await?));
    }
    let changed = refused.problems == [Problem::ChangedMeanwhile];
    if typed.values.is_empty() && !changed {
        return Err(refused.into());
    }
    let kept = keep(call, &sheet.id(call.caller.guild, deal, version), &typed).await?;
    let guild = call.caller.guild;
    Ok(call.say(match changed {
        true => {
            let retry = press::retry(guild, kept);
            form::changed_meanwhile(&voice, &seen.card, &seen.names, &newer, &typed, retry)
        }
        false => form::refused(&voice, &refused, &typed, press::on_refused(guild, kept, &refused)),
    }))
}

fn is_unmet(refused: &Refused) -> bool {
    refused.problems.iter().any(|problem| matches!(problem, Problem::Unmet { .. }))
}

/// Unmet criteria stand in the way: which, and what the person can do about them. A lead goes on with a reason.
async fn unmet(call: &Call, seen: &Seen, sheet: Sheet, typed: &Typed, refused: &Refused) -> Result<Message, Failure> {
    let (guild, deal) = (call.caller.guild, &seen.card.deal);
    let asked = deal.pass_asked.as_ref().map(|asked| asked.to);
    let pass = match sheet.leads_to() {
        _ if seen.look.access.lead => {
            let kept = keep(call, &sheet.id(guild, deal.number, deal.version), typed).await?;
            Some((Offer::Pass, press::retry(guild, kept)))
        }
        Some(to) if asked != Some(to) => Some(press::ask_pass(guild, deal.number, to)),
        to => to.map(|to| press::withdraw_pass(guild, deal.number, to)),
    };
    let offers = std::iter::once((Offer::Criteria, press::criteria(guild, deal.number))).chain(pass).collect();
    Ok(criteria::unmet(&seen.voice(call), refused, typed, offers))
}

/// What a person changed in a form, emptied inputs included, and what stood in none of the deal's: only that is theirs
/// to keep. What they left as it was is the deal's, and shows what the deal says by then.
pub(super) fn differing(standing: Vec<(&'static str, String)>, fields: &Fields) -> Typed {
    let stood = |id: &String| standing.iter().any(|(known, _)| known == id);
    let own = fields.iter().filter(|(id, _)| !stood(id)).map(|(id, text)| (id.clone(), text.clone()));
    let own: Vec<(String, String)> = own.collect();
    let typed = |(id, stood): (&'static str, String)| {
        let text = fields.get(id).cloned().unwrap_or_default();
        (text != stood).then(|| (id.to_owned(), text))
    };
    Typed { values: standing.into_iter().filter_map(typed).chain(own).collect() }
}

/// Keeps what was typed into a form.
pub(super) async fn keep(call: &Call, id: &CustomId, typed: &Typed) -> Result<InteractionId, Failure> {
    let draft = Draft::Form { id: id.to_control().as_str().to_owned(), typed: typed.values.clone() };
    call.app.change(&call.caller, KeepDraft { id: call.caller.interaction, draft }).await
}

/// Opens a form again with what was typed.
pub async fn retry(call: Call) -> Result<Answer, Failure> {
    let draft = call.id()?.number(0).map(InteractionId).ok_or(Problem::Stale)?;
    let Draft::Form { id, typed } = call.app.find_draft(&call.caller, draft).await? else {
        return Err(Problem::Stale.into());
    };
    let (id, typed) = (CustomId::parse(&id).ok_or(Problem::Stale)?, Typed { values: typed });
    match id.action.as_str() {
        press::PLAN_SEND => {
            let partner = id.number(0).map(PartnerId).ok_or(Problem::Stale)?;
            plan::ask_again(&call, partner, &typed).await
        }
        press::REVIEW_DECIDED | press::REVIEW_ACTED => meeting::ask_again(&call, &id, &typed).await,
        press::ACTION_DROPPED => item::ask_again(&call, &id, &typed).await,
        _ => open_again(&call, &id, &typed).await,
    }
}

async fn open_again(call: &Call, id: &CustomId, typed: &Typed) -> Result<Answer, Failure> {
    let (sheet, deal) = (Sheet::of(id).ok_or(Problem::Stale)?, id.number(2).ok_or(Problem::Stale)?);
    let sheet = if call.id()?.word(1) == Some(press::INFLUENCED) { sheet.as_influenced() } else { sheet };
    open(call, sheet, DealNumber(deal), Some(typed)).await
}
