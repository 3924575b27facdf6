//! What a button, select or form carries: an action, the workspace, and what it is about, within Discord's 100
//! characters. It survives a restart because nothing of it is kept in memory. It proves nothing: anybody can send any
//! id, so every handler looks everything up again in the workspace and checks the presser's rights.

use crate::domain::id::GuildId;

/// An id of ours: `action:guild:argument:argument…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomId {
    /// Which handler takes it, e.g. `undo`.
    pub action: String,
    /// The workspace, which a direct message doesn't tell.
    pub guild: GuildId,
    /// What it is about: numbers and short words, as the action defines them.
    pub arguments: Vec<String>,
}

impl CustomId {
    /// An id for an action in a workspace.
    pub fn new(action: &str, guild: GuildId) -> CustomId {
        CustomId { action: action.to_owned(), guild, arguments: Vec::new() }
    }

    /// Adds an argument. Never what a person typed: it could be long, or hold a colon.
    pub fn with(mut self, argument: impl std::fmt::Display) -> CustomId {
        self.arguments.push(argument.to_string());
        self
    }

    /// Reads an id; `None` when it is none of ours.
    pub fn parse(text: &str) -> Option<CustomId> {
        let mut parts = text.split(':');
        let action = parts.next().filter(|a| !a.is_empty())?.to_owned();
        let guild = GuildId(parts.next()?.parse().ok()?);
        Some(CustomId { action, guild, arguments: parts.map(str::to_owned).collect() })
    }

    /// The argument at a place, as a number.
    pub fn number(&self, place: usize) -> Option<i64> {
        self.arguments.get(place)?.parse().ok()
    }

    /// The argument at a place, as an index.
    pub fn index(&self, place: usize) -> Option<usize> {
        self.arguments.get(place)?.parse().ok()
    }

    /// The argument at a place, as a word.
    pub fn word(&self, place: usize) -> Option<&str> {
        self.arguments.get(place).map(String::as_str)
    }

    /// As `render` takes it.
    pub fn to_control(&self) -> super::control::CustomId {
        let arguments: String = self.arguments.iter().map(|a| format!(":{a}")).collect();
        super::control::CustomId::new(format!("{}:{}{arguments}", self.action, self.guild))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_made() {
        let id = CustomId::new("undo", GuildId(7)).with(12).with("next");
        let text = id.to_control();
        assert_eq!(CustomId::parse(text.as_str()), Some(id.clone()));
        assert_eq!((id.number(0), id.word(1), id.number(1), id.word(2)), (Some(12), Some("next"), None, None));
        for other in ["", ":1", "undo", "undo:x", "undo:"] {
            assert_eq!(CustomId::parse(other), None, "{other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(?s).{0,120}|[a-z_]{0,12}(:-?[0-9a-z]{0,22}){0,9}") {
            if let Some(id) = CustomId::parse(&text) {
                for place in 0..id.arguments.len() + 1 {
                    proptest::prop_assert_eq!(id.word(place).is_some(), place < id.arguments.len());
                    if let Some(number) = id.index(place) {
                        proptest::prop_assert!(i64::try_from(number).is_err() || id.number(place) == Some(number as i64));
                    }
                }
            }
        }

        #[test]
        fn any_id_of_ours_reads_back(
            action in "[a-z_]{1,16}",
            guild in 1i64..,
            numbers in proptest::collection::vec(proptest::num::i64::ANY, 0..3),
            word in "[a-z]{0,8}",
        ) {
            let id = numbers.iter().fold(CustomId::new(&action, GuildId(guild)), |id, number| id.with(number)).with(&word);
            let read = CustomId::parse(id.to_control().as_str());
            proptest::prop_assert_eq!(read, Some(id));
        }
    }
}
