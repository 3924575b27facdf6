//! What a line at the prompt means.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// A line, understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// An empty line or a `# comment`.
    Pause,
    /// Type as somebody else.
    As(String),
    /// Go to another channel.
    In(String),
    /// A slash command.
    Slash(String),
    /// A slash command whose last option wants completing.
    Complete(String),
    /// A button by number or label, of the last message or of a channel's latest.
    Press(String, Option<String>),
    /// Values for a menu of the last message, or of a channel's latest.
    Pick(String, Option<String>),
    /// Texts for the open form.
    Fill(String),
    /// A command of the last message's menu.
    Menu(String),
    /// A command of a person's menu.
    MenuOf(String, String),
    /// An ordinary message.
    Say(String, String),
    Wait(TimeDelta),
    Until(DateTime<Utc>),
    Now,
    Read(String),
    /// The last message's files into a folder.
    Save(String),
    Who,
    Help,
    Quit,
}

/// Reads a line; the error says what can be typed.
pub(super) fn read(text: &str) -> Result<Line, String> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(Line::Pause);
    }
    if text.starts_with('/') {
        return Ok(Line::Slash(text.to_owned()));
    }
    if let Some(rest) = text.strip_prefix('?') {
        return Ok(Line::Complete(rest.trim_start().to_owned()));
    }
    if let Some(rest) = text.strip_prefix('+') {
        return span(rest).map(Line::Wait).ok_or_else(|| wrong(text, "+3d, +2h, +90m or +1w"));
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    of_word(word, rest.trim()).unwrap_or_else(|| Err(format!("\"{word}\" is not known here. {KNOWN}")))
}

const KNOWN: &str =
    "Type a /command, as, in, press, pick, fill, menu, say, read, save, who, now, +3d, to, help or quit.";

fn wrong(typed: &str, wanted: &str) -> String {
    format!("\"{typed}\" can't be read. Type it like {wanted}.")
}

/// The line of a first word; `None` for a word that is none.
fn of_word(word: &str, rest: &str) -> Option<Result<Line, String>> {
    let with = |wanted: &str, line: fn(String) -> Line| {
        if rest.is_empty() { Err(wrong(word, wanted)) } else { Ok(line(rest.to_owned())) }
    };
    Some(match word {
        "as" => with("as rita", |name| Line::As(name.trim_start_matches('@').to_owned())),
        "in" => with("in #general", Line::In),
        "press" => with("press 2, press Done or press 2 @#pipeline", |rest| {
            let (what, place) = placed(&rest);
            Line::Press(what, place)
        }),
        "pick" => with("pick Reps, Leads or pick 2 #pipeline", |rest| {
            let (what, place) = placed(&rest);
            Line::Pick(what, place)
        }),
        "fill" => Ok(Line::Fill(rest.to_owned())),
        "menu" => with("menu Log to a deal, or menu Joint deals @ben", |rest| match rest.rsplit_once(" @") {
            Some((command, person)) => Line::MenuOf(command.to_owned(), person.to_owned()),
            None => Line::Menu(rest),
        }),
        "say" => match rest.split_once(' ') {
            Some((channel, text)) => Ok(Line::Say(channel.to_owned(), text.to_owned())),
            None => Err(wrong(word, "say #general Globex signed")),
        },
        "to" => moment(rest).map(Line::Until).ok_or_else(|| wrong(word, "to 2026-12-01 09:00 (UTC)")),
        "read" => with("read #pipeline or read dms", Line::Read),
        "save" => with("save reports", Line::Save),
        "now" => Ok(Line::Now),
        "who" => Ok(Line::Who),
        "help" => Ok(Line::Help),
        "quit" | "exit" => Ok(Line::Quit),
        _ => return None,
    })
}

/// `3 @#pipeline`: what, and the channel whose latest message is meant.
fn placed(text: &str) -> (String, Option<String>) {
    match text.rsplit_once(" @#") {
        Some((what, channel)) => (what.trim().to_owned(), Some(channel.to_owned())),
        None => (text.to_owned(), None),
    }
}

/// `3d`, `1w2d`, `90m`.
fn span(text: &str) -> Option<TimeDelta> {
    let mut total = TimeDelta::zero();
    let mut number = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        let count: i64 = number.parse().ok()?;
        number.clear();
        total += match letter {
            'w' => TimeDelta::try_weeks(count)?,
            'd' => TimeDelta::try_days(count)?,
            'h' => TimeDelta::try_hours(count)?,
            'm' => TimeDelta::try_minutes(count)?,
            _ => return None,
        };
    }
    (number.is_empty() && total > TimeDelta::zero()).then_some(total)
}

/// `2026-12-01 09:00`, or the start of a day; in UTC.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M");
    let at = at.or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN)));
    at.ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_mean_what_help_says() {
        let text = |s: &str| s.to_owned();
        for (typed, meant) in [
            ("# a comment", Line::Pause),
            ("as @rita", Line::As(text("rita"))),
            ("/deal view deal:1", Line::Slash(text("/deal view deal:1"))),
            ("? /deal view deal:glo", Line::Complete(text("/deal view deal:glo"))),
            ("press 3 @#pipeline", Line::Press(text("3"), Some(text("pipeline")))),
            ("save reports", Line::Save(text("reports"))),
            ("press Show mine", Line::Press(text("Show mine"), None)),
            ("menu Joint deals @ben", Line::MenuOf(text("Joint deals"), text("ben"))),
            ("+1w2d", Line::Wait(TimeDelta::days(9))),
        ] {
            assert_eq!(read(typed), Ok(meant), "{typed}");
        }
    }

    #[test]
    fn a_wrong_line_says_what_can_be_typed() {
        assert!(read("+3x").expect_err("no unit x").contains("+3d"));
        assert!(read("frobnicate").expect_err("no word").contains("press"));
        assert!(read("to tomorrow").expect_err("no date").contains("2026-12-01"));
    }
}
