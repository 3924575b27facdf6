//! One's own work, settings and absence, and the context menus.

use chrono::Duration;
use cosell::sandbox::Shown;

use super::support::Stage;

async fn records(stage: &Stage, who: &str, account: &str, rest: &str) {
    let command = format!("/deal new account:{account} partner:Initech source:undecided {rest}");
    let shown = stage.says(who, &command).await;
    assert!(shown.text().contains("D-"), "{}", shown.text());
}

/// The place and the deal of a run-through: `1 of 3` and `D-2 Globex · Initech`.
fn at(shown: &Shown) -> (String, String) {
    let text = shown.text();
    let (place, _) = text.split_once(" · ").unwrap_or_default();
    let deal = text.split_whitespace().find(|word| word.starts_with("D-")).unwrap_or_default();
    (place.to_owned(), deal.to_owned())
}

fn place(at: &str, deal: &str) -> (String, String) {
    (at.to_owned(), deal.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_work_is_gone_through_from_what_is_owed_to_what_rests() {
    let stage = Stage::ready().await;
    let nothing = stage.says("rita", "/my work").await;
    assert!(nothing.text().contains("no open deals"), "{}", nothing.text());
    records(&stage, "rita", "Umbrella", "next_step:Call them due:+20d").await;
    records(&stage, "rita", "Globex", "").await;
    records(&stage, "ben", "Soylent", "").await;
    records(&stage, "rita", "Wayne", "next_step:Send it due:2026-11-09").await;
    stage.wait(Duration::days(3)).await;

    let shown = stage.says("rita", "/my work").await;
    assert!(shown.ephemeral);
    assert_eq!(at(&shown), place("1 of 3", "D-2"), "stalled: {}", shown.text());
    assert!(shown.button("◀").is_none());
    let shown = stage.presses("rita", &shown, "▶").await;
    assert_eq!(at(&shown), place("2 of 3", "D-4"), "due soon: {}", shown.text());
    let shown = stage.presses("rita", &shown, "▶").await;
    assert_eq!(at(&shown), place("3 of 3", "D-1"));
    let end = stage.presses("rita", &shown, "▶").await;
    assert!(end.text().contains("last of 3 deals"), "{}", end.text());
    let shown = stage.presses("rita", &end, "◀").await;
    assert_eq!(at(&shown), place("3 of 3", "D-1"));
    insta::assert_snapshot!(shown.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_through_goes_on_after_a_restart_and_for_its_person_alone() {
    let stage = Stage::ready().await;
    records(&stage, "rita", "Umbrella", "").await;
    records(&stage, "rita", "Globex", "").await;
    let shown = stage.says("rita", "/my work").await;
    assert_eq!(at(&shown).0, "1 of 2");
    let stage = stage.restart().await;
    let shown = stage.presses("rita", &shown, "▶").await;
    assert_eq!(at(&shown).0, "2 of 2");
    stage.finish().await;
}

/// Presses a button that opens a form, fills it, and is answered.
async fn fills(stage: &Stage, who: &str, shown: &Shown, label: &str, texts: &[(&str, &str)]) -> Shown {
    let person = stage.sandbox.person(who);
    let form = person.press(shown, label).await.expect_form();
    person.submit(&form, texts).await.expect_message()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_in_a_run_through_goes_to_its_end_and_the_rest_follows() {
    let stage = Stage::ready().await;
    records(&stage, "rita", "Umbrella", "next_step:Call them due:2026-11-03").await;
    records(&stage, "rita", "Globex", "next_step:Send it due:2026-11-04").await;
    records(&stage, "rita", "Wayne", "next_step:Ask them due:2026-11-05").await;
    stage.wait_until("2026-11-06T10:00:00Z").await;
    let first = stage.says("rita", "/my work").await;
    assert_eq!(at(&first), place("1 of 3", "D-1"));
    let done = [("Next step", "Send the offer"), ("Due", "2026-12-15")];
    let saved = fills(&stage, "rita", &first, "Done → next step", &done).await;
    assert!(saved.text().contains("Call them") && saved.text().contains("Send the offer"), "{}", saved.text());
    let second = stage.presses("rita", &first, "▶").await;
    assert_eq!(at(&second), place("1 of 3", "D-2"), "{}", second.text());
    let resting = [("Until", "2026-11-12"), ("Why", "They are at a fair")];
    fills(&stage, "rita", &second, "Snooze", &resting).await;
    let third = stage.presses("rita", &second, "▶").await;
    assert_eq!(at(&third), place("1 of 3", "D-3"), "{}", third.text());
    let fourth = stage.presses("rita", &third, "▶").await;
    assert_eq!(at(&fourth), place("2 of 3", "D-1"), "{}", fourth.text());
    let last = stage.presses("rita", &fourth, "▶").await;
    assert_eq!(at(&last), place("3 of 3", "D-2"), "snoozed: {}", last.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_s_button_shows_each_presser_their_own_in_a_direct_message_too() {
    let stage = Stage::ready().await;
    stage.says("ben", "/my settings direct_messages:true").await;
    records(&stage, "rita", "Globex", "").await;
    records(&stage, "rita", "Umbrella", "").await;
    records(&stage, "ben", "Soylent", "").await;
    stage.wait_until("2026-11-04T09:05:00Z").await;

    let nudge = stage.sandbox.channel("#nudges").pop().expect("a digest");
    let mine = stage.presses("rita", &nudge, "Show mine").await;
    assert!(mine.ephemeral && mine.text().contains("2 deals of yours"), "{}", mine.text());
    let picked = stage.sandbox.person("rita").pick(&mine, "Choose another deal", &["D-2"]).await.expect_message();
    assert!(picked.text().contains("D-2 Umbrella"), "{}", picked.text());
    let nobody = stage.presses("ana", &nudge, "Show mine").await;
    assert!(nobody.text().contains("Nothing of yours"), "{}", nobody.text());

    let direct = stage.sandbox.dms("ben").pop().expect("a direct message");
    let mine = stage.presses("ben", &direct, "Show mine").await;
    assert!(mine.text().contains("D-3 Soylent") && !mine.text().contains("Globex"), "{}", mine.text());
    let stage = stage.restart().await;
    let step = [("Next step", "Call them"), ("Due", "friday")];
    let saved = fills(&stage, "ben", &mine, "Next step", &step).await;
    assert!(saved.text().contains("Call them"), "{}", saved.text());
    let mine = stage.presses("ben", &direct, "Show mine").await;
    assert!(mine.text().contains("Nothing of yours"), "{}", mine.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_shown_changed_and_obeyed() {
    let stage = Stage::ready().await;
    let mut said = Vec::new();
    for command in [
        "/my settings",
        "/my settings timezone:tokyo digest_hour:8 direct_messages:true",
        "/my settings timezone:Atlantis",
        "/my settings digest_hour:8",
        "/my settings",
    ] {
        let shown = stage.says("rita", command).await;
        assert!(shown.ephemeral, "{command}");
        said.push(format!("> {command}\n{}", shown.text()));
    }
    insta::assert_snapshot!(said.join("\n\n"));
    let changed = stage.says("ana", "/my settings digest_hour:8").await;
    let undone = stage.presses("ana", &changed, "Undo").await;
    assert!(undone.text().contains("Taken back"), "her first use of all: {}", undone.text());
    let as_before = stage.says("ana", "/my settings").await;
    assert!(as_before.text().contains("09:00"), "{}", as_before.text());
    let stranger = stage.says("newt", "/my settings timezone:tokyo").await;
    assert!(stranger.text().contains("role"), "{}", stranger.text());

    records(&stage, "rita", "Globex", "").await;
    // Stalled from midnight on in London, which is 09:00 in Tokyo: an hour late for hers, and nine early for all others.
    stage.wait_until("2026-11-03T23:59:00Z").await;
    assert!(stage.sandbox.dms("rita").is_empty());
    stage.wait_until("2026-11-04T00:01:00Z").await;
    assert_eq!(stage.sandbox.dms("rita").len(), 1);
    assert!(stage.reads("#nudges").is_empty(), "{:?}", stage.reads("#nudges"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_goes_by_the_hour_that_was_set_last() {
    let stage = Stage::ready().await;
    records(&stage, "rita", "Globex", "").await;
    stage.wait_until("2026-11-04T06:00:00Z").await;
    stage.says("rita", "/my settings digest_hour:7").await;
    stage.wait_until("2026-11-04T06:55:00Z").await;
    assert!(stage.reads("#nudges").is_empty(), "{:?}", stage.reads("#nudges"));
    stage.wait_until("2026-11-04T07:01:00Z").await;
    assert_eq!(stage.reads("#nudges").len(), 1, "before the workspace's hour");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_somebody_is_away_their_cover_has_their_work_and_their_reminders() {
    let stage = Stage::ready().await;
    records(&stage, "rita", "Globex", "").await;
    let mut said = Vec::new();
    for (who, command) in [
        ("rita", "/my away from:3 Nov to:2 Nov cover:@ben"),
        ("rita", "/my away from:3 Nov to:6 Nov cover:@newt"),
        ("rita", "/my away from:3 Nov to:6 Nov cover:@rita"),
        ("rita", "/my away from:3 Nov to:6 Nov cover:@ben user:@ana"),
        ("rita", "/my away from:3 Nov to:6 Nov cover:@ben"),
        ("ana", "/my away from:5 Nov to:6 Nov cover:@rita"),
        ("lena", "/my away from:5 Nov to:6 Nov cover:@ben user:@ana"),
    ] {
        let shown = stage.says(who, command).await;
        said.push(format!("{who}> {command}\n{}", shown.text()));
    }
    insta::assert_snapshot!(said.join("\n\n"));

    let before = stage.says("ben", "/my work").await;
    assert!(before.text().contains("no open deals"), "not yet: {}", before.text());
    stage.wait_until("2026-11-04T09:05:00Z").await;
    let nudge = stage.sandbox.channel("#nudges").pop().expect("a digest");
    assert_eq!(nudge.pinged, ["ben"], "{}", nudge.text());
    let covered = stage.says("ben", "/my work").await;
    assert_eq!(at(&covered), place("1 of 1", "D-1"), "{}", covered.text());

    let settings = stage.says("rita", "/my settings").await;
    let back = stage.presses("rita", &settings, "I'm back").await;
    assert!(back.text().contains("You are not away"), "{}", back.text());
    let after = stage.says("ben", "/my work").await;
    assert!(after.text().contains("no open deals"), "{}", after.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_absence_says_which_one_it_replaces() {
    let stage = Stage::ready().await;
    stage.says("rita", "/my away from:9 Nov to:13 Nov cover:@ben").await;
    let second = stage.says("rita", "/my away from:16 Nov to:20 Nov cover:@ana").await;
    let expected = "That takes the place of Mon 9 Nov to Fri 13 Nov with @ben standing in.";
    assert!(second.text().contains(expected), "{}", second.text());
    let taken_back = stage.presses("rita", &second, "Undo").await.text();
    assert!(taken_back.contains("Taken back"), "{taken_back}");
    let settings = stage.says("rita", "/my settings").await.text();
    assert!(settings.contains("Mon 9 Nov to Fri 13 Nov"), "the first one stands again: {settings}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_becomes_a_note_on_the_deal_that_is_picked() {
    let stage = Stage::ready().await;
    records(&stage, "rita", "Globex", "").await;
    records(&stage, "ben", "Soylent", "").await;
    let ana = stage.sandbox.person("ana");
    let message = ana.say("#general", "Globex wants a *pilot* first, says @everyone").await;
    let rita = stage.sandbox.person("rita");
    let asked = rita.message_menu("Log to a deal", &message).await.expect_message();
    assert!(asked.ephemeral && asked.pinged.is_empty());
    let options = &asked.selects()[0].options;
    assert!(options[0].0.starts_with("D-1 Globex"), "one's own first: {options:?}");
    let noted = rita.pick(&asked, "Choose a deal", &["D-1"]).await.expect_message();
    insta::assert_snapshot!(noted.text().replace(&message.id.to_string(), "MESSAGE"));
    let again = rita.pick(&asked, "Choose a deal", &["D-2"]).await;
    assert!(!again.text().contains("Saved"), "kept once: {}", again.text());
    let finance = stage.sandbox.person("finn").message_menu("Log to a deal", &message).await;
    assert!(finance.text().contains("@Reps"), "{}", finance.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_joint_deals_of_a_person_are_those_that_they_own_or_back_up() {
    let stage = Stage::ready().await;
    records(&stage, "rita", "Globex", "").await;
    records(&stage, "ben", "Soylent", "backup:@rita").await;
    records(&stage, "ben", "Umbrella", "").await;
    let shown = stage.sandbox.person("finn").user_menu("Joint deals", "rita").await.expect_message();
    let text = shown.text();
    assert!(shown.ephemeral && text.contains("D-1 Globex") && text.contains("D-2 Soylent"), "{text}");
    assert!(!text.contains("Umbrella"), "{text}");
    let none = stage.sandbox.person("finn").user_menu("Joint deals", "ana").await.expect_message();
    assert!(none.text().contains("none"), "{}", none.text());
    let refused = stage.sandbox.person("newt").user_menu("Joint deals", "rita").await;
    assert!(!refused.text().contains("Globex"), "{}", refused.text());
    stage.finish().await;
}
