//! For render's own tests: a workspace to speak in, and Discord's limits held against a finished message.

mod fixture;

use chrono_tz::Tz;
use serde_json::Value;

pub use fixture::*;

use super::message::Message;
use super::text::units;
use super::voice::Commands;
use crate::domain::Instant;
use crate::domain::workspace::Settings;

/// A workspace in New York that counts in dollars.
pub fn settings() -> Settings {
    Settings { zone: Some(Tz::America__New_York), currency: Some("USD".to_owned()), ..Settings::default() }
}

/// Commands as registered.
pub fn commands() -> Commands {
    let tops = ["deal", "my", "partner", "review", "cosell", "help", "motion", "program"];
    Commands::new(tops.into_iter().zip(11..).map(|(n, id)| (n.to_owned(), id)))
}

/// Thursday, 17 December 2026, 10:00 in New York.
pub fn now() -> Instant {
    "2026-12-17T15:00:00Z".parse().expect("a fixed instant")
}

/// What a person sees, top to bottom, for snapshots. Fails on anything that Discord would refuse.
pub fn seen(message: &Message) -> String {
    let json = serde_json::to_value(message).expect("a message serializes");
    assert_within_limits(&json);
    let mut out = String::new();
    let mut say = |line: String| {
        out.push_str(&line);
        out.push('\n');
    };
    if let Some(text) = json["content"].as_str().filter(|t| !t.is_empty()) {
        say(text.to_owned());
    }
    for embed in array(&json["embeds"]) {
        say(format!("┌ {}", text(&embed["title"])));
        if let Some(description) = embed["description"].as_str() {
            say(description.to_owned());
        }
        for field in array(&embed["fields"]) {
            say(format!("│ {}: {}", text(&field["name"]), text(&field["value"])));
        }
        if let Some(image) = embed["image"]["url"].as_str() {
            say(format!("│ ({image})"));
        }
        if let Some(footer) = embed["footer"]["text"].as_str() {
            say(format!("└ {footer}"));
        }
    }
    for row in array(&json["components"]) {
        say(array(&row["components"]).iter().map(control).collect::<Vec<_>>().join(" "));
    }
    let pinged = &json["allowed_mentions"];
    let users = array(&pinged["users"]).iter().chain(array(&pinged["roles"]));
    let pinged: Vec<&str> = users.map(text).collect();
    say(format!("pings: {}", if pinged.is_empty() { "nobody".to_owned() } else { pinged.join(", ") }));
    out
}

fn control(control: &Value) -> String {
    match control["type"].as_u64() {
        Some(2) => {
            let off = if control["disabled"] == true { " (off)" } else { "" };
            format!("[{}{off}]", text(&control["label"]))
        }
        _ => {
            let entries = array(&control["options"]);
            let labels: Vec<&str> = entries.iter().map(|o| text(&o["label"])).collect();
            format!("<{} {}>", text(&control["placeholder"]), labels.join(" / ")).replace(" >", ">")
        }
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Discord's limits, all of them that a message can break.
pub fn assert_within_limits(json: &Value) {
    let within = |value: &Value, limit: usize, what: &str| {
        let length = units(text(value));
        assert!(length <= limit, "{what} has {length} units: {value}");
        length
    };
    within(&json["content"], 2_000, "content");
    let embeds = array(&json["embeds"]);
    assert!(embeds.len() <= 10);
    assert!(!text(&json["content"]).trim().is_empty() || !embeds.is_empty());
    let mut total = 0;
    for embed in embeds {
        assert!(array(&embed["fields"]).len() <= 25);
        total += within(&embed["title"], 256, "title");
        total += within(&embed["description"], 4_096, "description");
        total += within(&embed["footer"]["text"], 2_048, "footer");
        for field in array(&embed["fields"]) {
            assert!(!text(&field["name"]).is_empty() && !text(&field["value"]).is_empty());
            total += within(&field["name"], 256, "name");
            total += within(&field["value"], 1_024, "value");
        }
    }
    assert!(total <= 6_000, "{total} units over all embeds");
    assert_eq!(json["allowed_mentions"]["parse"], Value::Array(Vec::new()));
    assert!(array(&json["allowed_mentions"]["users"]).len() <= 100);
    assert_rows(array(&json["components"]));
}

fn assert_rows(rows: &[Value]) {
    assert!(rows.len() <= 5);
    let mut ids = std::collections::BTreeSet::new();
    for row in rows {
        let controls = array(&row["components"]);
        assert!((1..=5).contains(&controls.len()));
        for control in controls {
            if let Some(id) = control["custom_id"].as_str() {
                assert!((1..=100).contains(&units(id)) && ids.insert(id), "{id}");
            }
            assert!(units(text(&control["label"])) <= 80);
            assert!(units(text(&control["placeholder"])) <= 150);
            assert!(array(&control["options"]).len() <= 25);
            for option in array(&control["options"]) {
                for part in ["label", "value", "description"] {
                    assert!(units(text(&option[part])) <= 100);
                }
            }
        }
    }
}

/// Speaks as in that workspace, at [`now`].
pub fn speaking<T>(say: impl FnOnce(&super::voice::Voice) -> T) -> T {
    let (commands, settings) = (commands(), settings());
    say(&super::voice::Voice::new(&commands, &settings, now()))
}
