//! Who of some people holds the lead role, and so is pinged with it.

use std::collections::BTreeSet;

use super::App;
use super::courier::Mentionable;
use crate::domain::id::{GuildId, MemberId, RoleId};
use crate::domain::member::Member;
use crate::domain::ping::Ping;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;

impl App {
    /// The holders of the lead role among those who may be pinged today and those who were. Whether Discord doesn't
    /// say counts as yes: rather a ping later than two on a day. Nobody where the role pings nobody.
    pub(super) async fn holders(
        &self,
        workspace: &mut Workspace<'_>,
        settings: &Settings,
        wanted: impl IntoIterator<Item = MemberId>,
        given: &[Ping],
    ) -> Result<Vec<Member>, Failure> {
        let Some(role) = self.mentionable_lead(workspace.guild, settings).await else { return Ok(Vec::new()) };
        let asked: BTreeSet<MemberId> = wanted.into_iter().chain(given.iter().map(|ping| ping.member)).collect();
        let mut holders = workspace.find_members(&asked.into_iter().collect::<Vec<_>>()).await?;
        let mut held = Vec::with_capacity(holders.len());
        for member in &holders {
            let found = self.courier.find_member(workspace.guild, member.user).await;
            held.push(found.map_or(true, |there| there.is_some_and(|there| there.roles.contains(&role))));
        }
        let mut held = held.into_iter();
        holders.retain(|_| held.next() == Some(true));
        Ok(holders)
    }

    /// The lead role, where everybody may mention it; doctor says so where it can't be.
    pub(super) async fn mentionable_lead(&self, guild: GuildId, settings: &Settings) -> Option<RoleId> {
        let role = settings.lead_role?;
        (self.courier.is_mentionable(guild, role).await == Ok(Mentionable::Yes)).then_some(role)
    }
}
