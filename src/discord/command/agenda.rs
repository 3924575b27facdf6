//! `/review agenda`, and the deals behind the figures of an agenda.

use serde::Deserialize;

use crate::app::agenda::{Prepared, prepare};
use crate::app::look::Look;
use crate::app::read::cards_of;
use crate::app::review::{card, find, running};
use crate::app::say::agenda::draw;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::page::Pages;
use crate::domain::Instant;
use crate::domain::access::Needed;
use crate::domain::id::ReviewId;
use crate::domain::overview::ReviewCard;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::agenda::{self as words, Controls, Figure, Occasion};
use crate::render::custom_id::CustomId;
use crate::render::deal::list::{PAGE, behind};
use crate::render::message::Message;
use crate::render::offer::Page;
use crate::render::press;

/// The options of `/review agenda`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaOptions {
    review: Option<String>,
    #[serde(rename = "share")]
    _share: Option<bool>,
}

/// `/review agenda`: of the review that meets next, when none is named.
pub async fn agenda(call: Call, given: AgendaOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let found = match given.review {
        Some(typed) => {
            let review = find(&mut look.workspace, &typed).await?.map_err(Failure::from)?;
            Some(card(&mut look.workspace, review, look.now).await?)
        }
        None => running(&mut look.workspace, look.now).await?.into_iter().next(),
    };
    match found {
        Some(card) => Ok(call.say(shown(&call, &mut look, &card).await?)),
        None => Ok(call.say(crate::render::review::list(&look.voice(&call.commands), &[], 0, Page::only()))),
    }
}

/// The agenda as it would be posted now.
async fn shown(call: &Call, look: &mut Look, card: &ReviewCard) -> Result<Message, Failure> {
    let starts_at = card.next.first().copied().unwrap_or(look.now);
    let missed = look.workspace.find_untold_misses(card.review.id).await?;
    let Prepared { facts, agenda } = prepare(&mut look.workspace, &card.review, starts_at, missed, look.now).await?;
    let picture = draw(words::pipeline(&look.voice(&call.commands), &agenda)).await?;
    let show = Behind { review: card.review.id, starts_at }.id(call);
    let voice = look.voice(&call.commands);
    let check_comp = press::check_comp(call.caller.guild, card.review.partner).to_control();
    let actions = press::actions(call.caller.guild, card.review.id);
    let controls = Controls { show: show.to_control(), check_comp, start: None, actions };
    Ok(words::agenda(&voice, card, &Occasion::Shown, &agenda, &facts, Some(picture), controls))
}

/// "Show deals" under an agenda, and ◀ ▶ under what it opened. The answer is for whoever pressed; what it lists is as
/// of now, and says so.
pub async fn figure(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let (of, turned) = (Behind::read(id)?, id.word(2));
    let figure = turned.or(call.picked()).and_then(Figure::parse).ok_or(Problem::Stale)?;
    let page = id.number(3).and_then(|page| usize::try_from(page).ok()).unwrap_or(0);
    let message = deals(&call, &of, figure, page).await?;
    Ok(if turned.is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

async fn deals(call: &Call, of: &Behind, figure: Figure, page: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let review = look.workspace.find_review(of.review).await?.ok_or(Problem::Stale)?;
    let Prepared { facts, agenda } = prepare(&mut look.workspace, &review, of.starts_at, Vec::new(), look.now).await?;
    let numbers = figure.deals(&agenda, &facts, look.settings.day(look.now));
    let pages = Pages::new(numbers.len(), PAGE, page);
    let cards = cards_of(&mut look.workspace, pages.cut(numbers), look.now).await?;
    let voice = look.voice(&call.commands);
    let turn = pages.page(&of.id(call).with(figure.key()));
    let open = CustomId::new(press::OPEN, call.caller.guild).to_control();
    Ok(behind(&voice, &format!("{}, as of now", figure.name()), &cards, turn, open))
}

/// Which agenda a figure is on.
struct Behind {
    review: ReviewId,
    starts_at: Instant,
}

impl Behind {
    /// As under posted agendas.
    fn id(&self, call: &Call) -> CustomId {
        press::figure(call.caller.guild, self.review, self.starts_at)
    }

    fn read(id: &CustomId) -> Result<Behind, Problem> {
        let starts_at = id.number(1).and_then(Instant::from_timestamp_millis);
        match (id.number(0), starts_at) {
            (Some(review), Some(starts_at)) => Ok(Behind { review: ReviewId(review), starts_at }),
            _ => Err(Problem::Stale),
        }
    }
}
