//! Changes of settings that have words of their own, because their fields don't read by themselves: the motion, what is set
//! by quarter, and that setup was finished.

use serde::de::DeserializeOwned;

use super::super::deal::change::{member, partner};
use super::super::motion::differing;
use super::super::text::brief;
use super::super::voice::Voice;
use super::{Behind, VALUE};
use crate::domain::card::Names;
use crate::domain::event::{Event, EventKind};
use crate::domain::motion::{Motion, Motions};
use crate::domain::number::{Cost, OfPeriod, Share, Target};

/// The fields that are told here.
pub(super) const OWN_WORDS: [&str; 4] = ["motions", "motion_draft", "targets", "costs"];

/// What an event did to them.
pub(super) fn told(voice: &Voice, behind: &Behind, event: &Event) -> Vec<String> {
    let finished = event.after.get("ready").is_some_and(|ready| ready == true);
    let finished = (finished && event.kind != EventKind::Created).then(|| "setup finished".to_owned());
    let names = behind.names;
    let target = |target: &Target| format!("target of {}{}", voice.period(target.start), whose(names, target.of));
    let cost = |cost: &Cost| {
        let note = cost.note.as_deref().map(|note| format!(" for “{}”", brief(note, VALUE))).unwrap_or_default();
        format!("cost of {}{note}", voice.period(cost.start))
    };
    let mut said: Vec<String> = finished.into_iter().collect();
    said.extend(motion(behind, event));
    said.extend(of_period(voice, pair(event, "targets"), target));
    said.extend(of_period(voice, pair(event, "costs"), cost));
    said
}

/// A field before and after; `None` where the event left it, or it can't be read.
fn pair<T: DeserializeOwned>(event: &Event, field: &str) -> Option<(T, T)> {
    let read = |value: Option<&serde_json::Value>| T::deserialize(value?).ok();
    read(event.before.get(field)).zip(read(event.after.get(field)))
}

fn whose(names: &Names, of: Share) -> String {
    match of {
        Share::Whole => String::new(),
        Share::Owner(owner) => format!(" for {}", member(names, owner)),
        Share::Partner(of) => format!(" with {}", partner(names, of)),
    }
}

/// What is set by quarter: `target of Q1 FY2027 $1,000,000 → $1,500,000`.
fn of_period<T: OfPeriod + PartialEq>(
    voice: &Voice,
    pair: Option<(Vec<T>, Vec<T>)>,
    name: impl Fn(&T) -> String,
) -> Vec<String> {
    let (before, after) = pair.unwrap_or_default();
    let amount = |of: Option<&T>| of.map_or_else(|| "none".to_owned(), |of| voice.money(of.amount()));
    let same = |all: &[T], one: &T| all.iter().position(|other| other.is_same(one));
    let gone = before.iter().filter(|old| same(&after, old).is_none());
    let gone = gone.map(|old| format!("{} {} → none", name(old), voice.money(old.amount())));
    let put = after.iter().filter(|new| !before.contains(new)).map(|new| {
        let old = same(&before, new).map(|at| &before[at]);
        format!("{} {} → {}", name(new), amount(old), voice.money(new.amount()))
    });
    gone.chain(put).collect()
}

/// A version that was published, or what the draft of the next one says otherwise now. A publication ends the draft.
fn motion(behind: &Behind, event: &Event) -> Vec<String> {
    if let Some((before, after)) = pair::<Motions>(event, "motions") {
        let note = after.current().published.as_ref().map(|p| format!(": “{}”", brief(&p.note, VALUE)));
        let is = format!("motion: version {} → {}", before.current().version, after.current().version);
        let said = std::iter::once(is + &note.unwrap_or_default());
        return said.chain(differing(before.current(), after.current())).collect();
    }
    let Some((before, after)) = pair::<Option<Motion>>(event, "motion_draft") else { return Vec::new() };
    let Some(after) = after else { return before.iter().map(|_| "draft of the motion discarded".to_owned()).collect() };
    let base = before.as_ref().or_else(|| behind.motions.newest_first().find(|m| m.version < after.version));
    let said = base.into_iter().flat_map(|base| differing(base, &after));
    std::iter::once(format!("draft of version {} of the motion", after.version)).chain(said).collect()
}
