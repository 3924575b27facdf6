//! A partner's plan as people read it: who knows whom, what runs, and what each side owes the other.

use super::card::{DealCard, Named};
use super::deal::WaitingOn;
use super::overview::{ReviewCard, Tally};
use super::partner::Partner;

/// The longest texts of a plan, in characters.
pub mod limit {
    /// What both want to have reached.
    pub const GOAL: usize = 500;
    /// How often both meet.
    pub const CADENCE: usize = 200;
    /// What one side does for the other.
    pub const OWES: usize = 1_000;
}

/// A partner with what its plan is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerPlan {
    /// The partner, with its plan.
    pub partner: Partner,
    /// Who on our side knows it and is still there, its manager first: manager, owners and backups of its open deals.
    pub knows: Vec<Named>,
    /// The reviews that are about it.
    pub reviews: Vec<ReviewCard>,
    /// Its largest open deals, the largest first.
    pub deals: Vec<DealCard>,
    /// All of its open deals.
    pub open: Tally,
    /// The last touched of the open deals in which it takes part beside the primary partner, who counts their money.
    pub parts: Vec<DealCard>,
    /// How many those are.
    pub all_parts: usize,
}

impl PartnerPlan {
    /// Open deals that have a next step of ours: nobody is waited for, or somebody on our side is.
    pub fn ours(&self) -> impl Iterator<Item = &DealCard> {
        self.deals.iter().filter(|card| match &card.deal.wait {
            Some(wait) => wait.on == WaitingOn::Us,
            None => card.deal.next_step.is_some(),
        })
    }

    /// Open deals on which the partner has the next move.
    pub fn theirs(&self) -> impl Iterator<Item = &DealCard> {
        self.deals.iter().filter(|card| card.deal.wait.as_ref().is_some_and(|wait| wait.on == WaitingOn::Partner))
    }

    /// Whether one of ours leaving would leave nobody who knows it.
    pub fn lacks_second_of_ours(&self) -> bool {
        self.knows.len() < 2
    }

    /// Whether one of theirs leaving would leave nobody whom we know.
    pub fn lacks_second_of_theirs(&self) -> bool {
        self.partner.contacts.len() < 2
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::deal::{Deal, Wait};
    use crate::domain::id::{DealNumber, MemberId, PartnerId};
    use crate::domain::partner::Plan;
    use crate::domain::testing::{at, card, day, deal, named, step};

    fn waits(number: i64, on: WaitingOn) -> Deal {
        let wait = Wait { on, until: day("2026-12-01"), since: at("2026-11-02T11:00:00Z"), note: None };
        Deal { number: DealNumber(number), wait: Some(wait), next_step: step("2026-12-04"), ..deal() }
    }

    fn plan(deals: Vec<Deal>) -> PartnerPlan {
        let partner = Partner {
            id: PartnerId(1),
            version: 1,
            name: "Initech".to_owned(),
            kind: None,
            tier: None,
            manager: None,
            contacts: Vec::new(),
            plan: Plan::default(),
            archived: false,
        };
        let deals: Vec<DealCard> = deals.into_iter().map(card).collect();
        PartnerPlan {
            partner,
            knows: Vec::new(),
            reviews: Vec::new(),
            open: Tally::default(),
            deals,
            parts: Vec::new(),
            all_parts: 0,
        }
    }

    #[test]
    fn a_deal_is_owed_by_the_side_that_has_the_next_move() {
        let plan = plan(vec![
            Deal { number: DealNumber(1), next_step: step("2026-12-04"), ..deal() },
            Deal { number: DealNumber(2), ..deal() },
            waits(3, WaitingOn::Partner),
            waits(4, WaitingOn::Us),
            waits(5, WaitingOn::Customer),
            waits(6, WaitingOn::Legal),
        ]);
        let numbers = |cards: Vec<&DealCard>| cards.iter().map(|card| card.deal.number.0).collect::<Vec<_>>();
        assert_eq!(numbers(plan.ours().collect()), [1, 4]);
        assert_eq!(numbers(plan.theirs().collect()), [3]);
    }

    #[rstest]
    #[case::nobody(0, true)]
    #[case::one(1, true)]
    #[case::two(2, false)]
    fn it_takes_two_who_know_it(#[case] people: i64, #[case] lacks: bool) {
        let plan = PartnerPlan { knows: (1..=people).map(|n| named(MemberId(n))).collect(), ..plan(Vec::new()) };
        assert_eq!((plan.lacks_second_of_ours(), plan.lacks_second_of_theirs()), (lacks, true));
    }
}
