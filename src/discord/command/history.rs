//! `/review history`: what became of the meetings of a review.

use serde::Deserialize;

use crate::app::look::Look;
use crate::app::review;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::custom_id::CustomId;
use crate::discord::page::Pages;
use crate::domain::access::Needed;
use crate::domain::id::ReviewId;
use crate::domain::refusal::Problem;
use crate::domain::review::Review;
use crate::error::Failure;
use crate::render::history as words;
use crate::render::message::Message;
use crate::render::offer::Offer;
use crate::render::press;

/// The option of `/review history`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryOptions {
    review: Option<String>,
}

/// `/review history`: of the review that is named, of one of this channel, or of the one that meets next.
pub async fn history(call: Call, given: HistoryOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let (channel, now) = (call.caller.channel, look.now);
    let of = review::meant(&mut look.workspace, given.review.as_deref(), channel, now).await?;
    Ok(call.say(page(&call, &mut look, of, 0).await?))
}

/// A review that was picked elsewhere, and ◀ ▶.
pub async fn turn(call: Call) -> Result<Answer, Failure> {
    let (id, picked) = (call.id()?, call.picked().and_then(|id| id.parse().ok()));
    let (turned, asked) = (id.number(0), id.index(1).unwrap_or(0));
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let of = turned.or(picked).map(ReviewId).ok_or(Problem::Stale)?;
    let of = look.workspace.find_review(of).await?.ok_or(Problem::Stale)?;
    let message = page(&call, &mut look, of, asked).await?;
    Ok(if turned.is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

async fn page(call: &Call, look: &mut Look, of: Review, asked: usize) -> Result<Message, Failure> {
    let (guild, id) = (call.caller.guild, of.id);
    let occurrences = look.occurrences(&of).await?;
    let pages = Pages::new(occurrences.len(), words::PAGE, asked);
    let turn = pages.page(&CustomId::new(press::REVIEW_HISTORY, guild).with(id));
    let card = look.history(of, pages.cut(occurrences), pages.total).await?;
    let offers = vec![(Offer::Actions, press::actions(guild, id))];
    Ok(words::history(&look.voice(&call.commands), &card, press::minutes_of(guild), turn, offers))
}
