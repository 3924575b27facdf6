//! What the buttons on deals carry, and which of them stand under what. Handlers and messages share the ids from here,
//! so that they can't differ.

use super::control::CustomId as ControlId;
use super::custom_id::CustomId;
use super::offer::{Offer, Offers};
use crate::domain::card::DealCard;
use crate::domain::deal::{Credit, NextStep, Role};
use crate::domain::id::{DealNumber, GuildId, InteractionId, MemberId, PartnerId};
use crate::domain::motion::Stage;
use crate::domain::refusal::{Problem, Refused};
use crate::domain::work::Turn;

mod handover;
mod partner;
mod review;

pub use handover::*;
pub use partner::*;
pub use review::*;

/// Shows a deal's card: `show:{guild}:{deal}`.
pub const SHOW: &str = "show";
/// A select whose values are deals; shows the card of the one that is picked.
pub const OPEN: &str = "open";
/// Opens a form on a deal: `ask:{guild}:{form}:{argument}:{deal}`; no argument is `-`.
pub const ASK: &str = "ask";
/// A form that was sent: `send:{guild}:{form}:{argument}:{deal}:{version}`, and `:{draft}` where something is kept that
/// has no input in the form.
pub const SEND: &str = "send";
/// Opens a form again with what was typed: `retry:{guild}:{draft}`.
pub const RETRY: &str = "retry";
/// The word after a draft that opens a claim as influenced.
pub const INFLUENCED: &str = "influenced";
/// Asks a question that a select answers: `choose:{guild}:{what}:{deal}`.
pub const CHOOSE: &str = "choose";
/// The select's answer: `chose:{guild}:{what}:{deal}:{version}`.
pub const CHOSE: &str = "chose";
/// Takes a change back: `undo:{guild}:{interaction}`.
pub const UNDO: &str = "undo";
/// A page of a deal's history: `history:{guild}:{deal}:{page}`.
pub const HISTORY: &str = "history";
/// A page of a list: `list:{guild}:{page}:{show}:{owner}:{partner}:{stage}`.
pub const LIST: &str = "list";
/// A new owner says no: `decline:{guild}:{deal}:{owner}`.
pub const DECLINE: &str = "decline";
/// A question about a deal that is being recorded: `record:{guild}:{what}:{draft}:{argument}`.
pub const RECORD: &str = "record";

/// The presser's own list of stalled deals: `mine:{guild}`, and `mine:{guild}:leads` under a message for the leads,
/// where a lead is shown theirs too.
pub const MINE: &str = "mine";
/// A select in that list; shows another deal of it: `mine_of:{guild}`, and `:leads` as there.
pub const MINE_OF: &str = "mine_of";
/// The word for the leads' deals.
pub const LEADS: &str = "leads";
/// Turns a run-through: `work:{guild}:{next|previous}:{deal}:{index}`, from the deal that is shown and its place.
pub const WORK: &str = "work";
/// Ends an absence: `back:{guild}:{member}`.
pub const BACK: &str = "back";
/// A select; the message that is kept as a draft becomes a note on the deal that is picked: `log:{guild}:{draft}`.
pub const LOG: &str = "log";
/// A page of the deals of a person: `joint:{guild}:{user}:{page}`.
pub const JOINT: &str = "joint";
/// A partner's plan: `plan:{guild}:{partner}`, or of the one that is picked in a select: `plan:{guild}`.
pub const PLAN: &str = "plan";
/// Opens the form of a partner's plan: `plan_edit:{guild}:{partner}`.
pub const PLAN_EDIT: &str = "plan_edit";
/// The page of a plan that can be sent to the partner: `plan_page:{guild}:{partner}`.
pub const PLAN_PAGE: &str = "plan_page";
/// The form of a plan that was sent: `plan_send:{guild}:{partner}:{version}`.
pub const PLAN_SEND: &str = "plan_send";

