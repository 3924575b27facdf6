//! The outbox: claims what is due, finds its words once, and sends it until Discord has it, once.
//!
//! A row's bytes are stored before they are first sent. The nonce, made from the row, keeps a repetition within minutes
//! from posting twice; after that, a row whose outcome is unknown is first looked for among our own messages by the
//! reference that it shows. No transaction is open while sending.

mod ended;

use chrono::Duration;
use futures::future::join_all;
use tracing::Instrument;

use super::App;
use super::courier::{Stands, Trouble};
use super::lateness;
use crate::domain::Instant;
use crate::domain::id::{ChannelId, GuildId, MeetingId, MessageId};
use crate::domain::outgoing::{About, Alarm, Destination, Outgoing, Posted};
use crate::domain::shard::Direct;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::alarm::{AlarmKey, Raised};
use crate::store::commit::Commit;
use crate::store::outbox::{Claimed, Delivery, Rendered};
use ended::{Ended, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, after};
pub(super) use ended::{back_off, is_given_up};

/// Rows claimed at once; each goes to another destination.
const CLAIM: i64 = 40;
/// How long a claim holds if the process dies. Longer than a row takes at worst: fourteen calls of 10 s each and their
/// pacing. So many are those of minutes: an edit of deleted ones, the thread, five to look for an earlier post and the
/// post itself in it, and the same six in the channel.
const LEASE: Duration = Duration::seconds(180);
/// How long Discord surely remembers a nonce.
pub(super) const NONCE_HOLDS: Duration = Duration::minutes(2);
impl App {
    /// Sends everything that is due, unless the process comes to its end. Returns how many rows were taken up.
    pub async fn deliver(&self) -> Result<usize, Failure> {
        let mut taken = 0;
        loop {
            if self.in_hand.is_closed() {
                return Ok(taken);
            }
            let now = self.now();
            let claimed = self.store.claim_outbox(now, now + LEASE, CLAIM).await?;
            if claimed.is_empty() {
                return Ok(taken);
            }
            taken += claimed.len();
            let deliveries = claimed.into_iter().map(|row| {
                let span = span_of(&row);
                self.deliver_row(row).instrument(span)
            });
            for outcome in join_all(deliveries).await {
                outcome?;
            }
        }
    }

    async fn deliver_row(&self, row: Claimed) -> Result<(), Failure> {
        let now = self.now();
        let ended = tokio::select! {
            ended = self.attempt(&row, now) => ended?,
            // Whether it arrived is not known, as after a time-out.
            () = self.in_hand.hurried() => {
                Ended::of(Delivery::Retry { at: now, reason: "the bot was stopped meanwhile".to_owned() })
            }
        };
        if let Delivery::Parked(reason) = &ended.delivery {
            tracing::warn!(reason, "a message is parked");
        }
        let outcome = self.settle(&row, ended, now).await?.word();
        metrics::counter!("cosell_deliveries_total", "kind" => row.about.kind(), "outcome" => outcome).increment(1);
        tracing::debug!(outcome, attempts = row.attempts + 1, "delivered");
        Ok(())
    }

    async fn attempt(&self, row: &Claimed, now: Instant) -> Result<Ended, Failure> {
        if matches!(row.to, Destination::Direct(_)) && self.shards.direct() == Direct::Unheard {
            return self.instead_of_direct(row.guild).await.map(Ended::of);
        }
        if let About::Event { review } = row.about {
            return self.keep_event(row, review, now).await.map(Ended::of);
        }
        if self.is_too_late(row, now).await? {
            return Ok(match self.arrived_late(row, now).await {
                Ok(Some(message)) => Ended::of(Delivery::Sent(message)),
                Ok(None) => Ended::too_late(),
                Err(ended) => ended,
            });
        }
        Ok(match self.rendered(row, now).await? {
            Ok(rendered) => self.send(row, &rendered, now).await,
            Err(reason) => Ended::of(Delivery::Dropped(reason)),
        })
    }

