//! `/motion`, and what leads press on its pages.

use serde::Deserialize;

use super::deal::read_stage;
use crate::app::edit_motion::{CRITERION, DiscardDraft, EditMotion, OnCriterion, What};
use crate::app::look::Look;
use crate::app::publish_motion::PublishMotion;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::discord::page::Pages;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::card::Names;
use crate::domain::motion::{Criterion, Side, Stage};
use crate::domain::refusal::{Problem, Thing};
use crate::error::Failure;
use crate::render::control::CustomId as ControlId;
use crate::render::custom_id::CustomId;
use crate::render::message::Message;
use crate::render::motion::{self as words, Shown};
use crate::render::offer::{Offer, Offers};
use crate::render::press;

/// The options of `/motion show`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowOptions {
    stage: Option<String>,
}

/// `/motion show`
pub async fn show(call: Call, given: ShowOptions) -> Result<Answer, Failure> {
    let stage = given.stage.as_deref().map(open_stage).transpose()?;
    let (look, names) = read(&call).await?;
    let (voice, shown) = (look.voice(&call.commands), shown(&look, &names));
    Ok(call.say(match stage {
        None => words::whole(&voice, &shown, on_draft(&call, &look)),
        Some(stage) => {
            let change = look.access.lead.then(|| control(&call, &look, "pick", stage).to_control());
            words::stage(&voice, &shown, stage, change, on_draft(&call, &look))
        }
    }))
}

/// The options of `/motion stage`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageOptions {
    stage: String,
    probability: Option<u8>,
    days: Option<u32>,
    meaning: Option<String>,
    next: Option<String>,
}

/// `/motion stage`
pub async fn stage(call: Call, given: StageOptions) -> Result<Answer, Failure> {
    let StageOptions { stage, probability, days: usual_days, meaning, next } = given;
    let what = What::Stage { probability, usual_days, meaning, next };
    Ok(call.say(edited(&call, EditMotion { stage: open_stage(&stage)?, what }).await?))
}

/// The options of `/motion criterion`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriterionOptions {
    stage: String,
    side: Side,
    text: String,
}

/// `/motion criterion`
pub async fn criterion(call: Call, given: CriterionOptions) -> Result<Answer, Failure> {
    let what = What::Add { side: given.side, text: given.text };
    Ok(call.say(edited(&call, EditMotion { stage: open_stage(&given.stage)?, what }).await?))
}

/// The options of `/motion publish`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishOptions {
    note: String,
}

/// `/motion publish`
pub async fn publish(call: Call, given: PublishOptions) -> Result<Answer, Failure> {
    call.app.change(&call.caller, PublishMotion { note: given.note }).await?;
    let (look, names) = read(&call).await?;
    Ok(call.say(words::published_now(&look.voice(&call.commands), &shown(&look, &names), vec![call.undo()])))
}

/// `/motion history`
pub async fn history(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    Ok(call.say(history_page(&call, 0).await?))
}

async fn history_page(call: &Call, index: usize) -> Result<Message, Failure> {
    let (look, names) = read(call).await?;
    let pages = Pages::new(look.settings.motions.newest_first().count(), words::PAGE, index);
    let page = pages.page(&CustomId::new(press::MOTION, call.caller.guild).with("history"));
    Ok(words::history(&look.voice(&call.commands), &shown(&look, &names), page))
}

/// `motion:{guild}:history:{page}`, `…:discard:{version}`, `…:pick:{stage}:{version}`, and for the criterion at a place
/// `…:{reword|reworded|swap|remove}:{stage}:{version}:{place}`; the version is the settings'.
pub async fn pressed(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    match id.word(0).unwrap_or_default() {
        "history" => Ok(Answer::Update(history_page(&call, id.index(1).unwrap_or(0)).await?)),
        "discard" => discard(&call, id.number(1).ok_or(Problem::Stale)?).await,
        "pick" => Ok(Answer::Say(picked(&call, Place::read(id, call.picked())?).await?.private())),
        "reword" => reword(&call, Place::read(id, id.word(3))?).await,
        what => change(&call, what, Place::read(id, id.word(3))?).await,
    }
}

/// A criterion on a page.
struct Place {
    stage: Stage,
    seen: i64,
    at: usize,
}

