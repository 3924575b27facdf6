//! Forgetting a person: what they typed is blanked in the log and in the states it leads to, alike, so that each state
//! still is the replay of its events. Who did what and when stays, under "Former member 3".
//!
//! Names of accounts, partners and reviews, a partner's contacts, the motion and the CRM's ids stay: they are the
//! company's, whoever typed them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::event::Event;
use super::id::{MemberId, UserId};
use super::member::Member;

/// What stands in the place of a text that was forgotten. Not nothing: a field that must hold a text still does.
pub const FORGOTTEN: &str = "(forgotten)";

/// The fields that hold what people type about a deal, wherever in its state they stand.
const TYPED: [&str; 5] = ["text", "evidence", "detail", "why", "note"];

/// Parts that hold the motion's criteria, which are the company's words; deals are judged by them.
const CRITERIA: [&str; 2] = ["met", "passed"];

/// How a person is called who was forgotten.
pub fn former_name(member: MemberId) -> String {
    format!("Former member {member}")
}

/// What stands in the place of the user id of somebody who was forgotten: nobody's, and no one else's here.
pub fn nobody(member: MemberId) -> UserId {
    UserId(-member.0)
}

/// Whether a member was forgotten.
pub fn is_forgotten(member: &Member) -> bool {
    member.user == nobody(member.id)
}

/// A member as they are kept once they are forgotten.
pub fn forgotten(member: &Member) -> Member {
    let mut empty = Member::new(member.id, nobody(member.id), former_name(member.id));
    empty.version = member.version;
    empty.gone = true;
    empty
}

/// What a person stands for beside deals of their own, and lets go of when they are forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether they own the number: 1 or 0.
    pub number: usize,
    /// How many partners they manage.
    pub partners: usize,
    /// How many open deals they back up.
    pub backups: usize,
    /// How many claims wait for them.
    pub claims: usize,
}

/// Blanks what a member typed in all events of one subject, and in its state. The same text is blanked wherever it
/// stands, since a field goes on holding it while others change what is around it.
pub fn blank(member: MemberId, events: &mut [Event], state: &mut Value) {
    let mut typed = BTreeSet::new();
    blank_said(member, events);
    for event in events.iter().filter(|event| event.actor == member) {
        // What stood there before was somebody's before.
        let stood = texts(&event.before);
        typed.extend(texts(&event.after).into_iter().filter(|text| !stood.contains(text)));
    }
    let mut replace = |text: &mut String| {
        if typed.contains(text.as_str()) {
            *text = FORGOTTEN.to_owned();
        }
    };
    for event in events {
        each_text(&mut event.before, &mut replace);
        each_text(&mut event.after, &mut replace);
    }
    if let Some(fields) = state.as_object_mut() {
        each_text(fields, &mut replace);
    }
}

/// Blanks what a member typed along with events: notes, reasons.
pub fn blank_said(member: MemberId, events: &mut [Event]) {
    let own = events.iter_mut().filter(|event| event.actor == member && event.text.is_some());
    own.for_each(|event| event.text = Some(FORGOTTEN.to_owned()));
}

/// Blanks a member's own name and user id in the events of themselves.
pub fn blank_member(member: MemberId, events: &mut [Event]) {
    for event in events.iter_mut() {
        for fields in [&mut event.before, &mut event.after] {
            if let Some(name) = fields.get_mut("name").filter(|name| name.is_string()) {
                *name = Value::String(former_name(member));
            }
            if let Some(user) = fields.get_mut("user").filter(|user| user.is_number()) {
                *user = Value::from(nobody(member).0);
            }
        }
    }
    blank_said(member, events);
}

/// The typed texts in some fields.
fn texts(fields: &Map<String, Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each_text(&mut fields.clone(), &mut |text| {
        found.insert(text.clone());
    });
    found
}

