//! Permission bits and how Discord adds them up for a member in a channel.

use super::snowflake::Snowflake;
use super::state::{Channel, ChannelKind, Guild};

/// Make and edit scheduled events of one's own.
pub const CREATE_EVENTS: u64 = 1 << 44;
/// May do everything, whatever a channel denies.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// Change the server's settings.
pub const MANAGE_GUILD: u64 = 1 << 5;
/// See a channel.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// Post in a channel.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// Delete other people's messages.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// Post embeds.
pub const EMBED_LINKS: u64 = 1 << 14;
/// Post files.
pub const ATTACH_FILES: u64 = 1 << 15;
/// Read what was posted before.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// Mention everyone and roles that are not mentionable.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// Use slash commands and context menus.
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
/// Change other people's scheduled events.
pub const MANAGE_EVENTS: u64 = 1 << 33;
/// Open a thread.
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
/// Post in a thread.
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;

/// Every bit that Discord has defined so far.
const ALL: u64 = (1 << 53) - 1;

/// What `@everyone` may do in a server that kept Discord's defaults.
pub(super) const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | MENTION_EVERYONE
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
    | CREATE_EVENTS;

/// What a member may do in the server as a whole.
pub(super) fn in_guild(guild: &Guild, user: Snowflake) -> u64 {
    let Some(member) = guild.members.get(&user) else {
        return 0;
    };
    let bits = guild
        .roles
        .iter()
        .filter(|role| role.id == guild.id || member.roles.contains(&role.id))
        .fold(0, |bits, role| bits | role.permissions);
    if bits & ADMINISTRATOR != 0 || guild.owner == user { ALL } else { bits }
}

/// What a member may do in a channel, its overwrites applied. `parent` is the channel itself,
/// or the one that a thread hangs from.
pub(super) fn in_channel(guild: &Guild, parent: &Channel, user: Snowflake) -> u64 {
    let bits = in_guild(guild, user);
    if bits == ALL || bits == 0 {
        return bits;
    }
    let roles = &guild.members[&user].roles;
    let steps: [&dyn Fn(Snowflake) -> bool; 3] =
        [&|target| target == guild.id, &|target| roles.contains(&target), &|target| target == user];
    let bits = steps.iter().fold(bits, |bits, applies| {
        let of_step = parent.overwrites.iter().filter(|o| applies(o.target));
        let (allow, deny) = of_step.fold((0, 0), |(a, d), o| (a | o.allow, d | o.deny));
        (bits & !deny) | allow
    });
    if bits & VIEW_CHANNEL == 0 { 0 } else { bits }
}

/// The bit that posting in this kind of channel takes.
pub(super) fn to_post_in(kind: ChannelKind) -> u64 {
    match kind {
        ChannelKind::Thread => SEND_MESSAGES_IN_THREADS,
        ChannelKind::Text | ChannelKind::Dm => SEND_MESSAGES,
    }
}
