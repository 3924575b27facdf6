//! How large a workspace is, and whether it has outgrown plan mode: a program has an overhead (a number with an owner, a
//! rhythm of reviews, claims to confirm) that few partners and deals don't earn.

use chrono::{Months, NaiveDate};

use super::card::Named;
use super::overview::Tally;
use super::partner::Partner;

/// Active partners for which a plan each is enough: with a third one, nobody keeps all of them in their head.
pub const PARTNERS: usize = 2;
/// Open deals for which it is: what fits on one page, and into one talk a week.
pub const OPEN_DEALS: usize = 10;

/// What a workspace holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Partners that are not archived.
    pub partners: usize,
    /// Open deals.
    pub deals: usize,
}

impl Size {
    /// Whether a program would earn its overhead.
    pub fn is_above_plan(self) -> bool {
        self.partners > PARTNERS || self.deals > OPEN_DEALS
    }
}

/// The first day on which program mode is suggested, where the size has been above since a day: a month later, as a good
/// week is no growth.
pub fn suggested_from(since: NaiveDate) -> NaiveDate {
    since + Months::new(1)
}

/// A partner as plan mode looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// The partner, with its plan.
    pub partner: Partner,
    /// Its open deals.
    pub open: Tally,
    /// Who on our side knows it and is still there.
    pub knows: Vec<Named>,
}

impl PlanLine {
    /// Whether one of ours leaving would leave nobody who knows it.
    pub fn lacks_second_of_ours(&self) -> bool {
        self.knows.len() < 2
    }

    /// Whether one of theirs leaving would leave nobody whom we know.
    pub fn lacks_second_of_theirs(&self) -> bool {
        self.partner.contacts.len() < 2
    }
}

/// What plan mode shows in the place of health and champions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlansCard {
    /// How large the workspace is.
    pub size: Size,
    /// Since when it has been above what plans are enough for; `None` where it is not, or was not noticed yet.
    pub above_since: Option<NaiveDate>,
    /// The active partners, the largest open amount first.
    pub plans: Vec<PlanLine>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::testing::day;

    #[rstest]
    #[case::nothing(0, 0, false)]
    #[case::as_large_as_plans_go(2, 10, false)]
    #[case::a_third_partner(3, 0, true)]
    #[case::an_eleventh_deal(1, 11, true)]
    fn a_program_earns_its_overhead_above_two_partners_or_ten_deals(
        #[case] partners: usize,
        #[case] deals: usize,
        #[case] above: bool,
    ) {
        assert_eq!(Size { partners, deals }.is_above_plan(), above);
    }

    #[rstest]
    #[case("2026-11-02", "2026-12-02")]
    #[case::to_a_shorter_month("2027-01-31", "2027-02-28")]
    fn it_is_suggested_after_a_month(#[case] since: &str, #[case] from: &str) {
        assert_eq!(suggested_from(day(since)), day(from));
    }
}
