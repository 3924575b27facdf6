//! A recipient's yes or no, and the lead's assignment where none came.

use std::collections::{BTreeMap, BTreeSet};

use super::UseCase;
use super::change::{Change, Edited};
use super::handover::{BATCH, give};
use super::on_deal::UNDO_WINDOW;
use super::start_handover::tell;
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::handover::{Answer, Handover, Item, Obstacle, Reply, What};
use crate::domain::id::{HandoverId, MemberId};
use crate::domain::outgoing::{About, Alarm, Destination};
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// A recipient's answer to one thing, or to all that waits for them.
#[derive(Debug, Clone)]
pub struct AnswerHandover {
    /// Of which handover.
    pub handover: HandoverId,
    /// To what; `None` is everything that waits for the actor.
    pub what: Option<What>,
    /// The answer.
    pub reply: Reply,
}

/// Gives what waits to its recipients without their answer, once they had two business days.
#[derive(Debug, Clone)]
pub struct AssignHandover {
    /// Of which handover.
    pub handover: HandoverId,
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The handover as it is now.
    pub handover: Handover,
    /// The items that changed.
    pub items: Vec<Item>,
}

impl UseCase for AnswerHandover {
    type Outcome = Answered;

    async fn run(self, change: &mut Change<'_>) -> Result<Answered, Failure> {
        change.allow(Needed::Any)?;
        let handover = running(change, self.handover).await?;
        let items = match self.what {
            Some(what) => vec![asked_of_actor(change, &handover, what).await?],
            None => handover.asked(Some(change.actor.id)).into_iter().take(BATCH).cloned().collect(),
        };
        if items.is_empty() {
            return Err(Problem::Handover(Obstacle::NothingWaits).into());
        }
        match self.reply {
            Reply::Accept => settle(change, handover, items, Answer::Accepted).await,
            Reply::Decline => {
                let declined_at = Some(change.now);
                let declined = |item: Item| Item { answer: Answer::Declined, declined_at, ..item };
                let items: Vec<Item> = items.into_iter().map(declined).collect();
                items.iter().for_each(|item| tell_leads(change, handover.id, item));
                put(change, handover, items)
            }
        }
    }
}

impl UseCase for AssignHandover {
    type Outcome = Answered;

    async fn run(self, change: &mut Change<'_>) -> Result<Answered, Failure> {
        change.allow(Needed::Lead)?;
        let handover = running(change, self.handover).await?;
        let calendar = change.calendar();
        let overdue = handover.overdue(&calendar, change.today());
        let recipients: Vec<MemberId> = overdue.iter().map(|item| item.to).collect();
        let gone = change.workspace.find_members(&recipients).await?.into_iter().filter(|member| member.gone);
        let gone: BTreeMap<MemberId, String> = gone.map(|member| (member.id, member.name)).collect();
        // What somebody who has left was given would be unowned.
        let there = overdue.into_iter().filter(|item| !gone.contains_key(&item.to));
        let items: Vec<Item> = there.take(BATCH).cloned().collect();
        if items.is_empty() {
            let due = handover.answers_due(&calendar, None);
            let obstacle = match (gone.into_values().next(), due) {
                (Some(name), _) => Obstacle::RecipientLeft { name },
                (None, Some(from)) => Obstacle::NotOverdue { from },
                (None, None) => Obstacle::NothingWaits,
            };
            return Err(Problem::Handover(obstacle).into());
        }
        let answered = settle(change, handover, items, Answer::Assigned).await?;
        let given = answered.items.iter().filter(|item| item.answer == Answer::Assigned);
        for to in given.map(|item| item.to).collect::<BTreeSet<_>>() {
            tell(change, answered.handover.id, to).await?;
        }
        Ok(answered)
    }
}

/// Has the leads told of a no, once the time to undo it has passed, so that they find somebody else.
fn tell_leads(change: &mut Change<'_>, handover: HandoverId, item: &Item) {
    if let Some(ops) = change.settings.ops_channel {
        let at = change.now.timestamp_millis();
        let alarm = Alarm::HandoverDeclined { handover, what: item.what, by: item.to, at };
        change.say(About::Alert { alarm }, Destination::Channel(ops), change.now + UNDO_WINDOW);
    }
}

