//! The program as a supervisor runs it: a process of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use cosell::domain::Instant;
use cosell::sandbox::{Sandbox, Time, World};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Longer than whatever is waited for takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The program in a folder, with none of the surrounding environment's settings.
pub fn cosell(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cosell"));
    command.current_dir(folder).kill_on_drop(true).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars() {
        if name.starts_with("DISCORD_") || name.starts_with("COSELL_") {
            command.env_remove(name);
        }
    }
    command
}

/// Its exit code and all that it printed.
pub async fn ends(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = timeout(PATIENCE, command.output()).await.expect("it ends").unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout) + &text(stderr))
}

/// A stand-in for Discord that lives by the system's clock, as the program does.
pub async fn stand_in(world: World) -> Sandbox {
    stand_in_at(world, Arc::new(Utc::now)).await
}

/// The same by another clock.
pub async fn stand_in_at(world: World, now: Arc<dyn Fn() -> Instant + Send + Sync>) -> Sandbox {
    Sandbox::start(world, Time { now, advance: Arc::new(|_| Box::pin(async {})) }).await.unwrap()
}

/// A bot in a process of its own. Killed when dropped.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts it on a database, with more settings of the environment, and its log in a file beside the database.
    pub fn spawn(sandbox: &Sandbox, database: &Path, settings: &[(&str, &str)]) -> Running {
        let log = database.with_extension("log");
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let mut command = cosell(database.parent().unwrap());
        command.env("DISCORD_API_URL", sandbox.url()).env("DISCORD_TOKEN", sandbox.token()).env("COSELL_DB", database);
        command.envs(settings.iter().copied());
        command.stdout(file.try_clone().unwrap()).stderr(file);
        Running { child: command.spawn().unwrap(), log }
    }

    /// The same, once it is connected.
    pub async fn start(sandbox: &Sandbox, database: &Path, settings: &[(&str, &str)]) -> Running {
        let before = sandbox.connections().identified;
        let running = Running::spawn(sandbox, database, settings);
        let connected = sandbox.wait_until(PATIENCE, |s| s.connections().identified > before).await;
        assert!(connected, "it does not connect: {}", running.said());
        sandbox.wait_ready(PATIENCE).await.unwrap();
        running
    }

    /// Everything in its log, that of earlier processes on the database too.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Its log's file.
    pub fn log(&self) -> PathBuf {
        self.log.clone()
    }

    /// Waits until it has said something.
    pub async fn says(&self, text: &str) {
        let search = async {
            while !self.said().contains(text) {
                // A file tells nobody that it grew.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("it does not say {text:?}: {}", self.said()));
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Ends it at once, as kill -9 does.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to end (SIGTERM), and waits until it has.
    pub async fn stop(self) -> ExitStatus {
        self.signal("TERM").await;
        self.ended().await
    }

    /// Sends it a signal, by name.
    pub async fn signal(&self, name: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// Waits until it ends by itself, which is soon.
    pub async fn ended(self) -> ExitStatus {
        let log = self.log.clone();
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        timeout(PATIENCE, self.ends()).await.unwrap_or_else(|_| panic!("it goes on: {}", said()))
    }

    /// The same, however long it takes.
    pub async fn ends(mut self) -> ExitStatus {
        self.child.wait().await.unwrap()
    }
}
