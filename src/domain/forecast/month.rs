//! The forecast by month and category, as sales teams call them (`/program forecast`).

use chrono::NaiveDate;

use super::{ByRole, Sum};
use crate::domain::deal::Deal;
use crate::domain::motion::{Motions, Stage};
use crate::domain::number::{Booked, Entry, booked};
use crate::domain::overview::Tally;
use crate::domain::period::Period;

/// How sure an open deal is, by its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Prospect and Qualified: worth working on, not to be counted on.
    Pipeline,
    /// The two validations: won if all goes well.
    BestCase,
    /// Committed: a signature is a matter of dates.
    Commit,
}

impl Category {
    /// All of them, the surest first.
    pub const ALL: [Category; 3] = [Category::Commit, Category::BestCase, Category::Pipeline];

    /// The category of a stage; an end has none.
    pub fn of(stage: Stage) -> Option<Category> {
        match stage {
            Stage::Prospect | Stage::Qualified => Some(Category::Pipeline),
            Stage::TechnicalValidation | Stage::BusinessValidation => Some(Category::BestCase),
            Stage::Committed => Some(Category::Commit),
            Stage::Launched | Stage::ClosedLost => None,
        }
    }

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Category::Pipeline => "Pipeline",
            Category::BestCase => "Best Case",
            Category::Commit => "Commit",
        }
    }
}

/// What one month holds, by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// What was won in it, with what was adjusted in it.
    pub won: ByRole<Tally>,
    /// Open deals that are expected to close in it, from today on, in the order of [`Category::ALL`].
    pub open: [ByRole<Sum>; 3],
}

/// The months of some periods. Deals past their close are in none, and neither are those without one.
pub fn by_month(
    deals: &[Deal],
    entries: &[Entry],
    motions: &Motions,
    periods: &[Period],
    today: NaiveDate,
) -> Vec<Month> {
    let months = periods.iter().flat_map(|period| period.months().map(|(first, last)| (period, first, last)));
    months
        .map(|(period, first, last)| {
            let own = entries.iter().filter(|entry| first <= entry.day && entry.day <= last);
            let won = won(booked(own, period));
            let open = Category::ALL.map(|category| expected(deals, motions, category, first.max(today), last));
            Month { first, last, won, open }
        })
        .collect()
}

fn won(booked: ByRole<Booked>) -> ByRole<Tally> {
    let total = |of: Booked| Tally { deals: of.won.deals + of.adjusted.deals, amount: of.total() };
    ByRole { sourced: total(booked.sourced), influenced: total(booked.influenced), undecided: total(booked.undecided) }
}

fn expected(deals: &[Deal], motions: &Motions, category: Category, from: NaiveDate, until: NaiveDate) -> ByRole<Sum> {
    let mut by_role = ByRole::<Sum>::default();
    let closes = |deal: &&Deal| deal.close.is_some_and(|close| from <= close && close <= until);
    let deals = deals.iter().filter(closes).filter(|deal| Category::of(deal.stage) == Some(category));
    for deal in deals {
        by_role.of_mut(deal.role).add(deal, motions);
    }
    by_role
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::deal::Role;
    use crate::domain::id::{DealNumber, MemberId, PartnerId};
    use crate::domain::number::Cause;
    use crate::domain::testing::{calendar, day, deal};

    #[rstest]
    #[case(Stage::Prospect, Some(Category::Pipeline))]
    #[case(Stage::Qualified, Some(Category::Pipeline))]
    #[case(Stage::TechnicalValidation, Some(Category::BestCase))]
    #[case(Stage::BusinessValidation, Some(Category::BestCase))]
    #[case(Stage::Committed, Some(Category::Commit))]
    #[case(Stage::Launched, None)]
    #[case(Stage::ClosedLost, None)]
    fn a_stage_has_its_category(#[case] stage: Stage, #[case] category: Option<Category>) {
        assert_eq!(Category::of(stage), category);
    }

    /// On 25 November 2026: 400.00 in Committed at 85 % and 100.00 in Qualified at 25 % in December; 90.00 past its close;
    /// 70.00 without one; 50.00 influenced beside; won in October 300.00 and 20.00 taken from an earlier quarter.
    #[test]
    fn a_month_holds_what_was_won_in_it_and_what_is_expected_from_today_on() {
        let open = |role, stage, amount, close: Option<&str>| Deal {
            role,
            stage,
            amount: Some(amount),
            close: close.map(day),
            ..deal()
        };
        let deals = [
            open(Role::Sourced, Stage::Committed, 40_000, Some("2026-12-31")),
            open(Role::Sourced, Stage::Qualified, 10_000, Some("2026-12-01")),
            open(Role::Sourced, Stage::Committed, 9_000, Some("2026-11-24")),
            open(Role::Sourced, Stage::Prospect, 7_000, None),
            open(Role::Influenced, Stage::BusinessValidation, 5_000, Some("2026-11-25")),
        ];
        let period = calendar().period(day("2026-11-25"));
        let entry = |of, amount| Entry {
            deal: DealNumber(amount),
            day: day("2026-10-09"),
            booked: period,
            of,
            role: Role::Sourced,
            partner: PartnerId(1),
            owner: MemberId(1),
            amount,
            deals: 1,
            cause: Cause::Won,
        };
        let entries = [entry(period, 30_000), entry(period.back(1), -2_000)];
        let months = by_month(&deals, &entries, &Motions::default(), &[period], day("2026-11-25"));
        let read: Vec<_> = months
            .iter()
            .map(|m| {
                (
                    m.won.sourced.amount,
                    m.open.map(|by| (by.sourced.amount, by.sourced.weighted())),
                    m.open[1].influenced.amount,
                )
            })
            .collect();
        let none = (0, 0);
        assert_eq!(
            read,
            [
                (28_000, [none, none, none], 0),
                (0, [none, none, none], 5_000),
                (0, [(40_000, 34_000), none, (10_000, 2_500)], 0),
            ]
        );
    }
}
