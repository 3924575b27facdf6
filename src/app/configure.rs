//! Changes settings of the workspace: what `/cosell setup` asks for, one pick at a time, and `/cosell config`.

use chrono_tz::Tz;

use super::change::Change;
use super::reading::read_zone;
use super::{App, Caller, UseCase};
use crate::domain::Instant;
use crate::domain::access::Needed;
use crate::domain::calendar::Calendar;
use crate::domain::event::{Event, SubjectKind};
use crate::domain::id::{ChannelId, GuildId, RoleId};
use crate::domain::money::Currency;
use crate::domain::refusal::{Problem, Problems, Takes};
use crate::domain::workspace::{Mode, Settings};
use crate::error::Failure;

/// Settings as given; what is `None` stays. A role of `Some(None)` is given to nobody any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configure {
    /// An IANA name or a city, as typed.
    pub timezone: Option<String>,
    /// An ISO 4217 code, as typed.
    pub currency: Option<String>,
    /// First month of the fiscal year, 1 to 12.
    pub fiscal_month: Option<u32>,
    /// Program or plan.
    pub mode: Option<Mode>,
    /// Hour of the digests, 0 to 23.
    pub digest_hour: Option<u32>,
    /// Where team lines go.
    pub pipeline_channel: Option<ChannelId>,
    /// Where nudges go.
    pub nudge_channel: Option<ChannelId>,
    /// Where alerts go.
    pub ops_channel: Option<ChannelId>,
    /// Who leads.
    pub lead_role: Option<Option<RoleId>>,
    /// Who reads the proof.
    pub finance_role: Option<Option<RoleId>>,
    /// Who records deals.
    pub rep_role: Option<Option<RoleId>>,
    /// Whether every member is a rep.
    pub everyone_is_rep: Option<bool>,
}

impl Configure {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == Configure::default()
    }

    /// The channels among what was given.
    pub fn channels(&self) -> Vec<ChannelId> {
        [self.pipeline_channel, self.nudge_channel, self.ops_channel].into_iter().flatten().collect()
    }
}

/// The settings before and after a change of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Configured {
    /// As they were.
    pub before: Settings,
    /// As they are.
    pub after: Settings,
    /// What was recorded; `None` when nothing differed.
    pub event: Option<Event>,
}

impl Configured {
    /// What a change did to the settings.
    pub(super) fn of(before: Settings, change: &Change<'_>) -> Configured {
        let event = change.events().iter().find(|event| event.subject.kind == SubjectKind::Workspace);
        Configured { before, after: change.settings.clone(), event: event.cloned() }
    }
}

impl App {
    /// Changes settings. Where days are counted differently afterwards, every deal and review is due for a check.
    pub async fn configure<U>(&self, caller: &Caller, change: U) -> Result<Configured, Failure>
    where
        U: UseCase<Outcome = Configured>,
    {
        let configured = self.change(caller, change).await?;
        if Calendar::of(&configured.before) != Calendar::of(&configured.after) {
            self.recheck(caller.guild).await?;
        }
        Ok(configured)
    }
}

impl UseCase for Configure {
    type Outcome = Configured;

    async fn run(self, change: &mut Change<'_>) -> Result<Configured, Failure> {
        change.allow(Needed::Admin)?;
        let mut problems = Problems::default();
        let zone = self.timezone.as_deref().and_then(|typed| problems.take(read_zone(typed)));
        let currency = match &self.currency {
            Some(typed) => problems.take(read_currency(change, typed).await?),
            None => None,
        };
        let moves_quarters = self.fiscal_month.is_some_and(|month| month != change.settings.fiscal_month);
        if moves_quarters && !(change.settings.targets.is_empty() && change.settings.costs.is_empty()) {
            problems.add(Problem::FiscalMonthFixed);
        }
        if moves_quarters && change.workspace.has_wins().await? {
            problems.add(Problem::QuartersBooked);
        }
        let given = self.with_roles_of_their_own(change.workspace.guild, &mut problems);
        problems.finish()?;
        let before = change.settings.clone();
        let now = change.now;
        change.edit_settings(|settings| given.apply(settings, zone, currency, now))?;
        Ok(Configured::of(before, change))
    }
}

/// A currency; another one than today's only while no deal has an amount in it.
async fn read_currency(change: &mut Change<'_>, typed: &str) -> Result<Result<Currency, Problem>, Failure> {
    let Some(currency) = Currency::of(typed) else {
        return Ok(Err(Problem::Unreadable { option: "currency", typed: typed.to_owned(), takes: Takes::Currency }));
    };
    let differs = change.settings.currency.as_deref().is_some_and(|code| code != currency.code);
    if differs && change.workspace.has_amounts().await? {
        return Ok(Err(Problem::CurrencyFixed));
    }
    Ok(Ok(currency))
}

impl Configure {
    /// Discord's @everyone is a role with the server's id that no member holds by name: for reps it says that everyone
    /// is one, and nobody can lead or read pay by it.
    fn with_roles_of_their_own(mut self, guild: GuildId, problems: &mut Problems) -> Configure {
        let everyone = Some(Some(RoleId(guild.0)));
        if self.rep_role == everyone {
            self.rep_role = None;
            self.everyone_is_rep = Some(true);
        }
        for (option, role) in [("lead_role", self.lead_role), ("finance_role", self.finance_role)] {
            if role == everyone {
                problems.add(Problem::EveryoneElse { option });
            }
        }
        self
    }

