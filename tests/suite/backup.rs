//! Backups, and going back to one: nothing that was sent is sent again, and nobody restores under a running bot.

use std::path::{Path, PathBuf};

use cosell::ops::restore::restore;
use cosell::sandbox::World;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};
use tempfile::TempDir;

use super::support::Stage;
use super::support::process::{Running, cosell, ends, stand_in};

/// Copies the database of a running bot.
async fn back_up(stage: &Stage, name: &str) -> PathBuf {
    let to = stage.database().with_file_name(name);
    stage.bot.app().store.back_up(&to, stage.sandbox.now()).await.unwrap();
    to
}

/// Stops the bot, goes back to a backup, and starts it again.
async fn go_back(stage: Stage, backup: &Path) -> Stage {
    stage.bot.stop().await;
    let restored = restore(backup, &stage.database(), stage.sandbox.now()).await.unwrap();
    assert!(restored.kept.is_some_and(|kept| kept.exists()), "what was there is kept");
    stage.start_again().await
}

fn messages_in(stage: &Stage, channel: &str, part: &str) -> usize {
    stage.reads(channel).iter().filter(|text| text.contains(part)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_after_the_backup_is_not_sent_again_and_the_ladder_goes_on() {
    let stage = Stage::ready().await;
    stage
        .says("rita", "/deal new account:Globex partner:Initech source:sourced evidence:They called close:2026-11-04")
        .await;
    stage
        .says("lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Thursday time:11:00")
        .await;
    stage.wait_until("2026-11-04T18:00:00Z").await;
    let backup = back_up(&stage, "wednesday.db").await;
    // Thursday: the close is past, Rita is told at 9, the agenda is posted at 10.
    stage.wait_until("2026-11-05T10:30:00Z").await;
    assert_eq!((messages_in(&stage, "#nudges", "Globex"), stage.reads("#reviews").len()), (1, 1));
    stage.says("rita", "/deal new account:Umbrella partner:Initech source:undecided").await;

    let stage = go_back(stage, &backup).await;
    stage.wait_until("2026-11-06T18:00:00Z").await;
    assert_eq!(messages_in(&stage, "#nudges", "Globex"), 1, "{:?}", stage.reads("#nudges"));
    assert_eq!(stage.reads("#reviews").len(), 1);
    let told = stage.reads("#ops");
    assert!(told.iter().any(|text| text.contains("This is a backup") && text.contains("record it again")), "{told:?}");
    let listed = stage.says("rita", "/deal list").await.text();
    assert!(listed.contains("Globex") && !listed.contains("Umbrella"), "{listed}");

    // Level 2 comes three business days after level 1, as though nothing had been; so does the next agenda.
    stage.wait_until("2026-11-10T12:00:00Z").await;
    assert_eq!(messages_in(&stage, "#nudges", "Globex"), 2, "{:?}", stage.reads("#nudges"));
    assert_eq!(messages_in(&stage, "#nudges", "second reminder"), 1, "{:?}", stage.reads("#nudges"));
    stage.wait_until("2026-11-12T12:00:00Z").await;
    assert_eq!(stage.reads("#reviews").len(), 2);
    let agenda = stage.reads("#reviews").pop().unwrap();
    assert!(!agenda.contains("never posted"), "{agenda}");
    // What is recorded now gets messages of its own: none is taken for one that was sent before.
    stage.says("rita", "/deal new account:Soylent partner:Initech source:undecided owner:@ben").await;
    stage.wait_until("2026-11-12T13:00:00Z").await;
    assert_eq!(messages_in(&stage, "#pipeline", "Soylent"), 1, "{:?}", stage.reads("#pipeline"));
    stage.finish().await;
}

/// Gaps over a first, a second and a third reminder, over agendas, and of a month: no reminder that was sent comes again.
#[tokio::test(flavor = "multi_thread")]
async fn however_long_ago_the_backup_was_made_no_level_is_told_twice() {
    for until in ["2026-11-05T09:30:00Z", "2026-11-10T12:00:00Z", "2026-11-17T12:00:00Z", "2026-12-04T12:00:00Z"] {
        let stage = Stage::ready().await;
        let deal = "/deal new account:Globex partner:Initech source:sourced evidence:They called close:2026-11-04";
        stage.says("rita", &format!("{deal} next_step:Call due:2026-12-31")).await;
        let weekly =
            "/review schedule name:Weekly channel:#reviews every:Every week weekday:Thursday time:11:00 collect:false";
        stage.says("lena", weekly).await;
        stage.wait_until("2026-11-04T18:00:00Z").await;
        let backup = back_up(&stage, "wednesday.db").await;
        stage.wait_until(until).await;
        let before = (messages_in(&stage, "#nudges", "Globex"), stage.reads("#reviews").len());
        assert!(before.0 > 0, "{until}: {:?}", stage.reads("#nudges"));
        let stage = go_back(stage, &backup).await;
        stage.wait(chrono::Duration::minutes(20)).await;
        let after = (messages_in(&stage, "#nudges", "Globex"), stage.reads("#reviews").len());
        assert_eq!(after, before, "{until}: {:?}", stage.reads("#nudges"));
        stage.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_in_an_old_backup_is_not_sent_and_is_listed() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided").await;
    let backup = back_up(&stage, "before_the_line.db").await;
    stage.wait(chrono::Duration::hours(3)).await;
    assert_eq!(messages_in(&stage, "#pipeline", "Globex"), 1);
    let stage = go_back(stage, &backup).await;
    stage.wait(chrono::Duration::hours(1)).await;
    assert_eq!(messages_in(&stage, "#pipeline", "Globex"), 1, "{:?}", stage.reads("#pipeline"));
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.contains("most likely sent since"), "{doctor}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_in_a_fresh_backup_is_sent_unless_it_was() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided").await;
    stage.wait_until("2026-11-02T10:05:00Z").await;
    stage.says("rita", "/deal new account:Umbrella partner:Initech source:undecided").await;
    let backup = back_up(&stage, "before_the_lines.db").await;
    // The line of Globex is sent; that of Umbrella is not yet.
    stage.wait_until("2026-11-02T10:11:00Z").await;
    assert_eq!((messages_in(&stage, "#pipeline", "Globex"), messages_in(&stage, "#pipeline", "Umbrella")), (1, 0));
    let stage = go_back(stage, &backup).await;
    stage.wait_until("2026-11-02T10:30:00Z").await;
    assert_eq!((messages_in(&stage, "#pipeline", "Globex"), messages_in(&stage, "#pipeline", "Umbrella")), (1, 1));
    stage.finish().await;
}

/// A deal, recorded by a bot of its own that was stopped in order.
async fn database_with_a_deal() -> TempDir {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:120k").await;
    let folder = TempDir::new().unwrap();
    stage.bot.stop().await;
    std::fs::copy(stage.database(), folder.path().join("cosell.db")).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_bot_keeps_others_from_its_database_but_for_reading() {
    let folder = database_with_a_deal().await;
    let database = folder.path().join("cosell.db");
    let sandbox = stand_in(World::seeded()).await;
    let running = Running::start(&sandbox, &database, &[]).await;

    let (code, said) = ends(cosell(folder.path()).args(["backup", "--out", "copy.db"])).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Backed up cosell.db to copy.db") && said.contains("looked through"), "{said}");
    let (code, said) = ends(cosell(folder.path()).args(["backup", "--out", "copy.db"])).await;
    assert_eq!(code, Some(1), "a copy replaces nothing");
    assert!(said.contains("exists already"), "{said}");
    let (code, said) = ends(cosell(folder.path()).arg("check")).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("cosell.db is well"), "{said}");
    for command in [&["restore", "copy.db"][..], &["import", "copy.db"]] {
        let (code, said) = ends(cosell(folder.path()).args(command)).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(command[0] == "import" || said.contains("in use by another cosell (process "), "{said}");
    }
    let second = cosell(folder.path())
        .env("DISCORD_API_URL", sandbox.url())
        .env("DISCORD_TOKEN", sandbox.token())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(second.status.code() == Some(1) && said.contains("in use by another cosell"), "{said}");

    running.stop().await;
    let (code, said) = ends(cosell(folder.path()).args(["restore", "copy.db"])).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Restored copy.db to cosell.db") && said.contains("What was there is kept: "), "{said}");
    let (code, said) = ends(cosell(folder.path()).arg("check")).await;
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_none_changes_nothing() {
    let folder = database_with_a_deal().await;
    let database = folder.path().join("cosell.db");
    let before = std::fs::read(&database).unwrap();
    std::fs::write(folder.path().join("other.db"), "a text").unwrap();
    let mut torn = before.clone();
    torn.truncate(before.len() / 2);
    std::fs::write(folder.path().join("torn.db"), torn).unwrap();
    for (backup, why) in
        [("missing.db", "there is no backup"), ("other.db", "not a cosell database"), ("torn.db", "damaged")]
    {
        let (code, said) = ends(cosell(folder.path()).args(["restore", backup])).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(why), "{backup}: {said}");
        assert!(std::fs::read(&database).unwrap() == before, "{backup} changed the database");
    }
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("cosell"));
    assert_eq!(names, ["cosell.db"], "nothing is left over");
}

/// What a restore that was killed leaves beside the database must not find its way into the next one.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_was_cut_short_leaves_nothing_for_the_next() {
    let folder = database_with_a_deal().await;
    let database = folder.path().join("cosell.db");
    std::fs::copy(&database, folder.path().join("copy.db")).unwrap();
    for ending in ["", "-wal", "-shm", ".unfinished", ".unfinished-journal"] {
        std::fs::write(folder.path().join(format!("cosell.db.restoring{ending}")), "half of another one").unwrap();
    }
    for _ in 0..2 {
        let (code, said) = ends(cosell(folder.path()).args(["restore", "copy.db"])).await;
        assert_eq!(code, Some(0), "{said}");
    }
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let replaced = names.iter().filter(|name| name.starts_with("cosell.replaced-")).count();
    assert_eq!(replaced, 2, "both are kept: {names:?}");
    names.retain(|name| !name.starts_with("cosell.replaced-") && !name.starts_with("copy.db"));
    assert_eq!(names, ["cosell.db", "cosell.db.lock"]);
    let (code, said) = ends(cosell(folder.path()).arg("check")).await;
    assert_eq!(code, Some(0), "{said}");
}

