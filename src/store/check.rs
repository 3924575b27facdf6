//! `cosell check`: whether a database is whole, and whether what always holds does hold in its rows. Only reads; the bot
//! may run meanwhile.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use futures::TryStreamExt;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::copy::faults;
use super::document;
use super::open::{OpenError, check_size, latest, look_at};
use crate::domain::account::Account;
use crate::domain::deal::Deal;
use crate::domain::event::Tracked;
use crate::domain::handover::Handover;
use crate::domain::item::Item;
use crate::domain::meeting::Meeting;
use crate::domain::member::Member;
use crate::domain::partner::Partner;
use crate::domain::review::Review;
use crate::domain::workspace::Settings;
use crate::error::Failure;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Pages, indexes and references.
    Pages,
    /// Rule 3: every open deal has exactly one named owner.
    Owners,
    /// Rule 8: the log has no gaps, and every state is what its events lead to.
    Log,
    /// Rule 11: money is an integer in minor units.
    Money,
}

impl Aspect {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Aspect; 4] = [Aspect::Pages, Aspect::Owners, Aspect::Log, Aspect::Money];
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Aspect::Pages => "Pages, indexes and references",
            Aspect::Owners => "Every open deal has a named owner",
            Aspect::Log => "Every state is what its events lead to",
            Aspect::Money => "Money is whole minor units",
        })
    }
}

/// What a look showed.
#[derive(Debug, Default)]
pub struct Checked {
    /// How many things were looked at.
    pub seen: u64,
    /// What is wrong with some of them.
    pub faults: Vec<String>,
}

/// Why a database could not be looked into.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Not even its beginning can be read.
    #[error(
        "{0} is damaged at its beginning, and nothing of it can be read. Go back to a backup with: cosell restore FILE"
    )]
    Damaged(PathBuf),
    /// It can't be read further.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// A database that is looked into.
#[derive(Debug)]
pub struct Checker(SqliteConnection);

impl Checker {
    /// Opens a database to look into it, whatever state it is in.
    pub async fn open(path: &Path) -> Result<Checker, CheckError> {
        if !check_size(path)? {
            return Err(OpenError::Missing(path.to_owned()).into());
        }
        match look_at(path).await {
            Ok(schema) if schema < latest() => return Err(OpenError::Older(path.to_owned()).into()),
            Err(OpenError::Damaged(path)) => return Err(CheckError::Damaged(path)),
            seen => seen?,
        };
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let mut connection = options.connect().await.map_err(Failure::from)?;
        // One moment: what is written meanwhile is in all of it or in none.
        sqlx::raw_sql("BEGIN").execute(&mut connection).await.map_err(Failure::from)?;
        Ok(Checker(connection))
    }

    /// Looks at one aspect of all workspaces. Where it can't be read, that is what is wrong with it.
    pub async fn check(&mut self, aspect: Aspect) -> Checked {
        let checked = match aspect {
            Aspect::Pages => self.pages().await,
            Aspect::Owners => self.owners().await,
            Aspect::Log => self.log().await,
            Aspect::Money => self.money().await,
        };
        checked.unwrap_or_else(|error| Checked { seen: 0, faults: vec![format!("it can't be read: {error}")] })
    }

    /// Ends the look.
    pub async fn close(self) -> Result<(), CheckError> {
        Ok(self.0.close().await.map_err(Failure::from)?)
    }

    async fn pages(&mut self) -> Result<Checked, Failure> {
        let seen: i64 = sqlx::query_scalar("SELECT page_count FROM pragma_page_count").fetch_one(&mut self.0).await?;
        Ok(Checked { seen: seen.unsigned_abs(), faults: faults(&mut self.0).await })
    }

