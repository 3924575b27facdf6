//! The draft, its publication, and the deals that run each version.

use super::*;
use crate::app::ask_pass::AskPass;
use crate::app::close_deal::WinDeal;
use crate::app::move_deal::MoveDeal;
use crate::app::on_version::OnVersion;
use crate::app::publish_motion::PublishMotion;
use crate::app::reopen_deal::ReopenDeal;
use crate::app::run_motion::RunMotion;
use crate::app::testing::{Bench, GUILD, deal_with, lead, rep};
use crate::app::tick_criteria::TickCriteria;
use crate::app::undo::Undo;
use crate::app::update_deal::UpdateDeal;
use crate::app::{Caller, UseCase};
use crate::domain::deal::Deal;
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::refusal::Asker;
use crate::domain::workspace::Settings;

async fn bench() -> (Bench, Deal) {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    let record = crate::app::record_deal::RecordDeal {
        amount: Some("10k".to_owned()),
        close: Some("2027-01-29".to_owned()),
        ..deal_with("Globex", None)
    };
    let deal = bench.app.change(&rep(), record).await.expect("a deal").deal;
    (bench, deal)
}

async fn refused<U: UseCase>(bench: &Bench, by: Caller, change: U) -> Vec<Problem> {
    match bench.app.change(&by, change).await {
        Err(Failure::Refused(refused)) => refused.problems,
        Err(other) => panic!("expected a refusal, not {other:?}"),
        Ok(_) => panic!("expected a refusal"),
    }
}

fn add(text: &str) -> EditMotion {
    let what = What::Add { side: Side::Partner, text: text.to_owned() };
    EditMotion { stage: Stage::Prospect, what }
}

fn figures(probability: u8) -> EditMotion {
    let what = What::Stage { probability: Some(probability), usual_days: None, meaning: None, next: None };
    EditMotion { stage: Stage::Prospect, what }
}

fn publish() -> PublishMotion {
    PublishMotion { note: "Sponsors come first".to_owned() }
}

fn to(deal: DealNumber, stage: Stage, reason: Option<&str>) -> MoveDeal {
    MoveDeal { deal: Ok(deal), stage: Ok(stage), reason: reason.map(str::to_owned), amount: None, close: None }
}

fn tick(deal: &Deal, ticked: &[usize]) -> OnVersion<TickCriteria> {
    let change = TickCriteria { deal: deal.number, ticked: ticked.to_vec() };
    OnVersion { deal: deal.number, version: deal.version, change }
}

#[tokio::test]
async fn a_draft_is_nobodys_motion_until_it_is_published() {
    let (bench, old) = bench().await;
    assert_eq!(refused(&bench, lead(), publish()).await, [Problem::NoDraft]);
    assert!(matches!(refused(&bench, rep(), figures(20)).await[..], [Problem::NotAllowed { .. }]));
    bench.app.change(&lead(), figures(20)).await.expect("a draft");
    bench.app.change(&lead(), add("  Partner   sponsor met ")).await.expect("a draft");
    assert!(matches!(refused(&bench, lead(), add("partner sponsor met")).await[..], [Problem::NameTaken { .. }]));
    let settings = bench.settings(GUILD).await;
    assert_eq!((settings.motions.current().version, settings.motions.terms(&old).probability), (1, 10));
    bench.app.change(&lead(), publish()).await.expect("published");
    let settings = bench.settings(GUILD).await;
    let current = settings.motions.current();
    assert_eq!((current.version, settings.motion_draft.as_ref()), (2, None));
    assert_eq!(current.criteria(Stage::Prospect).last().map(|c| c.text.as_str()), Some("Partner sponsor met"));
    assert_eq!(current.published.as_ref().map(|p| p.note.as_str()), Some("Sponsors come first"));
    let new = bench.app.change(&rep(), deal_with("Umbrella", None)).await.expect("a deal").deal;
    let probability = |deal: &Deal| settings.motions.terms(deal).probability;
    assert_eq!((probability(&old), probability(&new)), (10, 20), "each by its own version");
    bench.assert_replays(GUILD, &settings).await;
}

#[tokio::test]
async fn a_publication_can_be_taken_back() {
    let (bench, _) = bench().await;
    bench.app.change(&lead(), figures(20)).await.expect("a draft");
    let before = bench.settings(GUILD).await;
    let made = lead();
    bench.app.change(&made, publish()).await.expect("published");
    bench.app.undo(&lead(), made.interaction).await.expect("undone");
    let after = bench.settings(GUILD).await;
    assert_eq!((&after.motions, &after.motion_draft), (&before.motions, &before.motion_draft));
}

#[tokio::test]
async fn a_page_that_is_out_of_date_changes_nothing() {
    let (bench, _) = bench().await;
    let seen = bench.settings(GUILD).await.version;
    let on = |what, seen| EditMotion { stage: Stage::Prospect, what: What::Criterion { at: 0, what, seen } };
    bench.app.change(&lead(), on(OnCriterion::SwapSide, seen)).await.expect("a draft");
    assert_eq!(refused(&bench, lead(), on(OnCriterion::Remove, seen)).await, [Problem::ChangedMeanwhile]);
    assert_eq!(refused(&bench, lead(), DiscardDraft { seen }).await, [Problem::ChangedMeanwhile]);
    let criterion =
        |settings: &Settings| settings.motion_draft.as_ref().map(|draft| draft.criteria(Stage::Prospect)[0].clone());
    let now = bench.settings(GUILD).await;
    assert_eq!(criterion(&now).map(|c| c.side), Some(Side::Partner));
    let words = OnCriterion::Reword("Customer's CFO spoken to".to_owned());
    bench.app.change(&lead(), on(words, now.version)).await.expect("other words");
    let now = bench.settings(GUILD).await;
    assert_eq!(criterion(&now).map(|c| c.text).as_deref(), Some("Customer's CFO spoken to"));
    bench.app.change(&lead(), DiscardDraft { seen: now.version }).await.expect("discarded");
    assert_eq!(bench.settings(GUILD).await.motion_draft, None);
}