    /// What is said in direct messages has buttons, and another process would hear them pressed: it is said in the nudge
    /// channel.
    async fn instead_of_direct(&self, guild: GuildId) -> Result<Delivery, Failure> {
        let settings = self.store.read(guild).await?.get_settings().await?;
        let nowhere = || Delivery::Parked("direct messages need shard 0, and there is no nudge channel".to_owned());
        Ok(settings.nudge_channel.map_or_else(nowhere, Delivery::Reroute))
    }

    /// The row's bytes: those stored, or its words found now and stored. `Err` says why there is nothing to say.
    async fn rendered(&self, row: &Claimed, now: Instant) -> Result<Result<Rendered, String>, Failure> {
        if let Some(rendered) = row.rendered.as_ref().filter(|_| !row.about.is_live()) {
            return Ok(Ok(rendered.clone()));
        }
        self.put_into_words(row, now).await
    }

    pub(super) async fn put_into_words(
        &self,
        row: &Claimed,
        now: Instant,
    ) -> Result<Result<Rendered, String>, Failure> {
        let Some(message) = self.words(row, now).await? else {
            return Ok(Err("nothing to say any more".to_owned()));
        };
        let picture = message.pictures().first().map(|picture| picture.bytes.clone());
        let rendered = Rendered { body: serde_json::to_string(&message)?, picture };
        self.store.store_rendered(row.id, rendered.clone(), now).await?;
        Ok(Ok(rendered))
    }

    /// Marks how it ended, and says so; a destination that is gone is told to the admins once.
    async fn settle(&self, row: &Claimed, ended: Ended, now: Instant) -> Result<Delivery, Failure> {
        let row = row.clone();
        self.store
            .write(move |connection| {
                let (row, ended) = (row.clone(), ended.clone());
                Box::pin(async move {
                    let mut workspace = Workspace::writing(row.guild, connection);
                    let settings = workspace.get_settings().await?;
                    let ended = ended.rerouted(&row, &settings);
                    workspace.finish_outbox(row.id, &ended.delivery, now).await?;
                    match (&ended.delivery, &row.about) {
                        _ if ended.is_too_late => lateness::take_back(&mut workspace, &row, &settings, now).await?,
                        (Delivery::Sent(_), about) => {
                            workspace.clear(key(row.to)).await?;
                            if let About::CalledOff { review, starts_at, .. } = about {
                                workspace.put_called_off(*review, *starts_at, now).await?;
                            }
                            if let (About::Minutes { meeting, agenda }, Some(at)) = (about, ended.posted) {
                                workspace.put_minutes(*meeting, at).await?;
                                link_minutes(&mut workspace, *meeting, (&row, *agenda), now).await?;
                            }
                        }
                        (Delivery::Parked(_) | Delivery::Dropped(_), About::Agenda { review, starts_at }) => {
                            workspace.put_missed(*review, *starts_at, now).await?;
                        }
                        _ => {}
                    }
                    if let Some(reason) = ended.lost {
                        tell_admins(&mut workspace, &settings, &row, reason, now).await?;
                    }
                    Ok(ended.delivery)
                })
            })
            .await
    }

    async fn send(&self, row: &Claimed, rendered: &Rendered, now: Instant) -> Ended {
        let channel = match self.channel_of(row.to).await {
            Ok(channel) => channel,
            Err(trouble) => return after(row, trouble, now),
        };
        if let About::CalledOff { agenda, .. } | About::Meeting { agenda, .. } = row.about {
            // What an edit changes is the same however often it arrives.
            return match self.courier.edit(channel, agenda, rendered).await {
                Ok(()) => Ended::of(Delivery::Sent(agenda)),
                Err(trouble) => after(row, trouble, now),
            };
        }
        if let About::Minutes { meeting, agenda } = row.about {
            return self.send_minutes(row, rendered, (meeting, channel, agenda), now).await;
        }
        self.post(row, rendered, channel, now).await
    }

    async fn channel_of(&self, to: Destination) -> Result<ChannelId, Trouble> {
        match to {
            Destination::Channel(channel) => Ok(channel),
            Destination::Direct(user) => self.courier.open_direct(user).await,
        }
    }

