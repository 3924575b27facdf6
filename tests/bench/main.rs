//! The benchmark: the whole bot as a child process, driven through the stand-in for Discord over loopback, beside a
//! bare serenity bot as the floor. Prints a Markdown table and says which aims are missed. `cargo bench` runs it;
//! `COSELL_BENCH=quick` takes small databases and few commands, to see whether everything works.
//!
//! | File | Owns |
//! |---|---|
//! | `plan` | how much is stored and asked in a run |
//! | `place` | the stand-in's world, and who is who in it |
//! | `name`, `seed` | the databases, written through the crate's store |
//! | `child` | a bot in a process of its own, its memory and processor time |
//! | `floor` | the bare bot |
//! | `ask` | what is typed |
//! | `drive` | typing it, one at a time and 64 at once |
//! | `sweep` | the stall sweep, in this process |
//! | `measure` | one database from start to end |
//! | `machine`, `report`, `aim` | what is printed |

mod aim;
mod ask;
mod child;
mod drive;
mod floor;
mod machine;
mod measure;
mod name;
mod place;
mod plan;
mod report;
mod seed;
mod sweep;

use anyhow::Context;
use plan::Plan;

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if std::env::args().nth(1).as_deref() == Some(floor::ARGUMENT) {
        return runtime.block_on(floor::run());
    }
    runtime.block_on(run(&Plan::from_environment()?))
}

async fn run(plan: &Plan) -> anyhow::Result<()> {
    let mut results = Vec::new();
    for size in &plan.databases {
        eprintln!("{}", size.label());
        let result = measure::database(plan, size).await;
        results.push(result.with_context(|| format!("on the database of {}", size.label()))?);
        // What comes later may fail; what was measured is not lost then.
        eprintln!("{}", report::write(plan, &results));
    }
    println!("{}", report::write(plan, &results));
    Ok(())
}
