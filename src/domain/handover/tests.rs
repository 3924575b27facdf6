use rstest::rstest;

use super::*;
use crate::domain::testing::{at, calendar, day, deal};

const RECIPIENT: MemberId = MemberId(2);
const LEAD: MemberId = MemberId(9);

fn item(what: What, answer: Answer) -> Item {
    Item { version: 3, ..Item::new(what, RECIPIENT, Why::Backup, answer) }
}

/// Started on Thursday, 17 December 2026; 25 and 28 December are off.
fn started(answers: &[Answer]) -> Handover {
    let mut handover = Handover::plan(HandoverId(1), MemberId(1));
    (handover.lead, handover.started_at) = (Some(LEAD), Some(at("2026-12-17T10:00:00Z")));
    for (number, answer) in (1..).zip(answers) {
        handover.put(item(What::Deal(DealNumber(number)), *answer));
    }
    handover.touch(1, EventKind::Created, at("2026-12-17T10:00:00Z"));
    handover
}

#[rstest]
#[case::the_next_business_day("2026-12-18", Answer::Asked, false)]
#[case::over_the_weekend("2026-12-20", Answer::Asked, false)]
#[case::after_two_business_days("2026-12-21", Answer::Asked, true)]
#[case::answered("2026-12-31", Answer::Declined, false)]
fn answers_are_due_after_two_business_days(#[case] today: &str, #[case] answer: Answer, #[case] overdue: bool) {
    let started = started(&[Answer::Accepted, answer]);
    assert_eq!(!started.overdue(&calendar(), day(today)).is_empty(), overdue);
}

#[test]
fn whoever_was_asked_later_has_two_business_days_of_their_own() {
    let mut started = started(&[Answer::Asked, Answer::Asked]);
    let asked_at = Some(at("2026-12-21T10:00:00Z"));
    started.put(Item { to: LEAD, asked_at, ..item(What::Deal(DealNumber(2)), Answer::Asked) });
    let due = |of| started.answers_due(&calendar(), of);
    assert_eq!((due(None), due(Some(LEAD))), (Some(day("2026-12-21")), Some(day("2026-12-23"))));
    let overdue = |today| started.overdue(&calendar(), day(today)).len();
    assert_eq!((overdue("2026-12-22"), overdue("2026-12-23")), (1, 2));
}

#[test]
fn what_is_declined_waits_for_somebody_else_until_it_is_settled() {
    let mut handover = started(&[Answer::Accepted, Answer::Declined, Answer::Declined, Answer::Asked]);
    assert_eq!(handover.waiting, 3);
    let stands = |what| (what != What::Deal(DealNumber(3))).then_some(LEAD);
    handover.overtake(stands);
    let answers: Vec<Answer> = handover.in_order().iter().map(|item| item.answer).collect();
    assert_eq!(answers, [Answer::Accepted, Answer::Declined, Answer::Overtaken, Answer::Asked]);
    assert_eq!((handover.waiting, handover.declined().len()), (2, 1));
}

#[rstest]
#[case::a_deal_on_its_way(What::Deal(DealNumber(1)), Answer::Declined, LEAD)]
#[case::the_number_on_its_way(What::Number, Answer::Asked, LEAD)]
#[case::a_role_on_its_way(What::Manager(PartnerId(1)), Answer::Declined, MemberId(1))]
#[case::a_role_that_was_taken(What::Backup(DealNumber(1)), Answer::Assigned, RECIPIENT)]
fn until_it_is_taken_the_lead_has_a_deal_and_the_leaver_a_role(
    #[case] what: What,
    #[case] answer: Answer,
    #[case] holder: MemberId,
) {
    assert_eq!(started(&[]).holder(&item(what, answer)), Some(holder));
}

#[test]
fn a_start_that_was_withdrawn_asks_nobody() {
    let mut handover = started(&[Answer::Asked, Answer::Accepted]);
    handover.withdraw(at("2026-12-17T10:00:30Z"));
    handover.touch(2, EventKind::Undone, at("2026-12-17T10:00:30Z"));
    assert_eq!((handover.waiting, handover.asked(None).len()), (0, 0));
    assert!(handover.items.values().all(|item| item.answer == Answer::Back));
}

