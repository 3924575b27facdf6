//! Plan mode with no partner, some, too many, and outgrown.

use super::super::testing::*;
use super::*;
use crate::domain::card::Named;
use crate::domain::id::PartnerId;
use crate::domain::overview::Tally;
use crate::domain::partner::{Contact, Partner, Plan};
use crate::domain::testing::day as on;

fn plan(id: i64, goal: Option<&str>, contacts: usize, knows: Vec<Named>, open: Tally) -> PlanLine {
    let contact = Contact { name: "Maria".to_owned(), role: None, email: None };
    let partner = Partner {
        id: PartnerId(id),
        version: 1,
        name: format!("Partner *{id}*"),
        kind: None,
        tier: None,
        manager: None,
        contacts: vec![contact; contacts],
        plan: Plan { goal: goal.map(str::to_owned), ..Plan::default() },
        archived: false,
    };
    PlanLine { partner, open, knows }
}

fn card(plans: Vec<PlanLine>, deals: usize, above_since: Option<&str>) -> PlansCard {
    PlansCard { size: Size { partners: plans.len(), deals }, above_since: above_since.map(on), plans }
}

fn shown(card: &PlansCard) -> String {
    speaking(|voice| seen(&plans(voice, card, id("plan"))))
}

#[test]
fn without_a_partner_it_says_what_to_do() {
    insta::assert_snapshot!(shown(&card(Vec::new(), 0, None)));
}

#[test]
fn each_plan_says_what_it_lacks() {
    let plans = vec![
        plan(1, Some("Ten joint\nwins by June"), 2, vec![ana(), ben()], Tally { deals: 3, amount: 12_000_000 }),
        plan(2, None, 0, vec![ana()], Tally::default()),
    ];
    insta::assert_snapshot!(shown(&card(plans, 3, None)));
}

#[test]
fn outgrown_it_says_since_when_and_what_comes() {
    let plans = || (1..=3).map(|id| plan(id, None, 2, vec![ana(), ben()], Tally::default())).collect();
    let said = [card(plans(), 12, None), card(plans(), 12, Some("2026-12-01")), card(plans(), 12, Some("2026-11-02"))]
        .map(|card| shown(&card).lines().filter(|line| line.starts_with('│')).collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_hundred_partners_are_counted() {
    let goal = "Many joint wins ".repeat(20);
    let plans = (1..=100).map(|id| plan(id, Some(&goal), 2, vec![ana(), ben()], Tally::default())).collect();
    let said = shown(&card(plans, 3, None));
    assert!(said.contains("more partners") && said.contains("(75 more)"), "{said}");
}

#[test]
fn program_mode_is_suggested() {
    let size = Size { partners: 3, deals: 14 };
    insta::assert_snapshot!(speaking(|voice| seen(&outgrown(voice, size, on("2026-11-02"), "c·7"))));
}
