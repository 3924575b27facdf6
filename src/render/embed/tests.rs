//! What overflows is counted, and room is shared fairly.

use proptest::prelude::*;

use super::super::message::Message;
use super::super::testing::assert_within_limits;
use super::super::text::{escape, escape_lines};
use super::*;

#[test]
fn a_long_list_leaves_a_short_one_whole() {
    let long = |n: usize| Lines::of((0..n).map(|i| format!("line {i} of many")), |n| format!("… and {n} more"));
    let embeds = (0..4)
        .map(|n| Embed::titled(format!("{n}")).lines(long(400)))
        .chain([Embed::titled("short").text("all of it")]);
    let json = lay_out(embeds.collect());
    assert_eq!(json[4].description.as_deref(), Some("all of it"));
    for embed in &json[..4] {
        let text = embed.description.as_deref().unwrap();
        assert!((1_400..1_500).contains(&units(text)), "{}", units(text));
        assert!(text.ends_with(" more"));
    }
}

#[test]
fn a_cap_is_fair() {
    assert_eq!(fair_cap(&[10, 20], 100), 100);
    assert_eq!(fair_cap(&[10, 200, 300], 110), 50);
    assert_eq!(fair_cap(&[], 5), 5);
    assert_eq!(fair_cap(&[7, 7], 0), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_typed_keeps_a_message_within_limits(
        typed in proptest::collection::vec("\\PC{0,300}", 0..60),
    ) {
        let lines = |typed: &[String]| {
            Lines::of(typed.iter().map(|t| escape(t)).collect::<Vec<_>>(), |n| format!("… and {n} more"))
        };
        let mut embed = Embed::titled(escape(&typed.concat())).lines(lines(&typed)).footer(typed.concat());
        for text in typed.iter().take(10) {
            embed = embed.field(escape(text), Lines::text(escape_lines(text)));
        }
        let message = Message::silent().lines(lines(&typed)).text(typed.concat()).embed(embed).build();
        assert_within_limits(&serde_json::to_value(&message).unwrap());
        prop_assert!(!message.pings());
    }
}
