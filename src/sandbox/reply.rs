//! What a person gets to see after a command, a press, a pick or a form.

use super::shown::Shown;

/// What came back.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "few live at once, and a boxed message would read worse in every test")]
pub enum Reply {
    /// A message, for all or for this person; a deferred one with its final content; for a
    /// component that edits its message, the message as it now is.
    Message(Shown),
    /// A form to fill.
    Form(Form),
    /// The bot took note and changed nothing.
    Nothing,
    /// "This interaction failed": no answer within 3 s, or a promise that was not kept.
    Refused(String),
    /// Discord's client would not have sent it; says why.
    Client(String),
}

impl Reply {
    /// Everything that a person can read in it.
    pub fn text(&self) -> String {
        match self {
            Reply::Message(shown) => shown.text(),
            Reply::Form(form) => form.text(),
            Reply::Nothing => String::new(),
            Reply::Refused(why) | Reply::Client(why) => why.clone(),
        }
    }

    /// The message, if it is one.
    pub fn message(&self) -> Option<&Shown> {
        match self {
            Reply::Message(shown) => Some(shown),
            _ => None,
        }
    }

    /// The message; for tests and the demo.
    ///
    /// # Panics
    /// When the reply is something else, which it then prints.
    #[track_caller]
    pub fn expect_message(self) -> Shown {
        match self {
            Reply::Message(shown) => shown,
            other => panic!("a message was expected, not {other:?}"),
        }
    }

    /// The form; for tests and the demo.
    ///
    /// # Panics
    /// When the reply is something else, which it then prints.
    #[track_caller]
    pub fn expect_form(self) -> Form {
        match self {
            Reply::Form(form) => form,
            other => panic!("a form was expected, not {other:?}"),
        }
    }
}

/// One line that autocomplete offers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent when it is taken.
    pub value: String,
}

/// A form (Discord says modal) that waits to be filled.
#[derive(Clone, Debug)]
pub struct Form {
    /// What the bot knows it by.
    pub custom_id: String,
    /// Its heading.
    pub title: String,
    /// Its fields, top to bottom.
    pub fields: Vec<Field>,
    /// The channel it was opened in.
    pub(super) channel: super::snowflake::Snowflake,
    /// The message whose component opened it.
    pub(super) source: Option<super::snowflake::Snowflake>,
}

impl Form {
    /// The title, and each field with what it holds.
    pub fn text(&self) -> String {
        let fields = self.fields.iter();
        let lines = fields.map(|f| format!("{}: {}", f.label, f.value));
        let all: Vec<String> = std::iter::once(self.title.clone()).chain(lines).collect();
        all.join("\n")
    }

    /// The field with this label or id, in any case.
    pub fn field(&self, label_or_id: &str) -> Option<&Field> {
        let wanted = label_or_id.to_lowercase();
        let mut fields = self.fields.iter();
        fields.find(|f| f.label.to_lowercase() == wanted || f.custom_id.to_lowercase() == wanted)
    }
}

/// One text input of a [`Form`]. Lengths are UTF-16 units.
#[derive(Clone, Debug)]
pub struct Field {
    /// What the bot knows it by.
    pub custom_id: String,
    /// What stands above it.
    pub label: String,
    /// What it is prefilled with.
    pub value: String,
    /// Whether it may not be left empty.
    pub required: bool,
    /// The least length.
    pub min: usize,
    /// The greatest length.
    pub max: usize,
    /// Whether it takes several lines.
    pub paragraph: bool,
    /// The grey hint of an empty field.
    pub placeholder: String,
}
