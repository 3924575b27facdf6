//! A handover: what a leaver answers for goes to others, each part by its recipient's own yes. Closed credit stays.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};

use super::Instant;
use super::deal::Deal;
use super::event::{EventKind, SubjectKind, Tracked};
use super::id::{DealNumber, HandoverId, ItemId, MemberId, PartnerId, UserId};

mod progress;
pub mod propose;
pub mod view;

/// How long a handover can be taken back.
const UNDO_WINDOW: Duration = Duration::days(7);

/// The state of a handover. Until it is started it holds only the recipients that a lead chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The id in the workspace.
    pub id: HandoverId,
    /// How many events made this state.
    pub version: i64,
    /// Who leaves.
    pub leaver: MemberId,
    /// Who started it, and owns each deal, and the number, and has each action to do, until its recipient accepts; `None`
    /// while it is a plan.
    pub lead: Option<MemberId>,
    /// When it was started.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub started_at: Option<Instant>,
    /// When it was taken back.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub undone_at: Option<Instant>,
    /// What the lead said along with it.
    pub note: Option<String>,
    /// How many items are unsettled: they wait for an answer or, after a no, for another recipient.
    pub waiting: usize,
    /// What goes to whom, by [`What::key`]. Each item is a field of its own, so that an event holds only those that it
    /// changed.
    #[serde(flatten, deserialize_with = "those_there")]
    pub items: BTreeMap<String, Item>,
}

/// A field that was absent before an event is `null` in it: no item.
fn those_there<'de, D: Deserializer<'de>>(fields: D) -> Result<BTreeMap<String, Item>, D::Error> {
    let fields = BTreeMap::<String, Option<Item>>::deserialize(fields)?;
    Ok(fields.into_iter().filter_map(|(key, item)| Some((key, item?))).collect())
}

/// One thing that a leaver answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum What {
    /// The number: the target of the program and who answers for it.
    Number,
    /// An open deal of theirs, with its next step.
    Deal(DealNumber),
    /// The partner manager's role.
    Manager(PartnerId),
    /// The backup's role on somebody else's open deal.
    Backup(DealNumber),
    /// Standing in for somebody who is away, or will be.
    Cover(MemberId),
    /// An open action of theirs on no deal that they own; on those, actions go along.
    Action(ItemId),
}

impl What {
    /// The stable word in documents and ids of buttons.
    pub fn key(self) -> String {
        match self {
            What::Number => NUMBER.to_owned(),
            What::Deal(deal) => format!("deal_{deal}"),
            What::Manager(partner) => format!("manager_{partner}"),
            What::Backup(deal) => format!("backup_{deal}"),
            What::Cover(member) => format!("cover_{member}"),
            What::Action(item) => format!("action_{item}"),
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<What> {
        if key == NUMBER {
            return Some(What::Number);
        }
        let (kind, id) = key.split_once('_')?;
        let id: i64 = id.parse().ok()?;
        match kind {
            "deal" => Some(What::Deal(DealNumber(id))),
            "manager" => Some(What::Manager(PartnerId(id))),
            "backup" => Some(What::Backup(DealNumber(id))),
            "cover" => Some(What::Cover(MemberId(id))),
            "action" => Some(What::Action(ItemId(id))),
            _ => None,
        }
    }
}

/// The key of [`What::Number`].
const NUMBER: &str = "number";

/// Why somebody is to get something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// They are the deal's backup.
    Backup,
    /// They have so many open deals with the same partner or account.
    Knows(u32),
    /// They manage its partner.
    Manages,
    /// They get most of the leaver's deals with the partner.
    GetsItsDeals,
    /// Nobody knows partner or account; they have the least so far.
    Spread,
    /// They lead the program: whoever owns the number counts as lead.
    Leads,
    /// Nobody else is there.
    OnlyLead,
    /// They start the handover: an action on no deal is nobody else's to know.
    Starts,
    /// The lead chose them.
    Chosen,
}

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Chosen by the lead; not started yet.
    Planned,
    /// The recipient was asked.
    Asked,
    /// They took it.
    Accepted,
    /// They said no: a deal stays with the lead, as do the number and an action.
    Declined,
    /// The lead gave it to them without an answer.
    Assigned,
    /// Somebody settled it in another way meanwhile.
    Overtaken,
    /// Taken back.
    Back,
    /// Not taken back, because somebody touched it since.
    Stayed,
}

/// What a recipient says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// They take it.
    Accept,
    /// They don't: a deal stays with the lead.
    Decline,
}

/// One thing on its way to a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What.
    pub what: What,
    /// To whom.
    pub to: MemberId,
    /// Why to them.
    pub why: Why,
    /// Where it stands.
    pub answer: Answer,
    /// The deal's version after the handover's last change of it; whoever touched it since made it count on. Once
    /// somebody did, it stays, whatever the handover changes later.
    pub version: i64,
    /// The deal's backup before the handover.
    pub backup: Option<MemberId>,
    /// The leaver's open actions on the deal, which go where it goes.
    #[serde(default)]
    pub actions: Vec<ItemId>,
    /// When its recipient declined it.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub declined_at: Option<Instant>,
    /// When another recipient was asked; `None` while it is on its way to whom it was at the start.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub asked_at: Option<Instant>,
}

