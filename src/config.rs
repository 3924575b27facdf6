//! The configuration, and the only reader of the environment (`.env` included). Secrets don't print, and what is
//! malformed names itself and the way to mend it.

mod token;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use reqwest::Url;
use tracing::level_filters::LevelFilter;

use crate::domain::shard::Shards;

pub use token::Token;

/// The database where none is named.
const DATABASE: &str = "cosell.db";
/// How many daily backups are kept where no number is named.
const KEPT: &str = "7";

/// Why the configuration can't be used. Says what to do, and never shows a secret.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// No token was given.
    #[error(
        "no Discord token. Set DISCORD_TOKEN, or DISCORD_TOKEN_FILE to a file that holds it; the token is on the Bot \
         page of your application at https://discord.com/developers/applications. To try the bot without Discord: \
         cosell sandbox"
    )]
    NoToken,
    /// Two were given.
    #[error("DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set. Unset one of them")]
    TwoTokens,
    /// What was given can't be a token.
    #[error("{0} does not hold a bot token. Copy it again, in one line, from the Bot page of your application")]
    MalformedToken(&'static str),
    /// The token's file can't be read.
    #[error(
        "DISCORD_TOKEN_FILE names {path}, which can't be read: {reason}. Name a file that holds the token and nothing \
         else, and that the user who runs the bot may read"
    )]
    UnreadableToken {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The database can't be where it is named.
    #[error("COSELL_DB names {path}, {wrong}. Name a file in a folder that is there and that the bot may write to")]
    MisplacedDatabase {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        wrong: &'static str,
    },
    /// The backups can't be where they are named.
    #[error("COSELL_BACKUPS names {0}, which is no folder. Name a folder that the bot may write to, or off")]
    MisplacedBackups(PathBuf),
    /// `.env` can't be read. Its lines may hold secrets, so they are not shown.
    #[error(".env can't be read. Each of its lines is NAME=value, or begins with #")]
    MalformedDotenv,
}

/// Adds what a file `.env` in the working directory sets to the environment; what is set already wins. Called before
/// the arguments are read, and before there is a second thread.
pub fn load_dotenv() -> Result<(), ConfigError> {
    match dotenvy::from_path(".env") {
        Ok(()) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        Err(_) => Err(ConfigError::MalformedDotenv),
    }
}

/// What `run` takes. The token has no flag, as other users of a machine can read a process's arguments.
#[derive(Debug, Clone, Args)]
pub struct RunOptions {
    /// File that holds the bot's token, instead of DISCORD_TOKEN
    #[arg(long, env = "DISCORD_TOKEN_FILE", value_name = "FILE", value_parser = path_or_nothing, default_value = "", hide_default_value = true)]
    token_file: PathBuf,
    /// Another base than Discord's: a stand-in or an API proxy
    #[arg(long, env = "DISCORD_API_URL", value_name = "URL", value_parser = ApiUrl::parse, default_value = ApiUrl::DISCORD)]
    api_url: ApiUrl,
    /// The database
    #[arg(long, env = "COSELL_DB", value_name = "FILE", value_parser = parse_database, default_value = DATABASE)]
    db: PathBuf,
    /// A part of the gateway's shards, first to last of all, for one of several processes; each has a database of its own, and they are started one after the other [default: all]
    #[arg(long, env = "COSELL_SHARDS", value_name = "FIRST-LAST/TOTAL", value_parser = Part::parse, default_value = "", hide_default_value = true)]
    shards: Part,
    /// Address of health and metrics; a port alone means on this machine only [default: off]
    #[arg(long, env = "COSELL_HTTP", value_name = "ADDRESS", value_parser = Endpoint::parse, default_value = "", hide_default_value = true)]
    http: Endpoint,
    /// Folder of the daily backups, or off [default: backups, beside the database]
    #[arg(long, env = "COSELL_BACKUPS", value_name = "FOLDER", value_parser = path_or_nothing, default_value = "", hide_default_value = true)]
    backups: PathBuf,
    /// How many of the daily backups are kept
    #[arg(long, env = "COSELL_BACKUPS_KEPT", value_name = "NUMBER", value_parser = parse_kept, default_value = KEPT)]
    backups_kept: usize,
    /// What is logged and how.
    #[command(flatten)]
    pub log: LogOptions,
}

