//! What a person reads about their own work: the run-through of their deals, their settings, their absence.

use super::deal::{self, card};
use super::item::Mine;
use super::message::{Draft, Message};
use super::offer::{Offers, buttons};
use super::pay::Own;
use super::voice::{Voice, count};
use crate::domain::card::{DealCard, Named};
use crate::domain::member::{Away, Member};
use crate::domain::shard::Direct;
use crate::domain::workspace::Settings;

/// Where a run-through is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which deal, from 0.
    pub index: usize,
    /// Of how many.
    pub of: usize,
}

/// What stands beside the deals of a run-through.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'p> {
    /// What their deals pay.
    pub pay: Own<'p>,
    /// What the reader has to do, where it is shown.
    pub actions: Option<&'p Mine>,
}

impl Beside<'_> {
    fn shown(&self, voice: &Voice, draft: Draft) -> Draft {
        let draft = self.pay.embeds(voice).into_iter().fold(draft, Draft::embed);
        self.actions.into_iter().fold(draft, |draft, actions| actions.shown(voice, draft))
    }
}

/// One deal of the run-through, most urgent first. `said` is what the last press did.
pub fn work(
    voice: &Voice,
    card: &DealCard,
    place: Place,
    said: Option<&str>,
    beside: Beside,
    offers: Offers,
) -> Message {
    let why = deal::stalled(&card.reasons)
        .or_else(|| deal::outcome::next(voice, card))
        .unwrap_or_else(|| "nothing to do today".to_owned());
    let mut draft = Message::silent();
    if let Some(said) = said {
        draft = draft.text(said);
    }
    draft = draft.text(format!("**{} of {}** · {why}", place.index + 1, place.of));
    let draft = card::with_offers(draft, voice, card, offers).embed(card::embed(voice, card));
    beside.shown(voice, draft).build()
}

/// The end of a run-through. `said` is what the last press did.
pub fn work_done(voice: &Voice, of: usize, said: Option<&str>, beside: Beside, offers: Offers) -> Message {
    let end = match of {
        0 => format!("You have no open deals. Record one with {}.", voice.command("deal new")),
        n => format!("That was the last of {}. {} starts again.", count(n, "deal"), voice.command("my work")),
    };
    let draft = said.into_iter().fold(Message::silent(), |draft, said| draft.text(said));
    beside.shown(voice, draft.text(end)).buttons(buttons(offers)).build()
}

/// Whether settings are shown or were changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Shown.
    Shown,
    /// Changed.
    Saved,
}

/// How the bot reaches a person.
pub fn settings(
    voice: &Voice,
    (member, direct): (&Member, Direct),
    workspace: &Settings,
    told: Told,
    offers: Offers,
) -> Message {
    let own = |is_own: bool| if is_own { "" } else { " (the workspace's)" };
    let zone = member.zone.unwrap_or(workspace.zone());
    let hour = member.digest_hour.unwrap_or(workspace.digest_hour);
    let way = match (member.direct_messages, direct, workspace.nudge_channel) {
        (true, Direct::Heard, _) => "by direct message, or in the channel when yours are closed".to_owned(),
        (_, _, Some(channel)) => format!("in {}", super::voice::channel(channel)),
        (_, _, None) => "in the nudge channel, once an admin has chosen it".to_owned(),
    };
    let mut lines = vec![
        format!("Time zone: **{}**{}", zone.name(), own(member.zone.is_some())),
        format!("Reminders: at **{hour:02}:00**{} on business days, {way}", own(member.digest_hour.is_some())),
    ];
    if member.direct_messages && direct == Direct::Unheard {
        let why = "this bot is divided, and its part for this server can't be answered there";
        lines.push(format!("Direct messages: you asked for them, and they can't be sent, as {why}"));
    }
    if let Some(away) = member.away.as_ref().filter(|away| away.to >= voice.today()) {
        lines.push(format!("Away: {} to {}", voice.day(away.from), voice.day(away.to)));
    }
    lines.push(match told {
        Told::Shown => format!("Change them with the options of {}.", voice.command("my settings")),
        Told::Saved => "You get one reminder message a day at most.".to_owned(),
    });
    let opening = match told {
        Told::Shown => "**Your settings**",
        Told::Saved => "Saved. **Your settings** now:",
    };
    let text = std::iter::once(opening.to_owned()).chain(lines).collect::<Vec<_>>().join("\n");
    Message::silent().text(text).buttons(buttons(offers)).build()
}

/// Whose absence it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The person's who typed.
    Own,
    /// Somebody else's, entered by a lead.
    Of(Named),
}

/// An absence that was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// Whose.
    pub whose: Whose,
    /// From when to when.
    pub away: Away,
    /// Who stands in.
    pub cover: Named,
    /// For how many open deals.
    pub deals: usize,
    /// The other absence that it took the place of, with who would have stood in.
    pub replaced: Option<(Away, Option<Named>)>,
}

/// An absence was entered: from when to when, who covers, for how many open deals, and what it took the place of.
pub fn away(voice: &Voice, absent: &Absent, offers: Offers) -> Message {
    let Absent { whose, away, cover, deals, replaced } = absent;
    let covers = match deals {
        0 => "stands in".to_owned(),
        deals => format!("covers {}", count(*deals, "open deal")),
    };
    let said = format!(
        "Saved. {} away from {} to {}, both days included. {} {covers} until then.",
        whose.subject(),
        voice.day(away.from),
        voice.day(away.to),
        deal::person(cover),
    );
    let instead = replaced.as_ref().map(|(before, cover)| {
        let cover = cover.as_ref().map(|cover| format!(" with {} standing in", deal::person(cover)));
        let (from, to) = (voice.day(before.from), voice.day(before.to));
        format!("That takes the place of {from} to {to}{}.", cover.unwrap_or_default())
    });
    instead.into_iter().fold(Message::silent().text(said), Draft::text).buttons(buttons(offers)).build()
}

/// An absence is over, or will not be.
pub fn back(voice: &Voice, whose: &Whose, offers: Offers) -> Message {
    let said = format!("Saved. {} not away. {} shows what is owed.", whose.subject(), voice.command("my work"));
    Message::silent().text(said).buttons(buttons(offers)).build()
}

impl Whose {
    fn subject(&self) -> String {
        match self {
            Whose::Own => "You are".to_owned(),
            Whose::Of(person) => format!("{} is", deal::person(person)),
        }
    }
}

#[cfg(test)]
mod tests;
