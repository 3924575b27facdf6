//! The motion: the documented play, its stages, what each means and is worth, and what must be true to leave it. It has
//! versions: a deal keeps the one that it started on until it is moved to a newer one.

use serde::{Deserialize, Serialize};

use super::Instant;
use super::deal::Deal;
use super::id::MemberId;

mod default;
mod difference;
mod draft;
mod stage;

pub use difference::{Difference, differences};
pub use draft::{Edit, MOST_CRITERIA, edit};
pub use stage::Stage;

/// Whose part an exit criterion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Ours.
    Ours,
    /// The partner's.
    Partner,
}

/// What must be true to leave a stage. Its text is what it is known by: no stage has two of the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Whose part it is.
    pub side: Side,
    /// As a statement that is true or not yet, e.g. "Partner sponsor named".
    pub text: String,
}

/// What the motion says of one open stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Play {
    /// Chance of winning, in percent.
    pub probability: u8,
    /// Business days that a deal usually goes without activity in this stage before it counts as stalled.
    pub usual_days: u32,
    /// What it means that a deal is here.
    pub meaning: String,
    /// What must be true to leave it.
    pub criteria: Vec<Criterion>,
    /// What a rep does next in it: what is proposed as the next step.
    pub next: String,
}

/// The figures of one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageTerms {
    /// Chance of winning, in percent.
    pub probability: u8,
    /// Business days that a deal usually goes without activity in this stage before it counts as stalled.
    pub usual_days: u32,
}

/// Who made a version the one that new deals run, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Who.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// What changed and why, in their words.
    pub note: String,
}

/// One version of the play that a workspace runs, or the draft of the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Motion {
    /// Counts up from 1 with each publication.
    pub version: u32,
    /// The open stages, in the order of [`Stage::OPEN`].
    pub plays: [Play; 5],
    /// `None` for the one that every workspace starts with, and for a draft.
    pub published: Option<Publication>,
}

/// All versions that were published. There is always one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Motions {
    /// The one that new deals run.
    current: Motion,
    /// Those before it, oldest first. Deals still run them, and they are the motion's history.
    earlier: Vec<Motion>,
}

impl Motion {
    /// What it says of an open stage; `None` for an end.
    pub fn play(&self, stage: Stage) -> Option<&Play> {
        Stage::OPEN.iter().position(|s| *s == stage).map(|index| &self.plays[index])
    }

    /// The figures of a stage. An end has none: won is certain, lost is nothing, and neither stalls.
    pub fn terms(&self, stage: Stage) -> StageTerms {
        match self.play(stage) {
            Some(play) => StageTerms { probability: play.probability, usual_days: play.usual_days },
            None if stage == Stage::Launched => StageTerms { probability: 100, usual_days: 0 },
            None => StageTerms { probability: 0, usual_days: 0 },
        }
    }

    /// The exit criteria of a stage; none of an end.
    pub fn criteria(&self, stage: Stage) -> &[Criterion] {
        self.play(stage).map_or(&[], |play| &play.criteria)
    }
}

impl Motions {
    /// The version that new deals run.
    pub fn current(&self) -> &Motion {
        &self.current
    }

    /// All versions, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Motion> {
        std::iter::once(&self.current).chain(self.earlier.iter().rev())
    }

    /// The version that a deal runs. One whose publication was taken back is run no more: the current one takes its
    /// place.
    pub fn of(&self, deal: &Deal) -> &Motion {
        self.earlier.iter().find(|motion| motion.version == deal.motion_version).unwrap_or(&self.current)
    }

    /// The figures of a deal's stage, by the version that it runs.
    pub fn terms(&self, deal: &Deal) -> StageTerms {
        self.of(deal).terms(deal.stage)
    }

    /// The version that an open deal can be moved to; `None` when it runs the current one.
    pub fn newer_than(&self, deal: &Deal) -> Option<&Motion> {
        (deal.is_open() && self.of(deal).version < self.current.version).then_some(&self.current)
    }

    /// What a draft begins from, or would: the current version under the next number.
    pub fn begin_draft(&self) -> Motion {
        Motion { version: self.current.version + 1, published: None, ..self.current.clone() }
    }

    /// Makes a draft the version that new deals run.
    pub fn publish(&mut self, draft: Motion, publication: Publication) {
        let version = self.current.version + 1;
        let next = Motion { version, published: Some(publication), ..draft };
        self.earlier.push(std::mem::replace(&mut self.current, next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{at, deal};

    fn published(motions: &mut Motions, probability: u8) {
        let mut draft = motions.begin_draft();
        draft.plays[0].probability = probability;
        let publication = Publication { by: MemberId(9), at: at("2026-11-03T10:00:00Z"), note: "why".to_owned() };
        motions.publish(draft, publication);
    }

    #[test]
    fn a_deal_keeps_the_figures_of_the_version_that_it_started_on() {
        let mut motions = Motions::default();
        published(&mut motions, 15);
        published(&mut motions, 20);
        let of = |motion_version| motions.terms(&Deal { motion_version, ..deal() }).probability;
        assert_eq!([1, 2, 3].map(of), [10, 15, 20]);
        assert_eq!(of(4), 20, "a version that was taken back");
        let newer = |motion_version| motions.newer_than(&Deal { motion_version, ..deal() }).map(|m| m.version);
        assert_eq!([1, 2, 3].map(newer), [Some(3), Some(3), None]);
        assert_eq!(motions.newest_first().map(|m| m.version).collect::<Vec<_>>(), [3, 2, 1]);
        let won = Deal { motion_version: 1, stage: Stage::Launched, ..deal() };
        assert_eq!((motions.terms(&won).probability, motions.newer_than(&won)), (100, None));
    }

    #[test]
    fn versions_read_back_as_they_were_stored() {
        let mut motions = Motions::default();
        published(&mut motions, 15);
        let stored = serde_json::to_string(&motions).unwrap();
        assert_eq!(serde_json::from_str::<Motions>(&stored).unwrap(), motions);
    }

    #[test]
    fn every_stage_of_the_default_says_what_it_means_and_what_each_side_does() {
        let motion = Motion::default();
        for stage in Stage::OPEN {
            let play = motion.play(stage).unwrap();
            let of = |side: Side| play.criteria.iter().filter(|c| c.side == side).count();
            assert!(!play.meaning.is_empty() && !play.next.is_empty(), "{stage:?}");
            assert!(of(Side::Ours) > 0 && of(Side::Partner) > 0, "{stage:?}");
            assert!(play.next.chars().count() <= crate::domain::deal::limit::NEXT_STEP);
        }
        let figures = Stage::OPEN.map(|stage| (motion.terms(stage).probability, motion.terms(stage).usual_days));
        assert_eq!(figures, [(10, 10), (25, 10), (45, 15), (65, 10), (85, 5)]);
    }
}
