//! Setup: what is chosen, what is missing, what stands in the way, and how to go on. In three steps, because a message
//! takes five rows of controls; then what each role begins with.

mod finished;

use chrono_tz::Tz;

use super::control::{Button, CustomId, Entry, Select};
use super::doctor::channel_trouble;
use super::embed::{Embed, Lines, Tone};
use super::message::{Draft, Message};
use super::offer::Offer;
use super::voice::{Voice, channel, count, role};
use crate::domain::locale::{CURRENCIES, Usual};
use crate::domain::overview::Setup;
use crate::domain::workspace::{Mode, Setting, Settings};
use crate::domain::zone::FAMILIAR;

pub use finished::{OnwardIds, finished};

/// The name of the review that setup proposes.
pub const FIRST_REVIEW: &str = "Pipeline review";

/// What the controls of the first step send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicIds {
    /// The time zone.
    pub zone: CustomId,
    /// The currency.
    pub currency: CustomId,
    /// Takes what is proposed, where something is.
    pub usual: Option<(Usual, CustomId)>,
    /// Goes on to the channels.
    pub on: CustomId,
    /// Goes back to what comes after setup, once it was finished.
    pub done: Option<CustomId>,
}

/// What the controls of the second step send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelIds {
    /// The pipeline channel.
    pub pipeline: CustomId,
    /// The nudge channel.
    pub nudges: CustomId,
    /// The ops channel.
    pub ops: CustomId,
    /// Takes the channel that it is pressed in for all that is not chosen, where there is such.
    pub here: Option<CustomId>,
    /// Goes back to time and money.
    pub back: CustomId,
    /// Goes on to the roles.
    pub on: CustomId,
    /// Looks again.
    pub check: CustomId,
    /// Goes back to what comes after setup, once it was finished.
    pub done: Option<CustomId>,
}

/// What the controls of the third step send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleIds {
    /// The lead role.
    pub lead: CustomId,
    /// The rep role.
    pub rep: CustomId,
    /// The finance role.
    pub finance: CustomId,
    /// The choice that everyone is a rep.
    pub everyone: CustomId,
    /// Goes back to the channels.
    pub back: CustomId,
    /// Calls setup finished.
    pub finish: CustomId,
    /// Looks again.
    pub check: CustomId,
}

/// The first step: by which days and in which money everything is told.
pub fn basics(voice: &Voice, setup: &Setup, ids: BasicIds) -> Message {
    let chosen = &setup.settings;
    let usual = ids.usual.map(|(usual, id)| {
        Button::primary(id, format!("Use {} and {}", usual.zone.name().replace('_', " "), usual.currency))
    });
    let done = ids.done.map(|id| Button::secondary(id, "Done"));
    let setup_command = voice.command("cosell setup");
    step("Setup, 1 of 3: time and money.", "Meetings and reminders go by the zone; amounts are in the currency.")
        .text(format!(
            "Not in the lists? {setup_command} takes any zone as `timezone:` and any currency as `currency:`."
        ))
        .embed(status(setup, Step::Basics))
        .select(zones(voice, ids.zone, chosen.zone))
        .select(currencies(ids.currency, chosen.currency.as_deref()))
        .buttons(usual.into_iter().chain([Button::secondary(ids.on, "Channels ▶")]).chain(done))
        .build()
}

fn step(title: &str, what: &str) -> Draft {
    Message::silent().text(format!("**{title}** {what}"))
}

fn zones(voice: &Voice, id: CustomId, chosen: Option<Tz>) -> Select {
    let unlisted = chosen.filter(|zone| !FAMILIAR.contains(zone));
    let entry = |zone: Tz| {
        let there = voice.now().with_timezone(&zone).format("%H:%M there now").to_string();
        let entry = Entry::new(zone.name(), zone.name().replace('_', " ")).described(there);
        if chosen == Some(zone) { entry.chosen() } else { entry }
    };
    Select::of(id, "Time zone", unlisted.into_iter().chain(FAMILIAR).map(entry), |n| format!("({n} more)"))
}

