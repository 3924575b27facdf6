//! How many sessions may still be opened today. Discord resets the token of a bot that uses them up, so a process that
//! would come near that does not connect.

use std::time::Duration;

use serde::Deserialize;

use super::end::End;
use super::rest::Rest;

/// Kept back for a person who has to restart the bot after whatever used up the others.
const RESERVE: u32 = 20;

/// What Discord says of connecting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// Where the gateway is.
    pub url: String,
    /// How many shards Discord recommends.
    pub shards: u32,
    /// How many sessions may still be opened today.
    pub remaining: u32,
}

#[derive(Debug, Deserialize)]
struct GatewayBot {
    url: String,
    shards: u32,
    session_start_limit: StartLimit,
}

#[derive(Debug, Deserialize)]
struct StartLimit {
    remaining: u32,
    reset_after: u64,
}

/// Asks whether sessions for all recommended shards may be opened. Called before connecting.
pub async fn check_starts(rest: &Rest) -> Result<Sessions, End> {
    let told: GatewayBot = rest.get("gateway/bot").await.map_err(End::of_trouble)?;
    let StartLimit { remaining, reset_after } = told.session_start_limit;
    if remaining < told.shards.saturating_add(RESERVE) {
        return Err(End::StartsUsedUp { remaining, reset_after: Duration::from_millis(reset_after) });
    }
    Ok(Sessions { url: told.url, shards: told.shards, remaining })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::discord::rest::testing::{Fake, Scripted, says};

    fn told(remaining: u32) -> Scripted {
        let limit = json!({"total": 1_000, "remaining": remaining, "reset_after": 3_600_000, "max_concurrency": 1});
        says(200, json!({"url": "wss://gateway.example", "shards": 2, "session_start_limit": limit}))
    }

    #[tokio::test]
    async fn sessions_are_not_opened_when_they_are_nearly_used_up() {
        let fake = Fake::answering([told(22), told(21), told(0)]).await;
        let sessions = Sessions { url: "wss://gateway.example".to_owned(), shards: 2, remaining: 22 };
        assert_eq!(check_starts(&fake.rest).await, Ok(sessions));
        let reset_after = Duration::from_secs(3_600);
        assert_eq!(check_starts(&fake.rest).await, Err(End::StartsUsedUp { remaining: 21, reset_after }));
        let end = check_starts(&fake.rest).await.expect_err("none are left");
        assert!(end.to_string().contains("60 minutes"), "{end}");
        assert_eq!(fake.seen()[0].line, "GET /api/v10/gateway/bot");
    }

    #[tokio::test]
    async fn a_refused_token_is_told_before_connecting() {
        let fake = Fake::answering([says(401, json!({"message": "401: Unauthorized", "code": 0}))]).await;
        assert_eq!(check_starts(&fake.rest).await, Err(End::TokenRefused));
    }
}
