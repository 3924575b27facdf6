//! Rhythm as a figure: which meetings of a review were held, told by its history, the cadence, health and the agenda.

use chrono::Duration;
use cosell::sandbox::Shown;

use super::meeting::{post, posted, without_ids};
use super::support::Stage;

async fn in_reviews(stage: &Stage, who: &str, line: &str) -> Shown {
    stage.sandbox.person(who).at("#reviews").slash(line).await.expect_message()
}

async fn pressed(stage: &Stage, who: &str, label: &str) {
    stage.presses(who, &post(stage), label).await;
    stage.wait(Duration::seconds(1)).await;
}

/// Not started on 3 November; held on the 10th, with a decision and an action; not started on the 17th; the agenda of the 24th is posted.
async fn three_weeks() -> Stage {
    let stage = posted().await;
    stage.wait_until("2026-11-10T09:31:00Z").await;
    pressed(&stage, "lena", "Start the review").await;
    in_reviews(&stage, "lena", "/review decide text:Offer a pilot deal:D-2").await;
    in_reviews(&stage, "lena", "/review action text:Send the price list assignee:@ben due:12 Nov").await;
    stage.wait(Duration::minutes(20)).await;
    pressed(&stage, "lena", "Close the review").await;
    stage.wait_until("2026-11-24T08:31:00Z").await;
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_tells_which_meetings_were_held_and_leads_to_their_minutes() {
    let stage = three_weeks().await;
    let told = in_reviews(&stage, "rita", "/review history").await;
    assert!(told.ephemeral, "only rita sees it");
    let lines: Vec<String> = told.text().lines().map(without_ids).collect();
    insta::assert_snapshot!("history_of_a_review", lines.join("\n"));
    let rita = stage.sandbox.person("rita");
    let file = rita.pick(&told, "Minutes of…", &["Tue 10 Nov"]).await.expect_message();
    let file = String::from_utf8(file.attachments[0].bytes.to_vec()).expect("text");
    assert!(file.contains("Offer a pilot"), "{file}");
    let open = stage.presses("rita", &told, "Open actions").await.text();
    assert!(open.contains("Send the price list"), "{open}");
    stage.says("lena", "/review skip review:Pipeline review date:1 Dec").await;
    stage.wait_until("2026-12-02T10:00:00Z").await;
    let later = in_reviews(&stage, "rita", "/review history").await.text();
    assert!(later.contains("1 of 5 meetings held in the last 12 months (3 not held, 1 skipped)"), "{later}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cadence_of_a_quarter_counts_held_and_opens_to_the_meetings() {
    let stage = three_weeks().await;
    let told = stage.says("rita", "/program cadence").await;
    let text = told.text();
    assert!(text.contains("Pipeline review: 1 held, 2 not held (3 November 2026 09:30 UTC, 17 November"), "{text}");
    assert!(text.contains("), 1 not over yet\n1 decision, 1 action given, 0 closed"), "{text}");
    let history =
        stage.sandbox.person("rita").pick(&told, "Show meetings", &["Pipeline review"]).await.expect_message();
    assert!(history.ephemeral && history.text().contains("not held: nobody started it"), "{}", history.text());
    stage.wait_until("2026-12-02T10:00:00Z").await;
    let health = stage.says("rita", "/program health").await.text();
    assert!(health.contains("1 of 5 meetings was held, 20 % (at least 80 %): 4 not held"), "{health}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agenda_names_the_meeting_before_if_nobody_started_it() {
    let stage = three_weeks().await;
    let agenda = post(&stage).text();
    assert!(
        agenda.contains("Meetings that were not held · 1") && agenda.contains("posted, nobody started it"),
        "{agenda}"
    );
    pressed(&stage, "lena", "Start the review").await;
    pressed(&stage, "ben", "Close the review").await;
    stage.wait_until("2026-11-24T09:31:00Z").await;
    let next = stage.says("lena", "/review agenda").await.text();
    assert!(!next.contains("not held"), "{next}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_turns_pages_and_one_without_meetings_says_when_it_meets() {
    let stage = Stage::ready().await;
    let none = stage.says("rita", "/review history").await.text();
    assert!(none.contains("There is no review yet"), "{none}");
    stage
        .says(
            "lena",
            "/review schedule name:Pipeline review channel:#reviews every:Every week weekday:Tuesday time:9:30",
        )
        .await;
    let none = stage.says("rita", "/review history").await.text();
    assert!(none.contains("Pipeline review has not met yet. It meets next"), "{none}");
    stage.wait_until("2027-02-10T10:00:00Z").await;
    let first = stage.says("rita", "/review history review:pipeline review").await;
    assert!(first.text().contains("was never held so far") && first.text().contains("Page 1 of 2"), "{}", first.text());
    let second = stage.presses("rita", &first, "▶").await;
    assert!(second.text().contains("Page 2 of 2"), "{}", second.text());
    let unknown = stage.says("rita", "/review history review:Other").await.text();
    assert!(unknown.contains("Other"), "{unknown}");
    stage.finish().await;
}
