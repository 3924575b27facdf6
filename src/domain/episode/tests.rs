//! Stories of stalls: how they open, climb, end and come back, and what snoozes they allow.

use chrono::{Datelike, Duration, NaiveTime};
use proptest::prelude::*;
use rstest::rstest;

use super::super::calendar;
use super::super::testing::{any_calendar, any_deal, any_policy, at, day, deal, snooze, step, wait};
use super::*;
use crate::domain::deal::criteria::Met;
use crate::domain::motion::{Motions, Stage};
use crate::domain::stall::{StallPolicy, stall};

/// A deal whose every change is followed by a check at 09:00 London time, and that is checked when it asks for it.
struct Story {
    deal: Deal,
    calendar: Calendar,
    episode: Option<Episode>,
    next_check: Option<Instant>,
    told: Vec<(NaiveDate, u32, u8)>,
}

impl Story {
    /// Recorded on Monday, 2 November 2026, with a next step due on the 6th.
    fn new() -> Story {
        let deal = Deal { next_step: step("2026-11-06"), ..deal() };
        let mut story =
            Story { deal, calendar: super::super::testing::calendar(), episode: None, next_check: None, told: vec![] };
        story.check(at("2026-11-02T10:00:00Z"));
        story
    }

    fn check(&mut self, now: Instant) {
        let stall = stall(&self.deal, &StallPolicy::new(Motions::default()), &self.calendar, now);
        let advance = told_at_once(self.episode.take(), &self.deal, &stall, &self.calendar, now);
        let today = self.calendar.day(now);
        self.told.extend(advance.due.map(|due| (today, due.episode, due.level.into())));
        (self.episode, self.next_check) = (advance.episode, advance.next_check);
    }

    /// Lets the days pass up to 09:00 of a day, then changes the deal.
    fn on(mut self, date: &str, change: impl FnOnce(&mut Deal, Instant)) -> Story {
        let now = morning(&self.calendar, day(date));
        self = self.until(now);
        change(&mut self.deal, now);
        self.check(now);
        self
    }

    fn until(mut self, now: Instant) -> Story {
        while let Some(next) = self.next_check.filter(|next| *next <= now) {
            self.check(next);
        }
        self
    }

    /// What was told by the end of a day, each level of an episode once: (day of the month, episode, level).
    fn told_by(self, date: &str) -> Vec<(u32, u32, u8)> {
        let story = self.until(at(&format!("{date}T23:00:00Z")));
        let mut told = story.told;
        let mut before = std::collections::BTreeSet::new();
        told.retain(|(_, episode, level)| before.insert((*episode, *level)));
        told.into_iter().map(|(day, episode, level)| (day.day(), episode, level)).collect()
    }
}

/// Carries an episode on, with its people told the moment they are to be.
fn told_at_once(latest: Option<Episode>, deal: &Deal, stall: &Stall, calendar: &Calendar, now: Instant) -> Advance {
    let mut advanced = advance(latest, deal, stall, calendar, now);
    let Some(episode) = advanced.episode.as_mut().filter(|episode| episode.told_at.is_none()) else { return advanced };
    episode.told_at = advanced.due.map(|_| now);
    Advance { due: advanced.due, ..advance(advanced.episode, deal, stall, calendar, now) }
}

fn morning(calendar: &Calendar, day: NaiveDate) -> Instant {
    calendar::instant(calendar.zone, day, NaiveTime::from_hms_opt(9, 0, 0).expect("a time"))
}

/// Sets the next step's date: an activity.
fn due(date: &'static str) -> impl FnOnce(&mut Deal, Instant) {
    move |deal, now| {
        deal.next_step = step(date);
        deal.last_activity_at = now;
    }
}

fn snoozed(until: &'static str) -> impl FnOnce(&mut Deal, Instant) {
    move |deal, _| {
        deal.snooze = snooze(until);
        deal.snoozes += 1;
    }
}

fn moved_to(stage: Stage) -> impl FnOnce(&mut Deal, Instant) {
    move |deal, now| (deal.stage, deal.stage_since, deal.last_activity_at) = (stage, now, now)
}

