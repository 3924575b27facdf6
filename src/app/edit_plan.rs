//! Changes what both sides want of each other: the form of `/partner plan`.

use super::change::{Change, Edited};
use super::{UseCase, partner};
use crate::domain::access::Needed;
use crate::domain::event::{EventKind, Subject, SubjectKind};
use crate::domain::id::PartnerId;
use crate::domain::partner::{Partner, Plan};
use crate::domain::plan::limit;
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// A plan as typed into its form; what is left empty is taken out.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// What both want to have reached.
    pub goal: Option<String>,
    /// How often both meet.
    pub cadence: Option<String>,
    /// What we do for them.
    pub we_owe: Option<String>,
    /// What they do for us.
    pub they_owe: Option<String>,
}

/// A partner's plan, changed by somebody who saw a version of the partner.
#[derive(Debug, Clone)]
pub struct EditPlan {
    /// Whose.
    pub partner: PartnerId,
    /// The version that the person saw.
    pub version: i64,
    /// What they typed.
    pub typed: Typed,
}

impl UseCase for EditPlan {
    type Outcome = Partner;

    async fn run(self, change: &mut Change<'_>) -> Result<Partner, Failure> {
        change.allow(Needed::Any)?;
        let mut found = change.workspace.find_partner(self.partner).await?.ok_or(Problem::Stale)?;
        partner::allow(change, &found).await?;
        let plan = read(change, self.typed)?;
        let subject = Subject { kind: SubjectKind::Partner, id: found.id.0 };
        let newer = change.workspace.find_events_from(subject, self.version + 1).await?;
        // Whatever else changed of the partner stands in no plan's way (rule 12).
        if newer.iter().any(|event| event.after.contains_key("plan")) {
            return Err(Problem::ChangedMeanwhile.into());
        }
        match change.edit(&mut found, EventKind::Edited, None, |partner| partner.plan = plan)? {
            Edited::Yes => Ok(found),
            Edited::No => Err(Problem::NothingToDo.into()),
        }
    }
}

fn read(change: &Change<'_>, typed: Typed) -> Result<Plan, Failure> {
    let mut problems = Problems::default();
    let mut text = |option, typed: Option<String>, limit| {
        problems.take(change.read_text(option, typed.as_deref(), limit)).flatten()
    };
    let plan = Plan {
        goal: text("goal", typed.goal, limit::GOAL),
        cadence: text("cadence", typed.cadence, limit::CADENCE),
        we_owe: text("we_owe", typed.we_owe, limit::OWES),
        they_owe: text("they_owe", typed.they_owe, limit::OWES),
    };
    problems.finish()?;
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::add_contact::AddContact;
    use crate::app::edit_partner::{EditPartner, OpenDeals, Which};
    use crate::app::testing::{Bench, GUILD, REPS, admin_of, caller, lead, person, rep};
    use crate::domain::id::{GuildId, UserId};

    fn plan(version: i64, goal: &str) -> EditPlan {
        let typed = Typed { goal: Some(goal.to_owned()), ..Typed::default() };
        EditPlan { partner: PartnerId(1), version, typed }
    }

    fn problems<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Vec<Problem> {
        match outcome {
            Err(Failure::Refused(refused)) => refused.problems,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_plan_is_changed_by_a_lead_or_the_partners_manager_and_nobody_else() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        let manager = Some(person(5, "Mia", &[REPS]));
        let open_deals = OpenDeals::AskFirst;
        let edit = EditPartner {
            partner: Which::Id(PartnerId(1)),
            name: None,
            kind: None,
            tier: None,
            manager,
            status: None,
            open_deals,
        };
        bench.app.edit_partner(&lead(), edit).await.unwrap();
        let not_allowed = Problem::NotAllowed { needed: Needed::ManagerOrLead, ask: Some(UserId(5)) };
        assert_eq!(problems(bench.app.change(&rep(), plan(2, "Ten wins")).await), [not_allowed]);
        let mia = || caller(GUILD, 5, "Mia", &[REPS]);
        let partner = bench.app.change(&mia(), plan(2, " Ten wins ")).await.unwrap();
        assert_eq!(partner.plan, Plan { goal: Some("Ten wins".to_owned()), ..Plan::default() });
        bench.assert_replays(GUILD, &partner).await;
        assert_eq!(problems(bench.app.change(&mia(), plan(3, "Ten wins")).await), [Problem::NothingToDo]);
        let long = plan(3, &"x".repeat(limit::GOAL + 1));
        let too_long = Problem::TooLong { option: "goal", limit: limit::GOAL };
        assert_eq!(problems(bench.app.change(&mia(), long).await), [too_long]);
    }

    #[tokio::test]
    async fn a_plan_that_changed_meanwhile_is_not_written_over() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        let name = "Ana Silva".to_owned();
        let contact = AddContact { partner: "Initech".to_owned(), name, role: None, email: None };
        bench.app.change(&lead(), contact).await.unwrap();
        bench.app.change(&lead(), plan(1, "Ten wins")).await.expect("a contact is no change of the plan");
        assert_eq!(problems(bench.app.change(&lead(), plan(2, "Five wins")).await), [Problem::ChangedMeanwhile]);
        bench.app.change(&lead(), plan(3, "Five wins")).await.expect("who saw it may change it");
    }

    #[tokio::test]
    async fn a_plan_of_another_workspace_is_stale() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        let elsewhere = GuildId(2);
        bench.set_up(elsewhere).await;
        let admin = admin_of(elsewhere);
        assert_eq!(problems(bench.app.change(&admin(), plan(1, "Ten wins")).await), [Problem::Stale]);
    }
}