fn currencies(id: CustomId, chosen: Option<&str>) -> Select {
    let unlisted = chosen.filter(|code| !CURRENCIES.contains(code));
    let entry = |code: &str| {
        let entry = Entry::new(code, code);
        if chosen == Some(code) { entry.chosen() } else { entry }
    };
    Select::of(id, "Currency of all amounts", unlisted.into_iter().chain(CURRENCIES).map(entry), |n| {
        format!("({n} more)")
    })
}

/// The second step: where the bot posts.
pub fn channels(setup: &Setup, ids: ChannelIds) -> Message {
    let chosen = &setup.settings;
    let any = [chosen.pipeline_channel, chosen.nudge_channel, chosen.ops_channel].iter().any(Option::is_some);
    let here = if any { "This channel for the rest" } else { "This channel for all three" };
    let back = Button::secondary(ids.back, "◀ Time and money");
    let here = ids.here.map(|id| Button::primary(id, here));
    let further = [Offer::CheckAgain.button(ids.check), Button::secondary(ids.on, "Roles ▶")];
    let done = ids.done.map(|id| Button::secondary(id, "Done"));
    step("Setup, 2 of 3: channels.", "Choose where the bot posts; one channel can serve for all three.")
        .embed(status(setup, Step::Channels))
        .select(Select::channel(ids.pipeline, "Team lines: new, won, lost, moved", chosen.pipeline_channel))
        .select(Select::channel(ids.nudges, "Reminders to owners", chosen.nudge_channel))
        .select(Select::channel(ids.ops, "Alerts for admins and leads", chosen.ops_channel))
        .buttons([back].into_iter().chain(here).chain(further).chain(done))
        .build()
}

/// The third step: who is who.
pub fn roles(setup: &Setup, ids: RoleIds) -> Message {
    let chosen = &setup.settings;
    let everyone = if chosen.everyone_is_rep { "Only the rep role records deals" } else { "Everyone is a rep" };
    let what = "Admins count as leads. Finance can be left open: leads read the proof then. No role that fits? Make one under **Server Settings → Roles**, then choose it here.";
    let same = "Leads and reps are the same role: everybody who records deals could then do what a lead can.";
    let same = (chosen.lead_role.is_some() && chosen.lead_role == chosen.rep_role).then_some(same);
    let finish = match left(setup) {
        0 => Offer::Finish.button(ids.finish),
        n => Button::secondary(ids.finish, format!("Finish setup ({n} left)")),
    };
    step("Setup, 3 of 3: roles.", what)
        .text(same.unwrap_or_default())
        .embed(status(setup, Step::Roles))
        .select(Select::role(ids.lead, "Leads: run the program", chosen.lead_role))
        .select(Select::role(ids.rep, "Reps: record deals", chosen.rep_role))
        .select(Select::role(ids.finance, "Finance: reads the proof", chosen.finance_role))
        .buttons([
            Button::secondary(ids.back, "◀ Channels"),
            Button::secondary(ids.everyone, everyone),
            Offer::CheckAgain.button(ids.check),
            finish,
        ])
        .build()
}

/// A step, of which each chooses some settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// By which days and in which money everything is told.
    Basics,
    /// Where the bot posts.
    Channels,
    /// Who is who.
    Roles,
}

/// The step on which a setting is chosen.
pub fn step_of(setting: Setting) -> Step {
    match setting {
        Setting::Zone | Setting::Currency => Step::Basics,
        Setting::PipelineChannel | Setting::NudgeChannel | Setting::OpsChannel => Step::Channels,
        Setting::LeadRole | Setting::Reps => Step::Roles,
    }
}

/// How a missing setting is chosen from a step.
fn from_here(step: Step, setting: Setting) -> &'static str {
    match (step, step_of(setting)) {
        (Step::Roles, Step::Roles) if setting == Setting::Reps => "choose a role below, or that everyone is one",
        (here, there) if here == there => "choose it below",
        (Step::Basics, Step::Channels) => "choose it under Channels ▶",
        (Step::Roles, Step::Channels) => "choose it under ◀ Channels",
        (Step::Channels, Step::Basics) => "choose it under ◀ Time and money",
        (_, Step::Basics) => "choose it under ◀ Channels, ◀ Time and money",
        (Step::Basics, _) => "choose it under Channels ▶, Roles ▶",
        (_, _) => "choose it under Roles ▶",
    }
}

