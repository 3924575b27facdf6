//! What is taken from the bot: channels, roles, members, permissions, the server itself, for good or for a while. Sends
//! stop, one message tells an admin, other workspaces don't notice, and what comes back is used again.

use std::collections::BTreeMap;

use cosell::sandbox::{Forged, Reply, Server, World, permission};
use rstest::rstest;

use super::rows::rows_of;
use super::support::{Stage, set_up};

/// Two servers with the same people, each with deals that stall one after the other and a weekly review.
async fn two() -> Stage {
    let stage = Stage::in_world(World::new(vec![Server::company("Northwind"), Server::company("Southwind")])).await;
    for server in ["Northwind", "Southwind"] {
        set_up(&stage.sandbox.person_in(server, "ada")).await;
        let lena = stage.sandbox.person_in(server, "lena");
        lena.slash("/partner add name:Initech manager:@lena").await.expect_message();
        let weekly = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Wednesday time:11:00";
        lena.slash(weekly).await.expect_message();
        for (who, account, day) in [("rita", "Globex", 3), ("ben", "Umbrella", 5), ("ana", "Soylent", 9)] {
            let new = format!(
                "/deal new account:{account} partner:Initech source:sourced evidence:They asked us in next_step:Call due:+30d close:2026-11-{day:02}"
            );
            stage.sandbox.person_in(server, who).slash(&new).await.expect_message();
        }
    }
    stage
}

/// Passes the hours at which something is due, up to a day of November.
async fn until(stage: &Stage, day: u32) {
    let first: u32 = stage.sandbox.now().format("%-d").to_string().parse().expect("a day");
    for day in first..=day {
        for hour in [9, 10, 12] {
            let at = format!("2026-11-{day:02}T{hour:02}:05:00Z");
            if at.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant") > stage.sandbox.now() {
                stage.wait_until(&at).await;
            }
        }
    }
}

fn said_in(stage: &Stage, server: &str, channel: &str) -> Vec<String> {
    stage.sandbox.channel_in(server, channel).iter().map(|shown| shown.text()).collect()
}

/// Which channels got how many posts of a server that nothing happened to.
fn unharmed(stage: &Stage) -> Vec<usize> {
    ["#pipeline", "#nudges", "#reviews", "#ops"].map(|channel| said_in(stage, "Southwind", channel).len()).to_vec()
}

/// How often each message was sent to a channel, by its nonce.
fn tries(stage: &Stage, channel: &str) -> BTreeMap<String, usize> {
    let mut tries = BTreeMap::new();
    for request in stage.sandbox.requests() {
        if request.method == "POST" && request.path.contains(channel) && request.path.ends_with("/messages") {
            *tries.entry(request.body["nonce"].to_string()).or_default() += 1;
        }
    }
    tries
}

fn channel(stage: &Stage, name: &str) -> String {
    let found = stage.sandbox.channel_id(stage.sandbox.guild_id("Northwind"), name);
    format!("/channels/{}/", found.expect("a channel"))
}

