//! An account: the customer company.

use serde::{Deserialize, Serialize};

use super::id::AccountId;

/// The state of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The id in the workspace.
    pub id: AccountId,
    /// How many events made this state.
    #[serde(default)]
    pub version: i64,
    /// The company's name, unique among accounts that were not merged away, regardless of case.
    pub name: String,
    /// The account that took its deals over.
    #[serde(default)]
    pub merged_into: Option<AccountId>,
}

/// The form of a name that decides whether two are the same: folded case, single spaces, no legal suffix dots.
pub fn name_key(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}

impl super::event::Tracked for Account {
    const KIND: super::event::SubjectKind = super::event::SubjectKind::Account;

    fn id(&self) -> i64 {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn touch(&mut self, version: i64, _: super::event::EventKind, _: super::Instant) {
        self.version = version;
    }

    fn name_key(&self) -> Option<String> {
        self.merged_into.is_none().then(|| name_key(&self.name))
    }
}
