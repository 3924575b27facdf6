//! The card of a deal: all that is known of it, what is wrong, and what can be done.

use super::super::control::Button;
use super::super::embed::{Embed, Lines, Tone};
use super::super::message::{Draft, Message};
use super::super::offer::{Offer, Offers, buttons};
use super::super::text::{brief, escape};
use super::super::voice::Voice;
use super::{about, credit, criteria};
use crate::domain::card::DealCard;
use crate::domain::deal::{Place, Role};

/// The card alone.
pub fn card(voice: &Voice, card: &DealCard, offers: Offers) -> Message {
    with_offers(Message::silent(), voice, card, offers).embed(embed(voice, card)).build()
}

/// The card under a line that says why it is shown, e.g. that a button was from before a change.
pub fn card_because(voice: &Voice, because: &str, card: &DealCard, offers: Offers) -> Message {
    with_offers(Message::silent().text(because), voice, card, offers).embed(embed(voice, card)).build()
}

/// Adds the offers, and the CRM's page where there is one.
pub(in crate::render) fn with_offers(draft: Draft, voice: &Voice, card: &DealCard, offers: Offers) -> Draft {
    let crm = card.deal.crm.as_deref().and_then(|url| Button::link(url, "Open in CRM"));
    let (proposed, others): (Offers, Offers) = offers.into_iter().partition(|(offer, _)| *offer == Offer::Propose);
    let proposed = proposed.into_iter().filter_map(|(_, id)| criteria::propose(voice, card, id));
    draft.buttons(proposed).buttons(buttons(others).chain(crm))
}

/// The card as a part of a message.
pub(in crate::render) fn embed(voice: &Voice, card: &DealCard) -> Embed {
    let mut embed = Embed::titled(about::heading(card)).tone(tone(card)).lines(state(voice, card));
    embed = embed
        .value("Stage", stage(card))
        .value("Amount", about::amount(voice, &card.deal))
        .value(if card.deal.is_open() { "Closes" } else { "Closed" }, close(voice, card))
        .value("Owner", owner(card))
        .value("Backup", card.backup.as_ref().map_or_else(|| "none".to_owned(), about::person))
        .value("Class", class(voice, card));
    for (credit, name, chain) in card.credits() {
        embed = match credit.place {
            Place::Primary if credit.role == Role::Undecided => embed,
            Place::Primary => embed.field("Evidence", credit::chain(voice, &credit, chain)),
            Place::Participant => {
                embed.field(format!("Also with {}", brief(name, 80)), credit::part(voice, &credit, chain))
            }
        };
    }
    if let Some(registration) = &card.deal.registration {
        embed = embed.field("Registration", Lines::text(credit::registration(voice, registration)));
    }
    if let Some(crm) = &card.deal.crm {
        embed = embed.field("CRM", Lines::text(escape(crm)));
    }
    embed.footer(format!("Recorded {}", voice.day(voice.day_of(card.deal.created_at))))
}

fn tone(card: &DealCard) -> Tone {
    match () {
        _ if card.deal.is_won() => Tone::Good,
        _ if !card.deal.is_open() || card.owner.gone => Tone::Grave,
        _ if !card.reasons.is_empty() => Tone::Attention,
        _ => Tone::Plain,
    }
}

/// The lines under the title: what stands now, worst first.
fn state(voice: &Voice, card: &DealCard) -> Lines {
    let deal = &card.deal;
    let mut lines = Vec::new();
    if deal.is_open() && card.owner.gone {
        lines.push("**Unowned**: its owner has left. A lead names another one.".to_owned());
    }
    lines.extend(about::stalled(&card.reasons).map(|reasons| format!("**Stalled**: {reasons}")));
    lines.extend(about::moves(deal).map(|moves| format!("So far: {moves}")));
    if let Some(loss) = &deal.lost {
        let detail = loss.detail.as_deref().map(|d| format!(": “{}”", brief(d, 500))).unwrap_or_default();
        lines.push(format!("**Lost**: {}{detail}", about::loss(loss.reason)));
    }
    lines.extend(criteria::state(voice, card));
    if deal.is_open() {
        lines.push(match &deal.next_step {
            Some(step) => format!("**Next step** {}", about::next_step(voice, step)),
            None => "**Next step** none yet".to_owned(),
        });
        if let Some(wait) = deal.wait.as_ref().filter(|w| w.until > voice.today()) {
            let note = wait.note.as_deref().map(|n| format!(": “{}”", brief(n, 300))).unwrap_or_default();
            let on = about::waiting_on(wait.on);
            lines.push(format!("**Waiting on {on}** until {}{note}", voice.day(wait.until)));
        }
        if let Some(snooze) = deal.snooze.as_ref().filter(|s| s.until > voice.today()) {
            lines.push(format!("**Snoozed** until {}: “{}”", voice.day(snooze.until), brief(&snooze.why, 300)));
        }
    }
    Lines::of(lines, |n| format!("… and {n} more"))
}

fn stage(card: &DealCard) -> String {
    match card.deal.stage {
        stage if stage.is_open() => stage.name().to_owned(),
        _ if card.deal.is_won() => "Launched (won)".to_owned(),
        _ => "Closed Lost".to_owned(),
    }
}

fn close(voice: &Voice, card: &DealCard) -> String {
    match (card.deal.closed_on, card.deal.close) {
        (Some(on), _) => voice.day(on),
        (None, Some(close)) => format!("{} ({})", voice.day(close), voice.away(close)),
        (None, None) => "no date yet".to_owned(),
    }
}

fn owner(card: &DealCard) -> String {
    match &card.cover {
        Some(cover) => format!("{}, away; {} covers", about::person(&card.owner), about::person(cover)),
        None => about::person(&card.owner),
    }
}

fn class(voice: &Voice, card: &DealCard) -> String {
    let standing = match card.deal.role {
        Role::Undecided if !card.deal.is_open() => return format!("{}\nnever settled", about::class(card)),
        Role::Undecided => "",
        _ if card.deal.class().is_unconfirmed() => ", not confirmed yet",
        _ => ", confirmed",
    };
    format!("{}\n{}{standing}", about::class(card), about::timeliness(voice, card.timeliness))
}
