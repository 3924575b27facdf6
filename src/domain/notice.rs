//! What rides in a person's digest beside stalls. Its value is its key in the store, so that each is told once; whatever
//! else is to ride there (a registration that runs out, an action) becomes another variant.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::attribution::ClassGap;
use super::deal::Deal;
use super::id::{DealNumber, HandoverId, MemberId, ReviewId};

/// One thing that a person is told of once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// A deal's class is undecided, for whoever answers for the deal.
    ClassGap {
        /// Which deal.
        deal: DealNumber,
        /// How pressing it is.
        gap: ClassGap,
    },
    /// A review is coming, for somebody who answers for stalled deals of it.
    Collection {
        /// Which review.
        review: ReviewId,
        /// Which of its occurrences, Unix milliseconds.
        starts_at: i64,
        /// Who.
        member: MemberId,
    },
    /// Answers to a handover are overdue, for the lead who started it; told on each day until they are there.
    Handover {
        /// Which.
        handover: HandoverId,
        /// On which day.
        on: NaiveDate,
    },
    /// What a deal pays its owner is another sum than they were told. Theirs alone: whoever stands in is not told.
    Pay {
        /// Whom it pays. Stands first, so that the keys of one person's lie together.
        owner: MemberId,
        /// Which deal.
        deal: DealNumber,
    },
}

impl Notice {
    /// That what a deal pays its owner has changed.
    pub fn pay(deal: &Deal) -> Notice {
        Notice::Pay { owner: deal.owner, deal: deal.number }
    }
}

/// A notice with the one whose digest carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// What.
    pub notice: Notice,
    /// Who.
    pub member: MemberId,
}
