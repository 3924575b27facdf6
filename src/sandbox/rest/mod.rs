//! Discord's REST interface: reads a request, meets scripted failures and rate limits, answers
//! by the table of routes, and writes everything into the log of requests.

mod body;
mod callback;
mod channel;
mod command;
mod event;
mod guild;
mod limit;
mod post;
mod webhook;

pub(super) use body::File;
pub(super) use limit::Buckets;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Path, Request as HttpRequest, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::fault::{Mode, Rejection};
use super::snowflake::Snowflake;
use super::state::State;
use super::{Core, Line};

pub use super::log::Request;
pub use limit::Pace;

/// A request as the routes see it.
pub(super) struct Call {
    pub method: String,
    /// The path without `/api/v10`.
    pub path: String,
    pub query: HashMap<String, String>,
    pub body: Value,
    pub files: Vec<File>,
    pub authorized: bool,
    /// The virtual time.
    pub now: DateTime<Utc>,
    pub real: Instant,
    pub gateway_url: String,
}

/// A status with a body, or none for 204.
pub(super) struct Answer {
    pub status: u16,
    pub body: Option<Value>,
}

pub(super) type Outcome = Result<Answer, Rejection>;

/// 200 with a body.
pub(super) fn ok(body: Value) -> Outcome {
    Ok(Answer { status: 200, body: Some(body) })
}

/// 204, nothing to say.
pub(super) fn done() -> Outcome {
    Ok(Answer { status: 204, body: None })
}

/// Takes any request that is not for the gateway.
pub(super) async fn answer(
    Shared(core): Shared<Arc<Core>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: HttpRequest,
) -> Response {
    let call = match body::read(&core, request).await {
        Ok(call) => call,
        Err(rejection) => return respond(rejection.status, Some(rejection.body), &[]),
    };
    let verdict = core.with(|state| handle(state, &call));
    core.moved();
    deliver(&line, verdict).await
}

/// A file that somebody attached, as Discord's file server gives it: to anybody with its address.
pub(super) async fn attachment(Shared(core): Shared<Arc<Core>>, Path((id, _)): Path<(String, String)>) -> Response {
    let found = core.with(|state| {
        let uploads = state.uploads.borrow();
        uploads.iter().find(|upload| upload.id.to_string() == id).map(|upload| upload.bytes.clone())
    });
    match found {
        Some(bytes) => bytes.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What was decided on a request.
struct Verdict {
    mode: Mode,
    status: u16,
    body: Option<Value>,
    headers: Vec<(String, String)>,
}

async fn deliver(line: &Line, verdict: Verdict) -> Response {
    match verdict.mode {
        Mode::Answer => respond(verdict.status, verdict.body, &verdict.headers),
        Mode::CloseWithoutAnswer | Mode::AcceptThenClose => {
            line.cut();
            std::future::pending().await
        }
        Mode::AcceptThenHang | Mode::Hang => std::future::pending().await,
    }
}

fn handle(state: &mut State, call: &Call) -> Verdict {
    let scripted = state.take_refusal(&call.method, &call.path);
    let mode = scripted.as_ref().map_or(Mode::Answer, |r| r.mode);
    let (outcome, headers) = match &scripted {
        Some(refusal) if !mode.takes_effect() => (Err(refusal.rejection()), Vec::new()),
        _ => admitted(state, call),
    };
    let (status, body, more) = match outcome {
        Ok(answer) => (answer.status, answer.body, Vec::new()),
        Err(rejection) => {
            if scripted.is_none() {
                state.note_mistake(call, &rejection);
            }
            (rejection.status, Some(rejection.body), rejection.headers)
        }
    };
    let told = if mode == Mode::Answer { status } else { 0 };
    state.requests.push(Request::of(call, told));
    let headers = headers.into_iter().chain(more).collect();
    Verdict { mode, status, body, headers }
}

/// The rate limits, then the route.
fn admitted(state: &mut State, call: &Call) -> (Outcome, Vec<(String, String)>) {
    match state.buckets.admit(call) {
        Ok(headers) => (route(state, call), headers),
        Err(rejection) => (Err(rejection), Vec::new()),
    }
}

fn respond(status: u16, body: Option<Value>, headers: &[(String, String)]) -> Response {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::try_from(name.as_str());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value.as_str())) {
            map.insert(name, value);
        }
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        Some(body) => {
            map.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            (status, map, body.to_string()).into_response()
        }
        None => (status, map).into_response(),
    }
}

