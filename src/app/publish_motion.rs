//! Makes the draft the motion that new deals run: `/motion publish`. Deals that are open keep theirs, so that no figure
//! and no reminder of theirs changes by it; each is moved by itself.

use super::UseCase;
use super::change::Change;
use crate::domain::access::Needed;
use crate::domain::deal::limit::WHY;
use crate::domain::motion::{Publication, differences};
use crate::domain::refusal::{Problem, Why};
use crate::error::Failure;

/// Publishes the draft.
#[derive(Debug, Clone)]
pub struct PublishMotion {
    /// What changed and why.
    pub note: String,
}

impl UseCase for PublishMotion {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        change.allow(Needed::Lead)?;
        let note = change.read_text("note", Some(&self.note), WHY)?;
        let note = note.ok_or(Problem::Missing { option: "note", why: Why::Always })?;
        let current = change.settings.motions.current();
        let draft = change.settings.motion_draft.clone().filter(|draft| !differences(current, draft).is_empty());
        let draft = draft.ok_or(Problem::NoDraft)?;
        let publication = Publication { by: change.actor.id, at: change.now, note };
        change.edit_settings(|settings| {
            settings.motions.publish(draft, publication);
            settings.motion_draft = None;
        })?;
        Ok(())
    }
}
