//! `/cosell audit`.

use serde_json::Value;

use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::page::Pages;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::card::{Named, Names};
use crate::domain::event::{Event, SubjectKind};
use crate::domain::id::AccountId;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::audit::{self as words, Behind, PAGE};
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
    let accounts = look.workspace.find_accounts(&accounts_in(&changes.events)).await?;
    let names = Names {
        members: members.iter().map(|member| (member.id, Named::from(member))).collect(),
        accounts: accounts.into_iter().map(|account| (account.id, account.name)).collect(),
        partners: partners.into_iter().map(|partner| (partner.id, partner.name)).collect(),
    };
    let reviews: Vec<(i64, String)> = reviews.into_iter().map(|review| (review.id.0, review.name)).collect();
    let page = pages.page(&CustomId::new(ACTION, call.caller.guild));
    let behind = Behind { names: &names, reviews: &reviews, motions: &look.settings.motions };
    Ok(words::audit(&look.voice(&call.commands), &behind, changes.total, &changes.events, page))
}

/// The accounts that changes speak of: those that were changed, and those that took another one's deals over.
fn accounts_in(events: &[Event]) -> Vec<AccountId> {
    let changed = events.iter().filter(|event| event.subject.kind == SubjectKind::Account);
    let ids =
        changed.flat_map(|event| [Some(event.subject.id), event.after.get("merged_into").and_then(Value::as_i64)]);
    ids.flatten().map(AccountId).collect()
}
