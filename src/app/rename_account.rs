//! Gives an account another name: `/cosell account rename:`.

use super::change::{Change, Edited};
use super::reading::{all_read, read_name};
use super::{App, Caller, UseCase, account};
use crate::domain::access::Needed;
use crate::domain::account::Account;
use crate::domain::event::EventKind;
use crate::domain::overview::AccountChange;
use crate::domain::refusal::{Problem, Problems, Thing};
use crate::error::Failure;
use crate::store::commit::{LookupKind, LookupRow};

/// An account and its new name, as typed.
#[derive(Debug, Clone)]
pub struct RenameAccount {
    /// Its name today.
    pub account: String,
    /// The new one.
    pub to: String,
}

impl UseCase for RenameAccount {
    type Outcome = (String, Account);

    async fn run(self, change: &mut Change<'_>) -> Result<(String, Account), Failure> {
        change.allow(Needed::Admin)?;
        let mut problems = Problems::default();
        let account = problems.take(account::find(&mut change.workspace, &self.account).await?);
        let name = problems.take(read_name("rename", &self.to));
        let (mut account, name) = all_read(problems, account.zip(name))?;
        if let Some(other) = change.workspace.find_account_named(&name).await?.filter(|other| other.id != account.id) {
            return Err(Problem::NameTaken { what: Thing::Account, name: other.name }.into());
        }
        let from = account.name.clone();
        if change.edit(&mut account, EventKind::Edited, None, |account| account.name = name)? == Edited::No {
            return Err(Problem::NothingToDo.into());
        }
        change.look_up(LookupRow { kind: LookupKind::Account, subject: account.id.0, text: account.name.clone() });
        Ok((from, account))
    }
}

impl App {
    /// Renames an account; its deals are found by the new name.
    pub async fn rename_account(&self, caller: &Caller, rename: RenameAccount) -> Result<AccountChange, Failure> {
        let (from, account) = self.change(caller, rename).await?;
        self.reindex(caller.guild).await?;
        Ok(AccountChange::Renamed { from, to: account.name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, admin, deal_with, rep};
    use crate::domain::id::AccountId;

    #[tokio::test]
    async fn a_renamed_account_and_its_deals_are_found_by_the_new_name() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        bench.app.change(&rep(), deal_with("Hooli", None)).await.unwrap();
        let to = |name: &str| RenameAccount { account: "Globex".to_owned(), to: name.to_owned() };
        let Err(Failure::Refused(refused)) = bench.app.rename_account(&admin(), to(" hooli ")).await else {
            panic!("not refused")
        };
        let taken = Problem::NameTaken { what: Thing::Account, name: "Hooli".to_owned() };
        assert_eq!(refused.problems, [taken]);

        bench.app.rename_account(&admin(), to("Virtucon")).await.unwrap();
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        for kind in [LookupKind::Account, LookupKind::Deal] {
            assert_eq!(workspace.find_lookups(kind, "virtu").await.unwrap().len(), 1, "{kind:?}");
            assert!(workspace.find_lookups(kind, "globex").await.unwrap().is_empty(), "{kind:?}");
        }
        let account = workspace.find_account(AccountId(1)).await.unwrap().unwrap();
        assert_eq!(account.name, "Virtucon");
        bench.assert_replays(GUILD, &account).await;
    }

    #[tokio::test]
    async fn a_name_that_was_taken_since_is_not_taken_back() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        let rename = RenameAccount { account: "Globex".to_owned(), to: "Virtucon".to_owned() };
        let renaming = admin();
        bench.app.rename_account(&renaming, rename).await.unwrap();
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        let Err(Failure::Refused(refused)) = bench.app.undo(&admin(), renaming.interaction).await else {
            panic!("not refused")
        };
        let taken = Problem::NameTaken { what: Thing::Account, name: "Globex".to_owned() };
        assert_eq!(refused.problems, [taken]);
    }
}
