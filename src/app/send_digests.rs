//! Digests: at a person's hour, everything that they are owed, in one message a day.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};

use super::App;
use crate::domain::Instant;
use crate::domain::calendar::Calendar;
use crate::domain::deal::Deal;
use crate::domain::digest::{digest_due, next_digest};
use crate::domain::episode::Episode;
use crate::domain::id::{DealNumber, GuildId, MemberId, UserId};
use crate::domain::ladder::answering;
use crate::domain::member::{Member, Presence};
use crate::domain::outgoing::Destination;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::digest::NewDigest;
use crate::store::stall::{Nudge, Slot};

/// Workspaces taken up at once.
const SWEEP: i64 = 500;
/// People told in one message; more of them get a second one.
const PEOPLE: usize = 25;

impl App {
    /// Looks at each workspace in which a digest may be due.
    pub(super) async fn send_digests(&self, now: Instant) -> Result<(), Failure> {
        loop {
            let due = self.store.find_due_digests(now, SWEEP).await?;
            if due.is_empty() {
                return Ok(());
            }
            for guild in due {
                self.look_at(guild, now).await?;
                // Owners who were found gone may have opened or moved reminders.
                self.send_digests_of(guild, now).await?;
            }
        }
    }

    async fn send_digests_of(&self, guild: GuildId, now: Instant) -> Result<(), Failure> {
        self.store
            .write(move |connection| {
                Box::pin(async move {
                    let mut workspace = Workspace::writing(guild, connection);
                    let facts = Facts::load(&mut workspace, now).await?;
                    let owed = workspace.find_owed_nudges().await?;
                    let plan = facts.plan(owed);
                    workspace.drop_nudges(&plan.over, now).await?;
                    for digest in &plan.digests {
                        workspace.put_digest(digest, now).await?;
                    }
                    workspace.set_next_digest(plan.next).await
                })
            })
            .await
    }
}

/// What the digests of a workspace are decided by.
struct Facts {
    now: Instant,
    settings: Settings,
    calendar: Calendar,
    members: HashMap<MemberId, Member>,
    deals: HashMap<DealNumber, Deal>,
    episodes: HashMap<DealNumber, Episode>,
    pinged: Vec<(MemberId, NaiveDate)>,
}

/// What is to be done.
struct Plan {
    digests: Vec<NewDigest>,
    over: Vec<Nudge>,
    next: Instant,
}

impl Facts {
    async fn load(workspace: &mut Workspace<'_>, now: Instant) -> Result<Facts, Failure> {
        let settings = workspace.get_settings().await?;
        let owed: Vec<DealNumber> = workspace.find_owed_nudges().await?.iter().map(|n| n.deal).collect();
        let lately = settings.day(now) - Days::new(3);
        Ok(Facts {
            now,
            calendar: Calendar::of(&settings),
            members: workspace.find_all_members().await?.into_iter().map(|m| (m.id, m)).collect(),
            deals: workspace.find_deals(&owed).await?.into_iter().map(|d| (d.number, d)).collect(),
            episodes: workspace.find_latest_episodes(&owed).await?,
            pinged: workspace.find_pings_since(lately).await?,
            settings,
        })
    }

    fn plan(&self, owed: Vec<Nudge>) -> Plan {
        let (running, over): (Vec<Nudge>, Vec<Nudge>) = owed.into_iter().partition(|nudge| self.still_holds(nudge));
        let mut by_person: BTreeMap<MemberId, Vec<Nudge>> = BTreeMap::new();
        for nudge in running {
            let person = self.recipient(&nudge);
            by_person.entry(person).or_default().push(Nudge { member: Some(person), ..nudge });
        }
        let mut next = next_digest(&self.lead(), &self.settings, &self.calendar, self.now).at;
        let (mut shared, mut digests) = (Vec::new(), Vec::new());
        for (person, nudges) in by_person {
            let member = self.member(person);
            next = next.min(next_digest(&member, &self.settings, &self.calendar, self.now).at);
            let Some(digest) = digest_due(&member, &self.settings, &self.calendar, self.now) else { continue };
            if self.pinged.contains(&(person, digest.day)) {
                continue;
            }
            let one = (person, digest.day);
            match (member.direct_messages, self.settings.nudge_channel) {
                (true, _) => {
                    digests.push(NewDigest { people: vec![one], nudges, to: Destination::Direct(member.user) })
                }
                (false, Some(_)) => shared.push((one, nudges)),
                (false, None) => {}
            }
        }
        if let Some(channel) = self.settings.nudge_channel {
            for part in shared.chunks(PEOPLE) {
                let people = part.iter().map(|(one, _)| *one).collect();
                let nudges = part.iter().flat_map(|(_, nudges)| nudges.clone()).collect();
                digests.push(NewDigest { people, nudges, to: Destination::Channel(channel) });
            }
        }
        Plan { digests, over, next }
    }

    /// A stall that ended before its digest is not in it.
    fn still_holds(&self, nudge: &Nudge) -> bool {
        let open = self.deals.get(&nudge.deal).is_some_and(Deal::is_open);
        let episode = self.episodes.get(&nudge.deal);
        open && episode.is_some_and(|e| e.is_open() && i64::from(e.number) == nudge.episode)
    }

    /// Who is told today: whoever stands in, or the lead role when nobody is left.
    fn recipient(&self, nudge: &Nudge) -> MemberId {
        let Some(deal) = self.deals.get(&nudge.deal) else { return MemberId::BOT };
        let presence = |member: MemberId| self.presence(member);
        let person = match nudge.slot {
            Slot::Owner => answering(deal.owner, deal.backup, presence),
            Slot::Backup => deal.backup.and_then(|backup| answering(backup, None, presence)),
            Slot::Lead => None,
        };
        person.unwrap_or(MemberId::BOT)
    }

    fn presence(&self, member: MemberId) -> Presence {
        let day = self.calendar.day(self.now);
        self.members.get(&member).map_or(Presence::Gone, |m| m.presence_on(day))
    }

    fn member(&self, id: MemberId) -> Member {
        self.members.get(&id).cloned().unwrap_or_else(|| self.lead())
    }

    /// The lead role is told at the workspace's hour, in the channel.
    fn lead(&self) -> Member {
        Member::new(MemberId::BOT, UserId(0), String::new())
    }
}
