//! Forgets a person, or a whole workspace: `/cosell forget`. Both are done in batches, so that no job holds the writer for
//! long, and in an order in which doing it once more finishes what was cut short.

use super::change::Change;
use super::look::Look;
use super::{App, Caller, UseCase};
use crate::domain::Instant;
use crate::domain::access::Needed;
use crate::domain::event::{EventKind, Subject};
use crate::domain::forget::{Standing, forgotten};
use crate::domain::id::{MemberId, UserId};
use crate::domain::member::Member;
use crate::domain::refusal::{Problem, Refused};
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::forget::Kept;
use step_back::standing;

mod step_back;

/// Deals and other things whose texts are blanked in one job.
const SUBJECTS: usize = 10;
/// Rows that are deleted in one job.
const ROWS: i64 = 2_000;

/// What goes and what stays when a person is forgotten.
#[derive(Debug, Clone)]
pub struct Traces {
    /// Who.
    pub member: Member,
    /// How many changes they made; these stay, without what was typed along.
    pub changes: i64,
    /// On how many deals.
    pub deals: i64,
    /// What they stand for, and let go of.
    pub standing: Standing,
}

impl Look {
    /// What there is of the workspace.
    pub async fn kept(&mut self) -> Result<Kept, Failure> {
        self.allow(Needed::Admin)?;
        self.workspace.count_kept().await
    }
}

/// Somebody who owns open deals, or has open actions to do, hands over first: else nobody would answer for them (rule 3).
async fn check_owns_none(workspace: &mut Workspace<'_>, member: &Member) -> Result<(), Failure> {
    let deals = workspace.find_open_deals_of_owner(member.id).await?.len();
    let actions = workspace.find_open_actions_of(member.id).await?.len();
    match (deals, actions) {
        (0, 0) => Ok(()),
        _ => Err(Problem::HasOpenWork { user: member.user, deals, actions }.into()),
    }
}

impl App {
    /// What there is of a person, for the question whether they shall be forgotten. Refused while they have open deals or
    /// actions. Of somebody who only looked things up there is but which commands they used: that goes at once.
    pub async fn traces(&self, caller: &Caller, user: UserId) -> Result<Traces, Failure> {
        let mut look = self.look(caller).await?;
        look.allow(Needed::Admin)?;
        let Some(member) = look.workspace.find_member_of_user(user).await? else {
            self.forget_uses(caller.guild, user).await?;
            return Err(Problem::NothingKept { user }.into());
        };
        check_owns_none(&mut look.workspace, &member).await?;
        let (changes, deals) = look.workspace.count_changes_of(member.id).await?;
        let standing = standing(&mut look.workspace, &look.settings, member.id).await?;
        Ok(Traces { member, changes, deals, standing })
    }

    /// Forgets a person. What they type between the two passes over the log is blanked by the second.
    pub async fn forget_person(&self, caller: &Caller, member: MemberId) -> Result<Member, Failure> {
        let mut look = self.look(caller).await?;
        look.allow(Needed::Admin)?;
        let known = look.workspace.find_members(&[member]).await?.into_iter().next().ok_or(Problem::Stale)?;
        check_owns_none(&mut look.workspace, &known).await?;
        let (begun, user) = (look.now, known.user);
        drop(look);
        self.step_back(caller, member).await?;
        self.blank_texts_of(caller, member, Instant::UNIX_EPOCH).await?;
        let member = self.go_on(caller, ForgetPerson { member }).await?;
        self.blank_texts_of(caller, member.id, begun).await?;
        self.forget_known_uses(caller.guild, Some(user));
        self.in_batches(caller, |mut workspace| Box::pin(async move { workspace.drop_sent_words(ROWS).await })).await?;
        Ok(member)
    }

    async fn blank_texts_of(&self, caller: &Caller, member: MemberId, since: Instant) -> Result<(), Failure> {
        let guild = caller.guild;
        let subjects = self.store.read(guild).await?.find_subjects_of(member, since).await?;
        for batch in subjects.chunks(SUBJECTS) {
            let batch: Vec<Subject> = batch.to_vec();
            self.store
                .write(move |connection| {
                    let batch = batch.clone();
                    Box::pin(async move { Workspace::writing(guild, connection).blank_texts(member, &batch).await })
                })
                .await?;
        }
        Ok(())
    }

    /// Forgets the workspace, if the name of its server was typed: every row of every table. It is as before setup then.
    pub async fn forget_workspace(&self, caller: &Caller, typed: &str) -> Result<(), Failure> {
        let mut look = self.look(caller).await?;
        look.allow(Needed::Admin)?;
        let name = self.courier.guild_name(caller.guild).await.map_err(|trouble| Failure::Internal(trouble.into()))?;
        if typed.trim() != name.trim() {
            return Err(Refused::one(Problem::OtherName { typed: typed.to_owned() }).into());
        }
        let tables = look.workspace.find_tables().await?;
        drop(look);
        for table in tables {
            self.in_batches(caller, move |mut workspace| {
                let table = table.clone();
                Box::pin(async move { workspace.forget_rows(&table, ROWS).await })
            })
            .await?;
        }
        self.forget_known_uses(caller.guild, None);
        Ok(())
    }

    /// Does a job again and again, each time in a commit of its own, until it finds nothing more to do.
    async fn in_batches<F>(&self, caller: &Caller, job: F) -> Result<(), Failure>
    where
        F: for<'c> FnMut(Workspace<'c>) -> futures::future::BoxFuture<'c, Result<u64, Failure>>
            + Clone
            + Send
            + 'static,
    {
        let guild = caller.guild;
        loop {
            let mut once = job.clone();
            let done = self.store.write(move |connection| once(Workspace::writing(guild, connection))).await?;
            if done == 0 {
                return Ok(());
            }
        }
    }
}

/// Takes a person's name and user id away.
#[derive(Debug, Clone)]
struct ForgetPerson {
    member: MemberId,
}

impl UseCase for ForgetPerson {
    type Outcome = Member;

    async fn run(self, change: &mut Change<'_>) -> Result<Member, Failure> {
        change.allow(Needed::Admin)?;
        let found = change.find_member(self.member).await?;
        let mut member = found.ok_or(Problem::Stale)?;
        check_owns_none(&mut change.workspace, &member).await?;
        let user = member.user;
        change.workspace.forget_identity(member.id, user).await?;
        // The log calls them so already: what is recorded must differ from that, not from what they were called before.
        let empty = forgotten(&member);
        (member.name, member.user) = (empty.name.clone(), empty.user);
        change.edit(&mut member, EventKind::Forgotten, None, |member| *member = empty)?;
        Ok(member)
    }
}

#[cfg(test)]
mod tests;
