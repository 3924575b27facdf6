//! Merges an account into another, which takes its deals over: `/cosell account merge_into:`.

use super::change::Change;
use super::reading::all_read;
use super::record_deal::lookup_row;
use super::{App, Caller, UseCase, account};
use crate::domain::access::Needed;
use crate::domain::account::Account;
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::overview::AccountChange;
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;
use crate::store::commit::{LookupKind, LookupRow};

/// Deals moved in one write, so that no job holds the writer for long.
const BATCH: usize = 250;

/// Two accounts, as typed. Run again, it goes on with what is left: the account goes last, with its last deals.
#[derive(Debug, Clone)]
pub struct MergeAccount {
    /// The one that goes.
    pub account: String,
    /// The one that stays.
    pub into: String,
}

/// One batch of a merge.
#[derive(Debug, Clone)]
pub struct Merged {
    from: Account,
    into: Account,
    deals: Vec<DealNumber>,
}

impl UseCase for MergeAccount {
    type Outcome = Merged;

    async fn run(self, change: &mut Change<'_>) -> Result<Merged, Failure> {
        change.allow(Needed::Admin)?;
        let (mut from, into) = self.find(change).await?;
        let numbers = change.workspace.find_numbers_of_account(from.id).await?;
        let batch = &numbers[..numbers.len().min(BATCH)];
        let partners = change.workspace.find_partners().await?;
        for mut deal in change.workspace.find_deals(batch).await? {
            change.edit(&mut deal, EventKind::AccountMerged, None, |deal| deal.account = into.id)?;
            let own: Vec<_> =
                deal.partners().filter_map(|id| partners.iter().find(|partner| partner.id == id).cloned()).collect();
            change.look_up(lookup_row(&deal, &into, &own));
        }
        if batch.len() == numbers.len() {
            change.edit(&mut from, EventKind::Archived, None, |from| from.merged_into = Some(into.id))?;
            change.look_up(LookupRow::gone(LookupKind::Account, from.id.0));
        }
        Ok(Merged { from, into, deals: batch.to_vec() })
    }
}

impl MergeAccount {
    async fn find(&self, change: &mut Change<'_>) -> Result<(Account, Account), Failure> {
        let mut problems = Problems::default();
        let [from, into] = account::find_two(&mut change.workspace, &self.account, &self.into).await?;
        let (from, into) = (problems.take(from), problems.take(into));
        let (from, into) = all_read(problems, from.zip(into))?;
        match from.id == into.id {
            true => Err(Problem::MergeIntoItself.into()),
            false => Ok((from, into)),
        }
    }
}

impl App {
    /// Merges an account into another. Cut short, it is finished by doing it again.
    pub async fn merge_account(&self, caller: &Caller, merge: MergeAccount) -> Result<AccountChange, Failure> {
        let mut merged = self.change(caller, merge.clone()).await?;
        while merged.from.merged_into.is_none() {
            let more = self.go_on(caller, merge.clone()).await?;
            merged.deals.extend(more.deals);
            merged.from = more.from;
        }
        Ok(AccountChange::Merged { from: merged.from.name, into: merged.into.name, deals: merged.deals })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, admin, admin_of, deal_with, lead, rep};
    use crate::domain::id::{AccountId, GuildId};
    use crate::domain::refusal::Thing;

    fn merge(account: &str, into: &str) -> MergeAccount {
        MergeAccount { account: account.to_owned(), into: into.to_owned() }
    }

    async fn account(bench: &Bench, id: i64) -> Account {
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        workspace.find_account(AccountId(id)).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_merge_moves_every_deal_and_the_log_still_leads_to_the_states() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        for (account, although) in [("Globex", None), ("Virtucon", None), ("Virtucon", Some("another site"))] {
            bench.app.change(&rep(), deal_with(account, although)).await.unwrap();
        }
        let done = bench.app.merge_account(&admin(), merge("virtucon", "Globex")).await.unwrap();
        let AccountChange::Merged { from, into, deals } = done else { panic!("{done:?}") };
        assert_eq!((from.as_str(), into.as_str()), ("Virtucon", "Globex"));
        assert_eq!(deals, [DealNumber(2), DealNumber(3)]);

        let gone = account(&bench, 2).await;
        assert_eq!(gone.merged_into, Some(AccountId(1)));
        bench.assert_replays(GUILD, &gone).await;
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        let moved = workspace.find_deals_of_account(AccountId(1)).await.unwrap();
        assert_eq!(moved.len(), 3);
        for deal in &moved {
            bench.assert_replays(GUILD, deal).await;
        }
        let found = workspace.find_lookups(LookupKind::Account, "Virtucon").await.unwrap();
        assert!(found.iter().all(|f| f.subject != 2), "{found:?}");
        assert!(workspace.find_account_named("Virtucon").await.unwrap().is_none());
        bench.app.change(&rep(), deal_with("Virtucon", None)).await.expect("the name is free again");
    }

    #[tokio::test]
    async fn a_merge_of_many_deals_is_done_in_parts_and_can_be_taken_up_again() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        for _ in 0..BATCH + 3 {
            bench.app.change(&rep(), deal_with("Hooli", Some("one of many"))).await.unwrap();
        }
        let first = bench.app.change(&admin(), merge("Hooli", "Globex")).await.unwrap();
        assert_eq!((first.deals.len(), first.from.merged_into), (BATCH, None));

        let done = bench.app.merge_account(&admin(), merge("Hooli", "Globex")).await.unwrap();
        let AccountChange::Merged { deals, .. } = done else { panic!("{done:?}") };
        assert_eq!(deals.len(), 3);
        assert_eq!(account(&bench, 2).await.merged_into, Some(AccountId(1)));

        for _ in 0..BATCH + 3 {
            bench.app.change(&rep(), deal_with("Umbrella", Some("one of many"))).await.unwrap();
        }
        let caller = admin();
        bench.app.merge_account(&caller, merge("Umbrella", "Globex")).await.unwrap();
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        let events = workspace.find_events_of(caller.interaction).await.unwrap();
        assert_eq!(events.len(), BATCH + 3 + 1, "the parts of one merge are one interaction's");
        let twice = bench.app.merge_account(&caller, merge("Umbrella", "Globex")).await;
        assert!(matches!(twice, Err(Failure::Repeated)));
    }

    #[tokio::test]
    async fn an_account_is_not_merged_into_itself_nor_into_another_workspaces() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        let refused = |outcome: Result<AccountChange, Failure>| match outcome {
            Err(Failure::Refused(refused)) => refused.problems,
            other => panic!("{other:?}"),
        };
        let itself = bench.app.merge_account(&admin(), merge("Globex", "GLOBEX")).await;
        assert_eq!(refused(itself), [Problem::MergeIntoItself]);

        let elsewhere = admin_of(GuildId(2))();
        bench.set_up(GuildId(2)).await;
        let not_found = Problem::NotFound { what: Thing::Account, typed: "Globex".to_owned(), close: Vec::new() };
        let both = [not_found.clone().of("account"), not_found.of("merge_into")];
        let theirs = refused(bench.app.merge_account(&elsewhere, merge("Globex", "Globex")).await);
        assert_eq!(theirs, both, "another workspace's account is neither found nor offered");
        assert!(bench.app.merge_account(&lead(), merge("Globex", "Globex")).await.is_err());
    }
}