/// Hands over each typed text, however deep it stands.
fn each_text(fields: &mut Map<String, Value>, each: &mut impl FnMut(&mut String)) {
    // A loss has a reason too, but one of a list.
    let waives = fields.contains_key("passed");
    for (field, value) in fields.iter_mut() {
        let field = field.as_str();
        match value {
            _ if CRITERIA.contains(&field) => {}
            Value::String(text) if TYPED.contains(&field) || (waives && field == "reason") => each(text),
            Value::Object(inner) => each_text(inner, each),
            Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(|i| each_text(i, each)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::to_value;

    use super::*;
    use crate::domain::deal::criteria::{Exit, Met, Waiver};
    use crate::domain::deal::{Deal, Loss, LossReason, NextStep, Participant, Role, Snooze, Wait, WaitingOn};
    use crate::domain::event::{EventKind, Subject, SubjectKind, difference, replay};
    use crate::domain::id::{InteractionId, PartnerId};
    use crate::domain::motion::{Criterion, Side, Stage};
    use crate::domain::testing::{at, day, deal};

    const RITA: MemberId = MemberId(1);
    const BEN: MemberId = MemberId(2);
    const CRITERION: &str = "The sponsor is named";

    struct Told {
        deal: Deal,
        events: Vec<Event>,
    }

    impl Told {
        fn new() -> Told {
            let deal = Deal { version: 0, evidence: Some("SECRET evidence".to_owned()), ..deal() };
            let mut told = Told { deal: deal.clone(), events: Vec::new() };
            told.record(RITA, EventKind::Created, &Value::Null, Some("SECRET although"));
            told
        }

        fn record(&mut self, actor: MemberId, kind: EventKind, old: &Value, text: Option<&str>) {
            self.deal.version += 1;
            let (before, after) = difference(old, &to_value(&self.deal).expect("a deal serializes"));
            self.events.push(Event {
                subject: Subject { kind: SubjectKind::Deal, id: 1 },
                version: self.deal.version,
                kind,
                actor,
                interaction: InteractionId(self.deal.version),
                at: at("2026-11-02T10:00:00Z"),
                before,
                after,
                text: text.map(str::to_owned),
            });
        }

        fn edit(&mut self, actor: MemberId, text: Option<&str>, edit: impl FnOnce(&mut Deal)) {
            let old = to_value(&self.deal).expect("a deal serializes");
            edit(&mut self.deal);
            self.record(actor, EventKind::Edited, &old, text);
        }
    }

    fn step(text: &str, due: NaiveDate) -> Option<NextStep> {
        Some(NextStep { text: text.to_owned(), due: Some(due) })
    }

    /// Rita types into every field there is, and Ben moves some of it along.
    fn story() -> Told {
        let mut told = Told::new();
        let secret = |what: &str| Some(format!("SECRET {what}"));
        told.edit(RITA, Some("SECRET note"), |_| {});
        told.edit(RITA, None, |d| d.next_step = step("SECRET step", day("2026-11-05")));
        told.edit(BEN, None, |d| d.next_step = step("SECRET step", day("2026-11-06")));
        told.edit(BEN, Some("Ben's note"), |d| d.next_step = step("Ben's step", day("2026-11-06")));
        told.edit(RITA, None, |d| d.next_step = step("Ben's step", day("2026-11-09")));
        told.edit(RITA, None, |d| {
            let since = at("2026-11-02T11:00:00Z");
            d.wait = Some(Wait { on: WaitingOn::Partner, until: day("2026-11-20"), since, note: secret("wait") });
            d.snooze = Some(Snooze { until: day("2026-11-10"), why: "SECRET why".to_owned() });
            d.participants = vec![Participant {
                partner: PartnerId(2),
                role: Role::Influenced,
                evidence: secret("part"),
                by: RITA,
                at: since,
                claim: Default::default(),
            }];
            d.lost = Some(Loss { reason: LossReason::Price, detail: secret("detail") });
            let exit =
                Exit { stage: Stage::Prospect, criterion: Criterion { text: CRITERION.to_owned(), side: Side::Ours } };
            d.waivers = vec![Waiver {
                to: Stage::Qualified,
                passed: vec![exit],
                reason: "SECRET reason".to_owned(),
                by: RITA,
                at: since,
                spent: false,
            }];
            d.met = vec![Met { stage: Stage::Prospect, text: CRITERION.to_owned(), by: RITA, at: since }];
        });
        told.edit(BEN, None, |d| d.wait = None);
        told
    }

    #[test]
    fn what_somebody_typed_is_blanked_wherever_it_stands_and_a_state_stays_the_replay_of_its_events() {
        let Told { deal, mut events } = story();
        let mut state = to_value(&deal).expect("a deal serializes");
        let read = |state: Value| serde_json::from_value::<Deal>(state).expect("it reads");
        assert_eq!(read(replay(&events)), deal);
        blank(RITA, &mut events, &mut state);
        assert_eq!(read(replay(&events)), read(state.clone()));
        let all = serde_json::to_string(&events).expect("events serialize") + &state.to_string();
        assert!(!all.contains("SECRET"), "{all}");
        assert!(all.contains("Ben's note"), "what others typed stays");
        assert_eq!(state.to_string().matches(CRITERION).count(), 2, "and so do the motion's criteria");
        let read = read(state);
        assert_eq!(read.next_step, step("Ben's step", day("2026-11-09")), "moved by her, worded by him");
        assert_eq!(read.evidence.as_deref(), Some(FORGOTTEN));
        assert_eq!(events.len(), 8);
    }

    #[test]
    fn blanking_twice_changes_nothing_more() {
        let Told { deal, mut events } = story();
        let mut state = to_value(&deal).expect("a deal serializes");
        blank(RITA, &mut events, &mut state);
        let once = (events.clone(), state.clone());
        blank(RITA, &mut events, &mut state);
        assert_eq!((events, state), once);
    }
}
