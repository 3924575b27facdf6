//! A rep leaves, and the pipeline doesn't: what they answered for is planned, moved, answered, and can be taken back.

use chrono::Duration;
use cosell::domain::deal::Deal;
use cosell::domain::event::{Subject, SubjectKind, replay};
use cosell::domain::handover::Handover;
use cosell::domain::id::{DealNumber, GuildId, HandoverId, MemberId, UserId};
use cosell::sandbox::Shown;

use super::support::Stage;

mod number;

/// Rita owns D-1 with Ben behind her and D-2 with Hooli, which she manages, and backs up Ben's D-3. Ana owns D-4.
async fn staged() -> Stage {
    let stage = Stage::ready().await;
    for (who, deal) in [
        ("rita", "account:Globex partner:Initech source:sourced evidence:Maria introduced us amount:120k backup:@ben"),
        ("rita", "account:Umbrella partner:Hooli source:undecided amount:80k next_step:Send the offer due:+3d"),
        ("ben", "account:Soylent partner:Initech source:undecided amount:200k backup:@rita"),
        ("ana", "account:Wayne partner:Hooli source:undecided"),
    ] {
        let saved = stage.says(who, &format!("/deal new {deal}")).await.text();
        assert!(saved.contains("Saved as"), "{saved}");
    }
    stage.says("lena", "/partner edit partner:Hooli manager:@rita").await;
    stage
        .says("lena", "/partner contact partner:Initech name:Maria Lopez role:Alliances email:maria@initech.example")
        .await;
    stage
}

async fn deal(stage: &Stage, number: i64) -> Deal {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    workspace.find_deal(DealNumber(number)).await.unwrap().expect("the deal is there")
}

async fn member(stage: &Stage, name: &str) -> MemberId {
    let user = UserId(i64::try_from(stage.sandbox.person(name).id().0).unwrap());
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    workspace.find_member_of_user(user).await.unwrap().expect("they are known").id
}

/// Owner and backup of a deal, as names.
async fn people(stage: &Stage, number: i64) -> (String, Option<String>) {
    let deal = deal(stage, number).await;
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    let members = workspace.find_all_members().await.unwrap();
    let name = |id: MemberId| members.iter().find(|m| m.id == id).expect("a member").name.clone();
    (name(deal.owner), deal.backup.map(name))
}

fn owned(owner: &str, backup: Option<&str>) -> (String, Option<String>) {
    (owner.to_owned(), backup.map(str::to_owned))
}

async fn manager_of_hooli(stage: &Stage) -> Option<MemberId> {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    workspace.find_partner_named("Hooli").await.unwrap().expect("Hooli").manager
}

/// The handover's state equals the replay of its events, and so does each deal's.
async fn assert_replays(stage: &Stage, deals: i64) {
    let mut workspace = stage.bot.app().store.read(GuildId(stage.guild())).await.unwrap();
    let events = workspace.find_events(Subject { kind: SubjectKind::Handover, id: 1 }).await.unwrap();
    let replayed: Handover = serde_json::from_value(replay(&events)).unwrap();
    assert_eq!(Some(replayed), workspace.find_handover(HandoverId(1)).await.unwrap());
    for number in 1..=deals {
        let events = workspace.find_events(Subject { kind: SubjectKind::Deal, id: number }).await.unwrap();
        let replayed: Deal = serde_json::from_value(replay(&events)).unwrap();
        assert_eq!(Some(replayed), workspace.find_deal(DealNumber(number)).await.unwrap());
    }
}

