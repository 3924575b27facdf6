//! Rule 8: the state of every deal, and of everything else that has events, is what its events lead to, over generated
//! sequences of commands, buttons, forms and time.

use chrono::Duration;
use cosell::domain::event::{Event, Subject, SubjectKind, replay};
use cosell::domain::id::GuildId;
use cosell::sandbox::{Forged, Reply};
use fastrand::Rng;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use super::crawl::{Found, sent};
use super::manifest::{self, Ids, Slash, ids_of};
use super::seed::{chance, rounds};
use super::support::Stage;

/// Steps of a sequence.
const STEPS: usize = 300;

/// Tables of states, and what their events are about.
const STATES: [(&str, SubjectKind); 9] = [
    ("deal", SubjectKind::Deal),
    ("account", SubjectKind::Account),
    ("partner", SubjectKind::Partner),
    ("review", SubjectKind::Review),
    ("member", SubjectKind::Member),
    ("handover", SubjectKind::Handover),
    ("meeting", SubjectKind::Meeting),
    ("item", SubjectKind::Item),
    ("workspace", SubjectKind::Workspace),
];

fn pick(rng: &mut Rng, from: &[&str]) -> Value {
    json!(from[rng.usize(0..from.len())])
}

/// A value for an option, from few enough that commands meet.
fn drawn(option: &Value, ids: &Ids, stage: &Stage, rng: &mut Rng) -> Value {
    let choices = manifest::list(&option["choices"]);
    if !choices.is_empty() {
        return choices[rng.usize(0..choices.len())]["value"].clone();
    }
    match (manifest::kind(option), manifest::text(&option["name"])) {
        (4, _) => {
            let bound = |name: &str, or: i64| option[name].as_i64().unwrap_or(or);
            json!(rng.i64(bound("min_value", 0)..=bound("max_value", 60)))
        }
        (5, _) => json!(rng.bool()),
        (6, _) => {
            let who = rng.choice(["rita", "ben", "ana", "lena"]).unwrap_or("rita");
            json!(stage.sandbox.person(who).id())
        }
        (3, "deal") => json!(format!("D-{}", rng.u8(1..6))),
        (3, "account" | "merge_into" | "rename") => {
            pick(rng, &["Globex", "Umbrella", "Soylent", "Tyrell", "Vandelay", "Cyberdyne"])
        }
        (3, "partner") => pick(rng, &["Initech", "Hooli"]),
        (3, "stage") => {
            pick(rng, &["Prospect", "Qualified", "Technical Validation", "Business Validation", "Committed"])
        }
        (3, "amount" | "spiff") => json!(format!("{}k", rng.u8(1..200))),
        (3, "close" | "due" | "until" | "to" | "starts") => json!(format!("+{}d", rng.u8(1..40))),
        (3, "on" | "from") => pick(rng, &["today", "today", "yesterday"]),
        _ => manifest::sample(option, ids),
    }
}

fn command(slash: &Slash, ids: &Ids, stage: &Stage, rng: &mut Rng) -> Value {
    let mut given = Vec::new();
    for option in &slash.options {
        let helps = matches!(manifest::text(&option["name"]), "reason" | "evidence" | "why");
        if manifest::is_required(option) || helps || rng.u8(0..5) < 2 {
            given.push(manifest::given(option, drawn(option, ids, stage, rng)));
        }
    }
    slash.data(given)
}

/// What is done most, and now and then everything else.
fn drawn_slash<'s>(all: &'s [Slash], rng: &mut Rng) -> &'s Slash {
    let deals: Vec<&Slash> = all.iter().filter(|slash| slash.path[0] == "deal").collect();
    if rng.u8(0..4) > 0 { deals[rng.usize(0..deals.len())] } else { &all[rng.usize(0..all.len())] }
}

/// One step: a command, something that a reply led to, or a while.
async fn step(stage: &Stage, all: &[Slash], found: &mut Found, rng: &mut Rng) {
    let ids = ids_of(stage, "Northwind");
    let who = stage.sandbox.person(rng.choice(["ada", "lena", "lena", "rita"]).unwrap_or("ada"));
    let reply = match rng.u8(0..10) {
        0 if rng.bool() => {
            stage.wait(Duration::hours(rng.i64(1..30))).await;
            return;
        }
        1..=3 if !found.controls.is_empty() => {
            let control = found.controls.swap_remove(rng.usize(0..found.controls.len()));
            let who = control.on.only_for.as_deref().map_or(who, |name| stage.sandbox.person(name));
            who.forge(Forged::Control(control.on.clone(), control.ordinary(&ids))).await
        }
        4 if !found.forms.is_empty() => {
            let form = found.forms.swap_remove(rng.usize(0..found.forms.len()));
            who.forge(Forged::Form(sent(&form))).await
        }
        _ => who.forge(Forged::Command(command(drawn_slash(all, rng), &ids, stage, rng))).await,
    };
    assert!(!reply.text().contains("went wrong"), "{}", reply.text());
    if let Reply::Message(_) | Reply::Form(_) = &reply {
        *found = found.with(&reply);
    }
}

async fn events(stage: &Stage, kind: SubjectKind, id: i64) -> Vec<Event> {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    workspace.find_events(Subject { kind, id }).await.unwrap()
}

/// A state without what is not known of it, which an event doesn't tell.
fn known(mut state: Value) -> Value {
    state.as_object_mut().expect("a state has fields").retain(|_, value| !value.is_null());
    state
}

/// Compares every state with the replay of its events; gives how many there are and of how many events.
async fn check(stage: &Stage) -> (usize, usize) {
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", stage.database().display())).await.unwrap();
    let (mut states, mut count) = (0, 0);
    for (table, kind) in STATES {
        let query = format!("SELECT state FROM {table} WHERE guild_id = ?");
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .bind(stage.guild())
            .fetch_all(&mut connection)
            .await
            .unwrap();
        for state in found {
            let state: Value = serde_json::from_str(&state).unwrap();
            let id = state["number"].as_i64().or(state["id"].as_i64()).unwrap_or(1);
            let events = events(stage, kind, id).await;
            assert_eq!(known(replay(&events)), known(state.clone()), "{table} {id} after {} events", events.len());
            if let Some(version) = state["version"].as_i64() {
                assert_eq!(version, events.len() as i64, "{table} {id}");
            }
            (states, count) = (states + 1, count + events.len());
        }
    }
    (states, count)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_every_state_is_the_replay_of_its_events() {
    let mut rng = chance("replay");
    let all = manifest::slash_commands();
    for _ in 0..rounds(2) {
        let stage = Stage::ready().await;
        stage.sandbox.put_at_hand(manifest::FILE, manifest::CSV);
        for account in ["Globex", "Umbrella", "Soylent", "Tyrell"] {
            let new = format!("/deal new account:{account} partner:Initech source:undecided amount:20k close:+30d");
            stage.says("rita", &new).await;
        }
        let mut found = Found::default();
        for _ in 0..STEPS {
            step(&stage, &all, &mut found, &mut rng).await;
        }
        let (states, events) = check(&stage).await;
        eprintln!("replay: {states} states of {events} events");
        assert!(states >= 10 && events > 40, "{states} states of {events} events");
        stage.finish().await;
    }
}
