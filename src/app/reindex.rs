//! Making deals found by the names that their account and partners have now, after one of these was renamed. The commit
//! of the new name writes that this is to be done; it goes on from the stored position, in parts.

use std::collections::BTreeSet;

use super::App;
use super::change::Change;
use super::record_deal::lookup_row;
use crate::domain::id::{DealNumber, GuildId};
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::parts::{Left, Renamed};

/// Deals indexed in one write, so that no job holds the writer for long.
const BATCH: usize = 250;

/// One part: some deals of what was renamed, after one of them.
#[derive(Debug, Clone)]
struct Part {
    renamed: Renamed,
    from: DealNumber,
    deals: Vec<DealNumber>,
}

impl App {
    /// Indexes anew what is left to do of it in a workspace, open and closed deals alike.
    pub(super) async fn reindex(&self, guild: GuildId) -> Result<(), Failure> {
        while self.reindex_part(guild).await? == Left::Some {}
        Ok(())
    }

    /// One part of it.
    pub(super) async fn reindex_part(&self, guild: GuildId) -> Result<Left, Failure> {
        let now = self.now();
        let mut workspace = self.store.read(guild).await?;
        let Some((renamed, from)) = workspace.find_renamed().await? else { return Ok(Left::Nothing) };
        let deals = workspace.find_numbers_of(renamed, from, BATCH as i64).await?;
        drop(workspace);
        let part = Part { renamed, from, deals };
        self.store
            .write(move |connection| {
                let part = part.clone();
                Box::pin(async move {
                    let change = Change::by_bot(Workspace::writing(guild, connection), now).await?;
                    part.index(change).await
                })
            })
            .await?;
        Ok(Left::Some)
    }
}

impl Part {
    async fn index(self, mut change: Change<'_>) -> Result<(), Failure> {
        index_deals(&mut change, &self.deals).await?;
        let to = (self.deals.len() == BATCH).then(|| self.deals.last().copied()).flatten();
        change.workspace.go_on_after(self.renamed, self.from, to).await?;
        change.commit().await
    }
}

/// Has some deals found by the names that their account and partners have now.
pub(in crate::app) async fn index_deals(change: &mut Change<'_>, numbers: &[DealNumber]) -> Result<(), Failure> {
    let deals = change.workspace.find_deals(numbers).await?;
    let accounts: BTreeSet<_> = deals.iter().map(|deal| deal.account).collect();
    let accounts = change.workspace.find_accounts(&accounts.into_iter().collect::<Vec<_>>()).await?;
    let partners = change.workspace.find_partners().await?;
    for deal in &deals {
        let own = |partner| partners.iter().find(|p| p.id == partner).cloned();
        let own: Vec<_> = deal.partners().filter_map(own).collect();
        if let Some(account) = accounts.iter().find(|account| account.id == deal.account) {
            change.look_up(lookup_row(deal, account, &own));
        }
    }
    Ok(())
}
