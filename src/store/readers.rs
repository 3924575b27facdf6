//! The connections that read: a few, and more beside them where these are held for long.

use std::path::Path;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Sqlite, SqlitePool};

use super::open::options_of;

/// Look-ups take a millisecond or two, so that a few do for many people.
const FEW: u32 = 4;
const SPARE: u32 = 128;
/// How long somebody waits for one of the few. Whoever holds one may ask for another, so that as many as there are could
/// wait for each other for ever.
const PATIENCE: Duration = Duration::from_millis(100);
const IDLE: Duration = Duration::from_secs(60);

/// The connections that read one file. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    few: SqlitePool,
    spare: SqlitePool,
}

impl Readers {
    pub async fn open(path: &Path) -> Result<Readers, sqlx::Error> {
        let options = || options_of(path).read_only(true).pragma("query_only", "1");
        // A connection to a file does not go stale, and the question would cost every look-up a trip.
        let pool = |most: u32| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
        let spare = pool(SPARE).min_connections(0).idle_timeout(IDLE).connect_lazy_with(options());
        Ok(Readers { few: pool(FEW).connect_with(options()).await?, spare })
    }

    /// A connection, as soon as there is one.
    pub async fn acquire(&self) -> Result<PoolConnection<Sqlite>, sqlx::Error> {
        match tokio::time::timeout(PATIENCE, self.few.acquire()).await {
            Ok(reader) => reader,
            Err(_) => self.spare.acquire().await,
        }
    }

    pub async fn close(&self) {
        self.few.close().await;
        self.spare.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn whoever_holds_a_reader_gets_another_however_many_there_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("cosell.db")).await.expect("a new database");
        let mut held = Vec::new();
        for _ in 0..4 * FEW {
            held.push(store.reader().await.expect("a reader"));
        }
        drop(held);
        store.close().await;
    }
}
