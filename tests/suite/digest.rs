//! What rides in the one message that a person gets a day beside new stalls: classes to settle, and collection before a
//! review.

use cosell::sandbox::Shown;

use super::support::Stage;

/// A deal whose next step keeps it from stalling until 23 November.
async fn quiet(stage: &Stage, who: &str, account: &str, rest: &str) {
    let command = format!("/deal new account:{account} partner:Initech next_step:Send the offer due:2026-11-22 {rest}");
    let shown = stage.says(who, &command).await;
    assert!(shown.text().contains("D-"), "{}", shown.text());
}

/// Passes the digest hours of some days of November 2026 and returns what was said in the nudge channel: the day, who
/// was pinged, and the first line; but for what tells partner managers of claims.
async fn nudges(stage: &Stage, days: std::ops::RangeInclusive<u32>) -> Vec<(String, Vec<String>, String)> {
    let before = stage.sandbox.channel("#nudges").len();
    for day in days {
        stage.wait_until(&format!("2026-11-{day:02}T09:05:00Z")).await;
    }
    let said = |shown: &Shown| {
        let line = shown.text().lines().next().unwrap_or_default().to_owned();
        (shown.at.format("%-d").to_string(), shown.pinged.clone(), line)
    };
    let of_claims = |(_, _, line): &(String, Vec<String>, String)| line.contains("to confirm with");
    stage.sandbox.channel("#nudges")[before..].iter().map(said).filter(|said| !of_claims(said)).collect()
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

const SOURCED: &str = "source:sourced evidence:They brought us in";

#[tokio::test(flavor = "multi_thread")]
async fn before_a_review_each_owner_is_asked_about_what_is_stalled() {
    let stage = Stage::ready().await;
    // Stalled from the 5th on, so that the second level comes on the 10th: on the 6th nobody's level is new.
    quiet(&stage, "rita", "Globex", &format!("{SOURCED} close:2026-11-04")).await;
    quiet(&stage, "rita", "Umbrella", &format!("{SOURCED} close:2026-11-04")).await;
    quiet(&stage, "ana", "Soylent", SOURCED).await;
    stage
        .says(
            "ben",
            &format!("/deal new account:Wayne partner:Hooli close:2026-11-04 {SOURCED} next_step:Call due:2026-11-22"),
        )
        .await;
    let schedule = "/review schedule name:Initech weekly channel:#reviews every:Every week weekday:Monday time:09:30 partner:Initech";
    let scheduled = stage.says("lena", schedule).await.text();
    assert!(scheduled.contains("owners are asked to bring their stalled deals up to date"), "{scheduled}");

    let said = nudges(&stage, 3..=5).await;
    assert_eq!(said.len(), 1, "level 1: {said:?}");
    // Monday, the 9th, is the review's day, so that Friday, the 6th, is the business day before.
    let said = nudges(&stage, 6..=6).await;
    let [(_, pinged, line)] = &said[..] else { panic!("{said:?}") };
    assert_eq!(pinged, &["rita"], "ben's deal is not with Initech, ana's not stalled");
    assert!(line.starts_with("@rita: Initech weekly meets ") && line.contains("bring 2 deals up to date"), "{line}");
    assert!(line.ends_with("; D-1 Globex, close 2 days past, and 1 more"), "{line}");
    let said = nudges(&stage, 7..=9).await;
    assert!(said.iter().all(|(_, _, line)| !line.contains("meets")), "once an occurrence: {said:?}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn collection_is_at_each_persons_hour_and_goes_to_the_cover_of_who_is_away() {
    let stage = Stage::ready().await;
    stage.says("ben", "/my settings timezone:tokyo").await;
    for (who, account) in [("rita", "Globex"), ("ben", "Soylent")] {
        quiet(&stage, who, account, &format!("{SOURCED} close:2026-11-03")).await;
    }
    stage
        .says("lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Monday time:09:30")
        .await;
    nudges(&stage, 3..=5).await;
    stage.says("rita", "/my away from:6 Nov to:6 Nov cover:@ana").await;
    let before = stage.sandbox.channel("#nudges").len();
    // 09:00 in Tokyo is midnight in London.
    stage.wait_until("2026-11-06T00:05:00Z").await;
    stage.wait_until("2026-11-06T09:05:00Z").await;
    let said = stage.sandbox.channel("#nudges");
    let pinged: Vec<_> =
        said[before..].iter().map(|shown| (shown.at.format("%H:%M").to_string(), shown.pinged.clone())).collect();
    assert_eq!(pinged, [("00:00".to_owned(), vec!["ben".to_owned()]), ("09:00".to_owned(), vec!["ana".to_owned()])]);
    assert!(said[before..].iter().all(|shown| shown.text().contains("Weekly meets")), "{:?}", stage.reads("#nudges"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_collects_only_where_it_is_to_and_only_when_it_meets() {
    let stage = Stage::ready().await;
    quiet(&stage, "rita", "Globex", &format!("{SOURCED} close:2026-11-03")).await;
    let schedule = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Monday time:09:30";
    stage.says("lena", schedule).await;
    stage.says("lena", "/review skip review:Weekly date:2026-11-09").await;
    assert_eq!(nudges(&stage, 3..=6).await.len(), 1, "level 1 on the 4th; the 9th was skipped");
    let without = stage.says("lena", &format!("{schedule} collect:false")).await.text();
    assert!(without.contains("not asked"), "{without}");
    let listed = stage.says("lena", "/review list").await.text();
    assert!(listed.contains("asks nobody before"), "{listed}");
    let said = nudges(&stage, 7..=13).await;
    assert!(said.iter().all(|(_, _, line)| !line.contains("meets")), "{said:?}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_the_leads_message_a_lead_finds_the_deals_that_it_is_about() {
    let stage = Stage::ready().await;
    quiet(&stage, "rita", "Globex", &format!("{SOURCED} close:2026-11-03")).await;
    quiet(&stage, "ben", "Umbrella", &format!("{SOURCED} close:2026-11-03")).await;
    quiet(&stage, "lena", "Soylent", &format!("{SOURCED} close:2026-11-13")).await;
    let said = nudges(&stage, 3..=16).await;
    let (_, pinged, _) = said.last().expect("the leads' line");
    assert!(pinged.contains(&"Leads".to_owned()), "{said:?}");
    let nudge = stage.sandbox.channel("#nudges").pop().expect("the leads' message");
    let shown = stage.presses("lena", &nudge, "Show mine").await;
    assert!(shown.ephemeral && shown.text().contains("3 deals to look after as a lead"), "{}", shown.text());
    let stage = stage.restart().await;
    let lena = stage.sandbox.person("lena");
    let picked = lena.pick(&shown, "Choose another deal", &["D-2"]).await.expect_message();
    assert!(picked.text().contains("D-2 Umbrella") && picked.text().contains("as a lead"), "{}", picked.text());
    assert!(picked.button("Hand over").is_some() && picked.button("Lost").is_some());
    let rita = stage.presses("rita", &nudge, "Show mine").await;
    assert!(rita.text().contains("1 deal of yours") && !rita.text().contains("Umbrella"), "{}", rita.text());
    let ana = stage.presses("ana", &nudge, "Show mine").await;
    assert!(ana.text().contains("Nothing of yours"), "{}", ana.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_leads_line_comes_on_its_day_without_a_ping_when_one_of_them_was_pinged_by_name() {
    let stage = Stage::ready().await;
    stage.says("lena", "/my settings digest_hour:7").await;
    quiet(&stage, "rita", "Globex", &format!("{SOURCED} close:2026-11-03")).await;
    for (day, account) in (13..=17).zip(["Umbrella", "Soylent", "Tyrell", "Wonka", "Acme"]) {
        quiet(&stage, "lena", account, &format!("{SOURCED} close:2026-11-{day:02}")).await;
    }
    let mut said = nudges(&stage, 3..=18).await;
    said.retain(|(_, _, line)| line.contains("heading the next agenda"));
    let [(day, pinged, line)] = &said[..] else { panic!("{said:?}") };
    assert_eq!(day, "16", "eight business days after the 4th");
    assert!(pinged.is_empty() && line.starts_with("@Leads: 1 deal needs you"), "{pinged:?} {line}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_reminder_counts_from_the_day_of_the_first() {
    let stage = Stage::ready().await;
    // Agendas ping rita on Tuesday, the 10th, and on Wednesday, the 11th, before her hour.
    stage.says("rita", "/my settings digest_hour:12").await;
    for (name, weekday) in [("Tuesdays", "Tuesday"), ("Wednesdays", "Wednesday")] {
        let schedule = format!("/review schedule name:{name} channel:#reviews every:Every week weekday:{weekday}");
        stage.says("lena", &format!("{schedule} time:09:30 collect:false")).await;
    }
    quiet(&stage, "rita", "Globex", &format!("{SOURCED} close:2026-11-09")).await;
    let before = stage.sandbox.channel("#nudges").len();
    for day in 9..=20 {
        stage.wait_until(&format!("2026-11-{day:02}T12:05:00Z")).await;
    }
    let said = stage.sandbox.channel("#nudges");
    let of_rita = said[before..].iter().filter(|shown| shown.pinged.contains(&"rita".to_owned()));
    let told: Vec<(String, bool)> =
        of_rita.map(|shown| (shown.at.format("%-d").to_string(), shown.text().contains("second reminder"))).collect();
    assert_eq!(told, [("12".to_owned(), false), ("19".to_owned(), true)], "the 17th and 18th have agendas");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_names_the_most_pressing_deal() {
    let stage = Stage::ready().await;
    for (account, amount) in [("Globex", "10k"), ("Umbrella", "90k"), ("Soylent", "50k")] {
        quiet(&stage, "rita", account, &format!("source:undecided close:2026-11-03 amount:{amount}")).await;
    }
    let said = nudges(&stage, 3..=4).await;
    let [(_, _, line)] = &said[..] else { panic!("{said:?}") };
    assert_eq!(line, "@rita: D-2 Umbrella, close 1 day past, and 2 more");
    stage.finish().await;
}
