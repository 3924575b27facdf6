//! The picture in words, for those who can't see it and where images are off.

use super::super::text::{self, units};
use super::{Pipeline, Row, deals, more_stages};

/// What Discord takes as an attachment's description, in UTF-16 code units.
const LIMIT: usize = 1024;
/// Longest name or label kept whole, so that one can't push out the others.
const LONGEST: usize = 80;

/// The figures as sentences: the total, each stage that has deals, the target, what is not counted. Stages that don't
/// fit are counted.
pub fn words(pipeline: &Pipeline) -> String {
    let title = clip(&pipeline.title);
    if pipeline.is_empty() {
        return join(&format!("{title}: no open deals."), &[], &closing(pipeline), more_stages);
    }
    let opening = format!("{title}. {}", figures(&pipeline.total));
    let stages: Vec<String> = pipeline.rows.iter().map(figures).collect();
    join(&opening, &stages, &closing(pipeline), more_stages)
}

/// Target and what is not counted.
fn closing(pipeline: &Pipeline) -> String {
    let target = pipeline.target.as_ref().map(|target| &target.label);
    let notes = target.into_iter().chain(&pipeline.not_counted);
    notes.map(|note| format!(" {}.", clip(note))).collect()
}

/// "Qualified: €340k in 3 deals, €85k weighted."
fn figures(row: &Row) -> String {
    let name = clip(&row.name);
    if row.count == 0 {
        return format!("{name}: none.");
    }
    let (amount, weighted) = (clip(&row.amount_label), clip(&row.weighted_label));
    format!("{name}: {amount} in {}, {weighted} weighted.", deals(row))
}

/// As many of the sentences as fit between opening and closing; those that don't are counted.
pub(super) fn join(opening: &str, all: &[String], closing: &str, more: impl Fn(usize) -> String) -> String {
    let sentence = |kept: usize| {
        let left = all.len() - kept;
        let shown: String = all[..kept].iter().map(|one| format!(" {one}")).collect();
        let more = if left == 0 { String::new() } else { format!(" {}.", more(left)) };
        format!("{opening}{shown}{more}{closing}")
    };
    (0..=all.len())
        .rev()
        .map(sentence)
        .find(|text| units(text) <= LIMIT)
        .expect("opening and closing hold at most six clipped texts")
}

/// One line of at most [`LONGEST`] UTF-16 code units.
pub(super) fn clip(text: &str) -> String {
    text::clip(&text::plain(text), LONGEST)
}
