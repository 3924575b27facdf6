//! A deal: one joint opportunity, and the small rules that hold for it at every moment.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use self::criteria::{Met, PassAsked, Waiver};
use super::Instant;
use super::id::{AccountId, DealNumber, MemberId, PartnerId};
use super::motion::Stage;
use super::registration::Registration;

mod credit;
pub mod criteria;
mod turn;

pub use credit::{Claim, Credit, Former, Place, Question, Signature};

/// The longest texts, in characters, as the manifest and the forms ask for them too.
pub mod limit {
    /// A name of an account or partner.
    pub const NAME: usize = 100;
    /// A note.
    pub const NOTE: usize = 1_000;
    /// A next step.
    pub const NEXT_STEP: usize = 200;
    /// What shows a partner's part.
    pub const EVIDENCE: usize = 1_000;
    /// The CRM's id or link.
    pub const CRM: usize = 300;
    /// Why a deal is reopened, moved or another one; what a wait is for.
    pub const WHY: usize = 500;
    /// What a deal is registered under.
    pub const REFERENCE: usize = 100;
    /// Why a deal is snoozed.
    pub const SNOOZE_WHY: usize = 300;
    /// Why a deal was lost.
    pub const DETAIL: usize = 1_000;
}

/// The state of a deal. It is stored whole, and it equals the replay of the deal's events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    /// Its number in the workspace.
    pub number: DealNumber,
    /// How many events made this state. Forms and buttons carry it to notice a change in between.
    pub version: i64,
    /// The customer.
    pub account: AccountId,
    /// The primary partner, whose role is the deal's class.
    pub partner: PartnerId,
    /// What the primary partner did for the deal.
    pub role: Role,
    /// What shows the role; asked for sourced and influenced.
    pub evidence: Option<String>,
    /// When the role was recorded. Decides on time or late, and doesn't move.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub attributed_at: Instant,
    /// Who recorded the role.
    pub attributed_by: MemberId,
    /// What else is known of that claim: its day, who confirmed it, what was asked, what stood there before.
    #[serde(default)]
    pub claim: Claim,
    /// Further partners; they add evidence, never money.
    #[serde(default)]
    pub participants: Vec<Participant>,
    /// Minor units of the workspace's currency.
    pub amount: Option<i64>,
    /// Expected close while open.
    pub close: Option<NaiveDate>,
    /// Where it is in the motion.
    pub stage: Stage,
    /// Since when it is there.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub stage_since: Instant,
    /// The one member answerable for it.
    pub owner: MemberId,
    /// The standing deputy.
    pub backup: Option<MemberId>,
    /// What happens next, and when.
    pub next_step: Option<NextStep>,
    /// How often the due date of a next step was moved without the step being done.
    #[serde(default)]
    pub next_step_moves: u32,
    /// How often the expected close was moved later.
    #[serde(default)]
    pub close_slips: u32,
    /// When its owner said no to it; `None` again once another one has it.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub declined_at: Option<Instant>,
    /// The CRM's id or link.
    pub crm: Option<String>,
    /// That the partner registered it, and until when it is protected.
    #[serde(default)]
    pub registration: Option<Registration>,
    /// The version of the motion that it runs.
    pub motion_version: u32,
    /// The exit criteria that are met, of all stages so far.
    #[serde(default)]
    pub met: Vec<Met>,
    /// What leads passed over, oldest first.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    /// A lead is asked to pass what is unmet; `None` again once it moved.
    #[serde(default)]
    pub pass_asked: Option<PassAsked>,
    /// When it was recorded.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub created_at: Instant,
    /// Who recorded it.
    pub created_by: MemberId,
    /// When an import recorded it: nothing stalls it for some days then, and recording it was no activity.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub imported_at: Option<Instant>,
    /// The stage in which an import brought it: it ran nothing of the motion before.
    #[serde(default)]
    pub imported_in: Option<Stage>,
    /// The last activity (see [`super::event::EventKind::is_activity`]).
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub last_activity_at: Instant,
    /// Somebody else has the next move.
    pub wait: Option<Wait>,
    /// Reminders are put off.
    pub snooze: Option<Snooze>,
    /// How often they were put off so far. An episode allows its owner two (see [`super::episode`]).
    #[serde(default)]
    pub snoozes: u32,
    /// The day on which it was won or lost.
    pub closed_on: Option<NaiveDate>,
    /// Why it was lost.
    pub lost: Option<Loss>,
}

