//! The context menus.

use crate::app::draft::{Draft, KeepDraft};
use crate::app::log_message::{LogMessage, as_read, note_of};
use crate::app::look::Look;
use crate::app::read;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Input};
use crate::discord::custom_id::CustomId;
use crate::discord::page::Pages;
use crate::domain::access::Needed;
use crate::domain::deal::Deal;
use crate::domain::deal::limit::NOTE;
use crate::domain::id::{DealNumber, InteractionId, MemberId, UserId};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::deal::list::PAGE;
use crate::render::deal::outcome;
use crate::render::message::Message;
use crate::render::{menu as words, press};

/// Deals to choose from, the asker's own before others': as many as a select holds.
const OFFERED: usize = 25;

/// The deals that the asker may note on; a refusal when there are none and never will be.
async fn noted_by(look: &mut Look) -> Result<Vec<Deal>, Failure> {
    look.allow(Needed::Any)?;
    let asker = look.asker.as_ref().map_or(MemberId::BOT, |member| member.id);
    let mut deals = look.workspace.find_recent_deals(asker, OFFERED as i64).await?;
    if !look.access.may_record() {
        deals.retain(|deal| deal.is_owner_or_backup(asker));
    }
    if deals.is_empty() {
        look.allow(Needed::Note)?;
    }
    deals.truncate(OFFERED);
    Ok(deals)
}

/// "Log to a deal", on a message: asks which deal.
pub async fn log_to_a_deal(call: Call) -> Result<Answer, Failure> {
    let Input::OnMessage { message, text, .. } = &call.input else { return Err(Problem::Stale.into()) };
    let mut look = call.look().await?;
    let deals = noted_by(&mut look).await?;
    let cards = read::cards(&mut look.workspace, deals, look.now).await?;
    let (guild, id) = (call.caller.guild, call.caller.interaction);
    let members = look.workspace.find_all_members().await?;
    let text = &as_read(text, &members);
    let note = note_of(text, guild, call.caller.channel, *message, NOTE);
    call.app.change(&call.caller, KeepDraft { id, draft: Draft::Note { text: note } }).await?;
    let select = CustomId::new(press::LOG, guild).with(id).to_control();
    Ok(call.say(words::log_to_which(&look.voice(&call.commands), text, &cards, select)))
}

/// The deal that was picked for it.
pub async fn log(call: Call) -> Result<Answer, Failure> {
    let draft = InteractionId(call.id()?.number(0).ok_or(Problem::Stale)?);
    let deal = call.picked().and_then(DealNumber::parse).ok_or(Problem::Stale)?;
    let changed = call.app.change(&call.caller, LogMessage { draft, deal }).await?;
    let mut look = call.look().await?;
    let note = changed.events.iter().find_map(|event| event.text.clone()).unwrap_or_default();
    let card = read::card(&mut look.workspace, changed.deal, look.now).await?;
    let offers = press::after_change(call.caller.guild, &card, call.caller.interaction);
    Ok(Answer::Update(outcome::noted(&look.voice(&call.commands), &card, &note, offers)))
}

/// "Joint deals", on a person.
pub async fn joint_deals(call: Call) -> Result<Answer, Failure> {
    let Input::OnPerson(person) = &call.input else { return Err(Problem::Stale.into()) };
    Ok(call.say(deals_of(&call, person.user, 0).await?))
}

/// Another page of them.
pub async fn turn_joint_deals(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let (Some(user), Some(page)) = (id.number(0), id.index(1)) else { return Err(Problem::Stale.into()) };
    Ok(Answer::Update(deals_of(&call, UserId(user), page).await?))
}

async fn deals_of(call: &Call, user: UserId, asked: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let deals = look.deals_of(user).await?;
    let name = look.workspace.find_member_of_user(user).await?.map(|member| member.name);
    let pages = Pages::new(deals.len(), PAGE, asked);
    let cards = read::cards(&mut look.workspace, pages.cut(deals), look.now).await?;
    let guild = call.caller.guild;
    let page = pages.page(&CustomId::new(press::JOINT, guild).with(user));
    let open = CustomId::new(press::OPEN, guild).to_control();
    let name = name.unwrap_or_else(|| "this person".to_owned());
    Ok(words::joint_deals(&look.voice(&call.commands), &name, &cards, page, open))
}
