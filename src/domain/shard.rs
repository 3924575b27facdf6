//! Which shards of the gateway a process runs, and so which servers it is told of. Discord divides servers by their ids,
//! and tells of direct messages on the first shard alone.

use std::fmt;

use super::id::GuildId;

/// The lowest bits of a snowflake count within a millisecond, and say nothing of its shard.
const TIME: u32 = 22;

/// A run of shards, of all that the bot has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shards {
    first: u32,
    last: u32,
    total: u32,
}

/// Whether presses in direct messages reach this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direct {
    /// They do.
    Heard,
    /// Another process hears them.
    Unheard,
}

impl Shards {
    /// Every shard, of one or more.
    pub fn all(total: u32) -> Shards {
        let total = total.max(1);
        Shards { first: 0, last: total - 1, total }
    }

    /// From the first to the last, that one too; `None` when there can be no such.
    pub fn part(first: u32, last: u32, total: u32) -> Option<Shards> {
        (first <= last && last < total).then_some(Shards { first, last, total })
    }

    /// Their numbers.
    pub fn numbers(self) -> std::ops::RangeInclusive<u32> {
        self.first..=self.last
    }

    /// How many they are.
    pub fn count(self) -> u32 {
        self.last - self.first + 1
    }

    /// The first one's number.
    pub fn first(self) -> u32 {
        self.first
    }

    /// The last one's number.
    pub fn last(self) -> u32 {
        self.last
    }

    /// How many the bot has over all its processes.
    pub fn total(self) -> u32 {
        self.total
    }

    /// The shard on which Discord tells of a server.
    pub fn shard_of(self, guild: GuildId) -> u32 {
        let shard = guild.0.cast_unsigned() >> TIME;
        u32::try_from(shard % u64::from(self.total)).expect("less than the total, which is a u32")
    }

    /// Whether a server is told of on one of these.
    pub fn hold(self, guild: GuildId) -> bool {
        self.numbers().contains(&self.shard_of(guild))
    }

    /// Whether direct messages are told of on one of these.
    pub fn direct(self) -> Direct {
        if self.first == 0 { Direct::Heard } else { Direct::Unheard }
    }
}

impl fmt::Display for Shards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}/{}", self.first, self.last, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Discord's own example of an id, of 175928847299117063 >> 22 = 41944705796 milliseconds.
    const GUILD: GuildId = GuildId(175_928_847_299_117_063);

    #[test]
    fn a_server_is_on_one_shard_of_all() {
        assert_eq!(Shards::all(16).shard_of(GUILD), 4);
        for total in 1..40 {
            let holding = (0..total).filter(|n| Shards::part(*n, *n, total).is_some_and(|one| one.hold(GUILD)));
            assert_eq!(holding.count(), 1, "of {total}");
            assert!(Shards::all(total).hold(GUILD), "of {total}");
        }
    }

    #[test]
    fn a_part_ends_with_its_last_shard_and_only_the_first_part_hears_direct_messages() {
        let part = |first, last| Shards::part(first, last, 16).expect("a part");
        assert!(
            part(0, 4).hold(GUILD) && part(4, 4).hold(GUILD) && !part(0, 3).hold(GUILD) && !part(5, 15).hold(GUILD)
        );
        assert_eq!((part(4, 7).count(), part(4, 7).numbers().collect::<Vec<_>>()), (4, vec![4, 5, 6, 7]));
        assert_eq!((part(0, 3).direct(), part(4, 7).direct()), (Direct::Heard, Direct::Unheard));
        assert_eq!(part(4, 7).to_string(), "4-7/16");
    }

    #[test]
    fn what_is_no_part_is_none() {
        for (first, last, total) in [(3, 0, 16), (0, 16, 16), (16, 16, 16), (0, 0, 0)] {
            assert_eq!(Shards::part(first, last, total), None, "{first}-{last}/{total}");
        }
    }
}
