//! The sweep: checks each deal that is due, carries its episode on, and notes the reminders and notices that are owed.

use std::collections::BTreeMap;

use super::App;
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::deal::Deal;
use crate::domain::episode::{Episode, LevelDue, advance};
use crate::domain::id::{DealNumber, GuildId};
use crate::domain::ladder::Level;
use crate::domain::notice::{next_notice, notices};
use crate::domain::stall::{StallPolicy, stall};
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::stall::{Checked, Nudge, Slot};

/// Deals read from the index at once.
const SWEEP: i64 = 2_000;
/// Deals of one workspace checked in one write, so that no job holds the writer for long.
const BATCH: usize = 100;

impl App {
    /// Checks every deal that is due. Its cost grows with what is due, not with what is stored.
    pub async fn check_stalls(&self, now: Instant) -> Result<(), Failure> {
        loop {
            let due = self.store.find_due_deals(now, SWEEP).await?;
            if due.is_empty() {
                return Ok(());
            }
            let mut by_guild: BTreeMap<GuildId, Vec<DealNumber>> = BTreeMap::new();
            for (guild, deal) in due {
                by_guild.entry(guild).or_default().push(deal);
            }
            for (guild, deals) in by_guild {
                for batch in deals.chunks(BATCH) {
                    self.check_batch(guild, batch.to_vec(), now).await?;
                }
            }
        }
    }

    async fn check_batch(&self, guild: GuildId, deals: Vec<DealNumber>, now: Instant) -> Result<(), Failure> {
        self.store
            .write(move |connection| {
                let deals = deals.clone();
                Box::pin(async move {
                    let mut workspace = Workspace::writing(guild, connection);
                    let settings = workspace.get_settings().await?;
                    let policy = policy(&mut workspace, &settings).await?;
                    let calendar = Calendar::of(&settings);
                    let states = workspace.find_deals(&deals).await?;
                    let mut episodes = workspace.find_latest_episodes(&deals).await?;
                    let check = |deal: &Deal| checked(deal, episodes.remove(&deal.number), &policy, &calendar, now);
                    let checked: Vec<Checked> = states.iter().map(check).collect();
                    workspace.put_checked(&checked, now).await
                })
            })
            .await
    }
}

/// What a workspace's stalls are judged by.
pub async fn policy(
    workspace: &mut Workspace<'_>,
    settings: &crate::domain::workspace::Settings,
) -> Result<StallPolicy, Failure> {
    Ok(StallPolicy { motions: settings.motions.clone(), medians: workspace.find_medians().await? })
}

fn checked(deal: &Deal, latest: Option<Episode>, policy: &StallPolicy, calendar: &Calendar, now: Instant) -> Checked {
    let stall = stall(deal, policy, calendar, now);
    let advance = advance(latest, deal, &stall, calendar, now);
    let today = calendar.day(now);
    let next_notice = next_notice(deal, calendar, today).map(|day| calendar.midnight(day));
    Checked {
        deal: deal.number,
        nudges: advance.due.map(|due| nudges(deal, due)).unwrap_or_default(),
        notices: notices(deal, calendar, today),
        episode: advance.episode,
        next_check: advance.next_check.into_iter().chain(next_notice).min().map(|at| at.timestamp_millis()),
    }
}

/// For whom a level's reminders are.
fn nudges(deal: &Deal, due: LevelDue) -> Vec<Nudge> {
    let slots: &[Slot] = match due.level {
        Level::First => &[Slot::Owner],
        Level::Second if deal.backup.is_some() => &[Slot::Owner, Slot::Backup],
        Level::Second => &[Slot::Owner],
        Level::Third => &[Slot::Lead],
    };
    let nudge = |slot: &Slot| Nudge {
        deal: deal.number,
        episode: i64::from(due.episode),
        level: i64::from(u8::from(due.level)),
        slot: *slot,
        member: None,
    };
    slots.iter().map(nudge).collect()
}
