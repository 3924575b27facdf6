//! The ledger of closed credit: what each won deal added to which period, from its events alone (rule 8).
//!
//! A win is booked in the period of its day. Whatever changes that credit later, an amount corrected, a class changed, the
//! deal reopened, is booked as the difference, in the period in which it was done: so what a closed period shows is the
//! sum of entries that nothing can add to any more. A win that is told of only after its period is such a difference too.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Share;
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::deal::Role;
use crate::domain::forecast::ByRole;
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::motion::Stage;
use crate::domain::overview::Tally;
use crate::domain::period::Period;

/// What one event changed of that which credit rests on; `None` where it left it. A credited deal has all of them, so
/// that a value taken out needs no telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The deal.
    pub deal: DealNumber,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
    /// The stage since.
    pub stage: Option<Stage>,
    /// The amount since, in minor units.
    pub amount: Option<i64>,
    /// The class since.
    pub role: Option<Role>,
    /// The primary partner since.
    pub partner: Option<PartnerId>,
    /// The owner since.
    pub owner: Option<MemberId>,
    /// The day of the win or loss.
    pub closed_on: Option<NaiveDate>,
}

/// How the entries of a workspace are dated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    /// By whose days and quarters.
    pub calendar: Calendar,
    /// The day on which the workspace began. A win of a period that was over by then is history that was brought along:
    /// it is booked where it belongs, because nothing was printed of that period yet.
    pub opened: NaiveDate,
}

/// Something that was added to the credit of a period, or taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// For which deal.
    pub deal: DealNumber,
    /// The day that it counts on: of the win, or of the change.
    pub day: NaiveDate,
    /// The period in which it counts.
    pub booked: Period,
    /// The period of the win that it belongs to.
    pub of: Period,
    /// For which class.
    pub role: Role,
    /// With which primary partner.
    pub partner: PartnerId,
    /// Who owned the deal when it was won. Closed credit stays with them.
    pub owner: MemberId,
    /// In minor units; below 0 when something is taken away.
    pub amount: i64,
    /// How many deals more are won by it: 1, 0 or −1.
    pub deals: i32,
    /// Why.
    pub cause: Cause,
}

/// What an entry was made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The deal was won.
    Won,
    /// It is won no more: opened again, or the win was taken back.
    Reopened,
    /// Its amount was corrected.
    Amount,
    /// Its class or primary partner was.
    Class,
}

impl Entry {
    /// Whether it changes what an earlier period had shown.
    pub fn is_adjustment(&self) -> bool {
        self.of != self.booked
    }

    /// Whether it counts for a part of the number.
    pub fn is_of(&self, share: Share) -> bool {
        match share {
            Share::Whole => true,
            Share::Owner(owner) => self.owner == owner,
            Share::Partner(partner) => self.partner == partner,
        }
    }
}

/// What a period holds for one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Booked {
    /// Deals won in the period, with what was corrected within it.
    pub won: Tally,
    /// What was changed in it of the credit of earlier periods: how many deals, and by how much together.
    pub adjusted: Tally,
}

impl Booked {
    /// Both together.
    pub fn total(&self) -> i64 {
        self.won.amount.saturating_add(self.adjusted.amount)
    }
}

/// The entries of some deals, from their steps: each deal's together and in their order.
pub fn entries(steps: &[Step], books: &Books) -> Vec<Entry> {
    steps.chunk_by(|a, b| a.deal == b.deal).flat_map(|steps| of_one(steps, books)).collect()
}

/// What a period holds, by class.
pub fn booked<'e>(entries: impl IntoIterator<Item = &'e Entry>, period: &Period) -> ByRole<Booked> {
    let mut by_role = ByRole::<Booked>::default();
    let mut adjusted = BTreeSet::new();
    for entry in entries.into_iter().filter(|entry| entry.booked == *period) {
        let booked = by_role.of_mut(entry.role);
        if entry.is_adjustment() {
            booked.adjusted.amount = booked.adjusted.amount.saturating_add(entry.amount);
            booked.adjusted.deals += usize::from(adjusted.insert((entry.role, entry.deal)));
        } else {
            booked.won.amount = booked.won.amount.saturating_add(entry.amount);
            booked.won.deals = booked.won.deals.saturating_add_signed(entry.deals as isize);
        }
    }
    by_role
}

