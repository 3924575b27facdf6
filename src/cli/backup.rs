//! `cosell check`, `cosell backup` and `cosell restore`: whether the database is well, a copy of it, and back to one.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use super::progress::{self, Progress};
use crate::app::catch_up::CaughtUp;
use crate::clock::Clock;
use crate::config::{Backups, Database, LogOptions};
use crate::discord::end::FAILED;
use crate::ops::restore::{self, Restored};
use crate::ops::{backup, log};
use crate::store::check::{Aspect, Checked, Checker};
use crate::store::{Store, growing, own_like, restoring};

/// Faults of one aspect that are named.
const NAMED: usize = 20;

/// What `check` takes.
#[derive(Debug, Args)]
pub struct CheckOptions {
    #[command(flatten)]
    database: Database,
}

/// What `backup` takes.
#[derive(Debug, Args)]
pub struct BackupOptions {
    #[command(flatten)]
    database: Database,
    /// The copy [default: a name with the time, in backups beside the database]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What `restore` takes.
#[derive(Debug, Args)]
pub struct RestoreOptions {
    /// What `cosell backup`, the daily backups or a replica left
    backup: PathBuf,
    #[command(flatten)]
    database: Database,
}

/// Looks through a database. The bot may run meanwhile.
pub async fn check(options: CheckOptions) -> anyhow::Result<ExitCode> {
    log::start(&LogOptions::failures_only())?;
    let progress = Progress::begin();
    let mut checker = Checker::open(&options.database.db).await?;
    let mut is_well = true;
    for (n, aspect) in Aspect::ALL.into_iter().enumerate() {
        let told = || format!("Checking, {} of {}: {aspect}", n + 1, Aspect::ALL.len());
        let checked = progress.during(checker.check(aspect), told).await;
        is_well &= checked.faults.is_empty();
        print_checked(aspect, &checked);
    }
    checker.close().await?;
    if is_well {
        println!("{} is well.", options.database.db.display());
        return Ok(ExitCode::SUCCESS);
    }
    println!("Stop the bot, keep a copy of the file as it is, and go back to a backup with: cosell restore FILE");
    Ok(ExitCode::from(FAILED))
}

fn print_checked(aspect: Aspect, Checked { seen, faults }: &Checked) {
    match faults.len() {
        0 => println!("{aspect}: well ({seen} looked at)"),
        many => println!("{aspect}: {many} faults ({seen} looked at)"),
    }
    faults.iter().take(NAMED).for_each(|fault| println!("  {fault}"));
    if let Some(more) = faults.len().checked_sub(NAMED).filter(|more| *more > 0) {
        println!("  … and {more} more");
    }
}

/// Copies a database. The bot may run meanwhile.
pub async fn back_up(options: BackupOptions) -> anyhow::Result<ExitCode> {
    log::start(&LogOptions::failures_only())?;
    let database = &options.database.db;
    let now = Clock::System.now();
    let store = Store::open_beside(database).await?;
    let out = match options.out {
        Some(out) => out,
        None => {
            let folder = Backups::beside(database);
            std::fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
            own_like(&folder, database);
            backup::place(&folder, database, store.tag(), now)
        }
    };
    let (growing, name) = (growing(&out), out.display());
    let told = || match progress::copied(database, &growing) {
        Some(copied) => format!("Copying to {name}, {copied}"),
        None => format!("Looking through {name}"),
    };
    let made = Progress::begin().during(store.back_up(&out, now), told).await;
    store.close().await;
    made?;
    let size = std::fs::metadata(&out)?.len();
    println!("Backed up {} to {} ({size} bytes), and looked through the copy.", database.display(), out.display());
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup in the place of the database, which no process may be running.
pub async fn restore(options: RestoreOptions) -> anyhow::Result<ExitCode> {
    log::start(&LogOptions::failures_only())?;
    let database = &options.database.db;
    if !options.backup.exists() {
        bail!("there is no backup {}", options.backup.display());
    }
    let growing = growing(&restoring(database));
    let told = || match progress::copied(&options.backup, &growing) {
        Some(copied) => format!("Restoring, {copied}"),
        None => "Restoring, looking through it and catching up with the time since".to_owned(),
    };
    let restoring = restore::restore(&options.backup, database, Clock::System.now());
    let restored = Progress::begin().during(restoring, told).await;
    let Restored { kept, caught_up } = restored.context("nothing was restored")?;
    println!("Restored {} to {}.", options.backup.display(), database.display());
    if let Some(kept) = kept {
        println!("What was there is kept: {}", kept.display());
    }
    if let Some(CaughtUp { known_until, presumed }) = caught_up {
        println!(
            "It knows what happened until {known_until}. What was due since then counts as sent ({presumed} messages)."
        );
        println!("The bot tells the admins of each workspace so.");
    }
    Ok(ExitCode::SUCCESS)
}
