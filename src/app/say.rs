//! The words of what is not an answer, found when an outbox row is first claimed.

use super::App;
use crate::domain::Instant;
use crate::error::Failure;
use crate::render::message::Message;
use crate::store::outbox::Claimed;

impl App {
    /// What a row says now; `None` when there is nothing to say any more.
    pub(super) async fn words(&self, row: &Claimed, now: Instant) -> Result<Option<Message>, Failure> {
        let _ = (row, now);
        Ok(None)
    }
}
