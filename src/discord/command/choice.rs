//! What is offered while somebody types, one handler an option.

use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::domain::likeness::{fit, is_close};
use crate::domain::motion::Stage;
use crate::domain::period::Period;
use crate::domain::zone;
use crate::error::Failure;
use crate::render::choice::{Choice, Choices};
use crate::render::help::Topic;
use crate::store::candidate::Running;

/// Zones offered at once.
const ZONES: usize = 25;

/// `deal`
pub async fn deal(call: Call) -> Result<Answer, Failure> {
    deals(call, Running::Open).await
}

/// `deal` of `/deal reopen`, which is for deals that have ended.
pub async fn closed_deal(call: Call) -> Result<Answer, Failure> {
    deals(call, Running::Closed).await
}

async fn deals(call: Call, running: Running) -> Result<Answer, Failure> {
    let offered = call.look().await?.offer_deals(call.typed()?, running).await?;
    let choices = offered.iter().map(|d| Choice::deal(d.deal, &d.account, &d.partner, d.stage));
    Ok(Answer::Offer(Choices::of(choices)))
}

/// `account` and `merge_into`
pub async fn account(call: Call) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    Ok(names(look.offer_accounts(call.typed()?).await?))
}

/// `partner`
pub async fn partner(call: Call) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    Ok(names(look.offer_partners(call.typed()?).await?))
}

/// `partner` of `/partner view` and `edit`, which also take archived ones.
pub async fn any_partner(call: Call) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    Ok(names(look.offer_all_partners(call.typed()?).await?))
}

/// `name` of `/review schedule`, and `review`
pub async fn review(call: Call) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    Ok(names(look.offer_reviews(call.typed()?).await?))
}

/// `stage`: those that a deal is open in. Winning and losing have commands of their own.
pub async fn stage(call: Call) -> Result<Answer, Failure> {
    let typed = call.typed()?;
    let meant = |stage: &Stage| typed.trim().is_empty() || is_close(fit(typed, stage.name()));
    let stages = Stage::OPEN.into_iter().filter(meant);
    Ok(Answer::Offer(Choices::of(stages.map(|stage| Choice::named(stage.name())))))
}

/// `period`: what is typed, if it is one, and the quarters around the running one.
pub async fn period(call: Call) -> Result<Answer, Failure> {
    let look = call.look().await?;
    let (typed, today) = (call.typed()?, look.settings.day(look.now));
    let running = Period::of(today, look.settings.fiscal_month);
    let meant = Period::parse(typed, today, look.settings.fiscal_month);
    let around = (0..4).map(|n| running.ahead(n)).chain((1..=4).map(|n| running.back(n)));
    let fits = |period: &Period| period.to_string().to_lowercase().contains(&typed.trim().to_lowercase());
    let others = around.filter(|period| Some(*period) != meant && fits(period));
    Ok(Answer::Offer(Choices::of(meant.into_iter().chain(others).map(|period| Choice::period(&period, &running)))))
}

/// `timezone`: by name or by city. Zones are no workspace's, so they are offered to everybody.
pub async fn timezone(call: Call) -> Result<Answer, Failure> {
    let zones = match call.typed()?.trim() {
        "" => zone::FAMILIAR.to_vec(),
        typed => zone::closest(typed, ZONES),
    };
    Ok(Answer::Offer(Choices::of(zones.iter().map(|zone| Choice::named(zone.name())))))
}

/// `topic`: like zones.
pub async fn topic(call: Call) -> Result<Answer, Failure> {
    Ok(Answer::Offer(Topic::choices(call.typed()?)))
}

fn names(names: Vec<String>) -> Answer {
    Answer::Offer(Choices::of(names.iter().map(|name| Choice::named(name))))
}