/// Opens the checklist of a deal's exit criteria: `criteria:{guild}:{deal}`.
pub const CRITERIA: &str = "criteria";
/// The checklist's select: `tick:{guild}:{deal}:{version}`.
pub const TICK: &str = "tick";
/// Asks a lead to pass what is unmet, or takes that back: `pass:{guild}:{ask|withdraw}:{deal}:{stage}`.
pub const PASS: &str = "pass";
/// Moves a deal to the current motion: `newer:{guild}:{deal}`, and `:{version}` once it was shown what changes.
pub const NEWER: &str = "newer";
/// Takes the proposed next step: `propose:{guild}:{deal}:{version}:{stage}:{due}`.
pub const PROPOSE: &str = "propose";
/// What leads press on the motion's pages: `motion:{guild}:{what}:…`, as its handler says.
pub const MOTION: &str = "motion";
/// Shows what deals pay, for leads and finance: `comp:{guild}:{partner}`, 0 for all partners; and `:{page}` where it is
/// turned.
pub const COMP: &str = "comp";

/// Shows who carries the pipeline, for leads and finance: `champions:{guild}:{first day}`, of the quarter.
pub const CHAMPIONS: &str = "champions";

/// What deals pay, with one partner or with all.
pub fn check_comp(guild: GuildId, partner: Option<PartnerId>) -> CustomId {
    CustomId::new(COMP, guild).with(partner.map_or(0, |partner| partner.0))
}
/// A page of the claims that wait: `claims:{guild}:{scope}:{partner}:{index}`, and `:turn` from another page of them.
/// The scope is `mine`, or `with` for a partner's.
pub const CLAIMS: &str = "claims";
/// Confirms a claim: `confirm:{guild}:{from}:{deal}:{partner}:{at}`, with the instant of the claim, so that a later one
/// is not meant. It comes from a page of a scope, or from the deal's `card`.
pub const CONFIRM: &str = "confirm";
/// Opens the form for a question about a claim; the same arguments.
pub const QUESTION: &str = "question";
/// That form, sent; the same arguments.
pub const QUESTIONED: &str = "questioned";

/// What somebody may do with a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum May {
    /// Look at it.
    Look,
    /// Also note what happened.
    Note,
    /// Everything.
    Change,
}

/// A form on a deal, without an argument.
pub fn ask(guild: GuildId, form: &str, deal: DealNumber) -> ControlId {
    CustomId::new(ASK, guild).with(form).with('-').with(deal).to_control()
}

fn choose(guild: GuildId, what: &str, deal: DealNumber) -> ControlId {
    CustomId::new(CHOOSE, guild).with(what).with(deal).to_control()
}

/// The first page of a deal's history.
pub fn history(guild: GuildId, deal: DealNumber) -> ControlId {
    CustomId::new(HISTORY, guild).with(deal).with(0).to_control()
}

/// A deal's card.
pub fn show(guild: GuildId, deal: DealNumber) -> ControlId {
    CustomId::new(SHOW, guild).with(deal).to_control()
}

/// Takes back what one use of a command did.
pub fn undo(guild: GuildId, of: InteractionId) -> (Offer, ControlId) {
    (Offer::Undo, CustomId::new(UNDO, guild).with(of).to_control())
}

/// Opens a form again.
pub fn retry(guild: GuildId, draft: InteractionId) -> ControlId {
    CustomId::new(RETRY, guild).with(draft).to_control()
}

/// Under what was refused: opens it again, or as influenced what can't be sourced.
pub fn on_refused(guild: GuildId, draft: InteractionId, refused: &Refused) -> Offers {
    let influenced = CustomId::new(RETRY, guild).with(draft).with(INFLUENCED).to_control();
    let too_old = |problem: &Problem| matches!(problem, Problem::EvidenceTooOld { .. });
    let as_influenced = refused.problems.iter().any(too_old).then_some((Offer::AsInfluenced, influenced));
    [(Offer::Retry, retry(guild, draft))].into_iter().chain(as_influenced).collect()
}

/// Goes on with a deal that was typed and waits for its partner.
pub fn go_on(guild: GuildId, draft: InteractionId) -> ControlId {
    CustomId::new(RECORD, guild).with("go_on").with(draft).to_control()
}

