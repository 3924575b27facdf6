//! What operators see of a running bot: its figures, and a log in which one id leads from a command to what came of it.

use std::collections::BTreeSet;

use cosell::sandbox::{Mode, Refusal, Reply, Sandbox, World};
use serde_json::Value;
use tempfile::TempDir;

use super::support::process::{PATIENCE, Running, stand_in};
use super::support::set_up;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const GLOBEX: &str = "/deal new account:Globex partner:Initech source:undecided amount:120k";

/// A server that is set up, and a bot in a process of its own that writes its log as JSON.
struct Scene {
    bot: Running,
    sandbox: Sandbox,
    _folder: TempDir,
}

impl Scene {
    async fn logging(filter: &str) -> Scene {
        let (folder, sandbox) = (TempDir::new().unwrap(), stand_in(World::seeded()).await);
        let settings = [("COSELL_LOG", filter), ("COSELL_LOG_FORMAT", "json"), ("COSELL_HTTP", "127.0.0.1:0")];
        let bot = Running::start(&sandbox, &folder.path().join("cosell.db"), &settings).await;
        set_up(&sandbox.person("ada")).await;
        sandbox.person("lena").slash("/partner add name:Initech manager:@lena").await.expect_message();
        Scene { bot, sandbox, _folder: folder }
    }

    fn lines(&self) -> Vec<Value> {
        self.bot.said().lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
    }

    /// Records a deal whose answer Discord doesn't take, and waits until the nudge channel tells of it.
    async fn is_told_late(&self) {
        self.sandbox.refuse(Refusal::answer("POST", "/callback", 404, 10_062));
        self.sandbox.person("rita").slash(GLOBEX).await;
        let told = self.sandbox.wait_for("#nudges", PATIENCE, |shown| shown.text().contains("Globex")).await;
        assert!(told.is_some(), "{}", self.bot.said());
    }

    async fn page(&self, path: &str) -> String {
        let lines = self.lines();
        let served = lines.iter().find(|line| line["message"] == "health and metrics are served").expect("it says so");
        let url = format!("http://{}{path}", served["address"].as_str().unwrap());
        reqwest::get(url).await.unwrap().text().await.unwrap()
    }
}

