use rstest::rstest;

use super::*;
use crate::domain::motion::Side;
use crate::domain::testing::{at, calendar, day, deal};

fn texts(exits: &[Exit]) -> Vec<&str> {
    exits.iter().map(|exit| exit.criterion.text.as_str()).collect()
}

fn ticked(deal: &mut Deal, motion: &Motion, said: &[&str]) {
    let said: Vec<String> = said.iter().map(|text| (*text).to_owned()).collect();
    deal.tick(motion, &said, MemberId(1), at("2026-11-03T10:00:00Z"));
}

#[rstest]
#[case::a_stage_on(Stage::Qualified, 3)]
#[case::two_stages_on(Stage::TechnicalValidation, 3 + 4)]
#[case::to_the_win(Stage::Launched, 3 + 4 + 3 + 3 + 3)]
#[case::to_the_loss(Stage::ClosedLost, 0)]
#[case::nowhere(Stage::Prospect, 0)]
fn each_stage_that_is_left_has_its_criteria(#[case] to: Stage, #[case] expected: usize) {
    assert_eq!(deal().unmet(&Motion::default(), to).len(), expected);
}

#[test]
fn going_back_passes_nothing() {
    let deal = Deal { stage: Stage::Committed, ..deal() };
    assert_eq!(deal.unmet(&Motion::default(), Stage::Qualified), []);
}

#[test]
fn what_is_ticked_is_met_and_what_is_unticked_is_not() {
    let (motion, mut deal) = (Motion::default(), deal());
    ticked(&mut deal, &motion, &["Customer contact spoken to", "Partner's account owner named", "No criterion"]);
    assert_eq!(texts(&deal.unmet(&motion, Stage::Qualified)), ["Problem and rough size written down"]);
    assert_eq!(deal.last_met_at(), Some(at("2026-11-03T10:00:00Z")));
    let first = deal.met[1].clone();
    let still = vec!["Partner's account owner named".to_owned()];
    deal.tick(&motion, &still, MemberId(2), at("2026-11-09T10:00:00Z"));
    assert_eq!(deal.met, [first], "who said it first, and when, stays");
    let left: Vec<State> = deal.standing(&motion).into_iter().map(|standing| standing.state).collect();
    assert_eq!(left, [State::Unmet, State::Unmet, State::Met]);
}

#[test]
fn what_a_lead_passed_over_is_not_asked_for_again_until_it_reads_otherwise() {
    let (mut motion, mut deal) = (Motion::default(), deal());
    let passed = deal.unmet(&motion, Stage::Qualified);
    let at = at("2026-11-03T10:00:00Z");
    let reason = "A year-end deal".into();
    deal.waivers.push(Waiver { to: Stage::Qualified, passed, reason, by: MemberId(9), at, spent: false });
    assert_eq!(deal.unmet(&motion, Stage::Qualified), []);
    assert!(deal.standing(&motion).iter().all(|standing| standing.state == State::Passed));
    motion.plays[0].criteria[0].text = "Customer's CFO spoken to".to_owned();
    assert_eq!(texts(&deal.unmet(&motion, Stage::Qualified)), ["Customer's CFO spoken to"]);
}

#[test]
fn what_a_lead_passed_over_for_a_win_is_asked_for_again_once_the_deal_is_opened_again() {
    let (motion, mut deal) = (Motion::default(), deal());
    let asked = deal.unmet(&motion, Stage::Launched);
    let at = at("2026-11-03T10:00:00Z");
    let (passed, reason) = (asked.clone(), "Signed already".into());
    deal.waivers.push(Waiver { to: Stage::Launched, passed, reason, by: MemberId(9), at, spent: false });
    deal.win(day("2026-11-03"), at);
    deal.reopen(Stage::Prospect, at);
    assert_eq!(deal.unmet(&motion, Stage::Launched), asked);
    assert!(deal.standing(&motion).iter().all(|standing| standing.state == State::Unmet));
    assert_eq!(deal.waivers.len(), 1, "that it was passed once stays told");
}

#[test]
fn a_lead_is_not_asked_any_more_once_all_is_met() {
    let (motion, mut deal) = (Motion::default(), deal());
    let at = at("2026-11-03T10:00:00Z");
    deal.pass_asked = Some(PassAsked { to: Stage::Qualified, by: MemberId(1), at });
    let all: Vec<&str> = motion.criteria(Stage::Prospect).iter().map(|c| c.text.as_str()).collect();
    ticked(&mut deal, &motion, &all[1..]);
    assert!(deal.pass_asked.is_some());
    ticked(&mut deal, &motion, &all);
    assert_eq!(deal.pass_asked, None);
}

#[test]
fn criteria_with_the_same_text_carry_over_to_another_version() {
    let (old, mut deal) = (Motion::default(), deal());
    ticked(
        &mut deal,
        &old,
        &["Customer contact spoken to", "Problem and rough size written down", "Partner's account owner named"],
    );
    let mut new = Motion { version: 2, ..old.clone() };
    let moved = new.plays[0].criteria.remove(1);
    new.plays[1].criteria.push(moved);
    new.plays[0].criteria[0].text = "Customer's sponsor spoken to".to_owned();
    let carried = deal.carry_over(&new);
    let kept: Vec<(Stage, &str)> = carried.kept.iter().map(|met| (met.stage, met.text.as_str())).collect();
    let expected =
        [(Stage::Qualified, "Problem and rough size written down"), (Stage::Prospect, "Partner's account owner named")];
    assert_eq!(kept, expected);
    assert_eq!(carried.lost.iter().map(|met| met.text.as_str()).collect::<Vec<_>>(), ["Customer contact spoken to"]);
    assert_eq!(texts(&carried.left), ["Customer's sponsor spoken to"]);
    deal.run_on(&new);
    assert_eq!((deal.motion_version, deal.met), (2, carried.kept));
}

#[test]
fn the_next_step_is_the_stages_and_due_in_five_business_days() {
    let (motion, mut deal) = (Motion::default(), deal());
    let friday = at("2026-12-18T10:00:00Z");
    let step = deal.proposed_step(&motion, &calendar(), friday).unwrap();
    assert_eq!((step.text.as_str(), step.due), (motion.plays[0].next.as_str(), Some(day("2026-12-29"))));
    deal.next_step = Some(NextStep { due: None, ..step });
    assert_eq!(deal.proposed_step(&motion, &calendar(), friday), None, "it stands already");
    deal.stage = Stage::Qualified;
    assert!(deal.proposed_step(&motion, &calendar(), friday).is_some());
    deal.stage = Stage::Launched;
    assert_eq!(deal.proposed_step(&motion, &calendar(), friday), None);
}

#[test]
fn a_criterion_is_stored_beside_its_stage() {
    let criterion = Criterion { side: Side::Partner, text: "Partner sponsor named".to_owned() };
    let exit = Exit { stage: Stage::Qualified, criterion };
    let stored = serde_json::to_value(&exit).unwrap();
    assert_eq!(stored, serde_json::json!({"stage": "qualified", "side": "partner", "text": "Partner sponsor named"}));
}
