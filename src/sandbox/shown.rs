//! A message as people see it: mentions by name, times as dates, buttons by their labels.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::check::list;
use super::mention::{self, Mark};
use super::message::{Message, StoredFile, png_size};
use super::snowflake::Snowflake;
use super::state::State;

/// A message, with all that a test or a reader wants to know of it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its id.
    pub id: Snowflake,
    /// The channel it stands in, as `#name`; `@name` for direct messages with that person.
    pub channel: String,
    /// Who wrote it, by name.
    pub author: String,
    /// Its text as it was sent.
    pub content: String,
    /// Its embeds as they were sent.
    pub embeds: Vec<Value>,
    /// Its rows as they were sent.
    pub components: Vec<Value>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Whether only one person sees it.
    pub ephemeral: bool,
    /// That person's name.
    pub only_for: Option<String>,
    /// Bare names of people and roles that it really pinged, or `everyone`.
    pub pinged: Vec<String>,
    /// Whom the settings of its last edit would let it mention; Discord pings nobody by an edit.
    pub highlighted: Vec<String>,
    /// When it came, in virtual time.
    pub at: DateTime<Utc>,
    /// When it was last edited.
    pub edited: Option<DateTime<Utc>>,
    /// The person whose interaction it answers.
    pub answers: Option<String>,
    /// The name of the thread that hangs from it.
    pub thread: Option<String>,
    /// Its text as it is read.
    pub(super) read: String,
    /// Its embeds as they are read.
    pub(super) cards: Vec<Card>,
    pub(super) channel_id: Snowflake,
}

/// A file of a message.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// The text that stands in for it.
    pub description: Option<String>,
    /// What is in it.
    pub bytes: Bytes,
}

impl Attachment {
    /// Width and height in pixels, for a PNG.
    pub fn size(&self) -> Option<(u32, u32)> {
        png_size(&self.bytes)
    }
}

/// An embed as it is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Card {
    pub author: String,
    pub title: String,
    pub description: String,
    pub fields: Vec<(String, String)>,
    pub footer: String,
    pub image: Option<String>,
}

/// A button of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Button {
    /// Its label, or its emoji when it has none.
    pub label: String,
    /// What the bot knows it by; none for a link.
    pub custom_id: Option<String>,
    /// Where a link button leads.
    pub url: Option<String>,
    /// Whether it is greyed out.
    pub disabled: bool,
}

/// A select of a message.
#[derive(Clone, Debug)]
pub struct Select {
    /// What the bot knows it by.
    pub custom_id: String,
    /// Discord's component type: 3 strings, 5 users, 6 roles, 7 both, 8 channels.
    pub kind: u64,
    /// The grey hint.
    pub placeholder: String,
    /// Labels and values to choose from, for strings.
    pub options: Vec<(String, String)>,
    /// Labels that are chosen already, for strings.
    pub chosen: Vec<String>,
    /// The least number of values.
    pub min: usize,
    /// The greatest number of values.
    pub max: usize,
    /// Whether it is greyed out.
    pub disabled: bool,
}

