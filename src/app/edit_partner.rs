//! Changes a partner, takes it out of use, brings it back: `/partner edit` and `/partner archive`.

use super::add_partner::tell_askers;
use super::change::{Change, Edited};
use super::reading::{all_read, read_name};
use super::{App, Caller, Person, UseCase, partner};
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::partner::{Partner, PartnerKind, Tier};
use crate::domain::refusal::{Problem, Problems, Thing};
use crate::error::Failure;

/// Which partner.
#[derive(Debug, Clone)]
pub enum Which {
    /// By the name as typed.
    Named(String),
    /// By its id, as a button carries it.
    Id(PartnerId),
}

/// Whether a partner is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Offered for new deals.
    Active,
    /// Kept with its history.
    Archived,
}

/// Whether open deals stand in the way of archiving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenDeals {
    /// They make the bot ask first.
    AskFirst,
    /// The person was told of them, and said yes.
    Confirmed,
}

/// What changes; `None` stays.
#[derive(Debug, Clone)]
pub struct EditPartner {
    /// Which.
    pub partner: Which,
    /// Its new name.
    pub name: Option<String>,
    /// What it is to us.
    pub kind: Option<PartnerKind>,
    /// How much we put into it.
    pub tier: Option<Tier>,
    /// The partner manager on our side.
    pub manager: Option<Person>,
    /// In use or not.
    pub status: Option<Status>,
    /// When it is to be archived.
    pub open_deals: OpenDeals,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartnerEdited {
    /// It was changed.
    Saved {
        /// As it was.
        before: Partner,
        /// As it is.
        after: Partner,
    },
    /// It has open deals; nothing was changed yet.
    HasOpenDeals {
        /// The partner.
        partner: Partner,
        /// How many.
        deals: usize,
    },
}

impl EditPartner {
    /// A change of the status alone.
    pub fn status(partner: Which, status: Status, open_deals: OpenDeals) -> EditPartner {
        EditPartner { partner, name: None, kind: None, tier: None, manager: None, status: Some(status), open_deals }
    }

    fn applied(&self, mut partner: Partner, name: Option<String>, manager: Option<MemberId>) -> Partner {
        partner.name = name.unwrap_or(partner.name);
        partner.kind = self.kind.or(partner.kind);
        partner.tier = self.tier.or(partner.tier);
        partner.manager = manager.or(partner.manager);
        partner.archived = self.status.map_or(partner.archived, |status| status == Status::Archived);
        partner
    }

    /// Whether it is to be archived, and nobody was asked about its open deals yet.
    fn asks_first(&self, before: &Partner) -> bool {
        self.status == Some(Status::Archived) && !before.archived && self.open_deals == OpenDeals::AskFirst
    }
}

impl UseCase for EditPartner {
    type Outcome = PartnerEdited;

