//! Whether somebody uses a command for the first time. Who did so before is remembered, so that nobody's second use costs
//! a trip to SQLite; the first one is noted durably before its line is shown, so that it is shown once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{App, Caller};
use crate::domain::id::{GuildId, UserId};
use crate::error::Failure;
use crate::store::Workspace;

/// How many uses are remembered; beyond it they are looked up again.
const REMEMBERED: usize = 65_536;

type Use = (GuildId, UserId, &'static str);

/// Uses that are known not to be the first. Cheap to clone.
#[derive(Clone, Default)]
pub struct KnownUses(Arc<Mutex<HashSet<Use>>>);

impl KnownUses {
    fn known(&self) -> MutexGuard<'_, HashSet<Use>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, used: Use) {
        let mut known = self.known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(used);
    }

    /// Forgets a workspace's, or one person's of it.
    fn forget(&self, guild: GuildId, user: Option<UserId>) {
        self.known().retain(|(at, by, _)| *at != guild || user.is_some_and(|user| user != *by));
    }
}

impl App {
    /// Whether somebody uses a command for the first time. Notes it, so that it is so once only.
    pub async fn is_first_use(&self, caller: &Caller, command: &'static str) -> Result<bool, Failure> {
        let (guild, user) = (caller.guild, caller.person.user);
        if self.known_uses.known().contains(&(guild, user, command)) {
            return Ok(false);
        }
        let is_first =
            !self.store.read(guild).await?.has_used(user, command).await? && self.note_use(caller, command).await?;
        self.known_uses.remember((guild, user, command));
        Ok(is_first)
    }

    async fn note_use(&self, caller: &Caller, command: &'static str) -> Result<bool, Failure> {
        let (guild, user) = (caller.guild, caller.person.user);
        let note = self.store.write(move |connection| {
            Box::pin(async move { Workspace::writing(guild, connection).put_use(user, command).await })
        });
        note.await
    }

    /// Forgets which commands a person used. All there is of somebody who only looked things up.
    pub(super) async fn forget_uses(&self, guild: GuildId, user: UserId) -> Result<(), Failure> {
        let forget = self.store.write(move |connection| {
            Box::pin(async move { Workspace::writing(guild, connection).forget_uses(user).await })
        });
        forget.await?;
        self.forget_known_uses(guild, Some(user));
        Ok(())
    }

    /// Remembers no use of a person any more, or of anybody in the workspace: their rows went with the others.
    pub(super) fn forget_known_uses(&self, guild: GuildId, user: Option<UserId>) {
        self.known_uses.forget(guild, user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, admin, caller, lead, rep};
    use crate::domain::id::GuildId;

    async fn firsts(bench: &Bench, who: &Caller, commands: &[&'static str]) -> Vec<bool> {
        let mut firsts = Vec::new();
        for command in commands {
            firsts.push(bench.app.is_first_use(who, command).await.unwrap());
        }
        firsts
    }

    #[tokio::test]
    async fn each_person_uses_each_command_for_the_first_time_once_whatever_restarts() {
        let bench = Bench::ready().await;
        let commands = ["deal new", "deal view", "deal new"];
        assert_eq!(firsts(&bench, &rep(), &commands).await, [true, true, false]);
        assert_eq!(firsts(&bench, &lead(), &commands).await, [true, true, false]);
        let bench = bench.reopened().await;
        assert_eq!(firsts(&bench, &rep(), &commands).await, [false, false, false]);
        let elsewhere = caller(GuildId(2), rep().person.user.0, "Rita", &[]);
        assert_eq!(firsts(&bench, &elsewhere, &commands).await, [true, true, false], "each workspace by itself");
    }

    #[tokio::test]
    async fn two_uses_at_once_are_not_both_the_first() {
        let bench = Bench::ready().await;
        let (one, two) = (rep(), rep());
        let (one, two) = tokio::join!(bench.app.is_first_use(&one, "help"), bench.app.is_first_use(&two, "help"));
        assert_eq!(usize::from(one.unwrap()) + usize::from(two.unwrap()), 1);
    }

    #[tokio::test]
    async fn who_is_forgotten_leaves_no_use_behind_even_if_they_only_looked() {
        let bench = Bench::ready().await;
        let visitor = caller(GUILD, 9, "Noa", &[]);
        assert_eq!(firsts(&bench, &visitor, &["help"]).await, [true]);
        assert!(bench.app.traces(&admin(), visitor.person.user).await.is_err(), "there is nothing else");
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        assert!(!workspace.has_used(visitor.person.user, "help").await.unwrap());
        assert_eq!(firsts(&bench, &visitor, &["help"]).await, [true]);
    }
}
