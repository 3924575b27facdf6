//! Reminders and alerts for none, one, many and too many.

use proptest::prelude::*;

use super::super::testing::*;
use super::super::{alert, review::rhythm};
use super::*;
use crate::domain::attribution::Timeliness;
use crate::domain::card::Named;
use crate::domain::deal::{Claim, Deal, Question, Signature};
use crate::domain::handover::view::{Declined, Line, Owned, Ownerless, Shown};
use crate::domain::handover::{Answer, What, Why};
use crate::domain::id::{ChannelId, DealNumber, MemberId, PartnerId, RoleId};
use crate::domain::item::{Item, ItemCard};
use crate::domain::period::Period;
use crate::domain::registration::Registration;
use crate::domain::reminder::Collection;
use crate::domain::stall::{Cause, Reason};
use crate::domain::testing::{action, day, item_card};

fn say(message: impl FnOnce(&Voice) -> Message) -> String {
    speaking(|voice| seen(&message(voice)))
}

fn told(number: i64, level: Level, part: Part) -> Told {
    let mut card = stalled_card();
    card.deal.number = DealNumber(number);
    Told { card, level: Some(level), part }
}

fn reminder(person: Named, told: Vec<Told>) -> Reminder {
    Reminder {
        person,
        told,
        actions: Vec::new(),
        gaps: Vec::new(),
        registrations: Vec::new(),
        questions: Vec::new(),
        claims: 0,
        collections: Vec::new(),
        handovers: Vec::new(),
        pay: Vec::new(),
    }
}

fn somebody(n: i64) -> Named {
    Named { member: MemberId(n), user: UserId(900_000_000_000_000_000 + n), name: format!("Person {n}"), gone: false }
}

#[test]
fn each_person_has_a_line() {
    let gone = |mut told: Told| {
        told.card.owner.gone = true;
        told
    };
    let people = [
        reminder(ana(), (12..15).map(|n| told(n, Level::First, Part::Owner)).collect()),
        reminder(ben(), vec![told(12, Level::Second, Part::Backup)]),
        reminder(somebody(3), vec![told(20, Level::Second, Part::StandIn), told(21, Level::First, Part::Owner)]),
        reminder(somebody(4), vec![gone(told(22, Level::First, Part::StandIn))]),
        reminder(somebody(5), vec![told(23, Level::Second, Part::Owner)]),
    ];
    let one = say(|voice| reminders(voice, &people[..1], None, "n1", id("mine")));
    let all = say(|voice| reminders(voice, &people, None, "n1", id("mine")));
    insta::assert_snapshot!(format!("{one}\n{all}"));
}

