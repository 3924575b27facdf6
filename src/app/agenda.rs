//! What an agenda is built from: the facts of a review's deals, read at one moment.

use std::collections::{BTreeMap, BTreeSet};

use super::item;
use super::number;
use super::read::{self, Reading};
use crate::domain::Instant;
use crate::domain::agenda::{Agenda, AgendaFacts, NotHeld, Standing, agenda};
use crate::domain::cadence::{self, Became, Since, became};
use crate::domain::calendar::Calendar;
use crate::domain::card::DealCard;
use crate::domain::deal::Deal;
use crate::domain::event::{Event, EventKind, Subject, Tracked, fold_back};
use crate::domain::id::DealNumber;
use crate::domain::number::Share;
use crate::domain::review::{Occurrence, Outcome, Review};
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;

/// An agenda with the facts that it names deals from.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The deals behind it.
    pub facts: AgendaFacts,
    /// Its sections.
    pub agenda: Agenda,
}

/// Prepares the agenda of an occurrence of a review from what is true now. `missed` are the occurrences that it is to
/// tell of.
pub async fn prepare(
    workspace: &mut Workspace<'_>,
    review: &Review,
    starts_at: Instant,
    missed: Vec<Instant>,
    now: Instant,
) -> Result<Prepared, Failure> {
    let settings = workspace.get_settings().await?;
    let calendar = Calendar::of(&settings);
    let last = workspace.find_last_posting(review.id, starts_at).await?;
    let since = since(workspace, &settings, review, (last, starts_at, now)).await?;
    let events = workspace.find_deal_events_between(since.at(), now).await?;
    let not_held = not_held(workspace, review, last, now).await?;
    let open = workspace.find_open_deals().await?;
    let closed = workspace.find_deals(&closed_in(&events)).await?;
    let open = kept(open, |deal| deal.is_open() && review.is_about(deal));
    let closed = kept(closed, |deal| !deal.is_open() && review.is_about(deal));
    let before = before(open.iter().chain(&closed), &events);
    let reading = read::reading(workspace, &[open.clone(), closed.clone()].concat(), &[], now).await?;
    let number = match settings.shows_number() {
        true => {
            let of = review.partner.map_or(Share::Whole, Share::Partner);
            let period = calendar.period(calendar.day(now));
            Some(number::facts(workspace, &settings, &period, of, now).await?)
        }
        false => None,
    };
    let facts = AgendaFacts {
        now,
        number,
        since,
        episodes: workspace.find_running_episodes().await?.into_iter().collect(),
        open: cards(&reading, open),
        closed: cards(&reading, closed),
        before,
        missed,
        not_held,
        items: item::open_of(workspace, review).await?,
        comp: settings.comp,
    };
    let agenda = agenda(&facts, &settings.motions, &calendar);
    Ok(Prepared { facts, agenda })
}

/// When the last posted occurrence before another one starts, and when its agenda was handed to the outbox.
type Last = Option<(Instant, Instant)>;

/// From when on the agenda of an occurrence tells what happened.
pub(super) async fn since(
    workspace: &mut Workspace<'_>,
    settings: &Settings,
    review: &Review,
    (last, starts_at, now): (Last, Instant, Instant),
) -> Result<Since, Failure> {
    if let Some((_, posted_at)) = last {
        return Ok(Since::LastPosting(posted_at));
    }
    let set_up = set_up(workspace, review).await?.unwrap_or(now);
    Ok(cadence::beginning(review, &Calendar::of(settings), set_up, starts_at))
}

/// The occurrence of the agenda before another one, if it was not held.
async fn not_held(
    workspace: &mut Workspace<'_>,
    review: &Review,
    last: Last,
    now: Instant,
) -> Result<Option<NotHeld>, Failure> {
    let Some((starts_at, _)) = last else { return Ok(None) };
    let meeting = workspace.find_meeting_of(review.id, starts_at).await?;
    let last = Occurrence { review: review.id, starts_at, outcome: Outcome::Posted, message: None };
    let not_held = became(&last, meeting.as_ref(), now) == Became::NotHeld;
    Ok(not_held.then_some(NotHeld { starts_at, started: meeting.is_some() }))
}

/// When a review was set up.
async fn set_up(workspace: &mut Workspace<'_>, review: &Review) -> Result<Option<Instant>, Failure> {
    let subject = Subject { kind: Review::KIND, id: review.id.0 };
    Ok(workspace.find_events(subject).await?.first().map(|created| created.at))
}

fn kept(deals: Vec<Deal>, keep: impl Fn(&Deal) -> bool) -> Vec<Deal> {
    deals.into_iter().filter(keep).collect()
}

fn cards(reading: &Reading, deals: Vec<Deal>) -> BTreeMap<DealNumber, DealCard> {
    deals.into_iter().map(|deal| (deal.number, reading.card(deal))).collect()
}

/// The deals that were won or lost in some events; whether they still are is seen in their states.
fn closed_in(events: &[Event]) -> Vec<DealNumber> {
    let closing = events.iter().filter(|e| matches!(e.kind, EventKind::Won | EventKind::Lost | EventKind::Undone));
    closing.map(|e| DealNumber(e.subject.id)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// How deals stood before some events, for those that existed then and that the events changed.
pub(super) fn before<'d>(deals: impl Iterator<Item = &'d Deal>, events: &[Event]) -> BTreeMap<DealNumber, Standing> {
    let mut by_deal: BTreeMap<i64, Vec<&Event>> = BTreeMap::new();
    for event in events {
        by_deal.entry(event.subject.id).or_default().push(event);
    }
    deals
        .filter_map(|deal| {
            let events = by_deal.get(&deal.number.0)?;
            // A state from before its creation has no stage, and so does not read: the deal is new.
            let then = serde_json::from_value(fold_back(serde_json::to_value(deal).ok()?, events)).ok()?;
            Some((deal.number, then))
        })
        .collect()
}
