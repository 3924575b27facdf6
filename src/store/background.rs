//! What deals are shown against: the names behind their ids and what they are judged by, read in one trip, because a
//! trip costs more than what it reads.

use super::stall::medians_of;
use super::workspace::Workspace;
use super::{document, documents};
use crate::domain::account::Account;
use crate::domain::id::{AccountId, MemberId};
use crate::domain::member::Member;
use crate::domain::partner::Partner;
use crate::domain::stall::StageMedian;
use crate::domain::workspace::Settings;
use crate::error::Failure;

/// What some deals are shown against.
#[derive(Debug, Clone)]
pub struct Background {
    /// The workspace's settings.
    pub settings: Settings,
    /// The accounts asked for.
    pub accounts: Vec<Account>,
    /// All partners.
    pub partners: Vec<Partner>,
    /// The members asked for, who covers for them, now or at another time, and the partners' managers.
    pub members: Vec<Member>,
    /// The frozen medians, in the order of [`crate::domain::motion::Stage::OPEN`].
    pub medians: [Option<StageMedian>; 5],
}

impl Workspace<'_> {
    /// What deals with some accounts and members are shown against.
    pub async fn get_background(
        &mut self,
        accounts: &[AccountId],
        members: &[MemberId],
    ) -> Result<Background, Failure> {
        let guild = self.guild.0;
        let (accounts, members) = (serde_json::to_string(accounts)?, serde_json::to_string(members)?);
        let row = sqlx::query!(
            r#"SELECT (SELECT state FROM workspace WHERE guild_id = ?) AS settings,
                      (SELECT json_group_array(a.state) FROM json_each(?) n
                         CROSS JOIN account a ON a.guild_id = ? AND a.account_id = n.value) AS "accounts!: String",
                      (SELECT json_group_array(state) FROM partner WHERE guild_id = ?) AS "partners!: String",
                      (SELECT json_group_array(m.state) FROM (
                           SELECT value AS id FROM json_each(?)
                           UNION SELECT away.state ->> '$.away.cover' FROM json_each(?) n
                             CROSS JOIN member away ON away.guild_id = ? AND away.member_id = n.value
                           UNION SELECT state ->> '$.manager' FROM partner WHERE guild_id = ?) w
                         CROSS JOIN member m ON m.guild_id = ? AND m.member_id = w.id) AS "members!: String",
                      (SELECT json_group_array(json_array(stage, days, deals)) FROM stage_median WHERE guild_id = ?) AS "medians!: String""#,
            guild,
            accounts,
            guild,
            guild,
            members,
            members,
            guild,
            guild,
            guild,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        Ok(Background {
            settings: row.settings.as_deref().map(document).transpose()?.unwrap_or_default(),
            accounts: documents(document(&row.accounts)?)?,
            partners: documents(document(&row.partners)?)?,
            members: documents(document(&row.members)?)?,
            medians: medians_of(document(&row.medians)?),
        })
    }
}
