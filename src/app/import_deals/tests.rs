//! Imports against the real store.

use std::time::Instant;

use super::*;
use crate::app::reindex::BATCH;
use crate::app::testing::{Bench, GUILD, REPS, admin, admin_of, caller, deal_with, lead, rep};
use crate::domain::deal::Deal;
use crate::domain::id::GuildId;
use crate::domain::motion::Stage;
use crate::domain::stall::{StallPolicy, stall};
use crate::store::commit::LookupKind;
use crate::store::parts::Left;

const HEADER: &str = "Record ID,Associated Company,Partner,Deal Owner,Deal Stage,Amount,Close Date,Create Date\n";

fn file(bench: &Bench, csv: String) -> ImportFile {
    let url = "https://cdn.example/1".to_owned();
    let size = csv.len();
    bench.discord.files.lock().unwrap().insert(url.clone(), csv.into_bytes());
    ImportFile { url, size, partners: UnknownPartner::Refuse, partner: None, owners: None, stages: None, dates: None }
}

async fn ready() -> Bench {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    bench.app.change(&rep(), deal_with("Known", None)).await.unwrap();
    bench
}

async fn deals(bench: &Bench) -> Vec<Deal> {
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    let numbers = workspace.find_all_numbers().await.unwrap();
    workspace.find_deals(&numbers).await.unwrap()
}

const TWO: &str = "501,Globex,Initech,Rita,Qualified,120000,2027-01-15,2026-09-01\n\
    502,Umbrella,Initech,Rita,Closed Won,90000,2026-09-30,2026-06-01\n";

#[tokio::test]
async fn a_file_is_imported_once_and_a_second_time_changes_nothing() {
    let bench = ready().await;
    let run = bench.app.stage_import(&admin(), file(&bench, HEADER.to_owned() + TWO)).await.unwrap();
    assert_eq!(run.plan.count().new, 2, "{:?}", run.plan);
    assert_eq!(deals(&bench).await.len(), 1, "a dry run writes no deal");
    let done = bench.app.import_deals(&admin(), run.draft).await.unwrap();
    assert_eq!(done.new, [DealNumber(2), DealNumber(3)]);
    let all = deals(&bench).await;
    for deal in &all {
        bench.assert_replays(GUILD, deal).await;
    }
    assert_eq!((all[1].crm.as_deref(), all[1].amount, all[1].stage), (Some("501"), Some(12_000_000), Stage::Qualified));
    assert_eq!(
        (all[2].stage, all[2].closed_on.map(|day| day.to_string())),
        (Stage::Launched, Some("2026-09-30".into()))
    );
    assert!(all[1].last_activity_at < all[1].imported_at.unwrap(), "importing is no activity");
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    assert_eq!(workspace.find_lookups(LookupKind::Deal, "umbrella").await.unwrap().len(), 1);
    assert_eq!(workspace.find_lookups(LookupKind::Account, "globex").await.unwrap().len(), 1);
    drop(workspace);
    assert!(bench.app.import_deals(&admin(), run.draft).await.is_err(), "a draft is imported once");
    let again = bench.app.stage_import(&admin(), file(&bench, HEADER.to_owned() + TWO)).await.unwrap();
    assert_eq!((again.plan.count().new, again.plan.count().changed, again.plan.count().same), (0, 0, 2));
    let moved = TWO.replace("120000", "150000");
    let again = bench.app.stage_import(&admin(), file(&bench, HEADER.to_owned() + &moved)).await.unwrap();
    bench.app.import_deals(&admin(), again.draft).await.unwrap();
    let globex = deals(&bench).await.remove(1);
    assert_eq!((globex.amount, globex.last_activity_at), (Some(15_000_000), all[1].last_activity_at));
    bench.assert_replays(GUILD, &globex).await;
}

