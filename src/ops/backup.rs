//! Daily backups: one a day while the bot runs, the latest few kept. Each is a database of its own, looked through
//! before it got its name.

use std::fs::{create_dir_all, read_dir, remove_file};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use chrono::NaiveDateTime;

use crate::app::App;
use crate::config::Backups;
use crate::domain::Instant;

/// How often to look whether one is due.
const LOOK: Duration = Duration::from_secs(60);
const DAY: chrono::Duration = chrono::Duration::days(1);
/// How the instant of a backup stands in its name, UTC.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// A backup in the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    at: Instant,
    path: PathBuf,
}

/// Where a backup of a database that is made at an instant goes. Several may have the name of the file, and no two the tag.
pub fn place(folder: &Path, database: &Path, tag: &str, at: Instant) -> PathBuf {
    folder.join(format!("{}{}.db", beginning(database, tag), at.format(STAMP)))
}

/// Makes a backup whenever the latest is a day old. One that fails is tried again at the next look.
pub async fn keep_daily(app: App, database: PathBuf, backups: Backups) {
    metrics::describe_gauge!("cosell_last_backup_timestamp_seconds", "When the latest daily backup was made");
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = back_up_if_due(&app, &database, &backups).await {
            metrics::counter!("cosell_backups_failed_total").increment(1);
            tracing::error!(error = %format!("{error:#}"), "there is no backup of today");
        }
    }
}

/// Makes a backup unless the latest is younger than a day, and removes those that are too many.
pub async fn back_up_if_due(app: &App, database: &Path, backups: &Backups) -> anyhow::Result<()> {
    let now = app.now();
    let folder = &backups.folder;
    create_dir_all(folder).with_context(|| {
        format!("{} can't be made; let the bot write there, or name another folder in COSELL_BACKUPS", folder.display())
    })?;
    let tag = app.store.tag();
    let mut kept = find(folder, database, tag)?;
    if let Some(ahead) = kept.iter().find(|kept| kept.at > now) {
        tracing::warn!(path = %ahead.path.display(), "a backup is of a time that is still to come; it is not counted");
    }
    kept.retain(|kept| kept.at <= now);
    if kept.last().is_none_or(|latest| now - latest.at >= DAY) {
        let path = place(folder, database, tag, now);
        app.store.back_up(&path, now).await?;
        tracing::info!(path = %path.display(), "backed up");
        kept.push(Kept { at: now, path });
    }
    if let Some(latest) = kept.last() {
        metrics::gauge!("cosell_last_backup_timestamp_seconds").set(latest.at.timestamp() as f64);
    }
    let too_many = kept.len().saturating_sub(backups.kept);
    for old in kept.drain(..too_many) {
        remove_file(&old.path).with_context(|| format!("{} can't be removed", old.path.display()))?;
    }
    for old in cut_short(folder, database, tag, now)? {
        remove_file(&old).with_context(|| format!("{} can't be removed", old.display()))?;
    }
    Ok(())
}

/// What backups that were cut short left behind. One of the last day may still be on its way.
fn cut_short(folder: &Path, database: &Path, tag: &str, now: Instant) -> io::Result<Vec<PathBuf>> {
    let begins = beginning(database, tag);
    let mut left = Vec::new();
    for entry in read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stamp = name.strip_prefix(&begins).and_then(|rest| rest.split_once(".db.unfinished"));
        if stamp.and_then(|(stamp, _)| stamped(stamp)).is_some_and(|at| now - at >= DAY) {
            left.push(path);
        }
    }
    Ok(left)
}

/// The backups of a database in a folder, the oldest first. What has another name is none of ours.
fn find(folder: &Path, database: &Path, tag: &str) -> io::Result<Vec<Kept>> {
    let begins = beginning(database, tag);
    let mut kept = Vec::new();
    for entry in read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stamp = name.strip_prefix(&begins).and_then(|rest| rest.strip_suffix(".db"));
        if let Some(at) = stamp.and_then(stamped) {
            kept.push(Kept { at, path });
        }
    }
    kept.sort();
    Ok(kept)
}

