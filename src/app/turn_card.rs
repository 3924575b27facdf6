//! Goes on to another card of a running review.

use super::UseCase;
use super::change::Change;
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::id::MeetingId;
use crate::domain::meeting::Card;
use crate::domain::refusal::Problem;
use crate::domain::work::Turn;
use crate::error::Failure;

/// Turns the card on a meeting's post.
#[derive(Debug, Clone)]
pub struct TurnCard {
    /// Which meeting.
    pub meeting: MeetingId,
    /// Where to.
    pub to: To,
}

/// Where a meeting goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// Beside the card that the person saw. Where another one stands by now, somebody was faster, and it stays: two who
    /// press at once turn one card.
    Beside(Option<Card>, Turn),
    /// At a card that was picked.
    Card(Card),
}

impl UseCase for TurnCard {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        change.allow(Needed::Any)?;
        let mut meeting = change.workspace.find_meeting(self.meeting).await?.ok_or(Problem::Stale)?;
        let posted = change.workspace.find_post(meeting.review, meeting.starts_at).await?.ok_or(Problem::Stale)?;
        if meeting.runs() {
            let actor = change.actor.id;
            let to = match self.to {
                To::Card(card) => Some(card),
                To::Beside(seen, turn) if seen == meeting.shown => meeting.beside(turn),
                To::Beside(..) => meeting.shown,
            };
            change.edit(&mut meeting, EventKind::CardTurned, None, |meeting| {
                meeting.shown = to;
                meeting.acted.insert(actor);
            })?;
        }
        change.show_on_post(meeting.id, posted);
        Ok(())
    }
}
