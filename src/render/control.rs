//! Buttons and selects under a message.

use std::collections::BTreeSet;

use serde::Serialize;

use super::text::{clip, plain, units};
use crate::domain::id::{ChannelId, RoleId, UserId};

const ID_LIMIT: usize = 100;
const LABEL_LIMIT: usize = 80;
const URL_LIMIT: usize = 512;
const OPTION_LIMIT: usize = 25;
const OPTION_TEXT_LIMIT: usize = 100;
const PLACEHOLDER_LIMIT: usize = 150;

/// What comes back when a control is used. Its format belongs to whoever reads it; here it only keeps Discord's limit
/// of 1 to 100 units.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CustomId(String);

impl CustomId {
    /// An id of kinds and numbers, which always fits. A longer one is cut, and then reads as stale when it comes back.
    pub fn new(id: impl Into<String>) -> CustomId {
        let id: String = id.into();
        debug_assert!((1..=ID_LIMIT).contains(&units(&id)), "an id of 1 to 100 units: {id}");
        CustomId(if id.is_empty() { "-".to_owned() } else { clip(&id, ID_LIMIT) })
    }

    /// As Discord will send it back.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A button.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Button {
    r#type: u8,
    style: u8,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_id: Option<CustomId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
}

impl Button {
    /// The one thing to do next.
    pub fn primary(id: CustomId, label: impl AsRef<str>) -> Button {
        Button::styled(1, Some(id), label.as_ref())
    }

    /// Anything else.
    pub fn secondary(id: CustomId, label: impl AsRef<str>) -> Button {
        Button::styled(2, Some(id), label.as_ref())
    }

    /// Says yes.
    pub fn success(id: CustomId, label: impl AsRef<str>) -> Button {
        Button::styled(3, Some(id), label.as_ref())
    }

    /// Ends or takes something away.
    pub fn danger(id: CustomId, label: impl AsRef<str>) -> Button {
        Button::styled(4, Some(id), label.as_ref())
    }

    /// Opens a page outside; `None` when Discord would refuse the address.
    pub fn link(url: &str, label: impl AsRef<str>) -> Option<Button> {
        let url = url.trim();
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let named = host.starts_with(|c: char| c.is_ascii_alphanumeric());
        let clean = !url.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c));
        (named && clean && url.is_ascii() && units(url) <= URL_LIMIT)
            .then(|| Button { url: Some(url.to_owned()), ..Button::styled(5, None, label.as_ref()) })
    }

    /// The same, shown but not to be pressed.
    pub fn disabled(mut self) -> Button {
        self.disabled = true;
        self
    }

    fn styled(style: u8, custom_id: Option<CustomId>, label: &str) -> Button {
        let label = clip(&plain(label), LABEL_LIMIT);
        Button {
            r#type: 2,
            style,
            label: if label.is_empty() { "…".to_owned() } else { label },
            custom_id,
            url: None,
            disabled: false,
        }
    }
}

/// One entry of a select of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    label: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    default: bool,
}

impl Entry {
    /// An entry that sends `value` back.
    pub fn new(value: impl Into<String>, label: impl AsRef<str>) -> Entry {
        let value: String = value.into();
        debug_assert!((1..=OPTION_TEXT_LIMIT).contains(&units(&value)));
        let label = clip(&plain(label.as_ref()), OPTION_TEXT_LIMIT);
        Entry {
            label: if label.is_empty() { "…".to_owned() } else { label },
            value: clip(&value, OPTION_TEXT_LIMIT),
            description: None,
            default: false,
        }
    }

    /// A second, smaller line.
    pub fn described(mut self, text: impl AsRef<str>) -> Entry {
        self.description = Some(clip(&plain(text.as_ref()), OPTION_TEXT_LIMIT)).filter(|t| !t.is_empty());
        self
    }

    /// Chosen already.
    pub fn chosen(mut self) -> Entry {
        self.default = true;
        self
    }
}

/// A select, which takes a row of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Select {
    r#type: u8,
    custom_id: CustomId,
    placeholder: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<Entry>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    default_values: Vec<Preset>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channel_types: Vec<u8>,
    min_values: u8,
    max_values: u8,
}

