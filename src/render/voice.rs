//! How the bot speaks in one workspace: its commands as people can click them, its currency, its zone, and what day it
//! is. Amounts, days and people as people read them.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::money::{money, short_money};
use crate::domain::Instant;
use crate::domain::id::{ChannelId, GuildId, RoleId, UserId};
use crate::domain::outgoing::Posted;
use crate::domain::period::Period;
use crate::domain::workspace::Settings;

/// The registered commands: top-level name to Discord's id. Empty until registration is known.
#[derive(Debug, Clone, Default)]
pub struct Commands {
    ids: HashMap<String, i64>,
}

impl Commands {
    /// From pairs of top-level name and id, e.g. `("deal", 11…)`.
    pub fn new(ids: impl IntoIterator<Item = (String, i64)>) -> Commands {
        Commands { ids: ids.into_iter().collect() }
    }

    /// `deal new` as something to click, or as plain text before its id is known.
    pub fn mention(&self, path: &str) -> String {
        let top = path.split(' ').next().unwrap_or(path);
        match self.ids.get(top) {
            Some(id) => format!("</{path}:{id}>"),
            None => format!("/{path}"),
        }
    }
}

/// What the words depend on besides what they tell.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'w> {
    commands: &'w Commands,
    settings: &'w Settings,
    zone: Tz,
    now: Instant,
}

impl<'w> Voice<'w> {
    /// For one workspace at one moment.
    pub fn new(commands: &'w Commands, settings: &'w Settings, now: Instant) -> Voice<'w> {
        Voice { commands, settings, zone: settings.zone(), now }
    }

    /// A command to click: `deal new`.
    pub fn command(&self, path: &str) -> String {
        self.commands.mention(path)
    }

    /// The same for files and pictures, where a command is nothing to click.
    pub fn in_plain_text(self) -> Voice<'w> {
        static UNKNOWN: LazyLock<Commands> = LazyLock::new(Commands::default);
        Voice { commands: &UNKNOWN, ..self }
    }

    /// The zone that days are counted in.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The moment of which this tells.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The day of which this tells.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The local day of an instant.
    pub fn day_of(&self, at: Instant) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The fiscal quarter of a day.
    pub fn period(&self, day: NaiveDate) -> Period {
        Period::of(day, self.settings.fiscal_month)
    }

    /// The role of leads as it was named in setup; in words before that.
    pub fn lead_role(&self) -> String {
        self.settings.lead_role.map_or_else(|| "the lead role".to_owned(), role)
    }

    /// The role of reps, likewise.
    pub fn rep_role(&self) -> String {
        self.settings.rep_role.map_or_else(|| "the rep role".to_owned(), role)
    }

    /// Who are reps.
    pub fn reps(&self) -> String {
        if self.settings.everyone_is_rep { "everyone".to_owned() } else { self.rep_role() }
    }

    /// The currency's code.
    pub fn currency(&self) -> &'w str {
        self.settings.currency()
    }

    /// `$120,000`: every digit that counts.
    pub fn money(&self, minor: i64) -> String {
        money(minor, self.currency())
    }

    /// `$1.2m`: three digits, for lists and sums.
    pub fn short_money(&self, minor: i64) -> String {
        short_money(minor, self.currency())
    }

    /// `Fri 18 Dec`, with the year when it is not this one.
    pub fn day(&self, date: NaiveDate) -> String {
        if date.year() == self.today().year() { date.format("%a %-d %b").to_string() } else { day(date) }
    }

    /// `today`, `tomorrow`, `in 5 days`, `3 days ago`.
    pub fn away(&self, date: NaiveDate) -> String {
        match (date - self.today()).num_days() {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            -1 => "yesterday".to_owned(),
            n if n > 0 => format!("in {n} days"),
            n => format!("{} days ago", -n),
        }
    }
}

/// `18 Dec 2026`.
pub fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// An instant in each reader's own zone: `<t:…:f>`.
pub fn moment(at: Instant) -> String {
    format!("<t:{}:f>", at.timestamp())
}

/// With the weekday: `<t:…:F>`.
pub fn long_moment(at: Instant) -> String {
    format!("<t:{}:F>", at.timestamp())
}

/// As a distance: `<t:…:R>`.
pub fn ago(at: Instant) -> String {
    format!("<t:{}:R>", at.timestamp())
}

/// A person. Pings only if the message names them too.
pub fn mention(user: UserId) -> String {
    format!("<@{user}>")
}

/// A channel to click.
pub fn channel(channel: ChannelId) -> String {
    format!("<#{channel}>")
}

/// Where a channel is found outside of Discord's own texts, which can hold a [`channel`].
pub fn channel_link(guild: GuildId, channel: ChannelId) -> String {
    format!("https://discord.com/channels/{guild}/{channel}")
}

/// A message to click.
pub fn link(posted: Posted) -> String {
    format!("https://discord.com/channels/{}/{}/{}", posted.guild, posted.channel, posted.message)
}

/// A role. Pings only if the message names it too.
pub fn role(role: RoleId) -> String {
    format!("<@&{role}>")
}

/// `38 %`; below zero with the sign that amounts have.
pub fn percent(percent: i64) -> String {
    let sign = if percent < 0 { "−" } else { "" };
    format!("{sign}{} %", percent.unsigned_abs())
}

/// `1 deal`, `3 deals`: for nouns that take an s.
pub fn count(n: usize, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// `Ana, Ben and Carl`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_clicked_once_its_id_is_known() {
        let commands = Commands::new([("deal".to_owned(), 42)]);
        assert_eq!(commands.mention("deal new"), "</deal new:42>");
        assert_eq!(commands.mention("help"), "/help");
    }

    #[test]
    fn days_are_told_from_today_in_the_workspaces_zone() {
        let settings = Settings { zone: Some(Tz::Asia__Tokyo), ..Settings::default() };
        let commands = Commands::default();
        let now = "2026-12-17T20:00:00Z".parse().unwrap();
        let voice = Voice::new(&commands, &settings, now);
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(voice.today(), date("2026-12-18"));
        assert_eq!(voice.day(date("2026-12-18")), "Fri 18 Dec");
        assert_eq!(voice.day(date("2027-01-04")), "4 Jan 2027");
        assert_eq!(voice.away(date("2026-12-19")), "tomorrow");
        assert_eq!(voice.away(date("2026-12-14")), "4 days ago");
        assert_eq!(list(&["Ana".into(), "Ben".into(), "Carl".into()]), "Ana, Ben and Carl");
    }
}
