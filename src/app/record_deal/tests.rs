//! What recording a deal asks first, and what comes of drafts.

use super::*;
use crate::app::draft::{Draft, KeepDraft};
use crate::app::join_deal::JoinDeal;
use crate::app::testing::{Bench, GUILD, LEADS, REPS, caller, deal_with, lead, person, rep};
use crate::app::update_deal::UpdateDeal;
use crate::app::{Caller, UseCase};
use crate::domain::event::{EventKind, SubjectKind};
use crate::domain::id::GuildId;
use crate::domain::money::MOST;
use crate::domain::refusal::AmountRule;

async fn bench() -> Bench {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    bench.add_partner("Hooli").await;
    bench
}

async fn problems<U: UseCase>(bench: &Bench, by: Caller, change: U) -> Vec<Problem> {
    match bench.app.change(&by, change).await {
        Err(Failure::Refused(refused)) => refused.problems,
        Err(other) => panic!("expected a refusal, not {other:?}"),
        Ok(_) => panic!("expected a refusal"),
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let bench = bench().await;
    bench.app.change(&rep(), deal_with("Globex", None)).await.expect("a deal");
    let record = RecordDeal {
        partner: "Initec".to_owned(),
        source: Role::Sourced,
        amount: Some("lots".to_owned()),
        close: Some("2020-01-01".to_owned()),
        due: Some("friday".to_owned()),
        owner: Some(person(8, "Bot", &[])),
        ..deal_with("Globx", None)
    };
    let problems = problems(&bench, rep(), record).await;
    let has = |fits: &dyn Fn(&Problem) -> bool| assert!(problems.iter().any(fits), "{problems:?}");
    has(&|p| matches!(p, Problem::NotFound { what: Thing::Partner, close, .. } if close == &["Initech"]));
    has(&|p| matches!(p, Problem::NewAccount { close, .. } if close == &["Globex"]));
    has(&|p| matches!(p, Problem::Missing { option: "evidence", .. }));
    has(&|p| matches!(p, Problem::Missing { option: "next_step", .. }));
    has(&|p| matches!(p, Problem::Unreadable { option: "amount", .. }));
    has(&|p| matches!(p, Problem::BadDate { option: "close", .. }));
    has(&|p| matches!(p, Problem::NotAMember { option: "owner", .. }));
    assert_eq!(problems.len(), 7);
}

#[tokio::test]
async fn an_open_deal_with_the_account_is_asked_about_and_a_closed_one_is_not() {
    let bench = bench().await;
    let first = bench.app.change(&rep(), deal_with("Globex", None)).await.expect("a deal").deal;
    let similar = problems(&bench, rep(), deal_with("  GLOBEX ", None)).await;
    assert!(matches!(similar.as_slice(), [Problem::SimilarDeals { deals, .. }] if deals == &[first.number]));
    let another = bench.app.change(&rep(), deal_with("globex", Some("Another plant"))).await.expect("a deal").deal;
    assert_eq!(another.account, first.account);
    for deal in [first.number, another.number] {
        let lost = crate::app::close_deal::LoseDeal {
            deal: Ok(deal),
            reason: crate::domain::deal::LossReason::Price,
            detail: None,
        };
        bench.app.change(&rep(), lost).await.expect("lost");
    }
    bench.app.change(&rep(), deal_with("Globex", None)).await.expect("nothing to ask about");
}

#[tokio::test]
async fn a_draft_is_saved_once_and_belongs_to_its_person() {
    let bench = bench().await;
    let who = rep();
    let id = who.interaction;
    let keep = KeepDraft { id, draft: Draft::Deal(Box::new(deal_with("Globex", None))) };
    bench.app.change(&who, keep).await.expect("kept");
    let from_draft = RecordDeal { draft: Some(id), ..deal_with("Globex", None) };
    let ben = || caller(GUILD, 4, "Ben", &[REPS]);
    assert_eq!(problems(&bench, ben(), from_draft.clone()).await, [Problem::Stale]);
    let elsewhere = GuildId(900_000_000_000_000_002);
    bench.set_up(elsewhere).await;
    let rita_elsewhere = caller(elsewhere, 3, "Rita", &[LEADS]);
    assert!(bench.app.find_draft(&rita_elsewhere, id).await.is_err());
    bench.app.change(&rep(), from_draft.clone()).await.expect("recorded");
    assert_eq!(problems(&bench, rep(), from_draft).await, [Problem::Stale], "a second press records nothing");
}

#[tokio::test]
async fn a_draft_is_kept_for_a_day() {
    let bench = bench().await;
    let who = rep();
    let draft = Draft::Note { text: "Met their CTO".to_owned() };
    bench.app.change(&who, KeepDraft { id: who.interaction, draft: draft.clone() }).await.expect("kept");
    bench.now_is("2026-12-18T14:59:59Z");
    assert_eq!(bench.app.find_draft(&rep(), who.interaction).await.expect("still there"), draft);
    bench.now_is("2026-12-18T15:00:00Z");
    assert!(bench.app.find_draft(&rep(), who.interaction).await.is_err());
}

#[tokio::test]
async fn a_partner_that_joins_adds_evidence_and_is_found_by() {
    let bench = bench().await;
    let deal = bench.app.change(&rep(), deal_with("Globex", None)).await.expect("a deal").deal;
    let record = RecordDeal {
        partner: "hooli".to_owned(),
        source: Role::Influenced,
        evidence: Some("Workshop on 3 December".to_owned()),
        ..deal_with("Globex", None)
    };
    let join = JoinDeal { deal: deal.number, record: record.clone() };
    let ben = || caller(GUILD, 4, "Ben", &[REPS]);
    let joined = bench.app.change(&ben(), join).await.expect("joined");
    let of_deal = joined.events.iter().filter(|event| event.subject.kind == SubjectKind::Deal);
    assert_eq!(of_deal.map(|event| event.kind).collect::<Vec<_>>(), [EventKind::PartnerJoined]);
    let joined = joined.deal;
    assert_eq!((joined.role, joined.participants.len()), (Role::Undecided, 1));
    bench.assert_replays(GUILD, &joined).await;
    let more = RecordDeal { amount: Some("30k".to_owned()), crm: Some("OPP-9".to_owned()), ..record };
    let again = bench.app.change(&rep(), JoinDeal { deal: deal.number, record: more }).await.expect("a note");
    let said: Vec<_> = again.events.iter().map(|event| (event.kind, event.text.as_deref())).collect();
    let note = "With hooli (influenced), $30,000. CRM: OPP-9. Evidence: Workshop on 3 December.";
    assert_eq!(said, [(EventKind::Noted, Some(note))], "the partner is there already; the rest is kept");
    let mut workspace = bench.app.store.read(GUILD).await.expect("a reader");
    let found = workspace.find_lookups(LookupKind::Deal, "hooli").await.expect("a look-up");
    assert_eq!(found.iter().map(|f| f.subject).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn an_owner_named_by_somebody_else_is_told_once_the_time_to_undo_is_over() {
    let bench = bench().await;
    let record = RecordDeal { owner: Some(person(4, "Ben", &[REPS])), ..deal_with("Globex", None) };
    let deal = bench.app.change(&lead(), record).await.expect("a deal").deal;
    assert_ne!(deal.owner, deal.created_by);
    assert_eq!(bench.app.store.next_due().await.expect("a read"), Some(bench.app.now()), "the deal's own check");
    let ours = UpdateDeal { note: Some("x".to_owned()), ..UpdateDeal::of(deal.number) };
    bench.app.change(&rep(), ours).await.expect("noted");
    bench.now_is("2026-12-17T15:01:00Z");
    bench.app.deliver().await.expect("delivered");
    let posts = bench.discord.posts.lock().expect("no test panics in here").clone();
    let pings: Vec<_> = posts.iter().filter(|(_, body)| body.contains("yours now")).collect();
    assert_eq!(pings.len(), 1, "{posts:?}");
}

#[tokio::test]
async fn nothing_is_no_amount_and_what_is_out_of_range_is_told_with_its_bound() {
    let bench = bench().await;
    let with = |amount: &str, close: &str| RecordDeal {
        amount: Some(amount.to_owned()),
        close: Some(close.to_owned()),
        ..deal_with("Globex", None)
    };
    let bad = |typed: &str, rule| Problem::BadAmount { option: "amount", typed: typed.to_owned(), rule };
    let (much, far) = ("99999999999999", "2999-01-01");
    let too_far = Problem::TooFar { option: "close", typed: far.to_owned() };
    assert_eq!(problems(&bench, rep(), with("0", "+10d")).await, [bad("0", AmountRule::NotNothing)]);
    assert_eq!(problems(&bench, rep(), with(much, far)).await, [bad(much, AmountRule::AtMost(MOST)), too_far]);
}
