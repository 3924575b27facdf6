//! The number as it is looked up: what was booked, what is open, and whose it is.

use chrono::{DateTime, Utc};

use super::look::Look;
use super::partner;
use super::reading::read_period;
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::card::Named;
use crate::domain::event::{Subject, SubjectKind};
use crate::domain::forecast::last_quarters;
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::number::{
    Books, Entry, NumberCard, NumberFacts, SettingsLog, Share, Split, Who, entries, splits, target,
};
use crate::domain::period::Period;
use crate::domain::refusal::Problem;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;

/// How the entries of a workspace are dated.
pub async fn books(workspace: &mut Workspace<'_>, calendar: &Calendar, now: Instant) -> Result<Books, Failure> {
    let opened = calendar.day(workspace.find_beginning().await?.unwrap_or(now));
    Ok(Books { calendar: calendar.clone(), opened })
}

/// How costs and the solo baseline changed.
pub async fn settings_log(workspace: &mut Workspace<'_>) -> Result<SettingsLog, Failure> {
    let events = workspace.find_events(Subject { kind: SubjectKind::Workspace, id: 1 }).await?;
    Ok(SettingsLog::read(&events)?)
}

/// What was booked in the periods from one to another.
pub async fn booked_in(
    workspace: &mut Workspace<'_>,
    calendar: &Calendar,
    (first, last): (&Period, &Period),
    now: Instant,
) -> Result<Vec<Entry>, Failure> {
    let books = books(workspace, calendar, now).await?;
    // History that was brought along was told of after its period.
    let (from, until) = match last.end < books.opened {
        true => (DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC),
        false => (calendar.midnight(first.start), calendar.midnight(last.ahead(1).start)),
    };
    let steps = workspace.find_steps(from, until).await?;
    let mut entries = entries(&steps, &books);
    entries.retain(|entry| *first <= entry.booked && entry.booked <= *last);
    Ok(entries)
}

/// What the number of a period is reckoned from, but for the open deals.
pub async fn facts(
    workspace: &mut Workspace<'_>,
    settings: &Settings,
    period: &Period,
    of: Share,
    now: Instant,
) -> Result<NumberFacts, Failure> {
    let calendar = Calendar::of(settings);
    let lately = last_quarters(&calendar, calendar.day(now));
    let owner = match settings.number_owner() {
        Some(owner) => workspace.find_members(&[owner]).await?.first().map(Named::from),
        None => None,
    };
    Ok(NumberFacts {
        owner,
        of,
        target: target(&settings.targets, period, of),
        entries: booked_in(workspace, &calendar, (period, period), now).await?,
        closed: workspace.find_closed(&lately, calendar.midnight(lately.start)).await?,
    })
}

/// A quarter that was asked for, and the partner that it is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which quarter.
    pub period: Period,
    /// Only with this primary partner.
    pub partner: Option<(PartnerId, String)>,
}

impl Asked {
    /// All of the number, or the partner's part.
    pub fn share(&self) -> Share {
        self.partner.as_ref().map_or(Share::Whole, |(partner, _)| Share::Partner(*partner))
    }
}

impl Look {
    /// Reads a quarter, the running one when none is given, and a partner, as typed.
    pub async fn asked(&mut self, period: Option<&str>, partner: Option<&str>) -> Result<Asked, Failure> {
        let today = self.settings.day(self.now);
        let period = match period {
            Some(typed) => read_period(&self.settings, today, typed)?,
            None => Period::of(today, self.settings.fiscal_month),
        };
        let partner = match partner {
            Some(typed) => {
                Some(partner::find_any(&mut self.workspace, typed).await?.map(|found| (found.id, found.name))?)
            }
            None => None,
        };
        Ok(Asked { period, partner })
    }

    /// The same from ids that a control carried.
    pub async fn asked_again(&mut self, period: Period, partner: Option<PartnerId>) -> Result<Asked, Failure> {
        let partner = match partner {
            Some(id) => {
                let found = self.workspace.find_partner(id).await?.ok_or(Problem::Stale)?;
                Some((found.id, found.name))
            }
            None => None,
        };
        Ok(Asked { period, partner })
    }

