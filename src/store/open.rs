//! Opening the file: what it must be, how SQLite is set up, and bringing its schema up to date.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::dump::LoadError;
use super::{Store, Writer};

/// Marks a file as ours ("cosl" in ASCII).
const APPLICATION_ID: i64 = 0x636f_736c;
pub(super) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
const READERS: u32 = 4;
/// Half of the time in which Discord wants an answer.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Pages in the write-ahead log from which on a commit brings it into the file (40 MB): a page that many commits changed
/// is then written once, and only one answer in hundreds waits for it. The writer does it when idle as well.
const LOG_PAGES: &str = "10000";

/// Why the database was not opened. The file was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It exists and is not ours.
    #[error("{0} is not a cosell database; name another file with COSELL_DB")]
    NotOurs(PathBuf),
    /// It exists and is empty, which an aborted copy leaves behind.
    #[error("{0} is empty; restore a backup, or remove the file to begin anew")]
    Empty(PathBuf),
    /// A later version of the bot wrote it.
    #[error("{path} was written by a later cosell (schema {found}, this one knows {known}); install that version")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The latest schema of this build.
        known: i64,
    },
    /// The library has the WAL bug that 3.51.3 mended.
    #[error("SQLite {0} is too old; 3.51.3 or later is needed")]
    OldLibrary(String),
    /// Anything else that SQLite or the file system says.
    #[error("{path} could not be opened: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// A migration failed; it was rolled back.
    #[error("{path} could not be migrated: {source}")]
    Migrate {
        /// The file.
        path: PathBuf,
        /// What failed.
        source: sqlx::migrate::MigrateError,
    },
}

pub(super) async fn open(path: &Path) -> Result<Store, OpenError> {
    let sqlite = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let existed = check_size(path)?;
    let options = writer_options(path).create_if_missing(!existed);
    let mut writer = SqliteConnection::connect_with(&options).await.map_err(sqlite)?;
    check_library(&mut writer).await.map_err(sqlite)??;
    if existed {
        check_schema(path, &mut writer).await?;
    }
    MIGRATIONS.run(&mut writer).await.map_err(|source| OpenError::Migrate { path: path.to_owned(), source })?;
    stamp(&mut writer).await.map_err(sqlite)?;
    let tag = installation(&mut writer).await.map_err(sqlite)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        // A connection to a file does not go stale, and the question would cost every look-up a trip.
        .test_before_acquire(false)
        .connect_with(options_of(path).read_only(true).pragma("query_only", "1"))
        .await
        .map_err(sqlite)?;
    Ok(Store { readers, writer: Writer::start(writer, options), tag: tag.into() })
}

/// Whether the file exists. One of length zero would open as a new database, so it is refused.
fn check_size(path: &Path) -> Result<bool, OpenError> {
    match std::fs::metadata(path) {
        Ok(file) if file.len() == 0 => Err(OpenError::Empty(path.to_owned())),
        Ok(_) => Ok(true),
        Err(_) => Ok(false),
    }
}

/// Refuses a file that another program has open: as long as it has, the file can't be locked against others.
pub async fn check_free(path: &Path) -> Result<(), LoadError> {
    if !path.exists() {
        return Ok(());
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(Duration::from_millis(200));
    let locked = async {
        let mut connection = options.connect().await?;
        let locked =
            sqlx::query("BEGIN EXCLUSIVE; SELECT COUNT(*) FROM sqlite_schema; ROLLBACK").execute(&mut connection).await;
        connection.close().await?;
        locked
    };
    // Whatever else is wrong with the file is told when it is opened.
    let is_busy = |error: &sqlx::Error| error.as_database_error().is_some_and(|e| e.message().contains("locked"));
    match locked.await {
        Err(error) if is_busy(&error) => Err(LoadError::InUse(path.display().to_string())),
        _ => Ok(()),
    }
}

/// What holds for each connection. No mmap: a corrupt or truncated file must be an error, not a signal.
fn options_of(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("mmap_size", "0")
        .pragma("trusted_schema", "0")
        .statement_cache_capacity(200)
}

fn writer_options(path: &Path) -> SqliteConnectOptions {
    options_of(path).pragma("cache_size", "-8192").pragma("wal_autocheckpoint", LOG_PAGES)
}

async fn check_library(connection: &mut SqliteConnection) -> Result<Result<(), OpenError>, sqlx::Error> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
    let parts: Vec<u32> = version.split('.').filter_map(|p| p.parse().ok()).collect();
    Ok(if parts.as_slice() >= [3, 51, 3].as_slice() { Ok(()) } else { Err(OpenError::OldLibrary(version)) })
}

/// An existing file must be ours and no newer than we are. Its schema is backed up before it is changed.
async fn check_schema(path: &Path, connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let not_ours = |_| OpenError::NotOurs(path.to_owned());
    let id: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await.map_err(not_ours)?;
    if id != APPLICATION_ID {
        return Err(OpenError::NotOurs(path.to_owned()));
    }
    let found: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await.map_err(not_ours)?;
    let known = latest();
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    if found < known {
        let backup = path.with_extension(format!("before-{known}.db"));
        sqlx::query("VACUUM INTO ?")
            .bind(backup.to_string_lossy().into_owned())
            .execute(connection)
            .await
            .map_err(|source| OpenError::Sqlite { path: backup, source })?;
    }
    Ok(())
}

