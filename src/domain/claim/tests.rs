//! What a claim makes of a deal, worked out for the deal of `testing::deal`: recorded on Monday, 2 November 2026 by
//! member 1, sourced by partner 1. Day 14 is the 16th.

use rstest::rstest;

use super::super::attribution::{Timeliness, former_timeliness, timeliness, timeliness_of};
use super::super::motion::Stage;
use super::super::testing::{at, calendar, day, deal};
use super::*;

const INITECH: PartnerId = PartnerId(1);
const HOOLI: PartnerId = PartnerId(2);
const OWNER: MemberId = MemberId(1);
const MANAGER: MemberId = MemberId(2);

fn signed(by: MemberId, when: &str) -> Signature {
    Signature { by, at: at(when) }
}

fn new(partner: PartnerId, role: Role, when: &str, place: Place) -> NewClaim {
    let evidence = Some("they ran the workshop".to_owned());
    NewClaim { partner, role, evidence, on: None, claimed: signed(OWNER, when), place }
}

fn undecided() -> Deal {
    Deal { role: Role::Undecided, evidence: None, ..deal() }
}

fn claimed(mut deal: Deal, claim: NewClaim) -> Deal {
    deal.put_claim(claim, &calendar());
    deal
}

fn confirmed(mut deal: Deal) -> Deal {
    deal.confirm(INITECH, signed(MANAGER, "2026-11-04T09:00:00Z"));
    deal
}

#[rstest]
#[case::sourced_on_day_14(Role::Sourced, "2026-11-16T09:00:00Z", "2026-10-30", Timeliness::OnTime)]
#[case::sourced_on_day_15(Role::Sourced, "2026-11-17T09:00:00Z", "2026-10-30", Timeliness::Late)]
#[case::influenced_in_time(Role::Influenced, "2026-11-16T09:00:00Z", "2026-11-05", Timeliness::OnTime)]
#[case::influenced_late_for_its_event(Role::Influenced, "2026-11-10T09:00:00Z", "2026-10-26", Timeliness::Late)]
#[case::fresh_event_but_undecided_for_too_long(
    Role::Influenced,
    "2026-11-20T09:00:00Z",
    "2026-11-18",
    Timeliness::Late
)]
fn an_undecided_class_is_settled_on_time_or_late(
    #[case] role: Role,
    #[case] when: &str,
    #[case] on: &str,
    #[case] expected: Timeliness,
) {
    let claim = NewClaim { on: Some(day(on)), ..new(INITECH, role, when, Place::Primary) };
    let deal = claimed(undecided(), claim);
    assert_eq!(timeliness(&deal, &calendar(), day("2027-03-01")), expected);
    assert_eq!((deal.role, deal.class().waits(), deal.claim.is_later_change()), (role, true, false));
    let former: Vec<Role> = deal.claim.former.iter().map(|former| former.role).collect();
    assert_eq!(former, [Role::Undecided], "that it was open stays told");
}

// 20 November is long after day 14, but within 14 days of an event of the 18th.
#[rstest]
#[case::event_of_the_18th("2026-11-18", None, Timeliness::OnTime)]
#[case::event_of_the_5th("2026-11-05", None, Timeliness::Late)]
#[case::closed_the_day_before("2026-11-18", Some("2026-11-19"), Timeliness::Late)]
#[case::closed_that_day("2026-11-18", Some("2026-11-20"), Timeliness::OnTime)]
fn a_participant_is_judged_by_its_event_and_the_close(
    #[case] on: &str,
    #[case] closed: Option<&str>,
    #[case] expected: Timeliness,
) {
    let claim = new(HOOLI, Role::Influenced, "2026-11-20T09:00:00Z", Place::Participant);
    let deal = Deal { closed_on: closed.map(day), ..deal() };
    let deal = claimed(deal, NewClaim { on: Some(day(on)), ..claim });
    let hooli = deal.credit(HOOLI).expect("it takes part");
    assert_eq!(timeliness_of(&hooli, &deal, &calendar(), day("2027-03-01")), expected);
    assert_eq!((deal.partner, deal.role), (INITECH, Role::Sourced), "the class stays");
}

