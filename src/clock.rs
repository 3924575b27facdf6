//! The only place that reads the time of day. Everything else is given `now`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::Utc;

use crate::domain::Instant;

/// Where `now` comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is set; for the sandbox and the tests.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at an instant.
    pub fn manual(at: Instant) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    /// The time, to the millisecond, which is what is stored.
    pub fn now(&self) -> Instant {
        let millis = match self {
            Clock::System => Utc::now().timestamp_millis(),
            Clock::Manual(at) => at.load(Ordering::SeqCst),
        };
        Instant::from_timestamp_millis(millis).expect("milliseconds of our own clock are in chrono's range")
    }

    /// Sets a manual clock, never back. The system's clock is not ours to set.
    pub fn set(&self, to: Instant) {
        if let Clock::Manual(at) = self {
            at.fetch_max(to.timestamp_millis(), Ordering::SeqCst);
        }
    }

    /// Whether time only passes when it is set.
    pub fn is_manual(&self) -> bool {
        matches!(self, Clock::Manual(_))
    }
}