/// Under a card: all that somebody may do with the deal. Whoever presses is checked again.
pub fn on_card(guild: GuildId, card: &DealCard, may: May) -> Offers {
    let deal = card.deal.number;
    let mut offers = Offers::new();
    if may >= May::Note {
        offers.push((Offer::Update, ask(guild, "update", deal)));
    }
    if may == May::Change && card.deal.is_open() {
        offers.extend(step(guild, card));
        offers.extend(attribute(guild, card));
        offers.push((Offer::Stage, choose(guild, "stage", deal)));
        if !card.running.standing.is_empty() {
            offers.push((Offer::Criteria, criteria(guild, deal)));
        }
        offers.push((Offer::Won, ask(guild, "won", deal)));
        offers.push((Offer::Lost, choose(guild, "lost", deal)));
        offers.push((Offer::Wait, choose(guild, "wait", deal)));
        offers.push((Offer::Snooze, ask(guild, "snooze", deal)));
        offers.push((Offer::HandOver, choose(guild, "owner", deal)));
        offers.extend(card.deal.pass_asked.as_ref().map(|asked| withdraw_pass(guild, deal, asked.to)));
        offers.extend(card.running.newer.map(|_| (Offer::Newer, newer(guild, deal))));
    }
    offers.push((Offer::History, history(guild, deal)));
    offers
}

/// Settles the class, while it is undecided.
fn attribute(guild: GuildId, card: &DealCard) -> Option<(Offer, ControlId)> {
    let undecided = card.deal.role == Role::Undecided;
    undecided.then(|| (Offer::Attribute, choose(guild, "class", card.deal.number)))
}

/// Confirms or questions a claim, from a page of a scope or from the deal's card.
pub fn on_claim(guild: GuildId, from: &str, deal: DealNumber, credit: &Credit) -> Offers {
    let id = |action| {
        let id = CustomId::new(action, guild).with(from).with(deal).with(credit.partner);
        id.with(credit.claimed.at.timestamp_millis()).to_control()
    };
    vec![(Offer::ConfirmClaim, id(CONFIRM)), (Offer::QuestionClaim, id(QUESTION))]
}

/// The first deal of one's own work, past the claims that wait.
pub fn own_deals(guild: GuildId) -> (Offer, ControlId) {
    const NONE: DealNumber = DealNumber(0);
    let (_, id) = turn(guild, Turn::Next, NONE, 0);
    (Offer::OwnDeals, id)
}

/// The claims that wait with a partner.
pub fn claims_with(guild: GuildId, partner: PartnerId) -> (Offer, ControlId) {
    (Offer::Claims, CustomId::new(CLAIMS, guild).with("with").with(partner).with(0).to_control())
}

/// "Done → next step" where there is one, "Next step" where there is none.
pub fn step(guild: GuildId, card: &DealCard) -> Offers {
    let deal = card.deal.number;
    vec![match card.deal.next_step {
        Some(_) => (Offer::Done, ask(guild, "done", deal)),
        None => (Offer::NextStep, ask(guild, "step", deal)),
    }]
}

/// Under the answer to a change: take it back, mend what is missing, look at it.
pub fn after_change(guild: GuildId, card: &DealCard, of: InteractionId) -> Offers {
    let deal = card.deal.number;
    let mut offers = vec![undo(guild, of)];
    if card.deal.is_open() && card.deal.next_step.as_ref().is_none_or(|step| step.due.is_none()) {
        offers.push((Offer::NextStep, ask(guild, "step", deal)));
    }
    offers.push((Offer::Show, show(guild, deal)));
    offers
}

/// Under the answer to a change after which the motion has another next step to propose.
pub fn propose(guild: GuildId, card: &DealCard) -> Option<(Offer, ControlId)> {
    let NextStep { due, .. } = card.running.proposed.as_ref()?;
    let (deal, stage) = (&card.deal, card.deal.stage.key());
    let id = CustomId::new(PROPOSE, guild).with(deal.number).with(deal.version).with(stage).with((*due)?);
    Some((Offer::Propose, id.to_control()))
}

