//! What can be taken back, by whom, and for how long.

use super::*;
use crate::app::assign_deal::AssignDeal;
use crate::app::close_deal::WinDeal;
use crate::app::testing::{Bench, GUILD, REPS, admin_of, caller, deal_with, lead, person, rep};
use crate::app::update_deal::UpdateDeal;
use crate::app::{Caller, UseCase};
use crate::domain::deal::LossReason;
use crate::domain::id::GuildId;
use crate::domain::motion::Stage;

/// A bench with D-1 of Rita's.
async fn bench() -> (Bench, Deal) {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    let recorded = bench.app.change(&rep(), deal_with("Globex", None)).await.expect("a deal");
    (bench, recorded.deal)
}

/// Does a change by somebody and gives its interaction.
async fn done<U: UseCase>(bench: &Bench, by: Caller, change: U) -> InteractionId {
    bench.app.change(&by, change).await.map(drop).expect("a change");
    by.interaction
}

async fn refused(bench: &Bench, by: Caller, of: InteractionId) -> Problem {
    match bench.app.change(&by, Undo { of }).await {
        Err(Failure::Refused(refused)) => refused.problems.into_iter().next().expect("a problem"),
        other => panic!("expected a refusal, not {other:?}"),
    }
}

async fn deal(bench: &Bench, number: DealNumber) -> Deal {
    let mut workspace = bench.app.store.read(GUILD).await.expect("a reader");
    workspace.find_deal(number).await.expect("a read").expect("a deal")
}

fn amount(deal: DealNumber, amount: &str) -> UpdateDeal {
    let note = Some("They said so".to_owned());
    UpdateDeal { note, amount: Some(amount.to_owned()), next_step: Some("Call".to_owned()), ..UpdateDeal::of(deal) }
}

#[tokio::test]
async fn all_of_a_change_is_taken_back_and_the_log_keeps_both() {
    let (bench, before) = bench().await;
    bench.now_is("2026-12-18T15:00:00Z");
    let of = done(&bench, rep(), amount(before.number, "90k")).await;
    let changed = deal(&bench, before.number).await;
    assert_eq!((changed.amount, changed.version), (Some(9_000_000), 4));
    let undone = bench.app.change(&rep(), Undo { of }).await.expect("undone");
    let after = deal(&bench, before.number).await;
    assert_eq!(after, Deal { version: 5, ..before }, "only the version goes on");
    assert_eq!(undone.events.iter().map(|e| e.kind).collect::<Vec<_>>(), [EventKind::Undone]);
    bench.assert_replays(GUILD, &after).await;
}

#[tokio::test]
async fn a_win_that_is_taken_back_is_open_again() {
    let (bench, before) = bench().await;
    let reason = Some("Signed at the fair".to_owned());
    let won = WinDeal { deal: Ok(before.number), amount: Some("90k".to_owned()), on: None, reason };
    let of = done(&bench, lead(), won).await;
    assert!(deal(&bench, before.number).await.is_won());
    bench.app.change(&lead(), Undo { of }).await.expect("undone");
    let after = deal(&bench, before.number).await;
    assert_eq!((after.stage, after.closed_on, after.amount), (Stage::Prospect, None, None));
}

#[tokio::test]
async fn a_creation_that_is_taken_back_counts_nowhere() {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    let of = done(&bench, rep(), deal_with("Globex", None)).await;
    let undone = bench.app.change(&rep(), Undo { of }).await.expect("undone");
    let deal = undone.deal.expect("the deal");
    assert_eq!(deal.lost.as_ref().map(|loss| loss.reason), Some(LossReason::EnteredByMistake));
    assert!(!deal.is_open() && !deal.counts());
    bench.assert_replays(GUILD, &deal).await;
}

#[tokio::test]
async fn only_its_maker_takes_a_change_back_within_a_minute_and_once() {
    let (bench, made) = bench().await;
    let of = done(&bench, rep(), amount(made.number, "90k")).await;
    assert_eq!(refused(&bench, lead(), of).await, Problem::NotYours);
    bench.now_is("2026-12-17T15:01:00.001Z");
    assert_eq!(refused(&bench, rep(), of).await, Problem::TooLateToUndo);
    let of = done(&bench, rep(), amount(made.number, "95k")).await;
    bench.now_is("2026-12-17T15:02:00.001Z");
    let undo = rep();
    bench.app.change(&undo, Undo { of }).await.expect("at the end of its minute");
    assert_eq!(refused(&bench, rep(), of).await, Problem::TooLateToUndo, "it was taken back already");
    assert_eq!(refused(&bench, rep(), undo.interaction).await, Problem::TooLateToUndo, "an undo is not undone");
}

#[tokio::test]
async fn a_change_is_not_taken_back_over_a_later_one() {
    let (bench, made) = bench().await;
    let of = done(&bench, rep(), amount(made.number, "90k")).await;
    let note = UpdateDeal { note: Some("Met them".to_owned()), ..UpdateDeal::of(made.number) };
    done(&bench, lead(), note).await;
    assert_eq!(refused(&bench, rep(), of).await, Problem::TooLateToUndo);
    assert_eq!(deal(&bench, made.number).await.amount, Some(9_000_000));
}

#[tokio::test]
async fn a_person_met_along_the_way_stays_known() {
    let (bench, made) = bench().await;
    let owner = Some(person(9, "Nina", &[REPS]));
    let of = done(&bench, rep(), AssignDeal { deal: Ok(made.number), owner, backup: None }).await;
    let undone = bench.app.change(&rep(), Undo { of }).await.expect("undone");
    assert_eq!(undone.deal.map(|d| d.owner), Some(made.owner));
    let mut workspace = bench.app.store.read(GUILD).await.expect("a reader");
    let nina = workspace.find_member_of_user(crate::domain::id::UserId(9)).await.expect("a read");
    assert_eq!(nina.map(|m| m.name), Some("Nina".to_owned()));
}

#[tokio::test]
async fn another_workspaces_change_reads_as_none() {
    let (bench, made) = bench().await;
    let of = done(&bench, rep(), amount(made.number, "90k")).await;
    let elsewhere = GuildId(900_000_000_000_000_002);
    bench.set_up(elsewhere).await;
    let unknown = refused(&bench, caller(elsewhere, 3, "Rita", &[REPS]), InteractionId(1)).await;
    assert_eq!(refused(&bench, caller(elsewhere, 3, "Rita", &[REPS]), of).await, unknown);
    assert_eq!(refused(&bench, admin_of(elsewhere)(), of).await, unknown);
}

#[tokio::test]
async fn an_owner_who_was_given_a_deal_again_after_an_undo_is_told_once() {
    let (bench, before) = bench().await;
    let assign = AssignDeal { deal: Ok(before.number), owner: Some(person(4, "Ben", &[REPS])), backup: None };
    let of = done(&bench, lead(), assign.clone()).await;
    bench.app.change(&lead(), Undo { of }).await.expect("taken back");
    done(&bench, lead(), assign).await;
    bench.now_is("2026-12-17T15:02:00Z");
    bench.app.deliver().await.expect("delivered");
    let posts = bench.discord.posts.lock().expect("no test panics in here").clone();
    let pings = posts.iter().filter(|(_, body)| body.contains("yours now")).count();
    assert_eq!(pings, 1, "{posts:?}");
}
