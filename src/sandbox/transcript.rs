//! A readable account of what people typed, what the bot answered, what it posted where and whom
//! it pinged, in plain text.

use std::collections::HashMap;
use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::Sandbox;
use super::reply::{Choice, Form, Reply};
use super::shown::{Attachment, Button, Card, Select, Shown};
use super::snowflake::Snowflake;

/// Columns of a line, its margin included.
const WIDTH: usize = 100;

/// What stands before each line of a message.
const MARGIN: &str = "  │ ";

/// Writes the account, and remembers what it told so that nothing is told twice.
#[derive(Debug)]
pub struct Transcript<W> {
    sandbox: Sandbox,
    out: W,
    told: HashMap<Snowflake, String>,
}

impl<W: Write> Transcript<W> {
    /// An account of what happens from now on.
    pub fn new(sandbox: Sandbox, out: W) -> Self {
        let said = sandbox.said();
        let told = said.into_iter().map(|m| (m.id, fingerprint(&m))).collect();
        Transcript { sandbox, out, told }
    }

    /// Where it is written.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// A line of its own, as it is.
    ///
    /// # Errors
    /// When it can't be written; the same for all that follow.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// A heading, with an empty line before it.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n── {text} ──")
    }

    /// The present instant, as a heading.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn clock(&mut self) -> io::Result<()> {
        let now = instant(self.sandbox.now());
        self.heading(&now)
    }

    /// What somebody typed or pressed.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn typed(&mut self, who: &str, what: &str) -> io::Result<()> {
        writeln!(self.out, "\n{who} ▸ {what}")
    }

    /// What came back to somebody.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn reply(&mut self, reply: &Reply) -> io::Result<()> {
        match reply {
            Reply::Message(shown) => self.message(shown),
            Reply::Form(form) => self.form(form),
            Reply::Nothing => self.line("  (nothing changes)"),
            Reply::Refused(why) => self.line(&format!("  ✗ {why}")),
            Reply::Client(why) => self.line(&format!("  ✗ Discord would not send that: {why}")),
        }
    }

    /// What autocomplete offers.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn choices(&mut self, choices: &[Choice]) -> io::Result<()> {
        if choices.is_empty() {
            return self.line("  (nothing is offered)");
        }
        for choice in choices {
            let sent = if choice.name == choice.value { String::new() } else { format!("   → {}", choice.value) };
            self.line(&format!("  · {}{sent}", choice.name))?;
        }
        Ok(())
    }

    /// A message with its head: where it stands, who sees it, whom it pinged.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn message(&mut self, shown: &Shown) -> io::Result<()> {
        let known = self.told.insert(shown.id, fingerprint(shown)).is_some();
        self.written(shown, &head(shown, known))
    }

    /// A message that stands in a channel, whether it was told before or not.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn reread(&mut self, shown: &Shown) -> io::Result<()> {
        self.told.insert(shown.id, fingerprint(shown));
        let edited = shown.edited.map_or(String::new(), |at| format!(" (edited {})", instant(at)));
        self.written(shown, &format!("{}{edited}", head(shown, false)))
    }

    fn written(&mut self, shown: &Shown, head: &str) -> io::Result<()> {
        self.line(&format!("  {head}"))?;
        for line in body(shown) {
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    /// All that the bot said or changed and that was not told yet, each with its time; gives those messages.
    #[expect(clippy::missing_errors_doc, reason = "told once, at `line`")]
    pub fn news(&mut self) -> io::Result<Vec<Shown>> {
        let told = |m: &Shown| self.told.get(&m.id).is_some_and(|text| *text == fingerprint(m));
        let said = self.sandbox.said().into_iter();
        let news: Vec<Shown> = said.filter(|m| !told(m)).collect();
        for shown in &news {
            let known = self.told.insert(shown.id, fingerprint(shown)).is_some();
            let at = instant(shown.edited.filter(|_| known).unwrap_or(shown.at));
            writeln!(self.out)?;
            self.written(shown, &format!("{at}, {}", head(shown, known)))?;
        }
        Ok(news)
    }

    fn form(&mut self, form: &Form) -> io::Result<()> {
        self.line(&format!("  form \"{}\"", form.title))?;
        for field in &form.fields {
            let need = if field.required { "" } else { " (may stay empty)" };
            let hint = if field.value.is_empty() { &field.placeholder } else { "" };
            let hint = if hint.is_empty() { String::new() } else { format!("({hint})") };
            let text = format!("{}{need}: {}{hint}", field.label, field.value);
            for line in wrapped(&text) {
                self.line(line.trim_end())?;
            }
        }
        Ok(())
    }
}

/// Changes with everything in a message that a reader would notice.
fn fingerprint(shown: &Shown) -> String {
    // As it was sent: a date that is read as "in 3 days" changes without anybody changing it.
    format!("{}{:?}{:?}{}", shown.content, shown.embeds, shown.components, shown.attachments.len())
}

/// An instant for people: `Mon 2 Nov 2026 09:00 UTC`.
pub fn instant(at: DateTime<Utc>) -> String {
    at.format("%a %-d %b %Y %H:%M UTC").to_string()
}

fn head(shown: &Shown, known: bool) -> String {
    let mut parts = vec![shown.author.clone()];
    parts.push(match &shown.only_for {
        Some(person) => format!("to {person} alone"),
        None if shown.channel.starts_with('@') => format!("in a direct message to {}", shown.channel),
        None => format!("in {}", shown.channel),
    });
    if known {
        parts.push("(changed)".to_owned());
    }
    let names = shown.pinged.iter().map(|name| format!("@{name}"));
    let pinged: Vec<String> = names.collect();
    if !pinged.is_empty() && !known {
        parts.push(format!("— pings {}", pinged.join(", ")));
    }
    parts.join(" ")
}

/// The lines of a message with their margin.
fn body(shown: &Shown) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(wrapped(&shown.read));
    let mut left: Vec<&Attachment> = shown.attachments.iter().collect();
    for card in &shown.cards {
        let image = card.image.as_deref().and_then(|url| url.strip_prefix("attachment://"));
        let pictured = |file: &&Attachment| Some(file.name.as_str()) == image;
        lines.extend(card_lines(card, left.iter().copied().find(pictured)));
        left.retain(|file| !pictured(file));
    }
    lines.extend(left.into_iter().flat_map(|file| wrapped(&file_line(file))));
    lines.extend(selects(&shown.selects()));
    lines.extend(buttons(&shown.buttons()));
    if let Some(thread) = &shown.thread {
        lines.extend(wrapped(&format!("[thread \"{thread}\"]")));
    }
    lines
}

