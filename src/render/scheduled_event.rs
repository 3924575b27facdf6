//! A review as the scheduled event that Discord shows in a server, in Discord's JSON, of only what we use. It is an
//! event outside of Discord's voice channels, found where its agenda is posted.

use chrono::{SecondsFormat, Weekday};
use serde::Serialize;

use super::review::ahead;
use super::text::{clip, plain};
use super::voice::channel_link;
use crate::domain::Instant;
use crate::domain::cadence::{LENGTH, Repeat, next_after, repeat};
use crate::domain::calendar::Calendar;
use crate::domain::id::GuildId;
use crate::domain::review::Review;

/// Discord's limit on the name of an event.
const NAME_LIMIT: usize = 100;
/// Seen by members of the server alone; there is no other level.
const GUILD_ONLY: u8 = 2;
/// Held somewhere else than in a voice channel.
const EXTERNAL: u8 = 3;
const MONTHLY: u8 = 1;
const WEEKLY: u8 = 2;

#[derive(Debug, Serialize)]
struct Body {
    name: String,
    description: String,
    privacy_level: u8,
    entity_type: u8,
    entity_metadata: Place,
    scheduled_start_time: String,
    scheduled_end_time: String,
    recurrence_rule: Rule,
}

#[derive(Debug, Serialize)]
struct Place {
    location: String,
}

/// Both ways to name days are always there, so that an edit clears the one that it doesn't use.
#[derive(Debug, Serialize)]
struct Rule {
    start: String,
    frequency: u8,
    interval: u8,
    by_weekday: Option<[u8; 1]>,
    by_n_weekday: Option<[NthWeekday; 1]>,
}

#[derive(Debug, Serialize)]
struct NthWeekday {
    n: u8,
    day: u8,
}

/// The event of a review as it is to be: it begins with the next meeting as the bot counts it. `None` where the review
/// has no date in sight, or Discord can't repeat an event like it. The reference finds the event again.
pub fn body(guild: GuildId, review: &Review, calendar: &Calendar, reference: &str, now: Instant) -> Option<String> {
    let next = next_after(review, calendar, now)?;
    let start = time(next.starts_at);
    let body = Body {
        name: clip(&plain(&review.name), NAME_LIMIT),
        description: format!(
            "The agenda is posted {}: {}\nKept by cosell · {reference}",
            ahead(review.post_before),
            channel_link(guild, review.channel)
        ),
        privacy_level: GUILD_ONLY,
        entity_type: EXTERNAL,
        entity_metadata: Place { location: channel_link(guild, review.channel) },
        scheduled_start_time: start.clone(),
        scheduled_end_time: time(next.starts_at + LENGTH),
        recurrence_rule: rule(start, repeat(&review.rhythm, &next)?),
    };
    serde_json::to_string(&body).ok()
}

fn rule(start: String, repeat: Repeat) -> Rule {
    let weekly = |interval, weekday| (WEEKLY, interval, Some([number(weekday)]), None);
    let (frequency, interval, by_weekday, by_n_weekday) = match repeat {
        Repeat::Weekly(weekday) => weekly(1, weekday),
        Repeat::TwoWeekly(weekday) => weekly(2, weekday),
        Repeat::Monthly { nth, weekday } => (MONTHLY, 1, None, Some([NthWeekday { n: nth, day: number(weekday) }])),
    };
    Rule { start, frequency, interval, by_weekday, by_n_weekday }
}

/// Discord counts from Monday, which is 0.
fn number(weekday: Weekday) -> u8 {
    weekday.num_days_from_monday() as u8
}

fn time(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::id::ReviewId;
    use crate::domain::review::{Every, WeekOfMonth};
    use crate::domain::testing::{at, calendar, review_at, rhythm};

    fn review(every: Every, weekday: Weekday, week: WeekOfMonth, time: &str, zone: Tz) -> Review {
        let name = "Pipeline @everyone".to_owned();
        Review { id: ReviewId(3), version: 2, name, ..review_at(rhythm(every, (weekday, week), time, zone)) }
    }

    fn told(review: &Review, now: &str) -> Option<Value> {
        body(GuildId(7), review, &calendar(), "rabc-3", at(now)).map(|body| serde_json::from_str(&body).unwrap())
    }

    use Every::{FourWeeks, Month, TwoWeeks, Week};
    use Tz::{Australia__Lord_Howe as LordHowe, Europe__London as London};
    use WeekOfMonth::{First, Fourth, Last};
    use Weekday::{Fri, Mon, Tue};

    #[rstest]
    #[case::weekly(review(Week, Tue, First, "09:30", London), json!([2, 1, [1], null]))]
    #[case::two_weeks(review(TwoWeeks, Tue, First, "09:30", London), json!([2, 2, [1], null]))]
    #[case::by_utc_it_is_monday(review(Week, Tue, First, "09:30", LordHowe), json!([2, 1, [0], null]))]
    #[case::fourth(review(Month, Fri, Fourth, "09:30", London), json!([1, 1, null, [{"n": 4, "day": 4}]]))]
    #[case::last(review(Month, Mon, Last, "09:30", London), json!([1, 1, null, [{"n": 5, "day": 0}]]))]
    fn a_rhythm_is_told_in_days_of_utc(#[case] review: Review, #[case] rule: Value) {
        let told = told(&review, "2026-11-02T00:00:00Z").expect("an event");
        let given = &told["recurrence_rule"];
        assert_eq!(
            json!([given["frequency"], given["interval"], given["by_weekday"], given["by_n_weekday"]]),
            rule,
            "{told:#}"
        );
        assert_eq!(given["start"], told["scheduled_start_time"]);
    }

    #[rstest]
    #[case::every_four_weeks(review(FourWeeks, Tue, First, "09:30", London))]
    #[case::a_month_s_weekday_that_is_another_one_by_utc(review(Month, Tue, First, "09:30", LordHowe))]
    fn what_discord_cannot_repeat_has_no_event(#[case] review: Review) {
        assert_eq!(told(&review, "2026-11-02T00:00:00Z"), None);
    }

    #[test]
    fn it_begins_with_the_next_meeting_wherever_a_holiday_moved_that() {
        let weekly = review(Week, Fri, First, "09:30", London);
        let moved = told(&weekly, "2026-12-20T00:00:00Z").expect("an event");
        assert_eq!(moved["scheduled_start_time"], "2026-12-29T09:30:00Z");
        assert_eq!(moved["recurrence_rule"]["by_weekday"], json!([1]), "on the day on which it is held");
        let monthly = review(Month, Fri, Last, "09:30", London);
        let moved = told(&monthly, "2026-12-20T00:00:00Z").expect("an event");
        assert_eq!(moved["recurrence_rule"]["by_n_weekday"], json!([{"n": 5, "day": 1}]));
        insta::assert_snapshot!(serde_json::to_string_pretty(&moved).unwrap());
        assert_eq!(told(&Review { cancelled: true, ..weekly }, "2026-12-20T00:00:00Z"), None);
    }
}