impl Shown {
    /// Everything that a person can read in it, mentions as names and times as dates.
    pub fn text(&self) -> String {
        let mut lines = vec![self.read.clone()];
        for card in &self.cards {
            lines.extend([&card.author, &card.title, &card.description].map(Clone::clone));
            lines.extend(card.fields.iter().map(|(n, v)| format!("{n}\n{v}")));
            lines.push(card.footer.clone());
        }
        lines.extend(self.attachments.iter().filter_map(|a| a.description.clone()));
        lines.extend(self.selects().into_iter().map(|s| s.placeholder));
        lines.extend(self.buttons().into_iter().map(|b| format!("[{}]", b.label)));
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    /// Its buttons, row by row.
    pub fn buttons(&self) -> Vec<Button> {
        self.parts().filter(|part| part["type"] == 2).map(button).collect()
    }

    /// Its selects, top to bottom.
    pub fn selects(&self) -> Vec<Select> {
        self.parts().filter(|part| part["type"] != 2).map(select).collect()
    }

    /// The button with this label or id, in any case; or the only one whose label begins so.
    pub fn button(&self, label_or_id: &str) -> Option<Button> {
        let names = |b: &Button| [Some(b.label.clone()), b.custom_id.clone()].into_iter().flatten().collect();
        meant(self.buttons(), label_or_id, names)
    }

    /// The select with this hint or id, in any case; or the only one whose hint begins so.
    pub fn select(&self, placeholder_or_id: &str) -> Option<Select> {
        meant(self.selects(), placeholder_or_id, |s| vec![s.placeholder.clone(), s.custom_id.clone()])
    }

    fn parts(&self) -> impl Iterator<Item = &Value> {
        let rows = self.components.iter();
        rows.flat_map(|row| list(row, "components"))
    }
}

/// The control that somebody means; the first of its names is what people see.
fn meant<C: Clone>(all: Vec<C>, typed: &str, names: impl Fn(&C) -> Vec<String>) -> Option<C> {
    let typed = typed.trim().to_lowercase();
    let is = |control: &&C| names(control).iter().any(|name| name.to_lowercase() == typed);
    if let Some(exact) = all.iter().find(is) {
        return Some(exact.clone());
    }
    let begins = |control: &&C| !typed.is_empty() && names(control)[0].to_lowercase().starts_with(&typed);
    let mut begun = all.iter().filter(begins);
    begun.next().filter(|_| begun.next().is_none()).cloned()
}

fn button(part: &Value) -> Button {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let label = text(&part["label"]).filter(|label| !label.is_empty());
    let emoji = text(&part["emoji"]["name"]).unwrap_or_default();
    Button {
        label: match label {
            Some(label) if emoji.is_empty() => label,
            Some(label) => format!("{emoji} {label}"),
            None => emoji,
        },
        custom_id: text(&part["custom_id"]),
        url: text(&part["url"]),
        disabled: part["disabled"] == true,
    }
}

fn select(part: &Value) -> Select {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let bound = |name: &str| part[name].as_u64().unwrap_or(1) as usize;
    let options = list(part, "options").iter();
    let chosen = options.clone().filter(|o| o["default"] == true);
    Select {
        custom_id: text(&part["custom_id"]),
        kind: part["type"].as_u64().unwrap_or(0),
        placeholder: text(&part["placeholder"]),
        options: options.map(|o| (text(&o["label"]), text(&o["value"]))).collect(),
        chosen: chosen.map(|o| text(&o["label"])).collect(),
        min: bound("min_values"),
        max: bound("max_values"),
        disabled: part["disabled"] == true,
    }
}

impl State {
    /// A stored message as people see it at `now`.
    pub fn show(&self, message: &Message, now: DateTime<Utc>) -> Shown {
        let user = |id: Snowflake| self.users.get(&id).map(|user| user.name.clone());
        let interaction = message.interaction.and_then(|id| self.interactions.get(&id));
        let thread = message.thread.and_then(|id| self.channels.get(&id));
        Shown {
            id: message.id,
            channel: self.channel_label(message.channel),
            author: user(message.author).unwrap_or_default(),
            content: message.content.clone(),
            embeds: message.embeds.clone(),
            components: message.components.clone(),
            attachments: message.files.iter().map(attachment).collect(),
            ephemeral: message.only_for.is_some(),
            only_for: message.only_for.and_then(user),
            pinged: message.pinged.clone(),
            highlighted: message.highlighted.clone(),
            at: message.at,
            edited: message.edited,
            answers: interaction.and_then(|i| user(i.user)),
            thread: thread.map(|thread| thread.name.clone()),
            read: self.readable(&message.content, now),
            cards: message.embeds.iter().map(|e| self.card(e, now)).collect(),
            channel_id: message.channel,
        }
    }

    /// `#name`, or `@name` for direct messages.
    pub fn channel_label(&self, id: Snowflake) -> String {
        let Some(channel) = self.channels.get(&id) else {
            return "#unknown".to_owned();
        };
        match channel.recipient.and_then(|id| self.users.get(&id)) {
            Some(person) => format!("@{}", person.name),
            None => format!("#{}", channel.name),
        }
    }

