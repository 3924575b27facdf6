//! The prompt at a terminal: people type, press and pick, time passes, channels are read. The same
//! lines work as a script, which then reads as a transcript.

mod help;
mod line;
mod targets;

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, Lines};

use super::transcript::{Transcript, instant};
use super::{Form, Person, Reply, Sandbox, Shown};
use line::Line;

/// Messages that `read` shows at most.
const READ: usize = 10;

/// How lines come in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Somebody types: there is a prompt, and no echo.
    Interactive,
    /// A script: each line is echoed with who typed it.
    Script,
}

/// How the session ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PromptEnd {
    /// Lines that could not be read or that Discord's client would not have sent.
    pub mistakes: usize,
}

/// Runs until `quit` or the end of input. The first person of the first server types first.
///
/// # Errors
/// When input cannot be read or output cannot be written.
pub async fn run(
    sandbox: Sandbox,
    input: impl AsyncBufRead + Unpin,
    output: impl Write,
    mode: Mode,
) -> io::Result<PromptEnd> {
    let first = sandbox.people().into_iter().find_map(|(name, _)| sandbox.find_person(None, &name));
    let who = first.ok_or_else(|| io::Error::other("the first server has nobody in it"))?;
    let transcript = Transcript::new(sandbox.clone(), output);
    let mut session = Session { sandbox, mode, transcript, who, last: None, form: None, mistakes: 0 };
    session.serve(input.lines()).await?;
    Ok(PromptEnd { mistakes: session.mistakes })
}

struct Session<W> {
    sandbox: Sandbox,
    mode: Mode,
    transcript: Transcript<W>,
    who: Person,
    /// The message that `press`, `pick` and `menu` mean.
    last: Option<Shown>,
    form: Option<Form>,
    mistakes: usize,
}

/// What a line led to, apart from what was printed.
enum Step {
    Done,
    Wrong(String),
    Quit,
}

impl<W: Write> Session<W> {
    async fn serve<R: AsyncBufRead + Unpin>(&mut self, mut lines: Lines<R>) -> io::Result<()> {
        if self.mode == Mode::Interactive {
            self.transcript.line("Type help for what can be typed.")?;
        }
        self.transcript.clock()?;
        loop {
            self.ask()?;
            let Some(text) = lines.next_line().await? else {
                return Ok(());
            };
            let step = match line::read(&text) {
                Ok(Line::Quit) => Step::Quit,
                Ok(Line::Fill(texts)) if texts.is_empty() => self.fill_by_field(&mut lines).await?,
                Ok(line) => self.follow(text.trim(), line).await?,
                Err(why) => Step::Wrong(why),
            };
            match step {
                Step::Quit => return Ok(()),
                Step::Done => {}
                Step::Wrong(why) => {
                    self.mistakes += 1;
                    self.transcript.line(&format!("  ✗ {why}"))?;
                }
            }
            self.transcript.out().flush()?;
        }
    }

    fn ask(&mut self) -> io::Result<()> {
        if self.mode == Mode::Interactive {
            let place = self.place();
            let (name, out) = (self.who.name().to_owned(), self.transcript.out());
            write!(out, "\n{name} {place}> ")?;
            out.flush()?;
        }
        Ok(())
    }

    fn place(&self) -> String {
        self.sandbox.label(self.who.here())
    }

    /// Does what a line says, then tells what else the bot did.
    async fn follow(&mut self, text: &str, line: Line) -> io::Result<Step> {
        match line {
            Line::Pause if self.mode == Mode::Script => {
                self.transcript.line(text)?;
                return Ok(Step::Done);
            }
            Line::Pause => return Ok(Step::Done),
            Line::As(_) | Line::In(_) | Line::Now | Line::Who | Line::Help | Line::Read(_) | Line::Save(_) => {}
            _ if self.mode == Mode::Script => self.transcript.typed(self.who.name(), text)?,
            _ => {}
        }
        let step = self.step(line).await?;
        self.settle().await?;
        Ok(step)
    }

    /// Lets the bot finish what it began, and prints it.
    async fn settle(&mut self) -> io::Result<()> {
        self.sandbox.quiet().await;
        self.sandbox.advance_to(self.sandbox.now()).await;
        let news = self.transcript.news()?;
        if self.last.is_none() {
            self.last = news.last().cloned();
        }
        Ok(())
    }

