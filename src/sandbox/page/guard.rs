//! Who may ask the page for anything: a browser on this machine, on behalf of the page itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Desk;

const SENT_WITH_ALL: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Refuses what another site has a browser ask, and names that only pretend to be this machine.
pub(super) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let is_start = request.uri().path() == "/";
    let mut response = if is_own(request.headers(), desk.port, is_start) {
        next.run(request).await
    } else {
        let why = "This page answers only itself, at 127.0.0.1 or localhost";
        (StatusCode::FORBIDDEN, Json(json!({"error": why}))).into_response()
    };
    for (name, value) in SENT_WITH_ALL {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether it is asked at a name of this machine, and by the page itself. A link from elsewhere may open the page.
fn is_own(headers: &HeaderMap, port: u16, is_start: bool) -> bool {
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let is_host = text(header::HOST).is_some_and(|host| hosts.iter().any(|own| own == host));
    let is_origin = text(header::ORIGIN).is_none_or(|origin| hosts.iter().any(|own| origin == format!("http://{own}")));
    let site = text(HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
    is_host && is_origin && (is_start || matches!(site, "none" | "same-origin"))
}
