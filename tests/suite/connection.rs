//! What the watchdog makes of serenity's own client when the gateway is out of order.

use std::sync::Arc;
use std::time::Duration;

use cosell::config::{ApiUrl, Token};
use cosell::discord::end::End;
use cosell::discord::rest::interaction_http;
use cosell::discord::watchdog::{Limits, Link, keep_watch};
use cosell::sandbox::{Sandbox, World};
use serenity::client::ClientBuilder;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::watch;
use tokio::time::timeout;

use super::support::process::stand_in;

const LIMITS: Limits = Limits {
    silence: Duration::from_secs(60),
    unconnected: Duration::from_secs(60),
    attempts: 2,
    look: Duration::from_millis(1),
};

/// Connects a client with no handler and watches it to its end.
async fn watch_to_the_end(sandbox: &Sandbox, limits: Limits, link: watch::Sender<Link>) -> End {
    let (api, token) = (ApiUrl::parse(&sandbox.url()).unwrap(), Token::parse(sandbox.token()).unwrap());
    let http = interaction_http(&api, &token).unwrap();
    let mut client = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS).await.unwrap();
    let runners = Arc::clone(&client.shard_manager.runners);
    let end = async {
        tokio::select! {
            outcome = client.start() => End::of_start(outcome),
            end = keep_watch(limits, vec![0], runners, link) => end,
        }
    };
    timeout(Duration::from_secs(30), end).await.expect("it ends")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_ends_the_connection_at_once() {
    let sandbox = stand_in(World::seeded()).await;
    sandbox.refuse_identify(4004);
    assert_eq!(watch_to_the_end(&sandbox, LIMITS, watch::Sender::new(Link::Down)).await, End::TokenRefused);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_refused_before_ready_end_the_connection_before_the_days_are_used_up() {
    let sandbox = stand_in(World::seeded()).await;
    (0..10).for_each(|_| sandbox.refuse_identify(4000));
    assert_eq!(watch_to_the_end(&sandbox, LIMITS, watch::Sender::new(Link::Down)).await, End::RefusedBeforeReady);
    assert!(sandbox.connections().identified < 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_falls_silent_ends_the_connection_and_one_that_answers_does_not() {
    let sandbox = stand_in(World::seeded().heartbeat(Duration::from_millis(200))).await;
    let limits = Limits { silence: Duration::from_secs(1), unconnected: Duration::from_secs(3), ..LIMITS };
    let (link, mut told) = watch::channel(Link::Down);
    let falls_silent = async {
        told.wait_for(|link| *link == Link::Up).await.map(drop).unwrap();
        let lasts = timeout(3 * limits.silence, told.changed()).await.is_err();
        sandbox.silence_gateway();
        lasts
    };
    let (end, lasted) = tokio::join!(watch_to_the_end(&sandbox, limits, link), falls_silent);
    assert_eq!((end, lasted), (End::Silent, true));
    assert_eq!(sandbox.connections().identified, 1);
}
