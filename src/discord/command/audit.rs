//! `/cosell audit`.

use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::page::Pages;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::card::{Named, Names};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::audit::{self as words, PAGE};
use crate::render::custom_id::CustomId;
use crate::render::message::Message;

/// Turns its pages: `audit:{guild}:{page}`.
const ACTION: &str = "audit";

/// `/cosell audit`
pub async fn audit(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    Ok(Answer::Say(page(&call, 0).await?.private()))
}

/// ◀ and ▶.
pub async fn turn(call: Call) -> Result<Answer, Failure> {
    let asked = call.id()?.index(0).ok_or(Problem::Stale)?;
    Ok(Answer::Update(page(&call, asked).await?))
}

async fn page(call: &Call, asked: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Admin)?;
    let changes = look.workspace.find_changes(asked.saturating_mul(PAGE), PAGE).await?;
    let pages = Pages::new(changes.total, PAGE, asked);
    let members = look.workspace.find_all_members().await?;
    let partners = look.workspace.find_partners().await?;
    let reviews = look.workspace.find_reviews().await?;
    let names = Names {
        members: members.iter().map(|member| (member.id, Named::from(member))).collect(),
        partners: partners.into_iter().map(|partner| (partner.id, partner.name)).collect(),
        ..Names::default()
    };
    let reviews: Vec<(i64, String)> = reviews.into_iter().map(|review| (review.id.0, review.name)).collect();
    let page = pages.page(&CustomId::new(ACTION, call.caller.guild));
    Ok(words::audit(&look.voice(&call.commands), &names, &reviews, changes.total, &changes.events, page))
}
