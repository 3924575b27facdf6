//! A bot in a process of its own, beside a stand-in of its own.

use std::fs::{File, read_to_string};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use cosell::sandbox::Sandbox;
use tokio::process::Child;

use crate::{floor, machine};

/// Longer than any start, and than any orderly end.
const PATIENCE: Duration = Duration::from_secs(60);
/// Linux counts processor time in hundredths of a second for every process that asks.
const TICK: Duration = Duration::from_millis(10);

/// Which program.
#[derive(Debug, Clone, Copy)]
pub enum Program {
    /// The bot.
    Cosell,
    /// The bare bot.
    Floor,
}

/// A running bot, connected.
pub struct Bot {
    child: Child,
    log: PathBuf,
    /// From the start of the process to the connection.
    pub took: Duration,
}

impl Bot {
    /// Starts a program against a stand-in, and waits until it is connected.
    pub async fn start(program: Program, sandbox: &Sandbox, database: &Path) -> anyhow::Result<Bot> {
        let log = database.with_extension("log");
        let file = File::create(&log)?;
        let before = sandbox.connections().identified;
        let mut command = match program {
            Program::Cosell => Command::new(env!("CARGO_BIN_EXE_cosell")),
            Program::Floor => Command::new(std::env::current_exe()?),
        };
        command.arg(match program {
            Program::Cosell => "run",
            Program::Floor => floor::ARGUMENT,
        });
        command.env_clear().current_dir(database.parent().context("the database is in a folder")?);
        command.env("DISCORD_TOKEN", sandbox.token()).env("DISCORD_API_URL", sandbox.url()).env("COSELL_DB", database);
        command.env("COSELL_LOG", "warn").stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let start = Instant::now();
        let child = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
        let connected = sandbox.wait_until(PATIENCE, |s| s.connections().identified > before).await;
        let ready = sandbox.wait_ready(PATIENCE).await;
        let bot = Bot { child, log, took: start.elapsed() };
        if !connected || ready.is_err() {
            bail!("{program:?} was not ready in {PATIENCE:?}: {}", bot.said());
        }
        Ok(bot)
    }

    /// What it wrote into its log, but for word of slow statements: how long they take is what is measured.
    pub fn said(&self) -> String {
        let log = read_to_string(&self.log).unwrap_or_default();
        log.lines().filter(|line| !line.contains("slow statement")).collect::<Vec<_>>().join("\n")
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> anyhow::Result<f64> {
        let status = machine::find(&format!("/proc/{}/status", self.id()?), "VmRSS").context("VmRSS")?;
        let kibibytes: f64 = status.trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes / 1024.0)
    }

    /// Processor time used so far.
    pub fn processor(&self) -> anyhow::Result<Duration> {
        processor(&self.id()?.to_string())
    }

    fn id(&self) -> anyhow::Result<u32> {
        self.child.id().with_context(|| format!("the bot has ended: {}", self.said()))
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.id()?.to_string();
        Command::new("kill").args(["-TERM", &id]).status().context("kill")?;
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.with_context(|| format!("the bot did not end: {}", self.said()))??;
        Ok(())
    }
}

/// Processor time that a process used so far; `self` is this one.
pub fn processor(id: &str) -> anyhow::Result<Duration> {
    let stat = read_to_string(format!("/proc/{id}/stat"))?;
    // The program's name comes first, in brackets, and may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|text| text.parse::<u32>().ok()).context("/proc/…/stat");
    Ok(TICK * (ticks(11)? + ticks(12)?))
}
