//! Where a process runs: its stand-in, its database's folder, and a clock that can be set where libfaketime is.

use std::path::PathBuf;

use cosell::sandbox::{Pace, Reply, Sandbox, World};
use tempfile::TempDir;

use super::faked::Faked;
use super::support::process::{Running, stand_in, stand_in_at};
use super::support::{set_up, start};

pub struct Place {
    pub sandbox: Sandbox,
    pub clock: Option<Faked>,
    folder: TempDir,
}

impl Place {
    /// On 2 November 2026 at 10:00, or now.
    pub async fn new() -> Place {
        let folder = TempDir::new().unwrap();
        let clock = Faked::at(start(), folder.path());
        let world = World::seeded().session_starts_left(1_000_000);
        let sandbox = match &clock {
            Some(clock) => stand_in_at(world, clock.source()).await,
            None => stand_in(world).await,
        };
        sandbox.pace(Pace::Unlimited);
        Place { sandbox, clock, folder }
    }

    /// With a process, set up, with a partner.
    pub async fn ready() -> (Place, Running) {
        let place = Place::new().await;
        let running = place.start().await;
        place.set_up().await;
        (place, running)
    }

    /// Sets the running one up.
    pub async fn set_up(&self) {
        set_up(&self.sandbox.person("ada")).await;
        self.says("lena", "/partner add name:Initech manager:@lena").await;
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("cosell.db")
    }

    /// A process, which may not be connected yet.
    pub fn spawn(&self) -> Running {
        let settings = self.clock.as_ref().map(|clock| clock.settings().to_vec()).unwrap_or_default();
        Running::spawn(&self.sandbox, &self.database(), &settings)
    }

    /// A connected process.
    pub async fn start(&self) -> Running {
        let settings = self.clock.as_ref().map(|clock| clock.settings().to_vec()).unwrap_or_default();
        Running::start(&self.sandbox, &self.database(), &settings).await
    }

    /// Ends a process as kill -9 does.
    pub async fn kill(&self, running: Running) {
        let id = running.id();
        running.kill().await;
        if let Some(clock) = &self.clock {
            clock.sweep(id);
        }
        self.sandbox.forgive();
    }

    /// A person types a command and reads the answer.
    pub async fn says(&self, name: &str, command: &str) -> String {
        self.sandbox.person(name).slash(command).await.expect_message().text()
    }

    /// A person types a command until somebody answers it.
    pub async fn says_until_answered(&self, name: &str, command: &str) -> String {
        loop {
            match self.sandbox.person(name).slash(command).await {
                Reply::Message(shown) => return shown.text(),
                // Nobody answered within Discord's three seconds.
                Reply::Refused(_) => {}
                other => panic!("{command} was answered with {other:?}"),
            }
        }
    }
}
