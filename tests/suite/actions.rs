//! What becomes of actions after the meeting: reminders, one's own work, a handover, and being forgotten.

use chrono::Duration;
use cosell::domain::event::{Subject, SubjectKind, replay};
use cosell::domain::id::{GuildId, ItemId};
use cosell::domain::item::Item;
use cosell::sandbox::Shown;

use super::meeting::{post, posted};
use super::support::Stage;

/// The review of Tuesday, 10 November 2026, run by Lena, and what she gave to people in it.
async fn given(actions: &[&str]) -> Stage {
    let stage = posted().await;
    stage.wait_until("2026-11-10T09:31:00Z").await;
    stage.presses("lena", &post(&stage), "Start the review").await;
    let lena = stage.sandbox.person("lena").at("#reviews");
    for action in actions {
        let noted = lena.slash(&format!("/review action {action}")).await.expect_message().text();
        assert!(noted.contains("Saved. Action"), "{noted}");
    }
    stage.presses("lena", &post(&stage), "Close the review").await;
    stage.wait(Duration::minutes(1)).await;
    stage
}

/// The days on which reminders in the channel, or by direct message, told somebody of a text.
fn told_on(stage: &Stage, who: &str, text: &str) -> Vec<String> {
    let seen = stage.sandbox.channel("#nudges").into_iter().chain(stage.sandbox.dms(who));
    let lines =
        |shown: &Shown| shown.text().lines().any(|line| line.contains(&format!("@{who}")) && line.contains(text));
    seen.filter(lines).map(|shown| shown.at.date_naive().to_string()).collect()
}

async fn open_mine(stage: &Stage, who: &str, text: &str) -> Shown {
    let work = stage.says(who, "/my work").await;
    stage.sandbox.person(who).pick(&work, "Done, or dropped", &[text]).await.expect_message()
}

