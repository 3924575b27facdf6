//! When the next call may go: about 40 a second over all, none on a route that is used up, none at all while Discord
//! says so. Pure: it is told the time.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::app::courier::Trouble;

/// Discord takes 50 calls a second; other processes with the same token need some.
const STEP: Duration = Duration::from_millis(25);

/// The turns of one token's calls.
#[derive(Debug)]
pub(super) struct Pace {
    next: Instant,
    all_rest_until: Instant,
    rest_until: HashMap<String, Instant>,
}

/// What a call is told that asks for its turn.
#[derive(Debug, PartialEq)]
pub(super) enum Turn {
    /// It goes then. The turn is taken.
    Go(Instant),
    /// Its route rests until then; it asks again.
    AskAgain(Instant),
    /// Its route rests for longer than it can wait.
    No(Trouble),
}

impl Pace {
    pub fn new(now: Instant) -> Pace {
        Pace { next: now, all_rest_until: now, rest_until: HashMap::new() }
    }

    /// The turn of a call that can wait until the deadline.
    pub fn turn(&mut self, route: &str, now: Instant, deadline: Instant) -> Turn {
        let of_route = self.rest_until.get(route).copied().unwrap_or(now);
        let rests_until = of_route.max(self.all_rest_until);
        if rests_until > deadline {
            let global = self.all_rest_until > deadline;
            return Turn::No(Trouble::Limited { after: rests_until - now, global });
        }
        if rests_until > now {
            return Turn::AskAgain(rests_until);
        }
        let at = self.next.max(now);
        self.next = at + STEP;
        Turn::Go(at)
    }

    /// Takes note of what an answer said: that its route is used up for a while, or that it was a call too many.
    pub fn note(&mut self, route: &str, now: Instant, route_rests: Option<Duration>, trouble: Option<&Trouble>) {
        let limited = match trouble {
            Some(Trouble::Limited { after, global: true }) => {
                self.all_rest_until = self.all_rest_until.max(now + *after);
                None
            }
            Some(Trouble::Limited { after, .. }) => Some(*after),
            _ => None,
        };
        self.rest_until.retain(|_, until| *until > now);
        if let Some(rest) = limited.max(route_rests) {
            self.rest_until.insert(route.to_owned(), now + rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn limited(after: Duration, global: bool) -> Trouble {
        Trouble::Limited { after, global }
    }

    #[test]
    fn forty_calls_at_once_take_a_second() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        let turns: Vec<Turn> = (0..41).map(|n| pace.turn(&format!("route {n}"), now, now + 10 * SECOND)).collect();
        assert_eq!(turns[0], Turn::Go(now));
        assert_eq!(turns[40], Turn::Go(now + SECOND));
    }

    #[test]
    fn a_pause_saves_up_no_burst() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let later = start + 100 * SECOND;
        assert_eq!(pace.turn("a", later, later + SECOND), Turn::Go(later));
        assert_eq!(pace.turn("b", later, later + SECOND), Turn::Go(later + STEP));
    }

    #[test]
    fn a_route_that_is_used_up_rests_and_others_go_on() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        pace.note("a", now, Some(4 * SECOND), None);
        assert_eq!(pace.turn("a", now, now + 10 * SECOND), Turn::AskAgain(now + 4 * SECOND));
        assert_eq!(pace.turn("b", now, now + 10 * SECOND), Turn::Go(now));
        let after = now + 4 * SECOND;
        assert_eq!(pace.turn("a", after, now + 10 * SECOND), Turn::Go(after));
    }

    #[test]
    fn a_long_rest_is_told_instead_of_waited_for() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        pace.note("a", now, Some(SECOND), Some(&limited(60 * SECOND, false)));
        assert_eq!(pace.turn("a", now + SECOND, now + 11 * SECOND), Turn::No(limited(59 * SECOND, false)));
    }

    #[test]
    fn a_global_limit_stops_every_route() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        pace.note("a", now, None, Some(&limited(2 * SECOND, true)));
        assert_eq!(pace.turn("b", now, now + 10 * SECOND), Turn::AskAgain(now + 2 * SECOND));
        pace.note("a", now, None, Some(&limited(20 * SECOND, true)));
        assert_eq!(pace.turn("b", now, now + 10 * SECOND), Turn::No(limited(20 * SECOND, true)));
    }

    #[test]
    fn routes_are_forgotten_once_they_may_be_used_again() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        for n in 0..1_000 {
            pace.note(&format!("route {n}"), now, Some(SECOND), None);
        }
        pace.note("another", now + 2 * SECOND, None, None);
        assert!(pace.rest_until.is_empty());
    }
}
