//! Takes a change back: a compensating event for each that it recorded, so that the log keeps both.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::change::Change;
use super::on_deal::UNDO_WINDOW;
use super::{App, Caller, UseCase};
use crate::domain::Instant;
use crate::domain::account::Account;
use crate::domain::deal::{Deal, Loss, LossReason};
use crate::domain::event::{Event, EventKind, Subject, SubjectKind, Tracked, rewound};
use crate::domain::handover::Handover;
use crate::domain::id::{AccountId, DealNumber, HandoverId, InteractionId, ItemId, MemberId, PartnerId, ReviewId};
use crate::domain::item::Item;
use crate::domain::member::Member;
use crate::domain::partner::Partner;
use crate::domain::refusal::{Problem, Thing};
use crate::domain::review::Review;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::commit::{LookupKind, LookupRow};

/// The most events that are taken back in one commit, so that it doesn't hold the writer for long.
const MOST: usize = 300;

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
    /// The deal, when it was a change of one alone.
    pub deal: Option<Deal>,
    /// The events that were taken back.
    pub taken: Vec<Event>,
    /// The compensating events.
    pub events: Vec<Event>,
}

impl App {
    /// Takes back what one use of a command did, and what followed from it: by which names deals are found, what their
    /// owners know of their pay, and by which days they are counted.
    pub async fn undo(&self, caller: &Caller, of: InteractionId) -> Result<Undone, Failure> {
        let undone = self.change(caller, Undo { of }).await?;
        let follows = |event: &Event| !matches!(event.subject.kind, SubjectKind::Deal | SubjectKind::Member);
        if undone.events.iter().any(follows) {
            self.finish_parts_of(caller.guild).await?;
        }
        Ok(undone)
    }
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
        if is_undo || change.now - first.at > UNDO_WINDOW || events.len() > MOST {
            return Err(Problem::TooLateToUndo.into());
        }
        let mut by_subject: BTreeMap<Subject, Vec<Event>> = BTreeMap::new();
        for event in events.iter().cloned() {
            by_subject.entry(event.subject).or_default().push(event);
        }
        let mut deals: Vec<(Deal, i64)> = Vec::new();
        for (subject, events) in by_subject {
            match subject.kind {
                // Deals come before it, so that they are taken back by then.
                SubjectKind::Handover => take_back_handover(change, HandoverId(subject.id), &events, &deals).await?,
                _ => {
                    let before = events[0].version - 1;
                    deals.extend(take_back(change, subject, &events).await?.map(|deal| (deal, before)));
                }
            }
        }
        if change.events().is_empty() {
            return Err(Problem::TooLateToUndo.into());
        }
        for (deal, _) in &deals {
            change.index(deal).await?;
        }
        // A merge, a handover or an import is told as a whole, and not by one of its deals.
        let whole = |e: &Event| matches!(e.subject.kind, SubjectKind::Account | SubjectKind::Handover);
        let is_whole = deals.len() > 1 || change.events().iter().any(whole);
        let deal = deals.pop().map(|(deal, _)| deal).filter(|_| !is_whole);
        Ok(Undone { deal, taken: events, events: change.events().to_vec() })
    }
}

/// Takes one subject back to before its events. Gives the deal, if it is one.
async fn take_back(change: &mut Change<'_>, subject: Subject, events: &[Event]) -> Result<Option<Deal>, Failure> {
    let id = subject.id;
    // A person or account that was met along the way stays known: that harms nobody, and deals may name it.
    let stays = matches!(subject.kind, SubjectKind::Member | SubjectKind::Account) && is_creation(events);
    let events = if stays { &events[1..] } else { events };
    match subject.kind {
        _ if events.is_empty() => {}
        SubjectKind::Deal => {
            let found = change.workspace.find_deal(DealNumber(id)).await?;
            let deal = revert(change, found, events, |deal, (today, now)| {
                deal.lose(Loss { reason: LossReason::EnteredByMistake, detail: None }, today, now);
            })?;
            return Ok(Some(deal));
        }
        SubjectKind::Partner => {
            let found = change.workspace.find_partner(PartnerId(id)).await?;
            let partner = revert(change, found, events, |partner: &mut Partner, _| partner.archived = true)?;
            let named = change.workspace.find_partner_named(&partner.name).await?.map(|other| other.id.0);
            keep_unique(Thing::Partner, &partner, &partner.name, named)?;
        }
        SubjectKind::Review => {
            let found = change.workspace.find_review(ReviewId(id)).await?;
            let review = revert(change, found, events, |review: &mut Review, _| review.cancelled = true)?;
            let named = change.workspace.find_review_named(&review.name).await?.map(|other| other.id.0);
            keep_unique(Thing::Review, &review, &review.name, named)?;
        }
        // Taken back with its deals.
        SubjectKind::Handover => {}
        // That somebody took part stays: what they noted is taken back by itself.
        SubjectKind::Meeting => {}
        SubjectKind::Item => {
            let found = change.workspace.find_item(ItemId(id)).await?;
            let item = revert(change, found, events, |item: &mut Item, _| item.withdraw())?;
            change.retell(&item).await?;
        }
        SubjectKind::Account => {
            let found = change.workspace.find_account(AccountId(id)).await?;
            let account = revert(change, found, events, |_: &mut Account, _| {})?;
            let named = change.workspace.find_account_named(&account.name).await?.map(|other| other.id.0);
            keep_unique(Thing::Account, &account, &account.name, named)?;
            change.look_up(LookupRow { kind: LookupKind::Account, subject: id, text: account.name });
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

/// Takes a handover back to before its events. A deal that was taken back with it was touched by nobody else meanwhile.
async fn take_back_handover(
    change: &mut Change<'_>,
    id: HandoverId,
    events: &[Event],
    deals: &[(Deal, i64)],
) -> Result<(), Failure> {
    let found = change.workspace.find_handover(id).await?;
    let retire = |handover: &mut Handover, (_, now)| handover.withdraw(now);
    revert_then(change, found, events, retire, |handover| {
        deals.iter().for_each(|(deal, before)| handover.follow(deal, *before));
    })?;
    Ok(())
}

/// Refuses a name that somebody else has taken since.
fn keep_unique<S: Tracked>(what: Thing, state: &S, name: &str, holder: Option<i64>) -> Result<(), Problem> {
    match holder {
        Some(other) if other != state.id() && state.name_key().is_some() => {
            Err(Problem::NameTaken { what, name: name.to_owned() })
        }
        _ => Ok(()),
    }
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
    revert_then(change, found, events, retire, |_| ())
}

/// The same; what it had before is then brought up to what else was taken back.
fn revert_then<S: Tracked>(
    change: &mut Change<'_>,
    found: Option<S>,
    events: &[Event],
    retire: impl FnOnce(&mut S, (NaiveDate, Instant)),
    bring_up: impl FnOnce(&mut S),
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
    let mut before = rewound(&state, events)?;
    bring_up(&mut before);
    change.edit(&mut state, EventKind::Undone, None, |s| *s = before)?;
    Ok(state)
}

#[cfg(test)]
mod tests;
