//! What the use cases of a running review share: which meeting is meant, what it goes through, and having its post tell
//! what is true.

use std::collections::BTreeMap;

use super::change::Change;
use super::{App, Caller, agenda, item, read, review};
use crate::domain::Instant;
use crate::domain::access::Needed;
use crate::domain::card::Named;
use crate::domain::event::EventKind;
use crate::domain::id::{ChannelId, DealNumber, GuildId, MeetingId, MemberId, ReviewId};
use crate::domain::item::{Item, What};
use crate::domain::meeting::{Card, Meeting, MeetingCard, RUNS_FOR, ranked};
use crate::domain::outgoing::{About, Destination, Posted};
use crate::domain::refusal::Problem;
use crate::domain::review::Review;
use crate::error::Failure;
use crate::render::meeting::thread_name;
use crate::store::Workspace;
use crate::store::meeting::OnPost;

/// Which meeting is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The latest of a channel, or of the thread of one.
    Here(ChannelId),
    /// The latest of a review, as typed.
    Named(String),
    /// That of an occurrence, by its agenda's post.
    Of(ReviewId, Instant),
}

/// An occurrence whose meeting is meant, found before the change begins.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// Its review.
    pub review: Review,
    /// When it starts, as planned.
    pub starts_at: Instant,
    /// Its agenda's post.
    pub posted: Posted,
    /// What its meeting goes through, should it begin now.
    pub cards: Vec<Card>,
}

impl App {
    /// Finds the occurrence that is meant; refused when none was posted within the last day.
    pub async fn occasion(&self, caller: &Caller, which: &Which) -> Result<Occasion, Failure> {
        let mut look = self.look(caller).await?;
        look.allow(Needed::Any)?;
        let (OnPost { review, starts_at, posted }, known) = find(&mut look.workspace, which, look.now).await?;
        let review = look.workspace.find_review(review).await?.ok_or(Problem::Stale)?;
        if known.is_some() {
            return Ok(Occasion { review, starts_at, posted, cards: Vec::new() });
        }
        if review.calls_off(starts_at) {
            return Err(Problem::NoMeeting { review: Some(review.name) }.into());
        }
        let prepared = agenda::prepare(&mut look.workspace, &review, starts_at, Vec::new(), look.now).await?;
        let cards = ranked(&prepared.agenda, &prepared.facts).cards;
        Ok(Occasion { review, starts_at, posted, cards })
    }

    /// Where the minutes of a meeting stand, and the name of the thread that they belong in.
    pub(super) async fn minutes_place(
        &self,
        guild: GuildId,
        meeting: MeetingId,
    ) -> Result<(Option<Posted>, String), Failure> {
        let mut workspace = self.store.read(guild).await?;
        let known = workspace.find_minutes(meeting).await?;
        let review = match workspace.find_meeting(meeting).await? {
            Some(meeting) => workspace.find_review(meeting.review).await?,
            None => None,
        };
        Ok((known, thread_name(review.as_ref().map_or("", |review| review.name.as_str()))))
    }
}

/// The post that is meant, and its meeting if it was started: of several the one that was started last of those that run.
async fn find(
    workspace: &mut Workspace<'_>,
    which: &Which,
    now: Instant,
) -> Result<(OnPost, Option<Meeting>), Failure> {
    // One that was started late runs for a day from then on.
    let (after, longest) = (now - RUNS_FOR, now - RUNS_FOR * 2);
    let (posts, review) = match which {
        Which::Here(channel) => (workspace.find_posts_in(*channel, longest).await?, None),
        Which::Named(typed) => {
            let review = review::find(workspace, typed).await?.map_err(Failure::from)?;
            let last = workspace.find_last_agenda(review.id).await?;
            let post = last.map(|(starts_at, posted)| OnPost { review: review.id, starts_at, posted });
            (post.into_iter().collect(), Some(review.id))
        }
        Which::Of(review, starts_at) => {
            let posted = workspace.find_post(*review, *starts_at).await?;
            let post = posted.map(|posted| OnPost { review: *review, starts_at: *starts_at, posted });
            (post.into_iter().collect(), Some(*review))
        }
    };
    let mut found = Vec::new();
    for post in posts {
        found.push((post, workspace.find_meeting_of(post.review, post.starts_at).await?));
    }
    let began = |(_, meeting): &(OnPost, Option<Meeting>)| {
        meeting.as_ref().filter(|meeting| meeting.runs()).map(|meeting| meeting.started_at)
    };
    let running = (0..found.len()).filter(|place| began(&found[*place]).is_some());
    let running = running.max_by_key(|place| began(&found[*place]));
    if let Some(place) = running.or(found.iter().position(|(post, _)| post.starts_at > after)) {
        return Ok(found.swap_remove(place));
    }
    let review = match review {
        Some(review) => workspace.find_review(review).await?.map(|review| review.name),
        None => None,
    };
    Err(Problem::NoMeeting { review }.into())
}

