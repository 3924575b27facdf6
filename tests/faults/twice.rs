//! Rule 2, one interaction, one effect, and rule 12, concurrent edits lose nothing: events that Discord delivers again,
//! people who click twice, many who edit one deal at once, and buttons from before a restart.

use std::collections::BTreeMap;

use cosell::domain::deal::Deal;
use cosell::domain::event::{Event, Subject, SubjectKind, replay};
use cosell::domain::id::{DealNumber, GuildId};
use cosell::sandbox::{Forged, Reply, Server, Shown, World};
use futures::future::join_all;
use sqlx::{Connection, SqliteConnection};

use super::crawl::{self, Found};
use super::manifest::{self, ids_of};
use super::seed::{chance, rounds};
use super::support::{Stage, set_up};

const GLOBEX: &str = "/deal new account:Globex partner:Initech source:undecided next_step:Call due:+1d";

async fn connect(stage: &Stage) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", stage.database().display())).await.unwrap()
}

/// How many events each interaction of a workspace made.
async fn effects(stage: &Stage, guild: i64) -> BTreeMap<i64, i64> {
    let query =
        "SELECT interaction_id, COUNT(*) FROM event WHERE guild_id = ? AND interaction_id IS NOT NULL GROUP BY 1";
    let rows: Vec<(i64, i64)> = sqlx::query_as(query).bind(guild).fetch_all(&mut connect(stage).await).await.unwrap();
    rows.into_iter().collect()
}

/// How many events of each kind a workspace has.
async fn kinds(stage: &Stage, guild: i64) -> BTreeMap<String, i64> {
    let query = "SELECT subject_kind || ' ' || kind, COUNT(*) FROM event WHERE guild_id = ? GROUP BY 1";
    let rows: Vec<(String, i64)> =
        sqlx::query_as(query).bind(guild).fetch_all(&mut connect(stage).await).await.unwrap();
    rows.into_iter().collect()
}

async fn deal(stage: &Stage, number: i64) -> (Deal, Vec<Event>) {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    let found = workspace.find_deal(DealNumber(number)).await.unwrap().expect("the deal is there");
    let events = workspace.find_events(Subject { kind: SubjectKind::Deal, id: number }).await.unwrap();
    (found, events)
}

/// A review and two deals, and a file to attach.
pub async fn fill(stage: &Stage, server: &str) {
    stage.sandbox.put_at_hand(manifest::FILE, manifest::CSV);
    let (lena, rita) = (stage.sandbox.person_in(server, "lena"), stage.sandbox.person_in(server, "rita"));
    let weekly = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Wednesday time:11:00";
    lena.slash(weekly).await.expect_message();
    for account in ["Globex", "Umbrella"] {
        let new = format!("/deal new account:{account} partner:Initech source:undecided close:3 Nov");
        rita.slash(&new).await.expect_message();
    }
}

/// The agenda and the reminder that a filled server was sent by Wednesday.
async fn posts(stage: &Stage, server: &str) -> Vec<Shown> {
    stage.wait_until("2026-11-04T10:05:00Z").await;
    let posts = [stage.sandbox.channel_in(server, "#reviews"), stage.sandbox.channel_in(server, "#nudges")].concat();
    assert!(posts.len() >= 2, "{posts:?}");
    posts
}

