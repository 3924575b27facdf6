//! A plan with a partner: shown, edited, and sent to the partner.

use super::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_agreed_and_its_page_can_be_sent() {
    let stage = Stage::ready().await;
    let globex = "/deal new account:Globex partner:Initech source:sourced evidence:Maria introduced us amount:123456 \
                  close:15 Dec next_step:Press them on price due:+3d";
    stage.says("rita", globex).await;
    stage.says("rita", "/deal new account:Acme partner:Hooli source:Undecided amount:777k").await;
    stage.says("rita", "/deal update deal:D-1 note:Their margin is thin").await;
    stage.says("lena", "/partner contact partner:Initech name:Ana Silva role:Alliance manager").await;
    let shown = stage.says("ben", "/partner plan partner:Initech").await;
    assert!(shown.ephemeral);
    let text = shown.text();
    for said in ["Goal", "Not said yet", "D-1 Globex", "No second one on theirs", "Press them on price"] {
        assert!(text.contains(said), "no “{said}”: {text}");
    }
    assert!(shown.buttons().iter().all(|button| button.label != "Edit plan"), "a rep can't: {text}");

    let (lena, shown) = (stage.sandbox.person("lena"), stage.says("lena", "/partner plan partner:initech").await);
    let form = lena.press(&shown, "Edit plan").await.expect_form();
    let saved = lena.submit(&form, &[("Goal", "Ten joint wins"), ("What they owe", "Name a sponsor")]).await;
    let saved = saved.expect_message();
    assert!(saved.text().contains("Saved.") && saved.text().contains("Ten joint wins"), "{}", saved.text());

    // A form that was opened before does not write over it, and loses nothing.
    let late = lena.submit(&form, &[("Goal", "Five joint wins")]).await.expect_message();
    assert!(late.text().contains("The plan changed") && late.text().contains("Five joint wins"), "{}", late.text());
    let again = lena.press(&late, "Try again").await.expect_form();
    assert_eq!(again.field("Goal").unwrap().value, "Five joint wins");
    let settled = lena.submit(&again, &[]).await.expect_message();
    assert!(
        settled.text().contains("Five joint wins") && settled.text().contains("Name a sponsor"),
        "{}",
        settled.text()
    );
    let undone = stage.presses("lena", &settled, "Undo").await;
    assert!(undone.text().contains("Taken back"), "{}", undone.text());

    let seen_by_ben = stage.says("ben", "/partner plan partner:Initech").await;
    let page = stage.presses("ben", &seen_by_ben, "Page for the partner").await;
    let [file] = &page.attachments[..] else { panic!("one file: {}", page.text()) };
    let page = String::from_utf8(file.bytes.to_vec()).unwrap();
    assert_eq!(file.name, "initech-plan.md");
    for said in ["Ten joint wins", "Name a sponsor", "Globex", "Ana Silva", "lena"] {
        assert!(page.contains(said), "no “{said}”: {page}");
    }
    for internal in ["123", "777", "Acme", "Hooli", "margin", "Maria", "price", "D-1"] {
        assert!(!page.contains(internal), "“{internal}” is on the page: {page}");
    }
    let refused = stage.says("newt", "/partner plan partner:Initech").await;
    assert!(!refused.text().contains("Ten joint wins"), "{}", refused.text());
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_takes_part_sees_its_deals_and_counts_no_money() {
    let stage = Stage::ready().await;
    let globex = "/deal new account:Globex partner:Initech source:sourced evidence:Maria introduced us amount:100k \
                  close:15 Dec next_step:Call due:+3d";
    stage.says("rita", globex).await;
    stage.says("rita", "/deal attribute deal:D-1 partner:Hooli role:Influenced evidence:Ran the workshop").await;
    let says = async |command: &str, parts: &[&str]| {
        let text = stage.says("ben", command).await.text();
        for part in parts {
            assert!(text.contains(part), "{command}: no “{part}” in:\n{text}");
        }
        text
    };
    says("/deal list partner:Hooli", &["D-1 Globex · Initech", "participant", "0 deals · participant in 1 more"]).await;
    says("/deal list partner:Hooli owner:@rita", &["D-1 Globex", "participant in 1 more"]).await;
    says("/deal list partner:Hooli owner:@ben", &["none"]).await;
    says("/deal list partner:Initech", &["D-1 Globex", "1 deal, $100k"]).await;
    says("/partner view partner:Hooli", &["participant in 1", "1 claim waits"]).await;
    says("/partner plan partner:Hooli", &["Participant", "D-1 Globex"]).await;
    let view = says("/program view partner:Hooli", &["Participant in 1 more open deal"]).await;
    assert!(!view.contains("100"), "{view}");
    let forecast = says("/program forecast partner:Hooli", &["Participant in 1 more open deal"]).await;
    assert!(!forecast.contains("100"), "{forecast}");
    stage.says("rita", "/deal lost deal:D-1 reason:Price").await;
    says("/deal list partner:Hooli", &["none"]).await;
    says("/deal list partner:Hooli show:lost", &["D-1 Globex", "participant"]).await;
    says("/partner plan partner:Hooli", &["None. Record one"]).await;
    stage.finish().await;
}
