//! Closes a review: what it came to is put down, and its minutes are posted.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::Duration;

use super::agenda::{before, since};
use super::change::Change;
use super::meeting::Occasion;
use super::{App, UseCase};
use crate::domain::Instant;
use crate::domain::access::Needed;
use crate::domain::cadence::came_and_went;
use crate::domain::deal::Deal;
use crate::domain::event::{EventKind, Subject, Tracked};
use crate::domain::id::{DealNumber, GuildId, MeetingId, MemberId};
use crate::domain::meeting::{Changed, Closed, Meeting};
use crate::domain::outgoing::Posted;
use crate::domain::refusal::Problem;
use crate::domain::review::Review;
use crate::error::Failure;
use crate::store::Workspace;

/// Meetings whose time is over that are taken up at once.
const SWEEP: i64 = 100;

/// Closes the meeting of an occasion.
#[derive(Debug, Clone)]
pub struct CloseReview {
    /// Which.
    pub occasion: Occasion,
}

impl UseCase for CloseReview {
    /// Where it was run.
    type Outcome = Posted;

    async fn run(self, change: &mut Change<'_>) -> Result<Posted, Failure> {
        change.allow(Needed::Any)?;
        let Occasion { review, starts_at, posted, .. } = &self.occasion;
        let known = change.workspace.find_meeting_of(review.id, *starts_at).await?;
        let mut meeting = known.ok_or_else(|| Problem::NotStarted { review: review.name.clone() })?;
        if !meeting.runs() {
            return Err(Problem::MeetingOver { minutes: change.workspace.find_minutes(meeting.id).await? }.into());
        }
        let actor = change.actor.id;
        change.close(review, &mut meeting, Some(actor)).await?;
        Ok(*posted)
    }
}

impl App {
    /// Closes the meetings that nobody closed before their time was over.
    pub(super) async fn end_meetings(&self, now: Instant) -> Result<(), Failure> {
        loop {
            let over = self.store.find_meetings_over(now, SWEEP).await?;
            if over.is_empty() {
                return Ok(());
            }
            let guilds: BTreeSet<GuildId> = over.iter().map(|(guild, _)| *guild).collect();
            for guild in guilds {
                let own = over.iter().filter(|(of, _)| *of == guild).map(|(_, meeting)| *meeting);
                self.end_meetings_of(guild, own.collect(), now).await?;
            }
        }
    }

    async fn end_meetings_of(&self, guild: GuildId, meetings: Vec<MeetingId>, now: Instant) -> Result<(), Failure> {
        self.store
            .write(move |connection| {
                let meetings = meetings.clone();
                Box::pin(async move {
                    let mut change = Change::by_bot(Workspace::writing(guild, connection), now).await?;
                    for meeting in meetings {
                        let found = change.workspace.find_meeting(meeting).await?.filter(Meeting::runs);
                        let Some(mut meeting) = found else { continue };
                        let review = change.workspace.find_review(meeting.review).await?;
                        if let Some(review) = review {
                            change.close(&review, &mut meeting, None).await?;
                        }
                    }
                    change.commit().await
                })
            })
            .await
    }
}

impl Change<'_> {
    async fn close(&mut self, review: &Review, meeting: &mut Meeting, by: Option<MemberId>) -> Result<(), Failure> {
        // One that nobody closed ended when somebody last did something in it.
        let until = match by {
            Some(_) => self.now,
            None => self.last_deed_in(meeting).await?,
        };
        let (moved, changed_by) = self.moved_in(review, meeting, until).await?;
        let last = self.workspace.find_last_posting(review.id, meeting.starts_at).await?;
        let occurrence = (last, meeting.starts_at, self.now);
        let since = since(&mut self.workspace, &self.settings, review, occurrence).await?.at();
        let (entered, left) = self.stalls_since(review, since).await?;
        let actions_closed = self.actions_closed_since(review, since).await?;
        let closed = Closed { at: self.now, by, moved, changed_by, entered, left, actions_closed };
        self.edit(meeting, EventKind::Closed, None, |meeting| {
            meeting.acted.extend(by);
            meeting.closed = Some(closed);
        })?;
        for mut topic in self.workspace.find_open_items().await? {
            // What was asked for while it ran is for the next one, as its asker was told.
            if topic.review == review.id && topic.is_topic() && topic.at <= meeting.started_at {
                self.edit(&mut topic, EventKind::GoneThrough, None, |topic| topic.gone_through(meeting.id))?;
            }
        }
        if let Some(posted) = self.workspace.find_post(meeting.review, meeting.starts_at).await? {
            self.post_minutes(meeting.id, posted);
            self.show_on_post(meeting.id, posted);
        }
        Ok(())
    }

    async fn last_deed_in(&mut self, meeting: &Meeting) -> Result<Instant, Failure> {
        let events = self.workspace.find_events(Subject { kind: Meeting::KIND, id: meeting.id.0 }).await?;
        Ok(events.last().map_or(meeting.started_at, |event| event.at))
    }

    /// The deals of a review that changed while its meeting ran, and who changed them.
    async fn moved_in(
        &mut self,
        review: &Review,
        meeting: &Meeting,
        until: Instant,
    ) -> Result<(Vec<Changed>, BTreeSet<MemberId>), Failure> {
        let after = meeting.started_at - Duration::milliseconds(1);
        let mut events = self.workspace.find_deal_events_between(after, self.now).await?;
        let later = events.split_off(events.partition_point(|event| event.at <= until));
        let numbers: BTreeSet<DealNumber> = events.iter().map(|event| DealNumber(event.subject.id)).collect();
        let mut deals = self.workspace.find_deals(&numbers.into_iter().collect::<Vec<_>>()).await?;
        deals.retain(|deal| review.is_about(deal) && deal.counts());
        let ended = before(deals.iter(), &later);
        let stood = before(deals.iter(), &[events.as_slice(), later.as_slice()].concat());
        let own = |deal: i64| deals.iter().any(|of| of.number.0 == deal);
        let actors = events.iter().filter(|event| own(event.subject.id)).map(|event| event.actor);
        let actors = actors.filter(|actor| *actor != MemberId::BOT).collect();
        let changed = |deal: &Deal| Changed {
            deal: deal.number,
            from: stood.get(&deal.number).copied(),
            to: ended.get(&deal.number).copied().unwrap_or_else(|| deal.into()),
        };
        let mut moved: Vec<Changed> = deals.iter().map(changed).filter(Changed::is_any).collect();
        moved.sort_by_key(|changed| (Reverse(changed.to.amount), changed.deal));
        Ok((moved, actors))
    }

    /// How many stalls of a review's deals began and ended since an instant.
    async fn stalls_since(&mut self, review: &Review, since: Instant) -> Result<(usize, usize), Failure> {
        let spells = self.workspace.find_spells(since, self.now).await?;
        let own = spells.iter().filter(|(_, partner)| review.partner.is_none_or(|of| of == *partner));
        Ok(came_and_went(own.map(|(spell, _)| spell), since))
    }

    async fn actions_closed_since(&mut self, review: &Review, since: Instant) -> Result<usize, Failure> {
        let items = self.workspace.find_items_between(since, self.now).await?;
        let ended = items.iter().filter(|item| item.review == review.id).filter_map(|item| item.ended());
        Ok(ended.filter(|ended| ended.at >= since).count())
    }
}
