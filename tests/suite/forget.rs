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
