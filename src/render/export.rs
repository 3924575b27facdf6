//! What is said along with files: everything of a workspace, and what a CRM takes back.

use super::message::Message;
use super::money::typed_money;
use super::sheet::Sheet;
use super::voice::{Voice, count};
use crate::domain::attribution::Timeliness;
use crate::domain::card::DealCard;
use crate::domain::import::crm_id;
use crate::domain::period::Period;

/// Everything of the workspace, as a file.
pub fn workspace(filename: &str, bytes: Vec<u8>, unsent: u64) -> Message {
    let mut said = "Everything that cosell keeps for this server: settings, deals, partners, people, and each recorded change. It holds what reps are paid by and what everybody typed, so keep it to yourself. Drafts, and which commands somebody used, are not in it.".to_owned();
    if unsent > 0 {
        let messages = count(usize::try_from(unsent).unwrap_or(usize::MAX), "message");
        said.push_str(&format!(
            "\n{messages} not sent yet: this bot sends them, and whatever reads the file does not."
        ));
    }
    said.push_str("\nOn the machine, `cosell import FILE` reads it back into an empty database.");
    Message::silent().text(said).attach(filename, bytes, "Everything of this workspace").build()
}

/// It does not fit into a message.
pub fn too_big() -> Message {
    let said = "The file is bigger than the 10 MiB that Discord takes. Whoever runs the bot can write it on the machine, of any size and while the bot runs: `cosell export --db FILE --out FOLDER`, with `--format json` for JSON.";
    Message::silent().text(said).build()
}

/// The deals that a CRM takes back, as a file.
pub fn crm(voice: &Voice, cards: &[DealCard], period: Option<&Period>, without: i64) -> Message {
    let when = period.map(|period| format!(" that close or closed in {}", period)).unwrap_or_default();
    let mut said = format!(
        "{}{when}, by the CRM's id: class, partner, evidence, and when it was recorded. No pay is in it.",
        count(cards.len(), "deal")
    );
    if without > 0 {
        let deals = count(usize::try_from(without).unwrap_or(usize::MAX), "deal");
        said.push_str(&format!(
            "\n{deals} without a CRM id {} not in it. {} `crm:` gives one.",
            if without == 1 { "is" } else { "are" },
            voice.command("deal update")
        ));
    }
    if cards.is_empty() {
        return Message::silent().text(said).build();
    }
    Message::silent().text(said).attach("cosell-crm.csv", crm_file(voice, cards), "Attribution by the CRM's id").build()
}

/// More than fits into a message.
pub fn crm_too_big() -> Message {
    Message::silent().text("These are more deals than a file in Discord holds. Narrow it down with `period:`.").build()
}

/// The file: one row a deal.
pub fn crm_file(voice: &Voice, cards: &[DealCard]) -> Vec<u8> {
    let mut sheet = Sheet::new([
        "CRM ID",
        "Class",
        "Partner",
        "Evidence",
        "Recorded",
        "On time",
        "Confirmed",
        "Confirmed by",
        "Other partners",
        "Deal",
        "Account",
        "Stage",
        "Amount",
        "Close",
    ]);
    for card in cards {
        let deal = &card.deal;
        let confirmed = card.chains.first().and_then(|chain| chain.confirmed_by.as_ref());
        let others: Vec<String> =
            card.credits().skip(1).map(|(credit, name, _)| format!("{name} ({})", credit.role.key())).collect();
        let close = deal.closed_on.or(deal.close).map(|day| day.to_string()).unwrap_or_default();
        let undecided = deal.role == crate::domain::deal::Role::Undecided;
        let of_claim = |text: String| if undecided { String::new() } else { text };
        let cells = [
            deal.crm.as_deref().map(crm_id).unwrap_or_default().to_owned(),
            deal.role.key().to_owned(),
            card.partner.clone(),
            deal.evidence.clone().unwrap_or_default(),
            of_claim(voice.day_of(deal.class().recorded_at()).to_string()),
            in_time(card.timeliness).to_owned(),
            of_claim(if confirmed.is_some() { "confirmed" } else { "claimed" }.to_owned()),
            confirmed.map(|named| named.name.clone()).unwrap_or_default(),
            others.join(", "),
            deal.number.label(),
            card.account.clone(),
            deal.stage.name().to_owned(),
            deal.amount.map(|amount| typed_money(amount, voice.currency())).unwrap_or_default(),
            close,
        ];
        sheet.row(cells.iter().map(String::as_str));
    }
    sheet.into_bytes()
}

fn in_time(timeliness: Timeliness) -> &'static str {
    match timeliness {
        Timeliness::OnTime => "on time",
        Timeliness::Late | Timeliness::Overdue => "late",
        Timeliness::Open { .. } => "open",
    }
}

#[cfg(test)]
mod tests;
