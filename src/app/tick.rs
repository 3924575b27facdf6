//! What is done by the clock: one pass over everything that is due at an instant. A pass that is cut short is taken up
//! by the next one, because each step marks what it did in the same commit.

use super::App;
use crate::domain::Instant;
use crate::error::Failure;

impl App {
    /// Goes on with what is done in parts, checks the deals that are due, looks up owners, hands digests, ended
    /// meetings' minutes and agendas to the outbox.
    pub async fn tick(&self, now: Instant) -> Result<(), Failure> {
        let began = tokio::time::Instant::now();
        let outcome = self.do_what_is_due(now).await;
        metrics::histogram!("cosell_sweep_seconds").record(began.elapsed());
        outcome
    }

    async fn do_what_is_due(&self, now: Instant) -> Result<(), Failure> {
        self.go_on_with_parts().await?;
        self.check_stalls(now).await?;
        self.send_digests(now).await?;
        self.end_meetings(now).await?;
        self.post_agendas(now).await
    }
}
