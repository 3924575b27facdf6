//! How the cadence was kept as it is looked up: of all reviews in a quarter, and of one review from meeting to meeting.

use std::collections::BTreeMap;

use chrono::Duration;

use super::look::Look;
use super::number::Asked;
use super::{read, review};
use crate::domain::Instant;
use crate::domain::cadence::{CadenceCard, Happened, HistoryCard, Meetings, Spell, came_and_went, left_out, stalls};
use crate::domain::calendar::Calendar;
use crate::domain::card::Named;
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::review::{Occurrence, Review};
use crate::error::Failure;
use crate::store::Workspace;

/// How far back the totals of a history go.
const YEAR: Duration = Duration::days(365);

/// What happened in some reviews over a stretch of time.
async fn happened(
    workspace: &mut Workspace<'_>,
    reviews: &[Review],
    (from, until): (Instant, Instant),
    now: Instant,
) -> Result<Happened, Failure> {
    let mut occurrences = workspace.find_occurrences_between(from, until).await?;
    let ahead: Vec<_> =
        reviews.iter().flat_map(|review| left_out(review, &occurrences, from, until.min(now))).collect();
    occurrences.extend(ahead);
    let meetings = workspace.find_meetings_between(from, until).await?;
    let items = workspace.find_items_between(from, until).await?;
    Ok(Happened { from, until, occurrences, meetings, items, now })
}

/// What became of the meetings of all reviews over a stretch of time, and which stalls ran in it; or of those that are
/// about one partner.
pub(super) async fn kept(
    workspace: &mut Workspace<'_>,
    only: Option<PartnerId>,
    (from, until): (Instant, Instant),
    now: Instant,
) -> Result<(Vec<Meetings>, Vec<Spell>), Failure> {
    let mut reviews = workspace.find_reviews().await?;
    reviews.retain(|review| only.is_none() || review.partner == only);
    let meetings = happened(workspace, &reviews, (from, until), now).await?.by_review(&reviews);
    let spells = workspace.find_spells(from, until).await?;
    let own = spells.into_iter().filter(|(_, of)| only.is_none_or(|only| only == *of));
    Ok((meetings, own.map(|(spell, _)| spell).collect()))
}

impl Look {
    /// How the cadence was kept in a quarter.
    pub async fn cadence(&mut self, asked: Asked) -> Result<CadenceCard, Failure> {
        let calendar = Calendar::of(&self.settings);
        let Asked { period, partner } = asked;
        let only = partner.as_ref().map(|(partner, _)| *partner);
        let (from, until) = (calendar.midnight(period.start), calendar.midnight(period.ahead(1).start));
        let (reviews, spells) = kept(&mut self.workspace, only, (from, until), self.now).await?;
        Ok(CadenceCard {
            stalls: stalls(&spells, &calendar, &period, calendar.day(self.now)),
            reviews,
            period,
            partner,
        })
    }

    /// All occurrences of a review so far, the last first.
    pub async fn occurrences(&mut self, review: &Review) -> Result<Vec<Occurrence>, Failure> {
        let mut occurrences = self.workspace.find_occurrences(review.id, i64::MAX).await?;
        let ahead = left_out(review, &occurrences, Instant::UNIX_EPOCH, self.now);
        occurrences.extend(ahead);
        occurrences.sort_by_key(|occurrence| std::cmp::Reverse(occurrence.starts_at));
        Ok(occurrences)
    }

    /// The history of a review: some of its occurrences, of so many in all, and a year in figures.
    pub async fn history(&mut self, of: Review, page: Vec<Occurrence>, total: usize) -> Result<HistoryCard, Failure> {
        let span = (self.now - YEAR, self.now + YEAR);
        let year = happened(&mut self.workspace, std::slice::from_ref(&of), span, self.now).await?.of(&of);
        let spells = self.workspace.find_spells(span.0, self.now).await?;
        let own = spells.iter().filter(|(_, partner)| of.partner.is_none_or(|of| of == *partner));
        let stalls = came_and_went(own.map(|(spell, _)| spell), span.0);
        let starts = || page.iter().map(|occurrence| occurrence.starts_at);
        let span = (starts().min().unwrap_or(self.now), starts().max().unwrap_or(self.now) + Duration::milliseconds(1));
        let happened = happened(&mut self.workspace, &[], span, self.now).await?;
        let minutes = self.workspace.find_minutes_between(of.id, span.0, span.1).await?;
        let past: Vec<_> = page.iter().map(|occurrence| happened.past(occurrence, &minutes)).collect();
        let ran: Vec<MemberId> = past.iter().filter_map(|past| Some(past.meeting.as_ref()?.started_by)).collect();
        let names = read::people(&mut self.workspace, ran.iter().copied()).await?;
        let people: BTreeMap<MemberId, Named> = ran.into_iter().map(|member| (member, names.person(member))).collect();
        let of = review::card(&mut self.workspace, of, self.now).await?;
        Ok(HistoryCard { of, year, stalls, past, total, people })
    }
}
