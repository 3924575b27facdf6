//! What is in the database of a workspace.

use sqlx::{Connection, Row, SqliteConnection};

use super::support::Stage;

/// All rows of a workspace in every table that has any.
pub async fn rows_of(stage: &Stage, guild: i64) -> Vec<String> {
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", stage.database().display())).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'guild_id') ORDER BY m.name",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(tables.len() > 5, "{tables:?}");
    let mut rows = Vec::new();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_xinfo(?)")
            .bind(&table)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let query = format!("SELECT {} FROM {table} WHERE guild_id = ? ORDER BY 1", quoted.join(" || ',' || "));
        let found = sqlx::query(sqlx::AssertSqlSafe(query)).bind(guild).fetch_all(&mut connection).await.unwrap();
        rows.extend(found.iter().map(|row| format!("{table}: {}", row.get::<String, _>(0))));
    }
    rows
}
