//! `/help`.

use serde::Deserialize;

use crate::app::look::Look;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::custom_id::CustomId;
use crate::domain::access::Needed;
use crate::domain::likeness::closest;
use crate::domain::refusal::{Problem, Thing};
use crate::error::Failure;
use crate::render::control;
use crate::render::help::{self as words, Topic};
use crate::render::message::Message;

/// The options of `/help`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpOptions {
    topic: Option<String>,
}

/// `/help`: for everybody, also before setup.
pub async fn help(call: Call, given: HelpOptions) -> Result<Answer, Failure> {
    let look = call.look().await?;
    let Some(typed) = given.topic else { return Ok(call.say(start(&call, &look))) };
    match Topic::parse(&typed) {
        Some(topic) => Ok(call.say(words::topic(&look.voice(&call.commands), topic, turning(&call)))),
        None => {
            let close = closest(&typed, Topic::ALL.map(Topic::name), 3);
            Err(Problem::NotFound { what: Thing::Topic, typed, close }.into())
        }
    }
}

/// What somebody begins with: who reads the proof and records no deals, with that.
fn start(call: &Call, look: &Look) -> Message {
    let voice = look.voice(&call.commands);
    let barred = look.access.require(&look.settings, Needed::Any).err();
    let reads_only = barred.is_none() && !look.access.may_record();
    match reads_only {
        true => words::topic(&voice, Topic::Finance, turning(call)),
        false => words::start(&voice, barred.as_ref(), turning(call)),
    }
}

/// Another topic was chosen under a page.
pub async fn turn(call: Call) -> Result<Answer, Failure> {
    let topic = call.picked().and_then(Topic::parse).ok_or(Problem::Stale)?;
    let look = call.look().await?;
    Ok(Answer::Update(words::topic(&look.voice(&call.commands), topic, turning(&call))))
}

fn turning(call: &Call) -> control::CustomId {
    CustomId::new("help_topic", call.caller.guild).to_control()
}