/// The one setting that may be left open.
fn finance(setup: &Setup) -> String {
    match setup.settings.finance_role {
        Some(finance) => format!("✓ Finance: {}", role(finance)),
        None => "– Finance: left open".to_owned(),
    }
}

/// What is there and what is missing.
/// How many things have to be chosen or put right still.
fn left(setup: &Setup) -> usize {
    setup.missing.len() + setup.channels.len()
}

fn status(setup: &Setup, step: Step) -> Embed {
    let all = [
        Setting::Zone,
        Setting::Currency,
        Setting::PipelineChannel,
        Setting::NudgeChannel,
        Setting::OpsChannel,
        Setting::LeadRole,
        Setting::Reps,
    ];
    let line = |setting: Setting| match setup.missing.contains(&setting) {
        true => format!("○ {}: {}", setting_name(setting), from_here(step, setting)),
        false => format!("✓ {}: {}", setting_name(setting), chosen(&setup.settings, setting)),
    };
    let left = left(setup);
    let title = match left {
        0 if setup.settings.ready => "Setup is finished, and everything is there".to_owned(),
        0 => "Everything is there: press Finish setup".to_owned(),
        n if setup.settings.ready => format!("{} left", count(n, "thing")),
        n => format!("Not finished yet: {} left", count(n, "thing")),
    };
    let tone = if left == 0 { Tone::Good } else { Tone::Attention };
    let mut embed = Embed::titled(title).tone(tone).text(format!("{}\n{}", all.map(line).join("\n"), finance(setup)));
    if !setup.channels.is_empty() {
        let lines: Vec<String> = setup.channels.iter().map(channel_trouble).collect();
        embed = embed.field("To put right", Lines::of(lines, |n| format!("… and {}", count(n, "more channel"))));
    }
    embed.footer(extras(&setup.settings))
}

/// `Lead role`, as settings are listed.
pub(super) fn setting_name(setting: Setting) -> &'static str {
    match setting {
        Setting::Zone => "Time zone",
        Setting::Currency => "Currency",
        Setting::PipelineChannel => "Pipeline channel",
        Setting::NudgeChannel => "Nudge channel",
        Setting::OpsChannel => "Ops channel",
        Setting::LeadRole => "Lead role",
        Setting::Reps => "Reps",
    }
}

/// How a missing setting is chosen; also what doctor says to do.
pub(super) fn how(voice: &Voice, setting: Setting) -> String {
    let setup = voice.command("cosell setup");
    match step_of(setting) {
        Step::Basics => format!("choose it under {setup}, time and money"),
        Step::Channels => format!("choose it under {setup}, channels"),
        Step::Roles if setting == Setting::Reps => {
            format!("choose a role, or that everyone is one, under {setup}, roles")
        }
        Step::Roles => format!("choose it under {setup}, roles"),
    }
}

pub(super) fn chosen(settings: &Settings, setting: Setting) -> String {
    let none = || "none".to_owned();
    match setting {
        Setting::Zone => settings.zone.map_or_else(none, |zone| zone.name().to_owned()),
        Setting::Currency => settings.currency.clone().unwrap_or_else(none),
        Setting::PipelineChannel => settings.pipeline_channel.map_or_else(none, channel),
        Setting::NudgeChannel => settings.nudge_channel.map_or_else(none, channel),
        Setting::OpsChannel => settings.ops_channel.map_or_else(none, channel),
        Setting::LeadRole => settings.lead_role.map_or_else(none, role),
        Setting::Reps if settings.everyone_is_rep => "everyone".to_owned(),
        Setting::Reps => settings.rep_role.map_or_else(none, role),
    }
}

fn extras(settings: &Settings) -> String {
    format!(
        "Fiscal year from {} · {} · reminders at {:02}:00; the options of /cosell config change these",
        super::config::month(settings.fiscal_month),
        mode(settings.mode),
        settings.digest_hour
    )
}

pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Program => "program mode",
        Mode::Plan => "plan mode",
    }
}
