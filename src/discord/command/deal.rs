//! `/deal`.

use serde::Deserialize;

use super::{press as buttons, record, sheet};
use crate::app::Person;
use crate::app::assign_deal::AssignDeal;
use crate::app::attribute_deal::AttributeDeal;
use crate::app::close_deal::{LoseDeal, WinDeal};
use crate::app::list_deals::Filter;
use crate::app::look::Look;
use crate::app::move_deal::MoveDeal;
use crate::app::partner::find_any;
use crate::app::pause_deal::{SnoozeDeal, WaitDeal};
use crate::app::record_deal::RecordDeal;
use crate::app::register_deal::RegisterDeal;
use crate::app::reopen_deal::ReopenDeal;
use crate::app::update_deal::{Given, UpdateDeal};
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Picked};
use crate::discord::sheet::Sheet;
use crate::domain::access::Needed;
use crate::domain::deal::{LossReason, Place, Role, WaitingOn};
use crate::domain::id::MemberId;
use crate::domain::likeness::closest;
use crate::domain::motion::Stage;
use crate::domain::refusal::{Problem, Problems, Thing};
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::deal::form::{Typed, input};
use crate::render::deal::list::{Show, list as words};
use crate::render::message::Message;
use crate::render::press;

/// The options of `/deal new`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOptions {
    account: String,
    partner: String,
    source: Role,
    amount: Option<String>,
    close: Option<String>,
    owner: Option<Picked>,
    backup: Option<Picked>,
    next_step: Option<String>,
    due: Option<String>,
    evidence: Option<String>,
    on: Option<String>,
    crm: Option<String>,
}

impl From<NewOptions> for RecordDeal {
    fn from(given: NewOptions) -> RecordDeal {
        RecordDeal {
            account: given.account,
            partner: given.partner,
            source: given.source,
            evidence: given.evidence,
            on: given.on,
            amount: given.amount,
            close: given.close,
            owner: given.owner.map(Into::into),
            backup: given.backup.map(Into::into),
            next_step: given.next_step,
            due: given.due,
            crm: given.crm,
            although: None,
            unknown_account: Default::default(),
            partner_asked: false,
            draft: None,
        }
    }
}

/// `/deal new`
pub async fn new(call: Call, given: NewOptions) -> Result<Answer, Failure> {
    Ok(call.say(record::attempt(&call, given.into()).await?))
}

/// The options of `/deal update`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateOptions {
    deal: String,
    note: Option<String>,
    next_step: Option<String>,
    due: Option<String>,
    amount: Option<String>,
    close: Option<String>,
    crm: Option<String>,
}

impl UpdateOptions {
    fn typed(&self) -> Typed {
        let all = [
            (input::NOTE, &self.note),
            (input::NEXT_STEP, &self.next_step),
            (input::DUE, &self.due),
            (input::AMOUNT, &self.amount),
            (input::CLOSE, &self.close),
            (input::CRM, &self.crm),
        ];
        typed(all.map(|(id, text)| (id, text.clone())))
    }
}

/// `/deal update`
pub async fn update(call: Call, given: UpdateOptions) -> Result<Answer, Failure> {
    let typed = given.typed();
    if typed.is_blank() {
        return sheet::open(&call, Sheet::Update, call.deal(&given.deal).await??, None).await;
    }
    let UpdateOptions { deal, note, next_step, due, amount, close, crm } = given;
    let update =
        |deal| UpdateDeal { deal, note, next_step, due, amount, close, crm, given: Given::AsOptions, draft: None };
    sheet::change(&call, (Sheet::Update, &deal), typed, update).await
}

/// The options of `/deal stage`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageOptions {
    deal: String,
    stage: String,
    reason: Option<String>,
}

/// `/deal stage`
pub async fn stage(call: Call, given: StageOptions) -> Result<Answer, Failure> {
    let StageOptions { deal, stage, reason } = given;
    let typed = typed([(input::WHY, reason.clone())]);
    match read_stage(&stage) {
        Ok(Stage::Launched) => sheet::open(&call, Sheet::Won, call.deal(&deal).await??, None).await,
        Ok(Stage::ClosedLost) => Ok(call.say(buttons::question(&call, "lost", call.deal(&deal).await??).await?)),
        stage => {
            let sheet = stage.as_ref().ok().copied().map(Sheet::Stage);
            let to = |deal| MoveDeal { deal, stage, reason, amount: None, close: None };
            sheet::change(&call, (sheet, &deal), typed, to).await
        }
    }
}

