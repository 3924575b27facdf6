//! What the use cases of accounts share: finding the one that was typed.

use super::look::Look;
use super::reading::read_name;
use crate::domain::access::Needed;
use crate::domain::account::Account;
use crate::domain::likeness::closest;
use crate::domain::refusal::{Problem, Problems, Thing};
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::commit::LookupKind;

/// How many names are offered instead of one that isn't there.
const CLOSE: usize = 3;

/// The account of a typed name, or a refusal with names that are close.
pub async fn find(workspace: &mut Workspace<'_>, typed: &str) -> Result<Result<Account, Problem>, Failure> {
    if let Some(account) = workspace.find_account_named(typed).await? {
        return Ok(Ok(account));
    }
    let candidates = workspace.find_lookups(LookupKind::Account, typed).await?;
    let close = closest(typed, candidates.iter().map(|found| found.text.as_str()), CLOSE);
    Ok(Err(Problem::NotFound { what: Thing::Account, typed: typed.to_owned(), close }))
}

/// The accounts of two options of one command, each problem with its option's name.
pub(super) async fn find_two(
    workspace: &mut Workspace<'_>,
    account: &str,
    into: &str,
) -> Result<[Result<Account, Problem>; 2], Failure> {
    let account = find(workspace, account).await?.map_err(|problem| problem.of("account"));
    let into = find(workspace, into).await?.map_err(|problem| problem.of("merge_into"));
    Ok([account, into])
}

impl Look {
    /// Why an account can't be changed as it was asked for: with both another name and an account to go into, or with
    /// neither. The accounts that aren't there are told along with it.
    pub async fn refuse_account_change(
        &mut self,
        account: &str,
        rename: Option<&str>,
        merge_into: Option<&str>,
    ) -> Result<(), Failure> {
        self.allow(Needed::Admin)?;
        let mut problems = Problems::default();
        let found = match merge_into {
            Some(into) => find_two(&mut self.workspace, account, into).await?.to_vec(),
            None => vec![find(&mut self.workspace, account).await?],
        };
        let name = rename.map(|name| read_name("rename", name).map(drop));
        for result in found.into_iter().map(|found| found.map(drop)).chain(name) {
            problems.take(result);
        }
        problems.add(match rename.or(merge_into) {
            Some(_) => Problem::OnlyOne { this: "rename", that: "merge_into" },
            None => Problem::NothingToDo,
        });
        Ok(problems.finish()?)
    }
}
