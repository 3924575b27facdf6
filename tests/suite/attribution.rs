//! A partner's role from its claim to its confirmation, and a deal's registration to its end.

use super::support::Stage;

/// Fails unless a text holds each of some parts.
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no “{part}” in:\n{text}");
    }
}

/// A stage with D-1 Globex of Rita's, undecided, with a next step that keeps it from stalling for long.
async fn with_globex() -> Stage {
    let stage = Stage::ready().await;
    let new = "/deal new account:Globex partner:Initech source:undecided amount:120k close:15 Dec \
               next_step:Send the offer due:2026-11-22";
    holds(&stage.says("rita", new).await.text(), &["Saved as D-1"]);
    stage
}

const CLAIM: &str =
    "/deal attribute deal:D-1 partner:Initech role:Sourced evidence:Maria introduced us to the CFO on:30 Oct";

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_made_by_its_owner_and_confirmed_by_the_partners_manager() {
    let stage = with_globex().await;
    holds(&stage.says("ben", CLAIM).await.text(), &["Only the deal's owner or a lead", "Maria introduced us"]);
    let claimed = stage.says("rita", CLAIM).await;
    holds(&claimed.text(), &["class undecided → sourced", "On time. It waits for @lena to confirm it.", "[Undo]"]);
    let card = stage.says("rita", "/deal view deal:D-1").await;
    holds(&card.text(), &["sourced by Initech", "not confirmed yet", "(Fri 30 Oct)", "Waits for @lena to confirm it"]);
    assert!(!card.text().contains("[Confirm]"), "not for its claimer: {}", card.text());

    stage.wait_until("2026-11-03T09:05:00Z").await;
    let nudge = stage.sandbox.channel("#nudges").pop().expect("a digest");
    assert_eq!(nudge.pinged, ["lena"]);
    holds(&nudge.text(), &["@lena: 1 claim to confirm with /my work"]);
    let work = stage.says("lena", "/my work").await;
    holds(&work.text(), &["One claim waits", "Sourced by Initech", "Maria introduced us", "[Confirm]", "[Question]"]);
    let form = stage.sandbox.person("lena").press(&work, "Question").await.expect_form();
    let asked =
        stage.sandbox.person("lena").submit(&form, &[("What should the claimer answer?", "Which meeting?")]).await;
    holds(&asked.expect_message().text(), &["went back to its claimer", "No claim waits for you", "[Undo]"]);

    stage.wait_until("2026-11-04T09:05:00Z").await;
    let nudge = stage.sandbox.channel("#nudges").pop().expect("a digest");
    assert_eq!(nudge.pinged, ["rita"]);
    holds(&nudge.text(), &["@rita: D-1 Globex, @lena asks about the claim: “Which meeting?”"]);
    let again = CLAIM.replace("the CFO", "the CFO at the fair");
    holds(&stage.says("rita", &again).await.text(), &["On time", "waits for @lena"]);
    let partner = stage.says("lena", "/partner view partner:Initech").await;
    holds(&partner.text(), &["1 claim waits to be confirmed", "[Claims to confirm]"]);
    assert!(!stage.says("ben", "/partner view partner:Initech").await.text().contains("[Claims"));
    let claims = stage.presses("lena", &partner, "Claims to confirm").await;
    holds(&claims.text(), &["at the fair"]);
    holds(&stage.presses("lena", &claims, "Confirm").await.text(), &["The claim on D-1 is confirmed", "[Undo]"]);
    holds(&stage.presses("lena", &work, "Confirm").await.text(), &["out of date"]);
    let card = stage.says("rita", "/deal view deal:D-1").await;
    holds(&card.text(), &["sourced by Initech", "on time, confirmed", "Confirmed by @lena"]);
    let history = stage.says("rita", "/deal history deal:D-1").await;
    holds(&history.text(), &["confirmed the class", "asked about the class; “Which meeting?”"]);

    stage.says("lena", "/deal won deal:D-1 reason:Signed early").await;
    let influenced = CLAIM.replace("Sourced", "Influenced");
    holds(&stage.says("rita", &influenced).await.text(), &["D-1 is won", "locked", "@Leads", "Maria"]);
    stage.wait_until("2026-11-05T09:05:00Z").await;
    let adjusted = stage.says("lena", &influenced).await;
    holds(
        &adjusted.text(),
        &["sourced → influenced", "counts as late", "waits for a lead", "its class is corrected there"],
    );
    holds(&stage.says("lena", "/deal view deal:D-1").await.text(), &["A later change: before, sourced by Initech"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_that_is_too_old_is_offered_as_influence() {
    let stage = with_globex().await;
    let old = CLAIM.replace("30 Oct", "2026-09-20");
    let refused = stage.says("rita", &old).await;
    holds(
        &refused.text(),
        &["too long before the deal", "Maria introduced us", "[Claim as influenced]", "[Try again]"],
    );
    let form = stage.sandbox.person("rita").press(&refused, "Claim as influenced").await.expect_form();
    assert_eq!(
        form.field("Evidence").map(|field| field.value.clone()),
        Some("Maria introduced us to the CFO".to_owned())
    );
    let saved = stage.sandbox.person("rita").submit(&form, &[]).await.expect_message();
    holds(&saved.text(), &["class undecided → influenced", "counts as late"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undecided_class_is_settled_from_the_card_and_another_partner_can_take_the_place() {
    let stage = with_globex().await;
    let card = stage.says("rita", "/deal view deal:D-1").await;
    let question = stage.presses("rita", &card, "Sourced or influenced").await;
    let form =
        stage.sandbox.person("rita").pick(&question, "Sourced or influenced", &["Influenced"]).await.expect_form();
    let typed = [("Evidence", "Their workshop"), ("Its day", "yesterday")];
    let saved = stage.sandbox.person("rita").submit(&form, &typed).await.expect_message();
    holds(&saved.text(), &["class undecided → influenced", "evidence of Sun 1 Nov"]);
    let joined =
        stage.says("rita", "/deal attribute deal:D-1 partner:Hooli role:Influenced evidence:Ran the pilot").await;
    holds(&joined.text(), &["also with Hooli (influenced)", "On time"]);
    let primary = "/deal attribute deal:D-1 partner:Hooli role:Sourced evidence:Their lead list primary:true";
    holds(&stage.says("rita", primary).await.text(), &["partner Initech → Hooli", "influenced → sourced"]);
    let card = stage.says("rita", "/deal view deal:D-1").await;
    holds(&card.text(), &["sourced by Hooli", "Also with Initech", "A later change: before, influenced by Initech"]);
    holds(&stage.says("lena", "/my work").await.text(), &["1 of 2", "[▶]", "[Your deals]"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_warns_twice_and_stalls_its_deal_once_it_has_run_out() {
    let stage = with_globex().await;
    let registered = stage.says("rita", "/deal register deal:D-1 reference:DR-4711 days:16").await;
    holds(&registered.text(), &["registration DR-4711, protected until Wed 18 Nov (in 16 days)"]);
    let mut told = Vec::new();
    for day in 3..=20 {
        let before = stage.sandbox.channel("#nudges").len();
        stage.wait_until(&format!("2026-11-{day:02}T09:05:00Z")).await;
        let said = &stage.sandbox.channel("#nudges")[before..];
        told.extend(said.iter().map(|shown| (day, shown.text().lines().next().unwrap_or_default().to_owned())));
    }
    let about = |(_, line): &&(i32, String)| line.contains("registration");
    let days: Vec<i32> = told.iter().filter(about).map(|(day, _)| *day).collect();
    assert_eq!(days, [4, 13, 19], "14 and 3 days before, on business days, and when it has run out: {told:?}");
    holds(&told.iter().rfind(about).expect("a line").1, &["D-1 Globex, registration ran out 1 day ago"]);
    holds(&stage.says("rita", "/deal view deal:D-1").await.text(), &["DR-4711, ran out Wed 18 Nov", "Stalled"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_a_registration_rides_with_a_stall_in_the_day_s_one_ping() {
    let stage = with_globex().await;
    stage.says("rita", "/deal new account:Umbrella partner:Initech source:undecided amount:10k").await;
    stage.says("rita", "/deal register deal:D-1 reference:DR-4711 days:16").await;
    stage.wait_until("2026-11-04T08:55:00Z").await;
    let before = stage.sandbox.channel("#nudges").len();
    stage.wait_until("2026-11-05T08:55:00Z").await;
    let said = &stage.sandbox.channel("#nudges")[before..];
    let [digest] = said else { panic!("one message on the day: {said:?}") };
    assert_eq!(digest.pinged, ["rita"]);
    holds(&digest.text(), &["D-2 Umbrella", "D-1 Globex, registration runs out Wed 18 Nov"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_does_not_silence_a_registration_that_has_run_out() {
    let stage = with_globex().await;
    stage.says("rita", "/deal register deal:D-1 reference:DR-4711 days:2").await;
    let snoozed = stage.says("rita", "/deal snooze deal:D-1 until:+7d why:They are at a fair").await;
    holds(&snoozed.text(), &["Saved."]);
    stage.wait_until("2026-11-05T09:05:00Z").await;
    let nudge = stage.sandbox.channel("#nudges").pop().expect("a digest");
    assert_eq!(nudge.pinged, ["rita"]);
    holds(&nudge.text(), &["D-1 Globex, registration ran out 1 day ago"]);
    let renewed = stage.says("rita", "/deal register deal:D-1 reference:DR-4712 days:60").await;
    holds(&renewed.text(), &["registration DR-4712"]);
    let card = stage.says("rita", "/deal view deal:D-1").await.text();
    assert!(!card.contains("Stalled"), "renewed, it is protected again: {card}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_recorded_with_the_day_of_its_evidence_and_by_the_same_rules_as_a_claim() {
    let stage = Stage::ready().await;
    let new = |source: &str, on: &str| {
        format!(
            "/deal new account:Globex partner:Initech source:{source} evidence:Maria introduced us amount:1k on:{on}"
        )
    };
    let old = stage.says("rita", &new("sourced", "2026-06-10")).await;
    holds(&old.text(), &["too long before the deal", "Maria introduced us", "Its day", "[Try again]"]);
    let form = stage.sandbox.person("rita").press(&old, "Try again").await.expect_form();
    assert_eq!(form.field("Its day").map(|field| field.value.clone()), Some("2026-06-10".to_owned()));
    let saved = stage.sandbox.person("rita").submit(&form, &[("Its day", "30 Oct")]).await.expect_message();
    holds(&saved.text(), &["Saved as", "evidence of Fri 30 Oct"]);
    holds(&stage.says("rita", "/deal view deal:D-1").await.text(), &["“Maria introduced us” (Fri 30 Oct)"]);

    let late = new("influenced", "2026-09-10").replace("Globex", "Umbrella");
    holds(&stage.says("rita", &late).await.text(), &["Saved as D-2", "evidence of Thu 10 Sep", "counts as late"]);
    holds(&stage.says("rita", "/deal view deal:D-2").await.text(), &["late"]);
    let future = new("influenced", "2026-12-10").replace("Globex", "Soylent");
    holds(&stage.says("rita", &future).await.text(), &["Thu 10 Dec is still to come"]);
    let bare = "/deal new account:Wayne partner:Initech source:undecided on:yesterday";
    holds(&stage.says("rita", bare).await.text(), &["say what happened on that day"]);
    let today = "/deal new account:Tyrell partner:Initech source:sourced evidence:Their lead list";
    stage.says("rita", today).await;
    holds(&stage.says("rita", "/deal view deal:Tyrell").await.text(), &["“Their lead list” (Mon 2 Nov)"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_late_stays_late_and_the_card_shows_every_claim_that_stood_there() {
    let stage = with_globex().await;
    stage.wait_until("2026-11-24T12:00:00Z").await;
    let claim = |role: &str, on: &str| {
        format!("/deal attribute deal:D-1 partner:Initech role:{role} evidence:{role} by them on:{on}")
    };
    for (role, on) in [("Influenced", "20 Nov"), ("Sourced", "2 Nov"), ("Influenced", "20 Nov")] {
        holds(&stage.says("rita", &claim(role, on)).await.text(), &["It counts as late."]);
    }
    let card = stage.says("rita", "/deal view deal:D-1").await.text();
    let chain = [
        "A later change: before, sourced by Initech, claimed by @rita",
        "late, not confirmed",
        "Before that: influenced by Initech",
        "Before that: undecided until Tue 24 Nov, for 22 days",
    ];
    holds(&card, &chain);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_that_is_corrected_in_the_quarter_of_its_win_is_no_adjustment() {
    let stage = with_globex().await;
    stage.says("lena", "/deal won deal:D-1 reason:Signed").await;
    let corrected = stage.says("lena", CLAIM).await.text();
    holds(&corrected, &["won this quarter, so its class is corrected there"]);
    assert!(!stage.says("lena", "/program view").await.text().contains("adjustment"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_registration_is_not_kept_twice() {
    let stage = with_globex().await;
    let register = "/deal register deal:D-1 reference:DR-4711 days:16";
    holds(&stage.says("rita", register).await.text(), &["registration DR-4711"]);
    holds(&stage.says("rita", register).await.text(), &["Nothing changed"]);
    holds(&stage.says("rita", &register.replace("16", "30")).await.text(), &["protected until Wed 2 Dec"]);
    stage.finish().await;
}
