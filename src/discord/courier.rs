//! The courier: each method is one call of Discord's REST interface, or the few that its answer takes.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::manifest;
use super::permission::{Guild, Overwrite, Who, lacking};
use super::rest::{Body, Rest};
use crate::app::courier::{Courier, Membership, Mentionable, Stands, Trouble};
use crate::domain::Instant;
use crate::domain::access::ManagesServer;
use crate::domain::id::{ChannelId, GuildId, MessageId, RoleId, ScheduledEventId, UserId};
use crate::store::outbox::Rendered;

/// How far back [`Courier::find_own`] looks; Discord gives no more at once.
const RECENT: usize = 100;
/// How far Discord's clock and ours may be apart.
const SKEW: Duration = Duration::minutes(1);
/// The states of an event that is to come and of one that is on; in the others it is over, for good.
const RUNNING: [u8; 2] = [1, 2];
const UNKNOWN_CHANNEL: u32 = 10_003;
const UNKNOWN_MEMBER: u32 = 10_007;
const UNKNOWN_USER: u32 = 10_013;
const THREAD_EXISTS: u32 = 160_004;
const MISSING_ACCESS: u32 = 50_001;
const MISSING_PERMISSIONS: u32 = 50_013;

/// The [`Courier`] over HTTP. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HttpCourier {
    rest: Rest,
    /// The bot's own user id, once Discord told it.
    own_id: Arc<OnceCell<String>>,
}

#[derive(Debug, Deserialize)]
struct Thing {
    id: String,
}

#[derive(Debug, Deserialize)]
struct User {
    id: String,
    username: String,
    global_name: Option<String>,
    #[serde(default)]
    bot: bool,
}

#[derive(Debug, Deserialize)]
struct Member {
    user: User,
    nick: Option<String>,
    roles: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Post {
    id: String,
    author: Thing,
    #[serde(default)]
    content: String,
}

#[derive(Debug, Deserialize)]
struct ScheduledEvent {
    id: String,
    creator_id: Option<String>,
    description: Option<String>,
    status: u8,
}

#[derive(Debug, Deserialize)]
struct Channel {
    guild_id: Option<String>,
    #[serde(default)]
    permission_overwrites: Vec<Overwrite>,
}

impl HttpCourier {
    /// A courier that makes its calls through a client.
    pub fn new(rest: Rest) -> HttpCourier {
        HttpCourier { rest, own_id: Arc::default() }
    }

    async fn own_id(&self) -> Result<&str, Trouble> {
        let fetch = async || self.rest.get::<Thing>("users/@me").await.map(|me| me.id);
        self.own_id.get_or_try_init(fetch).await.map(String::as_str)
    }

    async fn guild(&self, guild: &str) -> Result<Guild, Trouble> {
        self.rest.get(&format!("guilds/{guild}")).await
    }

    async fn member(&self, guild: &str, user: &str) -> Result<Member, Trouble> {
        self.rest.get(&format!("guilds/{guild}/members/{user}")).await
    }

    async fn own_permissions(&self, guild: &str, overwrites: &[Overwrite]) -> Result<u64, Trouble> {
        let server = self.guild(guild).await?;
        let own = self.own_id().await?;
        let me = self.member(guild, own).await?;
        Ok(server.permissions_in(overwrites, Who { user: own, roles: &me.roles }))
    }

    /// Discord answers with no messages both when there are none and when the bot may not read them. In the second case
    /// nothing is known, which is an error.
    async fn check_readable(&self, channel: ChannelId) -> Result<(), Trouble> {
        let shape: Channel = self.rest.get(&format!("channels/{channel}")).await?;
        let Some(guild) = shape.guild_id else {
            return Ok(());
        };
        let lacks = lacking(self.own_permissions(&guild, &shape.permission_overwrites).await?);
        if lacks.iter().any(|name| name == "READ_MESSAGE_HISTORY") {
            let message = "Missing Permissions: READ_MESSAGE_HISTORY".to_owned();
            return Err(Trouble::Refused { status: 403, code: MISSING_PERMISSIONS, message });
        }
        Ok(())
    }
}

#[async_trait]
impl Courier for HttpCourier {
    async fn post(&self, channel: ChannelId, message: &Rendered, nonce: &str) -> Result<MessageId, Trouble> {
        let mut json = stored_body(message)?;
        json["nonce"] = json!(nonce);
        json["enforce_nonce"] = json!(true);
        let path = format!("channels/{channel}/messages");
        let posted: Thing = self.rest.call(Method::POST, &path, with_picture(json, message)).await?;
        id_of(&posted.id).map(MessageId)
    }

