//! The agenda for none, one, many and too many deals.

use proptest::prelude::*;

use super::super::testing::*;
use super::*;
use crate::domain::agenda::{self as rules, Standing};
use crate::domain::cadence::Since;
use crate::domain::calendar::Calendar;
use crate::domain::card::DealCard;
use crate::domain::deal::{Deal, Loss, LossReason, Role};
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::incentive::Comp;
use crate::domain::item::Item;
use crate::domain::ladder::Level;
use crate::domain::motion::Motions;
use crate::domain::number::{Cause as BookedFor, Closed, Entry, NumberFacts, Share};
use crate::domain::period::Period;
use crate::domain::stall::{Cause, Reason};
use crate::domain::testing::{
    action as plain_action, agenda_facts, any_deal, at, day, item_card, topic as plain_topic,
};

fn controls() -> Controls {
    Controls { show: id("show"), check_comp: id("comp"), start: Some(id("start")), actions: id("actions") }
}

fn facts(open: Vec<DealCard>) -> AgendaFacts {
    agenda_facts(now(), at("2026-12-03T16:00:00Z"), open)
}

fn build(facts: &AgendaFacts) -> Agenda {
    rules::agenda(facts, &Motions::default(), &Calendar::of(&settings()))
}

fn drawn() -> Option<picture::Picture> {
    Some(picture::Picture { png: vec![0], alt: "Sourced pipeline by stage.".to_owned() })
}

fn posted(facts: &AgendaFacts, pinging: &[UserId], lead: Option<RoleId>) -> String {
    let occasion = Occasion::Posted { starts_at: at("2026-12-17T16:00:00Z"), pinging, lead, reference: "g12" };
    let built = build(facts);
    speaking(|voice| seen(&agenda(voice, &review(), &occasion, &built, facts, drawn(), controls())))
}

fn numbered(number: i64, deal: Deal) -> DealCard {
    card_of(Deal { number: DealNumber(number), ..deal })
}

/// A pipeline with something in every section.
fn eventful() -> AgendaFacts {
    let stalled = Reason { cause: Cause::NoActivity, days: 12, usual: Some(10) };
    let old = DealCard { reasons: vec![stalled], ..numbered(1, deal()) };
    let gone = DealCard { owner: Named { gone: true, ..ana() }, backup: Some(ben()), ..numbered(2, deal()) };
    let undecided = Deal { role: Role::Undecided, created_at: at("2026-12-05T10:00:00Z"), ..deal() };
    let soon = Deal { close: Some(day("2026-12-30")), stage: Stage::Committed, ..deal() };
    let past = Deal { close: Some(day("2026-12-10")), amount: Some(34_000_000), ..deal() };
    let unpriced = Deal { role: Role::Influenced, amount: None, evidence: None, ..deal() };
    let slipped = Deal { close: Some(day("2027-02-01")), amount: Some(6_000_000), ..deal() };
    let open = vec![
        old,
        gone,
        numbered(3, undecided),
        numbered(4, soon),
        numbered(5, past),
        numbered(6, unpriced),
        numbered(7, slipped),
    ];
    let won = numbered(8, Deal { stage: Stage::Launched, closed_on: Some(day("2026-12-14")), ..deal() });
    let lost = Some(Loss { reason: LossReason::Timing, detail: None });
    let lost = numbered(9, Deal { stage: Stage::ClosedLost, lost, ..deal() });
    let before =
        |stage, amount, close| Standing { stage, amount: Some(amount), close: Some(day(close)), owner: MemberId(1) };
    AgendaFacts {
        closed: [won, lost].map(|card| (card.deal.number, card)).into(),
        episodes: [(DealNumber(1), episode(Level::Third))].into(),
        before: [
            (DealNumber(4), before(Stage::Qualified, 12_000_000, "2026-12-30")),
            (DealNumber(7), before(Stage::Qualified, 12_000_000, "2026-12-20")),
        ]
        .into(),
        missed: vec![at("2026-12-03T16:00:00Z")],
        comp: Comp::default(),
        ..facts(open)
    }
}

