//! From what a person types to what Discord's client sends: by the commands that are registered.

mod cut;

use std::path::Path;

use serde_json::{Map, Value, json};

use super::check::{length, list};
use super::message::LARGEST_FILE;
use super::permission;
use super::snowflake::Snowflake;
use super::state::{Channel, Guild, State};
use super::{mention, payload};
use cut::split;

/// What the client sends: the interaction's `data`.
type Typed = Result<Value, String>;

/// Whether the text is being typed still.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Typing {
    /// Sent: all that is required must be there.
    Finished,
    /// The last option has the focus and asks for completions.
    Completing,
}

/// Reads a typed command for somebody in a channel.
pub(super) fn read(state: &State, url: &str, at: (&Channel, Snowflake), text: &str, typing: Typing) -> Typed {
    let text = text.trim_start();
    let mut rest = text.strip_prefix('/').unwrap_or(text);
    let play = Play::find(state, at, || {
        let (name, after) = word(rest);
        rest = after;
        name
    })?;
    let pairs = split(play.options, rest)?;
    play.data(state, url, at.0, &pairs, typing)
}

/// Reads a command whose options were filled one by one. The last one has the focus while it is typed.
pub(super) fn read_filled(
    state: &State,
    url: &str,
    at: (&Channel, Snowflake),
    (path, values): (&[String], &[(String, String)]),
    typing: Typing,
) -> Typed {
    let mut names = path.iter();
    let play = Play::find(state, at, || names.next().map_or("", String::as_str))?;
    let mut pairs = Vec::new();
    for (name, value) in values {
        let option = play.options.iter().find(|option| option["name"] == name.as_str());
        pairs.push((option.ok_or_else(|| not_an_option(play.options, name))?, value.as_str()));
    }
    play.data(state, url, at.0, &pairs, typing)
}

/// A command that somebody may use, followed down to where its options are.
struct Play<'a> {
    command: &'a Value,
    steps: Vec<&'a Value>,
    options: &'a [Value],
}

impl<'a> Play<'a> {
    /// By the words of its name, as they come.
    fn find<'n>(
        state: &'a State,
        (channel, user): (&Channel, Snowflake),
        mut next: impl FnMut() -> &'n str,
    ) -> Result<Play<'a>, String> {
        let command = find(state, channel, user, next(), 1)?;
        let mut play = Play { command, steps: Vec::new(), options: list(command, "options") };
        while play.options.iter().any(is_nested) {
            let name = next();
            let step = play.options.iter().find(|option| option["name"] == name);
            let step = step.ok_or_else(|| missing_step(play.options, name))?;
            play.steps.push(step);
            play.options = list(step, "options");
        }
        Ok(play)
    }

    fn data(&self, state: &State, url: &str, channel: &Channel, pairs: &[(&Value, &str)], typing: Typing) -> Typed {
        let guild = channel.guild.and_then(|id| state.guilds.get(&id));
        let mut reader = Reader { state, guild, url, resolved: json!({}) };
        let mut values = reader.values(self.options, pairs, typing)?;
        for step in self.steps.iter().rev() {
            let nested = json!({"type": step["type"], "name": step["name"], "options": values});
            values = vec![nested];
        }
        Ok(json!({
            "id": self.command["id"],
            "name": self.command["name"],
            "type": 1,
            "guild_id": self.command["guild_id"].as_str().map(|_| channel.guild),
            "options": values,
            "resolved": reader.resolved,
        }))
    }
}

/// The words of a command's name in the data that a client sends: `deal new`.
pub(super) fn name_of(data: &Value) -> String {
    let mut words = vec![data["name"].as_str().unwrap_or_default()];
    let mut options = list(data, "options");
    while let [step] = options
        && is_nested(step)
    {
        words.push(step["name"].as_str().unwrap_or_default());
        options = list(step, "options");
    }
    words.join(" ")
}

/// A command that somebody sees in a channel. Kinds: 1 typed, 2 on a user, 3 on a message.
pub(super) fn find<'a>(
    state: &'a State,
    channel: &Channel,
    user: Snowflake,
    name: &str,
    kind: u64,
) -> Result<&'a Value, String> {
    let mut all = state.commands_in(channel.guild);
    let command = all.find(|c| c["type"] == kind && c["name"] == name);
    let command = command.ok_or_else(|| unknown(state, channel, name, kind))?;
    let bits = state.permissions(channel, user);
    if bits & permission::USE_APPLICATION_COMMANDS == 0 {
        return Err("You can't use commands in this channel".to_owned());
    }
    let needed = command["default_member_permissions"].as_str();
    let needed = needed.and_then(|bits| bits.parse::<u64>().ok());
    let hidden =
        needed.is_some_and(|needed| bits & permission::ADMINISTRATOR == 0 && (needed == 0 || bits & needed != needed));
    if hidden {
        return Err(format!("/{name} is hidden from you: it takes a permission you lack"));
    }
    let context = u8::from(channel.guild.is_none());
    let contexts = command["contexts"].as_array();
    if contexts.is_some_and(|list| !list.contains(&json!(context))) {
        return Err(format!("/{name} can't be used here"));
    }
    Ok(command)
}

