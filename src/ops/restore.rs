//! Going back to a backup: it is looked through, brought up to date, told what it must not send again, and only then put
//! in the place of the database. Until then nothing is changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::App;
use crate::app::catch_up::{CaughtUp, Nobody};
use crate::clock::Clock;
use crate::domain::Instant;
use crate::store::{Restoring, Store};

/// What came of it.
#[derive(Debug)]
pub struct Restored {
    /// Where the database that was there is now.
    pub kept: Option<PathBuf>,
    /// What counts as sent; `None` for a backup in which nothing happened yet.
    pub caught_up: Option<CaughtUp>,
}

/// Puts a backup in the place of a database, which no process may be running.
pub async fn restore(backup: &Path, database: &Path, now: Instant) -> anyhow::Result<Restored> {
    let restoring = Restoring::begin(backup, database).await?;
    let store = Store::open(restoring.path()).await?;
    let app = App::new(store, Clock::manual(Instant::UNIX_EPOCH), Arc::new(Nobody));
    let caught_up = app.catch_up(now).await;
    app.store.close().await;
    let caught_up = caught_up?;
    Ok(Restored { kept: restoring.finish(now).await?, caught_up })
}