/// The options of `/deal won`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WonOptions {
    deal: String,
    amount: Option<String>,
    on: Option<String>,
    reason: Option<String>,
}

/// `/deal won`
pub async fn won(call: Call, given: WonOptions) -> Result<Answer, Failure> {
    let WonOptions { deal, amount, on, reason } = given;
    let typed = typed([(input::AMOUNT, amount.clone()), (input::ON, on.clone()), (input::WHY, reason.clone())]);
    sheet::change(&call, (Sheet::Won, &deal), typed, |deal| WinDeal { deal, amount, on, reason }).await
}

/// The options of `/deal lost`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostOptions {
    deal: String,
    reason: LossReason,
    detail: Option<String>,
}

/// `/deal lost`
pub async fn lost(call: Call, given: LostOptions) -> Result<Answer, Failure> {
    let LostOptions { deal, reason, detail } = given;
    let typed = typed([(input::DETAIL, detail.clone())]);
    sheet::change(&call, (Sheet::Lost(reason), &deal), typed, |deal| LoseDeal { deal, reason, detail }).await
}

/// The options of `/deal reopen`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReopenOptions {
    deal: String,
    why: String,
}

/// `/deal reopen`
pub async fn reopen(call: Call, given: ReopenOptions) -> Result<Answer, Failure> {
    let ReopenOptions { deal, why } = given;
    let typed = typed([(input::WHY, Some(why.clone()))]);
    let reopened = async { call.change_deal(ReopenDeal { deal: call.deal(&deal).await?, why }).await };
    match reopened.await {
        Ok(answer) => Ok(answer),
        Err(failure) => sheet::give_back(&call, &typed, failure).await,
    }
}

/// The options of `/deal assign`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignOptions {
    deal: String,
    owner: Option<Picked>,
    backup: Option<Picked>,
}

/// `/deal assign`
pub async fn assign(call: Call, given: AssignOptions) -> Result<Answer, Failure> {
    let deal = call.deal(&given.deal).await?;
    let (owner, backup) = (given.owner.map(Into::into), given.backup.map(Into::into));
    call.change_deal(AssignDeal { deal, owner, backup }).await
}

/// The options of `/deal wait`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitOptions {
    deal: String,
    on: WaitingOn,
    until: Option<String>,
    note: Option<String>,
}

/// `/deal wait`
pub async fn wait(call: Call, given: WaitOptions) -> Result<Answer, Failure> {
    let WaitOptions { deal, on, until, note } = given;
    let typed = typed([(input::UNTIL, until.clone()), (input::NOTE, note.clone())]);
    sheet::change(&call, (Sheet::Wait(on), &deal), typed, |deal| WaitDeal { deal, on, until, note }).await
}

/// The options of `/deal snooze`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnoozeOptions {
    deal: String,
    until: String,
    why: String,
}

/// `/deal snooze`
pub async fn snooze(call: Call, given: SnoozeOptions) -> Result<Answer, Failure> {
    let SnoozeOptions { deal, until, why } = given;
    let typed = typed([(input::UNTIL, Some(until.clone())), (input::WHY, Some(why.clone()))]);
    sheet::change(&call, (Sheet::Snooze, &deal), typed, |deal| SnoozeDeal { deal, until, why }).await
}

/// The options of `/deal attribute`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeOptions {
    deal: String,
    partner: String,
    role: Role,
    evidence: String,
    on: Option<String>,
    primary: Option<bool>,
}

/// `/deal attribute`
pub async fn attribute(call: Call, given: AttributeOptions) -> Result<Answer, Failure> {
    let AttributeOptions { deal, partner, role, evidence, on, primary } = given;
    let evidence = Some(evidence);
    let typed = typed([(input::EVIDENCE, evidence.clone()), (input::EVIDENCE_ON, on.clone())]);
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let partner = find_any(&mut look.workspace, &partner).await?.map(|partner| partner.id);
    let place = primary.map(|primary| if primary { Place::Primary } else { Place::Participant });
    drop(look);
    let form = partner.as_ref().ok().map(|partner| Sheet::Attribute(role, *partner, place));
    let claim = |deal| AttributeDeal { deal, partner, role, evidence, on, place };
    sheet::change(&call, (form, &deal), typed, claim).await
}

