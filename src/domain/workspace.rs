//! A workspace's settings: what `/cosell setup` asks for, and the calendar that everything is counted by.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Instant;
use super::baseline::Baseline;
use super::calendar::day_of;
use super::id::{ChannelId, MemberId, RoleId};
use super::incentive::Comp;
use super::motion::{Motion, Motions};
use super::number::{Cost, Target};

/// Everything that an admin decided. Stored whole; starts out as [`Settings::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How many events made this state.
    #[serde(default)]
    pub version: i64,
    /// The zone of the business day; `None` until setup asked.
    pub zone: Option<Tz>,
    /// The zones that days were told by before, oldest first: what happened in them keeps its day.
    #[serde(default)]
    pub former_zones: Vec<FormerZone>,
    /// ISO 4217 code; `None` until setup asked. Fixed once a deal has an amount.
    pub currency: Option<String>,
    /// First month of the fiscal year, 1 to 12.
    pub fiscal_month: u32,
    /// Program or plan mode.
    pub mode: Mode,
    /// Local hour at which digests go out, 0 to 23.
    pub digest_hour: u32,
    /// Where team lines go.
    pub pipeline_channel: Option<ChannelId>,
    /// Where nudges go.
    pub nudge_channel: Option<ChannelId>,
    /// Where alerts for admins go.
    pub ops_channel: Option<ChannelId>,
    /// Who leads the program.
    pub lead_role: Option<RoleId>,
    /// Who reads the proof.
    pub finance_role: Option<RoleId>,
    /// Who records deals.
    pub rep_role: Option<RoleId>,
    /// The explicit choice that every member is a rep.
    pub everyone_is_rep: bool,
    /// Days that are not business days, with their names.
    #[serde(default)]
    pub holidays: BTreeMap<NaiveDate, String>,
    /// The play, in all its versions. They are few, a handful a year, and every deal is counted by one of them.
    #[serde(default)]
    pub motions: Motions,
    /// The next version, as far as leads have come with it.
    #[serde(default)]
    pub motion_draft: Option<Motion>,
    /// What reps are paid by. Private: leads and finance read it, nobody else (rule 14).
    #[serde(default)]
    pub comp: Comp,
    /// Who owns the number. Kept in plan mode, where it says nothing: see [`Settings::number_owner`].
    #[serde(default)]
    pub number_owner: Option<MemberId>,
    /// What should be won, by period.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// What the program costs, by period.
    #[serde(default)]
    pub costs: Vec<Cost>,
    /// What the company reaches without partners.
    #[serde(default)]
    pub baseline: Baseline,
    /// Whether setup was finished once.
    pub ready: bool,
}

/// A zone that days were told by, until another one was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerZone {
    /// The zone.
    pub zone: Tz,
    /// The first instant that was not told by it any more.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub until: Instant,
}

/// What setup can't do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The zone of the business day.
    Zone,
    /// The currency.
    Currency,
    /// Where team lines go.
    PipelineChannel,
    /// Where nudges go.
    NudgeChannel,
    /// Where alerts go.
    OpsChannel,
    /// The role of leads.
    LeadRole,
    /// The role of reps, or the choice that everyone is one.
    Reps,
}

/// Whole program, or a plan per partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The whole.
    Program,
    /// For at most 2 active partners and 10 open deals.
    Plan,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            version: 0,
            zone: None,
            former_zones: Vec::new(),
            currency: None,
            fiscal_month: 1,
            mode: Mode::Program,
            digest_hour: 9,
            pipeline_channel: None,
            nudge_channel: None,
            ops_channel: None,
            lead_role: None,
            finance_role: None,
            rep_role: None,
            everyone_is_rep: false,
            holidays: BTreeMap::new(),
            motions: Motions::default(),
            motion_draft: None,
            comp: Comp::default(),
            number_owner: None,
            targets: Vec::new(),
            costs: Vec::new(),
            baseline: Baseline::default(),
            ready: false,
        }
    }
}

impl Settings {
    /// The zone, UTC until one was chosen.
    pub fn zone(&self) -> Tz {
        self.zone.unwrap_or(Tz::UTC)
    }

    /// The currency, US dollars until one was chosen.
    pub fn currency(&self) -> &str {
        self.currency.as_deref().unwrap_or("USD")
    }

    /// Whether there is a number to speak of: plan mode hides it.
    pub fn shows_number(&self) -> bool {
        self.mode == Mode::Program
    }

    /// Who owns the number, where there is one.
    pub fn number_owner(&self) -> Option<MemberId> {
        self.number_owner.filter(|_| self.shows_number())
    }

    /// What setup can't do without and nobody chose yet. Finance may be left out: leads read the proof then.
    pub fn missing(&self) -> Vec<Setting> {
        let chosen = [
            (Setting::Zone, self.zone.is_some()),
            (Setting::Currency, self.currency.is_some()),
            (Setting::PipelineChannel, self.pipeline_channel.is_some()),
            (Setting::NudgeChannel, self.nudge_channel.is_some()),
            (Setting::OpsChannel, self.ops_channel.is_some()),
            (Setting::LeadRole, self.lead_role.is_some()),
            (Setting::Reps, self.everyone_is_rep || self.rep_role.is_some()),
        ];
        chosen.into_iter().filter(|(_, is_chosen)| !is_chosen).map(|(setting, _)| setting).collect()
    }

    /// The local day of an instant: see [`Calendar::day`](super::calendar::Calendar::day).
    pub fn day(&self, at: Instant) -> NaiveDate {
        day_of(&self.former_zones, self.zone(), at)
    }

    /// Tells days by another zone from now on. What happened so far keeps its day.
    pub fn put_zone(&mut self, zone: Tz, now: Instant) {
        let former = self.zone.filter(|former| *former != zone);
        self.former_zones.extend(former.map(|zone| FormerZone { zone, until: now }));
        self.zone = Some(zone);
    }
}

impl super::event::Tracked for Settings {
    const KIND: super::event::SubjectKind = super::event::SubjectKind::Workspace;

    fn id(&self) -> i64 {
        1
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, _: super::event::EventKind, _: Instant) {
        self.version = version;
    }
}
