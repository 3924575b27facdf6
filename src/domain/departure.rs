//! What goes at risk when a member leaves: their open deals, what share of the open pipeline that is, and the partners
//! that nobody else on our side knows.

use std::collections::{BTreeMap, BTreeSet};

use super::deal::Deal;
use super::id::{AccountId, DealNumber, MemberId, PartnerId};
use super::partner::Partner;

/// What an open deal hangs on: its people, its companies, its worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stake {
    /// Which deal.
    pub deal: DealNumber,
    /// Who is answerable.
    pub owner: MemberId,
    /// The standing deputy.
    pub backup: Option<MemberId>,
    /// The primary partner.
    pub partner: PartnerId,
    /// The customer.
    pub account: AccountId,
    /// Minor units.
    pub amount: Option<i64>,
}

impl From<&Deal> for Stake {
    fn from(deal: &Deal) -> Stake {
        Stake {
            deal: deal.number,
            owner: deal.owner,
            backup: deal.backup,
            partner: deal.partner,
            account: deal.account,
            amount: deal.amount,
        }
    }
}

/// What goes at risk when one member leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Who.
    pub member: MemberId,
    /// The open deals that they own, the largest first.
    pub deals: Vec<DealNumber>,
    /// Σ amount of these, in minor units.
    pub amount: i64,
    /// How many of them have no amount yet, and so add nothing.
    pub unpriced: usize,
    /// Σ amount of all open deals.
    pub pipeline: i64,
    /// Partners that nobody else on our side knows: no other manager, and no other owner or backup of an open deal
    /// with them, who is still there.
    pub sole_contacts: Vec<PartnerId>,
}

impl Departure {
    /// Of somebody with whom nothing goes.
    pub fn none(member: MemberId, pipeline: i64) -> Departure {
        Departure { member, deals: Vec::new(), amount: 0, unpriced: 0, pipeline, sole_contacts: Vec::new() }
    }

    /// The share of the open pipeline in whole percent, halves up; `None` while nothing open has an amount.
    pub fn percent(&self) -> Option<u32> {
        let (amount, pipeline) = (i128::from(self.amount), i128::from(self.pipeline));
        (pipeline > 0).then(|| u32::try_from((amount * 200 + pipeline) / (pipeline * 2)).unwrap_or(u32::MAX))
    }

    /// Whether anything would be lost.
    pub fn is_harmless(&self) -> bool {
        self.deals.is_empty() && self.sole_contacts.is_empty()
    }
}

/// What goes at risk with each member who owns or backs up an open deal or manages a partner; the largest amount first.
/// `is_there` tells who has not left: whoever has is no second contact for anybody.
pub fn departures(stakes: &[Stake], partners: &[Partner], is_there: impl Fn(MemberId) -> bool) -> Vec<Departure> {
    let pipeline = stakes.iter().filter_map(|stake| stake.amount).sum();
    let known = known_by(stakes, partners);
    let people: BTreeSet<MemberId> = known.values().flatten().copied().collect();
    let mut all: BTreeMap<MemberId, Departure> =
        people.into_iter().map(|member| (member, Departure::none(member, pipeline))).collect();
    let mut largest: Vec<&Stake> = stakes.iter().collect();
    largest.sort_by_key(|stake| (std::cmp::Reverse(stake.amount), stake.deal));
    for stake in largest {
        let own = all.get_mut(&stake.owner).expect("every owner knows the deal's partner");
        own.deals.push(stake.deal);
        own.amount += stake.amount.unwrap_or(0);
        own.unpriced += usize::from(stake.amount.is_none());
    }
    for (partner, people) in &known {
        let there: Vec<MemberId> = people.iter().copied().filter(|member| is_there(*member)).collect();
        for member in people.iter().filter(|member| there.iter().all(|other| other == *member)) {
            all.get_mut(member).expect("everybody who knows a partner is listed").sole_contacts.push(*partner);
        }
    }
    let mut all: Vec<Departure> = all.into_values().collect();
    all.sort_by_key(|departure| (std::cmp::Reverse(departure.amount), departure.member));
    all
}

/// What goes at risk with one member; nothing with somebody who answers for nothing.
pub fn departure(
    member: MemberId,
    stakes: &[Stake],
    partners: &[Partner],
    is_there: impl Fn(MemberId) -> bool,
) -> Departure {
    let own = departures(stakes, partners, is_there).into_iter().find(|departure| departure.member == member);
    own.unwrap_or_else(|| Departure::none(member, stakes.iter().filter_map(|stake| stake.amount).sum()))
}

