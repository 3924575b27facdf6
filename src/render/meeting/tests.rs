//! A running review's post, what it says when it is over, and its minutes: for none, one, many and too many.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use proptest::prelude::*;

use super::super::press;
use super::super::testing::*;
use super::*;
use crate::domain::agenda::agenda;
use crate::domain::calendar::Calendar;
use crate::domain::card::Named;
use crate::domain::deal::Deal;
use crate::domain::episode::Episode;
use crate::domain::id::{ChannelId, GuildId, ItemId, MeetingId, MessageId, ReviewId, UserId};
use crate::domain::item::{Ended, Item, TEXT, What};
use crate::domain::ladder::Level;
use crate::domain::meeting::{Changed, ranked};
use crate::domain::motion::{Motions, Stage};
use crate::domain::testing::{self, agenda_facts, at, day};
use crate::render::offer::Offer;

const GUILD: GuildId = GuildId(7);

fn started_at() -> Instant {
    now() - Duration::minutes(5)
}

/// An item of Ana's; actions are Ben's.
fn item_card(item: Item) -> ItemCard {
    let assignee = item.assignee().map(|_| ben());
    let ended_by = item.ended().map(|_| ben());
    ItemCard { by: ana(), assignee, ended_by, ..testing::item_card(item) }
}

fn topic(id: i64, deal: Option<i64>) -> ItemCard {
    item_card(testing::topic(id, deal))
}

fn decision(id: i64, deal: Option<i64>) -> ItemCard {
    item_card(Item { what: What::Decision, open: false, ..testing::topic(id, deal) })
}

fn action(id: i64, due: &str, deal: Option<i64>) -> ItemCard {
    let item = testing::action(id, MemberId(2), due);
    item_card(Item { deal: deal.map(DealNumber), ..item })
}

fn typed(text: &str, mut card: ItemCard) -> ItemCard {
    card.item.text = text.to_owned();
    card
}

fn facts(open: Vec<DealCard>, items: Vec<ItemCard>) -> AgendaFacts {
    let items = items.into_iter().map(|card| (card.item.id, card)).collect();
    AgendaFacts { items, ..agenda_facts(now(), at("2026-12-03T16:00:00Z"), open) }
}

fn of(facts: &AgendaFacts) -> Agenda {
    agenda(facts, &Motions::default(), &Calendar::of(&settings()))
}

/// A meeting over what is on an agenda, started by Ana five minutes ago.
fn meeting(facts: &AgendaFacts) -> MeetingCard {
    let occurrence = (ReviewId(1), started_at());
    let cards = ranked(&of(facts), facts).cards;
    MeetingCard {
        meeting: Meeting::start(MeetingId(1), occurrence, (MemberId(1), started_at()), cards),
        review: "Pipeline review".to_owned(),
        partner: None,
        people: [ana(), ben()].map(|named| (named.member, named)).into(),
        decisions: Vec::new(),
        actions: Vec::new(),
        topics: Vec::new(),
        deals: BTreeMap::new(),
    }
}

fn posted(facts: &AgendaFacts, card: &MeetingCard) -> String {
    let agenda = of(facts);
    let ranked = ranked(&agenda, facts);
    let on = OnTable { card, agenda: &agenda, facts, ranked: &ranked };
    let shown = match card.meeting.shown {
        Some(Card::Deal(deal)) => facts.card(deal).map(|deal| press::on_shown_deal(GUILD, deal)),
        Some(Card::Item(item)) => facts.items.get(&item).map(|card| press::on_action(GUILD, &card.item)),
        None => None,
    };
    let meeting = press::on_meeting(GUILD, &card.meeting);
    let controls = Controls { meeting, shown: shown.unwrap_or_default(), go_to: id("go"), show: id("show") };
    speaking(|voice| seen(&post(voice, &on, controls)))
}

fn show(card: &mut MeetingCard, shown: Option<Card>) {
    card.meeting.shown = shown;
}

