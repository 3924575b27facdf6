//! Every command that the README and the pages in `docs/` show is one that works: what people type is typed, by the
//! person whom the page is for; what an operator types is read, and run where it needs no Discord.
//!
//! | In a page | Is |
//! |---|---|
//! | a block `discord` | what its reader types, one command a line |
//! | a block `sandbox` | lines of the sandbox's prompt |
//! | a comment `meanwhile` | lines of the prompt that nobody is shown: what others do, what is pressed, time that passes |
//! | a block `sh` | what an operator types |
//! | `/command option:` in a sentence | a command with an option |

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use clap::error::ErrorKind;
use cosell::cli::Cli;
use cosell::discord::manifest;

use cosell::sandbox::prompt::{self, Mode};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;

use super::support::Stage;
use super::support::pages::{Block, Page, Piece};
use super::support::process::{cosell, ends};

/// Whom a page is for; others are for nobody in Discord.
const READERS: [(&str, &str); 7] = [
    ("README", "rita"),
    ("rep", "rita"),
    ("owner", "rita"),
    ("lead", "lena"),
    ("finance", "finn"),
    ("admin", "ada"),
    ("motion", "lena"),
];
/// What begins like a command and is a path of the health endpoint.
const PATHS: [&str; 3] = ["healthz", "readyz", "metrics"];
/// Programs of others that an operator types.
const OTHERS: [&str; 3] = ["cargo", "litestream", "systemctl"];

/// What is typed on a page, as lines of the prompt.
fn script(page: &Page) -> String {
    let reader = READERS.iter().find(|(name, _)| *name == page.name).map(|(_, reader)| *reader);
    let mut lines = Vec::new();
    for piece in &page.pieces {
        match piece {
            Piece::Fenced(Block::Discord, text) => {
                let reader = reader.unwrap_or_else(|| panic!("{} is for nobody", page.name));
                lines.push(format!("as {reader}"));
                for typed in text.lines() {
                    assert!(typed.starts_with('/'), "{}: {typed}", page.name);
                    lines.push(typed.to_owned());
                }
            }
            Piece::Fenced(Block::Sandbox, text) | Piece::Meanwhile(text) => {
                lines.extend(text.lines().map(str::to_owned))
            }
            Piece::Fenced(..) | Piece::Prose(_) => {}
        }
    }
    lines.join("\n")
}

/// Types what a page shows, and fails on what is not taken.
async fn type_all(name: &str) {
    let page = Page::named(name);
    let script = script(&page);
    assert!(script.contains("\n/"), "{name} shows no command");
    let recorder = PrometheusBuilder::new().build_recorder();
    let counted = recorder.handle();
    let _counting = metrics::set_default_local_recorder(&recorder);
    // The tour begins where the sandbox does.
    let stage = if name == "tour" { Stage::empty().await } else { Stage::ready().await };
    let mut told = Vec::new();
    let end = prompt::run(stage.sandbox.clone(), script.as_bytes(), &mut told, Mode::Script).await.unwrap();
    let told = String::from_utf8(told).unwrap();
    assert_eq!(end.mistakes, 0, "{name}: a line is none of the prompt:\n{told}");
    let counted = counted.render();
    let results = |word: &str| counted.lines().filter(|line| line.contains(&format!("result=\"{word}\""))).count();
    assert!(results("ok") > 0, "uses are counted: {counted}");
    assert_eq!(results("refused") + results("failed"), 0, "{name}: something was refused:\n{counted}\n{told}");
    // Some are answered with what was typed, to be taken up again.
    for lost in ["Not saved", "Nothing was saved", "nothing was changed"] {
        assert!(!told.contains(lost), "{name}: {lost}:\n{told}");
    }
    stage.finish().await;
}

