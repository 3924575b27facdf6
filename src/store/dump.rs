//! Everything of one workspace as a file, and back: the rows of every table that leads with its guild_id, in the order of
//! their keys, so that what was read back and written again is the same file.
//!
//! Left out is what follows from the rest (look-ups), and what is nobody's but its typist's for a day (drafts). Messages
//! are kept without their words, numbered from 1; one that was not sent yet is written as dropped: the installation that
//! the file is of sends it, and another one that reads the file must not send it a second time.

mod csv;
mod error;
mod json;
mod load;
mod read;
mod shape;

use std::io::{self, Seek, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use self::csv::{CsvSink, Files, Folder, Zip};
pub use self::error::LoadError;
pub use self::json::JsonSink;
pub use self::load::load;
pub use self::read::{Item, Source, Taken};
pub use self::shape::{Cell, Column, Kind, Shape};

use crate::domain::id::GuildId;
use crate::error::Failure;
use crate::store::Store;
use crate::store::workspace::Workspace;
use sqlx::Connection;

/// The form of the files. One of another form is refused.
pub const FORM: i64 = 1;

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The form of the file.
    pub form: i64,
    /// The schema that its rows are of.
    pub schema: i64,
    /// The workspace.
    pub guild: GuildId,
}

/// Where the rows go. Each table begins with its shape, and its rows follow.
pub trait Sink {
    /// Begins the file.
    fn begin(&mut self, head: Head) -> io::Result<()>;
    /// Begins a table.
    fn table(&mut self, shape: &Shape) -> io::Result<()>;
    /// Writes a row of it.
    fn row(&mut self, cells: &[Cell]) -> io::Result<()>;
    /// Ends the file.
    fn finish(&mut self) -> io::Result<()>;
}

/// How much was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dumped {
    /// Rows over all tables.
    pub rows: u64,
    /// Messages that were not sent yet.
    pub unsent: u64,
}

impl Store {
    /// Writes everything of a workspace, as it stands at one moment. `None` when there is nothing of it.
    pub async fn dump(&self, guild: GuildId, sink: &mut (dyn Sink + Send)) -> Result<Option<Dumped>, Failure> {
        let mut reader = self.reader().await?;
        // One transaction, so that a write in between is in all of the tables or in none.
        let mut snapshot = reader.begin().await?;
        let mut workspace = Workspace::writing(guild, &mut snapshot);
        if !workspace.is_known().await? {
            return Ok(None);
        }
        let head = Head { form: FORM, schema: super::open::latest(), guild };
        let dumped = workspace.dump(head, sink).await?;
        snapshot.rollback().await?;
        Ok(Some(dumped))
    }
}

/// A writer that gives up at a limit.
#[derive(Debug)]
pub struct Capped<W> {
    inner: W,
    left: usize,
    full: Full,
}

/// Whether a [`Capped`] gave up.
#[derive(Debug, Clone, Default)]
pub struct Full(Arc<AtomicBool>);

impl Full {
    /// Whether it did.
    pub fn is_reached(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<W> Capped<W> {
    /// A writer of at most `limit` bytes.
    pub fn new(inner: W, limit: usize) -> Capped<W> {
        Capped { inner, left: limit, full: Full::default() }
    }

    /// What says whether it gave up.
    pub fn full(&self) -> Full {
        self.full.clone()
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.inner
    }
}

impl<W: Write> Write for Capped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(left) = self.left.checked_sub(bytes.len()) else {
            self.full.0.store(true, Ordering::Relaxed);
            return Err(io::Error::other("the file is too big"));
        };
        self.left = left;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Seek> Seek for Capped<W> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grows_too_big_is_given_up() {
        let mut capped = Capped::new(io::Cursor::new(Vec::new()), 10);
        let full = capped.full();
        assert!(capped.write_all(b"0123456789").is_ok() && !full.is_reached());
        assert!(capped.write_all(b"x").is_err() && full.is_reached());
        assert_eq!(capped.into_inner().into_inner().len(), 10);
    }
}
