//! What a modal, here called a form, may hold: rows with one text input each.

use std::collections::HashSet;

use serde_json::Value;

use super::Kind::{Flag, Integer, List, Text};
use super::Need::{Optional, Required};
use super::{Field, Mistakes, Path, component, length, list, object};
use crate::sandbox::fault::Rejection;

/// Refuses a form that Discord would refuse, with all mistakes at once.
pub(in crate::sandbox) fn form(data: &Value, at: Path) -> Result<(), Rejection> {
    let mut found = Mistakes::default();
    let fields = [
        Field("custom_id", Text(1, 100), Required),
        Field("title", Text(1, 45), Required),
        Field("components", List(1, 5), Required),
    ];
    if object(&mut found, &at, data, &fields) {
        inputs(&mut found, &at.to("components"), list(data, "components"));
    }
    found.into_result()
}

fn inputs(found: &mut Mistakes, at: &Path, rows: &[Value]) {
    let mut ids = HashSet::new();
    for (n, row) in rows.iter().enumerate() {
        let place = at.to(n);
        if !component::row_shape(found, &place, row) {
            continue;
        }
        let parts = list(row, "components");
        if parts.len() > 1 {
            let text = "The specified component exceeds the maximum width";
            found.note(&place, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text);
        }
        for (m, input) in parts.iter().enumerate() {
            let place = place.to("components").to(m);
            one(found, &place, input);
            if !ids.insert(input["custom_id"].as_str()) {
                let text = "Component custom id cannot be duplicated";
                found.note(&place, "COMPONENT_CUSTOM_ID_DUPLICATED", text);
            }
        }
    }
}

fn one(found: &mut Mistakes, at: &Path, input: &Value) {
    let fields = [
        Field("type", Integer(4, 4), Required),
        Field("id", Integer(0, i64::from(i32::MAX)), Optional),
        Field("custom_id", Text(1, 100), Required),
        Field("style", Integer(1, 2), Required),
        Field("label", Text(1, 45), Required),
        Field("min_length", Integer(0, 4_000), Optional),
        Field("max_length", Integer(1, 4_000), Optional),
        Field("required", Flag, Optional),
        Field("value", Text(0, 4_000), Optional),
        Field("placeholder", Text(0, 100), Optional),
    ];
    if !object(found, at, input, &fields) {
        return;
    }
    let limit = |name: &str, default| input[name].as_u64().unwrap_or(default);
    let (min, max) = (limit("min_length", 0), limit("max_length", 4_000));
    if min > max {
        let text = "The least length is above the greatest";
        found.note(&at.to("min_length"), "TEXT_INPUT_LENGTH_RANGE", text);
    }
    let filled = input["value"].as_str().map_or(0, length) as u64;
    if filled > max {
        let text = format!("Must be {max} or fewer in length.");
        found.note(&at.to("value"), "BASE_TYPE_MAX_LENGTH", text);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_prefilled_value_obeys_its_own_limit() {
        let with = |value: &str| {
            let input = json!({"type": 4, "custom_id": "n", "style": 1, "label": "Note",
                "max_length": 5, "value": value});
            let rows = json!([{"type": 1, "components": [input]}]);
            form(&json!({"custom_id": "f", "title": "Update", "components": rows}), Path::default())
        };
        assert!(with("five5").is_ok());
        assert!(with("sixsix").is_err());
    }
}
