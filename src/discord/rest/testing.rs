//! A REST interface that answers by a script, for the tests of what calls it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use serde_json::Value;
use tokio::net::TcpListener;

use super::Rest;
use crate::config::{ApiUrl, Token};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `GET /api/v10/users/@me`, with its query.
    pub line: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Seen {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The body as text, for forms.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// An answer to come: status, headers, body.
pub type Scripted = (u16, Vec<(&'static str, String)>, Vec<u8>);

/// An answer with a JSON body and no headers.
pub fn says(status: u16, body: Value) -> Scripted {
    (status, Vec::new(), body.to_string().into_bytes())
}

#[derive(Clone, Default)]
struct Desk {
    script: Arc<Mutex<VecDeque<Scripted>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// The stand-in; it ends with its test's runtime.
pub struct Fake {
    desk: Desk,
    /// A way to it.
    pub rest: Rest,
}

impl Fake {
    /// Answers the calls to come one after the other; what is left over at the end was not called.
    pub async fn answering(script: impl IntoIterator<Item = Scripted>) -> Fake {
        let desk = Desk::default();
        desk.script.lock().expect("unpoisoned").extend(script);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let api = ApiUrl::parse(&format!("http://{}", listener.local_addr().expect("bound"))).expect("a base");
        let router = Router::new().fallback(answer).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let rest = Rest::new(&api, &Token::parse("secret-token").expect("a token")).expect("a client");
        Fake { desk, rest }
    }

    /// What was called, in order. The whole script must have been used.
    pub fn seen(&self) -> Vec<Seen> {
        assert!(self.desk.script.lock().expect("unpoisoned").is_empty(), "answers were left over");
        self.desk.seen.lock().expect("unpoisoned").clone()
    }
}

async fn answer(State(desk): State<Desk>, request: Request) -> Response<axum::body::Body> {
    let line = format!("{} {}", request.method(), request.uri());
    let headers = request.headers().clone();
    let body = to_bytes(request.into_body(), usize::MAX).await.expect("a body");
    desk.seen.lock().expect("unpoisoned").push(Seen { line, headers, body });
    let next = desk.script.lock().expect("unpoisoned").pop_front();
    let (status, headers, body) = next.expect("an answer for each call");
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body.into()).expect("a response")
}
