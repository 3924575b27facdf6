//! The report of a quarter as it is looked up: what was booked in it, and deals as they stood.

use std::collections::{BTreeSet, HashMap};

use chrono::Duration;

use super::look::Look;
use super::number::{booked_in, books, settings_log};
use crate::domain::access::Needed;
use crate::domain::calendar::Calendar;
use crate::domain::card::{Named, Names};
use crate::domain::deal::Deal;
use crate::domain::event::{Event, rewound};
use crate::domain::forecast::last_quarters;
use crate::domain::id::{AccountId, MemberId};
use crate::domain::number::{Share, target};
use crate::domain::period::Period;
use crate::domain::report::{AsOf, Phase, Report, ReportFacts, Row};
use crate::error::Failure;
use crate::render::report::CAP;

impl Look {
    /// The report of a quarter, for leads and finance.
    pub async fn report(&mut self, period: Period) -> Result<Report, Failure> {
        self.allow(Needed::Finance)?;
        let calendar = Calendar::of(&self.settings);
        let books = books(&mut self.workspace, &calendar, self.now).await?;
        let as_of = AsOf::of(&period, &books, self.now);
        let entries = booked_in(&mut self.workspace, &calendar, (&period, &period), self.now).await?;
        let log = settings_log(&mut self.workspace).await?;
        let (cost, baseline) = (log.cost(&period, &books), log.baseline(&period, &books));
        let window = last_quarters(&calendar, as_of.day);
        let states = self.workspace.find_states_since(calendar.midnight(window.start)).await?;
        let since = self.since(as_of).await?;
        let target = self.settings.shows_number().then(|| target(&self.settings.targets, &period, Share::Whole));
        let motions = self.settings.motions.clone();
        blocking(move || {
            let deals = stood(&states, since)?;
            let target = target.flatten();
            let facts = ReportFacts { period, as_of, calendar, motions, entries, deals, target, cost, baseline };
            Ok(Report::new(facts))
        })
        .await
    }

    /// What happened to deals after the moment of which a report tells.
    async fn since(&mut self, as_of: AsOf) -> Result<Vec<Event>, Failure> {
        match as_of.phase {
            Phase::Running | Phase::Before => Ok(Vec::new()),
            Phase::Over => {
                let last = as_of.at - Duration::milliseconds(1);
                self.workspace.find_deal_events_between(last, self.now).await
            }
        }
    }

    /// The names behind rows of a report and behind the claims of their deals, and those behind its adjustments.
    pub async fn names_of(&mut self, report: &Report, rows: &[&Row]) -> Result<Names, Failure> {
        let (mut accounts, mut people) = (BTreeSet::<AccountId>::new(), BTreeSet::<MemberId>::new());
        for row in rows {
            accounts.extend(row.account);
            people.insert(row.owner);
            people.extend(report.deal(row.deal).and_then(|deal| deal.claim.confirmed).map(|confirmed| confirmed.by));
        }
        for entry in report.adjustments.iter().take(CAP) {
            accounts.extend(report.deal(entry.deal).map(|deal| deal.account));
            people.insert(entry.owner);
        }
        let (accounts, people): (Vec<_>, Vec<_>) = (accounts.into_iter().collect(), people.into_iter().collect());
        let background = self.workspace.get_background(&accounts, &people).await?;
        Ok(Names {
            members: background.members.iter().map(|member| (member.id, Named::from(member))).collect(),
            accounts: background.accounts.into_iter().map(|account| (account.id, account.name)).collect(),
            partners: background.partners.into_iter().map(|partner| (partner.id, partner.name)).collect(),
        })
    }
}

/// Deals as they stood before some events, by number; those that were recorded since are left out.
fn stood(states: &str, since: Vec<Event>) -> Result<Vec<Deal>, Failure> {
    let mut deals: Vec<Deal> = serde_json::from_str(states).map_err(anyhow::Error::new)?;
    let mut later: HashMap<i64, Vec<Event>> = HashMap::new();
    for event in since {
        later.entry(event.subject.id).or_default().push(event);
    }
    if !later.is_empty() {
        let then = |deal: Deal| match later.get(&deal.number.0) {
            None => Ok(Some(deal)),
            Some(events) if events.first().is_some_and(|first| first.version == 1) => Ok(None),
            Some(events) => rewound(&deal, events).map(Some),
        };
        let rewound: Result<Vec<Option<Deal>>, _> = deals.into_iter().map(then).collect();
        deals = rewound.map_err(anyhow::Error::new)?.into_iter().flatten().collect();
    }
    deals.sort_by_key(|deal| deal.number);
    Ok(deals)
}

