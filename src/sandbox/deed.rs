//! From what a person presses, picks or fills to what Discord's client sends, and what it refuses
//! to send.

use serde_json::{Value, json};

use super::check::length;
use super::payload;
use super::reply::Form;
use super::shown::{Select, Shown};
use super::slash;
use super::snowflake::Snowflake;
use super::state::State;

/// Why Discord's client would not send it.
pub(super) type Refused = String;

pub(super) fn no_button(message: &Shown, wanted: &str) -> Refused {
    let labels: Vec<String> = message.buttons().into_iter().map(|b| b.label).collect();
    format!("There is no button \"{wanted}\". There are: {}", labels.join(", "))
}

pub(super) fn no_select(message: &Shown, wanted: &str) -> Refused {
    let hints: Vec<String> = message.selects().into_iter().map(|s| s.placeholder).collect();
    format!("There is no select \"{wanted}\". There are: {}", hints.join(", "))
}

/// The data of a pick, with ids for names.
pub(super) fn picked(state: &State, guild: Snowflake, select: &Select, values: &[&str]) -> Result<Value, Refused> {
    if select.disabled {
        return Err(format!("{} is greyed out", select.placeholder));
    }
    if !(select.min..=select.max).contains(&values.len()) {
        return Err(format!("Pick {} to {} of them", select.min, select.max));
    }
    let mut resolved = json!({});
    let mut ids = Vec::new();
    for value in values {
        let id = picked_value(state, guild, select, value, &mut resolved);
        ids.push(id.ok_or_else(|| format!("\"{value}\" can't be picked there"))?);
    }
    let mut data = json!({
        "custom_id": select.custom_id,
        "component_type": select.kind,
        "values": ids,
    });
    if select.kind != 3 {
        data["resolved"] = resolved;
    }
    Ok(data)
}

fn picked_value(state: &State, guild: Snowflake, select: &Select, value: &str, resolved: &mut Value) -> Option<String> {
    let guild = state.guilds.get(&guild);
    let user = |resolved: &mut Value| {
        let user = state.user_named(value)?;
        slash::resolve_user(state, guild, user.id, resolved);
        Some(user.id.to_string())
    };
    let role = |resolved: &mut Value| {
        let bare = value.trim_start_matches('@');
        let role = guild?.roles.iter().find(|role| role.name == bare)?;
        resolved["roles"][role.id.to_string()] = payload::role(role, 1);
        Some(role.id.to_string())
    };
    match select.kind {
        3 => {
            let wanted = value.to_lowercase();
            let is = |text: &String| text.to_lowercase() == wanted;
            let option = select.options.iter().find(|(label, v)| is(label) || is(v));
            option.map(|(_, value)| value.clone())
        }
        5 => user(resolved),
        6 => role(resolved),
        7 => user(resolved).or_else(|| role(resolved)),
        _ => {
            let channel = state.channel_named(guild?.id, value)?;
            slash::resolve_channel(state, channel, resolved);
            Some(channel.id.to_string())
        }
    }
}

/// The data of a form that is sent; refuses what its fields refuse.
pub(super) fn filled(form: &Form, texts: &[(&str, &str)]) -> Result<Value, Refused> {
    if let Some((name, _)) = texts.iter().find(|(name, _)| form.field(name).is_none()) {
        let labels: Vec<&str> = form.fields.iter().map(|f| f.label.as_str()).collect();
        let labels = labels.join(", ");
        return Err(format!("There is no field \"{name}\". There are: {labels}"));
    }
    let mut rows = Vec::new();
    for field in &form.fields {
        let of_field =
            |(name, _): &&(&str, &str)| form.field(name).is_some_and(|named| named.custom_id == field.custom_id);
        let typed = texts.iter().find(of_field).map(|(_, text)| *text);
        let text = typed.unwrap_or(&field.value);
        let size = length(text);
        let optional_and_empty = size == 0 && !field.required;
        let least = field.min.max(usize::from(field.required));
        if !optional_and_empty && !(least..=field.max).contains(&size) {
            let (label, max) = (&field.label, field.max);
            return Err(format!("{label} takes {least} to {max} characters, not {size}"));
        }
        let input = json!({"type": 4, "custom_id": field.custom_id, "value": text});
        rows.push(json!({"type": 1, "components": [input]}));
    }
    Ok(json!({"custom_id": form.custom_id, "components": rows}))
}
