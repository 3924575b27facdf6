//! What is asked before a person or a workspace is forgotten, and what is said after.

use super::control::CustomId;
use super::deal;
use super::message::Message;
use super::modal::{Modal, TextInput};
use super::offer::{Offers, buttons};
use super::voice::{Voice, count};
use crate::domain::card::Named;
use crate::domain::forget::{Standing, former_name};

/// The input of the form that asks for the server's name.
pub const NAME: &str = "name";

/// Whether a person shall be forgotten: what goes, and what stays.
pub fn confirm_person(person: &Named, (changes, deals): (i64, i64), stands: Standing, offers: Offers) -> Message {
    let former = former_name(person.member);
    let changes = count(usize::try_from(changes).unwrap_or(0), "change");
    let deals = count(usize::try_from(deals).unwrap_or(0), "deal");
    let mut lines = vec![
        format!("Forget {}? This can't be taken back.", deal::person(person)),
        "- Gone: their name and Discord id, their settings and drafts, which commands they used, and what they typed: notes, next steps, evidence, reasons, topics, decisions, actions."
            .to_owned(),
        format!("- Stays, under “{former}”: that they made {changes} on {deals}, and when; amounts, stages and closed credit."),
        "- Stays as it is: names of accounts and partners, partners' contacts, the motion, CRM ids. They are the company's."
            .to_owned(),
    ];
    lines.extend(let_go(stands).map(|stands| format!("- Let go of: {stands}.")));
    lines.push("Messages that stand in Discord already, and backups of the database, are yours to delete.".to_owned());
    Message::silent().text(lines.join("\n")).buttons(buttons(offers)).build()
}

/// `the number, which nobody owns then; 2 partners, which nobody manages then; …`.
fn let_go(stands: Standing) -> Option<String> {
    let said = [
        (stands.number, "the number, which nobody owns then".to_owned()),
        (stands.partners, format!("{}, managed by nobody then", count(stands.partners, "partner"))),
        (stands.backups, format!("the backup of {}", count(stands.backups, "open deal"))),
        (
            stands.claims,
            format!("{} to confirm, which the leads find in their own work then", count(stands.claims, "claim")),
        ),
    ];
    let said: Vec<String> = said.into_iter().filter(|(n, _)| *n > 0).map(|(_, said)| said).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// A person was forgotten.
pub fn person_forgotten(person: &Named) -> Message {
    Message::silent().text(format!("Done. Here they are “{}” from now on.", former_name(person.member))).build()
}

/// How much there is of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Deals.
    pub deals: i64,
    /// Everything that was ever changed.
    pub changes: i64,
    /// Partners.
    pub partners: i64,
    /// Reviews.
    pub reviews: i64,
    /// People.
    pub people: i64,
}

/// Whether everything shall be forgotten.
pub fn confirm_workspace(extent: Extent, offers: Offers) -> Message {
    let of = |n: i64, noun| count(usize::try_from(n).unwrap_or(0), noun);
    let people = if extent.people == 1 { "1 person".to_owned() } else { format!("{} people", extent.people) };
    let lines = [
        "Forget everything that cosell keeps for this server? This can't be taken back.".to_owned(),
        format!(
            "- Gone: {}, {}, {}, {people}, {}, all settings, targets and comp, and all that waits to be sent.",
            of(extent.deals, "deal"),
            of(extent.partners, "partner"),
            of(extent.reviews, "review"),
            of(extent.changes, "recorded change"),
        ),
        "- Stays: messages that stand in Discord already, and backups of the database.".to_owned(),
        "The next step asks for the server's name.".to_owned(),
    ];
    Message::silent().text(lines.join("\n")).buttons(buttons(offers)).build()
}

/// The form that asks for the server's name.
pub fn ask_name(id: CustomId) -> Modal {
    let input = TextInput::line(NAME, "Name of this server, as Discord shows it", 100).required();
    Modal::new(id, "Forget everything", input)
}

/// Everything was forgotten.
pub fn workspace_forgotten(voice: &Voice) -> Message {
    let said = format!(
        "Done. cosell keeps nothing of this server any more, and does nothing here until an admin starts anew with {}.",
        voice.command("cosell setup")
    );
    Message::silent().text(said).build()
}

/// Nobody was forgotten.
pub fn kept() -> Message {
    Message::silent().text("Nothing was forgotten.").build()
}

#[cfg(test)]
mod tests;
