//! From invited to ready: how much an admin must do for it, and what can come in between.

use cosell::sandbox::{Server, Shown, World, permission};

use crate::support::{Stage, set_up};

/// An admin at the wizard, with everything that they did so far.
struct Admin {
    name: &'static str,
    shown: Shown,
    did: Vec<String>,
}

impl Admin {
    async fn types(stage: &Stage, name: &'static str, command: &str) -> Admin {
        let shown = stage.says(name, command).await;
        assert!(shown.ephemeral, "nobody else sees it");
        Admin { name, shown, did: vec![command.to_owned()] }
    }

    async fn presses(&mut self, stage: &Stage, label: &str) {
        self.shown = stage.presses(self.name, &self.shown, label).await;
        self.did.push(format!("press {label}"));
    }

    async fn picks(&mut self, stage: &Stage, menu: &str, value: &str) {
        self.shown = stage.sandbox.person(self.name).pick(&self.shown, menu, &[value]).await.expect_message();
        self.did.push(format!("pick {value}"));
    }

    fn reads(&self) -> String {
        self.shown.text()
    }
}

async fn reviews(stage: &Stage) -> String {
    stage.says("ada", "/review list").await.text()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_is_ready_after_six_acts_and_has_a_review_and_plan_mode_after_two_more() {
    let stage = Stage::empty().await;
    let mut ada = Admin::types(&stage, "ada", "/cosell setup").await;
    let mut pages = vec![ada.reads()];
    for act in
        ["Use America/New York and USD", "This channel for all three", "pick @Leads", "Everyone is a rep", "Finish"]
    {
        match act.strip_prefix("pick ") {
            Some(role) => ada.picks(&stage, "Leads", role).await,
            None => ada.presses(&stage, act).await,
        }
        pages.push(format!("> {act}\n{}", ada.reads()));
    }
    assert!(ada.reads().contains("Setup is finished"), "{}", ada.reads());
    assert_eq!(ada.did.len(), 6, "{:?}", ada.did);
    for act in ["Schedule it", "Plan mode"] {
        ada.presses(&stage, act).await;
        pages.push(format!("> {act}\n{}", ada.reads()));
    }
    assert_eq!(ada.did.len(), 8, "{:?}", ada.did);
    insta::assert_snapshot!(pages.join("\n\n"));
    let listed = reviews(&stage).await;
    assert!(listed.contains("Every Tuesday at 10:00 (America/New York)"), "{listed}");
    let partner = stage.says("ada", "/partner add name:Initech").await.text();
    assert!(partner.starts_with("Saved"), "{partner}");
    let deal = stage.says("newt", "/deal new account:Globex partner:Initech source:Undecided").await.text();
    assert!(deal.starts_with("Saved"), "everyone is a rep: {deal}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_choice_can_be_made_by_hand_and_outlives_a_restart() {
    let mut stage = Stage::empty().await;
    let mut ada = Admin::types(&stage, "ada", "/cosell setup").await;
    ada.picks(&stage, "Time zone", "Europe/Berlin").await;
    stage = stage.restart().await;
    assert!(ada.reads().contains("✓ Time zone: Europe/Berlin"), "{}", ada.reads());
    ada.picks(&stage, "Currency", "EUR").await;
    ada.picks(&stage, "Team lines", "#pipeline").await;
    ada.presses(&stage, "This channel for the rest").await;
    stage = stage.restart().await;
    ada.picks(&stage, "Leads", "@Leads").await;
    ada.picks(&stage, "Reps", "@Reps").await;
    ada.picks(&stage, "Finance", "@Finance").await;
    ada.presses(&stage, "Finish").await;
    stage = stage.restart().await;
    ada.picks(&stage, "Day of", "Thursday").await;
    ada.picks(&stage, "Hour of", "14:00").await;
    stage = stage.restart().await;
    ada.presses(&stage, "Schedule it: Thursdays at 14:00").await;
    let listed = reviews(&stage).await;
    assert!(listed.contains("Every Thursday at 14:00 (Europe/Berlin) · #pipeline"), "{listed}");
    let config = stage.says("ada", "/cosell config").await.text();
    assert!(config.contains("Reps\n@Reps") && config.contains("Finance\n@Finance"), "{config}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_at_once_finish_one_setup_with_one_review() {
    let stage = Stage::in_world(World::new(vec![Server::company("Northwind").admin("otto", &[])])).await;
    let mut ada = Admin::types(&stage, "ada", "/cosell setup").await;
    let mut otto = Admin::types(&stage, "otto", "/cosell setup").await;
    ada.presses(&stage, "Use America/New York and USD").await;
    otto.picks(&stage, "Currency", "GBP").await;
    otto.presses(&stage, "Channels ▶").await;
    assert!(otto.reads().contains("✓ Time zone: America/New_York"), "what Ada chose is there: {}", otto.reads());
    ada.picks(&stage, "Alerts", "#ops").await;
    otto.presses(&stage, "This channel for all three").await;
    assert!(otto.reads().contains("✓ Ops channel: #general"), "the last press counts: {}", otto.reads());
    otto.picks(&stage, "Leads", "@Leads").await;
    ada.presses(&stage, "Roles ▶").await;
    ada.picks(&stage, "Reps", "@Reps").await;
    ada.presses(&stage, "Finish").await;
    otto.presses(&stage, "Finish").await;
    otto.picks(&stage, "Day of", "Monday").await;
    ada.presses(&stage, "Schedule it").await;
    otto.presses(&stage, "Schedule it").await;
    for page in [ada.reads(), otto.reads()] {
        assert!(page.contains("✓ Pipeline review: Every Tuesday at 10:00"), "both see the one that was first: {page}");
    }
    let listed = reviews(&stage).await;
    assert!(listed.contains("1 review"), "{listed}");
    let refused = stage.sandbox.person("rita").press(&ada.shown, "Channels").await;
    assert!(refused.message().is_none_or(|shown| shown.text().contains("admin")), "it is for admins alone");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn run_again_later_it_is_the_way_to_change_things() {
    let stage = Stage::ready().await;
    let mut ada = Admin::types(&stage, "ada", "/cosell setup").await;
    assert!(ada.reads().starts_with("Setup is finished: USD in Europe/London"), "{}", ada.reads());
    ada.presses(&stage, "Channels").await;
    ada.picks(&stage, "Alerts", "#general").await;
    assert!(ada.reads().contains("✓ Ops channel: #general"), "{}", ada.reads());
    ada.presses(&stage, "Done").await;
    ada.presses(&stage, "Time and money").await;
    ada.picks(&stage, "Currency", "EUR").await;
    ada.presses(&stage, "Done").await;
    assert!(ada.reads().starts_with("Setup is finished: EUR in Europe/London"), "{}", ada.reads());
    ada.presses(&stage, "Roles").await;
    ada.picks(&stage, "Finance", "@Leads").await;
    ada.presses(&stage, "Finish").await;
    ada.presses(&stage, "Plan mode").await;
    assert!(ada.shown.button("Plan mode").is_none() && ada.shown.button("Program mode").is_some());
    ada.presses(&stage, "Program mode").await;
    let settings = stage.says("ada", "/cosell config").await.text();
    for chosen in ["Ops channel\n#general", "Currency\nEUR", "Finance\n@Leads", "Mode\nprogram mode"] {
        assert!(settings.contains(chosen), "{settings}");
    }
    stage.says("lena", "/partner add name:Acme").await;
    let again = stage.says("ada", "/cosell setup timezone:Berlin").await;
    assert!(again.text().contains("EUR in Europe/Berlin"), "{}", again.text());
    assert!(again.button("Plan mode").is_none(), "three partners are no small team: {}", again.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_nothing_to_offer_says_where_it_is_made() {
    let bare = Server::new("Bare").channels(&["general"]).admin("ada", &[]);
    let stage = Stage::in_world(World::new(vec![bare])).await;
    let mut ada = Admin::types(&stage, "ada", "/cosell setup timezone:London currency:GBP").await;
    ada.presses(&stage, "This channel for all three").await;
    ada.presses(&stage, "Everyone is a rep").await;
    ada.presses(&stage, "Finish").await;
    assert!(ada.reads().contains("Not finished yet: 1 thing left"), "{}", ada.reads());
    assert!(ada.reads().contains("Make one under Server Settings → Roles"), "{}", ada.reads());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bot_lacks_is_named_with_where_to_allow_it_and_looked_for_again() {
    let stage = Stage::empty().await;
    let lacks = permission::EMBED_LINKS | permission::ATTACH_FILES;
    stage.sandbox.set_permissions("#pipeline", lacks);
    stage.sandbox.set_permissions("#ops", permission::VIEW_CHANNEL);
    let mut ada = Admin::types(&stage, "ada", "/cosell setup timezone:London currency:GBP").await;
    ada.picks(&stage, "Team lines", "#pipeline").await;
    let asked =
        "#pipeline (team lines): give the bot Embed Links and Attach Files there, under Edit Channel → Permissions.";
    assert!(ada.reads().contains(asked), "as soon as it is picked: {}", ada.reads());
    ada.picks(&stage, "Reminders", "#nudges").await;
    ada.picks(&stage, "Alerts", "#ops").await;
    ada.picks(&stage, "Leads", "@Reps").await;
    ada.presses(&stage, "Everyone is a rep").await;
    ada.presses(&stage, "Finish").await;
    assert!(ada.reads().contains("Not finished yet: 2 things left"), "{}", ada.reads());
    stage.sandbox.set_permissions("#pipeline", 0);
    ada.presses(&stage, "Check again").await;
    assert!(ada.reads().contains("Not finished yet: 1 thing left"), "{}", ada.reads());
    assert!(ada.reads().contains("#ops (alerts): give the bot View Channel"), "{}", ada.reads());
    stage.sandbox.set_permissions("#ops", 0);
    ada.presses(&stage, "Finish").await;
    assert!(ada.reads().contains("Setup is finished"), "{}", ada.reads());
    assert!(
        ada.reads().contains("@Reps can't be pinged. Switch on Allow anyone to @mention this role"),
        "{}",
        ada.reads()
    );
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_review_is_the_one_that_meets_whoever_scheduled_it() {
    let stage = Stage::empty().await;
    set_up(&stage.sandbox.person("ada")).await;
    stage
        .says("lena", "/review schedule name:Monday talk channel:#reviews every:Every week weekday:Monday time:9:00")
        .await;
    let ada = Admin::types(&stage, "ada", "/cosell setup").await;
    assert!(
        ada.reads().contains("✓ Monday talk: Every Monday at 09:00 (Europe/London) in #reviews"),
        "{}",
        ada.reads()
    );
    assert!(ada.shown.button("Schedule it").is_none());
    stage.finish().await;
}
