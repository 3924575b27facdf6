use super::*;
use crate::domain::card::Named;
use crate::domain::deal::Deal;
use crate::domain::event::EventKind;
use crate::domain::handover::view::{Asking, Brief, StatusCard};
use crate::domain::handover::{Answer, Handover, Item, What};
use crate::domain::id::{DealNumber, GuildId, HandoverId, ItemId, MemberId, PartnerId, UserId};
use crate::domain::item::Item as Action;
use crate::domain::partner::Contact;
use crate::domain::period::Period;
use crate::domain::testing::{action, at, day, item_card};
use crate::render::offer::Offer;
use crate::render::testing::*;

fn rita() -> Named {
    Named { member: MemberId(7), user: UserId(77), name: "Rita".to_owned(), gone: false }
}

fn deal_line(card: DealCard, why: Why, answer: Answer) -> Line {
    let (what, shown) = (What::Deal(card.deal.number), Shown::Deal(Box::new(card)));
    Line { what, shown, along: Vec::new(), to: Some(ben()), why, answer }
}

fn role_lines(answer: Answer) -> Vec<Line> {
    let line = |what, shown, to, why| Line { what, shown, along: Vec::new(), to, why, answer };
    vec![
        line(What::Manager(PartnerId(1)), Shown::Manager("Initech".to_owned()), Some(ben()), Why::GetsItsDeals),
        line(What::Backup(DealNumber(12)), Shown::Backup(Box::new(card())), None, Why::OnlyLead),
        line(What::Cover(MemberId(1)), Shown::Cover(ana()), Some(ben()), Why::Spread),
    ]
}

fn owned() -> Owned {
    Owned { period: Period::of(day("2026-12-16"), 1), target: Some(80_000_000), won: 12_000_000 }
}

fn number_line(owned: Owned, answer: Answer) -> Line {
    let shown = Shown::Number(owned);
    Line { what: What::Number, shown, along: Vec::new(), to: Some(ben()), why: Why::Leads, answer }
}

fn many_lines(count: i64) -> Vec<Line> {
    many_cards(count).into_iter().map(|card| deal_line(card, Why::Knows(3), Answer::Asked)).collect()
}

fn plan_card(lines: Vec<Line>, sole: usize) -> PlanCard {
    let departure = Departure {
        member: rita().member,
        deals: lines.iter().map(|_| DealNumber(12)).collect(),
        amount: 32_000_000,
        unpriced: usize::from(lines.len() > 1),
        pipeline: 84_210_526,
        sole_contacts: (1..=sole as i64).map(PartnerId).collect(),
    };
    let sole_contacts = (1..=sole).map(|n| format!("Hooli *{n}*")).collect();
    let (number, total) = (None, lines.len());
    PlanCard { leaver: rita(), departure, number, actions: 0, sole_contacts, total, underway: 0, lines }
}

fn planned(card: &PlanCard) -> String {
    let offers = offers(&[Offer::StartHandover]);
    seen(&speaking(|voice| plan(voice, card, Page::only(), id("pick"), offers)))
}

#[test]
fn a_plan_says_what_goes_at_risk_and_who_would_get_what_and_why() {
    let one = plan_card(vec![deal_line(card(), Why::Backup, Answer::Planned)], 0);
    let roles: Vec<Line> = std::iter::once(deal_line(stalled_card(), Why::Chosen, Answer::Planned))
        .chain(role_lines(Answer::Planned))
        .collect();
    let nothing = PlanCard {
        departure: Departure { deals: Vec::new(), ..plan_card(vec![], 0).departure },
        ..plan_card(vec![], 0)
    };
    let with_number = vec![number_line(owned(), Answer::Planned), deal_line(card(), Why::Backup, Answer::Planned)];
    let with_number = PlanCard { number: Some(owned()), ..plan_card(with_number, 1) };
    let no_target = Owned { target: None, ..owned() };
    let only_number = PlanCard {
        departure: nothing.departure.clone(),
        number: Some(no_target),
        ..plan_card(vec![number_line(no_target, Answer::Planned)], 0)
    };
    let many = plan_card(many_lines(PAGE as i64), 20);
    let underway = |card: &PlanCard, underway| PlanCard { underway, ..card.clone() };
    let said =
        [underway(&nothing, 2), underway(&one, 1), nothing, one, plan_card(roles, 2), many, with_number, only_number];
    insta::assert_snapshot!(said.iter().map(planned).collect::<Vec<_>>().join("\n---\n"));
}

/// A deal with an action on it, and one on no deal.
fn lines_with_actions(answer: Answer) -> Vec<Line> {
    let on =
        |deal: Option<i64>| item_card(Action { deal: deal.map(DealNumber), ..action(5, rita().member, "2026-12-11") });
    let along = Line { along: vec![on(Some(12))], ..deal_line(card(), Why::Backup, answer) };
    let shown = Shown::Action(Box::new(on(None)));
    let alone =
        Line { what: What::Action(ItemId(5)), shown, along: Vec::new(), to: Some(ben()), why: Why::Starts, answer };
    vec![along, alone]
}

