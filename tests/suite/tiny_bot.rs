//! A tiny bot on plain serenity, for trying the stand-in without the real one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeZone, Utc};
use cosell::sandbox::{Sandbox, Time, World};
use serde_json::{Value, json};
use serenity::all::{
    CommandDataOptionValue, CommandInteraction, Context, CreateAttachment, EventHandler, GatewayIntents, Guild,
    GuildChannel, Http, HttpBuilder, Interaction, InteractionId, Message, Ready, UnavailableGuild,
};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Real time after which a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that only moves when told to.
pub fn manual_time() -> Time {
    let start = Utc.with_ymd_and_hms(2026, 11, 2, 9, 0, 0).single();
    let clock = Arc::new(Mutex::new(start.expect("a plain date")));
    let moved = clock.clone();
    Time {
        now: Arc::new(move || *clock.lock().expect("no test panics in it")),
        advance: Arc::new(move |to: DateTime<Utc>| {
            *moved.lock().expect("no test panics in it") = to;
            Box::pin(async {})
        }),
    }
}

fn commands() -> Value {
    json!([
        {"name": "deal", "description": "Deals", "contexts": [0], "options": [
            {"type": 1, "name": "new", "description": "Records one", "options": [
                {"type": 3, "name": "account", "description": "Which", "required": true,
                 "autocomplete": true},
                {"type": 6, "name": "owner", "description": "Whose"},
                {"type": 3, "name": "source", "description": "How", "choices": [
                    {"name": "Sourced", "value": "sourced"}]}]},
            {"type": 1, "name": "slow", "description": "Takes a while"},
            {"type": 1, "name": "mute", "description": "Never answers"}]},
        {"name": "Log to a deal", "type": 3},
    ])
}

/// Remembers the events of guilds that serenity could decode.
struct Bot {
    events: watch::Sender<Vec<String>>,
}

impl Bot {
    fn note(&self, event: String) {
        self.events.send_modify(|events| events.push(event));
    }
}

#[serenity::async_trait]
impl EventHandler for Bot {
    async fn ready(&self, ctx: Context, _: Ready) {
        let registered = ctx.http.create_global_commands(&commands()).await;
        assert_eq!(registered.expect("Discord takes them").len(), 2);
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        self.note(format!("{} came", guild.name));
    }

    async fn guild_delete(&self, _: Context, guild: UnavailableGuild, _: Option<Guild>) {
        self.note(format!("a guild went, unavailable: {}", guild.unavailable));
    }

    async fn channel_delete(&self, _: Context, channel: GuildChannel, _: Option<Vec<Message>>) {
        self.note(format!("#{} went", channel.name));
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let http = &ctx.http;
        match interaction {
            Interaction::Autocomplete(typing) => {
                let answer = json!({"type": 8, "data": {"choices": [
                    {"name": "Globex Corp", "value": "a:17"}]}});
                respond(http, typing.id, &typing.token, answer).await;
            }
            Interaction::Command(command) => run(http, command).await,
            Interaction::Component(press) if press.data.custom_id == "edit" => {
                let form = form();
                respond(http, press.id, &press.token, form).await;
            }
            Interaction::Component(pick) => {
                let kind = format!("{:?}", pick.data.kind);
                let answer = json!({"type": 7, "data": {"content": kind, "components": []}});
                respond(http, pick.id, &pick.token, answer).await;
            }
            Interaction::Modal(sent) => {
                let rows = json!(sent.data.components);
                let note = &rows[0]["components"][0]["value"];
                let answer = json!({"type": 7, "data": {"content": format!("Noted: {note}")}});
                respond(http, sent.id, &sent.token, answer).await;
            }
            _ => {}
        }
    }
}

async fn respond(http: &Http, id: InteractionId, token: &str, answer: Value) {
    // A duplicate's answer is refused with 40060, which a test looks for in the log.
    let _ = http.create_interaction_response(id, token, &answer, vec![]).await;
}

