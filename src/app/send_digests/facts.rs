//! What the digests of a workspace are decided by, and the decision: who is told of what, now and where.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate};

use crate::app::handover::overdue;
use crate::domain::Instant;
use crate::domain::action;
use crate::domain::cadence::{Planned, next_after};
use crate::domain::calendar::Calendar;
use crate::domain::deal::Deal;
use crate::domain::digest::{digest_due, next_digest};
use crate::domain::episode::Episode;
use crate::domain::id::{DealNumber, MemberId, PartnerId};
use crate::domain::incentive::parity;
use crate::domain::item::Item;
use crate::domain::ladder::answering;
use crate::domain::member::{Member, Presence};
use crate::domain::notice::{Notice, Noticed, OwedNotice};
use crate::domain::outgoing::Destination;
use crate::domain::ping::{Ping, Pings};
use crate::domain::review::Review;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::digest::NewDigest;
use crate::store::stall::{Nudge, Slot};

/// People told in one message; more of them get a second one.
const PEOPLE: usize = 25;

/// What the digests of a workspace are decided by.
pub struct Facts {
    now: Instant,
    /// The workspace's settings.
    pub settings: Settings,
    calendar: Calendar,
    members: HashMap<MemberId, Member>,
    deals: HashMap<DealNumber, Deal>,
    episodes: HashMap<DealNumber, Episode>,
    managers: HashMap<PartnerId, MemberId>,
    /// Who was pinged lately.
    pub pinged: Vec<Ping>,
    /// Reviews that collect about now, each with its next occurrence.
    collecting: Vec<(Review, Planned)>,
    /// Handovers with overdue answers, for the leads who started them.
    overdue: Vec<Noticed>,
    /// What is owed of open actions and was not told yet.
    actions: Vec<OwedNotice>,
    /// Who has open actions.
    assignees: BTreeSet<MemberId>,
    owed: Owed,
}

/// What is to be done.
pub struct Plan {
    /// Messages to hand to the outbox.
    pub digests: Vec<NewDigest>,
    /// What is owed no more.
    pub over: Over,
    /// When to look again.
    pub next: Instant,
}

/// What people are owed.
#[derive(Default)]
pub struct Owed {
    /// Of stalls.
    pub nudges: Vec<Nudge>,
    /// Of whatever else.
    pub notices: Vec<OwedNotice>,
}

/// What is owed no more.
#[derive(Default)]
pub struct Over {
    /// Of stalls.
    pub nudges: Vec<Nudge>,
    /// Of whatever else.
    pub notices: Vec<Notice>,
}

/// What one person is owed.
#[derive(Default)]
struct Due {
    nudges: Vec<Nudge>,
    notices: Vec<Noticed>,
}

impl Facts {
    /// Reads them.
    pub async fn load(workspace: &mut Workspace<'_>, now: Instant) -> Result<Facts, Failure> {
        let settings = workspace.get_settings().await?;
        let owed = Owed { nudges: workspace.find_owed_nudges().await?, notices: workspace.find_owed_notices().await? };
        let calendar = Calendar::of(&settings);
        let collecting = collecting(workspace.find_reviews().await?, &calendar, now);
        let mut numbers = owed.deals();
        if !collecting.is_empty() {
            numbers.extend(workspace.find_running_episodes().await?.into_keys());
        }
        let lately = settings.day(now) - Days::new(3);
        let today = calendar.day(now);
        let overdue = overdue(workspace, &calendar, today).await?.into_iter().map(|(lead, overdue)| Noticed {
            notice: Notice::Handover { handover: overdue.handover, on: today },
            member: lead,
        });
        let overdue = overdue.collect();
        let open = workspace.find_open_items().await?;
        let mut actions: Vec<OwedNotice> =
            open.iter().filter_map(|item| action::owed(item, &calendar, today)).collect();
        let keys: Vec<Notice> = actions.iter().map(|owed| owed.notice).collect();
        let told = workspace.find_told_notices(&keys).await?;
        actions.retain(|owed| !told.contains(&owed.notice));
        Ok(Facts {
            now,
            calendar,
            members: workspace.find_all_members().await?.into_iter().map(|m| (m.id, m)).collect(),
            deals: workspace.find_deals(&numbers).await?.into_iter().map(|d| (d.number, d)).collect(),
            episodes: workspace.find_latest_episodes(&numbers).await?,
            managers: workspace.find_partners().await?.into_iter().filter_map(|p| Some((p.id, p.manager?))).collect(),
            pinged: workspace.find_pings_since(lately).await?,
            settings,
            collecting,
            overdue,
            actions,
            assignees: open.iter().filter_map(Item::assignee).collect(),
            owed,
        })
    }

