//! How SQLite finds rows: each query of the crate, as `.sqlx` keeps it, explained against a new database.

use std::path::Path;

use serde_json::Value;
use sqlx::{Row, SqliteConnection};

use super::Store;

/// Beginnings of queries that read a whole table, or all that a workspace has in it, and why that is right.
const WHOLE: &[(&str, &str)] = &[
    ("SELECT w.partner_id AS", "its own first rows"),
    ("SELECT MAX(", "reads one row at the end of the key"),
    ("SELECT (SELECT state FROM account", "reads its MAX at the end of the key"),
    ("SELECT EXISTS (SELECT 1 FROM event INDEXED BY event_won", "stops at the first win"),
    ("SELECT EXISTS (SELECT 1 FROM deal WHERE guild_id = ? AND amount IS NOT NULL)", "stops at the first amount"),
    (
        "SELECT (SELECT state FROM workspace WHERE guild_id = ?) AS settings,\n                      (SELECT json",
        "a list that is handed in",
    ),
    ("SELECT deal AS \"deal!\", state FROM episode", "a partial index: what runs"),
    ("SELECT deal AS \"deal!\", episode AS", "a partial index: what is owed"),
    ("SELECT json_group_array(json(step))", "reads the list that it made of won deals"),
    ("SELECT json_group_array(json_array(deal, partner_id", "a partial index: what runs"),
    ("SELECT COUNT(*) AS \"waiting!: i64\"", "a partial index: what waits"),
    ("SELECT COUNT(*) AS \"stalls!: i64\"", "a partial index: what runs"),
    (
        "SELECT guild_id AS \"guild_id!\" FROM workspace WHERE recheck_from",
        "what is unfinished: a partial index, two small tables",
    ),
    (
        "SELECT json_group_array(json_object('subject', subject_id, 'text', text)) AS \"found!: String\" FROM (\n                 \
         SELECT l.subject_id, l.text FROM (SELECT rowid",
        "candidates, limited already",
    ),
    ("UPDATE deal SET next_check_at = NULL", "the bot was removed"),
    ("SELECT EXISTS (SELECT 1 FROM workspace WHERE guild_id = ?) OR", "stops at the first row"),
    ("SELECT state FROM account WHERE guild_id = ? ORDER BY account_id", "an import knows every account"),
    ("SELECT COUNT(*) AS \"count!: i64\" FROM deal", "an export for the CRM counts what it leaves out"),
    ("SELECT id FROM outbox WHERE guild_id = ? ORDER BY id", "an export of the workspace has all of it"),
    ("SELECT guild_id FROM workspace ORDER BY guild_id", "the command line names every workspace"),
    ("SELECT number AS \"number!\", state ->> '$.crm'", "an import knows every deal's id in the CRM"),
    (
        "SELECT number AS \"number!\" FROM deal WHERE guild_id = ? ORDER BY number",
        "an export for the CRM has every deal",
    ),
    ("UPDATE outbox SET state = 'parked', reason = 'the bot was removed", "the bot was removed"),
    ("UPDATE outbox SET state = 'waiting', leased_until = NULL, due_at", "what waits, when a backup is restored"),
    ("SELECT MAX(at) AS \"at: i64\" FROM (", "what came last, when a backup is restored"),
    ("UPDATE review SET next_post_at", "reviews are few"),
    ("WITH change AS", "settings, partners and reviews are few"),
    ("SELECT (SELECT COUNT(*) FROM deal", "everything is counted before it is forgotten"),
    ("SELECT COUNT(*) AS \"changes!: i64\"", "a person is forgotten"),
    ("SELECT json_group_array(json_object('kind', subject_kind", "a person is forgotten"),
    ("UPDATE outbox SET body = NULL", "a person is forgotten"),
    ("DELETE FROM outbox WHERE guild_id = ?", "a person is forgotten"),
];

/// The statements of all queries.
fn statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let files = std::fs::read_dir(folder).expect("the folder of queries").map(|file| file.expect("a file").path());
    let queries = files.map(|path| {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a query")).expect("JSON");
        file["query"].as_str().expect("its text").to_owned()
    });
    queries
        .flat_map(|text| text.split(';').map(|s| s.trim().to_owned()).collect::<Vec<_>>())
        .filter(|s| !s.is_empty())
        .collect()
}

async fn plan(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {statement}");
    let rows = sqlx::query(sqlx::AssertSqlSafe(explain)).fetch_all(connection).await;
    let rows = rows.unwrap_or_else(|error| panic!("{statement}: {error}"));
    rows.into_iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// Whether a step reads all of a table, or all that a workspace has in a table that grows with the deals.
fn reads_whole(step: &str) -> bool {
    let grows = ["deal", "claim", "event", "account", "episode", "nudge", "lookup", "outbox"];
    let table = step.split(' ').nth(1).unwrap_or_default();
    let of_guild = step.ends_with("(guild_id=?)");
    let beside = ["VIRTUAL TABLE", "CONSTANT", "(subquery"].iter().any(|word| step.contains(word));
    (step.starts_with("SCAN") && !beside) || (of_guild && grows.contains(&table))
}

#[tokio::test]
async fn every_query_finds_its_rows_by_an_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("cosell.db")).await.expect("a new database opens");
    let mut connection = store.reader().await.expect("a reader");
    let mut whole = Vec::new();
    for statement in statements() {
        let steps = plan(&mut connection, &statement).await;
        let known = WHOLE.iter().any(|(known, _)| statement.starts_with(known));
        if let Some(step) = steps.iter().find(|step| reads_whole(step)).filter(|_| !known) {
            whole.push(format!("{step}\n    {statement}"));
        }
    }
    assert!(
        whole.is_empty(),
        "these read more than they need; name them with a reason, or give them an index:\n{}",
        whole.join("\n")
    );
}
