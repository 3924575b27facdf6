//! Writing the rows of a file into the database, all or none, and checking that each state is what its events lead to.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::super::workspace::Workspace;
use super::shape::shapes;
use super::{Cell, FORM, Head, Item, Kind, LoadError, Shape, Source};
use crate::domain::account::Account;
use crate::domain::deal::Deal;
use crate::domain::event::{Subject, Tracked, replay};
use crate::domain::handover::Handover;
use crate::domain::member::Member;
use crate::domain::partner::Partner;
use crate::domain::review::Review;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::document;

/// Reads a file into the database. Inside a job of the writer only; an error takes all of it back.
pub async fn load(connection: &mut SqliteConnection, source: &Source) -> Result<Head, Failure> {
    let shapes = shapes(connection).await?;
    let mut items = source.read(shapes.clone());
    let mut head = None;
    let mut offset = 0;
    while let Some(item) = items.recv().await {
        match item.map_err(anyhow::Error::new)? {
            Item::Head(found) => {
                check(connection, found).await?;
                offset = crate::store::outbox::last_message(connection).await?;
                head = Some(found);
            }
            Item::Rows { table, first: _, rows } => {
                let head = head.ok_or_else(|| anyhow::anyhow!("rows before the file says what they are of"))?;
                insert(connection, head, &shapes[table], rows, offset).await?;
            }
        }
    }
    let head = head.ok_or_else(|| anyhow::anyhow!("the file ended before it said what it is"))?;
    verify(&mut Workspace::writing(head.guild, connection)).await?;
    Ok(head)
}

async fn check(connection: &mut SqliteConnection, head: Head) -> Result<(), Failure> {
    let known = crate::store::open::latest();
    if head.form != FORM || head.schema != known {
        return Err(anyhow::Error::new(LoadError::OtherSchema { found: head.schema, known }).into());
    }
    match Workspace::writing(head.guild, connection).is_known().await? {
        true => Err(anyhow::Error::new(LoadError::Exists(head.guild)).into()),
        false => Ok(()),
    }
}

async fn insert(
    connection: &mut SqliteConnection,
    head: Head,
    shape: &Shape,
    rows: Vec<Vec<Cell>>,
    offset: i64,
) -> Result<(), Failure> {
    let columns: Vec<&super::Column> = shape.stored().map(|(_, column)| column).collect();
    let value = |(cell, column): (Cell, &&super::Column)| match (cell, column.kind) {
        (Cell::Null, _) => Value::Null,
        (Cell::Integer(id), Kind::Message) if id > 0 => Value::from(id + offset),
        (Cell::Integer(number), _) => Value::from(number),
        (Cell::Text(text), _) => Value::String(text),
    };
    let rows: Vec<Vec<Value>> =
        rows.into_iter().map(|cells| cells.into_iter().zip(&columns).map(value).collect()).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let values: Vec<String> = (0..columns.len()).map(|n| format!("value ->> '$[{n}]'")).collect();
    // Names from the schema itself, never from the file.
    let (table, names, values) = (&shape.table, names.join(", "), values.join(", "));
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "INSERT INTO {table} (guild_id, {names}) SELECT ?, {values} FROM json_each(?)"
    )))
    .bind(head.guild.0)
    .bind(serde_json::to_string(&rows)?)
    .execute(connection)
    .await
    .map_err(|source| anyhow::Error::new(LoadError::Refused { table: shape.table.clone(), source }))?;
    Ok(())
}

/// Checks that every state is what its events lead to (rule 8).
async fn verify(workspace: &mut Workspace<'_>) -> Result<(), Failure> {
    verify_all::<Settings>(workspace, "workspace").await?;
    verify_all::<Member>(workspace, "member").await?;
    verify_all::<Account>(workspace, "account").await?;
    verify_all::<Partner>(workspace, "partner").await?;
    verify_all::<Deal>(workspace, "deal").await?;
    verify_all::<Review>(workspace, "review").await?;
    verify_all::<Handover>(workspace, "handover").await
}

async fn verify_all<S: Tracked>(workspace: &mut Workspace<'_>, table: &str) -> Result<(), Failure> {
    let guild = workspace.guild.0;
    // The names of tables written above.
    let states: Vec<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT state FROM {table} WHERE guild_id = ?")))
            .bind(guild)
            .fetch_all(workspace.connection())
            .await?;
    for state in states {
        let state: S = document(&state)?;
        let events = workspace.find_events(Subject { kind: S::KIND, id: state.id() }).await?;
        let led_to: Option<S> = serde_json::from_value(replay(&events)).ok();
        let led_to = led_to.map(|led_to| comparable(&led_to)).transpose()?;
        if led_to != Some(comparable(&state)?) {
            let kind = serde_json::to_value(S::KIND)?.as_str().unwrap_or_default().to_owned();
            return Err(anyhow::Error::new(LoadError::NotReplayed { kind, id: state.id() }).into());
        }
    }
    Ok(())
}

/// A state without what is kept without an event: how Discord shows a person just now.
fn comparable<S: Tracked>(state: &S) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(state)?;
    if let (Some(fields), crate::domain::event::SubjectKind::Member) = (value.as_object_mut(), S::KIND) {
        fields.remove("name");
    }
    Ok(value)
}
