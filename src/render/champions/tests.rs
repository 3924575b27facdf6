//! Who carries it, for none, one, some and too many.

use std::collections::BTreeMap;

use super::super::testing::*;
use super::*;
use crate::domain::deal::Role;
use crate::domain::departure::Departure;
use crate::domain::figure::Figure;
use crate::domain::forecast::{ByRole, closing};
use crate::domain::health::{Spread, window};
use crate::domain::id::{DealNumber, MemberId, PartnerId, UserId};
use crate::domain::motion::{Motions, Stage};
use crate::domain::number::Number;
use crate::domain::overview::Tally;
use crate::domain::testing::{day as on, deal as plain_deal};

/// $850,000 weighted close this quarter.
fn number(target: Option<i64>) -> Number {
    let deal = crate::domain::deal::Deal {
        stage: Stage::Committed,
        role: Role::Sourced,
        amount: Some(100_000_000),
        close: Some(on("2026-12-30")),
        ..plain_deal()
    };
    Number {
        period: q4(),
        target,
        booked: ByRole::default(),
        closing: closing([&deal], &Motions::default(), &q4(), on("2026-12-17")),
        win_rate: Figure::NotEnough { have: 0, need: 5 },
    }
}

fn champion(member: i64, deals: i64, amount: i64, won: i64) -> Champion {
    let own = (1..=deals).map(|n| DealNumber(member * 100 + n)).collect();
    let departure = Departure { deals: own, amount, ..Departure::none(MemberId(member), 100_000_000) };
    let won = Tally { deals: usize::from(won > 0), amount: won };
    Champion { departure, won, partners: vec![(PartnerId(1), amount)], coverage: Some(40) }
}

fn card(all: Vec<Champion>, people: Vec<Named>) -> ChampionsCard {
    let sum = |amount: fn(&Champion) -> i64| all.iter().map(amount).sum();
    let names = [(1, "Initech"), (2, "Hooli"), (3, "Pied *Piper*")];
    ChampionsCard {
        period: q4(),
        window: window(&q4()),
        people,
        partners: names.map(|(id, name)| (PartnerId(id), name.to_owned())).into(),
        champions: Champions {
            open: Tally { deals: all.iter().map(|c| c.departure.deals.len()).sum(), amount: 100_000_000 },
            won: Tally { deals: all.iter().map(|c| c.won.deals).sum(), amount: sum(|c| c.won.amount) },
            spread: Spread::of(all.iter().map(|c| c.departure.amount)),
            number: number(Some(120_000_000)),
            all,
        },
    }
}

fn some() -> ChampionsCard {
    let partners = vec![(PartnerId(1), 30), (PartnerId(2), 20), (PartnerId(3), 1)];
    let mut rita = Champion { partners, ..champion(1, 5, 51_000_000, 20_000_000) };
    rita.departure.sole_contacts = vec![PartnerId(2), PartnerId(3)];
    rita.departure.unpriced = 1;
    let carl = Named { member: MemberId(3), user: UserId(73), name: "Carl".to_owned(), gone: true };
    let gone = champion(3, 2, 18_000_000, 0);
    let dora = Named { member: MemberId(4), user: UserId(74), name: "Dora".to_owned(), gone: false };
    let past = Champion { partners: Vec::new(), coverage: Some(71), ..champion(4, 0, 0, 50_000_000) };
    card(vec![rita, champion(2, 4, 31_000_000, 0), gone, past], vec![ana(), ben(), carl, dora])
}

fn shown(card: &ChampionsCard) -> String {
    let picture = (!card.people.is_empty()).then(|| picture::Picture { png: vec![1], alt: "in words".to_owned() });
    speaking(|voice| seen(&champions(voice, card, picture, Some(id("handover_plan")))))
}

#[test]
fn nobody_carries_anything() {
    let empty = ChampionsCard { partners: BTreeMap::new(), ..card(Vec::new(), Vec::new()) };
    insta::assert_snapshot!(shown(&empty));
}

#[test]
fn one_carries_all_of_it_and_there_is_no_target() {
    let mut one = card(vec![champion(1, 1, 100_000_000, 0)], vec![ana()]);
    one.champions.number = number(None);
    one.champions.all[0].coverage = None;
    insta::assert_snapshot!(shown(&one));
}

#[test]
fn each_departure_says_what_goes_and_what_is_left_of_coverage() {
    insta::assert_snapshot!(shown(&some()));
}

#[test]
fn a_hundred_people_are_counted() {
    let people: Vec<Named> = (1..=100)
        .map(|n| Named { member: MemberId(n), user: UserId(n), name: format!("Person *{n}*"), gone: false })
        .collect();
    let all = (1..=100).map(|n| champion(n, 3, 1_000_000, 0)).collect();
    let said = shown(&card(all, people));
    assert!(said.contains(" more: choose below") && said.contains("(75 more)"), "{said}");
}

#[test]
fn the_picture_shows_names_as_they_stand() {
    let mut card = some();
    card.people[0].name = "Rita *R*".to_owned();
    let carriers = speaking(|voice| carriers(voice, &card));
    let rows: Vec<(&str, &str, i64, i64)> =
        carriers.rows.iter().map(|row| (row.name.as_str(), row.partners.as_str(), row.open, row.won)).collect();
    assert_eq!(
        rows,
        [
            ("Rita *R*", "with Initech, Hooli and 1 more", 51, 29),
            ("Ben", "with Initech", 31, 0),
            ("Carl", "with Initech", 18, 0),
            ("Dora", "", 0, 71),
        ]
    );
    assert_eq!(carriers.verdict.as_deref(), Some("Two people carry 82 % of the open pipeline"));
}
