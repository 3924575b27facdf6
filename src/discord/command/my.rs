//! `/my`, and the list behind "Show mine".

use serde::Deserialize;

use super::claim;
use crate::app::claim::Scope;
use crate::app::look::Look;
use crate::app::read;
use crate::app::set_away::{EndAway, SetAway};
use crate::app::set_reach::SetReach;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Picked};
use crate::discord::custom_id::CustomId;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::card::DealCard;
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::incentive::Parity;
use crate::domain::member::{Away, Member};
use crate::domain::refusal::Problem;
use crate::domain::work::{Turn, turned};
use crate::error::Failure;
use crate::render::item::Mine;
use crate::render::message::Message;
use crate::render::my::{self as words, Beside, Place, Told, Whose};
use crate::render::offer::Offers;
use crate::render::pay::Own;
use crate::render::{digest, press};

/// `/my work`: the claims that wait for the person come first.
pub async fn work(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    let claims = look.waiting_claims(Scope::Mine).await?;
    Ok(call.say(match claims.first.is_empty() {
        true => first_deal(&call, &mut look).await?,
        false => claim::page(&call, &mut look, Scope::Mine, claims, 0, None).await?,
    }))
}

/// The first deal of a run-through.
pub async fn first_deal(call: &Call, look: &mut Look) -> Result<Message, Failure> {
    let deals = look.work().await?;
    let news = look.pay_news().await?;
    let shown = work_at(call, look, (deals, 0), &news).await?;
    call.app.pay_was_shown(call.caller.guild, &news).await?;
    Ok(shown)
}

/// ◀ and ▶ of a run-through.
pub async fn turn(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let turn = match id.word(0) {
        Some("next") => Turn::Next,
        Some("previous") => Turn::Previous,
        _ => return Err(Problem::Stale.into()),
    };
    let (Some(shown), Some(index)) = (id.number(1), id.index(2)) else { return Err(Problem::Stale.into()) };
    let mut look = call.look().await?;
    let deals = look.work().await?;
    let numbers: Vec<DealNumber> = deals.iter().map(|deal| deal.number).collect();
    let to = turned(&numbers, DealNumber(shown), index, turn).unwrap_or(deals.len());
    Ok(Answer::Update(work_at(&call, &mut look, (deals, to), &[]).await?))
}

/// The deal at a place of a run-through, or its end; `news` is what changed of what their deals pay.
async fn work_at(
    call: &Call,
    look: &mut Look,
    (deals, index): (Vec<Deal>, usize),
    news: &[(DealCard, Parity)],
) -> Result<Message, Failure> {
    let (of, guild) = (deals.len(), call.caller.guild);
    let Some(deal) = deals.into_iter().nth(index) else {
        let actions = own_actions(call, look).await?;
        let beside = Beside { pay: Own { this: None, news }, actions: Some(&actions) };
        return Ok(words::work_done(&look.voice(&call.commands), of, None, beside, press::on_work_done(guild, of)));
    };
    let card = read::card(&mut look.workspace, deal, look.now).await?;
    let actions = if index == 0 { Some(own_actions(call, look).await?) } else { None };
    let beside = Beside { pay: Own { this: look.pay(&card.deal), news }, actions: actions.as_ref() };
    let offers = press::on_work(guild, &card, index);
    Ok(words::work(&look.voice(&call.commands), &card, Place { index, of }, None, beside, offers))
}

/// What the asker has to do beside deals: it stands at the beginning and the end of a run-through, and behind "Show mine".
async fn own_actions(call: &Call, look: &mut Look) -> Result<Mine, Failure> {
    let cards = look.own_actions().await?;
    let reader = look.asker.as_ref().map(|asker| asker.id);
    Ok(Mine { cards, reader, open: press::action(call.caller.guild) })
}

/// "Show mine" of a digest, with the leads' deals for a lead under a message for the leads: for whoever presses, in the channel or in direct messages.
pub async fn mine(call: Call) -> Result<Answer, Failure> {
    Ok(Answer::Say(mine_around(&call, None).await?.private()))
}

/// Another deal picked in that list.
pub async fn mine_of(call: Call) -> Result<Answer, Failure> {
    let picked = call.picked().and_then(DealNumber::parse);
    Ok(Answer::Update(mine_around(&call, picked).await?))
}

