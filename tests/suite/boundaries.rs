//! Holds the rooms of the crate apart: which folder may use which, and who may read the clock and the environment.

use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use of the crate, besides itself. `error` and `clock` are common ground from `store` on.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain", "error"]),
    ("render", &["domain"]),
    ("app", &["domain", "store", "render", "error", "clock"]),
    ("discord", &["domain", "store", "render", "app", "error", "clock", "config"]),
    ("schedule", &["domain", "app", "render", "error", "clock"]),
    ("ops", &["domain", "store", "app", "render", "error", "clock", "config", "discord"]),
    ("sandbox", &[]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the crate") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(sources(&path)),
            false if path.extension().is_some_and(|e| e == "rs") => files.push(path),
            false => {}
        }
    }
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The room that a file belongs to: its first folder, or the file itself.
fn room_of(file: &Path) -> String {
    let inside = file.strip_prefix(root()).expect("a file of the crate");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without its comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source file");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms that a file uses: each word that follows `crate::`, in a list of several too.
fn used(code: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => {
                list.split('}').next().unwrap_or("").split(',').map(|item| word(item.trim())).collect::<Vec<_>>()
            }
            None => vec![word(rest)],
        })
        .collect()
}

#[test]
fn a_folder_uses_only_those_before_it() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in sources(&root()) {
        let room = room_of(&file);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        for other in used(&code(&file)) {
            seen += 1;
            if other != room && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{} uses {other}", file.display()));
            }
        }
    }
    assert!(seen > 100, "the check reads the code: {seen} uses seen");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn rule_10_the_clock_and_the_environment_have_one_reader_each() {
    let readers: [(&str, &str); 5] = [
        ("Utc::now(", "clock"),
        ("Local::now(", "clock"),
        ("SystemTime::now(", "clock"),
        ("env::var", "config"),
        ("dotenvy::", "config"),
    ];
    for (call, owner) in readers {
        let others: Vec<String> = sources(&root())
            .into_iter()
            .filter(|file| room_of(file) != owner && code(file).contains(call))
            .map(|file| file.display().to_string())
            .collect();
        assert_eq!(others, Vec::<String>::new(), "{call} belongs to {owner}");
    }
}

/// Where queries may look at all workspaces.
const OVER_ALL: [&str; 7] = ["check.rs", "copy.rs", "open.rs", "outbox.rs", "plans.rs", "restore.rs", "sweep.rs"];

#[test]
fn the_queries_over_all_workspaces_stand_in_their_own_files() {
    let mut unbound = Vec::new();
    for file in sources(&root().join("store")) {
        let text = code(&file);
        let is_sweep = OVER_ALL.iter().any(|name| file.ends_with(name));
        for query in text.split("sqlx::query").skip(1).filter(|_| !is_sweep) {
            let query = query.split(".await").next().unwrap_or(query);
            // The words of the grams begin with the workspace's id.
            let is_bound = query.contains("guild_id") || query.contains("gram_use");
            if !is_bound {
                unbound.push(format!("{}: {}", file.display(), query.trim().chars().take(80).collect::<String>()));
            }
        }
    }
    assert_eq!(unbound, Vec::<String>::new(), "every query of a workspace binds its guild_id");
}

/// The most lines in a handler's body.
const HANDLER: usize = 15;

/// The handlers that the tables of `discord/table.rs` name, each as its module and its function.
fn handlers() -> Vec<(String, String)> {
    let rows = code(&root().join("discord/table.rs"));
    let rows = rows.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix(',')?.split_once("\" => "));
    let named = rows.filter_map(|(_, handler)| handler.split_once("::"));
    named.map(|(module, function)| (module.to_owned(), function.to_owned())).collect()
}

/// How many lines of code a function's body has; `None` where there is no such function.
fn body(code: &str, function: &str) -> Option<usize> {
    let (_, rest) = code.split_once(&format!("pub async fn {function}("))?;
    let (_, rest) = rest.split_once(" {\n")?;
    Some(rest.lines().take_while(|line| *line != "}").filter(|line| !line.trim().is_empty()).count())
}

#[test]
fn a_handler_is_short() {
    let handlers = handlers();
    assert!(handlers.len() > 50, "the check reads the tables: {} handlers seen", handlers.len());
    let long = handlers.iter().filter_map(|(module, function)| {
        let file = root().join(format!("discord/command/{module}.rs"));
        let lines = body(&code(&file), function).unwrap_or_else(|| panic!("no {function} in {}", file.display()));
        (lines > HANDLER).then(|| format!("{module}::{function}: {lines} lines"))
    });
    assert_eq!(long.collect::<Vec<_>>(), Vec::<String>::new());
}

/// The rooms that say nothing to people themselves.
const WORDLESS: [&str; 4] = ["app", "discord", "domain", "schedule"];

/// Texts in them that stand elsewhere in the end: what Discord and a CRM's file say, the motion that a workspace starts
/// with, codes of currencies, the names of menus, and errors for the log.
const OTHER_TEXTS: [&str; 10] = [
    "app/courier.rs",
    "discord/close.rs",
    "discord/courier.rs",
    "discord/end.rs",
    "discord/rest.rs",
    "discord/rest/reply.rs",
    "discord/table.rs",
    "domain/import/",
    "domain/money.rs",
    "domain/motion/default.rs",
];

/// The literals of a text of Rust.
fn literals(code: &str) -> Vec<&str> {
    let mut parts = code.split('"');
    parts.next();
    parts.step_by(2).collect()
}

/// Whether a literal reads like something for people: three words or more, the first with a capital letter.
fn is_sentence(literal: &str) -> bool {
    literal.trim_start_matches('*').starts_with(char::is_uppercase) && literal.split_whitespace().count() >= 3
}

#[test]
fn all_that_people_read_is_worded_in_render() {
    let mut found = Vec::new();
    let mut seen = 0;
    for file in sources(&root()).into_iter().filter(|file| WORDLESS.contains(&room_of(file).as_str())) {
        let inside = file.strip_prefix(root()).expect("a file of the crate").to_string_lossy().into_owned();
        let is_test = inside.ends_with("tests.rs") || inside.contains("testing") || inside.ends_with("oracle.rs");
        if is_test || OTHER_TEXTS.iter().any(|other| inside.starts_with(other)) {
            continue;
        }
        let code = code(&file).replace("\\\"", "'").replace("'\"'", "''");
        let own = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        seen += literals(own).len();
        let sentences = literals(own).into_iter().filter(|literal| is_sentence(literal));
        found.extend(sentences.map(|sentence| format!("{inside}: {sentence}")));
    }
    assert!(seen > 500, "the check reads the code: {seen} literals seen");
    let former = |told: &String| told.contains("Former member");
    found.retain(|told| !former(told));
    assert_eq!(found, Vec::<String>::new(), "words belong into render");
}
