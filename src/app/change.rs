//! A change: what one use of a command does to its workspace. It collects events and the states they lead to, and its
//! commit is the only thing that writes them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use serde_json::Value;

use super::draft::{Draft, DraftWrite};
use super::on_deal::UNDO_WINDOW;
use super::{Caller, Person};
use crate::domain::Instant;
use crate::domain::access::{Access, Needed};
use crate::domain::deal::Deal;
use crate::domain::event::{Event, EventKind, Subject, Tracked, difference};
use crate::domain::id::{DealNumber, InteractionId, MemberId, ReviewId};
use crate::domain::member::Member;
use crate::domain::outgoing::{About, Destination, Outgoing};
use crate::domain::refusal::{Problem, Refused};
use crate::domain::review::Review;
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::store::commit::{Commit, LookupRow};
use crate::store::{Base, DealOfOwner, ShownOn, Workspace};

mod claim_news;
mod pay_news;

/// How long a deal's changes are gathered before one team line tells of them.
const TEAM_LINE_DELAY: Duration = Duration::minutes(10);
/// How long what was typed and not saved is kept.
const DRAFT_KEPT: Duration = Duration::hours(24);

/// One change of one workspace, by one actor, at one moment.
pub struct Change<'c> {
    /// For loading what the decision needs.
    pub workspace: Workspace<'c>,
    /// The workspace's settings.
    pub settings: Settings,
    /// Who does it.
    pub actor: Member,
    /// What they may act as.
    pub access: Access,
    /// By which use of a command.
    pub interaction: InteractionId,
    /// When.
    pub now: Instant,
    /// The deal that it is about, with its owner, until it is asked for.
    pub(super) at_hand: Option<DealOfOwner>,
    shown_on: Vec<ShownOn>,
    first_sequence: i64,
    events: Vec<Event>,
    states: BTreeMap<Subject, Value>,
    lookups: Vec<LookupRow>,
    messages: Vec<Outgoing>,
    new_members: Vec<Member>,
    drafts: Vec<DraftWrite>,
}