/// D-12 is stalled, somebody asks about it, and an action on it is open; beside it a topic and an overdue action.
fn one() -> AgendaFacts {
    let items =
        vec![topic(1, Some(12)), topic(2, None), action(3, "2026-12-15", None), action(4, "2026-12-18", Some(12))];
    let before = Standing {
        stage: Stage::Prospect,
        amount: Some(10_000_000),
        close: Some(day("2026-12-29")),
        owner: MemberId(2),
    };
    AgendaFacts { before: [(DealNumber(12), before)].into(), ..facts(vec![stalled_card()], items) }
}

#[test]
fn a_meeting_with_nothing_to_go_through_says_so() {
    let facts = facts(Vec::new(), Vec::new());
    insta::assert_snapshot!(posted(&facts, &meeting(&facts)));
}

#[test]
fn the_card_of_a_deal_says_why_it_is_here_what_moved_and_what_came_of_it_so_far() {
    let facts = one();
    let mut card = meeting(&facts);
    card.partner = Some("Initech *GmbH*".to_owned());
    card.decisions = vec![typed("Offer 10 % for *two* years", decision(10, Some(12)))];
    card.actions = vec![action(11, "2026-12-18", Some(12))];
    show(&mut card, Some(Card::Deal(DealNumber(12))));
    insta::assert_snapshot!(posted(&facts, &card));
}

#[test]
fn topics_and_actions_have_cards_of_their_own() {
    let facts = one();
    let mut card = meeting(&facts);
    show(&mut card, Some(Card::Item(ItemId(2))));
    let topic = posted(&facts, &card);
    show(&mut card, Some(Card::Item(ItemId(3))));
    insta::assert_snapshot!(format!("{topic}\n{}", posted(&facts, &card)));
}

