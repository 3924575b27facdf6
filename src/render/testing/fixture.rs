//! Deals, people and events to render.

use serde_json::to_value;

use super::{now, settings};
use crate::domain::attribution::Timeliness;
use crate::domain::card::{Chain, DealCard, FormerRole, Named, Names, Running};
use crate::domain::deal::{Credit, Deal, Former, Role};
use crate::domain::episode::Episode;
use crate::domain::event::{Event, EventKind, Subject, SubjectKind, difference};
use crate::domain::id::{AccountId, ChannelId, DealNumber, InteractionId, MemberId, PartnerId, RoleId, UserId};
use crate::domain::ladder::Level;
use crate::domain::motion::Stage;
use crate::domain::number::Entry;
use crate::domain::overview::ReviewCard;
use crate::domain::review::{Every, OnHoliday, Rhythm};
use crate::domain::stall::{Cause, Reason};
pub use crate::domain::testing::q4;
use crate::domain::testing::{at, day, deal as plain_deal, entry as plain_entry, review_at, step};
use crate::domain::workspace::Settings;
use crate::render::control::CustomId;
use crate::render::offer::{Offer, Offers};

/// Ana owns, Ben stands in, Lea leads.
pub fn ana() -> Named {
    Named { member: MemberId(1), user: UserId(71), name: "Ana".to_owned(), gone: false }
}

/// The deputy.
pub fn ben() -> Named {
    Named { member: MemberId(2), user: UserId(72), name: "Ben".to_owned(), gone: false }
}

/// The names behind the ids of events.
pub fn names() -> Names {
    Names {
        members: [ana(), ben()].map(|n| (n.member, n)).into(),
        accounts: [(AccountId(1), "Globex".to_owned())].into(),
        partners: [(PartnerId(1), "Initech".to_owned()), (PartnerId(2), "Hooli".to_owned())].into(),
    }
}

/// D-12 with Globex and Initech: qualified, $120,000, a next step due tomorrow.
pub fn deal() -> Deal {
    Deal {
        number: DealNumber(12),
        account: AccountId(1),
        partner: PartnerId(1),
        role: Role::Sourced,
        evidence: Some("intro by their account team".to_owned()),
        amount: Some(12_000_000),
        close: Some(day("2027-01-29")),
        stage: Stage::Qualified,
        owner: MemberId(1),
        next_step: step("2026-12-18")
            .map(|s| crate::domain::deal::NextStep { text: "Send the joint proposal".into(), ..s }),
        ..plain_deal()
    }
}

/// A deal of Ana's with Initech that was won in the quarter that it is.
pub fn entry(deal: i64, role: Role, amount: i64) -> Entry {
    Entry { day: day("2026-12-14"), ..plain_entry(deal, role, amount) }
}

/// Its card.
pub fn card() -> DealCard {
    card_of(deal())
}

/// The card of a deal of Ana's.
pub fn card_of(deal: Deal) -> DealCard {
    let chains = deal.credits().map(chain).collect();
    DealCard {
        deal,
        account: "Globex".to_owned(),
        partner: "Initech".to_owned(),
        participants: Vec::new(),
        owner: ana(),
        backup: None,
        cover: None,
        timeliness: Timeliness::OnTime,
        chains,
        reasons: Vec::new(),
        running: Running::default(),
    }
}

/// The people behind a claim of Ana's, recorded on time; Ben manages the partner.
fn chain(credit: Credit) -> Chain {
    Chain {
        claimed_by: ana(),
        timeliness: Timeliness::OnTime,
        confirmed_by: credit.claim.confirmed.map(|_| ben()),
        asked_by: credit.claim.question.as_ref().map(|_| ben()),
        answerer: ana(),
        manager: Some(ben()),
        former: credit.claim.former.iter().map(former).collect(),
    }
}

/// A role that stood there before, of Hooli's and claimed late by Ana.
fn former(former: &Former) -> FormerRole {
    let timeliness = (former.role != Role::Undecided).then_some(Timeliness::Late);
    FormerRole { partner: "Hooli".to_owned(), claimed_by: ana(), timeliness }
}

