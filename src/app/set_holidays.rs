//! Days that are not business days: `/cosell holidays`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::UseCase;
use super::change::Change;
use super::configure::Configured;
use super::reading::read_name;
use crate::domain::access::Needed;
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// What a holiday is called when nobody said.
const UNNAMED: &str = "Holiday";

/// A day to add, or one to remove.
#[derive(Debug, Clone, Default)]
pub struct SetHolidays {
    /// The day to add, as typed, today or later; one that is there already gets the name, if one is given.
    pub add: Option<String>,
    /// The added day's name.
    pub name: Option<String>,
    /// The day to remove, as typed.
    pub remove: Option<String>,
}

impl UseCase for SetHolidays {
    type Outcome = Configured;

    async fn run(self, change: &mut Change<'_>) -> Result<Configured, Failure> {
        change.allow(Needed::Admin)?;
        let before = change.settings.clone();
        let holidays = self.applied(change, &before.holidays)?;
        change.edit_settings(|settings| settings.holidays = holidays)?;
        Ok(Configured::of(before, change))
    }
}

impl SetHolidays {
    fn applied(
        &self,
        change: &Change<'_>,
        holidays: &BTreeMap<NaiveDate, String>,
    ) -> Result<BTreeMap<NaiveDate, String>, Failure> {
        let mut problems = Problems::default();
        let mut holidays = holidays.clone();
        let add = self.add.as_deref().and_then(|typed| problems.take(change.read_coming_day("add", typed)));
        let name = self.name.as_deref().and_then(|typed| problems.take(read_name("name", typed)));
        let remove = self.remove.as_deref().and_then(|typed| problems.take(change.read_day("remove", typed)));
        if self.add.is_some() && self.remove.is_some() {
            problems.add(Problem::OnlyOne { this: "add", that: "remove" });
        }
        if self.name.is_some() && self.add.is_none() {
            problems.add(Problem::Missing { option: "add", why: Why::Always });
        }
        if let Some(date) = remove.filter(|date| holidays.remove(date).is_none()) {
            let coming = holidays.range(change.today()..).map(|(day, _)| *day).collect();
            problems.add(Problem::NoHoliday { date, coming });
        }
        problems.finish()?;
        if let Some(date) = add {
            let known = holidays.remove(&date);
            holidays.insert(date, name.or(known).unwrap_or_else(|| UNNAMED.to_owned()));
        }
        Ok(holidays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, admin, lead};
    use crate::domain::refusal::DateRule;

    fn add(day: &str, name: &str) -> SetHolidays {
        SetHolidays { add: Some(day.to_owned()), name: Some(name.to_owned()), remove: None }
    }

    #[tokio::test]
    async fn a_holiday_is_added_renamed_and_removed() {
        let bench = Bench::ready().await;
        bench.app.configure(&admin(), add("2026-12-25", "Xmas")).await.unwrap();
        bench.app.configure(&admin(), add("2026-12-25", "Christmas  Day")).await.unwrap();
        bench.app.configure(&admin(), add("2027-01-01", "New Year")).await.unwrap();
        let remove = SetHolidays { remove: Some("2027-01-01".to_owned()), ..SetHolidays::default() };
        let done = bench.app.configure(&admin(), remove.clone()).await.unwrap();
        let christmas = "2026-12-25".parse().unwrap();
        assert_eq!(done.after.holidays, BTreeMap::from([(christmas, "Christmas Day".to_owned())]));
        let Err(Failure::Refused(refused)) = bench.app.configure(&admin(), remove).await else { panic!("not refused") };
        let date = "2027-01-01".parse().unwrap();
        assert_eq!(refused.problems, [Problem::NoHoliday { date, coming: vec![christmas] }]);
        bench.assert_replays(GUILD, &bench.settings(GUILD).await).await;
    }

    #[tokio::test]
    async fn a_day_that_is_over_is_refused_and_a_name_is_kept_where_none_is_given() {
        let bench = Bench::ready().await;
        let unnamed = |day: &str| SetHolidays { add: Some(day.to_owned()), ..SetHolidays::default() };
        let over = bench.app.configure(&admin(), unnamed("2026-12-16")).await;
        let Err(Failure::Refused(refused)) = over else { panic!("not refused") };
        assert!(matches!(refused.problems[..], [Problem::BadDate { rule: DateRule::NotPast, .. }]), "{refused:?}");
        bench.app.configure(&admin(), add("2026-12-17", "Today")).await.unwrap();
        let again = bench.app.configure(&admin(), unnamed("2026-12-17")).await.unwrap();
        assert_eq!(again.event, None, "the name stays");
    }

    #[tokio::test]
    async fn only_an_admin_changes_holidays() {
        let bench = Bench::ready().await;
        assert!(bench.app.configure(&lead(), add("2026-12-25", "Christmas")).await.is_err());
    }
}
