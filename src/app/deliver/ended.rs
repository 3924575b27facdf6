//! How a try to deliver ended, and what follows from that for its row.

use chrono::Duration;

use crate::app::courier::Trouble;
use crate::domain::Instant;
use crate::domain::outgoing::{Destination, Posted};
use crate::domain::workspace::Settings;
use crate::store::outbox::{Claimed, Delivery};

/// Discord's codes for what was deleted.
pub const UNKNOWN_CHANNEL: u32 = 10_003;
pub const UNKNOWN_MESSAGE: u32 = 10_008;
/// After it was tried for this long a message is given up and shown in doctor.
const GIVE_UP: Duration = Duration::hours(24);

/// How a try ended.
#[derive(Debug, Clone)]
pub struct Ended {
    pub delivery: Delivery,
    /// Discord's words, when the destination is gone or closed.
    pub lost: Option<String>,
    /// Where it stands, when that is not where the row goes to.
    pub posted: Option<Posted>,
    /// Whether it is dropped because it came too late to be of use.
    pub is_too_late: bool,
}

impl Ended {
    pub fn of(delivery: Delivery) -> Ended {
        Ended { delivery, lost: None, posted: None, is_too_late: false }
    }

    pub fn too_late() -> Ended {
        Ended { is_too_late: true, ..Ended::of(Delivery::Dropped("it came too late".to_owned())) }
    }

    /// A digest whose person has closed their direct messages is said in the nudge channel instead.
    pub fn rerouted(mut self, row: &Claimed, settings: &Settings) -> Ended {
        if let (Some(_), Destination::Direct(_), Some(channel)) = (&self.lost, row.to, settings.nudge_channel) {
            self.delivery = Delivery::Reroute(channel);
        }
        self
    }
}

/// What a failed call means for its row.
pub fn after(row: &Claimed, trouble: Trouble, now: Instant) -> Ended {
    let retry = |wait: Duration| Delivery::Retry { at: now + wait, reason: trouble.to_string() };
    let delivery = match &trouble {
        _ if is_given_up(row, now) => Delivery::Parked(format!("given up after a day: {trouble}")),
        Trouble::Unknown(_) => retry(back_off(row.attempts)),
        // Somebody deleted what was to be edited.
        Trouble::Refused { code: UNKNOWN_MESSAGE, .. } => Delivery::Dropped(trouble.to_string()),
        Trouble::Refused { .. } => Delivery::Parked(trouble.to_string()),
        Trouble::Limited { after, .. } => retry(Duration::from_std(*after).unwrap_or(Duration::seconds(5))),
    };
    let lost = match &trouble {
        // Channel or server gone, no access, no permission, thread archived, direct messages closed.
        Trouble::Refused { code: 10003 | 10004 | 50001 | 50013 | 50083 | 50007 | 50278, message, .. } => {
            Some(message.clone())
        }
        _ => None,
    };
    Ended { lost, ..Ended::of(delivery) }
}

/// Whether a row was tried for too long. One that waited for days while the process was down was not.
pub fn is_given_up(row: &Claimed, now: Instant) -> bool {
    let tried = || (0..row.attempts).map(back_off).sum::<Duration>();
    now - row.created_at > GIVE_UP && tried() > GIVE_UP
}

/// 5 s, 10 s, 20 s … at most 10 minutes.
pub fn back_off(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(0, 7)).unwrap_or(7);
    Duration::seconds(5 * 2_i64.pow(doublings)).min(Duration::minutes(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_come_ever_later_up_to_ten_minutes() {
        let waits: Vec<i64> = (0..9).map(|n| back_off(n).num_seconds()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
    }
}
