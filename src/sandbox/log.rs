//! The log of what the bot asked for.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::rest::Call;

/// A REST request that the bot made.
#[derive(Clone, Debug)]
pub struct Request {
    /// When, in virtual time.
    pub at: DateTime<Utc>,
    /// The HTTP method.
    pub method: String,
    /// The path without `/api/v10`.
    pub path: String,
    /// The JSON body, that of `payload_json` too; null when there was none.
    pub body: Value,
    /// Names and sizes (bytes) of the files that came with it.
    pub files: Vec<(String, usize)>,
    /// The status answered; 0 when the connection was cut or left hanging on purpose.
    pub status: u16,
}

impl Request {
    pub(super) fn of(call: &Call, status: u16) -> Self {
        let files = call.files.iter();
        Request {
            at: call.now,
            method: call.method.clone(),
            path: call.path.clone(),
            body: call.body.clone(),
            files: files.map(|f| (f.name.clone(), f.bytes.len())).collect(),
            status,
        }
    }
}
