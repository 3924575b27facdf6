//! What the courier sends, and what it makes of the answers.

use std::time::Duration;

use rstest::rstest;

use super::*;
use crate::discord::rest::testing::{Fake, Scripted, says};

const CHANNEL: ChannelId = ChannelId(70);
const GUILD: GuildId = GuildId(1);

async fn courier(script: impl IntoIterator<Item = Scripted>) -> (Fake, HttpCourier) {
    let fake = Fake::answering(script).await;
    let courier = HttpCourier::new(fake.rest.clone());
    (fake, courier)
}

fn rendered(picture: Option<&[u8]>) -> Rendered {
    let attachments = if picture.is_some() { json!([{"id": "0", "filename": "pipeline.png"}]) } else { json!([]) };
    let body = json!({"content": "Agenda", "allowed_mentions": {"parse": []}, "attachments": attachments});
    Rendered { body: body.to_string(), picture: picture.map(<[u8]>::to_vec) }
}

fn me() -> Scripted {
    says(200, json!({"id": "5", "username": "cosell"}))
}

fn refusal(status: u16, code: u32) -> Scripted {
    says(status, json!({"message": "No.", "code": code}))
}

/// Server 1 of user 9, in which everyone views and sends; role 2 manages the server and can be mentioned.
fn guild() -> Scripted {
    let roles = json!([
        {"id": "1", "permissions": ((1 << 10) | (1 << 11)).to_string(), "mentionable": true},
        {"id": "2", "permissions": (1 << 5).to_string(), "mentionable": true},
        {"id": "3", "permissions": "0", "mentionable": false},
    ]);
    says(200, json!({"id": "1", "owner_id": "9", "roles": roles}))
}

fn member(user: &str, roles: &[&str]) -> Scripted {
    let user = json!({"id": user, "username": "ana.b", "global_name": "Ana"});
    says(200, json!({"user": user, "nick": null, "roles": roles}))
}

#[tokio::test]
async fn a_post_is_the_stored_body_with_a_nonce_that_counts() {
    let (fake, courier) = courier([says(200, json!({"id": "900"}))]).await;
    let posted = courier.post(CHANNEL, &rendered(None), "outbox-12").await;
    assert_eq!(posted, Ok(MessageId(900)));
    let seen = fake.seen();
    assert_eq!(seen[0].line, "POST /api/v10/channels/70/messages");
    assert_eq!(
        seen[0].json(),
        json!({"content": "Agenda", "allowed_mentions": {"parse": []}, "attachments": [],
               "nonce": "outbox-12", "enforce_nonce": true})
    );
}

