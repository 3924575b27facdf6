//! Embeds, and how lines share the room that Discord gives. A block of lines shows as many as fit and counts the rest;
//! blocks of one message share the 6,000 units of all embeds, so that a long list can't push out a short one.

use serde::Serialize;

use super::text::{clip, units};

const EMBED_LIMIT: usize = 10;
const TOTAL_LIMIT: usize = 6_000;
const TITLE_LIMIT: usize = 256;
/// Units that the lines of an embed may take.
pub(super) const DESCRIPTION_LIMIT: usize = 4_096;
const FIELD_LIMIT: usize = 25;
const NAME_LIMIT: usize = 256;
const VALUE_LIMIT: usize = 1_024;
const FOOTER_LIMIT: usize = 512;
/// Below this room a long line is left to the count instead of being cut.
const SHORTEST: usize = 24;

/// Lines of which as many as fit are shown; the rest is counted in the words that came with them.
pub struct Lines {
    lines: Vec<String>,
    most: usize,
    more: Box<dyn Fn(usize) -> String + Send>,
    refuses: bool,
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.lines.fmt(f)
    }
}

impl Lines {
    /// Lines, and what stands in for those that don't fit, e.g. `… and 12 more: /deal list`.
    pub fn of(lines: impl IntoIterator<Item = String>, more: impl Fn(usize) -> String + Send + 'static) -> Lines {
        Lines { lines: lines.into_iter().collect(), most: usize::MAX, more: Box::new(more), refuses: false }
    }

    /// Shows so many of them at most, however much room there is. A single one beyond takes no more room than its count.
    pub fn at_most(self, most: usize) -> Lines {
        let one_more = self.lines.len() == most + 1;
        Lines { most: if one_more { most + 1 } else { most }, ..self }
    }

    /// Plain text of ours, one line or several.
    pub fn text(text: impl Into<String>) -> Lines {
        let text: String = text.into();
        Lines::of(text.lines().map(str::to_owned), |n| match n {
            1 => "… and 1 line more".to_owned(),
            n => format!("… and {n} lines more"),
        })
    }

    /// The same, saying that nothing was done.
    pub(super) fn refusing(self) -> Lines {
        Lines { refuses: true, ..self }
    }

    pub(super) fn refuses(&self) -> bool {
        self.refuses
    }

    pub(super) fn is_blank(&self) -> bool {
        self.lines.iter().all(|l| l.trim().is_empty())
    }

    /// The units that it takes, as far as it may have them.
    pub(super) fn need(&self, limit: usize) -> usize {
        let shown = self.lines.iter().take(self.most);
        let rest = self.lines.len().saturating_sub(self.most);
        let more = if rest == 0 { 0 } else { units(&(self.more)(rest)) + 1 };
        let sum: usize = shown.map(|l| units(l) + 1).sum();
        (sum + more).saturating_sub(1).min(limit)
    }

    /// The text within a limit.
    pub(super) fn within(&self, limit: usize) -> String {
        let whole = self.lines.join("\n");
        if units(&whole) <= limit && self.lines.len() <= self.most {
            return whole;
        }
        if let [only] = self.lines.as_slice() {
            return clip(only, limit);
        }
        let mut shown: Vec<String> = Vec::new();
        let mut used = 0;
        for (index, line) in self.lines.iter().enumerate().take(self.most) {
            let left = self.lines.len() - index - 1;
            let rest = if left == 0 { 0 } else { units(&(self.more)(left)) + 1 };
            let room = limit.saturating_sub(used + rest);
            let is_long = units(line) > limit / 3 && room >= SHORTEST;
            if units(line) > room && !is_long {
                break;
            }
            let line = clip(line, room);
            used += units(&line) + 1;
            shown.push(line);
        }
        if shown.len() < self.lines.len() {
            shown.push(clip(&(self.more)(self.lines.len() - shown.len()), limit));
        }
        shown.join("\n")
    }
}

/// One embed being put together. Titles and names are ours or escaped by the caller.
#[derive(Debug)]
pub struct Embed {
    title: String,
    description: Option<Lines>,
    fields: Vec<(String, Lines, bool)>,
    footer: Option<String>,
    color: Option<u32>,
    image: Option<String>,
}

/// The colour at an embed's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Something good happened.
    Good,
    /// Somebody should act.
    Attention,
    /// It is over or overdue by much.
    Grave,
}

impl Tone {
    fn color(self) -> u32 {
        match self {
            Tone::Plain => 0x5B_6E_AE,
            Tone::Good => 0x2E_9E_6B,
            Tone::Attention => 0xD9_95_1E,
            Tone::Grave => 0xC4_4B_4B,
        }
    }
}

impl Embed {
    /// An embed with a title.
    pub fn titled(title: impl Into<String>) -> Embed {
        Embed { title: title.into(), description: None, fields: Vec::new(), footer: None, color: None, image: None }
    }

