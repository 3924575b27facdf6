//! The scheduled event that Discord shows for a review, kept in step with it.

use cosell::sandbox::{Mode, Refusal};
use serde_json::{Value, json};

use super::support::Stage;

const WEEKLY: &str = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday";

/// The only event, as its start and what repeats it.
fn only(stage: &Stage) -> (String, Value) {
    let events = stage.sandbox.scheduled_events();
    let [event] = &events[..] else { panic!("one event: {events:#?}") };
    let rule = &event["recurrence_rule"];
    let repeats = json!([rule["frequency"], rule["interval"], rule["by_weekday"], rule["by_n_weekday"]]);
    (event["scheduled_start_time"].as_str().unwrap().to_owned(), repeats)
}

/// How often a call of events was made, answered or not.
fn calls(stage: &Stage, method: &str) -> usize {
    let requests = stage.sandbox.requests();
    requests.iter().filter(|r| r.method == method && r.path.contains("/scheduled-events")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_follows_its_review_until_that_is_cancelled() {
    let stage = Stage::ready().await;
    let said = stage.says("lena", &format!("{WEEKLY} time:9:30")).await;
    assert!(said.text().contains("A Discord event is kept in step with it."), "{}", said.text());
    assert_eq!(calls(&stage, "POST"), 0, "the time to undo passes first");
    stage.wait_until("2026-11-02T10:05:00Z").await;
    assert_eq!(only(&stage), ("2026-11-03T09:30:00Z".to_owned(), json!([2, 1, [1], null])));
    let made = stage.sandbox.scheduled_events().pop().unwrap();
    let place = format!("https://discord.com/channels/{}/", stage.guild());
    assert!(made["entity_metadata"]["location"].as_str().unwrap().starts_with(&place), "{made:#}");
    assert_eq!((&made["name"], &made["scheduled_end_time"]), (&json!("Weekly"), &json!("2026-11-03T10:30:00Z")));

    stage.says("lena", &format!("{WEEKLY} time:14:00")).await;
    stage.wait_until("2026-11-02T10:10:00Z").await;
    assert_eq!(only(&stage).0, "2026-11-03T14:00:00Z", "it was edited");
    stage.says("lena", "/review skip review:Weekly date:3 Nov").await;
    stage.wait_until("2026-11-02T10:12:00Z").await;
    assert_eq!(only(&stage).0, "2026-11-10T14:00:00Z", "after the one that is left out");

    stage.says("lena", "/review cancel review:Weekly").await;
    stage.wait_until("2026-11-02T10:20:00Z").await;
    assert_eq!(stage.sandbox.scheduled_events(), Vec::<Value>::new());
    assert_eq!((calls(&stage, "POST"), calls(&stage, "PATCH"), calls(&stage, "DELETE")), (1, 2, 1));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_each_meeting_it_begins_with_the_next_one_wherever_the_clocks_go() {
    let stage = Stage::ready().await;
    let new_york = "/review schedule name:West channel:#reviews every:Every 2 weeks weekday:Tuesday time:9:30 timezone:new york starts:2027-02-16";
    stage.says("lena", new_york).await;
    stage.says("ada", "/cosell holidays add:2027-03-02 name:Off").await;
    stage.wait_until("2026-11-02T10:10:00Z").await;
    assert_eq!(only(&stage).0, "2027-02-16T14:30:00Z");
    stage.wait_until("2027-02-16T15:30:00Z").await;
    assert_eq!(only(&stage).0, "2027-02-16T14:30:00Z", "not while it is on");
    stage.wait_until("2027-02-16T15:40:00Z").await;
    assert_eq!(only(&stage), ("2027-03-03T14:30:00Z".to_owned(), json!([2, 2, [2], null])), "moved from the holiday");
    stage.wait_until("2027-03-03T16:00:00Z").await;
    assert_eq!(only(&stage), ("2027-03-16T13:30:00Z".to_owned(), json!([2, 2, [1], null])), "in summer time");

    stage.sandbox.delete_events();
    stage.wait_until("2027-03-16T15:00:00Z").await;
    assert_eq!(only(&stage).0, "2027-03-30T13:30:00Z", "somebody deleted it: it is made anew");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_undone_leaves_no_event_and_what_was_undone_gets_it_back() {
    let stage = Stage::ready().await;
    let monthly =
        "/review schedule name:Monthly channel:#reviews every:Every month weekday:Friday time:16:00 week:Last";
    let scheduled = stage.says("lena", monthly).await;
    stage.presses("lena", &scheduled, "Undo").await;
    stage.wait_until("2026-11-02T10:05:00Z").await;
    assert_eq!(calls(&stage, "POST"), 0);

    stage.says("lena", monthly).await;
    stage.wait_until("2026-11-02T10:10:00Z").await;
    assert_eq!(only(&stage), ("2026-11-27T16:00:00Z".to_owned(), json!([1, 1, null, [{"n": 5, "day": 4}]])));
    let cancelled = stage.says("lena", "/review cancel review:Monthly").await;
    stage.presses("lena", &cancelled, "Undo").await;
    stage.wait_until("2026-11-02T10:15:00Z").await;
    assert_eq!((only(&stage).0, calls(&stage, "DELETE")), ("2026-11-27T16:00:00Z".to_owned(), 0));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_can_be_none_the_answer_says_so() {
    let stage = Stage::ready().await;
    let four = "/review schedule name:Four channel:#reviews every:Every 4 weeks weekday:Tuesday time:9:30";
    let said = stage.says("lena", four).await;
    assert!(said.text().contains("No Discord event: Discord can't repeat one like this."), "{}", said.text());
    stage.sandbox.deny_events();
    let said = stage.says("lena", &format!("{WEEKLY} time:9:30")).await;
    assert!(said.text().contains("No Discord event: the bot may not create events here."), "{}", said.text());
    stage.wait_until("2026-11-03T12:00:00Z").await;
    assert_eq!(stage.sandbox.scheduled_events(), Vec::<Value>::new());
    let doctor = stage.says("ada", "/cosell doctor").await;
    assert!(doctor.text().contains("All is well"), "it is a courtesy: {}", doctor.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_making_was_not_answered_is_made_once() {
    let stage = Stage::ready().await;
    stage.sandbox.refuse(Refusal::silent("POST", "/scheduled-events", Mode::AcceptThenClose));
    stage.says("lena", &format!("{WEEKLY} time:9:30")).await;
    stage.wait_until("2026-11-02T10:30:00Z").await;
    assert_eq!(only(&stage).0, "2026-11-03T09:30:00Z");
    assert_eq!(calls(&stage, "POST"), 1);
    stage.says("lena", "/review cancel review:Weekly").await;
    stage.wait_until("2026-11-02T10:35:00Z").await;
    assert_eq!(stage.sandbox.scheduled_events(), Vec::<Value>::new(), "and is known from then on");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_cancelled_before_its_making_was_answered_goes_too() {
    let stage = Stage::ready().await;
    stage.sandbox.refuse(Refusal::silent("POST", "/scheduled-events", Mode::AcceptThenClose));
    stage.sandbox.refuse(Refusal::answer("GET", "/scheduled-events", 503, 0).times(1));
    stage.says("lena", &format!("{WEEKLY} time:9:30")).await;
    stage.wait_until("2026-11-02T10:01:30Z").await;
    stage.says("lena", "/review cancel review:Weekly").await;
    stage.wait_until("2026-11-02T11:00:00Z").await;
    assert_eq!(stage.sandbox.scheduled_events(), Vec::<Value>::new());
    stage.finish().await;
}