impl<'c> Change<'c> {
    /// Begins a change: reads the settings, the actor and the deal that it is about, and refuses an interaction that had
    /// its effect before.
    pub async fn open(
        mut workspace: Workspace<'c>,
        caller: &Caller,
        deal: Option<DealNumber>,
        now: Instant,
    ) -> Result<Change<'c>, Failure> {
        let base = workspace.get_base(caller.person.user, caller.interaction, deal).await?;
        match base.repeated {
            true => Err(Failure::Repeated),
            false => Change::begin(workspace, base, caller, now).await,
        }
    }

    /// Goes on with a change that is too big for one commit: its events follow those that the interaction has already.
    pub async fn go_on(mut workspace: Workspace<'c>, caller: &Caller, now: Instant) -> Result<Change<'c>, Failure> {
        let base = workspace.get_base(caller.person.user, caller.interaction, None).await?;
        let first_sequence = workspace.next_sequence(caller.interaction).await?;
        Ok(Change { first_sequence, ..Change::begin(workspace, base, caller, now).await? })
    }

    async fn begin(workspace: Workspace<'c>, base: Base, caller: &Caller, now: Instant) -> Result<Change<'c>, Failure> {
        let known = base.actor.clone();
        let access = Access::of(&base.settings, &caller.person.roles, caller.person.manages_server)
            .of_member(&base.settings, known.as_ref().map(|member| member.id));
        let placeholder = Member::new(MemberId::BOT, caller.person.user, caller.person.name.clone());
        let mut change = Change {
            workspace,
            settings: base.settings,
            actor: known.clone().unwrap_or(placeholder),
            access,
            interaction: caller.interaction,
            now,
            at_hand: base.deal,
            shown_on: base.shown_on,
            first_sequence: 0,
            events: Vec::new(),
            states: BTreeMap::new(),
            lookups: Vec::new(),
            messages: Vec::new(),
            new_members: Vec::new(),
            drafts: Vec::new(),
        };
        change.actor = match known {
            Some(member) => change.refresh(member, &caller.person),
            None => change.admit(&caller.person).await?,
        };
        Ok(change)
    }

    /// Begins a change that nobody asked for: the bot's own. At most one a workspace and millisecond.
    pub async fn by_bot(mut workspace: Workspace<'c>, now: Instant) -> Result<Change<'c>, Failure> {
        let settings = workspace.get_settings().await?;
        Ok(Change {
            workspace,
            settings,
            actor: Member::new(MemberId::BOT, crate::domain::id::UserId(0), String::new()),
            access: Access::default(),
            interaction: InteractionId(-now.timestamp_millis()),
            now,
            at_hand: None,
            shown_on: Vec::new(),
            first_sequence: 0,
            events: Vec::new(),
            states: BTreeMap::new(),
            lookups: Vec::new(),
            messages: Vec::new(),
            new_members: Vec::new(),
            drafts: Vec::new(),
        })
    }

    /// The local day in the workspace.
    pub fn today(&self) -> NaiveDate {
        self.settings.day(self.now)
    }

    /// Refuses unless the person holds the role. Owner and manager checks need the deal or partner: see
    /// [`Change::allow_with_owner`].
    pub fn allow(&self, needed: Needed) -> Result<(), Refused> {
        Ok(self.access.require(&self.settings, needed)?)
    }

    /// Records that a subject came to be.
    pub fn create<S: Tracked>(&mut self, mut state: S, text: Option<String>) -> Result<S, Failure> {
        state.touch(1, EventKind::Created, self.now);
        self.record(EventKind::Created, 1, Value::Null, &state, text)?;
        Ok(state)
    }

    /// Changes a subject and records it, unless nothing differs. Says whether anything did.
    pub fn edit<S: Tracked>(
        &mut self,
        state: &mut S,
        kind: EventKind,
        text: Option<String>,
        edit: impl FnOnce(&mut S),
    ) -> Result<Edited, Failure> {
        let old = serde_json::to_value(&*state)?;
        edit(state);
        // That it was done is worth recording for these, whatever it changed.
        let told = matches!(kind, EventKind::Undone | EventKind::Forgotten);
        if text.is_none() && !told && serde_json::to_value(&*state)? == old {
            return Ok(Edited::No);
        }
        let version = state.version() + 1;
        state.touch(version, kind, self.now);
        self.record(kind, version, old, state, text)?;
        Ok(Edited::Yes)
    }

    /// Changes the workspace's settings and records it, unless nothing differs. The first change records all of them,
    /// so that their events lead to the whole.
    pub fn edit_settings(&mut self, edit: impl FnOnce(&mut Settings)) -> Result<Edited, Failure> {
        let mut settings = self.settings.clone();
        let edited = if settings.version == 0 {
            edit(&mut settings);
            settings = self.create(settings, None)?;
            Edited::Yes
        } else {
            self.edit(&mut settings, EventKind::Edited, None, edit)?
        };
        self.settings = settings;
        Ok(edited)
    }

    fn record<S: Tracked>(
        &mut self,
        kind: EventKind,
        version: i64,
        old: Value,
        state: &S,
        text: Option<String>,
    ) -> Result<(), Failure> {
        let subject = Subject { kind: S::KIND, id: state.id() };
        let mut new = serde_json::to_value(state)?;
        let (before, after) = difference(&old, &new);
        self.events.push(Event {
            subject,
            version,
            kind,
            actor: self.actor.id,
            interaction: self.interaction,
            at: self.now,
            before,
            after,
            text,
        });
        if let (Some(fields), Some(key)) = (new.as_object_mut(), state.name_key()) {
            fields.insert("name_key".to_owned(), Value::String(key));
        }
        self.states.insert(subject, new);
        Ok(())
    }

    /// The member who is a person, admitted if seen for the first time.
    pub async fn admit(&mut self, person: &Person) -> Result<Member, Failure> {
        if let Some(known) = self.new_members.iter().find(|m| m.user == person.user) {
            return Ok(known.clone());
        }
        if let Some(member) = self.workspace.find_member_of_user(person.user).await? {
            return Ok(self.refresh(member, person));
        }
        let next = self.workspace.next_member_id().await?.0 + self.new_members.len() as i64;
        let member = Member::new(MemberId(next), person.user, person.name.clone());
        if self.new_members.is_empty() && self.events.is_empty() && self.actor.id == MemberId::BOT {
            self.actor.id = member.id;
        }
        let member = self.create(member, None)?;
        self.new_members.push(member.clone());
        Ok(member)
    }

    /// A member by the id in the workspace, whether known before or admitted by this change.
    pub async fn find_member(&mut self, id: MemberId) -> Result<Option<Member>, Failure> {
        if let Some(new) = self.new_members.iter().find(|m| m.id == id) {
            return Ok(Some(new.clone()));
        }
        Ok(self.workspace.find_members(&[id]).await?.into_iter().next())
    }

    /// Keeps a person's name as Discord shows it now. Not an event: nobody did anything.
    fn refresh(&mut self, mut member: Member, person: &Person) -> Member {
        member.name.clone_from(&person.name);
        member
    }

    /// Finds the deal of an index entry again when its words change.
    pub fn look_up(&mut self, row: LookupRow) {
        self.lookups.push(row);
    }

    /// Has something said that is not the answer.
    pub fn say(&mut self, about: About, to: Destination, due_at: Instant) {
        self.messages.push(Outgoing { about, to, due_at });
    }

    /// Has the team told of a deal's news, in one line with what follows in the next minutes.
    pub fn tell_team(&mut self, deal: &Deal) {
        if let Some(channel) = self.settings.pipeline_channel {
            let own = self.events.iter().filter(|e| e.subject.kind == Deal::KIND && e.subject.id == deal.number.0);
            let since_version = own.map(|e| e.version).min().unwrap_or(deal.version);
            let about = About::TeamLine { deal: deal.number, since_version };
            self.say(about, Destination::Channel(channel), self.now + TEAM_LINE_DELAY);
        }
    }

    /// Until when what is kept now is kept.
    pub fn drafts_end(&self) -> Instant {
        self.now + DRAFT_KEPT
    }

    /// Keeps what was typed, for the actor alone, in the place of an older state of it, until [`Change::drafts_end`].
    pub fn keep_draft(&mut self, id: InteractionId, draft: Draft) {
        self.drafts.push(DraftWrite::Keep(id, draft));
    }

    /// Takes a draft of the actor's away, because it was saved.
    pub(super) fn drop_draft(&mut self, id: InteractionId) {
        self.drafts.push(DraftWrite::Drop(id));
    }

    /// Takes away the draft that an input was typed into, if it was; refuses when it is gone, because it was saved.
    pub async fn take_draft(&mut self, id: Option<InteractionId>) -> Result<(), Failure> {
        let Some(id) = id else { return Ok(()) };
        let kept: Option<Draft> = self.workspace.find_draft(self.actor.user, id, self.now).await?;
        kept.ok_or(Problem::Stale)?;
        self.drop_draft(id);
        Ok(())
    }

    async fn write_drafts(&mut self) -> Result<(), Failure> {
        let (user, now, end) = (self.actor.user, self.now, self.drafts_end());
        for write in std::mem::take(&mut self.drafts) {
            match write {
                DraftWrite::Keep(id, draft) => {
                    self.workspace.put_draft(user, id, &draft, (now, end)).await?;
                }
                DraftWrite::Drop(id) => self.workspace.remove_draft(user, id).await?,
            }
        }
        Ok(())
    }

    /// What was recorded so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Has the posts of running meetings tell what was done to the deal whose card stands on them.
    pub(super) fn refresh_posts(&mut self) {
        for ShownOn { meeting, channel, agenda, deal } in std::mem::take(&mut self.shown_on) {
            let shown = Subject { kind: Deal::KIND, id: deal.0 };
            if self.events.iter().any(|event| event.subject == shown) {
                self.say(About::Meeting { meeting, agenda }, Destination::Channel(channel), self.now);
            }
        }
    }

    /// When what it has said is to be sent.
    pub(super) fn due(&self) -> Due {
        if self.messages.iter().any(|message| message.due_at <= self.now) { Due::Now } else { Due::Later }
    }

    /// Has Discord's scheduled events follow the reviews that were changed, or whose days were by another holiday. The
    /// time to undo passes first.
    async fn keep_events(&mut self) -> Result<(), Failure> {
        let subjects = self.events.iter().map(|event| event.subject);
        let mut reviews: BTreeSet<i64> = subjects.filter(|s| s.kind == Review::KIND).map(|s| s.id).collect();
        if self.events.iter().any(|e| e.subject.kind == Settings::KIND && e.after.contains_key("holidays")) {
            let all = self.workspace.find_reviews().await?;
            reviews.extend(all.iter().filter(|review| !review.cancelled).map(|review| review.id.0));
        }
        let (guild, due_at) = (self.workspace.guild, self.now + UNDO_WINDOW);
        self.messages.extend(reviews.into_iter().map(|review| Outgoing::event(guild, ReviewId(review), due_at)));
        Ok(())
    }

    /// Writes everything, unless there is nothing.
    pub async fn commit(mut self) -> Result<(), Failure> {
        self.write_drafts().await?;
        self.keep_events().await?;
        if self.events.is_empty() && self.messages.is_empty() && self.lookups.is_empty() {
            return Ok(());
        }
        let mut news = pay_news::owed(&self)?;
        news.extend(claim_news::owed(&mut self).await?);
        if !news.is_empty() {
            self.workspace.owe_notices(&news, self.now).await?;
        }
        let states = self.states.into_iter().map(|(subject, state)| (subject.kind, subject.id, state)).collect();
        let commit = Commit {
            first_sequence: self.first_sequence,
            events: self.events,
            states,
            lookups: self.lookups,
            messages: self.messages,
            // The bot's own have numbers below zero.
            interaction: Some(self.interaction).filter(|interaction| interaction.0 > 0),
        };
        self.workspace.commit(&commit, self.now).await
    }
}

/// Whether an edit changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// It did, and was recorded.
    Yes,
    /// It did not.
    No,
}

/// When a change's messages are to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// One of them at once.
    Now,
    /// None, or after a while: the metronome comes by.
    Later,
}