/// Which database.
#[derive(Debug, Clone, Args)]
pub struct Database {
    /// The database
    #[arg(long, env = "COSELL_DB", value_name = "FILE", value_parser = parse_database, default_value = DATABASE)]
    pub db: PathBuf,
}

/// What is logged, and how.
#[derive(Debug, Clone, Args)]
pub struct LogOptions {
    /// What is logged: error, warn, info, debug, or by module, e.g. info,cosell=debug
    #[arg(long = "log", env = "COSELL_LOG", value_name = "FILTER", value_parser = parse_filter, default_value = "info")]
    pub filter: String,
    /// How the log is written, on standard error: text or json
    #[arg(long = "log-format", env = "COSELL_LOG_FORMAT", value_name = "FORMAT", value_parser = LogFormat::parse, default_value = "text")]
    pub format: LogFormat,
}

impl LogOptions {
    /// For what has an output of its own: only failures are logged beside it.
    pub fn failures_only() -> LogOptions {
        LogOptions { filter: "error".to_owned(), format: LogFormat::Text }
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

impl LogFormat {
    /// Reads `text` or `json`; nothing means text.
    pub fn parse(text: &str) -> Result<LogFormat, String> {
        match text {
            "" | "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("COSELL_LOG_FORMAT takes text, for people, or json, for programs".to_owned()),
        }
    }
}

/// All that `run` needs.
#[derive(Debug, Clone)]
pub struct Config {
    /// The bot's token.
    pub token: Token,
    /// Discord, or what stands in for it.
    pub api: ApiUrl,
    /// The database's file.
    pub database: PathBuf,
    /// Which shards of the gateway this process runs.
    pub shards: Part,
    /// Where health and metrics are.
    pub http: Endpoint,
    /// The daily backups, unless they are off.
    pub backups: Option<Backups>,
}

/// The daily backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// Where they are.
    pub folder: PathBuf,
    /// How many are kept.
    pub kept: usize,
}

impl Backups {
    /// Where those of a database are unless another folder is named.
    pub fn beside(database: &Path) -> PathBuf {
        database.with_file_name("backups")
    }

    fn of(named: PathBuf, kept: usize, database: &Path) -> Option<Backups> {
        match named.to_str() {
            Some("off") => None,
            Some("") => Some(Backups { folder: Backups::beside(database), kept }),
            _ => Some(Backups { folder: named, kept }),
        }
    }
}

impl RunOptions {
    /// Reads the token and puts everything together.
    pub fn config(self) -> Result<Config, ConfigError> {
        let token = Token::from_environment(&self.token_file)?;
        check_database(&self.db)?;
        let backups = Backups::of(self.backups, self.backups_kept, &self.db);
        if let Some(folder) = backups.as_ref().map(|backups| &backups.folder).filter(|at| at.exists() && !at.is_dir()) {
            return Err(ConfigError::MisplacedBackups(folder.clone()));
        }
        let RunOptions { api_url: api, db: database, shards, http, .. } = self;
        Ok(Config { token, api, database, shards, http, backups })
    }
}

impl Config {
    /// For a stand-in for Discord in this process.
    pub fn of_stand_in(url: &str, token: &str, database: &Path) -> anyhow::Result<Config> {
        Ok(Config {
            token: Token::parse(token).context("the stand-in's token")?,
            api: ApiUrl::parse(url).map_err(anyhow::Error::msg)?,
            database: database.to_owned(),
            shards: Part::Whole,
            http: Endpoint::Off,
            backups: None,
        })
    }
}

/// The base of Discord's REST interface, without `/api/v10` and without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiUrl(String);

impl ApiUrl {
    /// Discord itself.
    pub const DISCORD: &str = "https://discord.com";

