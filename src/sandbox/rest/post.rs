//! Putting a message into the state: from a checked body, with its files, its pings, and edits.

use serde_json::{Value, json};

use super::Call;
use crate::sandbox::check;
use crate::sandbox::check::message::{Route, index_of};
use crate::sandbox::fault::Rejection;
use crate::sandbox::mention::{self, Source};
use crate::sandbox::message::{Message, StoredFile};
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::State;

/// How an edit counts for pings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Edit {
    /// The message was a promise; this is its first content, which pings.
    First,
    /// Discord pings nobody by a later edit.
    Later,
}

/// Fills a new message from a checked body.
pub(super) fn fill(
    state: &mut State,
    call: &Call,
    body: &Value,
    mut message: Message,
    source: Source,
) -> Result<Message, Rejection> {
    apply(state, call, body, &mut message)?;
    message.flags |= body["flags"].as_u64().unwrap_or(0);
    message.pinged = mention::pinged(state, &message, &body["allowed_mentions"], source);
    Ok(message)
}

/// Changes a stored message by a checked body.
pub(super) fn edit(
    state: &mut State,
    call: &Call,
    body: &Value,
    id: Snowflake,
    (kind, source): (Edit, Source),
) -> Result<(), Rejection> {
    let mut message = state.messages.get(&id).cloned().ok_or_else(Rejection::unknown_message)?;
    apply(state, call, body, &mut message)?;
    let named = mention::pinged(state, &message, &body["allowed_mentions"], source);
    match kind {
        Edit::First => message.pinged = named,
        Edit::Later => {
            message.highlighted = named;
            message.edited = Some(call.now);
        }
    }
    state.messages.insert(id, message);
    Ok(())
}

/// What the body names replaces what was there; what it leaves out stays.
fn apply(state: &mut State, call: &Call, body: &Value, message: &mut Message) -> Result<(), Rejection> {
    if let Some(content) = body.get("content") {
        message.content = content.as_str().unwrap_or_default().to_owned();
    }
    let list = |name: &str| body.get(name).map(|_| check::list(body, name).to_vec());
    if let Some(embeds) = list("embeds") {
        message.embeds = embeds;
    }
    if let Some(components) = list("components") {
        message.components = components;
    }
    files(state, call, body, message);
    state.note_missing_pictures(message);
    if message.is_empty() { Err(Rejection::empty_message()) } else { Ok(()) }
}

/// Keeps the files that an edit lists, and adds those that came with it.
fn files(state: &mut State, call: &Call, body: &Value, message: &mut Message) {
    let listed = check::list(body, "attachments");
    if body["attachments"].is_array() {
        let kept = |file: &StoredFile| listed.iter().any(|a| a["id"] == json!(file.id));
        message.files.retain(kept);
    }
    for file in &call.files {
        let entry = listed.iter().find(|a| index_of(&a["id"]) == Some(file.index));
        let text = |name: &str| entry.and_then(|a| a[name].as_str()).map(str::to_owned);
        message.files.push(StoredFile {
            id: state.mint.next(call.now),
            name: text("filename").unwrap_or_else(|| file.name.clone()),
            description: text("description"),
            content_type: file.content_type.clone(),
            bytes: file.bytes.clone(),
        });
    }
}

/// Holds the body against Discord's limits for messages.
pub(super) fn check(call: &Call, body: &Value, at: &[&str], route: Route) -> Result<(), Rejection> {
    let start = check::Path::default();
    let path = at.iter().fold(start, |path, step| path.to(step));
    check::message::message(body, path, route, call.files.len())
}

impl State {
    /// Stores a message, in its channel's log or among what only one person sees.
    pub fn store(&mut self, message: Message) {
        let id = message.id;
        match message.only_for {
            Some(person) => self.private.entry(person).or_default().push(id),
            None => {
                if let Some(channel) = self.channels.get_mut(&message.channel) {
                    channel.log.push(id);
                }
            }
        }
        self.messages.insert(id, message);
    }

    /// Takes a message away.
    pub fn erase(&mut self, id: Snowflake) {
        if let Some(message) = self.messages.remove(&id) {
            if let Some(channel) = self.channels.get_mut(&message.channel) {
                channel.log.retain(|other| *other != id);
            }
            for seen in self.private.values_mut() {
                seen.retain(|other| *other != id);
            }
        }
    }

    /// Discord shows an embed without its picture when the file that it points at is missing;
    /// that is never meant, so it is noted.
    fn note_missing_pictures(&mut self, message: &Message) {
        for embed in &message.embeds {
            for part in ["image", "thumbnail"] {
                let url = embed[part]["url"].as_str().unwrap_or_default();
                let Some(name) = url.strip_prefix("attachment://") else {
                    continue;
                };
                if !message.files.iter().any(|file| file.name == name) {
                    let line = format!("an embed shows attachment://{name}, which was not sent");
                    self.unexpected.push(line);
                }
            }
        }
    }
}
