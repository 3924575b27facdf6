//! One's own work: the open deals that somebody answers for today, and the order in which they go through them.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::Instant;
use super::calendar::Calendar;
use super::deal::Deal;
use super::episode::Episode;
use super::id::{DealNumber, MemberId};
use super::ladder::Level;
use super::member::Presence;
use super::stall::{Reason, quiet_until};

/// A next step that is due within so many business days is due soon.
const SOON: u32 = 5;

/// An open deal with what decides its place.
#[derive(Debug, Clone)]
pub struct Task {
    /// The deal.
    pub deal: Deal,
    /// Why it is stalled; empty when it is not.
    pub reasons: Vec<Reason>,
    /// Its latest episode.
    pub episode: Option<Episode>,
}

/// Where a task stands: earlier variants first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The highest level first, then the longest stalled, then the largest.
    Stalled(Reverse<Option<Level>>, Instant, Reverse<Option<i64>>),
    /// A next step is due soon: the soonest first.
    Due(NaiveDate),
    /// The soonest close first, then the largest.
    Running(NaiveDate, Reverse<Option<i64>>),
    /// Put off by a wait or a snooze: the first to be over first.
    Resting(NaiveDate),
}

/// Whether somebody answers for a deal today: as its owner, or as its backup or as the owner's cover while the owner
/// is not there.
pub fn answers_for(member: MemberId, deal: &Deal, presence: impl Fn(MemberId) -> Presence) -> bool {
    let backs_up = deal.backup == Some(member);
    deal.owner == member
        || match presence(deal.owner) {
            Presence::Here => false,
            Presence::Away { cover } => backs_up || cover == member,
            Presence::Gone => backs_up,
        }
}

/// Sorts tasks, the most urgent first.
pub fn order(tasks: &mut [Task], calendar: &Calendar, now: Instant) {
    let today = calendar.day(now);
    let soon = calendar.add_business_days(today, SOON);
    tasks.sort_by_cached_key(|task| (place(task, today, soon), task.deal.number));
}

fn place(task: &Task, today: NaiveDate, soon: NaiveDate) -> Place {
    let deal = &task.deal;
    let due = deal.next_step.as_ref().and_then(|step| step.due).filter(|due| *due <= soon);
    let rests_until = quiet_until(deal).filter(|until| *until > today);
    match (task.reasons.is_empty(), rests_until, due) {
        (false, _, _) => {
            let running = task.episode.as_ref().filter(|episode| episode.is_open());
            let since = running.map_or(Instant::MAX_UTC, |episode| episode.opened_at);
            Place::Stalled(Reverse(running.map(|episode| episode.level)), since, Reverse(deal.amount))
        }
        (true, Some(until), _) => Place::Resting(until),
        (true, None, Some(due)) => Place::Due(due),
        (true, None, None) => Place::Running(deal.close.unwrap_or(NaiveDate::MAX), Reverse(deal.amount)),
    }
}

/// Which way somebody turns in a run-through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// ▶
    Next,
    /// ◀
    Previous,
}

