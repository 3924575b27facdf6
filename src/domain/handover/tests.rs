use rstest::rstest;

use super::*;
use crate::domain::testing::{at, calendar, day, deal};

fn item(what: What, answer: Answer) -> Item {
    Item { what, to: MemberId(2), why: Why::Backup, answer, version: 3, backup: None }
}

/// Started on Thursday, 17 December 2026; 25 and 28 December are off.
fn started(answers: &[Answer]) -> Handover {
    let mut handover = Handover::plan(HandoverId(1), MemberId(1));
    (handover.lead, handover.started_at) = (Some(MemberId(9)), Some(at("2026-12-17T10:00:00Z")));
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
    assert_eq!(started(&[Answer::Accepted, answer]).is_overdue(&calendar(), day(today)), overdue);
}

#[test]
fn a_plan_and_what_was_taken_back_wait_for_nobody() {
    let plan = Handover::plan(HandoverId(1), MemberId(1));
    assert_eq!(plan.answers_due(&calendar()), None);
    let undone = Handover { undone_at: Some(at("2026-12-18T10:00:00Z")), ..started(&[Answer::Asked]) };
    assert!(!undone.is_overdue(&calendar(), day("2027-01-15")));
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
    ];
    for what in all {
        assert_eq!(What::parse(&what.key()), Some(what));
    }
    assert_eq!(What::parse("deal_x").or(What::parse("deal")).or(What::parse("boss_1")), None);
}
