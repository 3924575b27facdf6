//! Looking things up: a workspace read for a person, with what they may act as. Changes nothing.

use super::{App, Caller};
use crate::domain::Instant;
use crate::domain::access::{Access, Needed};
use crate::domain::member::Member;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::render::voice::{Commands, Voice};
use crate::store::Workspace;

/// A workspace as one person may read it, at one moment.
pub struct Look {
    /// For reading whatever the answer needs.
    pub workspace: Workspace<'static>,
    /// The workspace's settings.
    pub settings: Settings,
    /// Who asks; `None` when they never changed anything here.
    pub asker: Option<Member>,
    /// What they may act as.
    pub access: Access,
    /// When.
    pub now: Instant,
}

/// Who reads, and by which settings.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The workspace's settings.
    pub settings: Settings,
    /// Who asks; `None` when they never changed anything here.
    pub asker: Option<Member>,
    /// What they may act as.
    pub access: Access,
}

impl App {
    /// Begins a look-up for a person.
    pub async fn look(&self, caller: &Caller) -> Result<Look, Failure> {
        let mut workspace = self.store.read(caller.guild).await?;
        let base = workspace.get_base(caller.person.user, caller.interaction, None).await?;
        let access = Access::of(&base.settings, &caller.person.roles, caller.person.manages_server)
            .of_member(&base.settings, base.actor.as_ref().map(|member| member.id));
        Ok(Look { workspace, settings: base.settings, asker: base.actor, access, now: self.now() })
    }

    /// Begins a look-up for a person of whom a change just found out what there is to know.
    pub async fn look_as(&self, caller: &Caller, reader: Reader) -> Result<Look, Failure> {
        let workspace = self.store.read(caller.guild).await?;
        let Reader { settings, asker, access } = reader;
        Ok(Look { workspace, settings, asker, access, now: self.now() })
    }
}

impl Look {
    /// Refuses unless the person holds the role.
    pub fn allow(&self, needed: Needed) -> Result<(), Failure> {
        Ok(self.access.require(&self.settings, needed)?)
    }

    /// How the answer speaks.
    pub fn voice<'v>(&'v self, commands: &'v Commands) -> Voice<'v> {
        Voice::new(commands, &self.settings, self.now)
    }
}
