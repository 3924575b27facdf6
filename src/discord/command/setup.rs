//! `/cosell setup`: a message with selects and buttons. Each pick is saved at once, so it can be taken up again.

use serde::Deserialize;

use crate::app::configure::Configure;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::custom_id::CustomId;
use crate::domain::id::{ChannelId, RoleId};
use crate::domain::overview::Setup;
use crate::domain::refusal::Problem;
use crate::domain::workspace::{Mode, Setting, Settings};
use crate::error::Failure;
use crate::render::message::Message;
use crate::render::setup::{self as words, ChannelIds, RoleIds};
use crate::render::voice::Voice;

/// The action of all controls here.
const ACTION: &str = "setup";

/// The options of `/cosell setup`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupOptions {
    timezone: Option<String>,
    currency: Option<String>,
    fiscal_month: Option<u32>,
    mode: Option<Mode>,
}

/// Which part of setup a message shows: five rows of controls don't hold both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Channels,
    Roles,
}

/// `/cosell setup`
pub async fn setup(call: Call, given: SetupOptions) -> Result<Answer, Failure> {
    let SetupOptions { timezone, currency, fiscal_month, mode } = given;
    let configure = Configure { timezone, currency, fiscal_month, mode, ..Configure::default() };
    if !configure.is_empty() {
        call.app.configure(&call.caller, configure).await?;
    }
    let setup = call.app.setup(&call.caller).await?;
    let step = if lacks_channels(&setup.settings) { Step::Channels } else { Step::Roles };
    Ok(call.say(page(&call, &setup, step)))
}

/// A button or select of setup.
pub async fn control(call: Call) -> Result<Answer, Failure> {
    let setup = match pressed(&call)? {
        Press::Look(step) => (call.app.setup(&call.caller).await?, step),
        Press::Finish => (call.app.finish_setup(&call.caller).await?, Step::Roles),
        Press::Choose(configure, step) => {
            let configured = call.app.configure(&call.caller, *configure).await?;
            let completed = lacks_channels(&configured.before) && !lacks_channels(&configured.after);
            (call.app.setup(&call.caller).await?, if completed { Step::Roles } else { step })
        }
    };
    let finished = call.id()?.word(0) == Some("finish") && setup.0.settings.ready;
    Ok(Answer::Update(if finished { done(&call, &setup.0) } else { page(&call, &setup.0, setup.1) }))
}

/// What a control asks for.
enum Press {
    Look(Step),
    Finish,
    Choose(Box<Configure>, Step),
}

fn pressed(call: &Call) -> Result<Press, Failure> {
    let id = call.id()?;
    let number = call.picked().and_then(|value| value.parse::<i64>().ok());
    let (channel, role) = (number.map(ChannelId), Some(number.map(RoleId)));
    let none = Configure::default();
    let on_channels = |configure: Configure| Ok(Press::Choose(Box::new(configure), Step::Channels));
    let on_roles = |configure: Configure| Ok(Press::Choose(Box::new(configure), Step::Roles));
    match (id.word(0), id.word(1)) {
        (Some("look"), Some("channels")) => Ok(Press::Look(Step::Channels)),
        (Some("look"), _) => Ok(Press::Look(Step::Roles)),
        (Some("finish"), _) => Ok(Press::Finish),
        (Some("pipeline"), _) => on_channels(Configure { pipeline_channel: channel, ..none }),
        (Some("nudges"), _) => on_channels(Configure { nudge_channel: channel, ..none }),
        (Some("ops"), _) => on_channels(Configure { ops_channel: channel, ..none }),
        (Some("lead"), _) => on_roles(Configure { lead_role: role, ..none }),
        (Some("rep"), _) => on_roles(Configure { rep_role: role, ..none }),
        (Some("finance"), _) => on_roles(Configure { finance_role: role, ..none }),
        (Some("everyone"), word) => on_roles(Configure { everyone_is_rep: Some(word == Some("yes")), ..none }),
        _ => Err(Problem::Stale.into()),
    }
}

fn lacks_channels(settings: &Settings) -> bool {
    let missing = settings.missing();
    [Setting::PipelineChannel, Setting::NudgeChannel, Setting::OpsChannel].iter().any(|c| missing.contains(c))
}

fn page(call: &Call, setup: &Setup, step: Step) -> Message {
    let voice = Voice::new(&call.commands, &setup.settings, call.app.now());
    let base = || CustomId::new(ACTION, call.caller.guild);
    let id = |word: &str| base().with(word).to_control();
    let look = |step: &str, why: &str| base().with("look").with(step).with(why).to_control();
    match step {
        Step::Channels => {
            let (on, check) = (look("roles", "on"), look("channels", "check"));
            words::channels(
                &voice,
                setup,
                ChannelIds { pipeline: id("pipeline"), nudges: id("nudges"), ops: id("ops"), on, check },
            )
        }
        Step::Roles => {
            let wanted = if setup.settings.everyone_is_rep { "no" } else { "yes" };
            let ids = RoleIds {
                lead: id("lead"),
                rep: id("rep"),
                finance: id("finance"),
                everyone: base().with("everyone").with(wanted).to_control(),
                back: look("channels", "back"),
                finish: id("finish"),
                check: look("roles", "check"),
            };
            words::roles(&voice, setup, ids)
        }
    }
}

fn done(call: &Call, setup: &Setup) -> Message {
    words::finished(&Voice::new(&call.commands, &setup.settings, call.app.now()), &setup.settings)
}
