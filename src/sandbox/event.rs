//! Scheduled events of a server, as far as a bot makes them.

use serde_json::{Value, json};

use super::snowflake::Snowflake;

/// A scheduled event: what its maker sent, under an id.
#[derive(Clone, Debug)]
pub(super) struct ScheduledEvent {
    pub id: Snowflake,
    pub guild: Snowflake,
    pub creator: Snowflake,
    pub fields: Value,
}

impl ScheduledEvent {
    /// The event in Discord's JSON.
    pub fn json(&self) -> Value {
        let mut json = json!({
            "channel_id": null,
            "description": null,
            "scheduled_end_time": null,
            "status": 1,
            "entity_id": null,
            "entity_metadata": null,
            "recurrence_rule": null,
            "image": null,
        });
        let fields = self.fields.as_object().into_iter().flatten();
        for (name, value) in fields {
            json[name] = value.clone();
        }
        json["id"] = json!(self.id);
        json["guild_id"] = json!(self.guild);
        json["creator_id"] = json!(self.creator);
        json
    }
}