    fn apply(self, settings: &mut Settings, zone: Option<Tz>, currency: Option<Currency>, now: Instant) {
        fn put<T>(field: &mut T, given: Option<T>) {
            if let Some(given) = given {
                *field = given;
            }
        }
        if let Some(zone) = zone {
            settings.put_zone(zone, now);
        }
        put(&mut settings.currency, currency.map(|c| Some(c.code.to_owned())));
        put(&mut settings.fiscal_month, self.fiscal_month.map(|m| m.clamp(1, 12)));
        put(&mut settings.mode, self.mode);
        put(&mut settings.digest_hour, self.digest_hour.map(|h| h.min(23)));
        put(&mut settings.pipeline_channel, self.pipeline_channel.map(Some));
        put(&mut settings.nudge_channel, self.nudge_channel.map(Some));
        put(&mut settings.ops_channel, self.ops_channel.map(Some));
        put(&mut settings.lead_role, self.lead_role);
        put(&mut settings.finance_role, self.finance_role);
        put(&mut settings.rep_role, self.rep_role);
        put(&mut settings.everyone_is_rep, self.everyone_is_rep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::record_deal::RecordDeal;
    use crate::app::testing::{Bench, GUILD, admin, deal_with, rep};
    use crate::domain::refusal::Thing;

    #[tokio::test]
    async fn all_that_cannot_be_read_is_told_at_once_with_what_was_perhaps_meant() {
        let bench = Bench::new().await;
        let given = Configure {
            timezone: Some("Europe/Berlni".to_owned()),
            currency: Some("dollars".to_owned()),
            ..Configure::default()
        };
        let Err(Failure::Refused(refused)) = bench.app.configure(&admin(), given).await else { panic!("not refused") };
        let [Problem::NotFound { what: Thing::Zone, close, .. }, Problem::Unreadable { takes: Takes::Currency, .. }] =
            refused.problems.as_slice()
        else {
            panic!("{refused:?}")
        };
        assert_eq!(close[0], "Europe/Berlin");
        assert_eq!(bench.settings(GUILD).await.version, 0, "nothing was recorded");
    }

    #[tokio::test]
    async fn everyone_may_be_a_rep_and_can_neither_lead_nor_read_pay() {
        let bench = Bench::ready().await;
        let everyone = Some(Some(RoleId(GUILD.0)));
        let reps = Configure { rep_role: everyone, ..Configure::default() };
        let done = bench.app.configure(&admin(), reps).await.unwrap();
        assert!(done.after.everyone_is_rep);
        assert_eq!(done.after.rep_role, done.before.rep_role);
        let others = Configure { lead_role: everyone, finance_role: everyone, ..Configure::default() };
        let Err(Failure::Refused(refused)) = bench.app.configure(&admin(), others).await else { panic!("not refused") };
        let everyone_else = |option| Problem::EveryoneElse { option };
        assert_eq!(refused.problems, [everyone_else("lead_role"), everyone_else("finance_role")]);
    }

    #[tokio::test]
    async fn the_currency_is_fixed_once_a_deal_has_an_amount() {
        let bench = Bench::ready().await;
        let euros = || Configure { currency: Some("EUR".to_owned()), ..Configure::default() };
        let dollars = Configure { currency: Some("usd".to_owned()), ..Configure::default() };
        bench.app.configure(&admin(), euros()).await.unwrap();
        bench.app.configure(&admin(), dollars.clone()).await.unwrap();
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_worth("120k")).await.unwrap();
        let Err(Failure::Refused(refused)) = bench.app.configure(&admin(), euros()).await else {
            panic!("not refused")
        };
        assert_eq!(refused.problems, [Problem::CurrencyFixed]);
        bench.app.configure(&admin(), dollars).await.expect("the same currency is no change");
        bench.assert_replays(GUILD, &bench.settings(GUILD).await).await;
    }

    fn deal_worth(amount: &str) -> RecordDeal {
        RecordDeal { amount: Some(amount.to_owned()), ..deal_with("Globex", None) }
    }

    #[tokio::test]
    async fn a_change_of_the_zone_makes_every_open_deal_due_for_a_check() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_worth("120k")).await.unwrap();
        let later = bench.now_is("2026-12-17T15:00:01Z");
        let due = || bench.app.store.find_due_deals(later, 10);
        bench
            .app
            .store
            .write(move |c| {
                Box::pin(async move {
                    sqlx::query("UPDATE deal SET next_check_at = 9e15").execute(c).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        assert!(due().await.unwrap().is_empty());
        let hour = Configure { digest_hour: Some(8), ..Configure::default() };
        bench.app.configure(&admin(), hour).await.unwrap();
        assert!(due().await.unwrap().is_empty(), "another hour counts no day differently");
        let tokyo = Configure { timezone: Some("Asia/Tokyo".to_owned()), ..Configure::default() };
        bench.app.configure(&admin(), tokyo).await.unwrap();
        assert_eq!(due().await.unwrap().len(), 1);
    }
}