    /// Who may be told by name about when the lead role is pinged, and is to be asked whether they hold it; `None` when
    /// the role is not pinged.
    pub fn meets_the_role(&self) -> Option<BTreeSet<MemberId>> {
        let mut people: BTreeSet<MemberId> = self.owed.nudges.iter().map(|nudge| self.recipient(nudge)).collect();
        let notices = self.owed.notices.iter().chain(&self.actions);
        people.extend(notices.filter_map(|owed| self.concerns(&owed.notice)));
        people.extend(self.collections().into_iter().map(|(_, asked)| asked.member));
        people.extend(self.overdue.iter().map(|noticed| noticed.member));
        let of_role = self.pinged.iter().any(|ping| ping.member == MemberId::BOT);
        (people.remove(&MemberId::BOT) || of_role).then_some(people)
    }

    /// Decides what is said now, given who is known to hold the lead role.
    pub fn plan(mut self, holders: &[Member]) -> Plan {
        let owed = std::mem::take(&mut self.owed);
        let (nudges, over_nudges) = owed.nudges.into_iter().partition(|nudge| self.still_stalled(nudge));
        let (open, over): (Vec<OwedNotice>, Vec<OwedNotice>) =
            owed.notices.into_iter().partition(|owed| self.still_open(&owed.notice));
        let (ripe, waiting): (Vec<OwedNotice>, Vec<OwedNotice>) = open.into_iter().partition(|owed| self.is_ripe(owed));
        let mut waiting: Vec<MemberId> = waiting.iter().filter_map(|owed| self.concerns(&owed.notice)).collect();
        waiting.extend(self.assignees.iter().filter_map(|assignee| self.standing_in(*assignee)));
        let due = self.actions.iter().copied().filter(|owed| self.is_ripe(owed));
        let mut by_person = self.by_person(Owed { nudges, notices: ripe.into_iter().chain(due).collect() });
        for noticed in self.overdue.iter().filter(|noticed| self.presence(noticed.member) != Presence::Gone) {
            by_person.entry(noticed.member).or_default().notices.push(*noticed);
        }
        let asked = self.collections();
        let people = by_person.keys().copied().chain(waiting).chain(asked.iter().map(|(_, asked)| asked.member));
        let hours = people
            .chain([MemberId::BOT])
            .map(|person| next_digest(&self.member(person), &self.settings, &self.calendar, self.now).at);
        let next = hours.min().expect("the lead role is always among them");
        for (day, asked) in asked {
            let digest = digest_due(&self.member(asked.member), &self.settings, &self.calendar, self.now);
            if digest.is_some_and(|digest| digest.day == day) {
                by_person.entry(asked.member).or_default().notices.push(asked);
            }
        }
        let digests = self.digests(by_person, holders);
        let over = Over { nudges: over_nudges, notices: over.into_iter().map(|owed| owed.notice).collect() };
        Plan { digests, over, next }
    }

    /// Whether a notice may ride in the digest that its person may get now.
    fn is_ripe(&self, owed: &OwedNotice) -> bool {
        let due = |person| digest_due(&self.member(person), &self.settings, &self.calendar, self.now);
        let hour = self.concerns(&owed.notice).and_then(due).map(|digest| digest.at);
        owed.notice.is_ripe(owed.since, hour, &self.calendar, self.calendar.day(self.now))
    }

