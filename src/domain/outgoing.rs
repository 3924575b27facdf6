//! Messages that are not answers: what they are about and where they go. Their words are found when they are sent.

use serde::{Deserialize, Serialize};

use super::Instant;
use super::handover::What;
use super::id::{
    ChannelId, DealNumber, GuildId, HandoverId, InteractionId, MeetingId, MemberId, MessageId, PartnerId, ReviewId,
    UserId,
};

/// The kind of [`About::Event`], which is no message.
pub const EVENT: &str = "event";

/// A message that is not an answer; its words are found when it is first claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// What it says.
    pub about: About,
    /// Where it goes.
    pub to: Destination,
    /// Not before.
    pub due_at: Instant,
}

impl Outgoing {
    /// Tells admins something in the ops channel.
    pub fn alert(alarm: Alarm, ops: ChannelId, due_at: Instant) -> Outgoing {
        Outgoing { about: About::Alert { alarm }, to: Destination::Channel(ops), due_at }
    }

    /// Has Discord's scheduled event of a review brought in step with it. It goes to no channel; that all of a server's
    /// have the server's id for one keeps two of them from being made at once.
    pub fn event(guild: GuildId, review: ReviewId, due_at: Instant) -> Outgoing {
        Outgoing { about: About::Event { review }, to: Destination::Channel(ChannelId(guild.0)), due_at }
    }
}

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Destination {
    /// A channel.
    Channel(ChannelId),
    /// A person's direct messages.
    Direct(UserId),
}

/// Where a message stands that Discord has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// In which server.
    pub guild: GuildId,
    /// In which channel.
    pub channel: ChannelId,
    /// Which message.
    pub message: MessageId,
}

/// What a message says, by kind and ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum About {
    /// What happened to a deal lately; one row waits a deal, and it tells all that happened until it is claimed.
    TeamLine {
        /// Which deal.
        deal: DealNumber,
        /// From this event of the deal on.
        since_version: i64,
    },
    /// The agenda of an occurrence.
    Agenda {
        /// Of which review.
        review: ReviewId,
        /// When it starts, Unix milliseconds.
        starts_at: i64,
    },
    /// That an occurrence whose agenda stands in a channel already isn't held; takes the agenda's place there.
    CalledOff {
        /// Of which review.
        review: ReviewId,
        /// When it would have started, Unix milliseconds.
        starts_at: i64,
        /// The agenda's message.
        agenda: MessageId,
        /// Who called it off.
        by: MemberId,
    },
    /// A meeting as it stands: takes the place of the agenda on its post.
    Meeting {
        /// Which.
        meeting: MeetingId,
        /// The post.
        agenda: MessageId,
    },
    /// The minutes of a meeting, in a thread of its post; those that are posted are brought up to date in place.
    Minutes {
        /// Of which meeting.
        meeting: MeetingId,
        /// The post.
        agenda: MessageId,
    },
    /// Nothing: Discord's scheduled event of a review is brought in step with it.
    Event {
        /// Of which review.
        review: ReviewId,
    },
    /// Reminders for the people who are due at one hour.
    Digest {
        /// Who.
        members: Vec<MemberId>,
    },
    /// The one ping that a new owner gets.
    Ownership {
        /// Of which deal.
        deal: DealNumber,
        /// Who.
        owner: MemberId,
        /// Who handed it over.
        by: MemberId,
        /// The deal's version then.
        version: i64,
    },
    /// What a recipient of a handover is asked, and what they were given without an answer.
    Handover {
        /// Which.
        handover: HandoverId,
        /// Who.
        to: MemberId,
    },
    /// A partner that somebody asked for is there: how they go on with the deal that they typed.
    PartnerAdded {
        /// The partner.
        partner: PartnerId,
        /// Who asked.
        asker: MemberId,
        /// Their draft.
        draft: InteractionId,
        /// Until when it is kept, Unix milliseconds.
        until: i64,
    },
    /// What an admin should know.
    Alert {
        /// What it is about.
        alarm: Alarm,
    },
    /// An answer that came too late to be given.
    LateAnswer {
        /// Whose.
        user: UserId,
        /// The answer's text; `None` when it is for one person's eyes and the channel reads along.
        text: Option<String>,
    },
}

/// What admins are told once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alarm", rename_all = "snake_case")]
pub enum Alarm {
    /// A channel or person can't be written to.
    Undeliverable {
        /// The channel, if it is one.
        channel: Option<ChannelId>,
        /// The person, if it is one.
        user: Option<UserId>,
        /// Discord's words for it.
        reason: String,
    },
    /// A deal needs a partner that is not known yet.
    PartnerAsked {
        /// The partner, as typed.
        name: String,
        /// The account of the deal, as typed.
        account: String,
        /// Who asks.
        by: MemberId,
        /// Until when what they typed is kept, Unix milliseconds.
        until: i64,
    },
    /// A new owner said no.
    Declined {
        /// Which deal.
        deal: DealNumber,
        /// Who said no.
        by: MemberId,
    },
    /// A recipient of a handover said no.
    HandoverDeclined {
        /// To which.
        handover: HandoverId,
        /// To what.
        what: What,
        /// Who said no.
        by: MemberId,
        /// When, Unix milliseconds: a no that was taken back and given again is another one.
        at: i64,
    },
    /// Somebody with open deals has left.
    Unowned {
        /// Who.
        owner: MemberId,
    },
    /// The workspace has been too large for plan mode for a month.
    Outgrown,
    /// An occurrence was never posted.
    Missed {
        /// Of which review.
        review: ReviewId,
        /// When it started, Unix milliseconds.
        starts_at: i64,
    },
    /// A backup took the database's place.
    Restored {
        /// Up to when it knows what happened, Unix milliseconds.
        known_until: i64,
    },
}

impl About {
    /// Whether each try tells what is true then, instead of what was true at the first: an older state of a message that
    /// is edited must not take the place of a newer one.
    pub fn is_live(&self) -> bool {
        matches!(self, About::Meeting { .. } | About::Minutes { .. })
    }

    /// The word in the outbox's `kind` column.
    pub fn kind(&self) -> &'static str {
        match self {
            About::TeamLine { .. } => "team_line",
            About::Agenda { .. } => "agenda",
            About::CalledOff { .. } => "called_off",
            About::Meeting { .. } => "meeting",
            About::Minutes { .. } => "minutes",
            About::Event { .. } => EVENT,
            About::Digest { .. } => "digest",
            About::Ownership { .. } => "ownership",
            About::Handover { .. } => "handover",
            About::PartnerAdded { .. } => "partner_added",
            About::Alert { .. } => "alert",
            About::LateAnswer { .. } => "late_answer",
        }
    }
}
