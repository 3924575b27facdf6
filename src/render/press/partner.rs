//! The buttons on partners.

use serde::Serialize;

use super::super::control::CustomId as ControlId;
use super::super::custom_id::CustomId;
use crate::domain::id::{GuildId, PartnerId, UserId};
use crate::domain::partner::{PartnerKind, Tier};

/// Makes an archived partner active again, with what was given for it: `bring_back:{guild}:{partner}:{kind}:{tier}`, and
/// `:{user}` for its manager. What was not given is `-`.
pub const BRING_BACK: &str = "bring_back";

/// Brings an archived partner back.
pub fn bring_back(
    guild: GuildId,
    partner: PartnerId,
    (kind, tier): (Option<PartnerKind>, Option<Tier>),
    manager: Option<UserId>,
) -> ControlId {
    let id = CustomId::new(BRING_BACK, guild).with(partner).with(word(kind)).with(word(tier));
    manager.into_iter().fold(id, CustomId::with).to_control()
}

fn word(given: Option<impl Serialize>) -> String {
    match given.map(serde_json::to_value) {
        Some(Ok(serde_json::Value::String(word))) => word,
        _ => "-".to_owned(),
    }
}
