//! What is said of accounts.

use super::control::{Button, CustomId};
use super::embed::Lines;
use super::message::Message;
use super::offer::{Offers, buttons};
use super::text::{brief, plain};
use super::voice::{Voice, count};
use crate::domain::overview::AccountChange;

/// Buttons for names that are close; a row of them, with one more row for the new name.
const CLOSE: usize = 5;

/// A name that is not known yet, but close to others: one of these, or a new account? What was typed is kept.
pub fn did_you_mean(typed: &str, close: &[(String, CustomId)], create: CustomId) -> Message {
    let said = format!(
        "Not saved yet. There is no account “{}”. Is it one of these? What you typed is kept for 24 hours.",
        brief(typed, 100)
    );
    let names = close.iter().take(CLOSE).map(|(name, id)| Button::primary(id.clone(), name));
    let new = Button::secondary(create, format!("New: {}", plain(typed)));
    Message::silent().lines(Lines::text(said).refusing()).buttons(names).buttons([new]).build()
}

/// An account was renamed or merged.
pub fn changed(voice: &Voice, change: &AccountChange, offers: Offers) -> Message {
    let draft = match change {
        AccountChange::Renamed { from, to } => Message::silent().text(format!(
            "Saved. {} is called {} now, on all its deals.",
            brief(from, 100),
            brief(to, 100)
        )),
        AccountChange::Merged { from, into, deals } => {
            let (from, into) = (brief(from, 100), brief(into, 100));
            let moved = match deals.len() {
                0 => "It had no deals.".to_owned(),
                n => format!("{} moved:", count(n, "deal")),
            };
            let list = voice.command("deal list");
            let lines = deals.chunks(10).map(|part| part.iter().map(|d| d.label()).collect::<Vec<_>>().join(", "));
            let lines = Lines::of(lines.collect::<Vec<_>>(), move |n| format!("… and up to {} more: {list}", n * 10));
            Message::silent().text(format!("Saved. {from} is part of {into} now. {moved}")).lines(lines)
        }
    };
    draft.buttons(buttons(offers)).build()
}
