//! The motion: the play that a rep follows, its next version, and what a lead passes over.

use chrono::Duration;
use cosell::sandbox::Shown;

use super::support::Stage;

/// Fails unless a text holds each of some parts.
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no “{part}” in:\n{text}");
    }
}

/// A stage with D-1 Globex, recorded by Rita without a next step, and the answer to it.
async fn with_globex() -> (Stage, Shown) {
    let stage = Stage::ready().await;
    let recorded =
        stage.says("rita", "/deal new account:Globex partner:Initech source:undecided amount:120k close:15 Dec").await;
    (stage, recorded)
}

/// Opens the checklist of a deal from its card and chooses what is true.
async fn ticks(stage: &Stage, who: &str, deal: &str, places: &[&str]) -> Shown {
    let card = stage.says(who, &format!("/deal view deal:{deal}")).await;
    let checklist = stage.presses(who, &card, "Criteria").await;
    stage.sandbox.person(who).pick(&checklist, "What is true", places).await.expect_message()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rep_runs_a_deal_by_the_play() {
    let (stage, recorded) = with_globex().await;
    let mut said = vec![stage.says("rita", "/motion show").await.text()];
    holds(
        &recorded.text(),
        &["The motion proposes", "[Set next step: Call the partner's account owner", "due Mon 9 Nov]"],
    );
    said.push(stage.presses("rita", &recorded, "Set next step").await.text());
    said.push(stage.says("rita", "/deal stage deal:D-1 stage:Qualified").await.text());
    said.push(ticks(&stage, "rita", "D-1", &["0", "1"]).await.text());
    holds(
        &stage.says("rita", "/deal view deal:D-1").await.text(),
        &["To leave Prospect: Partner's account owner named (partner)"],
    );
    let done = ticks(&stage, "rita", "D-1", &["0", "1", "2"]).await;
    said.push(done.text());
    let asked = stage.presses("rita", &done, "Stage").await;
    let moved = stage.sandbox.person("rita").pick(&asked, "Choose a stage", &["qualified"]).await.expect_message();
    said.push(moved.text());
    holds(&moved.text(), &["Prospect → Qualified", "[Set next step: Book the joint discovery call"]);
    let taken = stage.presses("rita", &moved, "Set next step").await;
    holds(&taken.text(), &["Book the joint discovery call: budget holder, partner and us", "Mon 9 Nov"]);
    holds(&stage.presses("rita", &recorded, "Set next step").await.text(), &["out of date"]);
    said.push(stage.says("rita", "/deal view deal:D-1").await.text());
    insta::assert_snapshot!(said.join("\n\n"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unmet_is_a_leads_to_pass_with_a_reason_that_stays() {
    let (stage, _) = with_globex().await;
    let schedule = "/review schedule name:Pipeline channel:#reviews every:Every week weekday:Tuesday time:09:30";
    stage.says("lena", schedule).await;
    let refused = stage.says("rita", "/deal stage deal:D-1 stage:Technical Validation").await;
    holds(
        &refused.text(),
        &[
            "7 exit criteria are unmet",
            "To leave Qualified: Budget holder met (ours)",
            "Partner sponsor named (partner)",
            "@Leads",
            "[Criteria]",
        ],
    );
    let asked = stage.presses("rita", &refused, "Ask a lead to pass").await;
    holds(&asked.text(), &["asked a lead to pass what is unmet on the way to Technical Validation"]);
    let agenda = stage.says("lena", "/review agenda").await.text();
    holds(&agenda, &["Needs a decision", "pass what is unmet on the way to Technical Validation? Asked by @rita"]);
    let card = stage.says("rita", "/deal view deal:D-1").await;
    holds(&card.text(), &["A lead is asked by @rita"]);
    let withdrawn = stage.presses("rita", &card, "Don't ask a lead any more").await;
    holds(&withdrawn.text(), &["asks no lead to pass any more"]);
    assert!(!stage.says("lena", "/review agenda").await.text().contains("pass what is unmet"));

    let lena = stage.sandbox.person("lena");
    let listed = stage.says("lena", "/deal stage deal:D-1 stage:Technical Validation").await;
    let form = lena.press(&listed, "Pass with a reason").await.expect_form();
    assert!(form.field("Why pass over 7 unmet criteria").is_some(), "{}", form.text());
    let moved = lena.submit(&form, &[("why", "They run a proof already")]).await.expect_message();
    holds(&moved.text(), &["Prospect → Technical Validation", "passed over", "They run a proof already"]);
    let card = stage.says("rita", "/deal view deal:D-1").await.text();
    holds(&card, &["Passed over by @lena", "“They run a proof already”", "To leave Technical Validation"]);
    holds(&stage.says("rita", "/deal history deal:D-1").await.text(), &["passed over: ", "They run a proof already"]);

    let won = stage.presses("rita", &stage.says("rita", "/deal view deal:D-1").await, "Won").await;
    holds(&won.text(), &["Not won yet", "9 exit criteria are unmet", "[Ask a lead to pass]"]);
    let form = lena.press(&stage.says("lena", "/deal view deal:D-1").await, "Won").await.expect_form();
    let won = lena.submit(&form, &[("why", "A framework contract was in place")]).await.expect_message();
    holds(&won.text(), &["won", "A framework contract was in place"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_draft_and_publish_the_next_version_and_deals_keep_theirs() {
    let (stage, _) = with_globex().await;
    ticks(&stage, "rita", "D-1", &["0", "2"]).await;
    let mut said = Vec::new();
    for (who, command) in [
        ("rita", "/motion stage stage:Prospect probability:20"),
        ("lena", "/motion stage stage:Launched probability:20"),
        ("lena", "/motion publish note:Nothing yet"),
        ("lena", "/motion stage stage:Prospect probability:20 days:5"),
        ("lena", "/motion criterion stage:Prospect side:The partner's text:Partner's reason to care written down"),
    ] {
        let shown = stage.says(who, command).await;
        assert!(shown.ephemeral, "{command}");
        said.push(format!("> {who}: {command}\n{}", shown.text()));
    }
    let lena = stage.sandbox.person("lena");
    let page = stage.says("lena", "/motion show stage:Prospect").await;
    let one = lena.pick(&page, "Change or take out", &["0"]).await.expect_message();
    let form = lena.press(&one, "Change the words").await.expect_form();
    let reworded = lena.submit(&form, &[("What must be true", "Budget holder spoken to")]).await.expect_message();
    holds(&reworded.text(), &["no longer: Customer contact spoken to (ours)", "new: Budget holder spoken to (ours)"]);
    holds(&stage.presses("lena", &one, "Take it out").await.text(), &["changed this after it was opened"]);
    let seen_by_a_rep = stage.says("rita", "/motion show").await.text();
    assert!(!seen_by_a_rep.contains("Draft") && seen_by_a_rep.contains("Prospect · 10 %"), "{seen_by_a_rep}");
    said.push(stage.says("lena", "/motion publish note:Talk to who pays").await.text());
    said.push(stage.says("rita", "/motion history").await.text());

    stage.says("rita", "/deal new account:Umbrella partner:Initech source:undecided amount:100k close:15 Dec").await;
    let card = stage.says("rita", "/deal view deal:D-1").await;
    holds(&card.text(), &["It runs version 1 of the motion; 2 is current"]);
    let newer = stage.presses("rita", &card, "Newer motion").await;
    said.push(newer.text());
    let moved = stage.presses("rita", &newer, "Move it").await;
    said.push(moved.text());
    holds(&stage.presses("rita", &newer, "Move it").await.text(), &["out of date"]);
    let undone = stage.presses("rita", &moved, "Undo").await;
    holds(&undone.text(), &["Taken back"]);
    insta::assert_snapshot!(said.join("\n\n"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_stalls_and_weighs_by_its_own_version() {
    let (stage, _) = with_globex().await;
    stage.says("rita", "/deal update deal:D-1 next_step:Call them due:+1d").await;
    stage.says("lena", "/motion stage stage:Prospect probability:50 days:3").await;
    stage.says("lena", "/motion publish note:Faster").await;
    let umbrella = "/deal new account:Umbrella partner:Initech source:undecided amount:120k close:15 Dec \
                    next_step:Call them due:+1d";
    stage.says("rita", umbrella).await;
    let schedule = "/review schedule name:Pipeline channel:#reviews every:Every week weekday:Tuesday time:09:30";
    stage.says("lena", schedule).await;
    // 10 % and 50 % of 120k each.
    holds(&stage.says("lena", "/review agenda").await.text(), &["$72k"]);
    stage.wait(Duration::days(4)).await;
    holds(&stage.says("rita", "/deal view deal:D-2").await.text(), &["no activity for 4 business days, usual is 3"]);
    let first = stage.says("rita", "/deal view deal:D-1").await.text();
    assert!(!first.contains("no activity"), "{first}");
    ticks(&stage, "rita", "D-2", &["0"]).await;
    let active = stage.says("rita", "/deal view deal:D-2").await.text();
    assert!(!active.contains("no activity"), "a met criterion is an activity: {active}");
    stage.finish().await;
}
