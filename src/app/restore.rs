//! Reads everything of a workspace back from a file, all or nothing.

use std::collections::BTreeMap;

use crate::domain::account::Account;
use crate::domain::id::GuildId;
use crate::error::Failure;
use crate::store::commit::{Commit, LookupKind, LookupRow};
use crate::store::dump::{Source, load};
use crate::store::{Store, Workspace};

use super::record_deal::lookup_row;

/// Look-ups written at once.
const BATCH: usize = 500;

/// Reads a file into a database. The bot must not run on it: the one commit is as long as the file is big.
pub async fn restore(store: &Store, source: Source) -> Result<GuildId, Failure> {
    store
        .write(move |connection| {
            let source = source.clone();
            Box::pin(async move {
                let head = load(connection, &source).await?;
                index(&mut Workspace::writing(head.guild, connection)).await?;
                Ok(head.guild)
            })
        })
        .await
}

/// Makes accounts and deals found by their names, as each was when it was recorded.
async fn index(workspace: &mut Workspace<'_>) -> Result<(), Failure> {
    let partners = workspace.find_partners().await?;
    let accounts: BTreeMap<_, Account> =
        workspace.find_all_accounts().await?.into_iter().map(|account| (account.id, account)).collect();
    let known = accounts.values().filter(|account| account.merged_into.is_none());
    let mut rows: Vec<LookupRow> = known
        .map(|account| LookupRow { kind: LookupKind::Account, subject: account.id.0, text: account.name.clone() })
        .collect();
    let numbers = workspace.find_all_numbers().await?;
    for batch in numbers.chunks(BATCH) {
        for deal in workspace.find_deals(batch).await? {
            let own = |partner| partners.iter().find(|known| known.id == partner).cloned();
            let own: Vec<_> = deal.partners().filter_map(own).collect();
            rows.extend(accounts.get(&deal.account).map(|account| lookup_row(&deal, account, &own)));
        }
        put(workspace, std::mem::take(&mut rows)).await?;
    }
    put(workspace, rows).await
}

async fn put(workspace: &mut Workspace<'_>, lookups: Vec<LookupRow>) -> Result<(), Failure> {
    let commit = Commit { lookups, ..Commit::default() };
    workspace.commit(&commit, chrono::DateTime::UNIX_EPOCH).await
}
