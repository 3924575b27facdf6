//! A tiny bot on plain serenity proves that the stand-in speaks what serenity understands, and
//! that it refuses what Discord refuses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use cosell::sandbox::{Disconnect, Mode, Pace, Refusal, Reply, Sandbox, Server, Time, World, permission};
use serde_json::{Value, json};
use serenity::all::{
    CommandDataOptionValue, CommandInteraction, Context, CreateAttachment, EventHandler, GatewayIntents, Http,
    HttpBuilder, Interaction, InteractionId, Ready,
};
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that only moves when told to.
fn manual_time() -> Time {
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

struct Bot;

#[serenity::async_trait]
impl EventHandler for Bot {
    async fn ready(&self, ctx: Context, _: Ready) {
        let registered = ctx.http.create_global_commands(&commands()).await;
        assert_eq!(registered.expect("Discord takes them").len(), 2);
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
struct Stage {
    sandbox: Sandbox,
    http: Http,
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

async fn stage_in(world: World) -> Stage {
    let sandbox = Sandbox::start(world, manual_time()).await.expect("loopback");
    let intents = GatewayIntents::GUILDS;
    let client = serenity::client::ClientBuilder::new_with_http(http(&sandbox), intents);
    let mut client = client.event_handler(Bot).await.expect("a token it takes");
    let bot = tokio::spawn(async move {
        // It runs until the test aborts it.
        let _ = client.start().await;
    });
    sandbox.wait_ready(PATIENCE).await.expect("the bot comes up");
    let http = http(&sandbox);
    Stage { sandbox, http, bot }
}

async fn stage() -> Stage {
    stage_in(World::seeded()).await
}

impl Stage {
    fn channel(&self, name: &str) -> serenity::all::ChannelId {
        let rita = self.sandbox.person("rita");
        rita.at(name).here().0.into()
    }

    async fn post(&self, channel: &str, body: Value) -> Result<serenity::all::Message, isize> {
        let sent = self.http.send_message(self.channel(channel), vec![], &body).await;
        sent.map_err(code)
    }
}

/// Discord's code of a refusal; the status where the body has none.
fn code(error: serenity::Error) -> isize {
    match error {
        serenity::Error::Http(serenity::all::HttpError::UnsuccessfulRequest(response)) => match response.error.code {
            0 | -1 => response.status_code.as_u16() as isize,
            code => code,
        },
        _ => -2,
    }
}

#[tokio::test]
async fn a_command_is_answered_with_a_message() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    let reply = rita.slash("/deal new account:Globex Corp owner:@ana source:Sourced").await;
    let shown = reply.expect_message();
    assert_eq!(shown.content.split_whitespace().last(), Some(&*format!("<@{}>", stage.sandbox.person("ana").id())));
    assert_eq!(shown.text(), "Saved Globex Corp for @ana\nWhich roles\n[Edit]");
    assert_eq!(shown.pinged, ["ana"]);
    assert_eq!(stage.sandbox.channel("#general").len(), 1);
    assert!(stage.sandbox.unexpected().is_empty(), "{:?}", stage.sandbox.unexpected());
}

#[tokio::test]
async fn a_button_opens_a_form_whose_sending_changes_the_message() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    let shown = rita.slash("/deal new account:Globex").await.expect_message();
    let form = rita.press(&shown, "Edit").await.expect_form();
    assert_eq!(form.fields[0].value, "as it was");
    let long = rita.submit(&form, &[("Note", &"x".repeat(21))]).await;
    assert!(matches!(long, Reply::Client(_)), "{long:?}");
    let after = rita.submit(&form, &[("Note", "called them")]).await.expect_message();
    assert_eq!((after.id, after.content.as_str()), (shown.id, "Noted: \"called them\""));
    assert!(after.edited.is_some());
}

#[tokio::test]
async fn a_select_takes_roles_by_name() {
    let stage = stage().await;
    let ada = stage.sandbox.person("ada");
    let shown = ada.slash("/deal new account:Globex").await.expect_message();
    let after = ada.pick(&shown, "Which roles", &["Leads"]).await.expect_message();
    assert!(after.content.contains("RoleSelect"), "{}", after.content);
}

#[tokio::test]
async fn a_deferred_answer_is_waited_for_and_seen_by_its_maker_alone() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    let shown = rita.slash("/deal slow").await.expect_message();
    assert_eq!((shown.content.as_str(), shown.ephemeral), ("At last", true));
    assert_eq!(shown.attachments[0].description.as_deref(), Some("A picture"));
    assert!(stage.sandbox.channel("#general").is_empty());
    assert_eq!(rita.private().len(), 1);
}

#[tokio::test]
async fn autocomplete_offers_choices_and_menus_reach_the_bot() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    let choices = rita.autocomplete("/deal new account:glo").await;
    assert_eq!((choices[0].name.as_str(), choices[0].value.as_str()), ("Globex Corp", "a:17"));
    let said = rita.say("#general", "Globex signed").await;
    let logged = rita.message_menu("Log to a deal", &said).await.expect_message();
    assert_eq!(logged.content, "Logged");
}

