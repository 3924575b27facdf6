use rstest::rstest;

use super::*;
use crate::domain::id::{DealNumber, UserId};
use crate::domain::member::Away;
use crate::domain::testing::{action, day};

const RITA: MemberId = MemberId(1);
const BEN: MemberId = MemberId(2);
const ANA: MemberId = MemberId(3);
const LENA: MemberId = MemberId(9);
const INITECH: i64 = 1;
const HOOLI: i64 = 2;

fn stake(deal: i64, owner: MemberId, backup: Option<MemberId>, partner: i64) -> Stake {
    let (deal, partner, account) = (DealNumber(deal), PartnerId(partner), AccountId(deal));
    Stake { deal, owner, backup, partner, account, amount: Some(100) }
}

fn proposed(stakes: &[Stake], partners: &[Partner]) -> Vec<(String, Option<MemberId>, Why)> {
    let left = left_behind(RITA, None, stakes, partners, &[], &[], day("2026-12-17"));
    let members = [RITA, BEN, ANA, LENA].map(member);
    let candidates = candidates(RITA, stakes, partners, &members, day("2026-12-17"));
    let proposals = propose(left, stakes, &candidates, Some(LENA), |_| None);
    proposals.into_iter().map(|p| (p.left.what.key(), p.to, p.why)).collect()
}

fn partner(id: i64, manager: MemberId) -> Partner {
    let (id, name) = (PartnerId(id), "Initech".to_owned());
    Partner {
        id,
        version: 1,
        name,
        kind: None,
        tier: None,
        manager: Some(manager),
        contacts: Vec::new(),
        plan: Default::default(),
        archived: false,
    }
}

fn member(id: MemberId) -> Member {
    Member::new(id, UserId(id.0 + 100), format!("member {id}"))
}

/// These may be proposed for anything.
fn only(people: &[MemberId]) -> Candidates {
    Candidates { people: people.iter().copied().collect(), managers: HashMap::new() }
}

/// Rita's D-1 in a pipeline in which Ben has two deals with Initech and Ana one with Hooli.
#[rstest]
#[case::its_backup(stake(1, RITA, Some(ANA), INITECH), ANA, Why::Backup)]
#[case::most_deals_with_the_partner(stake(1, RITA, None, INITECH), BEN, Why::Knows(2))]
#[case::a_deal_with_the_account(Stake { account: AccountId(12), ..stake(1, RITA, None, 3) }, ANA, Why::Knows(1))]
#[case::nobody_knows_it(stake(1, RITA, None, 3), ANA, Why::Spread)]
fn a_deal_goes_to_its_backup_else_to_whom_knows_it(#[case] own: Stake, #[case] to: MemberId, #[case] why: Why) {
    let stakes = [own, stake(10, BEN, None, INITECH), stake(11, BEN, None, INITECH), stake(12, ANA, None, HOOLI)];
    assert_eq!(proposed(&stakes, &[]), [("deal_1".to_owned(), Some(to), why)]);
}

/// Rita's D-1 with Initech, which Ana manages without a deal of her own.
#[rstest]
#[case::nobody_knows_it(&[stake(10, BEN, None, HOOLI)], ANA, Why::Manages)]
#[case::somebody_has_a_deal_with_it(&[stake(10, BEN, None, INITECH)], BEN, Why::Knows(1))]
#[case::she_has_one_herself(&[stake(10, BEN, None, INITECH), stake(11, ANA, None, INITECH)], ANA, Why::Knows(1))]
fn managing_the_partner_counts_like_a_deal_with_it(#[case] others: &[Stake], #[case] to: MemberId, #[case] why: Why) {
    let stakes: Vec<Stake> = std::iter::once(stake(1, RITA, None, INITECH)).chain(others.iter().copied()).collect();
    assert_eq!(proposed(&stakes, &[partner(INITECH, ANA)]), [("deal_1".to_owned(), Some(to), why)]);
}

#[test]
fn a_manager_without_deals_is_not_proposed_for_another_partner_s() {
    let stakes = [stake(1, RITA, None, HOOLI), stake(10, BEN, None, 3), stake(11, BEN, None, 3)];
    assert_eq!(proposed(&stakes, &[partner(INITECH, ANA)]), [("deal_1".to_owned(), Some(BEN), Why::Spread)]);
}

#[test]
fn deals_are_spread_evenly_over_those_who_know_the_partner() {
    let mut stakes: Vec<Stake> = (1..=6).map(|deal| stake(deal, RITA, None, INITECH)).collect();
    stakes.extend((10..=12).map(|deal| stake(deal, BEN, None, INITECH)));
    stakes.extend((20..=21).map(|deal| stake(deal, ANA, None, INITECH)));
    let to: Vec<MemberId> = proposed(&stakes, &[]).into_iter().filter_map(|(_, to, _)| to).collect();
    let count = |member| to.iter().filter(|given| **given == member).count();
    assert_eq!((count(BEN), count(ANA)), (3, 3), "{to:?}");
}

#[test]
fn roles_go_to_whom_gets_the_deals_and_never_to_the_owner_of_the_same_deal() {
    let stakes = [stake(1, RITA, None, INITECH), stake(2, BEN, Some(RITA), HOOLI), stake(3, ANA, None, HOOLI)];
    let to = proposed(&stakes, &[partner(INITECH, RITA)]);
    assert_eq!(
        to,
        [
            ("deal_1".to_owned(), Some(BEN), Why::Spread),
            ("manager_1".to_owned(), Some(BEN), Why::GetsItsDeals),
            ("backup_2".to_owned(), Some(ANA), Why::Knows(1)),
        ]
    );
}

