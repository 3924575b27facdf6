//! The number, handed over with the rest or alone.

use chrono::Duration;
use cosell::domain::id::GuildId;

use super::{Stage, asked, staged};

/// Who owns the number, as a name.
async fn number_owner(stage: &Stage) -> Option<String> {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    let owner = workspace.get_settings().await.unwrap().number_owner?;
    let members = workspace.find_all_members().await.unwrap();
    members.into_iter().find(|member| member.id == owner).map(|member| member.name)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_moves_with_the_rest_and_goes_back_unless_it_was_given_on() {
    let stage = staged().await;
    stage.says("lena", "/program owner user:@rita").await;
    stage.says("lena", "/program target period:this quarter amount:800k").await;
    let plan = stage.says("lena", "/handover plan from:@rita").await.text();
    assert!(plan.contains("nobody owns the number then"), "{plan}");
    assert!(plan.contains("the number · $800k in Q4 FY2026, $0 of it won → @lena"), "{plan}");

    let started = stage.says("lena", "/handover start from:@rita to:@ben").await.text();
    assert!(started.contains("The number and the deals are @lena's from now on"), "{started}");
    assert_eq!(number_owner(&stage).await.as_deref(), Some("lena"), "the lead answers for it at once");
    stage.wait(Duration::minutes(2)).await;
    let to_ben = asked(&stage, "ben");
    assert!(to_ben.text().contains("the number, 2 deals and 1 role"), "{}", to_ben.text());
    let accepted = stage.presses("ben", &to_ben, "Accept the number").await.text();
    assert!(accepted.contains("The number is yours now"), "{accepted}");
    assert_eq!(number_owner(&stage).await.as_deref(), Some("ben"));
    let view = stage.says("ana", "/program view").await.text();
    assert!(view.contains("Owned by @ben"), "{view}");
    let question = stage.says("lena", "/handover undo").await;
    stage.presses("lena", &question, "Yes").await;
    assert_eq!(number_owner(&stage).await.as_deref(), Some("rita"), "nobody touched it since");

    stage.says("lena", "/handover start from:@rita to:@ben").await;
    stage.says("lena", "/program owner user:@ana").await;
    stage.wait(Duration::minutes(2)).await;
    let asked_again = asked(&stage, "ben").text();
    assert!(!asked_again.contains("Accept the number"), "{asked_again}");
    let question = stage.says("lena", "/handover undo").await;
    assert!(question.text().contains("1 changed since, and stays") && question.text().contains("the number"));
    stage.presses("lena", &question, "Yes").await;
    assert_eq!(number_owner(&stage).await.as_deref(), Some("ana"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_with_the_number_alone_is_proposed_for_handover_too() {
    let stage = Stage::ready().await;
    stage.says("lena", "/program owner user:@rita").await;
    stage.sandbox.remove_person("rita");
    stage.wait_until("2026-11-03T09:05:00Z").await;
    let alarm = stage.sandbox.channel("#ops").pop().expect("an alarm");
    assert!(alarm.text().contains("rita has left, and the number is unowned"), "{}", alarm.text());
    let plan = stage.presses("lena", &alarm, "Plan the handover").await;
    let started = stage.presses("lena", &plan, "Start the handover").await.text();
    assert!(started.contains("The number is @lena's from now on"), "{started}");
    assert_eq!(number_owner(&stage).await.as_deref(), Some("lena"));
    stage.finish().await;
}
