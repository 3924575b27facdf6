//! Doctor: each thing that is not as it should be, with what to do about it.

use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::setup::{how, setting_name};
use super::text::{brief, escape};
use super::voice::{Voice, channel, count, list, long_moment, mention, moment, role};
use crate::domain::id::RoleId;
use crate::domain::overview::{ChannelState, ChannelTrouble, ChannelUse, Finding};

/// All findings, gravest first; or that all is well.
pub fn report(voice: &Voice, findings: &[Finding]) -> Message {
    if findings.is_empty() {
        let said =
            "All is well: every channel can be written to, everything was delivered, every open deal has its owner.";
        return Message::silent().embed(Embed::titled("Nothing to do").tone(Tone::Good).text(said)).build();
    }
    let lines: Vec<String> = findings.iter().map(|finding| format!("- {}", words(voice, finding))).collect();
    let title = format!("{} to look after", count(findings.len(), "thing"));
    let lines = Lines::of(lines, |n| format!("… and {n} more; run doctor again when these are done"));
    Message::silent().embed(Embed::titled(title).tone(Tone::Attention).lines(lines)).build()
}

/// One finding and what to do about it.
pub(super) fn words(voice: &Voice, finding: &Finding) -> String {
    match finding {
        Finding::NotReady => format!("**Setup isn't finished.** Go on with {}.", voice.command("cosell setup")),
        Finding::Missing(setting) => {
            format!("**Not chosen yet: {}.** Next: {}.", setting_name(*setting).to_lowercase(), how(voice, *setting))
        }
        Finding::Channel(trouble) => channel_trouble(trouble),
        Finding::LeadNotMentionable(lead) => silent_lead(*lead),
        Finding::Unowned { deal: card } => format!(
            "**{} is unowned:** {} has left. Name an owner with {}.",
            deal::heading(card),
            brief(&card.owner.name, 60),
            voice.command("deal assign")
        ),
        Finding::Undelivered { kind, to, user, reason, at } => {
            let place = match (to, user) {
                (Some(to), _) => format!(" to {}", channel(*to)),
                (None, Some(user)) => format!(" to {}", mention(*user)),
                (None, None) => String::new(),
            };
            let (what, then) = undelivered(kind);
            format!("**Not delivered: {what}{place}**, {}: {}. {then}", moment(*at), escape(reason))
        }
        Finding::MissedReview { review, starts_at } => format!(
            "**The agenda of {} was never posted**, {}. {} shows it as of now.",
            brief(review, 60),
            long_moment(*starts_at),
            voice.command("review agenda")
        ),
    }
}

/// What a message was, by the outbox's word, and what to do about it.
fn undelivered(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "team_line" => ("a team line", "Put the channel right; the deal's history has it."),
        "agenda" => ("an agenda", "Put the channel right before the next meeting."),
        "called_off" => ("that a meeting isn't held", "Tell its team, and delete the agenda there."),
        "digest" => ("reminders", "Put the channel right, or ask the person to allow direct messages."),
        "ownership" => ("the word to a new owner", "Tell them yourself."),
        "alert" => ("an alert", "Put the ops channel right."),
        "late_answer" => ("a late answer", "The change itself is saved."),
        _ => ("a message", "Put the channel right."),
    }
}

/// A lead role that pings nobody, and how to put it right.
pub(super) fn silent_lead(lead: RoleId) -> String {
    format!(
        "**{} can't be pinged.** Switch on **Allow anyone to @mention this role** under Server Settings → Roles, so that reminders reach the leads.",
        role(lead)
    )
}

/// A channel that can't be posted in, and how to put it right.
pub(super) fn channel_trouble(trouble: &ChannelTrouble) -> String {
    let name = channel(trouble.channel);
    let uses: Vec<String> = trouble.uses.iter().map(channel_use).collect();
    let uses = if uses.is_empty() { String::new() } else { format!(" ({})", list(&uses)) };
    match &trouble.trouble {
        ChannelState::Lacks(permissions) => {
            let permissions: Vec<String> = permissions.iter().map(|p| permission(p)).collect();
            format!("**{name}{uses}:** give the bot {} there, under Edit Channel → Permissions.", list(&permissions))
        }
        ChannelState::Gone => {
            format!(
                "**{name}{uses}:** it was deleted, or the bot can't see it. Choose another one, or give the bot **View Channel** under Edit Channel → Permissions."
            )
        }
        ChannelState::Unknown => {
            format!("**{name}{uses}:** Discord didn't answer, so it wasn't checked. Check again in a minute.")
        }
    }
}

fn channel_use(used: &ChannelUse) -> String {
    match used {
        ChannelUse::Pipeline => "team lines".to_owned(),
        ChannelUse::Nudges => "reminders".to_owned(),
        ChannelUse::Ops => "alerts".to_owned(),
        ChannelUse::Review(name) => format!("review {}", brief(name, 60)),
    }
}

/// `SEND_MESSAGES` as Discord's settings show it: `Send Messages`.
pub(super) fn permission(name: &str) -> String {
    let word = |word: &str| {
        let lower = word.to_lowercase();
        let mut chars = lower.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    format!("**{}**", name.split('_').map(word).collect::<Vec<_>>().join(" "))
}
