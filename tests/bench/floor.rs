//! The floor: the least that a serenity bot does that keeps what it is told. One durable INSERT, one answer. It shares
//! nothing with the bot but the libraries.

use anyhow::Context as _;
use serde_json::json;
use serenity::all::{
    ClientBuilder, CommandInteraction, Context, CreateInteractionResponse, CreateInteractionResponseMessage,
    EventHandler, GatewayIntents, HttpBuilder, Interaction, Ready,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Mutex;

/// With this as its first argument the benchmark's own program is the bare bot.
pub const ARGUMENT: &str = "floor";

struct Floor {
    database: Mutex<SqliteConnection>,
}

/// Runs until the process is ended. Takes what the bot takes from the environment.
pub async fn run() -> anyhow::Result<()> {
    let read = |name: &'static str| std::env::var(name).context(name);
    let (token, url, path) = (read("DISCORD_TOKEN")?, read("DISCORD_API_URL")?, read("COSELL_DB")?);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut database = SqliteConnection::connect_with(&options).await?;
    let table = "CREATE TABLE IF NOT EXISTS deal (number INTEGER PRIMARY KEY, guild_id INTEGER, account TEXT) STRICT";
    sqlx::query(table).execute(&mut database).await?;
    let http = HttpBuilder::new(token).proxy(url).ratelimiter_disabled(true).build();
    let floor = Floor { database: Mutex::new(database) };
    let client = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS).event_handler(floor);
    Ok(client.await?.start().await?)
}

impl Floor {
    async fn record(&self, command: &CommandInteraction) -> anyhow::Result<i64> {
        let option = command.data.options.first().context("a subcommand")?;
        let account = format!("{:?}", option.value);
        let guild = command.guild_id.context("a server")?.get() as i64;
        let insert = sqlx::query("INSERT INTO deal (guild_id, account) VALUES (?, ?)").bind(guild).bind(account);
        Ok(insert.execute(&mut *self.database.lock().await).await?.last_insert_rowid())
    }
}

#[serenity::async_trait]
impl EventHandler for Floor {
    async fn ready(&self, context: Context, _: Ready) {
        let option =
            |name: &str, needed: bool| json!({"type": 3, "name": name, "description": name, "required": needed});
        let mut options = ["account", "partner", "source"].map(|name| option(name, true)).to_vec();
        options.extend(["amount", "close", "next_step", "due"].map(|name| option(name, false)));
        let new = json!({"type": 1, "name": "new", "description": "Record a deal", "options": options});
        let commands = json!([{"name": "deal", "description": "Deals", "contexts": [0], "options": [new]}]);
        if let Err(error) = context.http.create_global_commands(&commands).await {
            eprintln!("the floor's commands were not registered: {error}");
        }
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let Interaction::Command(command) = interaction else { return };
        let text = match self.record(&command).await {
            Ok(number) => format!("Saved D-{number}"),
            Err(error) => format!("Failed: {error:#}"),
        };
        let message = CreateInteractionResponseMessage::new().content(text).ephemeral(true);
        if let Err(error) = command.create_response(&context.http, CreateInteractionResponse::Message(message)).await {
            eprintln!("the floor's answer was not taken: {error}");
        }
    }
}
