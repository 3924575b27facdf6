//! What may stand in a message that is posted, answered or edited.

use serde_json::Value;

use super::Kind::{Any, Flag, Id, Integer, List, Number, Object, Text};
use super::Need::{Optional, Required};
use super::{Field, Mistakes, Path, bounds, component, length, list, mention, object};
use crate::sandbox::fault::Rejection;

/// How a message reaches Discord, which decides on the fields it may have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::sandbox) enum Route {
    /// Posted in a channel.
    Channel,
    /// A channel's message edited.
    ChannelEdit,
    /// The first answer to an interaction, or a later one.
    Answer,
    /// An answer edited.
    AnswerEdit,
}

/// Characters over all embeds of a message together.
const EMBEDS_TOTAL: usize = 6_000;

const COMMON: [Field; 6] = [
    Field("content", Text(0, 2_000), Optional),
    Field("embeds", List(0, 10), Optional),
    Field("allowed_mentions", Object, Optional),
    Field("components", List(0, 5), Optional),
    Field("attachments", List(0, 10), Optional),
    Field("flags", Integer(0, 1 << 16), Optional),
];

const OF_POSTS: [Field; 5] = [
    Field("nonce", Any, Optional),
    Field("enforce_nonce", Flag, Optional),
    Field("tts", Flag, Optional),
    Field("sticker_ids", List(0, 3), Optional),
    Field("message_reference", Object, Optional),
];

/// Flags that a bot may set: suppress embeds, ephemeral, silent.
const SETTABLE: u64 = 1 << 2 | 1 << 6 | 1 << 12;

/// Refuses a message body that Discord would refuse, with all mistakes at once.
pub(in crate::sandbox) fn message(body: &Value, at: Path, route: Route, files: usize) -> Result<(), Rejection> {
    let mut found = Mistakes::default();
    let mut fields = COMMON.to_vec();
    match route {
        Route::Channel => fields.extend(OF_POSTS),
        Route::Answer => fields.push(OF_POSTS[2]),
        Route::ChannelEdit | Route::AnswerEdit => {}
    }
    if object(&mut found, &at, body, &fields) {
        nonce(&mut found, &at, body);
        flags(&mut found, &at, body, route);
        embeds(&mut found, &at.to("embeds"), list(body, "embeds"));
        component::rows(&mut found, &at.to("components"), list(body, "components"));
        mention::allowed(&mut found, &at.to("allowed_mentions"), &body["allowed_mentions"]);
        attachments(&mut found, &at.to("attachments"), list(body, "attachments"), files);
    }
    found.into_result()
}

fn nonce(found: &mut Mistakes, at: &Path, body: &Value) {
    match &body["nonce"] {
        Value::String(text) => {
            bounds(found, &at.to("nonce"), length(text), (0, 25), "BASE_TYPE_BAD_LENGTH");
        }
        Value::Null => {}
        Value::Number(n) if n.is_i64() => {}
        _ => found.note(&at.to("nonce"), "STRING_TYPE_CONVERT", "Value is not a string."),
    }
}

fn flags(found: &mut Mistakes, at: &Path, body: &Value, route: Route) {
    let ephemeral = crate::sandbox::message::EPHEMERAL;
    let settable = match route {
        Route::Answer => SETTABLE,
        Route::Channel | Route::ChannelEdit | Route::AnswerEdit => SETTABLE & !ephemeral,
    };
    // An edit may carry the ephemeral bit of the message it edits; Discord leaves it as it is.
    let tolerated = if route == Route::AnswerEdit { settable | ephemeral } else { settable };
    if body["flags"].as_u64().is_some_and(|bits| bits & !tolerated != 0) {
        let text = "Only these flags can be set here: suppress embeds, ephemeral, silent";
        found.note(&at.to("flags"), "MESSAGE_FLAGS_INVALID", text);
    }
}

fn embeds(found: &mut Mistakes, at: &Path, embeds: &[Value]) {
    let mut total = 0;
    for (n, embed) in embeds.iter().enumerate() {
        total += embed_size(embed);
        one_embed(found, &at.to(n), embed);
    }
    if total > EMBEDS_TOTAL {
        let text = "Embed size exceeds maximum size of 6000";
        found.note(at, "MAX_EMBED_SIZE_EXCEEDED", text);
    }
}

