//! What an answer of Discord means, by its status, headers and body.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::app::courier::Trouble;

/// How long to wait when Discord says "too many" without saying for how long.
const UNTOLD_WAIT: Duration = Duration::from_secs(30);
/// No wait is longer; what Discord says beyond is a mistake of somebody's.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);
/// After a call too many, no wait is shorter, so that "0" can't become a storm.
const SHORTEST_WAIT: Duration = Duration::from_millis(500);
/// Codes that say "too many" under another status than 429.
const BACK_OFF_CODES: [u32; 3] = [40_003, 20_028, 20_029];

/// An answer, read.
#[derive(Debug)]
pub(super) struct Reply {
    /// The body, null if there is none, or why the call did not do what it should.
    pub outcome: Result<Value, Trouble>,
    /// The route is used up for so long.
    pub route_rests: Option<Duration>,
}

pub(super) fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> Reply {
    let route_rests = match header(headers, "x-ratelimit-remaining") {
        Some("0") => header(headers, "x-ratelimit-reset-after").and_then(seconds),
        _ => None,
    };
    Reply { outcome: outcome(status, headers, body), route_rests }
}

fn outcome(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Value, Trouble> {
    let json: Option<Value> = if body.is_empty() { Some(Value::Null) } else { serde_json::from_slice(body).ok() };
    match status {
        200..=299 => json.ok_or_else(|| Trouble::Unknown("an answer that is not JSON".to_owned())),
        429 => Err(limited(headers, json.as_ref())),
        408 | 500.. => Err(Trouble::Unknown(format!("Discord answered {status}"))),
        _ => Err(refused(status, headers, &json.unwrap_or(Value::Null))),
    }
}

/// A call too many. The longer of the two times is taken, as the header is in whole seconds; one that can't be read
/// counts as not there.
fn limited(headers: &HeaderMap, json: Option<&Value>) -> Trouble {
    let in_header = header(headers, RETRY_AFTER.as_str()).and_then(seconds);
    let in_body = json.and_then(|json| json["retry_after"].as_f64()).and_then(wait);
    let said_global = json.is_some_and(|json| json["global"] == true);
    let global = said_global
        || header(headers, "x-ratelimit-global").is_some()
        || header(headers, "x-ratelimit-scope") == Some("global");
    let after = in_header.max(in_body).unwrap_or(UNTOLD_WAIT).max(SHORTEST_WAIT);
    Trouble::Limited { after, global }
}

fn refused(status: u16, headers: &HeaderMap, json: &Value) -> Trouble {
    let code = json["code"].as_u64().and_then(|code| u32::try_from(code).ok()).unwrap_or(0);
    if BACK_OFF_CODES.contains(&code) {
        return limited(headers, Some(json));
    }
    let message = match (json["message"].as_str(), status) {
        (Some(words), _) => match first_fault(&json["errors"], String::new()) {
            Some(fault) => format!("{words}: {fault}"),
            None => words.to_owned(),
        },
        (None, 300..=399) => "it sends elsewhere; check DISCORD_API_URL".to_owned(),
        (None, _) => "no reason given".to_owned(),
    };
    Trouble::Refused { status, code, message }
}

/// The first place of a form at which Discord found fault, and its words: `embeds.0.title: Must be 256 or fewer…`.
fn first_fault(errors: &Value, path: String) -> Option<String> {
    let fields = errors.as_object()?;
    if let Some(message) = fields.get("_errors").and_then(|list| list[0]["message"].as_str()) {
        return Some(format!("{path}: {message}"));
    }
    let dot = if path.is_empty() { "" } else { "." };
    fields.iter().find_map(|(name, inner)| first_fault(inner, format!("{path}{dot}{name}")))
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().and_then(wait)
}

/// A number of seconds, if it is one that can be waited for.
fn wait(seconds: f64) -> Option<Duration> {
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Duration::try_from_secs_f64(seconds.min(LONGEST_WAIT.as_secs_f64())).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};
    use rstest::rstest;

    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let map = headers.iter().map(|(name, value)| {
            let name = HeaderName::try_from(*name).expect("a header's name");
            (name, HeaderValue::try_from(*value).expect("a header's value"))
        });
        read(status, &map.collect(), body.as_bytes())
    }

    #[rstest]
    #[case::header(&[("retry-after", "7")], "{}", 7.0, false)]
    #[case::body(&[], r#"{"retry_after": 0.5}"#, 0.5, false)]
    #[case::the_longer_of_both(&[("retry-after", "1")], r#"{"retry_after": 0.25}"#, 1.0, false)]
    #[case::global_by_header(&[("retry-after", "2"), ("x-ratelimit-global", "true")], "", 2.0, true)]
    #[case::global_by_scope(&[("retry-after", "2"), ("x-ratelimit-scope", "global")], "", 2.0, true)]
    #[case::global_by_body(&[], r#"{"retry_after": 3, "global": true}"#, 3.0, true)]
    #[case::shared_is_not_global(&[("retry-after", "2"), ("x-ratelimit-scope", "shared")], "{}", 2.0, false)]
    #[case::nothing_told(&[], "{}", 30.0, false)]
    #[case::a_date(&[("retry-after", "Fri, 18 Dec 2026 09:00:00 GMT")], "", 30.0, false)]
    #[case::not_a_number(&[("retry-after", "NaN")], "<html>", 30.0, false)]
    #[case::at_once(&[("retry-after", "0")], "{}", 0.5, false)]
    #[case::negative(&[("retry-after", "-1")], "{}", 30.0, false)]
    #[case::beyond_all_measure(&[("retry-after", "1e300")], "{}", 86_400.0, false)]
    fn a_call_too_many_is_told_how_long_to_wait(
        #[case] headers: &[(&str, &str)],
        #[case] body: &str,
        #[case] wait_seconds: f64,
        #[case] global: bool,
    ) {
        let trouble = answer(429, headers, body).outcome.expect_err("429");
        assert_eq!(trouble, Trouble::Limited { after: Duration::from_secs_f64(wait_seconds), global });
    }

    #[rstest]
    #[case(403, r#"{"message": "Missing Access", "code": 50001}"#, 50_001, "Missing Access")]
    #[case(401, r#"{"message": "401: Unauthorized", "code": 0}"#, 0, "401: Unauthorized")]
    #[case(404, "<html>", 0, "no reason given")]
    #[case(301, "", 0, "it sends elsewhere; check DISCORD_API_URL")]
    #[case(
        400,
        r#"{"message": "Invalid Form Body", "code": 50035,
            "errors": {"embeds": {"0": {"title": {"_errors": [{"code": "X", "message": "Too long."}]}}}}}"#,
        50_035,
        "Invalid Form Body: embeds.0.title: Too long."
    )]
    fn a_refusal_has_discords_code_and_words(
        #[case] status: u16,
        #[case] body: &str,
        #[case] code: u32,
        #[case] words: &str,
    ) {
        let trouble = answer(status, &[], body).outcome.expect_err("refused");
        assert_eq!(trouble, Trouble::Refused { status, code, message: words.to_owned() });
    }

    #[rstest]
    #[case(500, "{}")]
    #[case(502, "<html>")]
    #[case(408, "")]
    #[case(200, "{not json")]
    fn an_outcome_that_can_not_be_told_is_unknown(#[case] status: u16, #[case] body: &str) {
        assert!(matches!(answer(status, &[], body).outcome, Err(Trouble::Unknown(_))));
    }

    #[rstest]
    #[case(40_003)]
    #[case(20_028)]
    #[case(20_029)]
    fn some_codes_mean_wait_whatever_their_status(#[case] code: u32) {
        let body = format!(r#"{{"message": "too fast", "code": {code}}}"#);
        let trouble = answer(400, &[], &body).outcome.expect_err("refused");
        assert_eq!(trouble, Trouble::Limited { after: UNTOLD_WAIT, global: false });
    }

    #[rstest]
    #[case(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset-after", "1.5")], Some(1_500))]
    #[case(&[("x-ratelimit-remaining", "1"), ("x-ratelimit-reset-after", "1.5")], None)]
    #[case(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset-after", "soon")], None)]
    #[case(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-limit", "none")], None)]
    fn a_route_rests_once_it_is_used_up(#[case] headers: &[(&str, &str)], #[case] millis: Option<u64>) {
        let reply = answer(200, headers, "{}");
        assert_eq!(reply.route_rests, millis.map(Duration::from_millis));
    }

    #[test]
    fn an_answer_without_a_body_is_null() {
        assert_eq!(answer(204, &[], "").outcome, Ok(Value::Null));
    }
}
