//! Holds the tables against the manifest.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::*;
use crate::discord::manifest;

/// A slash command of the manifest: its path and its options.
struct Declared {
    path: String,
    options: Vec<Value>,
}

fn array(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Subcommands (type 1) and groups of them (type 2) are part of the path.
fn declared() -> Vec<Declared> {
    fn collect(path: &str, command: &Value, found: &mut Vec<Declared>) {
        let options = array(&command["options"]);
        let (inner, own): (Vec<Value>, Vec<Value>) =
            options.into_iter().partition(|o| matches!(o["type"].as_u64(), Some(1 | 2)));
        for option in &inner {
            collect(&format!("{path} {}", text(&option["name"])), option, found);
        }
        if inner.is_empty() {
            found.push(Declared { path: path.to_owned(), options: own });
        }
    }
    let mut found = Vec::new();
    for command in manifest::commands().iter().filter(|c| c["type"].as_u64().unwrap_or(1) == 1) {
        collect(text(&command["name"]), command, &mut found);
    }
    found
}

/// What an option may hold, as a handler gets it: each choice, or a value of its type.
fn samples(option: &Value) -> Vec<Value> {
    let choices: Vec<Value> = array(&option["choices"]).iter().map(|c| c["value"].clone()).collect();
    if !choices.is_empty() {
        return choices;
    }
    match option["type"].as_u64() {
        Some(3) => vec![json!("a text")],
        Some(4) => ["min_value", "max_value"].iter().filter_map(|end| option.get(end)).cloned().collect(),
        Some(5) => vec![json!(true), json!(false)],
        Some(6) => vec![json!({"id": 70, "name": "Ana", "roles": [5], "is_bot": false})],
        Some(7 | 8) => vec![json!(1_234_567_890_123_456_789_i64)],
        Some(11) => vec![json!({"url": "https://cdn.example/deals.csv", "size": 12})],
        other => panic!("a sample of type {other:?}"),
    }
}

fn given<'o>(options: impl IntoIterator<Item = &'o Value>) -> Map<String, Value> {
    let first = |option: &Value| samples(option).into_iter().next().expect("a sample");
    options.into_iter().map(|option| (text(&option["name"]).to_owned(), first(option))).collect()
}

fn is_required(option: &Value) -> bool {
    option["required"] == true
}

fn with_handlers() -> impl Iterator<Item = (Declared, &'static Command)> {
    declared().into_iter().filter_map(|declared| {
        let command = COMMANDS.iter().find(|c| c.path == declared.path)?;
        Some((declared, command))
    })
}

#[test]
fn every_handler_takes_all_options_of_its_command_and_the_required_ones_alone() {
    for (Declared { path, options }, command) in with_handlers() {
        let all = given(&options);
        if let Err(error) = (command.takes)(all.clone()) {
            panic!("/{path} with all options: {error}");
        }
        if let Err(error) = (command.takes)(given(options.iter().filter(|o| is_required(o)))) {
            panic!("/{path} with the required options: {error}");
        }
        for (option, sample) in options.iter().flat_map(|o| samples(o).into_iter().map(move |s| (o, s))) {
            let mut one = all.clone();
            one.insert(text(&option["name"]).to_owned(), sample.clone());
            assert!((command.takes)(one).is_ok(), "/{path} {}:{sample}", option["name"]);
        }
    }
}

#[test]
fn no_handler_overlooks_an_option() {
    for (Declared { path, options }, command) in with_handlers() {
        for option in &options {
            let name = text(&option["name"]);
            let mut wrong = given(&options);
            wrong.insert(name.to_owned(), json!([[]]));
            assert!((command.takes)(wrong).is_err(), "/{path} has no field of its own for {name}");
            let mut without = given(&options);
            without.remove(name);
            assert_eq!((command.takes)(without).is_err(), is_required(option), "/{path} without {name}");
        }
        let mut strange = given(&options);
        strange.insert("no_such_option".to_owned(), json!(1));
        assert!((command.takes)(strange).is_err(), "/{path} takes what the manifest doesn't name");
    }
}

#[test]
fn every_command_has_a_handler_and_every_handler_a_command() {
    let commands: BTreeSet<String> = declared().into_iter().map(|d| d.path).collect();
    let handled: BTreeSet<String> = COMMANDS.iter().map(|c| c.path.to_owned()).collect();
    assert_eq!(commands, handled);
    let menus: BTreeSet<&str> = manifest::commands()
        .iter()
        .filter(|c| matches!(c["type"].as_u64(), Some(2 | 3)))
        .map(|c| text(&c["name"]))
        .collect();
    assert_eq!(menus, MENUS.iter().map(|(name, _)| *name).collect());
}

#[test]
fn every_option_that_completes_has_choices_and_every_choice_an_option() {
    let mut unused: BTreeSet<&str> = keys(CHOICES).into_iter().collect();
    for Declared { path, options } in declared() {
        for option in options.iter().filter(|option| option["autocomplete"] == true) {
            let name = text(&option["name"]);
            assert!(find_choices(&path, name).is_some(), "/{path} {name}");
            unused.retain(|key| *key != name && *key != format!("{path} {name}"));
        }
    }
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn no_key_stands_in_a_table_twice() {
    for keys in [keys(MENUS), keys(ACTIONS), keys(CHOICES), COMMANDS.iter().map(|c| c.path).collect()] {
        assert_eq!(keys.len(), keys.iter().collect::<BTreeSet<_>>().len(), "{keys:?}");
    }
}

fn keys(table: &[(&'static str, Handler)]) -> Vec<&'static str> {
    table.iter().map(|(key, _)| *key).collect()
}

#[test]
fn every_command_has_a_line_for_its_first_use() {
    let commands = crate::render::voice::Commands::default();
    let message = crate::render::message::Message::silent().text("Saved.").build();
    let named = COMMANDS.iter().map(|c| c.path).chain(keys(MENUS));
    let without: Vec<&str> =
        named.filter(|name| crate::render::first_use::line(&commands, name, &message).is_none()).collect();
    assert_eq!(without, Vec::<&str>::new());
    let other = keys(ACTIONS).into_iter().chain(keys(CHOICES));
    let taken: Vec<&str> =
        other.filter(|name| crate::render::first_use::line(&commands, name, &message).is_some()).collect();
    assert_eq!(taken, Vec::<&str>::new(), "a button is no command");
}