/// The card with everything on it.
pub fn stalled_card() -> DealCard {
    let deal = Deal { next_step: step("2026-12-13"), next_step_moves: 3, close_slips: 2, ..deal() };
    DealCard {
        backup: Some(ben()),
        cover: Some(ben()),
        reasons: vec![
            Reason { cause: Cause::StepOverdue, days: 4, usual: None },
            Reason { cause: Cause::NoActivity, days: 12, usual: Some(10) },
        ],
        ..card_of(deal)
    }
}

/// So many cards with long names.
pub fn many_cards(count: i64) -> Vec<DealCard> {
    (1..=count)
        .map(|n| DealCard {
            account: format!("Globex *International* Holdings no. {n} for all Regions and Subsidiaries"),
            ..card_of(Deal { number: DealNumber(n), ..deal() })
        })
        .collect()
}

/// What somebody did to a deal: the event between two states.
pub fn event(version: i64, kind: EventKind, before: &Deal, after: &Deal, text: Option<&str>) -> Event {
    let (old, new) = (to_value(before).expect("a deal serializes"), to_value(after).expect("a deal serializes"));
    let (before, after) = difference(&old, &new);
    Event {
        subject: Subject { kind: SubjectKind::Deal, id: after_number(&new) },
        version,
        kind,
        actor: MemberId(1),
        interaction: InteractionId(9),
        at: now(),
        before,
        after,
        text: text.map(str::to_owned),
    }
}

/// The event that made a deal.
pub fn created(deal: &Deal) -> Event {
    let (before, after) = difference(&serde_json::Value::Null, &to_value(deal).expect("a deal serializes"));
    Event { before, after, ..event(1, EventKind::Created, deal, deal, None) }
}

fn after_number(state: &serde_json::Value) -> i64 {
    state["number"].as_i64().unwrap_or_default()
}

/// An id that says what it is for.
pub fn id(name: &str) -> CustomId {
    CustomId::new(name)
}

/// Offers with their names as ids.
pub fn offers(offers: &[Offer]) -> Offers {
    offers.iter().map(|offer| (*offer, id(&format!("{offer:?}")))).collect()
}

/// Pipeline review, every second Thursday at 11:00 in New York.
pub fn review() -> ReviewCard {
    let rhythm = Rhythm {
        every: Every::TwoWeeks,
        weekday: chrono::Weekday::Thu,
        week: None,
        time: chrono::NaiveTime::from_hms_opt(11, 0, 0).expect("a time"),
        zone: chrono_tz::Tz::America__New_York,
        starts: day("2026-12-03"),
        holiday: OnHoliday::Skip,
    };
    let review = review_at(rhythm);
    ReviewCard { review, partner: None, next: vec![at("2026-12-17T16:00:00Z")] }
}

/// Typed text of so many characters that would ping, forge a link or break the layout where it is not escaped.
pub fn nasty(length: usize) -> String {
    let typed = "**Bold** _it_ <@72> @everyone <@&91> [pay](https://evil.example/a_b) `x` > # ~~no~~ ||so|| 👩‍👩‍👧‍👦 Ünïcode\n- a list\n";
    typed.chars().cycle().take(length).collect()
}

/// A stall that was told at a level.
pub fn episode(level: Level) -> Episode {
    Episode {
        number: 1,
        opened_at: at("2026-12-02T15:00:00Z"),
        started_by: vec![Cause::NoActivity],
        level,
        level_at: at("2026-12-14T15:00:00Z"),
        told_at: None,
        ended: None,
        stage_since: deal().stage_since,
        met_at: None,
        snoozes_before: 0,
    }
}

/// Settings as an admin chose them.
pub fn chosen() -> Settings {
    Settings {
        pipeline_channel: Some(ChannelId(81)),
        nudge_channel: Some(ChannelId(82)),
        ops_channel: Some(ChannelId(83)),
        lead_role: Some(RoleId(91)),
        everyone_is_rep: true,
        ready: true,
        ..settings()
    }
}
