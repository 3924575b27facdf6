//! When a deal is stalled, and when that can change by time alone (DESIGN §5). Each reason has a first day on which it
//! holds; from then on it holds until the deal changes. That is all there is to it: the answer at an instant is the
//! reasons whose day has come, and the next check is the midnight of the nearest day that has not.
//!
//! Where §5 counts in business days, they are the workspace's, counted after the local day of the event.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Instant;
use super::calendar::Calendar;
use super::deal::Deal;
use super::figure::{Figure, median};
use super::motion::{Motions, Stage};

/// Business days after its creation from which a deal needs a dated next step.
const DAYS_TO_FIRST_STEP: u32 = 2;
/// Business days after the last activity beyond which a dated next step no longer excuses silence.
const STEP_EXCUSES: u32 = 15;
/// Business days for which nothing stalls an imported deal, so that its owner can look at it first.
const DAYS_AFTER_IMPORT: u32 = 5;
/// Won deals that must have passed through a stage before their median says anything.
pub const MEDIAN_NEEDS: u32 = 5;

/// What stalls are judged by: the motion's terms, for each deal those of its version, and how long won deals stayed in each stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StallPolicy {
    /// The play, for the usual days of a stage.
    pub motions: Motions,
    /// In the order of [`Stage::OPEN`]; `None` while too few deals were won.
    pub medians: [Option<StageMedian>; 5],
}

/// How long won deals stayed in a stage. Frozen once a day, so that a win doesn't change other deals at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageMedian {
    /// Business days.
    pub days: u32,
    /// How many deals it rests on.
    pub deals: u32,
}

impl StageMedian {
    /// The median of the business days that won deals stayed in a stage, one value a deal; `None` below
    /// [`MEDIAN_NEEDS`].
    pub fn of(stays: Vec<u32>) -> Option<StageMedian> {
        let deals = stays.len() as u32;
        match median(stays, MEDIAN_NEEDS) {
            Figure::Known(days) => Some(StageMedian { days, deals }),
            Figure::NotEnough { .. } => None,
        }
    }
}

impl StallPolicy {
    /// A policy without any history.
    pub fn new(motions: Motions) -> StallPolicy {
        StallPolicy { motions, medians: [None; 5] }
    }

    fn median(&self, stage: Stage) -> Option<u32> {
        let index = Stage::OPEN.iter().position(|s| *s == stage)?;
        self.medians[index].filter(|median| median.deals >= MEDIAN_NEEDS).map(|median| median.days)
    }
}

/// Why a deal is stalled, in the order in which a card names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its expected close is past. No wait and no snooze silences it: the forecast is wrong until it is mended.
    ClosePast,
    /// Its registration has run out. Nothing silences this one either: the deal stands unprotected.
    RegistrationOver,
    /// Its next step is overdue.
    StepOverdue,
    /// Its wait has ended and nothing happened since it began.
    WaitEnded,
    /// It has no dated next step, two business days or more after its creation.
    NoNextStep,
    /// Nothing happened for the stage's usual days.
    NoActivity,
    /// It is in its stage for over one and a half times the median of won deals.
    SlowStage,
}

/// A cause that holds, with its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Which.
    pub cause: Cause,
    /// For how long. Calendar days past the close, past the registration's last day, past the due date, or since the wait ended (0 on the first day
    /// after it); business days since creation ([`Cause::NoNextStep`]), the last activity, or the move into the stage.
    pub days: u32,
    /// What is usual, in business days: the stage's days for [`Cause::NoActivity`], the median for
    /// [`Cause::SlowStage`].
    pub usual: Option<u32>,
}

/// Whether a deal is stalled at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stall {
    /// All that hold, in the order of [`Cause`]. Empty: not stalled.
    pub reasons: Vec<Reason>,
    /// The first instant at which another reason will hold if nothing happens to the deal; `None` if none will. Until
    /// then only the day counts change.
    pub next_check: Option<Instant>,
}

impl Stall {
    /// Whether any reason holds.
    pub fn holds(&self) -> bool {
        !self.reasons.is_empty()
    }

    /// The causes alone.
    pub fn causes(&self) -> Vec<Cause> {
        self.reasons.iter().map(|reason| reason.cause).collect()
    }
}

/// Judges a deal at an instant. A deal that is won or lost is never stalled.
pub fn stall(deal: &Deal, policy: &StallPolicy, calendar: &Calendar, now: Instant) -> Stall {
    if !deal.is_open() {
        return Stall { reasons: Vec::new(), next_check: None };
    }
    let today = calendar.day(now);
    let onsets = onsets(deal, policy, calendar);
    let (holding, coming): (Vec<_>, Vec<_>) = onsets.into_iter().partition(|onset| onset.from <= today);
    let mut reasons: Vec<Reason> = holding.into_iter().map(|onset| onset.reason(today, calendar)).collect();
    reasons.sort_by_key(|reason| reason.cause);
    let next = coming.into_iter().map(|onset| onset.from).min();
    Stall { reasons, next_check: next.map(|day| calendar.midnight(day)) }
}