/// The value of a line of the metrics, by its name and labels.
fn value(page: &str, series: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} is not in {page}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_says_what_runs_and_the_metrics_count_what_was_done_and_name_nobody() {
    let scene = Scene::logging("info").await;
    scene.is_told_late().await;
    scene.bot.says("an answer was not taken").await;
    let ready: Vec<Value> = scene.lines().into_iter().filter(|line| line["message"] == "ready").collect();
    let [line] = ready.as_slice() else { panic!("one line says that it is ready: {ready:?}") };
    assert_eq!((&line["version"], &line["shards"], &line["servers"]), (&VERSION.into(), &"0-0/1".into(), &1.into()));
    assert!(line["database"].as_str().is_some_and(|file| file.ends_with("cosell.db")), "{line}");
    for deal in ["D-1", "D-1", "D-404"] {
        scene.sandbox.person("rita").slash(&format!("/deal view deal:{deal}")).await.expect_message();
    }
    scene.sandbox.quiet().await;
    // It writes, so that there is something in the write-ahead log, which is emptied when nobody writes for a while.
    assert!(scene.page("/readyz").await.contains("writable"));
    let page = scene.page("/metrics").await;
    let commands = |name: &str, result: &str| {
        value(&page, &format!("cosell_commands_total{{command=\"{name}\",result=\"{result}\"}}"))
    };
    assert_eq!(
        (commands("deal new", "ok"), commands("deal view", "ok"), commands("deal view", "refused")),
        (1., 2., 1.)
    );
    assert_eq!(value(&page, "cosell_deliveries_total{kind=\"late_answer\",outcome=\"sent\"}"), 1.);
    let answered = value(&page, "cosell_answer_seconds_count");
    assert!(answered >= 5. && value(&page, "cosell_answer_seconds_bucket{le=\"3\"}") <= answered, "{page}");
    assert!(value(&page, "cosell_answer_seconds_sum") > 0.);
    assert_eq!((value(&page, "cosell_stalls_open"), value(&page, "cosell_gateway_connected")), (0., 1.));
    assert!(value(&page, "cosell_database_bytes") > 4_096. && value(&page, "cosell_wal_bytes") > 4_096., "{page}");

    let told = |word: &str| -> BTreeSet<String> {
        let lines = page.lines().filter_map(|line| line.strip_prefix(word));
        lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
    };
    assert_eq!(told("# HELP "), told("# TYPE "), "each is described");
    let rita = scene.sandbox.person("rita");
    for name in ["rita", "Globex", "Initech", &rita.id().to_string(), &rita.guild().to_string()] {
        assert!(!page.contains(name), "{name} is in {page}");
    }
    scene.bot.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_leads_through_the_log_from_a_command_to_its_commit_and_to_what_it_had_said() {
    let scene = Scene::logging("debug").await;
    scene.is_told_late().await;
    scene.bot.says("\"kind\":\"late_answer\"").await;
    let mut callbacks = scene.sandbox.requests().into_iter().filter(|request| request.path.ends_with("/callback"));
    let last = callbacks.next_back().expect("it answered");
    let id: u64 = last.path.split('/').nth(2).unwrap().parse().unwrap();
    let lines = scene.lines();
    let of_id = lines.iter().filter(|line| line["span"]["interaction.id"] == id);
    let messages: Vec<&str> = of_id.filter_map(|line| line["message"].as_str()).collect();
    for message in ["handled", "committed", "an answer was not taken", "answered", "delivered"] {
        assert!(messages.contains(&message), "{message:?} is not among {messages:?}");
    }
    let commits = messages.iter().filter(|message| **message == "committed").count();
    assert!(commits >= 3, "the deal's, the late answer's and its delivery's: {messages:?}");
    scene.bot.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_holds_a_token_or_what_people_typed() {
    let scene = Scene::logging("trace").await;
    let (sandbox, rita) = (&scene.sandbox, scene.sandbox.person("rita"));
    scene.is_told_late().await;
    sandbox.refuse(Refusal::silent("POST", "/callback", Mode::CloseWithoutAnswer));
    rita.slash("/deal update deal:D-1 note:Quixotic").await;
    sandbox.refuse(Refusal::silent("POST", "/callback", Mode::AcceptThenClose));
    rita.slash("/deal update deal:D-1 note:Quagmire").await;
    sandbox.refuse(Refusal::answer("POST", "/messages", 500, 0));
    rita.autocomplete("/deal view deal:Quark").await;
    rita.slash("/deal new account:Quasar partner:Quibble source:undecided amount:12quid").await.expect_message();
    let Reply::Form(form) = rita.slash("/deal update deal:D-1").await else { panic!("a form opens") };
    rita.submit(&form, &[("Note", "Quicksilver")]).await;
    sandbox.quiet().await;

    let log = scene.bot.log();
    let callbacks: Vec<String> = sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(scene.bot.stop().await.code(), Some(0));
    let said = std::fs::read_to_string(log).unwrap();
    assert!(said.contains("\"TRACE\"") || said.contains("\"DEBUG\""), "it logs at length");
    assert!(said.contains("an answer was not taken") && said.contains("committed"), "{said}");
    let tokens = callbacks.iter().filter(|path| path.ends_with("/callback")).filter_map(|path| path.split('/').nth(3));
    let secrets: BTreeSet<&str> = tokens.chain(sandbox.token().split('.').skip(1)).collect();
    assert!(secrets.len() > 10, "tokens of interactions are among them");
    for secret in secrets {
        assert!(!said.contains(secret), "{secret} is in the log");
    }
    for typed in ["Globex", "Initech", "Quixotic", "Quagmire", "Quark", "Quasar", "Quibble", "12quid", "Quicksilver"] {
        let line = said.lines().find(|line| line.contains(typed));
        assert_eq!(line, None, "what was typed is in the log");
    }
}
