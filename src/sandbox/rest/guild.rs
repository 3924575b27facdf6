//! Looking up: the bot itself, its application, users, and what a guild consists of.

use serde_json::{Value, json};

use super::{Call, Outcome, id, ok};
use crate::sandbox::fault::Rejection;
use crate::sandbox::payload;
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::{ChannelKind, Guild, Standing, State};

pub(super) fn gateway_bot(state: &State, call: &Call) -> Outcome {
    ok(json!({
        "url": call.gateway_url,
        "shards": 1,
        "session_start_limit": {
            "total": 1_000,
            "remaining": state.session_starts_left,
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        },
    }))
}

pub(super) fn me(state: &State) -> Outcome {
    user(state, state.bot)
}

pub(super) fn user(state: &State, id: Snowflake) -> Outcome {
    let user = state.users.get(&id);
    ok(payload::user(user.ok_or_else(Rejection::unknown_user)?))
}

pub(super) fn application(state: &State) -> Outcome {
    let bot = state.users.get(&state.bot);
    ok(json!({
        "id": state.bot,
        "name": bot.map(|bot| &bot.name),
        "icon": null,
        "description": "",
        "bot": bot.map(payload::user),
        "bot_public": true,
        "bot_require_code_grant": false,
        "verify_key": "0".repeat(64),
        "flags": 0,
        "team": null,
        "owner": null,
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "approximate_guild_count": state.guilds.len(),
    }))
}

/// A guild that the bot is in and that answers.
pub(super) fn present(state: &State, guild: Snowflake) -> Result<&Guild, Rejection> {
    let guild = state.guilds.get(&guild);
    let guild = guild.ok_or_else(Rejection::unknown_guild)?;
    match guild.standing {
        Standing::Here => Ok(guild),
        Standing::Outage => Err(Rejection::unavailable()),
        Standing::Removed => Err(Rejection::unknown_guild()),
    }
}

pub(super) fn route(state: &mut State, guild: Snowflake, rest: &[&str]) -> Outcome {
    let guild = present(state, guild)?;
    match rest {
        [] => ok(payload::guild(guild)),
        ["channels"] => ok(channels(state, guild)),
        ["roles"] => ok(json!(payload::roles(guild))),
        ["members", who] => member(state, guild, id(who)?),
        _ => {
            let line = format!("unknown route: GET /guilds/…/{}", rest.join("/"));
            state.unexpected.push(line);
            Err(Rejection::unknown_route())
        }
    }
}

fn channels(state: &State, guild: &Guild) -> Value {
    let listed = guild.channels.iter().filter_map(|id| state.channels.get(id));
    let text = listed.filter(|channel| channel.kind == ChannelKind::Text);
    text.map(|channel| payload::channel(state, channel)).collect()
}

fn member(state: &State, guild: &Guild, who: Snowflake) -> Outcome {
    let user = state.users.get(&who).ok_or_else(Rejection::unknown_user)?;
    let member = guild.members.get(&who);
    let member = member.ok_or_else(Rejection::unknown_member)?;
    ok(payload::member(user, member))
}
