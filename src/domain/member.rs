//! A person in a workspace: named by a workspace-local id everywhere but here.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::id::{MemberId, UserId};

/// A person's settings, and what the bot knows of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The id in the workspace.
    pub id: MemberId,
    /// How many events made this state.
    #[serde(default)]
    pub version: i64,
    /// Who it is on Discord.
    pub user: UserId,
    /// As last shown by Discord in this server.
    pub name: String,
    /// Own zone, where it differs from the workspace's.
    pub zone: Option<Tz>,
    /// Own local hour for digests.
    pub digest_hour: Option<u32>,
    /// Whether nudges go by direct message.
    pub direct_messages: bool,
    /// An absence with its cover.
    pub away: Option<Away>,
    /// Whether they left the server or were deactivated.
    pub gone: bool,
}

/// An absence: the cover stands in from `from` to `to`, both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Who stands in.
    pub cover: MemberId,
}

/// Whether a member can be told of something on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// They can.
    Here,
    /// They are away.
    Away {
        /// Who stands in.
        cover: MemberId,
    },
    /// They have left the server or were deactivated.
    Gone,
}

impl Member {
    /// Stands for the lead role, which is told at the workspace's hour, in the channel.
    pub fn lead() -> Member {
        Member::new(MemberId::BOT, UserId(0), String::new())
    }

    /// A person seen for the first time.
    pub fn new(id: MemberId, user: UserId, name: String) -> Member {
        Member {
            id,
            version: 0,
            user,
            name,
            zone: None,
            digest_hour: None,
            direct_messages: false,
            away: None,
            gone: false,
        }
    }

    /// Whether they can be told of something on a day.
    pub fn presence_on(&self, day: NaiveDate) -> Presence {
        match self.cover_on(day) {
            _ if self.gone => Presence::Gone,
            Some(cover) => Presence::Away { cover },
            None => Presence::Here,
        }
    }

    /// The cover on a day, if away then.
    pub fn cover_on(&self, day: NaiveDate) -> Option<MemberId> {
        let away = self.away.as_ref()?;
        (away.from <= day && day <= away.to).then_some(away.cover)
    }
}

impl super::event::Tracked for Member {
    const KIND: super::event::SubjectKind = super::event::SubjectKind::Member;

    fn id(&self) -> i64 {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, _: super::event::EventKind, _: super::Instant) {
        self.version = version;
    }
}
