//! Registered commands: reading them, replacing a scope, adding one.

use serde_json::{Map, Value, json};

use super::{Answer, Call, Outcome, done, id, ok, unknown};
use crate::sandbox::check::command::{kind_of, scope};
use crate::sandbox::fault::Rejection;
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::State;

pub(super) fn route(state: &mut State, call: &Call, rest: &[&str]) -> Outcome {
    let (guild, rest) = match rest {
        ["guilds", guild, rest @ ..] => (Some(id(guild)?), rest),
        rest => (None, rest),
    };
    match (call.method.as_str(), rest) {
        ("GET", ["commands"]) => {
            let localized = call.query.get("with_localizations");
            let localized = localized.is_some_and(|v| v == "true");
            let all = state.commands.get(&guild).into_iter().flatten();
            ok(all.map(|c| if localized { c.clone() } else { plain(c) }).collect())
        }
        ("PUT", ["commands"]) => replace(state, call, guild),
        ("POST", ["commands"]) => add(state, call, guild),
        ("GET", ["commands", command]) => ok(plain(find(state, guild, id(command)?)?)),
        ("DELETE", ["commands", command]) => {
            let command = find(state, guild, id(command)?)?["id"].clone();
            state.commands.entry(guild).or_default().retain(|c| c["id"] != command);
            done()
        }
        _ => unknown(state, call),
    }
}

fn find(state: &State, guild: Option<Snowflake>, id: Snowflake) -> Result<&Value, Rejection> {
    let mut all = state.commands.get(&guild).into_iter().flatten();
    let found = all.find(|command| command["id"] == json!(id));
    found.ok_or_else(Rejection::unknown_command)
}

fn replace(state: &mut State, call: &Call, guild: Option<Snowflake>) -> Outcome {
    let wanted = call.body.as_array().cloned();
    let wanted = wanted.ok_or_else(|| {
        Rejection::form(json!({"_errors": [{
            "code": "LIST_TYPE_CONVERT",
            "message": "Only iterables may be used in a ListType",
        }]}))
    })?;
    scope(&wanted)?;
    let old = state.commands.remove(&guild).unwrap_or_default();
    let new: Vec<Value> = wanted.iter().map(|command| registered(state, call, command, guild, &old)).collect();
    let listed = new.iter().map(plain).collect();
    state.commands.insert(guild, new);
    ok(listed)
}

fn add(state: &mut State, call: &Call, guild: Option<Snowflake>) -> Outcome {
    let command = &call.body;
    scope(std::slice::from_ref(command))?;
    let old = state.commands.remove(&guild).unwrap_or_default();
    let new = registered(state, call, command, guild, &old);
    let replaced = old.iter().any(|c| is_same(c, &new));
    let mut all: Vec<Value> = old.into_iter().filter(|c| !is_same(c, &new)).collect();
    let body = plain(&new);
    all.push(new);
    state.commands.insert(guild, all);
    let status = if replaced { 200 } else { 201 };
    Ok(Answer { status, body: Some(body) })
}

/// A command of the same name and kind is the same command, and keeps its id.
fn is_same(one: &Value, other: &Value) -> bool {
    one["name"] == other["name"] && kind_of(one) == kind_of(other)
}

/// The command as Discord lists it; its version changes only when the command does.
fn registered(state: &mut State, call: &Call, command: &Value, guild: Option<Snowflake>, old: &[Value]) -> Value {
    let before = old.iter().find(|c| is_same(c, command));
    let fresh = state.mint.next(call.now);
    let mut new = normal(command);
    new["id"] = before.map_or(json!(fresh), |c| c["id"].clone());
    new["application_id"] = json!(state.bot);
    if let Some(guild) = guild {
        new["guild_id"] = json!(guild);
    }
    new["version"] = before.map_or(Value::Null, |c| c["version"].clone());
    if before != Some(&new) {
        new["version"] = json!(state.mint.next(call.now));
    }
    new
}

/// Fills in what Discord fills in, and leaves out what it leaves out.
fn normal(command: &Value) -> Value {
    let kind = kind_of(command);
    let or_null = |name: &str| command.get(name).cloned().unwrap_or(Value::Null);
    let contexts = or_null("contexts");
    let in_messages = contexts.as_array().is_none_or(|list| list.contains(&json!(1)));
    let mut json = json!({
        "type": kind,
        "name": command["name"],
        "name_localizations": or_null("name_localizations"),
        "description": command["description"].as_str().unwrap_or_default(),
        "description_localizations": or_null("description_localizations"),
        "default_member_permissions": or_null("default_member_permissions"),
        "dm_permission": in_messages,
        "contexts": contexts,
        "integration_types": command.get("integration_types").cloned().unwrap_or(json!([0])),
        "nsfw": command["nsfw"].as_bool().unwrap_or(false),
    });
    let options = crate::sandbox::check::list(command, "options");
    if !options.is_empty() {
        json["options"] = options.iter().map(normal_option).collect();
    }
    json
}

/// An option without the fields that say nothing.
fn normal_option(option: &Value) -> Value {
    let silent = |name: &str, value: &Value| {
        value.is_null()
            || (value == &json!(false) && matches!(name, "required" | "autocomplete"))
            || (value == &json!([]) && matches!(name, "options" | "choices" | "channel_types"))
    };
    let fields = option.as_object().into_iter().flatten();
    let mut map: Map<String, Value> = fields
        .filter(|(name, value)| !silent(name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(Value::Array(inner)) = map.get_mut("options") {
        *inner = inner.iter().map(normal_option).collect();
    }
    Value::Object(map)
}

/// Without localizations, as Discord lists commands unless asked for them.
fn plain(command: &Value) -> Value {
    match command {
        Value::Object(map) => {
            let kept = map.iter().filter(|(name, _)| !name.ends_with("_localizations"));
            kept.map(|(name, value)| (name.clone(), plain(value))).collect()
        }
        Value::Array(list) => list.iter().map(plain).collect(),
        other => other.clone(),
    }
}
