//! What admins and leads are told in the ops channel, once each. Pings nobody: who has to act is named.

use super::deal;
use super::message::{Draft, Message};
use super::offer::{Offers, buttons};
use super::review;
use super::text::{brief, escape};
use super::voice::{self, Voice, channel, count, long_moment};
use crate::domain::Instant;
use crate::domain::card::{DealCard, Named};
use crate::domain::id::{ChannelId, UserId};

/// A channel or person can't be written to. Messages there are kept and shown by doctor.
pub fn undeliverable(
    voice: &Voice,
    to: Option<ChannelId>,
    user: Option<UserId>,
    reason: &str,
    reference: &str,
) -> Message {
    let place = match (to, user) {
        (Some(to), _) => channel(to),
        (None, Some(user)) => voice::mention(user),
        (None, None) => "a channel".to_owned(),
    };
    let doctor = voice.command("cosell doctor");
    let said = format!("**The bot can't write to {place}:** {}. {doctor} says what to do.", escape(reason));
    alert(said, reference).build()
}

/// Somebody with open deals has left: the deals are unowned until a lead names owners.
pub fn unowned(voice: &Voice, owner: &Named, cards: &[DealCard], reference: &str, offers: Offers) -> Message {
    let (assign, view) = (voice.command("deal assign"), voice.command("cosell doctor"));
    let said = format!(
        "**{} has left, and {} {} unowned.** Plan the handover below, or name new owners with {assign}.",
        brief(&owner.name, 60),
        count(cards.len(), "open deal"),
        if cards.len() == 1 { "is" } else { "are" },
    );
    let lines: Vec<String> = cards.iter().map(|card| format!("- {}", deal::line(voice, card))).collect();
    let lines = super::embed::Lines::of(lines, move |n| format!("… and {n} more: {view}"));
    alert(said, reference).lines(lines).buttons(buttons(offers)).build()
}

/// An agenda was never posted: the bot was down for too long, or the channel refused it.
pub fn missed(voice: &Voice, name: &str, starts_at: Instant, reference: &str) -> Message {
    let agenda = voice.command("review agenda");
    let said =
        format!("**{}.** {agenda} shows it as of now; the next agenda says so too.", review::missed(name, starts_at));
    alert(said, reference).build()
}

/// A new owner said no: a lead names another one.
pub fn declined(voice: &Voice, card: &DealCard, by: &Named, reference: &str, offers: Offers) -> Message {
    let said = format!(
        "**{} was declined by {}.** It stays with them until a lead names another owner with {}.",
        deal::heading(card),
        deal::person(by),
        voice.command("deal assign"),
    );
    alert(said, reference).buttons(buttons(offers)).build()
}

/// A rep needs a partner that only a lead can add.
pub fn partner_asked(
    voice: &Voice,
    (name, account): (&str, &str),
    by: &Named,
    until: Instant,
    reference: &str,
) -> Message {
    let said = format!(
        "**{} asks for a partner: {}**, for a deal with {}. Add it with {}, and they are told. What they typed is kept until {}.",
        deal::person(by),
        brief(name, 100),
        brief(account, 100),
        voice.command("partner add"),
        long_moment(until),
    );
    alert(said, reference).build()
}

fn alert(said: String, reference: &str) -> Draft {
    Message::silent().text(said).reference(reference)
}