impl Change<'_> {
    /// The meeting of an occasion, and that the actor did something in it: started where it wasn't.
    pub(super) async fn take_part(&mut self, occasion: &Occasion) -> Result<Meeting, Failure> {
        self.allow(Needed::Any)?;
        let actor = self.actor.id;
        let known = self.workspace.find_meeting_of(occasion.review.id, occasion.starts_at).await?;
        let Some(mut meeting) = known else {
            let id = self.workspace.next_meeting_id().await?;
            let occurrence = (occasion.review.id, occasion.starts_at);
            return self.create(Meeting::start(id, occurrence, (actor, self.now), occasion.cards.clone()), None);
        };
        // What comes after its end makes nobody one of those who held it.
        if meeting.runs() {
            self.edit(&mut meeting, EventKind::Edited, None, |meeting| {
                meeting.acted.insert(actor);
            })?;
        }
        Ok(meeting)
    }

    /// Has a meeting's post tell what is true now.
    pub(super) fn show_on_post(&mut self, meeting: MeetingId, posted: Posted) {
        let about = About::Meeting { meeting, agenda: posted.message };
        self.say(about, Destination::Channel(posted.channel), self.now);
    }

    /// Has a meeting's minutes posted, or brought up to date.
    pub(super) fn post_minutes(&mut self, meeting: MeetingId, posted: Posted) {
        let about = About::Minutes { meeting, agenda: posted.message };
        self.say(about, Destination::Channel(posted.channel), self.now);
    }

    /// Has the post of a review's running meeting, if there is one, tell what is true now.
    pub(super) async fn refresh_running(&mut self, review: ReviewId) -> Result<(), Failure> {
        let last = self.workspace.find_last_meeting(review).await?.filter(Meeting::runs);
        let Some(meeting) = last else { return Ok(()) };
        if let Some(posted) = self.workspace.find_post(review, meeting.starts_at).await? {
            self.show_on_post(meeting.id, posted);
        }
        Ok(())
    }

    /// Has whatever tells of an item tell what is true now: the post of the meeting that it came from, and the minutes
    /// once that is over.
    pub(super) async fn retell(&mut self, item: &Item) -> Result<(), Failure> {
        let Some(id) = item.meeting else { return self.refresh_running(item.review).await };
        let Some(meeting) = self.workspace.find_meeting(id).await? else { return Ok(()) };
        let Some(posted) = self.workspace.find_post(meeting.review, meeting.starts_at).await? else { return Ok(()) };
        self.show_on_post(id, posted);
        if !meeting.runs() {
            self.post_minutes(id, posted);
        }
        Ok(())
    }
}

/// A meeting as people read it.
pub async fn card(workspace: &mut Workspace<'_>, meeting: Meeting, now: Instant) -> Result<MeetingCard, Failure> {
    let mut items = workspace.find_items_of(meeting.id).await?;
    items.retain(|item| !item.withdrawn);
    let items = item::cards(workspace, items).await?;
    let review = workspace.find_review(meeting.review).await?;
    let review = match review {
        Some(review) => Some(review::card(workspace, review, now).await?),
        None => None,
    };
    let moved = meeting.closed.iter().flat_map(|closed| closed.moved.iter());
    let owners: Vec<MemberId> =
        moved.clone().flat_map(|c| c.from.iter().map(|from| from.owner).chain([c.to.owner])).collect();
    let deals: Vec<DealNumber> =
        moved.map(|changed| changed.deal).chain(items.iter().filter_map(|i| i.item.deal)).collect();
    let closer = meeting.closed.iter().flat_map(|closed| closed.changed_by.iter().copied().chain(closed.by));
    let members = meeting.acted.iter().copied().chain([meeting.started_by]).chain(closer).chain(owners);
    let members: Vec<MemberId> = members.collect();
    let people = read::people(workspace, members.iter().copied()).await?;
    let people: BTreeMap<MemberId, Named> = members.into_iter().map(|member| (member, people.person(member))).collect();
    let deals = read::cards_of(workspace, deals, now).await?;
    let of = |keep: fn(&What) -> bool| items.iter().filter(|card| keep(&card.item.what)).cloned().collect();
    Ok(MeetingCard {
        decisions: of(|what| matches!(what, What::Decision)),
        actions: of(|what| matches!(what, What::Action { .. })),
        topics: of(|what| matches!(what, What::Topic)),
        review: review.as_ref().map(|card| card.review.name.clone()).unwrap_or_default(),
        partner: review.and_then(|card| card.partner),
        deals: deals.into_iter().map(|card| (card.deal.number, card)).collect(),
        people,
        meeting,
    })
}
