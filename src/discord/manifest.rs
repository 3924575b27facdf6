//! What Discord is told of the bot: `bot-manifest/`, embedded. Owns the payload that registers the commands, the hash
//! that says whether they are registered already, the permissions the bot asks for, and the invite link.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// `app.json`: name, scopes, permissions, intents, contexts.
const APP: &str = include_str!("../../bot-manifest/app.json");

/// The commands in the order in which they are registered, by file name.
const COMMANDS: &[(&str, &str)] = &[
    ("deal.json", include_str!("../../bot-manifest/commands/deal.json")),
    ("motion.json", include_str!("../../bot-manifest/commands/motion.json")),
    ("my.json", include_str!("../../bot-manifest/commands/my.json")),
    ("partner.json", include_str!("../../bot-manifest/commands/partner.json")),
    ("review.json", include_str!("../../bot-manifest/commands/review.json")),
    ("program.json", include_str!("../../bot-manifest/commands/program.json")),
    ("cosell.json", include_str!("../../bot-manifest/commands/cosell.json")),
    ("handover.json", include_str!("../../bot-manifest/commands/handover.json")),
    ("help.json", include_str!("../../bot-manifest/commands/help.json")),
    ("log_to_a_deal.json", include_str!("../../bot-manifest/commands/log_to_a_deal.json")),
    ("add_to_a_review.json", include_str!("../../bot-manifest/commands/add_to_a_review.json")),
    ("joint_deals.json", include_str!("../../bot-manifest/commands/joint_deals.json")),
];

/// Permission names and their bits, from the table "Bitwise Permission Flags" in Discord's documentation
/// (Topics, Permissions). Only those that the manifest names or is likely to name.
const PERMISSION_BITS: [(&str, u32); 11] = [
    ("MANAGE_CHANNELS", 4),
    ("MANAGE_GUILD", 5),
    ("VIEW_CHANNEL", 10),
    ("SEND_MESSAGES", 11),
    ("EMBED_LINKS", 14),
    ("ATTACH_FILES", 15),
    ("READ_MESSAGE_HISTORY", 16),
    ("MENTION_EVERYONE", 17),
    (CREATE_THREADS, 35),
    (WRITE_IN_THREADS, 38),
    (CREATE_EVENTS, 44),
];

/// The permission to make scheduled events in a server.
pub const CREATE_EVENTS: &str = "CREATE_EVENTS";
const CREATE_THREADS: &str = "CREATE_PUBLIC_THREADS";
const WRITE_IN_THREADS: &str = "SEND_MESSAGES_IN_THREADS";
/// What all works without but one thing each: scheduled events, and minutes in a thread instead of in the channel.
pub const DISPENSABLE: [&str; 3] = [CREATE_EVENTS, CREATE_THREADS, WRITE_IN_THREADS];

/// The fields of a command, option or choice that make a difference to people, in the order in which they are hashed.
/// Whatever else Discord returns (ids, versions, localizations we never set) is left out.
const HASHED_FIELDS: [&str; 16] = [
    "autocomplete",
    "channel_types",
    "choices",
    "contexts",
    "default_member_permissions",
    "description",
    "integration_types",
    "max_length",
    "max_value",
    "min_length",
    "min_value",
    "name",
    "options",
    "required",
    "type",
    "value",
];

static PARSED_APP: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(APP).expect("app.json is embedded and a test parses it"));

static PARSED_COMMANDS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    COMMANDS
        .iter()
        .map(|(_, text)| serde_json::from_str(text).expect("command files are embedded and a test parses each"))
        .collect()
});

/// `app.json`, parsed.
pub fn app() -> &'static Value {
    &PARSED_APP
}

/// The top-level commands in Discord's own JSON, as they stand in `bot-manifest/commands/`.
pub fn commands() -> &'static [Value] {
    &PARSED_COMMANDS
}

/// The body of the bulk overwrite of the global commands.
pub fn payload() -> Value {
    Value::Array(commands().to_vec())
}

/// SHA-256, in hex, over what matters of a set of commands. It is the same for [`commands`] and for what Discord gives
/// back once they are registered: order, ids, versions, nulls and defaults that Discord adds or drops don't count.
pub fn hash(commands: &[Value]) -> String {
    let mut lines: Vec<String> = commands.iter().map(|command| normalized(command).to_string()).collect();
    lines.sort();
    let digest = Sha256::digest(lines.join("\n"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether what Discord has registered is what the manifest says, so that nothing needs to be overwritten.
pub fn is_current(registered: &[Value]) -> bool {
    hash(registered) == hash(commands())
}

/// Names of the permissions the bot asks for when it is invited, as in `app.json`.
pub fn permission_names() -> impl Iterator<Item = &'static str> {
    strings("permissions")
}

/// The number of those permissions, as the invite link carries it.
pub fn permissions() -> u64 {
    permission_names().map(|name| permission(name).expect("a test looks up each name of app.json")).sum()
}

/// The bit of a permission by its name in Discord's documentation; `None` for a name not in the table.
pub fn permission(name: &str) -> Option<u64> {
    PERMISSION_BITS.iter().find(|(known, _)| *known == name).map(|(_, bit)| 1 << bit)
}

/// The link with which an admin adds the bot to a server, with the permissions it asks for.
pub fn invite_link(application_id: u64) -> String {
    let scopes = strings("scopes").collect::<Vec<_>>().join("%20");
    let permissions = permissions();
    format!(
        "https://discord.com/oauth2/authorize?client_id={application_id}&scope={scopes}\
         &permissions={permissions}&integration_type=0"
    )
}

/// The strings of a list in `app.json`.
fn strings(list: &str) -> impl Iterator<Item = &'static str> {
    app()[list].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// A command, option or choice with only [`HASHED_FIELDS`], nested ones alike. Maps are sorted, so that the text of the
/// outcome is the same however `serde_json` was built.
fn normalized(thing: &Value) -> Value {
    let fields: BTreeMap<&str, Value> =
        HASHED_FIELDS.iter().filter_map(|field| Some((*field, normalized_field(field, thing.get(field)?)?))).collect();
    json!(fields)
}

/// A field's value in the one form that is hashed; `None` when it says no more than its absence.
fn normalized_field(field: &str, value: &Value) -> Option<Value> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Number(number) => Some(json!(number.as_f64())),
        // The order of options and choices is what people see; that of type lists is nothing.
        Value::Array(items) if matches!(field, "options" | "choices") => Some(items.iter().map(normalized).collect()),
        Value::Array(items) => {
            let mut numbers: Vec<u64> = items.iter().filter_map(Value::as_u64).collect();
            numbers.sort_unstable();
            Some(json!(numbers))
        }
        other => Some(other.clone()),
    }
}

#[cfg(test)]
mod tests;
