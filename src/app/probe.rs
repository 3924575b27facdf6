//! What operators ask of a running bot: whether it can write, and what it could not say.

use std::time::Duration;

use anyhow::Context;
use tokio::time::timeout;

use super::App;
use crate::error::Failure;

/// A database that takes longer is as good as not writable: people's commands would be answered too late.
const WRITE_LIMIT: Duration = Duration::from_secs(2);

/// Messages that should have been said by now and were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undelivered {
    /// How many are due or were tried in vain.
    pub waiting: i64,
    /// How long the oldest of them has been due, in seconds.
    pub oldest_seconds: i64,
    /// How many were given up in the last 30 days.
    pub parked: i64,
}

impl App {
    /// Commits a small fact. There is no other way to know whether one can: a full disk can still be read.
    pub async fn try_writing(&self) -> Result<(), Failure> {
        let now = self.now().timestamp_millis().to_string();
        timeout(WRITE_LIMIT, self.store.put_meta("last_probe", now)).await.context("the database takes too long")?
    }

    /// How many stalls run.
    pub async fn open_stalls(&self) -> Result<i64, Failure> {
        self.store.count_open_stalls().await
    }

    /// What could not be said so far.
    pub async fn undelivered(&self) -> Result<Undelivered, Failure> {
        let now = self.now();
        let found = self.store.find_undelivered(now).await?;
        let oldest_seconds = found.oldest.map_or(0, |at| (now - at).num_seconds());
        Ok(Undelivered { waiting: found.waiting, oldest_seconds, parked: found.parked })
    }
}
