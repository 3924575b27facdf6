//! Making deals found by the names that their account and partners have now, after one of these was renamed or an import
//! made them. The commit that makes it necessary writes that it is to be done; it goes on from the stored position, in
//! parts.

use std::collections::BTreeSet;

use super::App;
use super::change::Change;
use super::record_deal::lookup_row;
use crate::domain::account::Account;
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, GuildId};
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::commit::{LookupKind, LookupRow};
use crate::store::parts::{Left, Unindexed};

/// Deals indexed in one write, so that no job holds the writer for long.
pub(super) const BATCH: usize = 250;

/// One part: some of the deals, after one of them.
#[derive(Debug, Clone)]
struct Part {
    unindexed: Unindexed,
    from: DealNumber,
    deals: Vec<DealNumber>,
}

impl App {
    /// Indexes what is left to do of it in a workspace, open and closed deals alike.
    pub(super) async fn reindex(&self, guild: GuildId) -> Result<(), Failure> {
        while self.reindex_part(guild).await? == Left::Some {}
        Ok(())
    }

    /// One part of it.
    pub(super) async fn reindex_part(&self, guild: GuildId) -> Result<Left, Failure> {
        let now = self.now();
        let mut workspace = self.store.read(guild).await?;
        let Some((unindexed, from)) = workspace.find_unindexed().await? else { return Ok(Left::Nothing) };
        let deals = workspace.find_numbers_of(unindexed, from, BATCH as i64).await?;
        drop(workspace);
        let part = Part { unindexed, from, deals };
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
        let deals = change.workspace.find_deals(&self.deals).await?;
        let accounts: BTreeSet<_> = deals.iter().map(|deal| deal.account).collect();
        let accounts = change.workspace.find_accounts(&accounts.into_iter().collect::<Vec<_>>()).await?;
        index_deals(&mut change, &deals, &accounts).await?;
        if let Unindexed::UpTo(_) = self.unindexed {
            for Account { id, name, .. } in accounts {
                change.look_up(LookupRow { kind: LookupKind::Account, subject: id.0, text: name });
            }
        }
        let to = (self.deals.len() == BATCH).then(|| self.deals.last().copied()).flatten();
        change.workspace.go_on_after(self.unindexed, self.from, to).await?;
        change.commit().await
    }
}

/// Has some deals found by the names that their account and partners have now.
async fn index_deals(change: &mut Change<'_>, deals: &[Deal], accounts: &[Account]) -> Result<(), Failure> {
    let partners = change.workspace.find_partners().await?;
    for deal in deals {
        let own = |partner| partners.iter().find(|p| p.id == partner).cloned();
        let own: Vec<_> = deal.partners().filter_map(own).collect();
        if let Some(account) = accounts.iter().find(|account| account.id == deal.account) {
            change.look_up(lookup_row(deal, account, &own));
        }
    }
    Ok(())
}
