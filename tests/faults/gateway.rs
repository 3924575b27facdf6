//! The gateway out of order, and the real process: it answers again, or ends with the code that tells why.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use cosell::config::{ApiUrl, Token};
use cosell::discord::end::End;
use cosell::discord::rest::interaction_http;
use cosell::discord::watchdog::{Limits, Link, keep_watch};
use cosell::sandbox::{Disconnect, Sandbox, World};
use rstest::rstest;
use serenity::client::ClientBuilder;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::watch;
use tokio::time::timeout;

use super::place::Place;
use super::seed::rounds;
use super::support::process::stand_in;
use super::support::say_once;

/// How soon commands are answered again.
const SOON: Duration = Duration::from_secs(15);
/// The same where the watchdog has to end the process first.
const WITH_WATCHDOG: Duration = Duration::from_secs(60);
/// How soon a process ends that a restart would not help.
const AT_ONCE: Duration = Duration::from_secs(5);

#[rstest]
#[case::asked_to_reconnect(Disconnect::Reconnect)]
#[case::session_invalid(Disconnect::InvalidSession)]
#[case::cut(Disconnect::Cut)]
#[case::closed_for_an_unknown_reason(Disconnect::Close(4000))]
#[case::closed_as_timed_out(Disconnect::Close(4009))]
#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_connection_commands_are_answered_within_fifteen_seconds(#[case] how: Disconnect) {
    let (place, running) = Place::ready().await;
    for round in 0..rounds(1).min(5) {
        let before = place.sandbox.connections();
        place.sandbox.disconnect_gateway(how);
        let since = Instant::now();
        place.sandbox.wait_until(SOON, |s| s.connections() != before).await;
        let answer = timeout(SOON, place.says_until_answered("rita", "/deal list")).await;
        let answer = answer.unwrap_or_else(|_| panic!("{how:?}, round {round}: {}", running.said()));
        assert!(since.elapsed() < SOON, "{how:?} took {:?}", since.elapsed());
        assert!(answer.contains("deals"), "{answer}");
        eprintln!("gateway: {how:?}: answered after {:?}", since.elapsed());
    }
    assert!(running.stop().await.success());
}

#[rstest]
#[case::token_refused(4004, 14)]
#[case::invalid_shard(4010, 20)]
#[case::sharding_required(4011, 21)]
#[case::invalid_version(4012, 22)]
#[case::invalid_intents(4013, 23)]
#[case::disallowed_intents(4014, 24)]
#[tokio::test(flavor = "multi_thread")]
async fn a_final_close_code_ends_the_process_at_once(#[case] close: u16, #[case] exit: i32) {
    let place = Place::new().await;
    (0..10).for_each(|_| place.sandbox.refuse_identify(close));
    let running = place.spawn();
    assert!(place.sandbox.wait_until(SOON, |s| s.connections().identified == 1).await, "{}", running.said());
    let status = timeout(AT_ONCE, running.ended()).await.expect("it ends");
    assert_eq!((status.code(), place.sandbox.connections().identified), (Some(exit), 1));
}

