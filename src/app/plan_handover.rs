//! Plans a handover: shows what goes at risk and who would get what, and takes a lead's choice of a recipient.

use super::change::Change;
use super::handover::{self, Planned, Row, lines, owned_number};
use super::look::Look;
use super::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::handover::propose::Proposal;
use crate::domain::handover::view::PlanCard;
use crate::domain::handover::{Answer, Handover, Item, Obstacle, What, Why};
use crate::domain::id::{MemberId, UserId};
use crate::domain::member::Member;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::store::Workspace;

/// Who leaves: as picked in an option, or as a button carries them. Somebody who has left the server can't be picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaver {
    /// A Discord user.
    User(UserId),
    /// A member of the workspace.
    Member(MemberId),
}

impl Leaver {
    /// The member, if one is known.
    pub(super) async fn find(self, workspace: &mut Workspace<'_>) -> Result<Member, Failure> {
        match self {
            Leaver::User(user) => {
                let found = workspace.find_member_of_user(user).await?;
                Ok(found.ok_or(Problem::Handover(Obstacle::Nothing { user }))?)
            }
            Leaver::Member(id) => {
                let found = workspace.find_members(&[id]).await?.into_iter().next();
                Ok(found.ok_or(Problem::Stale)?)
            }
        }
    }
}

/// A lead's choice of who gets one thing, before the handover is started.
#[derive(Debug, Clone)]
pub struct ChooseRecipient {
    /// Who leaves.
    pub leaver: MemberId,
    /// What.
    pub what: What,
    /// To whom.
    pub to: Person,
}

impl UseCase for ChooseRecipient {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        change.allow(Needed::Lead)?;
        let (leaver, today) = (self.leaver, change.today());
        let planned = handover::plan(&mut change.workspace, (leaver, change.actor.id), None, today).await?;
        let proposal = planned.proposals.iter().find(|p| p.left.what == self.what).ok_or(Problem::Stale)?;
        let to = change.admit_holder("to", &self.to).await??.id;
        if to == leaver || Some(to) == proposal.left.except {
            return Err(Problem::StandsInForSelf { option: "to" }.into());
        }
        let item = Item::new(self.what, to, Why::Chosen, Answer::Planned);
        match planned.plan {
            Some(mut plan) => drop(change.edit(&mut plan, EventKind::Edited, None, |plan| plan.put(item))?),
            None => {
                let mut plan = Handover::plan(change.workspace.next_handover_id().await?, leaver);
                plan.put(item);
                change.create(plan, None)?;
            }
        }
        Ok(())
    }
}

impl Look {
    /// What somebody leaves behind, and who would get it. For leads.
    pub async fn plan_handover(&mut self, leaver: Leaver) -> Result<(Member, Planned), Failure> {
        self.allow(Needed::Lead)?;
        let leaver = leaver.find(&mut self.workspace).await?;
        let lead = self.asker.as_ref().map_or(MemberId::BOT, |asker| asker.id);
        let today = self.settings.day(self.now);
        let planned = handover::plan(&mut self.workspace, (leaver.id, lead), None, today).await?;
        Ok((leaver, planned))
    }

    /// The plan as people read it, with one page of its proposals.
    pub async fn plan_card(
        &mut self,
        leaver: &Member,
        planned: &Planned,
        page: Vec<Proposal>,
    ) -> Result<PlanCard, Failure> {
        let row = |p: &Proposal| Row {
            what: p.left.what,
            to: p.to,
            why: p.why,
            answer: Answer::Planned,
            along: planned.along_with(p.left.what),
        };
        let rows: Vec<Row> = page.iter().map(row).collect();
        let name = |id| planned.partners.iter().find(|partner| partner.id == id).map(|partner| partner.name.clone());
        let owns_number = self.settings.number_owner() == Some(leaver.id);
        Ok(PlanCard {
            leaver: leaver.into(),
            number: if owns_number { Some(owned_number(&mut self.workspace, self.now).await?) } else { None },
            actions: planned.actions(),
            sole_contacts: planned.departure.sole_contacts.iter().filter_map(|id| name(*id)).collect(),
            departure: planned.departure.clone(),
            lines: lines(&mut self.workspace, &rows, self.now).await?,
            total: planned.proposals.len(),
            underway: planned.underway,
        })
    }
}
