//! The buttons of a handover: on its plan, its status, and what its recipients are asked.

use super::super::control::CustomId as ControlId;
use super::super::custom_id::CustomId;
use super::super::offer::{Offer, Offers};
use super::show;
use crate::domain::handover::{Reply, What};
use crate::domain::id::{GuildId, HandoverId, MemberId};

/// What a leaver leaves behind, and who would get it: `handover_plan:{guild}:{leaver}:{page}`, and `:turn` where it
/// takes the place of another page. Of the one who is picked in a select: `handover_plan:{guild}`.
pub const HANDOVER_PLAN: &str = "handover_plan";
/// A select; asks who gets the thing that is picked: `handover_pick:{guild}:{leaver}:{page}`.
pub const HANDOVER_PICK: &str = "handover_pick";
/// Its answer, a person: `handover_to:{guild}:{leaver}:{page}:{what}`.
pub const HANDOVER_TO: &str = "handover_to";
/// Starts it: `handover_start:{guild}:{leaver}`.
pub const HANDOVER_START: &str = "handover_start";
/// A page of what is on its way: `handover_status:{guild}:{handover}:{page}`.
pub const HANDOVER_STATUS: &str = "handover_status";
/// A select of handovers: `handover_other:{guild}`.
pub const HANDOVER_OTHER: &str = "handover_other";
/// Gives what waits to its recipients: `handover_assign:{guild}:{handover}`.
pub const HANDOVER_ASSIGN: &str = "handover_assign";
/// Asks who else gets what is on its way: `handover_else:{guild}:{handover}:{page}`, a select of what waits, and
/// `:{what}` on a button for one thing.
pub const HANDOVER_ELSE: &str = "handover_else";
/// Its answer, a person: `handover_offer:{guild}:{handover}:{page}:{what}`.
pub const HANDOVER_OFFER: &str = "handover_offer";
/// Asks, and then takes a handover back: `handover_undo:{guild}:{handover}:{ask|yes|no}`.
pub const HANDOVER_UNDO: &str = "handover_undo";
/// A recipient's brief of one thing: `handover_brief:{guild}:{handover}:{index}`, and `:turn` as above.
pub const HANDOVER_BRIEF: &str = "handover_brief";
/// A recipient's answer: `handover_answer:{guild}:{handover}:{yes|no}:{what|all}`, and the index where it was given in
/// the run-through of briefs.
pub const HANDOVER_ANSWER: &str = "handover_answer";

/// Under what leads read of somebody who has left and owned deals, or of a start that was taken back.
pub fn plan_handover(guild: GuildId, leaver: MemberId) -> Offers {
    vec![(Offer::PlanHandover, CustomId::new(HANDOVER_PLAN, guild).with(leaver).with(0).to_control())]
}

/// Starts the handover of a leaver.
pub fn start_handover(guild: GuildId, leaver: MemberId) -> (Offer, ControlId) {
    (Offer::StartHandover, CustomId::new(HANDOVER_START, guild).with(leaver).to_control())
}

/// Gives what waits to its recipients without their answer.
pub fn assign_handover(guild: GuildId, handover: HandoverId) -> (Offer, ControlId) {
    (Offer::AssignAnyway, CustomId::new(HANDOVER_ASSIGN, guild).with(handover).to_control())
}

/// Under what leads read of a thing that a recipient declined.
pub fn on_handover_declined(guild: GuildId, handover: HandoverId, what: What) -> Offers {
    let id = CustomId::new(HANDOVER_ELSE, guild).with(handover).with(0).with(what.key());
    vec![(Offer::FindRecipient, id.to_control())]
}

/// One of the buttons around taking a handover back.
pub fn undo_handover(guild: GuildId, handover: HandoverId, offer: Offer) -> (Offer, ControlId) {
    let word = match offer {
        Offer::Confirm => "yes",
        Offer::Cancel => "no",
        _ => "ask",
    };
    (offer, CustomId::new(HANDOVER_UNDO, guild).with(handover).with(word).to_control())
}

/// The first of a recipient's briefs.
pub fn briefs(guild: GuildId, handover: HandoverId) -> (Offer, ControlId) {
    (Offer::Briefs, CustomId::new(HANDOVER_BRIEF, guild).with(handover).with(0).to_control())
}

/// A recipient's answer: to one thing, or to all that waits for them.
pub fn answer_handover(guild: GuildId, handover: HandoverId, reply: Reply, what: Option<What>) -> ControlId {
    answer_id(guild, handover, reply, what).to_control()
}

fn answer_id(guild: GuildId, handover: HandoverId, reply: Reply, what: Option<What>) -> CustomId {
    let word = match reply {
        Reply::Accept => "yes",
        Reply::Decline => "no",
    };
    CustomId::new(HANDOVER_ANSWER, guild)
        .with(handover)
        .with(word)
        .with(what.map_or_else(|| "all".to_owned(), What::key))
}

/// Under a brief of a run-through: yes or no, and ◀ ▶.
pub fn on_brief(guild: GuildId, handover: HandoverId, what: What, (index, of): (usize, usize)) -> Offers {
    let answer = |reply| answer_id(guild, handover, reply, Some(what)).with(index).to_control();
    let turn = |to: usize| CustomId::new(HANDOVER_BRIEF, guild).with(handover).with(to).with("turn").to_control();
    let mut offers = vec![(Offer::Accept, answer(Reply::Accept)), (Offer::Decline, answer(Reply::Decline))];
    if let What::Deal(deal) = what {
        offers.push((Offer::Show, show(guild, deal)));
    }
    offers.extend(index.checked_sub(1).map(|to| (Offer::Previous, turn(to))));
    offers.extend((index + 1 < of).then(|| (Offer::Next, turn(index + 1))));
    offers
}
