//! What a meeting goes through, in which order, and whether it was held.

use rstest::rstest;

use super::*;
use crate::domain::agenda::agenda;
use crate::domain::deal::Deal;
use crate::domain::item::Item;
use crate::domain::motion::Motions;
use crate::domain::stall::{Cause, Reason};
use crate::domain::testing::{action, agenda_facts, at, calendar, card, confirmed, day, deal, item_card, topic};

const NOW: &str = "2026-11-25T09:00:00Z";

fn worth(number: i64, owner: i64, amount: i64) -> DealCard {
    let close = Some(day("2026-12-15"));
    let number = DealNumber(number);
    card(Deal { number, owner: MemberId(owner), amount: Some(amount), close, claim: confirmed(), ..deal() })
}

fn stalled(mut card: DealCard) -> DealCard {
    card.reasons = vec![Reason { cause: Cause::NoActivity, days: 12, usual: Some(10) }];
    card
}

fn gone(mut card: DealCard) -> DealCard {
    card.owner.gone = true;
    card
}

fn facts(open: impl IntoIterator<Item = DealCard>, items: impl IntoIterator<Item = Item>) -> AgendaFacts {
    let items = items.into_iter().map(|item| (item.id, item_card(item))).collect();
    AgendaFacts { items, ..agenda_facts(at(NOW), at("2026-11-11T09:00:00Z"), open) }
}

fn rank(facts: &AgendaFacts) -> Ranked {
    ranked(&agenda(facts, &Motions::default(), &calendar()), facts)
}

fn deals(numbers: &[i64]) -> Vec<Card> {
    numbers.iter().map(|number| Card::Deal(DealNumber(*number))).collect()
}

#[test]
fn an_empty_agenda_gives_nothing_to_go_through() {
    assert_eq!(rank(&facts([], [])), Ranked { cards: Vec::new(), rest: Vec::new() });
}

#[test]
fn deals_come_by_amount_times_urgency_and_those_of_one_owner_together() {
    let open =
        [worth(1, 1, 700), stalled(worth(2, 2, 400)), gone(worth(3, 3, 300)), worth(4, 2, 100), worth(5, 1, 250)];
    // 3 × 300, 2 × 400, 700, 250, 100: member 1's follow each other, and so do member 2's.
    assert_eq!(rank(&facts(open, [])).cards, deals(&[3, 2, 4, 1, 5]));
}

#[test]
fn what_somebody_asked_for_weighs_most() {
    let open = [worth(1, 1, 390), worth(2, 2, 100)];
    assert_eq!(rank(&facts(open.clone(), [])).cards, deals(&[1, 2]));
    assert_eq!(rank(&facts(open.clone(), [topic(1, Some(2))])).cards, deals(&[2, 1]));
    let overdue = Item { deal: Some(DealNumber(2)), ..action(1, MemberId(1), "2026-11-24") };
    assert_eq!(rank(&facts(open.clone(), [overdue])).cards, deals(&[2, 1]));
    let due = Item { deal: Some(DealNumber(2)), ..action(1, MemberId(1), "2026-11-25") };
    assert_eq!(rank(&facts(open, [due])).cards, deals(&[1, 2]), "it is not overdue yet");
}

#[test]
fn topics_and_overdue_actions_about_no_deal_come_first() {
    let items = [action(1, MemberId(1), "2026-11-20"), topic(2, None), action(3, MemberId(1), "2026-11-30")];
    let ranked = rank(&facts([worth(1, 1, 100)], items));
    assert_eq!(ranked.cards, [Card::Item(ItemId(2)), Card::Item(ItemId(1)), Card::Deal(DealNumber(1))]);
}

#[test]
fn twelve_cards_at_most_and_the_rest_is_kept_in_its_order() {
    let open: Vec<DealCard> = (1..=20).map(|n| worth(n, n, 1_000 - n)).collect();
    let topics: Vec<Item> = (1..=8).map(|n| topic(n, None)).collect();
    let alone = rank(&facts(open.clone(), []));
    assert_eq!(alone.cards, deals(&(1..=12).collect::<Vec<_>>()));
    assert_eq!(alone.rest, deals(&(13..=20).collect::<Vec<_>>()));
    let both = rank(&facts(open, topics));
    assert_eq!(both.cards.len(), CARDS);
    assert_eq!(both.cards[5], Card::Item(ItemId(6)), "half of them at most are no deals");
    assert_eq!(both.rest[..3], [Card::Item(ItemId(7)), Card::Item(ItemId(8)), Card::Deal(DealNumber(7))]);
    assert_eq!(both.cards.len() + both.rest.len(), 28, "nothing is dropped");
}

fn meeting(started_at: &str) -> Meeting {
    let starts_at = at("2026-11-25T10:00:00Z");
    Meeting::start(MeetingId(1), (ReviewId(1), starts_at), (MemberId(1), at(started_at)), deals(&[1, 2, 3]))
}

#[test]
fn it_turns_among_its_cards_and_past_the_last_one() {
    let mut meeting = meeting("2026-11-25T10:00:00Z");
    let mut turn = |turn, to: Option<i64>| {
        meeting.shown = meeting.beside(turn);
        assert_eq!(meeting.shown, to.map(|n| Card::Deal(DealNumber(n))));
    };
    turn(Turn::Previous, Some(1));
    turn(Turn::Next, Some(2));
    turn(Turn::Next, Some(3));
    turn(Turn::Next, None);
    turn(Turn::Next, None);
    turn(Turn::Previous, Some(3));
}

#[test]
fn one_that_was_picked_from_the_rest_leads_back_among_the_cards() {
    let picked = Meeting { shown: Some(Card::Deal(DealNumber(9))), ..meeting("2026-11-25T10:00:00Z") };
    assert_eq!(picked.place(), None);
    assert_eq!(picked.beside(Turn::Previous), Some(Card::Deal(DealNumber(3))));
    assert_eq!(picked.beside(Turn::Next), None);
}

#[rstest]
#[case::on_time_and_closed("2026-11-25T11:59:00Z", true, &[1], Held::Yes)]
#[case::on_time_and_left_open("2026-11-25T10:05:00Z", false, &[1], Held::No)]
#[case::too_late_by_one("2026-11-25T12:01:00Z", true, &[1], Held::No)]
#[case::too_late_by_two("2026-11-25T12:01:00Z", true, &[1, 2], Held::Yes)]
#[case::two_and_left_open("2026-11-25T10:05:00Z", false, &[1, 2], Held::Yes)]
#[case::early("2026-11-25T09:30:00Z", true, &[1], Held::Yes)]
fn it_was_held_when_it_was_closed_in_time_or_two_people_acted_in_it(
    #[case] started_at: &str,
    #[case] by_hand: bool,
    #[case] acted: &[i64],
    #[case] held: Held,
) {
    let by = by_hand.then_some(MemberId(1));
    let closed = Closed {
        at: at("2026-11-25T13:00:00Z"),
        by,
        moved: Vec::new(),
        changed_by: BTreeSet::new(),
        entered: 0,
        left: 0,
        actions_closed: 0,
    };
    let acted = acted.iter().copied().map(MemberId).collect();
    let meeting = Meeting { acted, closed: Some(closed), ..meeting(started_at) };
    assert_eq!(meeting.outcome(), held);
    assert_eq!(Meeting { closed: None, ..meeting }.outcome(), Held::Runs);
}