fn unknown(state: &State, channel: &Channel, name: &str, kind: u64) -> String {
    let known = state.commands_in(channel.guild).filter(|c| c["type"] == kind);
    let names: Vec<&str> = known.filter_map(|c| c["name"].as_str()).collect();
    format!("There is no command \"{name}\". There are: {}", names.join(", "))
}

fn is_nested(option: &Value) -> bool {
    matches!(option["type"].as_u64(), Some(1 | 2))
}

fn missing_step(options: &[Value], name: &str) -> String {
    let names: Vec<&str> = options.iter().filter_map(|o| o["name"].as_str()).collect();
    format!("\"{name}\" does not go on here. Type one of: {}", names.join(", "))
}

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

fn not_an_option(options: &[Value], typed: &str) -> String {
    let names: Vec<&str> = options.iter().filter_map(|o| o["name"].as_str()).collect();
    format!("\"{typed}\" is not an option here. Options: {}", names.join(", "))
}

/// Turns values into what their options take, and gathers whom they name.
struct Reader<'a> {
    state: &'a State,
    guild: Option<&'a Guild>,
    /// Where attached files are kept.
    url: &'a str,
    resolved: Value,
}

impl Reader<'_> {
    fn values(&mut self, options: &[Value], pairs: &[(&Value, &str)], typing: Typing) -> Result<Vec<Value>, String> {
        let mut values: Vec<Value> = Vec::new();
        let last = pairs.len().wrapping_sub(1);
        for (n, (option, value)) in pairs.iter().enumerate() {
            if values.iter().any(|v| v["name"] == option["name"]) {
                return Err(format!("{} is given twice", option["name"]));
            }
            let focused = typing == Typing::Completing && n == last;
            if value.is_empty() && !focused {
                continue;
            }
            values.push(self.value(option, value, focused)?);
        }
        match typing {
            Typing::Completing if !values.iter().any(|v| v["focused"] == true) => {
                Err("End with the option to complete, as in deal:glo".to_owned())
            }
            Typing::Completing => Ok(values),
            Typing::Finished => required(options, &values).map(|()| values),
        }
    }

    fn value(&mut self, option: &Value, text: &str, focused: bool) -> Result<Value, String> {
        let name = option["name"].as_str().unwrap_or_default();
        let mut value = json!({"name": name, "type": option["type"]});
        if focused {
            if option["autocomplete"] != true {
                return Err(format!("{name} does not complete"));
            }
            value["value"] = json!(text);
            value["focused"] = json!(true);
            return Ok(value);
        }
        let taken = self.taken(option, text);
        value["value"] = taken.map_err(|why| format!("{name}: {why}"))?;
        Ok(value)
    }

    fn taken(&mut self, option: &Value, text: &str) -> Typed {
        let choices = list(option, "choices");
        if !choices.is_empty() {
            return choice(choices, text);
        }
        match option["type"].as_u64() {
            Some(3) => in_length(option, &mention::typed(self.state, self.guild, text)),
            Some(4) => in_range(option, text.parse::<i64>().map(Value::from).ok()),
            Some(10) => in_range(option, text.parse::<f64>().map(Value::from).ok()),
            Some(5) => match text.to_lowercase().as_str() {
                "true" | "yes" => Ok(json!(true)),
                "false" | "no" => Ok(json!(false)),
                _ => Err("type true or false".to_owned()),
            },
            Some(6) => self.user(text),
            Some(7) => self.channel(option, text),
            Some(8) => self.role(text),
            Some(9) => self.user(text).or_else(|_| self.role(text)),
            Some(11) => attach(self.state, self.url, text, &mut self.resolved),
            other => Err(format!("options of type {other:?} can't be typed here")),
        }
    }

    fn user(&mut self, text: &str) -> Typed {
        let user = self.state.user_named(text);
        let user = user.ok_or_else(|| format!("there is nobody called {text}"))?;
        resolve_user(self.state, self.guild, user.id, &mut self.resolved);
        Ok(json!(user.id))
    }

    fn channel(&mut self, option: &Value, text: &str) -> Typed {
        let guild = self.guild.map(|guild| guild.id);
        let channel = guild.and_then(|id| self.state.channel_named(id, text));
        let channel = channel.ok_or_else(|| format!("there is no channel {text}"))?;
        let kinds = list(option, "channel_types");
        if !kinds.is_empty() && !kinds.contains(&json!(channel.kind.number())) {
            return Err(format!("{text} is not a kind of channel that goes here"));
        }
        resolve_channel(self.state, channel, &mut self.resolved);
        Ok(json!(channel.id))
    }

    fn role(&mut self, text: &str) -> Typed {
        let bare = text.trim_start_matches('@');
        let mut roles = self.guild.into_iter().flat_map(|guild| &guild.roles);
        let role = roles.find(|role| role.name.eq_ignore_ascii_case(bare));
        let role = role.ok_or_else(|| format!("there is no role {text}"))?;
        self.resolved["roles"][role.id.to_string()] = payload::role(role, 1);
        Ok(json!(role.id))
    }
}

