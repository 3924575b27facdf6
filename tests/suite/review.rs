//! Scheduling reviews, as leads do it in Discord.

use cosell::sandbox::Shown;

use super::deal::NAMES;
use super::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn reviews_are_scheduled_changed_skipped_and_ended() {
    let stage = Stage::ready().await;
    let mut said = Vec::new();
    for command in [
        "/review list",
        "/review schedule name:Pipeline review channel:#pipeline every:Every 2 weeks weekday:Tuesday time:9:30",
        "/review schedule name:Monthly channel:#ops every:Every month weekday:Monday time:2pm week:Last timezone:new york partner:Initech post_before:15 holiday:Skip it",
        "/review schedule name:pipeline review channel:#pipeline every:Every 2 weeks weekday:Tuesday time:10:00 post_before:30",
        "/review schedule name:Broken channel:#ops every:Every week weekday:Friday time:noonish week:Last timezone:Berlni starts:someday partner:Initek",
        "/review skip review:Pipeline review date:17 Nov",
        "/review skip review:Pipeline review date:18 Nov",
        "/review skip review:Pipeline date:17 Nov",
        "/review list",
        "/review cancel review:Monthly",
        "/review list",
    ] {
        let shown = stage.says("lena", command).await;
        assert!(shown.ephemeral, "{command}");
        said.push(format!("> {command}\n{}", shown.text()));
    }
    insta::assert_snapshot!(said.join("\n\n"));
    let refused = stage.says("rita", "/review cancel review:Pipeline review").await;
    assert!(refused.text().contains("for a lead"), "{}", refused.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_review_comes_as_a_file_for_calendars() {
    let stage = Stage::ready().await;
    let weekly = "/review schedule name:West, Q4; all channel:#reviews every:Every week weekday:Friday";
    let file = |shown: &Shown| {
        let [file] = &shown.attachments[..] else { panic!("one file: {}", shown.text()) };
        assert_eq!(file.name, "cosell-review.ics");
        String::from_utf8(file.bytes.to_vec()).unwrap().replace("\r\n ", "")
    };
    let scheduled = stage.says("lena", &format!("{weekly} time:9:30")).await;
    assert!(scheduled.ephemeral && scheduled.text().contains("puts it into a calendar"), "{}", scheduled.text());
    let first = file(&scheduled);
    assert!(first.contains("SUMMARY:West\\, Q4\\; all\r\n") && first.contains("SEQUENCE:1\r\n"), "{first}");
    assert!(first.contains("DTSTART;TZID=Europe/London:20261106T093000\r\n"), "{first}");
    let channel = format!("URL:https://discord.com/channels/{}/", stage.guild());
    assert!(first.contains(&channel), "{first}");

    stage.says("lena", "/review skip review:West, Q4; all date:13 Nov").await;
    let changed = file(&stage.says("lena", &format!("{weekly} time:10:00")).await);
    assert!(changed.contains("EXDATE;TZID=Europe/London:20261113T100000\r\n"), "{changed}");
    assert!(changed.contains("SEQUENCE:3\r\n"), "{changed}");
    let id = |text: &str| text.lines().find(|line| line.starts_with("UID:")).map(str::to_owned);
    assert_eq!(id(&first), id(&changed), "a calendar changes it in place");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_leads_to_commands_and_knows_its_topics() {
    let stage = Stage::empty().await;
    let mut said = Vec::new();
    for command in ["/help", "/help topic:reviews", "/help topic:stalls", "/help topic:rockets"] {
        said.push(format!("> {command}\n{}", stage.says("rita", command).await.text()));
    }
    insta::assert_snapshot!(said.join("\n\n"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_no_role_is_told_whom_to_ask() {
    let stage = Stage::ready().await;
    let mut said = Vec::new();
    for command in ["/help", "/help topic:roles", "/deal list", "/deal new account:A partner:Hooli source:Undecided"] {
        said.push(format!("> {command}\n{}", stage.says("newt", command).await.text()));
    }
    let said = said.join("\n\n");
    assert!(!said.contains("/cosell"), "they can't see those commands: {said}");
    insta::assert_snapshot!(said);
    assert!(!stage.says("rita", "/help").await.text().contains("no role"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agenda_is_shown_to_whoever_asks_and_its_figures_open_to_deals() {
    let stage = Stage::ready().await;
    let none = stage.says("rita", "/review agenda").await;
    assert!(none.text().contains("No reviews yet"), "{}", none.text());
    stage
        .says(
            "lena",
            "/review schedule name:Pipeline review channel:#pipeline every:Every week weekday:Tuesday time:9:30",
        )
        .await;
    let empty = stage.says("rita", "/review agenda").await;
    assert!(empty.ephemeral && empty.selects().is_empty(), "{}", empty.text());

    stage.says("rita", "/deal new account:Globex partner:Initech source:Sourced evidence:Their AE made the intro amount:120k close:15 Dec next_step:Send the proposal due:friday").await;
    stage.says("ben", "/deal new account:Hooli Labs partner:Hooli source:Undecided").await;
    let shared = stage.says("rita", "/review agenda review:pipeline review share:true").await;
    assert!(!shared.ephemeral && shared.pinged.is_empty());
    assert!(shared.attachments[0].description.is_some(), "the picture has words for those who can't see it");
    insta::assert_snapshot!("agenda_shown", shared.text());

    let opened =
        stage.sandbox.person("ben").pick(&shared, "Show deals", &["Moved, new, won and lost"]).await.expect_message();
    assert!(opened.ephemeral, "what stands behind a figure is for the presser");
    insta::assert_snapshot!("agenda_figure", opened.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_agenda_tells_of_deals_from_before_its_review() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:Undecided").await;
    stage.wait_until("2026-11-27T12:00:00Z").await;
    let weekly = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:9:30";
    stage.says("lena", weekly).await;
    stage.wait_until("2026-12-01T08:31:00Z").await;
    let first = stage.reads("#reviews").pop().expect("the first agenda");
    assert!(first.contains("Since Thu 1 Oct · 1\nD-1 Globex · @rita: new, undecided"), "{first}");
    stage.wait_until("2026-12-08T08:31:00Z").await;
    let second = stage.reads("#reviews").pop().expect("the second agenda");
    assert!(second.contains("Nothing moved since the last meeting"), "{second}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agenda_that_was_posted_before_an_undo_is_named_in_it() {
    let stage = Stage::ready().await;
    stage.wait_until("2026-11-03T09:00:00Z").await;
    let now = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:9:30 post_before:15";
    let scheduled = stage.says("lena", now).await;
    let undone = stage.presses("lena", &scheduled, "Undo").await;
    assert!(
        undone.text().contains("Taken back. Weekly doesn't meet.") && !undone.text().contains("posted"),
        "{}",
        undone.text()
    );

    stage.wait_until("2026-11-03T09:14:50Z").await;
    let scheduled = stage.says("lena", now).await;
    stage.wait_until("2026-11-03T09:15:30Z").await;
    let agenda = stage.sandbox.channel("#reviews").pop().expect("the agenda was posted");
    let undone = stage.presses("lena", &scheduled, "Undo").await.text();
    assert!(
        undone.contains("was posted in the meantime and stays") && undone.contains(&agenda.id.to_string()),
        "{undone}"
    );
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_of_many_deals_opens_page_by_page() {
    let stage = Stage::ready().await;
    stage
        .says(
            "lena",
            "/review schedule name:Pipeline review channel:#pipeline every:Every week weekday:Tuesday time:9:30",
        )
        .await;
    for name in &NAMES[..16] {
        stage.says("rita", &format!("/deal new account:{name} partner:Initech source:Undecided")).await;
    }
    stage.wait_until("2026-11-03T08:31:00Z").await;
    let posted = stage.sandbox.channel("#pipeline").into_iter().find(|shown| shown.select("Show deals").is_some());
    let posted = posted.expect("the agenda was posted an hour ahead");
    let first = stage
        .sandbox
        .person("ben")
        .pick(&posted, "Show deals", &["Gaps in class and ownership"])
        .await
        .expect_message();
    assert!(first.ephemeral && first.text().contains("Page 1 of 2"), "{}", first.text());
    let second = stage.presses("ben", &first, "▶").await;
    assert_eq!(second.id, first.id, "the page takes the place of its neighbour");
    assert!(second.text().contains("Page 2 of 2") && second.text().contains("D-16"), "{}", second.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agenda_says_so_when_its_meeting_is_called_off() {
    let stage = Stage::ready().await;
    for (name, time) in [("Weekly", "9:30"), ("Other", "9:40")] {
        let schedule = "channel:#reviews every:Every week weekday:Tuesday";
        stage.says("lena", &format!("/review schedule name:{name} {schedule} time:{time}")).await;
    }
    stage.wait_until("2026-11-03T09:00:00Z").await;
    let agendas = stage.reads("#reviews");
    assert!(agendas.iter().all(|agenda| agenda.contains("meets")), "{agendas:?}");
    let undone = stage.says("lena", "/review skip review:Weekly date:3 Nov").await;
    assert!(undone.text().contains("Its agenda says so in a minute"), "{}", undone.text());
    stage.presses("lena", &undone, "Undo").await;
    stage.wait_until("2026-11-03T09:05:00Z").await;
    let heads =
        |agendas: &[String]| agendas.iter().map(|agenda| agenda.lines().skip(1).collect()).collect::<Vec<String>>();
    assert_eq!(heads(&stage.reads("#reviews")), heads(&agendas), "it was taken back");

    stage.says("lena", "/review skip review:Weekly date:3 Nov").await;
    stage.says("lena", "/review cancel review:Other").await;
    stage.wait_until("2026-11-03T09:10:00Z").await;
    insta::assert_snapshot!("called_off", stage.reads("#reviews").join("\n---\n"));
    let shown = stage.sandbox.channel("#reviews");
    assert!(shown.iter().all(|shown| shown.selects().is_empty() && shown.attachments.is_empty()));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reviews_contacts_and_holidays_turn_page_by_page() {
    let stage = Stage::ready().await;
    let weekly = "channel:#reviews every:Every week weekday:Friday time:16:00";
    for name in &NAMES[..14] {
        stage.says("lena", &format!("/review schedule name:{name} {weekly}")).await;
        stage.says("lena", &format!("/partner contact partner:Initech name:{name}")).await;
    }
    for day in 1..=30 {
        stage.says("ada", &format!("/cosell holidays add:2027-04-{day:02} name:Day {day}")).await;
    }
    let first = stage.says("rita", "/review list").await;
    assert!(first.text().contains("14 reviews · Page 1 of 2"), "{}", first.text());
    let second = stage.presses("rita", &first, "▶").await;
    assert!(second.text().contains(NAMES[13]) && !second.text().contains(NAMES[0]), "{}", second.text());

    let card = stage.says("rita", "/partner view partner:Initech").await;
    let first = stage.presses("rita", &card, "Contacts").await;
    assert!(first.ephemeral && first.text().contains("14 contacts · Page 1 of 2"), "{}", first.text());
    let second = stage.presses("rita", &first, "▶").await;
    assert!(second.text().contains(NAMES[13]) && !second.text().contains(NAMES[0]), "{}", second.text());

    let first = stage.says("ada", "/cosell holidays").await;
    assert!(first.text().contains("30 holidays ahead") && first.text().contains("Page 1 of 2"), "{}", first.text());
    let second = stage.presses("ada", &first, "▶").await;
    assert!(second.text().contains("Day 30") && !second.text().contains("Day 3\n"), "{}", second.text());
    stage.finish().await;
}
