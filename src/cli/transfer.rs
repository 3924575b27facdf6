//! `cosell export` and `cosell import`: everything of a workspace as files, and back.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::progress::{Progress, grouped};
use crate::app::restore::restore;
use crate::config::{Database, LogOptions};
use crate::domain::id::GuildId;
use crate::ops::log;
use crate::store::dump::{Cell, CsvSink, Dumped, Folder, Head, JsonSink, Shape, Sink, Source, Zip};
use crate::store::{Store, remove_database};

/// What `export` takes.
#[derive(Debug, Args)]
pub struct ExportOptions {
    #[command(flatten)]
    database: Database,
    /// The workspace: its server's id; not needed where there is only one
    #[arg(long, value_name = "ID")]
    guild: Option<i64>,
    /// CSV, a file a table, or one JSON document
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Where to: a folder or a .zip for CSV, a file for JSON [default: cosell-ID or cosell-ID.json]
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

/// What `import` takes.
#[derive(Debug, Args)]
pub struct ImportOptions {
    /// What `cosell export` or /cosell export wrote: a folder, a .zip or a .json
    path: PathBuf,
    #[command(flatten)]
    database: Database,
}

/// How everything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A file a table.
    Csv,
    /// One document.
    Json,
}

/// Writes everything of a workspace. The bot may run meanwhile.
pub async fn export(options: ExportOptions) -> anyhow::Result<ExitCode> {
    log::start(&LogOptions::failures_only())?;
    let store = Store::open_beside(&options.database.db).await?;
    let outcome = write(&store, &options).await;
    store.close().await;
    outcome
}

async fn write(store: &Store, options: &ExportOptions) -> anyhow::Result<ExitCode> {
    let guild = chosen(store, options.guild).await?;
    let out = options.out.clone().unwrap_or_else(|| match options.format {
        Format::Csv => PathBuf::from(format!("cosell-{guild}")),
        Format::Json => PathBuf::from(format!("cosell-{guild}.json")),
    });
    if out.exists() {
        bail!("{} exists already; name another place with --out", out.display());
    }
    let is_zip = out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let dumped = match options.format {
        Format::Json => dump(store, guild, &mut JsonSink::new(BufWriter::new(create(&out)?))).await?,
        Format::Csv if is_zip => {
            let mut sink = CsvSink::new(Zip::new(BufWriter::new(create(&out)?)));
            let dumped = dump(store, guild, &mut sink).await?;
            if let Some(mut file) = sink.into_inner().into_inner() {
                file.flush()?;
            }
            dumped
        }
        Format::Csv => dump(store, guild, &mut CsvSink::new(Folder::new(out.clone()))).await?,
    };
    println!(
        "Exported workspace {guild} to {}: {} rows. It holds comp terms and what everybody typed.",
        out.display(),
        dumped.rows
    );
    if dumped.unsent > 0 {
        println!(
            "Messages not sent yet: {}. The bot of this database sends them; whatever imports the export does not.",
            dumped.unsent
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn create(path: &Path) -> anyhow::Result<File> {
    File::create_new(path).with_context(|| format!("{} can't be written", path.display()))
}

async fn dump(store: &Store, guild: GuildId, sink: &mut (dyn Sink + Send)) -> anyhow::Result<Dumped> {
    let rows = AtomicU64::new(0);
    let told = || format!("Exporting, {} rows", grouped(rows.load(Ordering::Relaxed)));
    let mut counting = Counting { inner: sink, rows: &rows };
    let dumped = Progress::begin().during(store.dump(guild, &mut counting), told).await?;
    dumped.with_context(|| format!("there is no workspace {guild} in this database"))
}

/// Counts the rows that go by.
struct Counting<'s> {
    inner: &'s mut (dyn Sink + Send),
    rows: &'s AtomicU64,
}

impl Sink for Counting<'_> {
    fn begin(&mut self, head: Head) -> io::Result<()> {
        self.inner.begin(head)
    }

    fn table(&mut self, shape: &Shape) -> io::Result<()> {
        self.inner.table(shape)
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.rows.fetch_add(1, Ordering::Relaxed);
        self.inner.row(cells)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.inner.finish()
    }
}

/// The workspace that was named, or the only one.
async fn chosen(store: &Store, named: Option<i64>) -> anyhow::Result<GuildId> {
    if let Some(id) = named {
        return Ok(GuildId(id));
    }
    match store.find_guilds().await?.as_slice() {
        [] => bail!("there is no workspace in this database yet"),
        [only] => Ok(*only),
        many => {
            let ids: Vec<String> = many.iter().map(GuildId::to_string).collect();
            bail!("there are several workspaces in this database; name one with --guild: {}", ids.join(", "))
        }
    }
}

/// Reads everything of a workspace back, all or nothing.
pub async fn import(options: ImportOptions) -> anyhow::Result<ExitCode> {
    log::start(&LogOptions::failures_only())?;
    let path = &options.database.db;
    let source = Source::of(&options.path)?;
    let is_new = !path.exists();
    let store = Store::open(path).await?;
    let taken = source.taken();
    let told = || format!("Importing, {} rows", grouped(taken.rows()));
    let outcome = Progress::begin().during(restore(&store, source), told).await.context("nothing was imported");
    store.close().await;
    if outcome.is_err() && is_new {
        remove_database(path);
    }
    let guild = outcome?;
    println!(
        "Imported workspace {guild} into {}. Messages that waited to be sent when it was exported are not sent from here.",
        path.display()
    );
    println!("Stop the bot that ran it before, so that no two remind the same people.");
    Ok(ExitCode::SUCCESS)
}
