//! Whether `allowed_mentions` can be meant: known words, and no list beside the word for all.

use serde_json::Value;

use super::Kind::{Flag, List};
use super::Need::Optional;
use super::{Field, Mistakes, Path, id_of, list, object};

pub(super) fn allowed(found: &mut Mistakes, at: &Path, allowed: &Value) {
    let fields = [
        Field("parse", List(0, 3), Optional),
        Field("users", List(0, 100), Optional),
        Field("roles", List(0, 100), Optional),
        Field("replied_user", Flag, Optional),
    ];
    if allowed.is_null() || !object(found, at, allowed, &fields) {
        return;
    }
    let parse = list(allowed, "parse");
    for (n, word) in parse.iter().enumerate() {
        if !matches!(word.as_str(), Some("users" | "roles" | "everyone")) {
            let text = "Value must be one of ('roles', 'users', 'everyone').";
            found.note(&at.to("parse").to(n), "BASE_TYPE_CHOICES", text);
        }
    }
    for kind in ["users", "roles"] {
        named(found, &at.to(kind), list(allowed, kind));
        if !list(allowed, kind).is_empty() && parse.iter().any(|word| word == kind) {
            let text = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            found.note(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text);
        }
    }
}

fn named(found: &mut Mistakes, at: &Path, ids: &[Value]) {
    for (n, id) in ids.iter().enumerate() {
        if id_of(id).is_none() {
            found.note(&at.to(n), "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
        }
        if ids[..n].contains(id) {
            found.note(at, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
        }
    }
}