/// A handover that was started and not taken back.
pub(super) async fn running(change: &mut Change<'_>, id: HandoverId) -> Result<Handover, Failure> {
    let found = change.workspace.find_handover(id).await?;
    Ok(found.filter(|handover| handover.started_at.is_some() && handover.undone_at.is_none()).ok_or(Problem::Stale)?)
}

async fn asked_of_actor(change: &mut Change<'_>, handover: &Handover, what: What) -> Result<Item, Failure> {
    let item = handover.item(what).ok_or(Problem::Stale)?;
    if item.to != change.actor.id {
        let recipient = change.find_member(item.to).await?.ok_or(Problem::Stale)?.user;
        return Err(Problem::Handover(Obstacle::NotYours { recipient }).into());
    }
    match item.answer {
        Answer::Asked => Ok(item.clone()),
        _ => Err(Problem::Handover(Obstacle::Answered).into()),
    }
}

/// Moves things to their recipients; what was settled otherwise meanwhile is left as it is.
pub(super) async fn settle(
    change: &mut Change<'_>,
    handover: Handover,
    items: Vec<Item>,
    answer: Answer,
) -> Result<Answered, Failure> {
    let lead = handover.lead.ok_or(Problem::Stale)?;
    let mut settled = Vec::new();
    for item in items {
        settled.push(hand_on(change, (handover.leaver, lead), Item { answer, ..item }).await?);
    }
    put(change, handover, settled)
}

/// Keeps the items as they are now.
pub(super) fn put(change: &mut Change<'_>, mut handover: Handover, items: Vec<Item>) -> Result<Answered, Failure> {
    change.edit(&mut handover, EventKind::Edited, None, |handover| {
        items.iter().cloned().for_each(|item| handover.put(item));
    })?;
    Ok(Answered { handover, items })
}

/// Moves one thing to its recipient, with the answer that it is to have then; overtaken when it is not where the handover
/// left it. A deal, the number and an action are with the lead by then, a role still with the leaver.
pub(super) async fn hand_on(
    change: &mut Change<'_>,
    (leaver, lead): (MemberId, MemberId),
    mut item: Item,
) -> Result<Item, Failure> {
    let to = item.to;
    let overtaken = Item { answer: Answer::Overtaken, ..item.clone() };
    match item.what {
        What::Number if change.settings.number_owner != Some(lead) => return Ok(overtaken),
        What::Number => drop(change.edit_settings(|settings| settings.number_owner = Some(to))?),
        What::Deal(number) => {
            let deal = change.workspace.find_deal(number).await?.filter(|deal| deal.is_open() && deal.owner == lead);
            let Some(mut deal) = deal else { return Ok(overtaken) };
            let before = deal.version;
            if change.edit(&mut deal, EventKind::OwnerChanged, None, |deal| deal.hand_on(to, item.backup))?
                == Edited::Yes
            {
                change.tell_team(&deal);
            }
            item.moved(before, deal.version);
            give(change, &item.actions, lead, to).await?;
        }
        What::Action(action) => {
            if give(change, &[action], lead, to).await? == 0 {
                return Ok(overtaken);
            }
        }
        What::Backup(number) => {
            let deal = change.workspace.find_deal(number).await?;
            let stands = deal.filter(|deal| deal.is_open() && deal.backup == Some(leaver) && deal.owner != to);
            let Some(mut deal) = stands else { return Ok(overtaken) };
            change.edit(&mut deal, EventKind::BackupChanged, None, |deal| deal.hand_backup_to(to))?;
        }
        What::Manager(id) => {
            let partner = change.workspace.find_partner(id).await?;
            let stands = partner.filter(|partner| partner.manager == Some(leaver));
            let Some(mut partner) = stands else { return Ok(overtaken) };
            change.edit(&mut partner, EventKind::Edited, None, |partner| partner.manager = Some(to))?;
        }
        What::Cover(id) => {
            let member = change.find_member(id).await?;
            let covered = member.filter(|m| m.id != to && m.away.as_ref().is_some_and(|away| away.cover == leaver));
            let Some(mut member) = covered else { return Ok(overtaken) };
            change.edit(&mut member, EventKind::Edited, None, |member| {
                member.away.iter_mut().for_each(|away| away.cover = to);
            })?;
        }
    }
    Ok(item)
}