impl Place {
    fn read(id: &CustomId, at: Option<&str>) -> Result<Place, Problem> {
        let at = at.and_then(|at| at.parse().ok());
        match (id.word(1).and_then(Stage::parse), id.number(2), at) {
            (Some(stage), Some(seen), Some(at)) => Ok(Place { stage, seen, at }),
            _ => Err(Problem::Stale),
        }
    }

    /// The criterion there, as long as nobody changed the settings since.
    fn find<'l>(&self, look: &'l Look) -> Result<&'l Criterion, Failure> {
        look.allow(Needed::Lead)?;
        let motion = look.draft().unwrap_or(look.settings.motions.current());
        let found = motion.criteria(self.stage).get(self.at).filter(|_| self.seen == look.settings.version);
        Ok(found.ok_or(Problem::ChangedMeanwhile)?)
    }
}

async fn picked(call: &Call, place: Place) -> Result<Message, Failure> {
    let look = call.look().await?;
    let criterion = place.find(&look)?;
    let press = |offer, what| (offer, control(call, &look, what, place.stage).with(place.at).to_control());
    let offers = vec![press(Offer::Reword, "reword"), press(Offer::SwapSide, "swap"), press(Offer::Remove, "remove")];
    Ok(words::one_criterion(place.stage, criterion, offers))
}

async fn reword(call: &Call, place: Place) -> Result<Answer, Failure> {
    let look = call.look().await?;
    let id = control(call, &look, "reworded", place.stage).with(place.at).to_control();
    Ok(Answer::Ask(words::reword(place.stage, place.find(&look)?, CRITERION, id)))
}

async fn change(call: &Call, what: &str, Place { stage, seen, at }: Place) -> Result<Answer, Failure> {
    let what = match what {
        "reworded" => OnCriterion::Reword(text(call)),
        "swap" => OnCriterion::SwapSide,
        "remove" => OnCriterion::Remove,
        _ => return Err(Problem::Stale.into()),
    };
    let what = What::Criterion { at, what, seen };
    Ok(Answer::Say(edited(call, EditMotion { stage, what }).await?.private()))
}

fn text(call: &Call) -> String {
    match &call.input {
        Input::Form { fields, .. } => fields.get("text").cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

async fn discard(call: &Call, seen: i64) -> Result<Answer, Failure> {
    call.app.change(&call.caller, DiscardDraft { seen }).await?;
    let look = call.look().await?;
    Ok(Answer::Say(words::discarded(&look.voice(&call.commands), vec![call.undo()]).private()))
}

/// Changes the draft, and shows its stage.
async fn edited(call: &Call, edit: EditMotion) -> Result<Message, Failure> {
    let stage = edit.stage;
    call.app.change(&call.caller, edit).await?;
    let (look, names) = read(call).await?;
    let change = control(call, &look, "pick", stage).to_control();
    let offers = std::iter::once(call.undo()).chain(on_draft(call, &look)).collect();
    Ok(words::saved(&look.voice(&call.commands), &shown(&look, &names), stage, change, offers))
}

async fn read(call: &Call) -> Result<(Look, Names), Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let names = look.publishers().await?;
    Ok((look, names))
}

fn shown<'l>(look: &'l Look, names: &'l Names) -> Shown<'l> {
    Shown { motions: &look.settings.motions, draft: look.draft(), names }
}

/// Under a page with a draft on it.
fn on_draft(call: &Call, look: &Look) -> Offers {
    let discard = || -> ControlId {
        CustomId::new(press::MOTION, call.caller.guild).with("discard").with(look.settings.version).to_control()
    };
    look.draft().map(|_| (Offer::Discard, discard())).into_iter().collect()
}

fn control(call: &Call, look: &Look, what: &str, stage: Stage) -> CustomId {
    let id = CustomId::new(press::MOTION, call.caller.guild).with(what);
    id.with(stage.key()).with(look.settings.version)
}

/// A stage that deals are open in.
fn open_stage(typed: &str) -> Result<Stage, Problem> {
    let stage = read_stage(typed)?;
    let close = || Stage::OPEN.map(|stage| stage.name().to_owned()).to_vec();
    let none = || Problem::NotFound { what: Thing::Stage, typed: typed.to_owned(), close: close() };
    if stage.is_open() { Ok(stage) } else { Err(none()) }
}