/// What a deal is credited with while it is won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Credit {
    role: Role,
    partner: PartnerId,
    amount: i64,
}

/// A deal as far as its steps have told.
#[derive(Default)]
struct Told {
    stage: Option<Stage>,
    amount: Option<i64>,
    role: Option<Role>,
    partner: Option<PartnerId>,
    owner: Option<MemberId>,
    closed_on: Option<NaiveDate>,
}

impl Told {
    fn learn(&mut self, step: &Step) {
        self.stage = step.stage.or(self.stage);
        self.amount = step.amount.or(self.amount);
        self.role = step.role.or(self.role);
        self.partner = step.partner.or(self.partner);
        self.owner = step.owner.or(self.owner);
        self.closed_on = step.closed_on.or(self.closed_on);
    }

    fn credit(&self) -> Option<Credit> {
        let (role, partner) = (self.role?, self.partner?);
        let amount = self.amount.unwrap_or(0);
        (self.stage == Some(Stage::Launched)).then_some(Credit { role, partner, amount })
    }
}

/// A credit that stands, with what stays as it was at the win.
struct Standing {
    credit: Credit,
    /// The day of its entry, the period in which that is booked, and the one that it belongs to.
    dated: (NaiveDate, Period, Period),
    owner: MemberId,
}

fn of_one(steps: &[Step], books: &Books) -> Vec<Entry> {
    let (mut told, mut standing, mut entries) = (Told::default(), None::<Standing>, Vec::new());
    for step in steps {
        told.learn(step);
        let today = books.calendar.day(step.at);
        let now = books.calendar.period(today);
        let entry = |credit: Credit, (day, booked, of), owner, (amount, deals), cause| {
            let Credit { role, partner, .. } = credit;
            Entry { deal: step.deal, day, booked, of, role, partner, owner, amount, deals, cause }
        };
        match (&mut standing, told.credit()) {
            (None, None) => {}
            (None, Some(credit)) => {
                let day = told.closed_on.unwrap_or(today);
                let of = books.calendar.period(day);
                let in_time = of == now || of.end < books.opened;
                let dated = if in_time { (day, of, of) } else { (today, now, of) };
                let owner = told.owner.unwrap_or(MemberId::BOT);
                entries.push(entry(credit, dated, owner, (credit.amount, 1), Cause::Won));
                standing = Some(Standing { credit, dated, owner });
            }
            (Some(was), None) => {
                let Standing { credit, dated, owner } = *was;
                // A won deal ends as a lost one only where its record is taken back at once: it counts nowhere.
                let dated = if told.stage == Some(Stage::ClosedLost) { dated } else { (today, now, dated.2) };
                entries.push(entry(credit, dated, owner, (-credit.amount, -1), Cause::Reopened));
                standing = None;
            }
            (Some(was), Some(credit)) if was.credit != credit => {
                let (old, dated) = (was.credit, (today, now, was.dated.2));
                if (old.role, old.partner) == (credit.role, credit.partner) {
                    let difference = credit.amount.saturating_sub(old.amount);
                    entries.push(entry(credit, dated, was.owner, (difference, 0), Cause::Amount));
                } else {
                    entries.push(entry(old, dated, was.owner, (-old.amount, -1), Cause::Class));
                    entries.push(entry(credit, dated, was.owner, (credit.amount, 1), Cause::Class));
                }
                was.credit = credit;
            }
            (Some(_), Some(_)) => {}
        }
    }
    entries
}

#[cfg(test)]
mod tests;
