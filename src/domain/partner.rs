//! A partner: the company we sell with.

use serde::{Deserialize, Serialize};

use super::id::{MemberId, PartnerId};

/// The state of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// The id in the workspace.
    pub id: PartnerId,
    /// How many events made this state.
    #[serde(default)]
    pub version: i64,
    /// The company's name, unique among active partners regardless of case.
    pub name: String,
    /// What they are to us: one of the manifest's choices, e.g. `technology`.
    pub kind: Option<String>,
    /// How close they are: one of the manifest's choices.
    pub tier: Option<String>,
    /// The partner manager on our side.
    pub manager: Option<MemberId>,
    /// People on their side.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Out of use: offered nowhere, kept on its deals.
    #[serde(default)]
    pub archived: bool,
}

/// A person on the partner's side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their name.
    pub name: String,
    /// What they do.
    pub role: Option<String>,
    /// Where to write.
    pub email: Option<String>,
}

impl super::event::Tracked for Partner {
    const KIND: super::event::SubjectKind = super::event::SubjectKind::Partner;

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
        (!self.archived).then(|| super::account::name_key(&self.name))
    }
}
