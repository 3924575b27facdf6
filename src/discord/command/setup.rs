//! `/cosell setup`: a message with selects and buttons. Each pick is saved at once, so it can be taken up again, by
//! whoever is an admin, and changed later.

use chrono::Weekday;
use serde::Deserialize;

use crate::app::configure::Configure;
use crate::app::first_review::FirstReview;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::custom_id::CustomId;
use crate::domain::id::{ChannelId, RoleId};
use crate::domain::locale::usual;
use crate::domain::overview::{FirstMeeting, Setup};
use crate::domain::refusal::Problem;
use crate::domain::workspace::{Mode, Settings};
use crate::error::Failure;
use crate::render::message::Message;
use crate::render::setup::{self as words, BasicIds, ChannelIds, OnwardIds, RoleIds, Step, step_of};
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

/// The first step on which something is missing; `None`, for what comes after them, once setup is finished.
fn first_open(settings: &Settings) -> Option<Step> {
    let mut steps = [Step::Basics, Step::Channels, Step::Roles].into_iter();
    steps.find(|step| lacks(Some(*step), settings)).or((!settings.ready).then_some(Step::Roles))
}

/// Whether something that is chosen on a step is missing.
fn lacks(step: Option<Step>, settings: &Settings) -> bool {
    settings.missing().into_iter().any(|setting| Some(step_of(setting)) == step)
}

fn parse_step(word: Option<&str>) -> Result<Option<Step>, Problem> {
    match word {
        Some("basics") => Ok(Some(Step::Basics)),
        Some("channels") => Ok(Some(Step::Channels)),
        Some("roles") => Ok(Some(Step::Roles)),
        Some("done") => Ok(None),
        _ => Err(Problem::Stale),
    }
}

/// `/cosell setup`
pub async fn setup(call: Call, given: SetupOptions) -> Result<Answer, Failure> {
    let SetupOptions { timezone, currency, fiscal_month, mode } = given;
    let configure = Configure { timezone, currency, fiscal_month, mode, ..Configure::default() };
    if !configure.is_empty() {
        call.app.configure(&call.caller, configure).await?;
    }
    let setup = call.app.setup(&call.caller).await?;
    let step = first_open(&setup.settings);
    Ok(call.say(page(&call, setup, step, FirstMeeting::default()).await?))
}

/// A button or select of setup.
pub async fn control(call: Call) -> Result<Answer, Failure> {
    let proposed = proposed(&call)?;
    let (setup, step) = match pressed(&call)? {
        Press::Look(step) => (call.app.setup(&call.caller).await?, step),
        Press::Finish => {
            let setup = call.app.finish_setup(&call.caller).await?;
            let step = if setup.settings.ready && setup.channels.is_empty() { None } else { Some(Step::Roles) };
            (setup, step)
        }
        Press::Choose(configure, step) => choose(&call, *configure, step).await?,
        Press::Schedule => {
            call.app.change(&call.caller, FirstReview(proposed)).await?;
            (call.app.setup(&call.caller).await?, None)
        }
    };
    Ok(Answer::Update(page(&call, setup, step, proposed).await?))
}

/// Saves what was picked, and goes on when nothing is missing on its step any more.
async fn choose(call: &Call, configure: Configure, step: Option<Step>) -> Result<(Setup, Option<Step>), Failure> {
    let configured = call.app.configure(&call.caller, configure).await?;
    let completed = lacks(step, &configured.before) && !lacks(step, &configured.after);
    let setup = call.app.setup(&call.caller).await?;
    let next = if completed { first_open(&setup.settings) } else { step };
    Ok((setup, next))
}

/// What a control asks for.
enum Press {
    /// A step, or what comes after them.
    Look(Option<Step>),
    Finish,
    Choose(Box<Configure>, Option<Step>),
    Schedule,
}

fn pressed(call: &Call) -> Result<Press, Failure> {
    let id = call.id()?;
    let number = call.picked().and_then(|value| value.parse::<i64>().ok());
    let text = call.picked().map(str::to_owned);
    let (channel, role) = (number.map(ChannelId), Some(number.map(RoleId)));
    let none = Configure::default();
    let on = |step: Step, configure: Configure| Ok(Press::Choose(Box::new(configure), Some(step)));
    let after = |configure: Configure| Ok(Press::Choose(Box::new(configure), None));
    match (id.word(0), id.word(1)) {
        (Some("look"), word) => Ok(Press::Look(parse_step(word)?)),
        (Some("finish"), _) => Ok(Press::Finish),
        (Some("zone"), _) => on(Step::Basics, Configure { timezone: text, ..none }),
        (Some("currency"), _) => on(Step::Basics, Configure { currency: text, ..none }),
        (Some("usual"), zone) => {
            let (timezone, currency) = (zone.map(str::to_owned), id.word(2).map(str::to_owned));
            on(Step::Basics, Configure { timezone, currency, ..none })
        }
        (Some("pipeline"), _) => on(Step::Channels, Configure { pipeline_channel: channel, ..none }),
        (Some("nudges"), _) => on(Step::Channels, Configure { nudge_channel: channel, ..none }),
        (Some("ops"), _) => on(Step::Channels, Configure { ops_channel: channel, ..none }),
        (Some("here"), which) => on(Step::Channels, here(call, which)?),
        (Some("lead"), _) => on(Step::Roles, Configure { lead_role: role, ..none }),
        (Some("rep"), _) => on(Step::Roles, Configure { rep_role: role, ..none }),
        (Some("finance"), _) => on(Step::Roles, Configure { finance_role: role, ..none }),
        (Some("everyone"), word) => on(Step::Roles, Configure { everyone_is_rep: Some(word == Some("yes")), ..none }),
        (Some("day" | "hour"), _) => Ok(Press::Look(None)),
        (Some("first"), _) => Ok(Press::Schedule),
        (Some("mode"), Some("plan")) => after(Configure { mode: Some(Mode::Plan), ..none }),
        (Some("mode"), Some("program")) => after(Configure { mode: Some(Mode::Program), ..none }),
        _ => Err(Problem::Stale.into()),
    }
}

