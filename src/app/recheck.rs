//! Checking a whole workspace again, after something changed that every deal and review is counted by.

use super::App;
use crate::domain::id::{DealNumber, GuildId};
use crate::error::Failure;
use crate::store::Workspace;

/// Deals made due in one write, so that no job holds the writer for long.
const BATCH: i64 = 500;

impl App {
    /// Makes all reviews and open deals of a workspace due for a check; the next tick does them.
    pub(super) async fn recheck(&self, guild: GuildId) -> Result<(), Failure> {
        let now = self.now();
        let mut last = Some(DealNumber(0));
        while let Some(after) = last {
            last = self
                .store
                .write(move |connection| {
                    Box::pin(async move { Workspace::writing(guild, connection).mark_due(after, BATCH, now).await })
                })
                .await?;
        }
        Ok(())
    }
}
