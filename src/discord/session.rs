//! How many sessions may still be opened today. Discord resets the token of a bot that uses them up, so a process that
//! would come near that does not connect.
//!
//! Sessions are opened in buckets too: of the shards with the same `shard % max_concurrency`, one each five seconds.
//! serenity opens one after the other, which keeps to that within a process. Processes that run parts of the shards know
//! nothing of each other, so they are started one after the other; one that is refused ends by the watchdog, and is
//! started again by its supervisor.

use std::time::Duration;

use serde::Deserialize;

use super::end::End;
use super::rest::Rest;
use crate::config::Part;
use crate::domain::shard::Shards;

/// Kept back for a person who has to restart the bot after whatever used up the others.
const RESERVE: u32 = 20;

/// What Discord says of connecting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// Where the gateway is.
    pub url: String,
    /// The shards of this process: those that it was told to run, or as many as Discord recommends.
    pub shards: Shards,
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

/// Asks whether sessions for all shards of this process may be opened. Called before connecting.
pub async fn check_starts(rest: &Rest, part: Part) -> Result<Sessions, End> {
    let told: GatewayBot = rest.get("gateway/bot").await.map_err(End::of_trouble)?;
    let StartLimit { remaining, reset_after } = told.session_start_limit;
    let shards = match part {
        Part::Whole => Shards::all(told.shards),
        Part::Of(shards) => shards,
    };
    if remaining < shards.count().saturating_add(RESERVE) {
        return Err(End::StartsUsedUp { remaining, reset_after: Duration::from_millis(reset_after) });
    }
    Ok(Sessions { url: told.url, shards, remaining })
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
        let sessions = Sessions { url: "wss://gateway.example".to_owned(), shards: Shards::all(2), remaining: 22 };
        assert_eq!(check_starts(&fake.rest, Part::Whole).await, Ok(sessions));
        let reset_after = Duration::from_secs(3_600);
        assert_eq!(check_starts(&fake.rest, Part::Whole).await, Err(End::StartsUsedUp { remaining: 21, reset_after }));
        let end = check_starts(&fake.rest, Part::Whole).await.expect_err("none are left");
        assert!(end.to_string().contains("60 minutes"), "{end}");
        assert_eq!(fake.seen()[0].line, "GET /api/v10/gateway/bot");
    }

    #[tokio::test]
    async fn a_part_of_the_shards_needs_sessions_for_itself() {
        let fake = Fake::answering([told(21), told(22)]).await;
        let one = Shards::part(5, 5, 16).expect("a part");
        assert_eq!(check_starts(&fake.rest, Part::Of(one)).await.expect("enough").shards, one);
        let three = Shards::part(5, 7, 16).expect("a part");
        assert!(matches!(
            check_starts(&fake.rest, Part::Of(three)).await,
            Err(End::StartsUsedUp { remaining: 22, .. })
        ));
    }

    #[tokio::test]
    async fn a_refused_token_is_told_before_connecting() {
        let fake = Fake::answering([says(401, json!({"message": "401: Unauthorized", "code": 0}))]).await;
        assert_eq!(check_starts(&fake.rest, Part::Whole).await, Err(End::TokenRefused));
    }
}