    async fn step(&mut self, line: Line) -> io::Result<Step> {
        match line {
            Line::As(name) => Ok(self.become_person(&name)),
            Line::In(channel) => Ok(self.go(&channel)),
            Line::Slash(text) => {
                let reply = self.who.slash(&text).await;
                self.take(reply)
            }
            Line::Complete(text) => self.complete(&text).await,
            Line::Press(what, place) => self.press(&what, place).await,
            Line::Pick(what, place) => self.pick(&what, place).await,
            Line::Fill(texts) => self.fill(&texts).await,
            Line::Menu(command) => self.menu(&command).await,
            Line::MenuOf(command, person) => {
                let reply = self.who.user_menu(&command, &person).await;
                self.take(reply)
            }
            Line::Say(channel, text) => self.say(&channel, &text).await,
            Line::Wait(span) => self.pass(self.sandbox.now() + span).await,
            Line::Until(moment) => self.pass(moment).await,
            Line::Now => self.say_line(&instant(self.sandbox.now())),
            Line::Read(place) => self.read(&place),
            Line::Save(folder) => self.save(&folder),
            Line::Who => self.list_people(),
            Line::Help => self.say_line(help::HELP),
            Line::Pause | Line::Quit => Ok(Step::Done),
        }
    }

    fn say_line(&mut self, text: &str) -> io::Result<Step> {
        self.transcript.line(text)?;
        Ok(Step::Done)
    }

    /// Shows a reply; its message or form is what the next line means.
    fn take(&mut self, reply: Reply) -> io::Result<Step> {
        if let Reply::Client(why) = reply {
            return Ok(Step::Wrong(why));
        }
        self.transcript.reply(&reply)?;
        match reply {
            Reply::Message(shown) => self.last = Some(shown),
            Reply::Form(form) => self.form = Some(form),
            Reply::Nothing | Reply::Refused(_) | Reply::Client(_) => {}
        }
        Ok(Step::Done)
    }

    fn become_person(&mut self, name: &str) -> Step {
        match self.sandbox.find_person(None, name) {
            Some(person) => {
                self.who = person.at(&self.place());
                Step::Done
            }
            None => Step::Wrong(format!("Nobody is called {name}. There are: {}", self.names().join(", "))),
        }
    }

    fn names(&self) -> Vec<String> {
        self.sandbox.people().into_iter().map(|(name, _)| name).collect()
    }

    fn go(&mut self, channel: &str) -> Step {
        if !self.has_channel(channel) {
            return self.no_channel(channel);
        }
        self.who = self.who.at(channel);
        Step::Done
    }

    fn has_channel(&self, channel: &str) -> bool {
        let bare = channel.trim_start_matches('#');
        self.sandbox.channels().iter().any(|name| name.trim_start_matches('#') == bare)
    }

    fn no_channel(&self, channel: &str) -> Step {
        Step::Wrong(format!("There is no {channel}. There are: {}", self.sandbox.channels().join(", ")))
    }

    async fn complete(&mut self, text: &str) -> io::Result<Step> {
        match self.who.try_autocomplete(text).await {
            Ok(choices) => self.transcript.choices(&choices)?,
            Err(why) => return Ok(Step::Wrong(why)),
        }
        Ok(Step::Done)
    }

    async fn say(&mut self, channel: &str, text: &str) -> io::Result<Step> {
        if !self.has_channel(channel) {
            return Ok(self.no_channel(channel));
        }
        let shown = self.who.say(channel, text).await;
        self.transcript.message(&shown)?;
        self.last = Some(shown);
        Ok(Step::Done)
    }

    async fn pass(&mut self, to: DateTime<Utc>) -> io::Result<Step> {
        if to < self.sandbox.now() {
            return Ok(Step::Wrong(format!("It is {} already", instant(self.sandbox.now()))));
        }
        self.sandbox.advance_to(to).await;
        self.transcript.clock()?;
        Ok(Step::Done)
    }

    fn read(&mut self, place: &str) -> io::Result<Step> {
        let messages = match place {
            "dms" => self.sandbox.dms(self.who.name()),
            channel if self.has_channel(channel) => self.sandbox.channel(channel),
            channel => return Ok(self.no_channel(channel)),
        };
        let earlier = messages.len().saturating_sub(READ);
        self.transcript.heading(&format!("{place}, {}", counted(messages.len())))?;
        if earlier > 0 {
            self.transcript.line(&format!("  ({earlier} earlier ones are not shown)"))?;
        }
        for shown in &messages[earlier..] {
            self.transcript.line(&format!("  {}", instant(shown.at)))?;
            self.transcript.reread(shown)?;
        }
        if let Some(shown) = messages.last() {
            self.last = Some(shown.clone());
        }
        Ok(Step::Done)
    }

    fn list_people(&mut self) -> io::Result<Step> {
        for (name, roles) in self.sandbox.people() {
            self.transcript.line(&format!("  {name}: {}", roles.join(", ")))?;
        }
        Ok(Step::Done)
    }
}

fn counted(messages: usize) -> String {
    match messages {
        0 => "nothing yet".to_owned(),
        1 => "1 message".to_owned(),
        many => format!("{many} messages"),
    }
}
