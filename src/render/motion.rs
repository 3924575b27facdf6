//! The motion in words: the play that a new rep can follow, its draft as leads see it, and its history.

use super::control::{CustomId, Entry, Select};
use super::deal::change::member;
use super::deal::{criterion, side};
use super::embed::{Embed, Lines, Tone};
use super::message::{Draft, Message};
use super::modal::{Modal, TextInput};
use super::offer::{Offers, Page, buttons};
use super::text::{brief, escape};
use super::voice::{Voice, count, moment};
use crate::domain::card::Names;
use crate::domain::motion::{Criterion, Difference, Motion, Motions, Play, Side, Stage, differences};

/// How many versions stand on a page of the history.
pub const PAGE: usize = 3;

/// What of the motion a person is shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'m> {
    /// All versions.
    pub motions: &'m Motions,
    /// The draft, for leads.
    pub draft: Option<&'m Motion>,
    /// The names of those who published.
    pub names: &'m Names,
}

/// All stages, as a play to follow, with what a draft would change.
pub fn whole(voice: &Voice, shown: &Shown, offers: Offers) -> Message {
    let motion = shown.motions.current();
    let opening = format!(
        "Each deal goes through these stages, and keeps the version that it started on. To leave one, what stands under it is true; it is ticked on the deal's card with **Criteria**. Only a lead passes something over, with a reason.\n{} shows one stage.",
        voice.command("motion show")
    );
    let mut embed = Embed::titled(format!("The motion, version {}", motion.version)).text(opening);
    for (stage, play) in Stage::OPEN.into_iter().zip(&motion.plays) {
        embed = embed.field(title(stage, play), lines(play));
    }
    let draft = Message::silent().embed(embed.footer(published(voice, shown.names, motion)));
    drafted(draft, shown).buttons(buttons(offers)).build()
}

/// One stage; leads change a criterion of it by the select.
pub fn stage(voice: &Voice, shown: &Shown, stage: Stage, change: Option<CustomId>, offers: Offers) -> Message {
    let motion = shown.motions.current();
    let embed = stage_of(motion, stage).footer(published(voice, shown.names, motion));
    let draft = drafted(Message::silent().embed(embed), shown).buttons(buttons(offers));
    with_select(draft, shown.draft.unwrap_or(motion), stage, change).build()
}

/// A draft was changed: how its stage reads now, and all that differs from what is published.
pub fn saved(voice: &Voice, shown: &Shown, stage: Stage, change: CustomId, offers: Offers) -> Message {
    let Some(motion) = shown.draft else { return discarded(voice, offers) };
    let said = format!(
        "Saved in the draft of version {}. Deals run it once it is published: {}.",
        motion.version,
        voice.command("motion publish")
    );
    let embed = stage_of(motion, stage);
    let draft = drafted(Message::silent().text(said).embed(embed), shown).buttons(buttons(offers));
    with_select(draft, motion, stage, Some(change)).build()
}

