//! What stands on an agenda or in the minutes beside deals: a topic that somebody asked for, a decision, an action.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Instant;
use super::card::Named;
use super::event::{EventKind, SubjectKind, Tracked};
use super::id::{DealNumber, ItemId, MeetingId, MemberId, ReviewId};

/// The most characters of a topic, a decision or an action, and of the reason why one was dropped.
pub const TEXT: usize = 500;

/// The state of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The id in the workspace.
    pub id: ItemId,
    /// How many events made this state.
    #[serde(default)]
    pub version: i64,
    /// Of which review: on its agendas it stands until it asks for nothing more.
    pub review: ReviewId,
    /// The meeting that it came from; for a topic, the one that went through it.
    pub meeting: Option<MeetingId>,
    /// What it is.
    pub what: What,
    /// As typed.
    pub text: String,
    /// The deal that it is about.
    pub deal: Option<DealNumber>,
    /// Who asked for it or noted it.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// When an action was given to whoever has it now; `None` while that is whom it was noted for.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub handed_at: Option<Instant>,
    /// Whether it asks for something still: a topic that is to come, an action that is not done.
    pub open: bool,
    /// Taken back by who noted it.
    #[serde(default)]
    pub withdrawn: bool,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// To be talked about.
    Topic,
    /// What a meeting settled.
    Decision,
    /// Who does it until when; it comes back on each agenda until it is done or dropped with a reason.
    Action {
        /// Who.
        assignee: MemberId,
        /// Until when, in the workspace's zone.
        due: NaiveDate,
        /// How it ended.
        ended: Option<Ended>,
    },
}

/// How an action ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Who said so.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// Why it was dropped; `None` when it was done.
    pub why: Option<String>,
}

impl Item {
    /// Whom it is for, if it is an action.
    pub fn assignee(&self) -> Option<MemberId> {
        match self.what {
            What::Action { assignee, .. } => Some(assignee),
            What::Topic | What::Decision => None,
        }
    }

    /// Until when it is to be done, if it is an action.
    pub fn due(&self) -> Option<NaiveDate> {
        match self.what {
            What::Action { due, .. } => Some(due),
            What::Topic | What::Decision => None,
        }
    }

    /// How it ended, if it is an action that did.
    pub fn ended(&self) -> Option<&Ended> {
        match &self.what {
            What::Action { ended, .. } => ended.as_ref(),
            What::Topic | What::Decision => None,
        }
    }

    /// Whether it is a topic.
    pub fn is_topic(&self) -> bool {
        self.what == What::Topic
    }

    /// Whether it is an action that should have been done before a day.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.open && self.due().is_some_and(|due| due < today)
    }

    /// Whether a person may end or move it, beside leads: who has it to do, and who gave it.
    pub fn answers_to(&self, member: MemberId) -> bool {
        self.by == member || self.assignee() == Some(member)
    }

    /// Ends an action. Nothing happens to what is none, or has ended.
    pub fn end(&mut self, how: Ended) {
        if let What::Action { ended, .. } = &mut self.what
            && self.open
        {
            *ended = Some(how);
            self.open = false;
        }
    }

    /// Since when whoever has it to do has it.
    pub fn given_at(&self) -> Instant {
        self.handed_at.unwrap_or(self.at)
    }

    /// Gives an action to somebody else.
    pub fn hand_to(&mut self, member: MemberId, now: Instant) {
        if let What::Action { assignee, .. } = &mut self.what
            && *assignee != member
        {
            *assignee = member;
            self.handed_at = Some(now);
        }
    }

    /// A meeting went through a topic.
    pub fn gone_through(&mut self, meeting: MeetingId) {
        if self.is_topic() {
            self.meeting = Some(meeting);
            self.open = false;
        }
    }

    /// Taken back: it stands nowhere any more.
    pub fn withdraw(&mut self) {
        self.withdrawn = true;
        self.open = false;
    }
}

/// An item with the names of its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCard {
    /// The item.
    pub item: Item,
    /// Who asked for it or noted it.
    pub by: Named,
    /// Who has it to do.
    pub assignee: Option<Named>,
    /// Who said that it is done or dropped.
    pub ended_by: Option<Named>,
    /// The account of the deal that it is about.
    pub account: Option<String>,
    /// The review's name.
    pub review: String,
}

impl Tracked for Item {
    const KIND: SubjectKind = SubjectKind::Item;

    fn id(&self) -> i64 {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, _: EventKind, _: Instant) {
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{action, at, day, topic};

    #[test]
    fn an_action_is_overdue_from_the_day_after_it_was_due_until_it_ends() {
        let mut action = action(1, MemberId(3), "2026-11-20");
        let told = |action: &Item| ["2026-11-20", "2026-11-21"].map(|today| action.is_overdue(day(today)));
        assert_eq!(told(&action), [false, true]);
        let done = Ended { by: MemberId(3), at: at("2026-11-23T10:00:00Z"), why: None };
        action.end(done.clone());
        assert_eq!((told(&action), action.open), ([false, false], false));
        action.end(Ended { why: Some("No longer needed".to_owned()), ..done.clone() });
        assert_eq!(action.ended(), Some(&done), "once");
    }

    #[test]
    fn a_topic_is_open_until_a_meeting_went_through_it() {
        let mut topic = topic(1, None);
        topic.end(Ended { by: MemberId(1), at: at("2026-11-23T10:00:00Z"), why: None });
        assert!(topic.open, "only actions are done");
        topic.gone_through(MeetingId(4));
        assert_eq!((topic.open, topic.meeting), (false, Some(MeetingId(4))));
    }

    #[test]
    fn who_gave_an_action_and_who_has_it_may_end_it() {
        let action = Item { by: MemberId(1), ..action(1, MemberId(3), "2026-11-20") };
        assert_eq!([1, 2, 3].map(|member| action.answers_to(MemberId(member))), [true, false, true]);
    }
}
