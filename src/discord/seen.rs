//! A deal as one person sees it: what every answer about a deal is made from.

use super::answer::Answer;
use super::call::Call;
use super::sheet::Sheet;
use crate::app::courier::Membership;
use crate::app::look::Look;
use crate::app::on_deal::{Changed, Meant};
use crate::app::read::reading;
use crate::app::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::card::{DealCard, Names};
use crate::domain::claim::may_confirm;
use crate::domain::deal::criteria::{Exit, State};
use crate::domain::deal::{Credit, Deal};
use crate::domain::event::{Event, EventKind, SubjectKind};
use crate::domain::id::{DealNumber, UserId};
use crate::domain::refusal::{Asker, Problem, Refused, Thing};
use crate::error::Failure;
use crate::render::deal::card::{card, card_because};
use crate::render::deal::{named, outcome};
use crate::render::message::Message;
use crate::render::offer::Offers;
use crate::render::pay::Own;
use crate::render::press::{self, May};
use crate::render::refusal;
use crate::render::voice::Voice;
use crate::store::candidate::{Label, Running};

/// How many close deals are named instead of one that isn't there.
const CLOSE: usize = 3;

/// A deal with its names, read for one person.
pub struct Seen {
    /// The workspace as they may read it.
    pub look: Look,
    /// The deal.
    pub card: DealCard,
    /// The names behind its ids, and behind those of the events that were asked for.
    pub names: Names,
    /// What they may do with it.
    pub may: May,
}

impl Seen {
    /// Refuses a form whose change would be refused whatever is typed into it.
    pub fn allow(&self, sheet: Sheet) -> Result<(), Problem> {
        let deal = &self.card.deal;
        match sheet {
            Sheet::Update | Sheet::Note if self.may >= May::Note => Ok(()),
            Sheet::Update | Sheet::Note => Err(Problem::NotAllowed { needed: Needed::Note, ask: None }),
            _ if self.may < May::Change => {
                Err(Problem::NotAllowed { needed: Needed::OwnerOrLead, ask: Some(self.card.owner.user) })
            }
            Sheet::Attribute(..) => Ok(()),
            _ if !deal.is_open() => Err(Problem::WrongStage { deal: deal.number, stage: deal.stage }),
            _ => Ok(()),
        }
    }

    /// The exit criteria that are unmet on the way to where a form leads.
    pub fn unmet(&self, sheet: Sheet) -> Vec<Exit> {
        let (deal, motions) = (&self.card.deal, &self.look.settings.motions);
        sheet.leads_to().map(|to| deal.unmet(motions.of(deal), to)).unwrap_or_default()
    }

    /// Why a form would be refused whatever is typed into it, unless a lead sends it.
    pub fn barred(&self, sheet: Sheet) -> Option<Problem> {
        let (to, unmet) = (sheet.leads_to()?, self.unmet(sheet));
        let barred = !unmet.is_empty() && !self.look.access.lead;
        barred.then_some(Problem::Unmet { deal: self.card.deal.number, to, unmet, asker: Asker::Owner })
    }

    /// The first claim on the deal that the person may confirm.
    fn claim(&self) -> Option<Credit<'_>> {
        let asker = self.look.asker.as_ref()?.id;
        let open = self.card.credits().filter(|(credit, ..)| credit.is_unconfirmed());
        let theirs = open.filter(|(credit, _, chain)| {
            let manager = chain.manager.as_ref().map(|manager| manager.member);
            may_confirm(self.look.access, asker, manager, credit.claimed.by)
        });
        theirs.map(|(credit, ..)| credit).next()
    }

    /// How the answer speaks.
    pub fn voice<'v>(&'v self, call: &'v Call) -> Voice<'v> {
        self.look.voice(&call.commands)
    }
}

impl Call {
    /// The deal that was typed: its number, or the name of an account that has one open deal.
    pub async fn deal(&self, typed: &str) -> Result<Meant, Failure> {
        let labelled = typed.trim_start().starts_with(['d', 'D', '#']) || typed.split_whitespace().count() == 1;
        if let Some(number) = DealNumber::parse(typed).filter(|_| labelled) {
            return Ok(Ok(number));
        }
        let mut look = self.look().await?;
        look.allow(Needed::Any)?;
        if let Some(account) = look.workspace.find_account_named(typed).await?
            && let [only] = look.workspace.find_open_deals_of_account(account.id).await?.as_slice()
        {
            return Ok(Ok(only.number));
        }
        let close = look.offer_deals(typed, Running::Open).await?;
        let name = |label: Label| named(label.deal, &label.account, &label.partner);
        let close = close.into_iter().take(CLOSE).map(name).collect();
        Ok(Err(Problem::NotFound { what: Thing::Deal, typed: typed.to_owned(), close }))
    }

    /// The deal that was typed, where one was.
    pub async fn deal_if_named(&self, typed: Option<&str>) -> Result<Option<Meant>, Failure> {
        match typed {
            Some(typed) => self.deal(typed).await.map(Some),
            None => Ok(None),
        }
    }

    /// The deal that a button, select or form is about, by an argument of its id.
    pub fn deal_in_id(&self, place: usize) -> Result<DealNumber, Failure> {
        Ok(self.id()?.number(place).map(DealNumber).ok_or(Problem::Stale)?)
    }

