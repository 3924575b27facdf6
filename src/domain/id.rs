//! Identifiers. Discord's are snowflakes; ours are numbered inside one workspace and mean nothing outside it.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A Discord server, and so a workspace. A snowflake; always fits in 63 bits.
    GuildId,
    /// A Discord user. Only the member table knows it; everything else names a [`MemberId`].
    UserId,
    /// A Discord channel or thread.
    ChannelId,
    /// A Discord role.
    RoleId,
    /// A Discord message.
    MessageId,
    /// An event that Discord shows in a server's list of events; none of ours, which are in the log.
    ScheduledEventId,
    /// A Discord interaction: one use of a command, button or form. Negative for what the bot does by itself.
    InteractionId,
    /// A person in one workspace. [`MemberId::BOT`] is the bot itself.
    MemberId,
    /// A deal's number in its workspace, shown as `D-12`.
    DealNumber,
    /// A customer company in one workspace.
    AccountId,
    /// A company we sell with, in one workspace.
    PartnerId,
    /// A recurring meeting in one workspace.
    ReviewId,
    /// A handover in one workspace.
    HandoverId,
    /// A meeting that was started, in one workspace.
    MeetingId,
    /// A topic, decision or action, in one workspace.
    ItemId,
}

impl MemberId {
    /// The bot as the actor of what nobody typed.
    pub const BOT: MemberId = MemberId(0);
}

impl DealNumber {
    /// `D-12`, as people see it.
    pub fn label(self) -> String {
        format!("D-{}", self.0)
    }

    /// Reads `D-12`, `d12`, `#12` or `12`, and what an autocomplete choice looks like (`D-12 Globex · …`).
    pub fn parse(text: &str) -> Option<DealNumber> {
        let word = text.split_whitespace().next()?;
        let digits = word.trim_start_matches(['d', 'D', '#']).trim_start_matches('-');
        let number: i64 = digits.parse().ok()?;
        (number > 0).then_some(DealNumber(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_number_is_read_as_people_write_it() {
        for text in ["D-12", "d-12", "d12", "#12", "12", " D-12 Globex · Initech"] {
            assert_eq!(DealNumber::parse(text), Some(DealNumber(12)), "{text}");
        }
        for text in ["", "D-", "Globex", "D-0", "-3x", "D-1.5"] {
            assert_eq!(DealNumber::parse(text), None, "{text}");
        }
    }
}
