//! Who gets what: the backup first, else who knows it best by their deals with the same partner or account or as the
//! partner's manager, spread evenly.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{What, Why};
use crate::domain::departure::Stake;
use crate::domain::id::{AccountId, DealNumber, ItemId, MemberId, PartnerId};
use crate::domain::item::Item;
use crate::domain::member::{Member, Presence};
use crate::domain::partner::Partner;

/// One thing that a leaver answers for, and what its recipient is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Which.
    pub what: What,
    partner: Option<PartnerId>,
    account: Option<AccountId>,
    backup: Option<MemberId>,
    /// Who can't get it: a deal's owner is not their own backup, and nobody covers for themselves.
    pub except: Option<MemberId>,
}

impl Left {
    fn of(what: What) -> Left {
        Left { what, partner: None, account: None, backup: None, except: None }
    }

    fn on(what: What, stake: &Stake) -> Left {
        Left { partner: Some(stake.partner), account: Some(stake.account), ..Left::of(what) }
    }
}

/// Who is proposed for a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// Which.
    pub left: Left,
    /// Who; `None` when nobody is there for it.
    pub to: Option<MemberId>,
    /// Why.
    pub why: Why,
}

/// All that a leaver answers for, in order: the number, their open deals, the roles of partner manager, backup and cover,
/// and the open actions that don't go along with a deal.
pub fn left_behind(
    leaver: MemberId,
    number_owner: Option<MemberId>,
    stakes: &[Stake],
    partners: &[Partner],
    members: &[Member],
    actions: &[Item],
    today: NaiveDate,
) -> Vec<Left> {
    let number = number_owner.filter(|owner| *owner == leaver).map(|_| Left::of(What::Number));
    let owned = stakes.iter().filter(|stake| stake.owner == leaver);
    let owned = owned.map(|stake| Left { backup: stake.backup, ..Left::on(What::Deal(stake.deal), stake) });
    let managed = partners.iter().filter(|partner| partner.is_managed_by(leaver));
    let managed = managed.map(|partner| Left { partner: Some(partner.id), ..Left::of(What::Manager(partner.id)) });
    let backed = stakes.iter().filter(|stake| stake.backup == Some(leaver) && stake.owner != leaver);
    let backed = backed.map(|stake| Left { except: Some(stake.owner), ..Left::on(What::Backup(stake.deal), stake) });
    let covers = |member: &Member| member.away.as_ref().is_some_and(|away| away.cover == leaver && away.to >= today);
    let covered = members.iter().filter(|member| covers(member));
    let covered = covered.map(|member| Left { except: Some(member.id), ..Left::of(What::Cover(member.id)) });
    let stake_of = |item: &Item| stakes.iter().find(|stake| Some(stake.deal) == item.deal);
    let alone = open_of(leaver, actions).filter(|item| stake_of(item).is_none_or(|stake| stake.owner != leaver));
    let alone = alone.map(|item| match (What::Action(item.id), stake_of(item)) {
        (what, Some(stake)) => Left::on(what, stake),
        (what, None) => Left::of(what),
    });
    let all = number.into_iter().chain(owned).chain(managed).chain(backed).chain(covered).chain(alone);
    let mut all: Vec<Left> = all.collect();
    all.sort_by_key(|left| left.what);
    all
}

/// The open actions that go along with each deal of a leaver.
pub fn going_along(leaver: MemberId, stakes: &[Stake], actions: &[Item]) -> BTreeMap<DealNumber, Vec<ItemId>> {
    let owned: BTreeSet<DealNumber> =
        stakes.iter().filter(|stake| stake.owner == leaver).map(|stake| stake.deal).collect();
    let mut along: BTreeMap<DealNumber, Vec<ItemId>> = BTreeMap::new();
    for item in open_of(leaver, actions) {
        if let Some(deal) = item.deal.filter(|deal| owned.contains(deal)) {
            along.entry(deal).or_default().push(item.id);
        }
    }
    along
}

fn open_of(leaver: MemberId, actions: &[Item]) -> impl Iterator<Item = &Item> {
    actions.iter().filter(move |item| item.open && item.assignee() == Some(leaver))
}

/// Who may be proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// For anything: those who own or back up an open deal.
    people: BTreeSet<MemberId>,
    /// Also for what is of their partner: its manager. One who has no deals is not asked to take on everybody's.
    managers: HashMap<PartnerId, MemberId>,
}

/// Who may be proposed, of those who are there today.
pub fn candidates(
    leaver: MemberId,
    stakes: &[Stake],
    partners: &[Partner],
    members: &[Member],
    today: NaiveDate,
) -> Candidates {
    let there: BTreeSet<MemberId> =
        members.iter().filter(|member| member.presence_on(today) == Presence::Here).map(|member| member.id).collect();
    let is_there = |member: &MemberId| *member != leaver && there.contains(member);
    let people = stakes.iter().flat_map(|stake| [Some(stake.owner), stake.backup]).flatten();
    let managed = partners.iter().filter_map(|partner| Some((partner.id, partner.manager.filter(is_there)?)));
    Candidates { people: people.filter(is_there).collect(), managers: managed.collect() }
}

impl Candidates {
    /// The partner's manager, for what is of a partner.
    fn manager(&self, left: &Left) -> Option<MemberId> {
        self.managers.get(&left.partner?).copied()
    }