#[tokio::test]
async fn a_deal_moves_on_once_its_criteria_are_met_or_a_lead_says_why_not() {
    let (bench, deal) = bench().await;
    let unmet = refused(&bench, rep(), to(deal.number, Stage::Qualified, Some("They like us"))).await;
    assert!(matches!(&unmet[..], [Problem::Unmet { unmet, asker: Asker::Owner, .. }] if unmet.len() == 3), "{unmet:?}");
    let ticked = bench.app.change(&rep(), tick(&deal, &[0, 1])).await.expect("ticked");
    assert_eq!(ticked.events.last().map(|e| e.kind), Some(EventKind::CriterionMet));
    let asked =
        bench.app.change(&rep(), AskPass { deal: deal.number, to: Stage::Qualified }).await.expect("asked").deal;
    assert_eq!(asked.pass_asked.as_ref().map(|asked| asked.to), Some(Stage::Qualified));
    let unmet = refused(&bench, lead(), to(deal.number, Stage::Qualified, None)).await;
    assert!(matches!(&unmet[..], [Problem::Unmet { asker: Asker::Lead, .. }]), "{unmet:?}");
    let why = "Their seller is on leave, we know who it will be";
    let moved = bench.app.change(&lead(), to(deal.number, Stage::Qualified, Some(why))).await.expect("moved").deal;
    let [waiver] = moved.waivers.as_slice() else { panic!("one waiver") };
    assert_eq!((waiver.reason.as_str(), waiver.passed.len(), moved.pass_asked.clone()), (why, 1, None));
    let back = bench.app.change(&rep(), to(deal.number, Stage::Prospect, None)).await.expect("back").deal;
    let again = bench.app.change(&rep(), to(deal.number, Stage::Qualified, None)).await.expect("not asked again").deal;
    assert_eq!(again.waivers, back.waivers);
    bench.assert_replays(GUILD, &again).await;
}

#[tokio::test]
async fn winning_leaves_every_stage_that_lies_ahead() {
    let (bench, deal) = bench().await;
    let win = |reason: Option<&str>| WinDeal {
        deal: Ok(deal.number),
        amount: None,
        on: None,
        reason: reason.map(str::to_owned),
    };
    let unmet = refused(&bench, rep(), win(None)).await;
    assert!(matches!(&unmet[..], [Problem::Unmet { unmet, .. }] if unmet.len() == 16), "{unmet:?}");
    let won = bench.app.change(&lead(), win(Some("Signed before we had the bot"))).await.expect("won").deal;
    assert!(won.is_won() && won.waivers[0].passed.len() == 16);
    let reopen = ReopenDeal { deal: Ok(deal.number), why: "They cancelled".to_owned() };
    bench.app.change(&lead(), reopen).await.expect("open again");
    let unmet = refused(&bench, rep(), win(None)).await;
    assert!(matches!(&unmet[..], [Problem::Unmet { unmet, .. }] if unmet.len() == 16), "passed for one win: {unmet:?}");
}

#[tokio::test]
async fn what_somebody_else_ticked_is_not_taken_back_unseen() {
    let (bench, deal) = bench().await;
    bench.app.change(&lead(), tick(&deal, &[0])).await.expect("ticked");
    assert_eq!(refused(&bench, rep(), tick(&deal, &[1])).await, [Problem::ChangedMeanwhile]);
    let note = UpdateDeal { note: Some("A call".to_owned()), ..UpdateDeal::of(deal.number) };
    let now = bench.app.change(&rep(), note).await.expect("noted").deal;
    let shown = Deal { version: now.version - 1, ..now };
    let ticked = bench.app.change(&rep(), tick(&shown, &[])).await.expect("a note touches no criterion");
    assert_eq!(ticked.events.last().map(|e| e.kind), Some(EventKind::CriterionUnmet));
    assert_eq!(ticked.deal.met, []);
    assert_eq!(refused(&bench, rep(), tick(&ticked.deal, &[])).await, [Problem::NothingToDo]);
}

#[tokio::test]
async fn a_deal_is_moved_to_the_current_version_and_back_by_an_undo() {
    let (bench, deal) = bench().await;
    let deal = bench.app.change(&rep(), tick(&deal, &[0, 2])).await.expect("ticked").deal;
    let seen = bench.settings(GUILD).await.version;
    let what = What::Criterion { at: 0, what: OnCriterion::Remove, seen };
    bench.app.change(&lead(), EditMotion { stage: Stage::Prospect, what }).await.expect("a draft");
    bench.app.change(&lead(), publish()).await.expect("published");
    assert_eq!(refused(&bench, rep(), RunMotion { deal: deal.number, version: 3 }).await, [Problem::Stale]);
    let made = rep();
    let moved = bench.app.change(&made, RunMotion { deal: deal.number, version: 2 }).await.expect("moved").deal;
    let texts: Vec<&str> = moved.met.iter().map(|met| met.text.as_str()).collect();
    assert_eq!((moved.motion_version, texts), (2, vec!["Partner's account owner named"]));
    let undone = bench.app.change(&rep(), Undo { of: made.interaction }).await.expect("undone").deal.expect("the deal");
    assert_eq!(undone, Deal { version: undone.version, ..deal });
}