    async fn post(&self, row: &Claimed, rendered: &Rendered, channel: ChannelId, now: Instant) -> Ended {
        match self.arrived_before(row, channel, now).await {
            Ok(Some(message)) => return Ended::of(Delivery::Sent(message)),
            Ok(None) => {}
            Err(ended) => return ended,
        }
        let rendered = match self.of_today(row, rendered, now).await {
            Ok(Ok(rendered)) => rendered,
            Ok(Err(reason)) => return Ended::of(Delivery::Dropped(reason)),
            Err(_) => return after(row, Trouble::Unknown("the database could not be read".to_owned()), now),
        };
        match self.courier.post(channel, &rendered, &self.reference(row.id)).await {
            Ok(message) => Ended::of(Delivery::Sent(message)),
            Err(trouble) => after(row, trouble, now),
        }
    }

    /// Posts minutes in the thread of their meeting's post, or in its channel where there can be none: the post was
    /// deleted, the thread is gone, or the bot may open none. Those that stand already are brought up to date.
    async fn send_minutes(
        &self,
        row: &Claimed,
        rendered: &Rendered,
        (meeting, channel, agenda): (MeetingId, ChannelId, MessageId),
        now: Instant,
    ) -> Ended {
        let (known, name) = match self.minutes_place(row.guild, meeting).await {
            Ok(place) => place,
            Err(_) => return after(row, Trouble::Unknown("the database could not be read".to_owned()), now),
        };
        if let Some(at) = known {
            match self.courier.edit(at.channel, at.message, rendered).await {
                Ok(()) => return Ended { posted: Some(at), ..Ended::of(Delivery::Sent(at.message)) },
                // Somebody deleted them, or their thread: they are posted once more.
                Err(Trouble::Refused { code: UNKNOWN_CHANNEL | UNKNOWN_MESSAGE, .. }) => {}
                Err(trouble) => return after(row, trouble, now),
            }
        }
        let place = match self.courier.open_thread(channel, agenda, &name).await {
            Ok(thread) => thread,
            Err(Trouble::Refused { .. }) => channel,
            Err(trouble) => return after(row, trouble, now),
        };
        let mut ended = self.post(row, rendered, place, now).await;
        let mut at = place;
        if place != channel && matches!(&ended.delivery, Delivery::Parked(_)) {
            ended = self.post(row, rendered, channel, now).await;
            at = channel;
        }
        if let Delivery::Sent(message) = ended.delivery {
            ended.posted = Some(Posted { guild: row.guild, channel: at, message });
        }
        ended
    }

    /// Whether a row that comes too late did arrive before.
    async fn arrived_late(&self, row: &Claimed, now: Instant) -> Result<Option<MessageId>, Ended> {
        if row.first_sent_at.is_none() {
            return Ok(None);
        }
        match self.channel_of(row.to).await {
            Ok(channel) => self.arrived_before(row, channel, now).await,
            Err(trouble) => Err(after(row, trouble, now)),
        }
    }

    /// Whether an earlier try of unknown outcome did arrive, once the nonce no longer tells. Where that can't be read,
    /// an agenda is posted rather than missed, and a nudge is left rather than repeated.
    async fn arrived_before(
        &self,
        row: &Claimed,
        channel: ChannelId,
        now: Instant,
    ) -> Result<Option<MessageId>, Ended> {
        let Some(first) = row.first_sent_at.filter(|at| now - *at >= NONCE_HOLDS) else { return Ok(None) };
        let is_agenda = matches!(row.about, About::Agenda { .. });
        match self.courier.find_own(channel, &self.reference(row.id), first).await {
            Ok(Stands::At(message)) => Ok(Some(message)),
            Ok(Stands::Nowhere) => Ok(None),
            Ok(Stands::Untold) | Err(Trouble::Refused { .. }) if is_agenda => Ok(None),
            Ok(Stands::Untold) | Err(Trouble::Refused { .. }) => {
                Err(Ended::of(Delivery::Parked("whether it arrived can't be told".to_owned())))
            }
            Err(trouble) => Err(after(row, trouble, now)),
        }
    }
}

