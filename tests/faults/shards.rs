//! Several processes, each with a part of the gateway's shards and a database of its own: each answers and reminds its own
//! servers, and none does another's work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cosell::clock::Clock;
use cosell::config::{Config, Part};
use cosell::domain::id::GuildId;
use cosell::domain::shard::Shards;
use cosell::sandbox::{Pace, Person, Refusal, Reply, Sandbox, Server, Shown, Time, World};
use cosell::startup::Bot;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::support::process::{PATIENCE, Running, cosell, ends, stand_in};
use super::support::{Stage, set_up, start};

const SERVERS: [&str; 2] = ["Northwind", "Southwind"];

/// One channel more, and their ids fall on different shards of two.
fn two_servers() -> World {
    let [first, second] = SERVERS.map(Server::company);
    World::new(vec![first.channels(&["sales"]), second])
}

fn one_of_two(shard: u32) -> Shards {
    Shards::part(shard, shard, 2).unwrap()
}

/// The name of the server that is on a shard of two.
fn server_on(sandbox: &Sandbox, shard: u32) -> &'static str {
    let is_there = |server: &&str| one_of_two(shard).hold(guild_of(&sandbox.person_in(server, "ada")));
    SERVERS.into_iter().find(|server| is_there(server)).expect("the servers are on different shards")
}

fn guild_of(person: &Person) -> GuildId {
    GuildId(i64::try_from(person.guild().0).unwrap())
}

fn database(folder: &TempDir, shard: u32) -> PathBuf {
    folder.path().join(format!("{shard}/cosell.db"))
}

async fn records(sandbox: &Sandbox, server: &str, account: &str) -> Shown {
    let text = format!("/deal new account:{account} partner:Initech source:undecided amount:120k close:in 8 weeks");
    sandbox.person_in(server, "rita").slash(&text).await.expect_message()
}

async fn set_up_with_a_partner(sandbox: &Sandbox, server: &str) {
    set_up(&sandbox.person_in(server, "ada")).await;
    sandbox.person_in(server, "lena").slash("/partner add name:Initech manager:@lena").await.expect_message();
}

/// Who has deals in a database, and on what accounts.
async fn deals(database: &Path) -> Vec<(i64, String)> {
    let mut database = SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap();
    let query = "SELECT d.guild_id, a.state ->> '$.name' FROM deal d JOIN account a USING (guild_id, account_id)";
    let found = sqlx::query_as(query).fetch_all(&mut database).await.unwrap();
    database.close().await.unwrap();
    found
}

