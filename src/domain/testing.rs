//! Things that the domain's tests are made of: a plain deal, days and instants, and deals at random.

use std::collections::BTreeMap;

use chrono::{Days, Duration, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::Instant;
use super::agenda::AgendaFacts;
use super::attribution::Timeliness;
use super::cadence::Since;
use super::calendar::Calendar;
use super::card::{Chain, DealCard, Named, Running};
use super::deal::{Claim, Credit, Deal, NextStep, Role, Signature, Snooze, Wait, WaitingOn};
use super::id::{AccountId, ChannelId, DealNumber, ItemId, MeetingId, MemberId, PartnerId, ReviewId, UserId};
use super::import::Row;
use super::incentive::Comp;
use super::item::{Item, ItemCard, What};
use super::motion::{Motions, Stage};
use super::number::{Cause, Entry};
use super::period::Period;
use super::registration::Registration;
use super::review::{Every, OnHoliday, Review, Rhythm, WeekOfMonth};
use super::stall::{StageMedian, StallPolicy};

/// A day from `2026-11-02`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An instant from `2026-11-02T10:00:00Z`.
pub fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// London, 25 and 28 December 2026 and 1 January 2027 off; the fiscal year is the calendar's. In November and December
/// its wall time is UTC.
pub fn calendar() -> Calendar {
    let holidays = ["2026-12-25", "2026-12-28", "2027-01-01"].map(day).into();
    Calendar { zone: Tz::Europe__London, former_zones: Vec::new(), holidays, fiscal_month: 1 }
}

/// D-1 in Prospect, recorded by its owner on Monday, 2 November 2026, 10:00 in London; no amount, close or next step.
pub fn deal() -> Deal {
    let recorded = at("2026-11-02T10:00:00Z");
    Deal {
        number: DealNumber(1),
        version: 1,
        account: AccountId(1),
        partner: PartnerId(1),
        role: Role::Sourced,
        evidence: Some("they brought us in".to_owned()),
        attributed_at: recorded,
        attributed_by: MemberId(1),
        claim: Claim::default(),
        participants: Vec::new(),
        amount: None,
        close: None,
        stage: Stage::Prospect,
        stage_since: recorded,
        owner: MemberId(1),
        backup: None,
        next_step: None,
        next_step_moves: 0,
        close_slips: 0,
        declined_at: None,
        crm: None,
        registration: None,
        motion_version: 1,
        met: Vec::new(),
        waivers: Vec::new(),
        pass_asked: None,
        created_at: recorded,
        created_by: MemberId(1),
        imported_at: None,
        imported_in: None,
        last_activity_at: recorded,
        wait: None,
        snooze: None,
        snoozes: 0,
        closed_on: None,
        lost: None,
    }
}

/// The card of a deal, with the names that stand for its ids and nobody away or gone.
pub fn card(deal: Deal) -> DealCard {
    DealCard {
        account: "Globex".to_owned(),
        partner: "Initech".to_owned(),
        participants: Vec::new(),
        owner: named(deal.owner),
        backup: deal.backup.map(named),
        cover: None,
        timeliness: Timeliness::OnTime,
        chains: deal.credits().map(chain).collect(),
        reasons: Vec::new(),
        running: Running::default(),
        deal,
    }
}

/// The people behind a claim that nobody looked at yet, recorded on time; member 2 manages the partner.
pub fn chain(credit: Credit) -> Chain {
    Chain {
        claimed_by: named(credit.claimed.by),
        timeliness: Timeliness::OnTime,
        confirmed_by: credit.claim.confirmed.map(|signature| named(signature.by)),
        asked_by: credit.claim.question.as_ref().map(|question| named(question.asked.by)),
        answerer: named(credit.answerer()),
        manager: Some(named(MemberId(2))),
        former: Vec::new(),
    }
}

/// A topic that member 1 put on the agenda of review 1.
pub fn topic(id: i64, deal: Option<i64>) -> Item {
    Item {
        id: ItemId(id),
        version: 1,
        review: ReviewId(1),
        meeting: None,
        what: What::Topic,
        text: "Pricing for the spring".to_owned(),
        deal: deal.map(DealNumber),
        by: MemberId(1),
        at: at("2026-11-02T10:00:00Z"),
        handed_at: None,
        open: true,
        withdrawn: false,
    }
}

/// An action that member 1 gave to somebody in meeting 1.
pub fn action(id: i64, assignee: MemberId, due: &str) -> Item {
    let what = What::Action { assignee, due: day(due), ended: None };
    Item { meeting: Some(MeetingId(1)), what, text: "Send the price list".to_owned(), ..topic(id, None) }
}

/// An item with the names that stand for its ids.
pub fn item_card(item: Item) -> ItemCard {
    ItemCard {
        by: named(item.by),
        assignee: item.assignee().map(named),
        ended_by: item.ended().map(|ended| named(ended.by)),
        account: item.deal.map(|_| "Globex".to_owned()),
        review: "Pipeline review".to_owned(),
        item,
    }
}

/// A member who is there.
pub fn named(member: MemberId) -> Named {
    Named { member, user: UserId(member.0 + 100), name: format!("member {member}"), gone: false }
}

/// The last quarter of 2026, of a calendar year.
pub fn q4() -> Period {
    Period::of(day("2026-11-25"), 1)
}

/// What member 1's winning a deal with partner 1 on 22 November 2026 booked.
pub fn entry(deal: i64, role: Role, amount: i64) -> Entry {
    Entry {
        deal: DealNumber(deal),
        day: day("2026-11-22"),
        booked: q4(),
        of: q4(),
        role,
        partner: PartnerId(1),
        owner: MemberId(1),
        amount,
        deals: 1,
        cause: Cause::Won,
    }
}

/// A row of a CRM's file with what every deal has, and $120,000.
pub fn import_row(line: u64, crm: &str) -> Row {
    Row {
        line,
        crm: crm.to_owned(),
        account: "Globex".to_owned(),
        partner: Some("Initech".to_owned()),
        amount: Some(12_000_000),
        close: None,
        stage: None,
        owner: None,
        next_step: None,
        role: Role::Undecided,
        evidence: None,
        created: None,
        active: None,
        loss: None,
    }
}

/// A next step due on a day.
pub fn step(due: &str) -> Option<NextStep> {
    Some(NextStep { text: "call them".to_owned(), due: Some(day(due)) })
}

/// A wait on the partner, said on the day of recording, an hour after it.
pub fn wait(until: &str) -> Option<Wait> {
    Some(Wait { on: WaitingOn::Partner, until: day(until), since: at("2026-11-02T11:00:00Z"), note: None })
}

/// What is known of a claim that member 2 confirmed on the day after its record.
pub fn confirmed() -> Claim {
    let confirmed = Some(Signature { by: MemberId(2), at: at("2026-11-03T10:00:00Z") });
    Claim { confirmed, ..Claim::default() }
}

/// A registration that its owner entered when the deal was recorded.
pub fn registration(until: &str) -> Option<Registration> {
    let at = at("2026-11-02T10:00:00Z");
    Some(Registration { reference: "DR-4711".to_owned(), until: day(until), by: MemberId(1), at })
}

/// A snooze.
pub fn snooze(until: &str) -> Option<Snooze> {
    Some(Snooze { until: day(until), why: "they are at a fair".to_owned() })
}

/// Open deals of all kinds, with what happened to them within the three months before 1 February 2027 and what lies
/// ahead within two months after.
pub fn any_deal() -> impl Strategy<Value = Deal> {
    let past = || (0i64..90 * 24 * 60).prop_map(|minutes| at("2027-02-01T12:00:00Z") - Duration::minutes(minutes));
    let around = || (0u64..150).prop_map(|n| day("2026-11-02") + Days::new(n));
    let maybe = || proptest::option::of(around());
    let stages = proptest::sample::select(Stage::OPEN.to_vec());
    (stages, [past(), past(), past(), past()], maybe(), maybe(), maybe(), maybe()).prop_map(
        |(stage, [created, moved, active, waited], close, due, wait, snooze)| Deal {
            stage,
            created_at: created.min(moved).min(active),
            stage_since: moved,
            last_activity_at: active,
            close,
            next_step: due.map(|due| NextStep { text: String::new(), due: Some(due) }),
            wait: wait.map(|until| Wait { on: WaitingOn::Legal, until, since: waited, note: None }),
            snooze: snooze.map(|until| Snooze { until, why: String::new() }),
            ..deal()
        },
    )
}

/// Calendars over clock changes, with some days off.
pub fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zones = [Tz::UTC, Tz::America__New_York, Tz::Australia__Lord_Howe, Tz::Asia__Kolkata, Tz::Africa__Cairo];
    let holidays = proptest::collection::btree_set((0u64..180).prop_map(|n| day("2026-11-02") + Days::new(n)), 0..12);
    (proptest::sample::select(zones.to_vec()), holidays).prop_map(|(zone, holidays)| Calendar {
        zone,
        former_zones: Vec::new(),
        holidays,
        fiscal_month: 1,
    })
}

