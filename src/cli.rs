//! The command line: what `cosell` can be asked to do. `--help` shows it; each command's end is an exit code.

mod backup;
mod help;
mod progress;
mod run;
mod transfer;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread::available_parallelism;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use tokio::runtime::{Builder, Runtime};

use crate::config::{LogOptions, RunOptions, Token};
use crate::discord::end::FAILED;
use crate::discord::manifest;
use crate::domain::Instant;
use crate::ops::log;
use crate::sandbox::page::Page;
use crate::sandbox::prompt::{self, Mode};
use crate::sandbox::{Pace, World, story};
use crate::startup::{Rehearsal, rehearse};

/// Runs a company's co-sell program in Discord, where its people already talk
#[derive(Debug, Parser)]
#[command(name = "cosell", version, override_usage = "cosell [COMMAND] [OPTIONS]", after_help = help::all())]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run against Discord; this is what happens without a command
    #[command(after_help = help::run())]
    Run(RunOptions),
    /// Try the bot by hand against a stand-in for Discord; reads a script from standard input when that is no terminal
    #[command(after_help = help::sandbox())]
    Sandbox(SandboxOptions),
    /// Play a short story against a stand-in for Discord and print it
    #[command(after_help = help::demo())]
    Demo,
    /// Look through the database: whether it is whole, and what always holds does hold; the bot may run meanwhile
    #[command(after_help = help::check())]
    Check(backup::CheckOptions),
    /// Copy the database into a file, and look through the copy; the bot may run meanwhile
    #[command(after_help = help::backup())]
    Backup(backup::BackupOptions),
    /// Go back to a backup; the bot must not run
    #[command(after_help = help::restore())]
    Restore(backup::RestoreOptions),
    /// Write everything of a workspace as CSV or JSON; the bot may run meanwhile
    #[command(after_help = help::export())]
    Export(transfer::ExportOptions),
    /// Read back what export wrote, into a database that no bot runs on
    #[command(after_help = help::import())]
    Import(transfer::ImportOptions),
    /// Print what Discord is told of the bot, and the invite link
    #[command(after_help = help::manifest())]
    Manifest(ManifestOptions),
    /// Print what has a shell complete the commands and flags
    #[command(after_help = help::completions())]
    Completions(CompletionOptions),
}

#[derive(Debug, Args)]
struct SandboxOptions {
    /// When the story begins, UTC
    #[arg(long, default_value = "2026-11-02T09:00:00Z", value_parser = instant)]
    at: Instant,
    /// Keep the database in this file instead of a temporary one
    #[arg(long, value_name = "FILE")]
    db: Option<std::path::PathBuf>,
    /// The port of the page for a browser, on this machine alone; a free one where it is taken
    #[arg(long, default_value_t = 4280)]
    port: u16,
    /// Go on serving the page when the input ends, until Ctrl-C
    #[arg(long)]
    stay: bool,
}

#[derive(Debug, Args)]
struct ManifestOptions {
    /// The application's id, for the invite link; read from DISCORD_TOKEN when not given
    #[arg(long, value_name = "ID")]
    application_id: Option<u64>,
}

#[derive(Debug, Args)]
struct CompletionOptions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

fn instant(text: &str) -> Result<Instant, &'static str> {
    text.parse().map_err(|_| "write it like 2026-11-02T09:00:00Z")
}

impl Cli {
    /// Reads the arguments, the program's name among them. Without a command they are those of `run`; its settings are
    /// not looked at for any other, so that a demo does not fail on what it does not use.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
        let mut arguments: Vec<OsString> = arguments.into_iter().collect();
        let first = arguments.get(1).map(|argument| argument.to_string_lossy());
        let is_left_out = match first.as_deref() {
            None => true,
            Some("-h" | "--help" | "-V" | "--version") => false,
            Some(other) => other.starts_with('-'),
        };
        if is_left_out {
            arguments.insert(arguments.len().min(1), "run".into());
        }
        Cli::try_parse_from(arguments)
    }

    /// Does what was asked.
    pub fn execute(self) -> ExitCode {
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return failed(&anyhow::Error::new(error)),
        };
        let outcome = runtime.block_on(async {
            match self.command {
                Command::Run(options) => run::run(options).await,
                Command::Sandbox(options) => sandbox(options).await,
                Command::Demo => demo().await,
                Command::Check(options) => backup::check(options).await,
                Command::Backup(options) => backup::back_up(options).await,
                Command::Restore(options) => backup::restore(options).await,
                Command::Export(options) => transfer::export(options).await,
                Command::Import(options) => transfer::import(options).await,
                Command::Manifest(options) => print_manifest(&options),
                Command::Completions(options) => Ok(print_completions(&options)),
            }
        });
        // What is not done by now is not waited for: all that was answered is saved.
        runtime.shutdown_background();
        outcome.unwrap_or_else(|error| failed(&error))
    }
}