/// Runs on a thread of its own what takes long where there are many deals.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::new)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::close_deal::{LoseDeal, WinDeal};
    use crate::app::number::Asked;
    use crate::app::record_deal::RecordDeal;
    use crate::app::testing::{Bench, GUILD, deal_with, lead, rep};
    use crate::domain::deal::{LossReason, Role};
    use crate::domain::id::DealNumber;
    use crate::error::Failure;

    /// D-1 to D-3 won, D-4 lost, D-5 lost as entered by mistake, D-6 open.
    async fn with_deals() -> Bench {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        for (account, role) in [
            ("A", Role::Sourced),
            ("B", Role::Sourced),
            ("C", Role::Influenced),
            ("D", Role::Sourced),
            ("E", Role::Sourced),
            ("F", Role::Sourced),
        ] {
            let evidence = Some("intro on 3 Dec".to_owned());
            let (amount, close) = (Some("100.01".to_owned()), Some("2026-12-30".to_owned()));
            let deal = RecordDeal { source: role, evidence, amount, close, ..deal_with(account, None) };
            bench.app.change(&rep(), deal).await.expect("a deal");
        }
        for deal in 1..=3 {
            let reason = Some("They signed at the fair".to_owned());
            let win = WinDeal { deal: Ok(DealNumber(deal)), amount: None, on: None, reason };
            bench.app.change(&lead(), win).await.expect("a win");
        }
        for (deal, reason) in [(4, LossReason::Price), (5, LossReason::EnteredByMistake)] {
            let lose = LoseDeal { deal: Ok(DealNumber(deal)), reason, detail: None };
            bench.app.change(&rep(), lose).await.expect("a loss");
        }
        bench
    }

    #[tokio::test]
    async fn a_report_tells_what_the_number_tells() {
        let bench = with_deals().await;
        let mut look = bench.app.look(&lead()).await.unwrap();
        let period = Calendar::of(&look.settings).period(look.settings.day(look.now));
        let report = look.report(period).await.unwrap();
        let number = look.number(Asked { period, partner: None }).await.unwrap().number;
        let open = report.open.expect("the quarter runs");
        for role in [Role::Sourced, Role::Influenced, Role::Undecided] {
            assert_eq!(report.won.of(role).booked, *number.booked.of(role), "{role:?}");
            assert_eq!(open.of(role).closing, *number.closing.of(role), "{role:?}");
        }
        assert_eq!(report.won.sourced.booked.won.amount, 20_002);
        assert_eq!(report.win_rate, number.win_rate);
        assert_eq!(report.history.len(), 4, "D-5 counts nowhere");
        let refused = bench.app.look(&rep()).await.unwrap().report(period).await;
        assert!(matches!(refused, Err(Failure::Refused(_))), "for leads and finance");
    }

    #[tokio::test]
    async fn deals_stand_as_they_stood() {
        let bench = with_deals().await;
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        let then = bench.app.now();
        let from = then - Duration::days(30);
        let before: Vec<Deal> = stood(&workspace.find_states_since(from).await.unwrap(), Vec::new()).unwrap();
        assert_eq!(before.iter().map(|deal| deal.number.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        bench.now_is("2027-02-01T15:00:00Z");
        let new = RecordDeal { evidence: Some("intro".to_owned()), source: Role::Sourced, ..deal_with("G", None) };
        bench.app.change(&rep(), new).await.expect("a deal");
        let lose = LoseDeal { deal: Ok(DealNumber(6)), reason: LossReason::Price, detail: None };
        bench.app.change(&rep(), lose).await.expect("a loss");
        let since = workspace.find_deal_events_between(then, bench.app.now()).await.unwrap();
        let states = workspace.find_states_since(from).await.unwrap();
        let mut after = stood(&states, since).unwrap();
        for (deal, was) in after.iter_mut().zip(&before) {
            deal.version = was.version;
        }
        assert_eq!(after, before, "what came later is taken back, and D-7 was not there");
        let untouched = workspace.find_states_since(bench.app.now()).await.unwrap();
        let untouched = stood(&untouched, Vec::new()).unwrap();
        assert_eq!(untouched.iter().map(|deal| deal.number.0).collect::<Vec<_>>(), [6, 7], "open, or touched since");
    }
}
