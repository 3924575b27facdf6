//! Changes the draft of the motion: `/motion stage`, `/motion criterion`, and the controls on a draft's page. The first
//! change begins a draft from what is published.

use super::UseCase;
use super::change::{Change, Edited};
use crate::domain::access::Needed;
use crate::domain::deal::limit::NEXT_STEP;
use crate::domain::motion::{Criterion, Edit, Side, Stage, edit};
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// The longest meaning of a stage, in characters.
pub const MEANING: usize = 500;
/// The longest criterion.
pub const CRITERION: usize = 120;

/// A change of one stage.
#[derive(Debug, Clone)]
pub struct EditMotion {
    /// Which.
    pub stage: Stage,
    /// What changes.
    pub what: What,
}

/// What changes, as typed.
#[derive(Debug, Clone)]
pub enum What {
    /// What the stage is worth and means; what is `None` stays.
    Stage {
        /// Chance of winning, in percent.
        probability: Option<u8>,
        /// Usual business days.
        usual_days: Option<u32>,
        /// What it means.
        meaning: Option<String>,
        /// What a rep does next.
        next: Option<String>,
    },
    /// Another criterion.
    Add {
        /// Whose.
        side: Side,
        /// Its text.
        text: String,
    },
    /// Something about the criterion at a place, seen when the settings had a version.
    Criterion {
        /// The place.
        at: usize,
        /// What.
        what: OnCriterion,
        /// The settings' version.
        seen: i64,
    },
}

/// What happens to a criterion.
#[derive(Debug, Clone)]
pub enum OnCriterion {
    /// Other words.
    Reword(String),
    /// It is the other side's.
    SwapSide,
    /// It is taken out.
    Remove,
}

/// Puts the draft away, seen when the settings had a version.
#[derive(Debug, Clone)]
pub struct DiscardDraft {
    /// The settings' version.
    pub seen: i64,
}

impl UseCase for EditMotion {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        change.allow(Needed::Lead)?;
        let draft = change.settings.motion_draft.clone();
        let mut draft = draft.unwrap_or_else(|| change.settings.motions.begin_draft());
        let before = draft.clone();
        let made = self.what.read(change, draft.criteria(self.stage))?;
        edit(&mut draft, self.stage, made)?;
        if draft == before {
            return Err(Problem::NothingToDo.into());
        }
        change.edit_settings(|settings| settings.motion_draft = Some(draft))?;
        Ok(())
    }
}

impl What {
    fn read(self, change: &Change<'_>, criteria: &[Criterion]) -> Result<Edit, Failure> {
        match self {
            What::Stage { probability, usual_days, meaning, next } => {
                let mut problems = Problems::default();
                let mut text = |option, typed: Option<String>, limit| {
                    problems.take(change.read_text(option, typed.as_deref(), limit)).flatten()
                };
                let (meaning, next) = (text("meaning", meaning, MEANING), text("next", next, NEXT_STEP));
                problems.finish()?;
                Ok(Edit::Stage { probability, usual_days, meaning, next })
            }
            What::Add { side, text } => Ok(Edit::Add(Criterion { side, text: words(change, &text)? })),
            What::Criterion { seen, .. } if seen != change.settings.version => Err(Problem::ChangedMeanwhile.into()),
            What::Criterion { at, what: OnCriterion::Remove, .. } => Ok(Edit::Remove(at)),
            What::Criterion { at, what: OnCriterion::Reword(text), .. } => {
                let side = criteria.get(at).ok_or(Problem::Stale)?.side;
                Ok(Edit::Change(at, Criterion { side, text: words(change, &text)? }))
            }
            What::Criterion { at, what: OnCriterion::SwapSide, .. } => {
                let Criterion { side, text } = criteria.get(at).ok_or(Problem::Stale)?.clone();
                let side = if side == Side::Ours { Side::Partner } else { Side::Ours };
                Ok(Edit::Change(at, Criterion { side, text }))
            }
        }
    }
}

/// One line that shows something.
fn words(change: &Change<'_>, typed: &str) -> Result<String, Problem> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = change.read_text("text", Some(&line), CRITERION)?;
    text.ok_or(Problem::Missing { option: "text", why: Why::Always })
}

impl UseCase for DiscardDraft {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        change.allow(Needed::Lead)?;
        if self.seen != change.settings.version {
            return Err(Problem::ChangedMeanwhile.into());
        }
        match change.edit_settings(|settings| settings.motion_draft = None)? {
            Edited::Yes => Ok(()),
            Edited::No => Err(Problem::NoDraft.into()),
        }
    }
}

#[cfg(test)]
mod tests;
