//! A message in Discord's JSON, of only what we use. It is built through a [`Draft`], which names whom the message may
//! mention before it says anything, and lays everything out within Discord's limits: what overflows is counted, with
//! the way to see it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::control::{Button, Row, Select};
use super::embed::{Embed, EmbedJson, Lines, lay_out};
use super::offer::Offer;
use super::text::units;
use crate::domain::id::{RoleId, UserId};

/// Discord's limit on the content of a message, in UTF-16 code units, as all limits here.
pub const CONTENT_LIMIT: usize = 2_000;
/// Rows of controls under a message.
const ROW_LIMIT: usize = 5;
/// Buttons in a row.
const BUTTON_LIMIT: usize = 5;
/// Users that a message may name as mentionable.
const MENTION_LIMIT: usize = 100;
/// Shown to one person only.
const EPHEMERAL: u32 = 1 << 6;

/// A finished message. Serializes to the body of a post, an answer or an edit; every field is always present, so that
/// an edit clears what it doesn't set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    content: String,
    embeds: Vec<EmbedJson>,
    components: Vec<Row>,
    allowed_mentions: AllowedMentions,
    #[serde(skip_serializing_if = "is_zero")]
    flags: u32,
    attachments: Vec<Attachment>,
    #[serde(skip)]
    pictures: Vec<Picture>,
    #[serde(skip)]
    refuses: bool,
}

/// A picture, or another file, that goes along as a file part; in the JSON only its name and text alternative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Letters, digits and dashes with an ending, e.g. `pipeline.png`.
    pub filename: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What a person who can't see it is told.
    pub alt: String,
}