/// On a connection that was closed for good serenity's reader goes round and round and never lets go of its thread: so
/// there is another one.
fn runtime() -> io::Result<Runtime> {
    let threads = available_parallelism().map_or(2, |cores| cores.get().max(2));
    Builder::new_multi_thread().worker_threads(threads).enable_all().build()
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("cosell: {error:#}");
    ExitCode::from(FAILED)
}

async fn sandbox(options: SandboxOptions) -> anyhow::Result<ExitCode> {
    log::start(&LogOptions::failures_only())?;
    let folder = tempfile::tempdir()?;
    let database = options.db.unwrap_or_else(|| folder.path().join("cosell.db"));
    let Rehearsal { sandbox, bot, .. } = rehearse(World::seeded(), options.at, &database).await?;
    // Limits count in real time, in which weeks pass in a moment here.
    sandbox.pace(Pace::Unlimited);
    let page = Page::serve(sandbox.clone(), options.port).await?;
    eprintln!("Open {} in a browser.", page.url());
    let mode = if io::stdin().is_terminal() { Mode::Interactive } else { Mode::Script };
    let input = tokio::io::BufReader::new(tokio::io::stdin());
    let end = prompt::run(sandbox, input, io::stdout(), mode).await?;
    if options.stay {
        tokio::signal::ctrl_c().await?;
    }
    bot.stop().await;
    let clean = end.mistakes == 0 || mode == Mode::Interactive;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

async fn demo() -> anyhow::Result<ExitCode> {
    log::start(&LogOptions::failures_only())?;
    let folder = tempfile::tempdir()?;
    let outcome = play(folder.path()).await;
    io::stdout().flush()?;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn play(folder: &Path) -> anyhow::Result<()> {
    let at: Instant = "2026-11-02T09:30:00Z".parse()?;
    let Rehearsal { sandbox, bot, .. } = rehearse(World::seeded(), at, &folder.join("cosell.db")).await?;
    // Limits count in real time, in which a story of weeks takes a moment: the bot would wait where none has passed.
    sandbox.pace(Pace::Unlimited);
    let outcome = story::play(&sandbox, io::stdout()).await;
    bot.stop().await;
    Ok(outcome?)
}

fn print_manifest(options: &ManifestOptions) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout();
    writeln!(out, "{:#}", manifest::payload())?;
    let id = options.application_id.or_else(Token::application_id_of_environment);
    match id {
        Some(id) => writeln!(out, "\nInvite link: {}", manifest::invite_link(id))?,
        None => writeln!(out, "\nInvite link: give --application-id, or set DISCORD_TOKEN")?,
    }
    Ok(ExitCode::SUCCESS)
}

fn print_completions(options: &CompletionOptions) -> ExitCode {
    clap_complete::generate(options.shell, &mut Cli::command(), "cosell", &mut io::stdout());
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::read(arguments.iter().map(OsString::from))
    }

    #[rstest]
    #[case(&["cosell"], "Run")]
    #[case(&["cosell", "--db", "x.db"], "Run")]
    #[case(&["cosell", "run", "--db", "x.db"], "Run")]
    #[case(&["cosell", "demo"], "Demo")]
    #[case(&["cosell", "sandbox", "--db", "x.db"], "Sandbox")]
    #[case(&["cosell", "manifest"], "Manifest")]
    fn without_a_command_it_runs(#[case] arguments: &[&str], #[case] command: &str) {
        let shown = format!("{:?}", read(arguments).expect("read").command);
        assert!(shown.starts_with(command), "{shown}");
    }

    #[rstest]
    #[case(&["cosell", "--help"], clap::error::ErrorKind::DisplayHelp)]
    #[case(&["cosell", "-V"], clap::error::ErrorKind::DisplayVersion)]
    #[case(&["cosell", "walk"], clap::error::ErrorKind::InvalidSubcommand)]
    #[case(&["cosell", "--db"], clap::error::ErrorKind::InvalidValue)]
    #[case(&["cosell", "demo", "--db", "x.db"], clap::error::ErrorKind::UnknownArgument)]
    fn help_and_mistakes_are_told(#[case] arguments: &[&str], #[case] told: clap::error::ErrorKind) {
        assert_eq!(read(arguments).expect_err("told").kind(), told);
    }
}
