//! Of what was looked for and is not there, and of names that are taken.

use super::ECHO;
use crate::domain::refusal::Thing;
use crate::render::text::{brief, plain};
use crate::render::voice::Voice;

pub(super) fn name_taken(what: Thing, name: &str) -> String {
    let instead = match what {
        Thing::Account => "Choose another name, or merge the two with **merge_into**.",
        Thing::Criterion => "Change its words, or leave it as it is.",
        _ => "Choose another name.",
    };
    match what {
        Thing::Criterion => format!("That stage has “{name}” already. {instead}"),
        _ => format!("There is already {} called {name}. {instead}", one(what)),
    }
}

pub(super) fn not_found(voice: &Voice, what: Thing, typed: &str, close: &[String]) -> String {
    let mut said = match plain(typed).as_str() {
        "" => format!("There is no such {} here.", noun(what)),
        _ => format!("There is no {} “{}” here.", noun(what), brief(typed, ECHO)),
    };
    if !close.is_empty() {
        said.push_str(&format!(" Did you mean {}?", either(close)));
    }
    said.push(' ');
    said.push_str(&match what {
        Thing::Deal => format!("Pick one as you type, or see {}.", voice.command("deal list")),
        Thing::Account => "Pick one as you type.".to_owned(),
        Thing::Partner => {
            format!(
                "See {}, or ask a lead to add it with {}.",
                voice.command("partner list"),
                voice.command("partner add")
            )
        }
        Thing::Review => format!("See {}.", voice.command("review list")),
        Thing::Stage | Thing::Criterion => "Pick one from the list.".to_owned(),
        Thing::Zone => "Write a city of the zone, like Europe/Berlin, and pick from the list.".to_owned(),
        Thing::Topic => format!("{} shows the topics.", voice.command("help")),
        Thing::Occurrence => format!("{} shows the next dates.", voice.command("review list")),
    });
    said
}

/// `Globex, Globex Corp or Globexo`.
pub(super) fn either(names: &[String]) -> String {
    let near: Vec<String> = names.iter().take(5).map(|name| brief(name, ECHO)).collect();
    match near.as_slice() {
        [init @ .., last] if !init.is_empty() => format!("{} or {last}", init.join(", ")),
        few => few.concat(),
    }
}

fn noun(what: Thing) -> &'static str {
    match what {
        Thing::Deal => "deal",
        Thing::Account => "account",
        Thing::Partner => "partner",
        Thing::Review => "review",
        Thing::Stage => "stage",
        Thing::Criterion => "exit criterion",
        Thing::Zone => "time zone",
        Thing::Topic => "help topic",
        Thing::Occurrence => "meeting",
    }
}

fn one(what: Thing) -> String {
    let article = if matches!(what, Thing::Account | Thing::Criterion) { "an" } else { "a" };
    format!("{article} {}", noun(what))
}
