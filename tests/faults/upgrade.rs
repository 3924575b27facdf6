//! Databases of earlier versions, as those versions left them (`tests/faults/schema/N.zip`, of schema N), brought up to date
//! by this one: whole, with nothing lost, whenever it is killed. Each was made by the sandbox of its time from `script.txt`
//! there, with `--db`.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cosell::sandbox::{Sandbox, World};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::seed::{chance, rounds};
use super::support::process::{Running, cosell, ends, stand_in};

const RELEASED: [(i64, &[u8]); 4] = [
    (1, include_bytes!("schema/1.zip")),
    (4, include_bytes!("schema/4.zip")),
    (8, include_bytes!("schema/8.zip")),
    (9, include_bytes!("schema/9.zip")),
];
/// The schema of this version.
const LATEST: i64 = 9;
/// Backups would be one more thing that a kill cuts short; the one before a migration is made all the same.
const SETTINGS: [(&str, &str); 1] = [("COSELL_BACKUPS", "off")];

/// What must be the same before and after.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    deals: Vec<(i64, String, Option<i64>)>,
    events: Vec<(i64, i64, String, Option<String>)>,
    messages: Vec<(i64, String)>,
}

async fn kept(database: &Path) -> Kept {
    let mut connection = SqliteConnectOptions::new().filename(database).connect().await.unwrap();
    let deals = sqlx::query_as("SELECT number, stage, amount FROM deal ORDER BY number");
    let events =
        sqlx::query_as("SELECT interaction_id, sequence, kind, text FROM event ORDER BY interaction_id, sequence");
    let messages = sqlx::query_as("SELECT id, kind FROM outbox WHERE state = 'sent' ORDER BY id");
    let kept = Kept {
        deals: deals.fetch_all(&mut connection).await.unwrap(),
        events: events.fetch_all(&mut connection).await.unwrap(),
        messages: messages.fetch_all(&mut connection).await.unwrap(),
    };
    connection.close().await.unwrap();
    kept
}

/// A database of an earlier version, in a folder of its own.
fn released(zipped: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cosell.db");
    let mut archive = zip::ZipArchive::new(Cursor::new(zipped)).unwrap();
    let mut bytes = Vec::new();
    archive.by_index(0).unwrap().read_to_end(&mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// It runs, is whole, holds what it held, and there is one copy of how it was.
async fn is_up_to_date(sandbox: &Sandbox, folder: &Path, before: &Kept) {
    let database = folder.join("cosell.db");
    let running = Running::start(sandbox, &database, &SETTINGS).await;
    let shown = sandbox.person("rita").slash("/deal view deal:D-1").await.expect_message().text();
    assert!(shown.contains("Globex"), "{shown}");
    assert!(running.stop().await.success());
    let after = kept(&database).await;
    assert_eq!((&after.deals, &after.events), (&before.deals, &before.events));
    assert!(after.messages.starts_with(&before.messages), "{after:?}");
    let (code, said) = ends(cosell(folder).arg("check")).await;
    assert_eq!(code, Some(0), "{said}");
}

/// The copies that were made before the schema was changed.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.to_string_lossy().contains(".before-")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_released_schema_is_brought_up_to_date_with_what_is_in_it() {
    let sandbox = stand_in(World::seeded()).await;
    for (schema, zipped) in RELEASED {
        let (folder, path) = released(zipped);
        let before = kept(&path).await;
        assert!(before.deals.len() == 4 && before.events.len() > 15, "schema {schema}: {before:?}");
        is_up_to_date(&sandbox, folder.path(), &before).await;
        let copies = copies(folder.path());
        assert_eq!(copies.len(), usize::from(schema < LATEST), "schema {schema}: {copies:?}");
        for copy in copies {
            assert_eq!(kept(&copy).await, before);
        }
    }
}

/// Brings a file as far as a start does that is killed after a migration: it is not marked as of another schema yet.
async fn migrate_to(database: &Path, schema: i64) {
    let folder = TempDir::new().unwrap();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        if name.split('_').next().unwrap().parse::<i64>().unwrap() <= schema {
            std::fs::copy(file.path(), folder.path().join(name)).unwrap();
        }
    }
    let mut connection = SqliteConnectOptions::new().filename(database).connect().await.unwrap();
    Migrator::new(folder.path()).await.unwrap().run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_was_killed_after_any_of_its_migrations_goes_on() {
    let sandbox = stand_in(World::seeded()).await;
    let (first, zipped) = RELEASED[0];
    for reached in first + 1..=LATEST {
        let (folder, path) = released(zipped);
        let before = kept(&path).await;
        migrate_to(&path, reached).await;
        is_up_to_date(&sandbox, folder.path(), &before).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_is_killed_goes_on_at_the_next_start() {
    let mut chance = chance("upgrade");
    let sandbox = stand_in(World::seeded()).await;
    let mut killed = 0;
    for _ in 0..rounds(6) {
        let (_, zipped) = RELEASED[chance.usize(0..2)];
        let (folder, path) = released(zipped);
        let before = kept(&path).await;
        for _ in 0..chance.usize(1..5) {
            let running = Running::spawn(&sandbox, &path, &SETTINGS);
            tokio::time::sleep(Duration::from_millis(chance.u64(0..250))).await;
            running.kill().await;
            killed += 1;
        }
        is_up_to_date(&sandbox, folder.path(), &before).await;
        let copies = copies(folder.path());
        assert!(!copies.is_empty(), "there is a copy");
        for copy in copies.iter().filter(|path| path.extension().is_some_and(|ending| ending == "db")) {
            assert_eq!(kept(copy).await, before);
        }
    }
    eprintln!("upgrade: {killed} kills");
}
