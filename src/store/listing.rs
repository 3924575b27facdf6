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
    /// Only with this partner, as the primary one or as a participant.
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
    /// Whether the partner that the list is narrowed to only takes part in it, so that its money is another's.
    pub takes_part: bool,
}

struct Stored {
    number: i64,
    amount: Option<i64>,
    close: Option<String>,
    mistaken: bool,
    takes_part: bool,
}

impl Stored {
    fn row(self) -> Row {
        Row {
            deal: DealNumber(self.number),
            amount: self.amount,
            close: self.close.and_then(|day| day.parse().ok()),
            mistaken: self.mistaken,
            takes_part: self.takes_part,
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
                      state ->> '$.lost.reason' IS 'entered_by_mistake' AS "mistaken!: bool",
                      partner_id <> COALESCE(?, partner_id) AS "takes_part!: bool"
               FROM deal WHERE guild_id = ? AND open = ? AND owner = ?
                 AND (? IS NULL OR partner_id = ? OR EXISTS
                     (SELECT 1 FROM participant p WHERE p.guild_id = deal.guild_id AND p.partner_id = ? AND p.deal = number))
                 AND (? IS NULL OR stage = ?) ORDER BY touched_at DESC"#,
            partner,
            guild,
            open,
            owner.0,
            partner,
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
            r#"SELECT number AS "number!: i64", amount AS "amount: i64", close AS "close: String", mistaken AS "mistaken!: bool",
                      takes_part AS "takes_part!: bool"
               FROM (SELECT number, amount, state ->> '$.close' AS close,
                            state ->> '$.lost.reason' IS 'entered_by_mistake' AS mistaken, 0 AS takes_part, touched_at
                     FROM deal WHERE guild_id = ? AND partner_id = ? AND open = ? AND (? IS NULL OR stage = ?)
                     UNION ALL
                     SELECT d.number, d.amount, d.state ->> '$.close', d.state ->> '$.lost.reason' IS 'entered_by_mistake', 1,
                            d.touched_at
                     FROM participant p CROSS JOIN deal d ON d.guild_id = p.guild_id AND d.number = p.deal
                     WHERE p.guild_id = ? AND p.partner_id = ? AND d.open = ? AND (? IS NULL OR d.stage = ?))
               ORDER BY touched_at DESC"#,
            guild,
            partner.0,
            open,
            stage,
            stage,
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
                      state ->> '$.lost.reason' IS 'entered_by_mistake' AS "mistaken!: bool", FALSE AS "takes_part!: bool"
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

#[cfg(test)]
mod tests {
    use crate::store::open::{MIGRATIONS, older_than};

    use crate::domain::deal::{Deal, Participant, Role};
    use crate::domain::id::{MemberId, PartnerId};
    use crate::domain::testing::{at, deal};

    /// D-1 with Initech, in which Hooli takes part.
    fn joint() -> Deal {
        let hooli = Participant {
            partner: PartnerId(2),
            role: Role::Influenced,
            evidence: None,
            by: MemberId(1),
            at: at("2026-11-02T10:00:00Z"),
            claim: Default::default(),
        };
        Deal { participants: vec![hooli], ..deal() }
    }

    #[tokio::test]
    async fn who_took_part_before_there_was_a_table_of_it_is_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut connection = older_than(3, &folder.path().join("old.db")).await;
        let state = serde_json::to_string(&joint()).expect("a deal serializes");
        sqlx::query("INSERT INTO deal (guild_id, number, state, touched_at) VALUES (7, 1, ?, 0)")
            .bind(state)
            .execute(&mut connection)
            .await
            .expect("a deal");
        MIGRATIONS.run(&mut connection).await.expect("the schema with it");
        let rows: Vec<(i64, i64, i64)> = sqlx::query_as("SELECT guild_id, partner_id, deal FROM participant")
            .fetch_all(&mut connection)
            .await
            .expect("its rows");
        assert_eq!(rows, [(7, 2, 1)]);
    }
}