    async fn edit(&self, channel: ChannelId, message: MessageId, to: &Rendered) -> Result<(), Trouble> {
        let json = stored_body(to)?;
        let path = format!("channels/{channel}/messages/{message}");
        self.rest.call::<Thing>(Method::PATCH, &path, with_picture(json, to)).await.map(drop)
    }

    async fn open_thread(&self, channel: ChannelId, message: MessageId, name: &str) -> Result<ChannelId, Trouble> {
        let path = format!("channels/{channel}/messages/{message}/threads");
        match self.rest.call::<Thing>(Method::POST, &path, Body::Json(json!({"name": name}))).await {
            // A thread has the id of the message that it hangs from.
            Err(Trouble::Refused { code: THREAD_EXISTS, .. }) => Ok(ChannelId(message.0)),
            opened => id_of(&opened?.id).map(ChannelId),
        }
    }

    async fn open_direct(&self, user: UserId) -> Result<ChannelId, Trouble> {
        let body = Body::Json(json!({"recipient_id": user.to_string()}));
        let opened: Thing = self.rest.call(Method::POST, "users/@me/channels", body).await?;
        id_of(&opened.id).map(ChannelId)
    }

    async fn find_own(&self, channel: ChannelId, reference: &str, since: Instant) -> Result<Stands, Trouble> {
        let own = self.own_id().await?;
        let posts: Vec<Post> = self.rest.get(&format!("channels/{channel}/messages?limit={RECENT}")).await?;
        if posts.is_empty() {
            self.check_readable(channel).await?;
        }
        if let Some(post) = posts.iter().find(|post| post.author.id == own && shows(&post.content, reference)) {
            return Ok(Stands::At(MessageId(id_of(&post.id)?)));
        }
        match posts.last().filter(|_| posts.len() == RECENT) {
            Some(oldest) if posted_at(id_of(&oldest.id)?) > since - SKEW => Ok(Stands::Untold),
            _ => Ok(Stands::Nowhere),
        }
    }

    async fn find_member(&self, guild: GuildId, user: UserId) -> Result<Option<Membership>, Trouble> {
        let guild = guild.to_string();
        let member = match self.member(&guild, &user.to_string()).await {
            Err(Trouble::Refused { code: UNKNOWN_MEMBER | UNKNOWN_USER, .. }) => return Ok(None),
            other => other?,
        };
        let server = self.guild(&guild).await?;
        let manages = server.is_managed_by(Who { user: &member.user.id, roles: &member.roles });
        let roles = member.roles.iter().map(|role| id_of(role).map(RoleId)).collect::<Result<_, _>>()?;
        Ok(Some(Membership {
            name: member.nick.or(member.user.global_name).unwrap_or(member.user.username),
            roles,
            is_bot: member.user.bot,
            manages_server: if manages { ManagesServer::Yes } else { ManagesServer::No },
        }))
    }

    async fn missing_permissions(&self, guild: GuildId, channel: ChannelId) -> Result<Vec<String>, Trouble> {
        let guild = guild.to_string();
        let shape: Channel = match self.rest.get(&format!("channels/{channel}")).await {
            // Who can't see a channel can do nothing there.
            Err(Trouble::Refused { code: MISSING_ACCESS, .. }) => return Ok(lacking(0)),
            other => other?,
        };
        if shape.guild_id.as_deref() != Some(&guild) {
            let message = "Unknown Channel".to_owned();
            return Err(Trouble::Refused { status: 404, code: UNKNOWN_CHANNEL, message });
        }
        Ok(lacking(self.own_permissions(&guild, &shape.permission_overwrites).await?))
    }

    async fn create_event(&self, guild: GuildId, body: &str) -> Result<ScheduledEventId, Trouble> {
        let path = format!("guilds/{guild}/scheduled-events");
        let made: Thing = self.rest.call(Method::POST, &path, Body::Json(json_of(body)?)).await?;
        id_of(&made.id).map(ScheduledEventId)
    }