    async fn run(self, change: &mut Change<'_>) -> Result<PartnerEdited, Failure> {
        change.allow(Needed::Any)?;
        let mut problems = Problems::default();
        let before = problems.take(find(change, &self.partner).await?);
        let name = self.name.as_deref().and_then(|typed| problems.take(read_name("name", typed)));
        let manager = match &self.manager {
            Some(person) => problems.take(change.admit_holder("manager", person).await?).map(|manager| manager.id),
            None => None,
        };
        let after = before.clone().map(|partner| self.applied(partner, name, manager));
        if let (Some(before), Some(after)) = (&before, &after)
            && !after.archived
        {
            problems.take(partner::check_name(change, &after.name, before).await?);
        }
        let (before, after) = all_read(problems, before.zip(after))?;
        if self.asks_first(&before) {
            let deals = change.workspace.find_open_deals_of_partner(before.id).await?.len();
            if deals > 0 {
                return Ok(PartnerEdited::HasOpenDeals { partner: before, deals });
            }
        }
        let kind = if after.archived && !before.archived { EventKind::Archived } else { EventKind::Edited };
        let (mut partner, wanted) = (before.clone(), after);
        if change.edit(&mut partner, kind, None, |p| *p = wanted)? == Edited::No {
            return Err(Problem::NothingToDo.into());
        }
        if before.archived && !partner.archived {
            tell_askers(change, partner.id, &partner.name).await?;
        }
        Ok(PartnerEdited::Saved { before, after: partner })
    }
}

async fn find(change: &mut Change<'_>, which: &Which) -> Result<Result<Partner, Problem>, Failure> {
    match which {
        Which::Named(typed) => partner::find_own(change, typed).await,
        Which::Id(id) => {
            let not_found = Problem::NotFound { what: Thing::Partner, typed: String::new(), close: Vec::new() };
            let partner = change.workspace.find_partner(*id).await?.ok_or(not_found)?;
            partner::allow(change, &partner).await?;
            Ok(Ok(partner))
        }
    }
}

impl App {
    /// Changes a partner; when its name changed, its deals are found by the new one.
    pub async fn edit_partner(&self, caller: &Caller, edit: EditPartner) -> Result<PartnerEdited, Failure> {
        let edited = self.change(caller, edit).await?;
        if let PartnerEdited::Saved { before, after } = &edited
            && before.name != after.name
        {
            self.reindex(caller.guild).await?;
        }
        Ok(edited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::add_partner::AddPartner;
    use crate::app::testing::{Bench, GUILD, REPS, caller, deal_with, lead, person, rep};
    use crate::domain::id::UserId;
    use crate::store::commit::LookupKind;

    fn named(name: &str) -> Which {
        Which::Named(name.to_owned())
    }

    fn edit(name: &str) -> EditPartner {
        let open_deals = OpenDeals::AskFirst;
        EditPartner {
            partner: named(name),
            name: None,
            kind: None,
            tier: None,
            manager: None,
            status: None,
            open_deals,
        }
    }

    fn problems<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Vec<Problem> {
        match outcome {
            Err(Failure::Refused(refused)) => refused.problems,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_partner_is_changed_by_a_lead_or_its_manager_and_nobody_else() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        let manager = Some(person(5, "Mia", &[REPS]));
        bench.app.edit_partner(&lead(), EditPartner { manager, ..edit("initech") }).await.unwrap();
        let tier = || EditPartner { tier: Some(Tier::Growth), ..edit("Initech") };
        let not_allowed = Problem::NotAllowed { needed: Needed::ManagerOrLead, ask: Some(UserId(5)) };
        assert_eq!(problems(bench.app.edit_partner(&rep(), tier()).await), [not_allowed]);
        let mia = || caller(GUILD, 5, "Mia", &[REPS]);
        let done = bench.app.edit_partner(&mia(), tier()).await.unwrap();
        let PartnerEdited::Saved { before, after } = done else { panic!("{done:?}") };
        assert_eq!((before.tier, after.tier), (None, Some(Tier::Growth)));
        bench.assert_replays(GUILD, &after).await;
        assert_eq!(problems(bench.app.edit_partner(&mia(), tier()).await), [Problem::NothingToDo]);
    }

    #[tokio::test]
    async fn a_manager_is_somebody_with_a_role_of_the_program() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        let robot = crate::app::Person { is_bot: true, ..person(6, "Robot", &[REPS]) };
        for other in [person(7, "Noa", &[]), robot] {
            let not_a_member = Problem::NotAMember { option: "manager", user: other.user };
            let edit = EditPartner { manager: Some(other), ..edit("Initech") };
            assert_eq!(problems(bench.app.edit_partner(&lead(), edit).await), [not_a_member]);
        }
    }

    #[tokio::test]
    async fn a_renamed_partners_deals_are_found_by_the_new_name() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        let rename = EditPartner { name: Some("Intertrode".to_owned()), ..edit("Initech") };
        bench.app.edit_partner(&lead(), rename).await.unwrap();
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        assert_eq!(workspace.find_lookups(LookupKind::Deal, "intertrode").await.unwrap().len(), 1);
        assert!(
            workspace
                .find_lookups(LookupKind::Deal, "initech")
                .await
                .unwrap()
                .iter()
                .all(|f| !f.text.contains("Initech"))
        );
    }

    #[tokio::test]
    async fn archiving_asks_first_when_deals_are_open_and_can_be_taken_back() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        let archive = |open_deals| EditPartner::status(named("Initech"), Status::Archived, open_deals);
        let asked = bench.app.edit_partner(&lead(), archive(OpenDeals::AskFirst)).await.unwrap();
        assert!(matches!(asked, PartnerEdited::HasOpenDeals { deals: 1, .. }), "{asked:?}");
        bench.app.edit_partner(&lead(), archive(OpenDeals::Confirmed)).await.unwrap();
        let refused = bench.app.change(&rep(), deal_with("Hooli", None)).await;
        let Err(Failure::Refused(refused)) = refused else { panic!("an archived partner takes no new deal") };
        assert_eq!(refused.problems, [Problem::TakesNoDeals { partner: "Initech".to_owned() }]);

        let add = AddPartner { name: "initech".to_owned(), kind: None, tier: None, manager: None };
        let archived = Problem::Archived { partner: PartnerId(1), name: "Initech".to_owned() };
        assert_eq!(problems(bench.app.change(&lead(), add).await), [archived]);
        bench.add_partner("Hooli").await;
        let rename = EditPartner { name: Some("initech".to_owned()), ..edit("Hooli") };
        bench.app.edit_partner(&lead(), rename).await.unwrap();
        let back = || EditPartner::status(Which::Id(PartnerId(1)), Status::Active, OpenDeals::AskFirst);
        let taken = Problem::NameTaken { what: Thing::Partner, name: "initech".to_owned() };
        assert_eq!(problems(bench.app.edit_partner(&lead(), back()).await), [taken]);
        let other = EditPartner { name: Some("Initech GmbH".to_owned()), ..back() };
        let done = bench.app.edit_partner(&lead(), other).await.unwrap();
        let PartnerEdited::Saved { after, .. } = done else { panic!("{done:?}") };
        assert!(!after.archived);
        bench.assert_replays(GUILD, &after).await;
    }

    #[tokio::test]
    async fn a_partner_of_another_workspace_reads_as_one_that_does_not_exist() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        let elsewhere = crate::domain::id::GuildId(2);
        bench.set_up(elsewhere).await;
        let admin = crate::app::testing::admin_of(elsewhere);
        let by_id = EditPartner::status(Which::Id(PartnerId(1)), Status::Archived, OpenDeals::Confirmed);
        for other in [by_id, edit("Initech")] {
            let found = problems(bench.app.edit_partner(&admin(), other).await);
            let [Problem::NotFound { what: Thing::Partner, close, .. }] = &found[..] else { panic!("{found:?}") };
            assert!(close.is_empty());
        }
    }
}
