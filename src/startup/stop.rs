//! The end of a running bot, in order and in time: nothing new is taken, what is in hand is finished, the file is closed.
//! A supervisor kills a process that takes too long, ten seconds by most of their defaults, so each step has its latest
//! moment, and what was left behind is said. Nothing that was answered is ever left behind: its commit was durable before.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::Bot;

/// The gateway is left by then. Discord's answer to that is not worth more.
const LEFT: Duration = Duration::from_secs(2);
/// Whoever waits for Discord stops: an answer that was not taken is told later, a message is sent again by the next process.
const HURRIED: Duration = Duration::from_secs(5);
/// What is not finished by then is left.
const GIVEN_UP: Duration = Duration::from_secs(8);
/// The file is closed by then, or left as it is: SQLite recovers it.
const ENDED: Duration = Duration::from_secs(9);

impl Bot {
    /// Stops taking work, finishes what is in hand, and closes the file; after ten seconds at most it has ended.
    pub async fn stop(&self) {
        let began = Instant::now();
        let in_hand = &self.app.in_hand;
        tracing::info!(interactions = in_hand.count(), "stopping: what is in hand is finished first");
        let is_left = timeout_at(began + LEFT, self.shards.shutdown_all()).await.is_ok();
        self.connection.abort();
        in_hand.close();
        let is_finished = tokio::select! {
            finished = timeout_at(began + GIVEN_UP, self.finish()) => finished.is_ok(),
            never = self.hurry_at(began + HURRIED) => match never {},
        };
        let left = in_hand.count();
        let is_closed = timeout_at(began + ENDED, self.app.store.close()).await.is_ok();
        let duration_ms = began.elapsed().as_millis();
        match is_left && is_finished && is_closed {
            true => tracing::info!(duration_ms, "stopped in order: all that was in hand is finished"),
            false => tracing::warn!(
                duration_ms,
                interactions = left,
                gateway_left = is_left,
                work_finished = is_finished,
                file_closed = is_closed,
                "stopped in time and not in order: interactions that are left were not answered"
            ),
        }
    }

    /// Waits for interactions, the tick and the delivery that are at it.
    async fn finish(&self) {
        tokio::join!(self.app.in_hand.done(), self.metronome.stop());
    }

    async fn hurry_at(&self, at: Instant) -> Infallible {
        sleep_until(at).await;
        self.app.in_hand.hurry();
        pending().await
    }
}
