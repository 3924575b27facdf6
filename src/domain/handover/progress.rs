//! How far a handover is: what waits for whose answer and until when, what was declined, and what was settled otherwise.

use chrono::NaiveDate;

use super::{Answer, Handover, Item, What};
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::id::MemberId;

/// Business days that a recipient has for an answer; then the lead may assign without one.
const ANSWER_DAYS: u32 = 2;

impl Handover {
    /// What waits for an answer, in order; of one recipient, if one is named.
    pub fn asked(&self, of: Option<MemberId>) -> Vec<&Item> {
        let mut items = self.in_order();
        items.retain(|item| item.answer == Answer::Asked && of.is_none_or(|to| item.to == to));
        items
    }

    /// The first day on which something that waits can be assigned without an answer; of one recipient, if one is named.
    pub fn answers_due(&self, calendar: &Calendar, of: Option<MemberId>) -> Option<NaiveDate> {
        self.asked(of).into_iter().filter_map(|item| self.answer_due(calendar, item)).min()
    }

    /// The first day on which a thing can be assigned without an answer; `None` while it is only planned.
    fn answer_due(&self, calendar: &Calendar, item: &Item) -> Option<NaiveDate> {
        let asked_at = item.asked_at.or(self.started_at)?;
        Some(calendar.add_business_days(calendar.day(asked_at), ANSWER_DAYS))
    }

    /// What waits for an answer that is due on a day, in order.
    pub fn overdue(&self, calendar: &Calendar, today: NaiveDate) -> Vec<&Item> {
        let mut items = self.asked(None);
        items
            .retain(|item| self.undone_at.is_none() && self.answer_due(calendar, item).is_some_and(|due| due <= today));
        items
    }

    /// What its recipient declined and nobody else was found for, in order.
    pub fn declined(&self) -> Vec<&Item> {
        let mut items = self.in_order();
        items.retain(|item| self.undone_at.is_none() && item.answer == Answer::Declined);
        items
    }

    /// What is on its way: it waits for an answer or for another recipient.
    pub fn unsettled(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|item| self.undone_at.is_none() && item.is_unsettled())
    }

    /// Sees as overtaken what is not where the handover left it any more; `holder` says who has a thing now.
    pub fn overtake(&mut self, holder: impl Fn(What) -> Option<MemberId>) {
        let stands = |item: &Item| holder(item.what).is_some_and(|now| self.holder(item) == Some(now));
        let gone: Vec<String> = self.unsettled().filter(|item| !stands(item)).map(|item| item.what.key()).collect();
        for key in gone {
            self.items.entry(key).and_modify(|item| item.answer = Answer::Overtaken);
        }
        self.count();
    }

    /// Takes a start back at once, before anybody was asked.
    pub fn withdraw(&mut self, now: Instant) {
        self.undone_at = Some(now);
        self.items.values_mut().for_each(|item| item.answer = Answer::Back);
    }

    /// Counts what is unsettled.
    pub(super) fn count(&mut self) {
        self.waiting = self.items.values().filter(|item| item.is_unsettled()).count();
    }
}
