//! The health of a program as `/program health` shows it, and the deals that stand behind each of its figures.

use super::{Reason, ReasonKind, Verdict};
use crate::domain::card::Named;
use crate::domain::departure::Departure;
use crate::domain::id::{DealNumber, PartnerId};
use crate::domain::period::Period;

/// Which of the deals behind a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Those that are not as they should be.
    Failing,
    /// Those that are.
    Holding,
}

/// A figure that opens to its deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthFigure {
    /// Of which reason.
    pub kind: ReasonKind,
    /// Which of its deals.
    pub side: Side,
}

impl HealthFigure {
    /// All of them, in the order in which they are told.
    pub fn all() -> impl Iterator<Item = HealthFigure> {
        let sides = [Side::Failing, Side::Holding];
        ReasonKind::ALL.into_iter().flat_map(move |kind| sides.map(|side| HealthFigure { kind, side }))
    }

    /// What a select sends back.
    pub fn key(self) -> String {
        let side = if self.side == Side::Failing { "failing" } else { "holding" };
        format!("{}_{side}", self.kind.key())
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<HealthFigure> {
        HealthFigure::all().find(|figure| figure.key() == key)
    }
}

/// What goes at risk with the one whose departure would cost most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtRisk {
    /// Who.
    pub who: Named,
    /// What.
    pub departure: Departure,
}

/// The health of a program as `/program health` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCard {
    /// Which quarter was asked about.
    pub period: Period,
    /// Since when won deals count.
    pub window: Period,
    /// The partner that it is narrowed to.
    pub partner: Option<(PartnerId, String)>,
    /// What the reasons come to.
    pub verdict: Verdict,
    /// The reasons, in the order of [`ReasonKind::ALL`].
    pub reasons: Vec<Reason>,
    /// The name of the partner that brings most.
    pub top_partner: Option<String>,
    /// Whose departure would cost most; for leads alone.
    pub at_risk: Option<AtRisk>,
}

impl HealthCard {
    /// The deals behind a figure.
    pub fn deals(&self, figure: HealthFigure) -> &[DealNumber] {
        let reason = self.reasons.iter().find(|reason| reason.kind == figure.kind);
        reason.map_or(&[], |reason| match figure.side {
            Side::Failing => &reason.failing,
            Side::Holding => &reason.holding,
        })
    }
}
