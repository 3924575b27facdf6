//! Which tables there are, with which columns: read from the schema itself, so that a new table is in the file without
//! anybody thinking of it.

use futures::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::workspace::Workspace;
use super::{Dumped, Head, Sink};
use crate::error::Failure;

/// Tables that are left out: look-ups follow from the rest, drafts are their typist's for a day, which commands somebody
/// used is nobody's business, and the last is empty whenever anybody looks.
const LEFT_OUT: [&str; 4] = ["lookup", "draft", "first_use", "forgetting"];
/// Columns of messages that are left out: their words stand in Discord, and forgetting drops them here.
const WORDS: [&str; 2] = ["body", "picture"];
/// Columns that name a message by its id, which counts over all workspaces.
const MESSAGE_IDS: [&str; 2] = ["outbox_id", "told_in"];
/// Why a message that was not sent yet is dropped in the file.
const LEFT_BEHIND: &str = "not sent yet when the workspace was exported";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Integer,
    /// A text.
    Text,
    /// A JSON document.
    Json,
    /// The id of a message, counted from 1 in the file.
    Message,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it follows from the others: for people who read the file, and not read back.
    pub follows: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    pub table: String,
    /// Its columns but the guild_id.
    pub columns: Vec<Column>,
    /// The columns that its rows are ordered by.
    pub key: Vec<String>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// None.
    Null,
    /// A number.
    Integer(i64),
    /// A text, or a JSON document as it stands.
    Text(String),
}

impl Shape {
    /// The columns that are read back.
    pub fn stored(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| !column.follows)
    }

    fn read(&self, row: &SqliteRow, messages: &[i64]) -> Result<Vec<Cell>, sqlx::Error> {
        let cell = |(index, column): (usize, &Column)| {
            Ok(match column.kind {
                Kind::Integer => row.try_get::<Option<i64>, _>(index)?.map_or(Cell::Null, Cell::Integer),
                Kind::Text | Kind::Json => row.try_get::<Option<String>, _>(index)?.map_or(Cell::Null, Cell::Text),
                Kind::Message => row.try_get::<Option<i64>, _>(index)?.map_or(Cell::Null, |id| number(messages, id)),
            })
        };
        self.columns.iter().enumerate().map(cell).collect()
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    /// Writes a message that was not sent yet as dropped. Says whether it was one.
    fn leave_behind(&self, cells: &mut [Cell]) -> bool {
        let Some(state) = self.place("state").filter(|_| self.table == "outbox") else { return false };
        let unsent = matches!(&cells[state], Cell::Text(word) if word == "waiting" || word == "claimed");
        let mut put = |column: &str, cell: Cell| {
            if let Some(place) = self.place(column) {
                cells[place] = cell;
            }
        };
        if unsent {
            put("state", Cell::Text("dropped".to_owned()));
            put("reason", Cell::Text(LEFT_BEHIND.to_owned()));
            put("leased_until", Cell::Null);
        }
        unsent
    }
}

/// The place of a message among those of its workspace, from 1; 0 for one that is not kept any more.
fn number(messages: &[i64], id: i64) -> Cell {
    Cell::Integer(messages.binary_search(&id).map_or(0, |place| place as i64 + 1))
}

/// The tables of the schema, by name.
pub(super) async fn shapes(connection: &mut SqliteConnection) -> Result<Vec<Shape>, Failure> {
    let rows = sqlx::query(
        "SELECT m.name AS \"table\", c.name AS \"column\", c.type AS type, c.pk AS pk, c.hidden AS hidden,
                instr(m.sql, 'json_valid(' || c.name || ')') > 0 AS json
         FROM sqlite_schema m, pragma_table_xinfo(m.name) c
         WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) g WHERE g.name = 'guild_id')
         ORDER BY m.name, c.cid",
    )
    .fetch_all(connection)
    .await?;
    let mut shapes: Vec<Shape> = Vec::new();
    for row in rows {
        let (table, name): (String, String) = (row.get("table"), row.get("column"));
        if LEFT_OUT.contains(&table.as_str()) {
            continue;
        }
        if shapes.last().is_none_or(|shape| shape.table != table) {
            shapes.push(Shape { table: table.clone(), columns: Vec::new(), key: Vec::new() });
        }
        let Some(shape) = shapes.last_mut() else { continue };
        if name == "guild_id" || (table == "outbox" && WORDS.contains(&name.as_str())) {
            continue;
        }
        if row.get::<i64, _>("pk") > 0 {
            shape.key.push(name.clone());
        }
        let is_message = MESSAGE_IDS.contains(&name.as_str()) || (table == "outbox" && name == "id");
        let kind = match row.get::<String, _>("type").as_str() {
            _ if is_message => Kind::Message,
            "INTEGER" => Kind::Integer,
            _ if row.get::<bool, _>("json") => Kind::Json,
            _ => Kind::Text,
        };
        shape.columns.push(Column { name, kind, follows: row.get::<i64, _>("hidden") > 1 });
    }
    for shape in &mut shapes {
        if shape.key.is_empty() {
            // One row a workspace.
            shape.key.push("guild_id".to_owned());
        }
    }
    Ok(shapes)
}

impl Workspace<'_> {
    /// Whether anything is kept under this id.
    pub async fn is_known(&mut self) -> Result<bool, Failure> {
        let guild = self.guild.0;
        let known = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM workspace WHERE guild_id = ?) OR EXISTS (SELECT 1 FROM event WHERE guild_id = ?)
                   OR EXISTS (SELECT 1 FROM deal WHERE guild_id = ?) AS "known!: bool""#,
            guild,
            guild,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        Ok(known)
    }

    /// Writes every table. Inside a transaction only, so that all are of one moment.
    pub(super) async fn dump(&mut self, head: Head, sink: &mut (dyn Sink + Send)) -> Result<Dumped, Failure> {
        let guild = self.guild.0;
        let shapes = shapes(self.connection()).await?;
        let messages = sqlx::query_scalar!("SELECT id FROM outbox WHERE guild_id = ? ORDER BY id", guild)
            .fetch_all(self.connection())
            .await?;
        let mut dumped = Dumped::default();
        sink.begin(head).map_err(anyhow::Error::new)?;
        for shape in &shapes {
            sink.table(shape).map_err(anyhow::Error::new)?;
            let columns: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
            let (table, columns, key) = (&shape.table, columns.join(", "), shape.key.join(", "));
            // Names from the schema itself, never from people.
            let mut rows = sqlx::query(sqlx::AssertSqlSafe(format!(
                "SELECT {columns} FROM {table} WHERE guild_id = ? ORDER BY {key}"
            )))
            .bind(guild)
            .fetch(self.connection());
            while let Some(row) = rows.try_next().await? {
                let mut cells = shape.read(&row, &messages)?;
                dumped.unsent += u64::from(shape.leave_behind(&mut cells));
                dumped.rows += 1;
                sink.row(&cells).map_err(anyhow::Error::new)?;
            }
        }
        sink.finish().map_err(anyhow::Error::new)?;
        Ok(dumped)
    }
}