    /// Reads a base such as `http://127.0.0.1:8080`.
    pub fn parse(text: &str) -> Result<ApiUrl, String> {
        let text = if text.is_empty() { ApiUrl::DISCORD } else { text };
        let url = Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
        let plain = |u: &Url| u.username().is_empty() && u.query().is_none() && u.fragment().is_none();
        if url.as_ref().is_some_and(|u| u.path().trim_end_matches('/').contains("/api")) {
            return Err("DISCORD_API_URL goes without /api, e.g. http://127.0.0.1:8080".to_owned());
        }
        match url.filter(plain) {
            Some(url) => Ok(ApiUrl(url.as_str().trim_end_matches('/').to_owned())),
            None => Err("DISCORD_API_URL takes the base of a REST interface, e.g. http://127.0.0.1:8080".to_owned()),
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        let url = Url::parse(&self.0).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        host == "localhost" || address.is_some_and(|a| a.is_loopback())
    }
}

/// Which of the gateway's shards a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// As many as Discord recommends, and all of them.
    Whole,
    /// These.
    Of(Shards),
}

impl Part {
    /// Reads `0-3/16`, or `3/16` for a single one; nothing means all.
    pub fn parse(text: &str) -> Result<Part, String> {
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let named = || {
            let (run, total) = text.split_once('/')?;
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            Shards::part(number(first)?, number(last)?, number(total)?)
        };
        match named() {
            _ if text.is_empty() => Ok(Part::Whole),
            Some(shards) => Ok(Part::Of(shards)),
            None => {
                Err("COSELL_SHARDS takes the first and the last shard of this process and how many there are in all, \
                 counted from 0, e.g. 0-3/16, then 4-7/16 for the next process"
                    .to_owned())
            }
        }
    }
}

/// Where health and metrics are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// Nowhere.
    Off,
    /// At an address.
    At(SocketAddr),
}

impl Endpoint {
    /// Reads an address or a port; nothing means off. A port alone is on this machine only.
    pub fn parse(text: &str) -> Result<Endpoint, String> {
        if text.is_empty() {
            return Ok(Endpoint::Off);
        }
        if let Ok(port) = text.trim_start_matches(':').parse::<u16>() {
            return Ok(Endpoint::At((Ipv4Addr::LOCALHOST, port).into()));
        }
        let address = text.parse().map(Endpoint::At);
        address.map_err(|_| "COSELL_HTTP takes a port or an address with a port, e.g. 8080 or 0.0.0.0:8080".to_owned())
    }
}

fn path_or_nothing(text: &str) -> Result<PathBuf, String> {
    Ok(PathBuf::from(text))
}

fn parse_database(text: &str) -> Result<PathBuf, String> {
    Ok(PathBuf::from(if text.is_empty() { DATABASE } else { text }))
}

/// Whether a database can be at a path, which may still turn out not to be writable.
fn check_database(path: &Path) -> Result<(), ConfigError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wrong = match () {
        () if path.is_dir() => "which is a folder",
        () if !folder.is_dir() => "whose folder is not there",
        () => return Ok(()),
    };
    Err(ConfigError::MisplacedDatabase { path: path.to_owned(), wrong })
}

fn parse_kept(text: &str) -> Result<usize, String> {
    let text = if text.is_empty() { KEPT } else { text };
    let kept = text.parse().ok().filter(|kept| *kept > 0);
    kept.ok_or_else(|| "COSELL_BACKUPS_KEPT takes a number of backups, e.g. 7".to_owned())
}

fn parse_filter(text: &str) -> Result<String, String> {
    let text = if text.is_empty() { "info" } else { text };
    // A word that is no level would be taken for a module of that name, and nothing else be logged.
    let is_meant = |part: &str| part.contains(['=', '[']) || part.trim().parse::<LevelFilter>().is_ok();
    match tracing_subscriber::EnvFilter::try_new(text) {
        Ok(_) if text.split(',').all(is_meant) => Ok(text.to_owned()),
        _ => Err("COSELL_LOG takes levels, e.g. info or info,cosell=debug".to_owned()),
    }
}

#[cfg(test)]
mod tests;