async fn mine_around(call: &Call, picked: Option<DealNumber>) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let for_leads = call.id()?.word(0) == Some(press::LEADS);
    let deals = if for_leads { look.stalled_work_of_lead().await? } else { look.stalled_work().await? };
    let claims = look.waiting_claims(Scope::Mine).await?;
    let actions = own_actions(call, &mut look).await?;
    if deals.is_empty() && actions.cards.is_empty() && claims.total > 0 {
        return claim::page(call, &mut look, Scope::Mine, claims, 0, None).await;
    }
    let cards = read::cards(&mut look.workspace, deals, look.now).await?;
    let chosen = cards.iter().find(|card| Some(card.deal.number) == picked).or(cards.first());
    let guild = call.caller.guild;
    let offers = chosen.map(|card| press::on_mine(guild, card)).unwrap_or_default();
    let choose = CustomId::new(press::MINE_OF, guild);
    let choose = if for_leads { choose.with(press::LEADS) } else { choose }.to_control();
    let whose = if for_leads && look.access.lead { digest::Whose::Leads } else { digest::Whose::Own };
    let news = look.pay_news().await?;
    let beside = digest::Beside { claims: claims.total, pay: Own { this: None, news: &news }, actions: Some(&actions) };
    let shown = digest::mine(&look.voice(&call.commands), whose, (&cards, chosen), beside, choose, offers);
    call.app.pay_was_shown(call.caller.guild, &news).await?;
    Ok(shown)
}

/// The options of `/my settings`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsOptions {
    timezone: Option<String>,
    digest_hour: Option<u32>,
    direct_messages: Option<bool>,
}

/// `/my settings`
pub async fn settings(call: Call, given: SettingsOptions) -> Result<Answer, Failure> {
    let SettingsOptions { timezone, digest_hour, direct_messages } = given;
    let reach = SetReach { timezone, digest_hour, direct_messages };
    if reach.is_empty() {
        let look = call.look().await?;
        look.allow(Needed::Any)?;
        return Ok(call.say(shown_settings(&call, &look, Told::Shown, Offers::new())));
    }
    call.app.change(&call.caller, reach).await?;
    let look = call.look().await?;
    let undo = press::undo(call.caller.guild, call.caller.interaction);
    Ok(call.say(shown_settings(&call, &look, Told::Saved, vec![undo])))
}

/// The settings of whoever asks, with what ends their absence.
fn shown_settings(call: &Call, look: &Look, told: Told, mut offers: Offers) -> Message {
    let person = &call.caller.person;
    let nobody = || Member::new(MemberId::BOT, person.user, person.name.clone());
    let member = look.asker.clone().unwrap_or_else(nobody);
    let voice = look.voice(&call.commands);
    let is_ahead = |away: &Away| away.to >= voice.today();
    offers.extend(
        member.away.as_ref().filter(|away| is_ahead(away)).map(|_| press::on_away(call.caller.guild, member.id)),
    );
    words::settings(&voice, (&member, call.app.shards.direct()), &look.settings, told, offers)
}

/// The options of `/my away`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwayOptions {
    from: String,
    to: String,
    cover: Picked,
    user: Option<Picked>,
}

/// `/my away`
pub async fn away(call: Call, given: AwayOptions) -> Result<Answer, Failure> {
    let AwayOptions { from, to, cover, user } = given;
    let entered = SetAway { from, to, cover: cover.into(), user: user.map(Into::into) };
    let absence = call.app.set_away(&call.caller, entered).await?;
    let look = call.look().await?;
    let guild = call.caller.guild;
    let offers = vec![press::undo(guild, call.caller.interaction), press::on_away(guild, absence.member.id)];
    let absent = words::Absent {
        whose: whose(&call, &absence.member),
        cover: (&absence.cover).into(),
        replaced: absence.replaced.map(|(before, cover)| (before, cover.as_ref().map(Into::into))),
        away: absence.away,
        deals: absence.deals,
    };
    Ok(call.say(words::away(&look.voice(&call.commands), &absent, offers)))
}

/// "I'm back": for the person, or for a lead.
pub async fn back(call: Call) -> Result<Answer, Failure> {
    let member = MemberId(call.id()?.number(0).ok_or(Problem::Stale)?);
    let back = call.app.change(&call.caller, EndAway { member }).await?;
    let look = call.look().await?;
    let offers = vec![press::undo(call.caller.guild, call.caller.interaction)];
    Ok(Answer::Update(words::back(&look.voice(&call.commands), &whose(&call, &back), offers)))
}

fn whose(call: &Call, member: &Member) -> Whose {
    if member.user == call.caller.person.user { Whose::Own } else { Whose::Of(member.into()) }
}