macro_rules! typed {
    ($($test:ident: $name:literal),+ $(,)?) => {
        const TYPED: &[&str] = &[$($name),+];
        // The counters are this thread's, so the bot has to run on it.
        $(#[tokio::test] async fn $test() { type_all($name).await; })+
    };
}

typed! {
    what_the_readme_types_is_taken: "README",
    what_the_tour_types_is_taken: "tour",
    what_a_rep_is_told_to_type_is_taken: "rep",
    what_an_owner_is_told_to_type_is_taken: "owner",
    what_a_lead_is_told_to_type_is_taken: "lead",
    what_finance_is_told_to_type_is_taken: "finance",
    what_an_admin_is_told_to_type_is_taken: "admin",
    what_changes_the_motion_is_taken: "motion",
}

#[test]
fn no_page_that_types_is_left_out() {
    for page in Page::all() {
        let types =
            |piece: &Piece| matches!(piece, Piece::Fenced(Block::Discord | Block::Sandbox, _) | Piece::Meanwhile(_));
        let is_typed = TYPED.contains(&page.name.as_str());
        assert_eq!(page.pieces.iter().any(types), is_typed, "{}", page.name);
    }
}

#[test]
fn the_readme_leads_to_each_page_and_each_link_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut led_to = BTreeSet::new();
    for page in Page::all() {
        let folder = if page.name == "README" { root.to_owned() } else { root.join("docs") };
        for link in page.links() {
            let file = link.split('#').next().unwrap();
            assert!(folder.join(file).exists(), "{} leads to {link}", page.name);
            if page.name == "README" {
                led_to.insert(file.to_owned());
            }
        }
    }
    for page in Page::all().iter().filter(|page| page.name != "README") {
        assert!(led_to.contains(&format!("docs/{}.md", page.name)), "{} is not linked", page.name);
    }
}

/// The step of a command, or an option of one.
fn named<'a>(options: &'a Value, name: &str) -> Option<&'a Value> {
    options.as_array()?.iter().find(|option| option["name"] == name)
}

/// What is wrong with a command that a sentence names.
fn fault(commands: &[Value], typed: &str) -> Option<String> {
    let mut words = typed.split_whitespace();
    let name = words.next()?.trim_start_matches('/');
    let Some(mut at) = commands.iter().find(|command| command["name"] == name) else {
        return Some(format!("no command {name}"));
    };
    let is_step = |option: &Value| matches!(option["type"].as_u64(), Some(1 | 2));
    for word in words {
        if let Some((option, _)) = word.split_once(':') {
            if named(&at["options"], option).is_none_or(is_step) {
                return Some(format!("no option {option}"));
            }
        } else if let Some(step) = named(&at["options"], word).filter(|option| is_step(option)) {
            at = step;
        } else if at["options"].as_array().is_some_and(|options| options.iter().any(is_step)) {
            return Some(format!("no step {word}"));
        }
    }
    None
}

#[test]
fn each_command_that_a_sentence_names_is_there_with_its_options() {
    let commands = manifest::commands();
    let mut seen = 0;
    for page in Page::all() {
        for span in page.spans().filter(|span| span.starts_with('/')) {
            let name = span[1..].split_whitespace().next().unwrap_or_default();
            let is_path = name.contains('/') || PATHS.contains(&name);
            if is_path {
                continue;
            }
            seen += 1;
            assert_eq!(fault(commands, span), None, "{}: `{span}`", page.name);
        }
    }
    assert!(seen > 100, "only {seen} are read");
    let wrong = ["/deel view", "/deal sell", "/deal view dael:1", "/deal view view:1"];
    assert!(wrong.iter().all(|typed| fault(commands, typed).is_some()));
}

/// The arguments of `cosell` in a line of a shell; variables stand in it as their flags. `None` for a line of another
/// program.
fn arguments(line: &str) -> Option<Vec<String>> {
    let line = line.split(" # ").next().unwrap().split(" < ").next().unwrap().split(" > ").next().unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    let variables = words.iter().take_while(|word| word.contains('=')).count();
    let (set, words) = words.split_at(variables);
    let flags = set.iter().filter_map(|set| set.strip_prefix("COSELL_")?.split_once('='));
    let flags =
        flags.flat_map(|(name, value)| [format!("--{}", name.to_lowercase().replace('_', "-")), value.to_owned()]);
    let rest = match words {
        ["cosell", rest @ ..] | ["cargo", "run", "--release", "--", rest @ ..] => rest,
        ["cargo", "run", "--release"] => &[],
        [other, ..] if OTHERS.contains(other) => return None,
        _ => panic!("nobody knows how to run: {line}"),
    };
    Some(["cosell".to_owned()].into_iter().chain(rest.iter().map(|&word| word.to_owned())).chain(flags).collect())
}

