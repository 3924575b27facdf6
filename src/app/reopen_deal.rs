//! Opens a deal again: `/deal reopen`.

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, Meant};
use super::reading::all_read;
use crate::domain::access::Needed;
use crate::domain::deal::Deal;
use crate::domain::deal::limit::WHY;
use crate::domain::event::{Event, EventKind, Subject, SubjectKind};
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// Opens a lost deal again, or, for a lead, a won one: in the stage from which it was closed.
#[derive(Debug, Clone)]
pub struct ReopenDeal {
    /// Which deal.
    pub deal: Meant,
    /// What changed.
    pub why: String,
}

impl UseCase for ReopenDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(self.find(change).await?);
        let missing = Problem::Missing { option: "why", why: Why::Always };
        let why = change.read_text("why", Some(&self.why), WHY);
        let why = problems.take(why.and_then(|why| why.ok_or(missing)));
        let (mut deal, why) = all_read(problems, deal.zip(why))?;
        let subject = Subject { kind: SubjectKind::Deal, id: deal.number.0 };
        let stage = stage_before_its_end(&change.workspace.find_events(subject).await?);
        let now = change.now;
        change.edit(&mut deal, EventKind::Reopened, Some(why), |d| d.reopen(stage, now))?;
        Ok(change.changed(deal))
    }
}

impl ReopenDeal {
    /// The deal, if it is closed and the actor may open it. Closed credit moves by a lead's hand only.
    async fn find(&self, change: &mut Change<'_>) -> Result<Result<Deal, Problem>, Failure> {
        let (deal, owner) = match change.find_meant(&self.deal).await? {
            Ok(found) => found,
            Err(problem) => return Ok(Err(problem)),
        };
        if deal.is_won() {
            change.allow(Needed::Lead)?;
        } else {
            change.allow_with_owner(&deal, owner.as_ref())?;
        }
        let open = Problem::WrongStage { deal: deal.number, stage: deal.stage };
        Ok(if deal.is_open() { Err(open) } else { Ok(deal) })
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
