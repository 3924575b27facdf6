//! Which owners a change owes word of their pay: those whose deal pays another sum by it, or is another's by it. Whoever
//! makes the change for themselves is told in its answer.

use super::Change;
use crate::domain::deal::Deal;
use crate::domain::event::{Event, Tracked};
use crate::domain::incentive::news_in;
use crate::domain::notice::Notice;
use crate::error::Failure;

pub(super) fn owed(change: &Change<'_>) -> Result<Vec<Notice>, Failure> {
    let mut notices = Vec::new();
    let comp = &change.settings.comp;
    let deals = change.states.iter().filter(|(subject, _)| subject.kind == Deal::KIND && !comp.is_empty());
    for (subject, state) in deals {
        let deal: Deal = serde_json::from_value(state.clone())?;
        let own: Vec<Event> = change.events.iter().filter(|event| event.subject == *subject).cloned().collect();
        if deal.owner != change.actor.id && news_in(&deal, &own, comp, change.today())?.is_some() {
            notices.push(Notice::pay(&deal));
        }
    }
    Ok(notices)
}
