//! Making deals found by the names that their account and partners have now, after one of these was renamed.

use std::collections::BTreeSet;

use super::change::Change;
use super::record_deal::lookup_row;
use super::{App, Caller, UseCase};
use crate::domain::id::DealNumber;
use crate::error::Failure;

/// Deals indexed in one write, so that no job holds the writer for long.
const BATCH: usize = 250;

/// Some deals, by number.
#[derive(Debug, Clone)]
struct Reindex {
    deals: Vec<DealNumber>,
}

impl App {
    /// Indexes deals anew, open and closed ones alike.
    pub(super) async fn reindex(&self, caller: &Caller, deals: Vec<DealNumber>) -> Result<(), Failure> {
        for batch in deals.chunks(BATCH) {
            self.go_on(caller, Reindex { deals: batch.to_vec() }).await?;
        }
        Ok(())
    }
}

impl UseCase for Reindex {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        let deals = change.workspace.find_deals(&self.deals).await?;
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
}
