//! What was aimed at, and whether it was met.

use std::time::Duration;

use crate::ask::Kind;
use crate::measure::{Measured, WAITS};
use crate::report::{asked, ratio, span};
use crate::sweep::Due;

const WRITES_ALONE: f64 = 0.7;
const WRITES_P99: f64 = 3.0;
const WRITES_TOGETHER: f64 = 2.0;
const LOOK_UPS: f64 = 1.5;
const MEMORY: f64 = 64.0;
const READY: Duration = Duration::from_millis(300);
/// What reads a whole workspace is answered in Discord's three seconds, or deferred and answered two later.
const WAIT: Duration = Duration::from_secs(5);
/// A sweep of as much on the large database may take so much of that on the smaller one: what measuring itself varies.
const SWEEP: f64 = 1.5;

struct Verdict {
    met: bool,
    text: String,
}

/// A line for each aim, and one more when it was the driver that was measured.
pub fn judge(results: &[Measured]) -> Vec<String> {
    let mut verdicts: Vec<Verdict> = results.iter().flat_map(writes).collect();
    if let [_, smaller, larger] = results {
        verdicts.extend(look_ups(smaller, larger));
        verdicts.extend(sweeps(smaller, larger));
        verdicts.push(at_most(larger.at_rest, MEMORY, "(c) memory at rest, MiB"));
    }
    verdicts.extend(results.iter().flat_map(waits));
    verdicts.extend(results.iter().map(ready));
    let mut lines: Vec<String> = verdicts.iter().map(Verdict::line).collect();
    lines.extend(results.iter().filter_map(bottleneck));
    lines
}

impl Verdict {
    fn line(&self) -> String {
        format!("- {}: {}", if self.met { "met" } else { "**missed**" }, self.text)
    }
}

fn at_least(is: f64, aim: f64, what: &str) -> Verdict {
    Verdict { met: is >= aim, text: format!("{what}: {is:.2}, aimed at {aim} or more") }
}

fn at_most(is: f64, aim: f64, what: &str) -> Verdict {
    Verdict { met: is <= aim, text: format!("{what}: {is:.2}, aimed at {aim} or less") }
}

fn writes(result: &Measured) -> Vec<Verdict> {
    let (letter, floor) = (result.size.letter, &result.floor);
    let of_kind = |kind: Kind| {
        let asked = asked(result, kind)?;
        let name = |what: &str| format!("({letter}) {} {what}", kind.label());
        let p99 = ratio(asked.alone.percentile(99), floor.alone.percentile(99));
        Some([
            at_least(asked.alone.rate() / floor.alone.rate(), WRITES_ALONE, &name("one at a time, of the floor")),
            at_most(p99, WRITES_P99, &name("p99 one at a time, of the floor's")),
            at_least(asked.together.rate() / floor.together.rate(), WRITES_TOGETHER, &name("64 at once, of the floor")),
        ])
    };
    [Kind::New, Kind::Update].into_iter().filter_map(of_kind).flatten().collect()
}

fn look_ups(smaller: &Measured, larger: &Measured) -> Vec<Verdict> {
    let of_kind = |kind: Kind| {
        let p50 = |result| asked(result, kind).map(|asked| asked.alone.percentile(50));
        let name = format!("{} p50 on (c), of that on (b)", kind.label());
        Some(at_most(ratio(p50(larger)?, p50(smaller)?), LOOK_UPS, &name))
    };
    [Kind::View, Kind::Autocomplete].into_iter().filter_map(of_kind).collect()
}

fn sweeps(smaller: &Measured, larger: &Measured) -> Option<Verdict> {
    let took = |result: &Measured| {
        let swept = result.swept.iter().find(|swept| swept.due == Due::Here(result.open))?;
        Some(swept.took)
    };
    Some(at_most(ratio(took(larger)?, took(smaller)?), SWEEP, "sweep of as many due on (c), of that on (b)"))
}

fn waits(result: &Measured) -> Vec<Verdict> {
    let verdict = |((name, _), took): (&(&str, &str), &Duration)| Verdict {
        met: *took <= WAIT,
        text: format!("({}) {name}: {}, aimed at {} or less", result.size.letter, span(*took), span(WAIT)),
    };
    WAITS.iter().zip(&result.waits).map(verdict).collect()
}

fn ready(result: &Measured) -> Verdict {
    let text =
        format!("({}) start to READY: {}, aimed at {} or less", result.size.letter, span(result.ready), span(READY));
    Verdict { met: result.ready <= READY, text }
}

/// With as much to do for the stand-in as for the bot, the figures of 64 at once say as much about it.
fn bottleneck(result: &Measured) -> Option<String> {
    let heavy = |asked: &crate::measure::Asked| {
        let (bot, driver) = asked.together.processor();
        driver > bot
    };
    let kinds: Vec<&str> =
        result.asked.iter().filter(|(_, asked)| heavy(asked)).map(|(kind, _)| kind.label()).collect();
    (!kinds.is_empty()).then(|| {
        let letter = result.size.letter;
        format!("- ({letter}) the driver used more processor time than the bot for {}", kinds.join(", "))
    })
}
