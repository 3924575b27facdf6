//! How long a deal may rest, and how often.

use super::*;
use crate::app::on_deal::Changed;
use crate::app::testing::{Bench, GUILD, deal_with, lead, rep};
use crate::app::update_deal::UpdateDeal;
use crate::app::{Caller, UseCase};
use crate::domain::id::DealNumber;
use crate::domain::testing::day;

async fn bench() -> Bench {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    bench.app.change(&rep(), deal_with("Globex", None)).await.expect("a deal");
    bench
}

const DEAL: DealNumber = DealNumber(1);

fn snooze(until: &str) -> SnoozeDeal {
    SnoozeDeal { deal: Ok(DEAL), until: until.to_owned(), why: "They are at a fair".to_owned() }
}

fn wait(until: Option<&str>) -> WaitDeal {
    WaitDeal { deal: Ok(DEAL), on: WaitingOn::Legal, until: until.map(str::to_owned), note: None }
}

async fn problems<U: UseCase<Outcome = Changed>>(bench: &Bench, by: Caller, change: U) -> Vec<Problem> {
    match bench.app.change(&by, change).await {
        Err(Failure::Refused(refused)) => refused.problems,
        other => panic!("expected a refusal, not {other:?}"),
    }
}

#[tokio::test]
async fn an_owner_snoozes_twice_and_then_only_the_lead() {
    let bench = bench().await;
    for until in ["2026-12-18", "2026-12-21"] {
        let snoozed = bench.app.change(&rep(), snooze(until)).await.expect("snoozed").deal;
        bench.assert_replays(GUILD, &snoozed).await;
    }
    assert_eq!(problems(&bench, rep(), snooze("2026-12-22")).await, [Problem::SnoozedTwice { deal: DEAL }]);
    bench.app.change(&lead(), snooze("2026-12-22")).await.expect("a lead may");
}

#[tokio::test]
async fn a_snooze_ends_within_ten_business_days() {
    let bench = bench().await;
    let far = problems(&bench, rep(), snooze("2027-01-04")).await;
    assert!(matches!(far.as_slice(), [Problem::BadDate { rule: DateRule::Within(10), .. }]), "{far:?}");
    bench.app.change(&rep(), snooze("2026-12-31")).await.expect("the tenth business day");
}

#[tokio::test]
async fn a_wait_lasts_ten_business_days_unless_said_and_a_dated_step_ends_it() {
    let bench = bench().await;
    let waiting = bench.app.change(&rep(), wait(None)).await.expect("waits").deal;
    assert_eq!(waiting.wait.map(|w| w.until), Some(day("2026-12-31")));
    for over in ["today", "yesterday"] {
        let refused = problems(&bench, rep(), wait(Some(over))).await;
        assert!(matches!(refused[..], [Problem::BadDate { rule: DateRule::AfterToday, .. }]), "{refused:?}");
    }
    let step =
        UpdateDeal { next_step: Some("Call".to_owned()), due: Some("tomorrow".to_owned()), ..UpdateDeal::of(DEAL) };
    assert_eq!(bench.app.change(&rep(), step).await.expect("updated").deal.wait, None);
}
