//! A review that is run from its post: started, turned, decided and closed by two people.

use chrono::Duration;
use cosell::sandbox::{Reply, Shown};

use super::support::Stage;

const SCHEDULE: &str =
    "/review schedule name:Pipeline review channel:#reviews every:Every week weekday:Tuesday time:9:30";
const THREAD: &str = "Minutes: Pipeline review";

/// A review whose agenda was posted on Tuesday, 10 November 2026, 8:30 in London, over three deals.
pub async fn posted() -> Stage {
    posted_in(Stage::ready().await).await
}

/// The same on a stage that is set up.
pub async fn posted_in(stage: Stage) -> Stage {
    stage.says("lena", SCHEDULE).await;
    stage.wait_until("2026-11-04T10:00:00Z").await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:Sourced evidence:Their AE made the intro amount:120k close:15 Dec next_step:Send the proposal due:friday").await;
    stage.says("ben", "/deal new account:Hooli Labs partner:Hooli source:Undecided amount:40k close:20 Dec").await;
    stage.says("rita", "/deal new account:Umbrella partner:Initech source:Influenced evidence:Joint demo amount:60k close:18 Dec next_step:Call them due:12 Nov").await;
    stage.wait_until("2026-11-10T08:31:00Z").await;
    stage
}

/// The agenda's post as it stands.
pub fn post(stage: &Stage) -> Shown {
    let posts = stage.sandbox.channel("#reviews");
    posts.into_iter().rev().find(|shown| shown.text().contains("Pipeline review")).expect("an agenda was posted")
}