#[test]
fn a_stall_opens_an_episode_and_climbs() {
    // The step is overdue from Saturday, 7 November; who is told then hears of it on Monday, the 9th.
    assert_eq!(Story::new().told_by("2026-11-06"), []);
    assert_eq!(Story::new().told_by("2026-12-31"), [(7, 1, 1), (12, 1, 2), (19, 1, 3)]);
}

#[test]
fn a_level_waits_for_the_one_below_to_be_told_and_counts_from_there() {
    let mut story = Story::new().until(at("2026-11-07T00:00:00Z"));
    let tell = |story: &mut Story, told: Option<&str>| {
        let episode = story.episode.as_mut().expect("an episode");
        episode.told_at = told.map(at);
        story.check(at(told.unwrap_or("2026-11-07T09:00:00Z")));
    };
    tell(&mut story, None);
    story = story.until(at("2026-11-17T09:00:00Z"));
    assert_eq!(story.told, [(day("2026-11-07"), 1, 1)], "its owner was pinged for something else all week");
    tell(&mut story, Some("2026-11-17T09:00:00Z"));
    assert_eq!(story.told_by("2026-11-20"), [(7, 1, 1), (20, 1, 2)]);

    let mut silent = Story::new().until(at("2026-11-07T00:00:00Z"));
    tell(&mut silent, None);
    assert_eq!(silent.told_by("2026-11-20"), [(7, 1, 1), (19, 1, 2)], "no longer than five business days");
}

#[test]
fn it_ends_when_no_reason_holds() {
    let story = Story::new().on("2026-11-10", due("2026-11-20"));
    let episode = story.episode.as_ref().expect("an episode");
    assert_eq!(episode.ended_at(), Some(at("2026-11-10T09:00:00Z")));
    assert_eq!(episode.started_by, [Cause::StepOverdue]);
    assert_eq!(story.next_check, Some(at("2026-11-21T00:00:00Z")), "the new step is overdue then; no ladder before");
}

#[test]
fn moving_the_date_every_week_does_not_buy_silence() {
    let story = Story::new().on("2026-11-09", due("2026-11-13")).on("2026-11-16", due("2026-11-20"));
    let story = story.on("2026-11-23", due("2026-11-27"));
    assert_eq!(story.told_by("2026-11-30"), [(7, 1, 1), (14, 1, 2), (23, 1, 3)]);
}

#[rstest]
#[case::within_ten_business_days("2026-11-20", (21, 1, 2))]
#[case::on_the_tenth("2026-11-23", (24, 1, 2))]
#[case::after_the_tenth("2026-11-24", (25, 2, 1))]
fn an_episode_goes_on_for_ten_business_days(#[case] until: &'static str, #[case] told: (u32, u32, u8)) {
    let story = Story::new().on("2026-11-10", due(until));
    assert_eq!(story.told_by("2026-11-25"), [(7, 1, 1), told]);
}

#[test]
fn a_criterion_that_was_met_in_between_starts_afresh() {
    let met = || {
        Story::new().on("2026-11-10", |deal, now| {
            let (stage, text, by) = (deal.stage, "Customer contact spoken to".to_owned(), deal.owner);
            deal.met.push(Met { stage, text, by, at: now });
            due("2026-11-13")(deal, now);
        })
    };
    assert_eq!(met().told_by("2026-11-16"), [(7, 1, 1), (14, 2, 1)]);
    let unticked = met().on("2026-11-16", |deal, now| {
        deal.met.clear();
        due("2026-11-20")(deal, now);
    });
    assert_eq!(unticked.told_by("2026-11-21").last(), Some(&(21, 2, 2)), "what is no longer met is no progress");
}

#[test]
fn a_stage_change_starts_afresh() {
    let story = Story::new().on("2026-11-10", |deal, now| {
        moved_to(Stage::Qualified)(deal, now);
        due("2026-11-13")(deal, now);
    });
    assert_eq!(story.told_by("2026-11-16"), [(7, 1, 1), (14, 2, 1)]);
}

#[test]
fn a_stage_change_that_leaves_it_stalled_is_no_new_start() {
    let story = Story::new().on("2026-11-10", moved_to(Stage::Qualified)).on("2026-11-11", due("2026-11-13"));
    assert_eq!(story.told_by("2026-11-16"), [(7, 1, 1), (14, 1, 2)]);
}