#[test]
fn a_plan_and_what_was_taken_back_wait_for_nobody() {
    let plan = Handover::plan(HandoverId(1), MemberId(1));
    assert_eq!(plan.answers_due(&calendar(), None), None);
    let undone = Handover { undone_at: Some(at("2026-12-18T10:00:00Z")), ..started(&[Answer::Asked]) };
    assert!(undone.overdue(&calendar(), day("2027-01-15")).is_empty());
    assert!(!undone.can_be_undone(at("2026-12-18T10:00:00Z")) && !plan.can_be_undone(at("2026-12-18T10:00:00Z")));
}

#[rstest]
#[case::at_once("2026-12-17T10:00:00Z", true)]
#[case::on_the_seventh_day("2026-12-24T10:00:00Z", true)]
#[case::later("2026-12-24T10:00:01Z", false)]
fn a_handover_can_be_taken_back_for_seven_days(#[case] now: &str, #[case] can: bool) {
    assert_eq!(started(&[]).can_be_undone(at(now)), can);
}

#[test]
fn a_deal_goes_back_as_it_was_unless_somebody_touched_it() {
    let moved = Deal { version: 3, owner: MemberId(2), ..deal() };
    let sent = item(What::Deal(moved.number), Answer::Accepted);
    assert!(sent.is_untouched(&moved));
    assert!(!sent.is_untouched(&Deal { version: 4, ..moved.clone() }));
    let mut back = moved;
    back.hand_back(MemberId(1), Some(MemberId(2)));
    assert_eq!((back.owner, back.backup), (MemberId(1), Some(MemberId(2))));
}

#[rstest]
#[case::the_acting_owner_backed_it_up(None, Some(LEAD), Some(LEAD))]
#[case::the_recipient_did(None, Some(RECIPIENT), None)]
#[case::it_had_another_one(Some(MemberId(3)), Some(MemberId(3)), Some(MemberId(3)))]
#[case::it_got_another_one(Some(MemberId(3)), Some(LEAD), Some(MemberId(3)))]
#[case::it_had_none(None, None, None)]
fn whoever_only_stepped_in_backs_a_deal_up_again(
    #[case] now: Option<MemberId>,
    #[case] before: Option<MemberId>,
    #[case] then: Option<MemberId>,
) {
    let mut deal = Deal { owner: LEAD, backup: now, ..deal() };
    deal.hand_on(RECIPIENT, before);
    assert_eq!((deal.owner, deal.backup), (RECIPIENT, then));
}

#[test]
fn a_deal_that_was_touched_before_its_recipient_took_it_stays_touched() {
    let what = What::Deal(DealNumber(1));
    let [mut untouched, mut touched] = [item(what, Answer::Asked), item(what, Answer::Asked)];
    untouched.moved(3, 4);
    touched.moved(4, 5);
    let deal = |version| Deal { version, ..deal() };
    assert!(untouched.is_untouched(&deal(4)));
    assert!(!touched.is_untouched(&deal(5)), "a note came in between");
}

#[test]
fn an_event_of_a_handover_holds_only_the_items_that_it_changed() {
    use crate::domain::event::difference;
    let before = started(&[Answer::Asked, Answer::Asked]);
    let mut after = before.clone();
    after.put(item(What::Deal(DealNumber(2)), Answer::Accepted));
    after.touch(2, EventKind::Edited, at("2026-12-17T11:00:00Z"));
    let json = |handover: &Handover| serde_json::to_value(handover).expect("it serializes");
    let (_, changed) = difference(&json(&before), &json(&after));
    assert_eq!(changed.keys().collect::<Vec<_>>(), ["deal_2", "version", "waiting"]);
    let mut gone = json(&after);
    gone["deal_2"] = serde_json::Value::Null;
    let read: Handover = serde_json::from_value(gone).expect("a null item is none");
    assert_eq!(read.in_order().len(), 1);
}

#[test]
fn a_key_reads_back() {
    let all = [
        What::Number,
        What::Deal(DealNumber(12)),
        What::Manager(PartnerId(3)),
        What::Backup(DealNumber(7)),
        What::Cover(MemberId(4)),
        What::Action(ItemId(5)),
    ];
    for what in all {
        assert_eq!(What::parse(&what.key()), Some(what));
    }
    assert_eq!(What::parse("deal_x").or(What::parse("deal")).or(What::parse("boss_1")), None);
}