#[test]
fn mended_evidence_keeps_the_day_of_the_first_record() {
    let mended = claimed(deal(), new(INITECH, Role::Sourced, "2026-12-01T09:00:00Z", Place::Primary));
    assert_eq!(timeliness(&mended, &calendar(), day("2027-03-01")), Timeliness::OnTime);
    assert_eq!(mended.evidence.as_deref(), Some("they ran the workshop"));
    assert_eq!(mended.claim.former, [], "nobody had confirmed it");
    let again = claimed(mended, new(INITECH, Role::Sourced, "2026-12-09T09:00:00Z", Place::Primary));
    assert_eq!(again.class().recorded_at(), deal().created_at);
}

#[rstest]
#[case::another_role(new(INITECH, Role::Influenced, "2026-12-01T09:00:00Z", Place::Primary))]
#[case::another_partner(new(HOOLI, Role::Sourced, "2026-12-01T09:00:00Z", Place::Primary))]
#[case::the_same_once_confirmed(new(INITECH, Role::Sourced, "2026-12-01T09:00:00Z", Place::Primary))]
fn a_claim_on_a_confirmed_class_is_a_later_change_and_to_be_confirmed_anew(#[case] claim: NewClaim) {
    let before = confirmed(deal());
    assert!(!before.class().is_unconfirmed());
    let after = claimed(before.clone(), claim);
    assert!(after.class().waits());
    let [former] = after.claim.former.as_slice() else { panic!("what stood there before") };
    assert_eq!((former.partner, former.role, former.confirmed), (INITECH, Role::Sourced, before.claim.confirmed));
    assert_eq!(former.claimed, before.class().claimed);
}

#[test]
fn who_becomes_the_primary_partner_trades_places_with_the_one_before() {
    let deal = claimed(deal(), new(HOOLI, Role::Influenced, "2026-11-04T09:00:00Z", Place::Participant));
    let deal = claimed(deal, new(HOOLI, Role::Sourced, "2026-11-05T09:00:00Z", Place::Primary));
    assert_eq!(deal.partners().collect::<Vec<_>>(), [HOOLI, INITECH]);
    assert_eq!((deal.role, deal.participants[0].role), (Role::Sourced, Role::Sourced));
    assert_eq!(deal.participants[0].evidence.as_deref(), Some("they brought us in"), "with its claim as it was");
}

#[test]
fn a_question_takes_a_claim_out_of_the_queue_and_a_new_claim_brings_it_back() {
    let mut asked = deal();
    let question = crate::domain::deal::Question {
        text: "Which meeting?".to_owned(),
        asked: signed(MANAGER, "2026-11-04T09:00:00Z"),
    };
    asked.question(INITECH, question);
    assert_eq!((asked.waiting_claims().count(), asked.class().is_unconfirmed()), (0, true));
    let answered = claimed(asked.clone(), new(INITECH, Role::Sourced, "2026-11-05T09:00:00Z", Place::Primary));
    assert_eq!((answered.waiting_claims().count(), answered.claim.question), (1, None));
    assert_eq!(confirmed(asked).claim.question, None, "a confirmation settles it too");
}

#[rstest]
#[case::another_role(deal(), Role::Influenced, true)]
#[case::mended_evidence(deal(), Role::Sourced, false)]
#[case::mended_evidence_of_a_confirmed_one(confirmed(deal()), Role::Sourced, true)]
fn closed_credit_moves_by_a_lead_only(#[case] deal: Deal, #[case] role: Role, #[case] moves: bool) {
    let claim = new(INITECH, role, "2026-12-01T09:00:00Z", Place::Primary);
    assert!(!deal.moves_closed_credit(&claim), "while it runs");
    let won = Deal { stage: Stage::Launched, closed_on: Some(day("2026-11-30")), ..deal };
    assert_eq!(won.moves_closed_credit(&claim), moves);
    assert!(won.moves_closed_credit(&new(HOOLI, Role::Influenced, "2026-12-01T09:00:00Z", Place::Participant)));
}