/// Adds a user, and the membership if there is one, to what an interaction resolves.
pub(super) fn resolve_user(state: &State, guild: Option<&Guild>, id: Snowflake, resolved: &mut Value) {
    let key = id.to_string();
    if let Some(user) = state.users.get(&id) {
        resolved["users"][&key] = payload::user(user);
    }
    if let Some((guild, member)) = guild.and_then(|g| Some((g, g.members.get(&id)?))) {
        let mut json = payload::bare_member(member);
        json["permissions"] = json!(permission::in_guild(guild, id).to_string());
        resolved["members"][&key] = json;
    }
}

/// Adds a channel to what an interaction resolves.
pub(super) fn resolve_channel(state: &State, channel: &Channel, resolved: &mut Value) {
    let mut map = Map::new();
    let json = payload::channel_of_interaction(state, channel, state.bot);
    for field in ["id", "name", "type", "parent_id", "permissions", "thread_metadata"] {
        if let Some(value) = json.get(field) {
            map.insert(field.to_owned(), value.clone());
        }
    }
    resolved["channels"][channel.id.to_string()] = Value::Object(map);
}

/// Attaches a file that people have at hand, or one of this machine, as `@path/to.csv`.
pub(super) fn attach(state: &State, url: &str, text: &str, resolved: &mut Value) -> Typed {
    let text = text.strip_prefix('@').unwrap_or(text);
    let path = Path::new(text);
    let bytes = match state.at_hand.get(text) {
        Some(bytes) => bytes.clone(),
        None => std::fs::read(path).map_err(|error| format!("{} can't be read: {error}", path.display()))?,
    };
    if bytes.len() > LARGEST_FILE {
        return Err("the file is bigger than Discord takes".to_owned());
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let size = bytes.len();
    let id = state.upload(bytes);
    let url = format!("{url}/attachments/{id}/{name}");
    resolved["attachments"][id.to_string()] = json!({
        "id": id, "filename": name, "size": size, "url": url, "proxy_url": url, "content_type": "text/csv", "ephemeral": true,
    });
    Ok(json!(id))
}

fn required(options: &[Value], values: &[Value]) -> Result<(), String> {
    let given = |option: &Value| values.iter().any(|v| v["name"] == option["name"]);
    let missing = options.iter().filter(|o| o["required"] == true && !given(o));
    let names: Vec<&str> = missing.filter_map(|o| o["name"].as_str()).collect();
    if names.is_empty() { Ok(()) } else { Err(format!("Still needed: {}", names.join(", "))) }
}

fn choice(choices: &[Value], text: &str) -> Typed {
    let wanted = text.to_lowercase();
    let is = |value: &Value| match value {
        Value::String(text) => text.to_lowercase() == wanted,
        Value::Number(number) => number.to_string() == wanted,
        _ => false,
    };
    let taken = choices.iter().find(|c| is(&c["name"]) || is(&c["value"]));
    taken.map(|c| c["value"].clone()).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().filter_map(|c| c["name"].as_str()).collect();
        format!("choose one of: {}", names.join(", "))
    })
}

fn in_length(option: &Value, text: &str) -> Typed {
    let bound = |name: &str, default| option[name].as_u64().unwrap_or(default) as usize;
    let (min, max) = (bound("min_length", 0), bound("max_length", 6_000));
    if (min..=max).contains(&length(text)) {
        Ok(json!(text))
    } else {
        Err(format!("must be {min} to {max} characters long"))
    }
}

fn in_range(option: &Value, number: Option<Value>) -> Typed {
    let number = number.ok_or("type a number")?;
    let value = number.as_f64().unwrap_or(0.0);
    let min = option["min_value"].as_f64().unwrap_or(f64::MIN);
    let max = option["max_value"].as_f64().unwrap_or(f64::MAX);
    if (min..=max).contains(&value) { Ok(number) } else { Err(format!("must be between {min} and {max}")) }
}
