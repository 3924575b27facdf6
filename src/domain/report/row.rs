//! The deals behind a report's figures, a row each.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Report;
use crate::domain::calendar::Calendar;
use crate::domain::deal::{Deal, Role};
use crate::domain::forecast::{closed_in, days_to_close};
use crate::domain::id::{AccountId, DealNumber, MemberId, PartnerId};
use crate::domain::motion::Motions;
use crate::domain::number::Entry;
use crate::domain::period::Period;

/// What a deal stands under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Won in the quarter.
    Won,
    /// Open.
    Open,
    /// Open, and not counted because its close is past.
    PastClose,
}

/// How far a partner's role is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Claimed, and confirmed by the partner's manager or a lead.
    Confirmed,
    /// Claimed.
    Claimed,
    /// Not settled at all.
    Undecided,
}

/// One deal under a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Won or open.
    pub section: Section,
    /// Which deal.
    pub deal: DealNumber,
    /// Of which customer; `None` where the deal as it stood isn't known.
    pub account: Option<AccountId>,
    /// With which primary partner.
    pub partner: PartnerId,
    /// Who owned it when it was won, or owns it.
    pub owner: MemberId,
    /// Its class.
    pub role: Role,
    /// How far that is settled.
    pub standing: Standing,
    /// Whether the class was recorded late, or is overdue.
    pub late: bool,
    /// In minor units.
    pub amount: Option<i64>,
    /// By which an open one is weighted, in percent; 100 for a won one.
    pub probability: u32,
    /// How many deals it counts for: 1, but for a correction within the quarter that left no win.
    pub deals: i32,
    /// When it was won, or is expected to close.
    pub day: Option<NaiveDate>,
}

/// A customer under a figure, with all its deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountShare {
    /// Which.
    pub account: Option<AccountId>,
    /// How many deals.
    pub deals: i32,
    /// What they are worth, in minor units.
    pub amount: i64,
    /// What of it is confirmed.
    pub confirmed: i64,
}

/// A deal that was closed lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// Which.
    pub deal: DealNumber,
    /// Of which customer.
    pub account: AccountId,
    /// Whether it was won.
    pub won: bool,
    /// When it was closed.
    pub day: NaiveDate,
    /// Days since it was recorded.
    pub days: u32,
}

impl Report {
    /// The customers of a section and class, the largest first.
    pub fn accounts(&self, section: Section, role: Role) -> Vec<AccountShare> {
        let mut shares: BTreeMap<Option<AccountId>, AccountShare> = BTreeMap::new();
        for row in self.rows_of(section, role) {
            let none = AccountShare { account: row.account, deals: 0, amount: 0, confirmed: 0 };
            let share = shares.entry(row.account).or_insert(none);
            let amount = row.amount.unwrap_or(0);
            share.deals += row.deals;
            share.amount = share.amount.saturating_add(amount);
            if row.standing == Standing::Confirmed {
                share.confirmed = share.confirmed.saturating_add(amount);
            }
        }
        let mut shares: Vec<AccountShare> = shares.into_values().collect();
        shares.sort_by_key(|share| (Reverse(share.amount), share.account));
        shares
    }
}

/// By section and class, the largest first.
pub(super) fn sort(rows: &mut [Row]) {
    rows.sort_by_key(|row| (row.section, row.role, Reverse(row.amount), row.deal));
}

/// What the entries of a quarter leave of each deal for each class; adjustments to earlier quarters stand apart.
pub(super) fn won(entries: &[Entry], deals: &[Deal], late: impl Fn(&Deal) -> bool) -> Vec<Row> {
    let mut rows: BTreeMap<(DealNumber, Role, PartnerId), Row> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.is_adjustment()) {
        let row = rows.entry((entry.deal, entry.role, entry.partner)).or_insert_with(|| blank(entry));
        row.amount = row.amount.map(|amount| amount.saturating_add(entry.amount));
        row.deals += entry.deals;
        row.day = Some(entry.day).filter(|_| entry.deals > 0).or(row.day);
    }
    let kept = rows.into_values().filter(|row| row.deals != 0 || row.amount != Some(0));
    kept.map(|row| {
        let found = deals.binary_search_by_key(&row.deal, |deal| deal.number).ok().and_then(|place| deals.get(place));
        let Some(deal) = found else { return row };
        let own = deal.role == row.role && deal.partner == row.partner;
        let standing = if own { standing(deal) } else { row.standing };
        Row { account: Some(deal.account), standing, late: own && late(deal), ..row }
    })
    .collect()
}

fn blank(entry: &Entry) -> Row {
    let standing = if entry.role == Role::Undecided { Standing::Undecided } else { Standing::Claimed };
    Row {
        section: Section::Won,
        deal: entry.deal,
        account: None,
        partner: entry.partner,
        owner: entry.owner,
        role: entry.role,
        standing,
        late: false,
        amount: Some(0),
        probability: 100,
        deals: 0,
        day: None,
    }
}

/// Open deals, those past their close apart.
pub(super) fn open<'d>(
    deals: &'d [Deal],
    motions: &Motions,
    day: NaiveDate,
    late: impl Fn(&Deal) -> bool + 'd,
) -> impl Iterator<Item = Row> + 'd {
    let motions = motions.clone();
    deals.iter().filter(|deal| deal.is_open()).map(move |deal| {
        let past = deal.close.is_some_and(|close| close < day);
        Row {
            section: if past { Section::PastClose } else { Section::Open },
            deal: deal.number,
            account: Some(deal.account),
            partner: deal.partner,
            owner: deal.owner,
            role: deal.role,
            standing: standing(deal),
            late: late(deal),
            amount: deal.amount,
            probability: motions.terms(deal).probability.into(),
            deals: 1,
            day: deal.close,
        }
    })
}

fn standing(deal: &Deal) -> Standing {
    match deal.role {
        Role::Undecided => Standing::Undecided,
        _ if deal.claim.confirmed.is_some() => Standing::Confirmed,
        _ => Standing::Claimed,
    }
}

/// The deals that win rate and cycle are made from, by number.
pub(super) fn history(deals: &[Deal], calendar: &Calendar, window: &Period) -> Vec<Past> {
    let closed = deals.iter().filter(|deal| deal.counts() && closed_in(deal, window));
    let past = |deal: &Deal| {
        let (day, days) = (deal.closed_on?, days_to_close(deal, calendar)?);
        Some(Past { deal: deal.number, account: deal.account, won: deal.is_won(), day, days })
    };
    closed.filter_map(past).collect()
}