/// Asks which stage.
pub fn stage(guild: GuildId, deal: DealNumber) -> (Offer, ControlId) {
    (Offer::Stage, choose(guild, "stage", deal))
}

/// The checklist of a deal's exit criteria.
pub fn criteria(guild: GuildId, deal: DealNumber) -> ControlId {
    CustomId::new(CRITERIA, guild).with(deal).to_control()
}

/// Asks a lead to pass what is unmet on the way to a stage.
pub fn ask_pass(guild: GuildId, deal: DealNumber, to: Stage) -> (Offer, ControlId) {
    (Offer::AskPass, CustomId::new(PASS, guild).with("ask").with(deal).with(to.key()).to_control())
}

/// Takes that back.
pub fn withdraw_pass(guild: GuildId, deal: DealNumber, to: Stage) -> (Offer, ControlId) {
    (Offer::WithdrawPass, CustomId::new(PASS, guild).with("withdraw").with(deal).with(to.key()).to_control())
}

/// What changes for a deal on the current motion.
pub fn newer(guild: GuildId, deal: DealNumber) -> ControlId {
    CustomId::new(NEWER, guild).with(deal).to_control()
}

/// Under the ping to a new owner.
pub fn on_ownership(guild: GuildId, card: &DealCard) -> Offers {
    let (deal, owner): (DealNumber, MemberId) = (card.deal.number, card.deal.owner);
    let decline = CustomId::new(DECLINE, guild).with(deal).with(owner).to_control();
    vec![(Offer::Show, show(guild, deal)), (Offer::Decline, decline)]
}

/// Under what leads read about a deal that needs another owner.
pub fn on_declined(guild: GuildId, card: &DealCard) -> Offers {
    vec![(Offer::HandOver, choose(guild, "owner", card.deal.number)), (Offer::Show, show(guild, card.deal.number))]
}

/// Under a personal list of stalled deals.
pub fn on_mine(guild: GuildId, card: &DealCard) -> Offers {
    let deal = card.deal.number;
    let mut offers = step(guild, card);
    offers.extend(attribute(guild, card));
    offers.push((Offer::Update, ask(guild, "update", deal)));
    offers.push((Offer::Snooze, ask(guild, "snooze", deal)));
    offers.push((Offer::Wait, choose(guild, "wait", deal)));
    offers.push((Offer::HandOver, choose(guild, "owner", deal)));
    offers.push((Offer::Lost, choose(guild, "lost", deal)));
    offers
}

/// Under a deal of a run-through: what to do with it, and ◀ ▶.
pub fn on_work(guild: GuildId, card: &DealCard, index: usize) -> Offers {
    let mut offers = on_mine(guild, card);
    if !card.running.standing.is_empty() {
        offers.push((Offer::Criteria, criteria(guild, card.deal.number)));
    }
    if index > 0 {
        offers.push(turn(guild, Turn::Previous, card.deal.number, index));
    }
    offers.push(turn(guild, Turn::Next, card.deal.number, index));
    offers
}

/// At the end of a run-through of so many deals: ◀.
pub fn on_work_done(guild: GuildId, of: usize) -> Offers {
    const NONE: DealNumber = DealNumber(0);
    (of > 0).then(|| turn(guild, Turn::Previous, NONE, of)).into_iter().collect()
}

fn turn(guild: GuildId, turn: Turn, shown: DealNumber, index: usize) -> (Offer, ControlId) {
    let (offer, word) = match turn {
        Turn::Next => (Offer::Next, "next"),
        Turn::Previous => (Offer::Previous, "previous"),
    };
    (offer, CustomId::new(WORK, guild).with(word).with(shown).with(index).to_control())
}

/// Under what is said of an absence that is not over: "I'm back".
pub fn on_away(guild: GuildId, member: MemberId) -> (Offer, ControlId) {
    (Offer::Back, CustomId::new(BACK, guild).with(member).to_control())
}
