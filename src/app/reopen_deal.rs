//! Opens a deal again: `/deal reopen`.

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, no_deal};
use crate::domain::access::Needed;
use crate::domain::deal::Deal;
use crate::domain::deal::limit::WHY;
use crate::domain::event::{Event, EventKind, Subject, SubjectKind};
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;
use crate::domain::refusal::{Problem, Why};
use crate::error::Failure;

/// Opens a lost deal again, or, for a lead, a won one: in the stage from which it was closed.
#[derive(Debug, Clone)]
pub struct ReopenDeal {
    /// Which deal.
    pub deal: DealNumber,
    /// What changed.
    pub why: String,
}

impl UseCase for ReopenDeal {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = self.allowed(change).await?;
        let why = change.read_text("why", Some(&self.why), WHY)?;
        let why = why.ok_or(Problem::Missing { option: "why", why: Why::Always })?;
        let subject = Subject { kind: SubjectKind::Deal, id: deal.number.0 };
        let stage = stage_before_its_end(&change.workspace.find_events(subject).await?);
        let now = change.now;
        change.edit(&mut deal, EventKind::Reopened, Some(why), |d| d.reopen(stage, now))?;
        Ok(change.changed(deal))
    }
}

impl ReopenDeal {
    /// The deal, if it is closed and the actor may open it. Closed credit moves by a lead's hand only.
    async fn allowed(&self, change: &mut Change<'_>) -> Result<Deal, Failure> {
        change.allow(Needed::Any)?;
        let deal = change.workspace.find_deal(self.deal).await?.ok_or_else(|| no_deal(self.deal))?;
        if deal.is_won() {
            change.allow(Needed::Lead)?;
        } else {
            change.allow_on_deal(&deal).await?;
        }
        match deal.is_open() {
            true => Err(Problem::WrongStage { deal: deal.number, stage: deal.stage }.into()),
            false => Ok(deal),
        }
    }
}

/// The open stage that a deal was in last, by its events.
fn stage_before_its_end(events: &[Event]) -> Stage {
    let left = |event: &Event| {
        let before: Stage = serde_json::from_value(event.before.get("stage")?.clone()).ok()?;
        before.is_open().then_some(before)
    };
    events.iter().rev().find_map(left).unwrap_or(Stage::Prospect)
}