/// What a partner did for a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Originated it; it would not exist otherwise.
    Sourced,
    /// Took part in a named event of a deal of another origin.
    Influenced,
    /// Not settled yet: a gap.
    Undecided,
}

impl Role {
    /// The stable word in commands and tables.
    pub fn key(self) -> &'static str {
        match self {
            Role::Sourced => "sourced",
            Role::Influenced => "influenced",
            Role::Undecided => "undecided",
        }
    }
}

/// A further partner on a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The company.
    pub partner: PartnerId,
    /// Its part.
    pub role: Role,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who recorded it.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// What else is known of that claim.
    #[serde(default)]
    pub claim: Claim,
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// In the owner's words.
    pub text: String,
    /// By when. A step without one does not keep a deal from stalling.
    pub due: Option<NaiveDate>,
}

/// Who has the next move while a deal waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingOn {
    /// Somebody on our side other than the owner.
    Us,
    /// The partner.
    Partner,
    /// The customer.
    Customer,
    /// Contracts, on any side.
    Legal,
}

/// A wait: stall reasons rest until it ends, but for a past close and an expired registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Who has the next move.
    pub on: WaitingOn,
    /// The first day on which it is over.
    pub until: NaiveDate,
    /// When it was said.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub since: Instant,
    /// What for.
    pub note: Option<String>,
}

/// A snooze: as a wait, for a reason of the owner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// The first day on which it is over.
    pub until: NaiveDate,
    /// Why.
    pub why: String,
}

/// Why a deal was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The field's usual reasons.
    pub reason: LossReason,
    /// In the owner's words.
    pub detail: Option<String>,
}

/// The usual reasons. `EnteredByMistake` takes a deal out of every figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossReason {
    /// A competitor won it.
    Competitor,
    /// No budget.
    NoBudget,
    /// The customer decided to do nothing.
    NoDecision,
    /// Price or terms.
    Price,
    /// The solution did not fit.
    ProductFit,
    /// The partner stepped back.
    PartnerWithdrew,
    /// The timing was wrong.
    Timing,
    /// It should never have been recorded; also what an undone creation becomes.
    EnteredByMistake,
    /// Anything else; detail says what.
    Other,
}

impl Deal {
    /// Whether it still runs.
    pub fn is_open(&self) -> bool {
        self.stage.is_open()
    }

    /// Whether it was won.
    pub fn is_won(&self) -> bool {
        self.stage == Stage::Launched
    }

    /// Whether it counts in any figure.
    pub fn counts(&self) -> bool {
        !matches!(&self.lost, Some(loss) if loss.reason == LossReason::EnteredByMistake)
    }

    /// Whether a member answers for it by standing (a cover is found through the owner's absence).
    pub fn is_owner_or_backup(&self, member: MemberId) -> bool {
        self.owner == member || self.backup == Some(member)
    }

    /// All partners, the primary first.
    pub fn partners(&self) -> impl Iterator<Item = PartnerId> + '_ {
        std::iter::once(self.partner).chain(self.participants.iter().map(|p| p.partner))
    }
}

impl super::event::Tracked for Deal {
    const KIND: super::event::SubjectKind = super::event::SubjectKind::Deal;

    fn id(&self) -> i64 {
        self.number.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, kind: super::event::EventKind, at: super::Instant) {
        self.version = version;
        let is_import = self.imported_at.is_some() && kind == super::event::EventKind::Created;
        if kind.is_activity() && !is_import {
            self.last_activity_at = at;
        }
    }
}
