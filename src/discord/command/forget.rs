//! `/cosell forget`: asks first, and asks for the server's name where everything is to go.

use serde::Deserialize;

use crate::app::Person;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input, Picked};
use crate::discord::table::NoOptions;
use crate::domain::card::Named;
use crate::domain::id::MemberId;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::forget::{self as words, Extent};
use crate::render::offer::Offer;
use crate::render::voice::Voice;

/// What is pressed or sent: `forget:{guild}:person:{member}`, `forget:{guild}:workspace`, `forget:{guild}:no`.
const ACTION: &str = "forget";

/// The options of `/cosell forget person`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonOptions {
    person: Picked,
}

/// `/cosell forget person`
pub async fn person(call: Call, given: PersonOptions) -> Result<Answer, Failure> {
    let person = Person::from(given.person);
    let traces = call.app.traces(&call.caller, person.user).await?;
    let yes = id(&call).with("person").with(traces.member.id).to_control();
    let offers = vec![(Offer::Forget, yes), (Offer::Cancel, id(&call).with("no").to_control())];
    let of = (traces.changes, traces.deals);
    Ok(call.say(words::confirm_person(&Named::from(&traces.member), of, traces.standing, offers)))
}

/// `/cosell forget workspace`
pub async fn workspace(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    let kept = call.look().await?.kept().await?;
    let extent = Extent {
        deals: kept.deals,
        changes: kept.events,
        partners: kept.partners,
        reviews: kept.reviews,
        people: kept.members,
    };
    let yes = id(&call).with("workspace").to_control();
    let offers = vec![(Offer::Forget, yes), (Offer::Cancel, id(&call).with("no").to_control())];
    Ok(call.say(words::confirm_workspace(extent, offers)))
}

/// The answer to the question, and the form with the server's name.
pub async fn confirmed(call: Call) -> Result<Answer, Failure> {
    let said = call.id()?.clone();
    match (said.word(0), said.number(1), &call.input) {
        (Some("no"), ..) => Ok(Answer::Update(words::kept())),
        (Some("person"), Some(member), _) => {
            let member = call.app.forget_person(&call.caller, MemberId(member)).await?;
            Ok(Answer::Update(words::person_forgotten(&Named::from(&member))))
        }
        (Some("workspace"), _, Input::Form { fields, .. }) => {
            let typed = fields.get(words::NAME).cloned().unwrap_or_default();
            forget_all(&call, &typed).await
        }
        (Some("workspace"), ..) => Ok(Answer::Ask(words::ask_name(said.to_control()))),
        _ => Err(Problem::Stale.into()),
    }
}

async fn forget_all(call: &Call, typed: &str) -> Result<Answer, Failure> {
    call.app.forget_workspace(&call.caller, typed).await?;
    let settings = call.look().await?.settings;
    let voice = Voice::new(&call.commands, &settings, call.app.now());
    Ok(Answer::Update(words::workspace_forgotten(&voice)))
}

fn id(call: &Call) -> CustomId {
    CustomId::new(ACTION, call.caller.guild)
}