async fn crawled(stage: &Stage) -> Found {
    fill(stage, "Northwind").await;
    let posts = posts(stage, "Northwind").await;
    let found = crawl::everything(&stage.sandbox.person("ada"), &ids_of(stage, "Northwind"), &posts, 1).await;
    assert!(found.controls.len() > 80 && found.forms.len() > 12, "{} {}", found.controls.len(), found.forms.len());
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_every_command_button_and_form_that_comes_again_has_one_effect() {
    let stage = Stage::ready().await;
    crawled(&stage).await;
    stage.sandbox.quiet().await;
    let before = effects(&stage, stage.guild()).await;
    assert!(before.len() > 40, "{}", before.len());
    stage.sandbox.redeliver_all();
    stage.says("rita", "/help").await;
    assert_eq!(effects(&stage, stage.guild()).await, before);
    assert_eq!(stage.sandbox.unexpected(), Vec::<String>::new(), "nor is anything answered twice");
    // The process has forgotten what it saw; the database has not.
    let stage = stage.restart().await;
    stage.sandbox.redeliver_all();
    stage.says("rita", "/help").await;
    stage.sandbox.quiet().await;
    let mut after = effects(&stage, stage.guild()).await;
    after.retain(|interaction, _| before.contains_key(interaction));
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_an_event_delivered_a_thousand_times_at_once_has_one_effect() {
    let stage = Stage::ready().await;
    let rita = stage.sandbox.person("rita");
    let again = async || {
        for _ in 0..1_000 {
            rita.redeliver_last().await;
        }
    };
    let (saved, ()) = tokio::join!(rita.slash(GLOBEX), again());
    let saved = saved.expect_message();
    let (form, ()) = tokio::join!(rita.slash("/deal update deal:D-1"), again());
    let form = form.expect_form();
    tokio::join!(rita.submit(&form, &[("Note", "They called")]), again()).0.expect_message();
    let (undone, ()) = tokio::join!(rita.press(&saved, "Undo"), again());
    assert!(undone.text().contains("changed"), "it has a note since: {}", undone.text());
    stage.sandbox.quiet().await;
    let (deal, events) = deal(&stage, 1).await;
    let notes = events.iter().filter(|event| event.text.as_deref() == Some("They called")).count();
    assert_eq!((notes, deal.version), (1, events.len() as i64));
    assert_eq!(rita.private().len(), 3, "one answer each");
    stage.finish().await;
}

/// Everything that can be pressed is pressed once in one server, and five times at once in another that is like it.
#[tokio::test(flavor = "multi_thread")]
async fn rule_2_who_clicks_five_times_at_once_does_it_once() {
    let servers = [("Northwind", 1), ("Southwind", 5)];
    let stage = Stage::in_world(World::new(servers.map(|(name, _)| Server::company(name)).to_vec())).await;
    for (server, _) in servers {
        set_up(&stage.sandbox.person_in(server, "ada")).await;
        let lena = stage.sandbox.person_in(server, "lena");
        for partner in ["Initech", "Hooli"] {
            lena.slash(&format!("/partner add name:{partner} manager:@lena")).await.expect_message();
        }
        fill(&stage, server).await;
    }
    let mut told = Vec::new();
    for (server, times) in servers {
        let (ada, posts) = (stage.sandbox.person_in(server, "ada"), posts(&stage, server).await);
        crawl::everything(&ada, &ids_of(&stage, server), &posts, times).await;
        told.push(kinds(&stage, ada.guild().0 as i64).await);
    }
    assert_eq!(told[0], told[1]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_fifty_different_edits_of_one_deal_at_once_lose_nothing() {
    let mut rng = chance("edits");
    for _ in 0..rounds(2) {
        let stage = Stage::ready().await;
        stage.says("rita", GLOBEX).await;
        let edit = |n: i64, rng: &mut fastrand::Rng| match rng.u8(0..6) {
            0 => format!("/deal update deal:D-1 note:Note number {n}"),
            1 => format!("/deal update deal:D-1 amount:{}k", n + 100),
            2 => format!("/deal update deal:D-1 next_step:Step number {n} due:+{}d", n % 9 + 1),
            3 => format!("/deal update deal:D-1 close:+{}d", n + 10),
            4 => format!("/deal assign deal:D-1 backup:@{}", if n % 2 == 0 { "ana" } else { "ben" }),
            _ => "/deal stage deal:D-1 stage:Qualified reason:We know them".to_owned(),
        };
        let edits: Vec<String> = (0..50).map(|n| edit(n, &mut rng)).collect();
        let lena = stage.sandbox.person("lena");
        let replies = join_all(edits.iter().map(|edit| lena.slash(edit))).await;
        let (deal, events) = deal(&stage, 1).await;
        let effects = effects(&stage, stage.guild()).await;
        let saved = replies.iter().filter(|reply| reply.text().contains("Saved")).count();
        let of_deal: std::collections::BTreeSet<_> = events.iter().map(|event| event.interaction).collect();
        assert!(saved > 20 && effects.len() > saved, "{saved}");
        assert_eq!(of_deal.len(), saved + 1, "what was said to be saved has its events, and nothing else has");
        let replayed: Deal = serde_json::from_value(replay(&events)).unwrap();
        assert_eq!((&replayed, deal.version), (&deal, events.len() as i64));
        // Each event begins where the one before it ended.
        for (at, event) in events.iter().enumerate().skip(1) {
            let before = replay(&events[..at]);
            for (field, value) in &event.before {
                assert_eq!(&before[field], value, "{field} of event {at}");
            }
        }
        stage.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_of_fifty_forms_on_one_version_one_is_taken_and_the_others_get_their_text_back() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    let lena = stage.sandbox.person("lena");
    let forms = join_all((0..50).map(|_| lena.slash("/deal update deal:D-1"))).await;
    let forms: Vec<_> = forms.into_iter().map(Reply::expect_form).collect();
    let texts: Vec<String> = (0..50).map(|n| format!("Step number {n:02}")).collect();
    let replies = join_all(
        forms
            .iter()
            .zip(&texts)
            .map(async |(form, text)| lena.submit(form, &[("Next step", text), ("Due", "+3d")]).await),
    )
    .await;
    let saved = replies.iter().filter(|reply| reply.text().contains("Saved.")).count();
    assert_eq!(saved, 1);
    let (deal, events) = deal(&stage, 1).await;
    let kept = deal.next_step.expect("a step").text;
    for (reply, text) in replies.iter().zip(&texts).filter(|(reply, _)| !reply.text().contains("Saved.")) {
        let said = reply.text();
        assert!(said.contains(text.as_str()) && said.contains(&kept) && said.contains("[Try again]"), "{said}");
    }
    assert_eq!(deal.version, events.len() as i64);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_and_forms_from_before_a_restart_work_or_say_that_they_are_out_of_date() {
    let stage = Stage::ready().await;
    let found = crawled(&stage).await;
    let ids = ids_of(&stage, "Northwind");
    let stage = stage.restart().await;
    stage.wait(chrono::Duration::minutes(5)).await;
    let ada = stage.sandbox.person("ada");
    for control in &found.controls {
        let reply = ada.forge(Forged::Control(control.on.clone(), control.ordinary(&ids))).await;
        let said = reply.text();
        let answered = !matches!(reply, Reply::Refused(_) | Reply::Client(_)) || said.contains("The message is gone");
        assert!(answered && !said.contains("went wrong"), "{}: {said}", control.id);
    }
    for form in &found.forms {
        let said = ada.submit(form, &[]).await.text();
        assert!(!said.contains("went wrong") && !said.contains("interaction failed"), "{}: {said}", form.custom_id);
    }
    stage.finish().await;
}
