//! Putting a copy in the place of a database, and what its outbox needs for that: messages may have been sent since the
//! copy was made, of which it knows nothing.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::copy::{BACKED_UP_AT, CopyError, copy, give_name, look_through, own_like, remove, remove_database};
use super::lock::{Lock, beside, followed};
use super::open::before;
use super::{Store, instant, millis};
use crate::domain::Instant;
use crate::domain::outgoing::EVENT;
use crate::error::Failure;

/// Messages that are sent after a copy was made have ids that it would give again; Discord and the channels remember
/// them. More than any installation sends between two copies.
const IDS_SKIPPED: i64 = 1_000_000;
/// What is put beside a message that waited in an old copy.
const WAITED: &str = "it waited when the restored backup was made, and was most likely sent since";
/// What is put beside a dropped message.
const PRESUMED: &str = "due before the backup was restored, and so presumed sent";

/// Where a copy is prepared before it takes the place of a database.
pub fn restoring(database: &Path) -> PathBuf {
    beside(&followed(database), ".restoring")
}

/// A copy that is about to be put in the place of a database, which is locked meanwhile.
#[derive(Debug)]
pub struct Restoring {
    database: PathBuf,
    unfinished: PathBuf,
    _lock: Lock,
}

impl Restoring {
    /// Copies a backup, once it was looked through, to where it can be prepared. Refuses while another process runs the
    /// database. Nothing is changed yet.
    pub async fn begin(backup: &Path, database: &Path) -> Result<Restoring, CopyError> {
        look_through(backup).await?;
        let database = followed(database);
        let lock = Lock::take(&database)?;
        let restoring = Restoring { unfinished: restoring(&database), database, _lock: lock };
        // What is left of one that was cut short: its write-ahead log must not meet the file that takes its place.
        restoring.clear();
        let options = SqliteConnectOptions::new().filename(backup).read_only(true);
        let failed = |source| CopyError::Sqlite { path: restoring.unfinished.clone(), source };
        let mut from = options.connect().await.map_err(failed)?;
        copy(&mut from, &restoring.unfinished, None).await?;
        from.close().await.map_err(failed)?;
        Ok(restoring)
    }

    /// Where the copy is until it is prepared.
    pub fn path(&self) -> &Path {
        &self.unfinished
    }

    /// Puts the copy, which nobody has open any more, in its place. What was there is kept beside it: where.
    pub async fn finish(self, now: Instant) -> Result<Option<PathBuf>, CopyError> {
        look_through(&self.unfinished).await?;
        let stamp = now.format("%Y%m%dT%H%M%SZ");
        let names = (1..).map(|n| match n {
            1 => format!("replaced-{stamp}.db"),
            n => format!("replaced-{stamp}-{n}.db"),
        });
        let mut free = names.map(|name| self.database.with_extension(name)).filter(|path| !path.exists());
        let kept = free.next().filter(|_| self.database.exists());
        own_like(&self.unfinished, &self.database);
        own_like(&beside(&self.database, ".lock"), &self.database);
        if let Some(kept) = &kept {
            keep(&self.database, kept).await.map_err(|source| CopyError::File { path: kept.clone(), source })?;
        }
        give_name(&self.unfinished, &self.database)?;
        Ok(kept)
    }

    /// Removes the copy and all that stands beside it.
    fn clear(&self) {
        remove_database(&self.unfinished);
        remove(&beside(&self.unfinished, ".lock"));
        // The copy may have been brought up to date, which leaves one of how it was: that is the backup itself.
        remove(&before(&self.unfinished));
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Gives a database, damaged as it may be, a second name. Its write-ahead log must not meet the file that takes its
/// place: it is brought in, or goes with it.
async fn keep(database: &Path, kept: &Path) -> std::io::Result<()> {
    let brought_in = async {
        let mut connection = SqliteConnectOptions::new().filename(database).connect().await?;
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
        connection.close().await
    };
    if let Err(error) = brought_in.await {
        tracing::warn!(%error, "the write-ahead log of the replaced database could not be brought into it");
    }
    for ending in ["-wal", "-shm"] {
        let log = beside(database, ending);
        if log.exists() {
            std::fs::rename(&log, beside(kept, ending))?;
        }
    }
    std::fs::hard_link(database, kept).or_else(|_| std::fs::copy(database, kept).map(drop))
}

impl Store {
    /// Up to when this database knows what happened: when it was copied, or else the last that it recorded. `None` when
    /// that is nothing.
    pub async fn known_until(&self) -> Result<Option<Instant>, Failure> {
        let mut reader = self.reader().await?;
        let copied = sqlx::query_scalar!("SELECT value FROM meta WHERE key = ?", BACKED_UP_AT)
            .fetch_optional(&mut *reader)
            .await?;
        let last = sqlx::query_scalar!(
            r#"SELECT MAX(at) AS "at: i64" FROM (
                 SELECT MAX(at) AS at FROM event UNION ALL SELECT MAX(MAX(created_at, COALESCE(finished_at, 0))) FROM outbox)"#
        )
        .fetch_one(&mut *reader)
        .await?;
        let copied = copied.and_then(|millis| millis.parse().ok());
        copied.max(last).map(instant).transpose()
    }

    /// Takes up what waits to be sent in a copy that knows what happened until an instant. What is due by now may have
    /// been sent: it is looked for in its channel before it is sent.
    pub async fn look_before_sending(&self, known_until: Instant, now: Instant) -> Result<(), Failure> {
        let (known, now) = (millis(known_until), millis(now));
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query!(
                    r#"UPDATE outbox SET state = 'waiting', leased_until = NULL, due_at = MAX(due_at, ? + 1),
                              first_sent_at = IIF(due_at <= ?, COALESCE(first_sent_at, ?), first_sent_at)
                       WHERE state IN ('waiting', 'claimed')"#,
                    now,
                    now,
                    known
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Gives up what waits in a copy and is due by now: it was most likely sent since. Doctor shows it.
    pub async fn presume_waiting_sent(&self, now: Instant) -> Result<(), Failure> {
        let now = millis(now);
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query!(
                    r#"UPDATE outbox SET state = 'parked', leased_until = NULL, finished_at = ?, reason = ?
                       WHERE state IN ('waiting', 'claimed') AND due_at <= ? AND kind <> ?"#,
                    now,
                    WAITED,
                    now,
                    EVENT
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Marks the messages that are due by an instant as sent by a history that is lost. What is kept in step, Discord's
    /// scheduled events, is put off until `now`.
    pub async fn presume_sent(&self, due: Instant, now: Instant) -> Result<u64, Failure> {
        let (due, now) = (millis(due), millis(now));
        self.write(move |connection| {
            Box::pin(async move {
                let dropped = sqlx::query!(
                    r#"UPDATE outbox SET due_at = ? + 1
                       WHERE state IN ('waiting', 'claimed') AND due_at <= ? AND kind = ?;
                       UPDATE outbox SET state = 'dropped', leased_until = NULL, finished_at = ?, reason = ?
                       WHERE state IN ('waiting', 'claimed') AND due_at <= ?"#,
                    now,
                    due,
                    EVENT,
                    due,
                    PRESUMED,
                    due
                )
                .execute(connection)
                .await?;
                Ok(dropped.rows_affected())
            })
        })
        .await
    }

    /// Leaves out the ids that messages of the lost history had.
    pub async fn skip_message_ids(&self) -> Result<(), Failure> {
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO sqlite_sequence (name, seq)
                     SELECT 'outbox', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'outbox')",
                )
                .execute(&mut *connection)
                .await?;
                sqlx::query("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'outbox'")
                    .bind(IDS_SKIPPED)
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