#[tokio::test]
async fn an_import_stalls_nothing_for_five_business_days() {
    let bench = ready().await;
    let old = "501,Globex,Initech,Rita,Qualified,120000,2026-10-01,2026-01-05\n";
    let run = bench.app.stage_import(&admin(), file(&bench, HEADER.to_owned() + old)).await.unwrap();
    bench.app.import_deals(&admin(), run.draft).await.unwrap();
    let deal = deals(&bench).await.remove(1);
    let settings = bench.settings(GUILD).await;
    let (policy, calendar) = (StallPolicy::new(settings.motions.clone()), Calendar::of(&settings));
    let on = |at: &str| stall(&deal, &policy, &calendar, at.parse().unwrap());
    // Thursday, 17 December 2026; five business days later it is the 24th.
    assert!(!on("2026-12-23T23:00:00Z").holds());
    assert_eq!(on("2026-12-17T15:00:00Z").next_check, Some("2026-12-24T05:00:00Z".parse().unwrap()));
    assert!(on("2026-12-24T12:00:00Z").holds(), "then its past close shows");
    let at = bench.now_is("2026-12-23T12:00:00Z");
    bench.app.check_stalls(at).await.unwrap();
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    assert!(workspace.find_latest_episodes(&[deal.number]).await.unwrap().is_empty());
    drop(workspace);
    let at = bench.now_is("2026-12-24T12:00:00Z");
    bench.app.check_stalls(at).await.unwrap();
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    assert_eq!(workspace.find_latest_episodes(&[deal.number]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_changed_since_the_dry_run_is_not_imported() {
    let bench = ready().await;
    let run = bench.app.stage_import(&admin(), file(&bench, HEADER.to_owned() + TWO)).await.unwrap();
    bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
    let refused = bench.app.import_deals(&admin(), run.draft).await;
    let Err(Failure::Refused(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.problems, [Problem::Import(FileProblem::Changed)]);
    assert_eq!(deals(&bench).await.len(), 2);
}

#[tokio::test]
async fn only_an_admin_imports_and_walls_hold() {
    let bench = ready().await;
    let csv = || file(&bench, HEADER.to_owned() + TWO);
    assert!(bench.app.stage_import(&lead(), csv()).await.is_err());
    let run = bench.app.stage_import(&admin(), csv()).await.unwrap();
    assert!(bench.app.import_deals(&lead(), run.draft).await.is_err(), "a draft is its typist's");
    bench.set_up(GuildId(2)).await;
    let elsewhere = admin_of(GuildId(2));
    assert!(bench.app.import_deals(&elsewhere(), run.draft).await.is_err());
    let there = bench.app.stage_import(&elsewhere(), csv()).await.unwrap();
    assert_eq!(there.plan.count().wrong, 2, "neither Initech nor Rita is known there");
}

#[tokio::test]
async fn what_was_staged_goes_with_the_person_who_staged_it() {
    let bench = ready().await;
    let run = bench.app.stage_import(&admin(), file(&bench, HEADER.to_owned() + TWO)).await.unwrap();
    let other = || {
        let mut other = caller(GUILD, 9, "Otto", &[REPS]);
        other.person.manages_server = crate::domain::access::ManagesServer::Yes;
        other
    };
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    let ada = workspace.find_member_of_user(admin().person.user).await.unwrap().unwrap();
    drop(workspace);
    bench.app.forget_person(&other(), ada.id).await.unwrap();
    assert!(bench.app.find_draft(&admin(), run.draft).await.is_err());
}

#[tokio::test]
async fn what_a_crash_left_unfound_is_found_after_a_restart() {
    let bench = ready().await;
    let row = |n: usize| format!("{n},Virtucon {n},Initech,Rita,Qualified,{n},2027-01-15,2026-09-01\n");
    let csv: String = HEADER.to_owned() + &(1..=BATCH + 1).map(row).collect::<String>();
    let run = bench.app.stage_import(&admin(), file(&bench, csv)).await.unwrap();
    bench.app.change(&admin(), ImportDeals { draft: run.draft }).await.unwrap();
    assert_eq!(bench.app.reindex_part(GUILD).await.unwrap(), Left::Some);
    let last = format!("Virtucon {}", BATCH + 1);
    let found = async |bench: &Bench, kind| {
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        workspace.find_lookups(kind, &last).await.unwrap().iter().filter(|found| found.text.contains(&last)).count()
    };
    assert_eq!(found(&bench, LookupKind::Deal).await, 0, "here the power goes");

    let bench = bench.reopened().await;
    bench.app.tick(bench.app.now()).await.unwrap();
    for kind in [LookupKind::Deal, LookupKind::Account] {
        assert_eq!(found(&bench, kind).await, 1, "{kind:?}");
    }
    assert!(bench.app.store.find_unfinished().await.unwrap().is_empty());
}

/// Five thousand rows: the most there can be. Run with `--nocapture` to see how long the one commit takes.
#[tokio::test]
async fn the_biggest_file_is_in_at_once() {
    let bench = ready().await;
    let row = |n: usize| format!("{},Account {n},Initech,Rita,Qualified,{n},2027-01-15,2026-09-01\n", 100_000 + n);
    let csv: String = HEADER.to_owned() + &(1..=import::MOST_ROWS).map(row).collect::<String>();
    let run = bench.app.stage_import(&admin(), file(&bench, csv)).await.unwrap();
    let begun = Instant::now();
    bench.app.change(&admin(), ImportDeals { draft: run.draft }).await.unwrap();
    let commit = begun.elapsed();
    bench.app.reindex(GUILD).await.unwrap();
    eprintln!("5000 rows: the commit {commit:?}, the index after it {:?}", begun.elapsed() - commit);
    assert_eq!(deals(&bench).await.len(), import::MOST_ROWS + 1);
}