#[test]
fn actions_are_counted_and_told_with_their_deal_and_alone() {
    let card = PlanCard { actions: 2, ..plan_card(lines_with_actions(Answer::Planned), 0) };
    let asking = Asking {
        leaver: rita(),
        lead: ana(),
        to: ben(),
        note: None,
        due: Some(day("2026-12-18")),
        asked: lines_with_actions(Answer::Asked),
        assigned: Vec::new(),
        briefs: lines_with_actions(Answer::Asked).into_iter().map(brief_of).collect(),
    };
    let presses = Presses { guild: GuildId(1), handover: HandoverId(3) };
    let asked = seen(&speaking(|voice| super::asking(voice, &asking, presses, Pings::Nobody, "n1")));
    let planned = planned(&card);
    insta::assert_snapshot!(format!("{planned}\n---\n{asked}"));
}

#[test]
fn whoever_has_left_is_planned_for_by_name() {
    let card = plan_card(vec![deal_line(card(), Why::OnlyLead, Answer::Planned)], 0);
    let gone = PlanCard { leaver: Named { gone: true, ..rita() }, ..card };
    assert!(planned(&gone).contains("Rita (left)"), "{}", planned(&gone));
}

fn handover(answers: &[Answer]) -> Handover {
    use crate::domain::event::Tracked;
    let mut handover = Handover::plan(HandoverId(3), rita().member);
    (handover.lead, handover.started_at) = (Some(MemberId(1)), Some(at("2026-12-16T15:00:00Z")));
    handover.note = Some("Rita moves to *Hooli*".to_owned());
    for (number, answer) in (12..).zip(answers) {
        let what = What::Deal(DealNumber(number));
        handover.put(Item { version: 2, ..Item::new(what, MemberId(2), Why::Backup, *answer) });
    }
    handover.touch(1, EventKind::Created, now());
    handover
}

fn status_card(answers: &[Answer], due: &str) -> StatusCard {
    let lines = (12..).zip(answers).map(|(number, answer)| {
        let card = card_of(Deal { number: DealNumber(number), ..deal() });
        deal_line(card, Why::Backup, *answer)
    });
    let handover = handover(answers);
    let (total, lines) = (handover.items.len(), lines.collect());
    StatusCard { handover, leaver: rita(), lead: ana(), due: Some(day(due)), lines, total }
}

#[test]
fn a_status_tells_each_answer_and_what_is_missing() {
    let all = [
        Answer::Asked,
        Answer::Accepted,
        Answer::Declined,
        Answer::Assigned,
        Answer::Overtaken,
        Answer::Back,
        Answer::Stayed,
    ];
    let say = |told, card: &StatusCard, others: Option<Select>, offered: &[Offer]| {
        seen(&speaking(|voice| {
            let selects = elsewhere(id("else"), card).into_iter().chain(others);
            status(voice, told, card, Page::only(), selects, offers(offered))
        }))
    };
    let running = status_card(&all, "2026-12-18");
    let others = speaking(|voice| words_of(voice, &running));
    let mut undone = status_card(&[Answer::Back, Answer::Stayed], "2026-12-18");
    undone.handover.undone_at = Some(now());
    let said = [
        say(Told::Shown, &running, Some(others), &[Offer::UndoHandover]),
        say(Told::Started { left_out: 1 }, &status_card(&[], "2026-12-18"), None, &[]),
        say(Told::Started { left_out: 0 }, &status_card(&[Answer::Asked], "2026-12-18"), None, &[Offer::Undo]),
        say(Told::Shown, &status_card(&[Answer::Asked], "2026-12-17"), None, &[Offer::AssignAnyway]),
        say(Told::Assigned, &status_card(&[Answer::Assigned], "2026-12-17"), None, &[]),
        say(Told::Undone, &undone, None, &[]),
        say(Told::Offered, &status_card(&[Answer::Declined, Answer::Declined], "2026-12-17"), None, &[Offer::Undo]),
        say(Told::Taken, &status_card(&[Answer::Accepted], "2026-12-17"), None, &[Offer::Undo]),
        say(Told::Reverted, &status_card(&[Answer::Accepted], "2026-12-17"), None, &[]),
        seen(&withdrawn(&rita(), offers(&[Offer::PlanHandover]))),
    ];
    insta::assert_snapshot!(said.join("\n---\n"));
}

fn words_of(voice: &Voice, card: &StatusCard) -> Select {
    others(voice, id("other"), std::slice::from_ref(card))
}

