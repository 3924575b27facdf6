//! Read models of the admin side: what setup, doctor, partners and reviews show. Put together by whoever reads the
//! store and asks Discord; no words, no rules.

use chrono::Weekday;

use super::Instant;
use super::card::{DealCard, Named};
use super::id::{ChannelId, DealNumber, RoleId, UserId};
use super::partner::Partner;
use super::review::Review;
use super::size::Size;
use super::workspace::{Setting, Settings};

/// How far setup has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// What was chosen.
    pub settings: Settings,
    /// What setup can't do without and nobody chose yet.
    pub missing: Vec<Setting>,
    /// What stands in the way in chosen channels; empty until it was looked up.
    pub channels: Vec<ChannelTrouble>,
}

/// What a workspace goes on with once it is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// What was chosen.
    pub settings: Settings,
    /// The review that meets next, if there is any.
    pub review: Option<ReviewCard>,
    /// How large it is, for which plan mode may be enough.
    pub size: Size,
    /// What stands in the way in its channels.
    pub channels: Vec<ChannelTrouble>,
    /// The lead role, where reminders to the leads can't ping it.
    pub silent_lead: Option<RoleId>,
}

/// When the first review is proposed to meet, each week in the workspace's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstMeeting {
    /// On which day.
    pub weekday: Weekday,
    /// At which full hour, 0 to 23.
    pub hour: u32,
}

impl Default for FirstMeeting {
    /// Tuesday: owners are asked to bring their deals up to date on the business day before, which is no Friday then.
    fn default() -> FirstMeeting {
        FirstMeeting { weekday: Weekday::Tue, hour: 10 }
    }
}

/// A channel that the bot is to post in and can't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTrouble {
    /// Which.
    pub channel: ChannelId,
    /// What for.
    pub uses: Vec<ChannelUse>,
    /// Why.
    pub trouble: ChannelState,
}

/// What a channel is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelUse {
    /// Team lines.
    Pipeline,
    /// Reminders.
    Nudges,
    /// Alerts for admins.
    Ops,
    /// The agenda of the review of this name.
    Review(String),
}

/// What keeps the bot from posting in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelState {
    /// It lacks these permissions, by Discord's names, e.g. `SEND_MESSAGES`.
    Lacks(Vec<String>),
    /// It was deleted, or the bot can't see it.
    Gone,
    /// Discord did not answer, so it can't be told.
    Unknown,
}

/// One thing that doctor found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Setup was never finished.
    NotReady,
    /// Nobody chose it.
    Missing(Setting),
    /// A channel that can't be posted in.
    Channel(ChannelTrouble),
    /// Reminders to the leads can't ping them.
    LeadNotMentionable(RoleId),
    /// A deal whose owner has left.
    Unowned {
        /// Which.
        deal: Box<DealCard>,
    },
    /// A message that could not be delivered.
    Undelivered {
        /// What kind: the outbox's word.
        kind: String,
        /// Where it should have gone.
        to: Option<ChannelId>,
        /// To whom, for a direct message.
        user: Option<UserId>,
        /// Discord's words.
        reason: String,
        /// When it was given up.
        at: Instant,
    },
    /// An agenda that was never posted.
    MissedReview {
        /// The review's name.
        review: String,
        /// When the meeting began.
        starts_at: Instant,
    },
}

/// How many deals, and what they are worth together in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many.
    pub deals: usize,
    /// Σ of the amounts that are known.
    pub amount: i64,
}

/// A partner with its names and figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerCard {
    /// The partner.
    pub partner: Partner,
    /// The partner manager on our side.
    pub manager: Option<Named>,
    /// Deals that run.
    pub open: Tally,
    /// How many more run in which it takes part beside the primary partner, with whom their money is counted.
    pub parts: usize,
    /// Deals that were won.
    pub won: Tally,
    /// Deals that were lost, without those entered by mistake.
    pub lost: Tally,
}

/// A review with its next meetings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewCard {
    /// The review.
    pub review: Review,
    /// The name of the one partner that it is about.
    pub partner: Option<String>,
    /// When it meets next, soonest first.
    pub next: Vec<Instant>,
}

/// Whether Discord shows a scheduled event for a review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EventProspect {
    /// It does, and the bot keeps it in step.
    Kept,
    /// The bot may not create events in the server.
    NotAllowed,
    /// Discord can't repeat an event as the review meets.
    NotRepeatable,
    /// It can't be told, or there is no date to show.
    #[default]
    Untold,
}

/// An account after it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// It has a new name.
    Renamed {
        /// The old one.
        from: String,
        /// The new one.
        to: String,
    },
    /// It was merged into another.
    Merged {
        /// The one that is gone.
        from: String,
        /// The one that stays.
        into: String,
        /// The deals that moved.
        deals: Vec<DealNumber>,
    },
}
