//! In and out: deals from a CRM's file, attribution back to it, and everything of a workspace as files that read back the
//! same.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Output, Stdio};

use cosell::sandbox::Shown;
use serde_json::{Map, Value};
use tempfile::TempDir;
use tokio::process::Command;

use super::support::Stage;

/// What the program says, and whether it did what it was asked.
pub async fn cosell(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cosell"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env_remove("COSELL_DB");
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.success(), text(stdout) + &text(stderr))
}

async fn done(folder: &Path, arguments: &[&str]) -> String {
    let (well, said) = cosell(folder, arguments).await;
    assert!(well, "{arguments:?}: {said}");
    said
}

fn file_of(shown: &Shown) -> &[u8] {
    &shown.attachments.first().expect("a file").bytes
}

/// A workspace with something in most tables: deals of each class and end, a review with an agenda, nudges, a handover, a
/// person who was forgotten, texts that need escaping, and messages that were not sent yet.
async fn story() -> Stage {
    let stage = Stage::ready().await;
    stage.says("lena", "/program owner user:@lena").await;
    stage.says("lena", "/program target period:Q4 2026 amount:1m").await;
    stage.says("lena", "/program comp solo_rate:10 cosell_rate:9 from:2026-09-01").await;
    stage
        .says("lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:9:30")
        .await;
    stage.says("rita", "/deal new account:=Globex partner:Initech source:sourced evidence:\"-\" amount:120000.50 close:15 Dec crm:501").await;
    stage.says("rita", "/deal new account:Umbrella partner:Hooli source:influenced evidence:'quoted', \"twice\" amount:50k close:20 Dec").await;
    stage.says("ben", "/deal new account:Soylent partner:Initech source:undecided").await;
    hold_review(&stage).await;
    stage.says("lena", "/deal won deal:D-1 reason:They signed").await;
    stage.says("ben", "/deal lost deal:D-3 reason:Price detail:Too dear").await;
    stage.says("ben", "/deal new account:Acme partner:Initech source:undecided").await;
    stage.says("ada", "/my settings timezone:Europe/Berlin").await;
    stage.wait_until("2026-11-24T10:00:00Z").await;
    stage.says("lena", "/handover start from:@rita to:@ben").await;
    stage.says("lena", "/deal assign deal:D-2 owner:@ben").await;
    let asked = stage.says("ada", "/cosell forget person person:@rita").await;
    stage.presses("ada", &asked, "Forget").await;
    stage.says("ben", "/deal stage deal:D-4 stage:Committed").await;
    stage.says("lena", "/deal update deal:D-2 amount:90k").await;
    stage
}

/// The first review: a topic, a decision and an action come of it, and its minutes are posted.
async fn hold_review(stage: &Stage) {
    stage.says("rita", "/review add text:The \"budget\", twice deal:D-2").await;
    stage.wait_until("2026-11-03T09:31:00Z").await;
    let lena = stage.sandbox.person("lena").at("#reviews");
    for command in [
        "start",
        "decide text:Offer 10 %, for two years deal:D-1",
        "action text:=Send it assignee:@ben due:20 Nov deal:D-2",
        "add text:Prices in spring",
        "close",
    ] {
        lena.slash(&format!("/review {command}")).await.expect_message();
    }
    stage.wait_until("2026-11-03T09:32:00Z").await;
}

