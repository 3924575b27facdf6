//! One database from start to end: filled, started on, left alone, asked, swept.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use cosell::sandbox::Sandbox;
use tempfile::TempDir;

use crate::ask::{Asker, Kind};
use crate::child::{Bot, Program};
use crate::drive::{Sample, Stage};
use crate::place;
use crate::plan::{AT_ONCE, Plan, Size};
use crate::seed::{self, Seeded};
use crate::sweep::{self, Due, Swept};

/// How the answers to one kind of command were.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub alone: Sample,
    pub together: Sample,
}

/// All that was measured on one database.
#[derive(Debug)]
pub struct Measured {
    pub size: Size,
    /// Bytes of the file before the run.
    pub bytes: u64,
    /// How long it took to fill.
    pub filled_in: Duration,
    /// From process start to connection, the median; and the first, which registers the commands.
    pub ready: Duration,
    pub first_ready: Duration,
    /// Resident memory in MiB at rest, after the run, and of the floor after its run.
    pub at_rest: f64,
    pub after: f64,
    pub floor_after: f64,
    pub floor: Asked,
    pub asked: Vec<(Kind, Asked)>,
    pub open: usize,
    /// How long a lead waits for what reads the whole workspace, in the order of [`WAITS`].
    pub waits: Vec<Duration>,
    pub swept: Vec<Swept>,
}

/// What reads the whole workspace: how the table names it, and the command.
pub const WAITS: [(&str, &str); 4] = [
    ("agenda of all open deals", "/review agenda review:Pipeline"),
    ("`/program health`", "/program health"),
    ("`/program report` as a workbook", "/program report format:xlsx"),
    ("`/handover plan` of an owner", "/handover plan from:@rep0"),
];

/// Measures one database, in a folder that is gone afterwards.
pub async fn database(plan: &Plan, size: &Size) -> anyhow::Result<Measured> {
    let folder = TempDir::new()?;
    let path = folder.path().join("cosell.db");
    let sandbox = place::build(size.workspaces).await?;
    let start = Instant::now();
    let seeded = seed::fill(&path, size, &sandbox, plan.asked()).await?;
    let (filled_in, bytes, open) = (start.elapsed(), std::fs::metadata(&path)?.len(), seeded.open.len());
    eprintln!("  filled in {} s, {} MB", filled_in.as_secs(), bytes / 1_000_000);

    let (first_ready, ready) = starts(plan, &sandbox, &path).await?;
    let bot = Bot::start(Program::Cosell, &sandbox, &path).await?;
    tokio::time::sleep(plan.rest).await;
    let at_rest = bot.memory()?;
    let waits = waits(plan, &sandbox).await?;
    let stage = stage(sandbox, bot, &seeded);
    let floor = floor(folder.path(), &seeded).await?;
    let (floor_asked, asked) = ask(plan, &floor, &stage).await?;
    let (after, floor_after) = (stage.bot.memory()?, floor.bot.memory()?);
    let said = stage.bot.said();
    anyhow::ensure!(said.is_empty(), "the bot complained: {said}");
    anyhow::ensure!(floor.bot.said().is_empty(), "the floor complained: {}", floor.bot.said());

    let guild = place::company(&stage.sandbox, 0).await?.guild;
    floor.bot.stop().await?;
    stage.bot.stop().await?;
    let mut swept = Vec::new();
    for due in [Due::Nothing, Due::Here(open / 10), Due::Here(open), Due::Anywhere(open)] {
        swept.push(sweep::measure(&path, guild, due, plan.repeats).await?);
    }
    Ok(Measured {
        size: size.clone(),
        bytes,
        filled_in,
        ready,
        first_ready,
        at_rest,
        after,
        floor_after,
        floor: floor_asked,
        asked,
        open,
        waits,
        swept,
    })
}

/// The first start, and the median of those after it.
async fn starts(plan: &Plan, sandbox: &Sandbox, path: &Path) -> anyhow::Result<(Duration, Duration)> {
    let mut all = Vec::new();
    for _ in 0..=plan.starts {
        let bot = Bot::start(Program::Cosell, sandbox, path).await?;
        all.push(bot.took);
        bot.stop().await?;
    }
    let first = all.remove(0);
    all.sort();
    Ok((first, all[all.len() / 2]))
}

/// How long a lead waits for each of [`WAITS`], the median.
async fn waits(plan: &Plan, sandbox: &Sandbox) -> anyhow::Result<Vec<Duration>> {
    let lena = sandbox.person("lena");
    let schedule = "/review schedule name:Pipeline channel:#reviews every:two_weeks weekday:tuesday time:09:30";
    let scheduled = lena.slash(schedule).await;
    anyhow::ensure!(scheduled.message().is_some(), "the review was not scheduled: {}", scheduled.text());
    let mut waits = Vec::new();
    for (_, command) in WAITS {
        let mut times = Vec::new();
        for _ in 0..plan.repeats {
            let start = Instant::now();
            let shown = lena.slash(command).await;
            times.push(start.elapsed());
            anyhow::ensure!(shown.message().is_some(), "{command} was not answered: {}", shown.text());
        }
        times.sort();
        waits.push(times[times.len() / 2]);
    }
    Ok(waits)
}

fn stage(sandbox: Sandbox, bot: Bot, seeded: &Seeded) -> Stage {
    let asker = Asker::new(place::owners(&sandbox), seeded.clone());
    Stage { sandbox, bot, asker: Arc::new(asker), typed: Default::default() }
}

/// The bare bot, beside a stand-in of its own, with its database in the same folder.
async fn floor(folder: &Path, seeded: &Seeded) -> anyhow::Result<Stage> {
    let sandbox = place::build(1).await?;
    let bot = Bot::start(Program::Floor, &sandbox, &folder.join("floor.db")).await?;
    let registered = sandbox.wait_ready(Duration::from_secs(10)).await;
    registered.context("the floor's commands")?;
    Ok(stage(sandbox, bot, seeded))
}

/// Asks the floor and the bot by turns, so that both see the machine in the same moods.
async fn ask(plan: &Plan, floor: &Stage, stage: &Stage) -> anyhow::Result<(Asked, Vec<(Kind, Asked)>)> {
    floor.drive(Kind::New, plan.warm_up, 8).await?;
    for kind in Kind::ALL {
        stage.drive(kind, plan.warm_up, 8).await?;
    }
    let mut of_floor = Asked::default();
    let mut of_bot: Vec<(Kind, Asked)> = Kind::ALL.map(|kind| (kind, Asked::default())).to_vec();
    for round in 0..plan.rounds {
        eprintln!("  round {} of {}", round + 1, plan.rounds);
        of_floor.add(plan, floor, Kind::New).await?;
        for (kind, asked) in &mut of_bot {
            asked.add(plan, stage, *kind).await?;
        }
    }
    Ok((of_floor, of_bot))
}

impl Asked {
    async fn add(&mut self, plan: &Plan, stage: &Stage, kind: Kind) -> anyhow::Result<()> {
        self.alone.add(stage.drive(kind, plan.alone, 1).await?);
        self.together.add(stage.drive(kind, plan.together, AT_ONCE).await?);
        Ok(())
    }
}