/// $420,000 won of $1.2m, and $40,000 taken back of an earlier quarter; Ana owns it.
fn numbers() -> NumberFacts {
    let period = Period::of(day("2026-12-17"), 1);
    let entry = |deal, of, amount| Entry {
        deal: DealNumber(deal),
        day: day("2026-12-14"),
        booked: period,
        of,
        role: Role::Sourced,
        partner: PartnerId(1),
        owner: MemberId(1),
        amount,
        deals: 1,
        cause: BookedFor::Won,
    };
    let influenced = Entry { role: Role::Influenced, ..entry(11, period, 9_000_000) };
    NumberFacts {
        owner: Some(ana()),
        of: Share::Whole,
        target: Some(120_000_000),
        entries: vec![entry(8, period, 42_000_000), entry(10, period.back(1), -4_000_000), influenced],
        closed: (8..13).map(|deal| Closed { deal: DealNumber(deal), won: deal < 10 }).collect(),
    }
}

#[test]
fn the_number_stands_on_top_and_the_picture_shows_what_is_left_of_it() {
    let facts = AgendaFacts { number: Some(numbers()), ..eventful() };
    let said = posted(&facts, &[], None);
    let top: Vec<&str> = said.lines().take_while(|line| !line.starts_with("┌ Needs")).collect();
    insta::assert_snapshot!(top.join("\n"));
    let drawn = speaking(|voice| pipeline(voice, &build(&facts)).target.map(|target| (target.amount, target.label)));
    assert_eq!(drawn, Some((82_000_000, "$820k left of the target of $1.2m".to_owned())));
}

#[test]
fn a_number_that_is_reached_asks_for_nothing() {
    let reached = NumberFacts { target: Some(20_000_000), ..numbers() };
    let facts = AgendaFacts { number: Some(reached), ..facts(Vec::new()) };
    let said = posted(&facts, &[], None);
    assert!(
        said.contains("**$380k won**, sourced, in 1 deal: the target of $200k is reached (190 %), owned by <@71>"),
        "{said}"
    );
    assert!(!said.contains("Coverage"), "{said}");
    assert_eq!(speaking(|voice| pipeline(voice, &build(&facts)).target), None);
}

#[test]
fn that_nobody_owns_the_number_stands_at_the_top_until_somebody_does() {
    let gone = Named { gone: true, ..ana() };
    for (owner, told) in [
        (None, "**Nobody owns the number.** A lead names who does: </program owner:18>."),
        (Some(gone), "**Ana owned the number and has left.** A lead names who does now: </program owner:18>."),
    ] {
        let facts = AgendaFacts { number: Some(NumberFacts { owner, target: None, ..numbers() }), ..facts(Vec::new()) };
        let said = posted(&facts, &[], None);
        assert_eq!(said.lines().nth(1), Some(told), "{said}");
        assert!(said.contains("No target yet: a lead sets it with </program target:18>"), "{said}");
    }
    let plan_mode = posted(&facts(Vec::new()), &[], None);
    assert!(!plan_mode.contains("number") && !plan_mode.contains("target"), "{plan_mode}");
}

#[test]
fn an_empty_section_says_so() {
    insta::assert_snapshot!(posted(&facts(Vec::new()), &[], None));
}

#[test]
fn the_first_agenda_names_the_day_from_which_it_tells() {
    let first = AgendaFacts { since: Since::Beginning(at("2026-10-01T04:00:00Z")), ..facts(vec![stalled_card()]) };
    assert!(posted(&first, &[], None).contains("┌ Since Thu 1 Oct · 1"), "{}", posted(&first, &[], None));
    let none = AgendaFacts { open: BTreeMap::new(), ..first };
    assert!(posted(&none, &[], None).contains("┌ Nothing moved since Thu 1 Oct"), "{}", posted(&none, &[], None));
}

#[test]
fn every_section_tells_what_the_team_goes_through() {
    insta::assert_snapshot!(posted(&eventful(), &[ana().user], Some(RoleId(91))));
}

