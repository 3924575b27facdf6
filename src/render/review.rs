//! What is said of reviews: when they meet, where, and what changed about that.

use chrono::{NaiveDate, Weekday};

use super::deal;
use super::doctor::channel_trouble;
use super::embed::{Embed, Lines};
use super::message::{Draft, Message, Picture};
use super::offer::{Offers, Page, buttons};
use super::text::brief;
use super::voice::{Voice, ago, channel, count, link, long_moment};
use crate::domain::Instant;
use crate::domain::card::Named;
use crate::domain::event::EventKind;
use crate::domain::outgoing::Posted;
use crate::domain::overview::{ChannelTrouble, EventProspect, ReviewCard};
use crate::domain::review::{Every, OnHoliday, Rhythm, WeekOfMonth};

/// What goes with the news that a review was scheduled or changed.
#[derive(Debug, Default)]
pub struct Enclosed<'e> {
    /// What stands in the way in its channel.
    pub troubles: &'e [ChannelTrouble],
    /// The review for people's calendars; `None` when it has no date in sight.
    pub file: Option<Picture>,
    /// Whether Discord shows an event for it.
    pub event: EventProspect,
}

/// A review was scheduled or changed: what was understood, and when it meets next.
pub fn scheduled(voice: &Voice, card: &ReviewCard, kind: EventKind, enclosed: Enclosed<'_>, offers: Offers) -> Message {
    let mut opening = match kind {
        EventKind::Created => "Saved. The review is scheduled.".to_owned(),
        _ => "Saved. The review meets like this now.".to_owned(),
    };
    if enclosed.file.is_some() {
        opening.push_str(match kind {
            EventKind::Created => " The file puts it into a calendar.",
            _ => " The file changes it in calendars that have it.",
        });
    }
    opening.push_str(match enclosed.event {
        EventProspect::Kept => "\nA Discord event is kept in step with it.",
        EventProspect::NotAllowed => "\nNo Discord event: the bot may not create events here.",
        EventProspect::NotRepeatable => "\nNo Discord event: Discord can't repeat one like this.",
        EventProspect::Untold => "",
    });
    let draft = Message::silent().text(opening).embed(about(voice, card, enclosed.troubles)).buttons(buttons(offers));
    enclosed.file.into_iter().fold(draft, Draft::keep).build()
}

/// A change of a review was taken back; `posted` is an agenda that was posted in between, which stays.
pub fn taken_back(voice: &Voice, card: &ReviewCard, posted: Option<Posted>) -> Message {
    let name = brief(&card.review.name, 100);
    let opening = match card.review.cancelled {
        true => format!("Taken back. {name} doesn't meet."),
        false => "Taken back. The review is as before.".to_owned(),
    };
    let stays = posted.map(|posted| {
        format!("Its agenda was posted in the meantime and stays: {}. Delete it there, if it misleads.", link(posted))
    });
    let draft = Message::silent().text(std::iter::once(opening).chain(stays).collect::<Vec<_>>().join(" "));
    match card.review.cancelled {
        true => draft.build(),
        false => draft.embed(about(voice, card, &[])).build(),
    }
}

/// How a review meets, and when next.
fn about(voice: &Voice, card: &ReviewCard, troubles: &[ChannelTrouble]) -> Embed {
    let review = &card.review;
    let mut lines = vec![
        format!("{} in {}", rhythm(&review.rhythm), channel(review.channel)),
        format!("The agenda is posted {} before it starts.", minutes(review.post_before)),
    ];
    lines.push(match review.rhythm.holiday {
        OnHoliday::Skip => "On a holiday it is left out.".to_owned(),
        OnHoliday::Move => "On a holiday it moves to the next business day.".to_owned(),
    });
    lines.push(if review.collect {
        "On the business day before, owners are asked to bring their stalled deals up to date.".to_owned()
    } else {
        "Owners are not asked to bring their deals up to date before it.".to_owned()
    });
    lines.extend(card.partner.as_ref().map(|partner| format!("Only deals with {}.", brief(partner, 100))));
    let mut embed =
        Embed::titled(brief(&review.name, 100)).text(lines.join("\n")).field("Next", next(voice, &card.next));
    if !troubles.is_empty() {
        embed = embed
            .field("To put right", Lines::text(troubles.iter().map(channel_trouble).collect::<Vec<_>>().join("\n")));
    }
    embed
}

/// `Every second Tuesday at 09:30 (Europe/Berlin)`.
pub(super) fn rhythm(rhythm: &Rhythm) -> String {
    let day = weekday(rhythm.weekday);
    let when = match rhythm.every {
        Every::Week => format!("Every {day}"),
        Every::TwoWeeks => format!("Every second {day}"),
        Every::FourWeeks => format!("Every fourth {day}"),
        Every::Month => format!("The {} {day} of each month", week(rhythm.week)),
    };
    format!("{when} at {} ({})", rhythm.time.format("%H:%M"), rhythm.zone.name().replace('_', " "))
}

