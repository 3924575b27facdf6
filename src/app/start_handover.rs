//! Starts a handover: the lead owns the leaver's open deals, and the number, and has their open actions to do, at once, and
//! each recipient is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::answer_handover::hand_on;
use super::change::Change;
use super::handover::{self, BATCH, give};
use super::on_deal::UNDO_WINDOW;
use super::plan_handover::Leaver;
use super::{App, Caller, Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::deal::{Deal, limit};
use crate::domain::event::EventKind;
use crate::domain::handover::propose::Proposal;
use crate::domain::handover::{Answer, Handover, Item, Obstacle, What};
use crate::domain::id::{DealNumber, HandoverId, ItemId, MemberId};
use crate::domain::member::Member;
use crate::domain::outgoing::About;
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// Moves what somebody answers for.
#[derive(Debug, Clone)]
pub struct StartHandover {
    /// Who leaves.
    pub from: Leaver,
    /// Who gets all of it; left out, each thing goes to whom the plan names.
    pub to: Option<Person>,
    /// What the recipients are told along with it.
    pub note: Option<String>,
    /// The handover that an earlier part of a big one made.
    pub part_of: Option<HandoverId>,
}

/// One part of a start.
#[derive(Debug, Clone)]
pub struct Started {
    /// The handover.
    pub handover: Handover,
    left: usize,
}

impl App {
    /// Starts a handover. A big one is moved in parts; cut short, starting again moves the rest.
    pub async fn start_handover(&self, caller: &Caller, start: StartHandover) -> Result<Handover, Failure> {
        let mut started = self.change(caller, start.clone()).await?;
        while started.left > 0 {
            let part_of = Some(started.handover.id);
            started = self.go_on(caller, StartHandover { part_of, ..start.clone() }).await?;
        }
        Ok(started.handover)
    }
}

impl UseCase for StartHandover {
    type Outcome = Started;

    async fn run(self, change: &mut Change<'_>) -> Result<Started, Failure> {
        change.allow(Needed::Lead)?;
        let leaver = self.from.find(&mut change.workspace).await?;
        let mut problems = Problems::default();
        let note = problems.take(change.read_text("note", self.note.as_deref(), limit::WHY)).flatten();
        let to = self.recipient(change, &leaver, &mut problems).await?;
        problems.finish()?;
        let today = change.today();
        let planned = handover::plan(&mut change.workspace, (leaver.id, change.actor.id), to, today).await?;
        // Deals that a lead hands over of their own stay with them, so that a later part would find them again.
        let earlier = match self.part_of {
            Some(id) => change.workspace.find_handover(id).await?,
            None => None,
        };
        let is_new = |proposal: &&Proposal| earlier.as_ref().is_none_or(|earlier| !earlier.has(proposal.left.what));
        let given = planned.proposals.iter().filter(is_new);
        let mut given: Vec<(Proposal, MemberId)> =
            given.filter_map(|proposal| Some((*proposal, proposal.to?))).collect();
        if given.is_empty() {
            let user = leaver.user;
            return Err(Problem::Handover(match (planned.proposals.len(), planned.underway) {
                (0, 0) => Obstacle::Nothing { user },
                (0, things) => Obstacle::Underway { user, things },
                (things, _) => Obstacle::NobodyThere { user, things },
            })
            .into());
        }
        let left = given.split_off(given.len().min(BATCH)).len();
        let mut handover = match earlier.or(planned.plan.clone()) {
            Some(handover) => handover,
            None => Handover::plan(change.workspace.next_handover_id().await?, leaver.id),
        };
        let asked = recipients(&handover);
        let given: Vec<Given> =
            given.into_iter().map(|(proposal, to)| (proposal, to, planned.along_with(proposal.left.what))).collect();
        let items = move_to_lead(change, &given, leaver.id, note.as_deref()).await?;
        put(change, &mut handover, items, note)?;
        // Each part asks its own, so that none is forgotten where it is the last; who was asked reads of all of it.
        for to in recipients(&handover).difference(&asked) {
            tell(change, handover.id, *to).await?;
        }
        Ok(Started { handover, left })
    }
}

impl StartHandover {
    async fn recipient(
        &self,
        change: &mut Change<'_>,
        leaver: &Member,
        problems: &mut Problems,
    ) -> Result<Option<MemberId>, Failure> {
        let Some(person) = &self.to else { return Ok(None) };
        let to = problems.take(change.admit_holder("to", person).await?);
        if to.as_ref().is_some_and(|to| to.id == leaver.id) {
            problems.add(Problem::StandsInForSelf { option: "to" });
        }
        Ok(to.map(|to| to.id))
    }
}

/// A thing, who gets it, and the actions that go along with it.
type Given = (Proposal, MemberId, Vec<ItemId>);

/// The lead becomes the owner of each deal and of the number, and gets each action; what the lead gets themselves needs nobody's yes.
async fn move_to_lead(
    change: &mut Change<'_>,
    given: &[Given],
    leaver: MemberId,
    note: Option<&str>,
) -> Result<Vec<Item>, Failure> {
    let lead = change.actor.id;
    let number = |what: What| if let What::Deal(deal) = what { Some(deal) } else { None };
    let numbers: Vec<DealNumber> = given.iter().filter_map(|(proposal, ..)| number(proposal.left.what)).collect();
    let deals = change.workspace.find_deals(&numbers).await?;
    let mut deals: BTreeMap<DealNumber, Deal> = deals.into_iter().map(|deal| (deal.number, deal)).collect();
    let mut items = Vec::new();
    for (Proposal { left, why, .. }, to, along) in given {
        let answer = if *to == lead { Answer::Accepted } else { Answer::Asked };
        let mut item = Item::new(left.what, *to, *why, answer);
        if left.what == What::Number {
            change.edit_settings(|settings| settings.number_owner = Some(lead))?;
        } else if let Some(deal) = number(left.what).and_then(|number| deals.get_mut(&number)) {
            item.backup = deal.backup;
            if deal.owner != lead {
                let note = note.map(str::to_owned);
                change.edit(deal, EventKind::OwnerChanged, note, |deal| deal.hand_to(lead))?;
                change.tell_team(deal);
            }
            item.version = deal.version;
            give(change, along, leaver, lead).await?;
            item.actions = along.clone();
        } else if let What::Action(action) = left.what {
            give(change, &[action], leaver, lead).await?;
        } else if *to == lead {
            item = hand_on(change, (leaver, lead), item).await?;
        }
        items.push(item);
    }
    Ok(items)
}

/// Records the handover with its items.
fn put(
    change: &mut Change<'_>,
    handover: &mut Handover,
    items: Vec<Item>,
    note: Option<String>,
) -> Result<(), Failure> {
    let (lead, now) = (change.actor.id, change.now);
    let start = |handover: &mut Handover| {
        handover.lead = Some(lead);
        handover.started_at = handover.started_at.or(Some(now));
        handover.note = note;
        handover.items.retain(|_, item| item.answer != Answer::Planned);
        items.into_iter().for_each(|item| handover.put(item));
    };
    if handover.version == 0 {
        start(handover);
        *handover = change.create(handover.clone(), None)?;
    } else {
        change.edit(handover, EventKind::Edited, None, start)?;
    }
    Ok(())
}

/// Who is asked to take something over.
fn recipients(handover: &Handover) -> BTreeSet<MemberId> {
    handover.asked(None).iter().map(|item| item.to).collect()
}

/// Has a recipient told what waits for them, and what they were given, once the time to undo has passed.
pub(super) async fn tell(change: &mut Change<'_>, handover: HandoverId, to: MemberId) -> Result<(), Failure> {
    if let Some(destination) = change.reach(to).await? {
        change.say(About::Handover { handover, to }, destination, change.now + UNDO_WINDOW);
    }
    Ok(())
}
