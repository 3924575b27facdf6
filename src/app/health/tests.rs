//! Health and champions from the store: who reads what of them.

use super::*;
use crate::app::close_deal::WinDeal;
use crate::app::record_deal::RecordDeal;
use crate::app::set_comp::SetComp;
use crate::app::testing::{Bench, FINANCE, GUILD, caller, deal_with, lead, rep};
use crate::app::{Caller, Person};
use crate::domain::deal::Role;
use crate::domain::figure::Figure;
use crate::domain::health::{HealthFigure, Measure, Part, ReasonKind, Side, Verdict};
use crate::domain::id::DealNumber;
use crate::domain::overview::Tally;

async fn record(bench: &Bench, account: &str, amount: &str, owner: Option<Person>) {
    let deal = RecordDeal {
        source: Role::Sourced,
        evidence: Some("intro on 3 Dec".to_owned()),
        amount: Some(amount.to_owned()),
        owner,
        ..deal_with(account, None)
    };
    bench.app.change(&rep(), deal).await.expect("a deal");
}

/// Rita has 300, 200 and 20 open and 100 won, Lena 80 won, all with Initech; co-sell pays less than solo.
async fn with_deals() -> Bench {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    for (account, amount) in [("A", "300"), ("B", "200"), ("C", "100"), ("D", "20")] {
        record(&bench, account, amount, None).await;
    }
    record(&bench, "E", "80", Some(lead().person)).await;
    for deal in [3, 5] {
        let reason = Some("They signed at the fair".to_owned());
        let win = WinDeal { deal: Ok(DealNumber(deal)), amount: None, on: None, reason };
        bench.app.change(&lead(), win).await.expect("a win");
    }
    let comp = SetComp {
        solo_rate: "10".to_owned(),
        cosell_rate: "8".to_owned(),
        quota_credit: None,
        spiff: None,
        from: None,
    };
    bench.app.set_comp(&lead(), comp).await.expect("terms");
    bench
}

async fn health(bench: &Bench, caller: &Caller, audience: Audience) -> HealthCard {
    let mut look = bench.app.look(caller).await.expect("a look");
    let asked = look.asked(None, None).await.expect("a quarter");
    look.health(asked, audience).await.expect("its health")
}

fn measure(card: &HealthCard, kind: ReasonKind) -> Option<Figure<Measure>> {
    card.reasons.iter().find(|reason| reason.kind == kind).map(|reason| reason.measure)
}

#[tokio::test]
async fn health_is_reckoned_from_what_is_stored() {
    let bench = with_deals().await;
    let card = health(&bench, &rep(), Audience::Asker).await;
    let Some(Figure::Known(Measure::Spread(spread))) = measure(&card, ReasonKind::Reps) else { panic!("{card:?}") };
    assert_eq!((spread.total, spread.most, spread.over), (70_000, 62_000, 2));
    assert_eq!(card.verdict, Verdict::Streak);
    assert_eq!(card.top_partner.as_deref(), Some("Initech"));
    let unowned = measure(&card, ReasonKind::Unowned);
    assert_eq!(unowned, Some(Figure::Known(Measure::Part(Part::of(0, 3)))));
    let motion = HealthFigure { kind: ReasonKind::Motion, side: Side::Failing };
    assert_eq!(card.deals(motion), [DealNumber(3), DealNumber(5)], "they were won past every criterion");
}

#[tokio::test]
async fn rule_14_pay_is_read_by_leads_and_finance_alone_and_departures_by_leads() {
    let bench = with_deals().await;
    let finance = || caller(GUILD, 4, "Fay", &[FINANCE]);
    let mut told = Vec::new();
    for (who, audience) in
        [(lead(), Audience::Asker), (finance(), Audience::Asker), (rep(), Audience::Asker), (lead(), Audience::Channel)]
    {
        let card = health(&bench, &who, audience).await;
        told.push((measure(&card, ReasonKind::Pay).is_some(), card.at_risk.is_some()));
        assert_eq!(card.verdict, Verdict::Streak, "the same for everybody");
    }
    assert_eq!(told, [(true, true), (true, false), (false, false), (false, false)]);
    let at_risk = health(&bench, &lead(), Audience::Asker).await.at_risk.expect("Rita's departure");
    assert_eq!((at_risk.who.name.as_str(), at_risk.departure.percent()), ("Rita", Some(100)));
}

#[tokio::test]
async fn champions_are_for_leads_and_finance_and_agree_with_a_departure() {
    let bench = with_deals().await;
    let mut look = bench.app.look(&lead()).await.unwrap();
    let asked = look.asked(None, None).await.unwrap();
    let card = look.champions(asked.clone()).await.unwrap();
    let names: Vec<(&str, i64, Tally)> =
        card.rows().map(|(who, champion)| (who.name.as_str(), champion.departure.amount, champion.won)).collect();
    let won = |amount| Tally { deals: 1, amount };
    assert_eq!(names, [("Rita", 52_000, won(10_000)), ("Lena", 0, won(8_000))]);
    assert_eq!(card.champions.number.won(), 18_000, "as the number has it");
    let at_risk = health(&bench, &lead(), Audience::Asker).await.at_risk.unwrap();
    assert_eq!(card.champions.all[0].departure, at_risk.departure);
    let mut look = bench.app.look(&rep()).await.unwrap();
    assert!(matches!(look.champions(asked).await, Err(Failure::Refused(_))));
}
