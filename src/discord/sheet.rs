//! The forms on deals: what each is called in an id, what stands in it, and which use case it is sent to.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::Call;
use super::custom_id::CustomId;
use super::seen::Seen;
use crate::app::UseCase;
use crate::app::attribute_deal::AttributeDeal;
use crate::app::close_deal::{LoseDeal, WinDeal};
use crate::app::move_deal::MoveDeal;
use crate::app::on_deal::{Changed, Meant};
use crate::app::on_version::OnVersion;
use crate::app::pause_deal::{SnoozeDeal, WaitDeal};
use crate::app::set_step::{Last, SetStep};
use crate::app::update_deal::{Given, UpdateDeal};
use crate::domain::deal::{Deal, LossReason, Place, Role, WaitingOn};
use crate::domain::id::{DealNumber, GuildId, InteractionId, PartnerId};
use crate::domain::motion::Stage;
use crate::error::Failure;
use crate::render::deal::form::{self, Typed, input};
use crate::render::modal::Modal;
use crate::render::press::{May, SEND};
use crate::render::voice::Voice;

/// A form on a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Note, next step, amount and close.
    Update,
    /// What happened, and no more.
    Note,
    /// A next step.
    Step,
    /// The last step is done; the next one.
    Done,
    /// What is needed for a stage.
    Stage(Stage),
    /// The final amount and the day.
    Won,
    /// What would have changed the outcome.
    Lost(LossReason),
    /// Until when, and what for.
    Wait(WaitingOn),
    /// Until when, and why.
    Snooze,
    /// What shows a partner's role.
    Attribute(Role, PartnerId, Option<Place>),
}

/// The texts of a form that was sent, by input.
pub type Fields = BTreeMap<String, String>;

impl Sheet {
    /// Its name and argument in an id.
    pub fn words(self) -> (&'static str, String) {
        let none = "-".to_owned();
        match self {
            Sheet::Update => ("update", none),
            Sheet::Note => ("note", none),
            Sheet::Step => ("step", none),
            Sheet::Done => ("done", none),
            Sheet::Stage(stage) => ("stage", stage.key().to_owned()),
            Sheet::Won => ("won", none),
            Sheet::Lost(reason) => ("lost", key(reason)),
            Sheet::Wait(on) => ("wait", key(on)),
            Sheet::Snooze => ("snooze", none),
            Sheet::Attribute(role, partner, place) => {
                ("class", format!("{}.{partner}.{}", role.key(), place.map(key).unwrap_or_default()))
            }
        }
    }

    /// Reads a name and its argument.
    pub fn parse(name: &str, argument: &str) -> Option<Sheet> {
        match name {
            "update" => Some(Sheet::Update),
            "note" => Some(Sheet::Note),
            "step" => Some(Sheet::Step),
            "done" => Some(Sheet::Done),
            "stage" => from_key(argument).map(Sheet::Stage),
            "won" => Some(Sheet::Won),
            "lost" => from_key(argument).map(Sheet::Lost),
            "wait" => from_key(argument).map(Sheet::Wait),
            "snooze" => Some(Sheet::Snooze),
            "class" => {
                let [role, partner, place] = argument.split('.').collect::<Vec<_>>().try_into().ok()?;
                Some(Sheet::Attribute(from_key(role)?, PartnerId(partner.parse().ok()?), from_key(place)))
            }
            _ => None,
        }
    }

    /// The stage that it leads to, past exit criteria.
    pub fn leads_to(self) -> Option<Stage> {
        match self {
            Sheet::Stage(stage) => Some(stage),
            Sheet::Won => Some(Stage::Launched),
            _ => None,
        }
    }

    /// The same claim as influenced, of one that can't be sourced.
    pub fn as_influenced(self) -> Sheet {
        match self {
            Sheet::Attribute(_, partner, place) => Sheet::Attribute(Role::Influenced, partner, place),
            other => other,
        }
    }

    /// The form of an id: its first two arguments.
    pub fn of(id: &CustomId) -> Option<Sheet> {
        Sheet::parse(id.word(0)?, id.word(1)?)
    }

    /// The id under which it is sent.
    pub fn id(self, guild: GuildId, deal: DealNumber, version: i64) -> CustomId {
        let (name, argument) = self.words();
        CustomId::new(SEND, guild).with(name).with(argument).with(deal).with(version)
    }

    /// The same form, or what of it the person may fill.
    fn for_one_who_sees(self, seen: &Seen) -> Sheet {
        match self {
            Sheet::Update if seen.may < May::Change || !seen.card.deal.is_open() => Sheet::Note,
            other => other,
        }
    }

    /// The form over a deal as it is now, with what was typed before; `kept` is the draft of what has no input in it.
    pub fn modal(self, call: &Call, seen: &Seen, typed: Option<&Typed>, kept: Option<InteractionId>) -> Modal {
        let (voice, card, sheet) = (seen.voice(call), &seen.card, self.for_one_who_sees(seen));
        let id = sheet.id(call.caller.guild, card.deal.number, card.deal.version);
        let id = kept.into_iter().fold(id, CustomId::with).to_control();
        match sheet {
            Sheet::Update => form::update(&voice, card, id, typed),
            Sheet::Note => form::note(card, id, typed),
            Sheet::Step | Sheet::Done => form::next_step(card, id, typed),
            Sheet::Stage(_) => form::stage(&voice, card, id, typed, seen.unmet(sheet).len()),
            Sheet::Won => form::won(&voice, card, id, typed, seen.unmet(sheet).len()),
            Sheet::Lost(reason) => form::lost(card, reason, id, typed),
            Sheet::Wait(_) => form::wait(card, id, typed),
            Sheet::Snooze => form::snooze(card, id, typed),
            Sheet::Attribute(..) => form::attribute(card, id, typed),
        }
    }

