//! How a deal changes, and what a change brings along: what is counted, and which wait or snooze is over with it.

use chrono::NaiveDate;

use super::{Deal, Loss, NextStep, Snooze, Wait};
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::id::MemberId;
use crate::domain::motion::Stage;

impl NextStep {
    /// Whether `next` in its place moves it rather than follows it: the same step for later, or anything once it is
    /// overdue. A step that is marked as done first is never moved.
    pub fn is_moved_by(&self, next: Option<&NextStep>, today: NaiveDate) -> bool {
        let Some(due) = self.due else { return false };
        let later = next.is_some_and(|n| n.text == self.text && n.due.is_none_or(|d| d > due));
        later || due < today
    }
}

impl Deal {
    /// Puts a next step in the place of the one that stands, and counts it if that was moved. Whoever says what happens
    /// next, and when, waits for nobody and rests no more.
    pub fn put_next_step(&mut self, step: Option<NextStep>, today: NaiveDate) {
        if self.next_step.as_ref().is_some_and(|old| old.is_moved_by(step.as_ref(), today)) {
            self.next_step_moves += 1;
        }
        if step.as_ref().is_some_and(|step| step.due.is_some()) {
            self.resume();
        }
        self.next_step = step;
    }

    /// The next step is done: nothing is owed until there is another one.
    pub fn finish_step(&mut self) {
        self.next_step = None;
        self.resume();
    }

    /// Sets the expected close, and counts it if it slipped.
    pub fn put_close(&mut self, close: Option<NaiveDate>) {
        if let (Some(old), Some(new)) = (self.close, close)
            && new > old
        {
            self.close_slips += 1;
        }
        self.close = close;
    }

    /// Moves it to another open stage, which answers whether a lead may pass what is unmet.
    pub fn move_to(&mut self, stage: Stage, now: Instant) {
        self.stage = stage;
        self.pass_asked = None;
        self.stage_since = now;
        self.resume();
    }

    /// The first day that a win may be said to be of: the current fiscal quarter's first, since a deal is often recorded
    /// once it is won, or the day of its record where that was before. A day before both would add to a closed period
    /// that was reported without the deal, and a closed period reprints the same (rule 8). A day in one that the deal
    /// was open in is allowed, because the contract shows it; it is known from when the win's event was recorded, and
    /// so it counts as an adjustment then.
    pub fn earliest_win(&self, calendar: &Calendar, today: NaiveDate) -> NaiveDate {
        calendar.day(self.created_at).min(calendar.period(today).start)
    }

    /// Wins it.
    pub fn win(&mut self, on: NaiveDate, now: Instant) {
        self.move_to(Stage::Launched, now);
        self.closed_on = Some(on);
    }

    /// Loses it.
    pub fn lose(&mut self, loss: Loss, on: NaiveDate, now: Instant) {
        self.move_to(Stage::ClosedLost, now);
        self.closed_on = Some(on);
        self.lost = Some(loss);
    }

    /// Opens it again, in a stage. What leads passed over so far led to an end that is none; nobody passed it for the next.
    pub fn reopen(&mut self, stage: Stage, now: Instant) {
        self.move_to(stage, now);
        self.waivers.iter_mut().for_each(|waiver| waiver.spent = true);
        self.closed_on = None;
        self.lost = None;
    }

    /// Gives it to another owner, who has not said no to it yet, is not their own backup, and answers for what the last
    /// one claimed.
    pub fn hand_to(&mut self, owner: MemberId) {
        self.pass_claims(self.owner, owner);
        self.owner = owner;
        self.declined_at = None;
        self.backup = self.backup.filter(|backup| *backup != owner);
    }

    /// Gives the standing deputy's role to somebody, who answers for what the last one claimed.
    pub fn hand_backup_to(&mut self, backup: MemberId) {
        if let Some(before) = self.backup.replace(backup) {
            self.pass_claims(before, backup);
        }
    }

    /// Somebody else has the next move.
    pub fn wait(&mut self, wait: Wait) {
        self.wait = Some(wait);
    }

    /// Puts its reminders off, which is counted.
    pub fn put_off(&mut self, snooze: Snooze) {
        self.snooze = Some(snooze);
        self.snoozes += 1;
    }

