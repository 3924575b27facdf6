//! Who changed what, and forgetting it.

use super::support::Stage;

const GLOBEX: &str = "/deal new account:Globex partner:Initech source:sourced evidence:Maria introduced us amount:120k next_step:Call Maria due:+3d";

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_reads_who_changed_what_page_by_page() {
    let stage = Stage::ready().await;
    stage.says("lena", "/program comp solo_rate:10 cosell_rate:9 from:2026-09-01").await;
    stage.says("lena", "/partner edit partner:Initech tier:Strategic").await;
    stage.says("ada", "/cosell config digest_hour:8").await;
    let first = stage.says("ada", "/cosell audit").await;
    assert!(first.ephemeral);
    let text = first.text();
    assert!(text.contains("digest hour 09:00 → 08:00") && text.contains("tier none → strategic"), "{text}");
    assert!(text.contains("cosell rate none → 9 %"), "an admin counts as lead: {text}");
    let second = stage.presses("ada", &first, "▶").await;
    assert!(second.text().contains("Page 2 of 2") && second.text().contains("made"), "{}", second.text());
    let lena = stage.sandbox.person("lena").slash("/cosell audit").await.text();
    assert!(!lena.contains("digest hour"), "only admins: {lena}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_forgotten_after_a_handover_and_the_deal_goes_on() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    let refused = stage.says("ada", "/cosell forget person person:@rita").await.text();
    assert!(refused.contains("1 open deal") && refused.contains("handover plan"), "{refused}");
    stage.says("lena", "/deal assign deal:D-1 owner:@ben").await;
    let asked = stage.says("ada", "/cosell forget person person:@rita").await;
    let kept = stage.presses("ada", &asked, "No").await;
    assert!(kept.text().contains("Nothing was forgotten"), "{}", kept.text());
    let asked = stage.says("ada", "/cosell forget person person:@rita").await;
    insta::assert_snapshot!(asked.text());
    let done = stage.presses("ada", &asked, "Forget").await;
    assert!(done.text().contains("Former member"), "{}", done.text());
    let history = stage.says("ben", "/deal history deal:D-1").await.text();
    assert!(history.contains("Former member") && !history.contains("Maria") && !history.contains("rita"), "{history}");
    let card = stage.says("ben", "/deal view deal:D-1").await.text();
    assert!(card.contains("$120,000") && card.contains("(forgotten)") && !card.contains("Maria"), "{card}");
    let noted = stage.says("ben", "/deal update deal:D-1 note:They signed").await.text();
    assert!(noted.contains("Saved"), "the deal goes on: {noted}");
    let audit = stage.says("ada", "/cosell audit").await.text();
    assert!(audit.contains("forgotten"), "{audit}");
    let again = stage.says("ada", "/cosell forget person person:@rita").await.text();
    assert!(!again.contains("Forget @rita"), "nobody of that name is known: {again}");
    let lena = stage.sandbox.person("lena").slash("/cosell forget person person:@ben").await.text();
    assert!(!lena.contains("can't be taken back"), "only admins: {lena}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_forgotten_once_its_name_is_typed_and_is_as_before_setup() {
    let stage = Stage::two_workspaces().await;
    stage.says("rita", GLOBEX).await;
    let ada = stage.sandbox.person("ada");
    let asked = stage.says("ada", "/cosell forget workspace").await;
    assert!(asked.text().contains("1 deal"), "{}", asked.text());
    let form = ada.press(&asked, "Forget").await.expect_form();
    let wrong = ada.submit(&form, &[("Name of this server, as Discord shows it", "Southwind")]).await.text();
    assert!(wrong.contains("isn't the name of this server"), "{wrong}");
    assert!(stage.says("rita", "/deal view deal:D-1").await.text().contains("Globex"), "still there");
    let done =
        ada.submit(&form, &[("Name of this server, as Discord shows it", "Northwind")]).await.expect_message().text();
    assert!(done.contains("keeps nothing of this server"), "{done}");
    let refused = stage.says("rita", GLOBEX).await.text();
    assert!(refused.contains("isn't set up"), "{refused}");
    let other = stage.sandbox.person_in("Southwind", "rita").slash("/partner list").await.text();
    assert!(other.contains("Initech"), "another workspace keeps what it has: {other}");
    stage.wait_until("2026-11-06T10:00:00Z").await;
    assert_eq!(stage.reads("#nudges"), Vec::<String>::new(), "nothing is due any more");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_reads_a_change_of_the_motion_targets_and_names_and_leaves_none_out() {
    let stage = Stage::ready().await;
    for (who, command) in [
        ("lena", "/motion criterion stage:Qualified side:partner text:Exec call held"),
        ("lena", "/motion publish note:Execs first"),
        ("lena", "/program target period:Q4 FY2026 amount:100k"),
        ("lena", "/program target period:Q1 FY2027 amount:100k"),
        ("lena", "/program target period:Q1 FY2027 amount:150k"),
        ("rita", GLOBEX),
        ("ada", "/cosell account account:Globex rename:Globex International"),
    ] {
        stage.says(who, command).await;
    }
    let mut page = stage.says("ada", "/cosell audit").await;
    let mut pages = vec![page.text()];
    while page.buttons().iter().any(|button| button.label == "▶" && !button.disabled) {
        page = stage.presses("ada", &page, "▶").await;
        pages.push(page.text());
    }
    let all = pages.join("\n");
    for part in [
        "account Globex International · name Globex → Globex International",
        "target of Q1 FY2027 $100,000 → $150,000",
        "draft of version 2 of the motion · Qualified: to leave it, new: Exec call held",
        "motion: version 1 → 2: “Execs first” · Qualified: to leave it, new: Exec call held",
        "setup finished",
    ] {
        assert!(all.contains(part), "no “{part}” in:\n{all}");
    }
    assert!(!all.contains("on this page"), "{all}");
    assert_eq!(all.matches(" UTC @").count(), 16, "every change is told: {all}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forgetting_somebody_says_what_they_let_go_of_and_that_nothing_is_kept_of_others() {
    let stage = Stage::ready().await;
    for nobody in ["finn", "rita"] {
        let said = stage.says("ada", &format!("/cosell forget person person:@{nobody}")).await.text();
        assert!(said.contains("nothing is kept of them"), "{said}");
    }
    stage.says("lena", "/program owner user:@ana").await;
    stage.says("lena", "/partner edit partner:Initech manager:@ana").await;
    stage.says("rita", &(GLOBEX.to_owned() + " backup:@ana")).await;
    let asked = stage.says("ada", "/cosell forget person person:@ana").await;
    let goes = "Let go of: the number, which nobody owns then; 1 partner, managed by nobody then; the backup of 1 open \
                deal; 1 claim to confirm";
    assert!(asked.text().contains(goes), "{}", asked.text());
    stage.presses("ada", &asked, "Forget").await;
    let card = stage.says("rita", "/deal view deal:D-1").await.text();
    assert!(!card.contains("Former member") && card.contains("Waits for a lead to confirm it"), "{card}");
    assert!(stage.says("lena", "/program view").await.text().contains("Nobody owns the number"));
    assert!(stage.says("lena", "/partner view partner:Initech").await.text().contains("nobody yet"));
    assert!(stage.says("lena", "/my work").await.text().contains("[Confirm]"), "the leads find it");
    stage.finish().await;
}
