//! `/handover`, and the buttons of its plan, of what recipients are asked, and of its status.

use serde::Deserialize;

use crate::app::answer_handover::{AnswerHandover, Answered, AssignHandover};
use crate::app::handover::{as_it_stands, briefs, lines, row, status as read};
use crate::app::look::Look;
use crate::app::offer_handover::OfferHandover;
use crate::app::plan_handover::{ChooseRecipient, Leaver};
use crate::app::start_handover::StartHandover;
use crate::app::undo_handover::{UndoHandover, foresee, refuse_if_gone};
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Picked};
use crate::discord::page::Pages;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::handover::{Answer as GivenAnswer, Handover, Item, Obstacle, Reply, What};
use crate::domain::id::{HandoverId, MemberId, UserId};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::handover::{self as words, Place, Told};
use crate::render::message::Message;
use crate::render::offer::{Offer, Offers};
use crate::render::{partner, press};

/// How long ago a handover that is shown may have been started.
const SHOWN: chrono::Duration = chrono::Duration::days(7);

/// The options of `/handover plan`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanOptions {
    from: Picked,
}

/// `/handover plan`
pub async fn plan(call: Call, given: PlanOptions) -> Result<Answer, Failure> {
    Ok(call.say(planned(&call, Leaver::User(user(given.from)), 0).await?))
}

/// The options of `/handover start`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartOptions {
    from: Picked,
    to: Option<Picked>,
    note: Option<String>,
}

/// `/handover start`
pub async fn start(call: Call, given: StartOptions) -> Result<Answer, Failure> {
    let StartOptions { from, to, note } = given;
    let start = StartHandover { from: Leaver::User(user(from)), to: to.map(Into::into), note, part_of: None };
    Ok(call.say(started(&call, start).await?))
}

/// `/handover status`: the newest, with a select for the others.
pub async fn status(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    let found = shown(&call).await?.into_iter().next();
    let Some(newest) = found else {
        let look = call.look().await?;
        return Ok(call.say(words::none(&look.voice(&call.commands))));
    };
    Ok(call.say(status_of(&call, Told::Shown, newest, 0).await?))
}

/// `/handover undo`: asks first, of the newest.
pub async fn undo(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    let now = call.app.now();
    let newest = shown(&call).await?.into_iter().find(|handover| handover.can_be_undone(now));
    let newest = newest.ok_or(Problem::Handover(Obstacle::NothingToUndo))?;
    Ok(call.say(undo_asked(&call, newest).await?))
}

