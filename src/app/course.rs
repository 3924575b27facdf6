//! The course of time under a manual clock: from one instant at which something is due to the next.

use super::App;
use crate::domain::Instant;
use crate::error::Failure;

/// What is done at an instant may make more due at it, but not for ever.
const PASSES: usize = 100;

/// Time that passes up to an instant.
pub struct Course<'a> {
    app: &'a App,
    to: Instant,
    last: Option<Instant>,
    passes: usize,
}

impl App {
    /// Lets time pass up to an instant.
    pub fn course(&self, to: Instant) -> Course<'_> {
        Course { app: self, to, last: None, passes: 0 }
    }
}

impl Course<'_> {
    /// Sets the clock to the next instant at which something is due, which is then to be done. `None`, and the clock at its
    /// end, when nothing more is. What is due still after it was done is an error: time would stand still.
    pub async fn next(&mut self) -> Result<Option<Instant>, Failure> {
        let Some(due) = self.app.store.next_due().await?.filter(|due| *due <= self.to) else {
            self.app.clock.set(self.to);
            return Ok(None);
        };
        let again = self.last.replace(due) == Some(due);
        self.passes = if again { self.passes + 1 } else { 0 };
        if self.passes > PASSES || (again && due < self.app.now()) {
            return Err(anyhow::anyhow!("what is due at {due} is not done by doing it; the log has why").into());
        }
        self.app.clock.set(due);
        Ok(Some(self.app.now()))
    }
}
