//! Answers that Discord does not take: what was saved is told in another way, and nobody types it twice.

use cosell::sandbox::{Refusal, Reply};

use super::support::Stage;
use super::support::openapi;

const GLOBEX: &str = "/deal new account:Globex partner:Initech source:undecided amount:120k close:15 Dec";

/// Types a command whose answer Discord refuses with a code.
async fn unanswered(stage: &Stage, who: &str, command: &str, code: u32) {
    stage.sandbox.refuse(Refusal::answer("POST", "/callback", 404, code));
    let reply = stage.sandbox.person(who).slash(command).await;
    assert!(matches!(reply, Reply::Refused(_)), "{reply:?}");
    stage.sandbox.quiet().await;
}

/// Ends a test in which so many answers were refused, and nothing else was wrong.
async fn finish(stage: Stage, refused: usize) {
    let unexpected = stage.sandbox.unexpected();
    assert_eq!(unexpected.len(), refused, "{unexpected:?}");
    assert!(unexpected.iter().all(|said| said.ends_with("was never answered")), "{unexpected:?}");
    openapi::check(&stage.sandbox.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_deal_whose_answer_is_not_taken_is_told_to_its_maker_in_the_nudge_channel() {
    let stage = Stage::ready().await;
    unanswered(&stage, "rita", GLOBEX, 10_062).await;
    let nudges = stage.sandbox.channel("#nudges");
    let told = nudges.last().expect("it is told");
    let text = told.text();
    assert!(text.contains("@rita, Discord did not take the answer") && text.contains("Saved as D-1 Globex"), "{text}");
    assert_eq!(told.pinged, ["rita"]);
    finish(stage, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_up_or_an_answer_that_was_given_before_is_not_told_again() {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    unanswered(&stage, "rita", "/deal view deal:D-1", 10_062).await;
    unanswered(&stage, "rita", "/deal update deal:D-1 note:They called", 40_060).await;
    assert_eq!(stage.reads("#nudges"), Vec::<String>::new());
    finish(stage, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_14_what_deals_pay_is_not_told_to_a_channel_even_when_its_answer_is_not_taken() {
    let stage = Stage::ready().await;
    unanswered(&stage, "lena", "/program comp solo_rate:10 cosell_rate:7", 10_062).await;
    let nudges = stage.reads("#nudges").concat();
    assert!(nudges.contains("What you sent is saved") && !nudges.contains("7 %"), "{nudges}");
    finish(stage, 1).await;
}
