//! What is said of deals, for none, one, many and too many.

use super::super::handover::Pings;
use super::super::offer::{Offer, Page};
use super::super::testing::*;
use super::super::voice::Voice;
use super::*;
use crate::domain::attribution::Timeliness;
use crate::domain::card::{DealCard, Named};
use crate::domain::deal::{
    Claim, Deal, Former, Loss, LossReason, NextStep, Participant, Question, Role, Signature, Snooze, Wait, WaitingOn,
};
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::motion::Stage;
use crate::domain::registration::Registration;
use crate::domain::testing::day;
use crate::render::message::Message;
use crate::render::pay::Own;

mod question;

const CARD: [Offer; 9] = [
    Offer::Update,
    Offer::Done,
    Offer::Stage,
    Offer::Wait,
    Offer::Snooze,
    Offer::HandOver,
    Offer::Won,
    Offer::Lost,
    Offer::History,
];

fn say(message: impl FnOnce(&Voice) -> Message) -> String {
    speaking(|voice| seen(&message(voice)))
}

fn show(cards: &[DealCard]) -> String {
    cards.iter().map(|c| say(|voice| card::card(voice, c, offers(&CARD)))).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_card_tells_all_that_is_known_of_a_deal() {
    insta::assert_snapshot!(show(&[card()]));
}

#[test]
fn a_card_names_each_reason_and_what_happened_so_far() {
    insta::assert_snapshot!(show(&[stalled_card()]));
}

#[test]
fn a_card_of_little_says_what_is_missing() {
    let bare = Deal {
        amount: None,
        close: None,
        next_step: None,
        role: Role::Undecided,
        evidence: None,
        stage: Stage::Prospect,
        ..deal()
    };
    let card = DealCard { timeliness: Timeliness::Open { until: day("2026-12-31") }, ..card_of(bare) };
    insta::assert_snapshot!(show(&[card]));
}

#[test]
fn a_card_in_a_special_state_says_so() {
    let waiting = Deal {
        wait: Some(Wait {
            on: WaitingOn::Legal,
            until: day("2026-12-28"),
            since: now(),
            note: Some("the *MSA*".into()),
        }),
        snooze: Some(Snooze { until: day("2026-12-22"), why: "they are on leave".into() }),
        crm: Some("https://crm.example/d/12".into()),
        participants: vec![Participant {
            partner: PartnerId(2),
            role: Role::Influenced,
            evidence: Some("ran the workshop".into()),
            by: MemberId(2),
            at: now(),
            claim: Claim::default(),
        }],
        ..deal()
    };
    let waiting = DealCard { participants: vec!["Hooli".into()], ..card_of(waiting) };
    let won = card_of(Deal { stage: Stage::Launched, closed_on: Some(day("2026-12-16")), ..deal() });
    let lost = Loss { reason: LossReason::Price, detail: Some("they wanted half".into()) };
    let lost = card_of(Deal {
        stage: Stage::ClosedLost,
        closed_on: Some(day("2026-12-16")),
        lost: Some(lost),
        crm: Some("OPP-77 <@9>".into()),
        ..deal()
    });
    let unowned = DealCard { owner: Named { gone: true, ..ana() }, timeliness: Timeliness::Late, ..card() };
    insta::assert_snapshot!(show(&[waiting, won, lost, unowned]));
}

fn signed(by: i64) -> Signature {
    Signature { by: MemberId(by), at: now() }
}

/// What stood there before, of Hooli's.
fn former(role: Role) -> Former {
    Former { partner: PartnerId(2), role, claimed: signed(1), recorded_at: now(), due: None, confirmed: None }
}

/// The card of a deal with a claim in a state, and its registration.
fn credited(claim: Claim, until: &str) -> DealCard {
    let registration =
        Registration { reference: "DR-4711 *gold*".into(), until: day(until), by: MemberId(1), at: now() };
    card_of(Deal { claim, registration: Some(registration), ..deal() })
}

#[test]
fn a_card_shows_the_whole_chain_of_a_claim() {
    let dated = Claim { on: Some(day("2026-12-03")), ..Claim::default() };
    let confirmed = Claim { confirmed: Some(signed(2)), ..dated.clone() };
    let settled = former(Role::Influenced);
    let before = vec![former(Role::Undecided), former(Role::Sourced), Former { confirmed: Some(signed(2)), ..settled }];
    let changed = Claim { former: before, ..Claim::default() };
    let question = Question { text: "Which meeting, *when*?".into(), asked: signed(2) };
    let asked = Claim { question: Some(question), ..dated };
    let cards = [credited(confirmed, "2026-12-29"), credited(changed, "2026-12-10"), credited(asked, "2027-03-17")];
    insta::assert_snapshot!(show(&cards));
}

#[test]
fn a_chain_of_many_claims_fits_and_counts_the_oldest() {
    let changed = Claim { former: vec![former(Role::Sourced); 60], ..Claim::default() };
    let said = say(|voice| card::card(voice, &credited(changed, "2026-12-29"), offers(&CARD)));
    assert!(said.contains("more in the history"), "{said}");
}

#[test]
fn a_claim_is_told_as_it_was_made_confirmed_and_questioned() {
    let undecided = Deal { role: Role::Undecided, evidence: None, claim: Claim::default(), ..deal() };
    let claim = Claim { on: Some(day("2026-12-03")), ..Claim::default() };
    let claimed = Deal { attributed_at: now(), claim: claim.clone(), ..deal() };
    let confirmed = Deal { claim: Claim { confirmed: Some(signed(2)), ..claim.clone() }, ..claimed.clone() };
    let question = Question { text: "Which meeting?".into(), asked: signed(2) };
    let asked = Deal { claim: Claim { question: Some(question), ..claim }, ..claimed.clone() };
    let won = Deal { stage: Stage::Launched, closed_on: Some(day("2026-12-16")), ..claimed.clone() };
    let won_before = Deal { closed_on: Some(day("2026-09-16")), ..won.clone() };
    let told = |kind, before: &Deal, after: &Deal, text| {
        let events = [event(2, kind, before, after, text)];
        let card = card_of(after.clone());
        let saved =
            say(|voice| outcome::saved(voice, &card, &names(), &events, Own::default(), offers(&[Offer::Undo])));
        let team = events[0]
            .kind
            .is_team_news()
            .then(|| say(|voice| team::team_line(voice, &card, &names(), &events, 1, "t1").expect("news")));
        [Some(saved), team].into_iter().flatten().collect::<Vec<_>>().join("\n")
    };
    let said = [
        told(EventKind::Attributed, &undecided, &claimed, None),
        told(EventKind::Attributed, &Deal { role: Role::Influenced, ..won.clone() }, &won, None),
        told(EventKind::Attributed, &Deal { role: Role::Influenced, ..won_before.clone() }, &won_before, None),
        told(EventKind::ClaimConfirmed, &claimed, &confirmed, None),
        told(EventKind::ClaimQuestioned, &claimed, &asked, Some("Which meeting?")),
    ];
    insta::assert_snapshot!(said.join("\n\n"));
}

#[test]
fn a_recorded_deal_is_echoed_as_it_was_understood() {
    let bare = card_of(Deal { next_step: None, amount: None, close: None, ..deal() });
    let first = say(|voice| {
        outcome::recorded(voice, &card(), &[created(&deal())], Own::default(), offers(&[Offer::Show, Offer::Undo]))
    });
    let second = say(|voice| outcome::recorded(voice, &bare, &[], Own::default(), offers(&[Offer::Undo])));
    insta::assert_snapshot!(format!("{first}\n{second}"));
}

/// A change of everything at once.
fn changes() -> Vec<Event> {
    let start = Deal { next_step: None, ..deal() };
    let step = |text: &str, due| Some(NextStep { text: text.into(), due: Some(day(due)) });
    let states = [
        (EventKind::Noted, start.clone(), Some("They like **us**\nand the price")),
        (EventKind::NextStepSet, Deal { next_step: step("Send it", "2026-12-18"), ..start.clone() }, None),
        (EventKind::NextStepSet, Deal { next_step: step("Send it", "2026-12-21"), ..start.clone() }, None),
        (EventKind::NextStepDone, start.clone(), None),
        (EventKind::StageMoved, Deal { stage: Stage::Committed, ..start.clone() }, Some("verbal yes")),
        (EventKind::AmountChanged, Deal { stage: Stage::Committed, amount: Some(15_000_000), ..start.clone() }, None),
        (EventKind::CloseChanged, Deal { close: None, ..start.clone() }, None),
        (
            EventKind::Attributed,
            Deal { role: Role::Influenced, evidence: Some("workshop".into()), ..start.clone() },
            None,
        ),
        (EventKind::OwnerChanged, Deal { owner: MemberId(2), backup: Some(MemberId(9)), ..start.clone() }, None),
        (
            EventKind::Waited,
            Deal {
                wait: Some(Wait { on: WaitingOn::Customer, until: day("2026-12-31"), since: now(), note: None }),
                ..start.clone()
            },
            None,
        ),
        (
            EventKind::Snoozed,
            Deal { snooze: Some(Snooze { until: day("2026-12-22"), why: "leave".into() }), ..start.clone() },
            None,
        ),
        (EventKind::Won, Deal { stage: Stage::Launched, closed_on: Some(day("2026-12-17")), ..start.clone() }, None),
        (EventKind::Reopened, start.clone(), Some("the order was cancelled")),
        (
            EventKind::Lost,
            Deal {
                stage: Stage::ClosedLost,
                lost: Some(Loss { reason: LossReason::Timing, detail: None }),
                ..start.clone()
            },
            None,
        ),
        (EventKind::Undone, start.clone(), None),
    ];
    let mut before = start.clone();
    let mut events = vec![created(&start)];
    for (kind, after, text) in states {
        events.push(event(events.len() as i64 + 1, kind, &before, &after, text));
        before = after;
    }
    events
}

#[test]
fn a_saved_change_says_what_it_did() {
    let all = changes();
    let one = say(|voice| outcome::saved(voice, &card(), &names(), &all[2..3], Own::default(), offers(&[Offer::Undo])));
    let two = say(|voice| outcome::saved(voice, &card(), &names(), &all[5..7], Own::default(), offers(&[Offer::Undo])));
    let won = card_of(Deal { stage: Stage::Launched, ..deal() });
    let three =
        say(|voice| outcome::saved(voice, &won, &names(), &all[12..13], Own::default(), offers(&[Offer::Undo])));
    let none = say(|voice| outcome::saved(voice, &card(), &names(), &[], Own::default(), Vec::new()));
    let undone = say(|voice| outcome::undone(voice, &card(), &names(), (&all[14..15], &all[15..16]), Vec::new()));
    let note = say(|voice| outcome::undone(voice, &card(), &names(), (&all[1..2], &all[15..16]), Vec::new()));
    insta::assert_snapshot!([one, two, three, none, undone, note].join("\n"));
}

#[test]
fn a_history_tells_each_change_newest_first() {
    let shown = |events: &[Event]| {
        speaking(|voice| seen(&history::history(&card(), &history::pages(voice, &names(), events), Page::only())))
    };
    insta::assert_snapshot!(format!("{}\n{}", shown(&[]), shown(&changes())));
}

#[test]
fn a_long_history_turns_pages_and_drops_nothing() {
    let note = "a note of many words ".repeat(45);
    let events: Vec<Event> =
        (1..=60).map(|n| event(n, EventKind::Noted, &deal(), &deal(), Some(&format!("{n}: {note}")))).collect();
    let (pages, last) = speaking(|voice| {
        let pages = history::pages(voice, &names(), &events);
        let of = pages.len();
        let page = Page { index: of - 1, of, previous: Some(id("back")), next: None };
        (pages.clone(), seen(&history::history(&card(), &pages, page)))
    });
    assert_eq!(pages.iter().map(Vec::len).sum::<usize>(), 60);
    assert!(last.contains("60 changes, newest first · Page") && last.contains("[◀]\n"), "{last}");
    assert!(last.contains("“1: a note") && !last.contains("… and"), "{last}");
}

#[test]
fn lists_say_what_they_hold_and_turn_pages() {
    let listing = list::Listing {
        show: list::Show::Open,
        owner: None,
        partner: Some("Initech".into()),
        stage: None,
        total: 0,
        amount: None,
        takes_part: Default::default(),
    };
    let none = say(|voice| list::list(voice, &listing, &[], Page::only(), id("open")));
    let stalled = list::Listing {
        show: list::Show::Stalled,
        partner: None,
        total: 1,
        amount: Some(12_000_000),
        ..listing.clone()
    };
    let one = say(|voice| list::list(voice, &stalled, &[stalled_card()], Page::only(), id("open")));
    let many = list::Listing { owner: Some(ana()), total: 400, amount: Some(4_800_000_000), ..listing };
    let page = Page { index: 1, of: 27, previous: Some(id("back")), next: Some(id("on")) };
    let many = say(|voice| list::list(voice, &many, &many_cards(15), page, id("open")));
    insta::assert_snapshot!([none, one, many].join("\n"));
}

#[test]
fn a_partners_list_marks_deals_that_it_only_takes_part_in_and_counts_their_money_elsewhere() {
    let cards = many_cards(2);
    let listing = list::Listing {
        show: list::Show::Open,
        owner: None,
        partner: Some("Hooli".into()),
        stage: None,
        total: 2,
        amount: Some(12_000_000),
        takes_part: [cards[1].deal.number].into(),
    };
    insta::assert_snapshot!(say(|voice| list::list(voice, &listing, &cards, Page::only(), id("open"))));
}

#[test]
fn too_many_on_a_page_are_counted() {
    let behind = say(|voice| list::behind(voice, "Stalled", &many_cards(80), Page::only(), id("open")));
    assert!(behind.contains("more on this page: choose below"), "{behind}");
    assert!(behind.contains("(55 more: type the number)"), "{behind}");
}

fn team(card: &DealCard, events: &[Event]) -> String {
    speaking(|voice| team::team_line(voice, card, &names(), events, 1, "t12").map(|m| seen(&m)))
        .unwrap_or_else(|| "nothing\n".to_owned())
}

#[test]
fn the_team_reads_the_net_effect_in_one_line() {
    let all = changes();
    let moved = Deal {
        stage: Stage::Committed,
        amount: Some(9_000_000),
        close: Some(day("2027-04-02")),
        owner: MemberId(2),
        ..deal()
    };
    let won = Deal { stage: Stage::Launched, ..deal() };
    let lost = Deal {
        stage: Stage::ClosedLost,
        lost: Some(Loss { reason: LossReason::EnteredByMistake, detail: None }),
        ..deal()
    };
    let small = Deal { amount: Some(12_500_000), close: Some(day("2027-02-26")), ..deal() };
    let between = |kind, before: &Deal, after: &Deal| event(2, kind, before, after, Some("they *changed* their mind"));
    let said = [
        ("new", team(&card(), &[created(&deal())])),
        (
            "new and moved",
            team(&card_of(moved.clone()), &[created(&deal()), between(EventKind::StageMoved, &deal(), &moved)]),
        ),
        ("much at once", team(&card_of(moved.clone()), &[between(EventKind::StageMoved, &deal(), &moved)])),
        ("won", team(&card_of(won.clone()), &[between(EventKind::Won, &deal(), &won)])),
        ("lost", team(&card_of(lost.clone()), &[between(EventKind::Lost, &deal(), &lost)])),
        ("reopened", team(&card(), &[between(EventKind::Reopened, &won, &deal())])),
        ("class", team(&card(), &[between(EventKind::Attributed, &Deal { role: Role::Undecided, ..deal() }, &deal())])),
        ("small changes", team(&card_of(small.clone()), &[between(EventKind::AmountChanged, &deal(), &small)])),
        (
            "recorded and taken back",
            team(&card_of(lost.clone()), &[created(&deal()), between(EventKind::Undone, &deal(), &lost)]),
        ),
        (
            "moved and taken back",
            team(
                &card(),
                &[between(EventKind::StageMoved, &deal(), &moved), between(EventKind::Undone, &moved, &deal())],
            ),
        ),
        ("notes", team(&card(), &all[1..5])),
    ];
    insta::assert_snapshot!(said.map(|(what, said)| format!("# {what}\n{said}")).concat());
}

#[test]
fn a_new_owner_is_asked_once() {
    let said = say(|voice| {
        outcome::ownership(
            voice,
            &stalled_card(),
            &ben(),
            Pings::Recipient,
            "o12",
            offers(&[Offer::Accept, Offer::Decline]),
        )
    });
    let late = seen(&outcome::late_answer(ana().user, Some("Saved. **D-12**\n- amount $5"), "x"));
    let unsaid = seen(&outcome::late_answer(ana().user, None, "x"));
    let noted = say(|voice| outcome::noted(voice, &card(), "They said\n@everyone yes", offers(&[Offer::Undo])));
    insta::assert_snapshot!([said, late, unsaid, noted].join("\n"));
}
