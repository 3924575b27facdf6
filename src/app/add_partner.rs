//! Adds a partner: `/partner add`.

use super::change::Change;
use super::reading::read_name;
use super::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::partner::{Partner, PartnerKind, Tier};
use crate::domain::refusal::{Problem, Problems, Thing};
use crate::error::Failure;

/// A partner as typed.
#[derive(Debug, Clone)]
pub struct AddPartner {
    /// The company's name.
    pub name: String,
    /// What it is to us.
    pub kind: Option<PartnerKind>,
    /// How much we put into it.
    pub tier: Option<Tier>,
    /// The partner manager on our side.
    pub manager: Option<Person>,
}

impl UseCase for AddPartner {
    type Outcome = Partner;

    async fn run(self, change: &mut Change<'_>) -> Result<Partner, Failure> {
        change.allow(Needed::Lead)?;
        let mut problems = Problems::default();
        let name = problems.take(read_name("name", &self.name)).unwrap_or_default();
        if let Some(known) = change.workspace.find_partner_named(&name).await? {
            problems.add(Problem::NameTaken { what: Thing::Partner, name: known.name });
        }
        let manager = match &self.manager {
            Some(person) => problems.take(change.admit_holder("manager", person).await?).map(|manager| manager.id),
            None => None,
        };
        problems.finish()?;
        let id = change.workspace.next_partner_id().await?;
        let (kind, tier) = (self.kind, self.tier);
        let partner = Partner { id, version: 0, name, kind, tier, manager, contacts: Vec::new(), archived: false };
        change.create(partner, None)
    }
}
