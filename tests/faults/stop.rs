//! SIGTERM: what is in hand is finished in time, whatever Discord does, and nothing of it is lost.

use std::path::Path;
use std::time::{Duration, Instant};

use cosell::sandbox::{Mode, Refusal, Sandbox, World};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::support::process::{PATIENCE, Running, stand_in};
use super::support::set_up;

/// Supervisors kill after it.
const LIMIT: Duration = Duration::from_secs(10);
const GLOBEX: &str = "/deal new account:Globex partner:Initech source:undecided amount:120k close:in 3 weeks";

struct Scene {
    folder: TempDir,
    sandbox: Sandbox,
}

impl Scene {
    /// A server that is set up, and the bot that did it.
    async fn ready() -> (Scene, Running) {
        let scene = Scene { folder: TempDir::new().unwrap(), sandbox: stand_in(World::seeded()).await };
        let bot = scene.start().await;
        set_up(&scene.sandbox.person("ada")).await;
        scene.sandbox.person("lena").slash("/partner add name:Initech manager:@lena").await.expect_message();
        (scene, bot)
    }

    async fn start(&self) -> Running {
        Running::start(&self.sandbox, &self.folder.path().join("cosell.db"), &[]).await
    }

    /// Types a command whose answer Discord leaves hanging, and returns once the bot has tried to give it.
    async fn held_up(&self, who: &str, command: &str) {
        self.sandbox.refuse(Refusal::silent("POST", "/callback", Mode::Hang));
        let asked = self.called("/callback");
        let (person, command) = (self.sandbox.person(who), command.to_owned());
        tokio::spawn(async move { person.slash(&command).await });
        assert!(self.sandbox.wait_until(PATIENCE, |_| self.called("/callback") > asked).await);
    }

    fn called(&self, path: &str) -> usize {
        self.sandbox.requests().iter().filter(|request| request.method == "POST" && request.path.contains(path)).count()
    }

    /// How many rows a query counts, once nobody runs on the database.
    async fn count(&self, query: &'static str) -> i64 {
        let path = self.folder.path().join("cosell.db");
        assert!(!Path::new(&format!("{}-wal", path.display())).exists(), "an orderly stop leaves one whole file");
        let mut database = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        let count = sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap();
        database.close().await.unwrap();
        count
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_held_up_is_finished_in_time_and_its_answer_is_told_by_the_next_process() {
    let (scene, bot) = Scene::ready().await;
    scene.held_up("rita", GLOBEX).await;
    let asked = Instant::now();
    let log = bot.log();
    let status = bot.stop().await;
    let took = asked.elapsed();
    let said = std::fs::read_to_string(log).unwrap();
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(took < LIMIT, "{took:?}: {said}");
    eprintln!("a stop with an answer that hangs took {took:?}");
    for line in ["stopping: what is in hand is finished first interactions=1", "stopped in order", "stopped as asked"] {
        assert!(said.contains(line), "{line:?} is not in {said}");
    }
    assert_eq!(scene.count("SELECT COUNT(*) FROM deal WHERE number = 1").await, 1);
    assert_eq!(scene.count("SELECT COUNT(*) FROM outbox WHERE kind = 'late_answer' AND state = 'waiting'").await, 1);

    let bot = scene.start().await;
    let told = scene.sandbox.wait_for("#nudges", PATIENCE, |shown| shown.text().contains("Saved as D-1 Globex")).await;
    assert_eq!(told.map(|shown| shown.pinged), Some(vec!["rita".to_owned()]));
    bot.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_held_up_is_let_go_and_sent_once_by_the_next_process() {
    let (scene, bot) = Scene::ready().await;
    // An answer that Discord does not take is told in the nudge channel, at once.
    scene.sandbox.refuse(Refusal::answer("POST", "/callback", 404, 10_062));
    scene.sandbox.refuse(Refusal::silent("POST", "/messages", Mode::Hang));
    scene.sandbox.person("rita").slash(GLOBEX).await;
    assert!(scene.sandbox.wait_until(PATIENCE, |_| scene.called("/messages") > 0).await);
    let asked = Instant::now();
    assert_eq!(bot.stop().await.code(), Some(0));
    let took = asked.elapsed();
    assert!(took < LIMIT, "{took:?}");
    eprintln!("a stop with a message that hangs took {took:?}");
    assert_eq!(scene.count("SELECT COUNT(*) FROM outbox WHERE kind = 'late_answer' AND state = 'waiting'").await, 1);

    let bot = scene.start().await;
    assert!(scene.sandbox.wait_for("#nudges", PATIENCE, |shown| shown.text().contains("D-1")).await.is_some());
    bot.stop().await;
    assert_eq!(scene.sandbox.channel("#nudges").len(), 1, "once");
    assert_eq!(scene.count("SELECT COUNT(*) FROM outbox WHERE kind = 'late_answer' AND state = 'sent'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_twice_is_not_kept_waiting_and_what_was_saved_stays() {
    let (scene, bot) = Scene::ready().await;
    scene.held_up("rita", GLOBEX).await;
    bot.signal("TERM").await;
    bot.says("stopping").await;
    let again = Instant::now();
    bot.signal("INT").await;
    let log = bot.log();
    let status = bot.ended().await;
    let took = again.elapsed();
    let said = std::fs::read_to_string(log).unwrap();
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(took < Duration::from_secs(3), "{took:?}: {said}");
    assert!(said.contains("asked again") && !said.contains("stopped in order"), "{said}");

    let bot = scene.start().await;
    let deal = scene.sandbox.person("rita").slash("/deal view deal:D-1").await.expect_message();
    assert!(deal.text().contains("Globex"), "{}", deal.text());
    bot.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_silent_keeps_nobody_from_stopping() {
    let (scene, bot) = Scene::ready().await;
    scene.sandbox.silence_gateway();
    let asked = Instant::now();
    assert_eq!(bot.stop().await.code(), Some(0));
    assert!(asked.elapsed() < LIMIT, "{:?}", asked.elapsed());
}
