//! What a person reads after a context menu: which deal a message belongs to, and the deals of a person.

use super::control::CustomId;
use super::deal::{choose, list};
use super::message::Message;
use super::offer::Page;
use super::text::{brief, units};
use super::voice::Voice;
use crate::domain::card::DealCard;

/// Which deal shall a message be noted on? The select holds the reader's own and the last touched ones.
pub fn log_to_which(voice: &Voice, text: &str, cards: &[DealCard], id: CustomId) -> Message {
    if cards.is_empty() {
        let new = voice.command("deal new");
        return Message::silent().text(format!("There are no open deals yet. Record one with {new}.")).build();
    }
    let quoted = if units(text.trim()) == 0 {
        "It has no text, so its link".into()
    } else {
        format!("“{}”", brief(text, 200))
    };
    let other = voice.command("deal update");
    choose::deal(
        &format!("{quoted} becomes a note. On which deal? For one that isn't listed: {other} `note`."),
        cards,
        id,
    )
}

/// The open deals that a person owns or backs up.
pub fn joint_deals(voice: &Voice, name: &str, cards: &[DealCard], page: Page, open: CustomId) -> Message {
    list::behind(voice, &format!("Open deals of {}", brief(name, 60)), cards, page, open)
}
