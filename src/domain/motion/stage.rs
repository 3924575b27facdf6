//! The stages that a deal goes through.

use serde::{Deserialize, Serialize};

/// A step of the motion. The last two are ends, not steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A joint opportunity worth a first talk.
    Prospect,
    /// The need, the budget holder and the partner's part are known.
    Qualified,
    /// The joint solution is being shown to work.
    TechnicalValidation,
    /// The case for buying is being made.
    BusinessValidation,
    /// A signature is a matter of dates.
    Committed,
    /// Won: the joint solution is sold.
    Launched,
    /// Lost, or withdrawn.
    ClosedLost,
}

impl Stage {
    /// All stages in the order of the motion.
    pub const ALL: [Stage; 7] = [
        Stage::Prospect,
        Stage::Qualified,
        Stage::TechnicalValidation,
        Stage::BusinessValidation,
        Stage::Committed,
        Stage::Launched,
        Stage::ClosedLost,
    ];
    /// The stages that a deal is open in.
    pub const OPEN: [Stage; 5] =
        [Stage::Prospect, Stage::Qualified, Stage::TechnicalValidation, Stage::BusinessValidation, Stage::Committed];

    /// Whether a deal in this stage is open.
    pub fn is_open(self) -> bool {
        !matches!(self, Stage::Launched | Stage::ClosedLost)
    }

    /// The stable word in commands and tables.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Prospect => "prospect",
            Stage::Qualified => "qualified",
            Stage::TechnicalValidation => "technical_validation",
            Stage::BusinessValidation => "business_validation",
            Stage::Committed => "committed",
            Stage::Launched => "launched",
            Stage::ClosedLost => "closed_lost",
        }
    }

    /// The name that people see and type.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Prospect => "Prospect",
            Stage::Qualified => "Qualified",
            Stage::TechnicalValidation => "Technical Validation",
            Stage::BusinessValidation => "Business Validation",
            Stage::Committed => "Committed",
            Stage::Launched => "Launched",
            Stage::ClosedLost => "Closed Lost",
        }
    }

    /// Reads a key, a name, or an unmistakable beginning of a name, in any case.
    pub fn parse(text: &str) -> Option<Stage> {
        let text = text.trim().to_lowercase();
        if let Some(exact) = Stage::ALL.into_iter().find(|s| s.key() == text || s.name().to_lowercase() == text) {
            return Some(exact);
        }
        let mut begun =
            Stage::ALL.into_iter().filter(|s| !text.is_empty() && s.name().to_lowercase().starts_with(&text));
        match (begun.next(), begun.next()) {
            (Some(stage), None) => Some(stage),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_read_from_key_name_or_beginning() {
        assert_eq!(Stage::parse("qualified"), Some(Stage::Qualified));
        assert_eq!(Stage::parse("Technical validation"), Some(Stage::TechnicalValidation));
        assert_eq!(Stage::parse("bus"), Some(Stage::BusinessValidation));
        assert_eq!(Stage::parse("c"), None, "Committed and Closed Lost both begin so");
        assert_eq!(Stage::parse(""), None);
    }
}
