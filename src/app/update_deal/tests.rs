//! What an update changes, what it counts, and how two of them meet.

use super::*;
use crate::app::assign_deal::AssignDeal;
use crate::app::on_version::OnVersion;
use crate::app::set_step::{Last, SetStep};
use crate::app::testing::{Bench, FINANCE, GUILD, REPS, caller, deal_with, lead, person, rep};
use crate::app::{Caller, UseCase};
use crate::domain::id::GuildId;
use crate::domain::testing::day;

async fn bench() -> (Bench, Deal) {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    let record = crate::app::record_deal::RecordDeal {
        amount: Some("100k".to_owned()),
        close: Some("2027-01-29".to_owned()),
        next_step: Some("Call them".to_owned()),
        due: Some("2026-12-18".to_owned()),
        ..deal_with("Globex", None)
    };
    let recorded = bench.app.change(&rep(), record).await.expect("a deal");
    (bench, recorded.deal)
}

async fn changed<U: UseCase<Outcome = Changed>>(bench: &Bench, by: Caller, change: U) -> Deal {
    let changed = bench.app.change(&by, change).await.expect("a change");
    bench.assert_replays(GUILD, &changed.deal).await;
    changed.deal
}

async fn problems<U: UseCase<Outcome = Changed>>(bench: &Bench, by: Caller, change: U) -> Vec<Problem> {
    match bench.app.change(&by, change).await {
        Err(Failure::Refused(refused)) => refused.problems,
        other => panic!("expected a refusal, not {other:?}"),
    }
}

/// The form as it was opened on a deal, with one field typed over.
fn form(seen: &Deal, field: &str, text: &str) -> UpdateDeal {
    let step = seen.next_step.clone();
    let mut form = UpdateDeal {
        next_step: step.as_ref().map(|s| s.text.clone()),
        due: step.and_then(|s| s.due).map(|d| d.to_string()),
        amount: seen.amount.map(|minor| (minor / 100).to_string()),
        close: seen.close.map(|d| d.to_string()),
        given: Given::AsForm { version: seen.version },
        ..UpdateDeal::of(seen.number)
    };
    let text = Some(text.to_owned()).filter(|text| !text.is_empty());
    match field {
        "note" => form.note = text,
        "due" => form.due = text,
        "amount" => form.amount = text,
        "close" => form.close = text,
        other => panic!("no field {other}"),
    }
    form
}

#[tokio::test]
async fn concurrent_edits_of_different_fields_both_stay() {
    let (bench, seen) = bench().await;
    changed(&bench, lead(), form(&seen, "amount", "150k")).await;
    let deal = changed(&bench, rep(), form(&seen, "close", "2027-02-26")).await;
    assert_eq!((deal.amount, deal.close), (Some(15_000_000), Some(day("2027-02-26"))));
}

#[tokio::test]
async fn concurrent_edits_of_one_field_are_told_and_change_nothing() {
    let (bench, seen) = bench().await;
    let stands = changed(&bench, lead(), form(&seen, "amount", "150k")).await;
    assert_eq!(problems(&bench, rep(), form(&seen, "amount", "90k")).await, [Problem::ChangedMeanwhile]);
    let mut workspace = bench.app.store.read(GUILD).await.expect("a reader");
    assert_eq!(workspace.find_deal(seen.number).await.expect("a read"), Some(stands));
}

#[tokio::test]
async fn rule_2_a_note_from_a_form_that_is_sent_twice_is_made_once_and_others_notes_are_not_in_its_way() {
    let (bench, seen) = bench().await;
    changed(&bench, rep(), form(&seen, "note", "They called")).await;
    assert_eq!(problems(&bench, rep(), form(&seen, "note", "They called")).await, [Problem::ChangedMeanwhile]);
    changed(&bench, rep(), form(&seen, "note", "They called again")).await;
    let deal = changed(&bench, lead(), form(&seen, "note", "They called")).await;
    assert_eq!(deal.version, seen.version + 3);
    let again = form(&deal, "note", "They called");
    assert_eq!(changed(&bench, lead(), again).await.version, deal.version + 1, "who opens it anew means it");
}

#[tokio::test]
async fn a_form_that_says_what_stands_changes_nothing_and_an_emptied_field_takes_out() {
    let (bench, seen) = bench().await;
    assert_eq!(problems(&bench, rep(), form(&seen, "note", "")).await, [Problem::NothingToDo]);
    let deal = changed(&bench, rep(), form(&seen, "amount", "")).await;
    assert_eq!((deal.amount, deal.version), (None, 2));
}

#[tokio::test]
async fn an_overdue_date_may_stand_in_a_form_and_a_new_one_lies_ahead() {
    let (bench, seen) = bench().await;
    bench.now_is("2026-12-22T15:00:00Z");
    let noted = changed(&bench, rep(), form(&seen, "note", "They are slow")).await;
    assert_eq!(noted.next_step_moves, 0);
    let past = problems(&bench, rep(), form(&noted, "due", "2026-12-21")).await;
    assert!(matches!(past.as_slice(), [Problem::BadDate { option: "due", .. }]), "{past:?}");
    let moved = changed(&bench, rep(), form(&noted, "due", "2026-12-29")).await;
    assert_eq!(moved.next_step_moves, 1);
}

