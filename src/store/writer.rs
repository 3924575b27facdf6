//! The one task that writes. It takes whatever waits, never waiting for more, and commits it together.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::{Context, anyhow};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tracing::{Instrument, Span};

use super::open::BUSY_TIMEOUT;
use crate::error::Failure;

/// At most this many jobs share a commit.
const BATCH: usize = 64;
/// How many jobs may wait; beyond, the asker waits to hand its job in.
const QUEUE: usize = 1_024;
/// Nothing to write for so long: the write-ahead log is brought into the file. Under load SQLite does that by itself, once
/// in many commits (see `open`).
const IDLE: Duration = Duration::from_secs(2);

/// The way to the writing task.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Message>,
}

enum Message {
    Job(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// A job with its type forgotten. `attempt` may be called again after a rollback; `settle` answers the asker.
trait Job: Send {
    fn attempt<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, Result<(), anyhow::Error>>;
    fn settle(self: Box<Self>, commit: Result<(), anyhow::Error>);
}

struct Typed<T, F> {
    run: F,
    outcome: Option<Result<T, Failure>>,
    asker: oneshot::Sender<Result<T, Failure>>,
    /// The asker's, so that what is logged of the job says for whom: a span doesn't follow to another task by itself.
    span: Span,
}

impl<T, F> Job for Typed<T, F>
where
    T: Send,
    F: for<'c> FnMut(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Failure>> + Send,
{
    fn attempt<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, Result<(), anyhow::Error>> {
        Box::pin(async move {
            // A panic in one job must not take the writer, and so everybody's writes, with it.
            let run = AssertUnwindSafe((self.run)(connection)).catch_unwind().instrument(self.span.clone());
            let outcome = match run.await {
                Ok(Err(Failure::Internal(error))) => return Err(error),
                Ok(outcome) => outcome,
                Err(_) => return Err(anyhow!("a write panicked; the log has where")),
            };
            self.outcome = Some(outcome);
            Ok(())
        })
    }

    fn settle(self: Box<Self>, commit: Result<(), anyhow::Error>) {
        if let (Ok(()), Some(Ok(_)), false) = (&commit, &self.outcome, self.span.is_none()) {
            self.span.in_scope(|| tracing::debug!("committed"));
        }
        let answer = match (commit, self.outcome) {
            (Err(error), _) => Err(Failure::Internal(error)),
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(Failure::Internal(anyhow!("a job was settled before it ran"))),
        };
        // The asker may have gone; what was committed stays committed.
        let _ = self.asker.send(answer);
    }
}

impl Writer {
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> Writer {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(connection, options, waiting));
        Writer { jobs }
    }

    /// One that takes nothing.
    pub(super) fn none() -> Writer {
        Writer { jobs: mpsc::channel(1).0 }
    }

    pub(super) async fn run<T, F>(&self, run: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: for<'c> FnMut(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Failure>> + Send + 'static,
    {
        let (asker, answer) = oneshot::channel();
        let job = Box::new(Typed { run, outcome: None, asker, span: Span::current() });
        self.jobs.send(Message::Job(job)).await.map_err(|_| anyhow!("the database is closed"))?;
        answer.await.context("the database was closed before the write")?
    }

    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.jobs.send(Message::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }
}

async fn write_all(
    mut connection: SqliteConnection,
    options: SqliteConnectOptions,
    mut waiting: mpsc::Receiver<Message>,
) {
    let mut messages = Vec::with_capacity(BATCH);
    let mut is_logged = true;
    loop {
        let received = waiting.recv_many(&mut messages, BATCH);
        let received = match is_logged {
            true => tokio::time::timeout(IDLE, received).await,
            false => Ok(received.await),
        };
        match received {
            Ok(0) => return,
            Ok(_) => is_logged = true,
            Err(_) => {
                empty_log(&mut connection).await;
                is_logged = false;
                continue;
            }
        }
        let mut batch = Vec::with_capacity(messages.len());
        let mut closing = None;
        for message in messages.drain(..) {
            match message {
                Message::Job(job) => batch.push(job),
                Message::Close(done) => closing = Some(done),
            }
        }
        connection = write_batch(connection, &options, batch).await;
        if let Some(done) = closing {
            let _ = connection.close().await;
            let _ = done.send(());
            return;
        }
    }
}

/// Brings the write-ahead log into the file and empties it, unless somebody reads what is in it: then the next time.
async fn empty_log(connection: &mut SqliteConnection) {
    let emptied =
        sqlx::raw_sql("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await;
    if let Err(error) = emptied {
        tracing::debug!(%error, "the write-ahead log was not emptied");
    }
    let patience = format!("PRAGMA busy_timeout = {}", BUSY_TIMEOUT.as_millis());
    if let Err(error) = sqlx::raw_sql(sqlx::AssertSqlSafe(patience)).execute(connection).await {
        tracing::warn!(%error, "the time-out of a busy database was not set");
    }
}

/// Commits a batch together; if anything fails, reopens the connection and commits each job alone, so that one bad job
/// or a full disk costs nobody else their work.
async fn write_batch(
    mut connection: SqliteConnection,
    options: &SqliteConnectOptions,
    mut batch: Vec<Box<dyn Job>>,
) -> SqliteConnection {
    let Err(error) = commit_together(&mut connection, &mut batch).await else {
        batch.into_iter().for_each(|job| job.settle(Ok(())));
        return connection;
    };
    if batch.len() > 1 {
        tracing::warn!(error = %format!("{error:#}"), jobs = batch.len(), "a batch was rolled back; its jobs run again one by one");
    }
    let alone = batch.len() == 1;
    connection = reopen(connection, options).await;
    if alone {
        batch.into_iter().for_each(|job| job.settle(Err(anyhow!("{error:#}"))));
        return connection;
    }
    for job in batch {
        let mut one = vec![job];
        let result = commit_together(&mut connection, &mut one).await;
        if result.is_err() {
            connection = reopen(connection, options).await;
        }
        let settled = result.map_err(|error| anyhow!("{error:#}"));
        if let Some(job) = one.pop() {
            job.settle(settled);
        }
    }
    connection
}

async fn commit_together(connection: &mut SqliteConnection, batch: &mut [Box<dyn Job>]) -> Result<(), anyhow::Error> {
    // Immediate: a transaction that begins by reading and then writes would fail at once with BUSY.
    let mut transaction =
        connection.begin_with("BEGIN IMMEDIATE").await.context("the database is busy or not writable")?;
    for job in batch {
        job.attempt(&mut transaction).await?;
    }
    transaction.commit().await.context("the commit failed")
}

/// After a failure SQLite may have rolled back by itself, so nothing of the old connection is trusted.
async fn reopen(old: SqliteConnection, options: &SqliteConnectOptions) -> SqliteConnection {
    match SqliteConnection::connect_with(options).await {
        Ok(new) => {
            let _ = old.close().await;
            new
        }
        Err(error) => {
            tracing::error!(%error, "the database could not be opened again; the old connection is kept");
            old
        }
    }
}
