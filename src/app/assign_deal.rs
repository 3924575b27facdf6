//! Gives a deal to another owner or backup, and takes a new owner's no: `/deal assign` and the Decline button.

use super::change::{Change, Edited};
use super::on_deal::{Changed, Meant};
use super::reading::all_read;
use super::{Person, UseCase};
use crate::domain::event::EventKind;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::outgoing::{About, Alarm, Destination};
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// Another owner, another backup, or both.
#[derive(Debug, Clone)]
pub struct AssignDeal {
    /// Which deal.
    pub deal: Meant,
    /// Whose it becomes.
    pub owner: Option<Person>,
    /// Who becomes the standing deputy.
    pub backup: Option<Person>,
}

/// A new owner says no. The deal stays theirs, so that it is never nobody's, until a lead names another one.
#[derive(Debug, Clone)]
pub struct DeclineDeal {
    /// Which deal.
    pub deal: DealNumber,
    /// To whom it was given.
    pub owner: MemberId,
}

impl UseCase for AssignDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&self.deal).await?);
        let owner = self.member(change, &mut problems, "owner", &self.owner).await?;
        let backup = self.member(change, &mut problems, "backup", &self.backup).await?;
        if backup.is_some() && backup == owner.or(deal.as_ref().map(|deal| deal.owner)) {
            problems.add(Problem::StandsInForSelf { option: "backup" });
        }
        let mut deal = all_read(problems, deal)?;
        let (mut handed, mut backed) = (Edited::No, Edited::No);
        if let Some(owner) = owner.filter(|owner| *owner != deal.owner) {
            handed = change.edit(&mut deal, EventKind::OwnerChanged, None, |d| d.hand_to(owner))?;
        }
        if let Some(backup) = backup {
            backed = change.edit(&mut deal, EventKind::BackupChanged, None, |d| d.hand_backup_to(backup))?;
        }
        match (handed, backed) {
            (Edited::No, Edited::No) => return Err(Problem::NothingToDo.into()),
            (Edited::Yes, _) => change.tell_new_owner(&deal).await?,
            (Edited::No, Edited::Yes) => {}
        }
        Ok(change.changed(deal))
    }
}

impl AssignDeal {
    async fn member(
        &self,
        change: &mut Change<'_>,
        problems: &mut Problems,
        option: &'static str,
        picked: &Option<Person>,
    ) -> Result<Option<MemberId>, Failure> {
        let Some(person) = picked else { return Ok(None) };
        let member = change.admit_holder(option, person).await?;
        Ok(problems.take(member).map(|m| m.id))
    }
}

impl UseCase for DeclineDeal {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut deal = change.get_deal(self.deal).await?;
        let stands = deal.is_open() && deal.owner == self.owner && deal.declined_at.is_none();
        if !stands {
            return Err(Problem::Stale.into());
        }
        if change.actor.id != self.owner {
            let owner = change.find_member(self.owner).await?.ok_or(Problem::Stale)?;
            return Err(Problem::NotYoursToDecline { owner: owner.user }.into());
        }
        let now = change.now;
        change.edit(&mut deal, EventKind::Declined, None, |d| d.declined_at = Some(now))?;
        if let Some(ops) = change.settings.ops_channel {
            let alarm = Alarm::Declined { deal: deal.number, by: self.owner };
            change.say(About::Alert { alarm }, Destination::Channel(ops), now);
        }
        Ok(change.changed(deal))
    }
}
