//! A claim from its record to its confirmation: who may do what, what a later one does, and what closed deals allow.

use super::*;
use crate::app::add_partner::AddPartner;
use crate::app::claim::Scope;
use crate::app::close_deal::WinDeal;
use crate::app::confirm_claim::{ClaimRef, ConfirmClaim, QuestionClaim};
use crate::app::register_deal::RegisterDeal;
use crate::app::testing::{Bench, GUILD, REPS, caller, deal_with, lead, person, rep};
use crate::app::{Caller, UseCase};
use crate::domain::access::Needed;
use crate::domain::id::{DealNumber, UserId};
use crate::domain::testing::day;

const D1: DealNumber = DealNumber(1);
const INITECH: PartnerId = PartnerId(1);
const HOOLI: PartnerId = PartnerId(2);

/// Mia manages Initech; nobody manages Hooli.
fn manager() -> Caller {
    caller(GUILD, 4, "Mia", &[REPS])
}

/// A bench with D-1 of Rita's, undecided, with Initech. It is Thursday, 17 December 2026.
async fn bench() -> Bench {
    let bench = Bench::ready().await;
    for (name, manager) in [("Initech", Some(person(4, "Mia", &[REPS]))), ("Hooli", None)] {
        let add = AddPartner { name: name.to_owned(), kind: None, tier: None, manager };
        bench.app.change(&lead(), add).await.expect("a partner");
    }
    bench.app.change(&rep(), deal_with("Globex", None)).await.expect("a deal");
    bench
}

fn claim(partner: PartnerId, role: Role) -> AttributeDeal {
    let evidence = Some("Maria introduced us".to_owned());
    AttributeDeal { deal: Ok(D1), partner: Ok(partner), role, evidence, on: None, place: None }
}

async fn done<U: UseCase<Outcome = Changed>>(bench: &Bench, by: Caller, change: U) -> Deal {
    bench.app.change(&by, change).await.expect("a change").deal
}

async fn refused<U: UseCase<Outcome = Changed>>(bench: &Bench, by: Caller, change: U) -> Problem {
    match bench.app.change(&by, change).await {
        Err(Failure::Refused(refused)) => refused.problems.into_iter().next().expect("a problem"),
        other => panic!("expected a refusal, not {other:?}"),
    }
}

fn of(deal: &Deal, partner: PartnerId) -> ClaimRef {
    let credit = deal.credit(partner).expect("it is on the deal");
    ClaimRef { deal: deal.number, partner, at: credit.claimed.at.timestamp_millis() }
}

async fn waiting(bench: &Bench, by: Caller, scope: Scope) -> Vec<PartnerId> {
    let mut look = bench.app.look(&by).await.expect("a look");
    let waiting = look.waiting_claims(scope).await.expect("a read");
    assert_eq!(waiting.total, waiting.first.len());
    waiting.first.into_iter().map(|(_, partner)| partner).collect()
}

#[tokio::test]
async fn a_claim_is_confirmed_by_the_partners_manager_and_never_by_its_claimer() {
    let bench = bench().await;
    let deal = done(&bench, rep(), claim(INITECH, Role::Sourced)).await;
    assert_eq!((deal.role, deal.claim.on), (Role::Sourced, Some(day("2026-12-17"))));
    assert_eq!(waiting(&bench, manager(), Scope::Mine).await, [INITECH]);
    assert_eq!(waiting(&bench, lead(), Scope::Mine).await, [], "its manager is to confirm it");
    assert_eq!(waiting(&bench, lead(), Scope::With(INITECH)).await, [INITECH], "but a lead may");
    assert_eq!(waiting(&bench, rep(), Scope::With(INITECH)).await, []);
    let confirm = ConfirmClaim { claim: of(&deal, INITECH) };
    let by_claimer = refused(&bench, rep(), confirm.clone()).await;
    assert_eq!(by_claimer, Problem::NotAllowed { needed: Needed::ManagerOrLead, ask: Some(UserId(4)) });
    let deal = done(&bench, manager(), confirm.clone()).await;
    assert_eq!(deal.claim.confirmed.map(|signature| signature.at), Some(bench.app.now()));
    bench.assert_replays(GUILD, &deal).await;
    assert_eq!(waiting(&bench, manager(), Scope::Mine).await, []);
    assert_eq!(refused(&bench, lead(), confirm).await, Problem::Stale, "once is enough");
}

#[tokio::test]
async fn whoever_claims_asks_somebody_else_though_they_manage_the_partner_or_lead() {
    let bench = bench().await;
    let deal = done(&bench, lead(), claim(INITECH, Role::Sourced)).await;
    let own = refused(&bench, lead(), ConfirmClaim { claim: of(&deal, INITECH) }).await;
    assert_eq!(own, Problem::OwnClaim { ask: Some(UserId(4)) });
    let hooli = done(&bench, rep(), claim(HOOLI, Role::Influenced)).await;
    assert_eq!(waiting(&bench, lead(), Scope::Mine).await, [HOOLI], "nobody manages it, so a lead does");
    done(&bench, lead(), ConfirmClaim { claim: of(&hooli, HOOLI) }).await;
}

