//! What the use cases on a deal share: finding it, who may change it, and what they lead to.

use super::Person;
use super::change::Change;
use super::look::Reader;
use super::record_deal::lookup_row;
use crate::domain::access::{Access, Needed};
use crate::domain::deal::Deal;
use crate::domain::event::{Event, Tracked};
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::member::Member;
use crate::domain::outgoing::{About, Destination};
use crate::domain::refusal::{Problem, Thing};
use crate::error::Failure;

pub use crate::domain::event::UNDO_WINDOW;

/// What a change did to a deal.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As it is now.
    pub deal: Deal,
    /// All that the change recorded, in order.
    pub events: Vec<Event>,
    /// The workspace as the actor may read it, so that the answer need not find it out again.
    pub seen_by: Reader,
}

/// Which deal is meant, or why that can't be told: a problem like any other of the command.
pub type Meant = Result<DealNumber, Problem>;

impl Change<'_> {
    /// A deal, for anybody with a role.
    pub async fn get_deal(&mut self, number: DealNumber) -> Result<Deal, Failure> {
        self.allow(Needed::Any)?;
        Ok(self.workspace.find_deal(number).await?.ok_or_else(|| no_deal(number))?)
    }

    /// The deal that is meant, with its owner, for anybody with a role. That it isn't there is told along with the
    /// command's other problems.
    pub async fn find_meant(&mut self, meant: &Meant) -> Result<Result<(Deal, Option<Member>), Problem>, Failure> {
        self.allow(Needed::Any)?;
        let number = match meant {
            Ok(number) => *number,
            Err(problem) => return Ok(Err(problem.clone())),
        };
        let found = match self.at_hand.take_if(|(deal, _)| deal.number == number) {
            Some(found) => Some(found),
            None => self.workspace.find_deal_and_owner(number).await?,
        };
        Ok(found.ok_or_else(|| no_deal(number)))
    }

    /// The deal that is meant, for its owner, backup or cover, or a lead, while it runs. Whoever may not is told that
    /// alone: the rest is not theirs to put right.
    pub async fn find_own_open_deal(&mut self, meant: &Meant) -> Result<Result<Deal, Problem>, Failure> {
        let (deal, owner) = match self.find_meant(meant).await? {
            Ok(found) => found,
            Err(problem) => return Ok(Err(problem)),
        };
        self.allow_with_owner(&deal, owner.as_ref())?;
        let ended = Problem::WrongStage { deal: deal.number, stage: deal.stage };
        Ok(if deal.is_open() { Ok(deal) } else { Err(ended) })
    }

    /// Refuses unless the actor is the deal's owner, backup or cover, or a lead.
    pub fn allow_with_owner(&self, deal: &Deal, owner: Option<&Member>) -> Result<(), Problem> {
        let cover = owner.and_then(|o| o.cover_on(self.today()));
        if self.access.may_change(deal, self.actor.id, cover) {
            return Ok(());
        }
        Err(Problem::NotAllowed { needed: Needed::OwnerOrLead, ask: owner.map(|o| o.user) })
    }

    /// Refuses unless the actor may note on a deal: any rep, and whoever may change it, whatever role they hold.
    pub fn allow_note(&self, deal: &Deal, owner: Option<&Member>) -> Result<(), Problem> {
        let ask = owner.map(|owner| owner.user);
        match self.access.may_record() || self.allow_with_owner(deal, owner).is_ok() {
            true => Ok(()),
            false => Err(Problem::NotAllowed { needed: Needed::Note, ask }),
        }
    }

    /// The member who is a person, if they are one whom a deal can be given to: no bot, and with a role of the program.
    pub async fn admit_holder(
        &mut self,
        option: &'static str,
        person: &Person,
    ) -> Result<Result<Member, Problem>, Failure> {
        let access = Access::of(&self.settings, &person.roles, person.manages_server);
        if person.is_bot || !access.any() {
            return Ok(Err(Problem::NotAMember { option, user: person.user }));
        }
        Ok(Ok(self.admit(person).await?))
    }

    /// Has the team told if there is news, and says what was done.
    pub fn changed(&mut self, deal: Deal) -> Changed {
        let own = |e: &&Event| e.subject.kind == Deal::KIND && e.subject.id == deal.number.0;
        if self.events().iter().filter(own).any(|event| event.kind.is_team_news()) {
            self.tell_team(&deal);
        }
        let seen_by = Reader { settings: self.settings.clone(), asker: Some(self.actor.clone()), access: self.access };
        Changed { deal, events: self.events().to_vec(), seen_by }
    }

    /// Pings a new owner once, unless it is the actor. The time to undo passes first, so that a slip pings nobody.
    pub async fn tell_new_owner(&mut self, deal: &Deal) -> Result<(), Failure> {
        if deal.owner == self.actor.id {
            return Ok(());
        }
        let Some(to) = self.reach(deal.owner).await? else { return Ok(()) };
        let about = About::Ownership { deal: deal.number, owner: deal.owner, by: self.actor.id, version: deal.version };
        self.say(about, to, self.now + UNDO_WINDOW);
        Ok(())
    }

    /// Where somebody is told of something: by direct message where they asked for it, else in the nudge channel.
    pub(super) async fn reach(&mut self, member: MemberId) -> Result<Option<Destination>, Failure> {
        let direct = self.find_member(member).await?.filter(|member| member.direct_messages);
        let channel = self.settings.nudge_channel.map(Destination::Channel);
        Ok(direct.map(|member| Destination::Direct(member.user)).or(channel))
    }

    /// Has the deal found by its names as they are now. To be called when they change.
    pub async fn index(&mut self, deal: &Deal) -> Result<(), Failure> {
        let Some(account) = self.workspace.find_account(deal.account).await? else { return Ok(()) };
        let known = self.workspace.find_partners().await?;
        let own = deal.partners().filter_map(|id| known.iter().find(|p| p.id == id).cloned());
        self.look_up(lookup_row(deal, &account, &own.collect::<Vec<_>>()));
        Ok(())
    }
}

/// There is no such deal here.
pub(super) fn no_deal(number: DealNumber) -> Problem {
    Problem::NotFound { what: Thing::Deal, typed: number.label(), close: Vec::new() }
}
