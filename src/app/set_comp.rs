//! Sets what reps are paid by: `/program comp`.

use chrono::NaiveDate;

use super::change::Change;
use super::reading::{all_read, given};
use super::{App, Caller, UseCase};
use crate::domain::access::Needed;
use crate::domain::incentive::{Comp, Rate, Terms};
use crate::domain::refusal::{Problem, Problems, Takes};
use crate::error::Failure;

/// Terms as typed.
#[derive(Debug, Clone)]
pub struct SetComp {
    /// Of a deal sold alone, a percentage.
    pub solo_rate: String,
    /// Of a deal sold with a partner, a percentage.
    pub cosell_rate: String,
    /// How much of a co-sell deal counts towards quota, in percent.
    pub quota_credit: Option<u32>,
    /// Paid once for each co-sell deal that is won, an amount.
    pub spiff: Option<String>,
    /// The first day on which they hold; today when not given. It may be past: what holds already has to be told once.
    pub from: Option<String>,
}

/// What was set.
#[derive(Debug, Clone)]
pub struct CompSet {
    /// From when on the terms hold.
    pub from: NaiveDate,
    /// All terms as they are.
    pub after: Comp,
}

impl App {
    /// Sets terms, and has those owners told whose deals pay something else by them.
    pub async fn set_comp(&self, caller: &Caller, terms: SetComp) -> Result<CompSet, Failure> {
        let set = self.change(caller, terms).await?;
        self.owe_pay_news(caller.guild).await?;
        Ok(set)
    }
}

impl UseCase for SetComp {
    type Outcome = CompSet;

    async fn run(self, change: &mut Change<'_>) -> Result<CompSet, Failure> {
        change.allow(Needed::Lead)?;
        let mut problems = Problems::default();
        let read = self.read(change, &mut problems);
        let (from, terms) = all_read(problems, read)?;
        if change.settings.comp.in_force(from) == Some((from, terms)) {
            return Err(Problem::NothingToDo.into());
        }
        change.edit_settings(|settings| settings.comp.set(from, terms))?;
        Ok(CompSet { from, after: change.settings.comp.clone() })
    }
}

impl SetComp {
    fn read(&self, change: &Change<'_>, problems: &mut Problems) -> Option<(NaiveDate, Terms)> {
        let solo_rate = problems.take(read_rate("solo_rate", &self.solo_rate));
        let cosell_rate = problems.take(read_rate("cosell_rate", &self.cosell_rate));
        let spiff = given(&self.spiff).map_or(Some(0), |typed| problems.take(change.read_money("spiff", typed)));
        let from =
            given(&self.from).map_or(Some(change.today()), |typed| problems.take(change.read_day("from", typed)));
        let (solo_rate, cosell_rate) = (solo_rate?, cosell_rate?);
        Some((from?, Terms { solo_rate, cosell_rate, quota_credit: self.quota_credit, spiff: spiff? }))
    }
}

fn read_rate(option: &'static str, typed: &str) -> Result<Rate, Problem> {
    Rate::parse(typed).ok_or_else(|| Problem::Unreadable { option, typed: typed.to_owned(), takes: Takes::Percent })
}