/// Who on our side knows each partner: its manager while it is active, and the owners and backups of its open deals.
pub fn known_by(stakes: &[Stake], partners: &[Partner]) -> BTreeMap<PartnerId, BTreeSet<MemberId>> {
    let mut known: BTreeMap<PartnerId, BTreeSet<MemberId>> = BTreeMap::new();
    for partner in partners.iter().filter(|partner| !partner.archived) {
        known.entry(partner.id).or_default().extend(partner.manager);
    }
    for stake in stakes {
        known.entry(stake.partner).or_default().extend([Some(stake.owner), stake.backup].into_iter().flatten());
    }
    known
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const RITA: MemberId = MemberId(1);
    const BEN: MemberId = MemberId(2);
    const LENA: MemberId = MemberId(3);
    const INITECH: PartnerId = PartnerId(1);
    const HOOLI: PartnerId = PartnerId(2);

    fn partner(id: PartnerId, manager: Option<MemberId>) -> Partner {
        Partner {
            id,
            version: 1,
            name: format!("Partner {id}"),
            kind: None,
            tier: None,
            manager,
            contacts: Vec::new(),
            plan: Default::default(),
            archived: false,
        }
    }

    fn stake(deal: i64, owner: MemberId, backup: Option<MemberId>, partner: PartnerId, amount: Option<i64>) -> Stake {
        Stake { deal: DealNumber(deal), owner, backup, partner, account: AccountId(deal), amount }
    }

    /// Rita owns D-1 (100), D-3 (280) and D-4 (none yet), Ben D-2 (620) with Rita behind him: 380 of 1,000 are Rita's.
    fn pipeline() -> Vec<Stake> {
        vec![
            stake(1, RITA, None, INITECH, Some(100)),
            stake(2, BEN, Some(RITA), INITECH, Some(620)),
            stake(3, RITA, None, HOOLI, Some(280)),
            stake(4, RITA, None, HOOLI, None),
        ]
    }

    #[test]
    fn a_departure_puts_the_leavers_open_deals_at_risk() {
        let rita = departure(RITA, &pipeline(), &[], |_| true);
        assert_eq!(rita.deals, [3, 1, 4].map(DealNumber), "the largest first");
        assert_eq!((rita.amount, rita.unpriced, rita.pipeline, rita.percent()), (380, 1, 1_000, Some(38)));
        let all = departures(&pipeline(), &[], |_| true);
        let amounts: Vec<(MemberId, i64, Option<u32>)> =
            all.iter().map(|d| (d.member, d.amount, d.percent())).collect();
        assert_eq!(amounts, [(BEN, 620, Some(62)), (RITA, 380, Some(38))]);
        let nobody = departure(LENA, &pipeline(), &[], |_| true);
        assert!(nobody.is_harmless() && nobody.percent() == Some(0));
    }

    #[rstest]
    #[case::nothing_is_open(0, 0, None)]
    #[case::half_rounds_up(125, 1_000, Some(13))]
    #[case::below_half_rounds_down(124, 1_000, Some(12))]
    #[case::everything(10, 10, Some(100))]
    fn a_share_is_in_whole_percent(#[case] amount: i64, #[case] pipeline: i64, #[case] expected: Option<u32>) {
        assert_eq!(Departure { amount, ..Departure::none(RITA, pipeline) }.percent(), expected);
    }

    #[rstest]
    #[case::the_only_owner(RITA, vec![partner(HOOLI, None)], &[HOOLI])]
    #[case::a_backup_is_a_second_contact(BEN, vec![partner(INITECH, None)], &[])]
    #[case::a_manager_is_a_second_contact(RITA, vec![partner(HOOLI, Some(LENA))], &[])]
    #[case::the_manager_who_owns_all(RITA, vec![partner(HOOLI, Some(RITA))], &[HOOLI])]
    #[case::the_manager_of_one_without_deals(LENA, vec![partner(PartnerId(3), Some(LENA))], &[PartnerId(3)])]
    #[case::an_archived_one_needs_no_manager(
        LENA,
        vec![Partner { archived: true, ..partner(PartnerId(3), Some(LENA)) }],
        &[]
    )]
    fn a_partner_whom_nobody_else_knows_goes_with_the_member(
        #[case] member: MemberId,
        #[case] partners: Vec<Partner>,
        #[case] expected: &[PartnerId],
    ) {
        assert_eq!(departure(member, &pipeline(), &partners, |_| true).sole_contacts, expected);
    }

    #[test]
    fn somebody_who_has_left_is_no_second_contact() {
        let there = |member| member != BEN;
        let rita = departure(RITA, &pipeline(), &[], there);
        assert_eq!(rita.sole_contacts, [INITECH, HOOLI]);
        assert_eq!(departure(BEN, &pipeline(), &[], there).sole_contacts, [], "Rita is still there");
        let all_gone = departure(BEN, &pipeline(), &[], |_| false);
        assert_eq!(all_gone.sole_contacts, [INITECH]);
    }
}
