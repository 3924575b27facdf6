//! Lets a deal rest: `/deal wait` and `/deal snooze`.

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, Meant};
use super::reading::{all_read, given};
use crate::domain::deal::limit::{SNOOZE_WHY, WHY};
use crate::domain::deal::{Snooze, Wait, WaitingOn};
use crate::domain::episode::{snooze_day_problem, snooze_problem, wait_until};
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::refusal::{DateRule, Problem, Problems, Why};
use crate::error::Failure;
use crate::render::text;

/// Somebody else has the next move.
#[derive(Debug, Clone)]
pub struct WaitDeal {
    /// Which deal.
    pub deal: Meant,
    /// Who has it.
    pub on: WaitingOn,
    /// The day on which the wait is over, as typed; the usual wait when not given.
    pub until: Option<String>,
    /// What is awaited.
    pub note: Option<String>,
}

/// Reminders are put off.
#[derive(Debug, Clone)]
pub struct SnoozeDeal {
    /// Which deal.
    pub deal: Meant,
    /// The day on which the rest is over, as typed.
    pub until: String,
    /// Why it can rest.
    pub why: String,
}

impl UseCase for WaitDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&self.deal).await?);
        let note = problems.take(change.read_text("note", self.note.as_deref(), WHY)).flatten();
        let until = match given(&self.until) {
            Some(typed) => problems.take(change.read_day("until", typed)),
            None => Some(wait_until(&change.calendar(), change.today())),
        };
        if let Some(date) = until.filter(|until| *until <= change.today()) {
            problems.add(Problem::BadDate { option: "until", date, rule: DateRule::AfterToday });
        }
        let (mut deal, until) = all_read(problems, deal.zip(until))?;
        let wait = Wait { on: self.on, until, since: change.now, note };
        change.edit(&mut deal, EventKind::Waited, None, |d| d.wait(wait))?;
        Ok(change.changed(deal))
    }
}

impl UseCase for SnoozeDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&self.deal).await?);
        let why = problems.take(change.read_text("why", Some(&self.why), SNOOZE_WHY)).flatten();
        if text::shows_nothing(&self.why) {
            problems.add(Problem::Missing { option: "why", why: Why::Always });
        }
        let (calendar, today) = (change.calendar(), change.today());
        let until = problems.take(change.read_day("until", &self.until));
        if let Some(problem) = until.and_then(|until| snooze_day_problem(until, &calendar, today)) {
            problems.add(problem);
        }
        if let Some(deal) = &deal {
            let latest = change.workspace.find_latest_episodes(&[deal.number]).await?.remove(&deal.number);
            let problem = snooze_problem(latest.as_ref(), deal, change.access, &calendar, today);
            problem.into_iter().for_each(|problem| problems.add(problem));
        }
        let ((mut deal, until), why) = all_read(problems, deal.zip(until).zip(why))?;
        change.edit(&mut deal, EventKind::Snoozed, None, |d| d.put_off(Snooze { until, why }))?;
        Ok(change.changed(deal))
    }
}

#[cfg(test)]
mod tests;
