//! Updates a deal: `/deal update`, by its options or by its form.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, Meant};
use super::reading::{all_read, given};
use crate::domain::access::Needed;
use crate::domain::deal::limit::{CRM, NEXT_STEP, NOTE};
use crate::domain::deal::{Deal, NextStep};
use crate::domain::event::{Event, EventKind, rewound};
use crate::domain::id::{DealNumber, InteractionId};
use crate::domain::member::Member;
use crate::domain::motion::Stage;
use crate::domain::refusal::{DateRule, Problem, Problems, Why};
use crate::error::Failure;

/// What is new of a deal, as typed. Any rep may note, and whoever may change it; the rest is for the owner or a lead.
#[derive(Debug, Clone)]
pub struct UpdateDeal {
    /// Which deal.
    pub deal: Meant,
    /// What happened.
    pub note: Option<String>,
    /// What happens next.
    pub next_step: Option<String>,
    /// By when.
    pub due: Option<String>,
    /// The amount.
    pub amount: Option<String>,
    /// The expected close.
    pub close: Option<String>,
    /// The CRM's id or link.
    pub crm: Option<String>,
    /// How the fields are meant.
    pub given: Given,
    /// The draft that it was typed into, if it was.
    pub draft: Option<InteractionId>,
}

/// How the fields of an update are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Options: what is left out stays as it is.
    AsOptions,
    /// A form that was prefilled with this version of the deal: a field that still says the same stays as it is, and
    /// an emptied one takes the value out.
    AsForm {
        /// The version that the person saw.
        version: i64,
    },
}

/// What shall be different. An inner `None` takes a value out.
struct Wish {
    note: Option<String>,
    next_step: Option<Option<NextStep>>,
    amount: Option<Option<i64>>,
    close: Option<Option<NaiveDate>>,
    crm: Option<String>,
}

/// The deal that is meant, with what is needed to judge an update of it.
struct Found {
    deal: Deal,
    owner: Option<Member>,
    /// What happened since the version that the person saw.
    newer: Vec<Event>,
    /// The deal as they saw it.
    seen: Deal,
}

impl UseCase for UpdateDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        change.allow(Needed::Any)?;
        change.take_draft(self.draft).await?;
        let mut problems = Problems::default();
        let found = problems.take(self.find(change).await?);
        let wish = self.wish(change, found.as_ref(), &mut problems);
        let Found { mut deal, owner, newer, .. } = all_read(problems, found)?;
        wish.check(change, &deal, owner.as_ref(), &newer)?;
        wish.record(change, &mut deal).await?;
        Ok(change.changed(deal))
    }
}

impl UpdateDeal {
    /// An update of a deal that says nothing yet.
    pub fn of(deal: DealNumber) -> UpdateDeal {
        UpdateDeal {
            deal: Ok(deal),
            note: None,
            next_step: None,
            due: None,
            amount: None,
            close: None,
            crm: None,
            given: Given::AsOptions,
            draft: None,
        }
    }

    async fn find(&self, change: &mut Change<'_>) -> Result<Result<Found, Problem>, Failure> {
        let (deal, owner) = match change.find_meant(&self.deal).await? {
            Ok(found) => found,
            Err(problem) => return Ok(Err(problem)),
        };
        change.allow_note(&deal, owner.as_ref())?;
        let newer = match self.given {
            Given::AsForm { version } if version < deal.version => change.find_newer(deal.number, version).await?,
            _ => Vec::new(),
        };
        let seen = rewound(&deal, &newer)?;
        Ok(Ok(Found { deal, owner, newer, seen }))
    }

    /// Reads the fields, as far as that can be done without the deal where it was not found.
    fn wish(&self, change: &Change<'_>, found: Option<&Found>, problems: &mut Problems) -> Wish {
        let form = matches!(self.given, Given::AsForm { .. });
        let seen = found.map(|found| &found.seen);
        let mut text = |option, typed: &Option<String>, limit| {
            problems.take(change.read_text(option, typed.as_deref(), limit)).flatten()
        };
        let note = text("note", &self.note, NOTE);
        let crm = text("crm", &self.crm, CRM);
        let amount = given(&self.amount).and_then(|typed| problems.take(change.read_worth("amount", typed)));
        let close = given(&self.close).and_then(|typed| problems.take(change.read_day("close", typed)));
        let next_step = self.next_step(change, found, problems);
        let wish = Wish {
            note,
            next_step: next_step.filter(|step| !form || seen.is_none_or(|seen| *step != seen.next_step)),
            amount: differing(amount, form, seen.and_then(|seen| seen.amount)),
            close: differing(close, form, seen.and_then(|seen| seen.close)),
            crm,
        };
        wish.find_past(change, problems);
        wish
    }