fn registrations(sandbox: &Sandbox) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|request| request.method == "PUT" && request.path.ends_with("/commands")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_process_answers_its_own_servers_into_its_own_database_and_outlives_the_other() {
    let (folder, sandbox) = (TempDir::new().unwrap(), stand_in(two_servers()).await);
    let path = |shard| database(&folder, shard);
    (0..2).for_each(|shard| std::fs::create_dir(path(shard).parent().unwrap()).unwrap());
    let second = Running::spawn(&sandbox, &path(1), &[("COSELL_SHARDS", "1/2")]);
    assert!(sandbox.wait_until(PATIENCE, |s| s.connections().identified == 1).await, "{}", second.said());
    assert_eq!(registrations(&sandbox), 0, "only the process with the first shard registers");
    let settings = [("COSELL_SHARDS", "0-0/2"), ("COSELL_HTTP", "127.0.0.1:0")];
    let first = Running::start(&sandbox, &path(0), &settings).await;
    assert_eq!(registrations(&sandbox), 1);

    for (shard, account) in [(0, "Globex"), (1, "Umbrella")] {
        let server = server_on(&sandbox, shard);
        set_up_with_a_partner(&sandbox, server).await;
        // Its answer is not taken, so that the outbox has to tell it.
        sandbox.refuse(Refusal::answer("POST", "/callback", 404, 10_062));
        let text = format!("/deal new account:{account} partner:Initech source:undecided amount:120k");
        sandbox.person_in(server, "rita").slash(&text).await;
        let told = |s: &Sandbox| s.channel_in(server, "#nudges").iter().any(|shown| shown.text().contains(account));
        assert!(sandbox.wait_until(PATIENCE, told).await, "{account} is not told in {server}");
    }
    for (shard, account) in [(0, "Globex"), (1, "Umbrella")] {
        let ada = sandbox.person_in(server_on(&sandbox, shard), "ada");
        assert_eq!(deals(&path(shard)).await, [(guild_of(&ada).0, account.to_owned())]);
        assert_eq!(sandbox.channel_in(server_on(&sandbox, shard), "#nudges").len(), 1, "once, by one process");
    }
    let set = sandbox.person_in(server_on(&sandbox, 1), "ben").slash("/my settings direct_messages:true").await;
    let set = set.expect_message().text();
    assert!(set.contains("#nudges") && set.contains("they can't be sent"), "{set}");

    first.says("shards=0-0/2 servers=1").await;
    second.says("shards=1-1/2 servers=1").await;
    first.kill().await;
    let unanswered = sandbox.person_in(server_on(&sandbox, 0), "rita").slash("/deal view deal:D-1").await;
    assert!(matches!(unanswered, Reply::Refused(_)), "{unanswered:?}");
    records(&sandbox, server_on(&sandbox, 1), "Soylent").await;
    assert_eq!(deals(&path(1)).await.len(), 2);
    second.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_workspaces_of_other_shards_is_refused_before_anything_is_sent() {
    let (folder, sandbox) = (TempDir::new().unwrap(), stand_in(two_servers()).await);
    let path = folder.path().join("cosell.db");
    let whole = Running::start(&sandbox, &path, &[]).await;
    for server in SERVERS {
        set_up_with_a_partner(&sandbox, server).await;
    }
    assert_eq!(whole.stop().await.code(), Some(0));
    let before = (sandbox.requests().len(), sandbox.connections());
    let mut command = cosell(folder.path());
    command.env("DISCORD_API_URL", sandbox.url()).env("DISCORD_TOKEN", sandbox.token()).env("COSELL_SHARDS", "0/2");
    let (code, said) = ends(&mut command).await;
    let other = guild_of(&sandbox.person_in(server_on(&sandbox, 1), "ada"));
    assert_eq!(code, Some(2), "{said}");
    let told = format!("keeps a workspace of other shards than 0-0/2, such as server {other} of shard 1");
    assert!(said.contains(&told) && said.contains("cosell export --guild"), "{said}");
    assert_eq!((sandbox.requests().len(), sandbox.connections()), before);
}

/// Two processes' worth of bots in this one, under manual clocks, so that days can pass.
struct Divided {
    sandbox: Sandbox,
    bots: Vec<Bot>,
    _folder: TempDir,
}

impl Divided {
    async fn in_two() -> Divided {
        let folder = TempDir::new().unwrap();
        let clocks = [Clock::manual(start()), Clock::manual(start())];
        let now = clocks[0].clone();
        let time = Time { now: Arc::new(move || now.now()), advance: Arc::new(|_| Box::pin(async {})) };
        let sandbox = Sandbox::start(two_servers(), time).await.unwrap();
        sandbox.pace(Pace::Unlimited);
        let mut bots = Vec::new();
        for (shard, clock) in (0..).zip(clocks) {
            let file = folder.path().join(format!("{shard}.db"));
            let config = Config::of_stand_in(&sandbox.url(), sandbox.token(), &file).unwrap();
            bots.push(Bot::start(&Config { shards: Part::Of(one_of_two(shard)), ..config }, clock).await.unwrap());
        }
        assert!(sandbox.wait_until(PATIENCE, |s| s.connections().identified == 2).await);
        sandbox.wait_ready(PATIENCE).await.unwrap();
        Divided { sandbox, bots, _folder: folder }
    }

    async fn wait_until(&self, at: &str) {
        for bot in &self.bots {
            bot.advance(at.parse::<DateTime<Utc>>().unwrap()).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_server_gets_its_lines_and_reminders_once() {
    let divided = Divided::in_two().await;
    for server in SERVERS {
        set_up_with_a_partner(&divided.sandbox, server).await;
        divided.sandbox.person_in(server, "rita").slash("/my settings direct_messages:true").await.expect_message();
        records(&divided.sandbox, server, "Globex").await;
    }
    divided.wait_until("2026-11-05T12:00:00Z").await;
    for server in SERVERS {
        assert_eq!(divided.sandbox.channel_in(server, "#pipeline").len(), 1, "the team line in {server}");
    }
    // Only one of the two can be answered in direct messages; the other's reminder comes in the channel.
    let nudges = [0, 1].map(|shard| divided.sandbox.channel_in(server_on(&divided.sandbox, shard), "#nudges").len());
    assert_eq!(nudges, [0, 1]);
    let direct = divided.sandbox.dms("rita");
    assert_eq!(direct.len(), 1);
    let rita = divided.sandbox.person_in(server_on(&divided.sandbox, 0), "rita");
    let shown = rita.press(&direct[0], "Show mine").await.expect_message();
    assert!(shown.text().contains("D-1 Globex"), "{}", shown.text());
    let nudge = divided.sandbox.channel_in(server_on(&divided.sandbox, 1), "#nudges").pop().unwrap();
    let rita = divided.sandbox.person_in(server_on(&divided.sandbox, 1), "rita");
    let shown = rita.press(&nudge, "Show mine").await.expect_message();
    assert!(shown.text().contains("D-1 Globex"), "{}", shown.text());
    for bot in &divided.bots {
        bot.stop().await;
    }
    assert_eq!(divided.sandbox.unexpected(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_a_press_in_direct_messages_that_reaches_another_process_changes_and_shows_nothing() {
    let stage = Stage::ready().await;
    stage.says("ben", "/my settings direct_messages:true").await;
    records(&stage.sandbox, "Northwind", "Globex").await;
    stage.says("lena", "/deal assign deal:D-1 owner:@ben").await;
    stage.wait_until("2026-11-02T10:05:00Z").await;
    let direct = stage.sandbox.dms("ben").pop().expect("ben is told that it is his");
    stage.bot.stop().await;

    // The bot is divided so that its first shard, which hears the press, is not the server's.
    let guild = guild_of(&stage.sandbox.person("ben"));
    let parts = (2..100).map(|total| Shards::part(0, 0, total).unwrap());
    let first = parts.into_iter().find(|part| !part.hold(guild)).expect("a division that parts them");
    let folder = TempDir::new().unwrap();
    let config =
        Config::of_stand_in(&stage.sandbox.url(), stage.sandbox.token(), &folder.path().join("first.db")).unwrap();
    let before = stage.sandbox.connections().identified;
    let bot =
        Bot::start(&Config { shards: Part::Of(first), ..config }, Clock::manual(stage.sandbox.now())).await.unwrap();
    assert!(stage.sandbox.wait_until(PATIENCE, |s| s.connections().identified > before).await);
    for button in direct.buttons().iter().filter(|button| button.custom_id.is_some()) {
        let told = stage.presses("ben", &direct, &button.label).await;
        assert!(
            told.text().contains("Nothing was changed") && told.text().contains("in the server"),
            "{}",
            told.text()
        );
        assert!(!told.text().contains("Globex"), "{}", told.text());
    }
    assert_eq!(bot.app().store.find_guilds().await.unwrap(), []);
    bot.stop().await;
}
