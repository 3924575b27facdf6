//! Setup: what is chosen, what is missing, what stands in the way, and how to go on. In two steps, because a message
//! takes five rows of controls.

use super::control::{Button, CustomId, Select};
use super::doctor::channel_trouble;
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::offer::Offer;
use super::voice::{Voice, channel, count, role};
use crate::domain::overview::Setup;
use crate::domain::workspace::{Mode, Setting, Settings};

/// What the controls of the first step send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelIds {
    /// The pipeline channel.
    pub pipeline: CustomId,
    /// The nudge channel.
    pub nudges: CustomId,
    /// The ops channel.
    pub ops: CustomId,
    /// Goes on to the roles.
    pub on: CustomId,
    /// Looks again.
    pub check: CustomId,
}

/// What the controls of the second step send back.
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

/// The first step: where the bot posts.
pub fn channels(voice: &Voice, setup: &Setup, ids: ChannelIds) -> Message {
    let chosen = &setup.settings;
    Message::silent()
        .text("**Setup, 1 of 2: channels.** Choose where the bot posts; one channel can serve for all three.")
        .embed(status(voice, setup, Step::Channels))
        .select(Select::channel(ids.pipeline, "Team lines: new, won, lost, moved", chosen.pipeline_channel))
        .select(Select::channel(ids.nudges, "Reminders to owners", chosen.nudge_channel))
        .select(Select::channel(ids.ops, "Alerts for admins and leads", chosen.ops_channel))
        .buttons([Button::primary(ids.on, "Roles ▶"), Offer::CheckAgain.button(ids.check)])
        .build()
}

/// The second step: who is who.
pub fn roles(voice: &Voice, setup: &Setup, ids: RoleIds) -> Message {
    let chosen = &setup.settings;
    let everyone = if chosen.everyone_is_rep { "Only the rep role records deals" } else { "Everyone is a rep" };
    Message::silent()
        .text("**Setup, 2 of 2: roles.** Admins count as leads. Finance can be left open: leads read the proof then.")
        .embed(status(voice, setup, Step::Roles))
        .select(Select::role(ids.lead, "Leads: run the program", chosen.lead_role))
        .select(Select::role(ids.rep, "Reps: record deals", chosen.rep_role))
        .select(Select::role(ids.finance, "Finance: reads the proof", chosen.finance_role))
        .buttons([
            Button::secondary(ids.back, "◀ Channels"),
            Button::secondary(ids.everyone, everyone),
            Offer::CheckAgain.button(ids.check),
            Offer::Finish.button(ids.finish),
        ])
        .build()
}

/// Which step is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Channels,
    Roles,
}

/// How a missing setting is chosen from a step.
fn from_here(voice: &Voice, step: Step, setting: Setting) -> String {
    match (step, setting) {
        (_, Setting::Zone | Setting::Currency) => how(voice, setting),
        (Step::Roles, Setting::LeadRole) => "choose it below".to_owned(),
        (Step::Roles, Setting::Reps) => "choose a role below, or that everyone is one".to_owned(),
        (Step::Roles, _) => "choose it under ◀ Channels".to_owned(),
        (Step::Channels, Setting::LeadRole | Setting::Reps) => "choose it under Roles ▶".to_owned(),
        (Step::Channels, _) => "choose it below".to_owned(),
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
fn status(voice: &Voice, setup: &Setup, step: Step) -> Embed {
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
        true => format!("○ {}: {}", setting_name(setting), from_here(voice, step, setting)),
        false => format!("✓ {}: {}", setting_name(setting), chosen(&setup.settings, setting)),
    };
    let left = setup.missing.len() + setup.channels.len();
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
    match setting {
        Setting::Zone => format!("{setup} `timezone:Europe/Berlin`, for example"),
        Setting::Currency => format!("{setup} `currency:USD`, for example"),
        Setting::PipelineChannel | Setting::NudgeChannel | Setting::OpsChannel => {
            format!("choose it under {setup}, channels")
        }
        Setting::LeadRole => format!("choose it under {setup}, roles"),
        Setting::Reps => format!("choose a role, or that everyone is one, under {setup}, roles"),
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
        "Fiscal year from {} · {} · reminders at {:02}:00; change these with the command's options",
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

/// Setup was called finished: what to do first.
pub fn finished(voice: &Voice, settings: &Settings) -> Message {
    let mut lines = vec![
        format!("Setup is finished: {} in {}, {}.", settings.currency(), settings.zone().name(), mode(settings.mode)),
        format!("1. Add your partners: {}", voice.command("partner add")),
        format!("2. Set the rhythm of the pipeline review: {}", voice.command("review schedule")),
        format!("3. Name the holidays: {}", voice.command("cosell holidays")),
        format!("4. Tell the reps about {} and {}.", voice.command("deal new"), voice.command("help")),
    ];
    lines.extend(settings.shows_number().then(|| {
        let (owner, target) = (voice.command("program owner"), voice.command("program target"));
        format!("5. Name who owns the number, and set it: {owner}, {target}")
    }));
    Message::silent().text(lines.join("\n")).build()
}