/// What stands in the way of a handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The person answers for nothing.
    Nothing {
        /// Who.
        user: UserId,
    },
    /// Only the recipient answers.
    NotYours {
        /// Who that is.
        recipient: UserId,
    },
    /// There is nobody to whom any of it could go.
    NobodyThere {
        /// Whose work.
        user: UserId,
        /// How many things.
        things: usize,
    },
    /// All of it is on its way already.
    Underway {
        /// Whose work.
        user: UserId,
        /// How many things.
        things: usize,
    },
    /// It was answered before, or settled otherwise.
    Answered,
    /// Recipients still have time to answer.
    NotOverdue {
        /// The first day on which it can be assigned without an answer.
        from: NaiveDate,
    },
    /// Nothing waits for an answer any more.
    NothingWaits,
    /// A recipient has left the server: what they were given would be unowned.
    RecipientLeft {
        /// As they were called.
        name: String,
    },
    /// There is none that could be taken back.
    NothingToUndo,
    /// The leaver has left the server: what went back to them would be unowned.
    HasLeft {
        /// As they were called.
        name: String,
    },
}

impl Handover {
    /// A plan without any choice yet.
    pub fn plan(id: HandoverId, leaver: MemberId) -> Handover {
        Handover {
            id,
            version: 0,
            leaver,
            lead: None,
            started_at: None,
            undone_at: None,
            note: None,
            waiting: 0,
            items: BTreeMap::new(),
        }
    }

    /// The item of a key.
    pub fn item(&self, what: What) -> Option<&Item> {
        self.items.get(&what.key())
    }

    /// Whether a thing is on its way already, and not only planned.
    pub fn has(&self, what: What) -> bool {
        self.item(what).is_some_and(|item| item.answer != Answer::Planned)
    }

    /// Puts an item in the place of its older state.
    pub fn put(&mut self, item: Item) {
        self.items.insert(item.what.key(), item);
    }

    /// All items: the number, then deals, then roles, then actions, each by number.
    pub fn in_order(&self) -> Vec<&Item> {
        let mut items: Vec<&Item> = self.items.values().collect();
        items.sort_by_key(|item| item.what);
        items
    }

    /// Whether it can be taken back: within seven days of its start, once.
    pub fn can_be_undone(&self, now: Instant) -> bool {
        self.undone_at.is_none() && self.started_at.is_some_and(|at| now - at <= UNDO_WINDOW)
    }

    /// Keeps the version that a deal has after a move by the handover was taken back, from what it was before the move.
    pub fn follow(&mut self, deal: &Deal, before: i64) {
        if let Some(item) = self.items.get_mut(&What::Deal(deal.number).key()) {
            item.moved(before, deal.version);
        }
    }

    /// Who has a thing unless somebody touched it: its recipient once they took it, until then the lead has a deal, the
    /// number and an action, and the leaver a role.
    pub fn holder(&self, item: &Item) -> Option<MemberId> {
        match item.what {
            _ if item.has_moved() => Some(item.to),
            What::Number | What::Deal(_) | What::Action(_) => self.lead,
            What::Manager(_) | What::Backup(_) | What::Cover(_) => Some(self.leaver),
        }
    }
}

impl Item {
    /// A thing as it is sent to somebody.
    pub fn new(what: What, to: MemberId, why: Why, answer: Answer) -> Item {
        let actions = Vec::new();
        Item { what, to, why, answer, version: 0, backup: None, actions, declined_at: None, asked_at: None }
    }

    /// Whether the recipient has it.
    pub fn has_moved(&self) -> bool {
        matches!(self.answer, Answer::Accepted | Answer::Assigned)
    }

    /// Whether it waits for an answer or, after a no, for another recipient.
    pub fn is_unsettled(&self) -> bool {
        matches!(self.answer, Answer::Asked | Answer::Declined)
    }

    /// Whether a deal can go back to the leaver: it runs, and nobody touched it since the handover did.
    pub fn is_untouched(&self, deal: &Deal) -> bool {
        deal.is_open() && deal.version == self.version
    }

    /// Keeps the version that a deal has after a move by the handover, unless somebody had touched it before.
    pub fn moved(&mut self, before: i64, after: i64) {
        if self.version == before {
            self.version = after;
        }
    }
}

impl Deal {
    /// Gives it from the acting owner to a recipient. Who backed it up and only stepped in as owner meanwhile backs it up
    /// again; `backup` is who did before the handover.
    pub fn hand_on(&mut self, to: MemberId, backup: Option<MemberId>) {
        let acting = self.owner;
        self.hand_to(to);
        self.backup = self.backup.or(backup.filter(|backup| *backup == acting && *backup != to));
    }

    /// Gives it back to a leaver, with the backup that it had.
    pub fn hand_back(&mut self, owner: MemberId, backup: Option<MemberId>) {
        self.hand_to(owner);
        self.backup = backup;
    }
}

impl Tracked for Handover {
    const KIND: SubjectKind = SubjectKind::Handover;

    fn id(&self) -> i64 {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, _: EventKind, _: Instant) {
        self.version = version;
        self.count();
    }
}

#[cfg(test)]
mod tests;