/// A line without the ids in its links, which differ from run to run.
pub fn without_ids(line: &str) -> String {
    let word = |word: &str| if word.contains("/channels/") { "(a link)".to_owned() } else { word.to_owned() };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

async fn pressed(stage: &Stage, who: &str, label: &str) -> Shown {
    stage.presses(who, &post(stage), label).await;
    stage.wait(Duration::seconds(1)).await;
    post(stage)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_run_from_its_post_to_its_minutes() {
    let stage = posted().await;
    stage.says("ben", "/review add text:Do we raise prices in spring?").await;
    stage.wait_until("2026-11-10T09:31:00Z").await;
    let mut said = vec![pressed(&stage, "lena", "Start the review").await.text()];
    said.push(pressed(&stage, "ben", "▶").await.text());

    let form = stage.sandbox.person("ben").press(&post(&stage), "Decide").await.expect_form();
    let decided = stage.sandbox.person("ben").submit(&form, &[("What was decided", "Offer 10 % for two years")]).await;
    said.push(decided.expect_message().text());
    let who = stage.presses("lena", &post(&stage), "Action").await;
    let form = stage.sandbox.person("lena").pick(&who, "Pick a person", &["@rita"]).await.expect_form();
    let filled = [("What is to be done", "Send the price list"), ("By when", "friday")];
    said.push(stage.sandbox.person("lena").submit(&form, &filled).await.expect_message().text());
    stage.wait(Duration::seconds(1)).await;
    said.push(post(&stage).text());

    let form = stage.sandbox.person("rita").press(&post(&stage), "Done → next step").await.expect_form();
    let done = [("Next step", "Agree on the pilot"), ("Due", "20 Nov")];
    stage.sandbox.person("rita").submit(&form, &done).await.expect_message();
    stage.wait(Duration::seconds(1)).await;
    assert!(post(&stage).text().contains("Agree on the pilot"), "the card tells it: {}", post(&stage).text());
    stage.says("rita", "/deal update deal:D-1 amount:150k").await;
    stage.wait(Duration::seconds(1)).await;
    assert!(post(&stage).text().contains("$150"), "and of a command: {}", post(&stage).text());

    stage.wait(Duration::minutes(30)).await;
    said.push(pressed(&stage, "lena", "Close the review").await.text());
    let minutes = stage.sandbox.channel(THREAD).pop().expect("the minutes are in a thread of the post");
    said.push(minutes.text());
    let file = stage.presses("ben", &minutes, "Minutes as Markdown").await;
    said.push(String::from_utf8(file.attachments[0].bytes.to_vec()).expect("text"));
    assert!(said.iter().all(|text| !text.is_empty()));
    let said = said.join("\n\n---\n\n");
    let lasting: Vec<String> = said.lines().filter(|line| !line.starts_with("-# ")).map(without_ids).collect();
    insta::assert_snapshot!(lasting.join("\n"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_press_at_once_turn_one_card_and_both_see_it() {
    let stage = posted().await;
    let first = pressed(&stage, "lena", "Start the review").await;
    assert!(first.text().contains("card 1 of 3"), "{}", first.text());
    let (lena, ben) = (stage.sandbox.person("lena"), stage.sandbox.person("ben"));
    let (one, other) = tokio::join!(lena.press(&first, "▶"), ben.press(&first, "▶"));
    assert!(one.message().is_some() && other.message().is_some(), "{one:?} {other:?}");
    stage.wait(Duration::seconds(1)).await;
    assert!(post(&stage).text().contains("card 2 of 3"), "{}", post(&stage).text());
    ben.press(&first, "▶").await;
    stage.wait(Duration::seconds(1)).await;
    assert!(post(&stage).text().contains("card 2 of 3"), "a press on what stood there before turns nothing");
    lena.press(&post(&stage), "▶").await;
    lena.redeliver_last().await;
    stage.wait(Duration::seconds(1)).await;
    assert!(post(&stage).text().contains("card 3 of 3"), "{}", post(&stage).text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_goes_on_at_the_same_card() {
    let stage = posted().await;
    pressed(&stage, "lena", "Start the review").await;
    let before = pressed(&stage, "lena", "▶").await;
    let stage = stage.restart().await;
    let after = pressed(&stage, "ben", "▶").await;
    assert!(before.text().contains("card 2 of 3") && after.text().contains("card 3 of 3"), "{}", after.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_that_is_closed_while_its_card_is_open_is_shown_so() {
    let stage = posted().await;
    let card = pressed(&stage, "lena", "Start the review").await;
    assert!(card.text().contains("D-1 Globex"), "{}", card.text());
    stage.says("rita", "/deal lost deal:D-1 reason:Price").await;
    stage.wait(Duration::seconds(1)).await;
    let shown = post(&stage).text();
    assert!(shown.contains("Why it is here: lost: price") && !shown.contains("Done → next step"), "{shown}");
    let late = stage.presses("lena", &card, "Snooze").await;
    assert!(late.text().contains("lost already"), "{}", late.text());
    let next = pressed(&stage, "lena", "▶").await;
    assert!(next.text().contains("card 2 of"), "{}", next.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_may_not_change_cannot_be_changed_from_a_card() {
    let stage = posted().await;
    pressed(&stage, "ben", "Start the review").await;
    let refused = stage.presses("ben", &post(&stage), "Snooze").await;
    assert!(refused.text().contains("Only the deal's owner or a lead"), "{}", refused.text());
    let nobody = stage.presses("newt", &post(&stage), "▶").await;
    assert!(nobody.text().contains("You hold no role"), "{}", nobody.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn minutes_go_to_the_channel_where_there_can_be_no_thread() {
    for (deny, gone) in [(1 << 35, false), (1 << 38, false), (0, true)] {
        let stage = posted().await;
        pressed(&stage, "lena", "Start the review").await;
        stage.says("lena", "/review list").await;
        if gone {
            // Its minutes are posted, the thread is deleted, and then something is added.
            pressed(&stage, "lena", "Close the review").await;
            stage.sandbox.delete_channel(THREAD);
            stage.sandbox.person("ben").at("#reviews").slash("/review decide text:Later").await.expect_message();
        } else {
            stage.sandbox.set_permissions("#reviews", deny);
            pressed(&stage, "lena", "Close the review").await;
        }
        stage.wait(Duration::seconds(1)).await;
        let posts = stage.reads("#reviews");
        let threads = stage.sandbox.channel(THREAD).len();
        let minutes = posts.iter().filter(|text| text.contains("Minutes of Pipeline review")).count();
        assert_eq!((minutes, threads), (1, 0), "{deny} {gone}: {posts:?}");
        stage.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_noted_after_the_end_is_added_to_the_minutes_and_an_undo_takes_it_out() {
    let stage = posted().await;
    pressed(&stage, "lena", "Start the review").await;
    pressed(&stage, "lena", "Close the review").await;
    let again = stage.sandbox.person("lena").press(&post(&stage), "Start the review").await;
    assert!(matches!(again, Reply::Client(_)), "it can't be started twice: {again:?}");
    let ben = stage.sandbox.person("ben").at("#reviews");
    let noted = ben.slash("/review decide text:Offer a pilot deal:D-2").await.expect_message();
    stage.wait(Duration::seconds(1)).await;
    let minutes = || stage.sandbox.channel(THREAD).pop().expect("minutes").text();
    assert!(minutes().contains("Decisions · 1\nOffer a pilot"), "{}", minutes());
    stage.presses("ben", &noted, "Undo").await;
    stage.wait(Duration::seconds(1)).await;
    assert!(minutes().contains("No decisions"), "{}", minutes());
    assert_eq!(stage.sandbox.channel(THREAD).len(), 1, "the minutes are edited, not posted again");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_that_nobody_closes_ends_by_itself_and_one_without_an_agenda_cannot_begin() {
    let stage = Stage::ready().await;
    let none = stage.sandbox.person("lena").at("#reviews").slash("/review start").await.expect_message();
    insta::assert_snapshot!("no_review_to_start", none.text());
    stage.finish().await;

    let stage = posted().await;
    pressed(&stage, "lena", "Start the review").await;
    stage.wait_until("2026-11-11T09:31:00Z").await;
    let minutes = stage.sandbox.channel(THREAD).pop().expect("minutes").text();
    assert!(minutes.contains("closed by itself"), "{minutes}");
    let late = stage.sandbox.person("lena").at("#reviews").slash("/review decide text:x").await.expect_message();
    assert!(late.text().contains("within the last day"), "{}", late.text());
    stage.finish().await;
}

/// An action that somebody picked from those that are open.
async fn picked(stage: &Stage, who: &str, text: &str) -> Shown {
    let open = stage.presses(who, &post(stage), "Open actions").await;
    stage.sandbox.person(who).pick(&open, "Done, or dropped", &[text]).await.expect_message()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_comes_back_until_it_is_done_or_dropped_with_a_reason() {
    let stage = posted().await;
    pressed(&stage, "lena", "Start the review").await;
    let lena = stage.sandbox.person("lena").at("#reviews");
    for text in ["Send the price list", "Ask legal"] {
        let act = format!("/review action text:{text} assignee:@ben due:12 Nov");
        lena.slash(&act).await.expect_message();
    }
    pressed(&stage, "lena", "Close the review").await;
    stage.wait_until("2026-11-17T08:31:00Z").await;
    let next = post(&stage);
    assert!(next.text().contains("Overdue action: Send the price list"), "{}", next.text());
    assert!(next.pinged.contains(&"ben".to_owned()), "who is to act is told");
    let card = picked(&stage, "ben", "Send the price list").await;
    let done = stage.presses("ben", &card, "Done").await;
    assert!(done.text().contains("Saved.") && done.text().contains("done"), "{}", done.text());
    let why = [("Why it isn't done any more", "The deal needs no contract")];
    let card = picked(&stage, "rita", "Ask legal").await;
    let form = stage.sandbox.person("rita").press(&card, "Drop…").await.expect_form();
    let refused = stage.sandbox.person("rita").submit(&form, &why).await.expect_message();
    assert!(refused.text().contains("Only who has the action"), "{}", refused.text());
    let card = picked(&stage, "lena", "Ask legal").await;
    let form = stage.sandbox.person("lena").press(&card, "Drop…").await.expect_form();
    let dropped = stage.sandbox.person("lena").submit(&form, &why).await.expect_message();
    assert!(dropped.text().contains("dropped by @lena: “The deal needs no contract”"), "{}", dropped.text());
    let after = stage.says("lena", "/review agenda").await.text();
    assert!(after.contains("No open actions"), "{after}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_stands_on_the_next_agenda_with_who_asked_until_a_meeting_went_through_it() {
    let stage = posted().await;
    let message = stage.sandbox.person("rita").say("#pipeline", "They want **terms** for <@1>").await;
    let added = stage.sandbox.person("rita").message_menu("Add to a review", &message).await.expect_message();
    assert!(added.text().contains("next agenda of Pipeline review"), "{}", added.text());
    stage.says("ben", "/review add text:Umbrella's budget deal:D-3").await;
    let shown = stage.says("lena", "/review agenda").await.text();
    assert!(shown.contains("Asked for · 2\nThey want terms for"), "{shown}");
    stage.wait_until("2026-11-11T10:00:00Z").await;
    let still = stage.says("lena", "/review agenda").await.text();
    assert!(still.contains("Asked for · 2"), "a meeting that nobody started went through nothing: {still}");
    stage.wait_until("2026-11-17T09:31:00Z").await;
    let started = pressed(&stage, "ben", "Start the review").await.text();
    assert!(started.contains("They want terms for"), "{started}");
    pressed(&stage, "ben", "Close the review").await;
    let minutes = stage.sandbox.channel(THREAD).pop().expect("minutes").text();
    assert!(minutes.contains("Topics · 2"), "{minutes}");
    let after = stage.says("lena", "/review agenda").await.text();
    assert!(!after.contains("Asked for"), "{after}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_reviews_run_by_themselves_each_in_its_zone_and_over_its_deals() {
    let stage = Stage::ready().await;
    for schedule in [
        SCHEDULE,
        // 4:30 in New York is 9:30 in London, so that both agendas are due in one minute and one channel.
        "/review schedule name:Hooli channel:#reviews every:Every week weekday:Tuesday time:4:30 timezone:New York partner:Hooli",
        "/review schedule name:Elsewhere channel:#ops every:Every week weekday:Tuesday time:9:30",
    ] {
        stage.says("lena", schedule).await;
    }
    stage.says("rita", "/deal new account:Globex partner:Initech source:Undecided amount:120k close:15 Dec").await;
    stage.says("ben", "/deal new account:Umbrella partner:Hooli source:Undecided amount:40k close:20 Dec").await;
    stage.wait_until("2026-11-10T08:31:00Z").await;
    let named = |name: &str| {
        let posts = stage.sandbox.channel("#reviews").into_iter().chain(stage.sandbox.channel("#ops"));
        posts.filter(|shown| shown.text().starts_with(name)).last().unwrap_or_else(|| panic!("no agenda of {name}"))
    };
    let (whole, hooli, elsewhere) = (named("Pipeline review"), named("Hooli"), named("Elsewhere"));
    assert!(whole.text().contains("D-1 Globex") && whole.text().contains("D-2 Umbrella"), "{}", whole.text());
    assert!(!hooli.text().contains("D-1 Globex") && hooli.text().contains("D-2 Umbrella"), "{}", hooli.text());

    stage.presses("ben", &hooli, "Start the review").await;
    stage.presses("lena", &elsewhere, "Start the review").await;
    stage.wait(Duration::seconds(1)).await;
    assert!(named("Hooli").text().contains("card 1 of 1"), "{}", named("Hooli").text());
    assert!(named("Elsewhere").text().contains("card 1 of 2"), "{}", named("Elsewhere").text());
    assert!(named("Pipeline review").text().contains("[Start the review]"), "it waits");
    // Of the two of this channel the one that runs is meant.
    let ben = stage.sandbox.person("ben").at("#reviews");
    let decided = ben.slash("/review decide text:Meet their CTO").await.expect_message();
    assert!(decided.text().contains("Decision of Hooli"), "{}", decided.text());
    stage.says("ben", "/deal update deal:D-2 amount:55k").await;
    stage.wait(Duration::seconds(1)).await;
    assert!(
        named("Hooli").text().contains("$55"),
        "a deal tells on each post that shows it: {}",
        named("Hooli").text()
    );
    let misplaced = ben.slash("/review add text:Terms deal:D-1 review:Hooli").await.expect_message();
    assert!(misplaced.text().contains("goes through other deals than D-1"), "{}", misplaced.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agenda_of_four_hundred_deals_is_one_screen_and_its_meeting_leads_to_all() {
    let stage = Stage::ready().await;
    stage.says("lena", SCHEDULE).await;
    let rows = (0..400).map(|n| format!("C-{n},Account {n},Initech,rita,Prospect,{}00,2026-12-15\n", n + 1));
    let head = "Record ID,Associated Company,Partner,Deal owner,Deal Stage,Amount,Close Date\n".to_owned();
    let file: String = std::iter::once(head).chain(rows).collect();
    stage.sandbox.put_at_hand("deals.csv", file.as_bytes());
    let run = stage.says("ada", "/cosell import file:@deals.csv owners:rita = @rita").await;
    stage.presses("ada", &run, "Yes").await;
    stage.wait_until("2026-11-17T08:31:00Z").await;
    let agenda = post(&stage);
    assert!(agenda.text().contains("Closing by Thu 31 Dec") && agenda.text().contains("· 400"), "{}", agenda.text());
    assert!(agenda.text().lines().count() <= 40, "one screen: {}", agenda.text());
    let started = pressed(&stage, "lena", "Start the review").await;
    assert!(started.text().contains("card 1 of 12") && started.text().contains("400"), "{}", started.text());
    let more = started.select("Go to another card").expect("a list of the others");
    assert_eq!((more.options.len(), more.placeholder.as_str()), (25, "Go to another card (374 more: /review agenda)"));
    let went = stage.sandbox.person("lena").pick(&started, "Go to another card", &["D-380 Account 379"]).await;
    assert!(went.expect_message().text().contains("D-380"), "beyond the cards");
    stage.finish().await;
}
