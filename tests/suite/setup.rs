//! Setting the bot up and looking after it, as an admin does it in Discord.

use cosell::sandbox::permission;

use super::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn setup_is_refused_until_nothing_is_missing_and_can_be_taken_up_again() {
    let stage = Stage::empty().await;
    let ada = stage.sandbox.person("ada");
    let shown = stage.says("ada", "/cosell setup timezone:Berlin").await;
    assert!(shown.ephemeral);
    insta::assert_snapshot!("setup_begun", shown.text());

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
