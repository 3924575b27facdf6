//! Program or streak: told with its reasons, opened to its deals, and pay and departures kept to those who may know.

use super::support::Stage;

async fn deal(stage: &Stage, who: &str, account: &str, partner: &str, amount: &str) {
    let new = format!(
        "/deal new account:{account} partner:{partner} source:Sourced evidence:Their AE made the intro amount:{amount} close:15 Dec"
    );
    let said = stage.says(who, &new).await.text();
    assert!(said.contains("Saved as"), "{said}");
}

/// Rita owns D-1 to D-4 and has won D-4, Ben D-5, all but D-3 with Initech; the target is $1m.
async fn with_deals() -> Stage {
    let stage = Stage::ready().await;
    stage.says("lena", "/program target period:Q4 amount:1m").await;
    deal(&stage, "rita", "Globex", "Initech", "300k").await;
    deal(&stage, "rita", "Umbrella", "Initech", "120k").await;
    deal(&stage, "rita", "Soylent", "Hooli", "80k").await;
    deal(&stage, "rita", "Acme", "Initech", "50k").await;
    deal(&stage, "ben", "Stark", "Initech", "150k").await;
    stage.says("lena", "/deal won deal:D-4 reason:They signed at the fair").await;
    stage.says("lena", "/partner edit partner:Hooli manager:@rita").await;
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_streak_is_told_with_its_reasons_and_opens_to_its_deals() {
    let stage = with_deals().await;
    stage.wait_until("2026-11-19T10:00:00Z").await;
    let told = stage.says("rita", "/program health").await;
    assert!(told.ephemeral && told.text().contains("A streak"), "{}", told.text());
    insta::assert_snapshot!("program_health_of_a_streak", told.text());
    let rita = stage.sandbox.person("rita");
    let opened = rita.pick(&told, "Show deals", &["Motion: not run"]).await.expect_message();
    assert!(opened.ephemeral && opened.text().contains("D-4 Acme"), "{}", opened.text());
    let opened = rita.pick(&told, "Show deals", &["Partners: deals with the others"]).await.expect_message().text();
    assert!(opened.contains("D-3 Soylent") && !opened.contains("D-1 Globex"), "{opened}");
    let with = stage.says("rita", "/program health partner:Initech").await.text();
    assert!(with.contains("with Initech") && !with.contains("Over partners"), "{with}");
    let before = stage.says("rita", "/program health period:last quarter").await.text();
    assert!(before.contains("Not enough data yet") && before.contains("Over deals won from"), "{before}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_14_pay_and_departures_stay_with_those_who_may_know() {
    let stage = with_deals().await;
    stage.says("lena", "/program comp solo_rate:10 cosell_rate:8").await;
    let lead = stage.says("lena", "/program health").await;
    insta::assert_snapshot!("program_health_for_a_lead", lead.text());
    let opened = stage.sandbox.person("lena").pick(&lead, "Show deals", &["Pays less than solo"]).await;
    assert!(opened.expect_message().text().contains("D-1 Globex"));
    let (shared, rep) =
        (stage.says("lena", "/program health share:true").await, stage.says("rita", "/program health").await);
    assert!(!shared.ephemeral && rep.ephemeral);
    for said in [&shared, &rep] {
        let text = said.text();
        for secret in ["solo", "Pay", "left:", "second contact", "Who carries it"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    let verdict = |text: String| text.lines().find(|line| line.contains("A streak")).map(str::to_owned);
    assert_eq!(verdict(shared.text()), verdict(lead.text()), "one verdict for everybody");
    assert!(verdict(lead.text()).is_some());
    for command in ["/program champions", "/program parity"] {
        let refused = stage.says("rita", command).await.text();
        assert!(refused.contains("This is for leads and finance."), "{refused}");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn champions_are_a_picture_and_lead_to_the_handover_of_one() {
    let stage = with_deals().await;
    let health = stage.says("lena", "/program health").await;
    let shown = stage.presses("lena", &health, "Who carries it").await;
    assert!(shown.ephemeral && shown.text().contains("Who carries it · Q4 FY2026"), "{}", shown.text());
    insta::assert_snapshot!("program_champions", shown.text());
    let alt = shown.attachments[0].description.clone().unwrap_or_default();
    assert!(alt.contains("rita (with Initech, Hooli): 77 % of what is open, 100 % of what was won"), "{alt}");
    let plan = stage.sandbox.person("lena").pick(&shown, "Plan the handover", &["rita"]).await.expect_message();
    let plan = plan.text();
    for part in [
        "If @rita leaves",
        "3 open deals, $500,000 (77 % of the open pipeline)",
        "1 partner without a second contact: Hooli",
    ] {
        assert!(plan.contains(part) && (part.starts_with("If") || shown.text().contains(part)), "{part}: {plan}");
    }
    let finance = stage.says("finn", "/program champions").await;
    assert!(finance.text().contains("@rita") && finance.select("Plan the handover").is_none(), "{}", finance.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_mode_speaks_of_plans_and_of_when_a_program_earns_its_overhead() {
    let stage = with_deals().await;
    stage.says("ada", "/cosell config mode:Plan").await;
    let told = stage.says_again("rita", "/program health").await;
    insta::assert_snapshot!("program_health_in_plan_mode", told.text());
    let plan = stage.sandbox.person("rita").pick(&told, "Show the plan", &["Hooli"]).await.expect_message().text();
    assert!(plan.contains("Plan with Hooli") && plan.contains("D-3 Soylent"), "{plan}");
    let champions = stage.says_again("lena", "/program champions").await.text();
    assert_eq!(champions, told.text(), "the same in the place of champions");
    stage.says("lena", "/partner add name:Acme").await;
    stage.wait_until("2026-11-03T09:01:00Z").await;
    let above = stage.says("rita", "/program health").await.text();
    assert!(above.contains("3 active partners") && above.contains("above that since Mon 2 Nov"), "{above}");
    stage.wait_until("2026-12-01T12:00:00Z").await;
    let suggested =
        |stage: &Stage| stage.reads("#ops").iter().filter(|said| said.contains("time for program mode")).count();
    assert_eq!(suggested(&stage), 0);
    stage.wait_until("2026-12-02T12:00:00Z").await;
    assert_eq!(suggested(&stage), 1);
    stage.wait_until("2026-12-11T12:00:00Z").await;
    assert_eq!(suggested(&stage), 1, "once");
    stage.finish().await;
}