    fn card(&self, embed: &Value, now: DateTime<Utc>) -> Card {
        let plain = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let read = |value: &Value| self.readable(value.as_str().unwrap_or_default(), now);
        let fields = list(embed, "fields").iter();
        Card {
            author: plain(&embed["author"]["name"]),
            title: read(&embed["title"]),
            description: read(&embed["description"]),
            fields: fields.map(|f| (read(&f["name"]), read(&f["value"]))).collect(),
            footer: plain(&embed["footer"]["text"]),
            image: embed["image"]["url"].as_str().map(str::to_owned),
        }
    }

    /// A text as it is read: marks by name, escapes and emphasis gone, links with their target.
    pub fn readable(&self, text: &str, now: DateTime<Utc>) -> String {
        let mut read = String::with_capacity(text.len());
        let mut left = text;
        while let Some(first) = left.chars().next() {
            let (piece, length) = self.piece(left, first, now);
            read.push_str(&piece);
            left = &left[length..];
        }
        read
    }

    /// The next piece of a text as it is read, and how many bytes of the text it took.
    fn piece(&self, left: &str, first: char, now: DateTime<Utc>) -> (String, usize) {
        if first == '\\'
            && let Some(next) = left[1..].chars().next().filter(char::is_ascii_punctuation)
        {
            return (next.to_string(), 1 + next.len_utf8());
        }
        if first == '<'
            && let Some((mark, length)) = mention::mark(left)
        {
            return (self.name_of(mark, now), length);
        }
        if ["**", "__", "~~"].iter().any(|pair| left.starts_with(pair)) {
            return (String::new(), 2);
        }
        if first == '['
            && let Some((label, url, length)) = link(left)
        {
            return (format!("{} <{url}>", self.readable(label, now)), length);
        }
        (first.to_string(), first.len_utf8())
    }

    fn name_of(&self, mark: Mark<'_>, now: DateTime<Utc>) -> String {
        let unknown = || "unknown".to_owned();
        match mark {
            Mark::User(id) => {
                let name = self.users.get(&id).map(|user| user.name.clone());
                format!("@{}", name.unwrap_or_else(unknown))
            }
            Mark::Role(id) => {
                let mut roles = self.guilds.values().flat_map(|guild| &guild.roles);
                let name = roles.find(|role| role.id == id).map(|role| role.name.clone());
                format!("@{}", name.unwrap_or_else(unknown))
            }
            Mark::Channel(id) => self.channel_label(id),
            Mark::Command(name) => format!("/{name}"),
            Mark::Time(seconds, style) => mention::readable_time(seconds, style, now),
        }
    }
}

/// The label, target and length of a masked link at the start of a text.
fn link(text: &str) -> Option<(&str, &str, usize)> {
    let end = text.find("](")?;
    let label = text.get(1..end).filter(|label| !label.contains('\n'))?;
    let target = &text[end + 2..];
    let close = target.find(')')?;
    let url = target[..close].trim_matches(['<', '>']);
    url.starts_with("http").then_some((label, url, end + 2 + close + 1))
}

fn attachment(file: &StoredFile) -> Attachment {
    Attachment { name: file.name.clone(), description: file.description.clone(), bytes: file.bytes.clone() }
}

#[cfg(test)]
mod tests {
    use super::super::world::World;
    use super::*;

    #[test]
    fn a_text_reads_as_people_see_it() {
        let state = World::seeded().found();
        let rita = state.user_named("rita").expect("seeded").id;
        let text = format!(
            "**Globex** \\*not bold\\* <@{rita}> </deal new:17> [the deal](https://crm.example/1) <t:1780000000:D>"
        );
        assert_eq!(
            state.readable(&text, DateTime::UNIX_EPOCH),
            "Globex *not bold* @rita /deal new the deal <https://crm.example/1> 28 May 2026"
        );
    }
}
