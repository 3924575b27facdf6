//! Registers a deal with its partner: `/deal register`.

use chrono::Days;

use super::UseCase;
use super::change::Change;
use super::on_deal::{Changed, Meant};
use super::reading::all_read;
use crate::domain::deal::limit::REFERENCE;
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::refusal::{Problem, Problems, Why};
use crate::domain::registration::{MOST_DAYS, Registration, USUAL_DAYS};
use crate::error::Failure;
use crate::render::text;

/// The partner has the deal down as ours. A second registration takes the place of the first.
#[derive(Debug, Clone)]
pub struct RegisterDeal {
    /// Which deal.
    pub deal: Meant,
    /// What it is registered under.
    pub reference: String,
    /// For how many days from today it is protected; the usual ones when not given.
    pub days: Option<i64>,
}

impl UseCase for RegisterDeal {
    type Outcome = Changed;

    fn deal(&self) -> Option<DealNumber> {
        self.deal.as_ref().ok().copied()
    }

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let mut problems = Problems::default();
        let deal = problems.take(change.find_own_open_deal(&self.deal).await?);
        let reference = problems.take(change.read_text("reference", Some(&self.reference), REFERENCE)).flatten();
        if text::shows_nothing(&self.reference) {
            problems.add(Problem::Missing { option: "reference", why: Why::Always });
        }
        let days = problems.take(read_days(self.days));
        let ((mut deal, reference), days) = all_read(problems, deal.zip(reference).zip(days))?;
        let (by, at, until) = (change.actor.id, change.now, change.today() + Days::new(days));
        // The same once more would start its warnings anew.
        let stands = deal.registration.as_ref().is_some_and(|old| (&old.reference, old.until) == (&reference, until));
        if stands {
            return Err(Problem::NothingToDo.into());
        }
        let registration = Registration { reference, until, by, at };
        change.edit(&mut deal, EventKind::Registered, None, |d| d.registration = Some(registration))?;
        Ok(change.changed(deal))
    }
}

fn read_days(given: Option<i64>) -> Result<u64, Problem> {
    let days = given.map_or(Some(USUAL_DAYS), |days| u64::try_from(days).ok());
    let most = i64::try_from(MOST_DAYS).unwrap_or(i64::MAX);
    days.filter(|days| (1..=MOST_DAYS).contains(days)).ok_or(Problem::OutOfRange { option: "days", least: 1, most })
}