#[test]
fn a_level_is_due_again_when_it_comes_back_before_the_next_one() {
    let story = Story::new().on("2026-11-07", due("2026-11-07")).until(at("2026-11-09T09:00:00Z"));
    assert_eq!(story.told, [(day("2026-11-07"), 1, 1), (day("2026-11-08"), 1, 1)]);
}

#[test]
fn a_snooze_silences_and_its_end_is_heard() {
    let story = Story::new().on("2026-11-09", snoozed("2026-11-23"));
    assert_eq!(story.told_by("2026-11-23"), [(7, 1, 1), (23, 1, 2)]);
}

#[test]
fn two_snoozes_in_a_row_do_not_start_afresh() {
    let story = Story::new().on("2026-11-09", snoozed("2026-11-23")).on("2026-11-20", snoozed("2026-12-04"));
    assert_eq!(story.told_by("2026-12-04"), [(7, 1, 1), (4, 1, 2)]);
}

#[test]
fn a_long_wait_that_ends_with_nothing_new_goes_on() {
    let story = Story::new().on("2026-11-10", |deal, now| {
        deal.wait = wait("2026-12-14").map(|wait| crate::domain::deal::Wait { since: now, ..wait });
    });
    assert_eq!(story.told_by("2026-12-14"), [(7, 1, 1), (14, 1, 2)]);
}

#[test]
fn a_wait_long_after_the_end_does_not_wake_an_old_episode() {
    let story = Story::new().on("2026-11-10", due("2026-12-18")).on("2026-11-20", due("2026-12-18"));
    let story = story.on("2026-12-02", due("2026-12-18")).on("2026-12-10", |deal, now| {
        deal.wait = wait("2026-12-14").map(|wait| crate::domain::deal::Wait { since: now, ..wait });
    });
    assert_eq!(story.told_by("2026-12-14"), [(7, 1, 1), (14, 2, 1)]);
}

#[test]
fn a_past_close_climbs_through_any_snooze() {
    let story = Story::new().on("2026-11-05", |deal, now| {
        deal.close = Some(day("2026-11-08"));
        snoozed("2026-11-19")(deal, now);
    });
    assert_eq!(story.told_by("2026-11-18"), [(9, 1, 1), (12, 1, 2)]);
}

#[test]
fn winning_ends_it_and_reopening_starts_afresh() {
    let story = Story::new().on("2026-11-10", moved_to(Stage::Launched)).on("2026-11-11", moved_to(Stage::Qualified));
    assert_eq!(story.told_by("2026-11-11"), [(7, 1, 1), (11, 2, 1)]);
}

#[test]
fn a_check_that_comes_late_climbs_one_level() {
    let mut story = Story::new();
    story.check(at("2026-11-09T09:00:00Z"));
    story.check(at("2026-12-14T09:00:00Z"));
    assert_eq!(story.told_by("2026-12-31"), [(9, 1, 1), (14, 1, 2), (21, 1, 3)]);
}

#[test]
fn twice_at_an_instant_is_once() {
    let mut story = Story::new();
    let now = at("2026-11-12T09:00:00Z");
    for _ in 0..2 {
        story.check(at("2026-11-07T00:00:00Z"));
    }
    story.check(now);
    let episode = story.episode.clone();
    story.check(now);
    assert_eq!(story.episode, episode);
    assert_eq!(story.told.len(), 2);
}

const OWNER: Access = Access { admin: false, lead: false, finance: false, rep: true };
const LEAD: Access = Access { lead: true, ..OWNER };

fn problems(story: &Story, access: Access, now: &str, until: &str) -> Vec<Problem> {
    let (calendar, today) = (&story.calendar, story.calendar.day(at(now)));
    let of_the_day = snooze_day_problem(day(until), calendar, today);
    of_the_day.into_iter().chain(snooze_problem(story.episode.as_ref(), &story.deal, access, calendar, today)).collect()
}

