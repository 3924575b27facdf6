//! The tables, in Markdown, as docs/performance.md shows them.

use std::fmt::Write;
use std::time::Duration;

use crate::ask::Kind;
use crate::drive::Sample;
use crate::measure::{Asked, Measured, WAITS};
use crate::plan::{Plan, thousands};
use crate::sweep::{Due, Swept};
use crate::{aim, machine};

/// Everything that is printed.
pub fn write(plan: &Plan, results: &[Measured]) -> String {
    let mut out = String::new();
    let each = format!("{} rounds of {} alone and {} at once", plan.rounds, plan.alone, plan.together);
    put(&mut out, &format!("Measured on {}. {each}.", machine::describe()));
    for result in results {
        put(
            &mut out,
            &format!("\n{}, {} open, {} MB\n", result.size.label(), thousands(result.open), result.bytes / 1_000_000),
        );
        commands(&mut out, result);
    }
    put(&mut out, "\nThe rest\n");
    rest(&mut out, results);
    put(&mut out, "\nAims\n");
    for line in aim::judge(results) {
        put(&mut out, &line);
    }
    out
}

fn put(out: &mut String, line: &str) {
    writeln!(out, "{line}").expect("writing to a String never fails");
}

fn commands(out: &mut String, result: &Measured) {
    put(out, "| | one at a time | p50 | p99 | 64 at once | p50 | p99 | processor, bot + driver |");
    put(out, "|---|---:|---:|---:|---:|---:|---:|---:|");
    put(out, &line("floor: one INSERT", &result.floor, None));
    for (kind, asked) in &result.asked {
        put(out, &line(kind.label(), asked, kind.writes().then_some(&result.floor)));
    }
}

fn line(name: &str, asked: &Asked, floor: Option<&Asked>) -> String {
    let (bot, driver) = asked.together.processor();
    let [alone, together] = [(&asked.alone, floor.map(|f| &f.alone)), (&asked.together, floor.map(|f| &f.together))]
        .map(|(sample, floor)| cells(sample, floor));
    format!("| {name} | {alone} | {together} | {} + {} |", span(bot), span(driver))
}

/// Commands a second, p50 and p99, with what they are of the floor's where it is the measure.
fn cells(sample: &Sample, floor: Option<&Sample>) -> String {
    let (rate, p50, p99) = (sample.rate(), sample.percentile(50), sample.percentile(99));
    let of = |ratio: f64| format!(" ({ratio:.2} ×)");
    let (of_rate, of_p99) = match floor {
        Some(floor) => (of(rate / floor.rate()), of(ratio(p99, floor.percentile(99)))),
        None => (String::new(), String::new()),
    };
    format!("{rate:.0}/s{of_rate} | {} | {}{of_p99}", span(p50), span(p99))
}

fn rest(out: &mut String, results: &[Measured]) {
    let head: Vec<String> = results.iter().map(|r| format!("({})", r.size.letter)).collect();
    put(out, &format!("| | {} |", head.join(" | ")));
    put(out, &format!("|---|{}", "---:|".repeat(results.len())));
    let mut row = |name: &str, cell: &dyn Fn(&Measured) -> String| {
        let cells: Vec<String> = results.iter().map(cell).collect();
        put(out, &format!("| {name} | {} |", cells.join(" | ")));
    };
    row("start to READY", &|r| span(r.ready));
    row("the first start, which registers the commands", &|r| span(r.first_ready));
    row("memory at rest after READY", &|r| format!("{:.1} MiB", r.at_rest));
    row("memory after the run", &|r| format!("{:.1} MiB", r.after));
    row("memory of the floor after the run", &|r| format!("{:.1} MiB", r.floor_after));
    for (n, (name, _)) in WAITS.iter().enumerate() {
        row(name, &|r| r.waits.get(n).copied().map_or("–".to_owned(), span));
    }
    row("sweep, nothing due", &|r| swept(r.swept.iter().find(|s| s.due == Due::Nothing)));
    row("sweep, a tenth of the open deals due", &|r| swept(r.swept.iter().find(|s| s.due == Due::Here(r.open / 10))));
    row("sweep, all open deals of the workspace due", &|r| swept(r.swept.iter().find(|s| s.due == Due::Here(r.open))));
    row("sweep, as many due over all workspaces", &|r| swept(r.swept.iter().find(|s| s.due == Due::Anywhere(r.open))));
    row("filling the database", &|r| format!("{} s", r.filled_in.as_secs()));
}

fn swept(swept: Option<&Swept>) -> String {
    swept.map_or("–".to_owned(), |s| format!("{} for {}", span(s.took), thousands(s.deals as usize)))
}

/// What a duration is of another.
pub fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64().max(f64::EPSILON)
}

/// A duration in the unit that suits it.
pub fn span(took: Duration) -> String {
    match took.as_secs_f64() {
        seconds if seconds >= 10.0 => format!("{seconds:.0} s"),
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 0.01 => format!("{:.0} ms", seconds * 1e3),
        seconds if seconds >= 0.001 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{:.0} µs", seconds * 1e6),
    }
}

/// The answers to one kind of command on a database.
pub fn asked(result: &Measured, kind: Kind) -> Option<&Asked> {
    result.asked.iter().find(|(k, _)| *k == kind).map(|(_, asked)| asked)
}
