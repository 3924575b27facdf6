//! What deals pay: set by a lead, told to the owner alone, counted on the agenda, levelled by leads and finance.

use cosell::sandbox::Shown;

use super::support::Stage;

async fn says(stage: &Stage, who: &str, command: &str) -> Shown {
    let shown = stage.says(who, command).await;
    assert!(shown.ephemeral, "{command}: for {who} alone");
    shown
}

/// 10 % alone and 9 % with a partner: $120,000 pays $1,200 less.
const LESS: &str = "/program comp solo_rate:10 cosell_rate:9";
const GLOBEX: &str = "/deal new account:Globex partner:Initech source:undecided amount:120k next_step:Call due:+3d";

#[tokio::test(flavor = "multi_thread")]
async fn terms_are_set_by_a_lead_and_what_falls_short_is_for_leads_and_finance() {
    let stage = Stage::ready().await;
    let mut said = Vec::new();
    for (who, command) in [
        ("finn", "/program parity"),
        ("rita", "/program parity"),
        ("rita", "/program comp solo_rate:10 cosell_rate:12"),
        ("finn", "/program comp solo_rate:10 cosell_rate:12"),
        ("lena", "/program comp solo_rate:ten cosell_rate:120 spiff:lots from:never"),
        ("lena", "/program comp solo_rate:10 % cosell_rate:9.5 quota_credit:50 spiff:$250 from:2026-09-01"),
        ("rita", GLOBEX),
        ("ben", "/deal new account:Umbrella partner:Hooli source:undecided amount:10k"),
        ("finn", "/program parity"),
        ("lena", "/program comp solo_rate:10 cosell_rate:10"),
        ("lena", "/program comp solo_rate:10 cosell_rate:10"),
        ("finn", "/program parity"),
    ] {
        said.push(format!("{who}> {command}\n{}", says(&stage, who, command).await.text()));
    }
    insta::assert_snapshot!(said.join("\n\n"));
    let set = says(&stage, "lena", LESS).await;
    let checked = stage.presses("lena", &set, "Check comp").await;
    assert!(checked.ephemeral && checked.text().contains("$1,200 short"), "{}", checked.text());
    let undone = stage.presses("lena", &set, "Undo").await;
    assert!(undone.text().contains("Taken back"), "{}", undone.text());
    let level = says(&stage, "finn", "/program parity").await.text();
    assert!(level.contains("at least what it pays solo"), "{level}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_told_after_recording_and_after_each_change_that_matters() {
    let stage = Stage::ready().await;
    says(&stage, "lena", LESS).await;
    let recorded = says(&stage, "rita", GLOBEX).await.text();
    assert!(recorded.contains("$1,200 less"), "{recorded}");
    let unpriced = says(&stage, "rita", "/deal new account:Wayne partner:Initech source:undecided").await.text();
    assert!(!unpriced.contains("solo"), "nothing to tell yet: {unpriced}");
    let raised = says(&stage, "rita", "/deal update deal:D-1 amount:240k").await.text();
    assert!(raised.contains("$2,400 less"), "{raised}");
    let noted = says(&stage, "rita", "/deal update deal:D-1 note:They like it").await.text();
    assert!(!noted.contains("solo"), "no news: {noted}");
    let by_lena = says(&stage, "lena", "/deal update deal:D-1 amount:120k").await.text();
    assert!(!by_lena.contains("solo"), "not hers: {by_lena}");
    let work = says(&stage, "rita", "/my work").await.text();
    assert!(work.contains("what your deals pay changed") && work.contains("$1,200 less"), "{work}");
    let again = says(&stage, "rita", "/my work").await.text();
    assert!(!again.contains("what your deals pay changed"), "told once: {again}");
    let by_press = stage.presses("rita", &says(&stage, "rita", "/my work").await, "▶").await.text();
    assert!(by_press.contains("D-"), "{by_press}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_points_an_owner_to_what_is_theirs_alone_and_says_it_only_where_nobody_else_reads() {
    let stage = Stage::ready().await;
    says(&stage, "ben", "/my settings direct_messages:true").await;
    says(&stage, "rita", GLOBEX).await;
    let soylent = "/deal new account:Soylent partner:Initech source:undecided amount:60k next_step:Call due:+3d";
    says(&stage, "ben", soylent).await;
    // After the day's digest hour, and so in the next day's.
    stage.wait_until("2026-11-02T14:00:00Z").await;
    says(&stage, "lena", LESS).await;
    stage.wait_until("2026-11-03T09:05:00Z").await;
    let nudges = stage.sandbox.channel("#nudges");
    let [nudge] = nudges.as_slice() else { panic!("{:?}", stage.reads("#nudges")) };
    assert_eq!(nudge.pinged, ["rita"], "{}", nudge.text());
    assert!(nudge.text().contains("something for you alone"), "{}", nudge.text());
    assert!(!nudge.text().contains("solo") && !nudge.text().contains("D-1"), "{}", nudge.text());
    let direct = stage.sandbox.dms("ben").pop().expect("a direct message").text();
    assert!(direct.contains("D-2 Soylent") && direct.contains("$600 less"), "{direct}");
    stage.wait_until("2026-11-04T09:05:00Z").await;
    assert_eq!(stage.reads("#nudges").len(), 1, "pointed to once");
    let work = says(&stage, "rita", "/my work").await.text();
    assert!(work.contains("what your deals pay changed") && work.contains("$1,200 less"), "{work}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_deal_over_is_told_what_it_pays_and_who_covers_is_not() {
    let stage = Stage::ready().await;
    says(&stage, "lena", LESS).await;
    says(&stage, "rita", GLOBEX).await;
    says(&stage, "lena", "/deal assign deal:D-1 owner:@ana").await;
    let told = says(&stage, "ana", "/my work").await.text();
    assert!(told.contains("$1,200 less"), "{told}");
    says(&stage, "ana", "/my away from:2 Nov to:6 Nov cover:@ben").await;
    let cover = says(&stage, "ben", "/my work").await.text();
    assert!(cover.contains("D-1 Globex") && !cover.contains("solo"), "{cover}");
    stage.finish().await;
}

/// Whatever would tell what a deal pays: the sums, the rates, and the words for them.
const PAY: [&str; 9] = ["12,000", "10,800", "1,200", "1.2k", "10 %", "9 %", "solo", "parity", "short"];

#[tokio::test(flavor = "multi_thread")]
async fn rule_14_pay_is_in_answers_to_one_person_only() {
    let stage = Stage::ready().await;
    says(&stage, "lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:09:30")
        .await;
    says(&stage, "lena", LESS).await;
    says(&stage, "rita", GLOBEX).await;
    says(&stage, "rita", "/deal update deal:D-1 amount:130k").await;
    says(&stage, "lena", "/deal update deal:D-1 amount:120k").await;
    stage.wait_until("2026-11-03T08:35:00Z").await;

    // The agenda counts, and opens to leads and finance alone.
    let agenda = stage.sandbox.channel("#reviews").pop().expect("an agenda");
    assert!(agenda.text().contains("Comp: 1 to check"), "{}", agenda.text());
    let opened = stage.presses("lena", &agenda, "Check comp").await;
    assert!(opened.ephemeral && opened.text().contains("$1,200 short"), "{}", opened.text());
    let refused = stage.presses("ben", &agenda, "Check comp").await;
    assert!(refused.ephemeral && refused.text().contains("leads and finance"), "{}", refused.text());

    // What another rep sees of it, and what is shared.
    let mut others = vec![refused.text().replace("leads and finance", "")];
    for command in [
        "/deal view deal:D-1",
        "/deal view deal:D-1 share:true",
        "/deal history deal:D-1 share:true",
        "/deal list share:true",
        "/review agenda share:true",
        "/partner view partner:Initech share:true",
        "/program parity",
        "/my work",
    ] {
        others.push(stage.says("ben", command).await.text());
    }
    // What the owner shares is shared with all.
    for command in ["/deal view deal:D-1 share:true", "/deal history deal:D-1 share:true"] {
        others.push(stage.says("rita", command).await.text());
    }
    says(&stage, "rita", "/deal won deal:D-1").await;
    stage.wait_until("2026-11-10T10:00:00Z").await;
    for channel in ["#pipeline", "#nudges", "#ops", "#reviews", "#general"] {
        others.extend(stage.reads(channel));
    }
    assert!(others.len() > 14, "there is something to search: {others:?}");
    for text in &others {
        let found: Vec<&str> = PAY.into_iter().filter(|word| text.contains(word)).collect();
        assert_eq!(found, Vec::<&str>::new(), "in: {text}");
    }
    let public =
        stage.sandbox.requests().into_iter().filter(|r| r.path.contains("/channels/") && r.path.ends_with("/messages"));
    let bodies: Vec<String> = public.map(|request| request.body.to_string()).collect();
    assert!(bodies.len() >= 5, "team lines, a digest, agendas: {}", bodies.len());
    for body in bodies {
        let found: Vec<&str> = PAY.into_iter().filter(|word| body.contains(word)).collect();
        assert_eq!(found, Vec::<&str>::new(), "in: {body}");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_what_a_deal_pays_waits_for_the_digest_and_takes_no_ping_of_what_somebody_did() {
    let stage = Stage::ready().await;
    says(&stage, "lena", LESS).await;
    let nudges = || stage.sandbox.channel("#nudges");
    let pinged = || nudges().iter().map(|shown| shown.pinged.clone()).collect::<Vec<_>>();
    // 12:00 is within four hours of the digest hour, so that a digest that is late for it would still go out.
    stage.wait_until("2026-11-02T12:00:00Z").await;
    let for_ben = GLOBEX.to_owned() + " owner:@ben";
    says(&stage, "rita", &for_ben).await;
    stage.wait_until("2026-11-02T12:00:45Z").await;
    assert_eq!(pinged(), Vec::<Vec<String>>::new(), "while it can be taken back, nobody is told");
    stage.wait_until("2026-11-02T18:00:00Z").await;
    assert_eq!(pinged(), [["ben"]], "that it is his; what it pays rides in the next digest");
    assert!(nudges()[0].text().contains("is yours now"), "{}", nudges()[0].text());

    stage.wait_until("2026-11-03T09:05:00Z").await;
    assert_eq!(pinged(), [["ben"], ["ben"]]);
    assert!(nudges()[1].text().contains("something for you alone"), "{}", nudges()[1].text());
    // A second ping on that day would be one too many, whoever caused it: he is named.
    says(&stage, "lena", &GLOBEX.replace("Globex", "Umbrella").replace(" next_step", " owner:@ben next_step")).await;
    stage.wait_until("2026-11-03T18:00:00Z").await;
    assert_eq!(pinged(), [vec!["ben"], vec!["ben"], vec![]], "{:?}", stage.reads("#nudges"));
    assert!(nudges()[2].text().contains("@ben, D-2 Umbrella"), "{}", nudges()[2].text());

    // What somebody did before the digest hour is the day's ping; the digest waits for the next business day.
    says(&stage, "lena", "/program comp solo_rate:10 cosell_rate:8").await;
    stage.wait_until("2026-11-04T07:00:00Z").await;
    says(&stage, "lena", &GLOBEX.replace("Globex", "Soylent").replace(" next_step", " owner:@ben next_step")).await;
    stage.wait_until("2026-11-04T18:00:00Z").await;
    let of_ben = |shown: &&Shown| shown.pinged.contains(&"ben".to_owned());
    let on_the_4th = |shown: &&Shown| shown.at.format("%-d").to_string() == "4";
    let told: Vec<String> = nudges().iter().filter(of_ben).filter(on_the_4th).map(Shown::text).collect();
    assert!(told.len() == 1 && told[0].contains("D-3 Soylent"), "{told:?}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn show_mine_shows_what_the_digest_told_of() {
    let stage = Stage::ready().await;
    let quiet = "/deal new account:Globex partner:Initech source:sourced evidence:Maria amount:120k close:15 Dec \
                 next_step:Call due:2026-11-22";
    says(&stage, "rita", quiet).await;
    stage.wait_until("2026-11-02T14:00:00Z").await;
    says(&stage, "lena", LESS).await;
    stage.wait_until("2026-11-03T09:05:00Z").await;
    let nudge = stage.sandbox.channel("#nudges").pop().expect("a digest");
    assert!(nudge.text().contains("1 claim to confirm") && nudge.text().contains("for you alone"), "{}", nudge.text());
    let rita = stage.presses("rita", &nudge, "Show mine").await;
    assert!(rita.ephemeral && rita.text().contains("$1,200 less"), "{}", rita.text());
    let lena = stage.presses("lena", &nudge, "Show mine").await;
    assert!(lena.ephemeral && lena.text().contains("[Confirm]"), "{}", lena.text());
    stage.finish().await;
}