    async fn owners(&mut self) -> Result<Checked, Failure> {
        let seen: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM deal WHERE open = 1").fetch_one(&mut self.0).await?;
        let nobody: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT d.guild_id, d.number FROM deal d LEFT JOIN member m ON m.guild_id = d.guild_id AND m.member_id = d.owner
             WHERE d.open = 1 AND (m.member_id IS NULL OR d.owner = 0)",
        )
        .fetch_all(&mut self.0)
        .await?;
        let fault = |(guild, number)| format!("workspace {guild}: D-{number} has an owner who is nobody");
        Ok(Checked { seen: seen.unsigned_abs(), faults: nobody.into_iter().map(fault).collect() })
    }

    /// Amounts in the log: those of states are whole by the tables' types, and the others are read with their states.
    async fn money(&mut self) -> Result<Checked, Failure> {
        let seen: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM event WHERE subject_kind = 'deal'").fetch_one(&mut self.0).await?;
        let broken: Vec<(i64, i64, String)> = sqlx::query_as(
            "SELECT guild_id, subject_id, after ->> '$.amount' || '' FROM event
             WHERE subject_kind = 'deal' AND json_type(after, '$.amount') NOT IN ('integer', 'null')",
        )
        .fetch_all(&mut self.0)
        .await?;
        let fault = |(guild, deal, amount)| format!("workspace {guild}: an amount of D-{deal} in the log is {amount}");
        Ok(Checked { seen: seen.unsigned_abs(), faults: broken.into_iter().map(fault).collect() })
    }

    async fn log(&mut self) -> Result<Checked, Failure> {
        let mut checked = Checked::default();
        let guilds: Vec<i64> = sqlx::query_scalar("SELECT guild_id FROM workspace UNION SELECT guild_id FROM event")
            .fetch_all(&mut self.0)
            .await?;
        for guild in guilds {
            let mut replay = Replay { connection: &mut self.0, guild, checked: &mut checked };
            replay.check::<Settings>("workspace", "1").await?;
            replay.check::<Member>("member", "member_id").await?;
            replay.check::<Account>("account", "account_id").await?;
            replay.check::<Partner>("partner", "partner_id").await?;
            replay.check::<Deal>("deal", "number").await?;
            replay.check::<Review>("review", "review_id").await?;
            replay.check::<Handover>("handover", "handover_id").await?;
            replay.check::<Meeting>("meeting", "meeting_id").await?;
            replay.check::<Item>("item", "item_id").await?;
        }
        Ok(checked)
    }
}

/// The log of a workspace against its states.
struct Replay<'c> {
    connection: &'c mut SqliteConnection,
    guild: i64,
    checked: &'c mut Checked,
}

impl Replay<'_> {
    /// Replays all subjects of a kind.
    async fn check<S: Tracked + PartialEq>(&mut self, table: &str, id: &str) -> Result<(), Failure> {
        let mut replayed = self.replayed::<S>().await?;
        let sql = format!("SELECT {id}, state FROM {table} WHERE guild_id = ? ORDER BY 1");
        let mut rows = sqlx::query_as(AssertSqlSafe(sql)).bind(self.guild).fetch(&mut *self.connection);
        let mut faults = Vec::new();
        while let Some((subject, state)) = rows.try_next().await? {
            let (subject, state): (i64, String) = (subject, state);
            self.checked.seen += 1;
            let (count, value) = replayed.remove(&subject).unwrap_or_default();
            if let Some(fault) = compare::<S>(&state, count, value) {
                faults.push(format!("workspace {}: {table} {subject} {fault}", self.guild));
            }
        }
        drop(rows);
        faults.extend(
            replayed
                .into_keys()
                .map(|subject| format!("workspace {}: {table} {subject} is in the log and nowhere else", self.guild)),
        );
        self.checked.faults.extend(faults);
        Ok(())
    }

    /// What the events of each subject of a kind lead to, and how many they are.
    async fn replayed<S: Tracked>(&mut self) -> Result<BTreeMap<i64, (i64, Value)>, Failure> {
        let kind = serde_json::to_value(S::KIND)?;
        let mut rows = sqlx::query_as(
            "SELECT subject_id, version, after FROM event WHERE guild_id = ? AND subject_kind = ? ORDER BY subject_id, version",
        )
        .bind(self.guild)
        .bind(kind.as_str())
        .fetch(&mut *self.connection);
        let mut states: BTreeMap<i64, (i64, Value)> = BTreeMap::new();
        while let Some((subject, version, after)) = rows.try_next().await? {
            let (subject, version, after): (i64, i64, String) = (subject, version, after);
            let (count, state) = states.entry(subject).or_default();
            *count += 1;
            if *count != version {
                self.checked
                    .faults
                    .push(format!("workspace {}: the log of {kind} {subject} has a gap before {version}", self.guild));
                *count = version;
            }
            crate::domain::event::put(state, document(&after)?);
        }
        Ok(states)
    }
}

/// What is wrong with a state, beside what so many events lead to.
fn compare<S: Tracked + PartialEq>(state: &str, count: i64, replayed: Value) -> Option<String> {
    let Ok(state) = serde_json::from_str::<S>(state) else { return Some("does not read".to_owned()) };
    if state.version() != count {
        return Some(format!("is at version {} after {count} events", state.version()));
    }
    // What nothing happened to yet is as it was begun with.
    if count == 0 {
        return None;
    }
    match serde_json::from_value::<S>(replayed) {
        Ok(replayed) if replayed == state => None,
        Ok(_) => Some("is not what its events lead to".to_owned()),
        Err(_) => Some("has events that lead to nothing that reads".to_owned()),
    }
}
