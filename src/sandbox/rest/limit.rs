//! Rate limits in real time: 5 calls in 5 s on a channel's messages, 50 a second over all.
//! Answers to interactions are outside both.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Call;
use crate::sandbox::fault::{Rejection, Scope};

/// Whether limits are kept. Benchmarks switch them off.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Pace {
    /// As Discord does.
    #[default]
    Discord,
    /// Everything is let through, and no header asks anybody to wait.
    Unlimited,
}

const OF_CHANNEL: Allowance = Allowance { calls: 5, span: Duration::from_secs(5) };
const OF_ALL: Allowance = Allowance { calls: 50, span: Duration::from_secs(1) };
/// What the headers of other routes tell; it is not enforced.
const ELSEWHERE: u32 = 1_000;

struct Allowance {
    calls: u32,
    span: Duration,
}

/// Calls since the start of a span.
struct Bucket {
    since: Instant,
    used: u32,
}

/// All buckets, by method and channel.
#[derive(Default)]
pub(in crate::sandbox) struct Buckets {
    pub pace: Pace,
    channels: HashMap<String, Bucket>,
    all: Option<Bucket>,
}

type Headers = Vec<(String, String)>;

impl Buckets {
    /// Counts a call: the headers of its answer, or 429.
    pub fn admit(&mut self, call: &Call) -> Result<Headers, Rejection> {
        let of_interaction = ["/interactions/", "/webhooks/"];
        if of_interaction.iter().any(|start| call.path.starts_with(start)) {
            return Ok(headers("interaction", ELSEWHERE, ELSEWHERE - 1, Duration::from_secs(1)));
        }
        if self.pace == Pace::Unlimited {
            return Ok(headers("other", ELSEWHERE, ELSEWHERE - 1, Duration::from_secs(1)));
        }
        let all = self.all.get_or_insert(Bucket { since: call.real, used: 0 });
        if let Err(wait) = all.take(&OF_ALL, call.real) {
            return Err(refusal(wait, Scope::Global, &[]));
        }
        let Some(key) = key(call) else {
            return Ok(headers("other", ELSEWHERE, ELSEWHERE - 1, Duration::from_secs(1)));
        };
        let bucket = self.channels.entry(key.clone());
        let bucket = bucket.or_insert_with(|| Bucket { since: call.real, used: 0 });
        let taken = bucket.take(&OF_CHANNEL, call.real);
        let left = OF_CHANNEL.calls.saturating_sub(bucket.used);
        match taken {
            Err(wait) => {
                let told = headers(&key, OF_CHANNEL.calls, 0, wait);
                Err(refusal(wait, Scope::Channel, &told))
            }
            Ok(reset) => Ok(headers(&key, OF_CHANNEL.calls, left, reset)),
        }
    }
}

impl Bucket {
    /// Counts one call; gives the time until the span ends, as an error when it is used up.
    fn take(&mut self, allowance: &Allowance, now: Instant) -> Result<Duration, Duration> {
        if now.duration_since(self.since) >= allowance.span {
            *self = Bucket { since: now, used: 0 };
        }
        let reset = allowance.span.saturating_sub(now.duration_since(self.since));
        if self.used >= allowance.calls {
            return Err(reset);
        }
        self.used += 1;
        Ok(reset)
    }
}

/// The bucket of calls that change a channel's messages.
fn key(call: &Call) -> Option<String> {
    let rest = call.path.strip_prefix("/channels/")?;
    let (channel, rest) = rest.split_once('/')?;
    let writes = rest.starts_with("messages") && call.method != "GET";
    writes.then(|| format!("{}-{channel}", call.method.to_lowercase()))
}

fn refusal(wait: Duration, scope: Scope, told: &[(String, String)]) -> Rejection {
    let mut rejection = Rejection::new(429, 0, "").retry_after(wait, scope);
    rejection.headers.extend_from_slice(told);
    rejection
}

fn headers(bucket: &str, limit: u32, left: u32, reset: Duration) -> Headers {
    let header = |name: &str, value: String| (format!("x-ratelimit-{name}"), value);
    vec![
        header("bucket", format!("sandbox-{bucket}")),
        header("limit", limit.to_string()),
        header("remaining", left.to_string()),
        header("reset-after", format!("{:.3}", reset.as_secs_f64())),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::DateTime;
    use serde_json::Value;

    use super::*;

    fn post(path: &str, real: Instant) -> Call {
        Call {
            method: "POST".into(),
            path: path.into(),
            query: HashMap::new(),
            body: Value::Null,
            files: Vec::new(),
            authorized: true,
            now: DateTime::UNIX_EPOCH,
            real,
            gateway_url: String::new(),
        }
    }

    #[test]
    fn the_sixth_post_in_five_seconds_is_told_when_to_come_back() {
        let (start, mut buckets) = (Instant::now(), Buckets::default());
        for _ in 0..5 {
            assert!(buckets.admit(&post("/channels/7/messages", start)).is_ok());
        }
        let later = start + Duration::from_secs(2);
        let refused = buckets.admit(&post("/channels/7/messages", later)).expect_err("a sixth");
        assert_eq!(refused.body["retry_after"], 3.0);
        assert_eq!(refused.body["global"], false);
        assert!(buckets.admit(&post("/channels/8/messages", later)).is_ok());
        let after = start + Duration::from_secs(5);
        assert!(buckets.admit(&post("/channels/7/messages", after)).is_ok());
    }

    #[test]
    fn interaction_answers_are_outside_the_global_limit() {
        let (start, mut buckets) = (Instant::now(), Buckets::default());
        let posts = (0..60).map(|n| buckets.admit(&post(&format!("/channels/{n}/messages"), start)));
        let results: Vec<bool> = posts.map(|r| r.is_ok()).collect();
        assert_eq!(results.iter().filter(|ok| **ok).count(), 50);
        assert!(buckets.admit(&post("/interactions/1/t/callback", start)).is_ok());
    }
}
