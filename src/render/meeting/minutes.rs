//! The minutes of a review: what was decided, who does what by when, and what moved by how much.

use super::super::embed::{Embed, Lines, Tone};
use super::super::item::{line, whole_line};
use super::super::message::Message;
use super::super::offer::{Offers, buttons};
use super::super::text::{brief, clip, escape, plain};
use super::super::voice::{Voice, count, long_moment, mention};
use super::{changes, person, run_by, short};
use crate::domain::item::ItemCard;
use crate::domain::meeting::{Changed, Closed, MeetingCard};

/// The most of a thread's name.
const NAME_LIMIT: usize = 100;

/// Those who took part that are named in the post; the file names all.
const NAMED: usize = 40;

/// The name of the thread that minutes are posted in.
pub fn thread_name(review: &str) -> String {
    clip(&plain(&format!("Minutes: {review}")), NAME_LIMIT)
}

/// The minutes as posted; whatever doesn't fit is counted, and is in the file behind the button.
pub fn minutes(voice: &Voice, card: &MeetingCard, closed: &Closed, offers: Offers, reference: &str) -> Message {
    let mut draft = Message::silent().text(format!("{}\n{}", head(card, closed), figures(closed))).reference(reference);
    for (title, empty, tone, lines) in sections(voice, card, closed, line) {
        draft = draft.embed(match lines.is_empty() {
            true => Embed::titled(empty),
            false => Embed::titled(format!("{title} · {}", lines.len()))
                .tone(tone)
                .lines(Lines::of(lines, |n| format!("… and {n} more: Minutes as Markdown"))),
        });
    }
    draft.buttons(buttons(offers)).build()
}

fn head(card: &MeetingCard, closed: &Closed) -> String {
    let all = card.meeting.acted.len();
    let mut acted: Vec<String> = card.meeting.acted.iter().take(NAMED).map(|member| person(card, *member)).collect();
    acted.extend((all > NAMED).then(|| format!("and {} more", all - NAMED)));
    let name = brief(&card.review, 100);
    let at = long_moment(card.meeting.started_at);
    format!("**Minutes of {name}**, {at}: {}. Took part: {}.", run_by(card, closed), acted.join(", "))
}

/// What happened to stalls and actions since the meeting before.
fn figures(closed: &Closed) -> String {
    format!(
        "Since the meeting before: {} began, {} ended; {} closed.",
        count(closed.entered, "stall"),
        closed.left,
        count(closed.actions_closed, "action")
    )
}

type Section = (&'static str, &'static str, Tone, Vec<String>);

type Line = fn(&Voice, &ItemCard) -> String;

fn sections(voice: &Voice, card: &MeetingCard, closed: &Closed, line: Line) -> [Section; 4] {
    let lines = |items: &[ItemCard]| items.iter().map(|item| line(voice, item)).collect::<Vec<String>>();
    let moved = closed.moved.iter().map(|changed| moved(voice, card, changed)).collect();
    [
        ("Decisions", "No decisions", Tone::Good, lines(&card.decisions)),
        ("Actions", "No actions", Tone::Attention, lines(&card.actions)),
        ("Moved while it ran", "Nothing moved while it ran", Tone::Plain, moved),
        ("Topics", "No topics", Tone::Plain, lines(&card.topics)),
    ]
}

/// `**D-12** Globex: Qualified → Committed, $100k → $120k`.
fn moved(voice: &Voice, card: &MeetingCard, changed: &Changed) -> String {
    let account =
        card.deals.get(&changed.deal).map(|deal| format!(" {}", brief(&deal.account, 40))).unwrap_or_default();
    let how = match &changed.from {
        Some(from) => changes(voice, card, from, &changed.to).join(", "),
        None => format!("new, {}, {}", changed.to.stage.name(), short(voice, changed.to.amount)),
    };
    format!("**{}**{account}: {how}", changed.deal.label())
}

/// The minutes as a file to keep. Its voice speaks plain text.
pub fn markdown(voice: &Voice, card: &MeetingCard, closed: &Closed) -> Message {
    let meeting = &card.meeting;
    let zone = voice.zone();
    let at = meeting.started_at.with_timezone(&zone).format("%-d %b %Y, %H:%M");
    let acted = meeting.acted.iter().filter_map(|member| card.people.get(member));
    let acted: Vec<String> = acted.map(|named| escape(&named.name)).collect();
    let head = format!("{at} ({zone}): {}. Took part: {}.", run_by(card, closed), acted.join(", "));
    let mut text = format!("# Minutes of {}\n\n{head}\n\n{}\n", escape(&card.review), figures(closed));
    for (title, empty, _, lines) in sections(voice, card, closed, whole_line) {
        text.push_str(&format!("\n## {title}\n\n"));
        match lines.is_empty() {
            true => text.push_str(&format!("{empty}.\n")),
            false => lines.iter().for_each(|line| text.push_str(&format!("- {line}\n"))),
        }
    }
    let day = meeting.started_at.with_timezone(&zone).date_naive();
    Message::silent()
        .text("The minutes as Markdown.")
        .file(
            format!("minutes-{day}.md"),
            by_name(text, card),
            format!("Minutes of {} in Markdown", brief(&card.review, 100)),
        )
        .build()
}

/// People by name instead of by mention, for where nothing can be clicked.
fn by_name(text: String, card: &MeetingCard) -> String {
    let items = card.decisions.iter().chain(&card.actions).chain(&card.topics);
    let of_items = items.flat_map(|item| [Some(&item.by), item.assignee.as_ref(), item.ended_by.as_ref()]).flatten();
    card.people
        .values()
        .chain(of_items)
        .fold(text, |text, named| text.replace(&mention(named.user), &escape(&named.name)))
}