fn card_lines(card: &Card, picture: Option<&Attachment>) -> Vec<String> {
    let mut lines = Vec::new();
    for text in [&card.author, &card.title, &card.description] {
        lines.extend(wrapped(text));
    }
    for (name, value) in &card.fields {
        let apart = if value.contains('\n') { "\n" } else { ": " };
        lines.extend(wrapped(&format!("{name}{apart}{value}")));
    }
    lines.extend(picture.into_iter().flat_map(|file| wrapped(&file_line(file))));
    lines.extend(wrapped(&card.footer));
    lines
}

fn file_line(file: &Attachment) -> String {
    let text = file.description.as_ref().map_or(String::new(), |text| format!(": {text}"));
    match file.size() {
        Some((width, height)) => format!("[picture {} {width}×{height}{text}]", file.name),
        None => format!("[file {} {} bytes{text}]", file.name, file.bytes.len()),
    }
}

fn selects(selects: &[Select]) -> Vec<String> {
    let numbered = selects.iter().enumerate();
    let lines = numbered.map(|(n, select)| {
        let chosen = |label: &String| if select.chosen.contains(label) { "●" } else { "" };
        let labels: Vec<String> = select.options.iter().map(|(label, _)| format!("{}{label}", chosen(label))).collect();
        let of = match select.kind {
            3 => labels.join(" | "),
            5 => "people".to_owned(),
            6 => "roles".to_owned(),
            8 => "channels".to_owned(),
            _ => "people and roles".to_owned(),
        };
        let off = if select.disabled { " (off)" } else { "" };
        format!("[menu {}] {}: {of}{off}", n + 1, select.placeholder)
    });
    lines.flat_map(|line| wrapped(&line)).collect()
}

fn buttons(buttons: &[Button]) -> Vec<String> {
    if buttons.is_empty() {
        return Vec::new();
    }
    let numbered = buttons.iter().enumerate();
    let labels = numbered.map(|(n, button)| {
        let off = if button.disabled { " (off)" } else { "" };
        let url = button.url.as_ref().map_or(String::new(), |url| format!(" → {url}"));
        format!("[{} {}{off}{url}]", n + 1, button.label)
    });
    wrapped(&labels.collect::<Vec<_>>().join("  "))
}

/// A text in lines of the width, each with the margin. Nothing for an empty text.
fn wrapped(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let room = WIDTH - MARGIN.chars().count();
    let lines = text.lines().filter(|line| !line.starts_with("```"));
    let short = lines.flat_map(|line| folded(line, room));
    short.map(|line| format!("{MARGIN}{line}")).collect()
}

/// A line in pieces no longer than `room` characters, broken between words where it can be.
fn folded(line: &str, room: usize) -> Vec<String> {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let mut pieces = vec![indent.clone()];
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let current = pieces.last_mut().expect("it starts with one");
        let fresh = current.trim().is_empty();
        if fresh || current.chars().count() + 1 + word.chars().count() <= room {
            if !fresh {
                current.push(' ');
            }
            current.push_str(word);
        } else {
            pieces.push(format!("{indent}{word}"));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_between_words() {
        assert_eq!(folded("  one two three", 9), ["  one two", "  three"]);
        assert_eq!(folded("", 9), [""]);
    }

    #[test]
    fn a_picture_reads_as_its_text() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(800_u32.to_be_bytes());
        png.extend(400_u32.to_be_bytes());
        let file =
            Attachment { name: "pipeline.png".into(), description: Some("Two stages".into()), bytes: png.into() };
        assert_eq!(file_line(&file), "[picture pipeline.png 800×400: Two stages]");
    }
}
