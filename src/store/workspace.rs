//! One workspace's rows: got by its id, and every query of it is bound by that id.

use std::ops::DerefMut;

use serde::Deserialize;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection};

use super::document;
use crate::domain::deal::Deal;
use crate::domain::id::{ChannelId, DealNumber, GuildId, InteractionId, MeetingId, MessageId, UserId};
use crate::domain::member::Member;
use crate::domain::workspace::Settings;
use crate::error::Failure;

/// All SQL of one guild. Its methods stand beside their tables' files in this folder.
#[derive(Debug)]
pub struct Workspace<'c> {
    /// The wall: every query binds it.
    pub guild: GuildId,
    connection: Connection<'c>,
}

#[derive(Debug)]
enum Connection<'c> {
    Pooled(PoolConnection<Sqlite>),
    Writer(&'c mut SqliteConnection),
}

/// A deal and its owner; `None` for one who was never seen.
pub type DealOfOwner = (Deal, Option<Member>);

/// What every command begins from, read in one trip.
#[derive(Debug, Clone)]
pub struct Base {
    /// The workspace's settings; the defaults before setup.
    pub settings: Settings,
    /// The actor, if seen before.
    pub actor: Option<Member>,
    /// Whether this interaction has recorded events already.
    pub repeated: bool,
    /// The deal that was asked for, if it is there.
    pub deal: Option<DealOfOwner>,
    /// The posts of running meetings on which the card of a deal stands.
    pub shown_on: Vec<ShownOn>,
}

/// The post of a running meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct ShownOn {
    /// The meeting.
    pub meeting: MeetingId,
    /// The channel of its post.
    pub channel: ChannelId,
    /// Its post.
    pub agenda: MessageId,
    /// The deal whose card stands there.
    pub deal: DealNumber,
}

impl<'c> Workspace<'c> {
    pub(super) fn pooled(guild: GuildId, connection: PoolConnection<Sqlite>) -> Workspace<'static> {
        Workspace { guild, connection: Connection::Pooled(connection) }
    }

    /// The workspace on the writing connection, inside a job.
    pub fn writing(guild: GuildId, connection: &'c mut SqliteConnection) -> Workspace<'c> {
        Workspace { guild, connection: Connection::Writer(connection) }
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        match &mut self.connection {
            Connection::Pooled(pooled) => pooled.deref_mut(),
            Connection::Writer(writer) => writer,
        }
    }

    /// Reads what every command begins from, and the deal that it is about.
    pub async fn get_base(
        &mut self,
        user: UserId,
        interaction: InteractionId,
        deal: Option<DealNumber>,
    ) -> Result<Base, Failure> {
        let guild = self.guild.0;
        let number = deal.map(|deal| deal.0);
        let row = sqlx::query!(
            r#"SELECT (SELECT state FROM workspace WHERE guild_id = ?) AS "settings?",
                      (SELECT state FROM member WHERE guild_id = ? AND user_id = ?) AS "actor?",
                      EXISTS (SELECT 1 FROM event WHERE guild_id = ? AND interaction_id = ?) AS "repeated!: bool",
                      (SELECT state FROM deal WHERE guild_id = ? AND number = ?) AS "deal?",
                      (SELECT m.state FROM deal d CROSS JOIN member m ON m.guild_id = d.guild_id AND m.member_id = d.owner
                       WHERE d.guild_id = ? AND d.number = ?) AS "owner?",
                      (SELECT json_group_array(json_object('meeting', m.meeting_id, 'channel', x.channel_id, 'agenda', x.message_id, 'deal', m.deal))
                       FROM meeting m
                       CROSS JOIN occurrence o ON o.guild_id = m.guild_id AND o.review_id = m.review_id AND o.starts_at = m.starts_at
                       CROSS JOIN outbox x ON x.id = o.outbox_id
                       WHERE m.guild_id = ? AND m.deal IS NOT NULL) AS "shown_on!: String""#,
            guild,
            guild,
            user.0,
            guild,
            interaction.0,
            guild,
            number,
            guild,
            number,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        let owner = row.owner.as_deref().map(document).transpose()?;
        let deal: Option<Deal> = row.deal.as_deref().map(document).transpose()?;
        Ok(Base {
            settings: row.settings.as_deref().map(document).transpose()?.unwrap_or_default(),
            actor: row.actor.as_deref().map(document).transpose()?,
            repeated: row.repeated,
            deal: deal.map(|deal| (deal, owner)),
            shown_on: document(&row.shown_on)?,
        })
    }

    /// The workspace's settings; the defaults before setup.
    pub async fn get_settings(&mut self) -> Result<Settings, Failure> {
        let guild = self.guild.0;
        let state = sqlx::query_scalar!("SELECT state FROM workspace WHERE guild_id = ?", guild)
            .fetch_optional(self.connection())
            .await?;
        Ok(state.as_deref().map(document).transpose()?.unwrap_or_default())
    }
}
