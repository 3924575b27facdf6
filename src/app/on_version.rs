//! A change that a form asked for: refused when the deal is no longer what the person saw in it (rule 12).

use super::UseCase;
use super::change::Change;
use crate::domain::event::{Event, EventKind, Subject, SubjectKind};
use crate::domain::id::DealNumber;
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// A change of a deal by somebody who saw a version of it. A note that came in between stands in nobody's way;
/// anything else is told first, whichever field it touched: whoever ends or moves a deal answers to all of it. An update
/// is the one form that goes by fields, see [`super::update_deal`].
#[derive(Debug, Clone)]
pub struct OnVersion<U> {
    /// Which deal.
    pub deal: DealNumber,
    /// The version that the person saw.
    pub version: i64,
    /// What they ask for.
    pub change: U,
}

impl<U: UseCase> UseCase for OnVersion<U> {
    type Outcome = U::Outcome;

    async fn run(self, change: &mut Change<'_>) -> Result<U::Outcome, Failure> {
        let newer = change.find_newer(self.deal, self.version).await?;
        if newer.iter().any(|event| event.kind != EventKind::Noted) {
            return Err(Problem::ChangedMeanwhile.into());
        }
        self.change.run(change).await
    }
}

impl Change<'_> {
    /// What happened to a deal since a version of it.
    pub(super) async fn find_newer(&mut self, deal: DealNumber, version: i64) -> Result<Vec<Event>, Failure> {
        let subject = Subject { kind: SubjectKind::Deal, id: deal.0 };
        self.workspace.find_events_from(subject, version + 1).await
    }
}
