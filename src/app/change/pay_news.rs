//! Which owners a change owes word of their pay: those whose deal pays another sum by it, or is another's by it. Whoever
//! makes the change for themselves is told in its answer.

use std::collections::BTreeMap;

use super::Change;
use crate::domain::deal::Deal;
use crate::domain::event::{Event, Subject, Tracked};
use crate::domain::incentive::news_in;
use crate::domain::notice::Notice;
use crate::error::Failure;

pub(super) fn owed(change: &Change<'_>) -> Result<Vec<Notice>, Failure> {
    let mut notices = Vec::new();
    let comp = &change.settings.comp;
    let mut by_deal: BTreeMap<Subject, Vec<Event>> = BTreeMap::new();
    for event in change.events.iter().filter(|_| !comp.is_empty()) {
        by_deal.entry(event.subject).or_default().push(event.clone());
    }
    let deals = change.states.iter().filter(|(subject, _)| subject.kind == Deal::KIND && !comp.is_empty());
    for (subject, state) in deals {
        let deal: Deal = serde_json::from_value(state.clone())?;
        let own = by_deal.get(subject).map_or(&[][..], Vec::as_slice);
        if deal.owner != change.actor.id && news_in(&deal, own, comp, change.today())?.is_some() {
            notices.push(Notice::pay(&deal));
        }
    }
    Ok(notices)
}
