//! Plan mode: what each partner's plan stands at, and whether the workspace has outgrown it. The daily look notes since
//! when it is too large for plans, and a month later suggests program mode, once.

use chrono::NaiveDate;

use super::look::Look;
use crate::domain::Instant;
use crate::domain::card::Named;
use crate::domain::departure::{Stake, known_by};
use crate::domain::member::Member;
use crate::domain::outgoing::{About, Alarm, Destination, Outgoing};
use crate::domain::overview::Tally;
use crate::domain::partner::Partner;
use crate::domain::size::{PlanLine, PlansCard, Size, suggested_from};
use crate::domain::workspace::{Mode, Settings};
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::alarm::{AlarmKey, Raised};
use crate::store::commit::Commit;

impl Look {
    /// The plans of all active partners, and how far the workspace is from a program.
    pub async fn plans(&mut self) -> Result<PlansCard, Failure> {
        let stakes = self.workspace.find_stakes().await?;
        let members = self.workspace.find_all_members().await?;
        let mut partners = self.workspace.find_partners().await?;
        partners.retain(|partner| !partner.archived);
        let since = self.workspace.find_alarm(AlarmKey::AbovePlan).await?;
        let size = Size { partners: partners.len(), deals: stakes.len() };
        let mut plans: Vec<PlanLine> =
            partners.into_iter().map(|partner| plan_line(partner, &stakes, &members)).collect();
        plans.sort_by_key(|plan| (std::cmp::Reverse(plan.open.amount), plan.partner.id));
        let above_since = since.filter(|_| size.is_above_plan()).map(|at| self.settings.day(at));
        Ok(PlansCard { size, above_since, plans })
    }
}

fn plan_line(partner: Partner, stakes: &[Stake], members: &[Member]) -> PlanLine {
    let own: Vec<Stake> = stakes.iter().filter(|stake| stake.partner == partner.id).copied().collect();
    let amount = own.iter().filter_map(|stake| stake.amount).fold(0, i64::saturating_add);
    let known = known_by(&own, std::slice::from_ref(&partner)).remove(&partner.id).unwrap_or_default();
    let knows = members.iter().filter(|member| !member.gone && known.contains(&member.id)).map(Named::from).collect();
    PlanLine { open: Tally { deals: own.len(), amount }, knows, partner }
}

/// The size of a workspace in plan mode; in program mode it doesn't matter.
pub(super) async fn size(workspace: &mut Workspace<'_>, settings: &Settings) -> Result<Option<Size>, Failure> {
    if settings.mode == Mode::Program {
        return Ok(None);
    }
    let partners = workspace.find_partners().await?.iter().filter(|partner| !partner.archived).count();
    Ok(Some(Size { partners, deals: workspace.find_stakes().await?.len() }))
}

/// Notes whether plan mode is outgrown, and suggests program mode a month after it was. Inside a job of the writer only.
pub(super) async fn suggest_program(
    workspace: &mut Workspace<'_>,
    size: Option<Size>,
    now: Instant,
) -> Result<(), Failure> {
    if !size.is_some_and(Size::is_above_plan) {
        return workspace.clear(AlarmKey::AbovePlan).await;
    }
    let settings = workspace.get_settings().await?;
    workspace.raise(AlarmKey::AbovePlan, now).await?;
    let since = workspace.find_alarm(AlarmKey::AbovePlan).await?.unwrap_or(now);
    let Some(ops) = settings.ops_channel.filter(|_| is_due(settings.day(since), settings.day(now))) else {
        return Ok(());
    };
    if workspace.raise(AlarmKey::ProgramSuggested, now).await? == Raised::New {
        let about = About::Alert { alarm: Alarm::Outgrown };
        let messages = vec![Outgoing { about, to: Destination::Channel(ops), due_at: now }];
        workspace.commit(&Commit { messages, ..Commit::default() }, now).await?;
    }
    Ok(())
}

fn is_due(since: NaiveDate, today: NaiveDate) -> bool {
    suggested_from(since) <= today
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::configure::Configure;
    use crate::app::edit_partner::{EditPartner, OpenDeals, Status, Which};
    use crate::app::testing::{Bench, GUILD, admin, lead};
    use crate::domain::id::{ChannelId, PartnerId};
    use crate::domain::workspace::Mode;

    async fn in_mode(bench: &Bench, mode: Mode) {
        let mode = Configure { mode: Some(mode), ..Configure::default() };
        bench.app.configure(&admin(), mode).await.expect("a mode");
    }

    async fn with_partners(names: &[&str]) -> Bench {
        let bench = Bench::ready().await;
        for name in names {
            bench.add_partner(name).await;
        }
        in_mode(&bench, Mode::Plan).await;
        bench
    }

    /// Ticks on a morning in New York; what was said of the mode so far.
    async fn said(bench: &Bench, day: &str) -> usize {
        let now = bench.now_is(&format!("{day}T15:00:00Z"));
        bench.app.tick(now).await.expect("a tick");
        bench.app.deliver().await.expect("a delivery");
        let posts = bench.discord.posts.lock().expect("no test panics in here");
        posts.iter().filter(|(_, body)| body.contains("It is time for program mode")).count()
    }

    async fn since(bench: &Bench) -> Option<String> {
        let caller = admin();
        let plans = bench.app.look(&caller).await.unwrap().plans().await.unwrap();
        plans.above_since.map(|day| day.to_string())
    }

    #[tokio::test]
    async fn program_mode_is_suggested_once_a_month_after_plans_are_outgrown() {
        let bench = with_partners(&["Initech", "Hooli", "Acme"]).await;
        assert_eq!(said(&bench, "2026-12-17").await, 0);
        assert_eq!(since(&bench).await.as_deref(), Some("2026-12-17"));
        assert_eq!(said(&bench, "2027-01-15").await, 0, "not yet a month");
        assert_eq!(said(&bench, "2027-01-18").await, 1, "the Monday after");
        assert_eq!(said(&bench, "2027-03-01").await, 1, "once");
        let posts = bench.discord.posts.lock().unwrap().clone();
        assert_eq!(posts[0].0, ChannelId(13), "in the ops channel");
    }

    #[tokio::test]
    async fn whoever_became_smaller_begins_anew_and_whoever_has_a_program_is_told_nothing() {
        let bench = with_partners(&["Initech", "Hooli", "Acme"]).await;
        assert_eq!(said(&bench, "2026-12-17").await, 0);
        let archive = EditPartner::status(Which::Id(PartnerId(3)), Status::Archived, OpenDeals::AskFirst);
        bench.app.edit_partner(&lead(), archive).await.unwrap();
        assert_eq!(said(&bench, "2026-12-18").await, 0);
        assert_eq!(since(&bench).await, None);
        bench.add_partner("Soylent").await;
        assert_eq!(said(&bench, "2027-01-18").await, 0, "it counts from today");
        assert_eq!(since(&bench).await.as_deref(), Some("2027-01-18"));
        in_mode(&bench, Mode::Program).await;
        assert_eq!(said(&bench, "2027-03-01").await, 0);
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        assert_eq!(workspace.find_alarm(AlarmKey::AbovePlan).await.unwrap(), None);
    }
}
