//! One call, as the server sees it and as the caller does.

use serde_json::json;
use serenity::model::id::ChannelId;

use super::testing::{Fake, says};
use super::*;

async fn get(fake: &Fake) -> Result<Value, Trouble> {
    fake.rest.get("channels/1/messages?limit=1").await
}

#[tokio::test]
async fn a_call_carries_the_token_and_says_who_calls() {
    let fake = Fake::answering([says(200, json!([]))]).await;
    assert_eq!(get(&fake).await, Ok(json!([])));
    let seen = fake.seen();
    assert_eq!(seen[0].line, "GET /api/v10/channels/1/messages?limit=1");
    assert_eq!(seen[0].headers["authorization"], "Bot secret-token");
    let agent = seen[0].headers["user-agent"].to_str().expect("text");
    assert!(agent.starts_with("DiscordBot (https://") && agent.ends_with(')'), "{agent}");
}

#[tokio::test]
async fn the_token_does_not_print() {
    let fake = Fake::answering([]).await;
    assert!(!format!("{:?}", fake.rest).contains("secret-token"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = (307, vec![("location", "http://127.0.0.1:9/".to_owned())], Vec::new());
    let fake = Fake::answering([elsewhere]).await;
    let trouble = get(&fake).await.expect_err("refused");
    assert!(matches!(&trouble, Trouble::Refused { status: 307, message, .. } if message.contains("DISCORD_API_URL")));
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn nobody_there_is_an_unknown_outcome() {
    let api = ApiUrl::parse("http://127.0.0.1:9").expect("a base");
    let rest = Rest::new(&api, &Token::parse("x").expect("a token")).expect("a client");
    let trouble = rest.get::<Value>("users/@me").await.expect_err("nobody listens");
    assert!(matches!(&trouble, Trouble::Unknown(text) if !text.contains("127.0.0.1:9/")), "{trouble}");
}

#[tokio::test]
async fn an_answer_of_another_shape_is_an_unknown_outcome() {
    let fake = Fake::answering([says(200, json!({"id": 1}))]).await;
    let answer: Result<Vec<String>, Trouble> = fake.rest.get("users/@me").await;
    assert!(matches!(answer, Err(Trouble::Unknown(_))));
}

#[tokio::test]
async fn after_a_long_429_the_route_is_not_called_again() {
    let too_many = (429, vec![("retry-after", "60".to_owned())], Vec::new());
    let fake = Fake::answering([too_many, says(200, json!({}))]).await;
    assert_eq!(get(&fake).await, Err(Trouble::Limited { after: Duration::from_secs(60), global: false }));
    let again = get(&fake).await;
    assert!(matches!(again, Err(Trouble::Limited { global: false, .. })), "{again:?}");
    assert_eq!(fake.rest.get("channels/2/messages").await, Ok(json!({})));
    assert_eq!(fake.seen().len(), 2);
}

#[tokio::test]
async fn a_route_that_is_used_up_is_waited_for() {
    let rest = |name| (name, "0.2".to_owned());
    let last = (200, vec![("x-ratelimit-remaining", "0".to_owned()), rest("x-ratelimit-reset-after")], b"{}".to_vec());
    let fake = Fake::answering([last, says(200, json!({}))]).await;
    let start = Instant::now();
    assert!(get(&fake).await.is_ok());
    assert!(get(&fake).await.is_ok());
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn a_route_is_told_by_what_it_changes() {
    let post = |path| route_of(&Method::POST, path);
    assert_eq!(post("channels/1/messages?limit=3"), "POST channels/1/messages");
    assert_eq!(route_of(&Method::PATCH, "channels/1/messages/2"), "PATCH channels/1/messages");
    assert_ne!(post("channels/1/messages"), post("channels/2/messages"));
    assert_ne!(post("channels/1/messages"), route_of(&Method::GET, "channels/1/messages"));
}

#[tokio::test]
async fn serenity_goes_to_the_same_base_with_no_limiter_of_its_own() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let api = ApiUrl::parse(&format!("http://{}", listener.local_addr().expect("bound"))).expect("a base");
    let http = interaction_http(&api, &Token::parse("x").expect("a token")).expect("a client");
    assert!(http.ratelimiter.is_none());
    let call = tokio::spawn(async move { http.broadcast_typing(ChannelId::new(7)).await });
    let (_connection, from) = listener.accept().await.expect("serenity calls here");
    assert!(from.ip().is_loopback());
    call.abort();
}
