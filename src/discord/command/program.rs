//! `/program`: the number, its targets and costs, the forecast and the cadence, and the deals behind their figures.

use serde::Deserialize;

use crate::app::health::Audience;
use crate::app::look::Look;
use crate::app::name_number_owner::NameNumberOwner;
use crate::app::number::Asked;
use crate::app::read::cards_of;
use crate::app::say::agenda::draw;
use crate::app::set_cost::SetCost;
use crate::app::set_target::SetTarget;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Picked};
use crate::discord::page::Pages;
use crate::domain::access::Needed;
use crate::domain::cadence::StallFigure;
use crate::domain::health::HealthFigure;
use crate::domain::id::{DealNumber, PartnerId};
use crate::domain::number::NumberFigure;
use crate::domain::period::Period;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::deal::list::{PAGE, behind};
use crate::render::message::Message;
use crate::render::{forecast as forecast_words, health as health_words, number as words, press};

/// Quarters that a forecast looks at when none is named: the running one and the next.
const AHEAD: u32 = 2;

/// The options of `/program owner`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerOptions {
    user: Picked,
}

/// `/program owner`
pub async fn owner(call: Call, given: OwnerOptions) -> Result<Answer, Failure> {
    let named = call.app.change(&call.caller, NameNumberOwner { user: given.user.into() }).await?;
    Ok(call.say(words::owner_saved(&named, vec![call.undo()])))
}

/// The options of `/program target`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetOptions {
    period: String,
    amount: String,
    owner: Option<Picked>,
    partner: Option<String>,
}

/// `/program target`
pub async fn target(call: Call, given: TargetOptions) -> Result<Answer, Failure> {
    let TargetOptions { period, amount, owner, partner } = given;
    let set = SetTarget { period, amount, owner: owner.map(Into::into), partner };
    let set = call.app.change(&call.caller, set).await?;
    let look = call.look().await?;
    Ok(call.say(words::target_saved(&look.voice(&call.commands), &set, vec![call.undo()])))
}

/// The options of `/program cost`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostOptions {
    period: String,
    amount: String,
    note: Option<String>,
}

/// `/program cost`
pub async fn cost(call: Call, given: CostOptions) -> Result<Answer, Failure> {
    let CostOptions { period, amount, note } = given;
    let set = call.app.change(&call.caller, SetCost { period, amount, note }).await?;
    let look = call.look().await?;
    Ok(call.say(words::cost_saved(&look.voice(&call.commands), &set, vec![call.undo()])))
}

/// The options of `/program view`, `forecast`, `cadence` and `health`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewOptions {
    period: Option<String>,
    partner: Option<String>,
    #[serde(rename = "share")]
    _share: Option<bool>,
}

impl ViewOptions {
    pub(super) async fn read(&self, look: &mut Look) -> Result<Asked, Failure> {
        look.allow(Needed::Any)?;
        look.asked(self.period.as_deref(), self.partner.as_deref()).await
    }
}

/// `/program view`
pub async fn view(call: Call, given: ViewOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    let asked = given.read(&mut look).await?;
    let show = Behind::new("view", &asked, 1).id(&call).to_control();
    let card = look.number(asked).await?;
    Ok(call.say(words::number(&look.voice(&call.commands), &card, show)))
}

/// `/program forecast`: of the running quarter and the next, when none is named.
pub async fn forecast(call: Call, given: ViewOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    let asked = given.read(&mut look).await?;
    let quarters = if given.period.is_some() { 1 } else { AHEAD };
    let show = Behind::new("forecast", &asked, quarters).id(&call).to_control();
    let card = look.forecast(asked, quarters).await?;
    let months = forecast_words::by_month(&look.voice(&call.commands), &card);
    let picture = match months {
        Some(months) => Some(draw(months).await?),
        None => None,
    };
    Ok(call.say(forecast_words::forecast(&look.voice(&call.commands), &card, picture, show)))
}

/// `/program cadence`
pub async fn cadence(call: Call, given: ViewOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    let asked = given.read(&mut look).await?;
    let show = Behind::new("cadence", &asked, 1).id(&call).to_control();
    let history = press::review_history(call.caller.guild);
    let card = look.cadence(asked).await?;
    Ok(call.say(forecast_words::cadence(&look.voice(&call.commands), &card, show, history)))
}

