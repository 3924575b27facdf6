//! What goes wrong on purpose: answers that tests script, and Discord's own refusals.

use std::time::Duration;

use serde_json::{Value, json};

/// How a scripted [`Refusal`] shows itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// The status and code are answered and nothing takes effect.
    Answer,
    /// The connection closes without an answer and nothing takes effect.
    CloseWithoutAnswer,
    /// The call takes effect, and the connection closes without an answer.
    AcceptThenClose,
    /// The call takes effect, and is never answered.
    AcceptThenHang,
    /// The call takes no effect and is never answered.
    Hang,
}

/// A failure that the next matching REST calls meet.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP method; empty matches all.
    pub method: String,
    /// A part of the path, such as `/channels/17/messages`; empty matches all.
    pub path_contains: String,
    /// How many calls meet it; `usize::MAX` for all.
    pub times: usize,
    /// The HTTP status answered.
    pub status: u16,
    /// Discord's error code in the body.
    pub code: u32,
    /// Sent as `Retry-After` and `retry_after`, for a 429.
    pub retry_after: Option<Duration>,
    /// More headers of the answer.
    pub headers: Vec<(String, String)>,
    /// How it shows itself.
    pub mode: Mode,
}

impl Mode {
    /// Whether the call does what it asks for all the same.
    pub(super) fn takes_effect(self) -> bool {
        matches!(self, Mode::AcceptThenClose | Mode::AcceptThenHang)
    }
}

impl Refusal {
    /// Answers the next matching call with a status and one of Discord's codes.
    pub fn answer(method: &str, path_contains: &str, status: u16, code: u32) -> Self {
        Refusal {
            method: method.to_owned(),
            path_contains: path_contains.to_owned(),
            times: 1,
            status,
            code,
            retry_after: None,
            headers: Vec::new(),
            mode: Mode::Answer,
        }
    }

    /// Lets the next matching call fail in a way that is not an answer.
    pub fn silent(method: &str, path_contains: &str, mode: Mode) -> Self {
        Refusal { mode, ..Refusal::answer(method, path_contains, 500, 0) }
    }

    /// The same for as many calls.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Tells the caller when to come back.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(super) fn matches(&self, method: &str, path: &str) -> bool {
        (self.method.is_empty() || self.method.eq_ignore_ascii_case(method)) && path.contains(&self.path_contains)
    }

    pub(super) fn rejection(&self) -> Rejection {
        let message = "Scripted refusal".to_owned();
        let mut rejection = Rejection::new(self.status, self.code, &message);
        rejection.headers.clone_from(&self.headers);
        if let Some(wait) = self.retry_after {
            rejection = rejection.retry_after(wait, Scope::Channel);
        }
        rejection
    }
}

/// What a rate limit is counted over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scope {
    Channel,
    Global,
}

/// An answer that refuses: status, Discord's code and message, and more headers.
#[derive(Clone, Debug)]
pub(super) struct Rejection {
    pub status: u16,
    pub body: Value,
    pub headers: Vec<(String, String)>,
}

impl Rejection {
    pub fn new(status: u16, code: u32, message: &str) -> Self {
        Rejection { status, body: json!({"message": message, "code": code}), headers: Vec::new() }
    }

    /// 50035 with the places of the mistakes.
    pub fn form(errors: Value) -> Self {
        let mut rejection = Rejection::new(400, 50035, "Invalid Form Body");
        rejection.body["errors"] = errors;
        rejection
    }

    pub fn retry_after(mut self, wait: Duration, scope: Scope) -> Self {
        let seconds = wait.as_secs_f64();
        let global = scope == Scope::Global;
        self.body["message"] = json!("You are being rate limited.");
        self.body["retry_after"] = json!(seconds);
        self.body["global"] = json!(global);
        let whole = seconds.ceil().max(1.0);
        self.headers.push(("retry-after".into(), format!("{whole}")));
        let (name, value) = match scope {
            Scope::Global => ("x-ratelimit-global", "true"),
            Scope::Channel => ("x-ratelimit-scope", "user"),
        };
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn code(&self) -> u64 {
        self.body["code"].as_u64().unwrap_or(0)
    }
}

macro_rules! rejections {
    ($($name:ident = $status:literal, $code:literal, $message:literal;)*) => {
        impl Rejection {
            $(pub fn $name() -> Self {
                Rejection::new($status, $code, $message)
            })*
        }
    };
}

rejections! {
    unauthorized = 401, 0, "401: Unauthorized";
    unknown_route = 404, 0, "404: Not Found";
    unavailable = 503, 0, "503: Service Unavailable";
    unknown_channel = 404, 10003, "Unknown Channel";
    unknown_guild = 404, 10004, "Unknown Guild";
    unknown_member = 404, 10007, "Unknown Member";
    unknown_message = 404, 10008, "Unknown Message";
    unknown_user = 404, 10013, "Unknown User";
    unknown_webhook = 404, 10015, "Unknown Webhook";
    unknown_interaction = 404, 10062, "Unknown interaction";
    unknown_command = 404, 10063, "Unknown application command";
    unknown_event = 404, 10070, "Unknown Guild Scheduled Event";
    already_acknowledged = 400, 40060, "Interaction has already been acknowledged.";
    missing_access = 403, 50001, "Missing Access";
    not_the_author = 403, 50005, "Cannot edit a message authored by another user";
    empty_message = 400, 50006, "Cannot send an empty message";
    closed_direct_messages = 403, 50007, "Cannot send messages to this user";
    missing_permissions = 403, 50013, "Missing Permissions";
    invalid_token = 401, 50027, "Invalid Webhook Token";
    not_json = 400, 50109, "The request body contains invalid JSON.";
    no_mutual_guild = 403, 50278, "Cannot send messages to this user due to having no mutual guilds";
    thread_exists = 400, 160_004, "A thread has already been created for this message";
}
