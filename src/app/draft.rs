//! Drafts: what a person typed and was not saved. Kept for a day, for them alone, so that nobody types a thing twice.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::import_deals::Staged;
use super::record_deal::RecordDeal;
use super::{App, Caller, UseCase};
use crate::domain::id::InteractionId;
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Draft {
    /// A deal to record.
    Deal(Box<RecordDeal>),
    /// What stood in a form, by the form's own id: pairs of input and text.
    Form {
        /// The form's id, as it came.
        id: String,
        /// Pairs of input id and text.
        typed: Vec<(String, String)>,
    },
    /// A file's rows that are to be imported.
    Import(Box<Staged>),
    /// A message that is to become a note, once it is said of which deal.
    Note {
        /// The note's text.
        text: String,
    },
}

/// What a change does to drafts.
#[derive(Debug)]
pub(super) enum DraftWrite {
    /// Keeps one.
    Keep(InteractionId, Draft),
    /// Takes one away.
    Drop(InteractionId),
}

/// Keeps a draft under the id of the interaction that brought it, or in the place of its older state.
#[derive(Debug, Clone)]
pub struct KeepDraft {
    /// The draft's id.
    pub id: InteractionId,
    /// What was typed.
    pub draft: Draft,
}

impl UseCase for KeepDraft {
    type Outcome = InteractionId;

    async fn run(self, change: &mut Change<'_>) -> Result<InteractionId, Failure> {
        change.keep_draft(self.id, self.draft);
        Ok(self.id)
    }
}

impl App {
    /// A person's draft; stale once it was saved or its day is over.
    pub async fn find_draft(&self, caller: &Caller, id: InteractionId) -> Result<Draft, Failure> {
        let mut workspace = self.store.read(caller.guild).await?;
        let found = workspace.find_draft(caller.person.user, id, self.now()).await?;
        found.ok_or_else(|| Problem::Stale.into())
    }
}
