//! Ends a deal: `/deal won` and `/deal lost`.

use chrono::NaiveDate;

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, Meant};
use super::pass_criteria::passed;
use super::reading::{all_read, given};
use crate::domain::deal::limit::{DETAIL, WHY};
use crate::domain::deal::{Deal, Loss, LossReason};
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;
use crate::domain::refusal::{DateRule, Problem, Problems, Why};
use crate::error::Failure;

/// Wins a deal.
#[derive(Debug, Clone)]
pub struct WinDeal {
    /// Which deal.
    pub deal: Meant,
    /// The final amount as typed, when it changed.
    pub amount: Option<String>,
    /// The day as typed; today when not given.
    pub on: Option<String>,
    /// Why a lead passes over what is unmet.
    pub reason: Option<String>,
}

/// Loses a deal.
#[derive(Debug, Clone)]
pub struct LoseDeal {
    /// Which deal.
    pub deal: Meant,
    /// Why.
    pub reason: LossReason,
    /// In the owner's words.
    pub detail: Option<String>,
}

impl UseCase for WinDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&self.deal).await?);
        let amount = given(&self.amount).and_then(|typed| problems.take(change.read_worth("amount", typed)));
        let on = given(&self.on).and_then(|typed| problems.take(change.read_past_day("on", typed)));
        if let Some(deal) = &deal {
            self.fit(change, deal, on).into_iter().for_each(|problem| problems.add(problem));
        }
        let reason = problems.take(change.read_text("reason", self.reason.as_deref(), WHY)).flatten();
        let passed = deal.as_ref().map(|deal| passed(change, deal, Stage::Launched, reason.as_deref()));
        let waiver = passed.and_then(|passed| problems.take(passed)).flatten();
        let mut deal = all_read(problems, deal)?;
        if let Some(amount) = amount {
            change.edit(&mut deal, EventKind::AmountChanged, None, |d| d.amount = Some(amount))?;
        }
        let (on, now) = (on.unwrap_or(change.today()), change.now);
        change.edit(&mut deal, EventKind::Won, reason, |d| {
            d.win(on, now);
            d.waivers.extend(waiver);
        })?;
        Ok(change.changed(deal))
    }
}

impl WinDeal {
    /// What of it does not fit the deal.
    fn fit(&self, change: &Change<'_>, deal: &Deal, on: Option<NaiveDate>) -> Vec<Problem> {
        let missing = given(&self.amount).is_none() && deal.amount.is_none();
        let amount = missing.then_some(Problem::Missing { option: "amount", why: Why::ToWin });
        let earliest = deal.earliest_win(&change.calendar(), change.today());
        let too_early = |date| Problem::BadDate { option: "on", date, rule: DateRule::WonSince(earliest) };
        let on = on.filter(|on| *on < earliest).map(too_early);
        amount.into_iter().chain(on).collect()
    }
}

impl UseCase for LoseDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&self.deal).await?);
        let detail = problems.take(change.read_text("detail", self.detail.as_deref(), DETAIL)).flatten();
        if self.reason == LossReason::Other && given(&self.detail).is_none() {
            problems.add(Problem::Missing { option: "detail", why: Why::OtherNeedsDetail });
        }
        let mut deal = all_read(problems, deal)?;
        let (on, now) = (change.today(), change.now);
        let loss = Loss { reason: self.reason, detail };
        change.edit(&mut deal, EventKind::Lost, None, |d| d.lose(loss, on, now))?;
        Ok(change.changed(deal))
    }
}
