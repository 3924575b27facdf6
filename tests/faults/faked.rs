//! A clock that a test sets, for a process and its stand-in alike: libfaketime answers the process's questions for the
//! time with the system's and a distance that stands in a file. Monotonic time goes on as it is. Without the library the
//! clock is the system's, and can't be set.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{Duration, Utc};
use cosell::domain::Instant;

use super::support::say_once;

const LIBRARY: &str = "faketime/libfaketime.so.1";
const SKIPPED: &str =
    "SKIPPED: nothing that takes a process to another time is tried, because libfaketime is not installed";

/// The clock.
#[derive(Clone)]
pub struct Faked {
    library: PathBuf,
    file: PathBuf,
    /// Milliseconds from the system's time to this clock's.
    ahead: Arc<AtomicI64>,
}

impl Faked {
    /// A clock at an instant, for processes with a database in a folder; `None`, and said once, without the library.
    pub fn at(start: Instant, folder: &Path) -> Option<Faked> {
        static SAID: OnceLock<()> = OnceLock::new();
        let Some(library) = library() else {
            say_once(&SAID, SKIPPED);
            return None;
        };
        let faked = Faked { library, file: folder.join("time"), ahead: Arc::default() };
        faked.set(start);
        Some(faked)
    }

    /// The time.
    pub fn now(&self) -> Instant {
        Utc::now() + Duration::milliseconds(self.ahead.load(Ordering::SeqCst))
    }

    /// The same, for the stand-in.
    pub fn source(&self) -> Arc<dyn Fn() -> Instant + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// Makes it another time, at once.
    pub fn set(&self, to: Instant) {
        let ahead = (to - Utc::now()).num_milliseconds();
        let sign = if ahead < 0 { '-' } else { '+' };
        let part = self.file.with_extension("part");
        let (seconds, rest) = (ahead.abs() / 1_000, ahead.abs() % 1_000);
        std::fs::write(&part, format!("{sign}{seconds}.{rest:03}\n")).unwrap();
        // Whoever reads it meanwhile finds the old one or the new one.
        std::fs::rename(&part, &self.file).unwrap();
        self.ahead.store(ahead, Ordering::SeqCst);
    }

    /// Lets time pass at once.
    pub fn pass(&self, span: Duration) {
        self.set(self.now() + span);
    }

    /// What a process's environment needs.
    pub fn settings(&self) -> [(&'static str, &str); 4] {
        [
            ("LD_PRELOAD", self.library.to_str().unwrap()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.to_str().unwrap()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ]
    }

    /// Removes what the library leaves behind when its process is killed.
    pub fn sweep(&self, process: u32) {
        for name in [format!("faketime_shm_{process}"), format!("sem.faketime_sem_{process}")] {
            let _ = std::fs::remove_file(Path::new("/dev/shm").join(name));
        }
    }
}

/// Where Debian and others put it: beside the machine's libraries, by its kind or not.
fn library() -> Option<PathBuf> {
    let roots = [Path::new("/usr/lib"), Path::new("/usr/lib64"), Path::new("/usr/local/lib")];
    let below = roots.iter().flat_map(|root| std::fs::read_dir(root).into_iter().flatten().flatten());
    let places = roots.iter().map(|root| root.to_path_buf()).chain(below.map(|entry| entry.path()));
    places.map(|place| place.join(LIBRARY)).find(|path| path.exists())
}
