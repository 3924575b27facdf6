//! The daily look at a workspace, before its digests: who has left, how long won deals stayed in each stage, and whether
//! plan mode is outgrown.

use std::collections::HashMap;

use super::App;
use super::change::Change;
use super::handover::leaves_any;
use super::outgrow::{size, suggest_program};
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::digest::digest_due;
use crate::domain::event::{Event, EventKind};
use crate::domain::forget::is_forgotten;
use crate::domain::id::{DealNumber, GuildId};
use crate::domain::member::Member;
use crate::domain::motion::Stage;
use crate::domain::outgoing::{About, Alarm, Destination};
use crate::domain::stall::StageMedian;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::alarm::{AlarmKey, Raised};

/// Won deals that the medians are made from.
const WON: i64 = 200;

impl App {
    /// Looks once a local day, from the workspace's digest hour on.
    pub(super) async fn look_at(&self, guild: GuildId, now: Instant) -> Result<(), Failure> {
        let mut workspace = self.store.read(guild).await?;
        let settings = workspace.get_settings().await?;
        let calendar = Calendar::of(&settings);
        let lead = Member::lead();
        let Some(digest) = digest_due(&lead, &settings, &calendar, now) else { return Ok(()) };
        if workspace.find_seen_on().await? == Some(digest.day) {
            return Ok(());
        }
        let medians = medians(&mut workspace, &calendar).await?;
        let mut answerable = workspace.find_answerable().await?;
        answerable.extend(settings.number_owner());
        let waiting = workspace.find_waiting_handovers().await?;
        answerable.extend(waiting.iter().flat_map(|handover| handover.asked(None)).map(|item| item.to));
        let mut members = workspace.find_members(&answerable).await?;
        members.retain(|member| !is_forgotten(member));
        let size = size(&mut workspace, &settings).await?;
        drop(workspace);
        let changed = self.whose_presence_changed(guild, members).await;
        self.store
            .write(move |connection| {
                let (medians, changed) = (medians, changed.clone());
                Box::pin(async move {
                    let mut workspace = Workspace::writing(guild, connection);
                    workspace.put_seen(digest.day, &medians).await?;
                    suggest_program(&mut workspace, size, now).await?;
                    note_presence(workspace, changed, now).await
                })
            })
            .await?;
        self.recheck(guild).await
    }

    /// The members whom Discord now shows as gone, or as back. Where Discord does not answer, nothing is concluded.
    async fn whose_presence_changed(&self, guild: GuildId, members: Vec<Member>) -> Vec<Member> {
        let mut changed = Vec::new();
        for member in members {
            match self.courier.find_member(guild, member.user).await {
                Ok(found) if found.is_none() != member.gone => changed.push(member),
                Ok(_) => {}
                Err(trouble) => {
                    tracing::warn!(guild.id = guild.0, member.id = member.id.0, %trouble, "a member could not be looked up");
                }
            }
        }
        changed
    }
}

/// Records who has left or come back, and proposes to the leads to hand over what nobody answers for any more.
async fn note_presence(workspace: Workspace<'_>, changed: Vec<Member>, now: Instant) -> Result<(), Failure> {
    if changed.is_empty() {
        return Ok(());
    }
    let mut change = Change::by_bot(workspace, now).await?;
    for mut member in changed {
        change.edit(&mut member, EventKind::Edited, None, |m| m.gone = !m.gone)?;
        let key = AlarmKey::Unowned(member.id);
        if !member.gone {
            change.workspace.clear(key).await?;
            continue;
        }
        if leaves_any(&mut change.workspace, member.id).await?
            && change.workspace.raise(key, now).await? == Raised::New
            && let Some(ops) = change.settings.ops_channel
        {
            let about = About::Alert { alarm: Alarm::Unowned { owner: member.id } };
            change.say(about, Destination::Channel(ops), now);
        }
    }
    change.commit().await
}

async fn medians(workspace: &mut Workspace<'_>, calendar: &Calendar) -> Result<[Option<StageMedian>; 5], Failure> {
    let won: Vec<DealNumber> =
        workspace.find_last_won(WON).await?.iter().filter(|d| d.counts()).map(|d| d.number).collect();
    let changes = workspace.find_stage_changes(&won).await?;
    let mut stays: HashMap<(Stage, i64), u32> = HashMap::new();
    for event in &changes {
        if let Some((stage, days)) = stay(event, calendar) {
            *stays.entry((stage, event.subject.id)).or_default() += days;
        }
    }
    let of = |stage: Stage| {
        let days = stays.iter().filter(|((s, _), _)| *s == stage).map(|(_, days)| *days).collect();
        StageMedian::of(days)
    };
    Ok(Stage::OPEN.map(of))
}

/// The stage that an event left, and the business days that the deal had been in it.
fn stay(event: &Event, calendar: &Calendar) -> Option<(Stage, u32)> {
    #[derive(serde::Deserialize)]
    struct Left {
        stage: Stage,
        #[serde(with = "chrono::serde::ts_milliseconds")]
        stage_since: Instant,
    }
    let left: Left = serde_json::from_value(serde_json::Value::Object(event.before.clone())).ok()?;
    let days = calendar.business_days_between(calendar.day(left.stage_since), calendar.day(event.at));
    left.stage.is_open().then_some((left.stage, days))
}
