//! Says that an action is done, or drops it with a reason.

use super::UseCase;
use super::change::Change;
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::id::ItemId;
use crate::domain::item::{Ended, Item, TEXT};
use crate::domain::refusal::{Problem, Why};
use crate::error::Failure;

/// Ends an action.
#[derive(Debug, Clone)]
pub struct EndAction {
    /// Which.
    pub action: ItemId,
    /// How.
    pub how: How,
}

/// How an action ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// It is done.
    Done,
    /// It isn't done any more; why, as typed.
    Dropped(String),
}

impl UseCase for EndAction {
    type Outcome = Item;

    async fn run(self, change: &mut Change<'_>) -> Result<Item, Failure> {
        change.allow(Needed::Any)?;
        let found = change.workspace.find_item(self.action).await?;
        let mut item = found.filter(|item| item.assignee().is_some() && !item.withdrawn).ok_or(Problem::Stale)?;
        let assignee = change.find_member(item.assignee().unwrap_or(item.by)).await?;
        let today = change.today();
        let stands_in = assignee.as_ref().is_some_and(|member| member.cover_on(today) == Some(change.actor.id));
        if !change.access.lead && !stands_in && !item.answers_to(change.actor.id) {
            let ask = assignee.map(|member| member.user);
            return Err(Problem::NotAllowed { needed: Needed::AssigneeOrLead, ask }.into());
        }
        if !item.open {
            return Err(Problem::Stale.into());
        }
        let why = match &self.how {
            How::Done => None,
            How::Dropped(typed) => {
                let why = change.read_text("why", Some(typed), TEXT)?;
                Some(why.ok_or(Problem::Missing { option: "why", why: Why::Always })?)
            }
        };
        let ended = Ended { by: change.actor.id, at: change.now, why };
        change.edit(&mut item, EventKind::Ended, None, |item| item.end(ended))?;
        change.refresh_running(item.review).await?;
        Ok(item)
    }
}
