//! Opening the file: what it must be, how SQLite is set up, and bringing its schema up to date.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::copy::{CopyError, copy};
use super::lock::{Lock, followed};
use super::readers::Readers;
use super::{Store, Writer};

/// Marks a file as ours ("cosl" in ASCII).
const APPLICATION_ID: i64 = 0x636f_736c;
pub(super) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
/// Half of the time in which Discord wants an answer.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Pages in the write-ahead log from which on a commit brings it into the file (40 MB): a page that many commits changed
/// is then written once, and only one answer in hundreds waits for it. The writer does it when idle as well.
const LOG_PAGES: &str = "10000";

/// Why the database was not opened. The file was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not there, where it must be.
    #[error("there is no database {0}; name it with --db")]
    Missing(PathBuf),
    /// It exists and is not ours.
    #[error("{0} is not a cosell database; name another file with COSELL_DB")]
    NotOurs(PathBuf),
    /// It exists and is empty, which an aborted copy leaves behind.
    #[error("{0} is empty; restore a backup, or remove the file to begin anew")]
    Empty(PathBuf),
    /// Its pages don't fit together.
    #[error("{0} is damaged. See how far with: cosell check; go back to a backup with: cosell restore")]
    Damaged(PathBuf),
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
    /// An earlier version of the bot wrote it, and it is only to be read.
    #[error("{0} was written by an earlier cosell. Start the bot once: it brings the file up to date, after a backup")]
    Older(PathBuf),
    /// Another process runs it.
    #[error("{path} is in use by another cosell{}. Stop it first", .process.map(|id| format!(" (process {id})")).unwrap_or_default())]
    InUse {
        /// The file.
        path: PathBuf,
        /// The other process, where it is known.
        process: Option<u32>,
    },
    /// The file beside it that keeps other processes out can't be used.
    #[error("{path} could not be made: {source}. The database's folder must be one that the bot may write to")]
    Lock {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It or its folder can't be written to.
    #[error(
        "{0} can't be written to. It, its folder and what stands beside it must belong to the user that runs the bot"
    )]
    ReadOnly(PathBuf),
    /// Another program writes to it.
    #[error("{0} is locked by another program. Close what has it open, such as a shell of SQLite")]
    Busy(PathBuf),
    /// The library has the WAL bug that 3.51.3 mended.
    #[error("SQLite {0} is too old; 3.51.3 or later is needed")]
    OldLibrary(String),
    /// The copy that is made before the schema is changed.
    #[error("the schema is not brought up to date, because there is no backup: {0}")]
    Backup(#[source] Box<CopyError>),
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

impl OpenError {
    /// What an error of SQLite means for a file that is being opened.
    fn of(path: &Path, source: sqlx::Error) -> OpenError {
        const BUSY: i64 = 5;
        const READ_ONLY: i64 = 8;
        const CORRUPT: i64 = 11;
        const NOT_A_DATABASE: i64 = 26;
        let path = path.to_owned();
        let code = source.as_database_error().and_then(|error| error.code()?.parse::<i64>().ok());
        // The low byte is the kind; the rest says more of it.
        match code.map(|code| code & 0xff) {
            Some(BUSY) => OpenError::Busy(path),
            Some(READ_ONLY) => OpenError::ReadOnly(path),
            Some(CORRUPT) => OpenError::Damaged(path),
            Some(NOT_A_DATABASE) => OpenError::NotOurs(path),
            _ => OpenError::Sqlite { path, source },
        }
    }
}

/// Opens a database to run it.
pub(super) async fn open(path: &Path) -> Result<Store, OpenError> {
    let path = &followed(path);
    let sqlite = |source| OpenError::of(path, source);
    let lock = Lock::take(path)?;
    let existed = check_size(path)?;
    let found = if existed { Some(look_at(path).await?) } else { None };
    let options = writer_options(path).create_if_missing(!existed);
    let mut writer = SqliteConnection::connect_with(&options).await.map_err(sqlite)?;
    check_library(&mut writer).await.map_err(sqlite)??;
    if let Some(found) = found.filter(|schema| *schema < latest()) {
        keep_before(path, &mut writer, found).await?;
    }
    MIGRATIONS.run(&mut writer).await.map_err(|source| OpenError::Migrate { path: path.to_owned(), source })?;
    stamp(&mut writer).await.map_err(sqlite)?;
    let tag = installation(&mut writer).await.map_err(sqlite)?;
    let readers = Readers::open(path).await.map_err(sqlite)?;
    Ok(Store {
        readers,
        writer: Writer::start(writer, options),
        tag: tag.into(),
        path: path.as_path().into(),
        lock: Some(Arc::new(lock)),
    })
}

/// Opens a database that another process may be running, to read it.
pub(super) async fn open_beside(path: &Path) -> Result<Store, OpenError> {
    let sqlite = |source| OpenError::of(path, source);
    if !check_size(path)? {
        return Err(OpenError::Missing(path.to_owned()));
    }
    if look_at(path).await? < latest() {
        return Err(OpenError::Older(path.to_owned()));
    }
    let readers = Readers::open(path).await.map_err(sqlite)?;
    let mut reader = readers.acquire().await.map_err(sqlite)?;
    let tag = tag(&mut reader).await.map_err(sqlite)?;
    drop(reader);
    Ok(Store { readers, writer: Writer::none(), tag: tag.into(), path: path.into(), lock: None })
}

/// Whether the file exists. One of length zero would open as a new database, so it is refused.
pub(super) fn check_size(path: &Path) -> Result<bool, OpenError> {
    match std::fs::metadata(path) {
        Ok(file) if file.len() == 0 => Err(OpenError::Empty(path.to_owned())),
        Ok(_) => Ok(true),
        Err(_) => Ok(false),
    }
}

/// Copies the database before its schema is changed, to a name that is free. A start that was cut short has made the copy
/// before its first change.
async fn keep_before(path: &Path, writer: &mut SqliteConnection, found: i64) -> Result<(), OpenError> {
    let reached: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
        .fetch_one(&mut *writer)
        .await
        .map_err(|source| OpenError::of(path, source))?;
    if reached.is_some_and(|reached| reached > found) {
        return Ok(());
    }
    let another = |n| path.with_extension(format!("before-{}-{n}.db", latest()));
    let names = std::iter::once(before(path)).chain((2..).map(another));
    for name in names {
        match copy(writer, &name, None).await {
            Ok(()) => return Ok(()),
            Err(CopyError::Exists(_)) => {}
            Err(error) => return Err(OpenError::Backup(Box::new(error))),
        }
    }
    Ok(())
}

/// The copy that is made before the schema of a file is changed.
pub(super) fn before(path: &Path) -> PathBuf {
    path.with_extension(format!("before-{}.db", latest()))
}

/// What holds for each connection. No mmap: a corrupt or truncated file must be an error, not a signal.
pub(super) fn options_of(path: &Path) -> SqliteConnectOptions {
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

/// The schema of an existing file, which must be ours and no newer than we are. Only reads: setting up a connection for
/// writing changes a file of any program that keeps its data in SQLite.
pub(super) async fn look_at(path: &Path) -> Result<i64, OpenError> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
    let read = async {
        let mut connection = options.connect().await?;
        let (id, schema): (i64, i64) = sqlx::query_as(
            "SELECT a.application_id, v.user_version FROM pragma_application_id a, pragma_user_version v",
        )
        .fetch_one(&mut connection)
        .await?;
        connection.close().await?;
        Ok((id, schema))
    };
    let (id, found) = read.await.map_err(|source| OpenError::of(path, source))?;
    let known = latest();
    match id {
        APPLICATION_ID if found <= known => Ok(found),
        APPLICATION_ID => Err(OpenError::Newer { path: path.to_owned(), found, known }),
        _ => Err(OpenError::NotOurs(path.to_owned())),
    }
}

/// A few random characters, made with the file: by them a post of an earlier installation in the same channels is told
/// from one of this.
async fn installation(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    sqlx::query!("INSERT OR IGNORE INTO meta (key, value) VALUES ('installation', lower(hex(randomblob(2))))")
        .execute(&mut *connection)
        .await?;
    tag(connection).await
}

async fn tag(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
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
