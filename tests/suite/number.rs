//! The number over a quarter and beyond: owned, set, won, corrected after its end, and told everywhere the same.

use super::support::Stage;

async fn say_all(stage: &Stage, who: &str, commands: &[&str]) -> String {
    let mut said = Vec::new();
    for command in commands {
        said.push(format!("> {command}\n{}", stage.says(who, command).await.text()));
    }
    said.join("\n\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_owned_set_and_told_with_the_deals_behind_it() {
    let stage = Stage::ready().await;
    let none = stage.says("rita", "/program view").await;
    assert!(none.ephemeral && none.text().contains("Nobody owns the number."), "{}", none.text());
    let set = say_all(
        &stage,
        "lena",
        &[
            "/program owner user:@ben",
            "/program target period:Q4 2026 amount:1.2m",
            "/program target period:this quarter amount:300k owner:@rita",
            "/program target period:2026-Q4 amount:800k partner:Initech",
            "/program target period:2026-Q4 amount:1 owner:@rita partner:Initech",
            "/program target period:soon amount:lots",
            "/program cost period:Q4 amount:10k note:Fair in Berlin",
            "/program cost period:Q4 amount:2k note:Dinner",
        ],
    )
    .await;
    insta::assert_snapshot!("number_set", set);
    stage.says("rita", "/deal new account:Globex partner:Initech source:Sourced evidence:Their AE made the intro amount:120k close:15 Dec").await;
    stage.says("rita", "/deal new account:Umbrella partner:Initech source:Sourced evidence:Their AE made the intro amount:400k close:20 Dec").await;
    stage.says("ben", "/deal new account:Hooli Labs partner:Hooli source:Influenced evidence:Joint workshop on 2 Nov amount:50k close:1 Feb 2027").await;
    stage.says("lena", "/deal won deal:D-1 reason:They signed at the fair").await;
    let shown = stage.says("rita", "/program view").await;
    insta::assert_snapshot!("number_view", shown.text());
    let opened = stage.sandbox.person("rita").pick(&shown, "Show deals", &["Won: sourced"]).await.expect_message();
    assert!(opened.ephemeral && opened.text().contains("D-1 Globex"), "{}", opened.text());
    insta::assert_snapshot!(
        "number_forecast",
        say_all(&stage, "rita", &["/program view partner:Hooli", "/program forecast", "/program cadence"]).await
    );
    let forecast = stage.says("rita", "/program forecast period:Q4").await;
    let opened =
        stage.sandbox.person("rita").pick(&forecast, "Show deals", &["December 2026: Pipeline"]).await.expect_message();
    assert!(opened.text().contains("D-2 Umbrella") && !opened.text().contains("D-3"), "{}", opened.text());
    let refused = stage.says("rita", "/program target period:Q4 amount:1").await;
    assert!(refused.text().contains("for a lead"), "{}", refused.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_the_number_counts_as_lead_for_as_long_as_they_own_it() {
    let stage = Stage::ready().await;
    assert!(stage.says("rita", "/partner add name:Acme").await.text().contains("for a lead"));
    let named = stage.says("lena", "/program owner user:@rita").await;
    assert!(stage.says("rita", "/partner add name:Acme").await.text().contains("Saved."));
    stage.presses("lena", &named, "Undo").await;
    let refused = stage.says("rita", "/partner add name:Stark").await.text();
    assert!(refused.contains("for a lead"), "the undo took the number away: {refused}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_quarter_reprints_the_same_and_what_comes_later_is_an_adjustment() {
    let stage = Stage::ready().await;
    stage.says("lena", "/program owner user:@lena").await;
    stage.says("lena", "/program target period:Q4 2026 amount:200k").await;
    for (account, amount) in [("Globex", "120k"), ("Umbrella", "50k"), ("Soylent", "30k")] {
        stage.says("rita", &format!("/deal new account:{account} partner:Initech source:Sourced evidence:Their AE made the intro amount:{amount} close:15 Dec")).await;
    }
    stage.says("lena", "/deal won deal:D-1 reason:They signed at the fair").await;
    stage.says("lena", "/deal won deal:D-2 reason:They signed at the fair").await;
    stage.wait_until("2026-12-31T12:00:00Z").await;
    stage.says("rita", "/deal update deal:D-3 close:31 Dec").await;
    stage.wait_until("2027-01-04T10:00:00Z").await;
    let printed = stage.says_again("rita", "/program view period:Q4 2026").await.text();
    assert!(printed.contains("$170,000 in 2 deals") && printed.contains("85 %"), "{printed}");
    // A correction, a reopening, a win that is told of late, and a target that is to be changed afterwards.
    stage.says("lena", "/deal update deal:D-1 amount:100k").await;
    stage.says("lena", "/deal reopen deal:D-2 why:They never signed").await;
    stage.says("lena", "/deal won deal:D-3 on:2026-12-31 reason:They signed at the fair").await;
    let fixed = stage.says("lena", "/program target period:Q4 2026 amount:100k").await.text();
    assert!(fixed.contains("its target stays as it was reported"), "{fixed}");
    assert_eq!(stage.says("rita", "/program view period:Q4 2026").await.text(), printed, "it reprints the same");
    let now = stage.says("rita", "/program view").await;
    insta::assert_snapshot!("number_adjusted", now.text());
    let opened = stage.sandbox.person("rita").pick(&now, "Show deals", &["Adjustments to earlier quarters"]).await;
    let opened = opened.expect_message().text();
    assert!(["D-1", "D-2", "D-3"].iter().all(|deal| opened.contains(deal)), "{opened}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agenda_says_that_nobody_owns_the_number_until_somebody_does() {
    let stage = Stage::ready().await;
    let weekly = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:9:30";
    stage.says("lena", weekly).await;
    stage.wait_until("2026-11-03T08:31:00Z").await;
    let first = stage.reads("#reviews").pop().expect("the first agenda");
    assert!(first.contains("Nobody owns the number."), "{first}");
    stage.says("lena", "/program owner user:@lena").await;
    stage.says("lena", "/program target period:Q4 amount:1m").await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:Sourced evidence:Their AE made the intro amount:250k close:15 Dec").await;
    stage.says("lena", "/deal won deal:D-1 reason:They signed at the fair").await;
    stage.wait_until("2026-11-10T08:31:00Z").await;
    let agenda = stage.sandbox.channel("#reviews").into_iter().rev().find(|shown| shown.select("Show deals").is_some());
    let agenda = agenda.expect("the second agenda");
    let said = agenda.text();
    assert!(!said.contains("Nobody owns"), "{said}");
    assert!(
        said.contains("$250k won, sourced, in 1 deal, 25 % of the target of $1m: $750k left, owned by @lena"),
        "{said}"
    );
    assert!(
        agenda.attachments[0].description.as_deref().unwrap_or_default().contains("$750k left of the target of $1m")
    );
    let opened = stage.sandbox.person("ben").pick(&agenda, "Show deals", &["Won this quarter: sourced"]).await;
    assert!(opened.expect_message().text().contains("D-1 Globex"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_mode_hides_the_number_and_says_what_to_do() {
    let stage = Stage::ready().await;
    stage.says("lena", "/program owner user:@rita").await;
    stage.says("ada", "/cosell config mode:Plan").await;
    for command in ["/program view", "/program owner user:@ben", "/program target period:Q4 amount:1m"] {
        let refused = stage.says("lena", command).await.text();
        assert!(refused.contains("In plan mode there is no number") && refused.contains("/cosell config"), "{refused}");
    }
    let weekly = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:9:30";
    stage.says("lena", weekly).await;
    let agenda = stage.says("rita", "/review agenda").await.text();
    assert!(!agenda.contains("number") && !agenda.contains("target"), "{agenda}");
    assert!(
        stage.says("rita", "/program cost period:Q4 amount:1").await.text().contains("for a lead"),
        "she leads no more"
    );
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fiscal_year_stays_while_targets_are_set_by_it() {
    let stage = Stage::ready().await;
    stage.says("lena", "/program target period:Q4 amount:1m").await;
    let refused = stage.says("ada", "/cosell config fiscal_month:2").await.text();
    assert!(refused.contains("it is fixed, because targets or costs are set by its quarters"), "{refused}");
    stage.says("lena", "/program target period:Q4 amount:0").await;
    let saved = stage.says("ada", "/cosell config fiscal_month:2").await.text();
    assert!(saved.contains("Fiscal year from: January → February"), "{saved}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quarters_are_offered_while_they_are_typed() {
    let stage = Stage::ready().await;
    let lena = stage.sandbox.person("lena");
    let all = lena.try_autocomplete("/program view period:").await.expect("quarters");
    assert_eq!(all[0].name, "Q4 FY2026 · 1 Oct 2026 to 31 Dec 2026 · this quarter");
    let next = lena.try_autocomplete("/program target period:next quarter").await.expect("quarters");
    assert_eq!(next[0].name, "Q1 FY2027 · 1 Jan 2027 to 31 Mar 2027 · next quarter");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_that_is_over_reprints_the_same_whatever_is_configured_since() {
    let stage = Stage::ready().await;
    stage.says("lena", "/program cost period:Q4 amount:30k note:Salaries").await;
    stage.wait_until("2026-12-29T12:00:00Z").await;
    stage
        .says("rita", "/deal new account:Globex partner:Initech source:sourced evidence:intro amount:100k close:30 Dec")
        .await;
    stage.wait_until("2026-12-31T20:00:00Z").await;
    stage.says("lena", "/deal won deal:D-1 reason:Signed").await;
    stage.wait_until("2027-01-11T10:00:00Z").await;
    let q4 = "/program view period:Q4 FY2026";
    let printed = stage.says_again("lena", q4).await.text();
    assert!(printed.contains("$100,000 in 1 deal") && printed.contains("233 %"), "{printed}");

    for note in ["amount:50k note:Salaries", "amount:1k note:Fair"] {
        let late = stage.says("lena", &format!("/program cost period:Q4 FY2026 {note}")).await.text();
        assert!(late.contains("the change counts in Q1 FY2027, as an adjustment"), "{late}");
    }

    let refused = stage.says("ada", "/cosell config fiscal_month:2").await.text();
    assert!(refused.contains("it is fixed, because deals were won"), "{refused}");
    let saved = stage.says("ada", "/cosell config timezone:Pacific/Auckland").await.text();
    assert!(saved.contains("Pacific/Auckland"), "{saved}");
    assert_eq!(stage.says("lena", q4).await.text(), printed);
    stage.finish().await;
}
