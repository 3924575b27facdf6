//! Scheduled events of a server, as far as a bot makes them.

use chrono::{DateTime, Utc};
use rrule::{Frequency, NWeekday, RRule, Tz, Weekday};
use serde_json::{Value, json};

use super::check::list;
use super::snowflake::Snowflake;

/// Discord's days of the week, in its order.
const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A scheduled event: what its maker sent, under an id.
#[derive(Clone, Debug)]
pub(super) struct ScheduledEvent {
    pub id: Snowflake,
    pub guild: Snowflake,
    pub creator: Snowflake,
    pub fields: Value,
}

impl ScheduledEvent {
    /// The event in Discord's JSON.
    pub fn json(&self) -> Value {
        let mut json = json!({
            "channel_id": null,
            "description": null,
            "scheduled_end_time": null,
            "status": 1,
            "entity_id": null,
            "entity_metadata": null,
            "recurrence_rule": null,
            "image": null,
        });
        let fields = self.fields.as_object().into_iter().flatten();
        for (name, value) in fields {
            json[name] = value.clone();
        }
        json["id"] = json!(self.id);
        json["guild_id"] = json!(self.guild);
        json["creator_id"] = json!(self.creator);
        json
    }
    /// When it starts next after an instant.
    pub fn next_start(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let start = self.fields["scheduled_start_time"].as_str()?.parse::<DateTime<Utc>>().ok()?;
        if start > after {
            return Some(start);
        }
        let rule = rule(&self.fields["recurrence_rule"])?;
        let set = rule.build(start.with_timezone(&Tz::UTC)).ok()?.after(after.with_timezone(&Tz::UTC));
        let mut starts = set.into_iter().map(|at| at.with_timezone(&Utc));
        starts.find(|at| *at > after)
    }
}

/// A recurrence of Discord's: weekly on days of the week, or monthly on one of a week's number.
fn rule(told: &Value) -> Option<RRule<rrule::Unvalidated>> {
    let frequency = match told["frequency"].as_u64()? {
        1 => Frequency::Monthly,
        2 => Frequency::Weekly,
        _ => return None,
    };
    let day = |number: &Value| DAYS.get(number.as_u64()? as usize).copied();
    let weekly = list(told, "by_weekday").iter().filter_map(|number| Some(NWeekday::Every(day(number)?)));
    let monthly = list(told, "by_n_weekday");
    let monthly = monthly.iter().filter_map(|of| Some(NWeekday::Nth(of["n"].as_i64()? as i16, day(&of["day"])?)));
    let interval = told["interval"].as_u64().unwrap_or(1) as u16;
    Some(RRule::new(frequency).interval(interval).by_weekday(weekly.chain(monthly).collect()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::it_has_not_begun("2026-11-01T00:00:00Z", "2026-11-05T10:00:00Z")]
    #[case::each_two_weeks("2026-11-05T10:00:00Z", "2026-11-19T10:00:00Z")]
    #[case::later("2026-12-20T00:00:00Z", "2026-12-31T10:00:00Z")]
    fn it_starts_next_by_its_rule(#[case] after: &str, #[case] next: &str) {
        let rule = json!({"frequency": 2, "interval": 2, "by_weekday": [3]});
        assert_eq!(start(rule, after), next.parse().ok());
    }

    #[test]
    fn a_monthly_one_comes_on_the_same_day_of_a_week() {
        let rule = json!({"frequency": 1, "interval": 1, "by_n_weekday": [{"n": 1, "day": 3}]});
        assert_eq!(start(rule, "2026-11-05T10:00:00Z"), "2026-12-03T10:00:00Z".parse().ok());
    }

    #[test]
    fn one_without_a_rule_comes_once() {
        assert_eq!(start(Value::Null, "2026-11-05T10:00:00Z"), None);
    }

    fn start(rule: Value, after: &str) -> Option<DateTime<Utc>> {
        let fields = json!({"scheduled_start_time": "2026-11-05T10:00:00Z", "recurrence_rule": rule});
        let event = ScheduledEvent { id: Snowflake(1), guild: Snowflake(2), creator: Snowflake(3), fields };
        event.next_start(after.parse().ok()?)
    }
}