    /// The text under the title.
    pub fn text(self, text: impl Into<String>) -> Embed {
        self.lines(Lines::text(text))
    }

    /// Lines under the title.
    pub fn lines(mut self, lines: Lines) -> Embed {
        self.description = Some(lines);
        self
    }

    /// A named part across the whole width.
    pub fn field(self, name: impl Into<String>, lines: Lines) -> Embed {
        self.add(name.into(), lines, false)
    }

    /// A short named value that may stand beside others.
    pub fn value(self, name: impl Into<String>, value: impl Into<String>) -> Embed {
        self.add(name.into(), Lines::text(value), true)
    }

    fn add(mut self, name: String, lines: Lines, inline: bool) -> Embed {
        debug_assert!(self.fields.len() < FIELD_LIMIT, "a list belongs in lines");
        if self.fields.len() < FIELD_LIMIT {
            self.fields.push((name, lines, inline));
        }
        self
    }

    /// A small last line. Discord shows it as it stands, without markdown.
    pub fn footer(mut self, footer: impl Into<String>) -> Embed {
        self.footer = Some(footer.into());
        self
    }

    /// The colour at its edge.
    pub fn tone(mut self, tone: Tone) -> Embed {
        self.color = Some(tone.color());
        self
    }

    pub(super) fn show(&mut self, filename: &str) {
        self.image = Some(format!("attachment://{filename}"));
    }

    fn skeleton(&self) -> EmbedJson {
        EmbedJson {
            title: non_empty(clip(self.title.trim(), TITLE_LIMIT)),
            description: None,
            fields: Vec::new(),
            footer: self.footer.as_deref().map(|text| FooterJson { text: clip(text, FOOTER_LIMIT) }),
            color: self.color,
            image: self.image.clone().map(|url| ImageJson { url }),
        }
    }

    fn fixed(&self) -> usize {
        let names: usize = self.fields.iter().map(|(name, ..)| units(&field_name(name))).sum();
        let footer = self.footer.as_deref().map_or(0, |f| units(f).min(FOOTER_LIMIT));
        units(&non_empty(clip(self.title.trim(), TITLE_LIMIT))) + footer + names
    }

    /// The blocks that share the room, each with the most it may have.
    fn needs(&self) -> impl Iterator<Item = usize> + '_ {
        let description = self.description.iter().map(|l| l.need(DESCRIPTION_LIMIT));
        let values = self.fields.iter().map(|(_, lines, _)| lines.need(VALUE_LIMIT).max(1));
        description.chain(values)
    }

    fn render(self, cap: usize) -> EmbedJson {
        let mut json = self.skeleton();
        let description = self.description.map(|l| l.within(cap.min(DESCRIPTION_LIMIT)));
        json.description = description.filter(|text| !text.trim().is_empty());
        json.fields = self
            .fields
            .into_iter()
            .map(|(name, lines, inline)| FieldJson {
                name: field_name(&name),
                value: non_empty(lines.within(cap.min(VALUE_LIMIT))),
                inline,
            })
            .collect();
        json
    }
}

fn field_name(name: &str) -> String {
    non_empty(clip(name.trim(), NAME_LIMIT))
}

/// Discord refuses an empty name or value.
fn non_empty(text: String) -> String {
    if text.trim().is_empty() { "–".to_owned() } else { text }
}

/// Lays embeds out within the limits of each part and of all together.
pub(super) fn lay_out(mut embeds: Vec<Embed>) -> Vec<EmbedJson> {
    debug_assert!(embeds.len() <= EMBED_LIMIT, "a list belongs in lines");
    embeds.truncate(EMBED_LIMIT);
    let room = |embeds: &[Embed]| {
        let fixed: usize = embeds.iter().map(Embed::fixed).sum();
        let blocks = embeds.iter().flat_map(Embed::needs).count();
        TOTAL_LIMIT.checked_sub(fixed).filter(|r| *r >= blocks)
    };
    while room(&embeds).is_none() {
        debug_assert!(false, "titles and names alone are over the limit");
        embeds.pop();
    }
    let needs: Vec<usize> = embeds.iter().flat_map(Embed::needs).collect();
    let cap = fair_cap(&needs, room(&embeds).unwrap_or(0));
    embeds.into_iter().map(|e| e.render(cap)).collect()
}

/// The largest cap with Σ min(need, cap) within the room: short blocks stay whole, long ones share what is left.
pub(super) fn fair_cap(needs: &[usize], room: usize) -> usize {
    let mut sorted = needs.to_vec();
    sorted.sort_unstable();
    let mut left = room;
    for (index, need) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - index);
        if *need > share {
            return share;
        }
        left -= need;
    }
    room
}

/// An embed in Discord's JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct EmbedJson {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<FooterJson>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct FieldJson {
    name: String,
    value: String,
    inline: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct FooterJson {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct ImageJson {
    url: String,
}

#[cfg(test)]
mod tests;
