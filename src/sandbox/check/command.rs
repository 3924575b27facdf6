//! Which commands may be registered.

use std::collections::HashSet;

use serde_json::Value;

use super::Kind::{Any, Flag, Integer, List, Number, Object, Text};
use super::Need::{Optional, Required};
use super::{Field, Mistakes, Path, length, list, object};
use crate::sandbox::fault::Rejection;

const GROUP: u64 = 2;
const SUBCOMMAND: u64 = 1;

/// Characters of names, descriptions and choice values over a whole command.
const TREE: usize = 8_000;

/// Refuses a list of commands that Discord would refuse, with all mistakes at once.
pub(in crate::sandbox) fn scope(commands: &[Value]) -> Result<(), Rejection> {
    let mut found = Mistakes::default();
    let mut names = HashSet::new();
    let mut of_kind = [0_usize; 4];
    for (n, command) in commands.iter().enumerate() {
        let at = Path::default().to(n);
        let kind = kind_of(command);
        if let Some(count) = of_kind.get_mut(kind as usize) {
            *count += 1;
        }
        one(&mut found, &at, command, kind);
        if !names.insert((kind, command["name"].as_str())) {
            let text = "Application command names must be unique";
            found.note(&at, "APPLICATION_COMMANDS_DUPLICATE_NAME", text);
        }
    }
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        if of_kind[kind] > most {
            let text = format!("Maximum number of application commands reached ({most}).");
            found.note(&Path::default(), "MAX_APPLICATION_COMMANDS", text);
        }
    }
    found.into_result()
}

/// The command's type; 1 when it has none.
pub(in crate::sandbox) fn kind_of(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(1)
}

fn one(found: &mut Mistakes, at: &Path, command: &Value, kind: u64) {
    let description = if kind == 1 { Text(1, 100) } else { Text(0, 0) };
    let need = if kind == 1 { Required } else { Optional };
    let fields = [
        Field("id", Any, Optional),
        Field("type", Integer(1, 3), Optional),
        Field("name", Text(1, 32), Required),
        Field("name_localizations", Object, Optional),
        Field("description", description, need),
        Field("description_localizations", Object, Optional),
        Field("options", List(0, 25), Optional),
        Field("default_member_permissions", Text(0, 20), Optional),
        Field("dm_permission", Flag, Optional),
        Field("default_permission", Flag, Optional),
        Field("integration_types", List(1, 2), Optional),
        Field("contexts", List(1, 3), Optional),
        Field("nsfw", Flag, Optional),
    ];
    if !object(found, at, command, &fields) {
        return;
    }
    if kind == 1 {
        name(found, at, command);
        options(found, &at.to("options"), list(command, "options"), 0);
    } else if !list(command, "options").is_empty() {
        let text = "Context menu commands cannot have options";
        found.note(&at.to("options"), "APPLICATION_COMMANDS_OPTIONS_TYPE_INVALID", text);
    }
    let permissions = command["default_member_permissions"].as_str();
    if permissions.is_some_and(|bits| bits.parse::<u64>().is_err()) {
        let place = at.to("default_member_permissions");
        found.note(&place, "NUMBER_TYPE_COERCE", "Value is not a set of permissions.");
    }
    if tree_size(command) > TREE {
        let text = "The combined characters of the command exceed 8000";
        found.note(at, "APPLICATION_COMMAND_TOO_LARGE", text);
    }
}

fn name(found: &mut Mistakes, at: &Path, named: &Value) {
    let Some(name) = named["name"].as_str() else {
        return;
    };
    // Discord's pattern: letters, digits, marks of Devanagari and Thai, and - _ '; in lower case.
    let fits = |c: char| c.is_alphanumeric() || "-_'".contains(c) || is_indic_mark(c);
    if !name.chars().all(fits) || name.chars().any(char::is_uppercase) {
        let text = "Command name is invalid";
        found.note(&at.to("name"), "APPLICATION_COMMAND_INVALID_NAME", text);
    }
}

fn is_indic_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}')
}