/// Which function answers which route. Those of interactions carry their own token; all others
/// need the bot's.
fn route(state: &mut State, call: &Call) -> Outcome {
    let segments: Vec<&str> = call.path.split('/').filter(|s| !s.is_empty()).collect();
    let open =
        matches!(segments.first(), Some(&"interactions" | &"webhooks" | &"gateway")) && segments.get(1) != Some(&"bot");
    if !open && !call.authorized {
        return Err(Rejection::unauthorized());
    }
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["gateway"]) => ok(json!({"url": call.gateway_url})),
        ("GET", ["gateway", "bot"]) => guild::gateway_bot(state, call),
        ("GET", ["users", "@me"]) => guild::me(state),
        ("GET", ["users", user]) => guild::user(state, id(user)?),
        ("POST", ["users", "@me", "channels"]) => channel::open_direct(state, call),
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => guild::application(state),
        (_, ["applications", app, rest @ ..]) => {
            own(state, app)?;
            command::route(state, call, rest)
        }
        ("POST", ["interactions", interaction, token, "callback"]) => {
            callback::callback(state, call, id(interaction)?, token)
        }
        (_, ["webhooks", app, token, rest @ ..]) => {
            own(state, app)?;
            webhook::route(state, call, token, rest)
        }
        (_, ["channels", channel, rest @ ..]) => channel::route(state, call, id(channel)?, rest),
        (_, ["guilds", guild, "scheduled-events", rest @ ..]) => event::route(state, call, id(guild)?, rest),
        ("GET", ["guilds", guild, rest @ ..]) => guild::route(state, id(guild)?, rest),
        _ => unknown(state, call),
    }
}

/// 404 for a route that isn't there; noted, so that a test fails on it.
fn unknown(state: &mut State, call: &Call) -> Outcome {
    let line = format!("unknown route: {} {}", call.method, call.path);
    state.unexpected.push(line);
    Err(Rejection::unknown_route())
}

/// An id in a path.
fn id(text: &str) -> Result<Snowflake, Rejection> {
    let wrong = |_| {
        let code = "NUMBER_TYPE_COERCE";
        let message = format!("Value \"{text}\" is not snowflake.");
        Rejection::form(json!({"id": {"_errors": [{"code": code, "message": message}]}}))
    };
    text.parse().map_err(wrong)
}

/// Refuses paths of another application.
fn own(state: &State, application: &str) -> Result<(), Rejection> {
    if id(application)? == state.bot { Ok(()) } else { Err(Rejection::unknown_webhook()) }
}

impl State {
    /// The scripted failure that this call meets, counted down.
    fn take_refusal(&mut self, method: &str, path: &str) -> Option<super::fault::Refusal> {
        let place = self.refusals.iter().position(|r| r.matches(method, path))?;
        let refusal = &mut self.refusals[place];
        refusal.times = refusal.times.saturating_sub(1);
        let taken = refusal.clone();
        if taken.times == 0 {
            self.refusals.remove(place);
        }
        Some(taken)
    }

    /// Notes refusals that no well-made bot meets: malformed bodies, empty messages, second
    /// answers, answers that come too late.
    fn note_mistake(&mut self, call: &Call, rejection: &Rejection) {
        if matches!(rejection.code(), 50035 | 50006 | 50109 | 40060 | 10062 | 10015 | 50027) {
            let (method, path) = (&call.method, &call.path);
            self.unexpected.push(format!("{method} {path}: {}", rejection.body));
        }
    }
}
