//! The rules that always hold, one test or more for each, named after it. Rule 10 is held in `boundaries`.

use std::path::Path;

use chrono::Duration;
use cosell::domain::deal::Deal;
use cosell::domain::event::{Event, Subject, SubjectKind, replay};
use cosell::domain::id::{DealNumber, GuildId};
use serde_json::Value;
use sha2::Digest;
use sqlx::{Connection, SqliteConnection};

use super::support::Stage;

mod edit;
mod wall;

const GLOBEX: &str = "/deal new account:Globex partner:Initech source:sourced evidence:Maria introduced us \
                      amount:120k close:15 Dec next_step:Discovery call due:+3d";

async fn connect(database: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap()
}

async fn count(stage: &Stage, table: &str) -> i64 {
    let mut connection = connect(&stage.database()).await;
    let query = format!("SELECT COUNT(*) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&mut connection).await.unwrap()
}

async fn deal(stage: &Stage, number: i64) -> Deal {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    workspace.find_deal(DealNumber(number)).await.unwrap().expect("the deal is there")
}

async fn events(stage: &Stage, number: i64) -> Vec<Event> {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    workspace.find_events(Subject { kind: SubjectKind::Deal, id: number }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_saved_is_said_only_after_a_durable_commit() {
    let stage = Stage::ready().await;
    let mut other = connect(&stage.database()).await;
    let mode: (i64, String) = (
        sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut other).await.unwrap(),
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut other).await.unwrap(),
    );
    assert_eq!(mode.1, "wal");
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let blocked = stage.says("rita", GLOBEX).await.text();
    assert!(!blocked.contains("Saved") && blocked.contains("nothing was changed"), "{blocked}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(count(&stage, "deal").await, 0, "what was not said to be saved is not there");
    let saved = stage.says("rita", GLOBEX).await.text();
    assert!(saved.contains("D-1"), "{saved}");
    assert_eq!(count(&stage, "deal").await, 1, "what was said to be saved can be read by another process");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_an_interaction_that_arrives_twice_has_one_effect() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    let before = (count(&stage, "deal").await, count(&stage, "event").await, count(&stage, "outbox").await);
    for _ in 0..5 {
        stage.sandbox.person("rita").redeliver_last().await;
    }
    stage.sandbox.quiet().await;
    assert_eq!(before, (count(&stage, "deal").await, count(&stage, "event").await, count(&stage, "outbox").await));
    // The database alone holds it too, when the process has forgotten what it saw.
    let restarted = stage.restart().await;
    restarted.sandbox.person("rita").redeliver_last().await;
    restarted.sandbox.quiet().await;
    assert_eq!(count(&restarted, "deal").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_an_owner_who_left_is_an_alarm() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    stage.sandbox.remove_person("rita");
    stage.wait_until("2026-11-03T10:00:00Z").await;
    let ops = stage.reads("#ops").join("\n");
    assert!(ops.contains("rita has left") && ops.contains("D-1"), "{ops}");
    stage.wait_until("2026-11-05T10:00:00Z").await;
    assert_eq!(stage.reads("#ops").join("\n").matches("rita has left").count(), 1, "told once");
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.contains("D-1"), "{doctor}");
    stage.says("lena", "/deal assign deal:D-1 owner:@ben").await;
    assert_eq!(deal(&stage, 1).await.version, events(&stage, 1).await.len() as i64);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_an_agenda_is_posted_once_and_a_missed_one_is_told() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    let schedule = "/review schedule name:Pipeline review channel:#reviews every:Every week weekday:Tuesday time:09:30";
    stage.says("lena", schedule).await;
    stage.wait_until("2026-11-03T08:30:00Z").await;
    stage.wait_until("2026-11-03T12:00:00Z").await;
    assert_eq!(stage.sandbox.channel("#reviews").len(), 1);
    let stage = stage.restart().await;
    stage.wait(Duration::minutes(5)).await;
    assert_eq!(stage.sandbox.channel("#reviews").len(), 1, "not again after a restart");
    // Down from before the second meeting until long after it.
    stage.bot.app().clock.set("2026-11-10T20:00:00Z".parse().unwrap());
    stage.wait(Duration::minutes(1)).await;
    assert_eq!(stage.sandbox.channel("#reviews").len(), 1, "too late to be of use");
    assert!(stage.reads("#ops").join("\n").contains("Pipeline review"), "{:?}", stage.reads("#ops"));
    stage.wait_until("2026-11-17T08:35:00Z").await;
    let agendas = stage.sandbox.channel("#reviews");
    assert_eq!(agendas.len(), 2);
    assert!(agendas[1].text().contains("10 Nov"), "the next one says so: {}", agendas[1].text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_an_agenda_that_is_a_little_late_is_posted() {
    let stage = Stage::ready().await;
    stage
        .says("lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:09:30")
        .await;
    stage.bot.app().clock.set("2026-11-03T12:29:00Z".parse().unwrap());
    stage.wait(Duration::minutes(1)).await;
    assert_eq!(stage.sandbox.channel("#reviews").len(), 1);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_a_level_is_told_once_and_nobody_is_pinged_twice_a_day() {
    let stage = Stage::ready().await;
    for account in ["Globex", "Umbrella", "Acme"] {
        let text = format!("/deal new account:{account} partner:Initech source:undecided next_step:Call them due:+1d");
        stage.says("rita", &text).await;
    }
    for day in 3..=24 {
        for hour in [9, 10, 13, 17] {
            stage.wait_until(&format!("2026-11-{day:02}T{hour:02}:05:00Z")).await;
        }
    }
    let nudges = stage.sandbox.channel("#nudges");
    let pings: Vec<String> = nudges
        .iter()
        .filter(|m| m.pinged.contains(&"rita".to_owned()))
        .map(|m| m.at.date_naive().to_string())
        .collect();
    let mut days = pings.clone();
    days.dedup();
    assert_eq!(pings, days, "at most one ping a day");
    let expected = ["2026-11-04", "2026-11-09", "2026-11-11", "2026-11-17"];
    assert_eq!(
        pings, expected,
        "level 1 and, three business days later, level 2; then their class, soon late and late"
    );
    let leads = nudges.iter().filter(|m| m.pinged.contains(&"Leads".to_owned())).count();
    assert_eq!(leads, 1, "level 3 goes to the leads, once");
    stage.finish().await;
}

/// The days of the reader's zone on which somebody was pinged, by name or with the lead role, in any channel or by direct
/// message; one entry a message.
fn pinged_on(stage: &Stage, who: &str, zone: chrono_tz::Tz) -> Vec<String> {
    let mut seen = stage.sandbox.dms(who);
    for channel in ["#nudges", "#reviews", "#ops", "#pipeline"] {
        let reaches = |name: &String| name == who || (name == "Leads" && ["lena", "ada"].contains(&who));
        seen.extend(stage.sandbox.channel(channel).into_iter().filter(|shown| shown.pinged.iter().any(reaches)));
    }
    let mut days: Vec<String> = seen.iter().map(|s| s.at.with_timezone(&zone).date_naive().to_string()).collect();
    days.sort();
    days
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_a_lead_who_owns_deals_is_not_pinged_by_name_and_with_the_role_on_one_day() {
    let stage = Stage::ready().await;
    // One is told after the leads' line, one before it, by direct message.
    stage.says("lena", "/my settings digest_hour:14").await;
    stage.says("ada", "/my settings timezone:tokyo direct_messages:true").await;
    let sourced = "source:sourced evidence:They brought us in next_step:Send it due:+30d";
    let closes = |who: &'static str, account: &'static str, day: u32| {
        (who, format!("/deal new account:{account} partner:Initech close:2026-11-{day:02} {sourced}"))
    };
    // The first level on the day after its close, the leads eight business days after that.
    let mut deals = vec![closes("rita", "Globex", 3), closes("rita", "Umbrella", 5), closes("rita", "Wayne", 9)];
    deals.extend([closes("lena", "Soylent", 15), closes("lena", "Hooli", 17), closes("ada", "Acme", 15)]);
    deals.extend([closes("ada", "Cyberdyne", 18), closes("lena", "Tyrell", 22)]);
    for (who, command) in deals {
        let shown = stage.says(who, &command).await.text();
        assert!(shown.contains("D-"), "{shown}");
    }
    let schedule = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Wednesday time:17:00";
    stage.says("lena", schedule).await;
    for day in 3..=30 {
        for hour in [0, 9, 14, 16, 20] {
            stage.wait_until(&format!("2026-11-{day:02}T{hour:02}:05:00Z")).await;
        }
    }
    for (who, zone) in [("lena", chrono_tz::Tz::Europe__London), ("ada", chrono_tz::Tz::Asia__Tokyo)] {
        let days = pinged_on(&stage, who, zone);
        let mut once = days.clone();
        once.dedup();
        assert_eq!(days, once, "{who} is pinged once a day");
        assert!(days.len() >= 5, "{days:?}");
    }
    let nudges = stage.sandbox.channel("#nudges");
    let role = nudges.iter().filter(|shown| shown.pinged.contains(&"Leads".to_owned())).count();
    assert!(role >= 2, "the leads are pinged: {role}");
    let told =
        stage.reads("#nudges").join("\n") + &stage.sandbox.dms("ada").iter().map(|s| s.text()).collect::<String>();
    for account in ["Soylent", "Hooli", "Tyrell", "Acme", "Cyberdyne"] {
        assert!(told.contains(account), "{account} was told of all the same: {told}");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_typed_text_pings_nobody_and_every_call_names_whom_it_means() {
    let stage = Stage::ready().await;
    let nasty = "@everyone <@&1> [click](https://evil.example) ``` **x**";
    let ben = stage.sandbox.person("ben").id();
    let text = format!(
        "/deal new account:{nasty} partner:Initech source:sourced evidence:@here <@{ben}> next_step:{nasty} due:+1d crm:{nasty}"
    );
    let answer = stage.says("rita", &text).await;
    assert_eq!(answer.pinged, Vec::<String>::new(), "{}", answer.content);
    stage.wait_until("2026-11-04T09:05:00Z").await;
    for channel in ["#pipeline", "#nudges", "#ops"] {
        for shown in stage.sandbox.channel(channel) {
            assert!(
                shown.pinged.iter().all(|who| who == "rita" || who == "lena"),
                "{channel} pinged {:?}",
                shown.pinged
            );
            assert!(!shown.text().contains("](https"), "a forged link: {}", shown.text());
        }
    }
    let silent: Vec<String> =
        stage.sandbox.requests().iter().filter(|r| !names_mentions(&r.body)).map(|r| r.path.clone()).collect();
    assert_eq!(silent, Vec::<String>::new(), "calls that leave mentions to a default");
    stage.finish().await;
}

/// Whether a body that carries a message says whom it may mention, and parses nothing.
fn names_mentions(body: &Value) -> bool {
    let message = if body["data"].is_object() { &body["data"] } else { body };
    let speaks = message.get("content").is_some() || message.get("embeds").is_some();
    !speaks || message["allowed_mentions"]["parse"].as_array().is_some_and(Vec::is_empty)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_the_log_is_append_only_and_states_are_its_replay() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    stage
        .says(
            "rita",
            "/deal update deal:D-1 note:They like it amount:130k close:20 Dec next_step:Send the offer due:+5d",
        )
        .await;
    stage.says("lena", "/deal stage deal:D-1 stage:Qualified reason:Known for years").await;
    stage.says("lena", "/deal won deal:D-1 amount:125k reason:Known for years").await;
    stage.says("lena", "/deal reopen deal:D-1 why:Signed the wrong version").await;
    stage.says("rita", "/deal lost deal:D-1 reason:Price").await;
    let events = events(&stage, 1).await;
    assert!(events.len() >= 8, "each change has its event: {}", events.len());
    let replayed: Deal = serde_json::from_value(replay(&events)).unwrap();
    assert_eq!(replayed, deal(&stage, 1).await);
    assert!(events.iter().all(|e| !e.after.is_empty() || e.text.is_some()));
    let mut connection = connect(&stage.database()).await;
    for tampering in ["DELETE FROM event", "UPDATE event SET actor = 9"] {
        let refused = sqlx::raw_sql(tampering).execute(&mut connection).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_what_does_not_fit_is_counted() {
    let stage = Stage::ready().await;
    for n in 0..60_u8 {
        // Names that are not alike, or each would be asked about.
        let name: String = format!("{:x}", sha2::Sha256::digest([n])).chars().take(40).collect();
        stage.says("rita", &format!("/deal new account:{name} partner:Initech source:undecided")).await;
    }
    let list = stage.says("rita", "/deal list").await;
    assert!(list.text().contains("60"), "{}", list.text());
    stage
        .says("lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:09:30")
        .await;
    stage.wait_until("2026-11-17T08:31:00Z").await;
    let agenda = stage.reads("#reviews").pop().expect("an agenda");
    assert!(agenda.contains("more"), "{agenda}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_11_money_is_an_integer_in_minor_units() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:120000.50").await;
    assert_eq!(deal(&stage, 1).await.amount, Some(12_000_050));
    let mut connection = connect(&stage.database()).await;
    let kind: String =
        sqlx::query_scalar("SELECT json_type(state, '$.amount') FROM deal").fetch_one(&mut connection).await.unwrap();
    assert_eq!(kind, "integer");
    let refused = stage.says("rita", "/deal update deal:D-1 amount:1.005").await.text();
    assert!(refused.contains("amount"), "{refused}");
    assert_eq!(deal(&stage, 1).await.amount, Some(12_000_050), "nothing was rounded");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_13_what_cannot_be_delivered_is_seen() {
    let stage = Stage::ready().await;
    stage.sandbox.delete_channel("#nudges");
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided next_step:Call due:+1d").await;
    stage.wait_until("2026-11-12T10:00:00Z").await;
    let told: Vec<String> = stage.reads("#ops").into_iter().filter(|text| text.contains("can't write to")).collect();
    assert_eq!(told.len(), 1, "one message in the ops channel: {told:?}");
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.to_lowercase().contains("deliver") || doctor.contains("can't"), "{doctor}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_another_workspaces_things_read_as_things_that_do_not_exist() {
    let stage = Stage::two_workspaces().await;
    stage.says("rita", GLOBEX).await;
    let stranger = stage.sandbox.person_in("Southwind", "rita");
    let own = stranger.slash("/deal view deal:D-1").await.text();
    let none = stranger.slash("/deal view deal:D-7").await.text();
    assert_eq!(own.replace("D-1", "D-7"), none);
    assert!(stranger.autocomplete("/deal view deal:glob").await.is_empty());
    assert!(stranger.autocomplete("/deal new account:glob").await.is_empty());
    for command in ["/deal update deal:D-1 note:Hello", "/deal lost deal:D-1 reason:Price", "/deal history deal:D-1"] {
        let text = stranger.slash(command).await.text();
        assert!(!text.contains("Globex"), "{command}: {text}");
    }
    assert_eq!(events(&stage, 1).await.len(), 1);
    // A button of the other server's own deal, rewritten to name this one's.
    let theirs = stranger.slash("/deal new account:Umbrella partner:Initech source:undecided").await.expect_message();
    let mut forged = theirs.clone();
    let text = serde_json::to_string(&theirs.components).unwrap();
    let text = text.replace(&stranger.guild().to_string(), &stage.guild().to_string());
    forged.components = serde_json::from_str(&text).unwrap();
    assert!(!forged.buttons().is_empty());
    for button in forged.buttons() {
        let reply = stranger.press(&forged, &button.label).await.text();
        assert!(!reply.contains("Globex"), "{} revealed: {reply}", button.label);
    }
    assert_eq!(events(&stage, 1).await.len(), 1, "nothing was changed");
    stage.finish().await;
}
