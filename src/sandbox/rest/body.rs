//! Reading a request: JSON, or a form with `payload_json` and files.

use std::collections::HashMap;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

use super::Call;
use crate::sandbox::Core;
use crate::sandbox::fault::Rejection;
use crate::sandbox::message::LARGEST_FILE;

/// Discord takes ten files of [`LARGEST_FILE`] each.
const LARGEST_BODY: usize = 110 * 1024 * 1024;
const MOST_FILES: usize = 10;

/// A file that came with a request.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct File {
    /// The n of its `files[n]`.
    pub index: u64,
    pub name: String,
    pub content_type: String,
    pub bytes: Bytes,
}

pub(super) async fn read(core: &Core, request: Request) -> Result<Call, Rejection> {
    let headers = request.headers();
    let authorization = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let authorized = authorization.and_then(|v| v.strip_prefix("Bot ")) == Some(core.token);
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let method = request.method().to_string();
    let path = without_version(request.uri().path());
    let query = pairs(request.uri().query().unwrap_or_default());
    let (body, files) = if is_form { form(request).await? } else { plain(request).await? };
    Ok(Call {
        method,
        path,
        query,
        body,
        files,
        authorized,
        now: (core.time.now)(),
        real: Instant::now(),
        gateway_url: core.gateway_url(),
    })
}

/// `/api/v10/users/@me` becomes `/users/@me`, its `%40` read as `@`.
fn without_version(path: &str) -> String {
    let bare = path.strip_prefix("/api").unwrap_or(path);
    let bare = match bare.strip_prefix("/v").and_then(|rest| rest.split_once('/')) {
        Some((version, rest)) if version.parse::<u8>().is_ok() => format!("/{rest}"),
        _ => bare.to_owned(),
    };
    bare.replace("%40", "@")
}

fn pairs(query: &str) -> HashMap<String, String> {
    let parts = query.split('&').filter_map(|part| part.split_once('='));
    parts.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

async fn plain(request: Request) -> Result<(Value, Vec<File>), Rejection> {
    let unread = |_| Rejection::new(413, 40005, "Request entity too large");
    let bytes = to_bytes(request.into_body(), LARGEST_BODY).await.map_err(unread)?;
    Ok((json_of(&bytes)?, Vec::new()))
}

fn json_of(bytes: &[u8]) -> Result<Value, Rejection> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(bytes).map_err(|_| Rejection::not_json())
}

async fn form(request: Request) -> Result<(Value, Vec<File>), Rejection> {
    let broken = |_| Rejection::not_json();
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Rejection::not_json())?;
    let (mut body, mut files) = (Value::Null, Vec::new());
    while let Some(part) = form.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        if field == "payload_json" {
            body = json_of(&part.bytes().await.map_err(broken)?)?;
            continue;
        }
        let name = part.file_name().unwrap_or("unknown").to_owned();
        let content_type = part.content_type().unwrap_or("application/octet-stream");
        let content_type = content_type.to_owned();
        let bytes = part.bytes().await.map_err(broken)?;
        let index = index_of(&field).unwrap_or(files.len() as u64);
        files.push(File { index, name, content_type, bytes });
    }
    within_limits(&files)?;
    Ok((body, files))
}

fn index_of(field: &str) -> Option<u64> {
    let inner = field.strip_prefix("files[")?.strip_suffix(']')?;
    inner.parse().ok()
}

fn within_limits(files: &[File]) -> Result<(), Rejection> {
    let too_large = files.iter().any(|file| file.bytes.len() > LARGEST_FILE);
    if too_large || files.len() > MOST_FILES {
        return Err(Rejection::new(413, 40005, "Request entity too large"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_no_part_of_the_path() {
        assert_eq!(without_version("/api/v10/users/@me"), "/users/@me");
        assert_eq!(without_version("/api/v10/webhooks/1/t/messages/%40original"), "/webhooks/1/t/messages/@original");
        assert_eq!(without_version("/gateway"), "/gateway");
    }
}
