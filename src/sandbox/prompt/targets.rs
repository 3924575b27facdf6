//! Buttons, menus and forms of the message that is meant.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tokio::io::{AsyncBufRead, Lines};

use super::{Mode, Session, Step};
use crate::sandbox::{Form, Reply, Shown};

impl<W: Write> Session<W> {
    /// The last message, or the latest of a channel that has something to press or pick.
    fn target(&self, place: Option<&str>) -> Result<Shown, String> {
        let Some(channel) = place else {
            let last = self.last.as_ref().ok_or("There is no message yet. Type a /command, or read #pipeline.")?;
            return self.who.look_again(last).ok_or_else(|| "The message is gone".to_owned());
        };
        let messages = self.sandbox.channel(channel).into_iter().rev();
        let mut usable = messages.filter(|m| !m.components.is_empty());
        usable.next().ok_or_else(|| format!("Nothing in #{channel} has buttons or menus"))
    }

    pub(super) async fn press(&mut self, what: &str, place: Option<String>) -> io::Result<Step> {
        let message = match self.target(place.as_deref()) {
            Ok(message) => message,
            Err(why) => return Ok(Step::Wrong(why)),
        };
        let buttons = message.buttons();
        let number = what.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let numbered = number.and_then(|n| buttons.get(n));
        let button = message.button(what).or_else(|| numbered.cloned());
        let id = button.and_then(|b| b.custom_id.or(Some(b.label)));
        let reply = self.who.press(&message, id.as_deref().unwrap_or(what)).await;
        self.take(reply)
    }

    /// The first menu that takes the values, or the one whose number comes before them.
    pub(super) async fn pick(&mut self, what: &str, place: Option<String>) -> io::Result<Step> {
        let message = match self.target(place.as_deref()) {
            Ok(message) => message,
            Err(why) => return Ok(Step::Wrong(why)),
        };
        let menus: Vec<String> = message.selects().into_iter().map(|s| s.custom_id).collect();
        let numbered = what.split_once(' ').and_then(|(number, rest)| {
            let number = number.parse::<usize>().ok()?.checked_sub(1)?;
            Some((menus.get(number)?.clone(), rest))
        });
        let (menus, values) = match numbered {
            Some((menu, rest)) => (vec![menu], rest),
            None => (menus, what),
        };
        let mut refused = "There is no menu on the last message".to_owned();
        for menu in menus {
            let whole = [values];
            let parts: Vec<&str> = values.split(',').map(str::trim).collect();
            for values in [&whole[..], &parts[..]] {
                match self.who.pick(&message, &menu, values).await {
                    Reply::Client(why) => refused = why,
                    reply => return self.take(reply),
                }
            }
        }
        Ok(Step::Wrong(refused))
    }

    /// Puts the files of the last message into a folder, each under its name.
    pub(super) fn save(&mut self, folder: &str) -> io::Result<Step> {
        let message = match self.target(None) {
            Ok(message) => message,
            Err(why) => return Ok(Step::Wrong(why)),
        };
        if message.attachments.is_empty() {
            return Ok(Step::Wrong("The last message has no files".to_owned()));
        }
        let folder = Path::new(folder);
        for file in &message.attachments {
            // Only the last part of a name: a file can't leave the folder.
            let name = Path::new(&file.name).file_name().unwrap_or_else(|| "file".as_ref());
            let path = folder.join(name);
            if let Err(why) = fs::create_dir_all(folder).and_then(|()| fs::write(&path, &file.bytes)) {
                return Ok(Step::Wrong(format!("{} can't be written: {why}", path.display())));
            }
            self.transcript.line(&format!("  saved {} ({} bytes)", path.display(), file.bytes.len()))?;
        }
        Ok(Step::Done)
    }

    pub(super) async fn menu(&mut self, command: &str) -> io::Result<Step> {
        let reply = match self.target(None) {
            Ok(message) => self.who.message_menu(command, &message).await,
            Err(why) => return Ok(Step::Wrong(why)),
        };
        self.take(reply)
    }

    /// Sends the open form with `Label=text; Label=text`.
    pub(super) async fn fill(&mut self, texts: &str) -> io::Result<Step> {
        let Some(form) = self.form.clone() else {
            return Ok(Step::Wrong("There is no open form".to_owned()));
        };
        let texts = pairs(&form, texts);
        self.send(&form, &texts).await
    }

    async fn send(&mut self, form: &Form, texts: &[(String, String)]) -> io::Result<Step> {
        let texts: Vec<(&str, &str)> = texts.iter().map(|(l, t)| (l.as_str(), t.as_str())).collect();
        let reply = self.who.submit(form, &texts).await;
        if !matches!(reply, Reply::Client(_)) {
            self.form = None;
        }
        self.take(reply)
    }

    /// `fill` alone: asks for each field at a terminal, and sends the form as it is in a script.
    pub(super) async fn fill_by_field<R: AsyncBufRead + Unpin>(&mut self, lines: &mut Lines<R>) -> io::Result<Step> {
        let Some(form) = self.form.clone() else {
            return Ok(Step::Wrong("There is no open form".to_owned()));
        };
        let mut texts = Vec::new();
        match self.mode {
            Mode::Script => self.transcript.typed(self.who.name(), "fill")?,
            Mode::Interactive => {
                for field in &form.fields {
                    let out = self.transcript.out();
                    write!(out, "  {} [{}]: ", field.label, field.value)?;
                    out.flush()?;
                    let typed = lines.next_line().await?.unwrap_or_default();
                    if !typed.is_empty() {
                        texts.push((field.custom_id.clone(), unescaped(&typed)));
                    }
                }
            }
        }
        let step = self.send(&form, &texts).await?;
        self.settle().await?;
        Ok(step)
    }
}

/// Splits `Label=text; Label=text`; a semicolon that no label follows belongs to the text.
fn pairs(form: &Form, texts: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in texts.split(';') {
        let label = part.split_once('=').filter(|(label, _)| form.field(label.trim()).is_some());
        match (label, pairs.last_mut()) {
            (Some((label, text)), _) => pairs.push((label.trim().to_owned(), unescaped(text.trim()))),
            (None, Some((_, before))) => *before = format!("{before};{}", unescaped(part)),
            (None, None) => {
                let (label, text) = part.split_once('=').unwrap_or((part, ""));
                pairs.push((label.trim().to_owned(), unescaped(text.trim())));
            }
        }
    }
    pairs
}

/// `\n` starts a new line.
fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n")
}