fn stamped(stamp: &str) -> Option<Instant> {
    NaiveDateTime::parse_from_str(stamp, STAMP).ok().map(|at| at.and_utc())
}

fn beginning(database: &Path, tag: &str) -> String {
    format!("{}-{tag}-", database.file_stem().unwrap_or_default().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::Bench;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn one_is_made_a_day_and_only_the_latest_are_kept() {
        let bench = Bench::new().await;
        let folder = tempfile::tempdir().expect("a folder");
        let backups = Backups { folder: folder.path().join("backups"), kept: 2 };
        let database = Path::new("data/cosell.db");
        std::fs::create_dir(&backups.folder).expect("a folder");
        // Those of other databases, of the same name too, and one that a wrong clock made.
        let ahead = format!("cosell-{}-20991101T000000Z.db", bench.app.store.tag());
        let others = ["notes.txt", "cosell-lately.db", "cosell-zzzz-20261101T000000Z.db", &ahead];
        for other in others {
            std::fs::write(backups.folder.join(other), "kept").expect("written");
        }
        for at in ["2026-12-18T09:00:00Z", "2026-12-19T08:59:00Z", "2026-12-19T09:00:00Z", "2026-12-20T11:00:00Z"] {
            bench.now_is(at);
            back_up_if_due(&bench.app, database, &backups).await.expect("backed up");
        }
        let tag = bench.app.store.tag();
        let mut expected = ["20261219T090000Z", "20261220T110000Z"].map(|at| format!("cosell-{tag}-{at}.db")).to_vec();
        expected.extend(others.map(str::to_owned));
        expected.sort();
        assert_eq!(names(&backups.folder), expected);
    }

    #[tokio::test]
    async fn what_one_that_was_cut_short_left_is_removed_a_day_later() {
        let bench = Bench::new().await;
        let folder = tempfile::tempdir().expect("a folder");
        let backups = Backups { folder: folder.path().join("backups"), kept: 1 };
        std::fs::create_dir(&backups.folder).expect("a folder");
        let tag = bench.app.store.tag();
        let old = ["db.unfinished", "db.unfinished-journal"].map(|end| format!("cosell-{tag}-20261217T000000Z.{end}"));
        let kept = [format!("cosell-{tag}-20261217T120000Z.db.unfinished"), "mine.db.unfinished".to_owned()];
        for name in old.iter().chain(&kept) {
            std::fs::write(backups.folder.join(name), "half of it").expect("written");
        }
        bench.now_is("2026-12-18T09:00:00Z");
        back_up_if_due(&bench.app, Path::new("cosell.db"), &backups).await.expect("backed up");
        let mut expected = [format!("cosell-{tag}-20261218T090000Z.db")].to_vec();
        expected.extend(kept);
        expected.sort();
        assert_eq!(names(&backups.folder), expected);
    }

    #[tokio::test]
    async fn one_that_can_not_be_made_leaves_the_others() {
        let bench = Bench::new().await;
        let folder = tempfile::tempdir().expect("a folder");
        let backups = Backups { folder: folder.path().join("backups"), kept: 1 };
        std::fs::create_dir(&backups.folder).expect("a folder");
        let old = backups.folder.join(format!("cosell-{}-20261201T000000Z.db", bench.app.store.tag()));
        std::fs::write(&old, "an older one").expect("written");
        let now = bench.now_is("2026-12-18T09:00:00Z");
        // A folder stands where the copy would be written.
        let unfinished =
            place(&backups.folder, Path::new("cosell.db"), bench.app.store.tag(), now).with_extension("db.unfinished");
        std::fs::create_dir_all(unfinished.join("in the way")).expect("a folder");
        back_up_if_due(&bench.app, Path::new("cosell.db"), &backups).await.expect_err("it can't be made");
        assert!(old.exists());
    }
}