#[tokio::test]
async fn a_question_sends_a_claim_back_and_a_new_one_comes_again() {
    let bench = bench().await;
    let first = done(&bench, rep(), claim(INITECH, Role::Sourced)).await;
    let question = QuestionClaim { claim: of(&first, INITECH), question: " Which meeting? ".to_owned() };
    let empty = QuestionClaim { question: " ".to_owned(), ..question.clone() };
    assert!(matches!(refused(&bench, manager(), empty).await, Problem::Missing { option: "question", .. }));
    let asked = done(&bench, manager(), question).await;
    assert_eq!(asked.claim.question.as_ref().map(|q| q.text.as_str()), Some("Which meeting?"));
    assert_eq!(waiting(&bench, manager(), Scope::Mine).await, []);
    bench.now_is("2026-12-18T15:00:00Z");
    let answered = done(&bench, rep(), claim(INITECH, Role::Sourced)).await;
    assert_eq!(waiting(&bench, manager(), Scope::Mine).await, [INITECH]);
    let late = ConfirmClaim { claim: of(&first, INITECH) };
    assert_eq!(refused(&bench, manager(), late).await, Problem::Stale, "a button of the first claim");
    done(&bench, manager(), ConfirmClaim { claim: of(&answered, INITECH) }).await;
}

#[tokio::test]
async fn a_claim_on_a_confirmed_class_shows_what_stood_there_until_it_is_taken_back() {
    let bench = bench().await;
    let deal = done(&bench, rep(), claim(INITECH, Role::Sourced)).await;
    let confirmed = done(&bench, manager(), ConfirmClaim { claim: of(&deal, INITECH) }).await;
    assert_eq!(refused(&bench, rep(), claim(INITECH, Role::Sourced)).await, Problem::NothingToDo);
    let primary = AttributeDeal { place: Some(Place::Primary), ..claim(HOOLI, Role::Sourced) };
    let by = rep();
    let changed = done(&bench, by.clone(), primary).await;
    assert_eq!(changed.partners().collect::<Vec<_>>(), [HOOLI, INITECH]);
    assert_eq!(changed.claim.former.last().map(|former| former.partner), Some(INITECH));
    bench.assert_replays(GUILD, &changed).await;
    bench.app.undo(&rep(), by.interaction).await.expect("taken back");
    let mut workspace = bench.app.store.read(GUILD).await.expect("a reader");
    let undone = workspace.find_deal(D1).await.expect("a read").expect("a deal");
    assert_eq!(undone, Deal { version: undone.version, ..confirmed });
    let stays = AttributeDeal { place: Some(Place::Participant), ..claim(INITECH, Role::Influenced) };
    assert_eq!(refused(&bench, rep(), stays).await, Problem::StaysPrimary { deal: D1 });
}

#[tokio::test]
async fn evidence_that_is_too_old_shows_no_origin_and_may_show_influence() {
    let bench = bench().await;
    let on = |on: &str, role| AttributeDeal { on: Some(on.to_owned()), ..claim(INITECH, role) };
    let earliest = day("2026-11-17");
    let old = refused(&bench, rep(), on("2026-11-16", Role::Sourced)).await;
    assert_eq!(old, Problem::EvidenceTooOld { on: day("2026-11-16"), earliest });
    let influenced = done(&bench, rep(), on("2026-11-16", Role::Influenced)).await;
    assert_eq!(influenced.claim.on, Some(day("2026-11-16")));
    done(&bench, rep(), on("2026-11-17", Role::Sourced)).await;
    assert!(matches!(refused(&bench, rep(), on("tomorrow", Role::Sourced)).await, Problem::BadDate { .. }));
}

#[tokio::test]
async fn rule_8_closed_credit_moves_by_a_lead_and_shows_as_a_later_change() {
    let bench = bench().await;
    let deal = done(&bench, rep(), claim(INITECH, Role::Influenced)).await;
    done(&bench, manager(), ConfirmClaim { claim: of(&deal, INITECH) }).await;
    let win =
        WinDeal { deal: Ok(D1), amount: Some("90k".to_owned()), on: None, reason: Some("Signed early".to_owned()) };
    let won = done(&bench, lead(), win).await;
    let locked = Problem::Locked { deal: D1, stage: won.stage };
    assert_eq!(refused(&bench, rep(), claim(INITECH, Role::Sourced)).await, locked);
    assert_eq!(refused(&bench, rep(), claim(HOOLI, Role::Influenced)).await, locked);
    bench.now_is("2027-01-20T15:00:00Z");
    let moved = done(&bench, lead(), claim(INITECH, Role::Sourced)).await;
    assert_eq!((moved.role, moved.closed_on), (Role::Sourced, won.closed_on));
    let [.., former] = moved.claim.former.as_slice() else { panic!("what stood there") };
    assert_eq!((former.role, former.confirmed.is_some()), (Role::Influenced, true));
    assert_eq!(moved.attributed_at, bench.app.now(), "an adjustment of the period in which it is made");
}

#[tokio::test]
async fn a_registration_is_kept_with_its_reference_for_ninety_days_unless_said() {
    let bench = bench().await;
    let register = |days| RegisterDeal { deal: Ok(D1), reference: " DR-4711 ".to_owned(), days };
    let registered = done(&bench, rep(), register(None)).await;
    let registration = registered.registration.clone().expect("a registration");
    assert_eq!((registration.reference.as_str(), registration.until), ("DR-4711", day("2027-03-17")));
    bench.assert_replays(GUILD, &registered).await;
    for days in [0, 731, -1] {
        assert!(matches!(refused(&bench, rep(), register(Some(days))).await, Problem::OutOfRange { .. }), "{days}");
    }
    let other = caller(GUILD, 5, "Ben", &[REPS]);
    assert!(matches!(refused(&bench, other, register(None)).await, Problem::NotAllowed { .. }));
}
