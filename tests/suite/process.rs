//! The program as a supervisor sees it: what it prints, when it is ready, and its exit codes.

use std::path::Path;
use std::process::Stdio;

use cosell::sandbox::World;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::support::process::{PATIENCE, cosell, ends, stand_in};

/// The first line of the log that holds a text.
async fn line_with(child: &mut Child, text: &str) -> String {
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let search = async {
        loop {
            match lines.next_line().await.unwrap() {
                Some(line) if line.contains(text) => return line,
                Some(_) => {}
                None => panic!("it ended without saying {text}"),
            }
        }
    };
    timeout(PATIENCE, search).await.expect("it says so")
}

#[tokio::test]
async fn without_a_token_it_names_the_sandbox() {
    let folder = TempDir::new().unwrap();
    let (code, said) = ends(&mut cosell(folder.path())).await;
    assert_eq!(code, Some(2));
    assert!(said.contains("DISCORD_TOKEN") && said.contains("cosell sandbox"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test]
async fn settings_come_from_a_dotenv_file_too_and_a_malformed_one_shows_none_of_it() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(".env"), "COSELL_HTTP=everywhere\n").unwrap();
    let (code, said) = ends(&mut cosell(folder.path())).await;
    assert_eq!(code, Some(2));
    assert!(said.contains("COSELL_HTTP takes a port"), "{said}");
    std::fs::write(folder.path().join(".env"), "DISCORD_TOKEN=secret part\n").unwrap();
    let (code, said) = ends(&mut cosell(folder.path())).await;
    assert_eq!(code, Some(2));
    assert!(said.contains(".env can't be read") && !said.contains("secret"), "{said}");
}

/// Where the program writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Terminal,
    Pipe,
}

/// What the program writes, with settings of the environment.
async fn written(folder: &Path, line: &str, to: To, settings: &[(&str, &str)]) -> String {
    let mut command = match to {
        To::Pipe => cosell(folder),
        To::Terminal => Command::new("script"),
    };
    match to {
        To::Pipe => command.args(line.split_whitespace()),
        To::Terminal => {
            let line = format!("{} {line}", env!("CARGO_BIN_EXE_cosell"));
            command.args(["--quiet", "--command", &line, "/dev/null"]).current_dir(folder).stdin(Stdio::null())
        }
    };
    ends(command.env("TERM", "xterm").env_remove("NO_COLOR").envs(settings.iter().copied())).await.1
}

#[tokio::test]
async fn colour_is_for_terminals_only_and_for_none_where_it_is_not_wanted() {
    let folder = TempDir::new().unwrap();
    let nowhere = [("DISCORD_TOKEN", "not.the.token"), ("DISCORD_API_URL", "http://127.0.0.1:1")];
    let unwanted = [nowhere.as_slice(), &[("NO_COLOR", "1")]].concat();
    // A mistake, which clap tells of, and a failure, which the log does.
    for (line, told) in [("walk", "unrecognized"), ("run", "can't be reached")] {
        for (to, settings, coloured) in [
            (To::Terminal, nowhere.as_slice(), true),
            (To::Terminal, &unwanted, false),
            (To::Pipe, nowhere.as_slice(), false),
        ] {
            let said = written(folder.path(), line, to, settings).await;
            assert!(said.contains(told), "{said}");
            assert_eq!(said.contains('\u{1b}'), coloured, "{line}, {to:?}, {settings:?}: {said:?}");
        }
    }
}

#[tokio::test]
async fn what_only_a_run_needs_disturbs_nothing_else() {
    let folder = TempDir::new().unwrap();
    let (code, said) = ends(cosell(folder.path()).env("COSELL_HTTP", "everywhere").arg("manifest")).await;
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn the_manifest_is_printed_with_the_invite_link() {
    let folder = TempDir::new().unwrap();
    let (code, said) = ends(cosell(folder.path()).args(["manifest", "--application-id", "42"])).await;
    assert_eq!(code, Some(0));
    let (payload, link) = said.split_once("\nInvite link: ").expect("a link at the end");
    let payload: Vec<serde_json::Value> = serde_json::from_str(payload).unwrap();
    assert!(payload.iter().any(|command| command["name"] == "deal"));
    assert!(link.starts_with("https://discord.com/oauth2/authorize?client_id=42&"), "{link}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_has_its_exit_code_and_is_not_shown() {
    let folder = TempDir::new().unwrap();
    let sandbox = stand_in(World::seeded()).await;
    let (code, said) =
        ends(cosell(folder.path()).env("DISCORD_API_URL", sandbox.url()).env("DISCORD_TOKEN", "not.the.token")).await;
    assert_eq!(code, Some(14), "{said}");
    assert!(said.contains("refused the token") && !said.contains("not.the.token"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_gets_ready_tells_its_health_and_stops_when_asked() {
    let folder = TempDir::new().unwrap();
    let sandbox = stand_in(World::seeded()).await;
    let mut child = cosell(folder.path())
        .env("DISCORD_API_URL", sandbox.url())
        .env("DISCORD_TOKEN", sandbox.token())
        .env("COSELL_HTTP", "127.0.0.1:0")
        .env("COSELL_LOG_FORMAT", "json")
        .spawn()
        .unwrap();
    let line = line_with(&mut child, "health and metrics are served").await;
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let ready = format!("http://{}/readyz", line["address"].as_str().unwrap());
    sandbox.wait_ready(PATIENCE).await.unwrap();
    let gets_ready = async { while reqwest::get(&ready).await.unwrap().status() != 200 {} };
    timeout(PATIENCE, gets_ready).await.expect("it is ready");
    assert!(folder.path().join("cosell.db").exists());

    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").arg(&id).status().await.unwrap().success());
    let status = timeout(PATIENCE, child.wait()).await.expect("it stops").unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(!folder.path().join("cosell.db-wal").exists(), "an orderly stop leaves one whole file");
}
