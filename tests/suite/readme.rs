//! The README tells of what there is, and of nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use cosell::discord::end::{EXITS, Exit};
use cosell::discord::manifest;
use serde_json::Value;

const README: &str = include_str!("../../README.md");
const CONFIG: &str = include_str!("../../src/config.rs");
const TOKEN: &str = include_str!("../../src/config/token.rs");

/// The text of one section.
fn section(title: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("## {title}\n")).unwrap();
    rest.split("\n## ").next().unwrap()
}

/// What stands between back-ticks in the first column of a section's table.
fn first_column(title: &str) -> BTreeSet<&'static str> {
    let rows = section(title).lines().filter(|line| line.starts_with("| `"));
    let cells = rows.flat_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

/// The commands as people type them, and the names of the context menus.
fn paths(command: &Value, before: &str) -> Vec<String> {
    let name = command["name"].as_str().unwrap();
    if command["type"].as_u64().unwrap() > 1 && before.is_empty() {
        return vec![name.to_owned()];
    }
    let path = if before.is_empty() { format!("/{name}") } else { format!("{before} {name}") };
    let nested = command["options"].as_array().into_iter().flatten().filter(|o| o["type"] == 1 || o["type"] == 2);
    let inner: Vec<String> = nested.flat_map(|option| paths(option, &path)).collect();
    if inner.is_empty() { vec![path] } else { inner }
}

#[test]
fn the_readme_lists_the_commands_of_the_manifest() {
    let listed: BTreeSet<String> = first_column("Commands").into_iter().map(str::to_owned).collect();
    let there: BTreeSet<String> = manifest::commands().iter().flat_map(|command| paths(command, "")).collect();
    assert_eq!(listed, there);
}

#[test]
fn the_readme_invites_with_the_manifests_permissions() {
    let link = manifest::invite_link(7).replace("client_id=7", "client_id=APPLICATION_ID");
    assert!(section("Invite it to a server").contains(&link), "{link}");
}

#[test]
fn the_readme_lists_what_the_configuration_reads() {
    let words = CONFIG.lines().chain(TOKEN.lines()).flat_map(|line| line.split('"').skip(1).step_by(2));
    let name = |word: &&str| word.starts_with("DISCORD_") || word.starts_with("COSELL_");
    let read: BTreeSet<&str> = words.filter(|word| name(word) && !word.contains(' ')).collect();
    assert_eq!(first_column("Configuration"), read);
}

#[test]
fn the_readme_names_every_subcommand_and_flag() {
    let help = |arguments: &[&str]| {
        let told = Command::new(env!("CARGO_BIN_EXE_cosell")).args(arguments).arg("--help").output().unwrap();
        String::from_utf8(told.stdout).unwrap()
    };
    let commands = help(&[]);
    let (_, listed) = commands.split_once("Commands:\n").unwrap();
    let listed = listed.split("\n\n").next().unwrap().lines().filter_map(|line| line.split_whitespace().next());
    for command in listed.filter(|command| *command != "help") {
        let typed = [format!("-- {command}"), format!("cosell {command}")];
        assert!(typed.iter().any(|typed| README.contains(typed)), "no “{command}”");
        let help = help(&[command]);
        let flags = help.split_whitespace().filter(|word| word.starts_with("--") && *word != "--help");
        for flag in flags {
            assert!(README.contains(&format!("`{flag}")), "no “{flag}” of {command}");
        }
    }
}

#[test]
fn the_readme_lists_the_exit_codes_and_the_service_stays_down_where_a_restart_does_not_help() {
    let listed: Vec<&str> =
        README.lines().filter(|line| line.starts_with("| ") && line[2..].starts_with(char::is_numeric)).collect();
    let row = |exit: &Exit| format!("| {} | {} | {} |", exit.code, exit.because, exit.restart);
    assert_eq!(listed, EXITS.iter().map(row).collect::<Vec<_>>());
    let hopeless = EXITS.iter().filter(|exit| exit.restart == "does not help").map(|exit| exit.code.to_string());
    let down = format!("RestartPreventExitStatus={}\n", hopeless.collect::<Vec<_>>().join(" "));
    assert!(README.contains(&down), "{down}");
}

/// The names of all functions under some folders.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, names);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.extend(text.split("fn ").skip(1).map(word));
        }
    }
}

#[test]
fn each_threat_names_tests_that_are_there() {
    let mut there = BTreeSet::new();
    for folder in ["src", "tests"] {
        functions(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut there);
    }
    let rows: Vec<&str> = section("Security").lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 10, "the table is read: {rows:?}");
    for row in rows {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "{row}");
        for name in named {
            assert!(name == ".ci/run" || there.contains(name), "no test {name}");
        }
    }
}
