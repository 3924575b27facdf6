//! One deal with its history, a different one for each number.

use chrono::{Days, Duration, NaiveDate};
use cosell::domain::Instant;
use cosell::domain::deal::{Claim, Deal, Loss, LossReason, NextStep, Role};
use cosell::domain::event::EventKind;
use cosell::domain::id::DealNumber;
use cosell::domain::motion::Stage;

use super::{OpenDeal, account, owner, partner_id};
use crate::name::{Chance, PARTNERS};

/// Days over which the deals of a workspace were recorded.
const YEARS: i64 = 2 * 365;

/// What the deals of one workspace have in common.
pub struct Maker {
    pub deals: usize,
    pub accounts: usize,
    pub owners: usize,
    pub now: Instant,
}

/// A deal, and what it was after each of its events.
pub struct History {
    pub deal: Deal,
    pub states: Vec<(EventKind, Deal)>,
    pub account: usize,
    pub partner: usize,
    pub owner: usize,
}

impl History {
    /// What commands need to know of it, if it is open.
    pub fn open_deal(&self) -> Option<OpenDeal> {
        let deal = OpenDeal { number: self.deal.number, owner: self.owner, account: self.account };
        self.deal.is_open().then_some(deal)
    }
}

impl Maker {
    /// The deal of a number. The last tenth is open.
    pub fn make(&self, number: usize) -> History {
        let mut chance = Chance(number as u64 ^ (self.deals as u64) << 32);
        let (account, partner) = (chance.below(self.accounts), chance.below(PARTNERS.len()));
        let owner = chance.below(self.owners);
        let mut states = vec![(EventKind::Created, self.recorded(number, (account, partner, owner), &mut chance))];
        if number > self.deals - self.deals / 10 {
            states.push(self.moved(states[0].1.clone(), &mut chance));
        } else {
            states.push(closed(states[0].1.clone(), &mut chance));
        }
        let deal = states[1].1.clone();
        History { deal, states, account, partner, owner }
    }

    fn recorded(&self, number: usize, (of, with, by): (usize, usize, usize), chance: &mut Chance) -> Deal {
        let age = Duration::days(YEARS) * (self.deals - number + 1) as i32 / self.deals as i32;
        let created_at = self.now - age;
        let today = self.now.date_naive();
        Deal {
            number: DealNumber(number as i64),
            version: 1,
            account: account(of),
            partner: partner_id(with),
            role: *chance.of(&[Role::Sourced, Role::Influenced, Role::Undecided]),
            evidence: Some("Introduced us to their CFO at the partner day".to_owned()),
            attributed_at: created_at,
            attributed_by: owner(by),
            claim: Claim::default(),
            participants: Vec::new(),
            amount: Some((chance.below(400) as i64 + 5) * 100_000),
            close: Some(ahead(today, chance.below(120) as u64 + 10)),
            stage: Stage::Prospect,
            stage_since: created_at,
            owner: owner(by),
            backup: Some(owner((by + 1) % self.owners)),
            next_step: Some(NextStep {
                text: "Send the joint proposal".to_owned(),
                due: Some(ahead(today, chance.below(10) as u64 + 3)),
            }),
            next_step_moves: 0,
            close_slips: 0,
            crm: Some(format!("OPP-{}", 500_000 + number)),
            registration: None,
            motion_version: 1,
            imported_at: None,
            imported_in: None,
            met: Vec::new(),
            waivers: Vec::new(),
            pass_asked: None,
            created_at,
            created_by: owner(by),
            last_activity_at: created_at,
            wait: None,
            snooze: None,
            snoozes: 0,
            declined_at: None,
            closed_on: None,
            lost: None,
        }
    }

    fn moved(&self, mut deal: Deal, chance: &mut Chance) -> (EventKind, Deal) {
        let left_alone = chance.below(7) == 0;
        let days = if left_alone { 30 } else { 1 + chance.below(4) as i64 };
        let at = (self.now - Duration::days(days)).max(deal.created_at);
        if left_alone {
            deal.next_step = None;
        }
        deal.stage = *chance.of(&Stage::OPEN[1..]);
        deal.stage_since = at;
        deal.last_activity_at = at;
        deal.version = 2;
        (EventKind::StageMoved, deal)
    }
}

fn closed(mut deal: Deal, chance: &mut Chance) -> (EventKind, Deal) {
    let at = deal.created_at + Duration::days(10 + chance.below(50) as i64);
    let won = chance.below(3) == 0;
    deal.stage = if won { Stage::Launched } else { Stage::ClosedLost };
    deal.lost = (!won).then_some(Loss { reason: LossReason::NoDecision, detail: None });
    deal.stage_since = at;
    deal.last_activity_at = at;
    deal.closed_on = Some(at.date_naive());
    deal.next_step = None;
    deal.version = 2;
    (if won { EventKind::Won } else { EventKind::Lost }, deal)
}

fn ahead(today: NaiveDate, days: u64) -> NaiveDate {
    today + Days::new(days)
}