#[rstest]
#[case::token_refused(4004, 14)]
#[case::invalid_shard(4010, 20)]
#[case::disallowed_intents(4014, 24)]
#[tokio::test(flavor = "multi_thread")]
async fn a_final_close_code_ends_a_process_that_was_connected(#[case] close: u16, #[case] exit: i32) {
    let place = Place::new().await;
    let running = place.start().await;
    place.sandbox.disconnect_gateway(Disconnect::Close(close));
    let status = timeout(AT_ONCE, running.ended()).await.expect("it ends");
    assert_eq!((status.code(), place.sandbox.connections().identified), (Some(exit), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_refused_end_the_process_before_a_third_is_asked_for() {
    let place = Place::new().await;
    (0..10).for_each(|_| place.sandbox.refuse_identify(4000));
    let status = place.spawn().ended().await;
    assert_eq!(status.code(), Some(31));
    let identified = place.sandbox.connections().identified;
    assert!((1..=2).contains(&identified), "{identified} sessions");
}

/// The limits of the watchdog, scaled as the heartbeat is.
fn limits(heartbeat: Duration) -> Limits {
    let scaled = |limit: Duration| limit.mul_f64(heartbeat.as_secs_f64() / 41.25);
    let Limits { silence, unconnected, .. } = Limits::DISCORD;
    Limits {
        silence: scaled(silence),
        unconnected: scaled(unconnected),
        look: Duration::from_millis(1),
        ..Limits::DISCORD
    }
}

/// Connects a client with no handler and watches it until it ends; `disturb` comes once it is connected.
async fn watched(sandbox: &Sandbox, limits: Limits, disturb: impl AsyncFnOnce()) -> End {
    let (api, token) = (ApiUrl::parse(&sandbox.url()).unwrap(), Token::parse(sandbox.token()).unwrap());
    let http = interaction_http(&api, &token).unwrap();
    let mut client = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS).await.unwrap();
    let runners = Arc::clone(&client.shard_manager.runners);
    let (link, mut told) = watch::channel(Link::Down);
    let disturbed = async {
        told.wait_for(|link| *link == Link::Up).await.map(drop).unwrap();
        disturb().await;
        std::future::pending::<()>().await;
    };
    let end = async {
        tokio::select! {
            outcome = client.start() => End::of_start(outcome),
            end = keep_watch(limits, vec![0], runners, link) => end,
            () = disturbed => unreachable!("it is pending"),
        }
    };
    timeout(Duration::from_secs(30), end).await.expect("it ends")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_falls_silent_ends_the_process_before_the_second_heartbeat_is_missed() {
    let heartbeat = Duration::from_secs(2);
    let sandbox = stand_in(World::seeded().heartbeat(heartbeat)).await;
    let end = watched(&sandbox, limits(heartbeat), async || {
        // One that is acknowledged in time is a sign of life.
        tokio::time::sleep(heartbeat * 2).await;
        sandbox.silence_gateway();
    });
    assert_eq!(end.await, End::Silent);
    assert_eq!(sandbox.connections().identified, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_takes_the_connection_and_says_nothing_ends_the_process() {
    let heartbeat = Duration::from_secs(2);
    let sandbox = stand_in(World::seeded().heartbeat(heartbeat)).await;
    let end = watched(&sandbox, limits(heartbeat), async || {
        sandbox.silence_gateway();
        sandbox.disconnect_gateway(Disconnect::Cut);
    });
    assert_eq!(end.await, End::Silent);
    assert_eq!(sandbox.connections().identified, 1);
}

#[rstest]
#[case::silent(None, "silent")]
#[case::half_open(Some(Disconnect::Cut), "silent")]
#[case::closed_as_not_authenticated(Some(Disconnect::Close(4003)), "speaking")]
#[tokio::test(flavor = "multi_thread")]
async fn with_the_watchdog_commands_are_answered_within_a_minute(#[case] how: Option<Disconnect>, #[case] then: &str) {
    static SAID: OnceLock<()> = OnceLock::new();
    if rounds(0) == 0 {
        let skipped = "SKIPPED: a silent gateway is met with Discord's own heartbeat only where COSELL_FAULTS is set, \
                       as it takes a minute";
        return say_once(&SAID, skipped);
    }
    let (place, running) = Place::ready().await;
    if then == "silent" {
        place.sandbox.silence_gateway();
    }
    if let Some(how) = how {
        place.sandbox.disconnect_gateway(how);
    }
    let since = Instant::now();
    let supervise = async {
        let mut running = running;
        loop {
            let status = running.ends().await;
            eprintln!("gateway: {how:?}, {then}: ended with {:?} after {:?}", status.code(), since.elapsed());
            place.sandbox.wake_gateway();
            running = place.spawn();
        }
    };
    tokio::select! {
        _ = place.says_until_answered("rita", "/deal list") => {}
        () = supervise => unreachable!("it goes on"),
    }
    eprintln!("gateway: {how:?}, {then}: answered after {:?}", since.elapsed());
    assert!(since.elapsed() < WITH_WATCHDOG, "{how:?} took {:?}", since.elapsed());
}