/// The messages in #nudges that ask somebody to take over, by whom they name.
fn asked(stage: &Stage, name: &str) -> Shown {
    let mention = format!("@{name}");
    let asks = |shown: &Shown| shown.text().starts_with(&mention) && shown.text().contains("take over from");
    stage.sandbox.channel("#nudges").into_iter().rfind(asks).unwrap_or_else(|| panic!("{name} was not asked"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_s_work_is_planned_moved_answered_and_assigned() {
    let stage = staged().await;
    let refused = stage.says("rita", "/handover plan from:@rita").await.text();
    assert!(refused.contains("for a lead"), "{refused}");
    let plan = stage.says("lena", "/handover plan from:@rita").await;
    assert!(plan.ephemeral, "a plan is for the lead alone");
    insta::assert_snapshot!("plan", plan.text());

    let lena = stage.sandbox.person("lena");
    let question = lena.pick(&plan, "Choose another recipient", &["deal_2"]).await.expect_message();
    assert!(question.text().contains("Who gets") && question.text().contains("Umbrella"), "{}", question.text());
    let itself = lena.pick(&question, "Choose a recipient", &["@rita"]).await.expect_message();
    assert!(itself.text().contains("nobody stands in for themselves"), "{}", itself.text());
    let plan = lena.pick(&question, "Choose a recipient", &["@ben"]).await.expect_message();
    assert!(plan.text().contains("Umbrella · Hooli · $80k · Prospect → @ben (chosen)"), "{}", plan.text());
    assert_eq!(people(&stage, 2).await, owned("rita", None), "nothing moves before the start");

    let started = stage.presses("lena", &plan, "Start the handover").await;
    insta::assert_snapshot!("started", started.text());
    assert_eq!(people(&stage, 1).await, owned("lena", Some("ben")), "the lead owns it at once");
    assert_eq!(people(&stage, 2).await, owned("lena", None));
    let again = stage.says("lena", "/handover plan from:@rita").await.text();
    assert!(!again.contains("Umbrella"), "{again}");

    stage.wait(Duration::minutes(2)).await;
    let to_ben = asked(&stage, "ben");
    let text = to_ben.text();
    let lasting = text.lines().filter(|line| !line.starts_with("-# ")).collect::<Vec<_>>();
    insta::assert_snapshot!("asked", lasting.join("\n"));
    assert_eq!(stage.reads("#nudges").iter().filter(|text| text.contains("take over from")).count(), 2, "one each");
    let not_hers = stage.presses("ana", &to_ben, "Accept D-1").await.text();
    assert!(not_hers.contains("Only @ben answers this"), "{not_hers}");
    let accepted = stage.presses("ben", &to_ben, "Accept D-1").await;
    assert!(accepted.ephemeral && accepted.text().contains("D-1 is yours now"), "{}", accepted.text());
    assert!(accepted.text().contains("1 of 1") && accepted.text().contains("Umbrella"), "{}", accepted.text());
    assert_eq!(people(&stage, 1).await, owned("ben", None), "the backup who took over is no backup any more");
    let twice = stage.presses("ben", &to_ben, "Accept D-1").await.text();
    assert!(twice.contains("answered before"), "{twice}");
    let declined = stage.presses("ben", &accepted, "Decline").await;
    assert!(declined.text().contains("D-2 is declined"), "{}", declined.text());
    let back = stage.presses("ben", &declined, "Undo").await;
    assert!(back.text().contains("Taken back") && back.text().contains("Umbrella"), "{}", back.text());
    assert!(back.button("Accept").is_some(), "it waits again");
    let declined = stage.presses("ben", &to_ben, "Decline D-2").await.text();
    assert!(declined.contains("D-2 is declined") && declined.contains("Nothing waits"), "{declined}");
    assert_eq!(people(&stage, 2).await, owned("lena", None), "declined, it stays with the lead");

    let status = stage.says("lena", "/handover status").await;
    assert!(status.button("Assign without acceptance").is_none(), "there is time still");
    stage.wait_until("2026-11-04T09:05:00Z").await;
    let digest = stage.reads("#nudges").into_iter().rfind(|text| text.contains("@lena")).expect("a digest");
    assert!(digest.contains("1 answer to rita's handover is overdue, 1 thing of it was declined"), "{digest}");
    let status = stage.says("lena", "/handover status").await;
    let assigned = stage.presses("lena", &status, "Assign without acceptance").await;
    insta::assert_snapshot!("assigned", assigned.text());
    assert_eq!(manager_of_hooli(&stage).await, Some(member(&stage, "ana").await));
    assert_eq!(people(&stage, 3).await, owned("ben", Some("lena")), "she manages its partner");
    stage.wait(Duration::minutes(2)).await;
    let told = stage.reads("#nudges").pop().expect("a message");
    assert!(told.starts_with("@ana, yours now") && told.contains("Hooli"), "{told}");
    assert_replays(&stage, 4).await;
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handover_to_one_person_is_accepted_at_once_and_taken_back_but_for_what_was_touched() {
    let stage = staged().await;
    stage.says("lena", "/deal won deal:D-1 amount:125k reason:They signed at the fair").await;
    stage.says("rita", "/deal new account:Cyberdyne partner:Initech source:undecided amount:10k").await;
    let started = stage.says("lena", "/handover start from:@rita to:@ana note:Rita moves to marketing").await;
    assert!(started.text().contains("Rita moves to marketing"), "{}", started.text());
    assert_eq!(people(&stage, 1).await, owned("rita", Some("ben")), "closed credit stays");
    stage.wait(Duration::minutes(2)).await;
    let brief = stage.presses("ana", &asked(&stage, "ana"), "One by one").await;
    assert!(brief.text().contains("1 of 4") && brief.text().contains("Send the offer"), "{}", brief.text());
    let next = stage.presses("ana", &brief, "▶").await;
    assert!(next.text().contains("2 of 4") && next.text().contains("Cyberdyne"), "{}", next.text());
    let all = stage.presses("ana", &asked(&stage, "ana"), "Accept all").await.text();
    assert!(all.contains("4 things are yours now"), "{all}");
    assert_eq!((people(&stage, 2).await, people(&stage, 5).await), (owned("ana", None), owned("ana", None)));
    let history = stage.says("ana", "/deal history deal:D-2").await.text();
    assert!(history.contains("owner @rita → @lena; “Rita moves to marketing”"), "{history}");

    stage.says("ana", "/deal update deal:D-5 note:They want a demo").await;
    let refused = stage.says("ana", "/handover undo").await.text();
    assert!(refused.contains("for a lead"), "{refused}");
    let question = stage.says("lena", "/handover undo").await;
    assert!(
        question.text().contains("3 things go back") && question.text().contains("Cyberdyne"),
        "{}",
        question.text()
    );
    let kept = stage.presses("lena", &question, "No").await.text();
    assert!(kept.contains("Nothing was changed"), "{kept}");
    let undone = stage.presses("lena", &question, "Yes").await;
    insta::assert_snapshot!("undone", undone.text());
    assert_eq!((people(&stage, 2).await, people(&stage, 5).await), (owned("rita", None), owned("ana", None)));
    assert_eq!(people(&stage, 3).await, owned("ben", Some("rita")));
    assert_eq!(manager_of_hooli(&stage).await, Some(member(&stage, "rita").await));
    let again = stage.says("lena", "/handover undo").await.text();
    assert!(again.contains("no handover to take back"), "{again}");
    assert_replays(&stage, 5).await;
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_left_is_proposed_for_handover_and_a_direct_message_can_be_answered() {
    let stage = staged().await;
    stage.says("ben", "/my settings direct_messages:true").await;
    stage.sandbox.remove_person("rita");
    stage.wait_until("2026-11-03T09:05:00Z").await;
    let alarm = stage.sandbox.channel("#ops").into_iter().rfind(|m| m.text().contains("unowned")).expect("an alarm");
    let stranger = stage.presses("ana", &alarm, "Plan the handover").await.text();
    assert!(stranger.contains("for a lead"), "{stranger}");
    let plan = stage.presses("lena", &alarm, "Plan the handover").await;
    assert!(plan.ephemeral && plan.text().contains("rita (left)"), "{}", plan.text());
    let started = stage.presses("lena", &plan, "Start the handover").await;
    assert!(started.text().contains("Started"), "{}", started.text());
    assert_eq!(people(&stage, 1).await, owned("lena", Some("ben")));
    stage.wait(Duration::minutes(2)).await;
    let direct = stage.sandbox.dms("ben").pop().expect("a direct message");
    let accepted = stage.presses("ben", &direct, "Accept D-1").await.text();
    assert!(accepted.contains("D-1 is yours now"), "{accepted}");
    assert_eq!(people(&stage, 1).await, owned("ben", None));
    let undo = stage.says("lena", "/handover undo").await.text();
    assert!(undo.contains("has left the server"), "{undo}");
    let nothing = stage.says("lena", "/handover plan from:@newt").await.text();
    assert!(nothing.contains("answers for nothing"), "{nothing}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_is_taken_back_within_a_minute_and_nobody_is_asked() {
    let stage = staged().await;
    let plan = stage.says("lena", "/handover plan from:@rita").await;
    let lena = stage.sandbox.person("lena");
    let question = lena.pick(&plan, "Choose another recipient", &["deal_2"]).await.expect_message();
    lena.pick(&question, "Choose a recipient", &["@ben"]).await.expect_message();
    let started = stage.presses("lena", &plan, "Start the handover").await;
    let back = stage.presses("lena", &started, "Undo").await;
    assert_eq!(
        back.text(),
        "Taken back. Everything is with @rita as before, and nobody is asked to take over.\n[Plan the handover]"
    );
    assert_eq!((people(&stage, 1).await, people(&stage, 2).await), (owned("rita", Some("ben")), owned("rita", None)));
    stage.wait(Duration::minutes(2)).await;
    assert!(stage.reads("#nudges").iter().all(|text| !text.contains("take over from")));
    let plan = stage.says("lena", "/handover plan from:@rita").await.text();
    assert!(plan.contains("@ben (chosen)"), "what was chosen stands: {plan}");
    assert_replays(&stage, 4).await;
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_without_a_plan_is_taken_back_whole() {
    let stage = staged().await;
    let started = stage.says("lena", "/handover start from:@rita to:@ben").await;
    let back = stage.presses("lena", &started, "Undo").await.text();
    assert!(back.starts_with("Taken back. Everything is with @rita"), "{back}");
    let status = stage.says("lena", "/handover status").await.text();
    assert!(status.contains("It was taken back.") && !status.contains("was asked"), "{status}");
    assert_eq!(status.matches("back with @rita").count(), 4, "{status}");
    assert_replays(&stage, 4).await;
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_declined_comes_to_the_leads_and_waits_until_somebody_has_it() {
    let stage = staged().await;
    stage.says("lena", "/handover start from:@rita to:@ben").await;
    let twice = stage.says("lena", "/handover start from:@rita to:@ana").await.text();
    assert!(twice.contains("A handover of @rita's work runs already: 3 things on the way"), "{twice}");
    stage.wait(Duration::minutes(2)).await;
    let to_ben = asked(&stage, "ben");
    stage.presses("ben", &to_ben, "Accept D-1").await;
    stage.presses("ben", &to_ben, "Decline D-2").await;
    let declined = stage.presses("ben", &to_ben, "Decline manager of Hooli").await;
    stage.presses("ben", &declined, "Undo").await;
    stage.wait(Duration::seconds(5)).await;
    stage.presses("ben", &to_ben, "Decline manager of Hooli").await;
    assert!(stage.reads("#ops").is_empty(), "a slip can be undone before anybody is told");
    stage.wait(Duration::minutes(2)).await;
    insta::assert_snapshot!("declined", without_references(&stage.reads("#ops")));
    let plan = stage.says("lena", "/handover plan from:@rita").await.text();
    assert!(plan.contains("2 things are on the way already"), "{plan}");

    stage.wait(Duration::days(10)).await;
    let digest = stage.reads("#nudges").into_iter().rfind(|text| text.contains("@lena:")).expect("a digest");
    assert!(digest.contains("2 things of rita's handover were declined"), "{digest}");
    let status = stage.says("lena", "/handover status").await;
    insta::assert_snapshot!("declined_status", status.text());
    let lena = stage.sandbox.person("lena");
    let question = lena.pick(&status, "Find somebody else", &["manager_2"]).await.expect_message();
    let offered = lena.pick(&question, "Choose a recipient", &["@ana"]).await.expect_message();
    assert!(offered.text().contains("partner manager of Hooli: @ana was asked"), "{}", offered.text());
    stage.wait(Duration::minutes(2)).await;
    stage.presses("ana", &asked(&stage, "ana"), "Accept manager of Hooli").await;
    assert_eq!(manager_of_hooli(&stage).await, Some(member(&stage, "ana").await));

    let alarm = stage.sandbox.channel("#ops").into_iter().find(|m| m.text().contains("D-2")).expect("an alarm");
    let stranger = stage.presses("ana", &alarm, "Find somebody else").await.text();
    assert!(stranger.contains("for a lead"), "{stranger}");
    let question = stage.presses("lena", &alarm, "Find somebody else").await;
    assert!(question.ephemeral, "for her alone");
    let kept = lena.pick(&question, "Choose a recipient", &["@lena"]).await.expect_message().text();
    assert!(kept.contains("It is yours now") && kept.contains("D-2"), "{kept}");
    let late = stage.presses("lena", &alarm, "Find somebody else").await.text();
    assert!(late.contains("answered before, or settled otherwise"), "{late}");
    assert_replays(&stage, 4).await;
    stage.finish().await;
}

/// Messages without the line that each of them is found again by.
fn without_references(messages: &[String]) -> String {
    let lasting = |text: &String| text.lines().filter(|line| !line.starts_with("-# ")).collect::<Vec<_>>().join("\n");
    messages.iter().map(lasting).collect::<Vec<_>>().join("\n---\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_deal_over_is_asked_what_its_claimer_was() {
    let stage = staged().await;
    stage.says("lena", "/partner edit partner:Initech manager:@ana").await;
    let claim = stage.says("ana", "/my work").await;
    let ana = stage.sandbox.person("ana");
    let form = ana.press(&claim, "Question").await.expect_form();
    ana.submit(&form, &[("What should the claimer answer?", "Which meeting?")]).await.expect_message();
    stage.says("lena", "/handover start from:@rita to:@ben").await;
    stage.wait(Duration::minutes(2)).await;
    stage.presses("ben", &asked(&stage, "ben"), "Accept D-1").await;
    stage.wait_until("2026-11-03T09:05:00Z").await;
    let digest = stage.reads("#nudges").into_iter().rfind(|text| text.contains("asks about the claim")).expect("told");
    let told = digest.lines().find(|line| line.contains("asks about the claim")).expect("a line");
    assert!(told.starts_with("@ben") && told.contains("@ana asks about the claim: “Which meeting?”"), "{digest}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_partner_over_is_told_of_the_claims_that_wait() {
    let stage = staged().await;
    let deal = "account:Tyrell partner:Hooli source:sourced evidence:They brought it";
    stage.says("ben", &format!("/deal new {deal}")).await;
    stage.wait_until("2026-11-03T09:05:00Z").await;
    let told = |name: &str| {
        let texts = stage.reads("#nudges").join("\n");
        texts.lines().any(|line| line.starts_with(&format!("@{name}: ")) && line.contains("1 claim to confirm"))
    };
    assert!(told("rita") && !told("ana"));
    stage.says("lena", "/handover start from:@rita to:@ana").await;
    stage.wait(Duration::minutes(2)).await;
    stage.presses("ana", &asked(&stage, "ana"), "Accept manager of Hooli").await;
    stage.wait_until("2026-11-04T09:05:00Z").await;
    assert!(told("ana"), "{:?}", stage.reads("#nudges"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_reads_whose_the_deals_are_until_they_are_accepted() {
    let stage = staged().await;
    stage.wait(Duration::minutes(11)).await;
    stage.says("lena", "/handover start from:@rita to:@ben").await;
    stage.wait(Duration::minutes(11)).await;
    let team = stage.reads("#pipeline");
    let told = |deal: &str| team.iter().any(|line| line.contains(deal) && line.contains("owner @rita → @lena"));
    assert!(told("D-1") && told("D-2"), "{team:?}");
    assert!(!told("D-3") && !told("D-4"), "{team:?}");
    stage.finish().await;
}