/// A few random characters, made with the file: by them a post of an earlier installation in the same channels is told
/// from one of this.
async fn installation(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    sqlx::query!("INSERT OR IGNORE INTO meta (key, value) VALUES ('installation', lower(hex(randomblob(2))))")
        .execute(&mut *connection)
        .await?;
    sqlx::query_scalar!("SELECT value FROM meta WHERE key = 'installation'").fetch_one(connection).await
}

/// The number of the last migration.
pub(super) fn latest() -> i64 {
    MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0)
}

async fn stamp(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let pragmas = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}", latest());
    sqlx::raw_sql(sqlx::AssertSqlSafe(pragmas)).execute(connection).await?;
    Ok(())
}

/// A new database with the migrations before one of them.
#[cfg(test)]
pub(super) async fn older_than(version: i64, path: &Path) -> SqliteConnection {
    let options = writer_options(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("a new database");
    let older = MIGRATIONS.iter().filter(|migration| migration.version < version).cloned().collect();
    let older = sqlx::migrate::Migrator { migrations: older, ..sqlx::migrate::Migrator::DEFAULT };
    older.run(&mut connection).await.expect("the schema before it");
    connection
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::GuildId;

    /// A database as the first schema made it, with a workspace in it.
    async fn of_the_first_schema(path: &Path) {
        let mut writer = older_than(2, path).await;
        let settings = serde_json::to_string(&crate::domain::workspace::Settings::default()).unwrap();
        sqlx::query("INSERT INTO workspace (guild_id, state) VALUES (7, ?)")
            .bind(settings)
            .execute(&mut writer)
            .await
            .unwrap();
        let pragmas = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1");
        sqlx::raw_sql(sqlx::AssertSqlSafe(pragmas)).execute(&mut writer).await.unwrap();
        writer.close().await.unwrap();
    }

    #[tokio::test]
    async fn an_older_schema_is_backed_up_and_brought_up_to_date_with_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cosell.db");
        of_the_first_schema(&path).await;
        let store = open(&path).await.unwrap();
        assert!(path.with_extension(format!("before-{}.db", latest())).exists());
        let mut workspace = store.read(GuildId(7)).await.unwrap();
        assert_eq!(workspace.get_settings().await.unwrap(), crate::domain::workspace::Settings::default());
        assert_eq!(store.find_unfinished().await.unwrap(), [], "nothing was under way");
        assert_eq!(workspace.find_unindexed().await.unwrap(), None);
    }

    /// What stands in a database from before there were meetings: a log, and messages of which the last are gone.
    const BEFORE: &str = r#"
        INSERT INTO event (guild_id, interaction_id, sequence, subject_kind, subject_id, version, kind, actor, at, before, after, text)
        VALUES (7, 900, 0, 'deal', 1, 1, 'created', 3, 5, '{}', '{"stage":"prospect"}', 'a note'),
               (7, 901, 0, 'deal', 1, 2, 'won', 3, 6, '{"stage":"prospect"}', '{"stage":"launched"}', NULL);
        INSERT INTO outbox (guild_id, kind, about, channel_id, created_at, due_at, state, message_id)
        VALUES (7, 'agenda', '{"review":1}', 11, 1, 1, 'sent', 55), (7, 'digest', '{"members":[3]}', 12, 2, 2, 'waiting', NULL),
               (7, 'alert', '{}', 13, 3, 3, 'sent', 56);
        DELETE FROM outbox WHERE id = 3;"#;

    #[tokio::test]
    async fn the_log_and_the_messages_from_before_meetings_are_kept_with_all_that_guards_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut connection = older_than(5, &folder.path().join("old.db")).await;
        sqlx::raw_sql(BEFORE).execute(&mut connection).await.expect("rows");
        MIGRATIONS.run(&mut connection).await.expect("the schema with it");

        let events: Vec<(i64, String, Option<String>)> =
            sqlx::query_as("SELECT version, after, text FROM event INDEXED BY event_by_time WHERE guild_id = 7 AND subject_kind = 'deal' ORDER BY at")
                .fetch_all(&mut connection)
                .await
                .expect("the log");
        let note = Some("a note".to_owned());
        let kept = [(1, r#"{"stage":"prospect"}"#.to_owned(), note), (2, r#"{"stage":"launched"}"#.to_owned(), None)];
        assert_eq!(events, kept);
        for broken in ["DELETE FROM event", "UPDATE event SET actor = 4", "UPDATE event SET text = 'other'"] {
            let refused = sqlx::query(broken).execute(&mut connection).await.expect_err("the log only grows");
            assert!(refused.to_string().contains("append-only"), "{broken}: {refused}");
        }

        let messages: Vec<(i64, String, Option<i64>)> =
            sqlx::query_as("SELECT id, state, message_id FROM outbox ORDER BY id")
                .fetch_all(&mut connection)
                .await
                .expect("messages");
        assert_eq!(messages, [(1, "sent".to_owned(), Some(55)), (2, "waiting".to_owned(), None)]);
        let next = "INSERT INTO outbox (guild_id, kind, about, channel_id, created_at, due_at) VALUES (7, 'meeting', '{}', 11, 4, 4)";
        let next = sqlx::query(next).execute(&mut connection).await.expect("another message").last_insert_rowid();
        assert_eq!(next, 4, "Discord remembers the third as a nonce");
        let planned: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl IN ('event', 'outbox')")
            .fetch_one(&mut connection)
            .await
            .expect("the planner's figures");
        assert_eq!(planned, 8);
    }
}
