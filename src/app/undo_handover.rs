//! Takes a handover back within seven days: what nobody touched since goes back to the leaver, the rest is listed.

use super::answer_handover::running;
use super::change::Change;
use super::handover::BATCH;
use super::{App, Caller, UseCase};
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::handover::{Answer, Handover, Item, Obstacle, What};
use crate::domain::id::HandoverId;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::store::Workspace;

/// Takes a handover back.
#[derive(Debug, Clone)]
pub struct UndoHandover {
    /// Which.
    pub handover: HandoverId,
}

impl App {
    /// Takes a handover back, a big one in parts; cut short, it is finished by doing it again.
    pub async fn undo_handover(&self, caller: &Caller, undo: UndoHandover) -> Result<Handover, Failure> {
        let mut handover = self.change(caller, undo.clone()).await?;
        while handover.undone_at.is_none() {
            handover = self.go_on(caller, undo.clone()).await?;
        }
        Ok(handover)
    }
}

impl UseCase for UndoHandover {
    type Outcome = Handover;

    async fn run(self, change: &mut Change<'_>) -> Result<Handover, Failure> {
        change.allow(Needed::Lead)?;
        let mut handover = running(change, self.handover).await?;
        if !handover.can_be_undone(change.now) {
            return Err(Problem::Handover(Obstacle::NothingToUndo).into());
        }
        refuse_if_gone(&mut change.workspace, &handover).await?;
        let open: Vec<Item> = handover.in_order().into_iter().filter(|item| is_open(item)).cloned().collect();
        let mut settled = Vec::new();
        for item in open.iter().take(BATCH) {
            let answer = hand_back(change, &handover, item).await?;
            settled.push(Item { answer, ..item.clone() });
        }
        let now = change.now;
        change.edit(&mut handover, EventKind::Undone, None, |handover| {
            handover.undone_at = (settled.len() == open.len()).then_some(now);
            settled.into_iter().for_each(|item| handover.put(item));
        })?;
        Ok(handover)
    }
}

fn is_open(item: &Item) -> bool {
    !matches!(item.answer, Answer::Back | Answer::Stayed)
}

/// Refuses where the leaver has left the server: what went back to them would be unowned.
pub async fn refuse_if_gone(workspace: &mut Workspace<'_>, handover: &Handover) -> Result<(), Failure> {
    let leaver = workspace.find_members(&[handover.leaver]).await?.into_iter().next();
    match leaver.filter(|leaver| leaver.gone) {
        Some(leaver) => Err(Problem::Handover(Obstacle::HasLeft { name: leaver.name }).into()),
        None => Ok(()),
    }
}

/// How many things of a handover would go back, and which would not.
pub async fn foresee(workspace: &mut Workspace<'_>, handover: &Handover) -> Result<(usize, Vec<Item>), Failure> {
    let (mut back, mut stay) = (0, Vec::new());
    for item in handover.in_order().into_iter().filter(|item| is_open(item)) {
        match goes_back(workspace, handover, item).await? {
            true => back += 1,
            false => stay.push(Item { answer: Answer::Stayed, ..item.clone() }),
        }
    }
    Ok((back, stay))
}

/// Whether nobody touched a thing since the handover did.
async fn goes_back(workspace: &mut Workspace<'_>, handover: &Handover, item: &Item) -> Result<bool, Failure> {
    Ok(match item.what {
        _ if item.answer == Answer::Overtaken => false,
        What::Number => handover.left_number_with(item, workspace.get_settings().await?.number_owner),
        What::Deal(number) => workspace.find_deal(number).await?.is_some_and(|deal| item.is_untouched(&deal)),
        // Not accepted, a role never left the leaver.
        _ if !item.has_moved() => true,
        What::Backup(number) => {
            workspace.find_deal(number).await?.is_some_and(|deal| deal.is_open() && deal.backup == Some(item.to))
        }
        What::Manager(id) => workspace.find_partner(id).await?.is_some_and(|partner| partner.manager == Some(item.to)),
        What::Cover(id) => {
            let member = workspace.find_members(&[id]).await?.into_iter().next();
            member.and_then(|member| member.away).is_some_and(|away| away.cover == item.to)
        }
    })
}

/// Gives one thing back, unless somebody touched it since.
async fn hand_back(change: &mut Change<'_>, handover: &Handover, item: &Item) -> Result<Answer, Failure> {
    if !goes_back(&mut change.workspace, handover, item).await? {
        return Ok(Answer::Stayed);
    }
    let (leaver, moved) = (handover.leaver, item.has_moved());
    match item.what {
        What::Number => drop(change.edit_settings(|settings| settings.number_owner = Some(leaver))?),
        What::Deal(number) => {
            let mut deal = change.workspace.find_deal(number).await?.ok_or(Problem::Stale)?;
            change.edit(&mut deal, EventKind::OwnerChanged, None, |deal| deal.hand_back(leaver, item.backup))?;
            change.tell_team(&deal);
        }
        What::Backup(number) if moved => {
            let mut deal = change.workspace.find_deal(number).await?.ok_or(Problem::Stale)?;
            change.edit(&mut deal, EventKind::BackupChanged, None, |deal| deal.backup = Some(leaver))?;
        }
        What::Manager(id) if moved => {
            let mut partner = change.workspace.find_partner(id).await?.ok_or(Problem::Stale)?;
            change.edit(&mut partner, EventKind::Edited, None, |partner| partner.manager = Some(leaver))?;
        }
        What::Cover(id) if moved => {
            let mut member = change.find_member(id).await?.ok_or(Problem::Stale)?;
            change.edit(&mut member, EventKind::Edited, None, |member| {
                member.away.iter_mut().for_each(|away| away.cover = leaver);
            })?;
        }
        What::Backup(_) | What::Manager(_) | What::Cover(_) => {}
    }
    Ok(Answer::Back)
}
