//! Calls of Discord's REST interface other than answers to interactions. All are made here: with the token, a time-out,
//! the pace, and an outcome in the words of [`Trouble`]. Nothing is retried here.

mod pace;
mod reply;
#[cfg(test)]
pub(super) mod testing;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serenity::http::{Http, HttpBuilder};
use tokio::time::{Instant, sleep_until};

use crate::app::courier::Trouble;
use crate::config::{ApiUrl, Token};
use pace::{Pace, Turn};

/// After which a call counts as unanswered.
const TIME_OUT: Duration = Duration::from_secs(10);
/// How long a call waits for its route before it gives up with [`Trouble::Limited`].
const PATIENCE: Duration = Duration::from_secs(10);
/// Discord asks for a URL and a version. The bot has no page of its own, which the reserved ending says.
const USER_AGENT: &str = concat!("DiscordBot (https://cosell.invalid, ", env!("CARGO_PKG_VERSION"), ")");

/// The way to Discord's REST interface. Cheap to clone; clones share one pace.
#[derive(Debug, Clone)]
pub struct Rest {
    client: Client,
    /// Without the token, for what is not Discord's interface.
    plain: Client,
    base: Arc<str>,
    pace: Arc<Mutex<Pace>>,
}

/// What a call sends.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(Value),
    /// JSON with a picture beside it.
    WithPicture {
        /// The JSON, which names the picture among its attachments.
        json: Value,
        /// The picture's name.
        filename: String,
        /// A PNG.
        bytes: Vec<u8>,
    },
}

impl Rest {
    /// A client for one base and one token.
    pub fn new(api: &ApiUrl, token: &Token) -> Result<Rest, reqwest::Error> {
        let mut headers = HeaderMap::new();
        let mut bearer =
            HeaderValue::try_from(format!("Bot {}", token.expose())).expect("a token is made of what headers can hold");
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        Ok(Rest {
            client: client(api, headers)?,
            plain: client(api, HeaderMap::new())?,
            base: format!("{}/api/v10", api.as_str()).into(),
            pace: Arc::new(Mutex::new(Pace::new(Instant::now()))),
        })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Trouble> {
        self.call(Method::GET, path, Body::None).await
    }

    /// Makes one call, when it is its turn.
    pub(super) async fn call<T: DeserializeOwned>(&self, method: Method, path: &str, body: Body) -> Result<T, Trouble> {
        let route = route_of(&method, path);
        self.wait_for_turn(&route).await?;
        let request = self.client.request(method, format!("{}/{path}", self.base));
        let outcome = self.send(request, body, &route).await;
        metrics::counter!("cosell_discord_calls_total", "outcome" => word_of(outcome.as_ref().err())).increment(1);
        let value = outcome?;
        serde_json::from_value(value).map_err(|e| Trouble::Unknown(format!("an answer that does not read: {e}")))
    }

    /// Fetches a file from an address that Discord named; `None` as soon as it is bigger than `limit` bytes.
    pub(super) async fn download(&self, url: &str, limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
        let mut response = self.plain.get(url).send().await.map_err(unanswered)?;
        let status = response.status();
        if !status.is_success() {
            let message = "the file is not there".to_owned();
            return Err(Trouble::Refused { status: status.as_u16(), code: 0, message });
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unanswered)? {
            if bytes.len() + chunk.len() > limit {
                return Ok(None);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }

    async fn wait_for_turn(&self, route: &str) -> Result<(), Trouble> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let turn = self.pace().turn(route, Instant::now(), deadline);
            match turn {
                Turn::Go(at) => {
                    sleep_until(at).await;
                    return Ok(());
                }
                Turn::AskAgain(at) => sleep_until(at).await,
                Turn::No(limited) => return Err(limited),
            }
        }
    }

    async fn send(&self, request: RequestBuilder, body: Body, route: &str) -> Result<Value, Trouble> {
        let response = with_body(request, body).send().await.map_err(unanswered)?;
        let status = response.status();
        let headers = response.headers().clone();
        let text = response.bytes().await.map_err(unanswered)?;
        let reply = reply::read(status.as_u16(), &headers, &text);
        self.pace().note(route, Instant::now(), reply.route_rests, reply.outcome.as_ref().err());
        reply.outcome
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The REST client for serenity: the same time-out, and no rate limiter. With it on, another base would be ignored,
/// a storm of 429 would grow, and its table would keep an entry for every interaction answered.
pub fn interaction_http(api: &ApiUrl, token: &Token) -> Result<Http, reqwest::Error> {
    let client = client(api, HeaderMap::new())?;
    let builder = HttpBuilder::new(token.expose()).client(client).ratelimiter_disabled(true);
    Ok(builder.proxy(api.as_str()).build())
}

fn client(api: &ApiUrl, headers: HeaderMap) -> Result<Client, reqwest::Error> {
    let builder = Client::builder()
        .default_headers(headers)
        .user_agent(USER_AGENT)
        .timeout(TIME_OUT)
        .redirect(redirect::Policy::none());
    // A stand-in on this machine is not reached through a proxy of the environment.
    if api.is_loopback() { builder.no_proxy().build() } else { builder.build() }
}

fn with_body(request: RequestBuilder, body: Body) -> RequestBuilder {
    match body {
        Body::None => request,
        Body::Json(json) => request.json(&json),
        Body::WithPicture { json, filename, bytes } => {
            let part = |part: Part, mime: &str| part.mime_str(mime).expect("a media type written here");
            let form = Form::new()
                .part("payload_json", part(Part::text(json.to_string()), "application/json"))
                .part("files[0]", part(Part::bytes(bytes).file_name(filename), "image/png"));
            request.multipart(form)
        }
    }
}

/// What Discord counts a call under, as far as it can be told beforehand: the method and the path to what it changes,
/// ids of channels and servers included, of messages and members not.
fn route_of(method: &Method, path: &str) -> String {
    let bare = path.split('?').next().unwrap_or(path);
    let parts: Vec<&str> = bare.split('/').take(3).collect();
    format!("{method} {}", parts.join("/"))
}

/// The call may have had its effect, or not. Told is the innermost cause, and not the address, which the caller knows.
fn unanswered(error: reqwest::Error) -> Trouble {
    let error = error.without_url();
    let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    match causes.last() {
        Some(cause) => Trouble::Unknown(format!("{error}: {cause}")),
        None => Trouble::Unknown(error.to_string()),
    }
}

fn word_of(trouble: Option<&Trouble>) -> &'static str {
    match trouble {
        None => "done",
        Some(Trouble::Refused { .. }) => "refused",
        Some(Trouble::Limited { .. }) => "limited",
        Some(Trouble::Unknown(_)) => "unknown",
    }
}

#[cfg(test)]
mod tests;
