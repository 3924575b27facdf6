//! Exit criteria on a deal: which are met, which a lead passed over, and what is left to leave a stage. A criterion is
//! known by its stage and its text, so that one which a newer motion says in the same words carries over.

use serde::{Deserialize, Serialize};

use super::{Deal, NextStep};
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::id::MemberId;
use crate::domain::motion::{Criterion, Motion, Stage};

/// Business days in which a proposed next step is due.
const STEP_DUE: u32 = 5;

/// A criterion that is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// Of which stage.
    pub stage: Stage,
    /// Its text.
    pub text: String,
    /// Who said so.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
}

/// A criterion and the stage that it guards the way out of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// The stage.
    pub stage: Stage,
    /// What must be true.
    #[serde(flatten)]
    pub criterion: Criterion,
}

/// A lead's word that a deal goes on although some criteria are unmet. It covers the passage that it was given for, back
/// and forth; a deal that is opened again after its end has to earn that passage anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Where it went.
    pub to: Stage,
    /// What was passed over.
    pub passed: Vec<Exit>,
    /// Why.
    pub reason: String,
    /// The lead.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// Whether the deal was opened again since: it stays as what was done, and covers nothing any more.
    #[serde(default)]
    pub spent: bool,
}

/// A lead is asked to pass what is unmet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassAsked {
    /// On the way to which stage.
    pub to: Stage,
    /// Who asks.
    pub by: MemberId,
    /// Since when.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
}

/// How a criterion of the stage that a deal is in stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub criterion: Criterion,
    /// Whether it is settled, and how.
    pub state: State,
}

/// Whether a criterion is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is met.
    Met,
    /// A lead passed it over.
    Passed,
    /// It is neither.
    Unmet,
}

/// What becomes of a deal's criteria when it is moved to another version of the motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarryOver {
    /// Those that stay met, with the stage that they belong to there.
    pub kept: Vec<Met>,
    /// Those that were met and that the other version doesn't have.
    pub lost: Vec<Met>,
    /// What is left there to leave the deal's stage.
    pub left: Vec<Exit>,
}

impl Deal {
    /// When a criterion was met last.
    pub fn last_met_at(&self) -> Option<Instant> {
        self.met.iter().map(|met| met.at).max()
    }

    fn state(&self, stage: Stage, text: &str) -> State {
        let is_passed = |exit: &Exit| exit.stage == stage && exit.criterion.text == text;
        match () {
            _ if self.met.iter().any(|met| met.stage == stage && met.text == text) => State::Met,
            _ if self.waivers.iter().filter(|w| !w.spent).flat_map(|w| &w.passed).any(is_passed) => State::Passed,
            _ => State::Unmet,
        }
    }

    /// The criteria of the stage that it is in, in the motion's order; none of a deal that has ended.
    pub fn standing(&self, motion: &Motion) -> Vec<Standing> {
        let criteria = motion.criteria(self.stage).iter();
        criteria.map(|c| Standing { criterion: c.clone(), state: self.state(self.stage, &c.text) }).collect()
    }

    /// What is unmet, and was not passed over, on the way from its stage to another one: of each stage that it would
    /// leave. Winning leaves all that lie ahead. Going back or losing leaves nothing unfinished.
    pub fn unmet(&self, motion: &Motion, to: Stage) -> Vec<Exit> {
        let left = Stage::OPEN.into_iter().filter(|s| (self.stage..to).contains(s) && to != Stage::ClosedLost);
        let exits = left.flat_map(|stage| {
            motion.criteria(stage).iter().map(move |criterion| Exit { stage, criterion: criterion.clone() })
        });
        exits.filter(|exit| self.state(exit.stage, &exit.criterion.text) == State::Unmet).collect()
    }

    /// Whether it ran the motion: every exit criterion of the stages that it has left was met, and none passed over. `None`
    /// for one that was lost, and where there was none to meet yet: stages that it had left before an import are none.
    pub fn ran_motion(&self, motion: &Motion) -> Option<bool> {
        let first = self.imported_in.unwrap_or(Stage::Prospect);
        let left = Stage::OPEN.into_iter().filter(|stage| (first..self.stage).contains(stage));
        let left = left.filter(|_| self.stage != Stage::ClosedLost);
        let mut exits = left.flat_map(|stage| motion.criteria(stage).iter().map(move |criterion| (stage, criterion)));
        let first = exits.next()?;
        let mut all = std::iter::once(first).chain(exits);
        Some(all.all(|(stage, criterion)| self.state(stage, &criterion.text) == State::Met))
    }

    /// The criteria of its stage that are still missing from what somebody says is true, and those that are new in it.
    /// Both by text.
    pub fn tick(&mut self, motion: &Motion, ticked: &[String], by: MemberId, at: Instant) {
        let stage = self.stage;
        let of_stage: Vec<&str> = motion.criteria(stage).iter().map(|c| c.text.as_str()).collect();
        self.met
            .retain(|met| met.stage != stage || !of_stage.contains(&met.text.as_str()) || ticked.contains(&met.text));
        for text in of_stage.into_iter().filter(|text| ticked.iter().any(|t| t == text)) {
            if !self.met.iter().any(|met| met.stage == stage && met.text == text) {
                self.met.push(Met { stage, text: text.to_owned(), by, at });
            }
        }
        let settled = self.pass_asked.as_ref().is_some_and(|asked| self.unmet(motion, asked.to).is_empty());
        if settled {
            self.pass_asked = None;
        }
    }

    /// What its met criteria come to in another version: those with the same text stay met, of the same stage where it
    /// has them, else of the one that has them now.
    pub fn carry_over(&self, to: &Motion) -> CarryOver {
        let has = |stage: Stage, text: &str| to.criteria(stage).iter().any(|c| c.text == text);
        let mut carried = CarryOver { kept: Vec::new(), lost: Vec::new(), left: Vec::new() };
        for met in &self.met {
            let stage = [met.stage].into_iter().chain(Stage::OPEN).find(|stage| has(*stage, &met.text));
            match stage {
                Some(stage) => carried.kept.push(Met { stage, ..met.clone() }),
                None => carried.lost.push(met.clone()),
            }
        }
        let there = Deal { met: carried.kept.clone(), ..self.clone() };
        let next = Stage::ALL.into_iter().find(|stage| *stage > self.stage);
        carried.left = next.map(|next| there.unmet(to, next)).unwrap_or_default();
        carried
    }

    /// Moves it to another version of the motion.
    pub fn run_on(&mut self, motion: &Motion) {
        self.met = self.carry_over(motion).kept;
        self.motion_version = motion.version;
    }

    /// The next step that the motion proposes for its stage; `None` when that is what stands, or the deal has ended.
    pub fn proposed_step(&self, motion: &Motion, calendar: &Calendar, now: Instant) -> Option<NextStep> {
        let text = motion.play(self.stage).map(|play| play.next.clone())?;
        let stands = self.next_step.as_ref().is_some_and(|step| step.text == text);
        let due = calendar.add_business_days(calendar.day(now), STEP_DUE);
        (!stands && !text.is_empty()).then_some(NextStep { text, due: Some(due) })
    }
}

#[cfg(test)]
mod tests;
