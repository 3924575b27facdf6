//! Which deals a list holds, by its filters: numbers and what they are sorted by, led by the index that narrows most.

use chrono::NaiveDate;

use super::workspace::Workspace;
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::motion::Stage;
use crate::error::Failure;

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Narrow {
    /// Open deals, or those that ended.
    pub state: State,
    /// Only this owner's.
    pub owner: Option<MemberId>,
    /// Only with this primary partner.
    pub partner: Option<PartnerId>,
    /// Only in this stage.
    pub stage: Option<Stage>,
}

/// Whether listed deals run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// They do.
    Open,
    /// They have ended.
    Ended,
}

/// One deal of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub deal: DealNumber,
    /// Its amount in minor units.
    pub amount: Option<i64>,
    /// Its expected close.
    pub close: Option<NaiveDate>,
    /// Whether it was lost as entered by mistake, and counts nowhere.
    pub mistaken: bool,
}

struct Stored {
    number: i64,
    amount: Option<i64>,
    close: Option<String>,
    mistaken: bool,
}

impl Stored {
    fn row(self) -> Row {
        Row {
            deal: DealNumber(self.number),
            amount: self.amount,
            close: self.close.and_then(|day| day.parse().ok()),
            mistaken: self.mistaken,
        }
    }
}

impl Workspace<'_> {
    /// The deals of a list, the last touched first.
    pub async fn find_listed(&mut self, narrow: Narrow) -> Result<Vec<Row>, Failure> {
        let stored = match (narrow.owner, narrow.partner) {
            (Some(owner), partner) => self.listed_by_owner(narrow, owner, partner).await?,
            (None, Some(partner)) => self.listed_by_partner(narrow, partner).await?,
            (None, None) => self.listed_by_touch(narrow).await?,
        };
        Ok(stored.into_iter().map(Stored::row).collect())
    }

    async fn listed_by_owner(
        &mut self,
        narrow: Narrow,
        owner: MemberId,
        partner: Option<PartnerId>,
    ) -> Result<Vec<Stored>, sqlx::Error> {
        let (guild, open, stage) = (self.guild.0, narrow.open(), narrow.stage.map(Stage::key));
        let partner = partner.map(|p| p.0);
        sqlx::query_as!(
            Stored,
            r#"SELECT number AS "number!", amount, state ->> '$.close' AS "close: String",
                      state ->> '$.lost.reason' IS 'entered_by_mistake' AS "mistaken!: bool"
               FROM deal WHERE guild_id = ? AND open = ? AND owner = ?
                 AND (? IS NULL OR partner_id = ?) AND (? IS NULL OR stage = ?) ORDER BY touched_at DESC"#,
            guild,
            open,
            owner.0,
            partner,
            partner,
            stage,
            stage
        )
        .fetch_all(self.connection())
        .await
    }

    async fn listed_by_partner(&mut self, narrow: Narrow, partner: PartnerId) -> Result<Vec<Stored>, sqlx::Error> {
        let (guild, open, stage) = (self.guild.0, narrow.open(), narrow.stage.map(Stage::key));
        sqlx::query_as!(
            Stored,
            r#"SELECT number AS "number!", amount, state ->> '$.close' AS "close: String",
                      state ->> '$.lost.reason' IS 'entered_by_mistake' AS "mistaken!: bool"
               FROM deal WHERE guild_id = ? AND partner_id = ? AND open = ? AND (? IS NULL OR stage = ?)
               ORDER BY touched_at DESC"#,
            guild,
            partner.0,
            open,
            stage,
            stage
        )
        .fetch_all(self.connection())
        .await
    }

    async fn listed_by_touch(&mut self, narrow: Narrow) -> Result<Vec<Stored>, sqlx::Error> {
        let (guild, open, stage) = (self.guild.0, narrow.open(), narrow.stage.map(Stage::key));
        sqlx::query_as!(
            Stored,
            r#"SELECT number AS "number!", amount, state ->> '$.close' AS "close: String",
                      state ->> '$.lost.reason' IS 'entered_by_mistake' AS "mistaken!: bool"
               FROM deal WHERE guild_id = ? AND open = ? AND (? IS NULL OR stage = ?) ORDER BY touched_at DESC"#,
            guild,
            open,
            stage,
            stage
        )
        .fetch_all(self.connection())
        .await
    }
}

impl Narrow {
    fn open(self) -> i64 {
        i64::from(self.state == State::Open)
    }
}
