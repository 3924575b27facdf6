//! Moving actions: those that go along with a deal, and those that go alone.

use crate::app::change::Change;
use crate::domain::event::EventKind;
use crate::domain::id::{ItemId, MemberId};
use crate::error::Failure;

/// Gives the open ones of some actions from one person to another, and says how many that were. What has ended, or was
/// given to somebody else meanwhile, stays as it is.
pub(in crate::app) async fn give(
    change: &mut Change<'_>,
    actions: &[ItemId],
    from: MemberId,
    to: MemberId,
) -> Result<usize, Failure> {
    if actions.is_empty() {
        return Ok(0);
    }
    let mut items = change.workspace.find_items_by_id(actions).await?;
    items.retain(|item| item.open && item.assignee() == Some(from));
    let (given, now) = (items.len(), change.now);
    for mut item in items {
        change.edit(&mut item, EventKind::Edited, None, |item| item.hand_to(to, now))?;
        change.refresh_running(item.review).await?;
    }
    Ok(given)
}
