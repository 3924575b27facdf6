//! Events: what happened to a subject, by whom, when, and the fields before and after. State is their fold.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Instant;
use super::id::{InteractionId, MemberId};

/// How long what somebody did can be taken back.
pub const UNDO_WINDOW: Duration = Duration::seconds(60);

/// What kind of thing an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The settings of the workspace; its id is always 1.
    Workspace,
    /// A person's settings.
    Member,
    /// A customer.
    Account,
    /// A partner.
    Partner,
    /// A deal; its id is its number.
    Deal,
    /// A review.
    Review,
    /// A handover.
    Handover,
    /// A meeting that was started.
    Meeting,
    /// A topic, a decision or an action.
    Item,
}

/// One thing that events are about, in one workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The kind.
    pub kind: SubjectKind,
    /// The id in the workspace.
    pub id: i64,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The subject came to be.
    Created,
    /// A note; the text is the event's.
    Noted,
    /// A next step was set, or its text or date changed.
    NextStepSet,
    /// The next step was done.
    NextStepDone,
    /// The stage changed while open.
    StageMoved,
    /// Exit criteria were met.
    CriterionMet,
    /// Criteria that were said to be met are not.
    CriterionUnmet,
    /// A lead was asked to pass what is unmet, or is no more.
    PassAsked,
    /// The deal runs another version of the motion.
    MotionChanged,
    /// The amount changed.
    AmountChanged,
    /// The expected close changed.
    CloseChanged,
    /// The CRM's id or link changed.
    CrmLinked,
    /// The class or its evidence changed.
    Attributed,
    /// A claimed role was confirmed.
    ClaimConfirmed,
    /// A claimed role was sent back to its claimer; the text is what was asked.
    ClaimQuestioned,
    /// Another partner joined the deal.
    PartnerJoined,
    /// The deal was registered with the partner.
    Registered,
    /// The owner changed.
    OwnerChanged,
    /// A new owner said no; the deal is theirs until a lead names another one.
    Declined,
    /// The backup changed.
    BackupChanged,
    /// A wait began or ended.
    Waited,
    /// A snooze began or ended.
    Snoozed,
    /// Won.
    Won,
    /// Lost.
    Lost,
    /// Open again.
    Reopened,
    /// An import changed it.
    Imported,
    /// The deal's account was merged into another.
    AccountMerged,
    /// Settings, names or other plain fields changed.
    Edited,
    /// A person was forgotten: what they typed is blanked, and nothing names them any more.
    Forgotten,
    /// Taken out of use: a partner archived, a review cancelled, an account merged away.
    Archived,
    /// A meeting goes on at another card.
    CardTurned,
    /// A meeting was closed.
    Closed,
    /// An action is done, or was dropped; the text is why.
    Ended,
    /// A meeting went through a topic.
    GoneThrough,
    /// A compensating event: the fields are as before another one.
    Undone,
}

impl EventKind {
    /// Whether the event is an activity, which keeps a deal from stalling (DESIGN §2).
    pub fn is_activity(self) -> bool {
        use EventKind::*;
        matches!(
            self,
            Created
                | Noted
                | NextStepSet
                | NextStepDone
                | StageMoved
                | CriterionMet
                | AmountChanged
                | CloseChanged
                | Won
                | Lost
                | Reopened
        )
    }

    /// Whether the team may want to know (DESIGN §4). Whether it does shows later, from what the events of some minutes
    /// did together.
    pub fn is_team_news(self) -> bool {
        use EventKind::*;
        matches!(
            self,
            Created | StageMoved | Won | Lost | Reopened | OwnerChanged | Attributed | AmountChanged | CloseChanged
        )
    }

    /// The stable word in tables.
    pub fn key(self) -> String {
        match serde_json::to_value(self) {
            Ok(Value::String(word)) => word,
            other => unreachable!("a unit variant serializes as a word, not {other:?}"),
        }
    }
}

/// One change of one subject. `before` and `after` hold the top-level fields that differ, and only those; a field
/// that was absent is `null`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// What it is about.
    pub subject: Subject,
    /// Counts the subject's events from 1; equals the subject's version after it.
    pub version: i64,
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub actor: MemberId,
    /// By which use of a command; one use may record several events.
    pub interaction: InteractionId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// The fields as they were.
    pub before: Map<String, Value>,
    /// The fields as they are.
    pub after: Map<String, Value>,
    /// What a person typed along: a note, a reason.
    pub text: Option<String>,
}