#[rstest]
#[case::manager(MANAGER, false, true)]
#[case::lead(MemberId(3), true, true)]
#[case::a_rep(MemberId(3), false, false)]
#[case::the_claimer(OWNER, false, false)]
#[case::the_claimer_as_a_lead(OWNER, true, false)]
fn a_claim_is_confirmed_by_the_manager_or_a_lead_and_never_by_its_claimer(
    #[case] member: MemberId,
    #[case] lead: bool,
    #[case] may: bool,
) {
    let access = Access { rep: true, lead, ..Access::default() };
    assert_eq!(may_confirm(access, member, Some(MANAGER), OWNER), may);
    assert!(!may_confirm(Access::default(), MANAGER, Some(MANAGER), OWNER), "without a role any more");
    assert!(!may_confirm(access, OWNER, Some(OWNER), OWNER), "not as the manager either");
}

#[rstest]
#[case::nine_business_days("2026-11-13T10:00:00Z", None)]
#[case::ten("2026-11-16T10:00:00Z", Some("2026-11-02"))]
fn a_claim_that_nobody_confirmed_for_ten_business_days_is_a_gap(#[case] now: &str, #[case] since: Option<&str>) {
    assert_eq!(unconfirmed_since(&deal(), &calendar(), at(now)), since.map(day));
    assert_eq!(unconfirmed_since(&confirmed(deal()), &calendar(), at(now)), None);
    assert_eq!(unconfirmed_since(&undecided(), &calendar(), at(now)), None);
}

#[test]
fn evidence_of_the_origin_is_at_most_30_days_older_than_the_deal() {
    assert_eq!(fresh_since(day("2026-11-02")), day("2026-10-03"));
}

/// On day 22 the class is settled, changed, and changed back: each is late, and all of them stay.
#[test]
fn what_was_undecided_for_too_long_is_late_by_whatever_detour() {
    let claim =
        |role, on: &str| NewClaim { on: Some(day(on)), ..new(INITECH, role, "2026-11-24T12:00:00Z", Place::Primary) };
    let mut deal = undecided();
    for (role, on) in [
        (Role::Influenced, "2026-11-20"),
        (Role::Sourced, "2026-11-02"),
        (Role::Influenced, "2026-11-20"),
        (Role::Influenced, "2026-11-23"),
    ] {
        deal = claimed(deal, claim(role, on));
        assert_eq!(timeliness(&deal, &calendar(), day("2027-03-01")), Timeliness::Late, "{role:?} of {on}");
    }
    let through_hooli = claimed(deal.clone(), NewClaim { partner: HOOLI, ..claim(Role::Influenced, "2026-11-23") });
    assert_eq!(timeliness(&through_hooli, &calendar(), day("2027-03-01")), Timeliness::Late, "another partner's");
    let chain: Vec<(Role, Option<Timeliness>)> =
        deal.claim.former.iter().map(|former| (former.role, former_timeliness(former, &deal, &calendar()))).collect();
    let late = Some(Timeliness::Late);
    assert_eq!(chain, [(Role::Undecided, None), (Role::Influenced, late), (Role::Sourced, late)]);
}

// Recorded on 2 November: an event up to 14 days before is on time, whatever the deal is sourced by.
#[rstest]
#[case::today(Role::Influenced, Some("2026-11-02"), Timeliness::OnTime)]
#[case::fourteen_days(Role::Influenced, Some("2026-10-19"), Timeliness::OnTime)]
#[case::fifteen_days(Role::Influenced, Some("2026-10-18"), Timeliness::Late)]
#[case::no_day(Role::Influenced, None, Timeliness::OnTime)]
#[case::sourced(Role::Sourced, Some("2026-10-03"), Timeliness::OnTime)]
fn a_deal_is_recorded_with_a_class_that_is_on_time_or_late(
    #[case] role: Role,
    #[case] on: Option<&str>,
    #[case] expected: Timeliness,
) {
    let recorded = Deal { role, claim: Claim::first(role, on.map(day)), ..deal() };
    assert_eq!(timeliness(&recorded, &calendar(), day("2027-03-01")), expected);
}
