//! Messages as they are stored, and the JSON in which Discord shows them to the bot.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::payload;
use super::snowflake::Snowflake;
use super::state::State;

/// Only its addressee sees it.
pub(super) const EPHEMERAL: u64 = 1 << 6;
/// The answer is still being made.
pub(super) const LOADING: u64 = 1 << 7;
/// A thread hangs from it.
pub(super) const HAS_THREAD: u64 = 1 << 5;

/// Discord takes no bigger file, from a bot and from most people.
pub(super) const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// A file that came with a message.
#[derive(Clone, Debug)]
pub(super) struct StoredFile {
    pub id: Snowflake,
    pub name: String,
    pub description: Option<String>,
    pub content_type: String,
    pub bytes: Bytes,
}

/// A message, as it stands after its edits.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub id: Snowflake,
    pub channel: Snowflake,
    pub guild: Option<Snowflake>,
    pub author: Snowflake,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub files: Vec<StoredFile>,
    pub flags: u64,
    pub at: DateTime<Utc>,
    pub edited: Option<DateTime<Utc>>,
    /// Whom it pinged when it came: bare names of users and roles, or `everyone`.
    pub pinged: Vec<String>,
    /// Whom the settings of its last edit would have let it mention.
    pub highlighted: Vec<String>,
    pub nonce: Option<String>,
    /// The interaction that it answers.
    pub interaction: Option<Snowflake>,
    /// The only person who sees it, when it is ephemeral.
    pub only_for: Option<Snowflake>,
    pub thread: Option<Snowflake>,
}

impl Message {
    /// An empty message of now.
    pub fn new(id: Snowflake, channel: Snowflake, author: Snowflake, at: DateTime<Utc>) -> Self {
        Message {
            id,
            channel,
            guild: None,
            author,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            files: Vec::new(),
            flags: 0,
            at,
            edited: None,
            pinged: Vec::new(),
            highlighted: Vec::new(),
            nonce: None,
            interaction: None,
            only_for: None,
            thread: None,
        }
    }

    /// Whether there is nothing in it to see. Rows alone don't count.
    pub fn is_empty(&self) -> bool {
        self.content.trim().is_empty() && self.embeds.is_empty() && self.files.is_empty()
    }

    /// The message in Discord's JSON.
    pub fn json(&self, state: &State) -> Value {
        let user = |id| state.users.get(&id).map(payload::user);
        let files: Vec<Value> = self.files.iter().map(StoredFile::json).collect();
        let mut json = json!({
            "id": self.id,
            "type": if self.interaction.is_some() { 20 } else { 0 },
            "channel_id": self.channel,
            "author": user(self.author),
            "content": self.content,
            "timestamp": stamp(self.at),
            "edited_timestamp": self.edited.map(stamp),
            "tts": false,
            "mention_everyone": self.pinged.iter().any(|name| name == "everyone"),
            "mentions": [],
            "mention_roles": [],
            "attachments": files,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": false,
            "flags": self.flags,
        });
        if let Some(nonce) = &self.nonce {
            json["nonce"] = json!(nonce);
        }
        if let Some(thread) = self.thread.and_then(|id| state.channels.get(&id)) {
            json["thread"] = payload::channel(state, thread);
        }
        if let Some(interaction) = self.interaction {
            json["application_id"] = json!(state.bot);
            json["webhook_id"] = json!(state.bot);
            if let Some(origin) = state.interactions.get(&interaction) {
                json["interaction_metadata"] = origin.metadata(state);
            }
        }
        json
    }
}

impl StoredFile {
    fn json(&self) -> Value {
        let place = format!("https://cdn.example/attachments/{}/{}", self.id, self.name);
        let mut json = json!({
            "id": self.id,
            "filename": self.name,
            "size": self.bytes.len(),
            "url": place,
            "proxy_url": place,
            "content_type": self.content_type,
        });
        if let Some(description) = &self.description {
            json["description"] = json!(description);
        }
        if let Some((width, height)) = png_size(&self.bytes) {
            json["width"] = json!(width);
            json["height"] = json!(height);
        }
        json
    }
}

/// Width and height of a PNG, from its header.
pub(super) fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(8..16)?;
    let (width, height) = header.split_at(4);
    let number = |b: &[u8]| b.try_into().ok().map(u32::from_be_bytes);
    Some((number(width)?, number(height)?))
}

/// An instant as Discord writes it.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, false)
}
