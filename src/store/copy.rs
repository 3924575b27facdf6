//! Copies of a database: made while it is used, looked through before they are given their name, so that whatever has
//! the name is whole.

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use futures::TryStreamExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::lock::beside;
use super::open::{OpenError, look_at};
use super::{Store, millis};
use crate::domain::Instant;

/// What a copy is called until it is whole.
const UNFINISHED: &str = ".unfinished";

/// Why there is no copy. Nothing has its name then.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A copy never replaces a file.
    #[error("{0} exists already; name another file")]
    Exists(PathBuf),
    /// Space, rights, or the disk.
    #[error("{path} can't be written: {source}")]
    File {
        /// The copy.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// SQLite could not read the one or write the other.
    #[error("{path} could not be made: {source}")]
    Sqlite {
        /// The copy.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The copy is not whole, and so the database most likely neither is.
    #[error("the copy is damaged: {0}. Look into the database with: cosell check")]
    Damaged(String),
    /// What was copied can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Store {
    /// Copies the database into a new file, while it is used. The copy says when it was made.
    pub async fn back_up(&self, to: &Path, now: Instant) -> Result<(), CopyError> {
        // Not one of the readers: it takes long on a large database.
        let options = plain(&self.path).read_only(true);
        let mut connection = options.connect().await.map_err(|source| sqlite(to, source))?;
        let made = copy(&mut connection, to, Some(now)).await;
        own_like(to, &self.path);
        connection.close().await.map_err(|source| sqlite(to, source))?;
        made
    }
}

/// Where a copy grows until it gets its name.
pub fn growing(to: &Path) -> PathBuf {
    beside(to, UNFINISHED)
}

/// Copies a database into a new file: written beside it, looked through, synced, and only then named.
pub(super) async fn copy(from: &mut SqliteConnection, to: &Path, now: Option<Instant>) -> Result<(), CopyError> {
    if to.exists() {
        return Err(CopyError::Exists(to.to_owned()));
    }
    let unfinished = growing(to);
    let made = fill(from, &unfinished, now).await;
    let named = match made {
        Ok(()) => give_name(&unfinished, to),
        Err(error) => Err(error),
    };
    if named.is_err() {
        remove(&unfinished);
    }
    named
}

/// Puts a file in the place of its name, for good.
pub(super) fn give_name(unfinished: &Path, to: &Path) -> Result<(), CopyError> {
    let synced = || {
        File::open(unfinished)?.sync_all()?;
        std::fs::rename(unfinished, to)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    };
    synced().map_err(|source| CopyError::File { path: to.to_owned(), source })
}

/// Gives a file to whom another one belongs, or its folder where it is not there, and lets the same people read it: the
/// bot must be able to use what an admin makes for it.
pub fn own_like(file: &Path, like: &Path) {
    let folder = like.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(owner) = std::fs::metadata(like).or_else(|_| std::fs::metadata(folder)) else { return };
    if owner.is_file() && file.is_file() {
        // Those of a copy are the system's choice otherwise, as good or better.
        let _ = std::fs::set_permissions(file, owner.permissions());
    }
    // Only root may; whoever else copies is the owner already.
    let _ = std::os::unix::fs::chown(file, Some(owner.uid()), Some(owner.gid()));
}

async fn fill(from: &mut SqliteConnection, to: &Path, now: Option<Instant>) -> Result<(), CopyError> {
    // One that a process left half-done when it died.
    remove_database(to);
    sqlx::query("VACUUM INTO ?")
        .bind(to.to_string_lossy().into_owned())
        .execute(from)
        .await
        .map_err(|source| sqlite(to, source))?;
    if let Some(now) = now {
        let mut connection = plain(to).connect().await.map_err(|source| sqlite(to, source))?;
        stamp(&mut connection, now).await.map_err(|source| sqlite(to, source))?;
        connection.close().await.map_err(|source| sqlite(to, source))?;
    }
    look_through(to).await
}

/// The keys of what a copy says of itself.
pub(super) const BACKED_UP_AT: &str = "backed_up_at";

async fn stamp(connection: &mut SqliteConnection, now: Instant) -> Result<(), sqlx::Error> {
    let (key, at) = (BACKED_UP_AT, millis(now).to_string());
    sqlx::query!(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        key,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Reads every page of a file: whether it is ours, and whole.
pub(super) async fn look_through(path: &Path) -> Result<(), CopyError> {
    look_at(path).await?;
    let found = async {
        let mut connection = plain(path).read_only(true).connect().await?;
        let found = faults(&mut connection).await;
        connection.close().await?;
        Ok(found)
    };
    match found.await.map_err(|source| sqlite(path, source))?.first() {
        None => Ok(()),
        Some(fault) => Err(CopyError::Damaged(fault.clone())),
    }
}

/// What SQLite finds wrong with the pages of a database, its indexes, and what its rows refer to. Where it can't read on,
/// that is one more.
pub(super) async fn faults(connection: &mut SqliteConnection) -> Vec<String> {
    let mut faults = Vec::new();
    let mut rows = sqlx::query_scalar("PRAGMA integrity_check(20)").fetch(&mut *connection);
    loop {
        match rows.try_next().await {
            Ok(Some(found)) if found == "ok" => {}
            Ok(Some(found)) => faults.push(found),
            Ok(None) => break,
            Err(error) => {
                faults.push(format!("it can't be read further: {error}"));
                break;
            }
        }
    }
    drop(rows);
    let strays: Result<Vec<(String, String)>, _> =
        sqlx::query_as(r#"SELECT "table", parent FROM pragma_foreign_key_check LIMIT 20"#).fetch_all(connection).await;
    match strays {
        Ok(strays) => faults
            .extend(strays.into_iter().map(|(table, parent)| format!("a row of {table} refers to no row of {parent}"))),
        Err(error) => faults.push(format!("what rows refer to can't be read: {error}")),
    }
    faults
}

fn plain(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path)
}

fn sqlite(path: &Path, source: sqlx::Error) -> CopyError {
    CopyError::Sqlite { path: path.to_owned(), source }
}

/// Removes a database with all that SQLite keeps beside it.
pub fn remove_database(path: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        remove(&beside(path, ending));
    }
}

pub(super) fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, path = %path.display(), "an unfinished copy is left"),
    }
}