/// "Show deals" under one of them, and ◀ ▶ under what it opened. The answer is for whoever pressed; what it lists is as
/// of now, and says so.
pub async fn figure(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let (of, turned) = (Behind::read(id)?, id.word(4));
    let key = turned.or(call.picked()).ok_or(Problem::Stale)?;
    let message = of.deals(&call, key, id.index(5).unwrap_or(0)).await?;
    Ok(if turned.is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// Which answer a figure is on.
pub(super) struct Behind {
    answer: String,
    start: i64,
    quarters: u32,
    partner: Option<PartnerId>,
}

impl Behind {
    pub(super) fn new(answer: &str, asked: &Asked, quarters: u32) -> Behind {
        let start = asked.period.start.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        let partner = asked.partner.as_ref().map(|(partner, _)| *partner);
        Behind { answer: answer.to_owned(), start, quarters, partner }
    }

    /// `number:{guild}:{answer}:{first day}:{quarters}:{partner}`; no partner is 0.
    pub(super) fn id(&self, call: &Call) -> CustomId {
        let id = CustomId::new("number", call.caller.guild).with(&self.answer).with(self.start);
        id.with(self.quarters).with(self.partner.map_or(0, |partner| partner.0))
    }

    fn read(id: &CustomId) -> Result<Behind, Problem> {
        let quarters =
            id.index(2).and_then(|quarters| u32::try_from(quarters).ok()).filter(|n| (1..=AHEAD).contains(n));
        let partner = id.number(3).map(PartnerId).filter(|partner| partner.0 > 0);
        match (id.word(0), id.number(1), quarters) {
            (Some(answer), Some(start), Some(quarters)) => {
                Ok(Behind { answer: answer.to_owned(), start, quarters, partner })
            }
            _ => Err(Problem::Stale),
        }
    }

    async fn deals(&self, call: &Call, key: &str, page: usize) -> Result<Message, Failure> {
        let mut look = call.look().await?;
        look.allow(Needed::Any)?;
        let start = chrono::DateTime::from_timestamp(self.start, 0).ok_or(Problem::Stale)?.date_naive();
        let asked = look.asked_again(Period::of(start, look.settings.fiscal_month), self.partner).await?;
        let (name, numbers) = self.figure(&mut look, asked, key).await?;
        let pages = Pages::new(numbers.len(), PAGE, page);
        let cards = cards_of(&mut look.workspace, pages.cut(numbers), look.now).await?;
        let turn = pages.page(&self.id(call).with(key));
        let open = CustomId::new(press::OPEN, call.caller.guild).to_control();
        Ok(behind(&look.voice(&call.commands), &format!("{name}, as of now"), &cards, turn, open))
    }

    /// What a figure is called, and its deals.
    async fn figure(&self, look: &mut Look, asked: Asked, key: &str) -> Result<(String, Vec<DealNumber>), Failure> {
        let today = look.settings.day(look.now);
        match self.answer.as_str() {
            "view" => {
                let figure = NumberFigure::parse(key).ok_or(Problem::Stale)?;
                let deals = look.number(asked).await?.deals(figure, today);
                Ok((words::figure_name(figure).to_owned(), deals))
            }
            "forecast" => {
                let card = look.forecast(asked, self.quarters).await?;
                let figure = card.figure(key).ok_or(Problem::Stale)?;
                Ok((forecast_words::forecast_name(&card, figure), card.deals(figure, today)))
            }
            "cadence" => {
                let figure = StallFigure::parse(key).ok_or(Problem::Stale)?;
                let deals = look.cadence(asked).await?.stalls.deals(figure);
                Ok((forecast_words::stall_name(figure).to_owned(), deals))
            }
            "health" => {
                let figure = HealthFigure::parse(key).ok_or(Problem::Stale)?;
                let deals = look.health(asked, Audience::Asker).await?.deals(figure).to_vec();
                Ok((health_words::figure_name(figure).to_owned(), deals))
            }
            _ => Err(Problem::Stale.into()),
        }
    }
}