/// A cause that holds from a day on.
struct Onset {
    cause: Cause,
    from: NaiveDate,
    /// The day from which its figure counts.
    since: NaiveDate,
    usual: Option<u32>,
}

impl Onset {
    fn reason(self, today: NaiveDate, calendar: &Calendar) -> Reason {
        let days = match self.cause {
            Cause::ClosePast | Cause::RegistrationOver | Cause::StepOverdue | Cause::WaitEnded => {
                (today - self.since).num_days().max(0) as u32
            }
            Cause::NoNextStep | Cause::NoActivity | Cause::SlowStage => {
                calendar.business_days_between(self.since, today)
            }
        };
        Reason { cause: self.cause, days, usual: self.usual }
    }
}

/// Everything that holds of this deal from some day on, if it stays as it is. A wait or snooze puts off all but a past
/// close and an expired registration to its last day; where both run, to the later.
fn onsets(deal: &Deal, policy: &StallPolicy, calendar: &Calendar) -> Vec<Onset> {
    let quiet_until = quiet_until(deal);
    let mut onsets: Vec<Onset> = [
        no_next_step(deal, calendar),
        step_overdue(deal),
        wait_ended(deal),
        no_activity(deal, policy, calendar),
        slow_stage(deal, policy, calendar),
    ]
    .into_iter()
    .flatten()
    .map(|onset| Onset { from: quiet_until.map_or(onset.from, |until| onset.from.max(until)), ..onset })
    .collect();
    onsets.extend(close_past(deal));
    onsets.extend(registration_over(deal));
    if let Some(imported) = deal.imported_at {
        let from = calendar.add_business_days(calendar.day(imported), DAYS_AFTER_IMPORT);
        onsets.iter_mut().for_each(|onset| onset.from = onset.from.max(from));
    }
    onsets
}

/// The first day on which neither wait nor snooze puts reasons off any more; in the past where both are over.
pub fn quiet_until(deal: &Deal) -> Option<NaiveDate> {
    let wait = deal.wait.as_ref().map(|wait| wait.until);
    let snooze = deal.snooze.as_ref().map(|snooze| snooze.until);
    wait.max(snooze)
}

fn close_past(deal: &Deal) -> Option<Onset> {
    let close = deal.close?;
    Some(Onset { cause: Cause::ClosePast, from: day_after(close), since: close, usual: None })
}

fn registration_over(deal: &Deal) -> Option<Onset> {
    let until = deal.registration.as_ref()?.until;
    Some(Onset { cause: Cause::RegistrationOver, from: day_after(until), since: until, usual: None })
}

fn step_overdue(deal: &Deal) -> Option<Onset> {
    let due = due(deal)?;
    Some(Onset { cause: Cause::StepOverdue, from: day_after(due), since: due, usual: None })
}

fn no_next_step(deal: &Deal, calendar: &Calendar) -> Option<Onset> {
    if due(deal).is_some() {
        return None;
    }
    let since = calendar.day(deal.created_at);
    let from = calendar.add_business_days(since, DAYS_TO_FIRST_STEP);
    Some(Onset { cause: Cause::NoNextStep, from, since, usual: None })
}

/// "Nothing new" is no activity since the wait was said: one that came during it answers what was waited for.
fn wait_ended(deal: &Deal) -> Option<Onset> {
    let wait = deal.wait.as_ref().filter(|wait| deal.last_activity_at <= wait.since)?;
    Some(Onset { cause: Cause::WaitEnded, from: wait.until, since: wait.until, usual: None })
}

/// A dated next step keeps this one quiet through its due date (the day itself belongs to the owner), but not beyond
/// the fifteenth business day of silence, and never makes it come earlier.
fn no_activity(deal: &Deal, policy: &StallPolicy, calendar: &Calendar) -> Option<Onset> {
    let since = calendar.day(deal.last_activity_at);
    let usual = policy.motions.terms(deal).usual_days;
    let silent = calendar.add_business_days(since, usual);
    let from = match due(deal) {
        Some(due) => silent.max(day_after(due).min(calendar.add_business_days(since, STEP_EXCUSES))),
        None => silent,
    };
    Some(Onset { cause: Cause::NoActivity, from, since, usual: Some(usual) })
}

fn slow_stage(deal: &Deal, policy: &StallPolicy, calendar: &Calendar) -> Option<Onset> {
    let median = policy.median(deal.stage)?;
    let since = calendar.day(deal.stage_since);
    let first_day_over = median * 3 / 2 + 1;
    let from = calendar.add_business_days(since, first_day_over);
    Some(Onset { cause: Cause::SlowStage, from, since, usual: Some(median) })
}

fn due(deal: &Deal) -> Option<NaiveDate> {
    deal.next_step.as_ref()?.due
}

fn day_after(day: NaiveDate) -> NaiveDate {
    day + Days::new(1)
}

#[cfg(test)]
mod tests;
