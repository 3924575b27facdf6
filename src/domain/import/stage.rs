//! Which stage of the motion a CRM's stage stands for.

use super::column::folded;
use crate::domain::motion::Stage;

/// The stages that HubSpot and Salesforce come with, by what is true in them.
const ALIASES: [(Stage, &[&str]); 7] = [
    (Stage::Prospect, &["Appointment Scheduled", "Prospecting", "New", "Discovery"]),
    (Stage::Qualified, &["Qualified to Buy", "Qualification", "Needs Analysis", "Presentation Scheduled"]),
    (Stage::TechnicalValidation, &["Value Proposition", "Proof of Concept", "Demo", "Evaluation", "Trial"]),
    (
        Stage::BusinessValidation,
        &[
            "Decision Maker Bought-In",
            "Id. Decision Makers",
            "Perception Analysis",
            "Proposal/Price Quote",
            "Proposal",
            "Negotiation",
        ],
    ),
    (Stage::Committed, &["Contract Sent", "Negotiation/Review", "Verbal Commitment", "Commit"]),
    (Stage::Launched, &["Closed Won", "Won"]),
    (Stage::ClosedLost, &["Closed Lost", "Lost"]),
];

/// The CRM's names for a stage.
pub fn aliases(stage: Stage) -> &'static [&'static str] {
    ALIASES.iter().find(|(known, _)| *known == stage).map_or(&[], |(_, names)| names)
}

/// The stage that a CRM's stage stands for. HubSpot adds the pipeline: `Contract Sent (Sales Pipeline)`.
pub fn stage_of(name: &str) -> Option<Stage> {
    let bare = name.split(" (").next().unwrap_or(name);
    let wanted = folded(bare);
    let aliased = || {
        let is = |alias: &&str| folded(alias) == wanted;
        ALIASES.iter().find(|(_, names)| names.iter().any(&is)).map(|(stage, _)| *stage)
    };
    let own = Stage::ALL.into_iter().find(|stage| folded(stage.name()) == wanted || folded(stage.key()) == wanted);
    own.or_else(aliased)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Technical Validation", Some(Stage::TechnicalValidation))]
    #[case("closed_lost", Some(Stage::ClosedLost))]
    #[case("Closed Won", Some(Stage::Launched))]
    #[case("Decision Maker Bought-In (Sales Pipeline)", Some(Stage::BusinessValidation))]
    #[case("Negotiation/Review", Some(Stage::Committed))]
    #[case("Parked", None)]
    fn a_crms_stage_stands_for_one_of_the_motion(#[case] name: &str, #[case] stage: Option<Stage>) {
        assert_eq!(stage_of(name), stage);
    }
}
