//! When whoever has an action to do is told of it: on the day on which it is due, and once more when that is some days
//! ago. Neither comes before the hour of a digest, nor with what was noted or given to them after it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::item::Item;
use super::notice::{Notice, OwedNotice};

/// Business days after its day on which an action that is still open is told of once more.
const OVERDUE_AFTER: u32 = 3;

/// How pressing an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pressing {
    /// It is due: today, or since a day that was no business day.
    Due,
    /// It has been due for some days.
    Overdue,
}

/// What is owed of an item today: nothing of what is no open action, or not due yet. A first reminder that could not be
/// given on its day is owed until it is, or until the second one takes its place.
pub fn owed(item: &Item, calendar: &Calendar, today: NaiveDate) -> Option<OwedNotice> {
    let (due, member) = item.due().zip(item.assignee()).filter(|_| item.open)?;
    let first = calendar.business_day_from(due);
    let pressing = match today {
        _ if today < first => return None,
        _ if today < calendar.add_business_days(first, OVERDUE_AFTER) => Pressing::Due,
        _ => Pressing::Overdue,
    };
    let notice = Notice::Action { item: item.id, due, member, pressing };
    Some(OwedNotice { notice, since: item.given_at() })
}

/// Whether a notice is still worth telling of an item: it is open, and whose it was.
pub fn holds(notice: &Notice, item: &Item) -> bool {
    matches!(notice, Notice::Action { item: of, due, member, .. }
        if *of == item.id && item.open && item.due() == Some(*due) && item.assignee() == Some(*member))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::{ItemId, MemberId};
    use crate::domain::item::Ended;
    use crate::domain::testing::{action, at, calendar, day, topic};

    const RITA: MemberId = MemberId(3);

    /// Friday, 25 December 2026 and Monday, the 28th are no business days.
    #[rstest]
    #[case::before("2026-11-20", "2026-11-19", None)]
    #[case::on_its_day("2026-11-20", "2026-11-20", Some(Pressing::Due))]
    #[case::not_told_on_its_day("2026-11-20", "2026-11-24", Some(Pressing::Due))]
    #[case::three_business_days_after("2026-11-20", "2026-11-25", Some(Pressing::Overdue))]
    #[case::on_a_weekend("2026-11-21", "2026-11-21", None)]
    #[case::the_business_day_after_it("2026-11-21", "2026-11-23", Some(Pressing::Due))]
    #[case::on_a_holiday("2026-12-25", "2026-12-28", None)]
    #[case::the_business_day_after_that("2026-12-25", "2026-12-29", Some(Pressing::Due))]
    #[case::three_more("2026-12-25", "2027-01-04", Some(Pressing::Overdue))]
    fn an_action_is_told_on_its_day_and_once_more_three_business_days_later(
        #[case] due: &str,
        #[case] today: &str,
        #[case] expected: Option<Pressing>,
    ) {
        let owed = owed(&action(1, RITA, due), &calendar(), day(today));
        let notice = |pressing| Notice::Action { item: ItemId(1), due: day(due), member: RITA, pressing };
        assert_eq!(owed.map(|owed| owed.notice), expected.map(notice));
    }

    #[test]
    fn what_has_ended_or_is_somebody_else_s_is_told_no_more() {
        let action = action(1, RITA, "2026-11-20");
        let told = owed(&action, &calendar(), day("2026-11-20")).expect("it is due").notice;
        assert!(holds(&told, &action));
        let mut given = action.clone();
        given.hand_to(MemberId(4), at("2026-11-20T10:00:00Z"));
        assert!(!holds(&told, &given), "another's");
        let mut done = action.clone();
        done.end(Ended { by: RITA, at: at("2026-11-20T10:00:00Z"), why: None });
        assert!(!holds(&told, &done) && owed(&done, &calendar(), day("2026-11-23")).is_none());
        assert!(owed(&topic(1, None), &calendar(), day("2026-11-23")).is_none(), "nobody is reminded of a topic");
    }

    #[rstest]
    #[case::noted_before_the_hour("2026-11-20T08:00:00Z", true)]
    #[case::noted_after_it("2026-11-20T10:30:00Z", false)]
    fn what_came_after_the_hour_waits_for_the_next_one(#[case] since: &str, #[case] ripe: bool) {
        let mut action = action(1, RITA, "2026-11-20");
        action.hand_to(MemberId(4), at(since));
        let owed = owed(&action, &calendar(), day("2026-11-20")).expect("it is due");
        let hour = Some(at("2026-11-20T09:00:00Z"));
        assert_eq!(owed.notice.is_ripe(owed.since, hour, &calendar(), day("2026-11-20")), ripe);
    }
}
