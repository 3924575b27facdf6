//! The motion, read for one person.

use super::look::Look;
use crate::domain::card::{Named, Names};
use crate::domain::id::MemberId;
use crate::domain::motion::Motion;
use crate::error::Failure;

impl Look {
    /// The draft that a lead is shown: one who isn't reads what is published only.
    pub fn draft(&self) -> Option<&Motion> {
        self.settings.motion_draft.as_ref().filter(|_| self.access.lead)
    }

    /// The names of those who published versions.
    pub async fn publishers(&mut self) -> Result<Names, Failure> {
        let publications = self.settings.motions.newest_first().filter_map(|motion| motion.published.as_ref());
        let ids: Vec<MemberId> = publications.map(|publication| publication.by).collect();
        let members = self.workspace.find_members(&ids).await?;
        Ok(Names { members: members.iter().map(|m| (m.id, Named::from(m))).collect(), ..Names::default() })
    }
}