#[test]
fn an_owner_snoozes_twice_an_episode_and_then_only_the_lead() {
    let story = Story::new().on("2026-11-09", snoozed("2026-11-11"));
    assert_eq!(problems(&story, OWNER, "2026-11-11T09:00:00Z", "2026-11-13"), []);
    let story = story.on("2026-11-11", snoozed("2026-11-13")).on("2026-11-13", |_, _| {});
    let twice = [Problem::SnoozedTwice { deal: story.deal.number }];
    assert_eq!(problems(&story, OWNER, "2026-11-13T09:00:00Z", "2026-11-16"), twice);
    assert_eq!(problems(&story, LEAD, "2026-11-13T09:00:00Z", "2026-11-16"), []);
    assert_eq!(story.episode.as_ref().map(|e| e.snoozes(&story.deal)), Some(2));
}

#[test]
fn a_new_episode_has_its_own_snoozes() {
    let story = Story::new().on("2026-11-09", snoozed("2026-11-11")).on("2026-11-11", snoozed("2026-11-13"));
    let story = story.on("2026-11-13", |deal, now| {
        moved_to(Stage::Qualified)(deal, now);
        due("2026-11-17")(deal, now);
    });
    assert_eq!(problems(&story, OWNER, "2026-11-16T09:00:00Z", "2026-11-18"), []);
    let story = story.on("2026-11-18", |_, _| {});
    assert_eq!(problems(&story, OWNER, "2026-11-18T09:00:00Z", "2026-11-20"), []);
}

#[test]
fn a_snooze_ahead_counts_for_the_episode_that_it_puts_off() {
    let story = Story::new().on("2026-11-05", snoozed("2026-11-19")).on("2026-11-18", snoozed("2026-11-20"));
    assert!(story.episode.is_none());
    assert_eq!(problems(&story, OWNER, "2026-11-19T09:00:00Z", "2026-11-25").len(), 1);
    let story = story.on("2026-11-20", |_, _| {});
    assert_eq!(story.episode.as_ref().map(|e| e.snoozes(&story.deal)), Some(2));
}

#[rstest]
#[case::yesterday("2026-11-08", Some(DateRule::AfterToday))]
#[case::today("2026-11-09", Some(DateRule::AfterToday))]
#[case::tomorrow("2026-11-10", None)]
#[case::ten_business_days("2026-11-23", None)]
#[case::eleven("2026-11-24", Some(DateRule::Within(10)))]
fn a_snooze_ends_within_ten_business_days(#[case] until: &str, #[case] rule: Option<DateRule>) {
    let expected: Vec<_> =
        rule.map(|rule| Problem::BadDate { option: "until", date: day(until), rule }).into_iter().collect();
    assert_eq!(problems(&Story::new(), LEAD, "2026-11-09T09:00:00Z", until), expected);
}

#[test]
fn a_wait_lasts_ten_business_days_when_no_date_is_given() {
    assert_eq!(wait_until(&Story::new().calendar, day("2026-12-18")), day("2027-01-06"));
}

#[test]
fn an_episode_is_stored_and_read() {
    let story = Story::new().on("2026-11-10", due("2026-11-20"));
    let stored = serde_json::to_string(&story.episode).expect("JSON");
    assert_eq!(serde_json::from_str::<Option<Episode>>(&stored).expect("an episode"), story.episode);
}

proptest! {
    /// A sweep that reads only what is due sees what one sees that reads everything every hour.
    #[test]
    fn checks_that_were_not_asked_for_change_nothing(
        deal in any_deal(), policy in any_policy(), calendar in any_calendar(), start in 0i64..100 * 24,
    ) {
        let start = at("2026-11-01T00:00:00Z") + Duration::hours(start);
        let judge =
            |episode, now| told_at_once(episode, &deal, &stall(&deal, &policy, &calendar, now), &calendar, now);
        let mut asked = judge(None, start);
        let mut hourly = asked.clone();
        for hour in 1..30 * 24 {
            let now = start + Duration::hours(hour);
            let mut due = None;
            while let Some(next) = asked.next_check.filter(|next| *next <= now) {
                asked = judge(asked.episode, next);
                due = asked.due;
            }
            hourly = judge(hourly.episode, now);
            prop_assert_eq!(hourly.due, due, "at {}", now);
            prop_assert_eq!(hourly.next_check, asked.next_check);
            prop_assert_eq!(hourly.episode.as_ref().map(|e| (e.number, e.level)), asked.episode.as_ref().map(|e| (e.number, e.level)));
        }
    }
}