fn brief_of(line: Line) -> Brief {
    let contact = |n| Contact { name: format!("Ana {n}"), role: Some("Alliances".to_owned()), email: None };
    let events = match &line.shown {
        Shown::Deal(_) => {
            let moved = Deal { amount: Some(15_000_000), ..deal() };
            let note = |n| event(n, EventKind::Noted, &deal(), &deal(), Some("They *like* it"));
            vec![
                created(&deal()),
                event(2, EventKind::AmountChanged, &deal(), &moved, None),
                note(3),
                note(4),
                note(5),
                note(6),
            ]
        }
        _ => Vec::new(),
    };
    Brief { line, contacts: (1..=6).map(contact).collect(), events, names: names() }
}

fn asking_for(asked: Vec<Line>, assigned: Vec<Line>) -> Asking {
    let briefs = asked.iter().take(BRIEFS).cloned().map(brief_of).collect();
    let (leaver, lead, to) = (rita(), ana(), ben());
    let (note, due) = (Some("Call them first".to_owned()), Some(day("2026-12-21")));
    Asking { leaver, lead, to, note, due, asked, assigned, briefs }
}

fn asked(of: &Asking, pings: Pings) -> String {
    let presses = Presses { guild: GuildId(900_000_000_000_000_001), handover: HandoverId(3) };
    seen(&speaking(|voice| asking(voice, of, presses, pings, "c1-9")))
}

#[test]
fn a_recipient_is_asked_in_one_message_with_a_brief_a_deal() {
    let one = asking_for(vec![deal_line(stalled_card(), Why::Backup, Answer::Asked)], Vec::new());
    let with_role = asking_for(role_lines(Answer::Asked), Vec::new());
    let many = asking_for(many_lines(60), Vec::new());
    let given = asking_for(Vec::new(), vec![deal_line(card(), Why::Backup, Answer::Assigned)]);
    let number = asking_for(vec![number_line(owned(), Answer::Asked)], Vec::new());
    let both = [number_line(owned(), Answer::Asked), deal_line(card(), Why::Backup, Answer::Asked)];
    let both = asking_for(both.to_vec(), Vec::new());
    let said = [
        asked(&number, Pings::Recipient),
        asked(&both, Pings::Recipient),
        asked(&one, Pings::Recipient),
        asked(&with_role, Pings::Nobody),
        asked(&many, Pings::Recipient),
        asked(&given, Pings::Recipient),
    ];
    insta::assert_snapshot!(said.join("\n---\n"));
}

#[test]
fn a_run_through_says_what_was_answered_and_what_is_next() {
    let brief = brief_of(deal_line(card(), Why::Backup, Answer::Asked));
    let item = |answer| handover(&[answer]).in_order()[0].clone();
    let lines = [deal_line(card(), Why::Backup, Answer::Asked)];
    let said: Vec<String> = [Answer::Accepted, Answer::Declined, Answer::Overtaken]
        .into_iter()
        .map(|answer| answered(&[item(answer)], &lines))
        .collect();
    let place = Place { index: 1, of: 3 };
    let shown = speaking(|voice| turn(voice, Some(&said[0]), Some((&brief, place)), offers(&[Offer::Accept])));
    let end = speaking(|voice| turn(voice, Some(&said[1]), None, Vec::new()));
    insta::assert_snapshot!([seen(&shown), seen(&end), said.join("\n")].join("\n---\n"));
}

#[test]
fn what_can_not_go_back_is_listed_before_it_is_taken_back() {
    let card = status_card(&[Answer::Accepted], "2026-12-18");
    let offered = || offers(&[Offer::Confirm, Offer::Cancel]);
    let all = speaking(|voice| confirm_undo(voice, &card, 4, &[], offered()));
    let some = speaking(|voice| confirm_undo(voice, &card, 1, &many_lines(70), offered()));
    insta::assert_snapshot!([seen(&all), seen(&some)].join("\n---\n"));
}

#[test]
fn each_obstacle_says_what_to_do() {
    let all = [
        Obstacle::Nothing { user: UserId(77) },
        Obstacle::NobodyThere { user: UserId(77), things: 1 },
        Obstacle::Underway { user: UserId(77), things: 2 },
        Obstacle::NotYours { recipient: UserId(72) },
        Obstacle::Answered,
        Obstacle::NotOverdue { from: day("2026-12-21") },
        Obstacle::NothingWaits,
        Obstacle::RecipientLeft { name: "Ben *the* rep".to_owned() },
        Obstacle::NothingToUndo,
        Obstacle::HasLeft { name: "Rita *the* rep".to_owned() },
    ];
    let said: Vec<String> = all.iter().map(|o| speaking(|voice| obstacle(voice, o))).collect();
    let late = [(2, 0), (0, 1), (1, 2)].map(|(waiting, declined)| {
        let late = Overdue { handover: HandoverId(3), leaver: rita(), waiting, declined };
        speaking(|voice| overdue(voice, &late))
    });
    insta::assert_snapshot!(format!("{}\n{}", said.join("\n"), late.join("\n")));
}