    /// Reads a deal for the person.
    pub async fn see(&self, number: DealNumber) -> Result<Seen, Failure> {
        let (look, deal) = self.find(number).await?;
        self.see_as(look, deal, &[]).await
    }

    /// Finds a deal for the person.
    pub async fn find(&self, number: DealNumber) -> Result<(Look, Deal), Failure> {
        let mut look = self.look().await?;
        look.allow(Needed::Any)?;
        let missing = || Problem::NotFound { what: Thing::Deal, typed: number.label(), close: Vec::new() };
        let deal = look.workspace.find_deal(number).await?.ok_or_else(missing)?;
        Ok((look, deal))
    }

    /// The person whom a select named by their user id, as a member of the workspace's server.
    pub async fn person(&self, option: &'static str, picked: &str) -> Result<Person, Failure> {
        let user = UserId(picked.parse().map_err(|_| Problem::Stale)?);
        let found = self.app.courier.find_member(self.caller.guild, user).await;
        let member = found.map_err(|trouble| Failure::Internal(trouble.into()))?;
        let member = member.ok_or(Problem::NotAMember { option, user })?;
        let Membership { name, roles, is_bot, manages_server } = member;
        Ok(Person { user, name, roles, manages_server, is_bot })
    }

    /// A deal that was read already, with the names behind some events.
    pub async fn see_as(&self, mut look: Look, deal: Deal, events: &[Event]) -> Result<Seen, Failure> {
        let reading = reading(&mut look.workspace, std::slice::from_ref(&deal), events, look.now).await?;
        let card = reading.card(deal);
        let member = look.asker.as_ref().map(|m| m.id);
        let cover = card.cover.as_ref().map(|c| c.member);
        let may = match member {
            _ if look.access.lead => May::Change,
            Some(member) if look.access.may_change(&card.deal, member, cover) => May::Change,
            _ if look.access.may_record() => May::Note,
            _ => May::Look,
        };
        Ok(Seen { look, card, names: reading.names, may })
    }

    /// A deal's card with its buttons.
    pub async fn card(&self, number: DealNumber) -> Result<Message, Failure> {
        let seen = self.see(number).await?;
        // What everybody sees has what everybody may press.
        let may = if self.is_shared() { seen.may.min(May::Note) } else { seen.may };
        let mut offers = press::on_card(self.caller.guild, &seen.card, may);
        if let Some(credit) = seen.claim().filter(|_| !self.is_shared()) {
            offers.extend(press::on_claim(self.caller.guild, "card", seen.card.deal.number, &credit));
        }
        Ok(card(&seen.voice(self), &seen.card, offers))
    }

    /// Does a change of a deal and says what it did.
    pub async fn change_deal<U: UseCase<Outcome = Changed>>(&self, use_case: U) -> Result<Answer, Failure> {
        let changed = self.app.change(&self.caller, use_case).await?;
        Ok(self.say(self.saved(changed).await?))
    }

    /// What a change did, with the way to take it back.
    pub async fn saved(&self, changed: Changed) -> Result<Message, Failure> {
        let look = self.app.look_as(&self.caller, changed.seen_by).await?;
        let seen = self.see_as(look, changed.deal, &changed.events).await?;
        let mut offers = press::after_change(self.caller.guild, &seen.card, self.caller.interaction);
        offers.extend(self.furthering(&seen.card, &changed.events));
        let own: Vec<Event> = changed.events.into_iter().filter(|e| e.subject.kind == SubjectKind::Deal).collect();
        let pay = Own { this: seen.look.new_pay(&seen.card.deal, &own)?, news: &[] };
        Ok(outcome::saved(&seen.voice(self), &seen.card, &seen.names, &own, pay, offers))
    }

    /// What furthers a deal after some events: the next step of its new stage, or the move that all its criteria allow.
    fn furthering(&self, card: &DealCard, events: &[Event]) -> Offers {
        let is = |kinds: &[EventKind]| events.iter().any(|e| kinds.contains(&e.kind));
        let settled = card.running.standing.iter().all(|standing| standing.state != State::Unmet);
        let guild = self.caller.guild;
        match () {
            _ if is(&[EventKind::StageMoved, EventKind::Reopened]) => press::propose(guild, card).into_iter().collect(),
            _ if is(&[EventKind::CriterionMet]) && settled => vec![press::stage(guild, card.deal.number)],
            _ => Offers::new(),
        }
    }

    /// The deal as it is now, where a press on it failed because it is out of date; any other failure stays one.
    pub async fn fresh(&self, number: DealNumber, failure: Failure) -> Result<Message, Failure> {
        let is_old = |problem: &Problem| matches!(problem, Problem::ChangedMeanwhile | Problem::Stale);
        match failure {
            Failure::Refused(refused) if refused.problems.iter().all(is_old) => self.refused_on(number, &refused).await,
            other => Err(other),
        }
    }

    /// Why a press on a deal changed nothing, above the deal as it is now.
    pub async fn refused_on(&self, number: DealNumber, refused: &Refused) -> Result<Message, Failure> {
        let seen = self.see(number).await?;
        let voice = seen.voice(self);
        let why: Vec<String> = refused.problems.iter().map(|problem| refusal::words(&voice, problem)).collect();
        let offers = press::on_card(self.caller.guild, &seen.card, seen.may);
        Ok(card_because(&voice, &why.join("\n"), &seen.card, offers))
    }
}
