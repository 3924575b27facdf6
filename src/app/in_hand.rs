//! What the process has in hand, and how it comes to its end: first it takes nothing more, later it waits for Discord no
//! longer.

use std::sync::Arc;

use tokio::sync::watch;

/// Interactions that were taken and are not done, and how far the end has come. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct InHand(Arc<watch::Sender<State>>);

#[derive(Debug, Default)]
struct State {
    taken: usize,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd)]
enum Phase {
    #[default]
    Open,
    Closed,
    Hurried,
}

/// Something that is in hand until this is dropped.
#[derive(Debug)]
pub struct Taken(InHand);

impl InHand {
    /// Takes something in hand; `None` once nothing more is taken.
    pub fn take(&self) -> Option<Taken> {
        let taken = self.0.send_if_modified(|state| {
            let is_open = state.phase == Phase::Open;
            state.taken += usize::from(is_open);
            is_open
        });
        taken.then(|| Taken(self.clone()))
    }

    /// Takes nothing more.
    pub fn close(&self) {
        self.go_on_to(Phase::Closed);
    }

    /// Has whoever waits for Discord wait no longer.
    pub fn hurry(&self) {
        self.go_on_to(Phase::Hurried);
    }

    /// Whether nothing more is taken.
    pub fn is_closed(&self) -> bool {
        self.0.borrow().phase >= Phase::Closed
    }

    /// How much is in hand.
    pub fn count(&self) -> usize {
        self.0.borrow().taken
    }

    /// Waits until nothing is in hand.
    pub async fn done(&self) {
        self.wait_for(|state| state.taken == 0).await;
    }

    /// Waits until nobody waits for Discord any more.
    pub async fn hurried(&self) {
        self.wait_for(|state| state.phase == Phase::Hurried).await;
    }

    fn go_on_to(&self, phase: Phase) {
        self.0.send_modify(|state| state.phase = phase);
    }

    async fn wait_for(&self, holds: impl FnMut(&State) -> bool) {
        let mut changes = self.0.subscribe();
        changes.wait_for(holds).await.map(drop).expect("the sender is held by self");
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.0.send_modify(|state| state.taken -= 1);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn what_is_in_hand_is_waited_for_and_nothing_more_is_taken() {
        let in_hand = InHand::default();
        let (first, second) = (in_hand.take().expect("open"), in_hand.take().expect("open"));
        in_hand.close();
        assert!(in_hand.take().is_none() && in_hand.is_closed());
        drop(first);
        assert_eq!((in_hand.count(), in_hand.done().now_or_never()), (1, None));
        drop(second);
        assert_eq!((in_hand.count(), in_hand.done().now_or_never()), (0, Some(())));
        assert_eq!(in_hand.hurried().now_or_never(), None);
        in_hand.hurry();
        assert_eq!(in_hand.hurried().now_or_never(), Some(()));
    }
}
