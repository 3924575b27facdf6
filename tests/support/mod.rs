//! What the test binaries share: a running bot beside the stand-in for Discord, under a manual clock, with a database in
//! a temporary folder; the program in a process of its own; the checks of what was sent.

#![allow(dead_code, reason = "each binary uses a part of it")]

pub mod markdown;
pub mod openapi;
pub mod pages;
pub mod process;

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Duration, Utc};
use cosell::domain::Instant;
use cosell::sandbox::story::SETUP;
use cosell::sandbox::{Pace, Person, Sandbox, Server, Shown, World};
use cosell::startup::{Bot, Rehearsal, rehearse};
use tempfile::TempDir;

/// Monday, 2 November 2026, 10:00 in London: an hour after the default digest hour.
pub fn start() -> Instant {
    "2026-11-02T10:00:00Z".parse::<DateTime<Utc>>().unwrap()
}

/// The bot and its Discord.
pub struct Stage {
    pub sandbox: Sandbox,
    pub bot: Arc<Bot>,
    rehearsal: Rehearsal,
    folder: TempDir,
}

impl Stage {
    /// With nothing set up.
    pub async fn empty() -> Stage {
        Stage::in_world(World::seeded()).await
    }

    pub async fn in_world(world: World) -> Stage {
        let folder = TempDir::new().unwrap();
        let rehearsal = rehearse(world, start(), &folder.path().join("cosell.db")).await.unwrap();
        rehearsal.sandbox.pace(Pace::Unlimited);
        Stage { sandbox: rehearsal.sandbox.clone(), bot: Arc::clone(&rehearsal.bot), rehearsal, folder }
    }

    /// Two servers with the same people, both set up.
    pub async fn two_workspaces() -> Stage {
        let servers = vec![Server::company("Northwind"), Server::company("Southwind")];
        let stage = Stage::in_world(World::new(servers)).await;
        for server in ["Northwind", "Southwind"] {
            set_up(&stage.sandbox.person_in(server, "ada")).await;
            let lena = stage.sandbox.person_in(server, "lena");
            lena.slash("/partner add name:Initech manager:@lena").await.expect_message();
        }
        stage
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("cosell.db")
    }

    /// The first server's id.
    pub fn guild(&self) -> i64 {
        i64::try_from(self.sandbox.person("ada").guild().0).unwrap()
    }

    /// Stops the bot and starts it again on the same database.
    pub async fn restart(self) -> Stage {
        self.bot.stop().await;
        self.start_again().await
    }

    /// Starts a bot again after one that was stopped.
    pub async fn start_again(mut self) -> Stage {
        self.rehearsal.start_again().await.unwrap();
        self.bot = Arc::clone(&self.rehearsal.bot);
        self
    }

    /// Set up by Ada as an admin would, with two partners.
    pub async fn ready() -> Stage {
        let stage = Stage::empty().await;
        set_up(&stage.sandbox.person("ada")).await;
        for partner in ["Initech", "Hooli"] {
            stage.says("lena", &format!("/partner add name:{partner} manager:@lena")).await;
        }
        stage
    }

    /// A person types a command and is answered with a message.
    pub async fn says(&self, name: &str, command: &str) -> Shown {
        self.sandbox.person(name).slash(command).await.expect_message()
    }

    /// The same from somebody who has used the command before, and so reads no line for a first use.
    pub async fn says_again(&self, name: &str, command: &str) -> Shown {
        self.says(name, command).await;
        self.says(name, command).await
    }

    /// A person presses a button and sees a message.
    pub async fn presses(&self, name: &str, shown: &Shown, label: &str) -> Shown {
        self.sandbox.person(name).press(shown, label).await.expect_message()
    }

    /// Lets time pass.
    pub async fn wait(&self, span: Duration) {
        self.sandbox.advance_to(self.sandbox.now() + span).await;
    }

    /// Lets time pass up to an instant.
    pub async fn wait_until(&self, at: &str) {
        self.sandbox.advance_to(at.parse::<DateTime<Utc>>().unwrap()).await;
    }

    /// What stands in a channel, as people read it.
    pub fn reads(&self, channel: &str) -> Vec<String> {
        self.sandbox.channel(channel).iter().map(Shown::text).collect()
    }

    /// Ends the test: nothing that Discord doesn't know was asked of it, and every body is one that its document allows.
    pub async fn finish(self) {
        self.settle().await;
    }

    /// The same for a stage that something else holds.
    pub async fn settle(&self) {
        self.sandbox.quiet().await;
        assert_eq!(self.sandbox.unexpected(), Vec::<String>::new());
        openapi::check(&self.sandbox.requests());
    }
}

/// A server is set up, as an admin does it.
pub async fn set_up(ada: &Person) {
    let mut shown = ada.slash("/cosell setup timezone:Europe/London currency:USD").await.expect_message();
    for (menu, value) in SETUP {
        shown = ada.pick(&shown, menu, &[value]).await.expect_message();
    }
    let done = ada.press(&shown, "Finish").await.expect_message();
    assert!(done.text().contains("Setup is finished"), "setup did not finish: {}", done.text());
}

/// Says something once a run, past the harness, which keeps what a test that passes prints to itself.
pub fn say_once(said: &'static OnceLock<()>, text: &str) {
    said.get_or_init(|| writeln!(std::io::stderr(), "{text}").expect("standard error takes a line"));
}
