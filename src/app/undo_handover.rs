//! Takes a handover back within seven days: what nobody touched since goes back to the leaver, the rest is listed.

use super::answer_handover::running;
use super::change::Change;
use super::handover::{BATCH, Holding, give};
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
        let part = &open[..open.len().min(BATCH)];
        let holding = Holding::load(&mut change.workspace, part.iter().map(|item| item.what)).await?;
        for item in part {
            let answer = match goes_back(&holding, &handover, item) {
                true => hand_back(change, &handover, item).await?,
                false => Answer::Stayed,
            };
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
    let open: Vec<&Item> = handover.in_order().into_iter().filter(|item| is_open(item)).collect();
    let holding = Holding::load(workspace, open.iter().map(|item| item.what)).await?;
    let (back, stay): (Vec<&Item>, Vec<&Item>) = open.into_iter().partition(|item| goes_back(&holding, handover, item));
    let stay = stay.into_iter().map(|item| Item { answer: Answer::Stayed, ..item.clone() }).collect();
    Ok((back.len(), stay))
}

/// Whether nobody touched a thing since the handover did.
fn goes_back(holding: &Holding, handover: &Handover, item: &Item) -> bool {
    match item.what {
        _ if item.answer == Answer::Overtaken => false,
        What::Deal(number) => holding.deal(number).is_some_and(|deal| item.is_untouched(deal)),
        _ => holding.holder(item.what).is_some_and(|holder| handover.holder(item) == Some(holder)),
    }
}

/// Gives one thing back that nobody touched.
async fn hand_back(change: &mut Change<'_>, handover: &Handover, item: &Item) -> Result<Answer, Failure> {
    let (leaver, moved) = (handover.leaver, item.has_moved());
    let holder = handover.holder(item).unwrap_or(leaver);
    match item.what {
        What::Number => drop(change.edit_settings(|settings| settings.number_owner = Some(leaver))?),
        What::Deal(number) => {
            let mut deal = change.workspace.find_deal(number).await?.ok_or(Problem::Stale)?;
            change.edit(&mut deal, EventKind::OwnerChanged, None, |deal| deal.hand_back(leaver, item.backup))?;
            change.tell_team(&deal);
            give(change, &item.actions, holder, leaver).await?;
        }
        What::Action(action) => drop(give(change, &[action], holder, leaver).await?),
        What::Backup(number) if moved => {
            let mut deal = change.workspace.find_deal(number).await?.ok_or(Problem::Stale)?;
            change.edit(&mut deal, EventKind::BackupChanged, None, |deal| deal.hand_backup_to(leaver))?;
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
        // Until it was accepted, a role never left the leaver.
        What::Backup(_) | What::Manager(_) | What::Cover(_) => {}
    }
    Ok(Answer::Back)
}
