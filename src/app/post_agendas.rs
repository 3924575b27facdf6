//! Hands the agendas that are due to the outbox, and records those that were never posted as missed. After downtime the
//! rule is the domain's [`catch_up`].

use chrono::Duration;

use super::App;
use crate::domain::Instant;
use crate::domain::cadence::{CatchUp, LENGTH, between, catch_up, next_after};
use crate::domain::calendar::Calendar;
use crate::domain::id::{GuildId, ReviewId};
use crate::domain::outgoing::{Alarm, Destination, Outgoing};
use crate::domain::review::{Outcome, Review};
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::commit::Commit;

/// Reviews taken up at once.
const SWEEP: i64 = 500;
/// How long after a meeting Discord's event of it is told of the next one: it ends the one that is over by itself, and
/// takes no other time for one that is on.
const EVENT_OVER: Duration = Duration::minutes(5);

impl App {
    /// Settles every occurrence whose agenda is due.
    pub(super) async fn post_agendas(&self, now: Instant) -> Result<(), Failure> {
        loop {
            let due = self.store.find_due_reviews(now, SWEEP).await?;
            if due.is_empty() {
                return Ok(());
            }
            for (guild, review) in due {
                self.settle_review(guild, review, now).await?;
            }
        }
    }

    async fn settle_review(&self, guild: GuildId, review: ReviewId, now: Instant) -> Result<(), Failure> {
        self.store
            .write(move |connection| {
                Box::pin(async move {
                    let mut workspace = Workspace::writing(guild, connection);
                    let settings = workspace.get_settings().await?;
                    let calendar = Calendar::of(&settings);
                    let Some((review, from)) = workspace.find_due_review(review).await? else { return Ok(()) };
                    let settled = settle(&mut workspace, &review, &calendar, from, now).await?;
                    let mut messages = alerts(&settings, &review, &settled.missed, now);
                    messages.extend(
                        settled.last.map(|starts_at| {
                            Outgoing::event(guild, review.id, now.max(starts_at + LENGTH + EVENT_OVER))
                        }),
                    );
                    if !messages.is_empty() {
                        workspace.commit(&Commit { messages, ..Commit::default() }, now).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Tells the admins of occurrences whose agenda was never posted.
fn alerts(settings: &Settings, review: &Review, missed: &[Instant], now: Instant) -> Vec<Outgoing> {
    let alert = |starts_at: &Instant, ops| {
        Outgoing::alert(Alarm::Missed { review: review.id, starts_at: starts_at.timestamp_millis() }, ops, now)
    };
    let ops = settings.ops_channel;
    missed.iter().filter_map(|starts_at| Some(alert(starts_at, ops?))).collect()
}

/// What became of the occurrences that were due.
struct Settled {
    /// Those that were missed.
    missed: Vec<Instant>,
    /// The last one.
    last: Option<Instant>,
}

/// Settles the occurrences since `from`, the instant at which the review was last due, and sets the next one. A day that
/// has a settled occurrence gets no second one, even if its time was changed.
async fn settle(
    workspace: &mut Workspace<'_>,
    review: &Review,
    calendar: &Calendar,
    from: Instant,
    now: Instant,
) -> Result<Settled, Failure> {
    let ahead = Duration::minutes(review.post_before.into());
    let zone = review.rhythm.zone;
    let local_day = |at: Instant| at.with_timezone(&zone).date_naive();
    let settled = workspace.find_settled(review.id, from - Duration::days(2)).await?;
    let (mut missed, mut last) = (Vec::new(), None);
    // A meeting that begins as its review is scheduled is not posted any more, unless agendas are posted at the start.
    let after = if review.post_before == 0 { from - Duration::milliseconds(1) } else { from };
    for planned in between(review, calendar, after, now + ahead) {
        if settled.iter().any(|at| local_day(*at) == local_day(planned.starts_at)) {
            continue;
        }
        let outcome = match catch_up(review, &planned, from, now) {
            CatchUp::NotYet => break,
            CatchUp::PostNow => Outcome::Posted,
            CatchUp::Missed => Outcome::Missed,
        };
        if outcome == Outcome::Missed {
            missed.push(planned.starts_at);
        }
        last = Some(planned.starts_at);
        workspace
            .put_occurrence(review.id, planned.starts_at, outcome, Destination::Channel(review.channel), now)
            .await?;
    }
    let next = next_after(review, calendar, now + ahead).map(|planned| planned.post_at(review));
    workspace.set_next_post(review.id, next).await?;
    Ok(Settled { missed, last })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use futures::future::try_join_all;

    use crate::app::testing::{Bench, admin_of, weekly};
    use crate::domain::id::{ChannelId, GuildId};
    use crate::error::Failure;

    const WORKSPACES: i64 = 1_000;

    async fn schedule(bench: &Bench, guild: GuildId) -> Result<(), Failure> {
        bench.set_up(guild).await;
        let review = weekly("Pipeline", ChannelId(10_000 + guild.0));
        bench.app.change(&admin_of(guild)(), review).await.map(drop)
    }

    #[tokio::test]
    async fn a_thousand_workspaces_that_are_due_in_one_minute_each_get_their_agenda_once() {
        let bench = Bench::new().await;
        try_join_all((1..=WORKSPACES).map(|guild| schedule(&bench, GuildId(1_000_000 + guild)))).await.unwrap();
        // Tuesday, an hour before the meeting, in New York.
        let now = bench.now_is("2026-12-22T13:30:00Z");
        for _ in 0..2 {
            bench.app.tick(now).await.unwrap();
            bench.app.deliver().await.unwrap();
        }
        let posts = bench.discord.posts.lock().unwrap();
        let agendas = posts.iter().filter(|(channel, _)| channel.0 > 10_000).map(|(channel, _)| *channel);
        let agendas: Vec<ChannelId> = agendas.collect();
        assert_eq!(agendas.len(), usize::try_from(WORKSPACES).unwrap());
        assert_eq!(agendas.iter().collect::<BTreeSet<_>>().len(), agendas.len(), "none twice");
    }
}
