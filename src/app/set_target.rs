//! Sets what should be won in a quarter: `/program target`.

use super::change::Change;
use super::reading::read_period;
use super::{Person, UseCase, partner};
use crate::domain::access::Needed;
use crate::domain::card::Named;
use crate::domain::number::{Share, Target, TargetSet, Who, put, target};
use crate::domain::period::Period;
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// The target of a quarter, or of one owner's or partner's part of it. An amount of 0 takes it out.
#[derive(Debug, Clone)]
pub struct SetTarget {
    /// Which quarter, as typed.
    pub period: String,
    /// How much, as typed.
    pub amount: String,
    /// Only what this person wins.
    pub owner: Option<Person>,
    /// Only what is won with this partner, as typed.
    pub partner: Option<String>,
}

impl UseCase for SetTarget {
    type Outcome = TargetSet;

    async fn run(self, change: &mut Change<'_>) -> Result<TargetSet, Failure> {
        change.allow(Needed::Lead)?;
        if !change.settings.shows_number() {
            return Err(Problem::NumberHidden.into());
        }
        let mut problems = Problems::default();
        let period = problems.take(read_period(&change.settings, change.today(), &self.period));
        let amount = problems.take(change.read_money("amount", &self.amount));
        if self.owner.is_some() && self.partner.is_some() {
            problems.add(Problem::OnlyOne { this: "owner", that: "partner" });
        }
        let (of, who) = self.share(change, &mut problems).await?;
        problems.finish()?;
        let (Some(period), Some(amount)) = (period, amount) else { return Err(Problem::NothingToDo.into()) };
        set(change, period, (of, who), amount)
    }
}

impl SetTarget {
    /// Whose part it is.
    async fn share(&self, change: &mut Change<'_>, problems: &mut Problems) -> Result<(Share, Option<Who>), Failure> {
        if let Some(person) = &self.owner {
            let owner = problems.take(change.admit_holder("owner", person).await?);
            return Ok(owner.map_or((Share::Whole, None), |o| (Share::Owner(o.id), Some(Who::Owner(Named::from(&o))))));
        }
        if let Some(typed) = &self.partner {
            let found = problems.take(partner::find_any(&mut change.workspace, typed).await?);
            return Ok(found.map_or((Share::Whole, None), |p| (Share::Partner(p.id), Some(Who::Partner(p.name)))));
        }
        Ok((Share::Whole, None))
    }
}

fn set(
    change: &mut Change<'_>,
    period: Period,
    (of, who): (Share, Option<Who>),
    amount: i64,
) -> Result<TargetSet, Failure> {
    let before = target(&change.settings.targets, &period, of);
    if before == Some(amount) || (before.is_none() && amount == 0) {
        return Err(Problem::NothingToDo.into());
    }
    if before.is_some() && period.end < change.today() {
        return Err(Problem::TargetFixed { period }.into());
    }
    change.edit_settings(|settings| _ = put(&mut settings.targets, Target { start: period.start, of, amount }))?;
    let targets = &change.settings.targets;
    let kin = |target: &&Target| {
        target.start == period.start && std::mem::discriminant(&target.of) == std::mem::discriminant(&of)
    };
    Ok(TargetSet {
        period,
        who,
        before,
        after: target(targets, &period, of),
        whole: target(targets, &period, Share::Whole),
        given_out: targets.iter().filter(kin).map(|target| target.amount).fold(0, i64::saturating_add),
    })
}
