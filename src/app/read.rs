//! Read models for looking things up: states with the names behind their ids, in as few trips as their tables.

use std::collections::HashMap;

use crate::domain::Instant;
use crate::domain::attribution;
use crate::domain::calendar::Calendar;
use crate::domain::card::{DealCard, Named};
use crate::domain::deal::Deal;
use crate::domain::id::{AccountId, MemberId, PartnerId, UserId};
use crate::domain::member::Member;
use crate::domain::stall::{StallPolicy, stall};
use crate::error::Failure;
use crate::store::Workspace;

/// The names that a set of deals needs.
pub struct Names {
    accounts: HashMap<AccountId, String>,
    partners: HashMap<PartnerId, String>,
    people: HashMap<MemberId, Member>,
    calendar: Calendar,
    policy: StallPolicy,
    now: Instant,
}

/// The cards of deals, in their order.
pub async fn cards(workspace: &mut Workspace<'_>, deals: Vec<Deal>, now: Instant) -> Result<Vec<DealCard>, Failure> {
    let names = names(workspace, &deals, now).await?;
    Ok(deals.into_iter().map(|deal| names.card(deal)).collect())
}

/// The card of one deal.
pub async fn card(workspace: &mut Workspace<'_>, deal: Deal, now: Instant) -> Result<DealCard, Failure> {
    let names = names(workspace, std::slice::from_ref(&deal), now).await?;
    Ok(names.card(deal))
}

/// The names behind a set of deals, with those of who stands in today.
pub async fn names(workspace: &mut Workspace<'_>, deals: &[Deal], now: Instant) -> Result<Names, Failure> {
    let accounts = distinct(deals.iter().map(|d| d.account));
    let people = distinct(deals.iter().flat_map(|d| [Some(d.owner), d.backup, Some(d.attributed_by)]).flatten());
    let settings = workspace.get_settings().await?;
    let accounts = workspace.find_accounts(&accounts).await?;
    let partners = workspace.find_partners().await?;
    let mut people = workspace.find_members(&people).await?;
    let covers = distinct(people.iter().filter_map(|m| m.cover_on(settings.day(now))));
    people.extend(workspace.find_members(&covers).await?);
    Ok(Names {
        accounts: accounts.into_iter().map(|a| (a.id, a.name)).collect(),
        partners: partners.into_iter().map(|p| (p.id, p.name)).collect(),
        people: people.into_iter().map(|m| (m.id, m)).collect(),
        calendar: Calendar::of(&settings),
        policy: StallPolicy::new(settings.motion),
        now,
    })
}

fn distinct<I: Ord>(ids: impl Iterator<Item = I>) -> Vec<I> {
    ids.collect::<std::collections::BTreeSet<I>>().into_iter().collect()
}

impl Names {
    /// A deal with its names.
    pub fn card(&self, deal: Deal) -> DealCard {
        let today = self.calendar.day(self.now);
        let cover = self.people.get(&deal.owner).and_then(|owner| owner.cover_on(today));
        DealCard {
            account: self.accounts.get(&deal.account).cloned().unwrap_or_default(),
            partner: self.partner(deal.partner),
            participants: deal.participants.iter().map(|p| self.partner(p.partner)).collect(),
            owner: self.person(deal.owner),
            backup: deal.backup.map(|b| self.person(b)),
            cover: cover.map(|c| self.person(c)),
            attributed_by: self.person(deal.attributed_by),
            timeliness: attribution::timeliness(&deal, &self.calendar, today),
            reasons: stall(&deal, &self.policy, &self.calendar, self.now).reasons,
            deal,
        }
    }

    fn partner(&self, id: PartnerId) -> String {
        self.partners.get(&id).cloned().unwrap_or_default()
    }

    /// A person by the id in the workspace; the bot where nobody did it.
    pub fn person(&self, member: MemberId) -> Named {
        match self.people.get(&member) {
            Some(known) => Named::from(known),
            None => Named { member, user: UserId(0), name: "the bot".to_owned(), gone: false },
        }
    }
}
