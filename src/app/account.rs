//! What the use cases of accounts share: finding the one that was typed.

use crate::domain::account::Account;
use crate::domain::likeness::closest;
use crate::domain::refusal::{Problem, Thing};
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
