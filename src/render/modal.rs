//! A form: a title and one to five text inputs. Prefilled text is never cut, because it would be lost on submit.

use serde::Serialize;

use super::control::CustomId;
use super::text::{clip, plain, units};

const TITLE_LIMIT: usize = 45;
const LABEL_LIMIT: usize = 45;
const PLACEHOLDER_LIMIT: usize = 100;
const INPUT_LIMIT: usize = 5;
const VALUE_LIMIT: usize = 4_000;

/// A form in Discord's JSON (the data of the modal callback).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Modal {
    custom_id: CustomId,
    title: String,
    components: Vec<InputRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct InputRow {
    r#type: u8,
    components: [TextInput; 1],
}

/// One text input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextInput {
    r#type: u8,
    custom_id: CustomId,
    style: u8,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    required: bool,
    max_length: usize,
}

impl Modal {
    /// A form with its first input; an empty form can't be.
    pub fn new(id: CustomId, title: impl AsRef<str>, first: TextInput) -> Modal {
        let mut modal =
            Modal { custom_id: id, title: clip(&plain(title.as_ref()), TITLE_LIMIT), components: Vec::new() };
        if modal.title.is_empty() {
            modal.title = "Details".to_owned();
        }
        modal.input(first)
    }

    /// Adds an input; at most five, each with its own id.
    pub fn input(mut self, input: TextInput) -> Modal {
        let taken = self.components.iter().any(|row| row.components[0].custom_id == input.custom_id);
        let fits = self.components.len() < INPUT_LIMIT && !taken;
        debug_assert!(fits, "at most five inputs, each with its own id");
        if fits {
            self.components.push(InputRow { r#type: 1, components: [input] });
        }
        self
    }
}

impl TextInput {
    /// One line of up to `longest` units.
    pub fn line(id: impl Into<String>, label: impl AsRef<str>, longest: usize) -> TextInput {
        TextInput::styled(1, id.into(), label.as_ref(), longest)
    }

    /// Several lines of up to `longest` units.
    pub fn paragraph(id: impl Into<String>, label: impl AsRef<str>, longest: usize) -> TextInput {
        TextInput::styled(2, id.into(), label.as_ref(), longest)
    }

    /// Makes it needed.
    pub fn required(mut self) -> TextInput {
        self.required = true;
        self
    }

    /// An example in grey while it is empty.
    pub fn hint(mut self, hint: impl AsRef<str>) -> TextInput {
        self.placeholder = Some(clip(hint.as_ref(), PLACEHOLDER_LIMIT));
        self
    }

    /// What stands in it already. A text longer than the input takes widens the input instead of being cut.
    pub fn prefilled(mut self, value: Option<impl AsRef<str>>) -> TextInput {
        self.value = value.map(|v| clip(v.as_ref(), VALUE_LIMIT)).filter(|v| !v.is_empty());
        let length = self.value.as_deref().map_or(0, units);
        self.max_length = self.max_length.max(length);
        self
    }

    fn styled(style: u8, id: String, label: &str, longest: usize) -> TextInput {
        TextInput {
            r#type: 4,
            custom_id: CustomId::new(id),
            style,
            label: clip(&plain(label), LABEL_LIMIT),
            value: None,
            placeholder: None,
            required: false,
            max_length: longest.clamp(1, VALUE_LIMIT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefilled_form_keeps_the_whole_text() {
        let long = "word ".repeat(300);
        let modal = Modal::new(
            CustomId::new("update:12"),
            "A title that is far longer than the forty-five units that Discord gives",
            TextInput::paragraph("note", "Note", 1_000).prefilled(Some(&long)),
        )
        .input(TextInput::line("due", "Due", 40).hint("friday").prefilled(None::<&str>));
        let json = serde_json::to_value(&modal).unwrap();
        assert!(units(json["title"].as_str().unwrap()) <= TITLE_LIMIT);
        assert_eq!(json["components"][0]["components"][0]["value"], long);
        assert_eq!(json["components"][0]["components"][0]["max_length"], 1_500);
        assert!(json["components"][1]["components"][0].get("value").is_none());
    }
}
