//! What a finished message says of itself.

use super::*;
use crate::render::control::CustomId;

#[test]
fn a_message_says_whom_it_may_mention_and_nobody_else() {
    let message = Message::pinging([UserId(7), UserId(7)]).text("<@7> @everyone").build();
    insta::assert_json_snapshot!(message, @r#"
    {
      "content": "<@7> @everyone",
      "embeds": [],
      "components": [],
      "allowed_mentions": {
        "parse": [],
        "users": [
          "7"
        ],
        "roles": [],
        "replied_user": false
      },
      "attachments": []
    }
    "#);
}

#[test]
fn an_empty_message_says_so() {
    assert_eq!(Message::silent().build().content(), "Nothing to show.");
    assert_eq!(Message::silent().text("  ").build().content(), "Nothing to show.");
}

#[test]
fn what_overflows_is_counted_and_the_reference_stays() {
    let lines =
        Lines::of((1..=400).map(|n| format!("D-{n} Globex · Initech")), |n| format!("… and {n} more: /deal list"));
    let message = Message::silent().text("Open deals").lines(lines).reference("ref a1b2").build();
    assert!(units(message.content()) <= CONTENT_LIMIT);
    assert!(message.content().ends_with("\n-# ref a1b2"));
    let counted = message
        .content()
        .lines()
        .find_map(|l| l.strip_prefix("… and ")?.strip_suffix(" more: /deal list")?.parse::<usize>().ok())
        .expect("the rest is counted");
    let shown = message.content().lines().filter(|l| l.starts_with("D-")).count();
    assert_eq!(shown + counted, 400);
}

#[test]
fn a_picture_is_named_in_the_json_and_carried_beside_it() {
    let picture =
        Picture { filename: "pipeline.png".to_owned(), bytes: vec![1, 2], alt: "Pipeline by stage".to_owned() };
    let message = Message::silent().embed(Embed::titled("Pipeline")).picture(picture).build();
    let json = serde_json::to_value(&message).unwrap();
    assert_eq!(json["embeds"][0]["image"]["url"], "attachment://pipeline.png");
    assert_eq!(json["attachments"][0]["description"], "Pipeline by stage");
    assert_eq!(message.pictures()[0].bytes, [1, 2]);
}

#[test]
fn only_a_private_message_has_the_flag() {
    let message = Message::silent().text("Saved.").build();
    assert!(!message.is_private());
    let json = serde_json::to_value(message.private()).unwrap();
    assert_eq!(json["flags"], 64);
}

#[test]
fn seven_buttons_take_two_rows() {
    let buttons = (0..7).map(|n| Button::secondary(CustomId::new(format!("b{n}")), format!("{n}")));
    let message = Message::silent().text("x").buttons(buttons).build();
    assert_eq!(message.components.len(), 2);
}