#[test]
fn one_deal_is_told_as_one() {
    insta::assert_snapshot!(posted(&facts(vec![stalled_card()]), &[ben().user], None));
}

#[test]
fn an_agenda_that_is_only_shown_pings_nobody() {
    let facts = facts(vec![stalled_card()]);
    let built = build(&facts);
    let shown = speaking(|voice| seen(&agenda(voice, &review(), &Occasion::Shown, &built, &facts, None, controls())));
    assert!(shown.starts_with("**Pipeline review**, as it would be posted now."), "{shown}");
    assert!(shown.ends_with("pings: nobody\n"), "{shown}");
}

#[test]
fn four_hundred_deals_stay_within_limits_and_are_counted() {
    let stalled = |n: i64| Named { member: crate::domain::id::MemberId(n), user: UserId(1_000 + n), ..ana() };
    let cards = many_cards(400).into_iter().enumerate().map(|(n, card)| DealCard {
        reasons: stalled_card().reasons,
        owner: stalled(n as i64 % 90 + 1),
        deal: Deal { close: Some(day("2026-12-30")), role: Role::Undecided, evidence: None, ..card.deal.clone() },
        ..card
    });
    let facts = facts(cards.collect());
    let built = build(&facts);
    let people: Vec<UserId> = mentioned(&built, &facts).iter().map(|named| named.user).collect();
    assert_eq!(people.len(), 90);
    let shown = posted(&facts, &people, None);
    for counted in ["Needs a decision · 400", "Stalled · 400", "undecided $48m · 400", "ownership · 400", "and 30 more"]
    {
        assert!(shown.contains(counted), "{counted} in {shown}");
    }
    assert_eq!(shown.matches(" more: Show deals → ").count(), 4, "{shown}");
}