    /// The number of a quarter. Refused in plan mode, which hides it.
    pub async fn number(&mut self, asked: Asked) -> Result<NumberCard, Failure> {
        if !self.settings.shows_number() {
            return Err(Problem::NumberHidden.into());
        }
        let (period, of) = (asked.period, asked.share());
        let facts = facts(&mut self.workspace, &self.settings, &period, of, self.now).await?;
        let mut open = self.workspace.find_open_deals().await?;
        let parts = open.iter().filter(|deal| of.only_takes_part_in(deal)).count();
        open.retain(|deal| of.holds(deal));
        let today = self.settings.day(self.now);
        let number = facts.number(&open, &self.settings.motions, &period, today);
        let (splits, cost) = match of {
            Share::Whole => {
                let splits = splits(&self.settings.targets, &period, &facts.entries);
                (self.whose(splits).await?, self.cost(&period).await?)
            }
            _ => (Vec::new(), None),
        };
        Ok(NumberCard { number, facts, open, partner: asked.partner, parts, splits, cost })
    }

    /// What the program cost in a quarter, with what was told late in it.
    async fn cost(&mut self, period: &Period) -> Result<Option<i64>, Failure> {
        let books = books(&mut self.workspace, &Calendar::of(&self.settings), self.now).await?;
        Ok(settings_log(&mut self.workspace).await?.cost(period, &books).total())
    }