/// Rules 3, 8 and 11 over the data: what the bot can't do is done to the file behind its back.
#[tokio::test(flavor = "multi_thread")]
async fn check_names_what_does_not_hold() {
    let breaks = [
        ("UPDATE deal SET state = json_set(state, '$.owner', 99)", "D-1 has an owner who is nobody"),
        ("UPDATE deal SET state = json_set(state, '$.amount', 12000001)", "deal 1 is not what its events lead to"),
        ("UPDATE deal SET state = json_set(state, '$.version', 7)", "deal 1 is at version 7 after 1 events"),
        ("UPDATE partner SET state = json_set(state, '$.tier', 'gold')", "partner 1 "),
        (
            "DROP TRIGGER event_keeps_its_rows; DELETE FROM event WHERE subject_kind = 'deal'",
            "deal 1 is at version 1 after 0 events",
        ),
        (
            "DROP TRIGGER event_keeps_its_fields; UPDATE event SET after = json_set(after, '$.amount', 1200.5) WHERE subject_kind = 'deal'",
            "an amount of D-1 in the log is 1200.5",
        ),
    ];
    let folder = database_with_a_deal().await;
    let database = folder.path().join("cosell.db");
    let whole = std::fs::read(&database).unwrap();
    for (sql, told) in breaks {
        std::fs::write(&database, &whole).unwrap();
        let mut connection = SqliteConnectOptions::new().filename(&database).connect().await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let (code, said) = ends(cosell(folder.path()).arg("check")).await;
        assert_eq!(code, Some(1), "{sql}: {said}");
        assert!(said.contains(told) && said.contains("cosell restore"), "{sql}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_says_when_it_was_made() {
    let stage = Stage::ready().await;
    let backup = back_up(&stage, "copy.db").await;
    let mut connection = SqliteConnectOptions::new().filename(&backup).connect().await.unwrap();
    let at = sqlx::query("SELECT value FROM meta WHERE key = 'backed_up_at'").fetch_one(&mut connection).await.unwrap();
    assert_eq!(at.get::<String, _>(0), stage.sandbox.now().timestamp_millis().to_string());
    stage.finish().await;
}
