//! Names who owns the number: `/program owner`.

use super::change::{Change, Edited};
use super::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::card::Named;
use crate::domain::number::NumberOwner;
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// Gives the number to a member, who counts as lead from then on.
#[derive(Debug, Clone)]
pub struct NameNumberOwner {
    /// To whom.
    pub user: Person,
}

impl UseCase for NameNumberOwner {
    type Outcome = NumberOwner;

    async fn run(self, change: &mut Change<'_>) -> Result<NumberOwner, Failure> {
        change.allow(Needed::Lead)?;
        if !change.settings.shows_number() {
            return Err(Problem::NumberHidden.into());
        }
        let before = match change.settings.number_owner {
            Some(before) => change.find_member(before).await?,
            None => None,
        };
        let owner = change.admit_holder("user", &self.user).await??;
        match change.edit_settings(|settings| settings.number_owner = Some(owner.id))? {
            Edited::No => Err(Problem::NothingToDo.into()),
            Edited::Yes => Ok(NumberOwner { owner: (&owner).into(), before: before.as_ref().map(Named::from) }),
        }
    }
}