    fn resume(&mut self) {
        self.wait = None;
        self.snooze = None;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::testing::{calendar, day, deal, snooze, step, wait};

    fn named(text: &str, due: Option<&str>) -> NextStep {
        NextStep { text: text.to_owned(), due: due.map(day) }
    }

    #[rstest]
    #[case::same_step_later("call them", Some("2026-11-20"), true)]
    #[case::same_step_without_a_date("call them", None, true)]
    #[case::same_step_earlier("call them", Some("2026-11-12"), false)]
    #[case::another_step("send the offer", Some("2026-11-20"), false)]
    fn a_step_that_is_not_overdue_is_moved_by_itself_for_later_only(
        #[case] text: &str,
        #[case] due: Option<&str>,
        #[case] moved: bool,
    ) {
        let old = named("call them", Some("2026-11-13"));
        assert_eq!(old.is_moved_by(Some(&named(text, due)), day("2026-11-13")), moved);
    }

    #[test]
    fn an_overdue_step_is_moved_by_whatever_takes_its_place() {
        let old = named("call them", Some("2026-11-13"));
        assert!(old.is_moved_by(Some(&named("send the offer", Some("2026-11-20"))), day("2026-11-14")));
        assert!(old.is_moved_by(None, day("2026-11-14")));
        assert!(!named("call them", None).is_moved_by(None, day("2026-11-14")), "it had no date to miss");
    }

    #[test]
    fn a_dated_step_ends_a_wait_and_a_step_that_is_done_is_not_moved() {
        let mut deal =
            Deal { wait: wait("2026-12-01"), snooze: snooze("2026-12-01"), next_step: step("2026-11-06"), ..deal() };
        deal.put_next_step(Some(named("send the offer", None)), day("2026-11-05"));
        assert!(deal.wait.is_some() && deal.snooze.is_some(), "without a date nobody has said when");
        deal.put_next_step(step("2026-11-10"), day("2026-11-05"));
        assert_eq!((deal.wait.as_ref(), deal.snooze.as_ref(), deal.next_step_moves), (None, None, 0));
        deal.finish_step();
        deal.put_next_step(step("2026-11-20"), day("2026-11-12"));
        assert_eq!(deal.next_step_moves, 0);
    }

    #[test]
    fn only_a_later_close_is_a_slip() {
        let mut deal = deal();
        for close in [Some("2026-12-01"), Some("2026-11-20"), None, Some("2026-12-24"), Some("2027-01-15")] {
            deal.put_close(close.map(day));
        }
        assert_eq!(deal.close_slips, 1);
    }

    #[rstest]
    #[case::recorded_after_the_win("2026-12-20", "2026-10-01")]
    #[case::recorded_in_an_earlier_quarter("2026-08-14", "2026-08-14")]
    fn a_win_is_of_this_quarter_or_since_the_record(#[case] recorded: &str, #[case] earliest: &str) {
        let deal = Deal { created_at: format!("{recorded}T12:00:00Z").parse().expect("an instant"), ..deal() };
        assert_eq!(deal.earliest_win(&calendar(), day("2026-12-21")), day(earliest));
    }

    #[test]
    fn whoever_takes_a_deal_over_answers_for_its_claims_until_they_are_confirmed() {
        let answerer = |deal: &Deal| deal.class().answerer();
        let [rita, lena, ben] = [1, 8, 9].map(MemberId);
        let mut deal = Deal { owner: rita, attributed_by: rita, ..deal() };
        deal.hand_to(lena);
        deal.hand_to(ben);
        assert_eq!(answerer(&deal), ben, "through the acting owner");
        deal.hand_to(rita);
        assert_eq!((answerer(&deal), deal.claim.taken_over_by), (rita, None), "it is hers again");
        let mut of_another = Deal { owner: rita, attributed_by: lena, ..deal.clone() };
        of_another.hand_to(ben);
        assert_eq!(answerer(&of_another), lena, "she claimed it without owning the deal");
        let mut confirmed = Deal { claim: crate::domain::testing::confirmed(), ..deal.clone() };
        confirmed.hand_to(ben);
        assert_eq!(answerer(&confirmed), rita, "nothing is asked any more");
        deal.backup = Some(lena);
        deal.attributed_by = lena;
        deal.hand_backup_to(ben);
        assert_eq!((deal.backup, answerer(&deal)), (Some(ben), ben));
    }

    #[test]
    fn a_backup_who_takes_over_is_no_backup_any_more() {
        let mut deal = Deal { backup: Some(MemberId(2)), ..deal() };
        deal.hand_to(MemberId(2));
        assert_eq!((deal.owner, deal.backup), (MemberId(2), None));
    }
}
