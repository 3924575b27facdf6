//! What is offered while people type.

use super::support::Stage;

/// D-1 and D-2 are Rita's, D-3 and D-4 are Ben's.
async fn with_deals() -> Stage {
    let stage = Stage::two_workspaces().await;
    stage.says("lena", "/partner add name:Hooli").await;
    for (who, account, partner) in [
        ("rita", "Globex", "Initech"),
        ("rita", "Umbrella", "Hooli"),
        ("ben", "Wayne Enterprises", "Initech"),
        ("ben", "Soylent", "Hooli"),
    ] {
        let command = format!("/deal new account:{account} partner:{partner} source:undecided");
        let shown = stage.says(who, &command).await;
        assert!(shown.text().contains("D-"), "{}", shown.text());
    }
    stage
}

async fn offered(stage: &Stage, server: &str, who: &str, typed: &str) -> Vec<String> {
    let choices = stage.sandbox.person_in(server, who).try_autocomplete(typed).await;
    choices.unwrap_or_else(|why| panic!("{typed}: {why}")).into_iter().map(|choice| choice.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_offered_in_spite_of_mistakes_by_number_account_and_partner() {
    let stage = with_deals().await;
    for typed in ["globx", "gl", "GLOBEX", "1", "D-1", "globex initech"] {
        let offered = offered(&stage, "Northwind", "ben", &format!("/deal view deal:{typed}")).await;
        assert_eq!(
            offered.first().map(String::as_str),
            Some("D-1 Globex · Initech · Prospect"),
            "{typed}: {offered:?}"
        );
    }
    let mut of_hooli = offered(&stage, "Northwind", "rita", "/deal view deal:hoo").await;
    of_hooli.sort();
    assert_eq!(of_hooli, ["D-2 Umbrella · Hooli · Prospect", "D-4 Soylent · Hooli · Prospect"]);
    let choice = &stage.sandbox.person("ben").autocomplete("/deal view deal:wayn").await[0];
    assert_eq!((choice.name.as_str(), choice.value.as_str()), ("D-3 Wayne Enterprises · Initech · Prospect", "D-3"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_deals_are_offered_first_when_nothing_is_typed() {
    let stage = with_deals().await;
    let numbers = |offered: Vec<String>| -> Vec<String> {
        offered.iter().map(|name| name.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    let rita = numbers(offered(&stage, "Northwind", "rita", "/deal view deal:").await);
    let ben = numbers(offered(&stage, "Northwind", "ben", "/deal view deal:").await);
    assert_eq!(rita.len(), 4);
    assert!(rita[..2].contains(&"D-1".to_owned()) && rita[..2].contains(&"D-2".to_owned()), "{rita:?}");
    assert!(ben[..2].contains(&"D-3".to_owned()) && ben[..2].contains(&"D-4".to_owned()), "{ben:?}");
    stage.finish().await;
}

/// DESIGN §3, rule 4: workspaces are walls.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_workspace_is_offered_nor_anything_to_people_without_a_role() {
    let stage = with_deals().await;
    for typed in ["/deal view deal:globex", "/deal view deal:D-1", "/deal view deal:", "/deal new account:globex"] {
        assert!(!offered(&stage, "Northwind", "rita", typed).await.is_empty(), "{typed}");
        assert!(offered(&stage, "Southwind", "rita", typed).await.is_empty(), "{typed}");
        assert!(offered(&stage, "Northwind", "newt", typed).await.is_empty(), "{typed}");
    }
    let lena = stage.sandbox.person_in("Southwind", "lena");
    lena.slash("/partner add name:Contoso").await.expect_message();
    assert_eq!(offered(&stage, "Southwind", "rita", "/partner view partner:conto").await, ["Contoso"]);
    assert!(offered(&stage, "Northwind", "rita", "/partner view partner:conto").await.is_empty());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_zones_stages_and_topics_are_offered() {
    let stage = with_deals().await;
    let schedule = "/review schedule name:Pipeline review channel:#reviews every:week weekday:Tuesday time:09:30";
    stage.says("lena", schedule).await;
    for (typed, expected) in [
        ("/deal new account:umbrela", "Umbrella"),
        ("/deal new account:", "Soylent"),
        ("/deal new partner:initec", "Initech"),
        ("/deal new partner:", "Hooli"),
        ("/deal list stage:bus", "Business Validation"),
        ("/deal list stage:", "Prospect"),
        ("/review agenda review:pipe", "Pipeline review"),
        ("/review cancel review:", "Pipeline review"),
        ("/my settings timezone:london", "Europe/London"),
        ("/my settings timezone:new yrok", "America/New_York"),
        ("/my settings timezone:", "America/Los_Angeles"),
        ("/help topic:remin", "reminders"),
    ] {
        let offered = offered(&stage, "Northwind", "lena", typed).await;
        assert_eq!(offered.first().map(String::as_str), Some(expected), "{typed}: {offered:?}");
    }
    stage.finish().await;
}