/// What a select of people, roles or channels shows as chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Preset {
    id: String,
    r#type: &'static str,
}

impl Select {
    /// One of our entries. What goes over 25 is counted in the placeholder, in the words of `more`.
    pub fn of(
        id: CustomId,
        placeholder: &str,
        entries: impl IntoIterator<Item = Entry>,
        more: impl Fn(usize) -> String,
    ) -> Select {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        let mut seen = BTreeSet::new();
        entries.retain(|e| seen.insert(e.value.clone()));
        let over = entries.len().saturating_sub(OPTION_LIMIT);
        entries.truncate(OPTION_LIMIT);
        let placeholder = match over {
            0 => placeholder.to_owned(),
            n => format!("{placeholder} {}", more(n)),
        };
        let mut select = Select::picking(3, id, &placeholder, 1);
        select.options = Some(entries);
        select
    }

    /// Any number of our entries, up to 25.
    pub fn any_of(id: CustomId, placeholder: &str, entries: impl IntoIterator<Item = Entry>) -> Select {
        let mut select = Select::of(id, placeholder, entries, |n| format!("({n} more)"));
        select.min_values = 0;
        select.max_values = select.options.as_ref().map_or(1, |options| options.len().clamp(1, OPTION_LIMIT) as u8);
        select
    }

    /// A member of the server.
    pub fn user(id: CustomId, placeholder: &str, chosen: Option<UserId>) -> Select {
        Select::picking(5, id, placeholder, 1).preset("user", chosen.map(|u| u.to_string()))
    }

    /// A role; it can be emptied.
    pub fn role(id: CustomId, placeholder: &str, chosen: Option<RoleId>) -> Select {
        Select::picking(6, id, placeholder, 0).preset("role", chosen.map(|r| r.to_string()))
    }

    /// A text channel.
    pub fn channel(id: CustomId, placeholder: &str, chosen: Option<ChannelId>) -> Select {
        let mut select = Select::picking(8, id, placeholder, 1).preset("channel", chosen.map(|c| c.to_string()));
        select.channel_types = vec![0, 5];
        select
    }

    fn picking(kind: u8, custom_id: CustomId, placeholder: &str, least: u8) -> Select {
        Select {
            r#type: kind,
            custom_id,
            placeholder: clip(&plain(placeholder), PLACEHOLDER_LIMIT),
            options: None,
            default_values: Vec::new(),
            channel_types: Vec::new(),
            min_values: least,
            max_values: 1,
        }
    }

    fn preset(mut self, kind: &'static str, id: Option<String>) -> Select {
        self.default_values = id.map(|id| Preset { id, r#type: kind }).into_iter().collect();
        self
    }
}

/// A row of a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    r#type: u8,
    components: Vec<Control>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Control {
    Button(Button),
    Select(Select),
}

impl Control {
    fn id(&self) -> Option<&CustomId> {
        match self {
            Control::Button(button) => button.custom_id.as_ref(),
            Control::Select(select) => Some(&select.custom_id),
        }
    }
}

impl Row {
    pub(super) fn of_buttons(buttons: Vec<Button>) -> Row {
        Row { r#type: 1, components: buttons.into_iter().map(Control::Button).collect() }
    }

    /// Whether a button of this label is in it.
    pub(super) fn has_button(&self, label: &str) -> bool {
        self.components.iter().any(|control| matches!(control, Control::Button(button) if button.label == label))
    }

    /// A select without entries is none: Discord refuses it, and there is nothing to choose.
    pub(super) fn of_select(select: Select) -> Option<Row> {
        let empty = select.options.as_ref().is_some_and(Vec::is_empty);
        (!empty).then(|| Row { r#type: 1, components: vec![Control::Select(select)] })
    }

    /// The row without ids that were seen before; none if nothing is left.
    pub(super) fn with_new_ids(mut self, seen: &mut BTreeSet<CustomId>) -> Option<Row> {
        self.components.retain(|c| c.id().is_none_or(|id| seen.insert(id.clone())));
        (!self.components.is_empty()).then_some(self)
    }
}