    /// Parts of the number with the names of those whose they are.
    async fn whose(&mut self, splits: Vec<Split>) -> Result<Vec<(Who, Split)>, Failure> {
        let owners: Vec<MemberId> = splits
            .iter()
            .filter_map(|split| match split.of {
                Share::Owner(owner) => Some(owner),
                _ => None,
            })
            .collect();
        let members = self.workspace.find_members(&owners).await?;
        let partners = self.workspace.find_partners().await?;
        let who = |of| match of {
            Share::Whole => None,
            Share::Owner(id) => members.iter().find(|m| m.id == id).map(|m| Who::Owner(m.into())),
            Share::Partner(id) => partners.iter().find(|p| p.id == id).map(|p| Who::Partner(p.name.clone())),
        };
        Ok(splits.into_iter().filter_map(|split| Some((who(split.of)?, split))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::close_deal::{LoseDeal, WinDeal};
    use crate::app::record_deal::RecordDeal;
    use crate::app::reopen_deal::ReopenDeal;
    use crate::app::set_cost::SetCost;
    use crate::app::set_target::SetTarget;
    use crate::app::testing::{Bench, GUILD, deal_with, lead, rep};
    use crate::domain::deal::{LossReason, Role};
    use crate::domain::forecast::{self, WinRate};
    use crate::domain::id::DealNumber;
    use crate::domain::number::{booked, win_rate};
    use crate::domain::overview::Tally;
    use crate::domain::testing::day;

    async fn record(bench: &Bench, account: &str, amount: &str) {
        let deal = RecordDeal {
            source: Role::Sourced,
            evidence: Some("intro on 3 Dec".to_owned()),
            amount: Some(amount.to_owned()),
            ..deal_with(account, None)
        };
        bench.app.change(&rep(), deal).await.expect("a deal");
    }

    async fn win(bench: &Bench, deal: i64) {
        let reason = Some("They signed at the fair".to_owned());
        let win = WinDeal { deal: Ok(DealNumber(deal)), amount: None, on: None, reason };
        bench.app.change(&lead(), win).await.expect("a win");
    }

    /// D-1 and D-2 won in December, D-3 lost, D-4 lost as entered by mistake, D-5 open; D-2 reopened in January.
    async fn with_deals() -> Bench {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        for (account, amount) in [("A", "100"), ("B", "200"), ("C", "300"), ("D", "400"), ("E", "500")] {
            record(&bench, account, amount).await;
        }
        win(&bench, 1).await;
        win(&bench, 2).await;
        for (deal, reason) in [(3, LossReason::Price), (4, LossReason::EnteredByMistake)] {
            let lose = LoseDeal { deal: Ok(DealNumber(deal)), reason, detail: None };
            bench.app.change(&rep(), lose).await.expect("a loss");
        }
        bench.now_is("2027-01-12T15:00:00Z");
        let reopen = ReopenDeal { deal: Ok(DealNumber(2)), why: "They never signed".to_owned() };
        bench.app.change(&lead(), reopen).await.expect("open again");
        bench
    }

    #[tokio::test]
    async fn what_was_booked_is_read_from_the_log_for_each_quarter() {
        let bench = with_deals().await;
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        let calendar = Calendar::of(&bench.settings(GUILD).await);
        let q4 = calendar.period(day("2026-12-17"));
        let tally = |deals, amount| Tally { deals, amount };
        for (ahead, won, adjusted) in
            [(0, tally(2, 30_000), tally(0, 0)), (1, tally(0, 0), tally(1, -20_000)), (2, tally(0, 0), tally(0, 0))]
        {
            let period = q4.ahead(ahead);
            let entries = booked_in(&mut workspace, &calendar, (&period, &period), bench.app.now()).await.unwrap();
            let sourced = booked(&entries, &period).sourced;
            assert_eq!((sourced.won, sourced.adjusted), (won, adjusted), "{period}");
        }
        let both = booked_in(&mut workspace, &calendar, (&q4, &q4.ahead(1)), bench.app.now()).await.unwrap();
        assert_eq!(both.iter().map(|entry| entry.amount).sum::<i64>(), 10_000, "what stands today");
        let before = q4.back(1);
        assert!(booked_in(&mut workspace, &calendar, (&before, &before), bench.app.now()).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn the_store_counts_closed_deals_as_the_rule_does() {
        let bench = with_deals().await;
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        let calendar = Calendar::of(&bench.settings(GUILD).await);
        let today = calendar.day(bench.app.now());
        let lately = last_quarters(&calendar, today);
        let closed = workspace.find_closed(&lately, calendar.midnight(lately.start)).await.unwrap();
        let won = closed.iter().filter(|closed| closed.won).count();
        assert_eq!((won, closed.len()), (1, 2), "D-1 and D-3: D-2 is open again, D-4 counts nowhere");
        let all: Vec<DealNumber> = (1..=5).map(DealNumber).collect();
        let deals = workspace.find_deals(&all).await.unwrap();
        assert_eq!(win_rate(&closed), forecast::win_rate(&deals, &calendar, today));
        assert_eq!(forecast::win_rate_of(WinRate { won: 1, closed: 5 }).known(), Some(WinRate { won: 1, closed: 5 }));
    }

    #[tokio::test]
    async fn targets_and_costs_are_settings_whose_events_lead_to_them() {
        let bench = Bench::ready().await;
        let target = |period: &str, amount: &str| SetTarget {
            period: period.to_owned(),
            amount: amount.to_owned(),
            owner: None,
            partner: None,
        };
        bench.app.change(&lead(), target("Q1 2027", "1m")).await.unwrap();
        bench.app.change(&lead(), target("this quarter", "800k")).await.unwrap();
        bench.app.change(&lead(), target("Q1 2027", "0")).await.unwrap();
        let cost = SetCost { period: "Q4".to_owned(), amount: "5k".to_owned(), note: None };
        bench.app.change(&lead(), cost).await.unwrap();
        for again in [target("Q1 2027", "0"), target("Q4", "800k")] {
            let refused = bench.app.change(&lead(), again).await;
            assert!(matches!(refused, Err(Failure::Refused(r)) if r.problems == [Problem::NothingToDo]));
        }
        let settings = bench.settings(GUILD).await;
        assert_eq!(settings.targets.iter().map(|target| target.amount).collect::<Vec<_>>(), [80_000_000]);
        assert_eq!(settings.costs[0].amount, 500_000);
        bench.assert_replays(GUILD, &settings).await;
    }
}
