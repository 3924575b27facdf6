//! `/help`.

use serde::Deserialize;

use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::domain::access::Needed;
use crate::domain::likeness::closest;
use crate::domain::refusal::{Problem, Thing};
use crate::error::Failure;
use crate::render::help::{self as words, Topic};

/// The options of `/help`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpOptions {
    topic: Option<String>,
}

/// `/help`: for everybody, also before setup.
pub async fn help(call: Call, given: HelpOptions) -> Result<Answer, Failure> {
    let look = call.look().await?;
    let voice = look.voice(&call.commands);
    let Some(typed) = given.topic else {
        let barred = look.access.require(&look.settings, Needed::Any).err();
        return Ok(call.say(words::start(&voice, barred.as_ref())));
    };
    match Topic::parse(&typed) {
        Some(topic) => Ok(call.say(words::topic(&voice, topic))),
        None => {
            let close = closest(&typed, Topic::ALL.map(Topic::name), 3);
            Err(Problem::NotFound { what: Thing::Topic, typed, close }.into())
        }
    }
}
