//! The stand-in in a browser: a page on loopback on which people see servers, type, press and let time pass.
//!
//! Everything that is done there goes the way of a person's deed: over the stand-in's gateway to the bot, and back over
//! its REST interface. Where a browser is told from elsewhere to ask the page for something, it is refused (`guard`).
//!
//! | Part | Owns |
//! |---|---|
//! | `view` | what somebody sees, as JSON |
//! | `deed` | what somebody does, and what comes back |
//! | `pass` | how time is moved, and what happened meanwhile |
//! | `guard` | who may ask |
//! | `web/` | the page itself: markup, looks, behaviour, as they are sent |

mod deed;
mod guard;
mod pass;
mod view;

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::Stream;
use futures::stream::unfold;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::message::LARGEST_FILE;
use super::reply::Form;
use super::snowflake::Snowflake;
use super::{Person, Sandbox};

/// Pages that this process served.
static RUNS: AtomicU64 = AtomicU64::new(0);

/// The page's own files: where each is asked for, its type, and what is in it.
const WEB: [(&str, &str, &str); 11] = [
    ("/", "text/html; charset=utf-8", include_str!("web/index.html")),
    ("/style.css", "text/css; charset=utf-8", include_str!("web/style.css")),
    ("/main.js", "text/javascript; charset=utf-8", include_str!("web/main.js")),
    ("/dom.js", "text/javascript; charset=utf-8", include_str!("web/dom.js")),
    ("/server.js", "text/javascript; charset=utf-8", include_str!("web/server.js")),
    ("/markdown.js", "text/javascript; charset=utf-8", include_str!("web/markdown.js")),
    ("/message.js", "text/javascript; charset=utf-8", include_str!("web/message.js")),
    ("/composer.js", "text/javascript; charset=utf-8", include_str!("web/composer.js")),
    ("/form.js", "text/javascript; charset=utf-8", include_str!("web/form.js")),
    ("/places.js", "text/javascript; charset=utf-8", include_str!("web/places.js")),
    ("/steps.js", "text/javascript; charset=utf-8", include_str!("web/steps.js")),
];

/// A page that is served until this is dropped.
pub struct Page {
    address: SocketAddr,
    /// Dropped with it, which ends what is served.
    _open: watch::Sender<()>,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Page").field(&self.url()).finish()
    }
}

/// What the page's handlers share.
struct Desk {
    sandbox: Sandbox,
    port: u16,
    /// Which page it is: what a browser remembers of another one is of another world.
    run: String,
    /// Forms that are open in browsers, by number.
    forms: Mutex<Forms>,
    /// Closed when the page is no longer served.
    open: watch::Receiver<()>,
    /// Held while time passes.
    passing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Forms {
    last: u64,
    open: HashMap<u64, Form>,
}

type Shared = State<Arc<Desk>>;

impl Page {
    /// Serves the page on a loopback port, or on a free one where that is taken.
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub async fn serve(sandbox: Sandbox, port: u16) -> io::Result<Page> {
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
        };
        let address = listener.local_addr()?;
        let (open, seen) = watch::channel(());
        let desk = Desk {
            sandbox,
            port: address.port(),
            run: format!("{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed)),
            forms: Mutex::default(),
            open: seen.clone(),
            passing: tokio::sync::Mutex::default(),
        };
        let serving = axum::serve(listener, router(Arc::new(desk))).with_graceful_shutdown(closed(seen));
        // It serves until the page is dropped; axum retries failed accepts by itself.
        tokio::spawn(async move { serving.await });
        Ok(Page { address, _open: open })
    }

