//! An answer that Discord did not take: what the use saved is told by the outbox, so that nobody types a deal twice.

use super::change::Change;
use super::{App, Caller};
use crate::domain::event::SubjectKind;
use crate::domain::outgoing::{About, Destination};
use crate::error::Failure;
use crate::store::Workspace;

impl App {
    /// Has told what the answer said, if the use saved anything: a look-up is simply asked again. It goes to the nudge
    /// channel, where members read; the channel of the use may be anybody's, so without a nudge channel it only hears
    /// that something is saved. Settings may hold what deals pay, so of those nothing more is told either.
    pub async fn answer_late(&self, caller: &Caller, said: &str) -> Result<(), Failure> {
        let (caller, said, now) = (caller.clone(), said.to_owned(), self.now());
        let told = self.store.write(move |connection| {
            let (caller, said) = (caller.clone(), said.clone());
            Box::pin(async move {
                let mut workspace = Workspace::writing(caller.guild, connection);
                let events = workspace.find_events_of(caller.interaction).await?;
                if events.is_empty() {
                    return Ok(());
                }
                let mut change = Change::by_bot(workspace, now).await?;
                change.interaction = caller.interaction;
                let among_members = change.settings.nudge_channel;
                let is_open = events.iter().all(|e| e.subject.kind != SubjectKind::Workspace);
                let text = Some(said).filter(|said| is_open && among_members.is_some() && !said.is_empty());
                let about = About::LateAnswer { user: caller.person.user, text };
                change.say(about, Destination::Channel(among_members.unwrap_or(caller.channel)), now);
                change.commit().await
            })
        });
        told.await?;
        self.wake.notify_one();
        Ok(())
    }
}
