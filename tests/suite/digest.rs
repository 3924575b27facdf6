//! What rides in the one message that a person gets a day: classes to settle.

use cosell::sandbox::Shown;

use super::support::Stage;

/// A deal whose next step keeps it from stalling until 23 November.
async fn quiet(stage: &Stage, who: &str, account: &str, rest: &str) {
    let command = format!("/deal new account:{account} partner:Initech next_step:Send the offer due:2026-11-22 {rest}");
    let shown = stage.says(who, &command).await;
    assert!(shown.text().contains("D-"), "{}", shown.text());
}

/// Passes the digest hours of some days of November 2026 and returns what was said in the nudge channel: the day, who
/// was pinged, and the first line.
async fn nudges(stage: &Stage, days: std::ops::RangeInclusive<u32>) -> Vec<(String, Vec<String>, String)> {
    let before = stage.sandbox.channel("#nudges").len();
    for day in days {
        stage.wait_until(&format!("2026-11-{day:02}T09:05:00Z")).await;
    }
    let said = |shown: &Shown| {
        let line = shown.text().lines().next().unwrap_or_default().to_owned();
        (shown.at.format("%-d").to_string(), shown.pinged.clone(), line)
    };
    stage.sandbox.channel("#nudges")[before..].iter().map(said).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undecided_class_is_told_of_before_it_turns_late_and_once_when_it_did() {
    let stage = Stage::ready().await;
    quiet(&stage, "rita", "Globex", "source:undecided").await;
    quiet(&stage, "rita", "Umbrella", "source:sourced evidence:They brought us in").await;
    stage.says("rita", "/my away from:16 Nov to:17 Nov cover:@ben").await;

    let said = nudges(&stage, 3..=13).await;
    assert_eq!(said.len(), 1, "on one day of the last three before the 16th: {said:?}");
    let (day, pinged, line) = &said[0];
    assert_eq!((day.as_str(), &pinged[..]), ("11", &["rita".to_owned()][..]));
    assert_eq!(line, "@rita: D-1 Globex, class undecided, settle it by Mon 16 Nov");
    let nudge = stage.sandbox.channel("#nudges").pop().expect("a digest");
    let mine = stage.presses("rita", &nudge, "Show mine").await;
    assert!(mine.text().contains("1 deal of yours") && mine.text().contains("settle it by"), "{}", mine.text());

    let said = nudges(&stage, 14..=20).await;
    assert_eq!(said.len(), 1, "and once when it was late: {said:?}");
    let (day, pinged, line) = &said[0];
    assert_eq!((day.as_str(), &pinged[..]), ("17", &["ben".to_owned()][..]), "her cover");
    assert_eq!(line, "@ben: D-1 Globex (for @rita, away), class undecided, late");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undecided_class_rides_with_a_stall() {
    let stage = Stage::ready().await;
    quiet(&stage, "rita", "Globex", "source:undecided").await;
    quiet(&stage, "rita", "Umbrella", "source:undecided close:2026-11-10").await;
    quiet(&stage, "rita", "Soylent", "source:undecided").await;
    stage.says("rita", "/deal lost deal:D-3 reason:Price").await;
    let said = nudges(&stage, 3..=12).await;
    let [(day, _, line)] = &said[..] else { panic!("{said:?}") };
    assert_eq!(day, "11");
    assert_eq!(
        line,
        "@rita: D-2 Umbrella, close 1 day past; D-1 Globex, class undecided, settle it by Mon 16 Nov, and 1 more"
    );
    stage.finish().await;
}
