//! The first day of each reason, what puts it off, and that nothing changes before the next check.

use chrono::{Days, Duration};
use proptest::prelude::*;
use rstest::rstest;

use super::super::testing::{
    any_calendar, any_deal, any_policy, at, calendar, day, deal, registration, snooze, step, wait,
};
use super::*;
use crate::domain::deal::{Loss, LossReason, NextStep};

/// The default motion, and Prospect with a median of 12 days.
fn policy() -> StallPolicy {
    let median = Some(StageMedian { days: 12, deals: 5 });
    StallPolicy { medians: [median, None, None, None, None], ..StallPolicy::new(Motions::default()) }
}

fn judge(deal: &Deal, on: NaiveDate) -> Stall {
    stall(deal, &policy(), &calendar(), calendar().midnight(on) + Duration::hours(9))
}

/// The first day on which a cause holds, within a year.
fn first_day(deal: &Deal, cause: Cause) -> Option<NaiveDate> {
    day("2026-11-02").iter_days().take(365).find(|on| judge(deal, *on).causes().contains(&cause))
}

/// The deal of `testing::deal` was recorded on Monday, 2 November 2026. 16 November is 10 business days on, 23 November
/// 15, 27 November 19.
#[rstest]
#[case::the_last_day_of_a_registration_is_protected(Cause::RegistrationOver, Deal { registration: registration("2026-11-30"), ..deal() }, Some("2026-12-01"))]
#[case::not_registered(Cause::RegistrationOver, deal(), None)]
#[case::no_step_at_all(Cause::NoNextStep, deal(), Some("2026-11-04"))]
#[case::a_step_without_date(Cause::NoNextStep, Deal { next_step: step("2026-12-01").map(|s| NextStep { due: None, ..s }), ..deal() }, Some("2026-11-04"))]
#[case::a_dated_step(Cause::NoNextStep, Deal { next_step: step("2026-12-01"), ..deal() }, None)]
#[case::recorded_on_friday(Cause::NoNextStep, Deal { created_at: at("2026-11-06T17:00:00Z"), ..deal() }, Some("2026-11-10"))]
#[case::recorded_before_christmas(Cause::NoNextStep, Deal { created_at: at("2026-12-24T17:00:00Z"), ..deal() }, Some("2026-12-30"))]
#[case::due_day_is_not_overdue(Cause::StepOverdue, Deal { next_step: step("2026-11-05"), ..deal() }, Some("2026-11-06"))]
#[case::overdue_on_a_saturday(Cause::StepOverdue, Deal { next_step: step("2026-11-06"), ..deal() }, Some("2026-11-07"))]
#[case::close_day_is_not_past(Cause::ClosePast, Deal { close: Some(day("2026-11-30")), ..deal() }, Some("2026-12-01"))]
#[case::no_close(Cause::ClosePast, deal(), None)]
#[case::ten_usual_days(Cause::NoActivity, deal(), Some("2026-11-16"))]
#[case::five_usual_days(Cause::NoActivity, Deal { stage: Stage::Committed, ..deal() }, Some("2026-11-09"))]
#[case::activity_on_sunday(Cause::NoActivity, Deal { last_activity_at: at("2026-11-08T20:00:00Z"), ..deal() }, Some("2026-11-20"))]
#[case::holidays_do_not_count(Cause::NoActivity, Deal { last_activity_at: at("2026-12-21T09:00:00Z"), ..deal() }, Some("2027-01-07"))]
#[case::a_step_due_sooner_hastens_nothing(Cause::NoActivity, Deal { next_step: step("2026-11-05"), ..deal() }, Some("2026-11-16"))]
#[case::a_step_due_later_puts_it_off(Cause::NoActivity, Deal { next_step: step("2026-11-18"), ..deal() }, Some("2026-11-19"))]
#[case::but_for_fifteen_days_at_most(Cause::NoActivity, Deal { next_step: step("2026-12-20"), ..deal() }, Some("2026-11-23"))]
#[case::over_one_and_a_half_medians(Cause::SlowStage, deal(), Some("2026-11-27"))]
#[case::too_few_won_deals(Cause::SlowStage, Deal { stage: Stage::Qualified, ..deal() }, None)]
#[case::wait_over(Cause::WaitEnded, Deal { wait: wait("2026-11-12"), ..deal() }, Some("2026-11-12"))]
#[case::something_new_during_the_wait(Cause::WaitEnded, Deal { wait: wait("2026-11-12"), last_activity_at: at("2026-11-10T09:00:00Z"), ..deal() }, None)]
fn a_reason_has_its_first_day(#[case] cause: Cause, #[case] deal: Deal, #[case] first: Option<&str>) {
    assert_eq!(first_day(&deal, cause), first.map(day));
}

