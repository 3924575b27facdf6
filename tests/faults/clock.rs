//! Time that does not pass evenly: a process that was down or suspended, a Discord that took nothing for hours, a clock
//! that jumps or changes to daylight saving time. What is late is said while it is of use, once, and later not.

use chrono::{DateTime, Duration, Utc};
use cosell::sandbox::{Mode, Refusal, Shown};
use rstest::rstest;

use super::support::Stage;

mod process;

/// Overdue on Wednesday, 4 November 2026, so that its owner is reminded at 09:00.
const DEAL: &str = "/deal new account:Globex partner:Initech source:undecided amount:120k close:15 Dec \
                    next_step:Call them due:2026-11-03";
/// Its agendas are posted on Wednesdays at 09:30.
const REVIEW: &str =
    "/review schedule name:Weekly channel:#reviews every:Every week weekday:Wednesday time:10:30 collect:false";
const BEFORE: &str = "2026-11-04T08:50:00Z";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// When somebody was pinged, anywhere.
fn pings(posts: &[Shown], name: &str) -> Vec<String> {
    let theirs = posts.iter().filter(|post| post.pinged.iter().any(|pinged| pinged == name));
    theirs.map(|post| post.at.format("%-d %b %H:%M").to_string()).collect()
}

fn posts(stage: &Stage) -> Vec<Shown> {
    ["#nudges", "#reviews"].iter().flat_map(|channel| stage.sandbox.channel(channel)).collect()
}

fn times(posts: &[Shown]) -> Vec<String> {
    posts.iter().map(|post| post.at.format("%-d %b %H:%M").to_string()).collect()
}

/// With a deal and a review, ten minutes before the deal's owner is reminded.
async fn before() -> Stage {
    let stage = Stage::ready().await;
    stage.says("rita", DEAL).await;
    stage.says("lena", REVIEW).await;
    stage.wait_until(BEFORE).await;
    assert_eq!(pings(&posts(&stage), "rita"), Vec::<String>::new());
    stage
}

/// A path of a channel's posts.
fn to(stage: &Stage, channel: &str) -> String {
    format!("/channels/{}/messages", stage.sandbox.person("lena").at(channel).here())
}

/// The process is down until an instant.
async fn down_until(stage: Stage, until: &str) -> Stage {
    stage.bot.app().clock.set(instant(until));
    let stage = stage.restart().await;
    stage.wait(Duration::seconds(30)).await;
    stage
}

#[rstest]
#[case::for_a_quarter_of_an_hour("2026-11-04T09:05:00Z", "4 Nov 09:05", "4 Nov 09:30", 0)]
#[case::for_four_hours("2026-11-04T12:55:00Z", "4 Nov 12:55", "4 Nov 12:55", 0)]
#[case::until_reminders_are_too_late("2026-11-04T13:05:00Z", "5 Nov 09:00", "4 Nov 13:05", 0)]
#[case::for_six_hours("2026-11-04T14:50:00Z", "5 Nov 09:00", "11 Nov 09:30", 1)]
#[case::for_thirty_days("2026-12-04T08:50:00Z", "4 Dec 09:00", "9 Dec 09:30", 5)]
#[case::for_thirty_days_until_the_evening("2026-12-04T20:00:00Z", "7 Dec 09:00", "9 Dec 09:30", 5)]
#[tokio::test(flavor = "multi_thread")]
async fn rules_5_and_6_hold_when_the_process_was_down(
    #[case] until: &str,
    #[case] nudged: &str,
    #[case] posted: &str,
    #[case] missed: usize,
) {
    let stage = down_until(before().await, until).await;
    // A day on, when whoever was not reminded yet is; and until the agenda after.
    let up = instant(until);
    stage.wait_until(&(up + Duration::hours(26)).to_rfc3339()).await;
    let alerts = stage.reads("#ops").iter().filter(|text| text.contains("Weekly")).count();
    assert_eq!(alerts, missed, "{:?}", stage.reads("#ops"));
    stage.wait_until(&(up + Duration::days(8)).to_rfc3339()).await;

    let nudges = pings(&posts(&stage), "rita");
    assert_eq!(nudges.first().map(String::as_str), Some(nudged), "{nudges:?}");
    let mut days: Vec<&str> = nudges.iter().filter_map(|at| at.rsplit_once(' ')).map(|(day, _)| day).collect();
    days.dedup();
    assert_eq!(days.len(), nudges.len(), "one ping a day: {nudges:?}");
    let agendas = stage.sandbox.channel("#reviews");
    assert_eq!(times(&agendas).first().map(String::as_str), Some(posted), "{:?}", times(&agendas));
    let told = agendas[0].text();
    assert_eq!(told.contains("4 Nov"), missed > 0 || posted.starts_with("4 Nov"), "{told}");
    stage.finish().await;
}

