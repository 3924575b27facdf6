//! What `--help` shows below the options: examples, and the exit codes.

use crate::discord::end::{EXITS, FAILED, MISCONFIGURED};

/// An example: what is typed, and what it does.
type Example = (&'static str, &'static str);

const ARGUMENTS: (u8, &str) = (MISCONFIGURED, "the arguments can't be used");
const DONE: (u8, &str) = (0, "it is done");
const UNDONE: (u8, &str) = (FAILED, "it can't be done, and nothing was changed; the last line says why");

fn page(examples: &[Example], exits: &[(u8, &str)]) -> String {
    let width = examples.iter().map(|(typed, _)| typed.chars().count()).max().unwrap_or_default();
    let examples = examples.iter().map(|(typed, does)| format!("  {typed:width$}  {does}\n"));
    let exits = exits.iter().map(|(code, because)| format!("\n  {code:>2}  {because}"));
    format!("Examples:\n{}\nExit codes:{}", examples.collect::<String>(), exits.collect::<String>())
}

fn usual(examples: &[Example]) -> String {
    page(examples, &[DONE, UNDONE, ARGUMENTS])
}

pub(super) fn all() -> String {
    let examples = [
        ("cosell demo", "a short story with no Discord account"),
        ("cosell sandbox", "try it by hand, with no Discord account"),
        ("cosell run --token-file token", "run against Discord"),
        ("cosell run --help", "what a command takes, with examples"),
    ];
    let exits = [DONE, (FAILED, "it failed"), ARGUMENTS];
    format!("{}\n\nThose of `run` are in its own help.", page(&examples, &exits))
}

pub(super) fn run() -> String {
    let examples = [
        ("cosell run --token-file token", "with the token in a file, or in DISCORD_TOKEN"),
        ("cosell run --db /var/lib/cosell/cosell.db --http 8080", "with health and metrics on this machine"),
        ("cosell run --log info,cosell=debug --log-format json", "with everything in the log, for programs"),
        ("cosell run --shards 0-3/16 --db 0.db", "one of several processes"),
    ];
    let because = EXITS.map(|exit| (exit.code, format!("{}; a restart {}", exit.because, exit.restart)));
    let because: Vec<(u8, &str)> = because.iter().map(|(code, because)| (*code, because.as_str())).collect();
    page(&examples, &because)
}

pub(super) fn sandbox() -> String {
    let examples = [
        ("cosell sandbox", "type `help` at its prompt"),
        ("cosell sandbox < script", "play a script, and end"),
        ("cosell sandbox --at 2026-12-01T09:00:00Z --db try.db", "begin then, and keep the database"),
    ];
    page(&examples, &[DONE, (FAILED, "it failed, or a line of a script could not be read"), ARGUMENTS])
}

pub(super) fn demo() -> String {
    page(
        &[("cosell demo", "plays and prints the story")],
        &[DONE, (FAILED, "something in the story did not happen"), ARGUMENTS],
    )
}

pub(super) fn check() -> String {
    let examples = [("cosell check", "looks through cosell.db"), ("cosell check --db copy.db", "looks through a copy")];
    page(&examples, &[(0, "it is well"), (FAILED, "it has faults, which are named, or can't be read"), ARGUMENTS])
}

pub(super) fn backup() -> String {
    usual(&[
        ("cosell backup", "a copy in backups, beside the database, with the time in its name"),
        ("cosell backup --out copy.db", "a copy that is called so"),
    ])
}

pub(super) fn restore() -> String {
    usual(&[("cosell restore copy.db", "puts copy.db in the place of cosell.db, which is kept under another name")])
}

pub(super) fn export() -> String {
    usual(&[
        ("cosell export --out northwind", "a folder with a CSV for each table"),
        ("cosell export --out northwind.zip", "the same in a zip"),
        ("cosell export --format json --guild 7", "one document, of this workspace of several"),
    ])
}

pub(super) fn import() -> String {
    usual(&[("cosell import northwind.json --db new.db", "reads a folder, a .zip or a .json that export wrote")])
}

pub(super) fn manifest() -> String {
    usual(&[
        ("cosell manifest", "with the invite link of DISCORD_TOKEN's application"),
        ("cosell manifest --application-id 42", "with that of another one"),
    ])
}

pub(super) fn completions() -> String {
    usual(&[
        ("cosell completions bash > /etc/bash_completion.d/cosell", "for everybody's bash"),
        ("cosell completions zsh > ~/.zfunc/_cosell", "for a zsh whose fpath has ~/.zfunc"),
        ("cosell completions fish > ~/.config/fish/completions/cosell.fish", "for one's own fish"),
    ])
}