/// A kind of state that events lead to.
pub trait Tracked: Serialize + serde::de::DeserializeOwned + Clone + Send {
    /// What its events are about.
    const KIND: SubjectKind;

    /// Its id in the workspace.
    fn id(&self) -> i64;

    /// How many events made it.
    fn version(&self) -> i64;

    /// Called with each event: sets the version, and whatever else follows from the kind and the time.
    fn touch(&mut self, version: i64, kind: EventKind, at: Instant);

    /// The form of its name that must be unique in the workspace; `None` when it has none or has given it up.
    fn name_key(&self) -> Option<String> {
        None
    }
}

/// The fields in which two states differ: `(before, after)`.
pub fn difference(old: &Value, new: &Value) -> (Map<String, Value>, Map<String, Value>) {
    let empty = Map::new();
    let old = old.as_object().unwrap_or(&empty);
    let new = new.as_object().unwrap_or(&empty);
    let (mut before, mut after) = (Map::new(), Map::new());
    for key in old.keys().chain(new.keys().filter(|k| !old.contains_key(*k))) {
        let was = old.get(key).unwrap_or(&Value::Null);
        let is = new.get(key).unwrap_or(&Value::Null);
        if was != is {
            before.insert(key.clone(), was.clone());
            after.insert(key.clone(), is.clone());
        }
    }
    (before, after)
}

/// Folds one event into a subject's state: the fields of `after` replace those of the state.
pub fn fold(state: &mut Value, event: &Event) {
    put(state, event.after.clone());
}

/// Puts fields into a state.
pub fn put(state: &mut Value, after: Map<String, Value>) {
    match state {
        Value::Object(fields) => fields.extend(after),
        other => *other = Value::Object(after),
    }
}

/// The state of a subject before some of its latest events, oldest first: the fields of each `before` are put back.
pub fn fold_back(mut state: Value, events: &[&Event]) -> Value {
    if let Some(fields) = state.as_object_mut() {
        for event in events.iter().rev() {
            for (key, value) in &event.before {
                fields.insert(key.clone(), value.clone());
            }
        }
    }
    state
}

/// The fields that some events changed, as they were before the first of them. The version is none of them: it only
/// ever counts on.
pub fn fields_before(events: &[Event]) -> Map<String, Value> {
    let mut fields = Map::new();
    for event in events.iter().rev() {
        fields.extend(event.before.clone());
    }
    fields.remove("version");
    fields
}

/// A subject as it was before some events, but for its version; `events` are the latest, oldest first.
pub fn rewound<S: Tracked>(state: &S, events: &[Event]) -> serde_json::Result<S> {
    let mut value = serde_json::to_value(state)?;
    if let Some(fields) = value.as_object_mut() {
        fields.extend(fields_before(events));
    }
    serde_json::from_value(value)
}

/// Whether an event was taken back, by the events of its subject that follow it, oldest first: an undo takes back all
/// that one use of a command recorded, and only while nothing else came after.
pub fn is_taken_back(event: &Event, later: &[Event]) -> bool {
    let next = later.iter().find(|e| e.interaction != event.interaction);
    next.is_some_and(|next| next.kind == EventKind::Undone)
}

/// The state that a subject's events lead to, oldest first.
pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Value {
    let mut state = Value::Null;
    for event in events {
        fold(&mut state, event);
    }
    state
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fold_of_the_difference_leads_from_old_to_new() {
        let old = json!({"stage": "prospect", "amount": null, "owner": 3});
        let new = json!({"stage": "qualified", "amount": 1200, "owner": 3});
        let (before, after) = difference(&old, &new);
        assert_eq!(Value::Object(before.clone()), json!({"stage": "prospect", "amount": null}));
        let event = Event {
            subject: Subject { kind: SubjectKind::Deal, id: 1 },
            version: 2,
            kind: EventKind::StageMoved,
            actor: MemberId(3),
            interaction: InteractionId(9),
            at: Instant::UNIX_EPOCH,
            before,
            after,
            text: None,
        };
        let mut state = old;
        fold(&mut state, &event);
        assert_eq!(state, new);
    }
}