    /// Its address, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Waits until the page is dropped: nothing is ever sent there.
async fn closed(mut open: watch::Receiver<()>) {
    while open.changed().await.is_ok() {}
}

fn router(desk: Arc<Desk>) -> Router {
    let mut router = Router::new()
        .route("/live", get(live))
        .route("/view", get(view))
        .route("/commands", get(commands))
        .route("/files/{message}/{number}", get(file))
        .route("/deed", post(deed::act))
        .route("/complete", post(deed::complete))
        .route("/attach/{name}", post(attach))
        .route("/pass", post(pass::pass));
    for (path, kind, text) in WEB {
        router = router.route(path, get(async move || ([(header::CONTENT_TYPE, kind)], text)));
    }
    router
        .layer(DefaultBodyLimit::max(LARGEST_FILE))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard::guard))
        .with_state(desk)
}

impl Desk {
    fn forms<T>(&self, change: impl FnOnce(&mut Forms) -> T) -> T {
        change(&mut self.forms.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets the bot finish what it began at this moment.
    async fn settle(&self) {
        let _turn = self.passing.lock().await;
        self.sandbox.quiet().await;
        self.sandbox.advance_to(self.sandbox.now()).await;
    }
}

/// Who looks, and where they stand.
#[derive(Debug, Deserialize)]
struct Place {
    /// The person's name; the first of the first server when it is left out.
    #[serde(rename = "as")]
    who: Option<String>,
    channel: Option<Snowflake>,
}

impl Place {
    fn person(&self, sandbox: &Sandbox) -> Option<Person> {
        sandbox.core.with(|state| {
            let user = match &self.who {
                Some(name) => state.user_named(name).filter(|user| !user.bot)?,
                None => state.first_person()?,
            };
            let here = state.channel_for(user.id, self.channel)?;
            // In direct messages one is of no server; whom one means there are people of the first.
            let guild = state.guild_of(here).or_else(|| state.guild_named(None).map(|guild| guild.id))?;
            Some(Person::new(sandbox.clone(), user, guild, here))
        })
    }
}

/// Tells that something happened, each time it does.
async fn live(State(desk): Shared) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut changes = desk.sandbox.core.changes.subscribe();
    changes.mark_changed();
    let events = unfold((changes, desk.open.clone()), async |(mut changes, open)| {
        tokio::select! {
            changed = changes.changed() => changed.ok()?,
            () = closed(open.clone()) => return None,
        }
        let count = *changes.borrow_and_update();
        Some((Ok(Event::default().data(count.to_string())), (changes, open)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn view(State(desk): Shared, Query(place): Query<Place>) -> Response {
    let now = desk.sandbox.now();
    match place.person(&desk.sandbox) {
        Some(person) => {
            let mut view = desk.sandbox.core.with(|state| state.view(&person, now));
            view["run"] = json!(desk.run);
            Json(view).into_response()
        }
        None => nobody(),
    }
}

async fn commands(State(desk): Shared, Query(place): Query<Place>) -> Response {
    match place.person(&desk.sandbox) {
        Some(person) => Json(desk.sandbox.core.with(|state| state.commands_of(&person))).into_response(),
        None => nobody(),
    }
}

/// A file of a message: pictures to be looked at, anything else to be kept.
async fn file(State(desk): Shared, Path((message, number)): Path<(Snowflake, usize)>) -> Response {
    let found = desk.sandbox.core.with(|state| state.messages.get(&message)?.files.get(number).cloned());
    let Some(file) = found else {
        return (StatusCode::NOT_FOUND, Json(json!({"error": "There is no such file"}))).into_response();
    };
    let (kind, use_of_it) = match file.content_type.as_str() {
        "image/png" => ("image/png", "inline"),
        _ => ("application/octet-stream", "attachment"),
    };
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, use_of_it)], file.bytes).into_response()
}

/// A file of the browser's machine, to be given to a command by its name.
async fn attach(State(desk): Shared, Path(name): Path<String>, bytes: Bytes) -> Json<Value> {
    desk.sandbox.put_at_hand(&name, &bytes);
    Json(json!({"name": name}))
}

fn nobody() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"error": "There is nobody of that name, or no such channel"}))).into_response()
}
