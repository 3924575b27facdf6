//! What people typed, as it stands in the JSON that Discord is sent: not as the stand-in prints it, which could hide what
//! Discord would read as markdown.

use super::support::Stage;
use super::support::markdown::{markdown, unescaped};

/// A link that looks like something else, pings, a code block that is left open, a heading.
const NASTY: &str = "[click](http://evil.example) @everyone <@&1> ``` **x**";

#[test]
fn only_what_is_escaped_is_left_out() {
    assert_eq!(unescaped(r"\[click\](x) \`\`\`"), "click(x) ");
    assert_eq!(unescaped("[click](x) ```"), "[click](x) ```");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_typed_text_is_escaped_in_the_json_that_is_sent() {
    let stage = Stage::ready().await;
    stage.says("lena", &format!("/partner add name:Partner {NASTY}")).await;
    stage
        .says("lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Thursday time:09:30")
        .await;
    let nasty = |what: &str| format!("{what} {NASTY}");
    let new = format!(
        "/deal new account:{} partner:Initech source:sourced evidence:{} next_step:{} due:+1d crm:{}",
        nasty("Account"),
        nasty("Evidence"),
        nasty("Step"),
        nasty("Crm")
    );
    let rita = stage.sandbox.person("rita");
    stage.says("rita", &new).await;
    let similar = stage.says("rita", &new.replace("Initech", &nasty("Partner"))).await;
    stage.presses("rita", &similar, "Note it on D-1").await;
    stage.says("rita", &format!("/deal update deal:D-1 note:{}", nasty("Note"))).await;
    stage.says("rita", &format!("/deal update deal:D-99 note:{}", nasty("Lost"))).await;
    stage
        .says(
            "rita",
            &format!("/deal update deal:D-1 amount:{} note:{}", "Money [click](http://evil.example)", nasty("Refused")),
        )
        .await;
    stage.says("rita", &format!("/deal wait deal:D-1 on:Legal note:{}", nasty("Wait"))).await;
    stage.says("rita", &format!("/deal snooze deal:D-1 until:+1d why:{}", nasty("Snooze"))).await;
    let form = rita.slash("/deal update deal:D-1").await.expect_form();
    rita.submit(&form, &[("Note", &format!("Lines\n# {NASTY}\n> {NASTY}"))]).await.expect_message();
    for command in ["/deal view deal:D-1", "/deal history deal:D-1", "/deal list", "/my work", "/partner list"] {
        stage.says("rita", command).await;
    }
    // Team line, reminder and agenda.
    stage.wait_until("2026-11-05T08:35:00Z").await;
    let requests = stage.sandbox.requests();
    let sent: Vec<&str> = requests.iter().flat_map(|request| markdown(&request.body)).collect();
    for what in ["Account", "Evidence", "Step", "Crm", "Partner", "Note", "Lost", "Money", "Refused", "Wait", "Snooze"]
    {
        let shown = format!("{what} \\[click\\](");
        assert!(sent.iter().any(|text| text.contains(&shown)), "{what} was sent nowhere");
    }
    for text in sent {
        let read = unescaped(text);
        for forged in ["](", "```", "@everyone", "@here", "<@&1>", "**x", "\n# ", "\n> "] {
            assert!(!read.contains(forged), "“{forged}” is read as markdown in:\n{text}");
        }
    }
    stage.finish().await;
}