#[test]
fn what_is_gone_and_the_end_are_told() {
    let facts = one();
    let mut card = meeting(&facts);
    let mut said = |shown| {
        show(&mut card, shown);
        posted(&facts, &card).lines().take(2).collect::<Vec<_>>().join("\n")
    };
    let gone = [Some(Card::Deal(DealNumber(99))), Some(Card::Item(ItemId(99))), None].map(&mut said);
    insta::assert_snapshot!(gone.join("\n"), @"
    **Pipeline review** · started <t:1797519300:R> by <@71> · a card beside the first ones
    D-99 is not in this review any more.
    **Pipeline review** · started <t:1797519300:R> by <@71> · a card beside the first ones
    What stood here is settled.
    **Pipeline review** · started <t:1797519300:R> by <@71>
    That was the last card. Close the review, or pick another card below.
    ");
}

#[test]
fn why_a_deal_is_here_reads_as_a_sentence() {
    let mut facts = facts(vec![stalled_card()], Vec::new());
    let said = |facts: &AgendaFacts| {
        let mut card = meeting(facts);
        show(&mut card, Some(Card::Deal(DealNumber(12))));
        posted(facts, &card).lines().nth(1).map(str::to_owned).unwrap_or_default()
    };
    let stalled = "stalled since today: next step 4 days overdue; no activity for 12 business days, usual is 10 ·";
    assert!(said(&facts).starts_with(&format!("**Why it is here**: {stalled} sourced by Initech")), "{}", said(&facts));
    let episode = Episode { opened_at: at("2026-12-03T15:00:00Z"), ..episode(Level::Third) };
    facts.episodes.insert(DealNumber(12), episode);
    let third = said(&facts);
    assert_eq!(third.matches("stalled for 10 business days: ").count(), 1, "{third}");
}

/// 400 stalled deals, 30 topics and 40 overdue actions, all with long and nasty texts.
fn too_much() -> AgendaFacts {
    let deals = many_cards(400).into_iter().map(|card| DealCard {
        reasons: stalled_card().reasons,
        account: nasty(100),
        deal: Deal { close: Some(day("2026-12-30")), ..card.deal.clone() },
        ..card
    });
    let topics = (1..=30).map(|n| typed(&nasty(TEXT), topic(n, (n > 10).then_some(1))));
    let actions = (31..=70).map(|n| typed(&nasty(TEXT), action(n, "2026-12-01", (n > 40).then_some(1))));
    facts(deals.collect(), topics.chain(actions).collect())
}

fn full(facts: &AgendaFacts) -> MeetingCard {
    let mut card = meeting(facts);
    card.review = nasty(100);
    card.partner = Some(nasty(100));
    let about = |mut card: ItemCard| {
        card.account = Some(nasty(100));
        typed(&nasty(TEXT), card)
    };
    card.decisions = (100..160).map(|n| about(decision(n, Some(1)))).collect();
    card.actions = (160..200).map(|n| about(action(n, "2026-12-01", Some(1)))).collect();
    card.topics = (200..230).map(|n| about(topic(n, Some(1)))).collect();
    card.deals = facts.open.clone();
    let people =
        (1..=90).map(|n| Named { member: MemberId(n), user: UserId(1_000 + n), name: nasty(32), gone: n % 2 == 0 });
    card.people = people.map(|named| (named.member, named)).collect();
    card.meeting.acted = (1..=90).map(MemberId).collect();
    card
}

#[test]
fn the_fullest_post_stays_within_limits_and_counts_what_does_not_fit() {
    let facts = too_much();
    let mut card = full(&facts);
    for shown in [Card::Deal(DealNumber(1)), Card::Deal(DealNumber(400)), Card::Item(ItemId(1)), Card::Item(ItemId(31))]
    {
        show(&mut card, Some(shown));
        let said = posted(&facts, &card);
        for counted in [
            "**400** stalled",
            "**30** topics",
            "**40** open actions",
            "So far: 60 decisions, 40 actions",
            "more, all in the minutes",
        ] {
            assert!(said.contains(counted), "{counted} in {said}");
        }
        assert!(said.contains("more: /review agenda)"), "{said}");
        assert!(!said.contains("lines more"), "the lines above the card are whole: {said}");
        assert!(!text_of(&said).contains("[pay](https") && said.ends_with("pings: nobody\n"), "{said}");
    }
}

/// What a person sees above the controls, where Discord reads markdown.
fn text_of(said: &str) -> String {
    said.lines().filter(|line| !line.starts_with(['<', '['])).collect::<Vec<_>>().join("\n")
}

fn closed_card(mut card: MeetingCard, moved: Vec<Changed>, by: Option<i64>) -> MeetingCard {
    let at = card.meeting.started_at + Duration::minutes(34);
    let by = by.map(MemberId);
    card.meeting.closed =
        Some(Closed { at, by, moved, changed_by: Default::default(), entered: 2, left: 1, actions_closed: 1 });
    card
}

fn changed(number: i64) -> Changed {
    let from = Standing { stage: Stage::Prospect, amount: None, close: None, owner: MemberId(2) };
    let to = Standing {
        stage: Stage::Committed,
        amount: Some(12_000_000),
        close: Some(day("2027-01-29")),
        owner: MemberId(1),
    };
    Changed { deal: DealNumber(number), from: (number % 2 == 0).then_some(from), to }
}

/// Closed with one of each.
fn some() -> MeetingCard {
    let facts = one();
    let mut card = meeting(&facts);
    card.meeting.acted = BTreeSet::from([MemberId(1), MemberId(2)]);
    card.decisions = vec![typed("Offer 10 % for *two* years", decision(10, Some(12)))];
    let mut done = action(12, "2026-12-16", None);
    done.item.end(Ended { by: MemberId(2), at: now(), why: Some("No longer _needed_".to_owned()) });
    card.actions = vec![action(11, "2026-12-18", Some(12)), item_card(done.item)];
    card.topics = vec![topic(2, None)];
    card.deals = facts.open.clone();
    closed_card(card, vec![changed(12), changed(13)], Some(1))
}

fn none(by: Option<i64>) -> MeetingCard {
    closed_card(meeting(&facts(Vec::new(), Vec::new())), Vec::new(), by)
}

#[test]
fn a_post_whose_meeting_is_over_opens_with_who_ran_it_and_what_came_of_it() {
    let at = Posted { guild: GUILD, channel: ChannelId(81), message: MessageId(9) };
    let facts = too_much();
    let too_many = closed_card(full(&facts), (1..=80).map(changed).collect(), Some(2));
    let said = [closed(&none(None), None), closed(&some(), Some(at)), closed(&too_many, Some(at))];
    assert!(said.iter().all(|said| crate::render::text::units(said) < 1_000), "{said:?}");
    insta::assert_snapshot!(said.join("\n\n"));
}

fn minutes_of(card: &MeetingCard) -> String {
    let closed = card.meeting.closed.as_ref().expect("it is over");
    speaking(|voice| seen(&minutes(voice, card, closed, offers(&[Offer::Minutes]), "g12")))
}

fn file_of(card: &MeetingCard) -> (String, String) {
    let closed = card.meeting.closed.as_ref().expect("it is over");
    let message = speaking(|voice| markdown(voice, card, closed));
    seen(&message);
    let file = message.pictures().first().expect("a file");
    (file.filename.clone(), String::from_utf8(file.bytes.clone()).expect("text"))
}

#[test]
fn minutes_of_nothing_say_so() {
    let card = none(None);
    insta::assert_snapshot!(format!("{}\n{}", minutes_of(&card), file_of(&card).1));
}

#[test]
fn minutes_tell_what_was_decided_who_does_what_and_what_moved() {
    let (name, text) = file_of(&some());
    assert_eq!(name, "minutes-2026-12-17.md");
    insta::assert_snapshot!(format!("{}\n{text}", minutes_of(&some())));
}

#[test]
fn minutes_of_too_much_count_what_does_not_fit_and_the_file_has_all_of_it() {
    let facts = too_much();
    let mut card = full(&facts);
    let last = format!("{} END", nasty(TEXT - 4));
    card.decisions.push(typed(&last, decision(300, None)));
    let card = closed_card(card, (1..=80).map(changed).collect(), Some(2));
    let said = minutes_of(&card);
    for counted in ["Decisions · 61", "Actions · 40", "Moved while it ran · 80", "Topics · 30", "and 50 more"] {
        assert!(said.contains(counted), "{counted} in {said}");
    }
    assert_eq!(said.matches(" more: Minutes as Markdown").count(), 4, "{said}");
    let (_, text) = file_of(&card);
    assert_eq!(text.lines().filter(|line| line.starts_with("- ")).count(), 61 + 40 + 80 + 30);
    assert!(text.contains(" END · "), "a text is whole in the file");
    assert!(!text.contains("<@1") && !text.contains("[pay](https"), "people by name, and links as they were typed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_post_with_any_shown_card_builds(
        deals in 0i64..30,
        topics in 0i64..30,
        done in 0i64..40,
        shown in proptest::option::of((any::<bool>(), 0i64..40)),
        text in "\\PC{0,500}",
    ) {
        let open: Vec<DealCard> = many_cards(deals).into_iter().map(|card| DealCard { account: text.clone(), reasons: stalled_card().reasons, ..card }).collect();
        let items = (1..=topics).map(|n| match n % 3 {
            0 => topic(n, Some(n)),
            1 => topic(n, None),
            _ => action(n, "2026-12-01", None),
        });
        let facts = facts(open, items.map(|card| typed(&text, card)).collect());
        let mut card = meeting(&facts);
        card.review.clone_from(&text);
        card.decisions = (100..100 + done).map(|n| typed(&text, decision(n, Some(1)))).collect();
        show(&mut card, shown.map(|(deal, n)| if deal { Card::Deal(DealNumber(n)) } else { Card::Item(ItemId(n)) }));
        posted(&facts, &card);
        file_of(&closed_card(card, (1..=done).map(changed).collect(), None));
    }
}
