//! What rows of buttons and selects may hold.

use std::collections::HashSet;

use serde_json::Value;

use super::Kind::{Any, Flag, Integer, List, Object, Text};
use super::Need::{Optional, Required};
use super::{Field, Mistakes, Path, list, object};

/// Most buttons in a row.
const BUTTONS: usize = 5;

pub(super) fn rows(found: &mut Mistakes, at: &Path, rows: &[Value]) {
    let mut ids = HashSet::new();
    for (n, row) in rows.iter().enumerate() {
        let place = at.to(n);
        if !row_shape(found, &place, row) {
            continue;
        }
        let parts = list(row, "components");
        row_fill(found, &place, parts);
        for (m, part) in parts.iter().enumerate() {
            let place = place.to("components").to(m);
            one(found, &place, part);
            if let Some(id) = part["custom_id"].as_str()
                && !ids.insert(id)
            {
                let text = "Component custom id cannot be duplicated";
                found.note(&place.to("custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", text);
            }
        }
    }
}

/// Whether it is an action row whose parts can be looked at.
pub(super) fn row_shape(found: &mut Mistakes, at: &Path, row: &Value) -> bool {
    let fields = [
        Field("type", Integer(1, 1), Required),
        Field("id", Integer(0, i64::from(i32::MAX)), Optional),
        Field("components", List(1, BUTTONS), Required),
    ];
    object(found, at, row, &fields)
}

fn row_fill(found: &mut Mistakes, at: &Path, parts: &[Value]) {
    let selects = parts.iter().filter(|part| part["type"] != 2).count();
    if selects > 0 && parts.len() > 1 {
        let text = "The specified component exceeds the maximum width";
        found.note(&at.to("components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text);
    }
}

fn one(found: &mut Mistakes, at: &Path, part: &Value) {
    match part["type"].as_u64() {
        Some(2) => button(found, at, part),
        Some(3) => string_select(found, at, part),
        Some(kind @ 5..=8) => entity_select(found, at, part, kind),
        _ => found.note(
            &at.to("type"),
            "UNION_TYPE_CHOICES",
            "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).",
        ),
    }
}

fn button(found: &mut Mistakes, at: &Path, button: &Value) {
    let fields = [
        Field("type", Integer(2, 2), Required),
        Field("id", Integer(0, i64::from(i32::MAX)), Optional),
        Field("style", Integer(1, 6), Required),
        Field("label", Text(0, 80), Optional),
        Field("emoji", Object, Optional),
        Field("custom_id", Text(1, 100), Optional),
        Field("url", Text(1, 512), Optional),
        Field("sku_id", Any, Optional),
        Field("disabled", Flag, Optional),
    ];
    if !object(found, at, button, &fields) {
        return;
    }
    let has = |name: &str| !button[name].is_null();
    let unlabelled = button["label"].as_str().is_none_or(str::is_empty) && !has("emoji");
    let link = button["style"] == 5;
    let note = |found: &mut Mistakes, code: &str, text: &str| found.note(at, code, text);
    if unlabelled {
        note(found, "BUTTON_COMPONENT_MISSING_LABEL", "A button needs a label or an emoji");
    }
    if link != has("url") {
        note(found, "BUTTON_COMPONENT_INVALID_URL", "A link button, and only it, has a url");
    }
    if link == has("custom_id") {
        let text = "A custom id is required, except for link buttons, which have none";
        note(found, "BUTTON_COMPONENT_CUSTOM_ID", text);
    }
}

/// Fields that every kind of select has.
const SELECT: [Field; 6] = [
    Field("id", Integer(0, i32::MAX as i64), Optional),
    Field("custom_id", Text(1, 100), Required),
    Field("placeholder", Text(0, 150), Optional),
    Field("min_values", Integer(0, 25), Optional),
    Field("max_values", Integer(1, 25), Optional),
    Field("disabled", Flag, Optional),
];

fn string_select(found: &mut Mistakes, at: &Path, select: &Value) {
    let mut fields = SELECT.to_vec();
    fields.push(Field("type", Integer(3, 3), Required));
    fields.push(Field("options", List(1, 25), Required));
    if !object(found, at, select, &fields) {
        return;
    }
    let options = list(select, "options");
    let (_, max) = range(found, at, select);
    if max > options.len() {
        let text = format!("Must be between {max} and 25 in length.");
        found.note(&at.to("options"), "BASE_TYPE_BAD_LENGTH", text);
    }
    let chosen = options.iter().filter(|o| o["default"] == true).count();
    if chosen > max {
        let text = "There are more defaults than can be chosen";
        found.note(&at.to("options"), "COMPONENT_OPTION_DEFAULTS_EXCEEDED", text);
    }
    let mut values = HashSet::new();
    for (n, option) in options.iter().enumerate() {
        let place = at.to("options").to(n);
        let fields = [
            Field("label", Text(1, 100), Required),
            Field("value", Text(1, 100), Required),
            Field("description", Text(0, 100), Optional),
            Field("emoji", Object, Optional),
            Field("default", Flag, Optional),
        ];
        object(found, &place, option, &fields);
        if !values.insert(option["value"].as_str()) {
            let text = "The specified option value is already used";
            found.note(&place.to("value"), "COMPONENT_OPTION_VALUE_DUPLICATED", text);
        }
    }
}

fn entity_select(found: &mut Mistakes, at: &Path, select: &Value, kind: u64) {
    let mut fields = SELECT.to_vec();
    fields.push(Field("type", Integer(5, 8), Required));
    fields.push(Field("default_values", List(0, 25), Optional));
    if kind == 8 {
        fields.push(Field("channel_types", List(0, 25), Optional));
    }
    if !object(found, at, select, &fields) {
        return;
    }
    let (min, max) = range(found, at, select);
    let defaults = list(select, "default_values");
    if !defaults.is_empty() && !(min..=max).contains(&defaults.len()) {
        let text = format!("Must be between {min} and {max} in length.");
        found.note(&at.to("default_values"), "BASE_TYPE_BAD_LENGTH", text);
    }
    for (n, value) in defaults.iter().enumerate() {
        let fields = [Field("id", super::Kind::Id, Required), Field("type", Text(4, 7), Required)];
        object(found, &at.to("default_values").to(n), value, &fields);
    }
}

/// Least and most values of a select; refused when crossed.
fn range(found: &mut Mistakes, at: &Path, select: &Value) -> (usize, usize) {
    let bound = |name: &str| select[name].as_u64().unwrap_or(1) as usize;
    let (min, max) = (bound("min_values"), bound("max_values"));
    if min > max {
        let text = "The least number of values is above the most";
        found.note(&at.to("min_values"), "COMPONENT_VALUES_RANGE", text);
    }
    (min, max)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(components: Value) -> String {
        let mut found = Mistakes::default();
        let list = components.as_array().cloned().unwrap_or_default();
        rows(&mut found, &Path::default(), &list);
        found.into_result().map_or_else(|r| r.body["errors"].to_string(), |()| String::new())
    }

    fn press(id: &str) -> Value {
        json!({"type": 2, "style": 1, "label": "Go", "custom_id": id})
    }

    fn row(parts: Value) -> Value {
        json!({"type": 1, "components": parts})
    }

    #[test]
    fn custom_ids_are_unique_in_the_message() {
        assert_eq!(refused(json!([row(json!([press("a"), press("b")]))])), "");
        let told = refused(json!([row(json!([press("a")])), row(json!([press("a")]))]));
        assert!(told.contains("COMPONENT_CUSTOM_ID_DUPLICATED"), "{told}");
    }

    #[test]
    fn a_select_has_a_row_of_its_own() {
        let select = json!({"type": 5, "custom_id": "who"});
        assert_eq!(refused(json!([row(json!([select]))])), "");
        let told = refused(json!([row(json!([select, press("a")]))]));
        assert!(told.contains("WIDTH_EXCEEDED"), "{told}");
    }

    #[test]
    fn a_row_holds_five_buttons() {
        let six: Vec<Value> = (0..6).map(|n| press(&n.to_string())).collect();
        assert_eq!(refused(json!([row(json!(six[..5]))])), "");
        assert!(refused(json!([row(json!(six))])).contains("BAD_LENGTH"));
    }

    #[test]
    fn a_default_that_travels_as_a_number_is_refused() {
        let select = |id: Value| {
            json!([row(json!([{"type": 6, "custom_id": "r",
                "default_values": [{"id": id, "type": "role"}]}]))])
        };
        assert_eq!(refused(select(json!("17"))), "");
        assert!(refused(select(json!(17))).contains("snowflake"));
    }
}
