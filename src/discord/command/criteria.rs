//! How a deal runs the motion: its checklist, asking a lead to pass, the proposed next step, the current version.

use chrono::NaiveDate;

use crate::app::ask_pass::{AskPass, WithdrawPass};
use crate::app::on_version::OnVersion;
use crate::app::run_motion::RunMotion;
use crate::app::set_step::{Last, SetStep};
use crate::app::tick_criteria::TickCriteria;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::domain::motion::Stage;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::deal::criteria as words;
use crate::render::offer::Offer;
use crate::render::press;

/// Shows the checklist of a deal's stage.
pub async fn criteria(call: Call) -> Result<Answer, Failure> {
    let seen = call.see(call.deal_in_id(0)?).await?;
    let deal = &seen.card.deal;
    if !deal.is_open() {
        return Err(Problem::WrongStage { deal: deal.number, stage: deal.stage }.into());
    }
    let tick = CustomId::new(press::TICK, call.caller.guild).with(deal.number).with(deal.version);
    Ok(Answer::Say(words::checklist(&seen.card, tick.to_control()).private()))
}

/// Ticks what was chosen in it.
pub async fn tick(call: Call) -> Result<Answer, Failure> {
    let (deal, version) = (call.deal_in_id(0)?, call.id()?.number(1).ok_or(Problem::Stale)?);
    let ticked = call.all_picked().iter().filter_map(|place| place.parse().ok()).collect();
    let tick = OnVersion { deal, version, change: TickCriteria { deal, ticked } };
    Ok(Answer::Update(match call.app.change(&call.caller, tick).await {
        Ok(changed) => call.saved(changed).await?,
        Err(failure) => call.fresh(deal, failure).await?,
    }))
}

/// Asks a lead to pass what is unmet, or no more.
pub async fn pass(call: Call) -> Result<Answer, Failure> {
    let deal = call.deal_in_id(1)?;
    let to = call.id()?.word(2).and_then(Stage::parse).ok_or(Problem::Stale)?;
    match call.id()?.word(0) {
        Some("ask") => call.change_deal(AskPass { deal, to }).await,
        _ => call.change_deal(WithdrawPass { deal }).await,
    }
}

/// Shows what changes for a deal on the current version, or moves it there once that was shown.
pub async fn newer(call: Call) -> Result<Answer, Failure> {
    let deal = call.deal_in_id(0)?;
    if let Some(version) = call.id()?.number(1).and_then(|version| u32::try_from(version).ok()) {
        let moved = call.app.change(&call.caller, RunMotion { deal, version }).await;
        return Ok(Answer::Update(match moved {
            Ok(changed) => call.saved(changed).await?,
            Err(failure) => call.fresh(deal, failure).await?,
        }));
    }
    let seen = call.see(deal).await?;
    let to = seen.look.settings.motions.newer_than(&seen.card.deal).ok_or(Problem::Stale)?;
    let run = CustomId::new(press::NEWER, call.caller.guild).with(deal).with(to.version).to_control();
    let carried = seen.card.deal.carry_over(to);
    Ok(Answer::Say(words::newer(&seen.card, to, &carried, vec![(Offer::RunNewer, run)]).private()))
}

/// Takes what the motion proposes as the next step.
pub async fn propose(call: Call) -> Result<Answer, Failure> {
    let (id, number) = (call.id()?, call.deal_in_id(0)?);
    let (Some(version), Some(stage)) = (id.number(1), id.word(2).and_then(Stage::parse)) else {
        return Err(Problem::Stale.into());
    };
    let due: NaiveDate = id.word(3).and_then(|due| due.parse().ok()).ok_or(Problem::Stale)?;
    let (look, deal) = call.find(number).await?;
    let play = look.settings.motions.of(&deal).play(stage).filter(|_| deal.stage == stage).ok_or(Problem::Stale)?;
    let (next_step, due) = (Some(play.next.clone()), Some(due.to_string()));
    drop(look.workspace);
    let change = SetStep { deal: number, last: Last::Replaced, next_step, due };
    match call.change_deal(OnVersion { deal: number, version, change }).await {
        Err(failure) => Ok(Answer::Say(call.fresh(number, failure).await?.private())),
        done => done,
    }
}
