//! Keeping partners, as leads do it in Discord.

use super::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn partners_are_added_changed_archived_and_brought_back() {
    let stage = Stage::ready().await;
    let mut said = Vec::new();
    for command in [
        "/partner add name:Umbrella kind:Reseller tier:Growth manager:@lena",
        "/partner add name:umbrella",
        "/partner edit partner:Umbrela tier:Strategic",
        "/partner edit partner:umbrella name:Umbrella Corp tier:Strategic",
        "/partner contact partner:Umbrella Corp name:Ana Silva role:Alliance manager email:ana@umbrella.example",
        "/partner contact partner:Umbrella Corp name:Bill email:bill",
        "/partner view partner:Umbrella Corp",
        "/partner archive partner:Umbrella Corp",
        "/partner list status:All",
        "/partner edit partner:Umbrella Corp status:Active",
        "/partner list share:true",
    ] {
        let shown = stage.says("lena", command).await;
        assert_eq!(shown.ephemeral, !command.contains("share"), "{command}");
        said.push(format!("> {command}\n{}", shown.text()));
    }
    insta::assert_snapshot!(said.join("\n\n"));
    stage.says("rita", "/deal new account:Globex partner:Initech source:Undecided amount:50k").await;
    let card = stage.says("ben", "/partner view partner:Initech share:true").await;
    let deals = stage.presses("ben", &card, "Show deals").await;
    assert!(deals.ephemeral && deals.text().contains("D-1 Globex"), "{}", deals.text());
    let asked = stage.says("lena", "/partner archive partner:Initech").await;
    assert!(asked.text().contains("Initech has 1 open deal."), "{}", asked.text());
    assert!(stage.presses("lena", &asked, "No").await.text().contains("Nothing was changed"));
    let asked = stage.says("lena", "/partner archive partner:Initech").await;
    let archived = stage.presses("lena", &asked, "Yes").await;
    assert!(archived.text().contains("Initech is archived"), "{}", archived.text());
    let back = stage.presses("lena", &archived, "Undo").await;
    assert!(back.text().contains("Taken back"), "{}", back.text());
    let offered = |command: &'static str| {
        let rita = stage.sandbox.person("rita");
        async move { rita.autocomplete(command).await.into_iter().map(|choice| choice.name).collect::<Vec<_>>() }
    };
    stage.says("lena", "/partner archive partner:Umbrella Corp").await;
    assert_eq!(offered("/partner edit partner:umbr").await, ["Umbrella Corp"], "an archived one can be brought back");
    assert!(offered("/partner archive partner:umbr").await.is_empty());
    let known = stage.says("lena", "/partner add name:umbrella corp tier:Growth manager:@ana").await;
    let expected = "Nothing was saved. Umbrella Corp is a partner already, archived with its history.";
    assert!(known.text().contains(expected), "{}", known.text());
    let back = stage.presses("lena", &known, "Bring it back").await;
    assert!(back.text().contains("Umbrella Corp is active again"), "{}", back.text());
    assert!(back.text().contains("growth") && back.text().contains("@ana"), "as it was given: {}", back.text());
    let list = stage.says("lena", "/partner list status:All").await.text();
    assert_eq!(list.matches("Umbrella").count(), 1, "{list}");
    let refused = stage.says("rita", "/partner add name:Hooli Two").await;
    assert!(refused.text().contains("for a lead"), "{}", refused.text());
    stage.finish().await;
}
