//! Read models: things of the program with the names that people read, as answers show them. Put together by whoever
//! reads the store; no words, no rules.

use std::collections::HashMap;

use super::attribution::Timeliness;
use super::deal::criteria::Standing;
use super::deal::{Credit, Deal, NextStep};
use super::id::{AccountId, MemberId, PartnerId, UserId};
use super::stall::Reason;

/// A member as people read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The id in the workspace.
    pub member: MemberId,
    /// Who it is on Discord.
    pub user: UserId,
    /// As last shown by Discord in this server.
    pub name: String,
    /// Whether they left the server or were deactivated.
    pub gone: bool,
}

/// A deal with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealCard {
    /// The deal.
    pub deal: Deal,
    /// Its account's name.
    pub account: String,
    /// The primary partner's name.
    pub partner: String,
    /// The participants' names, in the order of the deal's participants.
    pub participants: Vec<String>,
    /// Who is answerable.
    pub owner: Named,
    /// The standing deputy.
    pub backup: Option<Named>,
    /// Who stands in for the owner today.
    pub cover: Option<Named>,
    /// Whether the class was recorded in time.
    pub timeliness: Timeliness,
    /// Who stands behind each partner's role: the primary's first, then in the order of the deal's participants.
    pub chains: Vec<Chain>,
    /// Why it is stalled; empty when it is not.
    pub reasons: Vec<Reason>,
    /// How it runs the motion.
    pub running: Running,
}

/// How a deal runs the version of the motion that it started on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Running {
    /// The criteria of the stage that it is in; none once it has ended.
    pub standing: Vec<Standing>,
    /// The current version, when it runs an older one and can be moved.
    pub newer: Option<u32>,
    /// What the motion proposes to do next; `None` when that is what stands.
    pub proposed: Option<NextStep>,
    /// Who passed criteria over, in the order of the deal's waivers.
    pub passed_by: Vec<Named>,
    /// Who asks a lead to pass.
    pub asked_by: Option<Named>,
}

/// The people behind a claimed role, from its claim to its confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Who claimed it.
    pub claimed_by: Named,
    /// Whether it was recorded in time.
    pub timeliness: Timeliness,
    /// Who confirmed it.
    pub confirmed_by: Option<Named>,
    /// Who sent it back with a question.
    pub asked_by: Option<Named>,
    /// Who answers questions about it.
    pub answerer: Named,
    /// The partner's manager on our side.
    pub manager: Option<Named>,
    /// The roles that stood there before, in the order of the claim's.
    pub former: Vec<FormerRole>,
}

/// A role that another claim took the place of, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerRole {
    /// The partner's name.
    pub partner: String,
    /// Who had claimed it.
    pub claimed_by: Named,
    /// Whether it was recorded in time; `None` while it was undecided.
    pub timeliness: Option<Timeliness>,
}

impl DealCard {
    /// The roles that partners have or had a claim to, each with the partner's name and the people behind it.
    pub fn credits(&self) -> impl Iterator<Item = (Credit<'_>, &str, &Chain)> {
        let names = std::iter::once(&self.partner).chain(&self.participants).map(String::as_str);
        self.deal.credits().zip(names).zip(&self.chains).map(|((credit, name), chain)| (credit, name, chain))
    }
}

/// The names behind the ids in events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Members.
    pub members: HashMap<MemberId, Named>,
    /// Accounts.
    pub accounts: HashMap<AccountId, String>,
    /// Partners.
    pub partners: HashMap<PartnerId, String>,
}

impl From<&super::member::Member> for Named {
    fn from(member: &super::member::Member) -> Named {
        Named { member: member.id, user: member.user, name: member.name.clone(), gone: member.gone }
    }
}