/// The default motion, with medians for some stages.
pub fn any_policy() -> impl Strategy<Value = StallPolicy> {
    let median = proptest::option::of((1u32..30, 3u32..9).prop_map(|(days, deals)| StageMedian { days, deals }));
    proptest::array::uniform5(median).prop_map(|medians| StallPolicy { motions: Motions::default(), medians })
}

/// What an agenda is built from where nothing but some deals is open, and nothing happened since the last one.
pub fn agenda_facts(now: Instant, since: Instant, open: impl IntoIterator<Item = DealCard>) -> AgendaFacts {
    AgendaFacts {
        now,
        since: Since::LastPosting(since),
        open: open.into_iter().map(|card| (card.deal.number, card)).collect(),
        closed: BTreeMap::new(),
        episodes: BTreeMap::new(),
        before: BTreeMap::new(),
        missed: Vec::new(),
        not_held: None,
        items: BTreeMap::new(),
        comp: Comp::default(),
        number: None,
    }
}

/// Review 1, over the whole pipeline: its agenda is posted an hour ahead, and owners are asked before it.
pub fn review_at(rhythm: Rhythm) -> Review {
    Review {
        id: ReviewId(1),
        version: 1,
        name: "Pipeline review".to_owned(),
        channel: ChannelId(81),
        rhythm,
        partner: None,
        post_before: 60,
        collect: true,
        skipped: Default::default(),
        cancelled: false,
    }
}

/// A rhythm from Monday, 2 November 2026 on, that moves what falls on a holiday; the week is for a monthly one.
pub fn rhythm(every: Every, (weekday, week): (Weekday, WeekOfMonth), time: &str, zone: Tz) -> Rhythm {
    Rhythm {
        every,
        weekday,
        week: (every == Every::Month).then_some(week),
        time: NaiveTime::parse_from_str(time, "%H:%M").expect("a time"),
        zone,
        starts: day("2026-11-02"),
        holiday: OnHoliday::Move,
    }
}