    /// The messages for those whose hour it is and who may be pinged.
    fn digests(&self, by_person: BTreeMap<MemberId, Due>, holders: &[Member]) -> Vec<NewDigest> {
        let (mut shared, mut digests) = (Vec::new(), Vec::new());
        let pings = Pings { given: &self.pinged, holders, settings: &self.settings };
        let mut with_role = false;
        for (person, due) in by_person {
            let member = self.member(person);
            let Some(digest) = digest_due(&member, &self.settings, &self.calendar, self.now) else { continue };
            if pings.reached(&member, digest.day) {
                continue;
            }
            // What the leads are to know comes on its day: where one of them was pinged by name, it pings nobody.
            let pinged = person != MemberId::BOT || !pings.reached_a_holder(self.now);
            let one = (person, pinged.then_some(digest.day));
            // The role comes first; whoever is pinged with it is told in its message, or not today.
            with_role |= person == MemberId::BOT && pinged;
            if with_role && pings.holds(person) && (member.direct_messages || shared.len() >= PEOPLE) {
                continue;
            }
            match (member.direct_messages, self.settings.nudge_channel) {
                (true, _) => digests.push(message([(one, due)], Destination::Direct(member.user))),
                (false, Some(_)) => shared.push((one, due)),
                (false, None) => {}
            }
        }
        if let Some(channel) = self.settings.nudge_channel {
            shared.sort_by_key(|((person, _), _)| (*person != MemberId::BOT, !pings.holds(*person)));
            let mut people = shared.into_iter().peekable();
            while people.peek().is_some() {
                digests.push(message(people.by_ref().take(PEOPLE), Destination::Channel(channel)));
            }
        }
        digests
    }

    fn by_person(&self, owed: Owed) -> BTreeMap<MemberId, Due> {
        let mut by_person: BTreeMap<MemberId, Due> = BTreeMap::new();
        for nudge in owed.nudges {
            let person = self.recipient(&nudge);
            by_person.entry(person).or_default().nudges.push(Nudge { member: Some(person), ..nudge });
        }
        for OwedNotice { notice, .. } in owed.notices {
            // While nobody answers for a deal, an alarm says so, and its notice waits for whoever takes the deal over.
            if let Some(member) = self.concerns(&notice) {
                by_person.entry(member).or_default().notices.push(Noticed { notice, member });
            }
        }
        by_person
    }

    /// Who is asked before a review to bring their deals up to date, and on which day: whoever answers for a stalled
    /// one of it, however often they were told of the stall.
    fn collections(&self) -> Vec<(NaiveDate, Noticed)> {
        let mut collections = Vec::new();
        for (review, planned) in &self.collecting {
            let stalled = self.deals.values().filter(|deal| review.is_about(deal) && self.running(deal).is_some());
            let people: BTreeSet<MemberId> = stalled.filter_map(|deal| self.answering(deal)).collect();
            collections.extend(people.into_iter().map(|member| {
                let starts_at = planned.starts_at.timestamp_millis();
                let notice = Notice::Collection { review: review.id, starts_at, member };
                (planned.collect_on(&self.calendar), Noticed { notice, member })
            }));
        }
        collections
    }

    /// The stall of an open deal.
    fn running(&self, deal: &Deal) -> Option<&Episode> {
        self.episodes.get(&deal.number).filter(|episode| deal.is_open() && episode.is_open())
    }

    /// A stall that ended before its digest is not in it.
    fn still_stalled(&self, nudge: &Nudge) -> bool {
        let running = self.deals.get(&nudge.deal).and_then(|deal| self.running(deal));
        running.is_some_and(|episode| i64::from(episode.number) == nudge.episode)
    }

    /// What was settled is not in it either, nor a claim that nobody but the leads is to confirm: those find it in their
    /// own work and on the agenda.
    fn still_open(&self, notice: &Notice) -> bool {
        let Some(deal) = notice.deal().and_then(|deal| self.deals.get(&deal)) else { return false };
        let reaches = match notice {
            Notice::Claim { partner, .. } => self.manager(deal, *partner).is_some(),
            Notice::Pay { .. } => parity(deal, &self.settings.comp, self.calendar.day(self.now)).is_some(),
            _ => true,
        };
        reaches && notice.holds(deal, &self.calendar, self.calendar.day(self.now))
    }