#[test]
fn every_figure_opens_to_its_deals() {
    let facts = AgendaFacts { number: Some(numbers()), ..eventful() };
    let built = build(&facts);
    let today = speaking(|voice| voice.today());
    let opened: Vec<String> = Figure::ALL
        .into_iter()
        .map(|figure| {
            assert_eq!(Figure::parse(figure.key()), Some(figure));
            let deals: Vec<String> = figure.deals(&built, &facts, today).iter().map(|d| d.label()).collect();
            format!("{}: {}", figure.name(), deals.join(" "))
        })
        .collect();
    insta::assert_snapshot!(opened.join("\n"), @"
    Needs a decision: D-1 D-2 D-7 D-3
    Stalled: D-1
    Closing this quarter: D-4
    Moved, new, won and lost: D-8 D-9 D-4 D-3
    Gaps in class and ownership: D-2 D-3 D-6 D-5 D-1 D-4 D-7
    Won this quarter: sourced: D-8
    Adjustments to earlier quarters: D-10
    In the forecast: sourced: D-1 D-2 D-4 D-7
    Beside the forecast: influenced: D-6
    Beside the forecast: undecided: D-3
    Not counted: close is past: D-5
    ");
    assert_eq!(Figure::Sourced.deals(&built, &facts, today).len(), built.forecast.sourced.counted.deals);
    assert_eq!(Figure::parse("other"), None);
}

#[test]
fn the_picture_shows_what_counts_for_the_number() {
    let facts = eventful();
    let built = build(&facts);
    let pipeline = speaking(|voice| pipeline(voice, &built));
    assert_eq!(pipeline.total.count, built.forecast.sourced.counted.deals);
    assert_eq!(pipeline.rows.iter().map(|row| row.amount).sum::<i64>(), pipeline.total.amount);
    assert_eq!(pipeline.not_counted.as_deref(), Some("$340k not counted: close is past"));
}

/// Deals as a pipeline may hold them, each with an owner, a name and a standing of its own.
fn any_pipeline() -> impl Strategy<Value = AgendaFacts> {
    let amounts = proptest::option::of(0i64..1_000_000_000_000);
    let roles = proptest::sample::select(vec![Role::Sourced, Role::Influenced, Role::Undecided]);
    let standing = (proptest::option::of(0usize..6), any::<bool>(), proptest::option::of(0usize..3));
    let one = (any_deal(), amounts, roles, 0usize..160, 1i64..120, standing);
    let items = proptest::collection::vec((any::<bool>(), 0usize..600, proptest::option::of(1i64..80)), 0..40);
    (proptest::collection::vec(one, 0..90), 0usize..70, items, 0i64..8).prop_map(|(deals, closed, items, missed)| {
        let mut facts = facts(Vec::new());
        for (number, (deal, amount, role, name, owner, (cause, gone, level))) in (1..).zip(deals) {
            let owner = Named { member: MemberId(owner), user: UserId(1_000 + owner), gone, ..ana() };
            let deal = Deal { number: DealNumber(number), amount, role, owner: owner.member, ..deal };
            let causes = [
                Cause::ClosePast,
                Cause::StepOverdue,
                Cause::NoActivity,
                Cause::SlowStage,
                Cause::NoNextStep,
                Cause::WaitEnded,
            ];
            let reasons = cause.map(|at| Reason { cause: causes[at], days: 3, usual: Some(10) }).into_iter().collect();
            if let Some(level) = level.filter(|_| cause.is_some()) {
                let level = [Level::First, Level::Second, Level::Third][level];
                facts.episodes.insert(deal.number, episode(level));
            }
            if number % 3 == 0 {
                let (stage, amount) = (Stage::Prospect, Some(12_000_000));
                facts.before.insert(deal.number, Standing { stage, amount, close: deal.close, owner: deal.owner });
            }
            let card = DealCard { account: nasty(name), owner, reasons, ..card_of(deal) };
            facts.open.insert(card.deal.number, card);
        }
        for number in (1_000..).take(closed) {
            let won = Deal { stage: Stage::Launched, closed_on: Some(day("2026-12-14")), ..deal() };
            let card = DealCard { account: nasty(number as usize % 90), ..numbered(number, won) };
            facts.closed.insert(card.deal.number, card);
        }
        for (id, (topic, length, about)) in (1..).zip(items) {
            let item = if topic { plain_topic(id, about) } else { plain_action(id, MemberId(1), "2026-12-01") };
            facts.items.insert(item.id, item_card(Item { text: nasty(length.max(1)), ..item }));
        }
        facts.missed = (0..missed).map(|n| at("2026-11-03T16:00:00Z") + chrono::Duration::days(n)).collect();
        facts
    })
}
/// What each section says that it has, and what of it is told or counted.
fn counted(said: &str) -> Vec<(String, usize, usize)> {
    let mut sections: Vec<(String, usize, usize)> = Vec::new();
    let mut within = false;
    for line in said.lines() {
        if let Some(title) = line.strip_prefix("┌ ") {
            let count = title.rsplit_once(" · ").and_then(|(_, count)| count.parse().ok());
            within = count.is_some();
            sections.extend(count.map(|count| (title.to_owned(), count, 0)));
        } else if line.starts_with(['│', '└', '<']) && !line.starts_with("<t:") {
            within = false;
        } else if let (true, Some((_, _, told))) = (within, sections.last_mut()) {
            let more = line.strip_prefix("… and ").and_then(|rest| rest.split(' ').next()?.parse().ok());
            *told += more.unwrap_or(1);
        }
    }
    sections
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rule_9_whatever_a_pipeline_holds_its_agenda_fits_and_counts_what_does_not(facts in any_pipeline()) {
        let built = build(&facts);
        let people: Vec<UserId> = mentioned(&built, &facts).iter().map(|named| named.user).collect();
        let said = posted(&facts, &people, Some(RoleId(91)));
        prop_assert!(facts.closed.is_empty() || !counted(&said).is_empty());
        for (title, count, told) in counted(&said) {
            prop_assert_eq!(count, told, "{} in {}", title, said);
        }
    }
}