#[test]
fn leads_are_told_by_owner() {
    let card = |owner: Named, number: i64| DealCard { owner, ..told(number, Level::Third, Part::Owner).card };
    let gone = Named { gone: true, ..somebody(9) };
    let some = vec![card(ana(), 1), card(ben(), 2), card(ben(), 3), card(gone, 4)];
    let many = (10..40).map(|n| card(somebody(n % 12), n)).collect();
    let with_role = LeadReminder { role: Some(LeadRole::Pinged(RoleId(91))), number_owner: Some(ana()), told: some };
    let without = LeadReminder { role: None, number_owner: None, told: many };
    let said = [
        say(|voice| reminders(voice, &[], Some(&with_role), "n1", id("mine"))),
        say(|voice| reminders(voice, &[], Some(&without), "n1", id("mine"))),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn nobody_goes_without_a_line_when_there_are_many() {
    let collection = |voice: &Voice| Collection { review: review_of_the_week(), starts_at: voice.now(), deals: 40 };
    let shown = say(|voice| {
        let people: Vec<Reminder> = (1..=25)
            .map(|n| {
                let many = (1..=40).map(|d| told(100_000 + n * 100 + d, Level::Second, Part::Owner)).collect();
                Reminder { collections: vec![collection(voice)], ..reminder(somebody(n), many) }
            })
            .collect();
        let leads =
            LeadReminder { role: Some(LeadRole::Pinged(RoleId(91))), number_owner: Some(ana()), told: many_cards(400) };
        reminders(voice, &people, Some(&leads), "n1", id("mine"))
    });
    for n in 1..=25 {
        assert!(shown.contains(&format!("<@{}>: ", 900_000_000_000_000_000i64 + n)), "{shown}");
    }
    assert!(shown.contains(", and 40 more") && shown.contains("<@&91>: 400 deals"), "{shown}");
}

#[test]
fn claims_questions_and_registrations_ride_with_the_rest() {
    let asked = Signature { by: MemberId(2), at: now() };
    let question = Question { text: "Which meeting?".to_owned(), asked };
    let claim = Claim { question: Some(question), ..Claim::default() };
    let until = crate::domain::testing::day("2026-12-29");
    let registration = Registration { reference: "DR-4711".to_owned(), until, by: MemberId(1), at: now() };
    let ending = card_of(Deal { registration: Some(registration), ..deal() });
    let questioned = QuestionTold { card: card_of(Deal { claim, ..deal() }), partner: PartnerId(1) };
    let owner = Reminder {
        registrations: vec![GapTold { card: ending, part: Part::Owner }],
        questions: vec![questioned],
        ..reminder(ana(), Vec::new())
    };
    let manager = Reminder { claims: 3, ..reminder(ben(), Vec::new()) };
    let said = [
        say(|voice| reminders(voice, &[owner.clone(), manager.clone()], None, "n1", id("mine"))),
        say(|voice| direct(voice, &owner, "n2", id("mine"))),
        say(|voice| direct(voice, &Reminder { claims: 1, ..manager.clone() }, "n3", id("mine"))),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

fn review_of_the_week() -> crate::domain::review::Review {
    use crate::domain::review::{Every, OnHoliday, Review, Rhythm};
    Review {
        id: crate::domain::id::ReviewId(1),
        version: 1,
        name: "Pipeline review".to_owned(),
        channel: ChannelId(81),
        rhythm: Rhythm {
            every: Every::Week,
            weekday: chrono::Weekday::Fri,
            week: None,
            time: chrono::NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
            zone: chrono_tz::Tz::America__New_York,
            starts: crate::domain::testing::day("2026-12-18"),
            holiday: OnHoliday::Skip,
        },
        partner: None,
        post_before: 60,
        collect: true,
        skipped: Default::default(),
        cancelled: false,
    }
}

#[test]
fn a_collection_takes_the_first_place() {
    let collection = Collection { review: review_of_the_week(), starts_at: now(), deals: 3 };
    let asked = Reminder { collections: vec![collection], ..reminder(ana(), Vec::new()) };
    let both = Reminder { told: vec![told(12, Level::First, Part::Owner)], ..asked.clone() };
    let said = [
        say(|voice| reminders(voice, &[asked, both.clone()], None, "n1", id("mine"))),
        say(|voice| direct(voice, &both, "n2", id("mine"))),
        say(|voice| {
            direct(
                voice,
                &reminder(ana(), (1..90).map(|n| told(n, Level::First, Part::Owner)).collect()),
                "n3",
                id("mine"),
            )
        })
        .lines()
        .rev()
        .take(5)
        .collect::<Vec<_>>()
        .join("\n"),
    ];
    insta::assert_snapshot!(said.join("\n"));
    assert_eq!(rhythm(&review_of_the_week().rhythm), "Every Friday at 09:30 (America/New York)");
}

#[test]
fn a_class_that_is_to_be_settled_rides_with_the_rest() {
    let gap = |number: i64, part: Part, timeliness: Timeliness| {
        let card = DealCard { timeliness, ..told(number, Level::First, Part::Owner).card };
        GapTold { card, part }
    };
    let until = crate::domain::testing::day("2026-12-21");
    let soon = vec![gap(31, Part::Owner, Timeliness::Open { until }), gap(32, Part::Owner, Timeliness::Overdue)];
    let alone = Reminder { gaps: soon, ..reminder(ana(), Vec::new()) };
    let late = vec![gap(33, Part::StandIn, Timeliness::Overdue)];
    let both = Reminder { gaps: late, ..reminder(ben(), vec![told(12, Level::First, Part::Owner)]) };
    let said = [
        say(|voice| reminders(voice, &[alone.clone(), both.clone()], None, "n1", id("mine"))),
        say(|voice| direct(voice, &alone, "n2", id("mine"))),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let crowd = vec![both; 25];
    let short = say(|voice| reminders(voice, &crowd, None, "n1", id("mine")));
    assert!(short.contains("D-12 Globex; D-33 Globex's class"), "{short}");
}

/// An action of Ana's.
fn to_act(id: i64, text: &str, due: &str) -> ItemCard {
    let item = Item { text: text.to_owned(), deal: Some(DealNumber(12)), ..action(id, ana().member, due) };
    ItemCard { assignee: Some(ana()), ..item_card(item) }
}

#[test]
fn actions_ride_with_the_rest_and_stand_in_the_list_with_what_ends_them() {
    let own = |id, due| ActionTold { card: to_act(id, "Send *the* price list", due), part: Part::Owner };
    let covered = ActionTold { card: to_act(3, "Ask legal", "2026-12-17"), part: Part::StandIn };
    let one = Reminder { actions: vec![own(1, "2026-12-17")], ..reminder(ana(), Vec::new()) };
    let two = Reminder {
        actions: vec![own(1, "2026-12-10"), covered],
        ..reminder(ben(), vec![told(12, Level::First, Part::Owner)])
    };
    let cards = vec![to_act(1, "Send *the* price list", "2026-12-10"), to_act(2, "Ask legal", "2026-12-18")];
    let mine_of = |cards: Vec<ItemCard>, reader| Mine { cards, reader: Some(reader), open: id("action") };
    let own = mine_of(cards.clone(), ana().member);
    let others = mine_of(cards[1..].to_vec(), ben().member);
    let many = mine_of((1..=90).map(|n| to_act(n, &"word ".repeat(90), "2026-12-10")).collect(), ana().member);
    let listed = |voice: &Voice, cards: &[DealCard], actions: &Mine| {
        let beside = Beside { actions: Some(actions), ..Beside::default() };
        mine(voice, Whose::Own, (cards, None), beside, id("choose"), offers(&[Offer::Update]))
    };
    let said = [
        say(|voice| reminders(voice, &[one.clone(), two.clone()], None, "n1", id("mine"))),
        say(|voice| direct(voice, &two, "n2", id("mine"))),
        say(|voice| listed(voice, &[], &own)),
        say(|voice| listed(voice, &[stalled_card()], &others)),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let many = say(|voice| listed(voice, &[stalled_card()], &many));
    assert!(many.contains("more actions: pick it below") && many.contains("90 open actions of yours"), "{many}");
}

#[test]
fn the_personal_list_has_its_controls() {
    let presses = [Offer::Update, Offer::Snooze, Offer::Wait, Offer::HandOver, Offer::Lost];
    let past = DealCard { reasons: vec![Reason { cause: Cause::ClosePast, days: 1, usual: None }], ..card() };
    let none = say(|voice| mine(voice, Whose::Own, (&[], None), Beside::default(), id("choose"), offers(&presses)));
    let cards = [stalled_card(), past.clone()];
    let claims = Beside { claims: 2, ..Beside::default() };
    let two = say(|voice| mine(voice, Whose::Own, (&cards, Some(&past)), claims, id("choose"), offers(&presses)));
    insta::assert_snapshot!(format!("{none}\n{two}"));
    let over = say(|voice| mine(voice, Whose::Leads, (&[], None), Beside::default(), id("choose"), offers(&presses)));
    let lead = say(|voice| {
        mine(voice, Whose::Leads, (&[stalled_card(), card()], None), Beside::default(), id("choose"), offers(&presses))
    });
    insta::assert_snapshot!("the_leads_list_names_owners", format!("{over}\n{lead}"));
    let many: Vec<DealCard> =
        many_cards(90).into_iter().map(|c| DealCard { reasons: past.reasons.clone(), ..c }).collect();
    let many = say(|voice| mine(voice, Whose::Own, (&many, None), Beside::default(), id("choose"), offers(&presses)));
    assert!(many.contains("more: </my work:12> goes through all of them"), "{many}");
}

fn ownerless() -> Ownerless {
    Ownerless { owner: ana(), deals: Vec::new(), number: None, partners: Vec::new(), actions: 0 }
}

fn number() -> Option<Owned> {
    Some(Owned { period: Period::of(day("2026-12-17"), 1), target: Some(80_000_000), won: 12_000_000 })
}

fn left(left: Ownerless) -> String {
    say(|voice| alert::unowned(voice, &left, "a3", offers(&[Offer::PlanHandover])))
}

fn declined(what: What, shown: Shown) -> String {
    let line = Line { what, shown, along: Vec::new(), to: Some(ben()), why: Why::Spread, answer: Answer::Declined };
    let declined = Declined { line, leaver: ana(), holder: somebody(3), by: ben() };
    say(|voice| alert::handover_declined(voice, &declined, "a7", offers(&[Offer::FindRecipient])))
}

#[test]
fn alerts_say_what_to_do() {
    let said = [
        say(|voice| alert::undeliverable(voice, Some(ChannelId(82)), None, "Missing @everyone Access", "a1")),
        say(|voice| alert::undeliverable(voice, None, Some(UserId(71)), "Cannot send messages to this user", "a2")),
        left(Ownerless { deals: vec![card()], ..ownerless() }),
        left(Ownerless { deals: many_cards(2), number: number(), partners: vec!["Hooli".to_owned()], ..ownerless() }),
        left(Ownerless { number: number(), ..ownerless() }),
        left(Ownerless { actions: 1, ..ownerless() }),
        left(Ownerless { deals: vec![card()], actions: 2, ..ownerless() }),
        left(Ownerless { partners: vec!["Hooli".to_owned(), "Initech".to_owned()], ..ownerless() }),
        say(|voice| alert::missed(voice, "Pipeline review", now(), "a4")),
        say(|voice| alert::partner_asked(voice, ("Hooli **", "Globex"), &ana(), now(), "a6")),
        say(|voice| alert::declined(voice, &card(), &ana(), "a5", offers(&[Offer::HandOver]))),
        declined(What::Deal(DealNumber(12)), Shown::Deal(Box::new(card()))),
        declined(What::Manager(PartnerId(1)), Shown::Manager("Hooli *sub*".to_owned())),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let many = left(Ownerless { deals: many_cards(90), ..ownerless() });
    assert!(many.contains("90 open deals are unowned") && many.contains("more: </cosell doctor"), "{many}");
}

/// Somebody who is told so many things of each kind, under names of a length.
fn any_reminder() -> impl Strategy<Value = Reminder> {
    let few = || 0usize..4;
    (1i64..1_000, (few(), 0usize..30, few(), few(), few(), few()), 0usize..120).prop_map(|(n, counts, length)| {
        let (collections, deals, actions, gaps, registrations, claims) = counts;
        let of = |number: usize| {
            let mut told = told(100_000 + number as i64, Level::Second, Part::Owner);
            told.card.account = nasty(length);
            told
        };
        let gap = |number| GapTold {
            card: DealCard { timeliness: Timeliness::Overdue, ..of(number).card },
            part: Part::StandIn,
        };
        let until = day("2026-12-29");
        let registration = Registration { reference: nasty(40), until, by: MemberId(1), at: now() };
        let ending = |number| {
            let card = of(number).card;
            let deal = Deal { registration: Some(registration.clone()), ..card.deal.clone() };
            GapTold { card: DealCard { deal, ..card }, part: Part::Owner }
        };
        let collection = Collection { review: review_of_the_week(), starts_at: now(), deals: 40 };
        let act = |id: usize| ActionTold { card: to_act(id as i64, &nasty(500), "2026-12-10"), part: Part::Owner };
        Reminder {
            told: (0..deals.max(1)).map(of).collect(),
            actions: (0..actions).map(act).collect(),
            gaps: (0..gaps).map(gap).collect(),
            registrations: (0..registrations).map(ending).collect(),
            claims,
            collections: vec![collection; collections],
            ..reminder(somebody(n), Vec::new())
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn rule_9_whatever_people_are_told_it_fits_and_nobody_goes_without_a_line(
        people in proptest::collection::vec(any_reminder(), 1..=25),
        led in proptest::option::of(0i64..300),
    ) {
        let people: Vec<Reminder> = (1..).zip(people).map(|(n, of)| Reminder { person: somebody(n), ..of }).collect();
        let leads = led.map(|n| LeadReminder { role: Some(LeadRole::Pinged(RoleId(91))), number_owner: Some(ana()), told: many_cards(n) });
        let said = say(|voice| reminders(voice, &people, leads.as_ref(), "c1234567-123456", id("mine")));
        for person in &people {
            let begins = format!("<@{}>: ", person.person.user);
            prop_assert!(said.contains(&begins), "{begins} in {said}");
        }
        prop_assert!(led.is_none() || said.contains("<@&91>"), "{said}");
    }

    #[test]
    fn rule_9_whatever_somebody_is_told_directly_fits_and_is_counted(of in any_reminder()) {
        let said = say(|voice| direct(voice, &of, "c1234567-123456", id("mine")));
        let told = said.lines().filter(|line| line.starts_with("- ")).count();
        let more = said.lines().find_map(|line| line.strip_prefix("… and ")?.split(' ').next()?.parse().ok());
        let all: usize = said.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default();
        prop_assert_eq!(told + more.unwrap_or(0usize), all, "{}", said);
    }
}