    /// What stands in it of a deal before anything is typed. Only what differs from that is the person's own.
    pub fn standing(self, voice: &Voice, deal: &Deal) -> Vec<(&'static str, String)> {
        let mut standing = form::standing(voice, deal);
        match self {
            Sheet::Update => {}
            Sheet::Stage(_) => standing.retain(|(id, _)| [input::AMOUNT, input::CLOSE].contains(id)),
            Sheet::Won => standing.retain(|(id, _)| *id == input::AMOUNT),
            Sheet::Note
            | Sheet::Step
            | Sheet::Done
            | Sheet::Lost(_)
            | Sheet::Wait(_)
            | Sheet::Snooze
            | Sheet::Attribute(..) => standing.clear(),
        }
        standing
    }

    /// Does what a form says that was opened on a version of a deal. An update compares field by field and a note only
    /// adds; every other form is refused when the deal changed since.
    pub async fn send(self, call: &Call, seen: (DealNumber, i64), fields: &Fields) -> Result<Changed, Failure> {
        let (app, who, (number, version)) = (&call.app, &call.caller, seen);
        let deal: Meant = Ok(number);
        let text = |id: &str| fields.get(id).cloned();
        let crm = text(input::CRM);
        let (note, due, until) = (text(input::NOTE), text(input::DUE), text(input::UNTIL));
        let (amount, close, next_step) = (text(input::AMOUNT), text(input::CLOSE), text(input::NEXT_STEP));
        let step = |last| SetStep { deal: number, last, next_step: next_step.clone(), due: due.clone() };
        match self {
            Sheet::Update => {
                let given = Given::AsForm { version };
                let update = UpdateDeal { note, next_step, due, amount, close, crm, given, ..UpdateDeal::of(number) };
                app.change(who, update).await
            }
            Sheet::Note => app.change(who, UpdateDeal { note, crm, ..UpdateDeal::of(number) }).await,
            Sheet::Step => call.change_seen(seen, step(Last::Replaced)).await,
            Sheet::Done => call.change_seen(seen, step(Last::Done)).await,
            Sheet::Stage(stage) => {
                call.change_seen(seen, MoveDeal { deal, stage: Ok(stage), reason: text(input::WHY), amount, close })
                    .await
            }
            Sheet::Won => {
                call.change_seen(seen, WinDeal { deal, amount, on: text(input::ON), reason: text(input::WHY) }).await
            }
            Sheet::Lost(reason) => call.change_seen(seen, LoseDeal { deal, reason, detail: text(input::DETAIL) }).await,
            Sheet::Wait(on) => call.change_seen(seen, WaitDeal { deal, on, until, note }).await,
            Sheet::Snooze => {
                let (until, why) = (until.unwrap_or_default(), text(input::WHY).unwrap_or_default());
                call.change_seen(seen, SnoozeDeal { deal, until, why }).await
            }
            Sheet::Attribute(role, partner, place) => {
                let (partner, evidence, on) = (Ok(partner), text(input::EVIDENCE), text(input::EVIDENCE_ON));
                call.change_seen(seen, AttributeDeal { deal, partner, role, evidence, on, place }).await
            }
        }
    }
}

impl Call {
    /// Does a change to a version of a deal, unless the deal is another one by now.
    async fn change_seen<U: UseCase>(
        &self,
        (deal, version): (DealNumber, i64),
        change: U,
    ) -> Result<U::Outcome, Failure> {
        self.app.change(&self.caller, OnVersion { deal, version, change }).await
    }
}

fn key(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("a unit variant serializes as a word, not {other:?}"),
    }
}

/// Reads the key of a unit variant.
pub fn from_key<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(key.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back_from_its_words() {
        let sheets = [
            Sheet::Update,
            Sheet::Note,
            Sheet::Step,
            Sheet::Done,
            Sheet::Stage(Stage::TechnicalValidation),
            Sheet::Won,
            Sheet::Lost(LossReason::EnteredByMistake),
            Sheet::Wait(WaitingOn::Customer),
            Sheet::Snooze,
            Sheet::Attribute(Role::Sourced, PartnerId(12), None),
            Sheet::Attribute(Role::Influenced, PartnerId(1_000_000), Some(Place::Participant)),
        ];
        for sheet in sheets {
            let id = sheet.id(GuildId(i64::MAX), DealNumber(1_000_000), 1_000_000).with(InteractionId(i64::MAX));
            assert!(id.to_control().as_str().len() <= 100);
            assert_eq!(Sheet::of(&id), Some(sheet));
        }
        assert_eq!(Sheet::parse("lost", "no such reason"), None);
    }
}