/// The state of each subject as the events of a document lead to it, by nothing but their own fields.
pub fn folded(tables: &Value) -> BTreeMap<(String, i64), Map<String, Value>> {
    let mut events: Vec<&Value> = tables["event"].as_array().unwrap().iter().collect();
    events.sort_by_key(|event| event["version"].as_i64());
    let mut states: BTreeMap<(String, i64), Map<String, Value>> = BTreeMap::new();
    for event in events {
        let subject = (event["subject_kind"].as_str().unwrap().to_owned(), event["subject_id"].as_i64().unwrap());
        let after = event["after"].as_object().unwrap();
        states.entry(subject).or_default().extend(after.iter().map(|(field, value)| (field.clone(), value.clone())));
    }
    states
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_reads_back_the_same_byte_for_byte() {
    let stage = story().await;
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let db = stage.database().display().to_string();
    for (n, out, format) in [(1, "one.json", "json"), (2, "one.zip", "csv"), (3, "one", "csv")] {
        let said = done(folder.path(), &["export", "--db", &db, "--format", format, "--out", out]).await;
        assert!(said.contains("rows"), "{said}");
        let other = format!("other-{n}.db");
        done(folder.path(), &["import", out, "--db", &other]).await;
        let again = format!("again-{out}");
        let said = done(folder.path(), &["export", "--db", &other, "--format", format, "--out", &again]).await;
        assert!(!said.contains("not sent yet"), "nothing is left to send there: {said}");
        if at(out).is_file() {
            assert!(std::fs::read(at(out)).unwrap() == std::fs::read(at(&again)).unwrap(), "{out} differs");
            continue;
        }
        for file in std::fs::read_dir(at(out)).unwrap() {
            let file = file.unwrap();
            let read = std::fs::read(at(&again).join(file.file_name())).unwrap();
            assert!(std::fs::read(file.path()).unwrap() == read, "{:?} differs", file.file_name());
        }
    }
    let document: Value = serde_json::from_slice(&std::fs::read(at("one.json")).unwrap()).unwrap();
    let tables = &document["tables"];
    for table in [
        "account",
        "deal",
        "event",
        "handover",
        "item",
        "meeting",
        "member",
        "nudge",
        "occurrence",
        "outbox",
        "partner",
        "review",
        "workspace",
    ] {
        assert!(!tables[table].as_array().unwrap().is_empty(), "{table}");
    }
    let states = folded(tables);
    for (table, id) in [
        ("deal", "number"),
        ("account", "account_id"),
        ("partner", "partner_id"),
        ("review", "review_id"),
        ("handover", "handover_id"),
        ("meeting", "meeting_id"),
        ("item", "item_id"),
    ] {
        for row in tables[table].as_array().unwrap() {
            let mut led_to = states[&(table.to_owned(), row[id].as_i64().unwrap())].clone();
            // A field that was taken out stands as null in the log.
            led_to.retain(|_, value| !value.is_null());
            let mut state = row["state"].as_object().unwrap().clone();
            state.retain(|_, value| !value.is_null());
            assert_eq!(state, led_to, "{table} {row}");
        }
    }
    let meeting = &tables["meeting"][0];
    assert!(meeting["minutes_channel"].is_i64() && meeting["minutes_message"].is_i64(), "{meeting}");
    let kinds: Vec<&str> =
        tables["item"].as_array().unwrap().iter().filter_map(|i| i["state"]["what"]["kind"].as_str()).collect();
    assert_eq!(kinds, ["topic", "decision", "action", "topic"]);
    let all = document.to_string();
    assert!(!all.contains("twice") && all.contains("(forgotten)"), "what was forgotten is in no file");
    assert!(tables.get("draft").is_none() && tables.get("lookup").is_none());
    let privately = stage.says("ada", "/cosell export format:JSON").await;
    assert!(privately.ephemeral && privately.content.contains("paid"), "{}", privately.text());
    let alone: Value = serde_json::from_slice(file_of(&privately)).unwrap();
    assert_eq!(alone["tables"]["deal"], tables["deal"], "the command writes what the program writes");
    let zip = stage.says("ada", "/cosell export").await;
    assert!(file_of(&zip).starts_with(b"PK"));
    for who in ["lena", "rita", "finn"] {
        let refused = stage.sandbox.person(who).slash("/cosell export").await.text();
        assert!(!refused.contains("Everything"), "only admins: {refused}");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waits_is_sent_by_one_bot_only() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:120k close:15 Dec").await;
    let folder = TempDir::new().unwrap();
    let db = stage.database().display().to_string();
    let said = done(folder.path(), &["export", "--db", &db, "--format", "json", "--out", "x.json"]).await;
    assert!(said.contains("not sent yet: 1"), "the team line waits ten minutes: {said}");
    let document: Value = serde_json::from_slice(&std::fs::read(folder.path().join("x.json")).unwrap()).unwrap();
    for message in document["tables"]["outbox"].as_array().unwrap() {
        assert!(message["state"] != "waiting" && message["state"] != "claimed", "{message}");
    }
    stage.wait(chrono::Duration::minutes(11)).await;
    assert!(stage.reads("#pipeline").iter().any(|line| line.contains("Globex")), "the bot itself still sends it");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_refuses_what_would_mix_or_lie_and_says_what_to_do() {
    let stage = Stage::two_workspaces().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:120k close:15 Dec").await;
    let folder = TempDir::new().unwrap();
    let (db, guild) = (stage.database().display().to_string(), stage.guild().to_string());
    let several = cosell(folder.path(), &["export", "--db", &db]).await;
    assert!(!several.0 && several.1.contains("--guild") && several.1.contains(&guild), "{}", several.1);
    done(folder.path(), &["export", "--db", &db, "--guild", &guild, "--format", "json", "--out", "x.json"]).await;
    let twice =
        cosell(folder.path(), &["export", "--db", &db, "--guild", &guild, "--format", "json", "--out", "x.json"]).await;
    assert!(!twice.0 && twice.1.contains("exists already"), "{}", twice.1);
    let text = std::fs::read_to_string(folder.path().join("x.json")).unwrap();
    let southwind = stage.sandbox.person_in("Southwind", "ada").guild().to_string();
    assert!(!text.contains(&southwind), "another workspace is not in it");

    let in_use = cosell(folder.path(), &["import", "x.json", "--db", &db]).await;
    assert!(!in_use.0 && in_use.1.contains("Stop it first"), "{}", in_use.1);
    done(folder.path(), &["import", "x.json", "--db", "new.db"]).await;
    let exists = cosell(folder.path(), &["import", "x.json", "--db", "new.db"]).await;
    assert!(!exists.0 && exists.1.contains("in this database already"), "{}", exists.1);
    done(folder.path(), &["export", "--db", &db, "--guild", &southwind, "--format", "json", "--out", "south.json"])
        .await;
    done(folder.path(), &["import", "south.json", "--db", "new.db"]).await;
    done(
        folder.path(),
        &["export", "--db", "new.db", "--guild", &southwind, "--format", "json", "--out", "south2.json"],
    )
    .await;
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(read("south.json") == read("south2.json"), "beside another workspace it reads back the same too");

    let lies = [
        (
            text.replacen("\"amount\":12000000", "\"amount\":99000000", 1),
            "deal 1 is not what its recorded changes lead to",
        ),
        (text.replacen("\"schema\":", "\"schema\":9", 1), "with the version that wrote it"),
        (text[..text.len() / 2].to_owned(), "can't be read"),
        (text.replacen("\"number\":1", "\"number\":\"one\"", 1), "can't be read"),
        ("{\"a\":1}".to_owned(), "no tables"),
        ("hello".to_owned(), "no export of cosell"),
    ];
    for (n, (lie, told)) in lies.iter().enumerate() {
        std::fs::write(folder.path().join("lie.json"), lie).unwrap();
        let (well, said) = cosell(folder.path(), &["import", "lie.json", "--db", &format!("lie-{n}.db")]).await;
        assert!(!well && said.contains(told), "{n}: {said}");
        let (well, said) = cosell(folder.path(), &["export", "--db", &format!("lie-{n}.db")]).await;
        assert!(!well && said.contains("no database"), "nothing is left of it: {said}");
    }
    let none = cosell(folder.path(), &["export", "--db", "nowhere.db"]).await;
    assert!(!none.0 && none.1.contains("no database nowhere.db"), "{}", none.1);
    stage.finish().await;
}

/// As HubSpot exports deals.
const HUBSPOT: &str = "Record ID,Deal Name,Associated Company,Partner,Deal owner,Deal Stage,Amount,Close Date,Create Date\n\
    501,Globex - new,Globex,Initech,Rita Moreno (rita@acme.example),Contract Sent (Sales Pipeline),\"120,000.50\",2026-12-15 14:05,2026-10-20 09:00\n\
    502,Umbrella - new,Umbrella,Hooli,Ben Stone,Closed Won,90000,2026-09-30,2026-05-04\n\
    503,Acme - new,Acme,Umbrella Partners,Nobody,Limbo,lots,12/15/2026,\n";

#[tokio::test(flavor = "multi_thread")]
async fn deals_are_imported_after_a_dry_run_and_a_second_time_changes_nothing() {
    let stage = Stage::ready().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("deals.csv");
    std::fs::write(&path, HUBSPOT).unwrap();
    let file = path.display();
    let first = stage.says("ada", &format!("/cosell import file:@{file}")).await;
    assert!(first.ephemeral, "{}", first.text());
    insta::assert_snapshot!("import_problems", first.text());
    let (rita, ben) = (stage.sandbox.person("rita").id(), stage.sandbox.person("ben").id());
    let command = format!("/cosell import file:@{file} owners:Rita Moreno = <@{rita}>; Ben Stone = <@{ben}>");
    let run = stage.says("ada", &command).await;
    insta::assert_snapshot!("import_dry_run", run.text());
    let not = stage.presses("ada", &run, "No").await;
    assert!(not.text().contains("Nothing was imported"), "{}", not.text());
    assert!(
        stage.says("rita", "/deal list").await.text().contains("Open deals: none"),
        "{}",
        stage.says("rita", "/deal list").await.text()
    );
    let run = stage.says("ada", &command).await;
    let done = stage.presses("ada", &run, "Yes").await;
    insta::assert_snapshot!("import_done", done.text());
    let card = stage.says("rita", "/deal view deal:D-1").await.text();
    assert!(card.contains("$120,000.50") && card.contains("@rita") && card.contains("501"), "{card}");
    assert_eq!(stage.sandbox.person("rita").autocomplete("/deal view deal:glo").await.len(), 1);
    let again = stage.says("ada", &command).await;
    assert!(again.text().contains("There is nothing to import") && again.buttons().is_empty(), "{}", again.text());
    stage.wait_until("2026-11-06T18:00:00Z").await;
    let nudges = stage.reads("#nudges");
    assert!(nudges.iter().all(|nudge| nudge.contains("class undecided")), "a gap is told, and no stall: {nudges:?}");
    let exported = stage.says("finn", "/program export").await;
    assert!(exported.ephemeral, "{}", exported.text());
    insta::assert_snapshot!("crm_export", String::from_utf8(file_of(&exported).to_vec()).unwrap());
    let refused = stage.sandbox.person("rita").slash("/program export").await.text();
    assert!(!refused.contains("by the CRM's id"), "only leads and finance: {refused}");
    let hidden = stage.sandbox.person("lena").slash(&command).await.text();
    assert!(hidden.contains("hidden from you"), "only admins: {hidden}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_taken_back_whole_and_leaves_nothing_in_any_quarter() {
    let stage = Stage::ready().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("deals.csv");
    std::fs::write(&path, HUBSPOT.replace("Ben Stone,Closed Won", "Rita Moreno,Closed Won")).unwrap();
    let command = format!("/cosell import file:@{} owners:* = @rita", path.display());
    let run = stage.says("ada", &command).await;
    let done = stage.presses("ada", &run, "Yes").await;
    let taken = stage.presses("ada", &done, "Undo").await.text();
    assert!(taken.contains("What the import made, 2 deals, counts nowhere"), "{taken}");
    for period in ["Q3 2026", "Q4 2026"] {
        let view = stage.says("finn", &format!("/program view period:{period}")).await.text();
        assert!(view.contains("nothing yet") && !view.contains("djustment"), "{view}");
    }
    let again = stage.says("ada", &command).await.text();
    assert!(again.contains("2 deals new"), "{again}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_is_refused_with_what_to_do() {
    let stage = Stage::ready().await;
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        format!("/cosell import file:@{}", path.display())
    };
    let picture = stage.says("ada", &write("picture.png", b"\x89PNG\r\n\x1a\n\0\0")).await.text();
    assert!(picture.contains("not a CSV"), "{picture}");
    let other = stage.says("ada", &write("other.csv", b"Name,Value\nx,1\n")).await.text();
    assert!(other.contains("Record ID") && other.contains("Associated Company"), "{other}");
    let long = "Record ID,Company\n".to_owned() + &"1,Globex\n".repeat(5_001);
    let long = stage.says("ada", &write("long.csv", long.as_bytes())).await.text();
    assert!(long.contains("5001 rows") && long.contains("5000"), "{long}");
    let map = write("ok.csv", b"Record ID,Company\n1,Globex\n") + " owners:Rita";
    let map = stage.says("ada", &map).await.text();
    assert!(map.contains("* = @lena"), "{map}");
    stage.finish().await;
}