#[rstest]
#[case::for_three_hours(3, &["4 Nov 12"])]
#[case::for_five_hours(5, &["5 Nov 09"])]
#[case::for_thirty_hours(30, &["6 Nov 09"])]
#[tokio::test(flavor = "multi_thread")]
async fn rule_6_reminders_that_discord_did_not_take_wait_for_the_next_business_day(
    #[case] hours: i64,
    #[case] nudged: &[&str],
) {
    let stage = before().await;
    stage.sandbox.refuse(Refusal::answer("POST", &to(&stage, "nudges"), 503, 0).times(usize::MAX));
    stage.wait_until("2026-11-04T09:00:00Z").await;
    stage.wait(Duration::hours(hours)).await;
    stage.sandbox.forgive();
    stage.wait_until("2026-11-06T09:20:00Z").await;
    let nudges = pings(&posts(&stage), "rita");
    let hours: Vec<&str> = nudges.iter().filter_map(|at| at.rsplit_once(':')).map(|(hour, _)| hour).collect();
    assert_eq!(hours, nudged, "{:?}", stage.reads("#nudges"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_a_reminder_that_arrived_is_not_repeated_when_that_is_known_hours_later() {
    let stage = before().await;
    let path = to(&stage, "nudges");
    stage.sandbox.refuse(Refusal::silent("POST", &path, Mode::AcceptThenClose));
    stage.sandbox.refuse(Refusal::answer("POST", &path, 503, 0).times(usize::MAX));
    stage.sandbox.refuse(Refusal::answer("GET", &path, 503, 0).times(usize::MAX));
    stage.wait_until("2026-11-04T15:00:00Z").await;
    stage.sandbox.forgive();
    stage.wait_until("2026-11-05T09:20:00Z").await;
    assert_eq!(pings(&posts(&stage), "rita"), ["4 Nov 09:00"]);
    stage.finish().await;
}

/// A line that waits, and a process that comes back after days to a Discord that does not take it at first.
#[tokio::test(flavor = "multi_thread")]
async fn rule_13_what_waited_for_days_is_tried_for_a_day_before_it_is_given_up() {
    let stage = Stage::ready().await;
    stage.says("rita", DEAL).await;
    stage.sandbox.refuse(Refusal::answer("POST", &to(&stage, "pipeline"), 503, 0).times(3));
    let stage = down_until(stage, "2026-11-05T10:00:00Z").await;
    stage.wait(Duration::minutes(2)).await;
    let lines = stage.reads("#pipeline");
    assert!(lines.len() == 1 && lines[0].contains("Globex"), "{lines:?}");

    stage.says("rita", &DEAL.replace("Globex", "Soylent").replace("2026-11-03", "2026-11-20")).await;
    stage.sandbox.refuse(Refusal::answer("", &to(&stage, "pipeline"), 503, 0).times(usize::MAX));
    stage.wait(Duration::hours(24)).await;
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(!doctor.contains("given up"), "{doctor}");
    stage.wait(Duration::hours(2)).await;
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.contains("given up after a day"), "{doctor}");
    stage.sandbox.forgive();
    stage.wait(Duration::hours(1)).await;
    assert_eq!(stage.reads("#pipeline").len(), 1);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_an_agenda_that_discord_did_not_take_in_time_is_missed() {
    let stage = before().await;
    stage.sandbox.refuse(Refusal::answer("POST", &to(&stage, "reviews"), 503, 0).times(usize::MAX));
    stage.wait_until("2026-11-04T14:00:00Z").await;
    stage.sandbox.forgive();
    stage.wait_until("2026-11-11T09:31:00Z").await;
    let agendas = stage.sandbox.channel("#reviews");
    assert_eq!(times(&agendas), ["11 Nov 09:30"]);
    assert!(agendas[0].text().contains("4 Nov"), "it tells of the missed one: {}", agendas[0].text());
    let alerts = stage.reads("#ops").iter().filter(|text| text.contains("Weekly")).count();
    assert_eq!(alerts, 1, "{:?}", stage.reads("#ops"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_who_gets_a_deal_overnight_is_pinged_once_on_the_day_on_which_that_is_said() {
    let stage = Stage::ready().await;
    stage.says("ben", DEAL).await;
    stage.says("rita", &DEAL.replace("Globex", "Soylent").replace("11-03", "11-20")).await;
    stage.wait_until("2026-11-03T18:00:00Z").await;
    stage.sandbox.refuse(Refusal::answer("POST", &to(&stage, "nudges"), 503, 0).times(usize::MAX));
    stage.says("rita", "/deal assign deal:D-2 owner:@ben").await;
    stage.wait_until("2026-11-04T08:30:00Z").await;
    stage.sandbox.forgive();
    stage.wait_until("2026-11-05T09:20:00Z").await;
    let nudges = pings(&posts(&stage), "ben");
    let hours: Vec<&str> = nudges.iter().filter_map(|at| at.rsplit_once(':')).map(|(hour, _)| hour).collect();
    assert_eq!(hours, ["4 Nov 08", "5 Nov 09"], "{:?}", stage.reads("#nudges"));
    stage.finish().await;
}

/// In Kolkata it is tomorrow five hours and a half before it is in London.
#[tokio::test(flavor = "multi_thread")]
async fn rule_6_who_gets_a_deal_before_midnight_of_theirs_is_pinged_once_on_the_day_that_it_is_then() {
    let stage = Stage::ready().await;
    stage.says("ben", "/my settings timezone:Asia/Kolkata").await;
    stage.says("ben", DEAL).await;
    stage.says("rita", &DEAL.replace("Globex", "Soylent").replace("11-03", "11-20")).await;
    stage.wait_until("2026-11-03T18:20:00Z").await;
    stage.sandbox.refuse(Refusal::answer("POST", &to(&stage, "nudges"), 503, 0).times(usize::MAX));
    stage.says("rita", "/deal assign deal:D-2 owner:@ben").await;
    stage.wait_until("2026-11-03T18:50:00Z").await;
    stage.sandbox.forgive();
    stage.wait_until("2026-11-05T04:00:00Z").await;
    let posts = posts(&stage);
    let to_ben = posts.iter().filter(|post| post.pinged.iter().any(|pinged| pinged == "ben"));
    let days: Vec<String> =
        to_ben.map(|post| (post.at + Duration::minutes(330)).format("%-d %b %H").to_string()).collect();
    assert_eq!(days, ["4 Nov 00", "5 Nov 09"], "{:?}", stage.reads("#nudges"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_reminders_and_agendas_keep_to_the_wall_clock_when_it_changes() {
    let stage = Stage::ready().await;
    stage
        .says("lena", &REVIEW.replace("Wednesday", "Monday").replace("Every week ", "Every week starts:2027-03-22 "))
        .await;
    // London changes on Sunday, 28 March 2027.
    stage.wait_until("2027-03-25T10:00:00Z").await;
    for (account, due) in [("Globex", "2027-03-25"), ("Soylent", "2027-03-28")] {
        let deal = DEAL.replace("Globex", account).replace("2026-11-03", due).replace("15 Dec", "2027-06-30");
        stage.says(if account == "Globex" { "rita" } else { "ben" }, &deal).await;
    }
    stage.wait_until("2027-03-29T12:00:00Z").await;
    let posts = posts(&stage);
    assert_eq!(pings(&posts, "rita"), ["26 Mar 09:00", "29 Mar 08:30"], "by a digest, and by the agenda");
    assert_eq!(pings(&posts, "ben"), ["29 Mar 08:00"]);
    assert_eq!(times(&stage.sandbox.channel("#reviews")).last().map(String::as_str), Some("29 Mar 08:30"));
    stage.finish().await;
}
