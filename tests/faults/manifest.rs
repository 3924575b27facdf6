//! Slash commands as the manifest declares them, filled with values of a test's choosing: whatever is declared is covered.

use serde_json::{Value, json};

use super::support::Stage;

/// A slash command: its path and its options.
#[derive(Clone, Debug)]
pub struct Slash {
    pub path: Vec<String>,
    pub options: Vec<Value>,
}

/// All slash commands of the manifest.
pub fn slash_commands() -> Vec<Slash> {
    fn collect(path: &[String], command: &Value, found: &mut Vec<Slash>) {
        let mut path = path.to_vec();
        path.push(text(&command["name"]).to_owned());
        let options = list(&command["options"]);
        let steps: Vec<&Value> = options.iter().filter(|option| kind(option) <= 2).collect();
        if steps.is_empty() {
            found.push(Slash { path, options });
        } else {
            steps.iter().for_each(|step| collect(&path, step, found));
        }
    }
    let mut found = Vec::new();
    let typed = cosell::discord::manifest::commands().iter().filter(|command| command["type"].as_u64() == Some(1));
    typed.for_each(|command| collect(&[], command, &mut found));
    found
}

impl Slash {
    /// The data of an interaction with these options.
    pub fn data(&self, given: Vec<Value>) -> Value {
        let mut inner = given;
        for (depth, step) in self.path.iter().enumerate().skip(1).rev() {
            let kind = if depth + 1 < self.path.len() { 2 } else { 1 };
            inner = vec![json!({"type": kind, "name": step, "options": inner})];
        }
        json!({"id": "1", "name": self.path[0], "type": 1, "options": inner})
    }
}

/// An option with a value.
pub fn given(option: &Value, value: Value) -> Value {
    json!({"name": option["name"], "type": option["type"], "value": value})
}

/// An option that is being typed.
pub fn typing(option: &Value, typed: &str) -> Value {
    json!({"name": option["name"], "type": option["type"], "value": typed, "focused": true})
}

pub fn is_required(option: &Value) -> bool {
    option["required"] == true
}

/// Whether anything can be typed into an option.
pub fn is_text(option: &Value) -> bool {
    kind(option) == 3 && list(&option["choices"]).is_empty()
}

/// Discord's number of an option's type.
pub fn kind(option: &Value) -> u64 {
    option["type"].as_u64().expect("a type")
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// The name of the file that is attached to commands.
pub const FILE: &str = "deals.csv";
/// What is in it, unless a test has another.
pub const CSV: &[u8] = b"Record ID,Company,Partner,Deal Stage\n7,Vandelay,Initech,Limbo\n";

/// Whom and what the options of a server's commands name by id.
#[derive(Clone, Debug)]
pub struct Ids {
    pub person: String,
    pub channel: String,
    pub role: String,
}

/// A value with which an option's command does something, where the stage has what it names.
pub fn sample(option: &Value, ids: &Ids) -> Value {
    if let Some(choice) = list(&option["choices"]).first() {
        return choice["value"].clone();
    }
    match kind(option) {
        4 => option.get("min_value").cloned().unwrap_or(json!(1)),
        5 => json!(true),
        6 => json!(ids.person),
        7 => json!(ids.channel),
        8 => json!(ids.role),
        11 => json!(FILE),
        _ => json!(words(text(&option["name"]))),
    }
}

/// A text that fits an option or a field of this name.
pub fn words(name: &str) -> &'static str {
    match name {
        "deal" => "D-1",
        "account" => "Globex",
        "merge_into" => "Umbrella",
        "partner" => "Initech",
        "review" => "Weekly",
        "stage" => "Qualified",
        "period" => "Q4 2026",
        "timezone" => "Europe/London",
        "currency" => "USD",
        "topic" => "reviews",
        "amount" | "spiff" => "120k",
        "on" | "from" => "today",
        "close" | "due" | "until" | "to" | "starts" | "add" | "remove" => "15 Dec",
        "date" => "3 Nov",
        "time" => "9:30",
        "solo_rate" => "10",
        "cosell_rate" => "12",
        "email" => "ana@initech.example",
        "owners" => "* = @rita",
        "stages" => "Limbo = Prospect",
        _ => "Some words of theirs",
    }
}

/// Ids that a server has: of a person, a channel and a role.
pub fn ids_of(stage: &Stage, server: &str) -> Ids {
    let guild = stage.sandbox.guild_id(server);
    let id = |found: Option<cosell::sandbox::Snowflake>| found.expect("every company has it").to_string();
    Ids {
        person: stage.sandbox.person("ben").id().to_string(),
        channel: id(stage.sandbox.channel_id(guild, "#reviews")),
        role: id(stage.sandbox.role_id(guild, "Reps")),
    }
}