/// Whom the message may ping: these and nobody else, whatever the text holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AllowedMentions {
    parse: [&'static str; 0],
    users: Vec<String>,
    roles: Vec<String>,
    replied_user: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Attachment {
    id: String,
    filename: String,
    description: String,
}

fn is_zero(flags: &u32) -> bool {
    *flags == 0
}

impl Message {
    /// Begins a message that may ping these people and nobody else. Only the first hundred can be: whoever speaks to
    /// more splits the message.
    pub fn pinging(users: impl IntoIterator<Item = UserId>) -> Draft {
        let users: BTreeSet<UserId> = users.into_iter().collect();
        debug_assert!(users.len() <= MENTION_LIMIT, "split the message instead");
        let mut draft = Message::silent();
        draft.users = users.into_iter().take(MENTION_LIMIT).collect();
        draft
    }

    /// Begins a message that pings nobody.
    pub fn silent() -> Draft {
        Draft {
            users: Vec::new(),
            roles: Vec::new(),
            content: Vec::new(),
            reference: None,
            embeds: Vec::new(),
            rows: Vec::new(),
            pictures: Vec::new(),
            files: Vec::new(),
        }
    }

    /// The same, shown to one person only.
    pub fn private(mut self) -> Message {
        self.flags |= EPHEMERAL;
        self
    }

    /// The same with a small last line under its text, where there is room for it.
    pub fn with_last_line(mut self, line: &str) -> Message {
        let joint = if self.content.is_empty() { "" } else { "\n" };
        if units(&self.content) + units(joint) + units(line) <= CONTENT_LIMIT {
            self.content.push_str(joint);
            self.content.push_str(line);
        }
        self
    }

    /// Whether it says that nothing was done.
    pub fn refuses(&self) -> bool {
        self.refuses
    }

    /// Whether it has a button that offers this.
    pub fn offers(&self, offer: Offer) -> bool {
        self.components.iter().any(|row| row.has_button(offer.label()))
    }

    /// Whether it is shown to one person only.
    pub fn is_private(&self) -> bool {
        self.flags & EPHEMERAL != 0
    }

    /// The pictures to send along, in the order of `attachments`.
    pub fn pictures(&self) -> &[Picture] {
        &self.pictures
    }

    /// The text above the embeds.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// Whether anybody may be pinged by it.
    pub fn pings(&self) -> bool {
        !(self.allowed_mentions.users.is_empty() && self.allowed_mentions.roles.is_empty())
    }
}

/// A message being put together. What it holds is laid out by [`Draft::build`].
#[derive(Debug)]
pub struct Draft {
    users: Vec<UserId>,
    roles: Vec<RoleId>,
    content: Vec<Lines>,
    reference: Option<String>,
    embeds: Vec<Embed>,
    rows: Vec<Row>,
    pictures: Vec<Picture>,
    files: Vec<Picture>,
}

impl Draft {
    /// Also lets a role be pinged.
    pub fn also_pinging(mut self, role: RoleId) -> Draft {
        self.roles.push(role);
        self
    }

    /// Adds a paragraph of ours. Cut with a count of lines if it is too long.
    pub fn text(self, text: impl Into<String>) -> Draft {
        self.lines(Lines::text(text))
    }

    /// Adds lines of which as many as fit are shown, the rest counted by the lines' own words.
    pub fn lines(mut self, lines: Lines) -> Draft {
        self.content.push(lines);
        self
    }

    /// Adds a small last line by which this very post can be found again. Never cut.
    pub fn reference(mut self, reference: impl Into<String>) -> Draft {
        self.reference = Some(reference.into());
        self
    }

    /// Adds an embed.
    pub fn embed(mut self, embed: Embed) -> Draft {
        self.embeds.push(embed);
        self
    }

    /// Adds buttons, five to a row.
    pub fn buttons(mut self, buttons: impl IntoIterator<Item = Button>) -> Draft {
        let buttons: Vec<Button> = buttons.into_iter().collect();
        for row in buttons.chunks(BUTTON_LIMIT) {
            self.rows.push(Row::of_buttons(row.to_vec()));
        }
        self
    }

    /// Adds a select, which takes a row of its own.
    pub fn select(mut self, select: Select) -> Draft {
        self.rows.extend(Row::of_select(select));
        self
    }

    /// Adds a picture; it stands in the first embed.
    pub fn picture(mut self, picture: Picture) -> Draft {
        self.pictures.push(picture);
        self
    }

    /// Adds a text as a file to keep; it stands in no embed.
    pub fn file(self, filename: impl Into<String>, text: String, what: impl Into<String>) -> Draft {
        self.keep(Picture { filename: filename.into(), bytes: text.into_bytes(), alt: what.into() })
    }

    /// Adds any file to keep; it stands in no embed.
    pub fn keep(mut self, file: Picture) -> Draft {
        self.files.push(file);
        self
    }

    /// Adds any file.
    pub fn attach(mut self, filename: impl Into<String>, bytes: Vec<u8>, what: impl Into<String>) -> Draft {
        self.files.push(Picture { filename: filename.into(), bytes, alt: what.into() });
        self
    }

    /// Lays the message out within Discord's limits.
    pub fn build(mut self) -> Message {
        if let (Some(picture), Some(embed)) = (self.pictures.first(), self.embeds.first_mut()) {
            embed.show(&picture.filename);
        }
        self.pictures.extend(self.files);
        let refuses = self.content.iter().any(Lines::refuses);
        let mut content = content_of(self.content, self.reference);
        let embeds = lay_out(self.embeds);
        if content.is_empty() && embeds.is_empty() {
            content = "Nothing to show.".to_owned();
        }
        Message {
            content,
            embeds,
            components: within_limits(self.rows),
            allowed_mentions: AllowedMentions {
                parse: [],
                users: self.users.iter().map(UserId::to_string).collect(),
                roles: self.roles.iter().map(RoleId::to_string).collect(),
                replied_user: false,
            },
            flags: 0,
            attachments: attachments_of(&self.pictures),
            pictures: self.pictures,
            refuses,
        }
    }
}

/// Paragraphs share what the reference leaves: a short one takes what it needs, long ones the rest in equal parts.
fn content_of(paragraphs: Vec<Lines>, reference: Option<String>) -> String {
    let last = reference.map(|r| format!("-# {r}"));
    let reserved = last.as_deref().map_or(0, |l| units(l) + 1);
    let paragraphs: Vec<Lines> = paragraphs.into_iter().filter(|p| !p.is_blank()).collect();
    let limit = CONTENT_LIMIT.saturating_sub(reserved + paragraphs.len());
    let needs: Vec<usize> = paragraphs.iter().map(|p| p.need(limit)).collect();
    let cap = super::embed::fair_cap(&needs, limit);
    let mut parts: Vec<String> = paragraphs.iter().map(|p| p.within(cap)).collect();
    parts.extend(last);
    parts.join("\n")
}

/// Five rows, and each id once: Discord refuses the whole message otherwise. Callers decide the rows, never data, so
/// a surplus is a mistake of ours that tests catch.
fn within_limits(rows: Vec<Row>) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    let count = rows.len();
    let kept: Vec<Row> = rows.into_iter().filter_map(|row| row.with_new_ids(&mut seen)).take(ROW_LIMIT).collect();
    debug_assert_eq!(count, kept.len(), "more than five rows, or an id twice");
    kept
}

fn attachments_of(pictures: &[Picture]) -> Vec<Attachment> {
    let described = |(index, picture): (usize, &Picture)| Attachment {
        id: index.to_string(),
        filename: picture.filename.clone(),
        description: super::text::clip(&picture.alt, 1_024),
    };
    pictures.iter().enumerate().map(described).collect()
}

#[cfg(test)]
mod tests;
