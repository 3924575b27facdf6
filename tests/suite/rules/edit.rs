//! Rule 12: concurrent edits lose nothing.

use cosell::sandbox::Reply;

use super::super::support::Stage;
use super::{GLOBEX, deal, events};

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_a_form_on_an_old_version_is_told_what_changed_and_gets_its_text_back() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    let rita = stage.sandbox.person("rita");
    let form = rita.slash("/deal update deal:D-1").await.expect_form();
    stage.says("lena", "/deal update deal:D-1 next_step:Call the CFO due:+7d").await;
    let reply = rita.submit(&form, &[("Next step", "Book the workshop"), ("Note", "Good talk")]).await;
    let text = reply.text();
    assert!(text.contains("Call the CFO"), "what changed meanwhile: {text}");
    assert!(text.contains("Book the workshop"), "the text is given back: {text}");
    assert_eq!(
        deal(&stage, 1).await.next_step.map(|s| s.text).as_deref(),
        Some("Call the CFO"),
        "nothing was overwritten"
    );
    let Reply::Message(shown) = reply else { panic!("a message was expected") };
    let again = rita.press(&shown, "Try again").await.expect_form();
    let saved = rita.submit(&again, &[]).await.expect_message();
    assert!(saved.text().contains("Book the workshop"), "{}", saved.text());
    assert_eq!(deal(&stage, 1).await.next_step.map(|s| s.text).as_deref(), Some("Book the workshop"));
    stage.finish().await;
}

/// A form on a card: the button that leads to it, what is picked on the way, and what is typed into it.
type Opened = (&'static str, Option<(&'static str, &'static str)>, &'static [(&'static str, &'static str)]);

const FORMS: &[Opened] = &[
    ("Done", None, &[("Next step", "Book the workshop"), ("Due", "+3d")]),
    (
        "Stage",
        Some(("Choose a stage", "Qualified")),
        &[("Amount", "5k"), ("Expected close", "20 Jan"), ("why", "Known for years")],
    ),
    ("Won", None, &[("Amount", "2k"), ("Won on", "today"), ("why", "Known for years")]),
    ("Lost", Some(("Choose the reason", "Price or terms")), &[("Details", "Half of ours")]),
    ("Waiting", Some(("Waiting on…", "Legal")), &[("What for", "Signed NDA")]),
    ("Snooze", None, &[("Until", "+3d"), ("Why", "They are at a fair")]),
];

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_no_form_overwrites_what_changed_while_it_was_open() {
    let stage = Stage::ready().await;
    let lena = stage.sandbox.person("lena");
    for (n, (button, pick, texts)) in (1..).zip(FORMS) {
        let account = ["Globex", "Umbrella", "Acme", "Vandelay", "Wonka", "Stark"][n as usize - 1];
        let new = format!("/deal new account:{account} partner:Initech source:undecided next_step:Call due:+3d");
        stage.says("rita", &new).await;
        let card = stage.says("lena", &format!("/deal view deal:D-{n}")).await;
        let form = match (lena.press(&card, button).await, pick) {
            (Reply::Message(question), Some((menu, value))) => match lena.pick(&question, menu, &[value]).await {
                Reply::Message(unmet) => lena.press(&unmet, "Pass with a reason").await.expect_form(),
                reply => reply.expect_form(),
            },
            (reply, _) => reply.expect_form(),
        };
        stage.says("ada", &format!("/deal update deal:D-{n} amount:77k next_step:Call the CFO due:+7d")).await;
        let before = deal(&stage, n).await;
        let told = lena.submit(&form, texts).await.expect_message();
        let text = told.text();
        assert!(text.contains("$77,000") && text.contains("@ada"), "{button}: what changed: {text}");
        assert!(texts.iter().all(|(_, typed)| text.contains(typed)), "{button}: the text is given back: {text}");
        assert_eq!(deal(&stage, n).await, before, "{button}: nothing was overwritten");
        let again = lena.press(&told, "Try again").await.expect_form();
        let saved = lena.submit(&again, &[]).await.expect_message().text();
        assert!(saved.contains("Saved."), "{button}: {saved}");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_what_a_form_was_filled_with_is_not_taken_for_what_somebody_typed() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:2k").await;
    let lena = stage.sandbox.person("lena");
    let card = stage.says("lena", "/deal view deal:D-1").await;
    let form = lena.press(&card, "Won").await.expect_form();
    stage.says("ada", "/deal update deal:D-1 amount:77k").await;
    let told = lena.submit(&form, &[("why", "Known for years")]).await.expect_message();
    assert!(told.text().contains("$2,000 → $77,000"), "{}", told.text());
    let again = lena.press(&told, "Try again").await.expect_form();
    assert_eq!(again.field("Amount").map(|field| field.value.as_str()), Some("77000"));
    // A note stands in nobody's way; a deal that was won meanwhile can't be won again, and no button says that it can.
    stage.says("ben", "/deal update deal:D-1 note:They are ready to sign").await;
    let late = lena.press(&told, "Try again").await.expect_form();
    let won = lena.submit(&again, &[]).await.expect_message().text();
    assert!(won.contains("Saved. D-1"), "{won}");
    assert_eq!(deal(&stage, 1).await.amount, Some(7_700_000));
    let ended = lena.submit(&late, &[("Amount", "80k")]).await.expect_message().text();
    assert!(ended.contains("won already") && ended.contains("80k"), "{ended}");
    assert!(!ended.contains("[Try again]"), "{ended}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_fifty_edits_at_once_lose_nothing() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    let people: Vec<_> = (0..50)
        .map(|n| (stage.sandbox.person("rita"), format!("/deal update deal:D-1 note:Note number {n}")))
        .collect();
    let replies = futures::future::join_all(people.iter().map(|(rita, text)| rita.slash(text))).await;
    assert!(replies.iter().all(|reply| matches!(reply, Reply::Message(_))), "{replies:?}");
    let notes = events(&stage, 1)
        .await
        .iter()
        .filter(|e| e.text.as_deref().is_some_and(|t| t.starts_with("Note number")))
        .count();
    assert_eq!(notes, 50);
    stage.finish().await;
}
