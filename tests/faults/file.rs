//! The database's file and its disk: the bot says what is wrong and what to do, never says that something is saved when
//! it isn't, leaves a file that it can't use as it is, and goes on once the cause is gone.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use cosell::sandbox::{Person, Reply, Sandbox, World};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;

use super::seed::{chance, rounds};
use super::support::process::{Running, cosell, ends, stand_in};
use super::support::{Stage, say_once};

/// What the program says of a database that it does not open, and its exit code.
async fn refusal(sandbox: &Sandbox, database: &Path) -> (Option<i32>, String) {
    let mut run = cosell(database.parent().unwrap());
    run.env("DISCORD_API_URL", sandbox.url()).env("DISCORD_TOKEN", sandbox.token()).env("COSELL_DB", database);
    ends(&mut run).await
}

async fn connect(database: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(database).create_if_missing(true).connect().await.unwrap()
}

async fn execute(database: &Path, sql: &str) {
    let mut connection = connect(database).await;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The database of a bot that was stopped in order, with a workspace and a partner in it.
async fn database() -> (TempDir, PathBuf) {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:120k").await;
    stage.bot.stop().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cosell.db");
    std::fs::copy(stage.database(), &path).unwrap();
    (folder, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_something_else_is_refused_and_left_as_it_is() {
    let mut chance = chance("a file of something else");
    let sandbox = stand_in(World::seeded()).await;
    for _ in 0..rounds(4) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("cosell.db");
        let mut bytes = vec![0; chance.usize(1..20_000)];
        chance.fill(&mut bytes);
        std::fs::write(&path, &bytes).unwrap();
        let (code, said) = refusal(&sandbox, &path).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("is not a cosell database; name another file with COSELL_DB"), "{said}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_program_of_a_later_version_or_of_length_zero_is_refused_and_left_as_it_is() {
    let sandbox = stand_in(World::seeded()).await;
    let (folder, later) = database().await;
    execute(&later, "PRAGMA user_version = 9000").await;
    let other = folder.path().join("other.db");
    execute(&other, "CREATE TABLE song (name TEXT); INSERT INTO song VALUES ('Abba')").await;
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    for (path, why) in [
        (later, "was written by a later cosell (schema 9000, this one knows"),
        (other, "is not a cosell database; name another file with COSELL_DB"),
        (empty, "is empty; restore a backup, or remove the file to begin anew"),
    ] {
        let before = std::fs::read(&path).unwrap();
        let (code, said) = refusal(&sandbox, &path).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(why), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(std::fs::read(&path).unwrap() == before, "{} was changed", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_can_not_be_written_to_is_named() {
    let sandbox = stand_in(World::seeded()).await;
    let folder = TempDir::new().unwrap();
    // Root may write to any folder; a file in its place is refused to everybody.
    std::fs::write(folder.path().join("data"), "").unwrap();
    let mut run = cosell(folder.path());
    run.env("DISCORD_API_URL", sandbox.url()).env("DISCORD_TOKEN", sandbox.token()).env("COSELL_DB", "data/cosell.db");
    let (code, said) = ends(&mut run).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("COSELL_DB names data/cosell.db") && said.contains("that the bot may write to"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_read_only_is_named_and_left_as_it_is() {
    let Some(disk) = SmallDisk::mount() else { return };
    let (_folder, whole) = database().await;
    let path = disk.0.path().join("cosell.db");
    std::fs::copy(&whole, &path).unwrap();
    disk.remount("ro");
    let sandbox = stand_in(World::seeded()).await;
    let (code, said) = refusal(&sandbox, &path).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cosell.db.lock") && said.contains("must be one that the bot may write to"), "{said}");
    disk.remount("rw");
    let running = Running::start(&sandbox, &path, &[("COSELL_BACKUPS", "off")]).await;
    assert!(running.stop().await.success(), "it runs once the cause is gone");
}

/// Damage at random places: what is broken is named, with what to do, and the file is left as it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_page_is_told_with_what_to_do() {
    const PAGE: usize = 4096;
    let mut chance = chance("a corrupt page");
    let (_folder, whole) = database().await;
    let bytes = std::fs::read(&whole).unwrap();
    let mut found = 0;
    for _ in 0..rounds(6) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("cosell.db");
        let mut broken = bytes.clone();
        // Not the first page, by which a file is known as a database: that is another test.
        let at = chance.usize(1..bytes.len() / PAGE) * PAGE;
        chance.fill(&mut broken[at..at + PAGE]);
        std::fs::write(&path, &broken).unwrap();
        let (code, said) = ends(cosell(folder.path()).arg("check")).await;
        assert!(matches!(code, Some(0 | 1)) && !said.contains("panicked"), "{said}");
        assert!(code == Some(0) || said.contains("cosell restore"), "{said}");
        found += usize::from(code == Some(1));
        assert!(std::fs::read(&path).unwrap() == broken, "check only reads");
    }
    eprintln!("a corrupt page: found in {found} of {} files", rounds(6));
    assert!(found > 0, "a page in use is seen to be broken");
}

/// A bot on a file with a broken page: it doesn't start and leaves the file, or it runs on what is whole; what meets the
/// broken page is told to nobody as saved, the log says what to do, and a backup takes the file's place.
#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_meets_a_corrupt_page_says_nothing_is_saved_and_what_to_do() {
    const PAGE: usize = 4096;
    let (_folder, whole) = database().await;
    let bytes = std::fs::read(&whole).unwrap();
    // Where deals and the log are kept: the pages that each command needs.
    let mut connection = connect(&whole).await;
    let roots: Vec<i64> = sqlx::query_scalar("SELECT rootpage FROM sqlite_master WHERE name IN ('deal', 'event')")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    assert_eq!(roots.len(), 2);
    let mut chance = chance("a bot on a corrupt page");
    for root in roots {
        let (folder, sandbox) = (TempDir::new().unwrap(), stand_in(World::seeded()).await);
        let path = folder.path().join("cosell.db");
        std::fs::write(folder.path().join("backup.db"), &bytes).unwrap();
        let mut broken = bytes.clone();
        let at = (usize::try_from(root).unwrap() - 1) * PAGE;
        chance.fill(&mut broken[at..at + PAGE]);
        std::fs::write(&path, &broken).unwrap();
        let running = Running::start(&sandbox, &path, &[("COSELL_BACKUPS", "off")]).await;
        let said = attempt(&sandbox.person("rita"), "/deal update deal:D-1 note:They called").await;
        assert!(said.contains("nothing was changed") && !said.contains("Saved"), "{said}");
        running.says("the database is damaged; see how far with: cosell check").await;
        assert!(running.stop().await.success());
        let (code, said) = ends(cosell(folder.path()).args(["restore", "backup.db"])).await;
        assert_eq!(code, Some(0), "{said}");
        let running = Running::start(&sandbox, &path, &[("COSELL_BACKUPS", "off")]).await;
        let said = attempt(&sandbox.person("rita"), "/deal update deal:D-1 note:They called").await;
        assert!(said.contains("Saved"), "{said}");
        assert!(running.stop().await.success());
    }
}

/// Types a command to a bot of which it is not known whether it can save.
async fn attempt(person: &Person, command: &str) -> String {
    match person.slash(command).await {
        Reply::Message(shown) => shown.text(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_holds_the_write_lock_nothing_is_said_to_be_saved() {
    let stage = Stage::ready().await;
    let mut other = connect(&stage.database()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let rita = stage.sandbox.person("rita");
    let said = attempt(&rita, "/deal new account:Globex partner:Initech source:undecided").await;
    assert!(!said.contains("Saved") && said.contains("nothing was changed"), "{said}");
    let shown = stage.says("rita", "/deal list").await.text();
    assert!(!shown.contains("Globex"), "look-ups go on: {shown}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let said = attempt(&rita, "/deal new account:Globex partner:Initech source:undecided").await;
    assert!(said.contains("Saved as D-1"), "{said}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_the_bot_goes_on_when_there_is_space_again() {
    let Some(disk) = SmallDisk::mount() else { return };
    let (_folder, whole) = database().await;
    let path = disk.0.path().join("cosell.db");
    std::fs::copy(&whole, &path).unwrap();
    let sandbox = stand_in(World::seeded()).await;
    let running = Running::start(&sandbox, &path, &[("COSELL_BACKUPS", "off")]).await;
    disk.fill();
    let rita = sandbox.person("rita");
    let mut saved = Vec::new();
    let mut refused = 0;
    for n in 0..rounds(4) * 25 {
        let said = attempt(&rita, &format!("/deal update deal:D-1 note:Note {n} {}", "x".repeat(900))).await;
        match said.contains("Saved") || said.contains("Noted") {
            true => saved.push(n),
            false => refused += 1,
        }
    }
    eprintln!("a full disk: {} saved, {refused} not", saved.len());
    assert!(refused > 0, "the disk is full");
    disk.clear();
    let said = attempt(&rita, "/deal update deal:D-1 note:There is space again").await;
    assert!(said.contains("D-1") && !said.contains("not saved"), "{said}");
    assert!(running.stop().await.success());
    let mut connection = connect(&path).await;
    let texts: Vec<String> = sqlx::query_scalar("SELECT text FROM event WHERE kind = 'noted' ORDER BY version")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let kept: Vec<usize> =
        texts.iter().filter_map(|text| text.strip_prefix("Note ")?.split(' ').next()?.parse().ok()).collect();
    assert_eq!(kept, saved, "what was said to be saved is there, and nothing else");
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(whole, "ok");
}

/// A file system of its own, in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None`, which is said once, where the system doesn't let us.
    fn mount() -> Option<SmallDisk> {
        let folder = TempDir::new().unwrap();
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
            .arg(folder.path())
            .output();
        if mount.is_ok_and(|mounted| mounted.status.success()) {
            return Some(SmallDisk(folder));
        }
        static SAID: OnceLock<()> = OnceLock::new();
        say_once(&SAID, "SKIPPED: full and read-only disks need the right to mount one in memory");
        None
    }

    fn remount(&self, how: &str) {
        let option = format!("remount,{how}");
        let mount = std::process::Command::new("mount").args(["-o", &option]).arg(self.0.path()).status();
        assert!(mount.unwrap().success());
    }

    /// Takes all but a little of the space that is left.
    fn fill(&self) {
        let ballast = self.0.path().join("ballast");
        let _ = std::fs::write(&ballast, vec![0; 6 << 20]);
        let taken = std::fs::metadata(&ballast).unwrap().len();
        let file = std::fs::File::options().write(true).open(&ballast).unwrap();
        file.set_len(taken.saturating_sub(96 << 10)).unwrap();
    }

    fn clear(&self) {
        std::fs::remove_file(self.0.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
        drop(unmounted);
    }
}
