//! How Discord is spoken to, apart from answers to interactions: one call a method, and all that a caller must know of
//! how it ended.

use std::time::Duration;

use async_trait::async_trait;

use crate::domain::Instant;
use crate::domain::id::{ChannelId, GuildId, MessageId, RoleId, ScheduledEventId, UserId};
use crate::store::outbox::Rendered;

/// One call each. None retries: that is the outbox's.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Posts a message. The nonce makes a repetition within minutes harmless.
    async fn post(&self, channel: ChannelId, message: &Rendered, nonce: &str) -> Result<MessageId, Trouble>;

    /// Replaces a message of ours.
    async fn edit(&self, channel: ChannelId, message: MessageId, to: &Rendered) -> Result<(), Trouble>;

    /// The thread that hangs from a message of ours, opened where there is none yet.
    async fn open_thread(&self, channel: ChannelId, message: MessageId, name: &str) -> Result<ChannelId, Trouble>;

    /// The channel of a person's direct messages.
    async fn open_direct(&self, user: UserId) -> Result<ChannelId, Trouble>;

    /// Our own message in a channel that shows a reference and was posted since an instant, among the most recent hundred.
    async fn find_own(&self, channel: ChannelId, reference: &str, since: Instant) -> Result<Stands, Trouble>;

    /// A person as a member of a server; `None` when they have left.
    async fn find_member(&self, guild: GuildId, user: UserId) -> Result<Option<Membership>, Trouble>;

    /// The names of the permissions that the bot lacks in a channel, of those it needs there.
    async fn missing_permissions(&self, guild: GuildId, channel: ChannelId) -> Result<Vec<String>, Trouble>;

    /// Makes a scheduled event in a server, from its body.
    async fn create_event(&self, guild: GuildId, body: &str) -> Result<ScheduledEventId, Trouble>;

    /// Changes a scheduled event of ours.
    async fn edit_event(&self, guild: GuildId, event: ScheduledEventId, body: &str) -> Result<(), Trouble>;

    /// Deletes a scheduled event of ours.
    async fn delete_event(&self, guild: GuildId, event: ScheduledEventId) -> Result<(), Trouble>;

    /// Our own scheduled event that shows a reference in its description, among those that are still to come or on.
    async fn find_event(&self, guild: GuildId, reference: &str) -> Result<Option<ScheduledEventId>, Trouble>;

    /// Whether the bot may make scheduled events in a server, and so change its own.
    async fn may_create_events(&self, guild: GuildId) -> Result<bool, Trouble>;

    /// The name of a server.
    async fn guild_name(&self, guild: GuildId) -> Result<String, Trouble>;

    /// A file that somebody attached, where Discord keeps it; `None` when it is bigger than `limit` bytes. Goes without
    /// the bot's token: the address is not of Discord's interface.
    async fn download(&self, url: &str, limit: usize) -> Result<Option<Vec<u8>>, Trouble>;

    /// Whether everybody may mention a role.
    async fn is_mentionable(&self, guild: GuildId, role: RoleId) -> Result<Mentionable, Trouble>;
}

/// A person in a server, as far as access goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// As shown in this server.
    pub name: String,
    /// Their roles.
    pub roles: Vec<RoleId>,
    /// Whether it is a bot.
    pub is_bot: bool,
    /// Whether one of the roles, or owning the server, gives Manage Server.
    pub manages_server: crate::domain::access::ManagesServer,
}

/// Whether a role can be mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mentionable {
    /// It pings.
    Yes,
    /// It is only shown.
    No,
}

/// Where a message of ours stands that was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Here.
    At(MessageId),
    /// Nowhere in the channel.
    Nowhere,
    /// Not among those that were looked at, and there are more.
    Untold,
}

/// Why a call did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Discord says no, for good: its status, its code and its words.
    #[error("Discord refused: {message} (status {status}, code {code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Discord's JSON error code; 0 when there is none.
        code: u32,
        /// Discord's words.
        message: String,
    },
    /// Not now.
    #[error("Discord asks to wait {after:?}")]
    Limited {
        /// How long.
        after: Duration,
        /// Whether the limit is the bot's whole, not this channel's.
        global: bool,
    },
    /// Discord is out of order: the call had no effect, or it can't be told.
    #[error("unknown outcome: {0}")]
    Unknown(String),
}