/// Every item, each equal to the replay of its events.
async fn items(stage: &Stage) -> Vec<Item> {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    let items = workspace.find_items_by_id(&(1..=99).map(ItemId).collect::<Vec<_>>()).await.unwrap();
    for item in &items {
        let events = workspace.find_events(Subject { kind: SubjectKind::Item, id: item.id.0 }).await.unwrap();
        assert_eq!(&serde_json::from_value::<Item>(replay(&events)).unwrap(), item);
    }
    items
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_is_told_on_its_day_and_once_more_when_it_is_overdue_unless_it_is_done() {
    let stage = given(&[
        "text:Send the price list assignee:@rita due:12 Nov deal:D-1",
        "text:Ask legal assignee:@ben due:14 Nov",
        "text:Book a room assignee:@ana due:10 Nov",
    ])
    .await;
    assert_eq!(told_on(&stage, "ana", "Book a room"), Vec::<String>::new(), "noted after the hour of its day");
    for day in 11..=24 {
        for hour in [9, 10, 13] {
            stage.wait_until(&format!("2026-11-{day:02}T{hour:02}:05:00Z")).await;
            if (day, hour) == (12, 10) {
                let told = stage.reads("#nudges").pop().expect("a digest");
                assert!(told.contains("“Send the price list”, due today · D-1 Globex"), "{told}");
                let digest = stage.sandbox.channel("#nudges").pop().expect("a digest");
                let mine = stage.presses("rita", &digest, "Show mine").await;
                assert!(mine.text().contains("1 open action of yours"), "{}", mine.text());
                let rita = stage.sandbox.person("rita");
                let card = rita.pick(&mine, "Done, or dropped", &["Send the price list"]).await.expect_message();
                stage.presses("rita", &card, "Done").await;
            }
        }
    }
    assert_eq!(told_on(&stage, "rita", "Send the price list"), ["2026-11-12"], "done since");
    assert_eq!(
        told_on(&stage, "ben", "Ask legal"),
        ["2026-11-16", "2026-11-19"],
        "Monday, and three business days later"
    );
    assert_eq!(told_on(&stage, "ana", "Book a room"), ["2026-11-11", "2026-11-13"]);
    for who in ["rita", "ben", "ana"] {
        let seen = ["#nudges", "#reviews", "#ops", "#pipeline"].map(|channel| stage.sandbox.channel(channel)).concat();
        let pings = seen.iter().filter(|shown| shown.pinged.contains(&who.to_owned()));
        let mut days: Vec<String> = pings.map(|shown| shown.at.date_naive().to_string()).collect();
        days.sort();
        let mut once = days.clone();
        once.dedup();
        assert_eq!(days, once, "{who} is pinged once a day");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_covers_is_told_of_an_action_and_may_end_it() {
    let stage = given(&["text:Send the price list assignee:@ana due:12 Nov"]).await;
    stage.says("ana", "/my away from:12 Nov to:13 Nov cover:@finn").await;
    stage.wait_until("2026-11-12T09:05:00Z").await;
    let nudges = stage.reads("#nudges").join("\n");
    assert!(nudges.contains("“Send the price list” (for @ana, away)"), "{nudges}");
    let work = stage.says("finn", "/my work").await;
    assert!(work.text().contains("for @ana"), "{}", work.text());
    let card = open_mine(&stage, "finn", "Send the price list").await;
    let done = stage.presses("finn", &card, "Done").await.text();
    assert!(done.contains("done by @finn"), "{done}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_work_shows_actions_to_whoever_has_no_deals_and_beside_the_first_deal() {
    let stage = given(&[
        "text:Ask legal assignee:@ana due:20 Nov",
        "text:Send the price list assignee:@ana due:12 Nov deal:D-1",
        "text:Call them assignee:@rita due:12 Nov deal:D-1",
    ])
    .await;
    stage.wait_until("2026-11-13T10:00:00Z").await;
    let work = stage.says("ana", "/my work").await.text();
    let next = stage.says("rita", "/my work").await;
    let turned = stage.presses("rita", &next, "▶").await.text();
    assert!(next.text().contains("1 open action of yours") && !turned.contains("open action"), "{turned}");
    insta::assert_snapshot!(work);
    let card = open_mine(&stage, "ana", "Send the price list").await;
    let done = stage.presses("ana", &card, "Done").await;
    assert!(done.text().contains("Saved."), "{}", done.text());
    assert!(stage.says("ana", "/my work").await.text().contains("1 open action of yours"));
    stage.presses("ana", &done, "Undo").await;
    assert!(stage.says("ana", "/my work").await.text().contains("2 open actions of yours"));
    stage.finish().await;
}

/// Three actions of Rita's, in the order in which they were noted, by whom has them.
async fn holders(stage: &Stage) -> Vec<String> {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    let members = workspace.find_all_members().await.unwrap();
    let name = |item: &Item| members.iter().find(|m| Some(m.id) == item.assignee()).expect("a member").name.clone();
    items(stage).await.iter().map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_s_actions_go_where_their_deals_go_and_back() {
    let stage = given(&[
        "text:Send the price list assignee:@rita due:12 Nov deal:D-1",
        "text:Ask about the pilot assignee:@rita due:13 Nov deal:D-2",
        "text:Book a room assignee:@rita due:14 Nov",
        "text:Ask legal assignee:@rita due:16 Nov deal:D-3",
    ])
    .await;
    let card = open_mine(&stage, "rita", "Ask legal").await;
    stage.presses("rita", &card, "Done").await;
    let lena = stage.sandbox.person("lena");
    let plan = stage.says("lena", "/handover plan from:@rita").await;
    let question = lena.pick(&plan, "Choose another recipient", &["deal_1"]).await.expect_message();
    let plan = lena.pick(&question, "Choose a recipient", &["@ben"]).await.expect_message();
    let started = stage.presses("lena", &plan, "Start the handover").await;
    assert_eq!(holders(&stage).await, ["lena", "lena", "lena", "rita"], "the lead's at once; what is done stays");
    stage.wait(Duration::minutes(2)).await;
    let asks = |shown: &Shown| shown.text().contains("take over from");
    let asked = stage.sandbox.channel("#nudges").into_iter().rfind(asks).expect("Ben is asked");
    stage.presses("ben", &asked, "Accept D-1").await;
    assert_eq!(holders(&stage).await, ["ben", "lena", "lena", "rita"], "with its deal");
    let accepted = stage.presses("ben", &asked, "Accept all").await;
    assert_eq!(holders(&stage).await, ["ben", "ben", "lena", "rita"], "and what waited beside it");
    stage.presses("ben", &accepted, "Undo").await;
    assert_eq!(holders(&stage).await, ["ben", "lena", "lena", "rita"]);
    stage.presses("ben", &asked, "Accept all").await;
    let status = stage.says("lena", "/handover status").await;
    let told = [&plan, &started, &asked, &status].map(Shown::text).join("\n\n---\n\n");
    let lasting: Vec<&str> = told.lines().filter(|line| !line.starts_with("-# ")).collect();
    insta::assert_snapshot!(lasting.join("\n"));

    let card = open_mine(&stage, "ben", "Ask about the pilot").await;
    stage.presses("ben", &card, "Done").await;
    let asked = stage.says("lena", "/handover undo").await;
    let undone = stage.presses("lena", &asked, "Yes").await.text();
    assert_eq!(holders(&stage).await, ["rita", "ben", "rita", "rita"], "what ended meanwhile stays: {undone}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_with_nothing_but_an_action_is_told_to_the_leads() {
    let stage = given(&["text:Ask legal assignee:@ana due:12 Nov"]).await;
    stage.sandbox.remove_person("ana");
    stage.wait_until("2026-11-11T10:00:00Z").await;
    let ops = stage.sandbox.channel("#ops").pop().expect("an alert");
    assert!(ops.text().contains("ana has left, and 1 action left to do is nobody's"), "{}", ops.text());
    let plan = stage.presses("lena", &ops, "Plan the handover").await;
    assert!(plan.text().contains("action “Ask legal”") && plan.text().contains("→ @lena"), "{}", plan.text());
    stage.presses("lena", &plan, "Start the handover").await;
    assert_eq!(holders(&stage).await, ["lena"]);
    stage.wait_until("2026-11-12T09:05:00Z").await;
    assert_eq!(told_on(&stage, "lena", "Ask legal"), ["2026-11-12"], "whoever has it now is told");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_forgotten_person_noted_is_blanked_and_audit_and_history_read_on() {
    let stage = given(&["text:Ask legal assignee:@ana due:12 Nov"]).await;
    let ana = stage.sandbox.person("ana").at("#reviews");
    for noted in ["decide text:SECRET decision deal:D-1", "action text:SECRET action assignee:@ben due:20 Nov deal:D-1"]
    {
        ana.slash(&format!("/review {noted}")).await.expect_message();
    }
    stage.says("ana", "/review add text:SECRET topic").await;
    let refused = stage.says("ada", "/cosell forget person person:@ana").await.text();
    assert!(refused.contains("1 open action") && refused.contains("handover plan"), "{refused}");
    let card = open_mine(&stage, "ana", "Ask legal").await;
    let form = stage.sandbox.person("ana").press(&card, "Drop…").await.expect_form();
    stage.sandbox.person("ana").submit(&form, &[("Why it isn't done any more", "SECRET why")]).await.expect_message();
    let asked = stage.says("ada", "/cosell forget person person:@ana").await;
    assert!(asked.text().contains("topics, decisions, actions"), "{}", asked.text());
    stage.presses("ada", &asked, "Forget").await;

    let told: Vec<(String, Option<String>)> =
        items(&stage).await.iter().map(|i| (i.text.clone(), i.ended().and_then(|e| e.why.clone()))).collect();
    let blank = ("(forgotten)".to_owned(), None);
    let legal = ("Ask legal".to_owned(), Some("(forgotten)".to_owned()));
    assert_eq!(told, [legal, blank.clone(), blank.clone(), blank], "what others typed stays");
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    for id in 1..=4 {
        let events = workspace.find_events(Subject { kind: SubjectKind::Item, id }).await.unwrap();
        assert!(!serde_json::to_string(&events).unwrap().contains("SECRET"), "{events:?}");
    }
    drop(workspace);
    let audit = stage.says("ada", "/cosell audit").await.text();
    assert!(audit.contains("forgotten") && !audit.contains("SECRET"), "{audit}");
    let history = stage.says("ben", "/deal history deal:D-1").await.text();
    assert!(history.contains("Globex") && !history.contains("SECRET"), "{history}");
    let agenda = stage.says("lena", "/review agenda").await.text();
    assert!(agenda.contains("(forgotten) · asked by Former member"), "{agenda}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_open_actions_turns_in_its_place() {
    let noted: Vec<String> = (1..=12).map(|n| format!("text:Number {n} assignee:@rita due:20 Nov")).collect();
    let stage = given(&noted.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let first = stage.presses("ben", &post(&stage), "Open actions").await;
    assert!(first.ephemeral && first.text().contains("Page 1 of 2"), "{}", first.text());
    let second = stage.presses("ben", &first, "▶").await;
    assert_eq!(second.id, first.id, "the same message");
    assert!(second.text().contains("Number 12") && second.text().contains("Page 2 of 2"), "{}", second.text());
    stage.finish().await;
}
