//! What is said when a change of a deal is refused, and what is given back of what was typed.

use super::support::Stage;

/// Fails unless a text holds each of some parts.
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no “{part}” in:\n{text}");
    }
}

/// A stage with D-1 Globex, recorded by Rita.
async fn with_globex() -> Stage {
    let stage = Stage::ready().await;
    let globex = "/deal new account:Globex partner:Initech source:undecided amount:120k close:15 Dec next_step:Discovery call due:+3d";
    holds(&stage.says("rita", globex).await.text(), &["Saved as D-1"]);
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rest_that_would_be_over_already_says_what_to_give() {
    let stage = with_globex().await;
    let past = stage.says("rita", "/deal wait deal:D-1 on:Legal until:2026-10-30").await.text();
    holds(&past, &["until", "Fri 30 Oct is past", "still to come", "`+5d`", "[Try again]"]);
    let today = stage.says("rita", "/deal snooze deal:D-1 until:today why:They are at a fair").await.text();
    holds(&today, &["Mon 2 Nov is today", "still to come", "They are at a fair"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_may_be_recorded_after_it_was_won() {
    let stage = with_globex().await;
    let ahead =
        stage.says("lena", "/deal won deal:D-1 on:2026-11-03 reason:Signed before it was recorded").await.text();
    holds(&ahead, &["Tue 3 Nov is still to come"]);
    let closed =
        stage.says("lena", "/deal won deal:D-1 on:2026-09-30 reason:Signed before it was recorded").await.text();
    holds(&closed, &["Wed 30 Sep is too long ago", "Thu 1 Oct or later", "this quarter", "[Try again]"]);
    let won = stage.says("lena", "/deal won deal:D-1 on:2026-10-02 reason:Signed before it was recorded").await.text();
    holds(&won, &["Saved. D-1", "won on Fri 2 Oct"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_in_another_currency_says_which_one_is_meant() {
    let stage = with_globex().await;
    let refused = stage.says("rita", "/deal update deal:D-1 amount:€5k note:They pay in euros").await;
    let parts = ["“€5k” isn't in USD", "nothing is converted", "`$120,000`", "They pay in euros"];
    holds(&refused.text(), &parts);
    let form = stage.sandbox.person("rita").press(&refused, "Try again").await.expect_form();
    let saved = stage.sandbox.person("rita").submit(&form, &[("Amount", "5.5k")]).await.expect_message();
    holds(&saved.text(), &["$120,000 → $5,500", "They pay in euros"]);
    let new = stage.says("rita", "/deal new account:Acme partner:Hooli source:undecided amount:£5k").await;
    let form = stage.sandbox.person("rita").press(&new, "Try again").await.expect_form();
    let saved = stage.sandbox.person("rita").submit(&form, &[("Amount", "6k")]).await.expect_message();
    holds(&saved.text(), &["Saved as D-2 Acme", "$6,000"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_sent_as_it_came_says_that_nothing_changed() {
    let stage = with_globex().await;
    let rita = stage.sandbox.person("rita");
    let form = rita.slash("/deal update deal:D-1").await.expect_form();
    let unchanged = rita.submit(&form, &[]).await.expect_message().text();
    holds(&unchanged, &["Nothing changed"]);
    assert!(!unchanged.contains("Your text") && !unchanged.contains("[Try again]"), "{unchanged}");
    // An input that was emptied is a wish, and holds no text.
    stage.says("lena", "/deal stage deal:D-1 stage:Qualified reason:Known for years").await;
    let form = rita.slash("/deal update deal:D-1").await.expect_form();
    let emptied = rita.submit(&form, &[("Amount", "")]).await.expect_message().text();
    holds(&emptied, &["needed to leave Prospect", "[Try again]"]);
    assert!(!emptied.contains("Your text"), "{emptied}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_for_a_deal_that_is_not_there_is_given_back() {
    let stage = with_globex().await;
    for (command, typed) in [
        (
            "/deal update deal:D-99 note:The CFO joined, and wants a pilot crm:SF-17",
            "The CFO joined, and wants a pilot",
        ),
        ("/deal update deal:globx industries note:The CFO joined", "The CFO joined"),
        ("/deal stage deal:D-99 stage:Qualified reason:They called us back", "They called us back"),
        ("/deal stage deal:D-1 stage:Qualifed reason:They called us back", "They called us back"),
        ("/deal lost deal:D-99 reason:Price or terms detail:Half of ours", "Half of ours"),
        ("/deal reopen deal:D-99 why:The contract came back", "The contract came back"),
        ("/deal wait deal:D-99 on:Legal note:Signed NDA", "Signed NDA"),
        ("/deal snooze deal:D-99 until:+3d why:They are at a fair", "They are at a fair"),
    ] {
        let answer = stage.says("rita", command).await;
        assert!(answer.ephemeral, "{command}");
        holds(&answer.text(), &["There is no", "Your text", typed, "copy it from here"]);
    }
    let nothing = stage.says("rita", "/deal update deal:D-99").await.text();
    assert!(nothing.contains("There is no deal") && !nothing.contains("Your text"), "{nothing}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_no_form_has_room_for_goes_with_the_next_try() {
    let stage = with_globex().await;
    let rita = stage.sandbox.person("rita");
    let refused = stage.says("rita", "/deal update deal:D-1 amount:lots crm:SF-17").await;
    holds(&refused.text(), &["CRM id or link", "SF-17"]);
    let form = rita.press(&refused, "Try again").await.expect_form();
    let again = rita.submit(&form, &[("Amount", "a lot")]).await.expect_message();
    holds(&again.text(), &["a lot", "SF-17"]);
    let form = rita.press(&again, "Try again").await.expect_form();
    let saved = rita.submit(&form, &[("Amount", "90k")]).await.expect_message();
    holds(&saved.text(), &["$120,000 → $90,000", "CRM SF-17"]);
    // The same where a form opens at once for what is missing.
    stage.says("rita", "/deal new account:Acme partner:Hooli source:undecided").await;
    let form = rita.slash("/deal update deal:D-2 due:friday crm:SF-18").await.expect_form();
    let saved = rita.submit(&form, &[("Next step", "Call them")]).await.expect_message();
    holds(&saved.text(), &["Call them", "CRM SF-18"]);
    stage.finish().await;
}
