//! One process runs a database at a time. The system releases the lock with the process, however it ends.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::OpenError;

/// A database that is ours to run, until this is released or the process ends.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes it, in a file beside the database that stays there. It names the process that has it.
    pub(super) fn take(database: &Path) -> Result<Lock, OpenError> {
        let path = beside(database, ".lock");
        let unusable = |source| OpenError::Lock { path: path.clone(), source };
        let mut file =
            File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // Only for people: where it can't be read, they are told of the other process without its number.
                let _ = file.read_to_string(&mut process);
                return Err(OpenError::InUse { path: database.to_owned(), process: process.trim().parse().ok() });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let named =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        named.map_err(unusable)?;
        Ok(Lock(file))
    }

    /// Lets another process have it.
    pub(super) fn release(&self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the lock of the database was not released; it is when the process ends");
        }
    }
}

/// A file beside another one: its name with an ending more.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// The file that a path leads to, so that one database has one lock by whatever link it is named.
pub(super) fn followed(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_process_is_told_which_one_has_the_database() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("cosell.db");
        let lock = Lock::take(&database).expect("nobody has it");
        let refused = Lock::take(&database).expect_err("it is taken").to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        lock.release();
        Lock::take(&database).expect("it is free again");
    }
}