#[rstest]
#[case::wait(Deal { wait: wait("2026-11-20"), ..deal() })]
#[case::snooze(Deal { snooze: snooze("2026-11-20"), ..deal() })]
#[case::the_later_of_both(Deal { wait: wait("2026-11-06"), snooze: snooze("2026-11-20"), ..deal() })]
#[case::the_later_of_both_again(Deal { snooze: snooze("2026-11-06"), wait: wait("2026-11-20"), ..deal() })]
fn wait_and_snooze_put_off_all_but_a_past_close_and_an_expired_registration(#[case] quiet: Deal) {
    let deal = Deal { close: Some(day("2026-11-10")), registration: registration("2026-11-10"), ..quiet };
    assert_eq!(judge(&deal, day("2026-11-19")).causes(), [Cause::ClosePast, Cause::RegistrationOver]);
    let after = judge(&deal, day("2026-11-20")).causes();
    assert!(after.contains(&Cause::NoNextStep) && after.contains(&Cause::NoActivity), "{after:?}");
    assert_eq!(judge(&deal, day("2026-11-09")).next_check, Some(at("2026-11-11T00:00:00Z")));
    assert_eq!(judge(&deal, day("2026-11-12")).next_check, Some(at("2026-11-20T00:00:00Z")));
}

#[test]
fn reasons_carry_their_figures() {
    let deal =
        Deal { close: Some(day("2026-11-20")), next_step: step("2026-11-26"), wait: wait("2026-11-27"), ..deal() };
    let reason = |cause, days, usual| Reason { cause, days, usual };
    assert_eq!(
        judge(&deal, day("2026-11-30")).reasons,
        [
            reason(Cause::ClosePast, 10, None),
            reason(Cause::StepOverdue, 4, None),
            reason(Cause::WaitEnded, 3, None),
            reason(Cause::NoActivity, 20, Some(10)),
            reason(Cause::SlowStage, 20, Some(12)),
        ]
    );
}

#[test]
fn a_deal_touched_today_is_not_stalled() {
    let deal = Deal { next_step: step("2026-11-05"), ..deal() };
    let stall = judge(&deal, day("2026-11-02"));
    assert!(!stall.holds());
    assert_eq!(stall.next_check, Some(at("2026-11-06T00:00:00Z")), "the step is overdue then");
}

#[rstest]
#[case(Stage::Launched, None)]
#[case(Stage::ClosedLost, Some(Loss { reason: LossReason::Timing, detail: None }))]
fn a_closed_deal_is_never_stalled(#[case] stage: Stage, #[case] lost: Option<Loss>) {
    let deal = Deal { stage, lost, close: Some(day("2026-11-03")), ..deal() };
    assert_eq!(judge(&deal, day("2027-11-02")), Stall { reasons: Vec::new(), next_check: None });
}

#[test]
fn a_day_begins_at_midnight_of_the_workspace() {
    let deal = Deal { close: Some(day("2026-11-10")), next_step: step("2026-11-13"), ..deal() };
    let calendar = Calendar { zone: chrono_tz::Tz::America__New_York, ..calendar() };
    let causes = |now| stall(&deal, &policy(), &calendar, at(now)).causes();
    assert_eq!(causes("2026-11-11T04:59:59Z"), []);
    assert_eq!(causes("2026-11-11T05:00:00Z"), [Cause::ClosePast]);
}

#[test]
fn a_median_needs_five_won_deals() {
    assert_eq!(StageMedian::of(vec![4, 8, 12, 9]), None);
    assert_eq!(StageMedian::of(vec![4, 8, 12, 9, 30]), Some(StageMedian { days: 9, deals: 5 }));
}

/// Any instant within 120 days from 1 November 2026.
fn any_instant() -> impl Strategy<Value = Instant> {
    (0i64..120 * 24 * 60).prop_map(|minutes| at("2026-11-01T00:00:00Z") + Duration::minutes(minutes))
}

proptest! {
    #[test]
    fn nothing_but_day_counts_changes_before_the_next_check(
        deal in any_deal(), policy in any_policy(), calendar in any_calendar(), now in any_instant(), share in 0.0f64..1.0,
    ) {
        let judge = |at| stall(&deal, &policy, &calendar, at);
        let found = judge(now);
        let until = found.next_check.unwrap_or(now + Duration::days(1000));
        prop_assert!(until > now);
        let between = now + Duration::milliseconds(((until - now).num_milliseconds() as f64 * share) as i64);
        prop_assert_eq!(judge(between).causes(), found.causes());
        prop_assert_eq!(judge(until - Duration::milliseconds(1)).causes(), found.causes());
        if found.next_check.is_some() {
            prop_assert_ne!(judge(until).causes(), found.causes(), "a check that finds nothing is one too many");
        }
    }

    #[test]
    fn a_reason_that_holds_goes_on_holding(
        deal in any_deal(), policy in any_policy(), calendar in any_calendar(), now in any_instant(), days in 0u64..60,
    ) {
        let today = stall(&deal, &policy, &calendar, now);
        let later = stall(&deal, &policy, &calendar, now + Days::new(days)).causes();
        prop_assert!(today.causes().iter().all(|cause| later.contains(cause)));
    }
}
