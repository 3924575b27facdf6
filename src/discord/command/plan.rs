//! `/partner plan`: shows it, edits it in a form, and gives the page that can be sent to the partner.

use serde::Deserialize;

use super::sheet::{differing, keep};
use crate::app::edit_plan::{self, EditPlan};
use crate::app::look::Look;
use crate::app::partner::find_any;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::discord::custom_id::CustomId;
use crate::discord::sheet::Fields;
use crate::domain::access::Needed;
use crate::domain::event::{Subject, SubjectKind, rewound};
use crate::domain::id::PartnerId;
use crate::domain::partner::Partner;
use crate::domain::refusal::{Problem, Refused};
use crate::error::Failure;
use crate::render::deal::form::{Typed, input, refused};
use crate::render::offer::{Offer, Offers};
use crate::render::{plan as words, press};

/// The options of `/partner plan`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanOptions {
    partner: String,
}

/// `/partner plan`
pub async fn plan(call: Call, given: PlanOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let partner = find_any(&mut look.workspace, &given.partner).await?.map_err(Failure::from)?;
    shown(&call, look, partner).await
}

/// "Show plan", wherever a partner is spoken of.
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let (look, partner) = in_id(&call).await?;
    shown(&call, look, partner).await
}

async fn shown(call: &Call, mut look: Look, partner: Partner) -> Result<Answer, Failure> {
    let offers = offers(call, &look, &partner);
    let plan = look.partner_plan(partner).await?;
    Ok(Answer::Say(words::plan(&look.voice(&call.commands), &plan, offers).private()))
}

/// "Edit plan": its form.
pub async fn edit(call: Call) -> Result<Answer, Failure> {
    let (look, partner) = in_id(&call).await?;
    ask(&call, &look, &partner, None)
}

/// Opens the form over a plan, with what was typed before.
fn ask(call: &Call, look: &Look, partner: &Partner, typed: Option<&Typed>) -> Result<Answer, Failure> {
    if !may_change(look, partner) {
        return Err(Problem::NotAllowed { needed: Needed::ManagerOrLead, ask: None }.into());
    }
    let id = form_id(call, partner.id, partner.version).to_control();
    Ok(Answer::Ask(words::form(partner, id, typed)))
}

/// The form again, with what was typed and not saved.
pub async fn ask_again(call: &Call, partner: PartnerId, typed: &Typed) -> Result<Answer, Failure> {
    let (look, partner) = find(call, partner).await?;
    ask(call, &look, &partner, Some(typed))
}

/// The form was sent.
pub async fn send(call: Call) -> Result<Answer, Failure> {
    let Input::Form { id, fields } = &call.input else { return Err(Problem::Stale.into()) };
    let (Some(partner), Some(version)) = (id.number(0).map(PartnerId), id.number(1)) else {
        return Err(Problem::Stale.into());
    };
    let edit = EditPlan { partner, version, typed: typed_of(fields) };
    match call.app.change(&call.caller, edit).await {
        Ok(partner) => saved(&call, partner).await,
        Err(Failure::Refused(refused)) => give_back(&call, (partner, version), fields, refused).await,
        Err(other) => Err(other),
    }
}

async fn saved(call: &Call, partner: Partner) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    let mut offers = vec![call.undo()];
    offers.extend(self::offers(call, &look, &partner));
    let plan = look.partner_plan(partner).await?;
    Ok(Answer::Say(words::saved(&look.voice(&call.commands), &plan, offers).private()))
}

/// A form that was refused: its text is kept, and stands in the answer.
async fn give_back(
    call: &Call,
    (id, version): (PartnerId, i64),
    fields: &Fields,
    problems: Refused,
) -> Result<Answer, Failure> {
    let (mut look, partner) = find(call, id).await?;
    let subject = Subject { kind: SubjectKind::Partner, id: id.0 };
    let newer = look.workspace.find_events_from(subject, version + 1).await?;
    let seen: Partner = rewound(&partner, &newer)?;
    let typed = differing(words::standing(&seen.plan).to_vec(), fields);
    if typed.values.is_empty() || !may_change(&look, &partner) {
        return Err(problems.into());
    }
    let kept = keep(call, &form_id(call, id, version), &typed).await?;
    let retry = press::retry(call.caller.guild, kept);
    Ok(Answer::Say(match problems.problems == [Problem::ChangedMeanwhile] {
        true => words::changed_meanwhile(&partner.plan, &typed, retry),
        false => refused(&look.voice(&call.commands), &problems, &typed, vec![(Offer::Retry, retry)]),
    }))
}

/// "Page for the partner": a file with nothing internal in it.
pub async fn page(call: Call) -> Result<Answer, Failure> {
    let (mut look, partner) = in_id(&call).await?;
    let plan = look.partner_plan(partner).await?;
    Ok(Answer::Say(words::with_page(&look.voice(&call.commands), &plan).private()))
}

/// The partner of a control's first argument, or the one that was picked where it has none; for everybody with a role.
async fn in_id(call: &Call) -> Result<(Look, Partner), Failure> {
    let picked = || call.picked().and_then(|id| id.parse().ok());
    find(call, call.id()?.number(0).or_else(picked).map(PartnerId).ok_or(Problem::Stale)?).await
}

async fn find(call: &Call, partner: PartnerId) -> Result<(Look, Partner), Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let partner = look.workspace.find_partner(partner).await?.ok_or(Problem::Stale)?;
    Ok((look, partner))
}

fn may_change(look: &Look, partner: &Partner) -> bool {
    look.access.lead || look.asker.as_ref().is_some_and(|asker| partner.manager == Some(asker.id))
}

fn offers(call: &Call, look: &Look, partner: &Partner) -> Offers {
    let id = |action: &str| CustomId::new(action, call.caller.guild).with(partner.id).to_control();
    let mut offers = Offers::new();
    if may_change(look, partner) {
        offers.push((Offer::EditPlan, id(press::PLAN_EDIT)));
    }
    offers.extend([(Offer::PartnerPage, id(press::PLAN_PAGE)), (Offer::ShowDeals, id("partner_deals"))]);
    offers
}

fn form_id(call: &Call, partner: PartnerId, version: i64) -> CustomId {
    CustomId::new(press::PLAN_SEND, call.caller.guild).with(partner).with(version)
}

fn typed_of(fields: &Fields) -> edit_plan::Typed {
    let text = |id: &str| fields.get(id).cloned();
    edit_plan::Typed {
        goal: text(input::GOAL),
        cadence: text(input::CADENCE),
        we_owe: text(input::WE_OWE),
        they_owe: text(input::THEY_OWE),
    }
}
