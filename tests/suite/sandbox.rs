//! The stand-in speaks what serenity understands, and refuses what Discord refuses.

use chrono::TimeDelta;
use cosell::sandbox::{Connections, Disconnect, Mode, Pace, Refusal, Reply, Sandbox, Server, World, permission};
use serde_json::json;
use serenity::all::{ClientBuilder, GatewayIntents, HttpBuilder};

use crate::tiny_bot::{PATIENCE, code, manual_time, stage, stage_in};

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
    stage.sandbox.disconnect_gateway(Disconnect::Cut);
    let missed = rita.slash("/deal new account:Globex").await.expect_message();
    assert!(missed.content.contains("Globex"));
    assert_eq!(stage.sandbox.connections(), Connections { identified: 1, resumed: 1 });
    stage.sandbox.disconnect_gateway(Disconnect::Reconnect);
    let again = |sandbox: &Sandbox| sandbox.connections().resumed == 2;
    assert!(stage.sandbox.wait_until(PATIENCE, again).await);
}

#[tokio::test]
async fn a_guild_in_an_outage_and_a_channel_deleted_are_told() {
    let stage = stage().await;
    stage.sandbox.outage("Northwind");
    let post = stage.post("#ops", json!({"content": "Hello"})).await;
    assert_eq!(post.err(), Some(503));
    stage.sandbox.restore("Northwind");
    stage.sandbox.delete_channel("#ops");
    stage.sandbox.remove_bot("Northwind");
    let post = stage.post("#general", json!({"content": "Hello"})).await;
    assert_eq!(post.err(), Some(50001));
    let wanted = [
        "Northwind came",
        "a guild went, unavailable: true",
        "Northwind came",
        "#ops went",
        "a guild went, unavailable: false",
    ];
    assert_eq!(stage.events(5).await, wanted);
}

#[tokio::test]
async fn a_wrong_token_and_privileged_intents_end_the_connection_for_good() {
    let sandbox = Sandbox::start(World::seeded(), manual_time()).await.expect("loopback");
    for (token, intents) in
        [(sandbox.token(), GatewayIntents::GUILD_MEMBERS), ("bm90.the.token", GatewayIntents::GUILDS)]
    {
        let http = HttpBuilder::new(token).proxy(sandbox.url()).ratelimiter_disabled(true).build();
        let client = ClientBuilder::new_with_http(http, intents).await;
        let ended = client.expect("a token of the right shape").start().await;
        assert!(ended.is_err(), "{intents:?}");
    }
}

#[tokio::test]
async fn nobody_presses_what_only_another_sees() {
    let stage = stage().await;
    let shown = stage.sandbox.person("rita").slash("/deal slow").await.expect_message();
    let mut pressed = shown.clone();
    pressed.components = vec![json!({"type": 1, "components": [
        {"type": 2, "style": 1, "label": "Edit", "custom_id": "edit"}]})];
    let refused = stage.sandbox.person("ben").press(&pressed, "Edit").await;
    assert!(matches!(&refused, Reply::Client(why) if why.contains("can't see")), "{refused:?}");
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
async fn scheduled_events_take_a_permission_and_the_rules_that_discord_takes() {
    let stage = stage().await;
    let guild = serenity::all::GuildId::new(stage.sandbox.person("rita").guild().0);
    let start = (stage.sandbox.now() + TimeDelta::days(1)).to_rfc3339();
    let end = (stage.sandbox.now() + TimeDelta::days(2)).to_rfc3339();
    let event = |start: &str, rule: serde_json::Value| {
        json!({"name": "Weekly", "privacy_level": 2, "entity_type": 3, "entity_metadata": {"location": "here"},
               "scheduled_start_time": start, "scheduled_end_time": end, "recurrence_rule": rule})
    };
    let make = async |body| stage.http.create_scheduled_event(guild, &body, None).await.map_err(code).err();
    let weekly = |interval: u8| json!({"start": start, "frequency": 2, "interval": interval, "by_weekday": [1]});
    let nth = |interval: u8| json!({"start": start, "frequency": 1, "interval": interval, "by_n_weekday": [{"n": 5, "day": 0}]});
    for refused in [weekly(4), nth(2), json!({"start": start, "frequency": 2, "interval": 2, "by_weekday": [1, 2]})] {
        assert_eq!(make(event(&start, refused)).await, Some(50035));
    }
    let over = (stage.sandbox.now() - TimeDelta::hours(1)).to_rfc3339();
    assert_eq!(make(event(&over, weekly(1))).await, Some(50035), "in the past");
    assert_eq!(stage.sandbox.scheduled_events().len(), 0);
    for taken in [weekly(2), nth(1)] {
        make(event(&start, taken)).await;
    }
    assert_eq!(stage.sandbox.scheduled_events().len(), 2);
    stage.sandbox.deny_events();
    assert_eq!(make(event(&start, weekly(1))).await, Some(50013));
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