impl App {
    /// The visible reference of a row, and its nonce, for which Discord takes 25 characters. Rows count from 1 in each
    /// installation, so it names the installation too.
    pub(super) fn reference(&self, id: i64) -> String {
        format!("c{}-{id}", self.store.tag())
    }
}

/// Names a row in all that is logged of its delivery, and the use of a command that caused it.
fn span_of(row: &Claimed) -> tracing::Span {
    tracing::info_span!(
        "delivery",
        interaction.id = row.interaction.map(|interaction| interaction.0),
        outbox.id = row.id,
        guild.id = row.guild.0,
        kind = row.about.kind()
    )
}

/// The post of a meeting links its minutes, once they stand somewhere.
async fn link_minutes(
    workspace: &mut Workspace<'_>,
    meeting: MeetingId,
    (row, agenda): (&Claimed, MessageId),
    now: Instant,
) -> Result<(), Failure> {
    let message = Outgoing { about: About::Meeting { meeting, agenda }, to: row.to, due_at: now };
    say_with(workspace, row, message, now).await
}

fn key(to: Destination) -> AlarmKey {
    match to {
        Destination::Channel(channel) => AlarmKey::Channel(channel),
        Destination::Direct(user) => AlarmKey::Direct(user),
    }
}

/// One message in the ops channel for a destination that is gone, unless that is the ops channel itself.
async fn tell_admins(
    workspace: &mut Workspace<'_>,
    settings: &Settings,
    row: &Claimed,
    reason: String,
    now: Instant,
) -> Result<(), Failure> {
    let to = row.to;
    let raised = workspace.raise(key(to), now).await?;
    let Some(ops) = settings.ops_channel.filter(|ops| to != Destination::Channel(*ops)) else { return Ok(()) };
    if raised == Raised::Again {
        return Ok(());
    }
    let (channel, user) = match to {
        Destination::Channel(channel) => (Some(channel), None),
        Destination::Direct(user) => (None, Some(user)),
    };
    let alarm = Alarm::Undeliverable { channel, user, reason };
    say_with(workspace, row, Outgoing::alert(alarm, ops, now), now).await
}

/// Has something said that follows from a row, by the use that caused it.
pub(super) async fn say_with(
    workspace: &mut Workspace<'_>,
    row: &Claimed,
    message: Outgoing,
    now: Instant,
) -> Result<(), Failure> {
    let commit = Commit { messages: vec![message], interaction: row.interaction, ..Commit::default() };
    workspace.commit(&commit, now).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::app::testing::{Bench, GUILD};
    use crate::domain::id::UserId;
    use crate::domain::shard::Shards;

    /// Another process would hear the buttons of a direct message.
    #[tokio::test]
    async fn without_the_first_shard_nothing_is_said_in_direct_messages() {
        let mut bench = Bench::ready().await;
        bench.app.shards = Shards::part(1, 1, 2).expect("a part");
        let about = About::LateAnswer { user: UserId(2), text: Some("Saved".to_owned()) };
        let message = Outgoing { about, to: Destination::Direct(UserId(2)), due_at: bench.app.now() };
        let now = bench.app.now();
        let written = bench.app.store.write(move |connection| {
            let commit = Commit { messages: vec![message.clone()], ..Commit::default() };
            Box::pin(async move { Workspace::writing(GUILD, connection).commit(&commit, now).await })
        });
        written.await.expect("a message");
        bench.app.deliver().await.expect("delivered");
        let posts = bench.discord.posts.lock().expect("unpoisoned");
        let channels: Vec<ChannelId> = posts.iter().map(|(channel, _)| *channel).collect();
        assert_eq!(channels, [ChannelId(12)], "the nudge channel, and no admin is troubled");
    }

    #[tokio::test]
    async fn a_reference_names_its_installation_and_fits_a_nonce() {
        let mut references = BTreeSet::new();
        for _ in 0..8 {
            let reference = Bench::new().await.app.reference(i64::MAX);
            assert!(reference.len() <= 25 && reference.ends_with(&format!("-{}", i64::MAX)), "{reference}");
            references.insert(reference);
        }
        assert!(references.len() > 1, "eight installations of one tag: {references:?}");
    }
}