fn options(found: &mut Mistakes, at: &Path, options: &[Value], depth: u8) {
    let mut names = HashSet::new();
    let mut optional_seen = false;
    let nested = options.iter().filter(|o| is_nested(o)).count();
    if nested > 0 && nested < options.len() {
        let text = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        found.note(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text);
    }
    for (n, option) in options.iter().enumerate() {
        let place = at.to(n);
        if !option_shape(found, &place, option) {
            continue;
        }
        name(found, &place, option);
        if !names.insert(option["name"].as_str()) {
            let text = "Option names must be unique";
            found.note(&place, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", text);
        }
        if option["required"] == true && optional_seen {
            let text = "Required options must be placed before non-required options";
            found.note(&place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text);
        }
        optional_seen |= option["required"] != true;
        nesting(found, &place, option, depth);
        values(found, &place, option);
    }
}

fn is_nested(option: &Value) -> bool {
    matches!(option["type"].as_u64(), Some(SUBCOMMAND | GROUP))
}

fn option_shape(found: &mut Mistakes, at: &Path, option: &Value) -> bool {
    let fields = [
        Field("type", Integer(1, 11), Required),
        Field("name", Text(1, 32), Required),
        Field("name_localizations", Object, Optional),
        Field("description", Text(1, 100), Required),
        Field("description_localizations", Object, Optional),
        Field("required", Flag, Optional),
        Field("choices", List(0, 25), Optional),
        Field("options", List(0, 25), Optional),
        Field("channel_types", List(0, 25), Optional),
        Field("min_value", Number, Optional),
        Field("max_value", Number, Optional),
        Field("min_length", Integer(0, 6_000), Optional),
        Field("max_length", Integer(1, 6_000), Optional),
        Field("autocomplete", Flag, Optional),
    ];
    object(found, at, option, &fields)
}

/// One level of groups: a group holds subcommands, a subcommand holds plain options.
fn nesting(found: &mut Mistakes, at: &Path, option: &Value, depth: u8) {
    let inner = list(option, "options");
    let kind = option["type"].as_u64().unwrap_or(0);
    let allowed = match (kind, depth) {
        (GROUP, 0) => inner.iter().all(|o| o["type"] == SUBCOMMAND),
        (SUBCOMMAND, 0 | 1) => !inner.iter().any(is_nested),
        (GROUP | SUBCOMMAND, _) => false,
        _ => inner.is_empty(),
    };
    if !allowed {
        let text = "Sub-commands and groups cannot be nested like this";
        found.note(&at.to("options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text);
    }
    if is_nested(option) && !option["required"].is_null() && option["required"] != false {
        let text = "A sub-command cannot be required";
        found.note(&at.to("required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text);
    }
    options(found, &at.to("options"), inner, depth + 1);
}

fn values(found: &mut Mistakes, at: &Path, option: &Value) {
    let choices = list(option, "choices");
    let kind = option["type"].as_u64().unwrap_or(0);
    let takes_choices = matches!(kind, 3 | 4 | 10);
    let completes = option["autocomplete"] == true;
    if (!choices.is_empty() || completes) && !takes_choices {
        let text = "Only string, integer and number options have choices or autocomplete";
        found.note(&at.to("choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", text);
    }
    if completes && !choices.is_empty() {
        let text = "Choices and autocomplete are mutually exclusive";
        found.note(&at.to("autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE", text);
    }
    let value = if kind == 3 { Text(1, 100) } else { Number };
    self::choices(found, &at.to("choices"), choices, value);
    let names: HashSet<_> = choices.iter().map(|c| c["name"].as_str()).collect();
    if names.len() < choices.len() {
        let text = "Choice names must be unique";
        found.note(&at.to("choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_DUPLICATE", text);
    }
}

/// Holds a list of choices, registered or completed, against the limits.
pub(in crate::sandbox) fn choices(found: &mut Mistakes, at: &Path, choices: &[Value], value: super::Kind) {
    for (n, choice) in choices.iter().enumerate() {
        let fields = [
            Field("name", Text(1, 100), Required),
            Field("name_localizations", Object, Optional),
            Field("value", value, Required),
        ];
        object(found, &at.to(n), choice, &fields);
    }
}

fn tree_size(of: &Value) -> usize {
    let text = |name: &str| of[name].as_str().map_or(0, length);
    let inner = list(of, "options").iter().chain(list(of, "choices"));
    text("name") + text("description") + text("value") + inner.map(tree_size).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(command: Value) -> String {
        let outcome = scope(&[command]);
        outcome.map_or_else(|r| r.body["errors"].to_string(), |()| String::new())
    }

    fn with(options: Value) -> Value {
        json!({"name": "deal", "description": "Deals", "options": options})
    }

    #[test]
    fn required_options_come_first() {
        let option =
            |name: &str, required: bool| json!({"type": 3, "name": name, "description": "d", "required": required});
        let good = json!([option("a", true), option("b", false)]);
        let bad = json!([option("b", false), option("a", true)]);
        assert_eq!(refused(with(good)), "");
        assert!(refused(with(bad)).contains("REQUIRED_INVALID"));
    }

    #[test]
    fn names_are_lower_case_and_without_spaces() {
        for name in ["Deal", "deal new", "deal!"] {
            let told = refused(json!({"name": name, "description": "d"}));
            assert!(told.contains("INVALID_NAME"), "{name}");
        }
        assert_eq!(refused(json!({"name": "Log to a deal", "type": 3})), "");
    }

    #[test]
    fn groups_nest_one_level() {
        let sub = json!({"type": 1, "name": "new", "description": "d"});
        let group = json!({"type": 2, "name": "g", "description": "d", "options": [sub]});
        let deep = json!({"type": 2, "name": "h", "description": "d", "options": [group]});
        assert_eq!(refused(with(json!([group]))), "");
        assert!(refused(with(json!([deep]))).contains("TYPE_INVALID"));
    }

    #[test]
    fn a_tree_has_at_most_8000_characters() {
        let choice = |n: usize| json!({"name": format!("{n:0>100}"), "value": "v".repeat(100)});
        let list: Vec<Value> = (0..25).map(choice).collect();
        let option = |name: &str| json!({"type": 3, "name": name, "description": "d", "choices": list});
        assert_eq!(refused(with(json!([option("a")]))), "");
        let two = refused(with(json!([option("a"), option("b")])));
        assert!(two.contains("TOO_LARGE"), "{two}");
    }
}
