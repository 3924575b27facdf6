//! What happened to a deal: who, when, and what it was before. Newest first, in pages that hold whole entries.

use super::super::embed::{Embed, Lines};
use super::super::message::Message;
use super::super::offer::Page;
use super::super::text::{clip, units};
use super::super::voice::{Voice, count, moment};
use super::{about, change};
use crate::domain::card::{DealCard, Names};
use crate::domain::event::{Event, EventKind, is_taken_back};

/// How much a page holds; below what an embed's description may have.
const PAGE: usize = 3_600;

/// The pages of a history, each the text of its entries. Made from all events, oldest first as they are stored, so that
/// a page is the same whoever turns to it.
pub fn pages(voice: &Voice, names: &Names, events: &[Event]) -> Vec<Vec<String>> {
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    let mut used = 0;
    let told = |(index, event)| line(voice, names, event, &events[index + 1..]);
    for line in events.iter().enumerate().rev().filter_map(told) {
        let line = clip(&line, PAGE);
        let length = units(&line) + 1;
        if used + length > PAGE {
            pages.push(Vec::new());
            used = 0;
        }
        used += length;
        pages.last_mut().expect("there is always a page").push(line);
    }
    pages
}

/// One page of what happened to a deal.
pub fn history(card: &DealCard, pages: &[Vec<String>], page: Page) -> Message {
    let title = format!("{}: what happened", about::heading(card));
    let entries: usize = pages.iter().map(Vec::len).sum();
    let shown = pages.get(page.index).cloned().unwrap_or_default();
    let footer = [Some(format!("{}, newest first", count(entries, "change"))), page.words()];
    let footer = footer.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let embed = match entries {
        0 => Embed::titled(title).text("Nothing yet."),
        _ => Embed::titled(title).lines(Lines::of(shown, |n| format!("… and {n} more on this page"))).footer(footer),
    };
    Message::silent().embed(embed).buttons(page.buttons()).build()
}

/// `<t:…:f> @ana: stage Prospect → Qualified; “they said yes”`; `None` when nothing that people see changed. A note that
/// was taken back, by what came later, is no longer quoted: it may stand on the wrong deal.
fn line(voice: &Voice, names: &Names, event: &Event, later: &[Event]) -> Option<String> {
    let said = match event.kind {
        EventKind::Noted if is_taken_back(event, later) => vec!["a note that was taken back".to_owned()],
        _ => change::phrases(voice, names, event),
    };
    let who = change::member(names, event.actor);
    (!said.is_empty()).then(|| format!("{} {who}: {}", moment(event.at), said.join("; ")))
}

/// What changed since a version, for answers to something that was opened on it.
pub(in crate::render) fn since(voice: &Voice, names: &Names, events: &[Event], version: i64) -> Lines {
    let newer = events.iter().enumerate().filter(|(_, e)| e.version > version);
    let told = |(index, event)| line(voice, names, event, &events[index + 1..]);
    let lines: Vec<String> = newer.filter_map(told).collect();
    Lines::of(lines, |n| format!("… and {}", count(n, "more change")))
}