#[tokio::test]
async fn a_picture_goes_beside_the_body_under_its_name() {
    let (fake, courier) = courier([says(200, json!({"id": "900"}))]).await;
    courier.post(CHANNEL, &rendered(Some(b"PNGBYTES")), "n").await.expect("posted");
    let seen = fake.seen();
    let kind = seen[0].headers["content-type"].to_str().expect("text");
    assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
    let text = seen[0].text();
    for part in [
        "name=\"payload_json\"",
        "Content-Type: application/json",
        "\"nonce\":\"n\"",
        "name=\"files[0]\"; filename=\"pipeline.png\"",
        "Content-Type: image/png",
        "PNGBYTES",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[tokio::test]
async fn an_edit_replaces_the_message_and_has_no_nonce() {
    let (fake, courier) = courier([says(200, json!({"id": "900"}))]).await;
    courier.edit(CHANNEL, MessageId(900), &rendered(None)).await.expect("edited");
    let seen = fake.seen();
    assert_eq!(seen[0].line, "PATCH /api/v10/channels/70/messages/900");
    assert_eq!(seen[0].json()["nonce"], Value::Null);
    assert_eq!(seen[0].json()["allowed_mentions"], json!({"parse": []}));
}

#[rstest]
#[case::gone(refusal(404, 10_003), Some(10_003))]
#[case::no_access(refusal(403, 50_001), Some(50_001))]
#[case::bad_token(refusal(401, 0), Some(0))]
#[case::out_of_order(says(503, json!({})), None)]
#[case::no_json((200, vec![], b"ok".to_vec()), None)]
#[case::no_id(says(200, json!({"id": "not a number"})), None)]
#[tokio::test]
async fn a_post_that_fails_says_whether_for_good(#[case] answer: Scripted, #[case] refused: Option<u32>) {
    let (_fake, courier) = courier([answer]).await;
    let trouble = courier.post(CHANNEL, &rendered(None), "n").await.expect_err("not posted");
    match refused {
        Some(expected) => assert!(matches!(trouble, Trouble::Refused { code, .. } if code == expected), "{trouble:?}"),
        None => assert!(matches!(trouble, Trouble::Unknown(_)), "{trouble:?}"),
    }
}

#[tokio::test]
async fn a_post_too_many_says_how_long_to_wait() {
    let body = json!({"message": "You are being rate limited.", "retry_after": 1.5, "global": true});
    let (_fake, courier) = courier([says(429, body)]).await;
    let trouble = courier.post(CHANNEL, &rendered(None), "n").await.expect_err("not posted");
    assert_eq!(trouble, Trouble::Limited { after: Duration::from_millis(1_500), global: true });
}

#[tokio::test]
async fn a_stored_body_that_does_not_read_is_never_sent() {
    let (fake, courier) = courier([]).await;
    for body in ["{", "[]", "null"] {
        let message = Rendered { body: body.to_owned(), picture: None };
        let trouble = courier.post(CHANNEL, &message, "n").await.expect_err("not sent");
        assert!(matches!(trouble, Trouble::Refused { .. }), "{trouble:?}");
    }
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn direct_messages_are_opened_by_the_persons_id() {
    let (fake, courier) = courier([says(200, json!({"id": "71"}))]).await;
    assert_eq!(courier.open_direct(UserId(33)).await, Ok(ChannelId(71)));
    assert_eq!(fake.seen()[0].json(), json!({"recipient_id": "33"}));
}

#[tokio::test]
async fn an_own_post_is_found_by_its_reference() {
    let post = |id: &str, author: &str, content: &str| json!({"id": id, "author": {"id": author}, "content": content});
    let posts = json!([
        post("906", "6", "quoting -# c3f9a-12"),
        post("905", "5", "Agenda of Arc3f9a-12\n-# c3f9a-120"),
        post("904", "5", "c77d0-12, of another installation"),
        post("903", "5", "Agenda\n-# c3f9a-12"),
    ]);
    let (fake, courier) = courier([me(), says(200, posts.clone()), says(200, posts)]).await;
    assert_eq!(courier.find_own(CHANNEL, "c3f9a-12", Instant::UNIX_EPOCH).await, Ok(Stands::At(MessageId(903))));
    assert_eq!(courier.find_own(CHANNEL, "c3f9a-1", Instant::UNIX_EPOCH).await, Ok(Stands::Nowhere));
    let lines: Vec<String> = fake.seen().into_iter().map(|seen| seen.line).collect();
    let messages = "GET /api/v10/channels/70/messages?limit=100";
    assert_eq!(lines, ["GET /api/v10/users/@me", messages, messages]);
}

/// Where more was posted since than Discord shows at once, nobody can tell whether ours is among it.
#[tokio::test]
async fn whether_a_post_stands_is_not_told_where_too_much_was_posted_since() {
    // The oldest of them is of 2015, one second into Discord's time.
    let posts = |count: u64| {
        let post = |n: u64| json!({"id": ((1_000 + n) << 22).to_string(), "author": {"id": "6"}, "content": "Hello"});
        json!((0..count).rev().map(post).collect::<Vec<_>>())
    };
    let since = |text: &str| text.parse::<Instant>().expect("an instant");
    let (fake, courier) = courier([me(), says(200, posts(100)), says(200, posts(100)), says(200, posts(99))]).await;
    let before = since("2014-12-31T23:00:00Z");
    assert_eq!(courier.find_own(CHANNEL, "c3f9a-12", before).await, Ok(Stands::Untold));
    assert_eq!(courier.find_own(CHANNEL, "c3f9a-12", since("2015-01-01T00:02:00Z")).await, Ok(Stands::Nowhere));
    assert_eq!(courier.find_own(CHANNEL, "c3f9a-12", before).await, Ok(Stands::Nowhere), "those are all");
    fake.seen();
}

#[tokio::test]
async fn a_channel_that_shows_nothing_because_it_can_not_be_read_is_an_error() {
    let channel = says(200, json!({"id": "70", "guild_id": "1", "permission_overwrites": []}));
    let script = [me(), says(200, json!([])), channel, guild(), member("5", &[])];
    let (fake, courier) = courier(script).await;
    let trouble = courier.find_own(CHANNEL, "c3f9a-12", Instant::UNIX_EPOCH).await.expect_err("not readable");
    assert!(matches!(trouble, Trouble::Refused { code: MISSING_PERMISSIONS, .. }), "{trouble:?}");
    fake.seen();
}

#[tokio::test]
async fn an_empty_channel_of_direct_messages_holds_no_post() {
    let (fake, courier) = courier([me(), says(200, json!([])), says(200, json!({"id": "70", "type": 1}))]).await;
    assert_eq!(courier.find_own(CHANNEL, "c3f9a-12", Instant::UNIX_EPOCH).await, Ok(Stands::Nowhere));
    fake.seen();
}

#[tokio::test]
async fn our_own_event_is_found_by_its_reference_unless_it_is_over() {
    let event = |id: &str, creator: &str, status: u8, reference: &str| {
        let text = format!("Kept by cosell · {reference}");
        json!({"id": id, "creator_id": creator, "status": status, "description": text})
    };
    let events = json!([
        event("800", "9", 1, "r3f9a-1"),
        event("801", "5", 3, "r3f9a-1"),
        event("802", "5", 1, "r3f9a-12"),
        {"id": "803", "creator_id": "5", "status": 1, "description": null},
        event("804", "5", 2, "r3f9a-1"),
    ]);
    let (fake, courier) = courier([me(), says(200, events.clone()), says(200, events)]).await;
    assert_eq!(courier.find_event(GUILD, "r3f9a-1").await, Ok(Some(ScheduledEventId(804))));
    assert_eq!(courier.find_event(GUILD, "r3f9a-2").await, Ok(None));
    assert_eq!(fake.seen()[1].line, "GET /api/v10/guilds/1/scheduled-events");
}

#[tokio::test]
async fn events_are_made_changed_and_deleted_and_take_a_permission() {
    let (made, deleted) = (says(200, json!({"id": "804"})), (204, Vec::new(), Vec::new()));
    // Even where the server as a whole lets nobody see its channels.
    let role = json!({"id": "1", "permissions": (1_u64 << 44).to_string()});
    let open = says(200, json!({"id": "1", "owner_id": "9", "roles": [role]}));
    let asked = [guild(), me(), member("5", &[]), open, member("5", &[])];
    let (fake, courier) = courier([made.clone(), made, deleted].into_iter().chain(asked)).await;
    assert_eq!(courier.create_event(GUILD, r#"{"name":"Weekly"}"#).await, Ok(ScheduledEventId(804)));
    assert_eq!(courier.edit_event(GUILD, ScheduledEventId(804), r#"{"name":"West"}"#).await, Ok(()));
    assert_eq!(courier.delete_event(GUILD, ScheduledEventId(804)).await, Ok(()));
    assert_eq!(courier.may_create_events(GUILD).await, Ok(false));
    assert_eq!(courier.may_create_events(GUILD).await, Ok(true));
    let seen = fake.seen();
    let lines: Vec<&str> = seen[..3].iter().map(|seen| seen.line.as_str()).collect();
    let (all, one) = ("/api/v10/guilds/1/scheduled-events", "/api/v10/guilds/1/scheduled-events/804");
    assert_eq!(lines, [format!("POST {all}"), format!("PATCH {one}"), format!("DELETE {one}")]);
    assert_eq!(seen[1].json(), json!({"name": "West"}));
}

#[rstest]
#[case::manager(member("8", &["2", "3"]), ManagesServer::Yes)]
#[case::owner(member("9", &[]), ManagesServer::Yes)]
#[case::anyone(member("8", &["3"]), ManagesServer::No)]
#[tokio::test]
async fn a_member_is_told_with_their_access(#[case] answer: Scripted, #[case] manages: ManagesServer) {
    let (fake, courier) = courier([answer, guild()]).await;
    let found = courier.find_member(GUILD, UserId(8)).await.expect("told").expect("a member");
    assert_eq!(found.name, "Ana");
    assert_eq!(found.manages_server, manages);
    assert_eq!(fake.seen()[0].line, "GET /api/v10/guilds/1/members/8");
}

#[tokio::test]
async fn a_nickname_wins_over_other_names() {
    let user = json!({"id": "8", "username": "ana.b", "global_name": "Ana"});
    let answer = says(200, json!({"user": user, "nick": "Ana (sales)", "roles": ["3"]}));
    let (_fake, courier) = courier([answer, guild()]).await;
    let found = courier.find_member(GUILD, UserId(8)).await.expect("told").expect("a member");
    assert_eq!((found.name.as_str(), found.roles), ("Ana (sales)", vec![RoleId(3)]));
}

#[rstest]
#[case(10_007)]
#[case(10_013)]
#[tokio::test]
async fn who_has_left_is_nobody(#[case] code: u32) {
    let (_fake, courier) = courier([refusal(404, code)]).await;
    assert_eq!(courier.find_member(GUILD, UserId(8)).await, Ok(None));
}

#[tokio::test]
async fn a_server_that_is_gone_is_not_a_member_who_left() {
    let (_fake, courier) = courier([refusal(404, 10_004)]).await;
    assert!(courier.find_member(GUILD, UserId(8)).await.is_err());
}

#[tokio::test]
async fn permissions_that_a_channel_takes_away_are_missing() {
    let overwrites = json!([
        {"id": "1", "type": 0, "allow": ((1 << 14) | (1 << 15) | (1 << 16)).to_string(), "deny": "0"},
        {"id": "5", "type": 1, "allow": "0", "deny": (1 << 15).to_string()},
    ]);
    let channel = says(200, json!({"id": "70", "guild_id": "1", "permission_overwrites": overwrites}));
    let (_fake, courier) = courier([channel, guild(), me(), member("5", &[])]).await;
    assert_eq!(courier.missing_permissions(GUILD, CHANNEL).await, Ok(vec!["ATTACH_FILES".to_owned()]));
}

#[tokio::test]
async fn in_a_channel_that_the_bot_can_not_see_everything_is_missing() {
    let (_fake, courier) = courier([refusal(403, 50_001)]).await;
    assert_eq!(courier.missing_permissions(GUILD, CHANNEL).await.map(|names| names.len()), Ok(5));
}

#[tokio::test]
async fn a_channel_of_another_server_is_as_good_as_none() {
    let channel = says(200, json!({"id": "70", "guild_id": "2", "permission_overwrites": []}));
    let (_fake, courier) = courier([channel]).await;
    let trouble = courier.missing_permissions(GUILD, CHANNEL).await.expect_err("not ours");
    assert!(matches!(trouble, Trouble::Refused { code: UNKNOWN_CHANNEL, .. }), "{trouble:?}");
}

#[rstest]
#[case::mentionable(2, Mentionable::Yes)]
#[case::not_mentionable(3, Mentionable::No)]
#[case::everyone(1, Mentionable::No)]
#[case::gone(4, Mentionable::No)]
#[tokio::test]
async fn a_role_is_mentionable_if_everybody_may_mention_it(#[case] role: i64, #[case] expected: Mentionable) {
    let (_fake, courier) = courier([guild()]).await;
    assert_eq!(courier.is_mentionable(GUILD, RoleId(role)).await, Ok(expected));
}