/// "Plan the handover", and ◀ ▶ of a plan.
pub async fn plan_page(call: Call) -> Result<Answer, Failure> {
    let (leaver, page) = (member(&call)?, call.id()?.index(1).unwrap_or(0));
    let message = planned(&call, Leaver::Member(leaver), page).await?;
    Ok(if call.id()?.word(2).is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// A thing that was picked in a plan: asks who gets it.
pub async fn pick(call: Call) -> Result<Answer, Failure> {
    let (leaver, page) = (member(&call)?, call.id()?.index(1).unwrap_or(0));
    let what = call.picked().and_then(What::parse).ok_or(Problem::Stale)?;
    let mut look = call.look().await?;
    let (found, planned) = look.plan_handover(Leaver::Member(leaver)).await?;
    let proposal = planned.proposals.iter().find(|p| p.left.what == what).copied().ok_or(Problem::Stale)?;
    let card = look.plan_card(&found, &planned, vec![proposal]).await?;
    let id = |action| CustomId::new(action, call.caller.guild).with(leaver).with(page);
    let choose = id(press::HANDOVER_TO).with(what.key()).to_control();
    let back = vec![(Offer::Previous, id(press::HANDOVER_PLAN).with("turn").to_control())];
    Ok(Answer::Update(words::pick(&look.voice(&call.commands), &card.lines[0], choose, back)))
}

/// The recipient that a lead chose.
pub async fn chosen(call: Call) -> Result<Answer, Failure> {
    let (leaver, page) = (member(&call)?, call.id()?.index(1).unwrap_or(0));
    let what = call.id()?.word(2).and_then(What::parse).ok_or(Problem::Stale)?;
    let to = call.person("to", call.picked().ok_or(Problem::Stale)?).await?;
    call.app.change(&call.caller, ChooseRecipient { leaver, what, to }).await?;
    Ok(Answer::Update(planned(&call, Leaver::Member(leaver), page).await?))
}

/// "Start the handover" under a plan.
pub async fn start_pressed(call: Call) -> Result<Answer, Failure> {
    let from = Leaver::Member(member(&call)?);
    Ok(Answer::Update(started(&call, StartHandover { from, to: None, note: None, part_of: None }).await?))
}

/// ◀ ▶ of a status.
pub async fn status_page(call: Call) -> Result<Answer, Failure> {
    let (found, page) = (find(&call, id_of(&call)?).await?, call.id()?.index(1).unwrap_or(0));
    Ok(Answer::Update(status_of(&call, Told::Shown, found, page).await?))
}

/// Another handover picked below a status.
pub async fn status_other(call: Call) -> Result<Answer, Failure> {
    let picked = call.picked().and_then(|id| id.parse().ok()).map(HandoverId).ok_or(Problem::Stale)?;
    let found = find(&call, picked).await?;
    Ok(Answer::Update(status_of(&call, Told::Shown, found, 0).await?))
}

/// "Assign without acceptance".
pub async fn assign(call: Call) -> Result<Answer, Failure> {
    let handover = id_of(&call)?;
    let assigned = call.app.change(&call.caller, AssignHandover { handover }).await?;
    Ok(Answer::Update(status_of(&call, Told::Assigned, assigned.handover, 0).await?))
}

/// "Take it back", and the answer to whether to.
pub async fn undo_pressed(call: Call) -> Result<Answer, Failure> {
    let handover = id_of(&call)?;
    match call.id()?.word(1) {
        Some("yes") => {
            let undone = call.app.undo_handover(&call.caller, UndoHandover { handover }).await?;
            Ok(Answer::Update(status_of(&call, Told::Undone, undone, 0).await?))
        }
        Some("no") => Ok(Answer::Update(partner::left_as_it_is())),
        _ => Ok(Answer::Update(undo_asked(&call, find(&call, handover).await?).await?)),
    }
}

/// A thing that waits: asks who else gets it. Picked below a status, or by the button under an alert.
pub async fn elsewhere(call: Call) -> Result<Answer, Failure> {
    let (handover, page) = (id_of(&call)?, call.id()?.index(1).unwrap_or(0));
    let (pressed, picked) = (call.id()?.word(2), call.picked());
    let what = pressed.or(picked).and_then(What::parse).ok_or(Problem::Stale)?;
    let in_place = pressed.is_none();
    let message = elsewhere_asked(&call, handover, page, what).await?;
    Ok(if in_place { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// The other recipient that a lead chose.
pub async fn offered(call: Call) -> Result<Answer, Failure> {
    let (handover, page) = (id_of(&call)?, call.id()?.index(1).unwrap_or(0));
    let what = call.id()?.word(2).and_then(What::parse).ok_or(Problem::Stale)?;
    let to = call.person("to", call.picked().ok_or(Problem::Stale)?).await?;
    let Answered { handover, items } = call.app.change(&call.caller, OfferHandover { handover, what, to }).await?;
    let taken = items.iter().all(|item| item.answer == GivenAnswer::Accepted);
    let told = if taken { Told::Taken } else { Told::Offered };
    Ok(Answer::Update(status_of(&call, told, handover, page).await?))
}

/// What is said once a change of a handover was taken back: to a recipient what waits for them again, else how it stands.
pub async fn taken_back(call: &Call, id: HandoverId) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let handover = look.workspace.find_handover(id).await?.ok_or(Problem::Stale)?;
    let asker = look.asker.as_ref().map(|asker| asker.id);
    let runs = handover.started_at.is_some() && handover.undone_at.is_none();
    if !runs {
        let leaver = look.workspace.find_members(&[handover.leaver]).await?.into_iter().next();
        let leaver = leaver.ok_or(Problem::Stale)?;
        return Ok(words::withdrawn(&(&leaver).into(), press::plan_handover(call.caller.guild, leaver.id)));
    }
    match asker.filter(|asker| !handover.asked(Some(*asker)).is_empty()) {
        Some(_) => brief_at(call, id, 0, Some("Taken back."), Offers::new()).await,
        None => status_of(call, Told::Reverted, handover, 0).await,
    }
}

/// A brief of what waits for the presser.
pub async fn brief(call: Call) -> Result<Answer, Failure> {
    let index = call.id()?.index(1).unwrap_or(0);
    let message = brief_at(&call, id_of(&call)?, index, None, Offers::new()).await?;
    Ok(if call.id()?.word(2).is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// A recipient's yes or no; what waits next follows it.
pub async fn answer(call: Call) -> Result<Answer, Failure> {
    let (handover, reply) = (id_of(&call)?, reply(call.id()?)?);
    let what = match call.id()?.word(2) {
        Some("all") => None,
        key => Some(key.and_then(What::parse).ok_or(Problem::Stale)?),
    };
    let Answered { items, .. } = call.app.change(&call.caller, AnswerHandover { handover, what, reply }).await?;
    let said = said(&call, &items).await?;
    let index = call.id()?.index(3);
    let message = brief_at(&call, handover, index.unwrap_or(0), Some(&said), vec![call.undo()]).await?;
    Ok(if index.is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

fn reply(id: &CustomId) -> Result<Reply, Problem> {
    match id.word(1) {
        Some("yes") => Ok(Reply::Accept),
        Some("no") => Ok(Reply::Decline),
        _ => Err(Problem::Stale),
    }
}

fn user(picked: Picked) -> UserId {
    crate::app::Person::from(picked).user
}

/// The leaver of a control's first argument, or the one who was picked where it has none.
fn member(call: &Call) -> Result<MemberId, Failure> {
    let picked = || call.picked().and_then(|id| id.parse().ok());
    Ok(call.id()?.number(0).or_else(picked).map(MemberId).ok_or(Problem::Stale)?)
}

fn id_of(call: &Call) -> Result<HandoverId, Failure> {
    Ok(call.id()?.number(0).map(HandoverId).ok_or(Problem::Stale)?)
}

/// A page of a plan.
async fn planned(call: &Call, leaver: Leaver, page: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let (found, planned) = look.plan_handover(leaver).await?;
    let pages = Pages::new(planned.proposals.len(), words::PAGE, page);
    let card = look.plan_card(&found, &planned, pages.cut(planned.proposals.clone())).await?;
    let guild = call.caller.guild;
    let id = |action| CustomId::new(action, guild).with(found.id);
    let turn = pages.page_before(&id(press::HANDOVER_PLAN), "turn");
    let pick = id(press::HANDOVER_PICK).with(turn.index).to_control();
    let offers = vec![press::start_handover(guild, found.id)];
    Ok(words::plan(&look.voice(&call.commands), &card, turn, pick, offers))
}

async fn started(call: &Call, start: StartHandover) -> Result<Message, Failure> {
    let handover = call.app.start_handover(&call.caller, start).await?;
    let mut look = call.look().await?;
    // Whatever the plan still holds had nobody to go to.
    let (_, left) = look.plan_handover(Leaver::Member(handover.leaver)).await?;
    status_of(call, Told::Started { left_out: left.proposals.len() }, handover, 0).await
}

/// Handovers to show, newest first: those of the last days, and those of which something waits. For leads.
async fn shown(call: &Call) -> Result<Vec<Handover>, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Lead)?;
    let since = look.now - SHOWN;
    let mut shown = Vec::new();
    for handover in look.workspace.find_handovers_since(since).await? {
        let handover = as_it_stands(&mut look.workspace, handover).await?;
        if handover.waiting > 0 || handover.started_at.is_some_and(|at| at >= since) {
            shown.push(handover);
        }
    }
    Ok(shown)
}

async fn find(call: &Call, id: HandoverId) -> Result<Handover, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Lead)?;
    Ok(look.workspace.find_handover(id).await?.ok_or(Problem::Stale)?)
}

/// A page of how far a handover is.
async fn status_of(call: &Call, told: Told, handover: Handover, page: usize) -> Result<Message, Failure> {
    let others: Vec<Handover> = shown(call).await?.into_iter().filter(|other| other.id != handover.id).collect();
    let mut look = call.look().await?;
    let handover = as_it_stands(&mut look.workspace, handover).await?;
    let items: Vec<Item> = handover.in_order().into_iter().cloned().collect();
    let pages = Pages::new(items.len(), words::PAGE, page);
    let offers = offers(call, &look, told, &handover);
    let of = |action| CustomId::new(action, call.caller.guild).with(handover.id);
    let turn = pages.page(&of(press::HANDOVER_STATUS));
    let elsewhere = of(press::HANDOVER_ELSE).with(turn.index).to_control();
    let card = read(&mut look.workspace, handover, pages.cut(items), look.now).await?;
    let mut cards = Vec::new();
    for other in others {
        cards.push(read(&mut look.workspace, other, Vec::new(), look.now).await?);
    }
    let voice = look.voice(&call.commands);
    let id = CustomId::new(press::HANDOVER_OTHER, call.caller.guild).to_control();
    let others = (!cards.is_empty()).then(|| words::others(&voice, id, &cards));
    let selects = words::elsewhere(elsewhere, &card).into_iter().chain(others);
    Ok(words::status(&voice, told, &card, turn, selects, offers))
}

/// What a lead may do with a handover now.
fn offers(call: &Call, look: &Look, told: Told, handover: &Handover) -> Offers {
    let guild = call.caller.guild;
    let calendar = crate::domain::calendar::Calendar::of(&look.settings);
    let mut offers = Offers::new();
    if !handover.overdue(&calendar, calendar.day(look.now)).is_empty() {
        offers.push(press::assign_handover(guild, handover.id));
    }
    if matches!(told, Told::Started { .. } | Told::Offered | Told::Taken) {
        offers.push(call.undo());
    } else if handover.can_be_undone(look.now) {
        offers.push(press::undo_handover(guild, handover.id, Offer::UndoHandover));
    }
    offers
}

/// Asks who else gets a thing that waits.
async fn elsewhere_asked(call: &Call, id: HandoverId, page: usize, what: What) -> Result<Message, Failure> {
    let found = find(call, id).await?;
    let mut look = call.look().await?;
    let handover = as_it_stands(&mut look.workspace, found).await?;
    let item = handover.item(what).filter(|item| item.is_unsettled() && handover.undone_at.is_none());
    let item = item.ok_or(Problem::Handover(Obstacle::Answered))?;
    let line = lines(&mut look.workspace, &[row(item)], look.now).await?.pop().ok_or(Problem::Stale)?;
    let of = |action| CustomId::new(action, call.caller.guild).with(id).with(page);
    let choose = of(press::HANDOVER_OFFER).with(what.key()).to_control();
    let back = vec![(Offer::Previous, of(press::HANDOVER_STATUS).to_control())];
    Ok(words::pick(&look.voice(&call.commands), &line, choose, back))
}

/// Asks whether to take a handover back, and says what would stay.
async fn undo_asked(call: &Call, handover: Handover) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Lead)?;
    if !handover.can_be_undone(look.now) {
        return Err(Problem::Handover(Obstacle::NothingToUndo).into());
    }
    refuse_if_gone(&mut look.workspace, &handover).await?;
    let (back, stay) = foresee(&mut look.workspace, &handover).await?;
    let offers =
        [Offer::Confirm, Offer::Cancel].map(|offer| press::undo_handover(call.caller.guild, handover.id, offer));
    let card = read(&mut look.workspace, handover, stay, look.now).await?;
    Ok(words::confirm_undo(&look.voice(&call.commands), &card, back, &card.lines, offers.to_vec()))
}

/// A brief of what waits for the presser, at a place; or that nothing does. `said` is what was done, with what may follow.
async fn brief_at(
    call: &Call,
    id: HandoverId,
    index: usize,
    said: Option<&str>,
    after: Offers,
) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let handover = look.workspace.find_handover(id).await?.filter(|handover| handover.undone_at.is_none());
    let handover = as_it_stands(&mut look.workspace, handover.ok_or(Problem::Stale)?).await?;
    let asker = look.asker.as_ref().map(|asker| asker.id);
    let asked = asker.map(|asker| handover.asked(Some(asker))).unwrap_or_default();
    let place = Place { index: index.min(asked.len().saturating_sub(1)), of: asked.len() };
    let rows: Vec<_> = asked.get(place.index).map(|item| row(item)).into_iter().collect();
    let lines = lines(&mut look.workspace, &rows, look.now).await?;
    let brief = briefs(&mut look.workspace, lines, look.now).await?.pop();
    let what = brief.as_ref().map(|brief| brief.line.what);
    let on_brief = |what| press::on_brief(call.caller.guild, id, what, (place.index, place.of));
    let mut offers = what.map(on_brief).unwrap_or_default();
    offers.extend(after);
    let brief = brief.as_ref().map(|brief| (brief, place));
    Ok(words::turn(&look.voice(&call.commands), said, brief, offers))
}

/// What an answer did.
async fn said(call: &Call, items: &[Item]) -> Result<String, Failure> {
    let mut look = call.look().await?;
    let rows: Vec<_> = items.iter().map(row).collect();
    let lines = lines(&mut look.workspace, &rows, look.now).await?;
    Ok(words::answered(items, &lines))
}