fn one_embed(found: &mut Mistakes, at: &Path, embed: &Value) {
    let fields = [
        Field("type", Text(0, 100), Optional),
        Field("title", Text(0, 256), Optional),
        Field("description", Text(0, 4_096), Optional),
        Field("url", Text(0, 2_048), Optional),
        Field("timestamp", Text(0, 64), Optional),
        Field("color", Integer(0, 0xff_ff_ff), Optional),
        Field("footer", Object, Optional),
        Field("image", Object, Optional),
        Field("thumbnail", Object, Optional),
        Field("author", Object, Optional),
        Field("fields", List(0, 25), Optional),
    ];
    if !object(found, at, embed, &fields) {
        return;
    }
    let url = Field("url", Text(1, 2_048), Required);
    let icon = Field("icon_url", Text(0, 2_048), Optional);
    let alt = Field("description", Text(0, 1_024), Optional);
    let part = |found: &mut Mistakes, name: &str, fields: &[Field]| {
        if embed[name].is_object() {
            object(found, &at.to(name), &embed[name], fields);
        }
    };
    part(found, "footer", &[Field("text", Text(1, 2_048), Required), icon]);
    let link = Field("url", Text(0, 2_048), Optional);
    part(found, "author", &[Field("name", Text(1, 256), Required), link, icon]);
    part(found, "image", &[url, alt]);
    part(found, "thumbnail", &[url, alt]);
    for (n, field) in list(embed, "fields").iter().enumerate() {
        let fields = [
            Field("name", Text(1, 256), Required),
            Field("value", Text(1, 1_024), Required),
            Field("inline", Flag, Optional),
        ];
        object(found, &at.to("fields").to(n), field, &fields);
    }
}

/// The characters of an embed that count for the total.
fn embed_size(embed: &Value) -> usize {
    let text = |value: &Value| value.as_str().map_or(0, length);
    let own = [&embed["title"], &embed["description"], &embed["footer"]["text"], &embed["author"]["name"]];
    let fields = list(embed, "fields").iter();
    let of_fields: usize = fields.map(|f| text(&f["name"]) + text(&f["value"])).sum();
    own.into_iter().map(text).sum::<usize>() + of_fields
}

fn attachments(found: &mut Mistakes, at: &Path, listed: &[Value], files: usize) {
    for (n, attachment) in listed.iter().enumerate() {
        let place = at.to(n);
        let fields = [
            Field("id", Any, Required),
            Field("filename", Text(1, 1_024), Optional),
            Field("description", Text(0, 1_024), Optional),
            Field("title", Text(0, 1_024), Optional),
            Field("duration_secs", Number, Optional),
            Field("waveform", Text(0, 400), Optional),
        ];
        object(found, &place, attachment, &fields);
        if let Some(index) = index_of(&attachment["id"])
            && index < 10
            && index >= files as u64
        {
            let text = "No file with this number came with the request";
            found.note(&place.to("id"), "ATTACHMENT_NOT_FOUND", text);
        }
    }
}

/// The number by which an attachment points at a file of the same request.
pub(in crate::sandbox) fn index_of(id: &Value) -> Option<u64> {
    id.as_u64().or_else(|| id.as_str()?.parse().ok())
}

/// What a new thread's request may hold.
pub(in crate::sandbox) fn thread(body: &Value) -> Result<(), Rejection> {
    let mut found = Mistakes::default();
    let fields = [
        Field("name", Text(1, 100), Required),
        Field("auto_archive_duration", Integer(60, 10_080), Optional),
        Field("rate_limit_per_user", Integer(0, 21_600), Optional),
    ];
    object(&mut found, &Path::default(), body, &fields);
    found.into_result()
}

/// What opening a direct-message channel may hold.
pub(in crate::sandbox) fn direct_channel(body: &Value) -> Result<(), Rejection> {
    let mut found = Mistakes::default();
    object(&mut found, &Path::default(), body, &[Field("recipient_id", Id, Required)]);
    found.into_result()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(body: Value) -> String {
        let outcome = message(&body, Path::default(), Route::Channel, 0);
        outcome.map_or_else(|r| r.body["errors"].to_string(), |()| String::new())
    }

    #[test]
    fn lengths_are_counted_in_utf16_units() {
        assert_eq!(refused(json!({"content": "é".repeat(2_000)})), "");
        assert!(refused(json!({"content": "🦀".repeat(1_001)})).contains("2000"));
    }

    #[test]
    fn all_mistakes_are_told_with_their_paths() {
        let told = refused(json!({
            "content": 7,
            "embeds": [{"title": "t".repeat(257), "colour": 1}],
        }));
        assert!(told.contains(r#""content":{"_errors""#), "{told}");
        assert!(told.contains(r#""embeds":{"0":{"colour":{"_errors""#), "{told}");
        assert!(told.contains(r#""title":{"_errors""#), "{told}");
    }

    #[test]
    fn embeds_are_limited_together() {
        let embed = json!({"description": "d".repeat(3_001)});
        assert_eq!(refused(json!({"embeds": [embed]})), "");
        assert!(refused(json!({"embeds": [embed, embed]})).contains("MAX_EMBED_SIZE"));
    }

    #[test]
    fn an_attachment_needs_its_file() {
        let body = json!({"attachments": [{"id": 0, "filename": "a.png"}]});
        assert!(message(&body, Path::default(), Route::Channel, 1).is_ok());
        assert!(refused(body).contains("ATTACHMENT_NOT_FOUND"));
    }
}
