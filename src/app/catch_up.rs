//! What a restored backup must not say again. It knows nothing of what was sent after it was made; so the time since is
//! lived through once more, as far as the clock alone makes things due, and whatever would be sent then counts as sent.

use async_trait::async_trait;
use chrono::Duration;

use super::App;
use super::courier::{Courier, Membership, Mentionable, Stands, Trouble};
use crate::domain::Instant;
use crate::domain::id::{ChannelId, GuildId, MessageId, RoleId, ScheduledEventId, UserId};
use crate::domain::outgoing::{Alarm, Outgoing};
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::commit::Commit;
use crate::store::outbox::Rendered;

/// A message that waited is looked for in its channel and else sent, if the backup is no older than this. Of an older one
/// it is most likely that it was sent, and not sure that it would be found among the channel's last hundred.
const FRESH: Duration = Duration::hours(1);

/// What became of the time between a backup and its restoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaughtUp {
    /// Until when the backup knows what happened.
    pub known_until: Instant,
    /// How many messages count as sent.
    pub presumed: u64,
}

impl App {
    /// Lives through the time from what the database knows until `now`, under its manual clock and without a Discord;
    /// then tells the admins of each workspace. `None` when the database knows of nothing.
    pub async fn catch_up(&self, now: Instant) -> Result<Option<CaughtUp>, Failure> {
        let Some(known_until) = self.store.known_until().await? else { return Ok(None) };
        self.clock.set(known_until);
        if now - known_until > FRESH {
            self.store.presume_waiting_sent(now).await?;
        }
        self.store.look_before_sending(known_until, now).await?;
        let (mut presumed, mut course) = (0, self.course(now));
        while let Some(then) = course.next().await? {
            self.tick(then).await?;
            presumed += self.store.presume_sent(then, now).await?;
        }
        self.store.skip_message_ids().await?;
        for guild in self.store.find_guilds().await? {
            self.tell_of_restoring(guild, known_until, now).await?;
        }
        Ok(Some(CaughtUp { known_until, presumed }))
    }

    async fn tell_of_restoring(&self, guild: GuildId, known_until: Instant, now: Instant) -> Result<(), Failure> {
        self.store
            .write(move |connection| {
                Box::pin(async move {
                    let mut workspace = Workspace::writing(guild, connection);
                    let Some(ops) = workspace.get_settings().await?.ops_channel else { return Ok(()) };
                    let alarm = Alarm::Restored { known_until: known_until.timestamp_millis() };
                    let messages = vec![Outgoing::alert(alarm, ops, now)];
                    workspace.commit(&Commit { messages, ..Commit::default() }, now).await
                })
            })
            .await
    }
}

/// Where there is no Discord: each call ends as when it can't be reached, from which nothing is concluded.
pub struct Nobody;

fn unreachable<T>() -> Result<T, Trouble> {
    Err(Trouble::Unknown("there is no Discord while a backup is restored".to_owned()))
}

#[async_trait]
impl Courier for Nobody {
    async fn post(&self, _: ChannelId, _: &Rendered, _: &str) -> Result<MessageId, Trouble> {
        unreachable()
    }

    async fn edit(&self, _: ChannelId, _: MessageId, _: &Rendered) -> Result<(), Trouble> {
        unreachable()
    }

    async fn open_thread(&self, _: ChannelId, _: MessageId, _: &str) -> Result<ChannelId, Trouble> {
        unreachable()
    }

    async fn open_direct(&self, _: UserId) -> Result<ChannelId, Trouble> {
        unreachable()
    }

    async fn find_own(&self, _: ChannelId, _: &str, _: Instant) -> Result<Stands, Trouble> {
        unreachable()
    }

    async fn find_member(&self, _: GuildId, _: UserId) -> Result<Option<Membership>, Trouble> {
        unreachable()
    }

    async fn missing_permissions(&self, _: GuildId, _: ChannelId) -> Result<Vec<String>, Trouble> {
        unreachable()
    }

    async fn create_event(&self, _: GuildId, _: &str) -> Result<ScheduledEventId, Trouble> {
        unreachable()
    }

    async fn edit_event(&self, _: GuildId, _: ScheduledEventId, _: &str) -> Result<(), Trouble> {
        unreachable()
    }

    async fn delete_event(&self, _: GuildId, _: ScheduledEventId) -> Result<(), Trouble> {
        unreachable()
    }

    async fn find_event(&self, _: GuildId, _: &str) -> Result<Option<ScheduledEventId>, Trouble> {
        unreachable()
    }

    async fn may_create_events(&self, _: GuildId) -> Result<bool, Trouble> {
        unreachable()
    }

    async fn guild_name(&self, _: GuildId) -> Result<String, Trouble> {
        unreachable()
    }

    async fn download(&self, _: &str, _: usize) -> Result<Option<Vec<u8>>, Trouble> {
        unreachable()
    }

    async fn is_mentionable(&self, _: GuildId, _: RoleId) -> Result<Mentionable, Trouble> {
        unreachable()
    }
}
