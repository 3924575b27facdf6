//! The settings of a workspace and its holidays, as an admin reads and changes them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::doctor::channel_trouble;
use super::embed::{Embed, Lines};
use super::message::Message;
use super::offer::{Offers, Page, buttons};
use super::setup::{chosen, mode, setting_name};
use super::text::brief;
use super::voice::{Voice, channel, count, day, role};
use crate::domain::event::Event;
use crate::domain::id::{ChannelId, RoleId};
use crate::domain::overview::ChannelTrouble;
use crate::domain::workspace::{Setting, Settings};

/// All settings.
pub fn config(voice: &Voice, settings: &Settings) -> Message {
    let show = |setting: Setting| (setting_name(setting), chosen(settings, setting));
    let finance = settings.finance_role.map_or_else(|| "leads".to_owned(), role);
    let values = [
        show(Setting::Zone),
        show(Setting::Currency),
        ("Fiscal year from", month(settings.fiscal_month).to_owned()),
        ("Mode", mode(settings.mode).to_owned()),
        ("Reminders at", format!("{:02}:00", settings.digest_hour)),
        ("Holidays", holiday_count(settings)),
        show(Setting::PipelineChannel),
        show(Setting::NudgeChannel),
        show(Setting::OpsChannel),
        show(Setting::LeadRole),
        show(Setting::Reps),
        ("Finance", finance),
    ];
    let mut embed = Embed::titled("Settings");
    if !settings.ready {
        embed = embed.text(format!("Setup isn't finished: go on with {}.", voice.command("cosell setup")));
    }
    for (name, value) in values {
        embed = embed.value(name, value);
    }
    Message::silent().embed(embed.footer("Options given to the command change them")).build()
}

fn holiday_count(settings: &Settings) -> String {
    match settings.holidays.len() {
        0 => "none".to_owned(),
        n => count(n, "day"),
    }
}

/// Settings were changed: each with what it was, and what stands in the way in the channels that were chosen.
pub fn saved(event: &Event, troubles: &[ChannelTrouble], offers: Offers) -> Message {
    let told = [
        ("zone", "Time zone"),
        ("currency", "Currency"),
        ("fiscal_month", "Fiscal year from"),
        ("mode", "Mode"),
        ("digest_hour", "Reminders at"),
        ("pipeline_channel", "Pipeline channel"),
        ("nudge_channel", "Nudge channel"),
        ("ops_channel", "Ops channel"),
        ("lead_role", "Lead role"),
        ("rep_role", "Rep role"),
        ("finance_role", "Finance role"),
        ("everyone_is_rep", "Everyone is a rep"),
    ];
    let line = |(field, name): (&str, &str)| {
        let after = event.after.get(field)?;
        let before = event.before.get(field).unwrap_or(&Value::Null);
        let (before, after) = (value(field, before), value(field, after));
        (before != after).then(|| format!("- {name}: {before} → {after}"))
    };
    let mut lines: Vec<String> =
        std::iter::once("Saved.".to_owned()).chain(told.into_iter().filter_map(line)).collect();
    lines.extend(troubles.iter().map(channel_trouble));
    Message::silent().text(lines.join("\n")).buttons(buttons(offers)).build()
}

fn value(field: &str, value: &Value) -> String {
    match (field, value) {
        (_, Value::Null) => "none".to_owned(),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (_, Value::Number(id)) if field.ends_with("_channel") => channel(ChannelId(id.as_i64().unwrap_or_default())),
        (_, Value::Number(id)) if field.ends_with("_role") => role(RoleId(id.as_i64().unwrap_or_default())),
        ("fiscal_month", Value::Number(n)) => month(n.as_u64().unwrap_or(1) as u32).to_owned(),
        ("digest_hour", Value::Number(n)) => format!("{:02}:00", n.as_u64().unwrap_or_default()),
        (_, Value::String(word)) => word.clone(),
        (_, other) => other.to_string(),
    }
}

/// A change of settings or accounts was taken back.
pub fn taken_back() -> Message {
    Message::silent().text("Taken back. It is as before.").build()
}

/// The name of a month, 1 to 12.
pub(super) fn month(number: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES[(number.clamp(1, 12) - 1) as usize]
}

/// What was done to the holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolidayChange {
    /// Nothing: they are shown.
    None,
    /// One was added.
    Added(NaiveDate),
    /// One got another name, in the place of this one.
    Renamed(NaiveDate, String),
    /// One was taken out.
    Removed(NaiveDate),
}

/// How many holidays stand on a page.
pub const PAGE: usize = 24;

/// One page of the holidays from today on, so many in all, and what was done to them.
pub fn holidays(
    voice: &Voice,
    change: &HolidayChange,
    holidays: &BTreeMap<NaiveDate, String>,
    coming: &[NaiveDate],
    total: usize,
    page: Page,
    offers: Offers,
) -> Message {
    let said = match change {
        HolidayChange::None => None,
        HolidayChange::Added(day) => Some(format!("Saved. {} is no business day.", voice.day(*day))),
        HolidayChange::Renamed(day, from) => {
            let to = holidays.get(day).map(|name| brief(name, 100)).unwrap_or_default();
            Some(format!(
                "Saved. {} was a holiday already, renamed from {} to {to}.",
                voice.day(*day),
                brief(from, 100)
            ))
        }
        HolidayChange::Removed(day) => Some(format!("Saved. {} is a business day again.", voice.day(*day))),
    };
    let line = |date: &NaiveDate| match holidays.get(date).map(|name| brief(name, 100)).unwrap_or_default().as_str() {
        "" => format!("- {}", weekday(*date)),
        name => format!("- {}: {name}", weekday(*date)),
    };
    let lines: Vec<String> = coming.iter().map(line).collect();
    let footer = std::iter::once("Weekends are never business days".to_owned()).chain(page.words());
    let embed = match total {
        0 => Embed::titled("No holidays ahead").text(format!("Name them with {}.", voice.command("cosell holidays"))),
        n => Embed::titled(format!("{} ahead", count(n, "holiday")))
            .lines(Lines::of(lines, |n| format!("… and {} more on this page", count(n, "day"))))
            .footer(footer.collect::<Vec<_>>().join(" · ")),
    };
    let draft = said.into_iter().fold(Message::silent(), |draft, said| draft.text(said));
    draft.embed(embed).buttons(page.buttons()).buttons(buttons(offers)).build()
}

fn weekday(date: NaiveDate) -> String {
    format!("{} {}", date.format("%a"), day(date))
}
