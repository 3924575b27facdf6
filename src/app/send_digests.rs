//! Digests: at a person's hour, everything that they are owed, in one message a day.

use super::App;
use crate::domain::Instant;
use crate::domain::id::GuildId;
use crate::error::Failure;
use crate::store::Workspace;
use facts::Facts;

mod facts;

/// Workspaces taken up at once.
const SWEEP: i64 = 500;

impl App {
    /// Looks at each workspace in which a digest may be due.
    pub(super) async fn send_digests(&self, now: Instant) -> Result<(), Failure> {
        loop {
            let due = self.store.find_due_digests(now, SWEEP).await?;
            if due.is_empty() {
                return Ok(());
            }
            for guild in due {
                self.look_at(guild, now).await?;
                // Owners who were found gone may have opened or moved reminders.
                self.send_digests_of(guild, now).await?;
            }
        }
    }

    async fn send_digests_of(&self, guild: GuildId, now: Instant) -> Result<(), Failure> {
        let mut workspace = self.store.read(guild).await?;
        let facts = Facts::load(&mut workspace, now).await?;
        let holders = match facts.meets_the_role() {
            Some(people) => self.holders(&mut workspace, &facts.settings, people, &facts.pinged).await?,
            None => Vec::new(),
        };
        drop(workspace);
        self.store
            .write(move |connection| {
                let holders = holders.clone();
                Box::pin(async move {
                    let mut workspace = Workspace::writing(guild, connection);
                    let plan = Facts::load(&mut workspace, now).await?.plan(&holders);
                    workspace.drop_nudges(&plan.over.nudges, now).await?;
                    workspace.drop_notices(&plan.over.notices, now).await?;
                    for digest in &plan.digests {
                        workspace.put_digest(digest, now).await?;
                    }
                    workspace.set_next_digest(plan.next).await
                })
            })
            .await
    }
}
