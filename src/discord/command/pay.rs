//! What deals pay: `/program comp`, `/program parity`, and "Check comp" under an agenda.

use serde::Deserialize;

use crate::app::set_comp::SetComp;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::page::Pages;
use crate::discord::table::NoOptions;
use crate::domain::id::PartnerId;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::message::Message;
use crate::render::offer::Offer;
use crate::render::pay::{self as words, PAGE, ParityPage};
use crate::render::press;

/// The options of `/program comp`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompOptions {
    solo_rate: String,
    cosell_rate: String,
    quota_credit: Option<u32>,
    spiff: Option<String>,
    from: Option<String>,
}

/// `/program comp`
pub async fn comp(call: Call, given: CompOptions) -> Result<Answer, Failure> {
    let CompOptions { solo_rate, cosell_rate, quota_credit, spiff, from } = given;
    let terms = SetComp { solo_rate, cosell_rate, quota_credit, spiff, from };
    let set = call.app.set_comp(&call.caller, terms).await?;
    let mut look = call.look().await?;
    let levelling = look.to_level(None).await?.levelling;
    let check = press::check_comp(call.caller.guild, None).to_control();
    let offers = vec![call.undo(), (Offer::CheckComp, check)];
    let said = words::set(&look.voice(&call.commands), set.from, &set.after, &levelling, offers);
    Ok(Answer::Say(said.private()))
}

/// `/program parity`
pub async fn parity(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    Ok(Answer::Say(page(&call, None, 0).await?.private()))
}

/// "Check comp" under an agenda or after terms were set, and ◀ ▶ of what it opened: for whoever pressed.
pub async fn check(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let partner = id.number(0).ok_or(Problem::Stale)?;
    let partner = (partner != 0).then_some(PartnerId(partner));
    let turned = id.index(1);
    let message = page(&call, partner, turned.unwrap_or(0)).await?;
    Ok(if turned.is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// The deals that pay less than solo, for leads and finance. Never shared.
async fn page(call: &Call, partner: Option<PartnerId>, asked: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let to_level = look.to_level(partner).await?;
    if look.settings.comp.is_empty() {
        return Ok(words::no_terms(&look.voice(&call.commands)));
    }
    let levelling = &to_level.levelling;
    let pages = Pages::new(levelling.short.len(), PAGE, asked);
    let listed = look.listed(&pages.cut(levelling.short.clone()), &levelling.reps).await?;
    let shown = ParityPage {
        terms: to_level.terms,
        levelling,
        won_since: to_level.won_since,
        deals: &listed.deals,
        reps: &listed.reps,
        page: pages.page(&press::check_comp(call.caller.guild, partner)),
        open: CustomId::new(press::OPEN, call.caller.guild).to_control(),
    };
    Ok(words::parity(&look.voice(&call.commands), shown))
}