    /// Who may get a thing.
    fn of(&self, left: &Left) -> BTreeSet<MemberId> {
        let all = self.people.iter().copied().chain(self.manager(left));
        all.filter(|member| Some(*member) != left.except).collect()
    }
}

/// Proposes a recipient for each thing. `chosen` is whom the lead named already. Where nobody is a candidate the lead
/// is left, unless it is the lead who leaves.
pub fn propose(
    left: Vec<Left>,
    stakes: &[Stake],
    candidates: &Candidates,
    lead: Option<MemberId>,
    chosen: impl Fn(&Left) -> Option<MemberId>,
) -> Vec<Proposal> {
    let mut spread = Spread::of(stakes);
    left.into_iter()
        .map(|left| {
            let (to, why) = match chosen(&left) {
                Some(chosen) => (Some(chosen), Why::Chosen),
                None => spread.pick(&left, candidates, lead),
            };
            to.into_iter().for_each(|to| spread.give(&left, to));
            Proposal { left, to, why }
        })
        .collect()
}

/// Who has how many deals with whom, and who was given how many things so far.
struct Spread {
    partners: HashMap<(MemberId, PartnerId), u32>,
    accounts: HashMap<(MemberId, AccountId), u32>,
    both: HashMap<(MemberId, PartnerId, AccountId), u32>,
    owned: HashMap<MemberId, u32>,
    given: BTreeMap<MemberId, u32>,
    given_of: HashMap<(MemberId, PartnerId), u32>,
}

impl Spread {
    fn of(stakes: &[Stake]) -> Spread {
        let mut spread = Spread {
            partners: HashMap::new(),
            accounts: HashMap::new(),
            both: HashMap::new(),
            owned: HashMap::new(),
            given: BTreeMap::new(),
            given_of: HashMap::new(),
        };
        for Stake { owner, partner, account, .. } in stakes {
            *spread.partners.entry((*owner, *partner)).or_default() += 1;
            *spread.accounts.entry((*owner, *account)).or_default() += 1;
            *spread.both.entry((*owner, *partner, *account)).or_default() += 1;
            *spread.owned.entry(*owner).or_default() += 1;
        }
        spread
    }

    /// How many open deals somebody has with the same partner or account.
    fn knows(&self, member: MemberId, left: &Left) -> u32 {
        let count = |n: Option<&u32>| n.copied().unwrap_or(0);
        let partner = left.partner.map_or(0, |partner| count(self.partners.get(&(member, partner))));
        let account = left.account.map_or(0, |account| count(self.accounts.get(&(member, account))));
        let both = left.partner.zip(left.account);
        let both = both.map_or(0, |(partner, account)| count(self.both.get(&(member, partner, account))));
        partner + account - both
    }

    fn pick(&self, left: &Left, candidates: &Candidates, lead: Option<MemberId>) -> (Option<MemberId>, Why) {
        if left.what == What::Number {
            return (lead, Why::Leads);
        }
        // Nothing tells who knows what an action on no deal is about.
        if let (What::Action(_), None, Some(lead)) = (left.what, left.partner, lead) {
            return (Some(lead), Why::Starts);
        }
        let (all, manager) = (candidates.of(left), candidates.manager(left));
        if let Some(backup) = left.backup.filter(|backup| all.contains(backup)) {
            return (Some(backup), Why::Backup);
        }
        let best = all.into_iter().max_by_key(|member| {
            let load = self.owned.get(member).copied().unwrap_or(0) + self.given(*member);
            let knows = self.knows(*member, left);
            (self.worth(*member, left, manager), knows > 0, Reverse(load), Reverse(*member))
        });
        match best.map(|best| (best, self.knows(best, left))) {
            Some((best, knows @ 1..)) => (Some(best), Why::Knows(knows)),
            Some((best, 0)) if Some(best) == manager => (manager, Why::Manages),
            Some((best, 0)) if self.given_of(best, left) > 0 => (Some(best), Why::GetsItsDeals),
            Some((best, 0)) => (Some(best), Why::Spread),
            None => (lead.filter(|lead| Some(*lead) != left.except), Why::OnlyLead),
        }
    }

    /// What somebody knows, less what they were given already; managing the partner counts like a deal with it. A new
    /// manager is best who gets the partner's deals.
    fn worth(&self, member: MemberId, left: &Left, manager: Option<MemberId>) -> i64 {
        let knows = i64::from(self.knows(member, left)) + i64::from(Some(member) == manager);
        match left.what {
            What::Manager(_) => knows + i64::from(self.given_of(member, left)),
            _ => knows - i64::from(self.given(member)),
        }
    }

    fn given(&self, member: MemberId) -> u32 {
        self.given.get(&member).copied().unwrap_or(0)
    }

    fn given_of(&self, member: MemberId, left: &Left) -> u32 {
        let partner = left.partner.filter(|_| matches!(left.what, What::Manager(_)));
        partner.and_then(|partner| self.given_of.get(&(member, partner)).copied()).unwrap_or(0)
    }

    fn give(&mut self, left: &Left, to: MemberId) {
        *self.given.entry(to).or_default() += 1;
        if let (What::Deal(_), Some(partner)) = (left.what, left.partner) {
            *self.given_of.entry((to, partner)).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests;