#[tokio::test]
async fn a_step_that_is_done_is_no_moved_one_and_a_later_close_is_a_slip() {
    let (bench, seen) = bench().await;
    bench.now_is("2026-12-22T15:00:00Z");
    let next = SetStep {
        deal: seen.number,
        last: Last::Done,
        next_step: Some("Send the offer".to_owned()),
        due: Some("+3d".to_owned()),
    };
    let next = OnVersion { deal: seen.number, version: seen.version, change: next };
    let deal = changed(&bench, rep(), next.clone()).await;
    assert_eq!((deal.next_step_moves, deal.next_step.and_then(|s| s.due)), (0, Some(day("2026-12-25"))));
    assert_eq!(
        problems(&bench, rep(), next).await,
        [Problem::ChangedMeanwhile],
        "the second press answers another step"
    );
    let close = UpdateDeal { close: Some("2027-03-31".to_owned()), ..UpdateDeal::of(seen.number) };
    assert_eq!(changed(&bench, rep(), close).await.close_slips, 1);
}

#[tokio::test]
async fn any_rep_notes_and_only_the_owner_changes() {
    let (bench, seen) = bench().await;
    let ben = || caller(GUILD, 4, "Ben", &[REPS]);
    let note = UpdateDeal { note: Some("Met their CTO".to_owned()), ..UpdateDeal::of(seen.number) };
    changed(&bench, ben(), note.clone()).await;
    let more = UpdateDeal { amount: Some("1k".to_owned()), ..note.clone() };
    let refused = problems(&bench, ben(), more).await;
    assert!(matches!(refused.as_slice(), [Problem::NotAllowed { needed: Needed::OwnerOrLead, ask: Some(_) }]));
    let stranger = problems(&bench, caller(GUILD, 5, "Eve", &[]), note).await;
    assert!(matches!(stranger.as_slice(), [Problem::NotAllowed { needed: Needed::Any, .. }]));
}

#[tokio::test]
async fn an_owner_who_is_no_rep_updates_and_notes_on_their_own_deal() {
    let (bench, seen) = bench().await;
    let finn = || caller(GUILD, 6, "Finn", &[FINANCE]);
    let note = UpdateDeal { note: Some("Met their CTO".to_owned()), ..UpdateDeal::of(seen.number) };
    let refused = problems(&bench, finn(), note.clone()).await;
    assert!(matches!(refused.as_slice(), [Problem::NotAllowed { needed: Needed::Note, .. }]), "{refused:?}");
    let owner = Some(person(6, "Finn", &[FINANCE]));
    bench.app.change(&lead(), AssignDeal { deal: Ok(seen.number), owner, backup: None }).await.expect("a new owner");
    changed(&bench, finn(), note.clone()).await;
    let more = UpdateDeal { amount: Some("50k".to_owned()), ..note };
    assert_eq!(changed(&bench, finn(), more).await.amount, Some(5_000_000));
}

#[tokio::test]
async fn all_problems_of_an_update_are_told_at_once() {
    let (bench, seen) = bench().await;
    let update = UpdateDeal {
        amount: Some("lots".to_owned()),
        close: Some("12/15".to_owned()),
        note: Some("x".repeat(NOTE + 1)),
        ..UpdateDeal::of(seen.number)
    };
    assert_eq!(problems(&bench, rep(), update).await.len(), 3);
}

#[tokio::test]
async fn workspaces_are_walls_for_deals() {
    let (bench, seen) = bench().await;
    let elsewhere = GuildId(900_000_000_000_000_002);
    bench.set_up(elsewhere).await;
    let rita = || caller(elsewhere, 3, "Rita", &[REPS]);
    let note = |deal| UpdateDeal { note: Some("x".to_owned()), ..UpdateDeal::of(deal) };
    let theirs = problems(&bench, rita(), note(seen.number)).await;
    let none = problems(&bench, rita(), note(DealNumber(77))).await;
    assert!(matches!(theirs.as_slice(), [Problem::NotFound { typed, .. }] if typed == "D-1"), "{theirs:?}");
    assert!(matches!(none.as_slice(), [Problem::NotFound { typed, .. }] if typed == "D-77"), "{none:?}");
}

#[tokio::test]
async fn one_interaction_has_one_effect() {
    let (bench, seen) = bench().await;
    let once = rep();
    let note = UpdateDeal { note: Some("Once".to_owned()), ..UpdateDeal::of(seen.number) };
    bench.app.change(&once, note.clone()).await.expect("the first delivery");
    assert!(matches!(bench.app.change(&once, note).await, Err(Failure::Repeated)));
    let mut workspace = bench.app.store.read(GUILD).await.expect("a reader");
    assert_eq!(workspace.find_deal(seen.number).await.expect("a read").map(|d| d.version), Some(2));
}