#[test]
fn without_a_candidate_the_lead_is_left() {
    let stakes = [stake(1, RITA, None, INITECH), stake(2, LENA, Some(RITA), INITECH)];
    let left = left_behind(RITA, None, &stakes, &[], &[], &[], day("2026-12-17"));
    let proposals = propose(left, &stakes, &Candidates::default(), Some(LENA), |_| None);
    let to: Vec<Option<MemberId>> = proposals.iter().map(|p| p.to).collect();
    assert_eq!(to, [Some(LENA), None], "the lead is not the backup of their own deal");
    let left = left_behind(RITA, None, &stakes, &[], &[], &[], day("2026-12-17"));
    let own = propose(left, &stakes, &Candidates::default(), None, |_| None);
    assert!(own.iter().all(|p| p.to.is_none()), "a lead who leaves gets nothing of their own");
}

#[test]
fn the_number_goes_to_the_lead_and_never_back_to_the_lead_who_leaves() {
    let stakes = [stake(1, RITA, None, INITECH), stake(10, BEN, None, INITECH)];
    let to = |owner, lead, chosen: Option<MemberId>| {
        let left = left_behind(RITA, Some(owner), &stakes, &[], &[], &[], day("2026-12-17"));
        let proposals = propose(left, &stakes, &only(&[BEN]), lead, |_| chosen);
        let number = proposals.into_iter().find(|p| p.left.what == What::Number);
        number.map(|p| (p.to, p.why))
    };
    assert_eq!(to(RITA, Some(LENA), None), Some((Some(LENA), Why::Leads)), "who owns it counts as lead");
    assert_eq!(to(RITA, Some(LENA), Some(BEN)), Some((Some(BEN), Why::Chosen)));
    assert_eq!(to(RITA, None, None), Some((None, Why::Leads)), "somebody has to be chosen");
    assert_eq!(to(BEN, Some(LENA), None), None, "it is not hers");
}

#[test]
fn whom_the_lead_chose_stands() {
    let stakes = [stake(1, RITA, Some(BEN), INITECH), stake(10, BEN, None, INITECH)];
    let left = left_behind(RITA, None, &stakes, &[], &[], &[], day("2026-12-17"));
    let proposals = propose(left, &stakes, &only(&[BEN]), Some(LENA), |_| Some(ANA));
    assert_eq!((proposals[0].to, proposals[0].why), (Some(ANA), Why::Chosen));
}

#[test]
fn whoever_has_left_or_is_away_is_not_proposed_and_an_absence_to_come_needs_a_cover() {
    let stakes = [stake(1, RITA, None, INITECH), stake(2, BEN, Some(ANA), INITECH), stake(3, LENA, None, HOOLI)];
    let away = Away { from: day("2026-12-16"), to: day("2026-12-18"), cover: RITA };
    let members = [
        member(RITA),
        Member { away: Some(away.clone()), ..member(BEN) },
        Member { gone: true, ..member(ANA) },
        member(LENA),
    ];
    let managed = [partner(INITECH, BEN), partner(HOOLI, ANA)];
    assert_eq!(candidates(RITA, &stakes, &managed, &members, day("2026-12-17")), only(&[LENA]));
    let covers = |today: &str| {
        let left = left_behind(RITA, None, &stakes, &[], &members, &[], day(today));
        left.iter().any(|left| left.what == What::Cover(BEN))
    };
    assert!(covers("2026-12-18") && !covers("2026-12-19"), "an absence that is over needs none");
}

#[test]
fn an_action_goes_along_with_a_deal_of_the_leaver_s_else_to_whom_knows_it_and_on_no_deal_to_the_lead() {
    let on = |id, deal: Option<i64>| Item { deal: deal.map(DealNumber), ..action(id, RITA, "2026-12-20") };
    let done = Item { open: false, ..on(5, None) };
    let actions = [on(1, Some(1)), on(2, Some(10)), on(3, None), on(4, Some(99)), done, action(6, BEN, "2026-12-20")];
    let stakes = [stake(1, RITA, None, INITECH), stake(10, BEN, None, HOOLI), stake(11, ANA, None, 3)];
    assert_eq!(going_along(RITA, &stakes, &actions), BTreeMap::from([(DealNumber(1), vec![ItemId(1)])]));
    let left = left_behind(RITA, None, &stakes, &[], &[], &actions, day("2026-12-17"));
    let to = |lead| -> Vec<(String, Option<MemberId>, Why)> {
        let proposals = propose(left.clone(), &stakes, &only(&[BEN, ANA]), lead, |_| None);
        proposals.into_iter().skip(1).map(|p| (p.left.what.key(), p.to, p.why)).collect()
    };
    let alone = |item: i64, to, why| (format!("action_{item}"), Some(to), why);
    let (known, lena) = (alone(2, BEN, Why::Knows(1)), |item| alone(item, LENA, Why::Starts));
    assert_eq!(to(Some(LENA)), [known.clone(), lena(3), lena(4)], "deal 99 is not open");
    let lead_leaves = to(None);
    assert!(lead_leaves[0] == known && lead_leaves.iter().all(|(_, to, _)| to.is_some()), "{lead_leaves:?}");
}