async fn run(http: &Http, command: CommandInteraction) {
    let options = &command.data.options;
    let Some(step) = options.first() else {
        let logged = json!({"type": 4, "data": {"content": "Logged", "flags": 64}});
        return respond(http, command.id, &command.token, logged).await;
    };
    match step.name.as_str() {
        "new" => {
            let CommandDataOptionValue::SubCommand(given) = &step.value else {
                panic!("new is a subcommand");
            };
            let account = given[0].value.as_str().unwrap_or_default();
            let owner = given.iter().find_map(|o| o.value.as_user_id());
            let owner = owner.map_or(String::new(), |id| format!(" for <@{id}>"));
            let message = json!({
                "content": format!("Saved **{account}**{owner}"),
                "components": [
                    {"type": 1, "components": [
                        {"type": 2, "style": 1, "label": "Edit", "custom_id": "edit"}]},
                    {"type": 1, "components": [
                        {"type": 6, "custom_id": "roles", "placeholder": "Which roles"}]}],
            });
            let answer = json!({"type": 4, "data": message});
            respond(http, command.id, &command.token, answer).await;
        }
        "slow" => {
            let promise = json!({"type": 5, "data": {"flags": 64}});
            respond(http, command.id, &command.token, promise).await;
            let picture = CreateAttachment::bytes(b"not a picture".to_vec(), "p.png");
            let answer = json!({"content": "At last",
                "attachments": [{"id": 0, "filename": "p.png", "description": "A picture"}]});
            let edited = http.edit_original_interaction_response(&command.token, &answer, vec![picture]).await;
            assert_eq!(edited.expect("it was promised").content, "At last");
        }
        _ => {}
    }
}

fn form() -> Value {
    json!({"type": 9, "data": {"custom_id": "note", "title": "Update", "components": [
        {"type": 1, "components": [{"type": 4, "custom_id": "text", "style": 2,
            "label": "Note", "value": "as it was", "max_length": 20}]}]}})
}

/// A stand-in with the tiny bot on it, and a client for calls of one's own.
pub struct Stage {
    pub sandbox: Sandbox,
    pub http: Http,
    events: watch::Sender<Vec<String>>,
    bot: JoinHandle<()>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.bot.abort();
    }
}

fn http(sandbox: &Sandbox) -> Http {
    let builder = HttpBuilder::new(sandbox.token());
    builder.proxy(sandbox.url()).ratelimiter_disabled(true).build()
}

pub async fn stage_in(world: World) -> Stage {
    let sandbox = Sandbox::start(world, manual_time()).await.expect("loopback");
    let events = watch::Sender::new(Vec::new());
    let intents = GatewayIntents::GUILDS;
    let client = serenity::client::ClientBuilder::new_with_http(http(&sandbox), intents);
    let mut client = client.event_handler(Bot { events: events.clone() }).await.expect("a token it takes");
    let bot = tokio::spawn(async move {
        // It runs until the test aborts it.
        let _ = client.start().await;
    });
    sandbox.wait_ready(PATIENCE).await.expect("the bot comes up");
    let http = http(&sandbox);
    Stage { sandbox, http, events, bot }
}

pub async fn stage() -> Stage {
    stage_in(World::seeded()).await
}

impl Stage {
    /// The first events of guilds that the bot was told of, once there are as many.
    pub async fn events(&self, count: usize) -> Vec<String> {
        let mut events = self.events.subscribe();
        let told = timeout(PATIENCE, events.wait_for(|events| events.len() >= count)).await;
        told.expect("the bot is told in time").expect("the stage holds the sender")[..count].to_vec()
    }

    pub fn channel(&self, name: &str) -> serenity::all::ChannelId {
        let rita = self.sandbox.person("rita");
        rita.at(name).here().0.into()
    }

    pub async fn post(&self, channel: &str, body: Value) -> Result<serenity::all::Message, isize> {
        let sent = self.http.send_message(self.channel(channel), vec![], &body).await;
        sent.map_err(code)
    }
}

/// Discord's code of a refusal; the status where the body has none.
pub fn code(error: serenity::Error) -> isize {
    match error {
        serenity::Error::Http(serenity::all::HttpError::UnsuccessfulRequest(response)) => match response.error.code {
            0 | -1 => response.status_code.as_u16() as isize,
            code => code,
        },
        _ => -2,
    }
}