#[tokio::test]
async fn the_client_refuses_what_the_registered_command_does_not_take() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    for (typed, why) in [
        ("/deal new", "account"),
        ("/deal new account:G owner:@nobody", "nobody"),
        ("/deal new account:G source:guessed", "Sourced"),
        ("/deal new size:4", "size:4"),
        ("/deal old", "new, slow, mute"),
        ("/deel", "deal"),
    ] {
        match rita.slash(typed).await {
            Reply::Client(text) => assert!(text.contains(why), "{typed}: {text}"),
            other => panic!("{typed} got {other:?}"),
        }
    }
}

#[tokio::test]
async fn no_answer_within_three_seconds_fails_and_comes_too_late() {
    let stage = stage().await;
    let failed = stage.sandbox.person("rita").slash("/deal mute").await;
    assert!(matches!(failed, Reply::Refused(_)), "{failed:?}");
    let told = stage.sandbox.unexpected();
    assert!(told.iter().any(|line| line.contains("never answered")), "{told:?}");
}

#[tokio::test]
async fn a_second_delivery_is_answered_once() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    rita.slash("/deal new account:Globex").await.expect_message();
    rita.redeliver_last().await;
    let refused = |sandbox: &Sandbox| {
        let requests = sandbox.requests();
        requests.iter().filter(|r| r.path.ends_with("/callback") && r.status == 400).count()
    };
    stage.sandbox.wait_until(PATIENCE, |sandbox| refused(sandbox) == 1).await;
    assert_eq!(refused(&stage.sandbox), 1);
    assert_eq!(stage.sandbox.channel("#general").len(), 1);
}

#[tokio::test]
async fn a_lost_connection_is_resumed_and_misses_nothing() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    stage.sandbox.disconnect_gateway(Disconnect::Reconnect);
    let resumed = |sandbox: &Sandbox| sandbox.connections().resumed == 1;
    stage.sandbox.wait_until(PATIENCE, resumed).await;
    let shown = rita.slash("/deal new account:Globex").await.expect_message();
    assert!(shown.content.contains("Globex"));
    assert_eq!(stage.sandbox.connections().identified, 1);
}

#[tokio::test]
async fn posts_take_permissions_and_bodies_that_discord_takes() {
    let stage = stage().await;
    let hello = || json!({"content": "Hello"});
    assert!(stage.post("#pipeline", hello()).await.is_ok());
    assert_eq!(stage.post("#pipeline", json!({"content": " "})).await.err(), Some(50006));
    let long = json!({"content": "x".repeat(2_001)});
    assert_eq!(stage.post("#pipeline", long).await.err(), Some(50035));
    let embed = || json!({"embeds": [{"title": "t"}]});
    stage.sandbox.set_permissions("#pipeline", permission::EMBED_LINKS);
    assert_eq!(stage.post("#pipeline", embed()).await.err(), Some(50013));
    stage.sandbox.set_permissions("#pipeline", permission::VIEW_CHANNEL);
    assert_eq!(stage.post("#pipeline", hello()).await.err(), Some(50001));
    let ops = stage.channel("#ops");
    stage.sandbox.delete_channel("#ops");
    let gone = stage.http.send_message(ops, vec![], &hello()).await;
    assert_eq!(gone.map_err(code).err(), Some(10003));
}

#[tokio::test]
async fn a_repeated_nonce_posts_once_for_a_few_minutes() {
    let stage = stage().await;
    let body = || json!({"content": "Agenda", "nonce": "row-7", "enforce_nonce": true});
    let first = stage.post("#reviews", body()).await.expect("posted");
    let second = stage.post("#reviews", body()).await.expect("the same again");
    assert_eq!(first.id, second.id);
    let later = stage.sandbox.now() + TimeDelta::minutes(10);
    stage.sandbox.advance_to(later).await;
    let third = stage.post("#reviews", body()).await.expect("posted anew");
    assert_ne!(first.id, third.id);
    assert_eq!(stage.sandbox.channel("#reviews").len(), 2);
}

#[tokio::test]
async fn the_sixth_post_in_a_channel_waits_unless_the_limits_are_off() {
    let stage = stage().await;
    let hello = || json!({"content": "Hello"});
    for _ in 0..5 {
        assert!(stage.post("#nudges", hello()).await.is_ok());
    }
    assert_eq!(stage.post("#nudges", hello()).await.err(), Some(429));
    stage.sandbox.pace(Pace::Unlimited);
    assert!(stage.post("#nudges", hello()).await.is_ok());
}

