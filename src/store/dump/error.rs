//! Why a file was not read. Nothing of it is kept then.

use crate::domain::id::GuildId;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is no export.
    #[error("{0} is no export of cosell: a .json, a .zip, or a folder of .csv files that `cosell export` wrote")]
    NoExport(String),
    /// It can't be read.
    #[error("{path} can't be read: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is of another form or schema.
    #[error(
        "the export is of schema {found}, and this cosell knows {known}. Import it with the version that wrote it; that database is brought up to date when this version opens it"
    )]
    OtherSchema {
        /// What the file says.
        found: i64,
        /// What this build knows.
        known: i64,
    },
    /// The workspace is there already.
    #[error(
        "workspace {0} is in this database already, and an import never mixes two. Import into another file with --db, or delete it first with /cosell forget workspace"
    )]
    Exists(GuildId),
    /// A row does not fit.
    #[error("{table}, row {row}: {why}")]
    Row {
        /// The table.
        table: String,
        /// The row, from 1, without the header.
        row: u64,
        /// What is wrong.
        why: String,
    },
    /// Rows do not fit where they go.
    #[error("{table}: a row does not fit: {source}")]
    Refused {
        /// The table.
        table: String,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// A state is not what its events lead to.
    #[error("{kind} {id} is not what its recorded changes lead to: the file was changed or cut")]
    NotReplayed {
        /// What kind of thing.
        kind: String,
        /// Which.
        id: i64,
    },
}
