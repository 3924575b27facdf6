//! What admins and leads are told in the ops channel, once each. Pings nobody: who has to act is named.

use super::deal;
use super::handover;
use super::message::{Draft, Message};
use super::offer::{Offers, buttons};
use super::review;
use super::text::{brief, escape};
use super::voice::{self, Voice, channel, count, list, long_moment};
use crate::domain::Instant;
use crate::domain::card::{DealCard, Named};
use crate::domain::handover::view::{Declined, Ownerless};
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

/// Somebody has left with open deals, the number or partners: a lead hands over what nobody answers for.
pub fn unowned(voice: &Voice, left: &Ownerless, reference: &str, offers: Offers) -> Message {
    let (assign, view) = (voice.command("deal assign"), voice.command("cosell doctor"));
    let by_hand = match left.deals.is_empty() {
        true => String::new(),
        false => format!(", or name new owners with {assign}"),
    };
    let said = format!(
        "**{} has left, and {}.** Plan the handover below{by_hand}.",
        brief(&left.owner.name, 60),
        without_owner(left)
    );
    let lines = left.deals.iter().map(|card| format!("- {}", deal::line(voice, card)));
    let lines = super::embed::Lines::of(lines.collect::<Vec<_>>(), move |n| format!("… and {n} more: {view}"));
    alert(said, reference).lines(lines).buttons(buttons(offers)).build()
}

/// `2 open deals and the number are unowned, 1 partner is without a partner manager, and nobody has 2 actions to do`.
fn without_owner(left: &Ownerless) -> String {
    let deals = (!left.deals.is_empty()).then(|| count(left.deals.len(), "open deal"));
    let unowned: Vec<String> = deals.into_iter().chain(left.number.map(|_| "the number".to_owned())).collect();
    let are = |one: bool| if one { "is" } else { "are" };
    let one = left.deals.len() + usize::from(left.number.is_some()) == 1;
    let unowned = (!unowned.is_empty()).then(|| format!("{} {} unowned", list(&unowned), are(one)));
    let partners = left.partners.len();
    let managed = format!("{} {} without a partner manager", count(partners, "partner"), are(partners == 1));
    let managed = (partners > 0).then_some(managed);
    let actions = format!("{} left to do", count(left.actions, "action"));
    let actions = (left.actions > 0).then(|| format!("{actions} {} nobody's", are(left.actions == 1)));
    unowned.into_iter().chain(managed).chain(actions).collect::<Vec<_>>().join(", and ")
}

/// An agenda was never posted: the bot was down for too long, or the channel refused it.
pub fn missed(voice: &Voice, name: &str, starts_at: Instant, reference: &str) -> Message {
    let agenda = voice.command("review agenda");
    let said =
        format!("**{}.** {agenda} shows it as of now; the next agenda says so too.", review::missed(name, starts_at));
    alert(said, reference).build()
}

/// A backup took the database's place: what came after it has to be recorded again.
pub fn restored(voice: &Voice, known_until: Instant, reference: &str) -> Message {
    let (since, doctor) = (long_moment(known_until), voice.command("cosell doctor"));
    let said = format!(
        "**This is a backup, as of {since}.** What was recorded since then is gone: please record it again. Reminders and agendas that were due since then count as sent; {doctor} lists what waited to be sent when it was made.",
    );
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

/// A recipient of a handover said no: a lead finds somebody else.
pub fn handover_declined(voice: &Voice, declined: &Declined, reference: &str, offers: Offers) -> Message {
    let [by, holder, leaver] = [&declined.by, &declined.holder, &declined.leaver].map(deal::person);
    let said = format!(
        "**{by} declined what was on its way from {leaver}:** {}. It stays with {holder} until a lead finds somebody else, below or with {}.",
        handover::what(voice, &declined.line),
        voice.command("handover status"),
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

pub(super) fn alert(said: String, reference: &str) -> Draft {
    Message::silent().text(said).reference(reference)
}
