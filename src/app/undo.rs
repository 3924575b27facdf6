//! Takes a change back: a compensating event for each that it recorded, so that the log keeps both.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::UseCase;
use super::change::Change;
use super::on_deal::UNDO_WINDOW;
use crate::domain::Instant;
use crate::domain::account::Account;
use crate::domain::deal::{Deal, Loss, LossReason};
use crate::domain::event::{Event, EventKind, Subject, SubjectKind, Tracked, rewound};
use crate::domain::id::{AccountId, DealNumber, InteractionId, MemberId, PartnerId, ReviewId};
use crate::domain::member::Member;
use crate::domain::partner::Partner;
use crate::domain::refusal::Problem;
use crate::domain::review::Review;
use crate::domain::workspace::Settings;
use crate::error::Failure;

/// Takes back what one use of a command recorded, for the person who made it, within [`UNDO_WINDOW`], unless something
/// that it touched has changed since.
#[derive(Debug, Clone)]
pub struct Undo {
    /// Which use.
    pub of: InteractionId,
}

/// What was taken back.
#[derive(Debug, Clone)]
pub struct Undone {
    /// The deal, when it was a change of one.
    pub deal: Option<Deal>,
    /// The compensating events.
    pub events: Vec<Event>,
}

impl UseCase for Undo {
    type Outcome = Undone;

    async fn run(self, change: &mut Change<'_>) -> Result<Undone, Failure> {
        let events = change.workspace.find_events_of(self.of).await?;
        let first = events.first().ok_or(Problem::Stale)?;
        if first.actor != change.actor.id {
            return Err(Problem::NotYours.into());
        }
        let is_undo = events.iter().any(|e| e.kind == EventKind::Undone);
        if is_undo || change.now - first.at > UNDO_WINDOW {
            return Err(Problem::TooLateToUndo.into());
        }
        let mut by_subject: BTreeMap<Subject, Vec<Event>> = BTreeMap::new();
        for event in events {
            by_subject.entry(event.subject).or_default().push(event);
        }
        let mut deal = None;
        for (subject, events) in by_subject {
            deal = take_back(change, subject, &events).await?.or(deal);
        }
        if change.events().is_empty() {
            return Err(Problem::TooLateToUndo.into());
        }
        if let Some(deal) = &deal {
            change.index(deal).await?;
        }
        Ok(Undone { deal, events: change.events().to_vec() })
    }
}

/// Takes one subject back to before its events. Gives the deal, if it is one.
async fn take_back(change: &mut Change<'_>, subject: Subject, events: &[Event]) -> Result<Option<Deal>, Failure> {
    let id = subject.id;
    match subject.kind {
        SubjectKind::Deal => {
            let found = change.workspace.find_deal(DealNumber(id)).await?;
            let deal = revert(change, found, events, |deal, (today, now)| {
                deal.lose(Loss { reason: LossReason::EnteredByMistake, detail: None }, today, now);
            })?;
            return Ok(Some(deal));
        }
        SubjectKind::Partner => {
            let found = change.workspace.find_partner(PartnerId(id)).await?;
            revert(change, found, events, |partner: &mut Partner, _| partner.archived = true)?;
        }
        SubjectKind::Review => {
            let found = change.workspace.find_review(ReviewId(id)).await?;
            revert(change, found, events, |review: &mut Review, _| review.cancelled = true)?;
        }
        // A person or account that was met along the way stays known: that harms nobody, and deals may name it.
        SubjectKind::Member | SubjectKind::Account if is_creation(events) => {}
        SubjectKind::Account => {
            let found = change.workspace.find_account(AccountId(id)).await?;
            revert(change, found, events, |_: &mut Account, _| {})?;
        }
        SubjectKind::Member => {
            let found = change.workspace.find_members(&[MemberId(id)]).await?.into_iter().next();
            revert(change, found, events, |_: &mut Member, _| {})?;
        }
        SubjectKind::Workspace => {
            let found = Some(change.settings.clone());
            revert(change, found, events, |_: &mut Settings, _| {})?;
        }
    }
    Ok(None)
}

fn is_creation(events: &[Event]) -> bool {
    events.iter().any(|e| e.kind == EventKind::Created)
}

/// Gives a subject the fields that it had before, or, where it had none, takes it out of use.
fn revert<S: Tracked>(
    change: &mut Change<'_>,
    found: Option<S>,
    events: &[Event],
    retire: impl FnOnce(&mut S, (NaiveDate, Instant)),
) -> Result<S, Failure> {
    let mut state = found.ok_or(Problem::Stale)?;
    if events.last().is_none_or(|last| last.version != state.version()) {
        return Err(Problem::TooLateToUndo.into());
    }
    let (today, now) = (change.today(), change.now);
    if is_creation(events) {
        change.edit(&mut state, EventKind::Undone, None, |s| retire(s, (today, now)))?;
        return Ok(state);
    }
    let before = rewound(&state, events)?;
    change.edit(&mut state, EventKind::Undone, None, |s| *s = before)?;
    Ok(state)
}
