//! The JSON in which Discord shows users, members, roles, channels and guilds.
//! serenity drops an event in silence when a field that it needs is missing.

use serde_json::{Value, json};

use super::message::stamp;
use super::permission;
use super::snowflake::Snowflake;
use super::state::{Channel, ChannelKind, Guild, Member, Role, Standing, State, User};

pub(super) fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.name,
        "discriminator": "0",
        "global_name": user.name,
        "avatar": null,
        "bot": user.bot,
        "public_flags": 0,
        "flags": 0,
    })
}

/// A member without its user, as `resolved` holds it.
pub(super) fn bare_member(member: &Member) -> Value {
    json!({
        "nick": null,
        "avatar": null,
        "roles": member.roles,
        "joined_at": stamp(member.joined),
        "premium_since": null,
        "pending": false,
        "flags": 0,
        "communication_disabled_until": null,
    })
}

pub(super) fn member(of: &User, member: &Member) -> Value {
    let mut json = bare_member(member);
    json["user"] = user(of);
    json["deaf"] = json!(false);
    json["mute"] = json!(false);
    json
}

pub(super) fn role(role: &Role, position: usize) -> Value {
    json!({
        "id": role.id,
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false,
        "icon": null,
        "unicode_emoji": null,
        "position": position,
        "permissions": role.permissions.to_string(),
        "managed": role.managed,
        "mentionable": role.mentionable,
        "flags": 0,
    })
}

pub(super) fn roles(guild: &Guild) -> Vec<Value> {
    let numbered = guild.roles.iter().enumerate();
    numbered.map(|(position, r)| role(r, position)).collect()
}

pub(super) fn channel(state: &State, channel: &Channel) -> Value {
    let mut json = json!({
        "id": channel.id,
        "type": channel.kind.number(),
        "last_message_id": channel.log.last(),
        "flags": 0,
    });
    if channel.kind == ChannelKind::Dm {
        let recipient = channel.recipient.and_then(|id| state.users.get(&id));
        json["recipients"] = json!([recipient.map(user)]);
        return json;
    }
    let overwrites = channel.overwrites.iter().map(|o| {
        json!({"id": o.target, "type": u8::from(o.of_member),
               "allow": o.allow.to_string(), "deny": o.deny.to_string()})
    });
    json["guild_id"] = json!(channel.guild);
    json["name"] = json!(channel.name);
    json["parent_id"] = json!(channel.parent);
    json["permission_overwrites"] = overwrites.collect();
    json["position"] = json!(0);
    json["topic"] = Value::Null;
    json["nsfw"] = json!(false);
    json["rate_limit_per_user"] = json!(0);
    if channel.kind == ChannelKind::Thread {
        thread_fields(state, channel, &mut json);
    }
    json
}

fn thread_fields(state: &State, channel: &Channel, json: &mut Value) {
    json["owner_id"] = json!(state.bot);
    json["message_count"] = json!(channel.log.len());
    json["member_count"] = json!(1);
    json["thread_metadata"] = json!({
        "archived": false,
        "auto_archive_duration": 1440,
        "archive_timestamp": "2024-01-08T09:00:00+00:00",
        "locked": false,
    });
}

/// The channel as an interaction holds it, with what its maker may do there.
pub(super) fn channel_of_interaction(state: &State, c: &Channel, user: Snowflake) -> Value {
    let mut json = channel(state, c);
    json["permissions"] = json!(state.permissions(c, user).to_string());
    json
}

/// A guild as `GET /guilds/{id}` shows it.
pub(super) fn guild(guild: &Guild) -> Value {
    json!({
        "id": guild.id,
        "name": guild.name,
        "icon": null,
        "splash": null,
        "discovery_splash": null,
        "owner_id": guild.owner,
        "afk_channel_id": null,
        "afk_timeout": 300,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": roles(guild),
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "application_id": null,
        "system_channel_id": null,
        "system_channel_flags": 0,
        "rules_channel_id": null,
        "max_members": 500_000,
        "vanity_url_code": null,
        "description": null,
        "banner": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": null,
        "nsfw_level": 0,
        "nsfw": false,
        "stickers": [],
        "premium_progress_bar_enabled": false,
        "safety_alerts_channel_id": null,
    })
}

/// A guild as GUILD_CREATE tells it: without the privileged members intent, only the bot's own
/// membership is in it.
pub(super) fn guild_create(state: &State, of: &Guild) -> Value {
    let mut json = guild(of);
    let me = of.members.get(&state.bot).zip(state.users.get(&state.bot));
    let listed = of.channels.iter().filter_map(|id| state.channels.get(id));
    let (threads, channels): (Vec<_>, Vec<_>) = listed.partition(|c| c.kind == ChannelKind::Thread);
    let all = |list: Vec<&Channel>| -> Value { list.into_iter().map(|c| channel(state, c)).collect() };
    json["joined_at"] = json!(stamp(of.founded));
    json["large"] = json!(false);
    json["unavailable"] = json!(false);
    json["member_count"] = json!(of.members.len());
    json["voice_states"] = json!([]);
    json["members"] = me.into_iter().map(|(m, u)| member(u, m)).collect();
    json["channels"] = all(channels);
    json["threads"] = all(threads);
    json["presences"] = json!([]);
    json["stage_instances"] = json!([]);
    json["guild_scheduled_events"] = json!([]);
    json["soundboard_sounds"] = json!([]);
    json
}

/// The member that an interaction names as its maker, with its permissions in the channel.
pub(super) fn acting_member(state: &State, of: &Guild, c: &Channel, id: Snowflake) -> Value {
    let known = state.users.get(&id).zip(of.members.get(&id));
    let mut json = known.map_or(Value::Null, |(u, m)| member(u, m));
    let bits = permission::in_channel(of, state.ruling(c), id);
    json["permissions"] = json!(bits.to_string());
    json
}

/// The guilds of a shard, as READY names them before they come.
pub(super) fn ready_guilds(guilds: &[&Guild]) -> Vec<Value> {
    let present = guilds.iter().filter(|g| g.standing != Standing::Removed);
    present.map(|g| json!({"id": g.id, "unavailable": true})).collect()
}