/// The channel that a button was pressed in, for what was not chosen when it was shown: `pno` for all three.
fn here(call: &Call, which: Option<&str>) -> Result<Configure, Failure> {
    let (here, which) = (call.place.channel.ok_or(Problem::Stale)?, which.ok_or(Problem::Stale)?);
    let wanted = |letter: char| which.contains(letter).then_some(here);
    Ok(Configure {
        pipeline_channel: wanted('p'),
        nudge_channel: wanted('n'),
        ops_channel: wanted('o'),
        ..Configure::default()
    })
}

/// When the first review is to meet, as a control carries it: the day, then the hour.
fn proposed(call: &Call) -> Result<FirstMeeting, Failure> {
    let (id, usual) = (call.id()?, FirstMeeting::default());
    let picks = |word: &str| call.picked().filter(|_| id.word(0) == Some(word));
    let day = |text: Option<&str>| text.and_then(|text| text.parse::<Weekday>().ok());
    let hour = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok()).filter(|hour| *hour < 24);
    let is_of_review = matches!(id.word(0), Some("day" | "hour" | "first"));
    let carried = |place: usize| id.word(place).filter(|_| is_of_review);
    Ok(FirstMeeting {
        weekday: day(picks("day")).or_else(|| day(carried(1))).unwrap_or(usual.weekday),
        hour: hour(picks("hour")).or_else(|| hour(carried(2))).unwrap_or(usual.hour),
    })
}

async fn page(call: &Call, setup: Setup, step: Option<Step>, proposed: FirstMeeting) -> Result<Message, Failure> {
    let voice = Voice::new(&call.commands, &setup.settings, call.app.now());
    let step = step.or_else(|| first_open(&setup.settings));
    Ok(match step {
        Some(Step::Basics) => words::basics(&voice, &setup, basic_ids(call, &setup)),
        Some(Step::Channels) => words::channels(&setup, channel_ids(call, &setup)),
        Some(Step::Roles) => words::roles(&setup, role_ids(call, &setup)),
        None => {
            let onward = call.app.onward(&call.caller).await?;
            let voice = Voice::new(&call.commands, &onward.settings, call.app.now());
            words::finished(&voice, &onward, proposed, onward_ids(call, proposed))
        }
    })
}

fn base(call: &Call) -> CustomId {
    CustomId::new(ACTION, call.caller.guild)
}

/// What a control with one word sends back.
fn plain(call: &Call, word: &str) -> crate::render::control::CustomId {
    base(call).with(word).to_control()
}

/// Goes to a step; two controls of a message go there for different reasons.
fn look(call: &Call, step: &str, why: &str) -> crate::render::control::CustomId {
    base(call).with("look").with(step).with(why).to_control()
}

fn basic_ids(call: &Call, setup: &Setup) -> BasicIds {
    let chosen = setup.settings.zone.is_some() || setup.settings.currency.is_some();
    let usual = usual(&call.place.locale).filter(|_| !chosen);
    let takes = |usual: crate::domain::locale::Usual| {
        (usual, base(call).with("usual").with(usual.zone.name()).with(usual.currency).to_control())
    };
    BasicIds {
        zone: plain(call, "zone"),
        currency: plain(call, "currency"),
        usual: usual.map(takes),
        on: look(call, "channels", "on"),
        done: setup.settings.ready.then(|| look(call, "done", "back")),
    }
}

fn channel_ids(call: &Call, setup: &Setup) -> ChannelIds {
    let settings = &setup.settings;
    let open = [('p', settings.pipeline_channel), ('n', settings.nudge_channel), ('o', settings.ops_channel)];
    let open: String = open.into_iter().filter(|(_, chosen)| chosen.is_none()).map(|(letter, _)| letter).collect();
    let here = call.place.channel.filter(|_| !open.is_empty());
    ChannelIds {
        pipeline: plain(call, "pipeline"),
        nudges: plain(call, "nudges"),
        ops: plain(call, "ops"),
        here: here.map(|_| base(call).with("here").with(&open).to_control()),
        back: look(call, "basics", "back"),
        on: look(call, "roles", "on"),
        check: look(call, "channels", "check"),
        done: settings.ready.then(|| look(call, "done", "back")),
    }
}

fn role_ids(call: &Call, setup: &Setup) -> RoleIds {
    let wanted = if setup.settings.everyone_is_rep { "no" } else { "yes" };
    RoleIds {
        lead: plain(call, "lead"),
        rep: plain(call, "rep"),
        finance: plain(call, "finance"),
        everyone: base(call).with("everyone").with(wanted).to_control(),
        back: look(call, "channels", "back"),
        finish: plain(call, "finish"),
        check: look(call, "roles", "check"),
    }
}

fn onward_ids(call: &Call, proposed: FirstMeeting) -> OnwardIds {
    let of_review = |word: &str| base(call).with(word).with(proposed.weekday).with(proposed.hour).to_control();
    OnwardIds {
        day: of_review("day"),
        hour: of_review("hour"),
        first: of_review("first"),
        plan: base(call).with("mode").with("plan").to_control(),
        program: base(call).with("mode").with("program").to_control(),
        steps: ["basics", "channels", "roles"].map(|step| look(call, step, "change")),
    }
}
