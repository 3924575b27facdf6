//! A review as a file for people's own calendars (RFC 5545): one repeating event in the review's zone, less the days on
//! which it isn't held.
//!
//! Written by the `icalendar` crate, which escapes and folds what people typed. It has no time zones, and the one library
//! that has them ready is under the GPL; a calendar that meets an unknown zone, as Outlook does with each that the file
//! doesn't explain, is off by hours. So the zone is explained by `zone`, from what chrono-tz knows of it.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use icalendar::{Calendar as File, Component, Event, Property};

use super::message::Picture;
use super::review::ahead;
use super::text::plain;
use super::voice::channel_link;
use crate::domain::Instant;
use crate::domain::cadence::{Exception, LENGTH, exceptions, next_after, rrule_text};
use crate::domain::calendar::Calendar;
use crate::domain::id::GuildId;
use crate::domain::review::{Review, Rhythm};

mod zone;

/// The file of a review as it is now; `None` when it has no date in sight. It begins with the next meeting: an earlier one
/// may have been held at another time.
pub fn file(guild: GuildId, review: &Review, calendar: &Calendar, now: Instant) -> Option<Picture> {
    let first = next_after(review, calendar, now)?.day;
    let mut file = File::empty();
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//cosell//reviews//EN"), ("CALSCALE", "GREGORIAN")] {
        file.append_property(Property::new(key, value));
    }
    let mut event = event(guild, review, now);
    begin(&mut event, &review.rhythm, first.and_time(review.rhythm.time));
    for Exception { day, held_on } in exceptions(review, calendar, first) {
        event.append_multi_property(local("EXDATE", day.and_time(review.rhythm.time), review.rhythm.zone));
        if let Some(held_on) = held_on {
            event.append_multi_property(local("RDATE", held_on.and_time(review.rhythm.time), review.rhythm.zone));
        }
    }
    // The zone has to come before what is told in it, and the crate writes none.
    let zone = zone::explained(review.rhythm.zone, first);
    let text = file.push(event.done()).to_string().replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1);
    let alt = "The review for your calendar".to_owned();
    Some(Picture { filename: "cosell-review.ics".to_owned(), bytes: text.into_bytes(), alt })
}

/// All but when it is. The same review always has the same id, and a changed one a higher number, so that a calendar
/// that has it already changes it in place.
fn event(guild: GuildId, review: &Review, now: Instant) -> Event {
    let link = channel_link(guild, review.channel);
    let ahead = ahead(review.post_before);
    let mut event = Event::new();
    event
        .uid(&format!("review-{}-{}@cosell", guild, review.id))
        .sequence(u32::try_from(review.version).unwrap_or(u32::MAX))
        .timestamp(now)
        .summary(&plain(&review.name))
        .description(&format!("The agenda is posted {ahead}: {link}"))
        .url(&link);
    event
}

fn begin(event: &mut Event, rhythm: &Rhythm, first: NaiveDateTime) {
    event
        .append_property(local("DTSTART", first, rhythm.zone))
        .add_property("DURATION", format!("PT{}M", LENGTH.num_minutes()))
        .add_property("RRULE", rrule_text(rhythm));
}

/// A wall time in a zone. One that the clock leaps over, or that comes twice, means to a calendar what it means to the
/// bot: both follow section 3.3.5.
fn local(key: &str, wall: NaiveDateTime, zone: Tz) -> Property {
    Property::new(key, wall.format("%Y%m%dT%H%M%S").to_string()).add_parameter("TZID", zone.name()).done()
}

#[cfg(test)]
mod tests;