    async fn edit_event(&self, guild: GuildId, event: ScheduledEventId, body: &str) -> Result<(), Trouble> {
        let path = format!("guilds/{guild}/scheduled-events/{event}");
        self.rest.call::<Thing>(Method::PATCH, &path, Body::Json(json_of(body)?)).await.map(drop)
    }

    async fn delete_event(&self, guild: GuildId, event: ScheduledEventId) -> Result<(), Trouble> {
        let path = format!("guilds/{guild}/scheduled-events/{event}");
        self.rest.call::<Value>(Method::DELETE, &path, Body::None).await.map(drop)
    }

    async fn find_event(&self, guild: GuildId, reference: &str) -> Result<Option<ScheduledEventId>, Trouble> {
        let own = self.own_id().await?;
        let events: Vec<ScheduledEvent> = self.rest.get(&format!("guilds/{guild}/scheduled-events")).await?;
        let is_ours = |event: &&ScheduledEvent| {
            let text = event.description.as_deref().unwrap_or_default();
            event.creator_id.as_deref() == Some(own) && RUNNING.contains(&event.status) && shows(text, reference)
        };
        events.iter().find(is_ours).map(|event| id_of(&event.id).map(ScheduledEventId)).transpose()
    }

    async fn may_create_events(&self, guild: GuildId) -> Result<bool, Trouble> {
        // A server's events stand in no channel, so what channels allow or deny doesn't count.
        let guild = guild.to_string();
        let server = self.guild(&guild).await?;
        let own = self.own_id().await?;
        let me = self.member(&guild, own).await?;
        let held = server.permissions(Who { user: own, roles: &me.roles });
        Ok(manifest::permission(manifest::CREATE_EVENTS).is_some_and(|bit| held & bit != 0))
    }

    async fn guild_name(&self, guild: GuildId) -> Result<String, Trouble> {
        Ok(self.guild(&guild.to_string()).await?.name)
    }

    async fn download(&self, url: &str, limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
        self.rest.download(url, limit).await
    }

    async fn is_mentionable(&self, guild: GuildId, role: RoleId) -> Result<Mentionable, Trouble> {
        let (guild, role) = (guild.to_string(), role.to_string());
        let server = self.guild(&guild).await?;
        let pings = server.roles.iter().any(|r| r.id == role && r.mentionable && role != guild);
        Ok(if pings { Mentionable::Yes } else { Mentionable::No })
    }
}

fn stored_body(message: &Rendered) -> Result<Value, Trouble> {
    json_of(&message.body)
}

fn json_of(body: &str) -> Result<Value, Trouble> {
    // What was stored once stays as it is, so trying again would not help.
    let unreadable = |e: serde_json::Error| Trouble::Refused {
        status: 0,
        code: 0,
        message: format!("the stored body does not read: {e}"),
    };
    let json: Value = serde_json::from_str(body).map_err(unreadable)?;
    if json.is_object() { Ok(json) } else { Err(unreadable(serde::de::Error::custom("not an object"))) }
}

fn with_picture(json: Value, message: &Rendered) -> Body {
    match &message.picture {
        None => Body::Json(json),
        Some(bytes) => {
            let filename = json["attachments"][0]["filename"].as_str().unwrap_or("picture.png").to_owned();
            Body::WithPicture { json, filename, bytes: bytes.clone() }
        }
    }
}

fn id_of(text: &str) -> Result<i64, Trouble> {
    text.parse().map_err(|_| Trouble::Unknown("an answer whose id does not read".to_owned()))
}

/// When something was made, which its id of Discord's tells.
fn posted_at(id: i64) -> Instant {
    const EPOCH_MS: i64 = 1_420_070_400_000;
    Instant::UNIX_EPOCH + Duration::milliseconds((id >> 22) + EPOCH_MS)
}

/// Whether a text shows a reference as a word of its own: `c1` is neither in `c12` nor in `abc1`.
fn shows(text: &str, reference: &str) -> bool {
    let is_word = |(at, _): (usize, &str)| {
        let before = text[..at].chars().next_back();
        let after = text[at + reference.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    !reference.is_empty() && text.match_indices(reference).any(is_word)
}

#[cfg(test)]
mod tests;