/// What the other server gets when nothing happens to either.
async fn ordinary(day: u32) -> Vec<usize> {
    let stage = two().await;
    until(&stage, day).await;
    let got = unharmed(&stage);
    assert!(got[1] > 2 && got[2] > 0, "{got:?}");
    assert_eq!(got, ["#pipeline", "#nudges", "#reviews", "#ops"].map(|c| stage.reads(c).len()), "both are alike");
    got
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Harm {
    Deleted,
    Denied(u64),
}

fn harm(stage: &Stage, channel: &str, harm: Harm) {
    match harm {
        Harm::Deleted => stage.sandbox.delete_channel(channel),
        Harm::Denied(bits) => stage.sandbox.set_permissions(channel, bits),
    }
}

#[rstest]
#[case::deleted("#nudges", Harm::Deleted)]
#[case::no_sending("#nudges", Harm::Denied(permission::SEND_MESSAGES))]
#[case::no_seeing("#pipeline", Harm::Denied(permission::VIEW_CHANNEL))]
#[case::no_embeds("#reviews", Harm::Denied(permission::EMBED_LINKS))]
#[tokio::test(flavor = "multi_thread")]
async fn rule_13_a_channel_that_is_closed_is_told_once_and_hurts_nobody_else(#[case] name: &str, #[case] what: Harm) {
    let expected = ordinary(12).await;
    let stage = two().await;
    let place = channel(&stage, name);
    harm(&stage, name, what);
    until(&stage, 12).await;
    let tried = tries(&stage, &place);
    assert!(!tried.is_empty() && tried.values().all(|times| *times == 1), "nothing is tried again: {tried:?}");
    let told: Vec<String> = stage.reads("#ops").into_iter().filter(|text| text.contains("can't write to")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(unharmed(&stage), expected, "the other workspace goes on");
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.contains("deliver") || doctor.contains("can't"), "{doctor}");
    if let Harm::Denied(_) = what {
        harm(&stage, name, Harm::Denied(0));
        let before = stage.sandbox.channel(name).len();
        stage.says("rita", "/deal new account:Tyrell partner:Initech source:undecided close:2026-11-13").await;
        until(&stage, 19).await;
        assert!(stage.sandbox.channel(name).len() > before, "it is used again");
        harm(&stage, name, what);
        stage.says("rita", "/deal new account:Wonka partner:Initech source:undecided close:2026-11-20").await;
        until(&stage, 27).await;
        let told = stage.reads("#ops").into_iter().filter(|text| text.contains("can't write to")).count();
        assert_eq!(told, 2, "and told of when it is closed once more");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ops_channel_that_is_gone_is_seen_in_doctor_and_makes_no_noise() {
    let stage = two().await;
    let (ops, nudges) = (channel(&stage, "#ops"), channel(&stage, "#nudges"));
    stage.sandbox.delete_channel("#ops");
    stage.sandbox.delete_channel("#nudges");
    until(&stage, 12).await;
    let tried = (tries(&stage, &ops), tries(&stage, &nudges));
    assert!(tried.0.len() <= 1 && tried.0.values().all(|times| *times == 1), "{tried:?}");
    assert!(tried.1.values().all(|times| *times == 1), "{tried:?}");
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.contains("ops") || doctor.contains("Alerts"), "{doctor}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_deleted_takes_its_rights_and_pings_nobody() {
    let expected = ordinary(20).await;
    let stage = two().await;
    let card = stage.says("rita", "/deal view deal:D-1").await;
    let rows = rows_of(&stage, stage.guild()).await.into_iter().filter(|row| row.starts_with("deal:"));
    let deals: Vec<String> = rows.collect();
    stage.sandbox.delete_role("Leads");
    stage.sandbox.delete_role("Reps");
    let controls = card.buttons().into_iter().filter_map(|button| button.custom_id);
    for id in controls.collect::<Vec<_>>() {
        let data = serde_json::json!({"custom_id": id, "component_type": 2});
        let reply = stage.sandbox.person("rita").forge(Forged::Control(card.clone(), data)).await;
        assert!(matches!(&reply, Reply::Message(shown) if !shown.text().contains("Saved")), "{id}: {reply:?}");
    }
    let rows = rows_of(&stage, stage.guild()).await.into_iter().filter(|row| row.starts_with("deal:"));
    assert_eq!(rows.collect::<Vec<_>>(), deals, "buttons from before change nothing");
    until(&stage, 20).await;
    let refused = stage.says("rita", "/deal new account:Tyrell partner:Initech source:undecided").await.text();
    assert!(!refused.contains("Saved"), "{refused}");
    for shown in stage.sandbox.channel("#nudges") {
        assert!(
            shown.pinged.iter().all(|who| ["rita", "ben", "ana", "lena"].contains(&who.as_str())),
            "{:?}",
            shown.pinged
        );
    }
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.to_lowercase().contains("lead"), "{doctor}");
    assert_eq!(unharmed(&stage), expected);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_who_leaves_one_server_is_unowned_there_and_reminded_in_the_other() {
    let stage = two().await;
    stage.sandbox.remove_person("rita");
    until(&stage, 6).await;
    let pings = |server: &str| {
        let nudges = stage.sandbox.channel_in(server, "#nudges");
        nudges.iter().filter(|shown| shown.pinged.contains(&"rita".to_owned())).count()
    };
    assert_eq!((pings("Northwind"), pings("Southwind")), (0, 1));
    let told = stage.reads("#ops").into_iter().filter(|text| text.contains("rita has left")).count();
    assert_eq!((told, said_in(&stage, "Southwind", "#ops").len()), (1, 0));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_was_removed_says_nothing_until_it_is_invited_again() {
    let expected = ordinary(13).await;
    let stage = two().await;
    until(&stage, 4).await;
    let rows = rows_of(&stage, stage.guild()).await.len();
    stage.sandbox.remove_bot("Northwind");
    assert!(
        stage.sandbox.person_in("Southwind", "ada").slash("/help").await.message().is_some(),
        "the removal is taken"
    );
    let of_northwind: Vec<String> =
        ["#pipeline", "#nudges", "#reviews", "#ops"].map(|name| channel(&stage, name)).to_vec();
    let asked = |stage: &Stage| {
        let requests = stage.sandbox.requests();
        requests.iter().filter(|request| of_northwind.iter().any(|channel| request.path.contains(channel))).count()
    };
    let before = asked(&stage);
    until(&stage, 12).await;
    assert_eq!(asked(&stage), before, "nothing is sent there");
    assert!(rows_of(&stage, stage.guild()).await.len() >= rows, "nothing is deleted");
    stage.sandbox.restore("Northwind");
    stage.says("ada", "/help").await;
    until(&stage, 13).await;
    assert_eq!(unharmed(&stage), expected, "the other workspace goes on");
    let nudged: Vec<String> = stage.reads("#nudges");
    assert!(nudged.iter().any(|text| text.contains("Umbrella")), "what stalled meanwhile is told: {nudged:?}");
    let of_ben = stage.sandbox.channel("#nudges").into_iter().filter(|shown| shown.pinged.contains(&"ben".to_owned()));
    let days: Vec<String> = of_ben.map(|shown| shown.at.date_naive().to_string()).collect();
    let mut once = days.clone();
    once.dedup();
    assert_eq!(days, once, "one ping a day");
    let told = stage.reads("#ops").join("\n");
    assert!(told.contains("Weekly"), "the agenda that was missed is told: {told}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_a_server_deletes_nothing_and_delays_what_is_due() {
    let expected = ordinary(12).await;
    let stage = two().await;
    until(&stage, 3).await;
    let (before, nudged) = (rows_of(&stage, stage.guild()).await, stage.reads("#nudges").len());
    stage.sandbox.outage("Northwind");
    stage.sandbox.person_in("Southwind", "ada").slash("/help").await.expect_message();
    let kept: Vec<String> = rows_of(&stage, stage.guild()).await;
    assert_eq!(kept, before, "the outage itself changes nothing");
    stage.wait_until("2026-11-04T11:30:00Z").await;
    assert_eq!(stage.reads("#nudges").len(), nudged);
    stage.sandbox.restore("Northwind");
    stage.says("ada", "/help").await;
    stage.wait_until("2026-11-04T12:05:00Z").await;
    assert_eq!(
        (stage.reads("#nudges").len(), stage.reads("#reviews").len()),
        (nudged + 1, 1),
        "what was due comes once"
    );
    let longest = tries(&stage, &channel(&stage, "#nudges")).into_values().max().unwrap_or_default();
    assert!(longest <= 20, "it was asked for {longest} times in two and a half hours");
    until(&stage, 12).await;
    assert_eq!(unharmed(&stage), expected);
    let both = ["#pipeline", "#nudges", "#reviews", "#ops"].map(|name| stage.reads(name).len());
    assert_eq!(both.to_vec(), expected, "and all goes on as if nothing had been");
    stage.finish().await;
}
