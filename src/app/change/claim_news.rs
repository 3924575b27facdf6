//! Which claims a change brings to a new partner manager: those that wait already are news to whoever takes the partner
//! over, though the one before was told of them.

use super::Change;
use crate::domain::event::{EventKind, Tracked};
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::notice::Notice;
use crate::domain::partner::Partner;
use crate::error::Failure;
use crate::store::claim::ClaimsOf;

/// One of the waiting claims for each new manager: their digest counts all of them.
pub(super) async fn owed(change: &mut Change<'_>) -> Result<Vec<Notice>, Failure> {
    let edits = change.events.iter().filter(|e| e.subject.kind == Partner::KIND && e.kind != EventKind::Created);
    let managed = edits.filter_map(|e| Some((PartnerId(e.subject.id), MemberId(e.after.get("manager")?.as_i64()?))));
    let managed: Vec<(PartnerId, MemberId)> = managed.collect();
    let mut notices = Vec::new();
    for (partner, manager) in managed {
        let waiting = change.workspace.find_waiting_claims(&[ClaimsOf { partner, by: None }], manager, 1).await?;
        notices.extend(waiting.first.iter().filter_map(|(deal, _)| Notice::claim(deal, partner)));
    }
    Ok(notices)
}
