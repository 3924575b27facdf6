//! `/review`: when reviews meet.

use chrono::Weekday;
use serde::{Deserialize, Deserializer};

use crate::app::cancel_review::CancelReview;
use crate::app::review::{card, running};
use crate::app::schedule_review::ScheduleReview;
use crate::app::skip_review::SkipReview;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::custom_id::CustomId;
use crate::discord::page::Pages;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::calendar::Calendar;
use crate::domain::id::ChannelId;
use crate::domain::overview::ChannelUse;
use crate::domain::refusal::Problem;
use crate::domain::review::{Every, OnHoliday, WeekOfMonth};
use crate::error::Failure;
use crate::render::ics;
use crate::render::message::Message;
use crate::render::review as words;

/// The options of `/review schedule`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleOptions {
    name: String,
    channel: ChannelId,
    every: Every,
    #[serde(deserialize_with = "weekday")]
    weekday: Weekday,
    time: String,
    week: Option<WeekOfMonth>,
    timezone: Option<String>,
    starts: Option<String>,
    partner: Option<String>,
    post_before: Option<u32>,
    collect: Option<bool>,
    holiday: Option<OnHoliday>,
}

/// A weekday as the manifest's choices have it: `monday`.
fn weekday<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
    let word = String::deserialize(deserializer)?;
    word.parse().map_err(|_| serde::de::Error::custom("not a weekday"))
}

impl From<ScheduleOptions> for ScheduleReview {
    fn from(given: ScheduleOptions) -> ScheduleReview {
        ScheduleReview {
            name: given.name,
            channel: given.channel,
            every: given.every,
            weekday: given.weekday,
            time: given.time,
            week: given.week,
            timezone: given.timezone,
            starts: given.starts,
            partner: given.partner,
            post_before: given.post_before,
            collect: given.collect,
            holiday: given.holiday,
        }
    }
}

/// `/review schedule`
pub async fn schedule(call: Call, given: ScheduleOptions) -> Result<Answer, Failure> {
    let scheduled = call.app.change(&call.caller, ScheduleReview::from(given)).await?;
    let used = (scheduled.review.channel, ChannelUse::Review(scheduled.review.name.clone()));
    let troubles = call.app.channel_troubles(call.caller.guild, vec![used]).await;
    let mut look = call.look().await?;
    let (guild, review, calendar) = (call.caller.guild, &scheduled.review, Calendar::of(&look.settings));
    let file = ics::file(guild, review, &calendar, look.now);
    let event = call.app.event_prospect(guild, review, &calendar, look.now).await;
    let card = card(&mut look.workspace, scheduled.review, look.now).await?;
    let enclosed = words::Enclosed { troubles: &troubles, file, event };
    let offers = vec![call.undo()];
    Ok(call.say(words::scheduled(&look.voice(&call.commands), &card, scheduled.kind, enclosed, offers)))
}

/// `/review list`
pub async fn list(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    Ok(call.say(listed(&call, 0).await?))
}

/// ◀ and ▶ under it.
pub async fn turn(call: Call) -> Result<Answer, Failure> {
    let page = call.id()?.index(0).ok_or(Problem::Stale)?;
    Ok(Answer::Update(listed(&call, page).await?))
}

async fn listed(call: &Call, page: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let cards = running(&mut look.workspace, look.now).await?;
    let pages = Pages::new(cards.len(), words::PAGE, page);
    let turn = pages.page(&CustomId::new("reviews", call.caller.guild));
    Ok(words::list(&look.voice(&call.commands), &pages.cut(cards), pages.total, turn))
}

/// The options of `/review skip`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkipOptions {
    review: String,
    date: String,
}

/// `/review skip`
pub async fn skip(call: Call, given: SkipOptions) -> Result<Answer, Failure> {
    let SkipOptions { review, date } = given;
    let skipped = call.app.change(&call.caller, SkipReview { review, date }).await?;
    let mut look = call.look().await?;
    let card = card(&mut look.workspace, skipped.review, look.now).await?;
    let offers = vec![call.undo()];
    Ok(call.say(words::skipped(&look.voice(&call.commands), &card, skipped.day, skipped.posted, offers)))
}

/// The options of `/review cancel`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelOptions {
    review: String,
}

/// `/review cancel`
pub async fn cancel(call: Call, given: CancelOptions) -> Result<Answer, Failure> {
    let cancelled = call.app.change(&call.caller, CancelReview { review: given.review }).await?;
    let mut look = call.look().await?;
    let card = card(&mut look.workspace, cancelled.review, look.now).await?;
    let offers = vec![call.undo()];
    Ok(call.say(words::cancelled(&look.voice(&call.commands), &card, cancelled.posted, offers)))
}