#[tokio::test]
async fn scripted_failures_show_as_they_were_meant() {
    let stage = stage().await;
    let hello = || json!({"content": "Hello"});
    stage.sandbox.refuse(Refusal::answer("POST", "/messages", 500, 0));
    assert_eq!(stage.post("#ops", hello()).await.err(), Some(500));
    stage.sandbox.refuse(Refusal::silent("POST", "/messages", Mode::CloseWithoutAnswer));
    assert_eq!(stage.post("#ops", hello()).await.err(), Some(-2));
    assert!(stage.sandbox.channel("#ops").is_empty());
    stage.sandbox.refuse(Refusal::silent("POST", "/messages", Mode::AcceptThenClose));
    assert_eq!(stage.post("#ops", hello()).await.err(), Some(-2));
    assert_eq!(stage.sandbox.channel("#ops").len(), 1);
    assert!(stage.post("#ops", hello()).await.is_ok());
}

#[tokio::test]
async fn direct_messages_reach_those_who_take_them() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    let open = json!({"recipient_id": rita.id().to_string()});
    let channel = stage.http.create_private_channel(&open).await.expect("a member");
    let hello = json!({"content": "Hello"});
    let sent = stage.http.send_message(channel.id, vec![], &hello).await;
    assert!(sent.is_ok());
    assert_eq!(stage.sandbox.dms("rita").len(), 1);
    stage.sandbox.close_direct_messages("rita");
    let closed = stage.http.send_message(channel.id, vec![], &hello).await;
    assert_eq!(closed.map_err(code).err(), Some(50007));
    stage.sandbox.remove_person("rita");
    let gone = stage.http.send_message(channel.id, vec![], &hello).await;
    assert_eq!(gone.map_err(code).err(), Some(50278));
}

#[tokio::test]
async fn a_button_in_a_direct_message_comes_without_a_guild() {
    let stage = stage().await;
    let rita = stage.sandbox.person("rita");
    let open = json!({"recipient_id": rita.id().to_string()});
    let channel = stage.http.create_private_channel(&open).await.expect("a member");
    let body = json!({"content": "Yours", "components": [{"type": 1, "components": [
        {"type": 2, "style": 1, "label": "Show", "custom_id": "show"}]}]});
    stage.http.send_message(channel.id, vec![], &body).await.expect("taken");
    let shown = &stage.sandbox.dms("rita")[0];
    let after = rita.press(shown, "Show").await.expect_message();
    assert!(after.content.contains("Button"), "{}", after.content);
}

#[tokio::test]
async fn looking_up_guild_members_channels_and_roles_decodes() {
    let stage = stage().await;
    let (http, rita) = (&stage.http, stage.sandbox.person("rita"));
    let guild = serenity::all::GuildId::new(rita.guild().0);
    let member = http.get_member(guild, rita.id().0.into()).await.expect("a member");
    assert_eq!(member.user.name, "rita");
    assert_eq!(http.get_channels(guild).await.expect("listed").len(), 5);
    assert_eq!(http.get_guild_roles(guild).await.expect("listed").len(), 6);
    assert_eq!(http.get_guild(guild).await.expect("there").name, "Northwind");
    stage.sandbox.remove_person("rita");
    let gone = http.get_member(guild, rita.id().0.into()).await;
    assert_eq!(gone.map_err(code).err(), Some(10007));
    let post = json!({"content": "Agenda"});
    let agenda = stage.post("#reviews", post).await.expect("posted");
    let thread = json!({"name": "Minutes", "auto_archive_duration": 1440});
    let opened = http.create_thread_from_message(agenda.channel_id, agenda.id, &thread, None).await;
    assert_eq!(opened.expect("opened").name, "Minutes");
    let shown = stage.sandbox.channel("#reviews");
    assert_eq!(shown[0].thread.as_deref(), Some("Minutes"));
}

#[tokio::test]
async fn an_unknown_route_is_noted() {
    let stage = stage().await;
    let answer = stage.http.get_voice_regions().await;
    assert_eq!(answer.map_err(code).err(), Some(404));
    let told = stage.sandbox.unexpected();
    assert_eq!(told, ["unknown route: GET /voice/regions"]);
}

#[tokio::test]
async fn many_guilds_come_and_each_keeps_to_itself() {
    let other = Server::new("Southwind").channels(&["general"]).person("sue", &[]);
    let stage = stage_in(World::with_guilds(3).server(other)).await;
    let sue = stage.sandbox.person_in("Southwind", "sue");
    let shown = sue.slash("/deal new account:Initech owner:@sue").await.expect_message();
    assert_eq!(shown.pinged, ["sue"]);
    assert!(stage.sandbox.channel("#general").is_empty());
    assert_eq!(stage.sandbox.channel_in("Southwind", "#general").len(), 1);
}