/// The draft was put away.
pub fn discarded(voice: &Voice, offers: Offers) -> Message {
    let said = format!("There is no draft any more. {} shows the motion.", voice.command("motion show"));
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// A draft was published.
pub fn published_now(voice: &Voice, shown: &Shown, offers: Offers) -> Message {
    let motion = shown.motions.current();
    let before = shown.motions.newest_first().nth(1);
    let changed = before.map(|before| difference_lines(before, motion)).unwrap_or_default();
    let said = format!(
        "Published: version {} is what new deals run. Open deals keep theirs, with its probability and usual days; **Newer motion** on a deal's card moves it.",
        motion.version
    );
    let embed = Embed::titled("What changed").lines(of(changed)).footer(published(voice, shown.names, motion));
    Message::silent().text(said).embed(embed).buttons(buttons(offers)).build()
}

/// A page of what each version changed, by whom and when, newest first.
pub fn history(voice: &Voice, shown: &Shown, page: Page) -> Message {
    let versions: Vec<&Motion> = shown.motions.newest_first().collect();
    let mut draft = Message::silent();
    if page.index == 0 && shown.draft.is_some() {
        draft = drafted(draft, shown);
    }
    for (at, motion) in versions.iter().enumerate().skip(page.index * PAGE).take(PAGE) {
        let mut lines: Vec<String> = motion.published.iter().map(|p| format!("“{}”", escape(&p.note))).collect();
        lines.extend(versions.get(at + 1).map(|before| difference_lines(before, motion)).unwrap_or_default());
        let when = match &motion.published {
            Some(p) => format!("{}, {}", moment(p.at), member(shown.names, p.by)),
            None => "what every workspace starts with".to_owned(),
        };
        lines.insert(0, when);
        draft = draft.embed(Embed::titled(format!("Version {}", motion.version)).lines(of(lines)));
    }
    let all = format!("{}, newest first", count(versions.len(), "version"));
    let footer = std::iter::once(all).chain(page.words()).collect::<Vec<_>>().join(" · ");
    draft
        .text(format!("{footer}. {} shows the current one.", voice.command("motion show")))
        .buttons(page.buttons())
        .build()
}

/// A criterion of a draft, or of what a draft would begin from: what to do with it.
pub fn one_criterion(stage: Stage, chosen: &Criterion, offers: Offers) -> Message {
    let said = format!("To leave {}: {}. What about it?", stage.name(), criterion(chosen));
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// The form for other words of a criterion.
pub fn reword(stage: Stage, chosen: &Criterion, longest: usize, id: CustomId) -> Modal {
    let text = TextInput::line("text", "What must be true", longest).required().prefilled(Some(&chosen.text));
    Modal::new(id, format!("To leave {}", stage.name()), text)
}

/// `Qualified · 25 % · usually 10 business days`.
fn title(stage: Stage, play: &Play) -> String {
    let days = count(play.usual_days as usize, "business day");
    format!("{} · {} % · usually {days}", stage.name(), play.probability)
}

fn stage_of(motion: &Motion, stage: Stage) -> Embed {
    match motion.play(stage) {
        Some(play) => Embed::titled(title(stage, play)).lines(lines(play)),
        None => Embed::titled(stage.name()),
    }
}

/// What a stage means, what must be true to leave it, and what to do next.
fn lines(play: &Play) -> Lines {
    let mut lines = vec![escape(&play.meaning)];
    for (title, of) in [("To leave it, ours", Side::Ours), ("To leave it, the partner's", Side::Partner)] {
        let texts: Vec<String> = play.criteria.iter().filter(|c| c.side == of).map(|c| escape(&c.text)).collect();
        if !texts.is_empty() {
            lines.push(format!("**{title}**"));
            lines.extend(texts.iter().map(|text| format!("- {text}")));
        }
    }
    lines.push(format!("**Do next** {}", escape(&play.next)));
    Lines::of(lines, |n| format!("… and {}: see the stage alone", count(n, "line")))
}

fn published(voice: &Voice, names: &Names, motion: &Motion) -> String {
    match &motion.published {
        None => "The motion that every workspace starts with".to_owned(),
        Some(p) => {
            let by = names.members.get(&p.by).map_or_else(|| "a former member".to_owned(), |named| named.name.clone());
            format!("Published by {by} on {}", voice.day(voice.day_of(p.at)))
        }
    }
}

/// Adds what the draft would change, where there is one.
fn drafted(message: Draft, shown: &Shown) -> Draft {
    let Some(draft) = shown.draft else { return message };
    let differing = difference_lines(shown.motions.current(), draft);
    let title = format!("Draft of version {}: what differs", draft.version);
    let embed = Embed::titled(title).tone(Tone::Attention);
    message.embed(match differing.is_empty() {
        true => embed.text("Nothing yet."),
        false => embed.lines(of(differing)),
    })
}

fn with_select(draft: Draft, motion: &Motion, stage: Stage, id: Option<CustomId>) -> Draft {
    let Some(id) = id else { return draft };
    let entry = |(at, c): (usize, &Criterion)| Entry::new(at.to_string(), &c.text).described(side(c.side));
    let entries = motion.criteria(stage).iter().enumerate().map(entry);
    draft.select(Select::of(id, "Change or take out a criterion", entries, |n| format!("({n} more)")))
}

fn of(lines: Vec<String>) -> Lines {
    Lines::of(lines, |n| format!("… and {}", count(n, "more change")))
}

fn difference_lines(from: &Motion, to: &Motion) -> Vec<String> {
    differing(from, to).map(|difference| format!("- {difference}")).collect()
}

/// What differs, one by one: `Qualified: 25 % → 30 %`.
pub(super) fn differing(from: &Motion, to: &Motion) -> impl Iterator<Item = String> + use<> {
    differences(from, to).into_iter().map(|(stage, difference)| format!("{}: {}", stage.name(), said(&difference)))
}

fn said(difference: &Difference) -> String {
    match difference {
        Difference::Probability { from, to } => format!("{from} % → {to} %"),
        Difference::Days { from, to } => format!("usually {from} → {}", count(*to as usize, "business day")),
        Difference::Meaning(to) => format!("means: “{}”", brief(to, 300)),
        Difference::Next(to) => format!("do next: “{}”", brief(to, 200)),
        Difference::Added(c) => format!("to leave it, new: {}", criterion(c)),
        Difference::Removed(c) => format!("to leave it, no longer: {}", criterion(c)),
    }
}

#[cfg(test)]
mod tests;