    /// The next step that shall stand. A date alone moves the one that stands; in a form it stands beside its own text.
    fn next_step(
        &self,
        change: &Change<'_>,
        found: Option<&Found>,
        problems: &mut Problems,
    ) -> Option<Option<NextStep>> {
        let form = matches!(self.given, Given::AsForm { .. });
        let text = problems.take(change.read_text("next_step", self.next_step.as_deref(), NEXT_STEP)).flatten();
        let due = given(&self.due).and_then(|typed| problems.take(change.read_day("due", typed)));
        let (text, due) = match (text, due) {
            (Some(text), due) => (text, due),
            (None, None) => return form.then_some(None),
            (None, due) if given(&self.next_step).is_none() => {
                let standing = found?.deal.next_step.clone().filter(|_| !form);
                let missing = Problem::Missing { option: "next_step", why: Why::DueNeedsStep };
                (problems.take(standing.ok_or(missing))?.text, due)
            }
            (None, _) => return None,
        };
        Some(Some(NextStep { text, due }))
    }
}

/// A form's field that says something else than what the person saw, or an option that was given.
fn differing<T: PartialEq>(typed: Option<T>, form: bool, seen: Option<T>) -> Option<Option<T>> {
    match form {
        true => (typed != seen).then_some(typed),
        false => typed.map(Some),
    }
}

impl Wish {
    /// A new due date or close lies ahead. What stands in a form unchanged may be past: that is why it is open.
    fn find_past(&self, change: &Change<'_>, problems: &mut Problems) {
        let due = self.next_step.as_ref().and_then(|step| step.as_ref()?.due);
        for (option, date) in [("due", due), ("close", self.close.flatten())] {
            if let Some(date) = date.filter(|date| *date < change.today()) {
                problems.add(Problem::BadDate { option, date, rule: DateRule::NotPast });
            }
        }
    }

    /// Whether nothing but a note is to be recorded, which any rep may.
    fn is_only_a_note(&self) -> bool {
        self.next_step.is_none() && self.amount.is_none() && self.close.is_none() && self.crm.is_none()
    }

    /// The deal's fields that are to differ.
    fn fields(&self) -> BTreeSet<&'static str> {
        let fields = [
            ("next_step", self.next_step.is_some()),
            ("amount", self.amount.is_some()),
            ("close", self.close.is_some()),
            ("crm", self.crm.is_some()),
        ];
        fields.into_iter().filter(|(_, touched)| *touched).map(|(field, _)| field).collect()
    }

    fn check(&self, change: &Change<'_>, deal: &Deal, owner: Option<&Member>, newer: &[Event]) -> Result<(), Failure> {
        let is_again =
            |event: &Event| event.kind == EventKind::Noted && event.actor == change.actor.id && event.text == self.note;
        if self.note.is_some() && newer.iter().any(is_again) {
            return Err(Problem::ChangedMeanwhile.into());
        }
        if self.is_only_a_note() {
            return if self.note.is_some() { Ok(()) } else { Err(Problem::NothingToDo.into()) };
        }
        change.allow_with_owner(deal, owner)?;
        if self.fields().iter().any(|field| newer.iter().any(|e| e.after.contains_key(*field))) {
            return Err(Problem::ChangedMeanwhile.into());
        }
        self.check_stage(change, deal)
    }

    /// A closed deal keeps what it was closed with, but for its link; a won amount is corrected by a lead.
    fn check_stage(&self, change: &Change<'_>, deal: &Deal) -> Result<(), Failure> {
        let mut problems = Problems::default();
        if !deal.is_open() {
            let corrects = change.access.lead && deal.is_won() && matches!(self.amount, Some(Some(_)));
            let moves = self.next_step.is_some() || self.close.is_some() || (self.amount.is_some() && !corrects);
            if moves {
                problems.add(Problem::WrongStage { deal: deal.number, stage: deal.stage });
            }
        } else if deal.stage != Stage::Prospect {
            let emptied = [("amount", self.amount == Some(None)), ("close", self.close == Some(None))];
            for (option, _) in emptied.into_iter().filter(|(_, emptied)| *emptied) {
                problems.add(Problem::Missing { option, why: Why::ToLeaveProspect });
            }
        }
        Ok(problems.finish()?)
    }

    async fn record(self, change: &mut Change<'_>, deal: &mut Deal) -> Result<(), Failure> {
        let (before, today) = (change.events().len(), change.today());
        if self.note.is_some() {
            change.edit(deal, EventKind::Noted, self.note, |_| {})?;
        }
        if let Some(step) = self.next_step {
            change.edit(deal, EventKind::NextStepSet, None, |d| d.put_next_step(step, today))?;
        }
        if let Some(amount) = self.amount {
            change.edit(deal, EventKind::AmountChanged, None, |d| d.amount = amount)?;
        }
        if let Some(close) = self.close {
            change.edit(deal, EventKind::CloseChanged, None, |d| d.put_close(close))?;
        }
        if let Some(crm) = self.crm {
            change.edit(deal, EventKind::CrmLinked, None, |d| d.crm = Some(crm))?;
            change.index(deal).await?;
        }
        if change.events().len() == before {
            return Err(Problem::NothingToDo.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
