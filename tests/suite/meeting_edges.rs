//! A running review beside what else can happen: topics for the next one, a skip, a cancel, a late start, work that has
//! nothing to do with it.

use chrono::Duration;

use super::meeting::{post, posted};
use super::support::Stage;

const THREAD: &str = "Minutes: Pipeline review";

async fn presses(stage: &Stage, who: &str, label: &str) {
    stage.presses(who, &post(stage), label).await;
    stage.wait(Duration::seconds(1)).await;
}

fn minutes(stage: &Stage) -> String {
    stage.sandbox.channel(THREAD).pop().map(|shown| shown.text()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_while_a_review_runs_is_on_the_next_agenda() {
    let stage = posted().await;
    stage.says("ben", "/review add text:Prices").await;
    presses(&stage, "lena", "Start the review").await;
    stage.wait(Duration::minutes(5)).await;
    stage.says("rita", "/review add text:Terms").await;
    presses(&stage, "lena", "Close the review").await;
    assert!(minutes(&stage).contains("Topics · 1\nPrices"), "{}", minutes(&stage));
    stage.wait_until("2026-11-17T08:31:00Z").await;
    let next = post(&stage).text();
    assert!(next.contains("Asked for · 1\nTerms"), "{next}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_that_was_started_is_neither_skipped_nor_lost_with_its_review() {
    let stage = posted().await;
    presses(&stage, "lena", "Start the review").await;
    let lena = stage.sandbox.person("lena").at("#reviews");
    lena.slash("/review decide text:Offer a pilot").await.expect_message();
    let skipped = stage.says("lena", "/review skip review:Pipeline review date:2026-11-10").await.text();
    assert!(skipped.contains("was started already"), "{skipped}");
    stage.says("lena", "/review cancel review:Pipeline review").await;
    stage.wait(Duration::minutes(2)).await;
    assert!(post(&stage).text().contains("So far: 1 decision"), "{}", post(&stage).text());
    presses(&stage, "ben", "Close the review").await;
    assert!(minutes(&stage).contains("Offer a pilot"), "{}", minutes(&stage));
    let history = stage.says("ben", "/review history review:Pipeline review").await.text();
    assert!(history.contains("held · run by @lena"), "the history of an ended review stays: {history}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_called_off_is_not_started() {
    let stage = posted().await;
    stage.says("lena", "/review skip review:Pipeline review date:2026-11-10").await;
    let refused = stage.presses("lena", &post(&stage), "Start the review").await.text();
    assert!(refused.contains("no review to run"), "{refused}");
    stage.wait(Duration::minutes(2)).await;
    assert!(stage.reads("#reviews").iter().any(|text| text.contains("left this meeting out")));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_beside_a_meeting_that_nobody_closes_makes_nobody_one_of_those_who_held_it() {
    let stage = posted().await;
    presses(&stage, "lena", "Start the review").await;
    stage.says("rita", "/deal update deal:D-1 amount:150k").await;
    stage.wait(Duration::minutes(5)).await;
    presses(&stage, "lena", "▶").await;
    stage.wait(Duration::hours(6)).await;
    stage.says("ben", "/deal update deal:D-2 amount:80k").await;
    stage.wait_until("2026-11-11T09:31:00Z").await;
    let told = minutes(&stage);
    assert!(told.contains("Took part: @lena. Changed deals meanwhile: @rita."), "{told}");
    assert!(told.contains("Moved while it ran · 1\nD-1 Globex: $120k → $150k"), "{told}");
    let history = stage.says("ben", "/review history").await.text();
    assert!(history.contains("not held"), "{history}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_that_was_started_late_is_run_by_command_until_its_own_day_is_over() {
    let stage = posted().await;
    stage.wait_until("2026-11-11T09:15:00Z").await;
    presses(&stage, "lena", "Start the review").await;
    stage.wait_until("2026-11-11T10:00:00Z").await;
    let ben = stage.sandbox.person("ben").at("#reviews");
    let decided = ben.slash("/review decide text:Offer a pilot").await.expect_message().text();
    assert!(decided.contains("Decision of Pipeline review"), "{decided}");
    let closed = ben.slash("/review close").await.expect_message().text();
    assert!(closed.contains("Closed."), "{closed}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_at_once_are_told_on_the_post_by_few_edits() {
    let stage = posted().await;
    presses(&stage, "lena", "Start the review").await;
    let edits = |stage: &Stage| stage.sandbox.requests().iter().filter(|r| r.method == "PATCH").count();
    let before = edits(&stage);
    let ben = stage.sandbox.person("ben").at("#reviews");
    let decide = |n: usize| {
        let ben = ben.clone();
        async move { ben.slash(&format!("/review decide text:Number {n}")).await.expect_message() }
    };
    futures::future::join_all((0..30).map(decide)).await;
    stage.wait(Duration::seconds(1)).await;
    assert!(post(&stage).text().contains("So far: 30 decisions"), "{}", post(&stage).text());
    let took = edits(&stage) - before;
    assert!(took < 30, "{took} edits for 30 decisions");
    stage.finish().await;
}
