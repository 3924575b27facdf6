//! Passing unmet criteria over: what a move and a win share.

use super::change::Change;
use crate::domain::deal::Deal;
use crate::domain::deal::criteria::Waiver;
use crate::domain::motion::Stage;
use crate::domain::refusal::{Asker, Problem};

/// What is passed over when a deal goes to a stage: nothing where all is met. Only a lead may, and says why.
pub(super) fn passed(
    change: &Change<'_>,
    deal: &Deal,
    to: Stage,
    reason: Option<&str>,
) -> Result<Option<Waiver>, Problem> {
    let unmet = deal.unmet(change.settings.motions.of(deal), to);
    match reason {
        _ if unmet.is_empty() => Ok(None),
        Some(reason) if change.access.lead => {
            let (by, at) = (change.actor.id, change.now);
            Ok(Some(Waiver { to, passed: unmet, reason: reason.to_owned(), by, at, spent: false }))
        }
        _ => {
            let asker = if change.access.lead { Asker::Lead } else { Asker::Owner };
            Err(Problem::Unmet { deal: deal.number, to, unmet, asker })
        }
    }
}
