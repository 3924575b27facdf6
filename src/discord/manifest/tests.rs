//! The manifest against Discord's rules, and the hash against what Discord gives back.

use super::*;
use crate::render::deal::choose;

const CHAT: u64 = 1;
/// A group of subcommands.
const GROUP: u64 = 2;
const SUBCOMMAND: u64 = 1;

/// Discord counts UTF-16 code units.
fn units(text: &Value) -> usize {
    text.as_str().map_or(0, |text| text.encode_utf16().count())
}

fn list<'a>(thing: &'a Value, field: &str) -> &'a [Value] {
    thing[field].as_array().map_or(&[], Vec::as_slice)
}

/// A thing and all options under it.
fn tree(thing: &Value) -> Vec<&Value> {
    let below = list(thing, "options").iter().flat_map(tree);
    std::iter::once(thing).chain(below).collect()
}

fn chat_commands() -> impl Iterator<Item = &'static Value> {
    commands().iter().filter(|command| command["type"] == CHAT)
}

/// Everything with a name and a description of its own: chat commands, subcommands, options.
fn chat_tree() -> impl Iterator<Item = &'static Value> {
    chat_commands().flat_map(tree)
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/bot-manifest/commands");
    let mut found: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let mut embedded: Vec<&str> = COMMANDS.iter().map(|(file, _)| *file).collect();
    found.sort();
    embedded.sort();
    assert_eq!(found, embedded);
}

#[test]
fn a_file_is_named_as_its_command() {
    for ((file, _), command) in COMMANDS.iter().zip(commands()) {
        let name = command["name"].as_str().unwrap().to_lowercase().replace(' ', "_");
        assert_eq!(*file, format!("{name}.json"));
    }
}

#[test]
fn commands_are_for_servers_only() {
    for command in commands() {
        assert_eq!(command["contexts"], json!([0]), "{}", command["name"]);
        assert_eq!(command["integration_types"], json!([0]), "{}", command["name"]);
    }
}

#[test]
fn only_cosell_asks_for_manage_server() {
    let manage_server = permission("MANAGE_GUILD").unwrap().to_string();
    for command in commands() {
        let expected = (command["name"] == "cosell").then_some(manage_server.as_str());
        assert_eq!(command["default_member_permissions"].as_str(), expected, "{}", command["name"]);
    }
}

#[test]
fn names_keep_to_what_discord_allows() {
    for thing in chat_tree() {
        let name = thing["name"].as_str().unwrap();
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!((1..=32).contains(&name.len()) && name.chars().all(allowed), "{name}");
    }
    for menu in commands().iter().filter(|command| command["type"] != CHAT) {
        assert!((1..=32).contains(&units(&menu["name"])), "{menu}");
        assert!(menu.get("description").is_none() && menu.get("options").is_none(), "{menu}");
    }
}

#[test]
fn descriptions_have_1_to_100_characters() {
    for thing in chat_tree() {
        assert!((1..=100).contains(&units(&thing["description"])), "{thing}");
    }
}

#[test]
fn options_are_at_most_25_unique_and_required_first() {
    for thing in chat_tree() {
        let options = list(thing, "options");
        let names: std::collections::BTreeSet<_> = options.iter().map(|o| o["name"].as_str()).collect();
        assert!(options.len() <= 25 && names.len() == options.len(), "{thing}");
        assert!(options.is_sorted_by_key(|o| o["required"] != true), "required first: {thing}");
    }
}

#[test]
fn subcommands_are_not_mixed_with_options() {
    for command in chat_commands() {
        let options = list(command, "options");
        let subcommands = options.iter().filter(|o| o["type"] == SUBCOMMAND || o["type"] == GROUP).count();
        assert!(subcommands == 0 || subcommands == options.len(), "{}", command["name"]);
    }
}

