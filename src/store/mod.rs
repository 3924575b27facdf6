//! SQLite: opening and migrating the file, the one writer, and all SQL of one workspace ([`Workspace`]).
//! The queries over all workspaces are in [`sweep`], and nowhere else.

pub mod alarm;
pub mod audit;
mod background;
mod cadence;
pub mod candidate;
pub mod check;
pub mod claim;
pub mod commit;
mod copy;
pub mod deal;
pub mod digest;
mod directory;
mod draft;
pub mod dump;
mod first_use;
pub mod forget;
mod handover;
mod import;
mod ledger;
pub mod listing;
mod lock;
mod log;
pub mod lookup;
pub mod meeting;
mod member;
mod notice;
pub mod occurrence;
mod open;
pub mod outbox;
pub mod parts;
#[cfg(test)]
mod plans;
mod presence;
mod readers;
mod restore;
pub mod scheduled_event;
pub mod stall;
pub mod sweep;
pub mod tally;
mod workspace;
mod writer;
use crate::domain::Instant;
use crate::domain::id::GuildId;
use crate::error::Failure;
use futures::future::BoxFuture;
use lock::Lock;
use readers::Readers;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;
use std::path::Path;
use std::sync::Arc;

pub use background::Background;
pub use copy::{CopyError, growing, own_like, remove_database};
pub use lock::beside;
pub use open::OpenError;
pub use restore::{Restoring, restoring};
pub use workspace::{Base, DealOfOwner, ShownOn, Workspace};
use writer::Writer;

/// The database of an installation: a pool of readers and one writer.
#[derive(Debug, Clone)]
pub struct Store {
    readers: Readers,
    writer: Writer,
    /// Tells this installation from others.
    tag: Arc<str>,
    path: Arc<Path>,
    /// `None` where another process may run it, and it is only read here.
    lock: Option<Arc<Lock>>,
}

impl Store {
    /// Opens the file to run it, creating it only when none exists, and brings its schema up to date (backed up first).
    /// No other process can, until this one closes it or ends.
    pub async fn open(path: &Path) -> Result<Store, OpenError> {
        open::open(path).await
    }

    /// Opens a file that another process may be running, to read it. Nothing can be written.
    pub async fn open_beside(path: &Path) -> Result<Store, OpenError> {
        open::open_beside(path).await
    }

    /// A workspace for looking things up. What it reads is at least as new as the last answered write.
    pub async fn read(&self, guild: GuildId) -> Result<Workspace<'static>, Failure> {
        Ok(Workspace::pooled(guild, self.readers.acquire().await?))
    }

    /// A few random characters that tell this installation from others; fixed when the file was made.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// A connection for the queries over all workspaces.
    pub(crate) async fn reader(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Sqlite>, Failure> {
        Ok(self.readers.acquire().await?)
    }

    /// Runs a job on the writing connection and returns after its commit is durable. The job loads, decides and writes;
    /// it may be run again from the start, so its refusals come before its first write.
    pub async fn write<T, F>(&self, job: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: for<'c> FnMut(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Failure>> + Send + 'static,
    {
        self.writer.run(job).await
    }

    /// Waits until what was handed to the writer is written, and closes the file. The writer goes last: only it may bring
    /// the write-ahead log into the file, which is then whole by itself.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        if let Some(lock) = &self.lock {
            lock.release();
        }
    }
}

/// The Unix milliseconds of an instant, as stored.
pub(crate) fn millis(at: Instant) -> i64 {
    at.timestamp_millis()
}

/// The instant of stored Unix milliseconds.
pub(crate) fn instant(millis: i64) -> Result<Instant, Failure> {
    Instant::from_timestamp_millis(millis)
        .ok_or_else(|| Failure::Internal(anyhow::anyhow!("stored instant {millis} is out of range")))
}

/// The day of a stored text.
pub(crate) fn day_of(text: &str) -> Result<chrono::NaiveDate, Failure> {
    text.parse().map_err(|e| Failure::Internal(anyhow::Error::new(e).context("a stored day does not read")))
}

/// Reads a stored JSON document.
pub(crate) fn document<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text)
        .map_err(|e| Failure::Internal(anyhow::Error::new(e).context("a stored document does not read")))
}

/// Reads many stored JSON documents.
pub(crate) fn documents<T: DeserializeOwned>(texts: Vec<String>) -> Result<Vec<T>, Failure> {
    texts.iter().map(|text| document(text)).collect()
}