/// The options of `/deal register`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterOptions {
    deal: String,
    reference: String,
    days: Option<i64>,
}

/// `/deal register`
pub async fn register(call: Call, given: RegisterOptions) -> Result<Answer, Failure> {
    let RegisterOptions { deal, reference, days } = given;
    let typed = typed([(input::REFERENCE, Some(reference.clone()))]);
    let register = |deal| RegisterDeal { deal, reference, days };
    sheet::change(&call, (None, &deal), typed, register).await
}

/// The options of `/deal view` and `/deal history`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownOptions {
    deal: String,
    /// Read from the interaction itself by [`Call::say`].
    #[serde(rename = "share")]
    _share: Option<bool>,
}

/// `/deal view`
pub async fn view(call: Call, given: ShownOptions) -> Result<Answer, Failure> {
    let deal = call.deal(&given.deal).await??;
    Ok(call.say(call.card(deal).await?))
}

/// `/deal history`
pub async fn history(call: Call, given: ShownOptions) -> Result<Answer, Failure> {
    let deal = call.deal(&given.deal).await??;
    Ok(call.say(buttons::history_page(&call, deal, 0).await?))
}

/// The options of `/deal list`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListOptions {
    owner: Option<Picked>,
    partner: Option<String>,
    stage: Option<String>,
    show: Option<Show>,
    #[serde(rename = "share")]
    _share: Option<bool>,
}

/// `/deal list`
pub async fn list(call: Call, given: ListOptions) -> Result<Answer, Failure> {
    let filter = filter(&call, given).await?;
    Ok(call.say(list_page(&call, filter, 0).await?))
}

/// What narrows a list. A partner and a stage that aren't there are told at once.
async fn filter(call: &Call, given: ListOptions) -> Result<Filter, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let mut problems = Problems::default();
    let stage = given.stage.as_deref().and_then(|typed| problems.take(read_stage(typed)));
    let partner = match &given.partner {
        Some(typed) => problems.take(find_any(&mut look.workspace, typed).await?),
        None => None,
    };
    let owner = match given.owner.map(Person::from) {
        Some(person) => Some(owner_of(&mut look, &person).await?),
        None => None,
    };
    problems.finish()?;
    Ok(Filter { show: given.show.unwrap_or(Show::Open), owner, partner: partner.map(|partner| partner.id), stage })
}

/// A page of a list.
pub async fn list_page(call: &Call, filter: Filter, page: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let listed = look.list_deals(filter, page).await?;
    let turn = |to: usize| {
        let id = CustomId::new(press::LIST, call.caller.guild).with(to);
        filter.arguments().into_iter().fold(id, CustomId::with)
    };
    let page = buttons::paged(listed.page, listed.pages, turn);
    let open = CustomId::new(press::OPEN, call.caller.guild).to_control();
    Ok(words(&look.voice(&call.commands), &listed.listing, &listed.cards, page, open))
}

/// The member who is a person; somebody never seen owns nothing, like the bot.
async fn owner_of(look: &mut Look, person: &Person) -> Result<MemberId, Failure> {
    let known = look.workspace.find_member_of_user(person.user).await?;
    Ok(known.map_or(MemberId::BOT, |member| member.id))
}

/// The stage of a typed name.
pub fn read_stage(typed: &str) -> Result<Stage, Problem> {
    let close = || closest(typed, Stage::ALL.iter().map(|stage| stage.name()), 3);
    Stage::parse(typed).ok_or_else(|| Problem::NotFound { what: Thing::Stage, typed: typed.to_owned(), close: close() })
}

/// What was given for a form's inputs.
fn typed<const N: usize>(given: [(&str, Option<String>); N]) -> Typed {
    Typed { values: given.into_iter().filter_map(|(id, text)| Some((id.to_owned(), text?))).collect() }
}
