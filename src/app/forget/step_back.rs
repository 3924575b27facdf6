//! What somebody who is forgotten stands for beside deals of their own: the number, partners, deals that they back up. They
//! let go of it, so that what waits for them waits for the leads, and nothing names a backup who is nobody.

use super::super::change::Change;
use super::super::{App, Caller, UseCase};
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::forget::Standing;
use crate::domain::id::MemberId;
use crate::domain::partner::Partner;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::claim::ClaimsOf;

/// Deals that are let go of in one write, so that no job holds the writer for long.
const BATCH: usize = 100;

/// What a person stands for now.
pub(super) async fn standing(
    workspace: &mut Workspace<'_>,
    settings: &Settings,
    member: MemberId,
) -> Result<Standing, Failure> {
    let managed = managed_by(workspace, member).await?;
    let of: Vec<ClaimsOf> = managed.iter().map(|partner| ClaimsOf { partner: partner.id, by: None }).collect();
    Ok(Standing {
        number: usize::from(settings.number_owner == Some(member)),
        partners: managed.len(),
        backups: workspace.find_open_deals_of_backup(member).await?.len(),
        claims: workspace.find_waiting_claims(&of, member, 1).await?.total,
    })
}

async fn managed_by(workspace: &mut Workspace<'_>, member: MemberId) -> Result<Vec<Partner>, Failure> {
    let mut partners = workspace.find_partners().await?;
    partners.retain(|partner| partner.manager == Some(member));
    Ok(partners)
}

impl App {
    /// Takes a person out of all that they stand for. Cut short, it is finished by doing it again.
    pub(super) async fn step_back(&self, caller: &Caller, member: MemberId) -> Result<(), Failure> {
        let mut left = self.change(caller, StepBack { member }).await?;
        while left > 0 {
            left = self.go_on(caller, StepBack { member }).await?;
        }
        Ok(())
    }
}

/// One write of it, which says how many deals are left.
#[derive(Debug, Clone)]
struct StepBack {
    member: MemberId,
}

impl UseCase for StepBack {
    type Outcome = usize;

    async fn run(self, change: &mut Change<'_>) -> Result<usize, Failure> {
        change.allow(Needed::Admin)?;
        let deals = change.workspace.find_open_deals_of_backup(self.member).await?;
        let partners = managed_by(&mut change.workspace, self.member).await?;
        if change.settings.number_owner == Some(self.member) {
            change.edit_settings(|settings| settings.number_owner = None)?;
        }
        for mut partner in partners {
            change.edit(&mut partner, EventKind::Edited, None, |partner| partner.manager = None)?;
        }
        let left = deals.len().saturating_sub(BATCH);
        for mut deal in deals.into_iter().take(BATCH) {
            change.edit(&mut deal, EventKind::BackupChanged, None, |deal| deal.backup = None)?;
        }
        Ok(left)
    }
}
