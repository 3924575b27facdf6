//! `/program health` and `/program champions`: program or streak, and who carries it. In plan mode both show the plans.

use serde::Deserialize;

use super::program::{Behind, ViewOptions};
use crate::app::health::Audience;
use crate::app::look::Look;
use crate::app::number::Asked;
use crate::app::say::agenda::paint;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::custom_id::CustomId;
use crate::domain::access::Needed;
use crate::domain::period::Period;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::message::Message;
use crate::render::offer::{Offer, Offers};
use crate::render::picture::draw_carriers;
use crate::render::{champions as champion_words, health as words, plans as plan_words, press};

/// `/program health`
pub async fn health(call: Call, given: ViewOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    if !look.settings.shows_number() {
        return Ok(call.say(plans(&call, &mut look).await?));
    }
    let asked = given.read(&mut look).await?;
    let (show, offers) = (Behind::new("health", &asked, 1).id(&call).to_control(), offers(&call, &look, &asked));
    let audience = if call.is_shared() { Audience::Channel } else { Audience::Asker };
    let card = look.health(asked, audience).await?;
    Ok(call.say(words::health(&look.voice(&call.commands), &card, show, offers)))
}

/// The options of `/program champions`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChampionsOptions {
    period: Option<String>,
}

/// `/program champions`
pub async fn champions(call: Call, given: ChampionsOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Finance)?;
    let asked = look.asked(given.period.as_deref(), None).await?;
    Ok(Answer::Say(carried(&call, &mut look, asked).await?.private()))
}

/// "Who carries it" under the health of a quarter.
pub async fn pressed(call: Call) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Finance)?;
    let start = call.id()?.number(0).and_then(|start| chrono::DateTime::from_timestamp(start, 0));
    let period = Period::of(start.ok_or(Problem::Stale)?.date_naive(), look.settings.fiscal_month);
    let asked = look.asked_again(period, None).await?;
    Ok(Answer::Say(carried(&call, &mut look, asked).await?.private()))
}

/// The button that shows who carries it, for those who may know; not where others read along.
fn offers(call: &Call, look: &Look, asked: &Asked) -> Offers {
    let start = asked.period.start.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    let id = CustomId::new(press::CHAMPIONS, call.caller.guild).with(start).to_control();
    let may = look.allow(Needed::Finance).is_ok() && !call.is_shared();
    may.then_some((Offer::Champions, id)).into_iter().collect()
}

async fn carried(call: &Call, look: &mut Look, asked: Asked) -> Result<Message, Failure> {
    if !look.settings.shows_number() {
        return plans(call, look).await;
    }
    let card = look.champions(asked).await?;
    let carriers = champion_words::carriers(&look.voice(&call.commands), &card);
    let picture = if carriers.rows.is_empty() { None } else { Some(paint(move || draw_carriers(&carriers)).await?) };
    let plan = CustomId::new(press::HANDOVER_PLAN, call.caller.guild).to_control();
    let plan = look.access.lead.then_some(plan);
    Ok(champion_words::champions(&look.voice(&call.commands), &card, picture, plan))
}

/// What plan mode has instead.
async fn plans(call: &Call, look: &mut Look) -> Result<Message, Failure> {
    let card = look.plans().await?;
    let show = CustomId::new(press::PLAN, call.caller.guild).to_control();
    Ok(plan_words::plans(&look.voice(&call.commands), &card, show))
}
