//! Chromium through WebDriver, with the page open, and what people do there.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use axum::http::Method;
use cosell::sandbox::page::Page;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};
use url::Url;

use super::support::{Stage, say_once};

/// Longer than whatever is waited for takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Flags that keep Chromium to the page: no window, nothing of its own over the network.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// Windows that are looked at: a laptop's and a phone's.
const WINDOWS: [(u32, u32); 2] = [(1280, 800), (390, 844)];

/// What must hold of the page at every look; gives what does not.
const LOOK: &str = include_str!("look.js");

/// A browser on the page of a stage.
pub struct Browser {
    pub stage: Stage,
    client: Client,
    page: Option<Page>,
    driver: Child,
    _profile: TempDir,
}

impl Drop for Browser {
    /// A test that fails leaves no browser behind: the driver and what it started are one group of processes.
    fn drop(&mut self) {
        if let Some(driver) = self.driver.id() {
            // Where there is none any more, all has ended.
            let _ =
                std::process::Command::new("kill").args(["--", &format!("-{driver}")]).stderr(Stdio::null()).status();
        }
    }
}

impl Browser {
    /// Opens the page of a stage as somebody; `None`, and a word about it, where there is no browser.
    pub async fn open(stage: Stage, who: &str) -> Option<Browser> {
        static SAID: OnceLock<()> = OnceLock::new();
        let Some((driver, address)) = start_driver().await else {
            say_once(&SAID, "SKIPPED: the page is seen by no browser, because there is no chromedriver");
            return None;
        };
        let page = Page::serve(stage.sandbox.clone(), 0).await.unwrap();
        let url = page.url();
        let profile = TempDir::new().unwrap();
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let mut wanted = Capabilities::new();
        wanted.insert("goog:chromeOptions".to_owned(), json!({"args": flags}));
        wanted.insert("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"}));
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&address).await.unwrap();
        let browser = Browser { stage, client, page: Some(page), driver, _profile: profile };
        browser.window(WINDOWS[0]).await;
        browser.client.goto(&format!("{url}/#as={who}")).await.unwrap();
        browser.until("the page is drawn", "return document.querySelectorAll('.channel').length > 0").await;
        Some(browser)
    }

    /// Ends the test: the browser found nothing wrong, nor did the stand-in.
    pub async fn finish(self) {
        assert_eq!(self.complaints().await, Vec::<String>::new());
        self.client.clone().close().await.unwrap();
        self.stage.settle().await;
    }

    /// The sandbox ends with all that was in it.
    pub async fn loses_sandbox(&mut self) {
        self.page = None;
        self.until("it is missed", "return document.body.classList.contains('lost')").await;
    }

    /// Another sandbox is started where the one before was.
    pub async fn gets_sandbox(&mut self, stage: Stage) {
        let address = self.client.current_url().await.unwrap();
        let page = Page::serve(stage.sandbox.clone(), address.port().unwrap()).await.unwrap();
        assert!(address.as_str().starts_with(&page.url()), "its port is free again");
        (self.page, self.stage) = (Some(page), stage);
        self.until("it is found", "return !document.body.classList.contains('lost')").await;
        // That it could not be reached meanwhile is no fault.
        let _ = self.complaints().await;
    }

    /// What the browser's console holds.
    async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(Raw("se/log", json!({"type": "browser"}))).await.unwrap();
        let lines = log.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    async fn window(&self, (width, height): (u32, u32)) {
        let params = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": params});
        self.client.issue_cmd(Raw("goog/cdp/execute", command)).await.unwrap();
    }

    /// Runs a script in the page, and gives what it returns.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until a script returns true.
    pub async fn until(&self, what: &str, script: &str) {
        let end = Instant::now() + PATIENCE;
        while self.run(script).await != true {
            if Instant::now() > end {
                let text = self.run("return document.body.innerText").await;
                panic!("{what}: not within {PATIENCE:?}. The page says:\n{}", text.as_str().unwrap_or_default());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks the last element of a path as soon as that can be done.
    pub async fn clicks(&self, path: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.try_click(path).await {
                Ok(()) => return,
                Err(error) if Instant::now() > end => panic!("{path} can't be clicked: {error}"),
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn try_click(&self, path: &str) -> Result<(), CmdError> {
        let last = format!("({path})[last()]");
        self.client.find(Locator::XPath(&last)).await?.click().await
    }

    /// Looks through somebody else's eyes.
    pub async fn becomes(&self, name: &str) {
        self.clicks(&format!("//button[@data-key='{name}']")).await;
        let script = format!("return document.querySelector('.person[aria-current]')?.dataset.key === '{name}'");
        self.until(&format!("one is {name}"), &script).await;
    }

    /// Goes to a channel or thread of the server, by the name in the list.
    pub async fn goes(&self, channel: &str) {
        self.clicks(&format!("//button[contains(@class, 'channel')][span[@class='label'][text()='{channel}']]")).await;
        let script = format!(
            "return document.querySelector('#channel-name').textContent.replace('#', '') === '{channel}' \
             && document.querySelector('#messages, #empty') !== null"
        );
        self.until(&format!("one is in {channel}"), &script).await;
    }

    /// Types into whatever has the focus.
    pub async fn types(&self, text: &str) {
        self.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// Presses a key where the focus is.
    pub async fn key(&self, key: Key) {
        self.types(&char::from(key).to_string()).await;
    }

    /// Gives a whole line to the message field, and waits until it is taken.
    pub async fn says(&self, line: &str) {
        self.clicks("//*[@id='composer-text']").await;
        self.types(line).await;
        self.key(Key::Enter).await;
        self.until(&format!("{line} is taken"), TAKEN).await;
    }

    /// Presses the last button of the messages whose label begins so.
    pub async fn presses(&self, label: &str) {
        self.clicks(&format!("//ol[@id='messages']//button[starts-with(normalize-space(), '{label}')]")).await;
    }

    /// Waits for words among the messages.
    pub async fn sees(&self, words: &str) {
        let script = format!("return document.querySelector('#messages').innerText.includes({})", json!(words));
        self.until(&format!("{words:?} is read"), &script).await;
    }

    /// Moves the clock, and waits for what happened meanwhile.
    pub async fn moves_clock(&self, to: &str) {
        self.run("document.querySelector('#meanwhile').hidden = true").await;
        self.clicks("//*[@id='open-clock']").await;
        self.clicks(&format!("//*[@data-to='{to}']")).await;
        self.hears_what_happened().await;
    }

    /// Waits until time has passed and what happened meanwhile is told.
    pub async fn hears_what_happened(&self) {
        self.until("time has passed", "return !document.querySelector('#meanwhile').hidden").await;
    }

    /// Waits for a form.
    pub async fn gets_form(&self) {
        self.until("a form is open", "return document.querySelector('#form').open").await;
    }

    /// Sends the form, and waits until it is taken.
    pub async fn submits(&self) {
        self.clicks("//dialog[@id='form']//button[.='Submit']").await;
        self.until("the form is taken", "return !document.querySelector('#form').open").await;
    }

    /// Looks at the page in each window, dark and light: nothing sticks out, everything has a name and can be read. Keeps
    /// what was seen.
    pub async fn looks(&self, name: &str) {
        let folder = screenshots();
        for window in WINDOWS {
            self.window(window).await;
            for theme in ["dark", "light"] {
                self.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
                self.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
                    .await;
                self.keeps(&folder, &format!("{name}-{}-{theme}.png", window.0)).await;
                let wrong = self.run(LOOK).await;
                assert_eq!(wrong, json!([]), "{name} at {} in {theme}", window.0);
            }
        }
        self.window(WINDOWS[0]).await;
        self.run("document.documentElement.dataset.theme = 'auto'").await;
    }

    async fn keeps(&self, folder: &Path, name: &str) {
        std::fs::write(folder.join(name), self.client.screenshot().await.unwrap()).unwrap();
    }
}

/// Whether the message field took what was in it.
const TAKEN: &str = "
    const field = document.querySelector('#composer-text');
    const trouble = document.querySelector('#trouble');
    if (!trouble.hidden) throw new Error(trouble.textContent);
    return document.querySelector('dialog[open]') !== null
        || (field.value === '' && document.querySelector('#command').hidden && !document.querySelector('#send').disabled);
";

fn screenshots() -> PathBuf {
    let named = std::env::var_os("COSELL_SCREENSHOTS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Starts a driver on a port of its own choice, where there is one.
async fn start_driver() -> Option<(Child, String)> {
    let mut command = Command::new("chromedriver");
    command
        .arg("--port=0")
        .process_group(0)
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut driver = command.spawn().ok()?;
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Some((driver, format!("http://127.0.0.1:{}", port.trim_end_matches('.'))));
        }
    }
    panic!("chromedriver ended without saying its port");
}

/// A command that Chromium's driver has beside WebDriver's own.
#[derive(Debug)]
struct Raw(&'static str, Value);

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.expect("a session is open"), self.0))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}