/// Where a turn leads, from a deal that stood at an index when it was shown; `None` is past the last one. What was done
/// to the deal may have moved it or taken it away: then what followed it stands in its place.
pub fn turned(deals: &[DealNumber], shown: DealNumber, index: usize, turn: Turn) -> Option<usize> {
    let stayed = deals.get(index) == Some(&shown);
    let to = match turn {
        Turn::Next if stayed => index + 1,
        Turn::Next => index,
        Turn::Previous => index.min(deals.len()).saturating_sub(1),
    };
    (to < deals.len()).then_some(to)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::stall::Cause;
    use super::super::testing::{at, calendar, day, deal, snooze, step};
    use super::*;

    const ME: MemberId = MemberId(1);
    const OTHER: MemberId = MemberId(2);

    #[rstest]
    #[case::owner(ME, None, Presence::Here, true)]
    #[case::owner_though_away(ME, None, Presence::Away { cover: OTHER }, true)]
    #[case::backup_of_somebody_here(OTHER, Some(ME), Presence::Here, false)]
    #[case::backup_of_somebody_away(OTHER, Some(ME), Presence::Away { cover: MemberId(3) }, true)]
    #[case::backup_of_somebody_gone(OTHER, Some(ME), Presence::Gone, true)]
    #[case::cover(OTHER, None, Presence::Away { cover: ME }, true)]
    #[case::stranger(OTHER, Some(MemberId(3)), Presence::Away { cover: MemberId(3) }, false)]
    fn one_answers_for_ones_own_and_for_those_whose_owner_is_not_there(
        #[case] owner: MemberId,
        #[case] backup: Option<MemberId>,
        #[case] there: Presence,
        #[case] mine: bool,
    ) {
        let deal = Deal { owner, backup, ..deal() };
        assert_eq!(answers_for(ME, &deal, |_| there), mine);
    }

    fn task(number: i64, deal: Deal) -> Task {
        Task { deal: Deal { number: DealNumber(number), ..deal }, reasons: Vec::new(), episode: None }
    }

    fn stalled(number: i64, level: Level, opened: &str, amount: i64) -> Task {
        let opened_at = at(opened);
        let episode = Episode {
            number: 1,
            opened_at,
            started_by: vec![Cause::NoActivity],
            level,
            level_at: opened_at,
            told_at: None,
            ended: None,
            stage_since: opened_at,
            met_at: None,
            snoozes_before: 0,
        };
        let reasons = vec![Reason { cause: Cause::NoActivity, days: 1, usual: None }];
        Task { reasons, episode: Some(episode), ..task(number, Deal { amount: Some(amount), ..deal() }) }
    }

    #[test]
    fn what_is_owed_comes_first_and_what_rests_last() {
        let mut tasks = vec![
            task(1, Deal { snooze: snooze("2026-11-12"), next_step: step("2026-11-06"), ..deal() }),
            task(2, deal()),
            task(3, Deal { close: Some(day("2026-12-15")), ..deal() }),
            task(4, Deal { next_step: step("2026-11-17"), ..deal() }),
            task(5, Deal { next_step: step("2026-11-10"), ..deal() }),
            task(6, Deal { next_step: step("2026-11-30"), close: Some(day("2026-12-01")), ..deal() }),
            stalled(7, Level::First, "2026-11-04T09:00:00Z", 100),
            stalled(8, Level::Second, "2026-11-09T09:00:00Z", 100),
            stalled(9, Level::First, "2026-11-04T09:00:00Z", 900),
            stalled(10, Level::First, "2026-11-03T09:00:00Z", 100),
        ];
        order(&mut tasks, &calendar(), at("2026-11-10T10:00:00Z"));
        let numbers: Vec<i64> = tasks.iter().map(|task| task.deal.number.0).collect();
        assert_eq!(numbers, [8, 10, 9, 7, 5, 4, 6, 3, 2, 1]);
    }

    #[test]
    fn a_turn_goes_on_from_where_the_deal_stood_though_it_moved() {
        let deals = [3, 1, 2].map(DealNumber);
        let to = |shown: i64, index, turn| turned(&deals, DealNumber(shown), index, turn);
        assert_eq!(to(3, 0, Turn::Next), Some(1));
        assert_eq!(to(1, 1, Turn::Previous), Some(0));
        assert_eq!(to(2, 2, Turn::Next), None, "past the last");
        assert_eq!(to(2, 0, Turn::Next), Some(0), "it went to the end: what followed it is first now");
        assert_eq!(to(9, 1, Turn::Next), Some(1), "it is gone");
        assert_eq!(to(9, 1, Turn::Previous), Some(0));
        assert_eq!(to(0, 7, Turn::Previous), Some(2), "fewer by now");
        assert_eq!(turned(&[], DealNumber(3), 0, Turn::Previous), None);
    }
}
