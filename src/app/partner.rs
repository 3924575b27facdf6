//! What the use cases of partners share: finding the one that was typed, and who may change it.

use super::change::Change;
use crate::domain::access::Needed;
use crate::domain::account::name_key;
use crate::domain::id::UserId;
use crate::domain::likeness::closest;
use crate::domain::partner::Partner;
use crate::domain::refusal::{Problem, Thing};
use crate::error::Failure;
use crate::store::Workspace;

/// How many names are offered instead of one that isn't there.
const CLOSE: usize = 3;

/// The partner of a typed name, archived or not; of several archived ones the latest.
pub async fn find_any(workspace: &mut Workspace<'_>, typed: &str) -> Result<Result<Partner, Problem>, Failure> {
    if let Some(active) = workspace.find_partner_named(typed).await? {
        return Ok(Ok(active));
    }
    let all = workspace.find_partners().await?;
    let key = name_key(typed);
    match all.iter().rev().find(|partner| name_key(&partner.name) == key) {
        Some(archived) => Ok(Ok(archived.clone())),
        None => {
            let close = closest(typed, all.iter().map(|partner| partner.name.as_str()), CLOSE);
            Ok(Err(Problem::NotFound { what: Thing::Partner, typed: typed.to_owned(), close }))
        }
    }
}

/// The partner of a typed name, for its manager or a lead. That it isn't there is told along with the command's other
/// problems; whoever may not is told that alone.
pub(super) async fn find_own(change: &mut Change<'_>, typed: &str) -> Result<Result<Partner, Problem>, Failure> {
    let found = find_any(&mut change.workspace, typed).await?;
    if let Ok(partner) = &found {
        allow(change, partner).await?;
    }
    Ok(found)
}

/// Refuses unless the person is the partner's manager or a lead. That they hold a role at all was checked before, so
/// that nobody else learns which partners there are.
pub(super) async fn allow(change: &mut Change<'_>, partner: &Partner) -> Result<(), Failure> {
    if change.access.lead || partner.manager == Some(change.actor.id) {
        return Ok(());
    }
    let ask = manager_of(&mut change.workspace, partner).await?;
    Err(Problem::NotAllowed { needed: Needed::ManagerOrLead, ask }.into())
}

pub(super) async fn manager_of(workspace: &mut Workspace<'_>, partner: &Partner) -> Result<Option<UserId>, Failure> {
    let Some(manager) = partner.manager else { return Ok(None) };
    Ok(workspace.find_members(&[manager]).await?.first().filter(|m| !m.gone).map(|m| m.user))
}

/// A problem when another active partner has the name.
pub(super) async fn check_name(
    change: &mut Change<'_>,
    name: &str,
    own: &Partner,
) -> Result<Result<(), Problem>, Failure> {
    let known = change.workspace.find_partner_named(name).await?;
    let taken = |other: Partner| Err(Problem::NameTaken { what: Thing::Partner, name: other.name });
    Ok(known.filter(|other| other.id != own.id).map_or(Ok(()), taken))
}
