//! A replica within a second, by Litestream: the bot and Litestream are killed, the replica is restored, and what was
//! answered a second before is there. Needs the program, whose path `LITESTREAM` names.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use cosell::sandbox::World;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::seed::{chance, rounds};
use super::support::process::{PATIENCE, Running, cosell, ends, stand_in};
use super::support::{say_once, set_up};

/// How far a replica may be behind.
const LAG: Duration = Duration::from_secs(1);

fn litestream() -> Option<PathBuf> {
    static SAID: OnceLock<()> = OnceLock::new();
    let path = std::env::var_os("LITESTREAM").map(PathBuf::from);
    if path.is_none() {
        say_once(&SAID, "SKIPPED: no replica is made, because LITESTREAM does not name Litestream's program");
    }
    path
}

fn replicate(program: &Path, folder: &Path, replica: &str) -> Child {
    let mut command = Command::new(program);
    command.args(["replicate", "cosell.db", replica]).current_dir(folder).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// The notes in a database that nobody runs.
async fn notes(database: &Path) -> Vec<String> {
    let mut connection = SqliteConnectOptions::new().filename(database).connect().await.unwrap();
    let notes = sqlx::query_scalar("SELECT text FROM event WHERE kind = 'noted'").fetch_all(&mut connection).await;
    connection.close().await.unwrap();
    notes.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_a_second_before_a_crash_is_in_the_replica() {
    let Some(program) = litestream() else { return };
    let mut chance = chance("litestream");
    for _ in 0..rounds(2).min(10) {
        let (disk, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let database = disk.path().join("cosell.db");
        let replica = format!("file://{}", elsewhere.path().join("replica").display());
        let sandbox = stand_in(World::seeded()).await;
        let running = Running::start(&sandbox, &database, &[]).await;
        let mut replicating = replicate(&program, disk.path(), &replica);
        set_up(&sandbox.person("ada")).await;
        sandbox.person("lena").slash("/partner add name:Initech manager:@lena").await.expect_message();

        let rita = sandbox.person("rita");
        rita.slash("/deal new account:Globex partner:Initech source:undecided").await.expect_message();
        let mut answered = Vec::new();
        for n in 0..chance.usize(20..60) {
            let note = format!("Note {n}");
            let said = rita.slash(&format!("/deal update deal:D-1 note:{note}")).await.expect_message().text();
            assert!(said.contains("D-1") && said.contains(&note), "{said}");
            answered.push((note, Instant::now()));
            tokio::time::sleep(Duration::from_millis(chance.u64(0..80))).await;
        }
        let killed = Instant::now();
        replicating.kill().await.unwrap();
        running.kill().await;

        // The disk is lost with all that is on it.
        drop(disk);
        let disk = TempDir::new().unwrap();
        let restored = Command::new(&program)
            .args(["restore", "-o", "replica.db", &replica])
            .current_dir(disk.path())
            .output()
            .await
            .unwrap();
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        let (code, said) = ends(cosell(disk.path()).args(["restore", "replica.db"])).await;
        assert_eq!(code, Some(0), "{said}");
        let (code, said) = ends(cosell(disk.path()).arg("check")).await;
        assert_eq!(code, Some(0), "{said}");

        let kept = notes(&disk.path().join("cosell.db")).await;
        let lost = answered.iter().filter(|(note, _)| !kept.contains(note));
        let lost: Vec<_> = lost.map(|(note, at)| (note, killed - *at)).collect();
        eprintln!("litestream: {} answered, {} lost", answered.len(), lost.len());
        assert!(lost.iter().all(|(_, before)| *before < LAG), "answered over {LAG:?} before the crash: {lost:?}");
        let running = Running::start(&sandbox, &disk.path().join("cosell.db"), &[]).await;
        let told = sandbox.wait_for("#ops", PATIENCE, |shown| shown.text().contains("This is a backup")).await;
        assert!(told.is_some(), "the admins are told");
        assert!(running.stop().await.success());
    }
}