#[test]
fn choices_are_at_most_25_stable_words_with_a_name_for_people() {
    for option in chat_tree() {
        let choices = list(option, "choices");
        assert!(choices.len() <= 25 && (choices.is_empty() || option["autocomplete"] != true), "{option}");
        for choice in choices {
            let value = choice["value"].as_str().unwrap();
            assert!(value.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{value}");
            assert!((1..=100).contains(&units(&choice["name"])), "{choice}");
        }
    }
}

#[test]
fn typed_text_has_a_limit() {
    for option in chat_tree().filter(|o| o["type"] == 3 && o.get("choices").is_none()) {
        let longest = option["max_length"].as_u64().unwrap_or_else(|| panic!("no max_length: {option}"));
        assert!((1..=6000).contains(&longest) && option["min_length"].as_u64() >= Some(1), "{option}");
        assert!(option["autocomplete"] != true || longest <= 100, "a choice's value has at most 100: {option}");
    }
}

#[test]
fn a_command_has_at_most_8000_characters_over_all() {
    for command in commands() {
        let counted = |thing: &Value| {
            let choices = list(thing, "choices").iter();
            let choices: usize = choices.map(|c| units(&c["name"]) + units(&c["value"])).sum();
            units(&thing["name"]) + units(&thing["description"]) + choices
        };
        let total: usize = tree(command).into_iter().map(counted).sum();
        assert!(total <= 8000, "{}: {total}", command["name"]);
    }
}

#[test]
fn the_permission_number_matches_the_names() {
    assert_eq!(app()["permissions_number"], json!(permissions().to_string()));
    // 1024 + 2048 + 16384 + 32768 + 65536 + 2^35 + 2^38 + 2^44, added by hand.
    assert_eq!(permissions(), 17_901_423_807_488);
}

#[test]
fn only_the_unprivileged_intent_is_asked_for() {
    assert_eq!(app()["intents"], json!(["GUILDS"]));
}

#[test]
fn the_invite_link_names_application_scopes_and_permissions() {
    assert_eq!(
        invite_link(123),
        "https://discord.com/oauth2/authorize?client_id=123&scope=bot%20applications.commands\
         &permissions=17901423807488&integration_type=0"
    );
}

/// What Discord gives back: ids and versions added, defaults written out or dropped, the list in another order.
fn as_registered() -> Vec<Value> {
    let mut registered = commands().to_vec();
    registered.reverse();
    for (index, command) in registered.iter_mut().enumerate() {
        let command = command.as_object_mut().unwrap();
        for (field, value) in [
            ("id", json!(format!("{}", 1000 + index))),
            ("application_id", json!("1")),
            ("version", json!("2")),
            ("nsfw", json!(false)),
            ("dm_permission", json!(false)),
            ("name_localizations", Value::Null),
        ] {
            command.insert(field.into(), value);
        }
        command.entry("description").or_insert(json!(""));
        command.entry("options").or_insert(json!([]));
        command.entry("default_member_permissions").or_insert(Value::Null);
    }
    registered
}

#[test]
fn what_discord_returns_for_our_commands_is_current() {
    assert!(is_current(&as_registered()));
}

fn deal_in(registered: &mut [Value]) -> &mut Value {
    registered.iter_mut().find(|command| command["name"] == "deal").unwrap()
}

#[test]
fn any_difference_that_people_see_needs_an_overwrite() {
    let changes: [(&str, Value); 5] = [
        ("/name", json!("Other")),
        ("/options/0/description", json!("Other")),
        ("/options/0/options/0/required", json!(false)),
        ("/options/0/options/2/choices/0/value", json!("other")),
        ("/contexts", json!([0, 1])),
    ];
    for (path, value) in changes {
        let mut registered = as_registered();
        *deal_in(&mut registered).pointer_mut(path).unwrap() = value;
        assert!(!is_current(&registered), "{path}");
    }
    assert!(!is_current(&as_registered()[1..]), "a command is missing");
    assert!(!is_current(&[]));
}

#[test]
fn the_order_of_options_counts() {
    let mut registered = as_registered();
    deal_in(&mut registered)["options"].as_array_mut().unwrap().reverse();
    assert!(!is_current(&registered));
}

/// The choices of an option: pairs of value and name.
fn choices(path: [&str; 3]) -> Vec<(String, String)> {
    let named = |things: &'static [Value], name: &str| things.iter().find(|thing| thing["name"] == name).unwrap();
    let [command, subcommand, option] = path;
    let option = named(list(named(list(named(commands(), command), "options"), subcommand), "options"), option);
    let text = |thing: &Value| thing.as_str().unwrap().to_owned();
    list(option, "choices").iter().map(|choice| (text(&choice["value"]), text(&choice["name"]))).collect()
}

#[test]
fn what_a_command_and_a_card_both_offer_is_worded_once() {
    assert_eq!(choices(["deal", "lost", "reason"]), choose::loss_reasons());
    assert_eq!(choices(["deal", "wait", "on"]), choose::next_movers());
}