/// What an operator types on a page.
fn operators(page: &Page) -> Vec<Vec<String>> {
    let blocks = page.pieces.iter().filter_map(|piece| match piece {
        Piece::Fenced(Block::Shell, text) => Some(text.lines()),
        _ => None,
    });
    blocks.flatten().filter(|line| !line.trim().is_empty()).filter_map(arguments).collect()
}

#[test]
fn each_line_for_a_shell_is_read_by_the_program() {
    let mut seen = 0;
    for page in Page::all() {
        for arguments in operators(&page) {
            seen += 1;
            if let Err(error) = Cli::read(arguments.iter().map(OsString::from)) {
                assert_eq!(error.exit_code(), 0, "{}: {arguments:?}: {error}", page.name);
            }
        }
    }
    assert!(seen > 15, "only {seen} are read");
}

#[test]
fn each_command_of_the_program_that_a_sentence_names_is_read() {
    let mut seen = 0;
    for page in Page::all() {
        for span in page.spans().filter(|span| span.starts_with("cosell ")) {
            seen += 1;
            let words = span.split_whitespace().map(|word| if word == "ID" { "7" } else { word });
            let read = Cli::read(words.map(OsString::from)).map_err(|error| error.kind());
            let is_there = !matches!(read, Err(ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument));
            assert!(is_there, "{}: `{span}`", page.name);
        }
    }
    assert!(seen > 5, "only {seen} are read");
}

#[tokio::test]
async fn each_help_shows_examples_that_are_read_and_the_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let help = async |arguments: &[&str]| ends(cosell(folder.path()).args(arguments).arg("--help")).await;
    let (_, all) = help(&[]).await;
    let (_, listed) = all.split_once("Commands:\n").unwrap();
    let listed = listed.split("\n\n").next().unwrap().lines().filter_map(|line| line.split_whitespace().next());
    let pages: Vec<Vec<&str>> = listed.filter(|name| *name != "help").map(|name| vec![name]).chain([vec![]]).collect();
    assert!(pages.len() > 10, "the commands are read: {pages:?}");
    for path in pages {
        let (code, page) = help(&path).await;
        assert_eq!(code, Some(0), "{page}");
        let (_, rest) = page.split_once("Examples:\n").unwrap_or_else(|| panic!("{path:?} has none: {page}"));
        let (examples, exits) = rest.split_once("\nExit codes:\n").unwrap_or_else(|| panic!("{path:?}: {page}"));
        assert!(exits.trim_start().starts_with("0 ") && exits.contains("\n   2  "), "{page}");
        for example in examples.lines() {
            let typed = example.trim().split("  ").next().unwrap();
            let arguments = arguments(typed).expect("one of cosell");
            assert!(path.is_empty() || arguments[1] == path[0], "{typed}");
            if let Err(error) = Cli::read(arguments.iter().map(OsString::from)) {
                assert_eq!(error.exit_code(), 0, "{typed}: {error}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_operator_does_with_a_database_works_in_the_order_of_the_readme() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:120k").await;
    stage.bot.stop().await;
    let folder = tempfile::tempdir().unwrap();
    for name in ["cosell.db", "replica.db"] {
        std::fs::copy(stage.database(), folder.path().join(name)).unwrap();
    }
    let mut run = BTreeSet::new();
    for arguments in operators(&Page::named("README")) {
        let needs_discord =
            |word: &String| ["run", "sandbox", "demo"].contains(&word.as_str()) || word.starts_with("--");
        if arguments.get(1).is_none_or(needs_discord) {
            continue;
        }
        run.insert(arguments[1].clone());
        let (code, said) = ends(cosell(folder.path()).args(&arguments[1..])).await;
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
    }
    let all = ["backup", "check", "completions", "export", "import", "restore"];
    assert_eq!(run.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
