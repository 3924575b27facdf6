//! Whether the bot can post where it is to post, as Discord tells now.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::App;
use super::courier::Trouble;
use crate::domain::id::{ChannelId, GuildId};
use crate::domain::overview::{ChannelState, ChannelTrouble, ChannelUse};
use crate::domain::workspace::Settings;

/// A channel and what it is for.
pub type Use = (ChannelId, ChannelUse);

/// What the chosen channels of a workspace are for.
pub fn chosen(settings: &Settings) -> Vec<Use> {
    let chosen = [
        (settings.pipeline_channel, ChannelUse::Pipeline),
        (settings.nudge_channel, ChannelUse::Nudges),
        (settings.ops_channel, ChannelUse::Ops),
    ];
    chosen.into_iter().filter_map(|(channel, what)| Some((channel?, what))).collect()
}

impl App {
    /// What stands in the way in some of the chosen channels.
    pub async fn troubles_in(&self, guild: GuildId, settings: &Settings, which: &[ChannelId]) -> Vec<ChannelTrouble> {
        let uses = chosen(settings).into_iter().filter(|(channel, _)| which.contains(channel)).collect();
        self.channel_troubles(guild, uses).await
    }

    /// What stands in the way in these channels, each asked about once; empty when all is well.
    pub async fn channel_troubles(&self, guild: GuildId, uses: Vec<Use>) -> Vec<ChannelTrouble> {
        let mut by_channel: BTreeMap<ChannelId, Vec<ChannelUse>> = BTreeMap::new();
        for (channel, what) in uses {
            by_channel.entry(channel).or_default().push(what);
        }
        let asked = by_channel.into_iter().map(|(channel, uses)| async move {
            let state = self.channel_state(guild, channel).await?;
            Some(ChannelTrouble { channel, uses, trouble: state })
        });
        join_all(asked).await.into_iter().flatten().collect()
    }

    /// What keeps the bot from posting in a channel; `None` when nothing does.
    async fn channel_state(&self, guild: GuildId, channel: ChannelId) -> Option<ChannelState> {
        match self.courier.missing_permissions(guild, channel).await {
            Ok(lacks) if lacks.is_empty() => None,
            Ok(lacks) => Some(ChannelState::Lacks(lacks)),
            Err(Trouble::Refused { .. }) => Some(ChannelState::Gone),
            Err(trouble) => {
                tracing::warn!(guild.id = guild.0, channel.id = channel.0, %trouble, "a channel could not be checked");
                Some(ChannelState::Unknown)
            }
        }
    }
}
