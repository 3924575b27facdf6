//! What waited in the outbox for too long, because the process was down or Discord was: a digest goes back to being owed
//! and waits for the next business day, an agenda counts as missed. The rules are those by which they were handed over.

use chrono::Duration;

use super::App;
use super::deliver::{NONCE_HOLDS, say_with};
use crate::domain::Instant;
use crate::domain::cadence::is_too_late;
use crate::domain::calendar::Calendar;
use crate::domain::digest::{digest_due, local_day};
use crate::domain::id::MemberId;
use crate::domain::member::Member;
use crate::domain::outgoing::{About, Alarm, Outgoing};
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::outbox::{Claimed, Rendered};

impl App {
    /// Whether a row is of no use any more at this hour. While a repeated nonce tells whether it arrived, it is sent.
    pub(super) async fn is_too_late(&self, row: &Claimed, now: Instant) -> Result<bool, Failure> {
        if row.first_sent_at.is_some_and(|at| now - at < NONCE_HOLDS) {
            return Ok(false);
        }
        match &row.about {
            About::Digest { members } => {
                let mut workspace = self.store.read(row.guild).await?;
                let settings = workspace.get_settings().await?;
                let known = workspace.find_members(members).await?;
                let calendar = Calendar::of(&settings);
                let is_due = |id: &MemberId| {
                    let member = known.iter().find(|member| member.id == *id).cloned().unwrap_or_else(Member::lead);
                    let day = |at| digest_due(&member, &settings, &calendar, at).map(|digest| digest.day);
                    day(now).is_some() && day(now) == day(row.created_at)
                };
                Ok(!members.iter().all(is_due))
            }
            About::Agenda { review, .. } => {
                let review = self.store.read(row.guild).await?.find_review(*review).await?;
                Ok(review.is_some_and(|review| is_too_late(&review, now - row.created_at)))
            }
            _ => Ok(false),
        }
    }

    /// Whom a message pings is decided for a day of theirs: words of another day that Discord does not have are found anew.
    pub(super) async fn of_today(
        &self,
        row: &Claimed,
        rendered: &Rendered,
        now: Instant,
    ) -> Result<Result<Rendered, String>, Failure> {
        let kept = || Ok(Ok(rendered.clone()));
        let Some(first) = row.first_sent_at else { return kept() };
        let mut workspace = self.store.read(row.guild).await?;
        let settings = workspace.get_settings().await?;
        let is_of_today = settings.day(first) == settings.day(now)
            && pings_of_today(&mut workspace, row, &settings, first, now).await?;
        drop(workspace);
        if is_of_today { kept() } else { self.put_into_words(row, now).await }
    }
}

/// Whether everybody whom a message pings still has the day for which that was decided.
async fn pings_of_today(
    workspace: &mut Workspace<'_>,
    row: &Claimed,
    settings: &Settings,
    first: Instant,
    now: Instant,
) -> Result<bool, Failure> {
    // Nobody's day is further from the workspace's.
    let mut pings = workspace.find_pings_since(settings.day(first) - Duration::days(2)).await?;
    pings.retain(|ping| ping.outbox == row.id);
    let ids: Vec<MemberId> = pings.iter().map(|ping| ping.member).collect();
    let members = workspace.find_members(&ids).await?;
    let is_past =
        |member: &Member| pings.iter().all(|p| p.member != member.id || p.day != local_day(member, settings, now));
    Ok(!members.iter().any(is_past))
}

/// Takes back what a row was to say, which Discord does not have.
pub(super) async fn take_back(
    workspace: &mut Workspace<'_>,
    row: &Claimed,
    settings: &Settings,
    now: Instant,
) -> Result<(), Failure> {
    match row.about {
        About::Digest { .. } => workspace.owe_again(row.id, now).await,
        About::Agenda { review, starts_at } => {
            workspace.put_missed(review, starts_at, now).await?;
            let Some(ops) = settings.ops_channel else { return Ok(()) };
            say_with(workspace, row, Outgoing::alert(Alarm::Missed { review, starts_at }, ops, now), now).await
        }
        _ => Ok(()),
    }
}
