//! Setting the bot up and looking after it, as an admin does it in Discord.

use cosell::sandbox::permission;

use super::support::Stage;

mod wizard;

#[tokio::test(flavor = "multi_thread")]
async fn setup_is_refused_until_nothing_is_missing_and_can_be_taken_up_again() {
    let stage = Stage::empty().await;
    let ada = stage.sandbox.person("ada");
    let shown = stage.says("ada", "/cosell setup timezone:Berlin").await;
    assert!(shown.ephemeral);
    insta::assert_snapshot!("setup_begun", shown.text());

    let shown = stage.presses("ada", &shown, "Channels ▶").await;
    let shown = stage.presses("ada", &shown, "Roles ▶").await;
    let shown = stage.presses("ada", &shown, "Everyone is a rep").await;
    let refused = stage.presses("ada", &shown, "Finish setup").await;
    insta::assert_snapshot!("setup_refused", refused.text());

    stage.sandbox.set_permissions("#ops", permission::VIEW_CHANNEL);
    let mut shown = stage.says("ada", "/cosell setup currency:usd").await;
    for (menu, value) in
        [("Team lines", "#pipeline"), ("Reminders", "#pipeline"), ("Alerts", "#ops"), ("Leads", "@Leads")]
    {
        shown = ada.pick(&shown, menu, &[value]).await.expect_message();
    }
    let refused = stage.presses("ada", &shown, "Finish setup").await;
    insta::assert_snapshot!("setup_lacks_permissions", refused.text());

    let back = stage.presses("ada", &refused, "◀ Channels").await;
    ada.pick(&back, "Alerts", &["#nudges"]).await.expect_message();
    let shown = stage.says("ada", "/cosell setup").await;
    let done = stage.presses("ada", &shown, "Finish setup").await;
    insta::assert_snapshot!("setup_finished", done.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_holidays_and_accounts_are_changed_and_taken_back() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:Undecided amount:120k").await;
    stage.says("rita", "/deal new account:Virtucon partner:Initech source:Undecided").await;
    let mut said = Vec::new();
    for command in [
        "/cosell config",
        "/cosell config digest_hour:8 ops_channel:#nudges everyone_is_rep:true",
        "/cosell config digest_hour:8",
        "/cosell config currency:EUR timezone:Atlantis",
        "/cosell holidays",
        "/cosell holidays add:25 Dec name:Christmas Day",
        "/cosell holidays add:25 Dec name:Christmas",
        "/cosell holidays add:25 Dec",
        "/cosell holidays add:2026-10-30 name:Bridge day",
        "/cosell holidays remove:26 Dec",
        "/cosell holidays remove:25 Dec",
        "/cosell holidays remove:24 Dec name:Nothing",
        "/cosell account account:Globx rename:Globex Corp",
        "/cosell account account:globex rename:Virtucon",
        "/cosell account account:globex rename:Globex Corp",
        "/cosell account account:Virtucon merge_into:globex",
        "/cosell account account:Globex",
        "/cosell doctor",
    ] {
        let shown = stage.says("ada", command).await;
        assert!(shown.ephemeral, "{command}");
        let mut text = shown.text();
        if shown.button("Undo").is_some() && !command.contains("Christmas") {
            let undone = stage.presses("ada", &shown, "Undo").await;
            text = format!("{text}\n> press Undo\n{}", undone.text());
        }
        said.push(format!("> {command}\n{text}"));
    }
    insta::assert_snapshot!("settings_changed", said.join("\n\n"));
    let found = stage.sandbox.person("rita").autocomplete("/deal view deal:virtu").await;
    assert_eq!(found.len(), 1, "the merge that was taken back left the deal where it was: {found:?}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_names_a_channel_and_what_the_bot_lacks_there() {
    let stage = Stage::ready().await;
    stage.sandbox.set_permissions("#nudges", permission::SEND_MESSAGES | permission::EMBED_LINKS);
    let shown = stage.says("ada", "/cosell doctor").await;
    assert!(
        shown.text().contains(
            "#nudges (reminders): give the bot Send Messages and Embed Links there, under Edit Channel → Permissions."
        ),
        "{}",
        shown.text()
    );
    let warned = stage.says("ada", "/cosell config ops_channel:#nudges").await;
    assert!(warned.text().contains("#nudges (reminders and alerts): give the bot"), "{}", warned.text());
    stage.finish().await;
}
