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
    /// What they are to us.
    pub kind: Option<PartnerKind>,
    /// How much we put into it.
    pub tier: Option<Tier>,
    /// The partner manager on our side.
    pub manager: Option<MemberId>,
    /// People on their side.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// What both sides want of each other.
    #[serde(default)]
    pub plan: Plan,
    /// Out of use: offered nowhere, kept on its deals.
    #[serde(default)]
    pub archived: bool,
}

/// What a partner is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerKind {
    /// Makes software or hardware that ours works with.
    Technology,
    /// Advises, builds and integrates.
    Services,
    /// Runs it for the customer.
    ManagedServices,
    /// Sells it with something of its own.
    Reseller,
    /// Sells to resellers.
    Distributor,
    /// A cloud, or a market in one.
    Marketplace,
    /// Makes introductions.
    Referral,
    /// Anything else.
    Other,
}

/// How much we put into a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// The most.
    Strategic,
    /// More each year.
    Growth,
    /// What anybody gets.
    Standard,
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

/// What both sides want of each other, as it may be sent to the partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What both want to have reached.
    pub goal: Option<String>,
    /// How often both meet.
    pub cadence: Option<String>,
    /// What we do for them.
    pub we_owe: Option<String>,
    /// What they do for us.
    pub they_owe: Option<String>,
}

impl Partner {
    /// Whether a member is its partner manager; one that is archived needs none.
    pub fn is_managed_by(&self, member: MemberId) -> bool {
        !self.archived && self.manager == Some(member)
    }
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