    /// Who is to confirm a claim as the partner's manager; not whoever made it.
    fn manager(&self, deal: &Deal, partner: PartnerId) -> Option<MemberId> {
        let claimer = deal.credit(partner)?.claimed.by;
        self.managers.get(&partner).copied().filter(|manager| *manager != claimer)
    }

    /// Who is told of a nudge today: whoever stands in, or the lead role when nobody is left.
    fn recipient(&self, nudge: &Nudge) -> MemberId {
        let Some(deal) = self.deals.get(&nudge.deal) else { return MemberId::BOT };
        let person = match nudge.slot {
            Slot::Owner => self.answering(deal),
            Slot::Backup => deal.backup.and_then(|backup| answering(backup, None, |member| self.presence(member))),
            Slot::Lead => None,
        };
        person.unwrap_or(MemberId::BOT)
    }

    /// Who is told of a notice today.
    fn concerns(&self, notice: &Notice) -> Option<MemberId> {
        match notice {
            Notice::ClassGap { deal, .. } | Notice::Registration { deal, .. } => self.answering(self.deals.get(deal)?),
            Notice::Claim { deal, partner, .. } => {
                let manager = self.manager(self.deals.get(deal)?, *partner)?;
                self.standing_in(manager)
            }
            Notice::Question { deal, of, .. } => {
                self.standing_in(*of).or_else(|| self.answering(self.deals.get(deal)?))
            }
            Notice::Collection { member, .. } => Some(*member),
            Notice::Handover { .. } => None,
            // What nobody is left for is handed over, as an alarm says, and told to whoever gets it.
            Notice::Action { member, .. } => self.standing_in(*member),
            // Pay is for nobody else: it waits until they are back.
            Notice::Pay { owner, .. } => (self.presence(*owner) == Presence::Here).then_some(*owner),
        }
    }

    /// A member or, while they are away, their cover.
    fn standing_in(&self, member: MemberId) -> Option<MemberId> {
        answering(member, None, |member| self.presence(member))
    }

    fn answering(&self, deal: &Deal) -> Option<MemberId> {
        answering(deal.owner, deal.backup, |member| self.presence(member))
    }

    fn presence(&self, member: MemberId) -> Presence {
        let day = self.calendar.day(self.now);
        self.members.get(&member).map_or(Presence::Gone, |m| m.presence_on(day))
    }

    fn member(&self, id: MemberId) -> Member {
        self.members.get(&id).cloned().unwrap_or_else(Member::lead)
    }
}

impl Owed {
    fn deals(&self) -> Vec<DealNumber> {
        let noticed = self.notices.iter().filter_map(|owed| owed.notice.deal());
        self.nudges.iter().map(|nudge| nudge.deal).chain(noticed).collect()
    }
}

/// Reviews that collect on this business day or the next one, with their next occurrence: by then the next look is
/// due, and somebody's day may begin before the workspace's.
fn collecting(reviews: Vec<Review>, calendar: &Calendar, now: Instant) -> Vec<(Review, Planned)> {
    let today = calendar.day(now);
    let near = today - Days::new(1)..=calendar.next_business_day(today);
    let planned = |review: Review| {
        let next = next_after(&review, calendar, now).filter(|planned| near.contains(&planned.collect_on(calendar)));
        Some((review, next?))
    };
    reviews.into_iter().filter(|review| review.collect).filter_map(planned).collect()
}

/// One message to some people.
fn message(people: impl IntoIterator<Item = ((MemberId, Option<NaiveDate>), Due)>, to: Destination) -> NewDigest {
    let mut digest = NewDigest { people: Vec::new(), nudges: Vec::new(), notices: Vec::new(), to };
    for (one, due) in people {
        digest.people.push(one);
        digest.nudges.extend(due.nudges);
        digest.notices.extend(due.notices);
    }
    digest
}
