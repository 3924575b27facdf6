//! Discord's ids: 64-bit numbers that hold the millisecond of their making and travel as text.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Discord's epoch, 2015-01-01, in Unix milliseconds.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// An id of anything on Discord.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Snowflake(pub u64);

impl Snowflake {
    /// The shard of `total` that is told of the guild with this id.
    pub(super) fn shard(self, total: u64) -> u64 {
        (self.0 >> 22) % total.max(1)
    }
}

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Snowflake {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Snowflake)
    }
}

impl Serialize for Snowflake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Makes ids that follow the clock and still never repeat or fall.
#[derive(Debug, Default)]
pub(super) struct Mint {
    last: u64,
}

impl Mint {
    /// An id of the moment `now`, or the next free one when `now` did not move (or moved back).
    pub(super) fn next(&mut self, now: DateTime<Utc>) -> Snowflake {
        let ms = u64::try_from(now.timestamp_millis() - EPOCH_MS).unwrap_or(0);
        self.last = (ms << 22).max(self.last + 1);
        Snowflake(self.last)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn ids_rise_even_when_the_clock_stands_or_goes_back() {
        let noon = Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).single().expect("a plain date");
        let mut mint = Mint::default();
        let ids = [mint.next(noon), mint.next(noon), mint.next(noon - chrono::TimeDelta::hours(1))];
        assert!(ids[0] < ids[1] && ids[1] < ids[2]);
        assert_eq!((ids[0].0 >> 22) as i64 + EPOCH_MS, noon.timestamp_millis());
    }
}