fn week(week: Option<WeekOfMonth>) -> &'static str {
    match week {
        None | Some(WeekOfMonth::First) => "first",
        Some(WeekOfMonth::Second) => "second",
        Some(WeekOfMonth::Third) => "third",
        Some(WeekOfMonth::Fourth) => "fourth",
        Some(WeekOfMonth::Last) => "last",
    }
}

pub(super) fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

fn minutes(minutes: u32) -> String {
    match minutes {
        m if m > 0 && m % 60 == 0 => count(m as usize / 60, "hour"),
        m => count(m as usize, "minute"),
    }
}

/// When the agenda is posted: `1 hour before it begins`.
pub(super) fn ahead(post_before: u32) -> String {
    match post_before {
        0 => "as it begins".to_owned(),
        some => format!("{} before it begins", minutes(some)),
    }
}

fn next(voice: &Voice, next: &[Instant]) -> Lines {
    if next.is_empty() {
        return Lines::text(format!(
            "No date in sight: every one is skipped or a holiday. Change it with {}.",
            voice.command("review schedule")
        ));
    }
    let lines: Vec<String> = next.iter().take(3).map(|at| format!("{} ({})", long_moment(*at), ago(*at))).collect();
    Lines::of(lines, |n| format!("… and {n} more"))
}

/// How many reviews stand on a page.
pub const PAGE: usize = 12;

/// One page of the reviews, so many in all, and when they meet next.
pub fn list(voice: &Voice, cards: &[ReviewCard], total: usize, page: Page) -> Message {
    if cards.is_empty() {
        let schedule = voice.command("review schedule");
        return Message::silent().text(format!("No reviews yet. A lead sets one up with {schedule}.")).build();
    }
    let line = |card: &ReviewCard| {
        let review = &card.review;
        let about = card.partner.as_ref().map(|p| format!(" · only {}", brief(p, 60))).unwrap_or_default();
        let next =
            card.next.first().map_or_else(|| "no date in sight".to_owned(), |at| format!("next {}", long_moment(*at)));
        format!(
            "**{}**{about} · {} · {} · {} · {next}",
            brief(&review.name, 60),
            rhythm(&review.rhythm),
            channel(review.channel),
            if review.collect { "asks owners the business day before" } else { "asks nobody before" }
        )
    };
    let agenda = voice.command("review agenda");
    let lines = Lines::of(cards.iter().map(line).collect::<Vec<_>>(), move |n| {
        format!("… and {} on this page: {agenda}", count(n, "more review"))
    });
    let footer: Vec<String> = std::iter::once(count(total, "review")).chain(page.words()).collect();
    let embed = Embed::titled("Reviews").lines(lines).footer(footer.join(" · "));
    Message::silent().embed(embed).buttons(page.buttons()).build()
}

/// One meeting was left out; `posted` is its agenda, where that stands in a channel already.
pub fn skipped(voice: &Voice, card: &ReviewCard, day: NaiveDate, posted: Option<Posted>, offers: Offers) -> Message {
    let (then, posted) = (then(card), will_say_so(posted));
    let said = format!("Saved. {} doesn't meet on {}.{then}{posted}", brief(&card.review.name, 100), voice.day(day));
    Message::silent().text(said).buttons(buttons(offers)).build()
}

fn then(card: &ReviewCard) -> String {
    card.next.first().map(|at| format!(" It meets next {}.", long_moment(*at))).unwrap_or_default()
}

fn will_say_so(posted: Option<Posted>) -> String {
    posted.map(|posted| format!(" Its agenda says so in a minute: {}.", link(posted))).unwrap_or_default()
}

/// What stands in the place of an agenda whose meeting isn't held. Pings nobody.
pub fn called_off(card: &ReviewCard, starts_at: Instant, by: Option<&Named>) -> Message {
    let by = by.map_or_else(|| "a lead".to_owned(), deal::person);
    let why = match card.review.cancelled {
        true => format!("{by} ended the review."),
        false => format!("{by} left this meeting out.{}", then(card)),
    };
    let said = format!("**{}** doesn't meet {}: {why}", brief(&card.review.name, 100), long_moment(starts_at));
    Message::silent().text(said).build()
}

/// A review was ended for good; `posted` is the agenda of a meeting that was still to come.
pub fn cancelled(voice: &Voice, card: &ReviewCard, posted: Option<Posted>, offers: Offers) -> Message {
    let said = format!(
        "Saved. {} doesn't meet any more.{} Its history stays; {} starts another one.",
        brief(&card.review.name, 100),
        will_say_so(posted),
        voice.command("review schedule")
    );
    Message::silent().text(said).buttons(buttons(offers)).build()
}

/// Asks one owner to bring their stalled deals up to date before a meeting: a part of their digest.
pub(super) fn collection(name: &str, starts_at: Instant, deals: usize) -> String {
    format!("{} meets {}: bring {} up to date", brief(name, 60), long_moment(starts_at), count(deals, "deal"))
}

/// The meeting that nobody can be asked about any more: its agenda was never posted.
pub(super) fn missed(name: &str, starts_at: Instant) -> String {
    format!("{}, {}: its agenda was never posted", brief(name, 60), long_moment(starts_at))
}
