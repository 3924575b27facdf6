//! The answer to an undo of what was no change of a deal.

use super::handover;
use crate::app::on_deal::UNDO_WINDOW;
use crate::app::undo::Undone;
use crate::app::{item, review};
use crate::discord::call::Call;
use crate::domain::event::{EventKind, SubjectKind};
use crate::domain::id::{HandoverId, ItemId, PartnerId, ReviewId};
use crate::error::Failure;
use crate::render::message::Message;
use crate::render::{config, import, item as item_words, partner, review as review_words};

/// Says what is as before, from the events that were taken back and the compensating ones.
pub async fn taken_back(call: &Call, Undone { taken, events, .. }: &Undone) -> Result<Message, Failure> {
    let of = |kind: SubjectKind| events.iter().find(|event| event.subject.kind == kind).map(|event| event.subject.id);
    // What a handover moved is told with it.
    if let Some(id) = of(SubjectKind::Handover) {
        return handover::taken_back(call, HandoverId(id)).await;
    }
    let deals = |kind| taken.iter().filter(|e| e.subject.kind == SubjectKind::Deal && e.kind == kind).count();
    let (new, changed) = (deals(EventKind::Created), deals(EventKind::Imported));
    if new + changed > 0 {
        return Ok(import::taken_back(new, changed));
    }
    let mut look = call.look().await?;
    if let Some(id) = of(SubjectKind::Partner)
        && let Some(found) = look.workspace.find_partner(PartnerId(id)).await?
    {
        let card = look.partner_card(found).await?;
        return Ok(partner::saved(&card, EventKind::Undone, Vec::new()));
    }
    if let Some(id) = of(SubjectKind::Review)
        && let Some(found) = look.workspace.find_review(ReviewId(id)).await?
    {
        let posted = look.workspace.find_agenda_posted_since(found.id, look.now - UNDO_WINDOW).await?;
        let card = review::card(&mut look.workspace, found, look.now).await?;
        return Ok(review_words::taken_back(&look.voice(&call.commands), &card, posted));
    }
    if let Some(id) = of(SubjectKind::Item)
        && let Some(found) = look.workspace.find_item(ItemId(id)).await?
    {
        let card = item::card(&mut look.workspace, found).await?;
        return Ok(item_words::taken_back(&look.voice(&call.commands), &card));
    }
    Ok(config::taken_back())
}
