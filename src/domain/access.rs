//! Who may do what. Discord's own command permissions are a convenience; this is the rule.

use serde::{Deserialize, Serialize};

use super::deal::Deal;
use super::id::{MemberId, RoleId};
use super::refusal::Problem;
use super::workspace::Settings;

/// What a person may act as, from Discord's roles and the workspace's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Access {
    /// Has Manage Server. Counts as lead.
    pub admin: bool,
    /// Holds the lead role, is an admin, or owns the number.
    pub lead: bool,
    /// Holds the finance role.
    pub finance: bool,
    /// Holds the rep role, or everyone is a rep.
    pub rep: bool,
}

/// The roles that commands ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// Manage Server.
    Admin,
    /// A lead.
    Lead,
    /// Finance or a lead, to read the proof and what deals pay.
    Finance,
    /// A rep or a lead, to record deals.
    Rep,
    /// A rep or a lead, to note what happened on anybody's deal. On their own, whoever may change it notes too.
    Note,
    /// Any role of the program.
    Any,
    /// The deal's owner, backup or the owner's cover, or a lead.
    OwnerOrLead,
    /// The partner's manager or a lead.
    ManagerOrLead,
    /// Who has an action to do or gave it, or a lead.
    AssigneeOrLead,
}

impl Access {
    /// Reads the access from what Discord says of the person.
    pub fn of(settings: &Settings, roles: &[RoleId], manages_server: ManagesServer) -> Access {
        let holds = |role: Option<RoleId>| role.is_some_and(|r| roles.contains(&r));
        let admin = manages_server == ManagesServer::Yes;
        Access {
            admin,
            lead: admin || holds(settings.lead_role),
            finance: holds(settings.finance_role),
            rep: settings.everyone_is_rep || holds(settings.rep_role),
        }
    }

    /// The same of a person who is known here: the owner of the number counts as lead.
    pub fn of_member(self, settings: &Settings, member: Option<MemberId>) -> Access {
        let owns_number = member.is_some() && member == settings.number_owner();
        Access { lead: self.lead || owns_number, ..self }
    }

    /// Whether the person holds any role of the program.
    pub fn any(self) -> bool {
        self.admin || self.lead || self.finance || self.rep
    }

    /// Whether the person may record deals.
    pub fn may_record(self) -> bool {
        self.rep || self.lead
    }

    /// Refuses unless the person holds the role. Nobody but an admin does anything before setup is finished. What needs
    /// an owner or a manager is only granted to leads here; whose thing it is, its own check knows.
    pub fn require(self, settings: &Settings, needed: Needed) -> Result<(), Problem> {
        let allowed = match needed {
            Needed::Admin => self.admin,
            Needed::Lead | Needed::OwnerOrLead | Needed::ManagerOrLead | Needed::AssigneeOrLead => self.lead,
            Needed::Finance => self.finance || self.lead,
            Needed::Rep | Needed::Note => self.may_record(),
            Needed::Any => self.any(),
        };
        if !settings.ready && needed != Needed::Admin {
            return Err(Problem::NotSetUp);
        }
        if allowed { Ok(()) } else { Err(Problem::NotAllowed { needed, ask: None }) }
    }

    /// Whether the person may change this deal; `cover` is who stands in for its owner today.
    pub fn may_change(self, deal: &Deal, member: MemberId, cover: Option<MemberId>) -> bool {
        self.lead || (self.any() && (deal.is_owner_or_backup(member) || cover == Some(member)))
    }
}

/// Whether Discord says that the person has Manage Server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ManagesServer {
    /// They do.
    Yes,
    /// They do not.
    No,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::workspace::Mode;

    #[rstest]
    #[case::owner(Mode::Program, Some(MemberId(7)), true)]
    #[case::somebody_else(Mode::Program, Some(MemberId(8)), false)]
    #[case::a_stranger(Mode::Program, None, false)]
    #[case::plan_mode_has_no_number(Mode::Plan, Some(MemberId(7)), false)]
    fn the_owner_of_the_number_counts_as_lead(
        #[case] mode: Mode,
        #[case] member: Option<MemberId>,
        #[case] lead: bool,
    ) {
        let settings = Settings { number_owner: Some(MemberId(7)), mode, ready: true, ..Settings::default() };
        let access = Access::default().of_member(&settings, member);
        assert_eq!((access.lead, access.admin), (lead, false));
        assert_eq!(access.require(&settings, Needed::Lead).is_ok(), lead);
    }
}
